using Microsoft.AspNetCore.Antiforgery;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.ResponseCompression;
using OrderClosr.Web.Layout;
using OrderClosr.Web.Live;
using OrderClosr.Web.Ui;

namespace OrderClosr.Web;

/// <summary>What all pages stand on: components drawn on the server, words, languages, headers, live updates.</summary>
public static class WebSetup
{
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "form";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.SuppressXFrameOptionsHeader = true; // frame-ancestors says it
        });
        services.AddResponseCompression(o =>
        {
            o.EnableForHttps = true; // the form's proof is masked anew in each answer, so its length tells nothing
            o.MimeTypes = ["text/html", "application/json", "application/problem+json"];
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.AddSingleton<Words>().AddScoped<Dates>().AddScoped<Shop>().AddSingleton<Doors>().AddScoped<NavCounts>();
        services.AddSingleton<LiveHub>();
        services.AddSingleton<MediaAddresses>();
        return services;
    }

    /// <summary>The order in which a request passes; before any endpoint is mapped.</summary>
    public static WebApplication UseWeb(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseLanguages();
        app.UseProblemPages();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(NeedsForm.FilterAsync);
        app.UseAntiforgery();
        // The endpoints made at build time read a form without asking how its proof went, and fail; a form without one is a bad request.
        app.Use((http, next) =>
        {
            if (http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }) return next(http);
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });
        return app;
    }
}
