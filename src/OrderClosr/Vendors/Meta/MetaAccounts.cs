using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Vendors.Meta;

/// <summary>What Meta's events say about the channels themselves: that they are alive, restricted, removed.</summary>
internal sealed class MetaAccounts(OrderClosrDb db, ChannelHealth health, MetaClient meta, TimeProvider time)
{
    /// <summary>Marks the accounts as heard from and writes what happened to them; inside the caller's transaction.</summary>
    internal async Task HeardFromAsync(IReadOnlyList<MetaPart> parts, CancellationToken stop)
    {
        await health.HeardFromAsync([.. parts.Select(p => new ChannelId(p.Target)).Distinct()], stop);
        foreach (var part in parts.Where(p => p.Health is not null))
        {
            // What is said of a business account holds for each of its numbers.
            var target = new ChannelId(part.Target);
            var channels = part.RouteSource == MetaPart.Waba
                ? await db.Channels.Where(c => c.ParentId == part.Account && c.Kind == ChannelKind.Whatsapp).ToListAsync(stop)
                : await db.Channels.Where(c => c.Id == target).ToListAsync(stop);
            foreach (var channel in channels.Where(c => c.State != ChannelState.Disconnected))
            {
                if (part.Health!.Heals is { } healed && channel.Trouble == healed)
                {
                    // Without its token (the person who connected it left) it can only be connected anew.
                    if (part.Health.Leaves is null) await health.MendAsync(channel, stop);
                    else if (meta.TokenOf(channel).Length > 0) channel.Trouble = part.Health.Leaves;
                    db.Tell("channel", channel.Id);
                }
                if (part.Health.Trouble is { } trouble) await health.TroubleAsync(channel, trouble, part.Health.Stops, stop);
                db.Later(new CheckChannel(channel.Id), time.GetUtcNow());
            }
        }
    }
}
