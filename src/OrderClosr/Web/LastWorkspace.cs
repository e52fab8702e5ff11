namespace OrderClosr.Web;

/// <summary>The workspace a browser was in last: where its person goes on after signing in. A cookie of the browser; nothing of it is kept with the account (promise P1).</summary>
public static class LastWorkspace
{
    private const string Cookie = "last_shop";

    /// <summary>Notes it when a page is opened; fragments and streams of other windows say nothing of where the person is.</summary>
    internal static void Remember(HttpContext http, WorkspaceId workspace)
    {
        var word = workspace.ToString();
        if (!HttpMethods.IsGet(http.Request.Method) || http.Request.IsHtmx() || http.Request.Cookies[Cookie] == word || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)) return;
        http.Response.Cookies.Append(Cookie, word, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), Path = "/", IsEssential = true });
    }

    /// <summary>The workspace noted; it opens nothing: whoever asks looks for it among the person's own.</summary>
    internal static WorkspaceId? Of(HttpRequest request) => WorkspaceId.TryParse(request.Cookies[Cookie], null, out var id) ? id : null;
}
