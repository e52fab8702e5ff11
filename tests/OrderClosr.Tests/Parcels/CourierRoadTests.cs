using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>The whole road of a parcel at each real courier, as the sandbox plays it: order, parcel, the courier's words, delivered, paid.</summary>
public sealed class CourierRoadTests(CourierTowns towns) : IClassFixture<CourierTowns>
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
        using var member = await PageClient.SignInAsync(town.App, town.Shop);
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

    private static async Task<(int, string)> CancelAsync(CourierTown town, OrderId order)
    {
        var answer = await town.Api.PostAsync($"/orders/{order}/cancel", new { reason = "changed_mind" });
        return (answer.Code, answer.Text("code"));
    }
}
