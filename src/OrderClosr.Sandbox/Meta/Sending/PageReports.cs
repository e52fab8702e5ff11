using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Meta.Media;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Sending;

/// <summary>What comes back after a message to Messenger or Instagram: the echo, then delivered and read.</summary>
public sealed class PageReports(MetaWorld world, MetaOutbox outbox, MediaShelf shelf, Deliveries deliveries, SandboxOptions options, TimeProvider time)
{
    /// <summary>Echoes our own messages; with <c>echo-before-answer</c> it returns only after the echo and a wait, with <c>reports-before-answer</c> after the reports and a wait.</summary>
    public async Task SentAsync(MetaThread thread, IReadOnlyList<ThreadItem> items, PageMessage read)
    {
        var account = thread.Account;
        var echo = outbox.MessagingEntry(account, PageEvents.To(thread, items[0].At, "message", Echo(thread, items, read)));
        var field = PageEvents.Field(account.Kind, "message", echo: true);
        var late = world.Faults.Take($"/{account.Id}/messages", "echo-before-answer");
        if (!world.Faults.Knob("drop-echoes"))
        {
            if (late is not null) await outbox.CarryAsync(account, field, echo);
            else deliveries.Run(async () =>
            {
                await Task.Delay(options.Pace.Sent, time);
                outbox.Post(account, field, echo);
            });
        }
        if (late is not null) await Task.Delay(TimeSpan.FromSeconds(late.Seconds ?? 5), time);
        if (world.Faults.Take($"/{account.Id}/messages", "reports-before-answer") is { } early)
        {
            await ReportAsync(thread, items);
            await world.HoldAnswerAsync(early);
        }
        else if (!world.Faults.IsOn("no-statuses")) deliveries.Run(() => ReportAsync(thread, items));
    }

    private JsonObject Echo(MetaThread thread, IReadOnlyList<ThreadItem> items, PageMessage read)
    {
        var echo = new JsonObject { ["mid"] = items[0].Id, ["is_echo"] = true };
        // On Instagram an echo never says which app wrote it, nor what we marked it with (facts: meta.md section 11).
        if (thread.Account.Kind == MetaKind.Page) echo.With("app_id", long.TryParse(options.MetaAppId, CultureInfo.InvariantCulture, out var app) ? app : options.MetaAppId).With("metadata", read.Metadata);
        if (items[0].ReplyTo is { } quoted) echo["reply_to"] = new JsonObject { ["mid"] = quoted };
        if (read.Template is { } template) return echo.With("attachments", new JsonArray(template.DeepClone()));
        var files = items.Select(i => (i.Kind, Media: shelf.Find(i.MediaId))).Where(f => f.Media is not null)
            .Select(f => (JsonNode)new JsonObject { ["type"] = f.Kind, ["payload"] = new JsonObject { ["url"] = shelf.PageUrl(f.Media!) } }).ToArray();
        return files.Length > 0 ? echo.With("attachments", new JsonArray(files)) : echo.With("text", items[0].Text);
    }

    private async Task ReportAsync(MetaThread thread, IReadOnlyList<ThreadItem> items)
    {
        var (account, pace) = (thread.Account, options.Pace);
        await Task.Delay(pace.Sent + pace.Delivered, time);
        var readFirst = world.Faults.Knob("read-before-delivered");
        if (readFirst) Read();
        else Delivered();
        await Task.Delay(pace.Read, time);
        if (readFirst) Delivered();
        else Read();

        void Delivered()
        {
            lock (world.Gate) foreach (var item in items) if (item.Status == "sent") item.Status = "delivered";
            if (account.Kind != MetaKind.Page) return;
            outbox.Messaging(account, "message_deliveries", PageEvents.From(thread, time.GetUtcNow(), "delivery", new JsonObject
            {
                ["mids"] = new JsonArray(items[0].Id), ["watermark"] = items[^1].At.ToUnixTimeMilliseconds(),
            }));
        }

        void Read()
        {
            lock (world.Gate) foreach (var item in items) item.Status = "read";
            outbox.Messaging(account, PageEvents.Field(account.Kind, "read"), PageEvents.From(thread, time.GetUtcNow(), "read",
                account.Kind == MetaKind.Page ? new JsonObject { ["watermark"] = items[^1].At.ToUnixTimeMilliseconds() } : new JsonObject { ["mid"] = items[0].Id }));
        }
    }
}
