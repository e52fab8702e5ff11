using System.Net.Http.Headers;
using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Noest;

/// <summary>Calls Noest: the key in a header, and in every POST the merchant's GUID in the body (facts/couriers/noest.md section 1).</summary>
internal sealed class NoestClient(OutboundGate gate, NoestSettings settings)
{
    internal const string Vendor = "noest", TokenField = "api_token", GuidField = "user_guid";

    /// <summary>As long as Noest itself allows a call to take.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private readonly CourierHttp _http = new(gate, Vendor, "Noest");

    internal async Task<CourierReply> GetAsync(CourierAccess access, string path, CancellationToken stop)
    {
        using var request = Request(access, HttpMethod.Get, path);
        var reply = await _http.SendAsync(access, request, isRead: true, stop);
        return reply.Status == 404 ? throw reply.NotOurs() : reply;
    }

    /// <summary>A POST; the GUID is added. A refused GUID is a refused account, whatever was asked.</summary>
    /// <param name="isRead">It only asks (trackings).</param>
    internal async Task<CourierReply> PostAsync(CourierAccess access, string path, IEnumerable<(string Name, object? Value)> fields, CancellationToken stop, bool isRead = false)
    {
        using var request = Request(access, HttpMethod.Post, path);
        var body = fields.Where(f => f.Value is not null).ToDictionary(f => f.Name, f => f.Value);
        body["user_guid"] = access.Credentials.GetValueOrDefault(GuidField, "");
        request.Content = JsonContent.Create(body);
        var reply = await _http.SendAsync(access, request.WithLimit(CallLimit), isRead, stop);
        if (reply.Status == 422 && reply.Body.At("errors").At("user_guid").IsThere) throw new VendorFailure(FailureCategory.Credentials, "Noest refuses the account's GUID: connect it again with the right one.", NoestWire.GuidRefused);
        if (NoestWire.Errors(reply).Contains("account_suspended")) throw new VendorFailure(FailureCategory.Credentials, "Noest has suspended the account: ask Noest why.", "account_suspended");
        return reply.Status == 404 && !isRead ? throw reply.NotOurs() : reply;
    }

    /// <summary>A label: the courier sends us to a signed address, which takes no second proof of who we are, so it is asked for without the key.</summary>
    internal async Task<byte[]> LabelAsync(CourierAccess access, string tracking, CancellationToken stop)
    {
        CourierReply reply;
        using (var request = Request(access, HttpMethod.Get, $"get/order/label?tracking={Uri.EscapeDataString(tracking)}"))
            reply = await _http.SendAsync(access, request.WithoutRedirects(), isRead: true, stop, isFile: true);
        if (reply.Location is not { } at || reply.Status is < 300 or >= 400) return reply.Pdf();
        using var file = new HttpRequestMessage(HttpMethod.Get, at);
        try
        {
            return (await _http.SendAsync(access, file, isRead: true, stop, isFile: true)).Pdf();
        }
        catch (VendorFailure failure) when (failure.Category == FailureCategory.Credentials)
        {
            // The address has run out; that says nothing about the account's key.
            throw new VendorFailure(FailureCategory.Transient, "The address of Noest's label is no longer good.", "label_refused", inner: failure);
        }
    }

    private HttpRequestMessage Request(CourierAccess access, HttpMethod method, string path)
    {
        var root = access.BaseUrl is { } own ? new Uri(own.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/") : settings.Url;
        var request = new HttpRequestMessage(method, new Uri(root, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access.Credentials.GetValueOrDefault(TokenField, ""));
        request.Headers.Accept.ParseAdd("application/json"); // else an error is a web page
        return request;
    }
}
