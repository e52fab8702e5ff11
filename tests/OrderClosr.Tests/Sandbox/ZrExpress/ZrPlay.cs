using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Tests.Sandbox.Couriers;

namespace OrderClosr.Tests.Sandbox.ZrExpress;

/// <summary>ZR Express as a merchant of the seed sees it.</summary>
internal sealed class ZrPlay(CourierPlay play) : IAsyncDisposable
{
    public const string Tenant = "0d0a11a0-0000-4000-8000-000000000001", Key = "invented-zr-key-dar-lina", Api = "api/v1/";
    private string? _customer;

    public CourierPlay Play { get; } = play;

    public static async Task<ZrPlay> StartAsync(FakeTimeProvider? time = null) => new(await CourierPlay.StartAsync("zr", new() { ["X-Tenant"] = Tenant, ["X-Api-Key"] = Key }, time));

    public Task<Said> PostAsync(string path, object body) => Play.PostAsync(Api + path, body);

    public Task<Said> GetAsync(string path) => Play.GetAsync(Api + path);

    /// <summary>Territories by exact name and level.</summary>
    public async Task<JsonObject> TerritoryAsync(string name, string level)
    {
        var found = await PostAsync("territories/search", new { keyword = name, pageSize = 1000, pageNumber = 1 });
        return found.Json!["items"]!.AsArray().Single(t => (string)t!["name"]! == name && (string)t["level"]! == level)!.AsObject();
    }

    /// <summary>The first pickup point or other hub of a wilaya.</summary>
    public async Task<JsonObject> HubAsync(JsonNode wilaya, bool pickup = true) =>
        (await PostAsync("hubs/search", new { pageSize = 1000, pageNumber = 1 })).Json!["items"]!.AsArray().First(h => (bool)h!["isPickupPoint"]! == pickup && (string)h["address"]!["cityTerritoryId"]! == (string)wilaya["id"]!)!.AsObject();

    /// <summary>A parcel that is right in every field.</summary>
    public async Task<JsonObject> ParcelAsync(string? externalId, Action<JsonObject>? change = null)
    {
        _customer ??= (string)(await PostAsync("customers/individual", new { name = "Amine Benali", phone = new { number1 = "+213500000012" } })).Json!["id"]!;
        var (city, district) = (await TerritoryAsync("Alger", "wilaya"), await TerritoryAsync("Bordj El Kiffan", "commune"));
        var parcel = new JsonObject
        {
            ["customer"] = new JsonObject { ["customerId"] = _customer, ["name"] = "Amine Benali", ["phone"] = new JsonObject { ["number1"] = "+213500000012" } },
            ["deliveryAddress"] = new JsonObject { ["cityTerritoryId"] = city["id"]!.DeepClone(), ["districtTerritoryId"] = district["id"]!.DeepClone(), ["street"] = "Cité 120 logts, Bt 4" },
            ["orderedProducts"] = new JsonArray(new JsonObject { ["productName"] = "Montre", ["unitPrice"] = 4500, ["quantity"] = 1, ["stockType"] = "none" }),
            ["deliveryType"] = "home", ["description"] = "Montre x1", ["amount"] = 4500, ["externalId"] = externalId,
        };
        change?.Invoke(parcel);
        return parcel;
    }

    /// <summary>Creates one that must succeed; as it is read back.</summary>
    public async Task<JsonObject> BookAsync(string? externalId, Action<JsonObject>? change = null)
    {
        var made = await PostAsync("parcels", await ParcelAsync(externalId, change));
        Assert.True(made.Status == 201, made.Text);
        return (await GetAsync("parcels/" + made.Json!["id"])).Json!.AsObject();
    }

    /// <summary>States of the workflow by name.</summary>
    public async Task<Dictionary<string, string>> StatesAsync() => (await PostAsync("workflows/search", new { pageNumber = 1, pageSize = 1 })).Json!["items"]![0]!["states"]!.AsArray()
        .ToDictionary(s => (string)s!["name"]!, s => (string)s!["id"]!);

    /// <summary>The merchant moves his parcel.</summary>
    public async Task<Said> MoveAsync(JsonNode parcel, string to) =>
        await Play.CallAsync(HttpMethod.Patch, $"{Api}parcels/{parcel["id"]}/state", new { parcelId = (string)parcel["id"]!, newStateId = (await StatesAsync())[to] });

    /// <summary>An endpoint for webhooks; its secret.</summary>
    public async Task<string> HookAsync(params string[] types)
    {
        var made = await PostAsync("webhooks/endpoints", new { url = "http://product.test/webhooks/couriers/zr/k1", description = "test", eventTypes = types, headers = new { } });
        Assert.Equal(201, made.Status);
        return (string)(await GetAsync($"webhooks/endpoints/{made.Json!["id"]}/secret")).Json!["secret"]!;
    }

    public ValueTask DisposeAsync() => Play.DisposeAsync();
}
