using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Meta.Media;
using OrderClosr.Sandbox.Meta.Webhooks;

namespace OrderClosr.Sandbox.Meta.Sending;

/// <summary>Statuses after a WhatsApp message: sent, delivered, read; or failed, minutes later in life and soon here (facts: meta.md section 5.3).</summary>
public sealed class WhatsAppReports(MetaWorld world, WhatsAppEvents events, MetaOutbox outbox, MediaShelf shelf, LinkedMedia links, Deliveries deliveries, SandboxOptions options, TimeProvider time)
{
    /// <summary>Reports in the background; <paramref name="failure"/> is the code of the failed status. With <c>reports-before-answer</c> the task is done after the reports and a wait.</summary>
    public async Task SentAsync(MetaThread thread, ThreadItem item, WhatsAppMessage message, string? correlation, int? failure)
    {
        if (world.Faults.Take($"/{thread.Account.Id}/messages", "reports-before-answer") is not { } early)
        {
            deliveries.Run(() => ReportAsync(thread, item, message, correlation, failure));
            return;
        }
        await ReportAsync(thread, item, message, early.Value == "unmarked" ? null : correlation, failure);
        await world.HoldAnswerAsync(early);
    }

    private async Task ReportAsync(MetaThread thread, ThreadItem item, WhatsAppMessage message, string? correlation, int? failure)
    {
        var pace = options.Pace;
        if (failure is null && message.File is { Link: { } link } && await FetchAsync(thread, item, message.Kind, link) is { } code) failure = code;
        await Task.Delay(pace.Sent, time);
        var category = message.Template?.Category.ToLowerInvariant() ?? "service";
        if (failure is not null)
        {
            Report("failed");
            return;
        }
        if (world.Faults.IsOn("no-statuses")) { lock (world.Gate) item.Status = "read"; return; }
        Report("sent");
        await Task.Delay(pace.Delivered, time);
        if (message.Reaction is not null) { Report("delivered"); return; }
        var readFirst = world.Faults.Knob("read-before-delivered");
        if (!readFirst) Report("delivered");
        await Task.Delay(pace.Read, time);
        Report("read");
        if (readFirst) Report("delivered");

        void Report(string status)
        {
            lock (world.Gate)
            {
                if (item.Status != "read") item.Status = status;
                item.FailedWith = failure;
            }
            outbox.Change(thread.Account, "messages", events.Status(thread, item.Id, status, time.GetUtcNow(), correlation, category, failure));
        }
    }

    // Null: the file is on the shelf now; otherwise the code it failed with.
    private async Task<int?> FetchAsync(MetaThread thread, ThreadItem item, string type, string link)
    {
        var (bytes, mime, _) = await links.FetchAsync(link);
        if (bytes is null || MediaKinds.WhatsAppLimit(type, mime) is not { } most || bytes.Length > most || (type != "document" && !(MediaKinds.Sniff(bytes) is { } real && MediaKinds.Agrees(mime, real))))
        {
            lock (world.Gate) thread.Items.Remove(item); // it never reached the phone
            return 131_053;
        }
        var media = shelf.Keep(thread.Account, bytes, mime, TimeSpan.FromDays(30));
        lock (world.Gate) item.MediaId = media.Id;
        return null;
    }
}
