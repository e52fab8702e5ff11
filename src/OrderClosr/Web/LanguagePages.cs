using Microsoft.AspNetCore.Mvc;

namespace OrderClosr.Web;

/// <summary>The language switch.</summary>
public static class LanguagePages
{
    public static void MapLanguagePages(this IEndpointRouteBuilder app) =>
        app.MapPost("/language", (HttpContext http, [FromForm] string lang, [FromForm] string? to) =>
        {
            if (Languages.Find(lang) is { } language)
                http.Response.Cookies.Append(Languages.Cookie, language.TwoLetterISOLanguageName, new CookieOptions
                {
                    HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), Path = "/", IsEssential = true,
                });
            return Results.LocalRedirect(Answers.IsOurs(to) ? to! : "/");
        }).OnlyOurForms();
}
