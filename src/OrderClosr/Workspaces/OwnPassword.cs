using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Asks a person who is signed in for the password again, before the password or a second step changes (facts/passwords-and-sessions.md section 4, 7.5.1).</summary>
public sealed class OwnPassword(UserManager<Account> accounts, BreachedPasswords breached, Tries tries, SignIns signIns, AccessNews news, OrderClosrDb db, TimeProvider time)
{
    /// <summary>Wrong ones within <see cref="Tries.Window"/>.</summary>
    public const int PerAccount = 5;

    /// <summary>Null: it was the right one. Counted apart from sign-in, so that a stolen browser cannot keep the owner out.</summary>
    public async Task<Refusal?> CheckAsync(Account account, string? password, CancellationToken stop, string field = "password")
    {
        var key = Tries.Key("own_password", account.Id.ToString("N"));
        var tried = await tries.AddAsync(key, stop);
        if (tried <= PerAccount && password is { Length: > 0 and <= PasswordRules.Longest } && await accounts.CheckPasswordAsync(account, password))
        {
            await tries.ForgetAsync(key, stop);
            return null;
        }
        return tried >= PerAccount ? new("sign_in_too_many", "Too many tries: wait a few minutes.")
            : new("own_password_wrong", "This is not your password.", field, Suggestions: [(PerAccount - tried).ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>Another password: the old one is asked, every session ends (this one too: the caller starts a new one), the account is told by mail.</summary>
    public async Task<Refusal?> ChangeAsync(Account account, string? old, string? password, CancellationToken stop)
    {
        if ((PasswordRules.Check(password, account.Email!.Split('@')[0], account.Name) ?? breached.Check(password)) is { } weak) return weak;
        if (await CheckAsync(account, old, stop, "old_password") is { } wrong) return wrong;
        // Outside the transaction: it costs time on purpose.
        var hash = accounts.PasswordHasher.HashPassword(account, password!);
        var (now, stamp, version) = (time.GetUtcNow(), Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString());
        var ended = await db.InTransactionAsync(async () =>
        {
            await db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordHash, hash).SetProperty(a => a.SecurityStamp, stamp).SetProperty(a => a.ConcurrencyStamp, version), stop);
            // A link to a new password that somebody may hold is void with the old one.
            await db.AccountLinks.Where(l => l.AccountId == account.Id && l.UsedAt == null && l.Purpose == LinkPurpose.Reset).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), stop);
            await news.TellAsync(account.Id, AuditAction.PasswordChanged, AccountLetter.Changed, stop);
            return await SignIns.EndAllAsync(db, account.Id, now, stop);
        }, stop);
        signIns.Silence(ended);
        return null;
    }
}
