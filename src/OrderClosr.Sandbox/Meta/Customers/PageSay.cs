using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Meta.Media;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>A customer acts on Messenger or Instagram (facts: meta.md sections 3 and 4). Called while holding the world.</summary>
public sealed class PageSay(MetaWorld world, MetaOutbox outbox, MediaShelf shelf, Deliveries deliveries, SandboxOptions options, TimeProvider time)
{
    private const string ThumbsUp = "369239263222822";

    /// <summary>Everything the request holds, as the channel sends it: a picture with words is two messages here.</summary>
    public (IReadOnlyList<string> Ids, bool Webhook) Say(MetaThread thread, SayRequest say, DateTimeOffset at)
    {
        var ids = new List<string>();
        var webhook = true;
        var instagram = thread.Account.Kind == MetaKind.Instagram;
        var referral = say.Referral is { } given && given.ValueKind == JsonValueKind.Object ? PageEvents.Referral(JsonNode.Parse(given.GetRawText())!.AsObject()) : null;
        var reply = say.ReplyTo is { } quoted ? new JsonObject { ["mid"] = SayDoor.ItemOf(thread, quoted).Id }.With("is_self_reply", instagram ? null : SayDoor.ItemOf(thread, quoted).FromCustomer) : null;

        if (say.EditOf is { } edited)
        {
            var item = SayDoor.OwnItemOf(thread, edited);
            if (item.Edits >= 5) throw new DoorRefusal(422, "a message can be edited five times");
            (item.Text, item.Edits) = (say.Text ?? "", item.Edits + 1);
            Tell("message_edit", new JsonObject { ["mid"] = item.Id, ["text"] = item.Text, ["num_edit"] = item.Edits });
            return ([item.Id], webhook);
        }
        if (say.Unsend is { } unsent)
        {
            var item = SayDoor.OwnItemOf(thread, unsent);
            item.Deleted = true;
            Tell("message", new JsonObject { ["mid"] = item.Id, ["is_deleted"] = true });
            return ([item.Id], webhook);
        }
        if (say.Reaction is { } reaction)
        {
            var item = SayDoor.ItemOf(thread, reaction.Mid);
            var on = reaction.Emoji is { Length: > 0 };
            item.Reaction = on ? reaction.Emoji : null;
            Act();
            var value = new JsonObject { ["mid"] = item.Id, ["action"] = on ? "react" : "unreact" };
            if (on || !instagram) value.With("reaction", reaction.Emoji is "❤" or "❤️" ? "love" : "other").With("emoji", reaction.Emoji);
            Tell("reaction", value);
            return ([item.Id], webhook);
        }
        if (say.Button is { } button)
        {
            var known = thread.Items.AsEnumerable().Reverse().SelectMany(i => i.Buttons).FirstOrDefault(b => b.Title == button.Title || b.Payload == button.Payload);
            var payload = button.Payload ?? known?.Payload ?? button.Title;
            var mid = Keep("button", button.Title);
            if (known?.Way == "quick_reply") Message(new JsonObject { ["mid"] = mid, ["text"] = button.Title, ["quick_reply"] = new JsonObject { ["payload"] = payload } });
            else Tell("postback", new JsonObject { ["mid"] = mid, ["title"] = button.Title, ["payload"] = payload }.With("referral", referral));
        }
        if (say.Order is { } order)
        {
            if (instagram) throw new DoorRefusal(422, "Instagram has no orders from a catalogue");
            var products = order.Items.Select(i => (Item: i, Known: options.Seed.Catalogue.FirstOrDefault(c => c.RetailerId == i.RetailerId))).ToList();
            Keep("order", string.Join(", ", products.Select(p => $"{p.Item.Quantity} × {p.Known?.Name ?? p.Item.RetailerId}")));
            Tell("order", new JsonObject
            {
                ["products"] = new JsonArray([.. products.Select(p => new JsonObject
                {
                    ["id"] = MetaIds.Derived(15, "product", p.Item.RetailerId), ["retailer_id"] = p.Item.RetailerId, ["name"] = p.Known?.Name ?? p.Item.RetailerId,
                    ["unit_price"] = p.Item.Price ?? p.Known?.Price ?? 0, ["currency"] = "DZD", ["quantity"] = p.Item.Quantity,
                })]),
            }.With("note", order.Text));
        }
        if (say.Image is { } image) File("image", image, "image/jpeg");
        if (say.Audio is { } audio) File("audio", audio, "audio/mp4");
        if (say.Sticker is { ValueKind: not (JsonValueKind.False or JsonValueKind.Null) })
        {
            var mid = Keep("sticker", instagram ? "❤️" : "👍");
            if (instagram) Message(PageEvents.Attachment(mid, "like_heart", null));
            else Message(PageEvents.Attachment(mid, "sticker", new() { ["url"] = $"https://scontent.xx.fbcdn.net/sticker/{ThumbsUp}.png", ["sticker_id"] = long.Parse(ThumbsUp, System.Globalization.CultureInfo.InvariantCulture) }));
        }
        if (say.Location is { } place)
        {
            if (instagram) throw new DoorRefusal(422, "Instagram has no places");
            var mid = Keep("location", $"{place.Lat}, {place.Long}");
            Message(PageEvents.Attachment(mid, "location", new() { ["coordinates"] = new JsonObject { ["lat"] = place.Lat, ["long"] = place.Long } }));
        }
        if (say.Share is { } share)
        {
            var mid = Keep("share", share.Title ?? share.Url);
            var payload = new JsonObject { ["url"] = share.Url }.With("title", share.Title);
            var message = PageEvents.Attachment(mid, instagram ? "ig_post" : "post", payload.With(instagram ? "ig_post_media_id" : "id", MetaIds.Number()));
            // For some weeks both forms came for one item (section 14 row 11).
            if (instagram && world.Faults.IsOn("share-double")) message["attachments"]!.AsArray().Insert(0, new JsonObject { ["type"] = "share", ["payload"] = new JsonObject { ["url"] = share.Url } });
            Message(message);
        }
        if (say.Story is { } story)
        {
            if (!instagram || story is not ("mention" or "reply")) throw new DoorRefusal(422, "story is mention or reply, on Instagram");
            var link = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=" + MetaIds.Number();
            if (story == "mention") Message(PageEvents.Attachment(Keep("story", ""), "story_mention", new() { ["url"] = link }));
            else reply = new() { ["story"] = new JsonObject { ["id"] = MetaIds.Number(), ["url"] = link } };
        }
        if (say.Contact is not null) throw new DoorRefusal(422, "only WhatsApp has contact cards");
        if (say.Text is { Length: > 0 } text)
        {
            var mid = Keep("text", text);
            Text(mid, text);
        }
        else if (ids.Count == 0 && referral is not null)
        {
            Act();
            Tell("referral", referral);
            ids.Add(thread.Id);
        }
        return (ids, webhook);

        void Act()
        {
            thread.LastCustomerAction = at;
            thread.HasWritten = true;
        }

        string Keep(string kind, string words, string? media = null)
        {
            Act();
            // One message after the other: what is said in one breath still has an order.
            if (ids.Count > 0) at = at.AddMilliseconds(1);
            var item = world.Keep(thread, new() { Id = MetaIds.Message(thread.Account.Kind), FromCustomer = true, Kind = kind, Text = words, At = at, MediaId = media, ReplyTo = say.ReplyTo });
            ids.Add(item.Id);
            return item.Id;
        }

        void File(string type, string base64, string fallback)
        {
            var (bytes, mime) = SayDoor.File(base64, fallback);
            var media = shelf.Keep(thread.Account, bytes, mime, TimeSpan.FromDays(7));
            Message(PageEvents.Attachment(Keep(type, "", media.Id), type, new() { ["url"] = shelf.PageUrl(media) }));
        }

        void Text(string mid, string words)
        {
            var message = new JsonObject { ["mid"] = mid, ["text"] = words };
            if (instagram && world.Faults.Take("/", "phantom-edit") is { } phantom)
            {
                // Comes instead of the message; with the value "then-message" the message follows.
                webhook &= outbox.Post(thread.Account, "messages", outbox.MessagingEntry(thread.Account, new() { ["timestamp"] = at.ToUnixTimeMilliseconds(), ["message_edit"] = new JsonObject { ["mid"] = mid, ["num_edit"] = 0 } }));
                if (phantom.Value == "then-message") Later(phantom.Seconds ?? 2, () => Message(message));
            }
            else if (world.Faults.Take("/", "edit-first") is { } early)
            {
                var changed = early.Value ?? words;
                (thread.Items[^1].Text, thread.Items[^1].Edits) = (changed, 1);
                Tell("message_edit", new JsonObject { ["mid"] = mid, ["text"] = changed, ["num_edit"] = 1 });
                Later(early.Seconds ?? 0.5, () => Message(message));
            }
            else Message(message);
        }

        void Message(JsonObject message)
        {
            if (reply is not null) message["reply_to"] = reply.DeepClone();
            if (referral is not null) message["referral"] = referral.DeepClone();
            Tell("message", message);
        }

        void Tell(string key, JsonObject value)
        {
            var standby = world.OwnerOf(thread) is not null;
            if (standby && key == "postback") value.Remove("payload"); // another app's buttons are not ours to read
            webhook &= outbox.Post(thread.Account, standby ? "standby" : PageEvents.Field(thread.Account.Kind, key), outbox.MessagingEntry(thread.Account, PageEvents.From(thread, at, key, value), standby));
        }

        void Later(double seconds, Action work) => deliveries.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), time);
            lock (world.Gate) work();
        });
    }
}
