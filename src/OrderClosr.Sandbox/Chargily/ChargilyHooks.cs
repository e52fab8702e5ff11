using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Chargily;

/// <summary>Tells the product what became of a checkout, signed over the exact bytes with the secret key (facts: chargily.md section 5).</summary>
public sealed class ChargilyHooks(ChargilyBook book, Deliveries deliveries, SandboxOptions options, TimeProvider time)
{
    /// <summary>Lower-case hex HMAC-SHA256, without a prefix.</summary>
    public static string Sign(string key, ReadOnlySpan<byte> body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body));

    /// <summary>Sends an event about a checkout as the API shows it; once, unless a switch says otherwise.</summary>
    public async Task TellAsync(string type, JsonObject checkout, bool inBackground)
    {
        var faults = book.Vendor.Faults;
        if (faults.Value("events") == "only-paid" && type != "checkout.paid") return;
        if (faults.Knob("no-webhook", "/checkouts")) return;
        var body = Encoding.UTF8.GetBytes(Event(type, checkout).ToJsonString(CourierJson.Relaxed));
        var key = faults.Knob("other-mode-signature", "/checkouts") ? options.ChargilySecretKey.Replace("test_", "live_", StringComparison.Ordinal) : options.ChargilySecretKey;
        var signature = faults.Knob("wrong-signature", "/checkouts") ? Sign("nobody's key", body) : Sign(key, body);
        var headers = faults.Knob("missing-signature", "/checkouts") ? new Dictionary<string, string>() : new() { [faults.Value("header-case") ?? "signature"] = signature };
        var tries = int.TryParse(faults.Value("webhook-tries"), CultureInfo.InvariantCulture, out var n) ? n : 1;
        var spacing = double.TryParse(faults.Value("webhook-spacing"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 60;
        var delivery = new Delivery
        {
            Vendor = book.Vendor, Url = (string?)checkout["webhook_endpoint"] ?? $"{options.App}/webhooks/chargily", Body = body, Headers = headers, Patience = TimeSpan.FromSeconds(10),
            Retries = [.. Enumerable.Repeat(TimeSpan.FromSeconds(spacing), tries - 1)],
        };
        if (faults.Take("/checkouts", "late-webhook") is { } late)
            deliveries.Run(async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(late.Seconds ?? 3600), time);
                await deliveries.CarryAsync(delivery);
            });
        else if (inBackground) deliveries.Post(delivery);
        else await deliveries.CarryAsync(delivery);
    }

    /// <summary>What the parser of a receiver has to bear: <c>livemode</c> as text, <c>url</c> for <c>checkout_url</c>, booleans as 0, 1 and null.</summary>
    private JsonObject Event(string type, JsonObject checkout)
    {
        var faults = book.Vendor.Faults;
        var data = (JsonObject)checkout.DeepClone();
        if (faults.Value("url-field") != "checkout_url")
        {
            data["url"] = data["checkout_url"]?.DeepClone();
            data.Remove("checkout_url");
        }
        if (faults.Value("booleans") != "plain") (data["livemode"], data["pass_fees_to_customer"]) = (0, null);
        if (int.TryParse(faults.Value("webhook-amount"), CultureInfo.InvariantCulture, out var amount)) data["amount"] = amount;
        if (faults.Value("webhook-currency") is { } currency) data["currency"] = currency;
        return new()
        {
            ["id"] = book.NewId(), ["entity"] = "event", ["livemode"] = faults.Value("livemode") == "bool" ? false : "false", ["type"] = type, ["data"] = data, ["created_at"] = book.Now, ["updated_at"] = book.Now,
        };
    }
}
