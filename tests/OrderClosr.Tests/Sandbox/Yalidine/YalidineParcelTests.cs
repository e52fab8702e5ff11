using System.Text.Json.Nodes;
using OrderClosr.Tests.Sandbox.Couriers;

namespace OrderClosr.Tests.Sandbox.Yalidine;

public sealed class YalidineParcelTests
{
    [Fact]
    public async Task A_parcel_lives_from_its_creation_to_its_payment()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var created = (await yalidine.CreateAsync(YalidinePlay.Parcel("ORD-1"))).Json!["ORD-1"]!;
        var tracking = (string)created["tracking"]!;
        Assert.Matches("^yal-[0-9A-Z]{6}$", tracking);
        Assert.Equal(("En préparation", "not-ready", 4500), ((string)(await yalidine.RowAsync(tracking))["last_status"]!, (string)(await yalidine.RowAsync(tracking))["payment_status"]!, (int)(await yalidine.RowAsync(tracking))["price"]!));

        foreach (var to in (string[])["Expédié", "Centre", "Sorti en livraison"]) await yalidine.MoveAsync(tracking, to);
        await yalidine.MoveAsync(tracking, "Tentative échouée", "Client ne répond pas");
        await yalidine.MoveAsync(tracking, "Livré");
        var history = (await yalidine.GetAsync("v1/histories/" + tracking)).Json!["data"]!.AsArray();
        Assert.Equal(["Livré", "Tentative échouée", "Sorti en livraison", "Centre", "Expédié", "En préparation"], history.Select(h => (string)h!["status"]!));
        Assert.Equal("Client ne répond pas", (string)history[1]!["reason"]!);

        var payout = await yalidine.DoorAsync(HttpMethod.Post, "payouts", new { trackings = new[] { tracking } });
        var row = await yalidine.RowAsync(tracking);
        Assert.Equal(("payed", (string)payout!["id"]!), ((string)row["payment_status"]!, (string)row["payment_id"]!));
        var slip = await yalidine.Http.GetStringAsync((string)payout["csv"]!);
        Assert.Contains($"{tracking};ORD-1;Amine Benali;0500000012;Alger;Livré;4500;", slip, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_order_id_twice_makes_two_parcels_and_both_are_found_by_it()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var (first, second) = (await yalidine.BookAsync("ORD-1"), await yalidine.BookAsync("ORD-1"));
        Assert.NotEqual(first, second);
        var found = (await yalidine.GetAsync("v1/parcels/?order_id=ORD-1")).Json!;
        Assert.Equal(2, (int)found["total_data"]!);
        Assert.Equal(0, (int)(await yalidine.GetAsync("v1/parcels/?order_id=ORD-2")).Json!["total_data"]!);
    }

