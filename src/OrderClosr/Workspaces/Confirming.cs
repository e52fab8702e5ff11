using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;

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
public sealed class Confirming(AccountLinks links, OrderClosrDb db)
{
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
