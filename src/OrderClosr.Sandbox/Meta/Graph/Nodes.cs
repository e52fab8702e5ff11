using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta.Media;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary><c>GET /{id}</c> of whatever the id names: account, WABA, customer, message, conversation, media, comment.</summary>
public sealed class Nodes(MetaWorld world, Access access, MediaShelf shelf, PageEdges pages, SandboxOptions options, Comments comments)
{
    /// <summary>A node, or its deletion where there is one.</summary>
    public JsonNode Answer(GraphCall call, Principal who, MetaAccount? account, Waba? waba)
    {
        var id = call.Path[0];
        if (shelf.Find(id) is { } media) return Media(call, who, media);
        if (call.Method != "GET") throw GraphRefusal.NoObject(call.Method, id);
        lock (world.Gate)
        {
            if (account is not null) return Account(call, account);
            if (waba is not null) return call.Pick(new() { ["id"] = waba.Id, ["name"] = "WABA", ["currency"] = "DZD", ["timezone_id"] = "1", ["account_review_status"] = "APPROVED" }, "id", "name", "currency", "timezone_id");
            if (who.Account is null) throw GraphRefusal.NoObject(call.Method, id);
            if (world.Item(id) is { } found && access.Opens(who, found.Thread.Account)) return pages.Message(call, found.Thread, found.Item);
            if (id.StartsWith("t_", StringComparison.Ordinal) && world.Threads.FirstOrDefault(t => t.Id == id && access.Opens(who, t.Account)) is { } conversation) return pages.Conversation(call, conversation);
            if (world.Comment(id) is { } comment && access.Opens(who, comment.Account)) return call.Pick(new() { ["id"] = comment.Id, ["text"] = comment.Text, ["message"] = comment.Text }, "id", "text");
            return Profile(call, who, id);
        }
    }

    /// <summary>Edges of things that are not accounts: answers under a comment.</summary>
    public JsonNode Edge(GraphCall call, Principal who, string edge)
    {
        if (call.Method == "POST" && edge is "replies" or "comments")
            lock (world.Gate)
                if (world.Comment(call.Path[0]) is { } comment && access.Opens(who, comment.Account)) return comments.Reply(call, comment);
        throw GraphRefusal.NoObject(call.Method, call.Path[0]);
    }

    /// <summary><c>/me</c> of a person's token or the app's.</summary>
    public JsonNode Me(GraphCall call, Principal who) => who.UserId is { } user && call.Path.Length == 1
        ? call.Pick(new() { ["id"] = user, ["name"] = "Merchant" }, "id", "name")
        : throw new GraphRefusal(2500, "An active access token must be used to query information about the current user.");

    private JsonObject Account(GraphCall call, MetaAccount account) => account.Kind switch
    {
        MetaKind.Page => call.Pick(new JsonObject
        {
            ["id"] = account.Id, ["name"] = account.Name, ["username"] = account.Name.ToLowerInvariant().Replace(' ', '.'), ["link"] = "https://www.facebook.com/" + account.Id,
            ["messaging_feature_status"] = Features(),
        }.With("instagram_business_account", world.Accounts.FirstOrDefault(a => a.PageId == account.Id) is { Professional: true } linked ? new JsonObject { ["id"] = linked.Id } : null), "id", "name"),
        // The trap of facts: meta.md section 4.1: "id" is scoped to the app, "user_id" is the one in webhooks.
        MetaKind.Instagram => call.Pick(new JsonObject
        {
            ["id"] = account.PageId is null ? account.AppScopedId : account.Id, ["user_id"] = account.PageId is null ? account.Id : null,
            ["username"] = account.Name, ["name"] = account.Name, ["account_type"] = account.Professional ? "BUSINESS" : "PERSONAL", ["messaging_feature_status"] = Features(),
        }, "id"),
        _ => call.Pick(Phone(account), "id", "display_phone_number", "verified_name", "quality_rating", "code_verification_status"),
    };

    /// <summary>All that can be read of a WhatsApp number.</summary>
    public static JsonObject Phone(MetaAccount account) => new()
    {
        ["id"] = account.Id, ["display_phone_number"] = "+" + account.DisplayPhone, ["verified_name"] = account.Name, ["quality_rating"] = account.Quality,
        ["code_verification_status"] = "VERIFIED", ["name_status"] = account.NameStatus, ["platform_type"] = account.Elsewhere ?? (account.Registered || account.OnPhone ? "CLOUD_API" : "NOT_APPLICABLE"),
        ["status"] = account.Elsewhere is null && (account.Registered || account.OnPhone) ? "CONNECTED" : "PENDING", ["throughput"] = new JsonObject { ["level"] = "STANDARD" },
        ["messaging_limit_tier"] = "TIER_250", ["account_mode"] = "LIVE", ["is_official_business_account"] = false,
    };

    private JsonObject Profile(GraphCall call, Principal who, string id)
    {
        MetaAccount[] accounts = [.. world.Accounts.Where(a => a.Kind != MetaKind.WhatsApp && access.Opens(who, a))];
        if (accounts.Select(a => world.ByHandle(a, id)).FirstOrDefault(t => t is not null) is not { } thread || id == options.MetaAppId) throw GraphRefusal.NoObject(call.Method, id);
        if (world.Faults.Knob("no-profile", "/" + id)) throw new GraphRefusal(100, "(#100) No profile available for this user.", subcode: 2_018_218);
        if (thread.Account.Kind == MetaKind.Instagram)
        {
            access.Need(thread.Account, Access.Messaging(thread.Account));
            if (!thread.HasWritten) throw new GraphRefusal(230, "(#230) User consent is required to access user profile", 403);
            return call.Pick(new()
            {
                ["id"] = id, ["name"] = thread.Person.Name, ["username"] = thread.Person.InstagramName, ["follower_count"] = 42,
                ["is_user_follow_business"] = false, ["is_business_follow_user"] = false, ["is_verified_user"] = false,
            }, "id", "name", "username");
        }
        access.Need(thread.Account, "pages_messaging");
        var names = thread.Person.Name.Split(' ', 2);
        return call.Pick(new() { ["id"] = id, ["first_name"] = names[0], ["last_name"] = names.Length > 1 ? names[1] : "", ["name"] = thread.Person.Name }, "id", "first_name", "last_name");
    }

    private JsonObject Media(GraphCall call, Principal who, StoredMedia media)
    {
        lock (world.Gate)
        {
            if (world.Account(media.Account) is not { Kind: MetaKind.WhatsApp } owner || !access.Opens(who, owner) || (call.Arg("phone_number_id") is { } phone && phone != owner.Id))
                throw GraphRefusal.NoObject(call.Method, media.Id);
            access.Need(owner, "whatsapp_business_messaging");
        }
        if (call.Method == "DELETE") { shelf.Remove(media.Id); return Subscriptions.Success(); }
        if (call.Method != "GET") throw GraphRefusal.NoObject(call.Method, media.Id);
        return new()
        {
            ["messaging_product"] = "whatsapp", ["url"] = shelf.WhatsAppUrl(media), ["mime_type"] = media.Mime,
            ["sha256"] = media.Sha256, ["file_size"] = media.Bytes.Length, ["id"] = media.Id,
        };
    }

    private JsonArray Features() => world.Faults.IsOn("conversation-routing") ? ["hop_v2", "msgr_multi_app", "ig_multi_app"] : [];
}
