using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Labels: asked for by tracking number, fetched from an address that lives 65 minutes (facts: zr-express.md section A4).</summary>
public sealed class ZrLabels(ZrCourier courier, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(65);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Maps asking.</summary>
    public void Map(RouteGroupBuilder api)
    {
        ZrGate.Map(api, "POST", "/parcels/labels/individual/pdf", (http, asked) =>
        {
            var (found, missing, size) = Asked(http, asked);
            return ZrReference.Answer(courier, new JsonObject
            {
                ["parcelLabelFiles"] = new JsonArray([.. found.Select(p => new JsonObject { ["trackingNumber"] = p.Tracking, ["fileUrl"] = Address(http, size, [p.Tracking]) })]), ["failedTrackingNumbers"] = missing,
            });
        });
        ZrGate.Map(api, "POST", "/parcels/labels/multiple/pdf", (http, asked) =>
        {
            var (found, missing, size) = Asked(http, asked);
            return ZrReference.Answer(courier, new JsonObject { ["fileUrl"] = found.Count == 0 ? null : Address(http, size, [.. found.Select(p => p.Tracking)]), ["failedTrackingNumbers"] = missing });
        });
        foreach (var path in (string[])["individual", "multiple"])
            ZrGate.Map(api, "POST", "/parcels/labels/" + path, (http, asked) =>
            {
                var (found, _, _) = Asked(http, asked);
                return Results.Text(string.Concat(found.Select(p => $"<section><h1>{p.Tracking}</h1></section>")), "text/html; charset=utf-8");
            });
    }

    /// <summary>Maps fetching: no login, only the signed address.</summary>
    public void MapFiles(RouteGroupBuilder group) => group.MapGet("/files/labels.pdf", (string? t, string? s, long e, string? sig) =>
    {
        if (t is null || s is null || sig is null || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(t, s, e)), Encoding.ASCII.GetBytes(sig)) || time.GetUtcNow().ToUnixTimeSeconds() >= e || courier.Vendor.Faults.Knob("label-expired"))
            return Results.Text("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", "application/xml", statusCode: 403);
        lock (courier.Gate)
        {
            LabelPage[] pages = [.. t.Split(',').Select(id => courier.Find(id)).OfType<PlayedParcel>().Select(p => LabelPdf.Of("ZR EXPRESS", p))];
            return courier.Label(s == "a6" ? LabelPdf.Make(pages) : LabelPdf.MakeA4(pages), "/files/labels.pdf");
        }
    });

    private (IReadOnlyList<PlayedParcel> Found, JsonArray Missing, string Size) Asked(HttpContext http, JsonObject asked)
    {
        if (asked["trackingNumbers"] is not JsonArray { Count: > 0 } numbers) throw ZrProblem.Fields(("TrackingNumbers", "At least one tracking number is required"));
        if (asked["format"] is not null && asked.TextOf("format") is not ("a4" or "a6")) throw ZrProblem.Fields(("Format", "Format must be a4 or a6"));
        var account = ZrGate.AccountOf(http);
        lock (courier.Gate)
        {
            var parcels = numbers.Select(n => (Number: CourierJson.Words(n) ?? "", Parcel: courier.Find(CourierJson.Words(n), account))).ToList();
            return ([.. parcels.Select(p => p.Parcel).OfType<PlayedParcel>()], new JsonArray([.. parcels.Where(p => p.Parcel is null).Select(p => (JsonNode)p.Number)]), asked.TextOf("format") ?? "a4");
        }
    }

    private string Address(HttpContext http, string size, IReadOnlyList<string> trackings)
    {
        var (all, end) = (string.Join(',', trackings), (time.GetUtcNow() + Life).ToUnixTimeSeconds());
        return string.Create(CultureInfo.InvariantCulture, $"{http.RequestServices.OwnAddress()}/zr/files/labels.pdf?t={all}&s={size}&e={end}&sig={Sign(all, size, end)}");
    }

    private string Sign(string trackings, string size, long end) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{trackings}|{size}|{end}"))));
}
