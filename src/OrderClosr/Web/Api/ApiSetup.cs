using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Api;

/// <summary>The API's foundation: <c>/api/v1</c> with bearer keys, problem details, idempotency, paging, limits and its OpenAPI document.</summary>
/// <remarks>
/// How a room adds endpoints, in its own <c>XApi.cs</c>:
/// <code>
/// public static void MapCustomersApi(this RouteGroupBuilder api)
/// {
///     // A list: newest first, ?limit= and ?cursor= read for you.
///     api.MapGet("/customers", async (HttpContext http, OrderClosrDb db, CancellationToken stop) =>
///     {
///         var page = ApiPage.Read(http);
///         if (!page.Ok) return Problems.Of(page.Refusal);
///         return ApiAnswers.Of(await page.Value.OfAsync(db.Customers.AsNoTracking(), (rows, last) => rows.Where(c => c.Id &lt; last), CustomerShape.Of, stop));
///     }).Answers&lt;ApiList&lt;CustomerShape&gt;&gt;();
///
///     // A write: the body is read strictly, the effect runs in one transaction, a Refusal undoes it; Idempotency-Key works by itself.
///     api.MapPost("/customers/{id}/block", (string id, HttpContext http, BlockCustomer block) =>
///         ApiWrites.WriteAsync&lt;Nothing, CustomerShape&gt;(http, async _ => …)).Takes&lt;Nothing&gt;().Answers&lt;CustomerShape&gt;();
/// }
/// </code>
/// Take ids as <c>string</c> and read them with <c>ApiAnswers.Id</c> (no id: 404, like a foreign one). Take no <c>[FromBody]</c>: it would not be strict.
/// Shapes are records in snake_case by themselves; instants, dinars, phones and ids have their converters. The workspace is entered
/// before your code runs, so every query is inside it. Map the room in <c>App.cs</c>: <c>api.MapCustomersApi()</c>.
/// </remarks>
public static class ApiSetup
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddScoped<ApiKeys>().AddScoped<ICustomerErasure, ApiErasure>();
        services.AddSingleton<ApiRates>();
        services.AddNavItem(new("keys", NavGroup.Settings, 70, "lock", "settings/api", Needs: Capability.MakeKeys));
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyScheme>(ApiKeyScheme.Name, null);
        services.AddAuthorization();
        services.ConfigureHttpJsonOptions(json => ApiJson.Make(json.SerializerOptions));
        services.AddOpenApi("v1", ApiDocument.Describe);
        return services;
    }

    /// <summary>The group of the API; a room maps its endpoints on it.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/api/{documentName}/openapi.json");
        app.MapGet("/api/v1/docs", IResult (EndpointDataSource endpoints) => Results.Page<ApiDocsPage>(new { Lines = ApiDocsPage.Line.Of(endpoints) })).AllowAnonymous().ExcludeFromDescription();
        var api = app.MapGroup("/api/v1").DisableAntiforgery()
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyScheme.Name).RequireAuthenticatedUser());
        api.AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<ApiRates>().FilterAsync(context, next));
        api.AddEndpointFilter(CatchAsync);
        api.MapFallback("{**rest}", () => Problems.Of(Refusal.NotFound("address in this API"))).ExcludeFromDescription();
        return api;
    }

    /// <summary>A bug is logged where it happens and said without its cause.</summary>
    private static async ValueTask<object?> CatchAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var http = context.HttpContext;
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("OrderClosr.Web.Api").LogError(error, "The API failed at {Method} {Route}.", http.Request.Method, http.GetEndpoint()?.DisplayName);
            return Problems.Of(new Refusal("our_fault", "Something went wrong on our side; nothing was written."), StatusCodes.Status500InternalServerError);
        }
    }

    extension(HttpContext http)
    {
        /// <summary>The key that opened this request.</summary>
        internal Id<ApiKey> ApiKeyId() => Id<ApiKey>.TryParse(http.User.FindFirstValue(ApiKeyScheme.KeyClaim), null, out var id) ? id : throw new InvalidOperationException("Not a request of the API.");
    }
}

/// <summary>A write without a body.</summary>
public sealed record Nothing;

/// <summary>How an endpoint of the API answers.</summary>
public static class ApiAnswers
{
    /// <summary>The value as JSON, or the refusal as a problem.</summary>
    public static IResult Of<T>(Result<T> result) => result.Ok ? Results.Json(result.Value, ApiJson.Options) : Problems.Of(result.Refusal);

    /// <summary>The value as JSON; null is "not found", for ids of others as for ids of nobody.</summary>
    public static IResult Found<T>(T? value, string what) where T : class => value is null ? Problems.Of(Refusal.NotFound(what)) : Results.Json(value, ApiJson.Options);

    /// <summary>An id from an address; text that is no id names nothing.</summary>
    public static Result<Id<T>> Id<T>(string text, string what) => Ground.Values.Id<T>.TryParse(text, null, out var id) ? id : Refusal.NotFound(what);

    /// <summary>For the OpenAPI document: the body a write takes.</summary>
    /// <remarks>Not <c>Accepts</c>: that also routes, and would send a write without a body past its endpoint.</remarks>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint.WithMetadata(new ApiBody(typeof(T)));

    /// <summary>For the OpenAPI document: what it answers, and the problems it may.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK)
    {
        endpoint.Produces<T>(status);
        foreach (var problem in (int[])[401, 404, 409, 422, 429]) endpoint.Produces<Problem>(problem, "application/problem+json");
        return endpoint;
    }
}

/// <summary>The shape of a write's body, for the document.</summary>
internal sealed record ApiBody(Type Type);
