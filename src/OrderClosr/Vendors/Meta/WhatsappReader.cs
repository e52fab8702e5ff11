using System.Text.Json;
using OrderClosr.Conversations;
using OrderClosr.Customers;

namespace OrderClosr.Vendors.Meta;

/// <summary>Translates one <c>change</c> of a WhatsApp number or business account (facts/meta.md section 5).</summary>
/// <remarks>Answers one reader per message, status and error, so that each is guarded alone.</remarks>
internal sealed class WhatsappReader(string source, string account, DateTimeOffset receivedAt)
{
    internal IEnumerable<Func<IEnumerable<MetaPart>>> Readers(string? field, JsonElement value)
    {
        switch (field)
        {
            case "messages":
                var contacts = value.Items("contacts").ToList();
                return
                [
                    .. value.Items("messages").Select<JsonElement, Func<IEnumerable<MetaPart>>>(m => () => [ReadMessage(m, contacts)]),
                    .. value.Items("statuses").Select<JsonElement, Func<IEnumerable<MetaPart>>>(s => () => [ReadStatus(s)]),
                    .. value.Items("errors").Select<JsonElement, Func<IEnumerable<MetaPart>>>(e => () => [MetaReader.Unknown(source, account, $"error {e.Text("code")}")]),
                ];
            case "smb_message_echoes":
                return [.. value.Items("message_echoes").Select<JsonElement, Func<IEnumerable<MetaPart>>>(m => () => [ReadEcho(m, isImported: false)])];
            case "history":
                return [.. value.Items("history").SelectMany(h => h.Items("threads")).SelectMany(t => t.Items("messages").Select<JsonElement, Func<IEnumerable<MetaPart>>>(m => () => [ReadHistory(t, m)]))];
            case "user_preferences":
                return [.. value.Items("user_preferences").Append(value).Where(p => p.At("category").IsThere).Select<JsonElement, Func<IEnumerable<MetaPart>>>(p => () => [ReadPreference(p)])];
            case "user_id_update":
                return [.. value.Items("user_id_update").Append(value).Select<JsonElement, Func<IEnumerable<MetaPart>>>(u => () => ReadUserId(u))];
            default:
                return [() => [WhatsappAccountEvents.Read(source, account, field, value)]];
        }
    }

    private MetaPart ReadMessage(JsonElement message, List<JsonElement> contacts)
    {
        var at = message.Instant("timestamp") ?? receivedAt;
        var person = PersonOf(message.Text("from"), message.Text("from_user_id"), contacts);
        switch (message.Text("type"))
        {
            case "reaction":
                return Part("reaction", new ReactionNews(message.At("reaction").Must("message_id"), person, at, message.At("reaction").Text("emoji")));
            case "edit":
                var edited = WhatsappContent.Read(message.At("edit").At("message"));
                return Part("edit", new EditNews(message.At("edit").Must("original_message_id"), person, at, edited.Text));
            case "revoke":
                return Part("unsend", new UnsendNews(message.At("revoke").Must("original_message_id"), person, at));
            case "system":
                return ReadSystem(message, message.At("system"), at);
        }
        var content = WhatsappContent.Read(message);
        return Part("message", new MessageNews(message.Must("id"), person ?? throw new FormatException("A message of nobody."), at, content.Kind, content.Text)
        {
            Extras = content.Extras, Attachments = content.Attachments, RepliesTo = message.At("context").Text("id"), Referral = MetaContent.ReferralOf(message.At("referral")),
            IsOfGroup = message.At("group_id").IsThere,
        });
    }

    private MetaPart ReadSystem(JsonElement message, JsonElement system, DateTimeOffset at)
    {
        var type = system.Text("type") ?? "";
        if (type.StartsWith("user_changed_user_id", StringComparison.Ordinal)
            && (message.Text("from_user_id") ?? message.Text("from")) is { } oldId && (system.Text("user_id") ?? system.Text("new_user_id")) is { } newId)
            return Part("rekey", new RekeyNews(Handle(oldId), Handle(newId), at));
        if (type is "user_changed_number" or "customer_changed_number" && message.Text("from") is { } old && (system.Text("wa_id") ?? system.Text("new_wa_id")) is { } now)
            return Part("rekey", new RekeyNews(Handle(old), Handle(now), at));
        return MetaReader.Unknown(source, account, $"system {type}");
    }

