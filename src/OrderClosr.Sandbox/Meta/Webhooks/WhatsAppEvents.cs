using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta.Webhooks;

/// <summary>Shapes of WhatsApp values (facts: meta.md section 5).</summary>
public sealed class WhatsAppEvents(MetaWorld world)
{
    /// <summary>A value with one message of the customer: its type and content are added here.</summary>
    public JsonObject Message(MetaThread thread, string id, DateTimeOffset at, string type, JsonNode? content, JsonObject? context = null, JsonObject? referral = null)
    {
        var hidden = HidesPhone(thread);
        var shown = !hidden ? thread.Handle : world.Faults.IsOn("bsuid-in-from") ? thread.UserId : null;
        var message = new JsonObject().With("from", shown).With("from_user_id", thread.UserId).With("id", id)
            .With("timestamp", Seconds(at)).With("type", type).With(type, content).With("context", context).With("referral", referral);
        var profile = new JsonObject { ["name"] = thread.Person.Name }.With("username", thread.Person.Username);
        var contact = new JsonObject { ["profile"] = profile }.With("wa_id", shown).With("user_id", thread.UserId);
        return Value(thread.Account).With("contacts", new JsonArray(contact)).With("messages", new JsonArray(message));
    }

    /// <summary>A value with one status of a message of the business.</summary>
    public JsonObject Status(MetaThread thread, string id, string status, DateTimeOffset at, string? correlation, string category, int? failedWith = null)
    {
        var hidden = HidesPhone(thread);
        var entry = new JsonObject { ["id"] = id, ["status"] = status, ["timestamp"] = Seconds(at) }
            .With("recipient_id", hidden ? null : thread.Handle).With("recipient_user_id", thread.UserId);
        if (world.Faults.Value("parent-bsuid-key") is { } key)
            entry[key == "on" ? "recipient_parent_user_id" : key] = thread.UserId[..3] + "ENT." + MetaIds.Derived(16, "parent", thread.UserId);
        if (failedWith is { } code)
        {
            var words = Graph.GraphRefusal.Words(code);
            entry["errors"] = new JsonArray(new JsonObject
            {
                ["code"] = code, ["title"] = words, ["message"] = words,
                ["error_data"] = new JsonObject { ["details"] = Details(code) },
                ["href"] = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
            });
        }
        else
        {
            var free = category == "service";
            entry["pricing"] = new JsonObject { ["billable"] = !free, ["pricing_model"] = "PMP", ["type"] = free ? "free_customer_service" : "regular", ["category"] = category };
        }
        return Value(thread.Account).With("statuses", new JsonArray(entry.With("biz_opaque_callback_data", correlation)));
    }

    /// <summary>A value for field <c>smb_message_echoes</c>: a person typed in the phone app (section 11).</summary>
    public JsonObject Echo(MetaThread thread, string id, DateTimeOffset at, string type, JsonNode content) => Value(thread.Account).With("message_echoes", new JsonArray(
        new JsonObject { ["from"] = thread.Account.DisplayPhone }.With("to", HidesPhone(thread) ? null : thread.Handle).With("to_user_id", thread.UserId)
            .With("id", id).With("timestamp", Seconds(at)).With("type", type).With(type, content)));

    /// <summary>Does the business know this person only by a BSUID?</summary>
    public bool HidesPhone(MetaThread thread) => thread.Person.HidesPhone || world.Faults.IsOn("bsuid-only");

    /// <summary>Seconds as text, as WhatsApp writes times.</summary>
    public static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static JsonObject Value(MetaAccount account) => new()
    {
        ["messaging_product"] = "whatsapp",
        ["metadata"] = new JsonObject { ["display_phone_number"] = account.DisplayPhone, ["phone_number_id"] = account.Id },
    };

    private static string Details(int code) => code switch
    {
        131_047 => "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
        131_026 => "Message Undeliverable.",
        131_053 => "Media upload error: the file could not be downloaded or its type is not supported.",
        _ => Graph.GraphRefusal.Words(code),
    };
}
