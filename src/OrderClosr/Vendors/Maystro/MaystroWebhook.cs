using System.Text;
using System.Text.Json;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Maystro;

/// <summary>Maystro's webhooks: unsigned, in base64 twice, once inside an envelope, or plain (facts/couriers/maystro.md section 6). They are believed only after asking.</summary>
internal static class MaystroWebhook
{
    private const int MostSteps = 4;

    internal static IReadOnlyList<WebhookNews> Read(ReadOnlyMemory<byte> body)
    {
        using var document = Open(body);
        var root = document.RootElement;
        // Stock, and whatever else is told, is not about a parcel.
        if (root.Text("event") is not { } name || !(name.Equals("OrderStatusChanged", StringComparison.OrdinalIgnoreCase) || name.Equals("orderCreated", StringComparison.OrdinalIgnoreCase))) return [];
        var order = root.At("payload");
        var (tracking, id, reference) = (order.Text("display_id_order"), order.Text("id") ?? root.Text("instance_uuid"), order.Text("external_order_id"));
        return tracking is null && id is null && reference is null ? throw new FormatException("A delivery without an order.") : [new(tracking, id, reference, null)];
    }

    /// <summary>Decodes step by step until an object appears.</summary>
    private static JsonDocument Open(ReadOnlyMemory<byte> body)
    {
        var bytes = body;
        for (var step = 0; step < MostSteps; step++)
        {
            if (Object(bytes) is { } document)
            {
                var data = document.RootElement.At("message").Text("data") ?? document.RootElement.Text("data");
                if (document.RootElement.At("event").IsThere || data is null) return document;
                document.Dispose();
                bytes = Encoding.UTF8.GetBytes(data);
                continue;
            }
            // The text may stand in quotation marks, as a JSON string.
            var text = Encoding.UTF8.GetString(bytes.Span).Trim().Trim('"');
            var decoded = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, decoded, out var count)) break;
            bytes = decoded.AsMemory(0, count);
        }
        throw new FormatException("A delivery in a form that is not known.");
    }

    private static JsonDocument? Object(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // not there yet: another layer
        }
        return null;
    }
}
