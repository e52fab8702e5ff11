using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>Whether messages flow through a channel: marks it broken or mended and tells the rooms below.</summary>
public sealed class ChannelHealth(OrderClosrDb db, Facts facts, OwnerLetters letters, TimeProvider time)
{
    /// <summary>A channel without an event for so long is suspicious (facts/meta.md section 2.4).</summary>
    public static readonly TimeSpan SuspiciousSilence = TimeSpan.FromHours(48);

    /// <summary>Notes that events come; at most once a minute per channel, without disturbing whoever edits the row.</summary>
    public async Task HeardFromAsync(IReadOnlyCollection<ChannelId> channels, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var before = now - TimeSpan.FromMinutes(1);
        await db.Channels.Where(c => channels.Contains(c.Id) && (c.LastEventAt == null || c.LastEventAt < before)).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastEventAt, now), stop);
    }

    /// <summary>Writes what is wrong; when it stops sending, the channel is broken until it is mended. Of a stop and of a limit the owner is told by letter. Inside the caller's transaction.</summary>
    public async Task TroubleAsync(Channel channel, string trouble, bool stops, CancellationToken stop)
    {
        // What stops no sending says less than what has broken the channel, and must not take the place of its reason.
        if (!stops && channel.State == ChannelState.Broken) return;
        var isNew = channel.Trouble != trouble;
        channel.Trouble = trouble;
        db.Tell("channel", channel.Id);
        if (!stops && isNew && channel.TakesNoTemplate) await letters.WriteAsync(channel, OwnerLetter.Limited, stop);
        if (!stops || channel.State != ChannelState.Connected) return;
        channel.State = ChannelState.Broken;
        await letters.WriteAsync(channel, OwnerLetter.Broken, stop);
    }

    /// <summary>All is well again: what waited is sent, the agent goes on. Inside the caller's transaction.</summary>
    public async Task MendAsync(Channel channel, CancellationToken stop)
    {
        var wasBroken = channel.State == ChannelState.Broken;
        (channel.Trouble, channel.State) = (null, ChannelState.Connected);
        await db.SaveChangesAsync(stop);
        await db.ResumeLaneAsync(channel.Lane, time.GetUtcNow(), stop);
        if (wasBroken) await facts.TellAsync(new ChannelMended(channel.Id), stop);
        db.Tell("channel", channel.Id);
    }
}

/// <summary>A broken channel works again.</summary>
public sealed record ChannelMended(ChannelId Channel);

/// <summary>The merchant disconnected a channel.</summary>
public sealed record ChannelDisconnected(ChannelId Channel);

/// <summary>The vendor refused the channel's token while something was sent: the channel is broken until it is connected again.</summary>
internal sealed class BreakOnLaneBroken(OrderClosrDb db, ChannelHealth health) : IListener<LaneBroken>
{
    public async Task OnAsync(LaneBroken fact, CancellationToken stop)
    {
        if (!fact.Lane.StartsWith("meta/", StringComparison.Ordinal) || !ChannelId.TryParse(fact.Lane[5..], null, out var id)) return;
        if (await db.Channels.SingleOrDefaultAsync(c => c.Id == id, stop) is { State: ChannelState.Connected } channel) await health.TroubleAsync(channel, channel.Trouble ?? "token_refused", stops: true, stop);
    }
}

/// <summary>Looks at every switch of a connection again.</summary>
public sealed record CheckChannel(ChannelId Channel) : IJob
{
    public static string Kind => "check_channel";
    public string Lane => $"work/channel-{Channel}";
    public string OrderKey => Channel.ToString();
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(2);
}
