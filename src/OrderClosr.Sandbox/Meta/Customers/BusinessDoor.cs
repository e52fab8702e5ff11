using System.Globalization;
using System.Text.Json.Nodes;
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
}

/// <summary>A person of the shop answers from the inbox or a phone: the product learns it only by echoes (facts: meta.md section 11).</summary>
public sealed class BusinessDoor(MetaWorld world, SayDoor doors, MetaOutbox outbox, WhatsAppEvents whatsApp, TimeProvider time)
{
    /// <summary>The person answers; the id of the message.</summary>
    public string Say(string customer, BusinessSay say)
    {
        if (string.IsNullOrWhiteSpace(say.Text)) throw new DoorRefusal(422, "text is needed");
        if (say.How is not ("inbox" or "phone-app" or "smb")) throw new DoorRefusal(422, "how is inbox, phone-app or smb");
        lock (world.Gate)
        {
            var thread = world.Thread(doors.Account(say.Channel, say.Account), customer);
            var (account, at) = (thread.Account, say.At ?? time.GetUtcNow());
            var item = world.Keep(thread, new() { Id = MetaIds.Message(account.Kind), FromCustomer = false, By = "person", Kind = "text", Text = say.Text, At = at, Status = "delivered" });
            if (account.Kind == MetaKind.WhatsApp)
            {
                outbox.Change(account, "smb_message_echoes", whatsApp.Echo(thread, item.Id, at, "text", new JsonObject { ["body"] = say.Text }));
                return item.Id;
            }
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
}
