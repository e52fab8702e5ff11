using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>What the page of the own account shows.</summary>
public sealed record OwnAccountView(string Name, string Email, bool HasSecondStep, int CodesLeft, IReadOnlyList<Session> Sessions, IReadOnlyList<OwnPasskey> Passkeys, string Device);

/// <summary>The account a request is signed in with, and what its person may change of it.</summary>
public sealed class OwnAccount(IHttpContextAccessor http, OrderClosrDb db, RecoveryCodes codes, Sessions sessions, Passkeys passkeys)
{
    /// <summary>The account itself. It is there: its session was checked by its row a moment ago. Tracked: Identity finds the same one when it saves.</summary>
    public Task<Account> FindAsync(CancellationToken stop)
    {
        var id = AccountPages.AccountOf(http.HttpContext!.User);
        return db.Accounts.SingleAsync(a => a.Id == id, stop);
    }

    public async Task<OwnAccountView> LookAsync(CancellationToken stop)
    {
        var account = await FindAsync(stop);
        return new(account.Name, account.Email!, account.TwoFactorEnabled, account.TwoFactorEnabled ? await codes.LeftAsync(account.Id, stop) : 0,
            await sessions.ListAsync(account.Id, SignIns.IdOf(http.HttpContext!.User), stop), await passkeys.ListAsync(account), Devices.Of(http.HttpContext.Request.Headers.UserAgent));
    }

    /// <summary>How the person wants to be called.</summary>
    public async Task<Refusal?> RenameAsync(string? given, CancellationToken stop)
    {
        if (SigningUp.Text(given) is not { } name) return new("name_missing", "A name of 1 to 80 characters is needed.", "name");
        var account = await FindAsync(stop);
        await db.InTransactionAsync(() => db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Name, name), stop), stop);
        return null;
    }
}
