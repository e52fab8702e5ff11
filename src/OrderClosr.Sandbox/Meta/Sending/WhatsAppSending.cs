using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Sandbox.Meta.Graph;
using OrderClosr.Sandbox.Meta.Media;

namespace OrderClosr.Sandbox.Meta.Sending;

/// <summary><c>POST /{phone}/messages</c> of WhatsApp (facts: meta.md sections 5.4 and 6).</summary>
public sealed partial class WhatsAppSending(MetaWorld world, Access access, MediaShelf shelf, WhatsAppReports reports, SendRate rate, TimeProvider time)
{
    private static readonly string[] Known =
        ["messaging_product", "recipient_type", "to", "recipient", "type", "text", "image", "video", "document", "audio", "sticker", "interactive", "template", "reaction",
         "location", "contacts", "context", "biz_opaque_callback_data", "status", "message_id", "typing_indicator", "access_token", "preview_url", "category", "message_activity_sharing"];

    /// <summary>Sends, marks read, or refuses as Meta would. An answer means "accepted", no more.</summary>
    public async Task<JsonObject> SendAsync(GraphCall call, MetaAccount account)
    {
        var (answer, report) = Accept(call, account);
        if (report is not null) await report();
        return answer;
    }

    private (JsonObject Answer, Func<Task>? Report) Accept(GraphCall call, MetaAccount account)
    {
        lock (world.Gate)
        {
            access.Need(account, Access.Messaging(account));
            if (!account.Registered) throw new GraphRefusal(133_010, "(#133010) The account is not registered");
            if (call.Arg("messaging_product") != "whatsapp") throw GraphRefusal.Param("The parameter messaging_product is required.");
            foreach (var (key, _) in call.Body)
                if (!Known.Contains(key)) throw GraphRefusal.Param($"Unexpected key \"{key}\".");
            if (call.Body.Has("status")) return (Read(call, account), null);
            if (call.Arg("recipient_type") is { } group && group != "individual") throw GraphRefusal.Param("Param recipient_type must be one of {INDIVIDUAL}");

            var message = WhatsAppRules.Read(call.Body, world.Waba(account.WabaId)!);
            var correlation = call.Arg("biz_opaque_callback_data");
            if (correlation?.Length > 512) throw GraphRefusal.Param("Param biz_opaque_callback_data must be at most 512 characters long.");
            var file = File(account, message);
            var (thread, contact) = Recipient(call, account);
            var now = time.GetUtcNow();
            if (!rate.Take(account, now)) throw new GraphRefusal(130_429, "(#130429) Rate limit hit", details: "Message failed to send because there were too many messages sent from this phone number in a short period of time");
            var id = MetaIds.Message(MetaKind.WhatsApp);
            var answer = new JsonObject { ["messaging_product"] = "whatsapp", ["contacts"] = new JsonArray(contact), ["messages"] = new JsonArray(Accepted(id, message)) };
            if (thread is null) return (answer, null); // a BSUID in "to": accepted, and never delivered

            if (thread.Account.DisplayPhone == thread.Handle) throw new GraphRefusal(131_021, "(#131021) Recipient cannot be sender");
            if (!thread.Pair.Take(now)) throw new GraphRefusal(131_056, "(#131056) (Business Account, Consumer Account) pair rate limit hit", details: "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time");
            int? failure = null;
            if (message.Template is null && (thread.LastCustomerAction is not { } last || now - last >= TimeSpan.FromHours(24)))
            {
                // The reference lists 131047 as an answer, field reports as a failed status: the switch plays the second.
                if (!world.Faults.IsOn("window-fails-later")) throw new GraphRefusal(131_047, "(#131047) Re-engagement message", details: "Message failed to send because more than 24 hours have passed since the customer last replied to this number.");
                failure = 131_047;
            }
            if (world.Faults.Take($"/{account.Id}/messages", "fail-later") is { } fault) failure = fault.Code ?? 131_026;
            if (!IsOnWhatsApp().IsMatch(thread.Handle)) failure ??= 131_026;

            if (message.Reaction is { } reaction)
            {
                if (world.Item(reaction.MessageId) is { } found && found.Thread == thread) found.Item.Reaction = reaction.Emoji.Length == 0 ? null : reaction.Emoji;
                else failure ??= 131_009;
            }
            var item = new ThreadItem
            {
                Id = id, FromCustomer = false, By = "app", At = now, Kind = message.Kind, Text = message.Text, Buttons = message.Buttons,
                MediaId = file?.Id, Status = "accepted", ReplyTo = call.Object("context").Text("message_id"),
            };
            if (message.Reaction is null && failure is null) world.Keep(thread, item);
            thread.TypingUntil = default;
            return (answer, () => reports.SentAsync(thread, item, message, correlation, failure));
        }
    }

