using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>A new password for whoever reads the account's mail. Nobody learns whether an address has an account: same page, same rows, same time.</summary>
public sealed class ForgottenPasswords(UserManager<Account> accounts, BreachedPasswords breached, Tries tries, AccountLinks links, SignIns signIns, OrderClosrDb db, AccessNews news, TimeProvider time)
{
    /// <summary>Does this address lead to the form?</summary>
    public async Task<bool> IsGoodAsync(string token, CancellationToken stop) => await links.FindAsync(token, LinkPurpose.Reset, stop) is { } link && links.IsGood(link);

    /// <summary>Sets the password, ends every session of the account, tells the account by mail; the link, and any other open one, is used up. Who read the letter has also confirmed the address.</summary>
    public async Task<Refusal?> ChooseAsync(string token, string? password, CancellationToken stop)
    {
        if (await links.FindAsync(token, LinkPurpose.Reset, stop) is not { } link || !links.IsGood(link)) return AccountLinks.Gone;
        if (await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == link.AccountId, stop) is not { Email: { } email } account) return AccountLinks.Gone;
        if ((PasswordRules.Check(password, email.Split('@')[0], account.Name) ?? breached.Check(password)) is { } weak) return weak;
        // Outside the transaction: it costs time on purpose.
        var hash = accounts.PasswordHasher.HashPassword(account, password!);
        var (stamp, version) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString());
        IReadOnlyList<Guid> ended = [];
        var isDone = await db.InTransactionAsync(async () =>
        {
            if (!await links.UseAsync(link, stop)) return false;
            await db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash).SetProperty(a => a.SecurityStamp, stamp)
                .SetProperty(a => a.ConcurrencyStamp, version).SetProperty(a => a.EmailConfirmed, true), stop);
            ended = await SignIns.EndAllAsync(db, account.Id, time.GetUtcNow(), stop);
            await tries.ForgetAsync(Tries.Key("account", account.NormalizedEmail!), stop);
            await news.TellAsync(account.Id, AuditAction.PasswordChanged, AccountLetter.Changed, stop);
            return true;
        }, stop);
        signIns.Silence(ended);
        return isDone ? null : AccountLinks.Gone;
    }
}
