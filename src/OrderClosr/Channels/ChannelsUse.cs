using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>Connected accounts, as a plan counts them: a Page and its Instagram account are two.</summary>
public sealed class ChannelsUse(OrderClosrDb db) : IPlanUse
{
    public async Task<Refusal?> RefusesAsync(Plan plan, int more, CancellationToken stop)
    {
        if (plan.Channels is not { } most || await db.Channels.CountAsync(c => c.State != ChannelState.Disconnected, stop) + more <= most) return null;
        return new("plan_channels", $"The plan {plan.Name} is for {most} channels: take a larger plan, or disconnect one.", null, [plan.Name, $"{most}"], RefusalKind.Conflict);
    }
}
