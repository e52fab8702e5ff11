using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;

namespace OrderClosr.Workspaces;

/// <summary>Between the password and the code: a sealed cookie says for some minutes that this browser gave the right password.</summary>
/// <remarks>It opens nothing by itself, and a changed password makes it void: it carries the stamp of the one that was given.</remarks>
public sealed class HalfSignIn(OrderClosrDb db, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How long a code may take.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private readonly SealedCookie _cookie = new("half", SameSiteMode.Lax, Lasts, 2000, protection.CreateProtector("half sign-in"), time);

    /// <summary>The password was right: the code comes next.</summary>
    internal void Begin(HttpContext http, Account account) => _cookie.Keep(http, account.Id, account.SecurityStamp);

    /// <summary>Whose password was given; null when nobody's, or too long ago.</summary>
    internal async Task<Account?> FindAsync(HttpContext http) =>
        _cookie.Read(http) is var (id, stamp) ? await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.SecurityStamp == stamp && a.LockoutEnd == null, http.RequestAborted) : null;

    /// <summary>Done, or given up.</summary>
    internal void End(HttpContext http) => _cookie.End(http);
}
