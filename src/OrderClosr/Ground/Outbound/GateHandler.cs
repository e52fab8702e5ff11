using System.Net.Sockets;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;

namespace OrderClosr.Ground.Outbound;

/// <summary>What every outgoing call passes: allow-list, redirects on the same host only, time limit, failures as categories.</summary>
internal sealed class GateHandler(OutboundRule rule, TimeProvider time) : DelegatingHandler
{
    /// <summary>A call that may take longer than the usual limit says so here (Claude's 30 s).</summary>
    internal static readonly HttpRequestOptionsKey<TimeSpan> Limit = new("limit");

    /// <summary>Set for a call whose redirect is its answer.</summary>
    internal static readonly HttpRequestOptionsKey<bool> StayHere = new("stay-here");

    /// <summary>The host that this call may go to, where the rule leaves it to each call.</summary>
    internal static readonly HttpRequestOptionsKey<string> Named = new("named-host");

    private const int MostRedirects = 3;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var outcome = "answered";
        try
        {
            return await CallAsync(request, cancellationToken);
        }
        catch (Exception error)
        {
            outcome = (error as VendorFailure)?.Category.ToString() ?? "stopped";
            throw;
        }
        finally
        {
            Meters.CallSeconds.Record(time.GetElapsedTime(began).TotalSeconds, new("vendor", rule.Vendor), new("outcome", outcome));
        }
    }

    private async Task<HttpResponseMessage> CallAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Transactions.IsInside) throw new InvalidOperationException($"{rule.Vendor} was about to be called inside a transaction: the database would wait for a vendor.");
        var host = request.RequestUri!.Host;
        if (!(rule.Allows(host) || (rule.IsNamedPerCall && request.Options.TryGetValue(Named, out var named) && named == host)) || request.RequestUri.Scheme is not ("https" or "http"))
            throw new VendorFailure(FailureCategory.Configuration, $"Calls of {rule.Vendor} to this host are not permitted.", "host_not_permitted");
        var limit = request.Options.TryGetValue(Limit, out var own) ? own : OutboundGate.CallLimit;
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            var answer = await SendOnceOrAgainAsync(request, both.Token);
            var follows = !request.Options.TryGetValue(StayHere, out _);
            for (var hop = 0; follows && (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && request.Method == HttpMethod.Get && hop < MostRedirects; hop++)
            {
                var to = answer.Headers.Location is { } location ? new Uri(request.RequestUri!, location) : null;
                if (to is null || to.Authority != request.RequestUri!.Authority || to.Scheme != request.RequestUri.Scheme)
                {
                    answer.Dispose();
                    throw new VendorFailure(FailureCategory.Refused, $"{rule.Vendor} sent us to another host; we did not go.", "redirected_away");
                }
                answer.Dispose();
                request.RequestUri = to;
                answer = await base.SendAsync(request, both.Token);
            }
            // The body is read inside the limit, so that a vendor who stops in the middle cannot hold us.
            await answer.Content.LoadIntoBufferAsync(MostBody, both.Token);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not our limit but the connection's own: nothing was sent yet.
            if (!timer.IsCancellationRequested) throw new VendorFailure(FailureCategory.Transient, $"{rule.Vendor} cannot be reached.", "unreachable");
            throw Unclear(request, $"{rule.Vendor} did not answer within {limit.TotalSeconds:0} s.");
        }
        catch (HttpRequestException error) when (error.InnerException is ForbiddenAddressException)
        {
            throw new VendorFailure(FailureCategory.Configuration, $"The host of {rule.Vendor} resolves to a private address.", "private_address");
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new VendorFailure(FailureCategory.Refused, $"{rule.Vendor} sent more than we take.", "too_big");
        }
        catch (HttpRequestException error) when (WasNotSent(error))
        {
            throw new VendorFailure(FailureCategory.Transient, $"{rule.Vendor} cannot be reached.", "unreachable", inner: error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Unclear(request, $"The connection to {rule.Vendor} broke before its answer.");
        }
    }

    private const long MostBody = 110 * 1024 * 1024;

    /// <summary>The one retry outside of jobs: a connection that was refused before anything was sent.</summary>
    private async Task<HttpResponseMessage> SendOnceOrAgainAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await base.SendAsync(request, stop);
        }
        catch (HttpRequestException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, stop);
            return await base.SendAsync(request, stop);
        }
    }

    private static bool WasNotSent(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;

    private static VendorFailure Unclear(HttpRequestMessage request, string words) => request.Method == HttpMethod.Get
        ? new(FailureCategory.Transient, words, "no_answer")
        : new(FailureCategory.OutcomeUnknown, words, "no_answer");
}

/// <summary>Time limits of single calls.</summary>
public static class OutboundRequests
{
    /// <summary>Lets this call take so long instead of <see cref="OutboundGate.CallLimit"/>.</summary>
    public static HttpRequestMessage WithLimit(this HttpRequestMessage request, TimeSpan limit)
    {
        request.Options.Set(GateHandler.Limit, limit);
        return request;
    }

    /// <summary>This call may go to the host of its own address, which a merchant named; only for a client whose rule says so.</summary>
    public static HttpRequestMessage ToNamedHost(this HttpRequestMessage request)
    {
        request.Options.Set(GateHandler.Named, request.RequestUri!.Host);
        return request;
    }

    /// <summary>A redirect is given back as the answer: its target is asked for in a call of its own, without our token.</summary>
    public static HttpRequestMessage WithoutRedirects(this HttpRequestMessage request)
    {
        request.Options.Set(GateHandler.StayHere, true);
        return request;
    }
}
