using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash;
using OrderClosr.Parcels;
using OrderClosr.Tests.Cash;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>The money as people see it: what is owed, a slip before and after it is counted, a claim, the terms.</summary>
public sealed class CashLookTests : BrowserTest
{
    [Fact]
    public async Task The_money_looks_right_on_phone_and_desk_in_both_languages()
    {
        await using var world = await CashWorld.StartAsync(Database.Sqlite, 3);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        // Everything a page can show: late, announced, short, unknown, claimed, returned, lost.
        var (late, right, little) = (await world.DeliveredAsync(12_500), await world.DeliveredAsync(), await world.DeliveredAsync(6800));
        world.Clock.Advance(TimeSpan.FromDays(9));
        await world.HearAsync(await world.StoredAsync(8900, account: world.Accounts[1]), world.Word(Movement.Delivered, CashState.Paid, "VRS-20418"));
        await world.HearAsync(await world.StoredAsync(), world.Word(Movement.Returned));
        await world.HearAsync(await world.StoredAsync(), world.Word(Movement.LostOrDamaged));
        static byte[] Slip(params string[] lines) => Encoding.UTF8.GetBytes("Tracking;Montant;Frais;Net\n" + string.Join('\n', lines));
        var slip = await world.CountedAsync(member, world.Account, "Bordereau 118.csv", Slip($"{right.Tracking};4500;450;4050", $"{little.Tracking};6300;450;5850", "ZZ-99812;3000;450;2550", ";;;-700"), "11 500");
        var (_, preview, _) = await world.UploadAsync(member, world.Account, "Bordereau 119.csv", Slip($"{late.Tracking};12000;450;11550", $"{right.Tracking};4500;450;4050"));
        string claim;
        await using (var scope = world.Open()) claim = world.Link($"cash/claims/{(await scope.Db.Claims.SingleAsync()).Id}");
        // Every page once on a phone and once on a desk; the first one in both lights and languages.
        foreach (var (width, language, dark) in Looks)
        {
            await using var window = await OpenAsync(world.App, width, language, dark);
            await window.SignInAsync(world.Shop, world.Link("cash"));
            (string, string)[] rest = [("cash-new", world.Link("cash/slips/new")), ("cash-preview", preview), ("cash-slip", world.Link($"cash/slips/{slip.Id}")), ("cash-parcel", world.Link($"cash/parcels/{little.Id}")), ("cash-claim", claim), ("cash-terms", world.Link("cash/terms"))];
            foreach (var (name, address) in ((string, string)[])[("cash", world.Link("cash")), .. rest])
            {
                await window.Page.GotoAsync(address);
                await window.LooksRightAsync($"{name}-{width}-{language}-{(dark ? "dark" : "light")}", full: true);
            }
        }
    }
}
