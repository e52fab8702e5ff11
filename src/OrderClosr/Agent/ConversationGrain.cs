using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>The one owner of a conversation over all machines. Key: <c>workspace/conversation</c>.</summary>
public interface IConversationGrain : IGrainWithStringKey
{
    /// <summary>There may be something to answer. Cheap and harmless to repeat.</summary>
    [Orleans.Concurrency.OneWay]
    Task NudgeAsync();
}

/// <inheritdoc cref="IConversationGrain"/>
/// <remarks>A mailbox and a timer: waits for the end of the customer's burst and takes the turn. Holds nothing that SQL lacks.</remarks>
// The default placement keeps nearly everything on the node that asked first.
[Orleans.Placement.RandomPlacement]
internal sealed class ConversationGrain(Turn turn, WorkspaceScopes scopes, Strain strain, TimeProvider time, ILogger<ConversationGrain> log) : Grain, IConversationGrain
{
    private static readonly TimeSpan AfterStumble = TimeSpan.FromSeconds(2), Soon = TimeSpan.FromMilliseconds(20);

    private IGrainTimer? _timer;

    public Task NudgeAsync() => WaitAsync(Soon);

    private Task WaitAsync(TimeSpan wait)
    {
        _timer ??= this.RegisterGrainTimer(WakeAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        _timer.Change(wait < Soon ? Soon : wait, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    private async Task WakeAsync(CancellationToken stop)
    {
        var (workspace, conversation) = Key(this.GetPrimaryKeyString());
        try
        {
            await strain.GiveWayAsync("turns", stop);
            var end = await BurstEndsAsync(workspace, conversation, stop);
            if (end is null) return;
            var wait = end.Value - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                // Later ones are the sweep's.
                if (wait < TimeSpan.FromSeconds(30)) await WaitAsync(wait);
                return;
            }
            if (await turn.TakeAsync(workspace, conversation, stop) is TurnEnd.ThrownAway or TurnEnd.Later or TurnEnd.Replied) await WaitAsync(Soon);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping; what was not committed is done by whoever wakes next.
        }
        catch (Exception error)
        {
            log.LogError(error, "The turn of a conversation stumbled.");
            await WaitAsync(AfterStumble);
        }
    }

    /// <summary>When to answer; null when nothing is due.</summary>
    private async Task<DateTimeOffset?> BurstEndsAsync(WorkspaceId workspace, ConversationId id, CancellationToken stop)
    {
        await using var scope = scopes.Open(workspace);
        var db = scope.Db;
        var due = await db.Conversations.AsNoTracking().Where(c => c.Id == id).Select(c => new { c.DueAt, c.AnsweredUpTo, c.ChannelKind }).SingleOrDefaultAsync(stop);
        if (due?.DueAt is not { } dueAt) return null;
        var messages = await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Seq > due.AnsweredUpTo && m.Direction == Direction.In && !m.IsHistoric && !m.IsSettled && m.DeletedAt == null)
            .Select(m => new { m.Text, m.Kind, m.StoredAt, m.At, m.Seq }).ToListAsync(stop);
        if (messages.Count == 0) return dueAt;
        var end = Burst.EndsAt([.. messages.OrderBy(m => ReadingOrder.MomentOf(due.ChannelKind, m.At)).ThenBy(m => m.Seq).Select(m => (m.Text, m.Kind, m.StoredAt))]);
        return end > dueAt ? end : dueAt;
    }

    internal static string KeyOf(WorkspaceId workspace, ConversationId conversation) => $"{workspace}/{conversation}";

    private static (WorkspaceId, ConversationId) Key(string key)
    {
        var parts = key.Split('/');
        WorkspaceId.TryParse(parts[0], null, out var workspace);
        ConversationId.TryParse(parts[1], null, out var conversation);
        return (workspace, conversation);
    }
}

/// <summary>Wakes a conversation's grain when a commit changed it: speed only, the sweep is the guarantee.</summary>
internal sealed class ConversationWaking(Bell bell, IGrainFactory grains, IHostApplicationLifetime life) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        bell.Listen(notice =>
        {
            if (notice.What == "conversation" && life.ApplicationStarted.IsCancellationRequested && !life.ApplicationStopping.IsCancellationRequested)
                _ = Waking.WakeAsync(() => grains.GetGrain<IConversationGrain>($"{notice.Workspace}/{notice.Key}").NudgeAsync());
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
