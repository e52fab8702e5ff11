using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Conversations;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Web.Api;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Hooks;

/// <summary>Outgoing webhooks: services, the page <c>/settings/hooks</c> and <c>/api/v1/webhooks</c>.</summary>
public static class HooksPages
{
    public static IServiceCollection AddHooks(this IServiceCollection services, IConfiguration settings)
    {
        var rules = new HookRules(settings.GetValue("Hooks:MayBePrivate", false));
        services.AddSingleton(rules).AddSingleton(new OutboundRule(SendHookHandler.Vendor, [], rules.MayBePrivate) { IsNamedPerCall = true });
        services.AddScoped<Hooks>().AddJob<SendHook, SendHookHandler>().AddJob<SendHookLetter, SendHookLetterHandler>().AddJob<ClearHooks, ClearHooksHandler>().AddSingleton(new LaneRule(SendHook.Lanes, new LaneBudget(4, new LaneLimit(10, TimeSpan.FromSeconds(1)))));
        services.AddScoped<IListener<OrderConfirmed>, TellHooks>().AddScoped<IListener<OrderCancelled>, TellHooks>().AddScoped<IListener<OrderChanged>, TellHooks>().AddScoped<IListener<LeadNoted>, TellHooks>().AddScoped<IListener<ParcelRegistered>, TellHooks>().AddScoped<IListener<ParcelMoved>, TellHooks>()
            .AddScoped<IListener<MessageReceived>, TellHooks>().AddScoped<IListener<HolderChanged>, TellHooks>();
        return services;
    }

    public static void MapHooksPages(this RouteGroupBuilder workspace)
    {
        var own = workspace.MapGroup("/settings/hooks").Needs(Capability.MakeKeys);
        own.MapGet("", (OrderClosrDb db, CancellationToken stop) => ShowAsync(db, null, null, stop));
        own.MapPost("", async (HttpContext http, OrderClosrDb db, Hooks hooks, CancellationToken stop) =>
        {
            var form = await http.Request.ReadFormAsync(stop);
            var made = await hooks.MakeAsync(form["url"].ToString(), [.. form["events"].OfType<string>()], stop);
            // The secret is shown in this one answer and nowhere else.
            http.Response.Headers.CacheControl = "no-store";
            return made.Ok ? await ShowAsync(db, made.Value.Secret, null, stop) : await ShowAsync(db, null, made.Refusal, stop, form["url"].ToString());
        });
        Do<HookEndpoint>("{id}/remove", "api.hook_removed", (hooks, id, stop) => hooks.RemoveAsync(id, stop));
        Do<HookEndpoint>("{id}/on", "api.hook_on", (hooks, id, stop) => hooks.TurnOnAsync(id, stop));
        Do<HookEndpoint>("{id}/test", "api.hook_tested", (hooks, id, stop) => hooks.TestAsync(id, stop));
        Do<HookDelivery>("deliveries/{id}/again", "api.hook_again_now", (hooks, id, stop) => hooks.ResendAsync(id, stop));

        void Do<T>(string path, string said, Func<Hooks, Id<T>, CancellationToken, Task<Refusal?>> act) => own.MapPost(path, async (string id, HttpContext http, Hooks hooks, Shop shop) =>
            Id<T>.TryParse(id, null, out var which) && await act(hooks, which, http.RequestAborted) is null ? Results.Back(http, shop.Link("settings/hooks"), said) : Results.NotFound());
    }

    public static void MapHooksApi(this RouteGroupBuilder api)
    {
        api.MapGet("/webhooks", async (OrderClosrDb db, CancellationToken stop) => Results.Json(new ApiList<HookShape>([.. (await db.HookEndpoints.AsNoTracking().OrderBy(e => e.Id).ToListAsync(stop)).Select(e => HookShape.Of(e, null))], null), ApiJson.Options)).Answers<ApiList<HookShape>>().WithSummary("The addresses that are told what happens.");
        api.MapPost("/webhooks", (HttpContext http, Hooks hooks) => ApiWrites.WriteAsync<NewHook, HookShape>(http, async body =>
        {
            var made = await hooks.MakeAsync(body.Url, body.Events ?? [], http.RequestAborted);
            return made.Ok ? HookShape.Of(made.Value.Row, made.Value.Secret) : made.Refusal;
        }, StatusCodes.Status201Created)).Takes<NewHook>().Answers<HookShape>(StatusCodes.Status201Created).WithSummary("Adds an address; its `secret` is answered this once.");
        api.MapDelete("/webhooks/{id}", (string id, HttpContext http, Hooks hooks) => ApiWrites.WriteAsync<Nothing, Nothing>(http, async _ =>
        {
            var which = ApiAnswers.Id<HookEndpoint>(id, "webhook");
            return !which.Ok ? which.Refusal : await hooks.RemoveAsync(which.Value, http.RequestAborted) is { } refusal ? refusal : new Nothing();
        })).Takes<Nothing>().Answers<Nothing>().WithSummary("Removes an address.");
    }

    private static async Task<IResult> ShowAsync(OrderClosrDb db, string? secret, Refusal? refusal, CancellationToken stop, string? typed = null)
    {
        var endpoints = await db.HookEndpoints.AsNoTracking().OrderByDescending(e => e.Id).ToListAsync(stop);
        var deliveries = await db.HookDeliveries.AsNoTracking().OrderByDescending(d => d.Id).Take(50).ToListAsync(stop);
        return Results.Page<HooksPage>(new { Endpoints = (IReadOnlyList<HookEndpoint>)endpoints, Deliveries = (IReadOnlyList<HookDelivery>)deliveries, Secret = secret, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }
}

/// <summary>An endpoint in the API.</summary>
/// <param name="Secret">In the answer that makes it, and never again.</param>
public sealed record HookShape(Id<HookEndpoint> Id, string Url, IReadOnlyList<string> Events, DateTimeOffset CreatedAt, DateTimeOffset? OffAt, string? Secret)
{
    internal static HookShape Of(HookEndpoint endpoint, string? secret) => new(endpoint.Id, endpoint.Url, endpoint.Events.Length == 0 ? HookEvents.All : endpoint.Events.Split(' '), endpoint.CreatedAt, endpoint.OffAt, secret);
}

/// <summary>An endpoint that a program makes.</summary>
public sealed record NewHook
{
    public string? Url { get; init; }

    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string>? Events { get; init; }
}
