using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Procolis;

/// <summary>Calls Procolis: token and key in headers, everything answered with 200 (facts/couriers/zr-express.md part B).</summary>
internal sealed class ProcolisClient(OutboundGate gate, ProcolisSettings settings)
{
    internal const string Vendor = "procolis", TokenField = "token", KeyField = "key";

    private readonly CourierHttp _http = new(gate, Vendor, "Procolis");

    internal Task<CourierReply> GetAsync(CourierAccess access, string path, CancellationToken stop) => SendAsync(access, HttpMethod.Get, path, null, isRead: true, stop);

    /// <param name="isRead">It only asks: without an answer it is asked again.</param>
    internal Task<CourierReply> PostAsync(CourierAccess access, string path, object body, bool isRead, CancellationToken stop) => SendAsync(access, HttpMethod.Post, path, body, isRead, stop);

    /// <summary>Nothing is known of what was asked for: the whole answer is <c>null</c>.</summary>
    internal static bool IsNull(CourierReply reply) => reply.IsSuccess && reply.Bytes.AsSpan().Trim(" \r\n\t"u8).SequenceEqual("null"u8);

    private async Task<CourierReply> SendAsync(CourierAccess access, HttpMethod method, string path, object? body, bool isRead, CancellationToken stop)
    {
        var root = access.BaseUrl is { } own ? new Uri(own.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/") : settings.Url;
        using var request = new HttpRequestMessage(method, new Uri(root, path));
        request.Headers.TryAddWithoutValidation("token", access.Credentials.GetValueOrDefault(TokenField, ""));
        request.Headers.TryAddWithoutValidation("key", access.Credentials.GetValueOrDefault(KeyField, ""));
        request.Headers.Accept.ParseAdd("application/json");
        if (body is not null) request.Content = JsonContent.Create(body);
        var reply = await _http.SendAsync(access, request, isRead, stop, isFile: true);
        if (!reply.IsJson && !IsNull(reply)) throw reply.Unclear();
        // Bad keys come as a 200, too, with a word about the access in place of what was asked for.
        if (reply.Body.Text("Statut") is { } word && !IsActive(word)) throw new VendorFailure(FailureCategory.Credentials, "Procolis refuses the account's token or key: connect it again with valid ones.", "token_refused");
        return reply.IsSuccess ? reply : throw reply.NotOurs();
    }

    internal static bool IsActive(string word) => Folding.Compact(word) == "accesactive";
}
