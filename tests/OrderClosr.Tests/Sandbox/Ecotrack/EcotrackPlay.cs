using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Tests.Sandbox.Couriers;

namespace OrderClosr.Tests.Sandbox.Ecotrack;

/// <summary>Ecotrack as Anderson, with the demo's account.</summary>
internal static class EcotrackPlay
{
    public const string Token = "invented-ecotrack-token-dar-lina", Account = "dar-lina", Secret = "invented-ecotrack-webhook-secret", V1 = "api/v1/";

    public static Task<CourierPlay> StartAsync(FakeTimeProvider? time = null) => CourierPlay.StartAsync("ecotrack", new() { ["Authorization"] = "Bearer " + Token }, time);

    /// <summary>A good order to a home in Alger, with some fields otherwise; null takes one away.</summary>
    public static JsonObject Order(string reference, params (string Name, string? Value)[] other)
    {
        var order = new JsonObject
        {
            ["reference"] = reference, ["nom_client"] = "Amine Benali", ["telephone"] = "0500000012", ["adresse"] = "Cité 120 logts & Bt 4", ["commune"] = "Bordj El Kiffan", ["code_wilaya"] = "16", ["montant"] = "4500", ["type"] = "1", ["stop_desk"] = "0", ["produit"] = "Montre x1",
        };
        foreach (var (name, value) in other) if (value is null) order.Remove(name); else order[name] = value;
        return order;
    }

    public static string Query(JsonObject fields) => string.Join('&', fields.Select(f => $"{f.Key}={Uri.EscapeDataString((string)f.Value!)}"));

    public static Task<Said> CreateAsync(this CourierPlay play, JsonObject order) => play.CallAsync(HttpMethod.Post, V1 + "create/order?" + Query(order));

    public static async Task<string> TakenAsync(this CourierPlay play, JsonObject order)
    {
        var said = await play.CreateAsync(order);
        Assert.True((bool?)said.Json!["success"] is true, said.Text);
        return (string)said.Json!["tracking"]!;
    }

    public static async Task<string> ShippedAsync(this CourierPlay play, JsonObject order)
    {
        var tracking = await play.TakenAsync(order);
        Assert.Equal("""{"success":true,"message":"Commande expedier avec succès"}""", (await play.PostAsync($"{V1}valid/order?tracking={tracking}&ask_collection=1", "")).Text);
        return tracking;
    }

    public static async Task<JsonNode> StateAsync(this CourierPlay play, string tracking) =>
        (await play.CallAsync(HttpMethod.Get, $"{V1}get/orders/status?api_token={Token}&trackings={tracking}&status=all")).Json!["data"]![tracking]!;
}
