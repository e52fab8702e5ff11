using System.Net.Http.Headers;
using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Ecotrack;

/// <summary>Calls a tenant of Ecotrack: everything travels in the query string, the key in a header (and in the query where a call wants it there).</summary>
internal sealed class EcotrackClient(OutboundGate gate, EcotrackSettings settings)
{
    internal const string Vendor = "ecotrack";

    private readonly CourierHttp _http = new(gate, Vendor, "Ecotrack");

    internal Task<CourierReply> GetAsync(CourierAccess access, string path, CancellationToken stop, params IReadOnlyList<(string, string?)> query) =>
        SendAsync(access, HttpMethod.Get, path, query, null, stop);

    internal Task<CourierReply> SendAsync(CourierAccess access, HttpMethod method, string path, IReadOnlyList<(string, string?)> query, object? body, CancellationToken stop, bool isFile = false)
    {
        var request = new HttpRequestMessage(method, Address(access, path, query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(access));
        request.Headers.Accept.ParseAdd("application/json"); // else an error is a web page
        if (body is not null) request.Content = JsonContent.Create(body);
        return SendAsync(access, request, method == HttpMethod.Get, isFile, stop);
    }

    internal static string Token(CourierAccess access) => access.Credentials.GetValueOrDefault(EcotrackCourier.TokenField, "");

    private async Task<CourierReply> SendAsync(CourierAccess access, HttpRequestMessage request, bool isRead, bool isFile, CancellationToken stop)
    {
        using (request)
        {
            var reply = await _http.SendAsync(access, request, isRead, stop, isFile);
            return reply.Status == 404 ? throw reply.NotOurs() : reply;
        }
    }

    private Uri Address(CourierAccess access, string path, IReadOnlyList<(string Name, string? Value)> query)
    {
        var root = access.BaseUrl ?? settings.Url;
        // A merchant may give the host alone.
        var start = root.AbsolutePath == "/" ? new Uri(root, "/api/v1/") : new Uri(root.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        var given = query.Where(q => q.Value is { Length: > 0 }).Select(q => $"{Uri.EscapeDataString(q.Name)}={Uri.EscapeDataString(q.Value!)}").ToList();
        return new Uri(start, given.Count == 0 ? path : $"{path}?{string.Join('&', given)}");
    }
}
