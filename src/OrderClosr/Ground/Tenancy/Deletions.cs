using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Tenancy;

/// <summary>Asks for the deletion of the current workspace and takes it back (promises P13 and P15).</summary>
/// <remarks>
/// Day 0: nobody enters, nothing runs (<see cref="JobRows"/>, the doors, <see cref="WorkspaceScopes.WithAnyAsync"/>); what is connected outside is let go.
/// Until day 7: may be undone. Then <see cref="Purging"/>. Once the backups of the time are gone, the proof, on day 22 where nothing stands in the way and
/// never promised before day 30 (facts/backups-and-erasure.md section 2).
/// </remarks>
public sealed class Deletions(OrderClosrDb db, Facts facts, DeletionBook book, TimeProvider time)
{
    /// <summary>How long it may be undone.</summary>
    public static readonly TimeSpan UndoFor = TimeSpan.FromDays(7);

    /// <summary>When it is purged: a little after the last moment to undo it, so that two nodes whose clocks differ never do both.</summary>
    public static readonly TimeSpan PurgeAfter = UndoFor + TimeSpan.FromHours(1);

    /// <summary>By when it is gone everywhere, whatever stood in the way (promise P13).</summary>
    public static readonly TimeSpan GoneWithin = TimeSpan.FromDays(30);

    /// <summary>From now on the workspace is leaving. Refused when it is already.</summary>
    /// <param name="also">What else belongs into the same transaction.</param>
    public async Task<Refusal?> AskAsync(Func<Task> also, CancellationToken stop)
    {
        var now = Milliseconds(time.GetUtcNow());
        var isAsked = await db.InTransactionAsync(async () =>
        {
            if (!await BeginAsync(now, isReplayed: false, stop)) return false;
            await also();
            await db.SaveChangesAsync(stop);
            return true;
        }, stop);
        if (!isAsked) return new("deletion_asked", "This workspace is being deleted already.", Kind: RefusalKind.Conflict);
        // After the commit: the book must not say what did not happen. A crash in between is mended at the next start.
        await book.WriteAsync(db.WorkspaceId, DeletionWord.Asked, now, stop);
        return null;
    }

    /// <summary>Gives everything back but the connections to outside. Refused when nothing was asked or its time is over.</summary>
    /// <param name="also">What else belongs into the same transaction.</param>
    public async Task<Refusal?> UndoAsync(Func<Task> also, CancellationToken stop)
    {
        var now = Milliseconds(time.GetUtcNow());
        var (here, latest) = (db.WorkspaceId, now - UndoFor);
        if (!await db.Set<Workspace>().AnyAsync(w => w.Id == here && w.DeleteAskedAt > latest, stop)) return Over;
        // Before the commit: after a crash in between the next start finishes what the owner wanted.
        await book.WriteAsync(here, DeletionWord.Undone, now, stop);
        return await db.InTransactionAsync(async () =>
        {
            if (await db.Set<Workspace>().Where(w => w.Id == here && w.DeleteAskedAt > latest).Select(w => w.DeleteAskedAt).SingleOrDefaultAsync(stop) is not { } askedAt) return Over;
            await EndAsync(askedAt, isReplayed: false, stop);
            await also();
            await db.SaveChangesAsync(stop);
            return (Refusal?)null;
        }, stop);
    }

    /// <summary>Marks the current workspace and tells the rooms, in the caller's transaction; false when it was marked already.</summary>
    internal async Task<bool> BeginAsync(DateTimeOffset at, bool isReplayed, CancellationToken stop)
    {
        var here = db.WorkspaceId;
        if (await db.Set<Workspace>().Where(w => w.Id == here && w.DeleteAskedAt == null).ExecuteUpdateAsync(set => set.SetProperty(w => w.DeleteAskedAt, at), stop) == 0) return false;
        await NoteAsync(at, isReplayed, stop);
        db.Tell("controls", here);
        return true;
    }

    /// <summary>The row of the deletion with what the rooms put into it; one that is there already stays as it is.</summary>
    internal async Task NoteAsync(DateTimeOffset at, bool isReplayed, CancellationToken stop)
    {
        var here = db.WorkspaceId;
        if (await db.Deletions.AnyAsync(d => d.WorkspaceId == here, stop)) return;
        var deletion = new Deletion { WorkspaceId = here, AskedAt = at, Accounts = await db.Set<AccountRoute>().Where(r => r.WorkspaceId == here).Select(r => r.Account).Distinct().ToListAsync(stop) };
        db.Add(deletion);
        await facts.TellAsync(new DeletionAsked(deletion, isReplayed), stop);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>Takes the mark away again, in the caller's transaction.</summary>
    internal async Task EndAsync(DateTimeOffset askedAt, bool isReplayed, CancellationToken stop)
    {
        var here = db.WorkspaceId;
        await db.Set<Workspace>().Where(w => w.Id == here).ExecuteUpdateAsync(set => set.SetProperty(w => w.DeleteAskedAt, (DateTimeOffset?)null), stop);
        await db.Deletions.Where(d => d.WorkspaceId == here).ExecuteDeleteAsync(stop);
        await facts.TellAsync(new DeletionUndone(askedAt, isReplayed), stop);
        await db.SaveChangesAsync(stop);
        db.Tell("controls", here);
    }

    // Both databases keep milliseconds: the book says the same.
    private static DateTimeOffset Milliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    private static readonly Refusal Over = new("deletion_over", "There is no deletion to undo, or it is too late.", Kind: RefusalKind.Conflict);
}
