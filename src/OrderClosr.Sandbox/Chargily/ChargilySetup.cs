using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Chargily;

/// <summary>Opens <c>/chargily</c>; <c>/api/v2</c> and <c>/test/api/v2</c> in the path are optional.</summary>
internal static class ChargilySetup
{
    private static readonly string[] Knobs =
    [
        "no-webhook", "late-webhook", "webhook-before-answer", "wrong-signature", "missing-signature", "other-mode-signature", "paid-after-expire",
        "header-case", "livemode", "url-field", "booleans", "webhook-amount", "webhook-currency", "amount", "currency", "status",
        "webhook-tries", "webhook-spacing", "minimum", "fees", "customer-format", "events", "customer-update", "rate-limit", "create-status",
    ];

    public static IServiceCollection AddChargily(this IServiceCollection services) => services
        .AddSingleton<ChargilyBook>().AddSingleton<ChargilyHooks>().AddSingleton<Checkouts>().AddSingleton<ChargilyApi>().AddSingleton<PayPage>();

    public static void MapChargily(this IEndpointRouteBuilder app)
    {
        var (book, api, checkouts, page) = (Get<ChargilyBook>(app), Get<ChargilyApi>(app), Get<Checkouts>(app), Get<PayPage>(app));
        var group = app.MapVendor("chargily", vendor =>
        {
            vendor.Knobs = Knobs;
            vendor.ErrorBody = (_, status) => ChargilyRefusal.Injected(status);
            vendor.Faults.Shape = ChargilyApi.WithoutPrefix;
            vendor.Forget = () =>
            {
                book.Clear();
                api.Clear();
            };
        });
        group.MapGet("/_checkouts", () =>
        {
            lock (book.Gate) return Results.Json(new { items = book.All("checkouts").Select(checkouts.Shown).ToList() });
        });
        group.MapPost("/_checkouts/{id}", async (string id, JsonObject wish) => await checkouts.ActAsync(id, (string?)wish["do"] ?? "") is { } why
            ? Results.Json(new { error = why }, statusCode: why == "no such checkout" ? 404 : why.StartsWith("it is", StringComparison.Ordinal) ? 409 : 422)
            : Results.Json(new { id, @do = (string?)wish["do"] }));
        foreach (var prefix in (string[])["", "/test"])
        {
            group.MapGet($"{prefix}/checkouts/{{id}}/pay", page.Show);
            group.MapPost($"{prefix}/checkouts/{{id}}/pay", page.PressAsync);
            group.MapGet($"{prefix}/payment-links/{{id}}/pay", page.Visit);
        }
        group.MapGet("/thanks", () => Results.Text("Thank you."));
        group.Map("/{**path}", (HttpContext http, string? path) => api.AnswerAsync(http, path ?? ""));
    }

    private static T Get<T>(IEndpointRouteBuilder app) where T : notnull => app.ServiceProvider.GetRequiredService<T>();
}
