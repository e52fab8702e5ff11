using System.Net.Http.Headers;
using System.Text.Json;
using OrderClosr.Channels;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Secrets;

namespace OrderClosr.Vendors.Meta;

/// <summary>Calls Meta's Graph API with a channel's own token; errors become a <see cref="MetaRefusal"/> with what they mean.</summary>
internal sealed class MetaClient(OutboundGate gate, SecretBox secrets, MetaSettings settings)
{
    private HttpClient Http => gate.ClientOf("meta");

    /// <summary>The open token of a channel.</summary>
    internal string TokenOf(Channel channel) => secrets.Open(channel.WorkspaceId, "channel.token", channel.Token);

    /// <summary>True for accounts connected by Instagram's own login: another host, another secret (facts/meta.md section 4.1).</summary>
    internal static bool IsInstagramLogin(Channel channel) => channel is { Kind: ChannelKind.Instagram, ParentId: null };

    internal Task<JsonElement> GetAsync(Channel channel, string path, CancellationToken stop) => CallAsync(HttpMethod.Get, channel, path, null, stop);

    internal Task<JsonElement> PostAsync(Channel channel, string path, object body, CancellationToken stop) =>
        CallAsync(HttpMethod.Post, channel, path, JsonContent.Create(body, options: MetaWire.Json), stop);

    internal Task<JsonElement> CallAsync(HttpMethod method, Channel channel, string path, HttpContent? body, CancellationToken stop) =>
        // A channel whose person left has no token any more: nothing is asked with it, and what waits goes on waiting.
        TokenOf(channel).Length == 0 ? throw new MetaRefusal(MetaErrors.NoToken, null, 0, null) : CallAsync(method, channel.Kind, IsInstagramLogin(channel), TokenOf(channel), path, body, stop);

    /// <summary>For calls before a channel exists, too.</summary>
    internal async Task<JsonElement> CallAsync(HttpMethod method, ChannelKind kind, bool isInstagramLogin, string token, string path, HttpContent? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, Address(isInstagramLogin, token, path)) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Http.SendAsync(request, stop);
        return await ReadAsync(kind, answer, stop);
    }

    /// <summary>For what carries its own proof: a code, the app's secret.</summary>
    internal async Task<JsonElement> AskAsync(HttpMethod method, string address, HttpContent? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        using var answer = await Http.SendAsync(request, stop);
        return await ReadAsync(ChannelKind.Messenger, answer, stop);
    }

    /// <summary>The message, where Meta shows it; null when it does not.</summary>
    internal async Task<JsonElement?> FindMessageAsync(Channel channel, string id, CancellationToken stop)
    {
        try
        {
            return await GetAsync(channel, $"{Uri.EscapeDataString(id)}?fields=from,to,message,created_time,attachments", stop);
        }
        catch (MetaRefusal refusal) when (refusal.Error.Category is FailureCategory.Refused or FailureCategory.Configuration)
        {
            return null;
        }
        catch (MetaRefusal refusal)
        {
            throw refusal.ToFailure();
        }
    }

    private string Address(bool isInstagramLogin, string token, string path)
    {
        var (host, secret) = isInstagramLogin ? (settings.InstagramGraphUrl, settings.InstagramAppSecret) : (settings.GraphUrl, settings.AppSecret);
        var proof = secret.Length == 0 ? "" : $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}appsecret_proof={MetaSettings.ProofOf(secret, token)}";
        return $"{host}/{settings.Version}/{path}{proof}";
    }

    /// <summary>What Meta knows of a token of ours: asked with the app's own.</summary>
    internal async Task<JsonElement> LookAtTokenAsync(string token, CancellationToken stop) =>
        (await CallAsync(HttpMethod.Get, ChannelKind.Messenger, false, $"{settings.AppId}|{settings.AppSecret}", $"debug_token?input_token={Uri.EscapeDataString(token)}", null, stop)).At("data");

    private static async Task<JsonElement> ReadAsync(ChannelKind kind, HttpResponseMessage answer, CancellationToken stop)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync(stop);
        JsonElement body = default;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            body = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // HTML from a proxy, or nothing: the status alone speaks.
        }
        if (answer.IsSuccessStatusCode && body.ValueKind == JsonValueKind.Object && !body.At("error").IsThere) return body;
        // A send that was answered with success and garbage has happened.
        if (answer.IsSuccessStatusCode && !body.At("error").IsThere)
            throw new VendorFailure(answer.RequestMessage!.Method == HttpMethod.Get ? FailureCategory.Transient : FailureCategory.OutcomeUnknown, "Meta's answer could not be read.", "garbage");
        var error = body.At("error");
        var code = (int?)error.Number("code");
        var means = MetaErrors.Of(kind == ChannelKind.Whatsapp, (int)answer.StatusCode, code, (int?)error.Number("error_subcode"), error.Flag("is_transient"));
        throw new MetaRefusal(means, code, (int)answer.StatusCode, WaitOf(answer));
    }

    /// <summary>How long Meta asks us to wait: <c>Retry-After</c>, or the minutes in its usage headers (section 6.2).</summary>
    private static TimeSpan? WaitOf(HttpResponseMessage answer)
    {
        if (answer.Headers.RetryAfter?.Delta is { } delta) return delta;
        foreach (var name in (string[])["X-Business-Use-Case-Usage", "X-App-Usage", "X-Page-Usage"])
        {
            if (!answer.Headers.TryGetValues(name, out var values)) continue;
            var minutes = MetaWire.MinutesIn(string.Concat(values));
            if (minutes > 0) return TimeSpan.FromMinutes(Math.Min(minutes, 60));
        }
        return null;
    }
}

/// <summary>Meta said no, with a code of its table.</summary>
internal sealed class MetaRefusal(MetaError error, int? code, int httpStatus, TimeSpan? wait) : Exception($"Meta refused: {error.Word}.")
{
    internal MetaError Error => error;
    internal int? Code => code;
    internal int HttpStatus => httpStatus;
    internal TimeSpan? Wait => wait;

    /// <summary>Code for support; the HTTP status when there was none.</summary>
    internal string VendorCode => (code ?? httpStatus).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>As the jobs understand it.</summary>
    internal VendorFailure ToFailure() => new(error.Category, $"Meta refused: {error.Word} ({VendorCode}).", error.Word, wait, this);
}
