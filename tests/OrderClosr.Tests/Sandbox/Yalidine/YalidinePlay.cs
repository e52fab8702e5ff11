using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Tests.Sandbox.Couriers;

namespace OrderClosr.Tests.Sandbox.Yalidine;

/// <summary>Yalidine as a merchant of the seed sees it.</summary>
internal static class YalidinePlay
{
    public const string Id = "10000000000000000001", Token = "invented-yalidine-token-dar-lina";

    /// <summary>Starts it; a test makes more than five calls a second, so the quota is off unless it is the quota that is tested.</summary>
    public static async Task<CourierPlay> StartAsync(FakeTimeProvider? time = null, bool quota = false)
    {
        var play = await CourierPlay.StartAsync("yalidine", new() { ["X-API-ID"] = Id, ["X-API-TOKEN"] = Token }, time);
        if (!quota) await play.FaultAsync("no-limits");
        return play;
    }

    /// <summary>A parcel that is right in every field, with some of them changed.</summary>
    public static JsonObject Parcel(string orderId, params (string Name, JsonNode? Value)[] changes)
    {
        var parcel = new JsonObject
        {
            ["order_id"] = orderId, ["from_wilaya_name"] = "Alger", ["firstname"] = "Amine", ["familyname"] = "Benali", ["contact_phone"] = "0500000012", ["address"] = "Cité 120 logts, Bt 4",
            ["to_wilaya_name"] = "Alger", ["to_commune_name"] = "Bordj El Kiffan", ["product_list"] = "Montre x1", ["price"] = 4500, ["do_insurance"] = false, ["declared_value"] = 4500,
            ["length"] = 20, ["width"] = 10, ["height"] = 8, ["weight"] = 1, ["freeshipping"] = false, ["is_stopdesk"] = false, ["has_exchange"] = false, ["product_to_collect"] = null,
        };
        foreach (var (name, value) in changes) parcel[name] = value;
        return parcel;
    }

    /// <summary>Creates parcels and gives the whole answer.</summary>
    public static Task<Said> CreateAsync(this CourierPlay play, params JsonObject[] parcels) => play.PostAsync("v1/parcels/", new JsonArray([.. parcels]));

    /// <summary>Creates one that must succeed; its tracking.</summary>
    public static async Task<string> BookAsync(this CourierPlay play, string orderId, params (string Name, JsonNode? Value)[] changes)
    {
        var said = await play.CreateAsync(Parcel(orderId, changes));
        Assert.True((bool)said.Json![orderId]!["success"]!, said.Text);
        return (string)said.Json![orderId]!["tracking"]!;
    }

    /// <summary>The one row of a parcel.</summary>
    public static async Task<JsonObject> RowAsync(this CourierPlay play, string tracking) => (await play.GetAsync("v1/parcels/" + tracking)).Json!["data"]![0]!.AsObject();

    /// <summary>A webhook in the dashboard, activated.</summary>
    public static async Task HookAsync(this CourierPlay play) =>
        Assert.True((bool)(await play.DoorAsync(HttpMethod.Post, "webhooks", new { url = "http://product.test/webhooks/couriers/yalidine/k1", activate = true }))!["active"]!);
}
