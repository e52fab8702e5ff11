using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>Whether messages flow through a channel: marks it broken or mended and tells the rooms below.</summary>
public sealed class ChannelHealth(OrderClosrDb db, TimeProvider time)
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

    /// <summary>Writes what is wrong; when it stops sending, the channel is broken until it is mended.</summary>
    public void Trouble(Channel channel, string trouble, bool stops)
    {
        channel.Trouble = trouble;
        if (stops && channel.State == ChannelState.Connected) channel.State = ChannelState.Broken;
        db.Tell("channel", channel.Id);
    }

    /// <summary>All is well again.</summary>
    public void Mend(Channel channel)
    {
        channel.Trouble = null;
        if (channel.State == ChannelState.Broken) channel.State = ChannelState.Connected;
        db.Tell("channel", channel.Id);
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