    private MetaPart ReadStatus(JsonElement status)
    {
        MessageStatus? known = status.Text("status") switch
        {
            "sent" => MessageStatus.Sent,
            "delivered" => MessageStatus.Delivered,
            "read" or "played" => MessageStatus.Read,
            "failed" => MessageStatus.Failed,
            _ => null,
        };
        if (known is null) return MetaReader.Unknown(source, account, $"status {status.Text("status")}");
        var error = status.Items("errors").FirstOrDefault();
        var failure = known == MessageStatus.Failed ? MetaErrors.OfStatus((int?)error.Number("code") ?? 0) : null;
        var to = PersonOf(status.Text("recipient_id"), status.Text("recipient_user_id"), []);
        return Part("status", new StatusNews(status.Must("id"), status.Text("biz_opaque_callback_data"), to, status.Instant("timestamp") ?? receivedAt, known.Value, failure));
    }

    private MetaPart ReadEcho(JsonElement message, bool isImported)
    {
        var at = message.Instant("timestamp") ?? receivedAt;
        var to = PersonOf(message.Text("to"), message.Text("to_user_id"), []);
        if (message.Text("type") == "edit")
            return Part("edit", new EditNews(message.At("edit").Must("original_message_id"), to, at, WhatsappContent.Read(message.At("edit").At("message")).Text, ByBusiness: true));
        if (message.Text("type") == "revoke") return Part("unsend", new UnsendNews(message.At("revoke").Must("original_message_id"), to, at, ByBusiness: true));
        // What staff put on a message answers nothing: no message, no take-over, as on a Page.
        if (message.Text("type") == "reaction") return MetaReader.Unknown(source, account, "reaction of ours");
        var content = WhatsappContent.Read(message);
        return Part("echo", new EchoNews(message.Must("id"), to ?? throw new FormatException("An echo to nobody."), at, content.Kind, content.Text, EchoOrigin.Elsewhere)
            { Attachments = content.Attachments, RepliesTo = message.At("context").Text("id"), IsImported = isImported });
    }

    /// <summary>The import of the phone's past: shown, never answered.</summary>
    private MetaPart ReadHistory(JsonElement thread, JsonElement message)
    {
        var customer = thread.Text("id") ?? message.Must("from");
        if (message.Text("from") != customer) return ReadEcho(message, isImported: true);
        var part = ReadMessage(message, []);
        return part with { News = part.News is MessageNews news ? news with { IsImported = true } : null, Ignored = part.News is MessageNews ? null : "history" };
    }

    private MetaPart ReadPreference(JsonElement preference) =>
        PersonOf(preference.Text("wa_id"), preference.Text("user_id"), []) is { } person && preference.Text("category") == "marketing_messages"
            ? Part("preference", new AdvertisingNews(person, preference.Instant("timestamp") ?? receivedAt, preference.Text("value") != "stop"))
            : MetaReader.Unknown(source, account, "preference");

    private IEnumerable<MetaPart> ReadUserId(JsonElement update)
    {
        var ids = update.At("user_id");
        var (old, now) = (ids.Text("previous") ?? update.Text("previous_user_id"), ids.Text("current") ?? update.Text("current_user_id") ?? update.Text("new_user_id"));
        if (old is not null && now is not null) yield return Part("rekey", new RekeyNews(Handle(old), Handle(now), update.Instant("timestamp") ?? receivedAt));
        else if (update.At("user_id_update").ValueKind != JsonValueKind.Array) yield return MetaReader.Unknown(source, account, "user_id_update");
    }

    /// <summary>Number and business-scoped id of one person, either may be missing; the name comes from the contact that bears one of them, never from the first.</summary>
    private static Person? PersonOf(string? number, string? userId, List<JsonElement> contacts)
    {
        var contact = contacts.FirstOrDefault(c => (number is not null && (c.Text("wa_id") == number || c.Text("user_id") == number)) || (userId is not null && c.Text("user_id") == userId));
        if (contacts.Count == 1 && !contact.IsThere && number is null && userId is null) contact = contacts[0];
        var handles = new[] { number, contact.Text("wa_id"), userId, contact.Text("user_id") }.OfType<string>().Select(Handle).DistinctBy(h => h.Value).ToList();
        return handles.Count == 0 ? null : new(handles, contact.At("profile").Text("name") ?? contact.At("profile").Text("username"));
    }

    /// <summary>A number has digits only; a business-scoped id begins with a country and a dot, wherever it stands (section 14 row 7).</summary>
    internal static PersonHandle Handle(string value) => value.TrimStart('+').All(char.IsAsciiDigit) ? new(HandleKind.WaId, value.TrimStart('+')) : new(HandleKind.BusinessScoped, value);

    private MetaPart Part(string what, News news) => new(source, account, what) { News = news };
}
