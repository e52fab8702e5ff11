using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Dashboard;

/// <summary>Every minute: days of which something was saved are counted anew.</summary>
public sealed record CountDays : IJob
{
    public static string Kind => "count_days";
    public string Lane => "work/system";
    public string OrderKey => "count-days";
    public static TimeSpan GiveUpAfter => TimeSpan.FromMinutes(10);
    public static bool GivesWay => true;
}

internal sealed class CountDaysHandler(WorkspaceScopes scopes) : IJobHandler<CountDays>
{
    /// <summary>So many days of one shop a minute, or one shop's import would keep all others waiting.</summary>
    private const int MostDays = 400;

    public async Task<JobOutcome> RunAsync(CountDays job, JobRun run, CancellationToken stop)
    {
        foreach (var workspace in await scopes.WithAnyAsync<FigureMark>(_ => true, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Get<RollUp>().SettleAsync(MostDays, stop);
        }
        return JobOutcome.Done();
    }
}
