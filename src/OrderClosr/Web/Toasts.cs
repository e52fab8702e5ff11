namespace OrderClosr.Web;

/// <summary>One sentence said on the next page: "Enregistré." It travels as the key of its words in a cookie that is read once.</summary>
public static class Toasts
{
    private const string Cookie = "said";

    /// <summary>Says a sentence of <see cref="Words"/> on the next page.</summary>
    public static void Say(HttpContext http, string key) =>
        http.Response.Cookies.Append(Cookie, key, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromMinutes(1), Path = "/" });

    /// <summary>What is to be said on this page, once.</summary>
    internal static string? Take(HttpContext http)
    {
        var key = http.Request.Cookies[Cookie];
        if (key is null) return null;
        if (!http.Response.HasStarted) http.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/" });
        return key;
    }
}
