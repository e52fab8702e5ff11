using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Noest;

/// <summary>Labels lie at a store of their own: a signed address good for 300 s, which refuses whoever brings a second proof of identity (facts: couriers/noest.md section 4).</summary>
public sealed class NoestLabels(NoestCourier courier, IServiceProvider services)
{
    private const int GoodFor = 300;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The address of a label.</summary>
    public string Address(PlayedParcel parcel)
    {
        var expires = courier.Time.GetUtcNow().AddSeconds(GoodFor).ToUnixTimeSeconds();
        return $"{services.OwnAddress()}/noest/files/labels/{parcel.Tracking}.pdf?expires={expires}&signature={Sign(parcel.Tracking, expires)}";
    }

    /// <summary>The label itself.</summary>
    public IResult Open(HttpContext http, string file)
    {
        if (http.Request.Headers.ContainsKey("Authorization")) return Xml(400, "InvalidArgument", "Only one auth mechanism allowed");
        var tracking = Path.GetFileNameWithoutExtension(file);
        if (!long.TryParse(http.Request.Query["expires"], CultureInfo.InvariantCulture, out var expires) || http.Request.Query["signature"] != Sign(tracking, expires)) return Xml(403, "SignatureDoesNotMatch", "The request signature does not match.");
        if (courier.Time.GetUtcNow().ToUnixTimeSeconds() >= expires) return Xml(403, "AccessDenied", "Request has expired");
        lock (courier.Gate) return courier.Find(tracking) is { } parcel ? courier.Label(LabelPdf.Make(LabelPdf.Of("Noest", parcel)), "/files") : Xml(404, "NoSuchKey", "The specified key does not exist.");
    }

    private string Sign(string tracking, long expires) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{tracking}\n{expires}"))));

    private static IResult Xml(int status, string code, string words) => Results.Text($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{words}</Message></Error>", "application/xml", statusCode: status);
}
