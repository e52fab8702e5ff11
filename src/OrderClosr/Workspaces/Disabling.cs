using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <summary>The operator shuts an account, and lets it in again (facts/passwords-and-sessions.md section 4, 7.4.2). Nothing of it is deleted: memberships, passkeys and password wait.</summary>
/// <remarks>
/// While it is shut every door answers as it does to a wrong password, a wrong passkey or an address that nobody has: whoever tries learns nothing by it.
/// The API keys its person made rest too, since whoever made a key may know it, and no letter about a shop goes there.
/// </remarks>
public sealed class Disabling(OrderClosrDb db, AccessNews news, TimeProvider time)
{
    // Our own end of days: the database's infinity reads back differently from one to the other.
    private static readonly DateTimeOffset Never = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Shuts it: every session and every open link ends in the same commit, and the person is told by letter. False: it was shut already, or is none.</summary>
    public Task<bool> DisableAsync(Guid account, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        // With another stamp a password that was given a moment ago, and waits for its code, is void too.
        var (now, stamp, version) = (time.GetUtcNow(), Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString());
        if (await db.Accounts.Where(a => a.Id == account && a.LockoutEnd == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LockoutEnd, Never).SetProperty(a => a.SecurityStamp, stamp).SetProperty(a => a.ConcurrencyStamp, version), stop) == 0) return false;
        await db.AccountLinks.Where(l => l.AccountId == account && l.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), stop);
        await news.TellAsync(account, AuditAction.AccountDisabled, AccountLetter.AccountDisabled, stop);
        // Another process: its live pages ask again within a minute whether their session still is one.
        await SignIns.EndAllAsync(db, account, now, stop);
        await db.LaterOfNobodyAsync(new FreeOfDisabled(account), now, stop);
        await db.SaveChangesAsync(stop);
        return true;
    }, stop);

    /// <summary>Lets it in again, with what opened it before. False: it was not shut.</summary>
    public Task<bool> EnableAsync(Guid account, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var version = Guid.NewGuid().ToString();
        if (await db.Accounts.Where(a => a.Id == account && a.LockoutEnd != null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null).SetProperty(a => a.ConcurrencyStamp, version), stop) == 0) return false;
        await news.TellAsync(account, AuditAction.AccountEnabled, AccountLetter.AccountEnabled, stop);
        return true;
    }, stop);
}

/// <summary>A member's account is disabled. Told in each of its workspaces: whoever keeps something in hand for the member frees it; what the member chose there waits.</summary>
public sealed record MemberDisabled(Guid Account);

/// <summary>Customers and orders that somebody had in hand whose account was disabled are others' to take, at once.</summary>
internal sealed record FreeOfDisabled(Guid Account) : IJob
{
    public static string Kind => "free_of_disabled";

    // Not behind the night's long work.
    public string Lane => "work/accounts";
    public string OrderKey => Account.ToString("N");
}

internal sealed class FreeOfDisabledHandler(WorkspaceScopes scopes) : IJobHandler<FreeOfDisabled>
{
    public async Task<JobOutcome> RunAsync(FreeOfDisabled job, JobRun run, CancellationToken stop)
    {
        await using var none = scopes.OpenNone();
        if (!await none.Db.Accounts.AnyAsync(a => a.Id == job.Account && a.LockoutEnd != null, stop)) return JobOutcome.Dropped("The account opens again.");
        foreach (var shop in await none.Db.Members.Where(m => m.AccountId == job.Account).Select(m => m.WorkspaceId).ToListAsync(stop))
        {
            await using var scope = scopes.Open(shop);
            await scope.Db.InTransactionAsync(() => scope.Get<Facts>().TellAsync(new MemberDisabled(job.Account), stop), stop);
        }
        return JobOutcome.Done();
    }
}
