using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Orders;

/// <summary>On its day a postponed order returns to the queue. Written when it is postponed, due on that day.</summary>
public sealed record WakePostponed(WorkspaceId Workspace, OrderId Order) : IJob
{
    public static string Kind => "wake_postponed";
    public string Lane => $"work/{Workspace}";
    public string OrderKey => Order.ToString();
}

/// <summary>An order that was decided meanwhile, or put off again, is left alone: its newer job comes on its own day.</summary>
internal sealed class WakePostponedHandler(TimeProvider time) : IJobHandler<WakePostponed>
{
    public Task<JobOutcome> RunAsync(WakePostponed job, JobRun run, CancellationToken stop) => Task.FromResult(JobOutcome.Done(async (scope, stopping) =>
    {
        var now = time.GetUtcNow();
        var order = await scope.Db.LockedOrderAsync(job.Order, stopping);
        if (order is not { State: OrderState.Postponed } || order.NextTryAt > now) return;
        await scope.Get<FollowOrder>().ReopenAsync(order.Id, new Cause(ActorKind.System, now, "day_came"), stopping);
    }));
}
