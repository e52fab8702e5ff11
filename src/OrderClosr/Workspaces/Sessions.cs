using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>A browser that is signed in, as its person sees it.</summary>
public sealed record Session(Guid Id, string Device, DateTimeOffset SeenAt, bool IsThis);

/// <summary>A person's own sessions: seen and ended (facts/passwords-and-sessions.md section 4, 7.5.2).</summary>
public sealed class Sessions(OrderClosrDb db, SignIns signIns, Audit audit, TimeProvider time)
{
    /// <summary>Those that still open something, this one first, then the last used.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(Guid accountId, Guid here, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var (idle, oldest) = (now - SignIns.Idle, now - SignIns.AtMost);
        var rows = await db.SignIns.AsNoTracking().Where(s => s.AccountId == accountId && s.EndedAt == null && s.SeenAt > idle && s.CreatedAt > oldest).ToListAsync(stop);
        return [.. rows.Select(s => new Session(s.Id.Value, s.Device, s.SeenAt, s.Id.Value == here)).OrderByDescending(s => s.IsThis).ThenByDescending(s => s.SeenAt)];
    }

    /// <summary>Ends one of the account's own; one of others does not exist. Ending it twice is no fault.</summary>
    public async Task<Refusal?> EndAsync(Guid accountId, Guid id, CancellationToken stop)
    {
        var (now, key) = (time.GetUtcNow(), new Id<SignIn>(id));
        if (!await db.SignIns.AnyAsync(s => s.Id == key && s.AccountId == accountId, stop)) return Refusal.NotFound("session");
        await db.InTransactionAsync(async () =>
        {
            if (await db.SignIns.Where(s => s.Id == key && s.AccountId == accountId && s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), stop) == 0) return;
            audit.OfAccount(accountId, AuditAction.SessionsEnded, new { Sessions = 1 });
            await db.SaveChangesAsync(stop);
        }, stop);
        signIns.Silence([id]);
        return null;
    }

    /// <summary>Ends all but the one that asks.</summary>
    public async Task EndOthersAsync(Guid accountId, Guid here, CancellationToken stop) =>
        signIns.Silence(await db.InTransactionAsync(async () =>
        {
            var ended = await SignIns.EndAllAsync(db, accountId, time.GetUtcNow(), stop, but: here);
            if (ended.Count > 0) audit.OfAccount(accountId, AuditAction.SessionsEnded, new { Sessions = ended.Count });
            await db.SaveChangesAsync(stop);
            return ended;
        }, stop));
}
