using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Billing;

/// <summary>Something a plan limits, counted by the room that has it.</summary>
public interface IPlanUse
{
    /// <summary>Why so many more do not fit into a plan; null: they do.</summary>
    Task<Refusal?> RefusesAsync(Plan plan, int more, CancellationToken stop);
}

/// <summary>Asks the shop's plan where something it limits is added.</summary>
public sealed class PlanLimits(Plans plans, Subscriptions subscriptions)
{
    /// <summary>Why one more does not fit; null: it does, or nothing is limited here.</summary>
    public async Task<Refusal?> RefusesOneMoreAsync(IPlanUse use, CancellationToken stop) =>
        await subscriptions.EnsureAsync(stop) is { } subscription ? await use.RefusesAsync(plans.Of(subscription), 1, stop) : null;
}

/// <summary>People in the workspace, with those who are invited: who is invited must find room.</summary>
internal sealed class MembersUse(OrderClosrDb db, TimeProvider time) : IPlanUse
{
    public async Task<Refusal?> RefusesAsync(Plan plan, int more, CancellationToken stop)
    {
        if (plan.Members is not { } most) return null;
        var (here, now) = (db.WorkspaceId, time.GetUtcNow());
        var count = await db.Members.CountAsync(m => m.WorkspaceId == here, stop) + await db.Invitations.CountAsync(i => i.ExpiresAt > now, stop);
        return count + more <= most ? null
            : new("plan_members", $"The plan {plan.Name} is for {most} people, invitations included: take a larger plan, or remove somebody.", "email", [plan.Name, $"{most}"], RefusalKind.Conflict);
    }
}

/// <summary>Tells the room of members whether one more fits.</summary>
internal sealed class RoomForMembers(PlanLimits limits, IEnumerable<IPlanUse> uses) : IMemberRoom
{
    public Task<Refusal?> RefusesOneMoreAsync(CancellationToken stop) => limits.RefusesOneMoreAsync(uses.OfType<MembersUse>().Single(), stop);
}
