using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Ground.Tenancy;

/// <summary>Closes accounts again that an older copy of the database brought back.</summary>
public interface IClosedAccounts
{
    /// <summary>Those of them that are there.</summary>
    Task CloseAgainAsync(IReadOnlyList<Guid> accounts, CancellationToken stop);
}

/// <summary>Brings the database to what the book of deletions says, before anybody is served: at every start, and when an older copy was put back.</summary>
/// <remarks>A workspace that is gone stays gone, one that was asked to go stays so, one that was kept stays. Where the database is the newer one, the book learns it.</remarks>
/// <param name="accounts">The room of the accounts; this one knows none.</param>
public sealed class DeletionReplay(WorkspaceScopes scopes, DeletionBook book, IClosedAccounts accounts, Purging purging, TimeProvider time, ILogger<DeletionReplay> log) : IHostedLifecycleService
{
    /// <summary>A copy that is older than this must not exist: what was erased before is in none.</summary>
    private static readonly TimeSpan OldestCopy = TimeSpan.FromDays(60);

    /// <summary>Answers how many workspaces had to be put right.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var states = book.States();
        var known = states.Keys.ToList();
        List<(WorkspaceId Id, DateTimeOffset? AskedAt)> there;
        await using (var none = scopes.OpenNone())
            there = (await none.Db.Set<Workspace>().Where(w => w.DeleteAskedAt != null || known.Contains(w.Id)).Select(w => new { w.Id, w.DeleteAskedAt }).ToListAsync(stop)).ConvertAll(w => (w.Id, w.DeleteAskedAt));
        var mended = 0;
        foreach (var (id, askedAt) in there)
            if (await MendAsync(id, askedAt, states.GetValueOrDefault(id) ?? new(null, null, null, null), stop)) mended++;
        await EraseAgainAsync(stop);
        await CloseAgainAsync(stop);
        if (mended > 0) log.LogWarning("{Count} workspaces were deleted, asked to go or kept after this copy of the database was made: they are so again.", mended);
        return mended;
    }

    private async Task<bool> MendAsync(WorkspaceId id, DateTimeOffset? askedAt, DeletionState state, CancellationToken stop)
    {
        if (state.PurgedAt is { } purgedAt)
        {
            await InAsync(id, deletions => deletions.NoteAsync(state.AskedAt ?? purgedAt, isReplayed: true, stop), stop);
            while (!await purging.PurgeAsync(id, purgedAt, stop)) log.LogInformation("A deleted workspace that came back is large: going on with it.");
            if (state.ProvedAt is not null) await purging.ForgetAsync(id, stop);
            return true;
        }
        if (askedAt is { } asked)
        {
            if (state.UndoneAt >= asked)
            {
                await InAsync(id, deletions => deletions.EndAsync(asked, isReplayed: true, stop), stop);
                return true;
            }
            // Asked, and a crash came before the book: it learns it now.
            await book.WriteAsync(id, DeletionWord.Asked, asked, stop);
            return false;
        }
        if (state.AskedAt is not { } since) return false;
        await InAsync(id, deletions => deletions.BeginAsync(since, isReplayed: true, stop), stop);
        return true;
    }

    private async Task EraseAgainAsync(CancellationToken stop)
    {
        var since = time.GetUtcNow() - OldestCopy;
        foreach (var erased in book.Read().Where(l => l is { What: DeletionWord.Erased, Customer: not null } && l.At >= since).GroupBy(l => l.Workspace))
        {
            await using (var none = scopes.OpenNone())
                if (!await none.Db.Set<Workspace>().AnyAsync(w => w.Id == erased.Key, stop)) continue;
            foreach (var line in erased)
            {
                await using var scope = scopes.Open(erased.Key);
                await scope.Db.InTransactionAsync(() => scope.Get<Facts>().TellAsync(new ErasureReplayed(line.Customer!.Value), stop), stop);
            }
        }
    }

    // After the workspaces: one that is gone again stands in no account's way.
    private async Task CloseAgainAsync(CancellationToken stop)
    {
        var since = time.GetUtcNow() - OldestCopy;
        var closed = book.Read().Where(l => l is { What: DeletionWord.Closed, Account: not null } && l.At >= since).Select(l => l.Account!.Value).Distinct().ToList();
        if (closed.Count > 0) await accounts.CloseAgainAsync(closed, stop);
    }

    private async Task InAsync(WorkspaceId id, Func<Deletions, Task> work, CancellationToken stop)
    {
        await using var scope = scopes.Open(id);
        await scope.Db.InTransactionAsync(() => work(scope.Get<Deletions>()), stop);
    }

    /// <summary>Before any door opens.</summary>
    public Task StartingAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
