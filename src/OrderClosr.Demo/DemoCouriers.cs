using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Parcels;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Demo;

/// <summary>An account of the demo's shop at a courier: how the sandbox knows it, and what a merchant types in.</summary>
/// <param name="Name">The adapter's name.</param>
internal sealed record DemoCourier(string Name, CourierAccountSeed Seed, IReadOnlyDictionary<string, string> Fields);

/// <summary>The couriers Dar Lina ships with. Their lists are read by jobs once the demo runs; an order that is shipped earlier goes out when they are there.</summary>
internal static class DemoCouriers
{
    /// <summary>The first one takes what no rule sends elsewhere: it allows the most calls, so it is ready first.</summary>
    internal static readonly IReadOnlyList<string> Names = ["zr-express", "yalidine", "ecotrack", "noest", "maystro"];

    /// <summary>Algiers.</summary>
    private const int Origin = 16;

    private const string Tenant = "0d0a11a0-0000-4000-8000-000000000001", ApiId = "10000000000000000001", Guid = "DLN0A1B2", Store = "4101", Anderson = "dar-lina";

    internal static IReadOnlyList<DemoCourier> All(DemoSecrets secrets)
    {
        var tokens = secrets.CourierTokens;
        return
        [
            new(Names[0], new("zr", Tenant, tokens[0]), new Dictionary<string, string> { ["tenant_id"] = Tenant, ["api_key"] = tokens[0] }),
            new(Names[1], new("yalidine", ApiId, tokens[1]) { WebhookSecret = tokens[6] }, new Dictionary<string, string> { ["api_id"] = ApiId, ["api_token"] = tokens[1] }),
            new(Names[2], new("ecotrack", Anderson, tokens[2]) { WebhookSecret = tokens[5] }, new Dictionary<string, string> { ["api_token"] = tokens[2] }),
            new(Names[3], new("noest", Guid, tokens[3]), new Dictionary<string, string> { ["api_token"] = tokens[3], ["user_guid"] = Guid }),
            new(Names[4], new("maystro", Store, tokens[4]), new Dictionary<string, string> { ["token"] = tokens[4], ["store_id"] = Store }),
        ];
    }

    /// <summary>Where each courier is played.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Addresses(string sandbox) => new Dictionary<string, string?>
    {
        ["Couriers:Yalidine:Url"] = $"{sandbox}/yalidine/v1", ["Couriers:ZrExpress:Url"] = $"{sandbox}/zr/api/v1", ["Couriers:ZrLegacy:Url"] = $"{sandbox}/procolis/api_v1",
        ["Couriers:Anderson:Url"] = $"{sandbox}/ecotrack/api/v1", ["Couriers:Maystro:Url"] = $"{sandbox}/maystro/api", ["Couriers:Noest:Url"] = $"{sandbox}/noest/api/public",
    };

    /// <summary>Connects what is not connected yet, as a merchant would, and tells the sandbox, which forgets when it stops, where events go.</summary>
    internal static async Task ConnectAsync(IServiceProvider services, DemoSecrets secrets, string app, string sandbox)
    {
        var scopes = services.GetRequiredService<WorkspaceScopes>();
        Workspace shop;
        await using (var none = scopes.OpenNone()) shop = await none.Db.Set<Workspace>().SingleAsync(w => w.Slug == DemoShops.DarLinaSlug);
        using var http = new HttpClient { BaseAddress = new(sandbox) };
        foreach (var courier in All(secrets))
        {
            await using var scope = scopes.Open(shop.Id);
            var account = await scope.Db.CourierAccounts.FirstOrDefaultAsync(a => a.Courier == courier.Name);
            var isNew = account is null;
            if (isNew)
            {
                var made = await scope.Get<ConnectCourier>().RunAsync(new(courier.Name, courier.Fields, Origin) { WebhookSecret = courier.Seed.WebhookSecret }, default);
                if (!made.Ok) throw new InvalidOperationException($"The demo's {courier.Name} does not answer: {made.Refusal.Words}");
                account = made.Value;
            }
            if (account!.State == CourierState.Disconnected) continue; // whoever tries the demo wanted it so
            var ours = $"{app}/webhooks/couriers/{courier.Name}/{account.ChannelKey}";
            switch (courier.Name)
            {
                case "yalidine": (await http.PostAsJsonAsync("/yalidine/_webhooks", new { url = ours, account = ApiId, activate = true })).EnsureSuccessStatusCode(); break;
                case "ecotrack": (await http.PostAsJsonAsync($"/ecotrack/_accounts/{Anderson}", new { webhook = ours })).EnsureSuccessStatusCode(); break;
                case "zr-express" or "maystro" when !isNew:
                    account.WebhookId = null;
                    scope.Db.Later(new RegisterWebhook(account.Id), services.GetRequiredService<TimeProvider>().GetUtcNow());
                    await scope.Db.SaveChangesAsync();
                    break;
            }
        }
    }
}
