using System.Globalization;
using System.Security.Cryptography;
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

    private readonly IDataProtector _seal = protection.CreateProtector("half sign-in");

    /// <summary>The password was right: the code comes next.</summary>
    internal void Begin(HttpContext http, Account account)
    {
        var until = (time.GetUtcNow() + Lasts).ToUnixTimeSeconds();
        http.Response.Cookies.Append(Name(http), _seal.Protect(string.Create(CultureInfo.InvariantCulture, $"{account.Id:N}|{until}|{account.SecurityStamp}")), Options(http, Lasts));
    }

    /// <summary>Whose password was given; null when nobody's, or too long ago.</summary>
    internal async Task<Account?> FindAsync(HttpContext http)
    {
        if (http.Request.Cookies[Name(http)] is not { Length: < 2000 } cookie) return null;
        string[] parts;
        try
        {
            parts = _seal.Unprotect(cookie).Split('|');
        }
        catch (CryptographicException)
        {
            return null;
        }
        if (parts is not [var id, var until, var stamp] || !Guid.TryParse(id, out var accountId) || !long.TryParse(until, CultureInfo.InvariantCulture, out var end) || end <= time.GetUtcNow().ToUnixTimeSeconds()) return null;
        return await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId && a.SecurityStamp == stamp, http.RequestAborted);
    }

    /// <summary>Done, or given up.</summary>
    internal static void End(HttpContext http) => http.Response.Cookies.Delete(Name(http), Options(http, null));

    private static string Name(HttpContext http) => http.Request.IsHttps ? "__Host-half" : "half";

    private static CookieOptions Options(HttpContext http, TimeSpan? lasts) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", MaxAge = lasts, IsEssential = true };
}
