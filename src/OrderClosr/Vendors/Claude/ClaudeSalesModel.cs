using System.Globalization;
using System.Net;
using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using OrderClosr.Agent;
using OrderClosr.Ground.Outbound;

namespace OrderClosr.Vendors.Claude;

/// <summary>Claude through the official library, every retry of which is off: only the turn decides what is tried again.</summary>
/// <remarks>The client is never disposed: that would dispose the gate's HTTP client (facts/claude.md section 1, trap 6).</remarks>
internal sealed class ClaudeSalesModel : ISalesModel
{
    private readonly ClaudeSettings _settings;
    private readonly AnthropicClient? _client;

    public ClaudeSalesModel(ClaudeSettings settings, OutboundGate gate)
    {
        _settings = settings;
        if (!IsConfigured) return;
        _client = new(new ClientOptions
        {
            ApiKey = settings.ApiKey, BaseUrl = settings.BaseUrl.ToString().TrimEnd('/'), HttpClient = gate.ClientOf("claude"), Handlers = [new Headers()],
            // The library would refuse a whole answer for a field we never read; what we read is checked when it is read.
            MaxRetries = 0, Timeout = Longest, ResponseValidation = false,
        });
    }

    /// <summary>No single call lasts longer, whatever its deadline.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public bool IsConfigured => _settings.ApiKey.Length > 0;
    public string Model => _settings.Model;
    public string HardModel => _settings.HardModel;

    public async Task<ModelAnswer> AskAsync(ModelRequest request, CancellationToken stop)
    {
        if (_client is null) throw new VendorFailure(FailureCategory.Configuration, "No key for Claude is configured (Claude__ApiKey).", "no_key");
        var limit = request.Deadline < Longest ? request.Deadline : Longest;
        var call = new Call { Limit = limit };
        Current.Value = call;
        try
        {
            var client = _client.WithOptions(o => o with { Timeout = limit });
            var message = await client.Messages.Create(ClaudeWire.Request(request), stop);
            return ClaudeWire.Answer(message, request.Model);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) when (Failure(error, call) is { } failure)
        {
            throw failure;
        }
        finally
        {
            Current.Value = null;
        }
    }

    /// <summary>The library's error as our category; null for a bug, which rises.</summary>
    private static VendorFailure? Failure(Exception error, Call call) => error switch
    {
        VendorFailure ours => ours.Category == FailureCategory.OutcomeUnknown ? Transient("Claude did not answer in time.", ours) : ours,
        AnthropicApiException api => Status(api, call),
        AnthropicInvalidDataException or JsonException => Transient("Claude answered something that is no message.", error, "garbage"),
        AnthropicException or HttpRequestException or IOException => error.InnerException is VendorFailure inner ? Failure(inner, call) : Transient("The connection to Claude failed.", error),
        // Asking a model again does no harm, so an unclear outcome is only of the moment.
        OperationCanceledException or TimeoutException => Transient("Claude did not answer in time.", error),
        KeyNotFoundException or InvalidOperationException when error.Source is "Anthropic" => Transient("Claude answered something that is no message.", error, "garbage"),
        _ => null,
    };

    private static VendorFailure Status(AnthropicApiException error, Call call) => (int)error.StatusCode switch
    {
        // Without retry-after it is the monthly spending cap: it fails until the first of next month.
        429 when call.RetryAfter is null => new(FailureCategory.RateLimited, "Claude's spending cap is reached: raise it in the Console, or people answer until the first of next month.", ISalesModel.ProviderPaused, inner: error),
        429 => new(FailureCategory.RateLimited, "Claude takes no more calls for the moment.", "rate_limited", call.RetryAfter, error),
        402 => new(FailureCategory.Configuration, "Claude's account has a billing problem: look at the Console.", ISalesModel.ProviderPaused, inner: error),
        401 or 403 => new(FailureCategory.Credentials, "Claude refuses the key (Claude__ApiKey).", "key_refused", inner: error),
        404 => new(FailureCategory.Configuration, "Claude does not know the model (Claude__Model).", "model_unknown", inner: error),
        400 when error.ApiMessage?.Contains("spend", StringComparison.OrdinalIgnoreCase) == true || error.ApiMessage?.Contains("credit", StringComparison.OrdinalIgnoreCase) == true =>
            new(FailureCategory.Configuration, "The spending limit set in Claude's Console is reached.", ISalesModel.ProviderPaused, inner: error),
        413 => new(FailureCategory.Refused, "The prompt is larger than Claude takes.", "too_large", inner: error),
        400 or 422 => new(FailureCategory.Refused, "Claude refused the request as wrong.", "bad_request", inner: error),
        _ => Transient("Claude has trouble of its own.", error, "overloaded", call.RetryAfter),
    };

    private static VendorFailure Transient(string words, Exception inner, string code = "no_answer", TimeSpan? retryAfter = null) => new(FailureCategory.Transient, words, code, retryAfter, inner);

    private static readonly AsyncLocal<Call?> Current = new();

    /// <summary>What the library does not hand on: its exceptions carry no headers.</summary>
    private sealed class Call
    {
        internal TimeSpan Limit { get; init; }
        internal TimeSpan? RetryAfter { get; set; }
    }

    private sealed class Headers : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var call = Current.Value;
            if (call is not null) request.WithLimit(call.Limit);
            var response = await base.SendAsync(request, cancellationToken);
            if (call is not null && response.StatusCode != HttpStatusCode.OK && response.Headers.TryGetValues("retry-after", out var values)
                && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0)
                call.RetryAfter = TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
            return response;
        }
    }
}
