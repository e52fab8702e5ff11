using Microsoft.AspNetCore.Diagnostics;

namespace OrderClosr.Web.Layout;

/// <summary>Errors in the product's look for people; programs (API, webhooks, health) get theirs from their own doors.</summary>
public static class ProblemPages
{
    /// <summary>Draws a page where an answer would be an empty error, and for a bug: says nothing of its cause (it is in the log).</summary>
    public static IApplicationBuilder UseProblemPages(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => DrawAsync(context, StatusCodes.Status500InternalServerError) });
        return app.UseStatusCodePages(status => DrawAsync(status.HttpContext, status.HttpContext.Response.StatusCode));
    }

    private static Task DrawAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (IsForPrograms(context.Request.Path) || HttpMethods.IsHead(context.Request.Method)) return Task.CompletedTask;
        return Results.Page<ProblemPage>(new { Status = status }, status).ExecuteAsync(context);
    }

    private static bool IsForPrograms(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments("/webhooks") || path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics");
}
