using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta.Graph;
using OrderClosr.Sandbox.Meta.Media;

namespace OrderClosr.Sandbox.Meta.Sending;

/// <summary><c>POST /{account}/messages</c> of Messenger and Instagram (facts: meta.md sections 6.1 to 6.3).</summary>
public sealed class PageSending(MetaWorld world, Access access, MediaShelf shelf, LinkedMedia links, PageReports reports, SendRate rate, TimeProvider time)
{
    private static readonly string[] Actions = ["typing_on", "typing_off", "mark_seen", "react", "unreact"];

    /// <summary>Sends, or refuses as Meta would.</summary>
    public async Task<JsonObject> SendAsync(GraphCall call, MetaAccount asked)
    {
        var recipient = call.Object("recipient") ?? throw GraphRefusal.Param("Param recipient is required");
        var ways = (string[])["id", "comment_id", "post_id", "user_ref"];
        if (ways.Count(recipient.Has) != 1) throw GraphRefusal.Param("Param recipient must have exactly one of id, comment_id, post_id, user_ref");
        MetaThread thread;
        MetaComment? comment = null;
        MetaAccount account;
        lock (world.Gate)
        {
            (account, thread, comment) = Recipient(asked, recipient);
            access.Need(account, Access.Messaging(account));
        }
        if (call.Arg("sender_action") is { } action) return Act(call, account, thread, action);

        var message = call.Object("message") ?? throw GraphRefusal.Param("Param message is required");
        var read = PageRules.Read(account.Kind, message, world.Faults.Value("text-unit"));
        var human = CheckType(account.Kind, call.Arg("messaging_type"), call.Arg("tag"));
        var files = new List<(string Type, StoredMedia Media)>();
        lock (world.Gate) CheckState(thread, comment, human);
        foreach (var (type, url, id) in read.Files) files.Add((type, await FileAsync(account, type, url, id)));

        List<ThreadItem> items = [];
        lock (world.Gate)
        {
            CheckState(thread, comment, human); // fetching took time
            if (!rate.Take(account, time.GetUtcNow())) throw new GraphRefusal(613, "(#613) Calls to this api have exceeded the rate limit.");
            var quoted = call.Object("reply_to").Text("mid");
            var mid = MetaIds.Message(account.Kind);
            for (var i = 0; i < Math.Max(1, files.Count); i++)
                items.Add(world.Keep(thread, new()
                {
                    // Several pictures are one message; the thread shows each.
                    Id = i == 0 ? mid : $"{mid}#{i + 1}", FromCustomer = false, By = "app", At = time.GetUtcNow(), Status = "sent", ReplyTo = quoted,
                    Kind = files.Count > 0 ? files[i].Type : read.Kind, Text = read.Text, Buttons = read.Buttons, MediaId = files.Count > 0 ? files[i].Media.Id : null,
                }));
            thread.TypingUntil = default;
            comment?.Answered = true;
            if (call.Object("thread_control") is { } control) thread.Owner = control.Text("control_type") == "pass" ? control.Text("app_id") : null;
        }
        await reports.SentAsync(thread, items, read);
        return new() { ["recipient_id"] = thread.Handle, ["message_id"] = items[0].Id };
    }

    private (MetaAccount, MetaThread, MetaComment?) Recipient(MetaAccount asked, JsonObject recipient)
    {
        // The Instagram accounts behind a Page are spoken to through the Page.
        MetaAccount[] accounts = [asked, .. world.Accounts.Where(a => asked.Kind == MetaKind.Page && a.PageId == asked.Id)];
        if (recipient.Text("comment_id") is { } id)
        {
            if (world.Comment(id) is not { } comment || !accounts.Contains(comment.Account)) throw NoPrivateReply(asked.Kind == MetaKind.Instagram, 10_903, "This comment cannot be replied to");
            return (comment.Account, comment.Author, comment);
        }
        if (recipient.Text("id") is not { } handle) throw GraphRefusal.Param("This kind of recipient is not available here");
        foreach (var account in accounts)
            if (world.ByHandle(account, handle) is { } thread) return (account, thread, null);
        throw new GraphRefusal(100, asked.Kind == MetaKind.Instagram ? "(#100) The requested user cannot be found." : "(#100) No matching user found", subcode: asked.Kind == MetaKind.Instagram ? 2_534_014 : 2_018_001);
    }

    // True: a person's late answer. Retired tags are refused since 27 Apr 2026.
    private static bool CheckType(MetaKind kind, string? type, string? tag)
    {
        switch (type)
        {
            case null when kind == MetaKind.Instagram && tag is null: return false;
            case "RESPONSE" or "UPDATE":
                if (tag is not null) throw GraphRefusal.Param("Param tag is only for messaging_type MESSAGE_TAG");
                return false;
            case "MESSAGE_TAG":
                return tag == "HUMAN_AGENT" ? true : throw GraphRefusal.Param(tag is null ? "Param tag is required" : $"The tag {tag} is no longer supported");
            default: throw GraphRefusal.Param(type is null ? "Param messaging_type is required" : "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}");
        }
    }

