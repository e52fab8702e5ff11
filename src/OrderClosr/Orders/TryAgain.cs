using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Orders;

/// <summary>The next try to reach a customer is due, or a member has had an order in hand for as long as one may: time alone made it so, and the open pages must hear of it. Written with the try that failed, and with the taking.</summary>
public sealed record TryAgain(WorkspaceId Workspace, OrderId Order) : IJob
{
    public static string Kind => "try_again";
    public string Lane => $"work/{Workspace}";
    public string OrderKey => Order.ToString();
}

/// <summary>Changes nothing: the queue reads the clock itself.</summary>
internal sealed class TryAgainHandler(TimeProvider time) : IJobHandler<TryAgain>
{
    public Task<JobOutcome> RunAsync(TryAgain job, JobRun run, CancellationToken stop) => Task.FromResult(JobOutcome.Done(async (scope, stopping) =>
    {
        var now = time.GetUtcNow();
        if (await scope.Db.LockedOrderAsync(job.Order, stopping) is { } order && ((order.State == OrderState.Contacting && order.NextTryAt <= now) || order.TakenUntil <= now)) scope.Db.Tell("order", order.Id);
    }));
}
