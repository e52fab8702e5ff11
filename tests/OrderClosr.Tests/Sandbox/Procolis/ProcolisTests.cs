using System.Text.Json.Nodes;
using OrderClosr.Tests.Sandbox.Couriers;

namespace OrderClosr.Tests.Sandbox.Procolis;

public sealed class ProcolisTests
{
    private static Task<CourierPlay> StartAsync() =>
        CourierPlay.StartAsync("procolis", new() { ["token"] = "invented-procolis-token-dar-lina", ["key"] = "invented-procolis-key-dar-lina" });

    private static JsonObject Parcel(string tracking, params (string Name, JsonNode? Value)[] changes)
    {
        var parcel = new JsonObject
        {
            ["Tracking"] = tracking, ["TypeLivraison"] = 0, ["TypeColis"] = 0, ["Confrimee"] = 1, ["Client"] = "Amine Benali", ["MobileA"] = "0500000012", ["MobileB"] = "", ["Adresse"] = "Cité 120 logts", ["IDWilaya"] = "16",
            ["Commune"] = "Bordj El Kiffan", ["Total"] = "4500", ["Note"] = "", ["TProduit"] = "Montre x1", ["id_Externe"] = tracking, ["Source"] = "",
        };
        foreach (var (name, value) in changes) parcel[name] = value;
        return parcel;
    }

    private static async Task<string> AddAsync(CourierPlay procolis, JsonObject parcel)
    {
        var said = await procolis.PostAsync("api_v1/add_colis", new JsonObject { ["Colis"] = new JsonArray(parcel) });
        Assert.Equal(200, said.Status);
        return (string)said.Json!["Colis"]![0]!["MessageRetour"]!;
    }

    private static async Task<JsonNode?> ReadAsync(CourierPlay procolis, params string[] trackings) =>
        (await procolis.PostAsync("api_v1/lire", new { Colis = trackings.Select(t => new { Tracking = t }) })).Json;

    [Fact]
    public async Task A_parcel_lives_from_its_creation_to_its_payment()
    {
        await using var procolis = await StartAsync();
        Assert.Equal("Accès activé", (string)(await procolis.GetAsync("api_v1/token")).Json!["Statut"]!);
        Assert.Equal("Good", await AddAsync(procolis, Parcel("ORD-1")));
        var row = (await ReadAsync(procolis, "ORD-1"))!["Colis"]![0]!;
        Assert.Equal(("En Traitement - Prêt à Expédie", "4500", "16", ""), ((string)row["Situation"]!, (string)row["Total"]!, (string)row["IDWilaya"]!, (string)row["Date_Livree"]!));
        await procolis.FaultAsync("driver-number");
        await procolis.MoveAsync("ORD-1", "Sortir en livraison");
        Assert.Equal("Sortir en livraison [0500000077]", (string)(await ReadAsync(procolis, "ORD-1"))!["Colis"]![0]!["Situation"]!);
        await procolis.MoveAsync("ORD-1", "Livrée");
        Assert.NotEqual("", (string)(await ReadAsync(procolis, "ORD-1"))!["Colis"]![0]!["Date_Livree"]!);
        await procolis.DoorAsync(HttpMethod.Post, "payouts", new { trackings = new[] { "ORD-1" } });
        Assert.Equal("Livrée [ Recouvert ]", (string)(await ReadAsync(procolis, "ORD-1"))!["Colis"]![0]!["Situation"]!);
    }

