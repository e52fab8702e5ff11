using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Channels;

/// <summary>Renews the token of one channel.</summary>
public sealed record RenewToken(ChannelId Channel) : IJob
{
    public static string Kind => "renew_token";
    public string Lane => $"work/channel-{Channel}";
    public string OrderKey => Channel.ToString();
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(20); // the next day tries again
}

internal sealed class RenewTokenHandler(Connecting connecting) : IJobHandler<RenewToken>
{
    public async Task<JobOutcome> RunAsync(RenewToken job, JobRun run, CancellationToken stop)
    {
        try
        {
            await connecting.RenewAsync(job.Channel, stop);
            return JobOutcome.Done();
        }
        catch (VendorFailure failure) when (failure.Category is FailureCategory.Credentials or FailureCategory.Configuration or FailureCategory.Refused)
        {
            // Dead already, or not to be renewed yet: the look says which, and tells the owner where a person is needed.
            await connecting.CheckAsync(job.Channel, stop);
            return JobOutcome.Dropped(failure.Message);
        }
    }
}

/// <summary>Renews, long before their end, the tokens that the vendor lets us renew.</summary>
public sealed record RenewTokens : IJob
{
    /// <summary>So long before the end it begins: a month of daily tries for a token of sixty days.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    /// <summary>On its first day the vendor renews none (facts/meta.md section 9.2).</summary>
    public static readonly TimeSpan TooFresh = TimeSpan.FromHours(24);

    public static string Kind => "renew_tokens";
    public string Lane => "work/system";
    public string OrderKey => "renew-tokens";
}

internal sealed class RenewTokensHandler(WorkspaceScopes scopes, IChannelVendor vendor, TimeProvider time) : IJobHandler<RenewTokens>
{
    public async Task<JobOutcome> RunAsync(RenewTokens job, JobRun run, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var (soon, fresh) = (now + RenewTokens.Ahead, now - RenewTokens.TooFresh);
        foreach (var workspace in await scopes.WithAnyAsync<Channel>(c => c.State == ChannelState.Connected && (c.TokenEndsAt == null || c.TokenEndsAt <= soon), stop))
        {
            await using var scope = scopes.Open(workspace);
            var db = scope.Db;
            var due = await db.Channels.AsNoTracking().Where(c => c.State == ChannelState.Connected && (c.TokenEndsAt == null || c.TokenEndsAt <= soon)).ToListAsync(stop);
            // One whose end nobody knows is renewed once: then it is known.
            foreach (var channel in due.Where(c => vendor.Renews(c) && (c.TokenAt ?? c.ConnectedAt) <= fresh)) db.Later(new RenewToken(channel.Id), now);
            await db.SaveChangesAsync(stop);
        }
        return JobOutcome.Done();
    }
}

/// <summary>Asks once for what a number shared with the app on the phone knows, within a day of its connection.</summary>
public sealed record ShareFromPhone(ChannelId Channel) : IJob
{
    public static string Kind => "share_from_phone";

    /// <summary>The channel's own: with a token that is refused it waits there until the channel is mended.</summary>
    public string Lane => OrderClosr.Channels.Channel.LaneOf(Channel);
    public string OrderKey => Channel.ToString();
}

internal sealed class ShareFromPhoneHandler(OrderClosrDb db, IChannelVendor vendor) : IJobHandler<ShareFromPhone>
{
    public async Task<JobOutcome> RunAsync(ShareFromPhone job, JobRun run, CancellationToken stop)
    {
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Channel && c.State != ChannelState.Disconnected && c.IsOnPhone, stop) is not { } channel) return JobOutcome.Dropped("The channel is gone.");
        await vendor.ShareAsync(channel, stop);
        return JobOutcome.Done();
    }
}
