using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>Comments under posts and ads, and public answers to them (facts: meta.md sections 3.3 and 4.3).</summary>
public sealed class Comments(MetaWorld world, Access access, MetaOutbox outbox, TimeProvider time)
{
    /// <summary>A person comments; the webhook goes out. Call it while holding the world.</summary>
    public MetaComment Write(MetaAccount account, MetaThread author, string post, string text)
    {
        var number = MetaIds.Number();
        var comment = new MetaComment(account.Kind == MetaKind.Page ? $"{post}_{number}" : number, account, author, post, text, time.GetUtcNow());
        world.Keep(comment);
        Tell(account, comment, author.Handle, account.Kind == MetaKind.Instagram ? author.Person.InstagramName : author.Person.Name, null);
        return comment;
    }

    /// <summary><c>POST /{comment}/replies</c> (Instagram) or <c>/comments</c> (Page): our own comment comes back as a webhook, too. Call it while holding the world.</summary>
    public JsonObject Reply(GraphCall call, MetaComment to)
    {
        if ((to.Account.Kind == MetaKind.Instagram) != (call.Path[1] == "replies")) throw GraphRefusal.NoObject(call.Method, string.Join('/', call.Path));
        access.Need(to.Account, to.Account switch { { Kind: MetaKind.Page } => "pages_manage_engagement", { PageId: null } => "instagram_business_manage_comments", _ => "instagram_manage_comments" });
        if (string.IsNullOrWhiteSpace(call.Arg("message"))) throw GraphRefusal.Param("The parameter message is required");
        var number = MetaIds.Number();
        var own = new MetaComment(to.Account.Kind == MetaKind.Page ? $"{to.Post}_{number}" : number, to.Account, to.Author, to.Post, call.Arg("message")!, time.GetUtcNow());
        world.Keep(own);
        Tell(to.Account, own, to.Account.Id, to.Account.Name, to.Id);
        return new() { ["id"] = own.Id };
    }

    private void Tell(MetaAccount account, MetaComment comment, string fromId, string fromName, string? parent)
    {
        if (account.Kind == MetaKind.Page)
            outbox.Change(account, "feed", new JsonObject
            {
                ["item"] = "comment", ["verb"] = "add", ["from"] = new JsonObject { ["id"] = fromId, ["name"] = fromName }, ["post_id"] = $"{account.Id}_{comment.Post}",
                ["comment_id"] = comment.Id, ["parent_id"] = parent ?? $"{account.Id}_{comment.Post}", ["created_time"] = comment.At.ToUnixTimeSeconds(), ["message"] = comment.Text,
            });
        else
            outbox.Change(account, "comments", new JsonObject
            {
                ["id"] = comment.Id, ["from"] = new JsonObject { ["id"] = fromId, ["username"] = fromName }.With("self_ig_scoped_id", world.Faults.IsOn("self-ig-scoped-id") ? MetaIds.Derived(17, "self", fromId) : null), ["text"] = comment.Text,
                ["media"] = new JsonObject { ["id"] = comment.Post, ["media_product_type"] = "FEED" },
            }.With("parent_id", parent));
    }
}