    private void CheckState(MetaThread thread, MetaComment? comment, bool human)
    {
        var (account, now) = (thread.Account, time.GetUtcNow());
        var instagram = account.Kind == MetaKind.Instagram;
        if (world.Faults.Value("person-unavailable") is { } who && (who == "on" || who == thread.Person.Key || who == thread.Handle))
        {
            if (world.Faults.Value("1545041-means") == "window") throw new GraphRefusal(10, "(#10) This message is sent outside of allowed window.", subcode: 1_545_041);
            throw new GraphRefusal(551, "(#551) This person isn't available right now.", subcode: 1_545_041);
        }
        if (comment is not null)
        {
            if (comment.Answered) throw NoPrivateReply(instagram, 10_900, "Activity already replied to");
            if (now - comment.At > TimeSpan.FromDays(7)) throw NoPrivateReply(instagram, 10_904, "The comment is too old for a private reply");
            return;
        }
        if (world.OwnerOf(thread) is not null)
            throw new GraphRefusal(10, "(#10) Message failed to send because another app is controlling this thread now.", subcode: 2_018_300);
        var quiet = thread.LastCustomerAction is { } last ? now - last : TimeSpan.MaxValue;
        if (quiet >= (human ? TimeSpan.FromDays(7) : TimeSpan.FromHours(24)))
            throw new GraphRefusal(10, "(#10) This message is sent outside of allowed window.", subcode: instagram ? 2_534_022 : 2_018_278);
    }

    // Facebook has a code for each reason, Instagram one subcode for all (facts: meta.md sections 6.1 and 7.1).
    private static GraphRefusal NoPrivateReply(bool instagram, int code, string why) => instagram ? new(100, $"(#100) {why}", subcode: 2_534_025) : new(code, $"(#{code}) {why}");

    private JsonObject Act(GraphCall call, MetaAccount account, MetaThread thread, string action)
    {
        if (!Actions.Contains(action)) throw GraphRefusal.Param($"Param sender_action must be one of {{{string.Join(", ", Actions)}}}");
        if (call.Object("message") is not null) throw GraphRefusal.Param("sender_action cannot travel with a message");
        lock (world.Gate)
        {
            if (world.OwnerOf(thread) is not null) throw new GraphRefusal(10, "(#10) Another app is controlling this thread now.", subcode: 2_018_300);
            if (thread.LastCustomerAction is null || time.GetUtcNow() - thread.LastCustomerAction >= TimeSpan.FromHours(24))
                throw new GraphRefusal(10, "(#10) This message is sent outside of allowed window.", subcode: account.Kind == MetaKind.Instagram ? 2_534_022 : 2_018_278);
            switch (action)
            {
                case "typing_on": thread.TypingUntil = time.GetUtcNow() + TimeSpan.FromSeconds(20); break;
                case "typing_off": thread.TypingUntil = default; break;
                case "mark_seen": thread.SeenAt = time.GetUtcNow(); break;
                default:
                    var payload = call.Object("payload") ?? throw GraphRefusal.Param("Param payload is required");
                    if (world.Item(payload.Text("message_id")) is not { } found || found.Thread != thread) throw GraphRefusal.Param("Param payload[message_id] is not a message of this thread");
                    if (action == "react" && payload.Text("reaction") is null) throw GraphRefusal.Param("Param payload[reaction] is required");
                    found.Item.Reaction = action == "react" ? payload.Text("reaction") : null;
                    break;
            }
        }
        return new() { ["recipient_id"] = thread.Handle };
    }

    private async Task<StoredMedia> FileAsync(MetaAccount account, string type, string? url, string? attachmentId)
    {
        if (attachmentId is not null)
        {
            var stored = shelf.Find(attachmentId);
            return stored is { IsReusable: true } && (stored.Account == account.Id || stored.Account == account.PageId) ? stored : throw new GraphRefusal(100, "(#100) The attachment_id does not exist or cannot be used again", subcode: 2_018_074);
        }
        return await KeepLinkedAsync(account, type, url!, reusable: false);
    }

    /// <summary>Fetches a linked file and takes it.</summary>
    public async Task<StoredMedia> KeepLinkedAsync(MetaAccount account, string type, string url, bool reusable)
    {
        var (bytes, mime, why) = await links.FetchAsync(url);
        return bytes is null ? throw new GraphRefusal(100, $"(#100) Failed to fetch the file from the url: {why}", subcode: 2_018_008) : Keep(account, type, bytes, mime, reusable);
    }

    /// <summary>Takes a file for an account when its type and size are allowed.</summary>
    public StoredMedia Keep(MetaAccount account, string type, byte[] bytes, string mime, bool reusable = false)
    {
        var real = MediaKinds.Sniff(bytes);
        if (PageLimitOf(account, type, mime) is not { } most || (type != "file" && (real is null || !MediaKinds.Agrees(mime, real))))
            throw new GraphRefusal(100, $"(#100) The file is not a supported {type}", subcode: 2_018_047);
        if (bytes.Length > most) throw new GraphRefusal(100, "(#100) The file is too large", subcode: 2_018_047);
        return shelf.Keep(account, bytes, mime, TimeSpan.FromDays(90), reusable);
    }

    private static int? PageLimitOf(MetaAccount account, string type, string mime) => MediaKinds.PageLimit(account.Kind, type, mime);
}

/// <summary>Messages per second and account (facts: meta.md section 6.2).</summary>
public sealed class SendRate(MetaWorld world)
{
    private readonly Dictionary<string, (long Second, int Count)> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one message; false when this second is full. Call it while holding the world.</summary>
    public bool Take(MetaAccount account, DateTimeOffset now)
    {
        var most = account.Kind switch
        {
            MetaKind.Page => 300,
            MetaKind.Instagram => world.Faults.Value("instagram-rate") == "300" ? 300 : 100,
            _ => world.Faults.IsOn("coexistence") ? 20 : 80,
        };
        var (second, count) = _counts.GetValueOrDefault(account.Id);
        if (second != now.ToUnixTimeSeconds()) (second, count) = (now.ToUnixTimeSeconds(), 0);
        _counts[account.Id] = (second, count + 1);
        return count < most;
    }
}
