using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>Calls ZR Express: tenant and key in headers, searches by POST (facts/couriers/zr-express.md section A1).</summary>
internal sealed class ZrClient(OutboundGate gate, ZrSettings settings)
{
    internal const string Vendor = "zr-express", TenantField = "tenant_id", KeyField = "api_key", ReadyStateField = "ready_state";

    private readonly CourierHttp _http = new(gate, Vendor, "ZR Express");

    internal Task<CourierReply> GetAsync(CourierAccess access, string path, CancellationToken stop) => SendAsync(access, HttpMethod.Get, path, null, isRead: true, stop);

    /// <summary>A POST that changes nothing, or nothing that harms when it is done twice: without an answer it is simply asked again.</summary>
    internal Task<CourierReply> AskAsync(CourierAccess access, string path, object body, CancellationToken stop) => SendAsync(access, HttpMethod.Post, path, body, isRead: true, stop);

    internal Task<CourierReply> PostAsync(CourierAccess access, string path, object body, CancellationToken stop) => SendAsync(access, HttpMethod.Post, path, body, isRead: false, stop);

    /// <summary>A change, answered with nothing in it; a success with something that is no JSON (a web page) is none.</summary>
    internal async Task<CourierReply> ChangeAsync(CourierAccess access, HttpMethod method, string path, object? body, CancellationToken stop)
    {
        var reply = await SendAsync(access, method, path, body, isRead: false, stop, isFile: true);
        // Sent on to another address: it has not arrived.
        if (reply.Status is >= 300 and < 400) throw reply.NotOurs();
        return reply.IsSuccess && !reply.IsJson && reply.Bytes.Length > 0 ? throw reply.Unclear() : reply;
    }

    /// <summary>A file from the signed address ZR gave; whoever brings a key along is none of its business.</summary>
    internal async Task<byte[]> FileAsync(CourierAccess access, Uri at, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, at);
        try
        {
            return (await _http.SendAsync(access, request, isRead: true, stop, isFile: true)).Pdf();
        }
        catch (VendorFailure failure) when (failure.Category == FailureCategory.Credentials)
        {
            // The address has run out; that says nothing about the account's key.
            throw new VendorFailure(FailureCategory.Transient, "The address of ZR's label is no longer good.", "label_refused", inner: failure);
        }
    }

    private async Task<CourierReply> SendAsync(CourierAccess access, HttpMethod method, string path, object? body, bool isRead, CancellationToken stop, bool isFile = false)
    {
        var root = access.BaseUrl is { } own ? new Uri(own.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/") : settings.Url;
        using var request = new HttpRequestMessage(method, new Uri(root, path));
        request.Headers.TryAddWithoutValidation("X-Tenant", access.Credentials.GetValueOrDefault(TenantField, ""));
        request.Headers.TryAddWithoutValidation("X-Api-Key", access.Credentials.GetValueOrDefault(KeyField, ""));
        request.Headers.Accept.ParseAdd("application/json");
        if (body is not null) request.Content = JsonContent.Create(body);
        var reply = await _http.SendAsync(access, request, isRead, stop, isFile);
        // An address nobody answers at is another thing than a parcel nobody knows.
        return reply.Status == 404 && ZrWire.Title(reply) is not { Length: > 0 } or "Routing.NotFound" ? throw reply.NotOurs() : reply;
    }
}
