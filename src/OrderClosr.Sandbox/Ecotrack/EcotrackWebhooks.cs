using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Ecotrack;

/// <summary>Webhooks as Ecotrack sends them: HMAC over the raw body, a ULID for each event (facts: couriers/ecotrack-anderson.md section 6).</summary>
public sealed class EcotrackWebhooks(Deliveries deliveries)
{
    private static readonly TimeSpan[] Retries = CourierRetries.Read("1,2,5,30,120,600")!;

    /// <summary>HMAC-SHA256 of the bytes as lower-case hex, or base64.</summary>
    /// <example>secret <c>invented-webhook-secret</c>, body <c>{}</c> → hex <c>7ab4040d…</c></example>
    public static string Sign(string secret, byte[] body, bool asBase64 = false)
    {
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
        return asBase64 ? Convert.ToBase64String(hash) : Convert.ToHexStringLower(hash);
    }

    /// <summary>Tells the merchant that a state was reached, or that a remark was added.</summary>
    public void Tell(EcotrackCourier courier, PlayedParcel parcel, EcotrackState? state, string? before, DateTimeOffset at, JsonObject? remark)
    {
        if (parcel.Account is not { Webhook: { } address, WebhookSecret: { } secret } || courier.Vendor.Faults.IsOn("webhooks-off")) return;
        if (state?.Hook is null) return;
        var name = remark is null ? "order.state." + state.Hook : "order.maj.added";
        var id = Ulid(courier.Time.GetUtcNow());
        var body = Encoding.UTF8.GetBytes(courier.Written(new JsonObject
        {
            ["event"] = name, ["event_id"] = id, ["occurred_at"] = at.ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), ["tracking"] = parcel.Tracking,
            ["state"] = new JsonObject { ["id"] = state.Id, ["code"] = state.Hook, ["title"] = state.Title },
            ["previous_state"] = before is null ? null : new JsonObject { ["code"] = before },
            ["order"] = new JsonObject { ["amount"] = parcel.Amount, ["tentatives_count"] = EcotrackCourier.Attempts(parcel) },
            ["maj"] = remark,
        }));
        var signedWith = courier.Vendor.Faults.Knob("wrong-signature") ? secret + "-not" : secret;
        deliveries.Post(new()
        {
            Vendor = courier.Vendor, Url = address, Body = body,
            Headers = new Dictionary<string, string>
            {
                ["X-ECOTRACK-Signature"] = Sign(signedWith, body, courier.Vendor.Faults.Value("signature") == "base64"), ["X-ECOTRACK-Event"] = name, ["X-ECOTRACK-Event-Id"] = id,
            },
            Retries = CourierRetries.Read(courier.Vendor.Faults.Value("retry-schedule")) ?? Retries,
            IsReceived = status => status is >= 200 and < 300,
        });
    }

    private static string Ulid(DateTimeOffset at)
    {
        const string letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        var time = at.ToUnixTimeMilliseconds();
        var stamp = new char[10];
        for (var i = 9; i >= 0; i--, time >>= 5) stamp[i] = letters[(int)(time & 31)];
        return new string(stamp) + RandomNumberGenerator.GetString(letters, 16);
    }
}
