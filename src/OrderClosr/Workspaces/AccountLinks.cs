using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Writes, reads and uses up the links that go to an account's address (facts/passwords-and-sessions.md section 1 and 4: 6.3.8, 6.4.1).</summary>
public sealed class AccountLinks(UserManager<Account> accounts, Tries tries, OrderClosrDb db, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How many letters with a link one account gets in an hour, whoever asks for them.</summary>
    public const int PerHour = 5;

    /// <summary>Links of one purpose asked for with one e-mail within <see cref="Tries.Window"/>, whether it has an account or not.</summary>
    public const int PerEmail = 5;

    private readonly IDataProtector _seal = protection.CreateProtector("account link");

    /// <summary>How long a link works: overnight for a first sign-up, an hour for a password.</summary>
    public static TimeSpan Lasts(LinkPurpose purpose) => purpose == LinkPurpose.Confirm ? TimeSpan.FromHours(12) : TimeSpan.FromHours(1);

    /// <summary>Sends a link if the e-mail has an account that it is for: to confirm, one that waits for it. Whoever asks learns nothing of that. Null: look into your mail.</summary>
    public async Task<Refusal?> AskAsync(string? email, LinkPurpose purpose, CancellationToken stop)
    {
        if (SigningUp.Email(email) is not { } address) return new Refusal("email_wrong", "This is not an e-mail address.", "email");
        var (name, letter) = purpose == LinkPurpose.Confirm ? ("confirm", AccountLetter.Confirm) : ("reset", AccountLetter.Reset);
        var key = Tries.Key(name, accounts.NormalizeEmail(address)!);
        // Counted before anything is done: of those that come at the same moment no more are answered than of those that come one by one.
        if (await tries.AddAsync(key, stop) > PerEmail) return new Refusal("sign_in_too_many", "Too many tries: wait a few minutes.");
        var account = await accounts.FindByEmailAsync(address);
        await db.InTransactionAsync(() => WriteAsync(purpose == LinkPurpose.Confirm && account is { EmailConfirmed: true } ? null : account?.Id, purpose, letter, stop), stop);
        return null;
    }

    /// <summary>Writes a link and the letter that carries it, in the caller's transaction. Without an account, for a disabled one, or with too many letters this hour, the same rows are written for nobody.</summary>
    internal async Task WriteAsync(Guid? accountId, LinkPurpose purpose, AccountLetter letter, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var (dayAgo, hourAgo) = (now.AddDays(-1), now.AddHours(-1));
        await db.AccountLinks.Where(l => l.ExpiresAt <= dayAgo).ExecuteDeleteAsync(stop);
        var nobody = Guid.CreateVersion7(now);
        var owner = accountId ?? nobody;
        // One after the other for an account, so that each sees the letters before it.
        await db.Dialect.LockRowAsync(db, "accounts", owner, stop);
        if (await db.AccountLinks.CountAsync(l => l.AccountId == owner && l.CreatedAt > hourAgo, stop) >= PerHour || await db.Accounts.AnyAsync(a => a.Id == owner && a.LockoutEnd != null, stop)) owner = nobody;
        var link = new AccountLink { Id = Id<AccountLink>.New(now), AccountId = owner, Purpose = purpose, CreatedAt = now, ExpiresAt = now + Lasts(purpose) };
        db.AccountLinks.Add(link);
        await db.LaterOfNobodyAsync(new SendAccountLetter(link.Id.Value, owner, letter, link.Id.Value), now, stop);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>What stands in the address instead of the row's id.</summary>
    internal string TokenOf(Guid link) => _seal.Protect(link.ToString("N"));

    /// <summary>The row an address names, in whatever state; null when the address is not ours or for something else, or its account is disabled.</summary>
    internal async Task<AccountLink?> FindAsync(string? token, LinkPurpose purpose, CancellationToken stop)
    {
        if (token is null or { Length: > 1000 }) return null;
        Id<AccountLink> id;
        try
        {
            if (!Id<AccountLink>.TryParse(_seal.Unprotect(token), null, out id)) return null;
        }
        catch (CryptographicException)
        {
            return null;
        }
        return await db.AccountLinks.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id && l.Purpose == purpose && !db.Set<Account>().Any(a => a.Id == l.AccountId && a.LockoutEnd != null), stop);
    }

    /// <summary>Does the link still work?</summary>
    internal bool IsGood(AccountLink link) => link.UsedAt is null && link.ExpiresAt > time.GetUtcNow();

    /// <summary>Uses a link up, and with it the account's other open ones for the same purpose, after a new password all of them; false when somebody was faster or it is too old. In the caller's transaction.</summary>
    internal async Task<bool> UseAsync(AccountLink link, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (await db.AccountLinks.Where(l => l.Id == link.Id && l.UsedAt == null && l.ExpiresAt > now).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), stop) == 0) return false;
        await db.AccountLinks.Where(l => l.AccountId == link.AccountId && l.UsedAt == null && (l.Purpose == link.Purpose || link.Purpose == LinkPurpose.Reset)).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), stop);
        return true;
    }

    /// <summary>What a link that works no longer gets, whatever was wrong with it.</summary>
    internal static Refusal Gone { get; } = new("link_gone", "This link was used already, is too old, or is none of ours.");
}
