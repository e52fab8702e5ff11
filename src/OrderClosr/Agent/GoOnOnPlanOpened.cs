using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Agent;

/// <summary>The plan is paid, or has become larger: the agent answers what waited for it, at once; what went to a person only because the month was full comes back within a minute.</summary>
internal sealed class GoOnOnPlanOpened(OrderClosrDb db, TimeProvider time) : IListener<PlanOpened>
{
    public async Task OnAsync(PlanOpened fact, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await db.Conversations.Where(c => c.SilentBecause == TurnGates.PlanRests).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.SilentBecause, (string?)null).SetProperty(c => c.DueAt, c => c.FirstUnansweredAt == null ? null : (DateTimeOffset?)now).SetProperty(c => c.Version, c => c.Version + 1), stop);
        await db.Conversations.Where(c => c.HeldBy == HeldBy.Nobody && c.HandOverReason == TurnGates.PlanFull).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.ResumesAt, (DateTimeOffset?)now).SetProperty(c => c.Version, c => c.Version + 1), stop);
    }
}
