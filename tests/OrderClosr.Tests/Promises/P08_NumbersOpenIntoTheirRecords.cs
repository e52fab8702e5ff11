using System.Text.RegularExpressions;
using OrderClosr.Dashboard;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Dashboard;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Promises;

/// <summary>The dashboard shows aggregate numbers, and each of them opens into the records behind it: exactly as many as it says.</summary>
/// <remarks>Seen to fail: when the roll-up counted parcels on their way back as returned, while the list held those that had arrived.</remarks>
public sealed partial class P08_NumbersOpenIntoTheirRecords
{
    [Fact]
    public async Task Every_number_of_every_list_opens_into_as_many_records()
    {
        await using var world = await DashboardWorld.StartAsync(Database.Sqlite);
        var shop = world.Shop;
        // No two numbers alike, or a link to the wrong list would not be seen.
        await world.TellAsync([
            .. Enumerable.Range(0, 9).Select(n => new Story(world.Ago(4)) { Channel = shop.Messenger, Ad = ("A1", "Robe"), End = n < 5 ? ParcelState.Delivered : n < 7 ? ParcelState.Returned : ParcelState.InTransit, PaidAfter = n < 3 ? 1 : null, Rescued = n == 0 }),
            .. Enumerable.Range(0, 4).Select(n => new Story(world.Ago(3)) { Wilaya = 31, Channel = shop.Whatsapp, Lines = [("hijab", 1, 1200), ("sac", 1, 4200)], ConfirmedBy = n == 0 ? null : ActorKind.Member, End = n == 1 ? ParcelState.Returning : null, Courier = 1 }),
            .. Enumerable.Range(0, 2).Select(n => new Story(world.Ago(2)) { Wilaya = 9, ConfirmedBy = ActorKind.Api, End = n == 0 ? ParcelState.Delivered : null }),
        ]);
        await world.TurnsAsync(world.Ago(1), 6, 500, ("complaint", 2), ("price", 3));
        await using (var scope = world.Open())
        {
            scope.Db.Add(new Lead { Id = OrderClosr.Ground.Values.Id<Lead>.New(world.Ago(3)), CustomerId = default, ConversationId = default, At = world.Ago(3), Note = "demande un prix" });
            await scope.Db.SaveChangesAsync();
        }
        using var owner = await Visitor.OwnerOfAsync(world.App, shop);
        var time = $"from={Period.Text(world.Today.AddDays(-6))}&to={Period.Text(world.Today)}";
        var opened = 0;
        foreach (var page in NumbersFile.Lists.Keys.Select(list => $"dashboard/by?{time}&list={list}").Append($"dashboard/pay?month={world.Ago(2):yyyy-MM}"))
        {
            foreach (var (address, number) in Numbers().Matches(await owner.ReadAsync(world.Link(page))).Select(m => (m.Groups[1].Value, m.Groups[2].Value)))
            {
                var list = await owner.ReadAsync(address);
                Assert.True(Head().Match(list).Groups[1].Value == number && Rows().Count(list) == int.Parse(number), $"{page}: {number} opens {address} with {Head().Match(list).Groups[1].Value} of {Rows().Count(list)} rows");
                opened++;
            }
        }
        Assert.True(opened > 60, $"only {opened} numbers opened");
        // And the page itself: the road from conversation to cash, and the terms of what was earned.
        var dashboard = await owner.ReadAsync(world.Link($"dashboard?{time}"));
        foreach (var (what, number) in new[] { ("conversations", 13), ("orders", 15), ("confirmed", 14), ("delivered", 6), ("returned", 2), ("paid", 3), ("rescued", 1), ("replies", 6), ("hand_overs", 5) })
        {
            Assert.Contains($"dashboard/records?of={what}&{time}\"", dashboard);
            Assert.Equal($"{number}", Head().Match(await owner.ReadAsync(world.Link($"dashboard/records?of={what}&{time}"))).Groups[1].Value);
        }
    }

    [GeneratedRegex("href=\"(/w/[^\"]*/dashboard/records[^\"]*)\"><bdi>([0-9]+)</bdi>")]
    private static partial Regex Numbers();

    [GeneratedRegex("<h1>[^<]* : ([0-9]+)</h1>")]
    private static partial Regex Head();

    [GeneratedRegex("class=\"c-who\"")]
    private static partial Regex Rows();
}
