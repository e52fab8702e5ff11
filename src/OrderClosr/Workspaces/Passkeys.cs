using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>A passkey as its person sees it.</summary>
/// <param name="Key">Its id in addresses.</param>
public sealed record OwnPasskey(string Key, string Name, DateTimeOffset CreatedAt);

/// <summary>Signing in by what a phone or a computer keeps: no password, and no second step, because the device itself asked for finger, face or PIN.</summary>
/// <remarks>Identity's handler does the cryptography. What it asked is kept in a sealed cookie until the browser answers, for one purpose and some minutes, and is answered once.</remarks>
public sealed class Passkeys(UserManager<Account> accounts, IPasskeyHandler<Account> handler, OrderClosrDb db, Tries tries, AccessNews news, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How many an account may have.</summary>
    public const int Most = 20;

    private const int LongestAnswer = 20_000;
    // As long as an answer is remembered: what could be shown again is known by then.
    private static readonly TimeSpan Lasts = Tries.Window;
    private readonly SealedCookie _cookie = new("passkey", SameSiteMode.Strict, Lasts, 4000, protection.CreateProtector("passkey"), time);

    /// <summary>Those of an account, oldest first.</summary>
    public async Task<IReadOnlyList<OwnPasskey>> ListAsync(Account account) =>
        [.. (await accounts.GetPasskeysAsync(account)).OrderBy(p => p.CreatedAt).Select(p => new OwnPasskey(Convert.ToHexStringLower(p.CredentialId), p.Name ?? "", p.CreatedAt))];

    /// <summary>What the browser is asked, to make one. The password was asked for just before.</summary>
    internal async Task<Result<string>> AskForNewAsync(HttpContext http, Account account)
    {
        if ((await accounts.GetPasskeysAsync(account)).Count >= Most) return new Refusal("passkeys_full", "No more passkeys fit: remove one first.");
        var asked = await handler.MakeCreationOptionsAsync(new() { Id = account.Id.ToString(), Name = account.Email!, DisplayName = account.Name }, http);
        _cookie.Keep(http, account.Id, asked.AttestationState);
        return asked.CreationOptionsJson;
    }

    /// <summary>Keeps what the browser made; null: done.</summary>
    internal async Task<Refusal?> AddAsync(HttpContext http, Account account, string? answer, string? name)
    {
        if (await TakeAsync(http, account.Id) is not { } state || answer is null or { Length: 0 or > LongestAnswer }) return Failed();
        if (SigningUp.Text(name) is not { } called) return new("passkey_name", "A name of 1 to 80 characters is needed.", "passkey_name");
        var made = await handler.PerformAttestationAsync(new() { HttpContext = http, CredentialJson = answer, AttestationState = state });
        if (!made.Succeeded) return Failed();
        made.Passkey.Name = called;
        return await db.InTransactionAsync<Refusal?>(async () =>
        {
            if (!(await accounts.AddOrUpdatePasskeyAsync(account, made.Passkey)).Succeeded) return Failed();
            await news.TellAsync(account.Id, AuditAction.PasskeyAdded, AccountLetter.PasskeyAdded, http.RequestAborted);
            return null;
        }, http.RequestAborted);
    }

    /// <summary>Another name for one of the account's own.</summary>
    internal async Task<Refusal?> RenameAsync(Account account, string key, string? name, CancellationToken stop)
    {
        if (SigningUp.Text(name) is not { } called) return new("passkey_name", "A name of 1 to 80 characters is needed.", "passkey_name");
        if (await FindAsync(account, key) is not { } passkey) return Refusal.NotFound("passkey");
        passkey.Name = called;
        await db.InTransactionAsync(() => accounts.AddOrUpdatePasskeyAsync(account, passkey), stop);
        return null;
    }

    /// <summary>One of the account's own goes.</summary>
    internal async Task<Refusal?> RemoveAsync(Account account, string key, CancellationToken stop)
    {
        if (await FindAsync(account, key) is not { } passkey) return Refusal.NotFound("passkey");
        await db.InTransactionAsync(async () =>
        {
            await accounts.RemovePasskeyAsync(account, passkey.CredentialId);
            await news.TellAsync(account.Id, AuditAction.PasskeyRemoved, AccountLetter.PasskeyRemoved, stop);
        }, stop);
        return null;
    }

    /// <summary>What the browser is asked, to sign in: whose passkey it will be nobody says before.</summary>
    internal async Task<string> AskAsync(HttpContext http)
    {
        var asked = await handler.MakeRequestOptionsAsync(null, http);
        _cookie.Keep(http, Guid.Empty, asked.AssertionState);
        return asked.RequestOptionsJson;
    }

    /// <summary>Whose passkey the browser showed.</summary>
    internal async Task<Result<Account>> FindAsync(HttpContext http, string? answer)
    {
        if (await TakeAsync(http, Guid.Empty) is not { } state || answer is null or { Length: 0 or > LongestAnswer }) return Failed();
        var shown = await handler.PerformAssertionAsync(new() { HttpContext = http, CredentialJson = answer, AssertionState = state });
        if (!shown.Succeeded || shown.User.IsDisabled) return Failed();
        await db.InTransactionAsync(() => accounts.AddOrUpdatePasskeyAsync(shown.User, shown.Passkey), http.RequestAborted);
        return shown.User;
    }

    private async Task<UserPasskeyInfo?> FindAsync(Account account, string key)
    {
        if (key.Length is 0 or > 2048 || key.Length % 2 != 0 || !key.All(char.IsAsciiHexDigit)) return null;
        return await accounts.GetPasskeyAsync(account, Convert.FromHexString(key));
    }

    private static Refusal Failed() => new("passkey_failed", "The passkey could not be used: try again, or use the password.");

    /// <summary>What was asked, once: a browser forgets its cookie, whoever copied both cookie and answer does not.</summary>
    private async Task<string?> TakeAsync(HttpContext http, Guid who)
    {
        var kept = _cookie.Read(http);
        _cookie.End(http);
        return kept is var (whose, state) && whose == who && await tries.AddAsync(Tries.Key("passkey", state), http.RequestAborted) == 1 ? state : null;
    }
}
