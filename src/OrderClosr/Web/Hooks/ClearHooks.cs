using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Web.Hooks;

/// <summary>Once a day: the log of deliveries goes back 30 days.</summary>
public sealed record ClearHooks : IJob
{
    public static string Kind => "clear_hooks";
    public string Lane => "work/system";
    public string OrderKey => "clear-hooks";
}

internal sealed class ClearHooksHandler(WorkspaceScopes scopes, TimeProvider time) : IJobHandler<ClearHooks>
{
    public async Task<JobOutcome> RunAsync(ClearHooks job, JobRun run, CancellationToken stop)
    {
        var old = time.GetUtcNow().AddDays(-30);
        foreach (var workspace in await scopes.WithAnyAsync<HookDelivery>(d => d.At < old, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Db.InTransactionAsync(() => scope.Db.HookDeliveries.Where(d => d.At < old).ExecuteDeleteAsync(stop), stop);
        }
        return JobOutcome.Done();
    }
}
