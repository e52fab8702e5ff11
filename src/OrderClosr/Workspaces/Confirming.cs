using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>How a link to confirm an address stands.</summary>
public enum ConfirmLink
{
    /// <summary>Waits for its button to be pressed.</summary>
    Open,

    /// <summary>Its address is confirmed; pressing again changes nothing.</summary>
    Done,

    /// <summary>Too old, void, or none of ours.</summary>
    Gone,
}

/// <summary>An account opens once its address is confirmed by the link that went there.</summary>
public sealed class Confirming(UserManager<Account> accounts, Tries tries, AccountLinks links, OrderClosrDb db)
{
    /// <summary>Links asked for again with one e-mail within <see cref="Tries.Window"/>.</summary>
    public const int PerEmail = 5;

    /// <summary>Sends the link again, if the e-mail has an account that waits for it; whoever asks learns nothing of that.</summary>
    public async Task<Refusal?> SendAgainAsync(string? email, CancellationToken stop)
    {
        if (SigningUp.Email(email) is not { } address) return new Refusal("email_wrong", "This is not an e-mail address.", "email");
        var key = Tries.Key("confirm", accounts.NormalizeEmail(address)!);
        if (await tries.CountAsync(key, stop) >= PerEmail) return new Refusal("sign_in_too_many", "Too many tries: wait a few minutes.");
        var account = await accounts.FindByEmailAsync(address);
        await db.InTransactionAsync(async () =>
        {
            await tries.AddAsync(key, stop);
            await links.WriteAsync(account is { EmailConfirmed: false } ? account.Id : null, LinkPurpose.Confirm, AccountLetter.Confirm, stop);
        }, stop);
        return null;
    }

    /// <summary>Looks at a link and uses nothing up: scanners of mail open every address.</summary>
    public async Task<ConfirmLink> LookAsync(string token, CancellationToken stop) =>
        await links.FindAsync(token, LinkPurpose.Confirm, stop) is not { } link ? ConfirmLink.Gone
        : await db.Accounts.AnyAsync(a => a.Id == link.AccountId && a.EmailConfirmed, stop) ? ConfirmLink.Done
        : links.IsGood(link) ? ConfirmLink.Open : ConfirmLink.Gone;

    /// <summary>The button was pressed. A second press, of the same hand or of a machine, finds it done.</summary>
    public async Task<ConfirmLink> ConfirmAsync(string token, CancellationToken stop)
    {
        if (await links.FindAsync(token, LinkPurpose.Confirm, stop) is { } link)
            await db.InTransactionAsync(async () =>
            {
                if (await links.UseAsync(link, stop)) await db.Accounts.Where(a => a.Id == link.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.EmailConfirmed, true), stop);
            }, stop);
        return await LookAsync(token, stop);
    }
}
