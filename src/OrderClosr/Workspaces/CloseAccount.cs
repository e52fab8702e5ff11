using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>What a person is told before the account is closed: the shops it goes out of, and those that stand in the way because they would be left without an owner.</summary>
public sealed record ClosingLook(string Email, IReadOnlyList<string> Leaves, IReadOnlyList<string> Keeps);

/// <summary>A person closes the own account: out of every shop, every session ended, everything the account is made of gone at once.</summary>
/// <remarks>The log keeps its lines; with the account goes whose they were.</remarks>
public sealed class CloseAccount(OrderClosrDb db, WorkspaceScopes scopes, OwnPassword passwords, SignIns signIns, DeletionBook book, Audit audit)
{
    /// <summary>What stands in the page that asks.</summary>
    public async Task<ClosingLook> LookAsync(Account account, CancellationToken stop)
    {
        var shops = await ShopsAsync(account.Id, stop);
        return new(account.Email!, [.. shops.Where(s => !s.IsAlone).Select(s => s.Name)], [.. shops.Where(s => s.IsAlone).Select(s => s.Name)]);
    }

    /// <summary>Closes it; null: there is no such account any more.</summary>
    /// <returns>Refused: a wrong password, <c>closing_owner</c> (a shop would be left without an owner: delete it, or make somebody else an owner).</returns>
    public async Task<Refusal?> RunAsync(Account account, string? password, CancellationToken stop)
    {
        if (await passwords.CheckAsync(account, password, stop) is { } wrong) return wrong;
        var shops = await ShopsAsync(account.Id, stop);
        if (shops.Exists(s => s.IsAlone)) return Alone;
        if (!await LeaveAsync(scopes, account.Id, shops.Select(s => s.Id), stop)) return Alone;
        var open = await db.InTransactionAsync(async () =>
        {
            // Before the commit: after a crash in between the next start finishes what the person wanted.
            await book.WriteClosedAsync(account.Id, stop);
            var all = await db.SignIns.Where(s => s.AccountId == account.Id && s.EndedAt == null).Select(s => s.Id).ToListAsync(stop);
            audit.OfAccount(account.Id, AuditAction.AccountClosed);
            await db.SaveChangesAsync(stop);
            await ForgetAsync(db, account.Id, stop);
            return all;
        }, stop);
        signIns.Silence(open.Select(id => id.Value));
        return null;
    }

    /// <summary>Out of every shop; false: one of them would be left without an owner. Who was the other owner a moment ago may be none any more.</summary>
    internal static async Task<bool> LeaveAsync(WorkspaceScopes scopes, Guid account, IEnumerable<WorkspaceId> shops, CancellationToken stop)
    {
        foreach (var shop in shops)
        {
            await using var scope = scopes.Open(shop);
            scope.Get<Actor>().BeMember(account);
            if (await scope.Get<Membership>().LeaveAsync(account, endKeys: false, stop) is { Kind: not RefusalKind.NotFound }) return false;
        }
        return true;
    }

    /// <summary>Every row an account is made of, in the caller's transaction. It is a member nowhere by now.</summary>
    internal static async Task ForgetAsync(OrderClosrDb db, Guid account, CancellationToken stop)
    {
        await db.SignIns.Where(s => s.AccountId == account).ExecuteDeleteAsync(stop);
        await db.AccountLinks.Where(l => l.AccountId == account).ExecuteDeleteAsync(stop);
        await db.SecondSteps.Where(s => s.AccountId == account).ExecuteDeleteAsync(stop);
        await db.RecoveryCodes.Where(c => c.AccountId == account).ExecuteDeleteAsync(stop);
        await db.KnownBrowsers.Where(b => b.AccountId == account).ExecuteDeleteAsync(stop);
        await db.Set<IdentityUserPasskey<Guid>>().Where(p => p.UserId == account).ExecuteDeleteAsync(stop);
        await db.Set<IdentityUserClaim<Guid>>().Where(c => c.UserId == account).ExecuteDeleteAsync(stop);
        await db.Set<IdentityUserLogin<Guid>>().Where(l => l.UserId == account).ExecuteDeleteAsync(stop);
        await db.Set<IdentityUserToken<Guid>>().Where(t => t.UserId == account).ExecuteDeleteAsync(stop);
        await db.Accounts.Where(a => a.Id == account).ExecuteDeleteAsync(stop);
    }

    private static Refusal Alone { get; } = new("closing_owner", "A workspace would be left without an owner: delete it, or make somebody else an owner.", Kind: RefusalKind.Conflict);

    private sealed record OwnShop(WorkspaceId Id, string Name, bool IsAlone);

    /// <summary>Where the account is a member, and whether it is the only owner there that can come in.</summary>
    private async Task<List<OwnShop>> ShopsAsync(Guid account, CancellationToken stop)
    {
        var (members, accounts) = (db.Members, db.Accounts);
        return await (
            from member in members
            where member.AccountId == account
            join shop in db.Workspaces on member.WorkspaceId equals shop.Id
            orderby shop.Name
            select new OwnShop(shop.Id, shop.Name, member.Role == Role.Owner && !members.Any(m => m.WorkspaceId == shop.Id && m.Role == Role.Owner && m.AccountId != account && accounts.Any(a => a.Id == m.AccountId && a.LockoutEnd == null)))).ToListAsync(stop);
    }
}

/// <summary>An older copy of the database has closed accounts again.</summary>
/// <remarks>One that is a shop's only owner in that copy stays, and is tried again at each start: handing the shop over was lost with the hours in between, and a shop without an owner helps nobody.</remarks>
internal sealed class ClosedAccounts(WorkspaceScopes scopes, ILogger<ClosedAccounts> log) : IClosedAccounts
{
    public async Task CloseAgainAsync(IReadOnlyList<Guid> accounts, CancellationToken stop)
    {
        await using var none = scopes.OpenNone();
        var db = none.Db;
        int closed = 0, kept = 0;
        foreach (var account in await db.Accounts.Where(a => accounts.Contains(a.Id)).Select(a => a.Id).ToListAsync(stop))
        {
            var shops = await db.Members.Where(m => m.AccountId == account).Select(m => m.WorkspaceId).ToListAsync(stop);
            if (!await CloseAccount.LeaveAsync(scopes, account, shops, stop))
            {
                kept++;
                continue;
            }
            await db.InTransactionAsync(() => CloseAccount.ForgetAsync(db, account, stop), stop);
            closed++;
        }
        if (closed > 0) log.LogWarning("{Count} accounts were closed after this copy of the database was made: they are closed again.", closed);
        if (kept > 0) log.LogWarning("{Count} accounts were closed after this copy of the database was made, but are in it the only owner of a shop: they stay until the shop has another one or is gone.", kept);
    }
}