    [Fact]
    public async Task An_own_tracking_is_taken_once_and_an_empty_one_is_numbered()
    {
        await using var procolis = await StartAsync();
        await procolis.FaultAsync("timeout-after-work", count: 1, path: "/add_colis", seconds: 0.1);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AddAsync(procolis, Parcel("ORD-1")));
        Assert.Equal("Double Tracking", await AddAsync(procolis, Parcel("ORD-1")));
        Assert.Equal("Good", await AddAsync(procolis, Parcel("")));
        var parcels = await procolis.ParcelsAsync();
        Assert.Equal(2, parcels.Count);
        Assert.StartsWith("ZR", (string)parcels[1]!["tracking"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_waits_until_it_is_made_ready()
    {
        await using var procolis = await StartAsync();
        Assert.Equal("Good", await AddAsync(procolis, Parcel("ORD-1", ("Confrimee", ""))));
        Assert.Equal("En Préparation", (string)(await ReadAsync(procolis, "ORD-1"))!["Colis"]![0]!["Situation"]!);
        Assert.Equal(422, (await procolis.PostAsync("_parcels/ORD-1/move", new { to = "Dispatcher" })).Status);
        await procolis.MoveAsync("ORD-1", "En Préparation - Ne Réponde pas");
        var said = await procolis.PostAsync("api_v1/pret", new { Colis = new[] { new { Tracking = "ORD-1" }, new { Tracking = "ORD-2" } } });
        Assert.Equal(["Good", "Tracking introuvable"], said.Json!["Colis"]!.AsArray().Select(c => (string)c!["MessageRetour"]!));
        await procolis.MoveAsync("ORD-1", "Dispatcher");
    }

    [Theory]
    [InlineData("IDWilaya", "\"9\"", "IDWilaya incorrect")]
    [InlineData("IDWilaya", "\"59\"", "IDWilaya incorrect")]
    [InlineData("Total", "4500", "Total manquant")]
    [InlineData("MobileA", "\"+213500000012\"", "MobileA incorrect")]
    [InlineData("Commune", "\"Oran\"", "Commune incorrecte")]
    [InlineData("Confrimee", "0", "Confrimee incorrect")]
    public async Task A_bad_field_is_a_200_with_words(string name, string value, string words)
    {
        await using var procolis = await StartAsync();
        Assert.Equal(words, await AddAsync(procolis, Parcel("ORD-1", (name, JsonNode.Parse(value)))));
        Assert.Null(await ReadAsync(procolis, "ORD-1"));
        Assert.Empty(await procolis.ParcelsAsync());
    }

    [Fact]
    public async Task Reading_what_is_unknown_is_the_word_null()
    {
        await using var procolis = await StartAsync();
        await AddAsync(procolis, Parcel("ORD-1"));
        Assert.Equal("null", (await procolis.PostAsync("api_v1/lire", new { Colis = new[] { new { Tracking = "ORD-9" } } })).Text);
        Assert.Single((await ReadAsync(procolis, "ORD-9", "ORD-1"))!["Colis"]!.AsArray());
    }

    [Fact]
    public async Task Tariffs_are_texts_for_the_wilayas_of_the_account()
    {
        await using var procolis = await StartAsync();
        foreach (var (model, count) in new[] { (null, 58), ("48", 48), ("69", 69) })
        {
            await procolis.ClearAsync();
            if (model is not null) await procolis.FaultAsync("wilaya-model", model);
            var rows = (await procolis.PostAsync("api_v1/tarification", new { })).Json!.AsArray();
            Assert.Equal(count, rows.Count);
            Assert.Equal("09", (string)rows[8]!["IDWilaya"]!);
            Assert.True(int.Parse((string)rows[15]!["Stopdesk"]!, System.Globalization.CultureInfo.InvariantCulture) < int.Parse((string)rows[15]!["Domicile"]!, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task Bad_keys_are_refused_in_words_or_by_switch_with_401()
    {
        await using var procolis = await StartAsync();
        Assert.Equal((200, "Accès refusé"), await WrongAsync());
        await procolis.FaultAsync("bad-credentials", "401");
        Assert.Equal((401, "Accès refusé"), await WrongAsync());

        async Task<(int, string)> WrongAsync()
        {
            var said = await procolis.CallAsync(HttpMethod.Get, "api_v1/token", null, ("key", "nonsense"));
            return (said.Status, (string)said.Json!["Statut"]!);
        }
    }
}
