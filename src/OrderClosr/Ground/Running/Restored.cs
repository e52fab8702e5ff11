using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace OrderClosr.Ground.Running;

/// <summary>The database is an older copy: what was done in the world since it was made, this database does not know.</summary>
/// <param name="At">When it was put back; whatever is older may have happened once already.</param>
public sealed record DatabaseRestored(DateTimeOffset At);

/// <summary>Tells every workspace that its rows were put back to an earlier moment, before anything is done on their word.</summary>
/// <remarks>Whoever puts a copy back calls it once: the verb <c>restored</c>, after a copy was put back by other means.</remarks>
public sealed class Restored(WorkspaceScopes scopes, DeletionReplay replay, TimeProvider time)
{
    /// <summary>Answers how many workspaces were told.</summary>
    public async Task<int> TellAsync(CancellationToken stop)
    {
        // First of all: who was deleted since is not even told.
        await replay.RunAsync(stop);
        List<WorkspaceId> all;
        await using (var none = scopes.OpenNone()) all = await none.Db.Set<Workspace>().Select(w => w.Id).ToListAsync(stop);
        foreach (var workspace in all)
        {
            await using var scope = scopes.Open(workspace);
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Get<Facts>().TellAsync(new DatabaseRestored(time.GetUtcNow()), stop);
                await scope.Db.SaveChangesAsync(stop);
            }, stop);
        }
        return all.Count;
    }
}
