using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Checks an e-mail and a password, so that nobody learns by text, status or time whether the e-mail has an account, and guessing is slow.</summary>
public sealed class SigningIn(UserManager<Account> accounts, OrderClosrDb db, TimeProvider time, ILogger<SigningIn> log)
{
    /// <summary>Tries per e-mail within <see cref="Window"/>.</summary>
    public const int PerAccount = 5;

    /// <summary>Failed tries per address of the network within <see cref="Window"/>.</summary>
    public const int PerAddress = 30;

    /// <summary>How long failures are remembered.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    // Verified when there is no such account, so that both answers cost the same.
    private static readonly string NobodysHash = Argon2.Hash(Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)));

    /// <summary>The account, or: wrong (with how many tries are left), or too many tries.</summary>
    public async Task<Result<Account>> CheckAsync(string? email, string? password, string address, CancellationToken stop)
    {
        var name = accounts.NormalizeEmail(email?.Trim() ?? "") ?? "";
        string byAccount = Key("account", name), byAddress = Key("address", address);
        if (await CountAsync(byAccount, stop) >= PerAccount || await CountAsync(byAddress, stop) >= PerAddress) return TooMany();

        if (password is null || password.Length > PasswordRules.Longest || name.Length is 0 or > 256) return await WrongAsync(byAccount, byAddress, stop);
        var account = await accounts.FindByEmailAsync(name);
        var fits = account is null ? NobodyFits(password) : await accounts.CheckPasswordAsync(account, password);
        if (!fits)
        {
            log.LogInformation("A sign-in failed ({Known} account).", account is null ? "no" : "known");
            return await WrongAsync(byAccount, byAddress, stop);
        }
        await db.Set<FailedTries>().Where(t => t.Key == byAccount).ExecuteDeleteAsync(stop);
        return account!;
    }

    private static bool NobodyFits(string password)
    {
        Argon2.Verify(NobodysHash, password, out _);
        return false;
    }

    private async Task<Refusal> WrongAsync(string byAccount, string byAddress, CancellationToken stop)
    {
        var tries = await FailAsync(byAccount, stop);
        await FailAsync(byAddress, stop);
        return tries >= PerAccount ? TooMany()
            : new("sign_in_wrong", "E-mail or password is wrong.", Suggestions: [(PerAccount - tries).ToString(System.Globalization.CultureInfo.InvariantCulture)]);
    }

    private static Refusal TooMany() => new("sign_in_too_many", "Too many tries: wait a few minutes.");

    private async Task<int> CountAsync(string key, CancellationToken stop)
    {
        var since = time.GetUtcNow() - Window;
        return await db.Set<FailedTries>().Where(t => t.Key == key && t.Since > since).Select(t => t.Count).SingleOrDefaultAsync(stop);
    }

    /// <summary>Counts one failure. Rows out of the window go at the same time: the table stays small.</summary>
    private Task<int> FailAsync(string key, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var now = time.GetUtcNow();
        var since = now - Window;
        await db.Set<FailedTries>().Where(t => t.Since <= since).ExecuteDeleteAsync(stop);
        var raised = await db.Set<FailedTries>().Where(t => t.Key == key).ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, t => t.Count + 1), stop);
        if (raised == 0)
        {
            db.Set<FailedTries>().Add(new() { Key = key, Count = 1, Since = now });
            await db.SaveChangesAsync(stop);
        }
        return await db.Set<FailedTries>().Where(t => t.Key == key).Select(t => t.Count).SingleAsync(stop);
    }, stop);

    private static string Key(string kind, string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{value}")));
}
