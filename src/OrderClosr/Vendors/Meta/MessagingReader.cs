using System.Text.Json;
using OrderClosr.Conversations;
using OrderClosr.Customers;

namespace OrderClosr.Vendors.Meta;

/// <summary>Translates one event of <c>messaging[]</c> or <c>standby[]</c> of a Page or an Instagram account (facts/meta.md sections 3 and 4).</summary>
internal sealed class MessagingReader(string source, string account, DateTimeOffset entryAt, string ourApp)
{
    private bool IsInstagram => source == MetaPart.Instagram;

    internal IEnumerable<MetaPart> Read(JsonElement item, bool isStandby)
    {
        if (item.ValueKind != JsonValueKind.Object) throw new FormatException("An event is no object.");
        var at = item.Instant("timestamp") ?? entryAt;
        if (item.At("message").IsThere) return ReadMessage(item, item.At("message"), at, isStandby);
        if (item.At("message_edit").IsThere) return ReadEdit(item, item.At("message_edit"), at);
        if (item.At("postback").IsThere) return [ReadPostback(item, item.At("postback"), at, isStandby)];
        if (item.At("delivery").IsThere) return ReadDelivery(item, item.At("delivery"), at);
        if (item.At("read").IsThere) return ReadRead(item, item.At("read"), at);
        if (item.At("reaction").IsThere) return ReadReaction(item, item.At("reaction"), at);
        if (item.At("order").IsThere) return [ReadOrder(item, item.At("order"), at, isStandby)];
        if (item.At("policy_enforcement").IsThere) return [ReadPolicy(item.At("policy_enforcement"))];
        foreach (var move in (string[])["pass_thread_control", "take_thread_control"])
            if (item.At(move).IsThere) return [ReadControl(item, item.At(move), at)];
        if (item.At("referral").IsThere) return [ReadReferral(item, item.At("referral"), at)];
        return [MetaReader.Unknown(source, account, item.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => n is not ("sender" or "recipient" or "timestamp")) ?? "nothing")];
    }

    private IEnumerable<MetaPart> ReadMessage(JsonElement item, JsonElement message, DateTimeOffset at, bool isStandby)
    {
        if (message.Flag("is_self")) return [MetaReader.Unknown(source, account, "self")];
        var isEcho = message.Flag("is_echo");
        if (message.Flag("is_deleted")) return [Part("unsend", new UnsendNews(message.Must("mid"), Person(item, isEcho ? "recipient" : "sender"), at, isEcho))];
        if (isEcho) return [Part("echo", ReadEcho(item, message, at, isStandby))];
        var content = MetaContent.Read(message, IsInstagram);
        if (content is null) return [MetaReader.Unknown(source, account, "commands")];
        return
        [
            Part("message", new MessageNews(message.Must("mid"), Person(item, "sender") ?? throw new FormatException("A message without a sender."), at, content.Kind, content.Text)
            {
                Extras = content.Extras, RepliesTo = message.At("reply_to").Text("mid"), Attachments = content.Attachments, IsElsewhere = isStandby,
                AsksNothing = content.Kind == MessageKind.StoryMention, Referral = MetaContent.ReferralOf(message.At("referral")),
            }),
        ];
    }

    private EchoNews ReadEcho(JsonElement item, JsonElement message, DateTimeOffset at, bool isStandby)
    {
        var content = MetaContent.Read(message, IsInstagram);
        var app = message.Text("app_id");
        // Instagram's app id says nothing reliable; a Page's says who sent it.
        var origin = app == ourApp && ourApp.Length > 0 ? EchoOrigin.Ours
            : isStandby ? EchoOrigin.Elsewhere // we do not own the thread, so we did not write
            : app is null || IsInstagram ? EchoOrigin.Unclear : EchoOrigin.Elsewhere;
        return new(message.Must("mid"), Person(item, "recipient") ?? throw new FormatException("An echo without a recipient."), at, content?.Kind ?? MessageKind.Text, content?.Text ?? "",
            origin, message.Text("metadata")) { RepliesTo = message.At("reply_to").Text("mid"), Attachments = content?.Attachments ?? [] };
    }

    /// <summary>May come before its message, without sender and text, or instead of the message (section 4.2, "phantom edit").</summary>
    private IEnumerable<MetaPart> ReadEdit(JsonElement item, JsonElement edit, DateTimeOffset at)
    {
        var id = edit.Must("mid");
        var text = edit.Text("text");
        var sender = Person(item, "sender");
        var isOurs = sender is not null && sender.Handles[0].Value == account;
        var news = text is null ? null : new EditNews(id, isOurs ? null : sender, at, text, isOurs);
        if (isOurs) return news is null ? [MetaReader.Unknown(source, account, "edit of ours")] : [Part("edit", news)];
        return [new(source, account, "edit") { News = news, LookUp = news is null || sender is null ? id : null }];
    }

    private MetaPart ReadPostback(JsonElement item, JsonElement postback, DateTimeOffset at, bool isStandby)
    {
        var person = Person(item, "sender") ?? throw new FormatException("A postback without a sender.");
        // Older postbacks have no id of their own: who and when is one tap.
        var id = postback.Text("mid") ?? $"tap.{person.Handles[0].Value}.{at.ToUnixTimeMilliseconds()}";
        return Part("postback", new MessageNews(id, person, at, MessageKind.Button, postback.Text("title") ?? "")
        {
            Extras = postback.Text("payload") is { } payload ? new() { Payload = payload } : null, IsElsewhere = isStandby, Referral = MetaContent.ReferralOf(postback.At("referral")),
        });
    }

    private IEnumerable<MetaPart> ReadDelivery(JsonElement item, JsonElement delivery, DateTimeOffset at)
    {
        var person = Person(item, "sender") ?? throw new FormatException("A delivery without a sender.");
        foreach (var mid in delivery.Items("mids"))
            if (mid.ValueKind == JsonValueKind.String) yield return Part("status", new StatusNews(mid.GetString()!, null, person, at, MessageStatus.Delivered));
        if (delivery.Instant("watermark") is { } upTo) yield return Part("status", new WatermarkNews(person, at, MessageStatus.Delivered, upTo));
    }

    private IEnumerable<MetaPart> ReadRead(JsonElement item, JsonElement read, DateTimeOffset at)
    {
        var person = Person(item, "sender") ?? throw new FormatException("A read without a sender.");
        if (read.Text("mid") is { } mid) yield return Part("status", new StatusNews(mid, null, person, at, MessageStatus.Read));
        // Instagram names only the last message that was read: what was sent before it was read too.
        if (read.Instant("watermark") is { } upTo) yield return Part("status", new WatermarkNews(person, at, MessageStatus.Read, upTo));
    }

    private IEnumerable<MetaPart> ReadReaction(JsonElement item, JsonElement reaction, DateTimeOffset at)
    {
        var person = Person(item, "sender");
        // What staff put on a message is no event of the customer's.
        if (person is null || person.Handles[0].Value == account) return [MetaReader.Unknown(source, account, "reaction of ours")];
        var emoji = reaction.Text("action") == "unreact" ? null : reaction.Text("emoji") ?? MetaContent.EmojiOf(reaction.Text("reaction"));
        return [Part("reaction", new ReactionNews(reaction.Must("mid"), person, at, emoji))];
    }

    private MetaPart ReadOrder(JsonElement item, JsonElement order, DateTimeOffset at, bool isStandby)
    {
        var person = Person(item, "sender") ?? throw new FormatException("A cart without a sender.");
        var items = order.Items("products").Select(p => new CartItem(p.Text("retailer_id") ?? p.Must("id"), (int)Math.Clamp(p.Number("quantity") ?? 1, 1, 1000))).ToList();
        return Part("order", new MessageNews(order.Text("mid") ?? $"cart.{person.Handles[0].Value}.{at.ToUnixTimeMilliseconds()}", person, at, MessageKind.Order, order.Text("note") ?? "")
            { Extras = new() { Items = items }, IsElsewhere = isStandby });
    }

    private MetaPart ReadControl(JsonElement item, JsonElement move, DateTimeOffset at)
    {
        var person = Person(item, "sender") is { } sender && sender.Handles[0].Value != account ? sender : Person(item, "recipient") ?? throw new FormatException("A move of nobody's thread.");
        var owner = move.Text("new_owner_app_id");
        return Part("control", new ControlNews(person, at, IsElsewhere: owner is null || owner != ourApp));
    }

    private MetaPart ReadReferral(JsonElement item, JsonElement referral, DateTimeOffset at) =>
        Part("referral", new ReferralNews(Person(item, "sender") ?? throw new FormatException("A referral without a sender."), at, MetaContent.ReferralOf(referral)!));

    private MetaPart ReadPolicy(JsonElement policy) => new(source, account, "policy")
    {
        Health = policy.Text("action") switch
        {
            "block" => new("policy_block", Stops: true),
            "unblock" => new(null, Heals: "policy_block"),
            _ => new("policy_warning"),
        },
    };

    private MetaPart Part(string what, News news) => new(source, account, what) { News = news };

    private Person? Person(JsonElement item, string side) =>
        item.At(side).Text("id") is { } id ? new([new(IsInstagram ? HandleKind.InstagramScoped : HandleKind.PageScoped, id)]) : null;
}
