using System.Text.Json.Nodes;
using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>Calls Yalidine with the account's two headers and heeds what it says is left of the quota (facts/couriers/yalidine.md section 1).</summary>
internal sealed class YalidineClient(OutboundGate gate, YalidineSettings settings)
{
    internal const string Vendor = "yalidine", IdField = "api_id", TokenField = "api_token";

    /// <summary>How long an account waits when nothing is left of a quota; where its window began is not said, and repeated overruns disable the key.</summary>
    private static readonly (string Header, TimeSpan Wait)[] Quotas =
        [("second-quota-left", TimeSpan.FromSeconds(1)), ("minute-quota-left", TimeSpan.FromMinutes(1)), ("hour-quota-left", TimeSpan.FromMinutes(10)), ("day-quota-left", TimeSpan.FromHours(1))];

    private readonly CourierHttp _http = new(gate, Vendor, "Yalidine");

    internal Task<CourierReply> GetAsync(CourierAccess access, string path, CancellationToken stop, params IReadOnlyList<(string, string)> query) => SendAsync(access, HttpMethod.Get, path, query, null, stop);

    /// <param name="seen">Is shown whatever came back, also when that is then thrown as a failure.</param>
    internal async Task<CourierReply> SendAsync(CourierAccess access, HttpMethod method, string path, IReadOnlyList<(string, string)> query, JsonNode? body, CancellationToken stop, Action<HttpResponseMessage>? seen = null)
    {
        using var request = new HttpRequestMessage(method, Address(access, path, query));
        request.Headers.TryAddWithoutValidation("X-API-ID", access.Credentials.GetValueOrDefault(IdField, ""));
        request.Headers.TryAddWithoutValidation("X-API-TOKEN", access.Credentials.GetValueOrDefault(TokenField, ""));
        request.Headers.Accept.ParseAdd("application/json");
        if (body is not null) request.Content = JsonContent.Create(body);
        var reply = await _http.SendAsync(access, request, method == HttpMethod.Get, stop, seen: answer =>
        {
            seen?.Invoke(answer);
            Heed(access, answer);
        });
        return reply.Status == 404 ? throw reply.NotOurs() : reply;
    }

    /// <summary>A file at an address Yalidine gave: it opens without a login, so the account's key stays here.</summary>
    internal async Task<CourierReply> FileAsync(CourierAccess access, Uri address, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await _http.SendAsync(access, request, isRead: true, stop, isFile: true);
    }

    private static void Heed(CourierAccess access, HttpResponseMessage answer)
    {
        // "Too many calls" with a time says it better.
        if ((int)answer.StatusCode == 429 && answer.Headers.RetryAfter is not null) return;
        foreach (var (header, wait) in Quotas)
            // Documented with "x-", seen live without.
            if (IsUsedUp(header) || IsUsedUp("x-" + header)) access.HoldCalls(wait);

        bool IsUsedUp(string name) => answer.Headers.TryGetValues(name, out var values) && LooseJson.WholeIn(values.FirstOrDefault()?.Trim()) is <= 0;
    }

    private Uri Address(CourierAccess access, string path, IReadOnlyList<(string Name, string Value)> query)
    {
        var root = access.BaseUrl ?? settings.Url;
        // A merchant may give the host alone.
        var start = root.AbsolutePath == "/" ? new Uri(root, "/v1/") : new Uri(root.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        return new Uri(start, query.Count == 0 ? path : $"{path}?{string.Join('&', query.Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}"))}");
    }
}
