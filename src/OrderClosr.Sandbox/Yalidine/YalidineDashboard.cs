using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>A webhook as a merchant enters it in the dashboard.</summary>
/// <param name="Account">API id; left out: the first account.</param>
/// <param name="Secret">Signs it; left out: the account's own.</param>
/// <param name="Types">Left out: all.</param>
/// <param name="Activate">Activates it at once when the handshake was answered rightly.</param>
public sealed record HookWish(string? Url, string? Account, string? Secret, IReadOnlyList<string>? Types, bool Activate = false);

/// <summary>What a merchant does in Yalidine's dashboard: <c>/yalidine/_webhooks</c>.</summary>
public static class YalidineDashboard
{
    /// <summary>Maps it.</summary>
    public static void MapHooks(this RouteGroupBuilder group, YalidineCourier courier, YalidineHooks hooks)
    {
        group.MapGet("/_webhooks", () => new { items = hooks.All.Select(h => Shown(h)) });
        group.MapPost("/_webhooks", async (HookWish wish) =>
        {
            CourierAccount? account;
            lock (courier.Gate) account = courier.Accounts.FirstOrDefault(a => wish.Account is null || a.Id == wish.Account);
            if (account is null || !Uri.TryCreate(wish.Url, UriKind.Absolute, out _)) return No(422, "url and the API id of an account are needed");
            if (wish.Types?.FirstOrDefault(t => !YalidineHooks.Types.Contains(t)) is { } unknown) return No(422, $"there is no type \"{unknown}\"");
            var (hook, status, answer) = await hooks.AddAsync(account, wish.Url!, wish.Secret ?? account.WebhookSecret ?? "", wish.Types ?? YalidineHooks.Types);
            hook.IsActive = wish.Activate && hook.IsTested;
            return Results.Json(Shown(hook, status, answer), statusCode: 201);
        });
        group.MapPost("/_webhooks/{id}/test", async (string id) =>
        {
            if (hooks.Find(id) is not { } hook) return No(404, "no such webhook");
            var (status, answer) = await hooks.TestAsync(hook);
            return Results.Json(Shown(hook, status, answer));
        });
        group.MapPost("/_webhooks/{id}/activate", (string id) =>
        {
            if (hooks.Find(id) is not { } hook) return No(404, "no such webhook");
            if (!hook.IsTested) return No(409, "test it first: the handshake was not answered rightly");
            hook.IsActive = true;
            return Results.Json(Shown(hook));
        });
        group.MapDelete("/_webhooks/{id}", (string id) =>
        {
            if (hooks.Find(id) is not { } hook) return No(404, "no such webhook");
            hooks.Remove(hook);
            return Results.NoContent();
        });
    }

    private static IResult No(int status, string why) => Results.Json(new { error = why }, statusCode: status);

    private static object Shown(YalidineHook hook, int? status = null, string? answer = null) => new { id = hook.Id, account = hook.Account.Id, url = hook.Url, types = hook.Types, tested = hook.IsTested, active = hook.IsActive, handshake = status, answer };
}
