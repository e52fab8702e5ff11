using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Channels;

/// <summary>Lets go of a channel whose workspace is being deleted: no more events are asked for, and our copy of its token is destroyed.</summary>
/// <remarks>The vendor has no call that ends one account's token alone: what the person granted covers all their accounts, also those of another shop (facts/meta.md section 9.1).</remarks>
public sealed record LeaveChannel(ChannelId Channel) : IJob
{
    public static string Kind => "leave_channel";
    public static bool Leaves => true;
    public string Lane => $"leave/{Channel}";
    public string OrderKey => Channel.ToString();

    /// <summary>After that the purge takes the token in any case.</summary>
    public static TimeSpan GiveUpAfter => Deletions.UndoFor;
}

/// <summary>From the moment of the request every channel is disconnected: nothing is sent, the agent is silent, events find no workspace. The vendor is told by jobs.</summary>
internal sealed class LeaveOnDeletionAsked(OrderClosrDb db, Facts facts, TimeProvider time) : IListener<DeletionAsked>
{
    public async Task OnAsync(DeletionAsked fact, CancellationToken stop)
    {
        var (here, now) = (db.WorkspaceId, time.GetUtcNow());
        var ids = await db.Channels.Where(c => c.State != ChannelState.Disconnected).Select(c => c.Id).ToListAsync(stop);
        await db.Dialect.LockRowsAsync(db, "channels", ids.ConvertAll(id => id.Value), stop);
        foreach (var channel in await db.Channels.Where(c => ids.Contains(c.Id)).ToListAsync(stop))
        {
            (channel.State, channel.Trouble, channel.Health, channel.Templates) = (ChannelState.Disconnected, null, null, null);
            db.Later(new LeaveChannel(channel.Id), now);
        }
        await db.SaveChangesAsync(stop);
        var targets = ids.ConvertAll(id => id.Value);
        await db.Set<AccountRoute>().Where(r => r.WorkspaceId == here && targets.Contains(r.Target)).ExecuteDeleteAsync(stop);
        foreach (var id in ids) await facts.TellAsync(new ChannelDisconnected(id), stop);
    }
}

internal sealed class LeaveChannelHandler(OrderClosrDb db, IChannelVendor vendor, TimeProvider time) : IJobHandler<LeaveChannel>
{
    public async Task<JobOutcome> RunAsync(LeaveChannel job, JobRun run, CancellationToken stop)
    {
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Channel, stop) is not { State: ChannelState.Disconnected } channel) return JobOutcome.Dropped("The channel is gone or was connected again.");
        if (!await IsOthersAsync(channel, stop) && !await LetGoAsync(channel, stop)) return JobOutcome.Again(time.GetUtcNow() + Retries.Wait(run.Attempt), "The channel still sends us its events.");
        return JobOutcome.Done((scope, inner) => DestroyAsync(scope, job.Channel, inner));
    }

    private async Task<bool> LetGoAsync(Channel channel, CancellationToken stop)
    {
        try
        {
            // A Page and its Instagram account are subscribed together: another shop that has the Page goes on hearing.
            var isShared = channel.ParentId is { } parent && await db.Set<AccountRoute>().AnyAsync(r => r.Account == parent && r.WorkspaceId != db.WorkspaceId, stop);
            await vendor.LeaveAsync(channel, isShared, stop);
            // Only a clear no is a no; a vendor that is down has not let go.
            return isShared || (await vendor.CheckAsync(channel, stop)).Checks.FirstOrDefault(c => c.Check == "subscribed") is not { Ok: not false };
        }
        catch (FernetException)
        {
            // Without the key nobody can act for it: our copy is of no use to anyone.
            return true;
        }
    }

    /// <summary>Connected to another workspace by now: its events are that one's.</summary>
    private async Task<bool> IsOthersAsync(Channel channel, CancellationToken stop)
    {
        foreach (var (source, account) in vendor.RoutesOf(channel.Kind, channel.ExternalId, channel.ParentId))
            if (await db.Set<AccountRoute>().AnyAsync(r => r.Source == source && r.Account == account && r.WorkspaceId != db.WorkspaceId, stop)) return true;
        return false;
    }

    private static async Task DestroyAsync(WorkspaceScope scope, ChannelId id, CancellationToken stop)
    {
        await scope.Db.Dialect.LockRowAsync(scope.Db, "channels", id.Value, stop);
        if (await scope.Db.Channels.SingleOrDefaultAsync(c => c.Id == id, stop) is { State: ChannelState.Disconnected } channel)
            (channel.Token, channel.Person, channel.Pin, channel.TokenEndsAt) = (scope.Get<SecretBox>().Seal(scope.Db.WorkspaceId, "channel.token", ""), null, null, null);
    }
}
