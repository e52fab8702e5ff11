using System.Text.Json;
using System.Text.Json.Serialization;
using OrderClosr.Billing;
using OrderClosr.Ground.Values;

namespace OrderClosr.Vendors.Chargily;

/// <summary>Chargily's words (facts/chargily.md sections 3 to 5), read as they really come: yes and no as text, as 0 and 1 or missing, the page under two names.</summary>
internal static class ChargilyWire
{
    /// <summary>A checkout as we ask for it. Amounts are whole dinars; metadata is an object, never a list.</summary>
    internal sealed record Wish
    {
        [JsonPropertyName("amount")] public required long Amount { get; init; }
        [JsonPropertyName("currency")] public string Currency => Dinar;
        [JsonPropertyName("payment_method")] public required string PaymentMethod { get; init; }
        [JsonPropertyName("success_url")] public required string SuccessUrl { get; init; }
        [JsonPropertyName("failure_url")] public required string FailureUrl { get; init; }
        [JsonPropertyName("webhook_endpoint")] public required string WebhookEndpoint { get; init; }
        [JsonPropertyName("description")] public required string Description { get; init; }
        [JsonPropertyName("locale")] public required string Locale { get; init; }
        [JsonPropertyName("metadata")] public required Dictionary<string, string> Metadata { get; init; }
    }

    internal const string Dinar = "dzd", PaymentKey = "payment_id", InvoiceKey = "invoice_id", WorkspaceKey = "workspace_id";

    /// <summary>The checkout in an answer or an event.</summary>
    /// <exception cref="FormatException">It has no id.</exception>
    internal static SeenCheckout Read(JsonElement checkout) => new(Text(checkout, "id") ?? throw new FormatException("A checkout without an id."), Text(checkout, "status") switch
    {
        "pending" or "processing" => CheckoutStatus.Pending,
        "paid" => CheckoutStatus.Paid,
        "failed" => CheckoutStatus.Failed,
        "canceled" or "cancelled" => CheckoutStatus.Cancelled,
        "expired" => CheckoutStatus.Expired,
        _ => CheckoutStatus.Unknown,
    }, long.TryParse(Text(checkout, "amount"), System.Globalization.CultureInfo.InvariantCulture, out var amount) ? new Dinars(amount) : null, Dinar.Equals(Text(checkout, "currency"), StringComparison.OrdinalIgnoreCase), Flag(checkout, "livemode"),
        Text(checkout, "checkout_url") ?? Text(checkout, "url"));

    /// <summary>Our payment, as we named it in the metadata; null when it names none.</summary>
    internal static Id<Payment>? PaymentOf(JsonElement checkout) => At(checkout, "metadata") is { } metadata && Id<Payment>.TryParse(Text(metadata, PaymentKey), null, out var id) ? id : null;

    /// <inheritdoc cref="PaymentOf"/>
    internal static Id<Invoice>? InvoiceOf(JsonElement checkout) => At(checkout, "metadata") is { } metadata && Id<Invoice>.TryParse(Text(metadata, InvoiceKey), null, out var id) ? id : null;

    /// <inheritdoc cref="PaymentOf"/>
    internal static WorkspaceId? WorkspaceOf(JsonElement checkout) => At(checkout, "metadata") is { } metadata && WorkspaceId.TryParse(Text(metadata, WorkspaceKey), null, out var id) ? id : null;

    /// <summary>When it was made: seconds since 1970, or written out; null when it says neither.</summary>
    internal static DateTimeOffset? MadeAt(JsonElement checkout) => Text(checkout, "created_at") is not { } text ? null
        : long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    /// <summary>Text, or a number as text; null for anything else.</summary>
    internal static string? Text(JsonElement from, string name) => At(from, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } some ? some : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>Yes or no, however it is written; null when it says neither.</summary>
    internal static bool? Flag(JsonElement from, string name) => At(from, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String or JsonValueKind.Number } word => (word.ValueKind == JsonValueKind.String ? word.GetString() : word.GetRawText()) switch { "1" or "true" => true, "0" or "false" => false, _ => null },
        _ => null,
    };

    internal static JsonElement? At(JsonElement from, string name) => from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
