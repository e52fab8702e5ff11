using Microsoft.AspNetCore.Http.Features;

namespace OrderClosr.Web;

/// <summary>Stands in for the form of a request that brings none: whoever asks for it, bound or read by hand, makes it a bad request (400) and not a bug of ours (500).</summary>
internal sealed class NeedsForm : IFormFeature
{
    public bool HasFormContentType => false;

    public IFormCollection? Form { get; set; }

    public IFormCollection ReadForm() => Form ?? throw new BadHttpRequestException("This address takes a form.");

    public Task<IFormCollection> ReadFormAsync(CancellationToken cancellationToken) => Form is { } form ? Task.FromResult(form) : Task.FromException<IFormCollection>(new BadHttpRequestException("This address takes a form."));

    /// <summary>Before anything reads the form; what the server itself finds wrong with a request (a body that is too large) keeps its status too.</summary>
    internal static async Task FilterAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.HasFormContentType) http.Features.Set<IFormFeature>(new NeedsForm());
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = bad.StatusCode;
        }
    }
}
