using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta.Media;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>What a person of the shop does outside the product.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Account">The account; may be left out when the channel has one only.</param>
/// <param name="Text">The answer.</param>
/// <param name="How"><c>inbox</c> (Page inbox), <c>phone-app</c>, <c>smb</c> (Business Suite, or WhatsApp's phone app).</param>
public sealed record BusinessSay(string? Channel, string? Account, string? Text, string? How)
{
    /// <summary>Tests: when it was written (an old echo after an outage); default now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>WhatsApp: a picture, base64; <see cref="Text"/> is its caption.</summary>
    public string? Image { get; init; }

    /// <summary>WhatsApp: id of a message of the shop whose text becomes <see cref="Text"/>.</summary>
    public string? EditOf { get; init; }

    /// <summary>WhatsApp: id of a message of the shop that is unsent.</summary>
    public string? Unsend { get; init; }

    /// <summary>WhatsApp: a reaction to a message of either side; an empty emoji takes it away.</summary>
    public SayReaction? Reaction { get; init; }
}

/// <summary>A person of the shop answers from the inbox or a phone: the product learns it only by echoes (facts: meta.md section 11).</summary>
public sealed class BusinessDoor(MetaWorld world, SayDoor doors, MetaOutbox outbox, WhatsAppEvents whatsApp, MediaShelf shelf, TimeProvider time)
{
    /// <summary>The person answers; the id of the message.</summary>
    public string Say(string customer, BusinessSay say)
    {
        if (string.IsNullOrWhiteSpace(say.Text) && say is { Image: null, Unsend: null, Reaction: null }) throw new DoorRefusal(422, "text is needed");
        if (say.How is not ("inbox" or "phone-app" or "smb")) throw new DoorRefusal(422, "how is inbox, phone-app or smb");
        lock (world.Gate)
        {
            var thread = world.Thread(doors.Account(say.Channel, say.Account), customer);
            var (account, at) = (thread.Account, say.At ?? time.GetUtcNow());
            if (account.Kind == MetaKind.WhatsApp) return OnThePhone(thread, say, at);
            if (say is not { Image: null, EditOf: null, Unsend: null, Reaction: null }) throw new DoorRefusal(422, "only WhatsApp tells of a person's pictures, edits, unsends and reactions here");
            var item = world.Keep(thread, new() { Id = MetaIds.Message(account.Kind), FromCustomer = false, By = "person", Kind = "text", Text = say.Text!, At = at, Status = "delivered" });
            var echo = new JsonObject { ["mid"] = item.Id, ["text"] = say.Text, ["is_echo"] = true };
            var app = say.How == "phone-app" ? null : world.InboxApp;
            // Instagram never names the app that wrote it.
            if (account.Kind == MetaKind.Page && app is not null) echo["app_id"] = long.TryParse(app, CultureInfo.InvariantCulture, out var number) ? number : app;
            var routing = world.Faults.IsOn("conversation-routing") && say.How != "phone-app";
            if (routing)
            {
                var before = world.OwnerOf(thread);
                (thread.Owner, thread.OwnerSince) = (app ?? "inbox", time.GetUtcNow());
                if (before is null)
                    outbox.Messaging(account, PageEvents.Field(account.Kind, "take_thread_control"), PageEvents.From(thread, at, "take_thread_control",
                        new JsonObject { ["previous_owner_app_id"] = doors.AppId, ["new_owner_app_id"] = thread.Owner }));
            }
            if (!(say.How == "phone-app" && world.Faults.IsOn("drop-app-echoes")))
                outbox.Messaging(account, routing ? "standby" : PageEvents.Field(account.Kind, "message", echo: true), PageEvents.To(thread, at, "message", echo), routing);
            return item.Id;
        }
    }

    // All that a person does in WhatsApp's phone app comes as a message of field smb_message_echoes.
    private string OnThePhone(MetaThread thread, BusinessSay say, DateTimeOffset at)
    {
        if (say.EditOf is { } edited)
        {
            var item = OwnItemOf(thread, edited);
            (item.Text, item.Edits) = (say.Text!, item.Edits + 1);
            return Tell(item.Id, MetaIds.Message(MetaKind.WhatsApp), "edit", WhatsAppSay.Edit(item.Id, item.Text));
        }
        if (say.Unsend is { } unsent)
        {
            var item = OwnItemOf(thread, unsent);
            item.Deleted = true;
            return Tell(item.Id, MetaIds.Message(MetaKind.WhatsApp), "revoke", new JsonObject { ["original_message_id"] = item.Id });
        }
        if (say.Reaction is { } reaction)
        {
            var item = SayDoor.ItemOf(thread, reaction.Mid);
            item.Reaction = reaction.Emoji is { Length: > 0 } ? reaction.Emoji : null;
            return Tell(item.Id, MetaIds.Message(MetaKind.WhatsApp), "reaction", new JsonObject { ["message_id"] = item.Id }.With("emoji", item.Reaction));
        }
        if (say.Image is { } image)
        {
            var (bytes, mime) = SayDoor.File(image, "image/jpeg");
            var media = shelf.Keep(thread.Account, bytes, mime, TimeSpan.FromDays(7));
            var id = Keep("image", media.Id);
            return Tell(id, id, "image", new JsonObject { ["id"] = media.Id, ["mime_type"] = media.Mime, ["sha256"] = WhatsAppSay.Hash(media) }.With("caption", say.Text));
        }
        var written = Keep("text", null);
        return Tell(written, written, "text", new JsonObject { ["body"] = say.Text });

        string Keep(string kind, string? media) =>
            world.Keep(thread, new() { Id = MetaIds.Message(MetaKind.WhatsApp), FromCustomer = false, By = "person", Kind = kind, Text = say.Text ?? "", At = at, Status = "delivered", MediaId = media }).Id;

        string Tell(string about, string id, string type, JsonNode content)
        {
            outbox.Change(thread.Account, "smb_message_echoes", whatsApp.Echo(thread, id, at, type, content));
            return about;
        }
    }

    private static ThreadItem OwnItemOf(MetaThread thread, string id) =>
        SayDoor.ItemOf(thread, id) is { FromCustomer: false } item ? item : throw new DoorRefusal(422, "only the shop's own message can be changed");
}