    private JsonObject Read(GraphCall call, MetaAccount account)
    {
        if (call.Arg("status") != "read") throw GraphRefusal.Param("Param status must be one of {READ}");
        var id = call.Arg("message_id") ?? throw GraphRefusal.Param("The parameter message_id is required.");
        if (world.Item(id) is not { } found || found.Thread.Account.Id != account.Id || !found.Item.FromCustomer) throw GraphRefusal.Value("The message_id is not a message that this number received");
        if (time.GetUtcNow() - found.Item.At > TimeSpan.FromDays(30)) throw GraphRefusal.Value("The message is older than 30 days");
        foreach (var item in found.Thread.Items.Where(i => i.FromCustomer && i.At <= found.Item.At)) item.Status = "read";
        found.Thread.SeenAt = time.GetUtcNow();
        if (call.Body.Has("typing_indicator"))
        {
            if (call.Object("typing_indicator").Text("type") != "text") throw GraphRefusal.Param("Param typing_indicator['type'] must be one of {TEXT}");
            found.Thread.TypingUntil = time.GetUtcNow() + TimeSpan.FromSeconds(25);
        }
        return new() { ["success"] = true };
    }

    private StoredMedia? File(MetaAccount account, WhatsAppMessage message)
    {
        if (message.File is not { Id: { } id }) return null;
        if (shelf.Find(id) is not { } media || media.Account != account.Id) throw GraphRefusal.Param($"Param {message.Kind}['id'] is not a valid whatsapp business account media attachment ID");
        if (MediaKinds.WhatsAppLimit(message.Kind, media.Mime) is not { } most || media.Bytes.Length > most) throw new GraphRefusal(131_053, "(#131053) Media upload error", details: $"Unsupported {message.Kind}: {media.Mime}, {media.Bytes.Length} bytes");
        return media;
    }

    // Null thread: accepted and silently lost.
    private (MetaThread? Thread, JsonObject Contact) Recipient(GraphCall call, MetaAccount account)
    {
        if (call.Arg("to") is { Length: > 0 } to)
        {
            if (IsUserId().IsMatch(to)) return (null, new() { ["input"] = to, ["wa_id"] = to });
            var digits = new string([.. to.Where(char.IsAsciiDigit)]);
            if (!LooksLikeNumber().IsMatch(to) || digits.Length < 5) throw GraphRefusal.Value("The recipient phone number is not valid");
            // Without + and country code the business number's own country is put in front (facts: meta.md section 6.1).
            var country = account.DisplayPhone[..Math.Min(3, account.DisplayPhone.Length)];
            if (to.TrimStart()[0] != '+' && !digits.StartsWith(country, StringComparison.Ordinal) && (digits.Length < 11 || digits[0] == '0')) digits = country + digits;
            return (world.ThreadOfPhone(account, digits), new() { ["input"] = to, ["wa_id"] = digits });
        }
        if (call.Arg("recipient") is not { Length: > 0 } userId) throw GraphRefusal.Param("The parameter to is required.");
        if (!IsUserId().IsMatch(userId) || world.ByHandle(account, userId) is not { } thread) throw GraphRefusal.Value("The recipient is not a user of this business portfolio");
        return (thread, new() { ["input"] = userId, ["user_id"] = userId });
    }

    private static JsonObject Accepted(string id, WhatsAppMessage message) =>
        new JsonObject { ["id"] = id }.With("message_status", message.Template is null ? null : "accepted");

    [GeneratedRegex(@"^\s*\+?[\d\s().-]+$")]
    private static partial Regex LooksLikeNumber();

    [GeneratedRegex(@"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")]
    private static partial Regex IsUserId();

    // Algerian mobiles and any plausible foreign number are on WhatsApp; "2130550…" is not.
    [GeneratedRegex(@"^(213[567]\d{8}|(?!213)[1-9]\d{7,14})$")]
    private static partial Regex IsOnWhatsApp();
}
