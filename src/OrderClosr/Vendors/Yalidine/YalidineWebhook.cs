using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>Yalidine's webhooks: a handshake by GET, then batches signed with HMAC-SHA256 in hex (facts/couriers/yalidine.md section 7).</summary>
internal static class YalidineWebhook
{
    /// <summary>How the token is given back (section 10 row 1: sources four to one).</summary>
    internal static readonly CourierVariant Handshake = new("handshake", "plain", "json");

    /// <summary>Row 9.</summary>
    private static readonly string[] Headers = ["X-YALIDINE-SIGNATURE", "X_YALIDINE_SIGNATURE"];

    internal static WebhookAnswer? Answer(CourierAccess access, WebhookRequest request)
    {
        if (request.Query("subscribe") is null || request.Query("crc_token") is not { Length: > 0 and <= 500 } token || token.Any(char.IsControl)) return null;
        return access.Variant(Handshake) == "json" ? new(JsonSerializer.Serialize(new Dictionary<string, string> { ["crc_token"] = token }), "application/json") : new(token);
    }

    internal static bool IsSigned(CourierAccess access, WebhookRequest request)
    {
        if (access.WebhookSecret is not { Length: > 0 } secret || Headers.Select(request.Header).FirstOrDefault(h => !string.IsNullOrEmpty(h))?.Trim() is not { Length: 64 } header) return false;
        Span<byte> ours = stackalloc byte[32], theirs = stackalloc byte[32];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), request.Body.Span, ours);
        return Convert.FromHexString(header, theirs, out _, out var count) == OperationStatus.Done && count == 32 && CryptographicOperations.FixedTimeEquals(ours, theirs);
    }

    internal static IReadOnlyList<WebhookNews> Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var (type, events) = (document.RootElement.Text("type"), document.RootElement.At("events"));
        if (type is null || events.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) throw new FormatException("A delivery without a type or events.");
        // We made it, or somebody at the courier's screen did: neither is news to follow.
        if (type == "parcel_created") return [];
        // Batches repeat themselves and come in any order.
        return [.. events.Items.Where(e => e.At("data").Text("tracking") is not null).DistinctBy(e => e.Text("event_id") ?? e.GetRawText()).Select(e => (Row: e, At: LooseJson.Moment(e.Text("occurred_at")))).OrderBy(e => e.At)
            .Select(e => News(type, e.Row.At("data"), e.At))];
    }

    private static WebhookNews News(string type, JsonElement data, DateTimeOffset? at)
    {
        var status = data.Text("status");
        var word = type switch
        {
            // "Awaits the customer" means a desk only if the parcel goes to one: the courier is asked, which tells us with the parcel.
            "parcel_status_updated" when status is not null && !YalidineStatuses.IsWaiting(status) => YalidineStatuses.Event(at, status, data.Text("reason"), null, toDesk: false),
            "parcel_payment_updated" => YalidineStatuses.Money(at, status, data.Text("payment_id")),
            "parcel_deleted" => new CourierEvent(at, Movement.Cancelled, type),
            _ => null, // edited at the courier's screen, or a kind that is new
        };
        return new(data.Text("tracking"), null, data.Text("order_id"), word);
    }
}
