using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Conversations;

/// <summary>Gives conversations back to the agent whose person has been silent for as long as the merchant set.</summary>
public sealed record ReleaseHeld : IJob
{
    public static string Kind => "release_held";
    public string Lane => "work/system";
    public string OrderKey => "release-held";
    public static TimeSpan GiveUpAfter => TimeSpan.FromMinutes(5);
}

internal sealed class ReleaseHeldHandler(WorkspaceScopes scopes, TimeProvider time) : IJobHandler<ReleaseHeld>
{
    public async Task<JobOutcome> RunAsync(ReleaseHeld job, JobRun run, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        foreach (var workspace in await scopes.WithAnyAsync<Conversation>(c => c.ResumesAt != null && c.ResumesAt <= now, stop))
        {
            await using var scope = scopes.Open(workspace);
            var ids = await scope.Db.Conversations.Where(c => c.ResumesAt != null && c.ResumesAt <= now).OrderBy(c => c.ResumesAt).Take(200).Select(c => c.Id).ToListAsync(stop);
            foreach (var id in ids)
            {
                await using var own = scopes.Open(workspace);
                await own.Get<Holding>().ReleaseDueAsync(id, stop);
            }
        }
        await ForgetAsync(now, stop);
        return JobOutcome.Done();
    }

    /// <summary>Words about messages that never became known.</summary>
    private async Task ForgetAsync(DateTimeOffset now, CancellationToken stop)
    {
        var old = now - TimeSpan.FromDays(1);
        foreach (var workspace in await scopes.WithAnyAsync<EarlyWord>(w => w.At < old, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Db.InTransactionAsync(() => scope.Db.EarlyWords.Where(w => w.At < old).ExecuteDeleteAsync(stop), stop);
        }
    }
}
