using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Maystro;

/// <summary>Calls Maystro on the host that is said to know the path; addresses end with a slash, or they are others (facts/couriers/maystro.md section 1).</summary>
internal sealed class MaystroClient(OutboundGate gate, MaystroSettings settings)
{
    internal const string Vendor = "maystro", TokenField = "token", StoreField = "store_id";

    /// <summary>Which host answers (section 8 row 7).</summary>
    internal static readonly CourierVariant Host = new("host", "both", "backend", "b");

    /// <summary>What stands before the key (row 8).</summary>
    internal static readonly CourierVariant KeyPrefix = new("key_prefix", "token", "none");

    private readonly CourierHttp _http = new(gate, Vendor, "Maystro");

    internal Task<CourierReply> GetAsync(CourierAccess access, string path, CancellationToken stop) => SendAsync(access, HttpMethod.Get, path, null, stop);

    /// <summary>An answer of its own, whatever it says; 404 included, which means many things here.</summary>
    /// <param name="isRead">A POST that changes nothing (the label).</param>
    internal async Task<CourierReply> SendAsync(CourierAccess access, HttpMethod method, string path, object? body, CancellationToken stop, bool isRead = false, bool isFile = false)
    {
        using var request = new HttpRequestMessage(method, new Uri(Root(access, path), path));
        var key = access.Credentials.GetValueOrDefault(TokenField, "");
        request.Headers.TryAddWithoutValidation("Authorization", access.Variant(KeyPrefix) == "none" ? key : $"Token {key}");
        request.Headers.Accept.ParseAdd(isFile ? "*/*" : "application/json");
        if (body is not null) request.Content = JsonContent.Create(body);
        return await _http.SendAsync(access, request, isRead || method == HttpMethod.Get, stop, isFile);
    }

    private Uri Root(CourierAccess access, string path)
    {
        if (access.BaseUrl is { } own) return new Uri(own.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        var isNewer = path.StartsWith("stores/orders", StringComparison.Ordinal) || path.StartsWith("stores/history_order", StringComparison.Ordinal) || path.StartsWith("stores/hooks", StringComparison.Ordinal);
        return access.Variant(Host) switch { "backend" => settings.Old, "b" => settings.New, _ => isNewer ? settings.New : settings.Old };
    }
}
