using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta.Webhooks;

/// <summary>Shapes of <c>messaging[]</c> events, which Messenger and Instagram share (facts: meta.md sections 3 and 4).</summary>
public static class PageEvents
{
    /// <summary>An event from the customer to the account.</summary>
    public static JsonObject From(MetaThread thread, DateTimeOffset at, string key, JsonNode value) => Event(thread.Handle, thread.Account.Id, at, key, value);

    /// <summary>An event about what the account did: sender and recipient are reversed.</summary>
    public static JsonObject To(MetaThread thread, DateTimeOffset at, string key, JsonNode value) => Event(thread.Account.Id, thread.Handle, at, key, value);

    /// <summary>A message with an attachment behind an address.</summary>
    public static JsonObject Attachment(string mid, string type, JsonObject? payload) =>
        new() { ["mid"] = mid, ["attachments"] = new JsonArray(new JsonObject { ["type"] = type }.With("payload", payload)) };

    /// <summary>Where an ad click came from.</summary>
    public static JsonObject Referral(JsonObject given)
    {
        var context = new JsonObject()
            .With("ad_title", given.Text("ad_title") ?? given.Text("headline")).With("photo_url", given.Text("photo_url"))
            .With("post_id", given.Text("post_id")).With("product_id", given.Text("product_id"));
        return new JsonObject().With("ref", given.Text("ref")).With("ad_id", given.Text("ad_id"))
            .With("source", given.Text("source") ?? (given.Has("ad_id") ? "ADS" : "SHORTLINK")).With("type", "OPEN_THREAD")
            .With("ads_context_data", context.Count > 0 ? context : null);
    }

    /// <summary>The field an event needs a subscription to.</summary>
    public static string Field(MetaKind kind, string key, bool echo = false) => (kind, key) switch
    {
        (MetaKind.Page, "message") => echo ? "message_echoes" : "messages",
        (_, "message") => "messages",
        (_, "postback") => "messaging_postbacks",
        (MetaKind.Page, "referral") => "messaging_referrals",
        (_, "referral") => "messaging_referral",
        (MetaKind.Page, "message_edit") => "message_edits",
        (_, "message_edit") => "message_edit",
        (_, "reaction") => "message_reactions",
        (_, "delivery") => "message_deliveries",
        (MetaKind.Page, "read") => "message_reads",
        (_, "read") => "messaging_seen",
        (_, "order") => "send_cart",
        (MetaKind.Page, _) => "messaging_handovers",
        _ => "messaging_handover",
    };

    private static JsonObject Event(string sender, string recipient, DateTimeOffset at, string key, JsonNode value) => new()
    {
        ["sender"] = new JsonObject { ["id"] = sender },
        ["recipient"] = new JsonObject { ["id"] = recipient },
        ["timestamp"] = at.ToUnixTimeMilliseconds(),
        [key] = value,
    };
}
