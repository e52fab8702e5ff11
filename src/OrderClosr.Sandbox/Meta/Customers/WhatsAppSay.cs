using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Meta.Media;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>A customer acts on WhatsApp (facts: meta.md section 5). Called while holding the world.</summary>
public sealed class WhatsAppSay(MetaWorld world, WhatsAppEvents events, MetaOutbox outbox, MediaShelf shelf, Deliveries deliveries, SandboxOptions options, TimeProvider time)
{
    private const string CatalogId = "100200300400500";

    /// <summary>Everything the request holds; a picture with words is one message with a caption.</summary>
    public (IReadOnlyList<string> Ids, bool Webhook) Say(MetaThread thread, SayRequest say, DateTimeOffset at)
    {
        var ids = new List<string>();
        var webhook = true;
        var context = say.ReplyTo is { } quoted ? Context(thread, SayDoor.ItemOf(thread, quoted)) : null;
        var referral = say.Referral is { } given && given.ValueKind == JsonValueKind.Object ? Ad(JsonNode.Parse(given.GetRawText())!.AsObject()) : null;

        if (say.EditOf is { } edited)
        {
            var item = SayDoor.OwnItemOf(thread, edited);
            if (at - item.At > TimeSpan.FromMinutes(15)) throw new DoorRefusal(422, "a message can be edited for 15 minutes");
            (item.Text, item.Edits) = (say.Text ?? "", item.Edits + 1);
            Tell(NewId(), "edit", Edit(item.Id, item.Text));
            return ([item.Id], webhook);
        }
        if (say.Unsend is { } unsent)
        {
            var item = SayDoor.OwnItemOf(thread, unsent);
            item.Deleted = true;
            Tell(NewId(), "revoke", new JsonObject { ["original_message_id"] = item.Id });
            return ([item.Id], webhook);
        }
        if (say.Reaction is { } reaction)
        {
            var item = SayDoor.ItemOf(thread, reaction.Mid);
            item.Reaction = reaction.Emoji is { Length: > 0 } ? reaction.Emoji : null;
            Tell(NewId(), "reaction", new JsonObject { ["message_id"] = item.Id }.With("emoji", item.Reaction));
            return ([item.Id], webhook);
        }
        if (say.Button is { } button)
        {
            var asked = thread.Items.AsEnumerable().Reverse().FirstOrDefault(i => i.Buttons.Any(b => b.Title == button.Title || b.Payload == button.Payload));
            var known = asked?.Buttons.First(b => b.Title == button.Title || b.Payload == button.Payload);
            var payload = button.Payload ?? known?.Payload ?? button.Title;
            if (asked is not null) context ??= Context(thread, asked);
            var id = Keep("button", button.Title);
            if (known?.Way == "template") Tell(id, "button", new JsonObject { ["text"] = button.Title, ["payload"] = payload });
            else if (known?.Way == "list") Tell(id, "interactive", new JsonObject { ["type"] = "list_reply", ["list_reply"] = new JsonObject { ["id"] = payload, ["title"] = button.Title } });
            else Tell(id, "interactive", new JsonObject { ["type"] = "button_reply", ["button_reply"] = new JsonObject { ["id"] = payload, ["title"] = button.Title } });
        }
        if (say.Order is { } order)
        {
            var lines = order.Items.Select(i => (Item: i, Known: options.Seed.Catalogue.FirstOrDefault(c => c.RetailerId == i.RetailerId))).ToList();
            var id = Keep("order", string.Join(", ", lines.Select(l => $"{l.Item.Quantity} × {l.Known?.Name ?? l.Item.RetailerId}")));
            Tell(id, "order", new JsonObject { ["catalog_id"] = CatalogId }.With("text", order.Text).With("product_items", new JsonArray([.. lines.Select(l => new JsonObject
            {
                ["product_retailer_id"] = l.Item.RetailerId, ["quantity"] = l.Item.Quantity, ["item_price"] = l.Item.Price ?? l.Known?.Price ?? 0, ["currency"] = "DZD",
            })])));
        }
        var text = say.Text is { Length: > 0 } ? say.Text : null;
        if (say.Image is { } image)
        {
            File("image", image, "image/jpeg", text);
            text = null;
        }
        if (say.Audio is { } audio) File("audio", audio, "audio/ogg; codecs=opus", null);
        if (say.Sticker is { ValueKind: not (JsonValueKind.False or JsonValueKind.Null) })
        {
            var media = shelf.Keep(thread.Account, TinyWebp(), "image/webp", TimeSpan.FromDays(7));
            Tell(Keep("sticker", "👍"), "sticker", new JsonObject { ["id"] = media.Id, ["mime_type"] = media.Mime, ["sha256"] = Hash(media), ["animated"] = false });
        }
        if (say.Location is { } place)
            Tell(Keep("location", $"{place.Lat}, {place.Long}"), "location", new JsonObject { ["latitude"] = place.Lat, ["longitude"] = place.Long }.With("name", place.Name));
        if (say.Share is not null || say.Story is not null) throw new DoorRefusal(422, "WhatsApp has no shared posts and stories");
        if (say.Contact is { } contact)
        {
            var name = contact.Name ?? thread.Person.Name;
            var digits = new string([.. contact.Phone.Where(char.IsAsciiDigit)]);
            if (digits.StartsWith('0')) digits = "213" + digits[1..];
            Tell(Keep("contact", $"{name} {contact.Phone}"), "contacts", new JsonArray(new JsonObject
            {
                ["name"] = new JsonObject { ["formatted_name"] = name, ["first_name"] = name },
                ["phones"] = new JsonArray(new JsonObject { ["phone"] = contact.Phone, ["wa_id"] = digits, ["type"] = "CELL" }), ["origin"] = "contact_request",
            }));
        }
        if (text is not null) Text(Keep("text", text), text);
        else if (ids.Count == 0 && referral is not null) throw new DoorRefusal(422, "on WhatsApp a person who comes from an ad writes something");
        return (ids, webhook);

        static string NewId() => MetaIds.Message(MetaKind.WhatsApp);

        string Keep(string kind, string words, string? media = null)
        {
            thread.LastCustomerAction = at;
            thread.HasWritten = true;
            var item = world.Keep(thread, new() { Id = NewId(), FromCustomer = true, Kind = kind, Text = words, At = at, MediaId = media, ReplyTo = say.ReplyTo });
            ids.Add(item.Id);
            return item.Id;
        }

        void File(string type, string base64, string fallback, string? caption)
        {
            var (bytes, mime) = SayDoor.File(base64, fallback);
            if (mime == "audio/ogg") mime = fallback;
            var media = shelf.Keep(thread.Account, bytes, mime, TimeSpan.FromDays(7));
            Tell(Keep(type, caption ?? "", media.Id), type, new JsonObject { ["id"] = media.Id, ["mime_type"] = media.Mime, ["sha256"] = Hash(media) }
                .With("caption", caption).With("voice", type == "audio" ? true : null).With("url", world.Faults.IsOn("media-url-in-webhook") ? shelf.WhatsAppUrl(media) : null));
        }

        void Text(string id, string words)
        {
            if (world.Faults.Take("/", "edit-first") is not { } early) { Tell(id, "text", new JsonObject { ["body"] = words }); return; }
            var changed = early.Value ?? words;
            (thread.Items[^1].Text, thread.Items[^1].Edits) = (changed, 1);
            Tell(NewId(), "edit", Edit(id, changed));
            deliveries.Run(async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(early.Seconds ?? 0.5), time);
                lock (world.Gate) Tell(id, "text", new JsonObject { ["body"] = words });
            });
        }

        void Tell(string id, string type, JsonNode content) => webhook &= outbox.Post(thread.Account, "messages",
            outbox.ChangeEntry(thread.Account, "messages", events.Message(thread, id, at, type, content, context?.DeepClone().AsObject(), referral?.DeepClone().AsObject())));
    }

    // Webhooks tell the hash in base64, look-ups in hex.
    internal static string Hash(StoredMedia media) => Convert.ToBase64String(Convert.FromHexString(media.Sha256));

    internal static JsonObject Edit(string id, string text) =>
        new() { ["original_message_id"] = id, ["message"] = new JsonObject { ["type"] = "text", ["text"] = new JsonObject { ["body"] = text } } };

    private static JsonObject Context(MetaThread thread, ThreadItem item) => new JsonObject { ["from"] = item.FromCustomer ? thread.Handle : thread.Account.DisplayPhone, ["id"] = item.Id };

    private static JsonObject Ad(JsonObject given) => new JsonObject { ["source_url"] = given.Text("source_url") ?? "https://fb.me/invented", ["source_type"] = "ad" }
        .With("source_id", given.Text("ad_id") ?? given.Text("source_id")).With("headline", given.Text("headline") ?? given.Text("ad_title")).With("body", given.Text("body"))
        .With("media_type", given.Text("media_type")).With("image_url", given.Text("image_url") ?? given.Text("photo_url")).With("ctwa_clid", given.Text("ctwa_clid"));

    // The smallest picture a sticker can be.
    private static byte[] TinyWebp() => Convert.FromBase64String("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");
}
