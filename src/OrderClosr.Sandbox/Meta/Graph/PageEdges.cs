using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta.Media;
using OrderClosr.Sandbox.Meta.Sending;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>Edges of Pages and Instagram accounts beside messages: uploads, conversations, who controls a thread (facts: meta.md sections 6.1 and 11).</summary>
public sealed class PageEdges(MetaWorld world, Access access, MediaShelf shelf, PageSending sending, MetaOutbox outbox, SandboxOptions options, TimeProvider time)
{
    /// <summary>Answers an edge or refuses it.</summary>
    public async Task<JsonNode> AnswerAsync(GraphCall call, MetaAccount account, string edge)
    {
        if (call.Method == "POST" && edge == "message_attachments") return await UploadAsync(call, account);
        lock (world.Gate)
        {
            access.Need(account, Access.Messaging(account));
            switch (call.Method, edge)
            {
                case ("GET", "conversations"):
                    return Conversations(call, account);
                case ("GET", "thread_owner"):
                    var owner = world.OwnerOf(Thread(account, call.Arg("recipient"))) ?? options.MetaAppId;
                    return new JsonObject { ["data"] = new JsonArray(new JsonObject { ["thread_owner"] = new JsonObject { ["app_id"] = owner } }) };
                case ("POST", "pass_thread_control" or "take_thread_control" or "request_thread_control" or "release_thread_control" or "extend_thread_control"):
                    return Control(call, account, edge);
                default:
                    throw GraphRefusal.NoObject(call.Method, $"{account.Id}/{edge}");
            }
        }
    }

    /// <summary>One message by its mid: how a phantom edit is made good (facts: meta.md section 4.2).</summary>
    public JsonObject Message(GraphCall call, MetaThread thread, ThreadItem item)
    {
        var (person, business) = (Party(thread.Handle, thread.Person.Name), Party(thread.Account.Id, thread.Account.Name));
        return call.Pick(new JsonObject
        {
            ["id"] = item.Id, ["created_time"] = item.At.ToString("yyyy-MM-dd'T'HH:mm:ss+0000", System.Globalization.CultureInfo.InvariantCulture),
            ["from"] = item.FromCustomer ? person : business, ["to"] = new JsonObject { ["data"] = new JsonArray(item.FromCustomer ? business : person) }, ["message"] = item.Deleted ? "" : item.Text,
        }.With("attachments", item.MediaId is { } id && shelf.Find(id) is { } media
            ? new JsonObject { ["data"] = new JsonArray(new JsonObject { ["mime_type"] = media.Mime, ["image_data"] = new JsonObject { ["url"] = shelf.PageUrl(media) } }) } : null), "id", "created_time");
    }

    /// <summary>One conversation; only its last 20 messages can be read in detail.</summary>
    public JsonObject Conversation(GraphCall call, MetaThread thread) => call.Pick(new()
    {
        ["id"] = thread.Id, ["updated_time"] = (thread.Items.LastOrDefault()?.At ?? time.GetUtcNow()).ToString("yyyy-MM-dd'T'HH:mm:ss+0000", System.Globalization.CultureInfo.InvariantCulture),
        ["participants"] = new JsonObject { ["data"] = new JsonArray(Party(thread.Handle, thread.Person.Name), Party(thread.Account.Id, thread.Account.Name)) },
        ["messages"] = new JsonObject { ["data"] = new JsonArray([.. thread.Items.Where(i => !i.Deleted).Reverse().Take(20).Select(i => WholeMessage(thread, i))]) },
    }, "id", "updated_time");

    private static JsonObject WholeMessage(MetaThread thread, ThreadItem item) => new()
    {
        ["id"] = item.Id, ["created_time"] = item.At.ToString("yyyy-MM-dd'T'HH:mm:ss+0000", System.Globalization.CultureInfo.InvariantCulture), ["message"] = item.Text,
        ["from"] = item.FromCustomer ? Party(thread.Handle, thread.Person.Name) : Party(thread.Account.Id, thread.Account.Name),
    };

