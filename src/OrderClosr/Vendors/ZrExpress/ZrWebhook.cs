using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>ZR's webhooks, signed as Svix signs (facts/couriers/zr-express.md section A6).</summary>
internal static class ZrWebhook
{
    internal static readonly string[] Events = ["parcel.state.updated", "parcel.state.situation.created", "parcel.isReturn.updated"];

    private const string Prefix = "whsec_", Version = "v1,";

    /// <summary>An older delivery was kept and sent again; a newer one comes from a wrong clock.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    internal static bool IsSigned(CourierAccess access, WebhookRequest request)
    {
        if (KeyOf(access.WebhookSecret) is not { } key) return false;
        var (id, time, signatures) = (Header("id"), Header("timestamp"), Header("signature"));
        if (id is not { Length: < 200 } || signatures is not { Length: < 2_000 } || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs((decimal)request.Now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds) return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. request.Body.Span];
        Span<byte> ours = stackalloc byte[32], theirs = stackalloc byte[32];
        HMACSHA256.HashData(key, signed, ours);
        // While a secret is being changed there are several.
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (signature.StartsWith(Version, StringComparison.Ordinal) && Convert.TryFromBase64String(signature[Version.Length..], theirs, out var count) && count == 32 && CryptographicOperations.FixedTimeEquals(ours, theirs)) return true;
        return false;

        string? Header(string name) => request.Header("svix-" + name) ?? request.Header("webhook-" + name);
    }

    internal static IReadOnlyList<WebhookNews> Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var (kind, data) = (root.AnyText("eventType") ?? root.AnyText("type"), root.Any("data"));
        var (tracking, id) = (data.AnyText("trackingNumber"), data.AnyText("id"));
        if (kind is null || (tracking is null && id is null)) throw new FormatException("A delivery without a parcel.");
        return [new(tracking, id, data.AnyText("externalId"), Told(kind, data, LooseJson.Moment(root.AnyText("occurredAt"))))];
    }

    /// <summary>Null where the delivery alone does not say what it means: the parcel is asked for.</summary>
    private static CourierEvent? Told(string kind, JsonElement data, DateTimeOffset? at)
    {
        if (kind.Equals(Events[1], StringComparison.OrdinalIgnoreCase))
            return data.AnyText("deliveryType") is { } type ? ZrStatuses.Situation(at, data.Any("situation"), type == ZrWire.TypeOf(Delivery.Desk) ? Delivery.Desk : Delivery.Home) : null;
        // Whether it comes back is told with each event; its own event only says that something changed.
        return kind.Equals(Events[0], StringComparison.OrdinalIgnoreCase) ? ZrStatuses.State(at, data.Any("state"), ZrTracking.IsReturn(data), data.Any("situation").AnyText("description")) : null;
    }

    private static byte[]? KeyOf(string? secret)
    {
        if (secret is not { Length: > 0 and < 500 }) return null;
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret, key, out var count) && count > 0 ? key[..count] : null;
    }
}
