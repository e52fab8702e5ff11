namespace OrderClosr.Web;

/// <summary>What a browser may do with our answers: nothing that is not ours, and no page is kept.</summary>
public static class SecurityHeaders
{
    /// <summary>No script, style, picture or connection from elsewhere, nothing inline (facts/stack.md section 8); media for voice notes.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Permits this one answer another's script and the windows it opens: for the sign-up by the vendor's script, and only where the operator chose it.</summary>
    public static void AllowScript(HttpContext http, Uri script, IEnumerable<string> origins) => http.Items[typeof(SecurityHeaders)] = (Script: script.GetLeftPart(UriPartial.Authority), Others: string.Join(' ', origins));

    /// <summary>Sets the headers when the answer starts, so that a problem page has them too.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (context.Items[typeof(SecurityHeaders)] is (string script, string others))
            {
                headers.ContentSecurityPolicy = $"{ContentSecurityPolicy.Replace("script-src 'self'", $"script-src 'self' {script}", StringComparison.Ordinal).Replace("connect-src 'self'", $"connect-src 'self' {others}", StringComparison.Ordinal)}; frame-src {others}";
                headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"; // the window must be able to tell us its end
            }
            if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    });
}
