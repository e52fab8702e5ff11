using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OrderClosr.Workspaces;

/// <summary>A cookie that keeps a value for some minutes between two requests of one browser: nobody can read it, make it, or use it later.</summary>
/// <param name="name">Its name, and what its seal is for.</param>
internal sealed class SealedCookie(string name, SameSiteMode sameSite, TimeSpan lasts, int longest, IDataProtector seal, TimeProvider time)
{
    internal void Keep(HttpContext http, Guid who, string? value)
    {
        var until = (time.GetUtcNow() + lasts).ToUnixTimeSeconds();
        http.Response.Cookies.Append(NameFor(http, name), seal.Protect(string.Create(CultureInfo.InvariantCulture, $"{who:N}|{until}|{value}")), Options(http, sameSite, lasts));
    }

    /// <summary>What is kept, and of whom; null when nothing is, or too long ago.</summary>
    internal (Guid Who, string Value)? Read(HttpContext http)
    {
        if (http.Request.Cookies[NameFor(http, name)] is not { } cookie || cookie.Length >= longest) return null;
        try
        {
            return seal.Unprotect(cookie).Split('|', 3) is [var id, var until, var value] && Guid.TryParse(id, out var who) && long.TryParse(until, CultureInfo.InvariantCulture, out var end) && end > time.GetUtcNow().ToUnixTimeSeconds() ? (who, value) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    internal void End(HttpContext http) => http.Response.Cookies.Delete(NameFor(http, name), Options(http, sameSite, null));

    /// <summary>Where there is TLS, bound to this host by its name.</summary>
    internal static string NameFor(HttpContext http, string name) => http.Request.IsHttps ? $"__Host-{name}" : name;

    /// <summary>Ours alone, of no script.</summary>
    internal static CookieOptions Options(HttpContext http, SameSiteMode sameSite, TimeSpan? lasts) =>
        new() { HttpOnly = true, SameSite = sameSite, Secure = http.Request.IsHttps, Path = "/", MaxAge = lasts, IsEssential = true };
}
