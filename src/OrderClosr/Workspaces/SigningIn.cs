using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;
using OrderClosr.Web;

namespace OrderClosr.Workspaces;

/// <summary>Checks an e-mail and a password, so that nobody learns by text, status or time whether the e-mail has an account, and guessing is slow.</summary>
public sealed class SigningIn(UserManager<Account> accounts, Tries tries, IMailServer mail, OrderClosrDb db, Audit audit, ILogger<SigningIn> log)
{
    /// <summary>Tries per e-mail within <see cref="Tries.Window"/>.</summary>
    public const int PerAccount = 5;

    /// <summary>Failed tries per address of the network within <see cref="Tries.Window"/>.</summary>
    public const int PerAddress = 30;

    // Asked when there is no such account, so that both answers cost the same. Its password is nobody's.
    private static readonly Account Nobody = new() { Name = "", CreatedAt = default, PasswordHash = Argon2.Hash(Convert.ToBase64String(RandomNumberGenerator.GetBytes(24))) };

    /// <summary>The account, or: wrong (with how many tries are left), or too many tries.</summary>
    public async Task<Result<Account>> CheckAsync(string? email, string? password, string address, CancellationToken stop)
    {
        var name = accounts.NormalizeEmail(email?.Trim() ?? "") ?? "";
        string byAccount = Tries.Key("account", name), byAddress = Tries.Key("address", address);
        if (await tries.CountAsync(byAddress, stop) >= PerAddress) return TooMany();
        // Counted before it is checked, under both keys: of guesses that come at the same moment no more are looked at than of those that come one by one.
        var made = await tries.AddAsync(byAccount, stop);
        if (made > PerAccount || await tries.AddAsync(byAddress, stop) > PerAddress) return TooMany();

        if (password is null || password.Length > PasswordRules.Longest || name.Length is 0 or > 256) return await WrongAsync(made, null, stop);
        var account = await accounts.FindByEmailAsync(name);
        var fits = await accounts.CheckPasswordAsync(account ?? Nobody, password) && account is not null;
        // Whoever signs up with a foreign address has the right password: they must not learn by it that the address was free.
        // A disabled account is a wrong password to whoever tries it.
        var waits = fits && (account!.IsDisabled || (mail.IsOn && !account.EmailConfirmed));
        if (!fits || waits)
        {
            log.LogInformation("A sign-in failed ({Known} account).", account is null ? "no" : waits ? "unconfirmed or disabled" : "known");
            return await WrongAsync(made, account?.Id, stop);
        }
        await tries.ForgetAsync(byAccount, stop);
        await tries.TakeBackAsync(byAddress, stop);
        if (account!.Language != Languages.Current)
            await db.InTransactionAsync(() => db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Language, Languages.Current), stop), stop);
        return account;
    }

    private async Task<Refusal> WrongAsync(int made, Guid? account, CancellationToken stop)
    {
        audit.OfAccount(account, AuditAction.SignInRefused);
        await db.SaveChangesAsync(stop);
        return made >= PerAccount ? TooMany()
            : new(mail.IsOn ? "sign_in_wrong_or_unconfirmed" : "sign_in_wrong", "E-mail or password is wrong, or the e-mail is not confirmed.", Suggestions: [(PerAccount - made).ToString(System.Globalization.CultureInfo.InvariantCulture)]);
    }

    private static Refusal TooMany() => new("sign_in_too_many", "Too many tries: wait a few minutes.");
}
