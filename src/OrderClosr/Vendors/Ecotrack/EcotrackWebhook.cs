using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Ecotrack;

/// <summary>Ecotrack's webhooks: HMAC-SHA256 of the raw body, in hex or in base64 (facts/couriers/ecotrack-anderson.md section 6).</summary>
internal static class EcotrackWebhook
{
    internal static bool IsSigned(CourierAccess access, WebhookRequest request)
    {
        if (access.WebhookSecret is not { Length: > 0 } secret || request.Header("X-ECOTRACK-Signature") is not { Length: > 0 and < 200 } header) return false;
        Span<byte> ours = stackalloc byte[32], theirs = stackalloc byte[32];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), request.Body.Span, ours);
        return Read(header.Trim(), theirs) && CryptographicOperations.FixedTimeEquals(ours, theirs);
    }

    internal static IReadOnlyList<WebhookNews> Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var tracking = root.Text("tracking") ?? throw new FormatException("A delivery without a parcel.");
        var at = LooseJson.Moment(root.Text("occurred_at"));
        if (root.Text("event")?.StartsWith("order.maj", StringComparison.Ordinal) == true) return [new(tracking, null, null, Remark(root.At("maj"), at))];
        var code = root.At("state").Text("code") ?? throw new FormatException("A delivery without a state.");
        // The same word is sent when an order is made and when it is released: the courier is asked which it is.
        return [new(tracking, null, null, EcotrackStatuses.IsDraft(code) ? null : EcotrackStatuses.Hook(at, code))];
    }

    /// <summary>A word of the driver: an attempt that failed, one put off, or only a note.</summary>
    private static CourierEvent Remark(JsonElement remark, DateTimeOffset? at)
    {
        var kind = remark.Text("type") ?? "";
        var movement = kind switch { "tentative_added" or "tentative_delayed" => Movement.AttemptFailed, "unknown" => Movement.None, _ => Movement.Unknown };
        return new(at, movement, kind, remark.Text("raison"));
    }

    private static bool Read(string header, Span<byte> bytes) => header.Length == 64
        ? Convert.FromHexString(header, bytes, out _, out var count) == OperationStatus.Done && count == 32
        : Convert.TryFromBase64String(header, bytes, out var written) && written == 32;
}
