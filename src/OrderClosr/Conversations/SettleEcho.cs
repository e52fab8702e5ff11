using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Conversations;

/// <summary>Decides, once the answer to our own send must have come, whether an echo was ours or a person's.</summary>
public sealed record SettleEcho(ChannelId Channel, string ChannelMessageId, ConversationId Conversation) : IJob
{
    public static string Kind => "settle_echo";
    public string Lane => $"work/channel-{Channel}";
    public string OrderKey => Conversation.ToString();
}

internal sealed class SettleEchoHandler : IJobHandler<SettleEcho>
{
    public Task<JobOutcome> RunAsync(SettleEcho job, JobRun run, CancellationToken stop) => Task.FromResult(JobOutcome.Done((scope, inner) => SettleAsync(scope, job, inner)));

    private static async Task SettleAsync(WorkspaceScope scope, SettleEcho job, CancellationToken stop)
    {
        var db = scope.Db;
        var time = scope.Get<TimeProvider>();
        await db.Dialect.LockRowAsync(db, "conversations", job.Conversation.Value, stop);
        // Taken up meanwhile: the answer to our send came with this id.
        if (await db.EarlyWords.SingleOrDefaultAsync(w => w.ChannelId == job.Channel && w.ChannelMessageId == job.ChannelMessageId && w.Kind == EarlyKind.Echo, stop) is not { } word) return;
        db.Remove(word);
        var news = JsonSerializer.Deserialize<EchoNews>(word.News, Receiving.ExtrasJson)!;
        await scope.Get<Receiving>().ReceiveAsync([new(job.Channel, news with { Origin = EchoOrigin.Elsewhere })], stop);
    }
}
