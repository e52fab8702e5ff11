using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>The whole road of a parcel at each real courier, as the sandbox plays it: order, parcel, the courier's words, delivered, paid.</summary>
public sealed partial class CourierRoadTests(CourierTowns towns) : IClassFixture<CourierTowns>
{
    public static IEnumerable<ITheoryDataRow> Roads =>
    [
        .. CourierRoad.All.Select(c => new TheoryDataRow<Database, string>(Database.Sqlite, c.Name)),
        .. ((string[])["yalidine", "zr-express"]).Select(name => new TheoryDataRow<Database, string>(Database.Postgres, name) { Skip = PostgresServer.Address is null ? PostgresServer.Missing : null }),
    ];

    [Theory, MemberData(nameof(Roads))]
    public async Task A_confirmed_order_goes_out_is_followed_delivered_and_counted_and_a_repeated_word_changes_nothing(Database database, string name)
    {
        var town = await towns.OnAsync(database);
        var courier = CourierRoad.Of(name);
        var (order, phone) = await town.OrderAsync();
        var id = await town.ShipAsync(courier, order);
        var parcel = await town.BecomesAsync(id, courier.Booked);
        var reference = (string)parcel["reference"]!;

        var there = Assert.Single(await town.AtCourierAsync(courier, reference));
        Assert.Equal(((string?)parcel["tracking"], 1800, 31, "bireldjir", false), ((string?)there["tracking"], (int)there["amount"]!, (int)there["wilaya"]!, Folding.Compact((string)there["commune"]!), (bool)there["to_desk"]!));
        Assert.EndsWith(phone[1..], (string)there["phone"]!, StringComparison.Ordinal);
        Assert.Equal("Amina Belkacem", (string)there["client"]!);
        Assert.Null(parcel["trouble"]);
        // Asked for again, by the program or by the courier's name: the same parcel.
        Assert.Equal(id, await town.ShipAsync(courier, order));

        var tracking = (string)there["tracking"]!;
        await town.MoveAsync(courier, tracking, courier.Out);
        await town.BecomesAsync(id, "out_for_delivery");
        Assert.Equal((409, "already_shipped"), await CancelAsync(town, order));

        var taken = await town.TakenAsync(courier);
        if (!courier.IsAsked) await town.FaultAsync(courier, new { kind = "duplicate", count = 1 });
        await town.MoveAsync(courier, tracking, courier.Delivered);
        await town.BecomesAsync(id, "delivered");
        Assert.Equal((409, "already_delivered"), await CancelAsync(town, order));
        // The same words a second time: by the courier's own repeat, and by asking.
        if (!courier.IsAsked) await Eventually.HoldsAsync(async () => await town.TakenAsync(courier) >= taken + 2);
        await town.QuietAsync();
        await town.AskAsync(); // a delivered one is asked for twice a day
        await town.QuietAsync();
        parcel = await town.ParcelAsync(id);
        Assert.Equal("delivered", (string)parcel["state"]!);
        Assert.Equal(1, await town.MovesAsync(id, ParcelState.Delivered));
        Assert.Null(parcel["trouble"]);
        Assert.Equal("confirmed", (await town.Api.GetAsync($"/orders/{order}")).Text("state"));
        Assert.Single(await town.AtCourierAsync(courier, reference));

        // The courier pays: whatever it says of that by its API, only the counted slip ends it. Its own file, its own fee: nothing to decide.
        var payout = (await town.DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_payouts", new { trackings = new[] { tracking } }))!;
        using var member = await Visitor.OwnerOfAsync(town.App, town.Shop);
        await using var scope = town.App.In(town.Shop.Id);
        var account = await scope.Db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Courier == name);
        var kind = Array.IndexOf([.. CourierRoad.All], courier) % 2 == 0 ? "csv" : "xlsx";
        var looked = await member.PostFileAsync($"/w/{town.Shop.Slug}/cash/slips/new?account={account.Id}", "file", $"slip.{kind}", await town.App.Sandbox.GetByteArrayAsync((string)payout[kind]!));
        Assert.Contains("Toutes les lignes sont justes", await member.ReadAsync(looked.Headers.Location!.ToString()));
        Assert.NotEqual("paid", (string)(await town.ParcelAsync(id))["cash_state"]!);
        var counted = await OrderClosr.Tests.Cash.CashWorld.ApplyAsync(member, looked.Headers.Location.ToString());
        var slip = await scope.Db.PaymentSlips.AsNoTracking().Where(s => s.AccountId == account.Id).OrderByDescending(s => s.Id).FirstAsync();
        Assert.EndsWith($"{slip.Id}", counted.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal((1800L, (long)payout["total"]!), (slip.Collected.Amount, slip.Net.Amount));
        parcel = await town.ParcelAsync(id);
        Assert.Equal(("paid", 1800), ((string)parcel["cash_state"]!, (int)parcel["collected"]!));
    }

    [Theory, MemberData(nameof(Roads))]
    public async Task A_booking_that_was_done_and_never_answered_is_one_parcel(Database database, string name)
    {
        var town = await towns.OnAsync(database);
        var courier = CourierRoad.Of(name);
        var id = (await town.LostAnswersAsync())[name];
        var parcel = await town.ParcelAsync(id);
        var there = Assert.Single(await town.AtCourierAsync(courier, (string)parcel["reference"]!));
        var faults = (await town.DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_faults"))!["items"]!.AsArray();
        Assert.DoesNotContain(faults, f => (string?)f!["kind"] == "timeout-after-work"); // it did hit
        if (courier.FindsAgain) Assert.Equal(((string?)there["tracking"], null), ((string?)parcel["tracking"], (string?)parcel["trouble"]?["code"]));
        else Assert.Equal((null, "tracking_missing"), ((string?)parcel["tracking"], (string?)parcel["trouble"]?["code"])); // a person copies it from the courier's screen
        Assert.Equal(1800, (int)there["amount"]!);
    }

    [Theory, MemberData(nameof(Roads))]
    public async Task What_was_delivered_is_exchanged_and_the_courier_is_told_what_to_bring_back(Database database, string name)
    {
        var town = await towns.OnAsync(database);
        var courier = CourierRoad.Of(name);
        var (order, _) = await town.OrderAsync();
        var id = await town.ShipAsync(courier, order);
        var tracking = (string)(await town.BecomesAsync(id, courier.Booked))["tracking"]!;
        await town.MoveAsync(courier, tracking, courier.Delivered);
        await town.BecomesAsync(id, "delivered");

        using var member = await Visitor.OwnerOfAsync(town.App, town.Shop);
        await using var scope = town.App.In(town.Shop.Id);
        await scope.Db.InTransactionAsync(() => scope.Db.Set<OrderClosr.Catalogue.Variant>().ExecuteUpdateAsync(set => set.SetProperty(v => v.Stock, 500)), default);
        var line = await scope.Db.Set<OrderClosr.Orders.OrderLine>().AsNoTracking().SingleAsync(l => l.OrderId == order);
        var made = await member.SubmitAsync($"/w/{town.Shop.Slug}/parcels/{id}/exchange", new() { [$"back.{line.Id}"] = "1", ["variant"] = $"{town.Shop.Variants["SAC-CAMEL"]}", ["quantity"] = "1", ["unit_price"] = "", ["reason"] = "wrong_item", ["seen"] = "0" });
        Assert.True(made.StatusCode == System.Net.HttpStatusCode.Found, System.Net.WebUtility.HtmlDecode(await made.Content.ReadAsStringAsync()));
        var exchange = await scope.Db.Exchanges.AsNoTracking().SingleAsync(e => e.OrderId == order);
        var sent = await town.Api.PostAsync($"/orders/{exchange.NewOrderId}/ship", new { courier = courier.Name });
        Assert.Equal((200, 4200 - 1200 + 600L), (sent.Code, sent["to_collect"].GetValue<long>()));
        var parcel = await town.BecomesAsync(sent.Text("id"), courier.Booked);
        var there = Assert.Single(await town.AtCourierAsync(courier, (string)parcel["reference"]!));
        Assert.Equal(3600, (int)there["amount"]!);

        var reference = (string)parcel["reference"]!;
        var asked = (await town.DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_log"))!["items"]!.AsArray().Select(i => i!["path"] + " " + i["body"]?.ToString()).Select(b => System.Net.WebUtility.UrlDecode(b.Replace("\\u0022", "\"", StringComparison.Ordinal)))
            .Last(b => b.Contains(courier.Booking, StringComparison.Ordinal) && b.Contains(reference, StringComparison.Ordinal));
        // A field of its own where the API has one, else words for the driver.
        Assert.Matches(name switch
        {
            "yalidine" => "\"has_exchange\": ?true.*\"product_to_collect\": ?\"Hijab", "procolis" => "\"TypeColis\": ?\"?1.*Reprendre : Hijab", "ecotrack" => "(?s)(?=.*produit_a_recuperer.{1,6}Hijab).*\\btype\"?[=:] ?\"?2", "noest" => "(?s)(?=.*produit_a_recuperer.{1,6}Hijab).*type_id\"?[=:] ?\"?2",
            "maystro" => "ECHANGE, à récupérer : Hijab", _ => "ÉCHANGE : reprendre Hijab",
        }, System.Text.RegularExpressions.Regex.Unescape(asked.Replace("\\/", "/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task After_pick_up_exactly_what_the_courier_still_takes_is_corrected_there()
    {
        var town = await towns.OnAsync(Database.Sqlite);
        var (noest, yalidine) = (CourierRoad.Of("noest"), CourierRoad.Of("yalidine"));
        using var member = await Visitor.OwnerOfAsync(town.App, town.Shop);
        var (order, _) = await town.OrderAsync();
        var id = await town.ShipAsync(noest, order);
        var reference = (string)(await town.BecomesAsync(id, noest.Booked))["reference"]!;
        Assert.True(ParcelId.TryParse(id, null, out var parcel));
        await MoveAsync(parcel, ParcelState.InTransit);
        var page = $"/w/{town.Shop.Slug}/parcels/{id}";
        var html = await member.ReadAsync(page);
        Assert.Contains("Le colis est en route.", html);
        foreach (var field in (string[])["name=\"phone\"", "name=\"address\""]) Assert.Contains(field, html);
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{page}/correct", new() { ["phone"] = "12" }, page)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await member.SubmitAsync($"{page}/correct", new() { ["phone"] = "0500000044", ["version"] = "99" }, page)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Found, (await member.SubmitAsync($"{page}/correct", new() { ["phone"] = "0500 00 00 44", ["address"] = "Cité neuve, bloc 4" }, page)).StatusCode);
        await Eventually.HoldsAsync(async () => ((string)(await town.AtCourierAsync(noest, reference))[0]["phone"]!).EndsWith("500000044", StringComparison.Ordinal), CourierTown.Patience);
        await town.QuietAsync();
        Assert.Null((await town.ParcelAsync(id))["trouble"]);
        await using (var scope = town.App.In(town.Shop.Id))
        {
            var changed = await scope.Db.Set<OrderClosr.Orders.Order>().AsNoTracking().SingleAsync(o => o.Id == order);
            Assert.Equal(("+213500000044", "Cité neuve, bloc 4", 1800L), (changed.Phone!.Value.E164, changed.Address, changed.Total.Amount));
        }

        // With the driver, it takes nothing of the kind; and another courier never did.
        await MoveAsync(parcel, ParcelState.OutForDelivery);
        Assert.DoesNotContain("name=\"phone\"", await member.ReadAsync(page));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await member.SubmitAsync($"{page}/correct", new() { ["phone"] = "0500000045" }, page)).StatusCode);
        var other = await town.ShipAsync(yalidine, (await town.OrderAsync()).Id);
        await town.BecomesAsync(other, yalidine.Booked);
        Assert.True(ParcelId.TryParse(other, null, out var theirs));
        await MoveAsync(theirs, ParcelState.InTransit);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await member.SubmitAsync($"/w/{town.Shop.Slug}/parcels/{other}/correct", new() { ["phone"] = "0500000044" }, page)).StatusCode);

        async Task MoveAsync(ParcelId which, ParcelState to)
        {
            await using var scope = town.App.In(town.Shop.Id);
            var moved = await scope.Get<Moving>().MoveAsync(which, to, new(OrderClosr.Orders.ActorKind.Member, town.App.Get<TimeProvider>().GetUtcNow(), "seen"), default);
            Assert.True(moved.Ok, moved.Refusal?.Words);
        }
    }

    private static async Task<(int, string)> CancelAsync(CourierTown town, OrderId order)
    {
        var answer = await town.Api.PostAsync($"/orders/{order}/cancel", new { reason = "changed_mind" });
        return (answer.Code, answer.Text("code"));
    }
}