    private JsonObject Conversations(GraphCall call, MetaAccount account)
    {
        var platform = call.Arg("platform");
        if (platform is not (null or "messenger" or "instagram")) throw GraphRefusal.Param("Param platform must be one of {INSTAGRAM, MESSENGER}");
        if (world.Accounts.FirstOrDefault(a => a.PageId == account.Id) is { AllowsMessages: false } && platform == "instagram") throw new GraphRefusal(200, "(#200) The Instagram account does not allow access to messages", 403);
        var from = account.Kind == MetaKind.Page && platform == "instagram" ? world.Accounts.Where(a => a.PageId == account.Id).ToList() : [account];
        var threads = world.Threads.Where(t => from.Contains(t.Account) && t.Items.Count > 0 && (call.Arg("user_id") is not { } user || t.Handle == user))
            .OrderByDescending(t => t.Items[^1].At).Take(int.TryParse(call.Arg("limit"), out var limit) ? Math.Clamp(limit, 1, 100) : 25);
        return new() { ["data"] = new JsonArray([.. threads.Select(t => Conversation(call, t))]) };
    }

    private MetaThread Thread(MetaAccount account, string? handle) => handle is null
        ? throw GraphRefusal.Param("The parameter recipient is required")
        : new[] { account }.Concat(world.Accounts.Where(a => a.PageId == account.Id)).Select(a => world.ByHandle(a, handle)).FirstOrDefault(t => t is not null)
            ?? throw new GraphRefusal(100, "(#100) No matching user found", subcode: 2_018_001);

    private JsonObject Control(GraphCall call, MetaAccount account, string edge)
    {
        var thread = Thread(account, call.Object("recipient").Text("id"));
        var owner = world.OwnerOf(thread);
        if (edge == "pass_thread_control")
        {
            if (owner is not null) throw new GraphRefusal(10, "(#10) Another app is controlling this thread now.", subcode: 2_018_300);
            (thread.Owner, thread.OwnerSince) = (call.Arg("target_app_id") ?? world.InboxApp, time.GetUtcNow());
        }
        else if (edge is "take_thread_control" or "release_thread_control")
        {
            thread.Owner = edge[0] == 't' ? null : world.InboxApp;
            thread.OwnerSince = time.GetUtcNow();
        }
        else if (edge == "request_thread_control" && owner is not null)
        {
            // The inbox gives a thread back when asked; the product learns it by webhook.
            thread.Owner = null;
            var handed = new JsonObject { ["previous_owner_app_id"] = owner, ["new_owner_app_id"] = options.MetaAppId }.With("metadata", call.Arg("metadata"));
            outbox.Messaging(thread.Account, PageEvents.Field(thread.Account.Kind, "pass_thread_control"), PageEvents.From(thread, time.GetUtcNow(), "pass_thread_control", handed));
        }
        return Subscriptions.Success();
    }

    private async Task<JsonObject> UploadAsync(GraphCall call, MetaAccount account)
    {
        lock (world.Gate) access.Need(account, Access.Messaging(account));
        var attachment = call.Object("message").Obj("attachment") ?? throw GraphRefusal.Param("Param message[attachment] is required");
        var type = attachment.Text("type");
        if (type is not ("image" or "audio" or "video" or "file")) throw GraphRefusal.Param("Param message[attachment][type] must be one of {audio, file, image, video}");
        if (call.Files is not { Count: 1 } files)
            return new() { ["attachment_id"] = (await sending.KeepLinkedAsync(account, type, attachment.Obj("payload").Text("url") ?? throw GraphRefusal.Param("Param filedata or message[attachment][payload][url] is required"), reusable: true)).Id };
        await using var stream = files[0].OpenReadStream();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return new() { ["attachment_id"] = sending.Keep(account, type, copy.ToArray(), files[0].ContentType ?? "", reusable: true).Id };
    }

    private static JsonObject Party(string id, string name) => new() { ["id"] = id, ["name"] = name };
}
