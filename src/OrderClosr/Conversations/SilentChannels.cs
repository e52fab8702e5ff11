using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>When a channel that usually has messages is silent for too long, told by its own past.</summary>
/// <remarks>
/// The rule: hours count only between 8 and 23 o'clock in Algiers. A channel usually has messages when customers wrote at least <see cref="FewestMessages"/> times on at least
/// <see cref="FewestDays"/> different days of the last 14. It is silent for too long after one and a half times the longest pause it had in these days, never before <see cref="ShortestSilence"/>.
/// A channel that has less is left to the check that looks for two days without an event (<see cref="ChannelHealth.SuspiciousSilence"/>).
/// </remarks>
public static class Silence
{
    public const int FewestMessages = 20, FewestDays = 5;
    public static readonly TimeSpan ShortestSilence = TimeSpan.FromHours(3), Past = TimeSpan.FromDays(14);

    private static readonly TimeSpan DayBegins = TimeSpan.FromHours(8), DayEnds = TimeSpan.FromHours(23);

    /// <summary>How long the channel may be silent in hours of the day; null when it has too little past to say.</summary>
    /// <param name="written">When customers wrote in the last 14 days, in any order.</param>
    public static TimeSpan? LimitOf(IEnumerable<DateTimeOffset> written)
    {
        var times = written.Order().ToList();
        if (times.Count < FewestMessages || times.Select(AlgiersTime.DateInAlgiers).Distinct().Count() < FewestDays) return null;
        var longest = times.Zip(times.Skip(1), Awake).Max();
        return TimeSpan.FromTicks(Math.Max(ShortestSilence.Ticks, longest.Ticks * 3 / 2));
    }

    /// <summary>The part of a span that lies in the days of Algiers.</summary>
    /// <example>From 22:00 to 9:00 the next morning: two hours.</example>
    public static TimeSpan Awake(DateTimeOffset from, DateTimeOffset to)
    {
        var (start, end) = (AlgiersTime.ToAlgiers(from).DateTime, AlgiersTime.ToAlgiers(to).DateTime);
        if (end <= start) return TimeSpan.Zero;
        var sum = TimeSpan.Zero;
        for (var day = start.Date; day <= end.Date; day = day.AddDays(1))
        {
            var (first, last) = (day + DayBegins, day + DayEnds);
            var (a, b) = (first > start ? first : start, last < end ? last : end);
            if (b > a) sum += b - a;
        }
        return sum;
    }
}

/// <summary>Looks in every workspace for channels that are silent for too long.</summary>
public sealed record WatchChannels : IJob
{
    public static string Kind => "watch_channels";
    public string Lane => "work/system";
    public string OrderKey => "watch-channels";
}

internal sealed class WatchChannelsHandler(WorkspaceScopes scopes, TimeProvider time) : IJobHandler<WatchChannels>
{
    public async Task<JobOutcome> RunAsync(WatchChannels job, JobRun run, CancellationToken stop)
    {
        // Anything shorter is not yet silence.
        var quiet = time.GetUtcNow() - Silence.ShortestSilence;
        foreach (var workspace in await scopes.WithAnyAsync<Channel>(c => c.State == ChannelState.Connected && c.LastEventAt < quiet, stop))
        {
            await using var scope = scopes.Open(workspace);
            foreach (var id in await scope.Db.Channels.Where(c => c.State == ChannelState.Connected && c.LastEventAt < quiet).Select(c => c.Id).ToListAsync(stop)) scope.Db.Later(new WatchChannel(id), time.GetUtcNow());
            await scope.Db.SaveChangesAsync(stop);
        }
        return JobOutcome.Done();
    }
}

/// <summary>Checks a channel that has been silent for unusually long, and tells the owner once.</summary>
public sealed record WatchChannel(ChannelId Channel) : IJob
{
    public static string Kind => "watch_channel";
    public string Lane => $"work/channel-{Channel}";
    public string OrderKey => Channel.ToString();
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(2);
}

/// <inheritdoc cref="WatchChannel"/>
internal sealed class WatchChannelHandler(OrderClosrDb db, Connecting connecting, TimeProvider time) : IJobHandler<WatchChannel>
{
    public async Task<JobOutcome> RunAsync(WatchChannel job, JobRun run, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Channel && c.State == ChannelState.Connected, stop) is not { LastEventAt: { } last } channel) return JobOutcome.Dropped("There is nothing to watch.");
        // One silence is told once: only a new event begins another.
        if (channel.SilenceToldAt >= last) return JobOutcome.Done();
        var since = now - Silence.Past;
        var written = await db.Messages.Where(m => m.ChannelId == job.Channel && m.Direction == Direction.In && m.At > since).Select(m => m.At).ToListAsync(stop);
        var spoke = written.Count > 0 && written.Max() > last ? written.Max() : last;
        if (Silence.LimitOf(written) is not { } limit || Silence.Awake(spoke, now) <= limit) return JobOutcome.Done();
        // A lost subscription is taken again here; a broken channel tells its owner by itself.
        await connecting.CheckAsync(job.Channel, stop);
        return JobOutcome.Done(async (scope, inner) =>
        {
            var row = await scope.Db.Channels.SingleAsync(c => c.Id == job.Channel, inner);
            if (row.State != ChannelState.Connected || row.LastEventAt > now || row.SilenceToldAt >= last) return;
            row.SilenceToldAt = now;
            await scope.Get<OwnerLetters>().WriteAsync(row, OwnerLetter.Silent, inner);
            await scope.Db.SaveChangesAsync(inner);
        });
    }
}