    [Theory]
    [InlineData("to_commune_name", "\"bordj el kiffan\"")]
    [InlineData("to_commune_name", "\"Oran\"")]
    [InlineData("to_wilaya_name", "\"El Meniaa\"")]
    [InlineData("price", "\"4500\"")]
    [InlineData("price", "150001")]
    [InlineData("price", "-1")]
    [InlineData("declared_value", "null")]
    [InlineData("contact_phone", "\"+213500000012\"")]
    [InlineData("freeshipping", "0")]
    [InlineData("is_stopdesk", "true")]
    [InlineData("has_exchange", "true")]
    [InlineData("firstname", "\" \"")]
    public async Task A_bad_field_is_a_200_that_failed_and_names_the_field(string name, string value)
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var said = await yalidine.CreateAsync(YalidinePlay.Parcel("ORD-1", (name, JsonNode.Parse(value))));
        var row = said.Json!["ORD-1"]!;
        Assert.Equal((200, false), (said.Status, (bool)row["success"]!));
        Assert.Null(row["tracking"]);
        Assert.Contains(name switch { "is_stopdesk" => "stopdesk_id", "has_exchange" => "product_to_collect", _ => name }, (string)row["message"]!, StringComparison.Ordinal);
        Assert.Empty(await yalidine.ParcelsAsync());
    }

    [Fact]
    public async Task One_bad_parcel_in_a_batch_costs_itself_or_by_switch_all()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var mixed = (JsonObject[])[YalidinePlay.Parcel("A"), YalidinePlay.Parcel("B", ("price", 200_000)), YalidinePlay.Parcel("C")];
        Assert.Equal([true, false, true], (await yalidine.CreateAsync(mixed)).Json!.AsObject().Select(p => (bool)p.Value!["success"]!));
        await yalidine.FaultAsync("batch-all-or-nothing");
        Assert.Equal([false, false, false], (await yalidine.CreateAsync([.. mixed.Select(m => m.DeepClone().AsObject())])).Json!.AsObject().Select(p => (bool)p.Value!["success"]!));
        Assert.Equal(2, (await yalidine.ParcelsAsync()).Count);
        Assert.Equal(400, (await yalidine.PostAsync("v1/parcels/", YalidinePlay.Parcel("D"))).Status); // an object is not a list
    }

    [Fact]
    public async Task An_empty_answer_hides_whether_the_parcel_was_made()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        await yalidine.FaultAsync("empty-array-answer", "created", count: 1);
        Assert.Equal("[]", (await yalidine.CreateAsync(YalidinePlay.Parcel("A"))).Text);
        await yalidine.FaultAsync("empty-array-answer", "not-created", count: 1);
        Assert.Equal("[]", (await yalidine.CreateAsync(YalidinePlay.Parcel("B"))).Text);
        Assert.Equal(["A"], (await yalidine.ParcelsAsync()).Select(p => (string)p!["reference"]!));
    }

    [Fact]
    public async Task An_answer_that_never_comes_leaves_the_parcel_made()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        await yalidine.FaultAsync("timeout-after-work", count: 1, path: "/parcels", seconds: 0.1);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => yalidine.CreateAsync(YalidinePlay.Parcel("ORD-1")));
        Assert.Equal(1, (int)(await yalidine.GetAsync("v1/parcels/?order_id=ORD-1")).Json!["total_data"]!);
    }

    [Fact]
    public async Task Only_a_parcel_in_preparation_is_edited_or_deleted()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var (kept, gone) = (await yalidine.BookAsync("A"), await yalidine.BookAsync("B"));
        Assert.True((bool)(await yalidine.CallAsync(HttpMethod.Patch, "v1/parcels/" + kept, new { price = 3900, contact_phone = "0500000012,0600000013" })).Json!["success"]!);
        Assert.Equal(3900, (int)(await yalidine.RowAsync(kept))["price"]!);
        Assert.False((bool)(await yalidine.CallAsync(HttpMethod.Patch, "v1/parcels/" + kept, new { to_commune_name = "Nulle part" })).Json!["success"]!);
        await yalidine.MoveAsync(kept, "Expédié");
        Assert.False((bool)(await yalidine.CallAsync(HttpMethod.Patch, "v1/parcels/" + kept, new { price = 1 })).Json!["success"]!);
        Assert.Equal(3900, (int)(await yalidine.RowAsync(kept))["price"]!);

        var deleted = (await yalidine.CallAsync(HttpMethod.Delete, $"v1/parcels/?tracking={gone},{kept}")).Json!.AsArray();
        Assert.Equal([true, false], deleted.Select(d => (bool)d!["deleted"]!));
        Assert.NotNull(deleted[1]!["reason"]);
        var unknown = await yalidine.GetAsync("v1/parcels/" + gone);
        Assert.Equal((200, 0), (unknown.Status, (int)unknown.Json!["total_data"]!));
    }

    [Fact]
    public async Task A_late_event_takes_its_place_in_the_history_and_moves_nothing()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var tracking = await yalidine.BookAsync("A");
        await yalidine.DoorAsync(HttpMethod.Post, $"parcels/{tracking}/move", new { to = "Livré", at = DateTimeOffset.UtcNow.AddHours(2) });
        await yalidine.DoorAsync(HttpMethod.Post, $"parcels/{tracking}/move", new { to = "Sorti en livraison", at = DateTimeOffset.UtcNow.AddHours(1) });
        Assert.Equal("Livré", (string)(await yalidine.RowAsync(tracking))["last_status"]!);
        Assert.Equal(["Livré", "Sorti en livraison", "En préparation"], (await yalidine.GetAsync("v1/histories/?tracking=" + tracking)).Json!["data"]!.AsArray().Select(h => (string)h!["status"]!));
    }

    [Fact]
    public async Task A_label_opens_without_login_but_not_without_its_token()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var made = (await yalidine.CreateAsync(YalidinePlay.Parcel("A"), YalidinePlay.Parcel("B"))).Json!["A"]!;
        foreach (var name in (string[])["label", "labels"])
        {
            var pdf = await yalidine.Http.GetByteArrayAsync((string)made[name]!);
            Assert.StartsWith("%PDF-", System.Text.Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
        }
        using var stranger = await yalidine.Http.GetAsync(((string)made["label"]!)[..^1]);
        Assert.Equal(404, (int)stranger.StatusCode);
        await yalidine.FaultAsync("empty-label", count: 1);
        Assert.Empty(await yalidine.Http.GetByteArrayAsync((string)made["label"]!));
    }

    [Fact]
    public async Task Another_merchant_sees_nothing_of_it()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var tracking = await yalidine.BookAsync("A");
        await yalidine.DoorAsync(HttpMethod.Post, "accounts", new { courier = "yalidine", id = "10000000000000000002", token = "invented-other-token" });
        var other = await yalidine.CallAsync(HttpMethod.Get, "v1/parcels/" + tracking, null, ("X-API-ID", "10000000000000000002"), ("X-API-TOKEN", "invented-other-token"));
        Assert.Equal((200, 0), (other.Status, (int)other.Json!["total_data"]!));
        Assert.Equal(401, (await yalidine.CallAsync(HttpMethod.Get, "v1/wilayas", null, ("X-API-TOKEN", "invented-other-token"))).Status);
    }
}
