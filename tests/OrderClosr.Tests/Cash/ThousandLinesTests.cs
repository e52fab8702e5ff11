using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;
using OrderClosr.Cash;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Cash;

/// <summary>Issue 3, shown by 5: a thousand lines over all couriers, in five kinds of files, with planted mistakes: each is found, nothing else is flagged, and the sums are equal to the dinar.</summary>
public sealed class ThousandLinesTests
{
    /// <summary>What the test knows of a line, by itself: plain numbers, none of the product's arithmetic.</summary>
    private sealed record Planted(string Tracking, long Collected, long Fee, long ReturnFee, long Net, bool SaysReturn, Finding Finding, long Difference, long StillOwed, string? Cell = null);

    [Theory, OnBothDatabases]
    public async Task Every_planted_mistake_is_found_nothing_else_is_flagged_and_sums_are_equal(Database database)
    {
        await using var world = await CashWorld.StartAsync(database);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var chance = new Random(20261128);
        var (lines, owed) = (0, 0L);
        var perCourier = 1000 / world.Accounts.Count + 1;
        foreach (var (number, account) in world.Accounts.Index())
        {
            var other = world.Accounts[(number + 1) % world.Accounts.Count];
            var (parcels, before, planted) = Plant(world, account, other, perCourier, chance);
            await using (var scope = world.Open())
            {
                scope.Db.AddRange(parcels);
                await scope.Db.SaveChangesAsync();
                // Delivered before there were books: the clock of the morning finds them.
                await scope.Get<Overdue>().RunAsync(world.Clock.GetUtcNow(), default);
            }
            await world.CountedAsync(member, account, $"avant-{number}.csv", Encoding.UTF8.GetBytes("Tracking;Montant;Frais;Net\n" + string.Join('\n', before.Select(p => $"{p.Tracking};{p.ToCollect.Amount};450;{p.ToCollect.Amount - 450}"))));

            var slip = await world.CountedAsync(member, account, number % 5 == 2 ? "bordereau.xlsx" : "bordereau.csv", Write(number % 5, planted));
            var mistakes = new List<string>();
            Assert.Equal(planted.Count, slip.Lines.Count);
            foreach (var (expected, line) in planted.Zip(slip.Lines))
                if ((expected.Tracking, expected.Finding, expected.Difference) != (line.Tracking.ToUpperInvariant(), line.Finding, line.Difference.Amount))
                    mistakes.Add($"courier {number} line {line.Line} {line.Tracking}: {line.Finding} {line.Difference.Amount}, planted {expected.Finding} {expected.Difference} ({line.Collected} {line.Fee} {line.ReturnFee} {line.Net})");
            Assert.True(mistakes.Count == 0, string.Join('\n', mistakes.Take(20)));
            Assert.Equal((planted.Sum(p => p.Net), planted.Where(p => !p.SaysReturn).Sum(p => p.Collected)), (slip.Net.Amount, slip.Collected.Amount));
            Assert.All(Enum.GetValues<Finding>().Except([Finding.FeeUnknown]), f => Assert.Contains(planted, p => p.Finding == f));
            lines += planted.Count;
            owed += planted.Sum(p => p.StillOwed);
        }
        Assert.InRange(lines, 1000, 1100);

        await using var last = world.Open();
        var view = await last.Get<CashViews>().OverviewAsync(default);
        Assert.Equal(owed, view.Owed.Amount);
        Assert.Equal(view.Couriers.Sum(c => c.OpenLines), view.LineCount);
    }

    /// <summary>Parcels of one courier, those an earlier slip paid, and the lines of its slip: mistakes of every kind among right ones, shuffled.</summary>
    private static (List<Parcel> Parcels, List<Parcel> Before, List<Planted> Lines) Plant(CashWorld world, CourierAccountId account, CourierAccountId other, int count, Random chance)
    {
        var (parcels, before, lines) = (new List<Parcel>(), new List<Parcel>(), new List<Planted>());
        Parcel Add(ParcelState state, CourierAccountId? at = null)
        {
            var parcel = world.Parcel(at ?? account, 1000 + 50 * chance.Next(20, 300), 450, state);
            if (state == ParcelState.Returned) parcel.CashState = CashState.ReturnFeeDue;
            parcels.Add(parcel);
            return parcel;
        }
        void Line(Parcel parcel, Finding finding, long difference, long collected, long fee, long returnFee, bool saysReturn, long stillOwed, long? net = null) =>
            lines.Add(new(parcel.Tracking!, collected, fee, returnFee, net ?? collected - fee - returnFee, saysReturn, finding, difference, stillOwed));

        for (var i = 0; i < 3; i++)
        {
            var minus = 50 * chance.Next(1, 15);
            var (p, a) = (Add(ParcelState.Delivered), 0L);
            a = p.ToCollect.Amount;
            Line(p, Finding.Short, -minus, a - minus, 450, 0, false, minus);
            p = Add(ParcelState.Delivered);
            Line(p, Finding.Over, minus, p.ToCollect.Amount + minus, 450, 0, false, 0);
            p = Add(ParcelState.Delivered);
            // Collected and fee are right, what is left is not.
            Line(p, Finding.Short, -minus, p.ToCollect.Amount, 450, 0, false, 0, p.ToCollect.Amount - 450 - minus);
            p = Add(ParcelState.Delivered);
            Line(p, Finding.FeeDiffers, -minus, p.ToCollect.Amount, 450 + minus, 0, false, 0);
            lines.Add(new($"XX{chance.Next(100_000, 999_999)}", 3000, 450, 0, 2550, false, Finding.UnknownTracking, 2550, 0));
            p = Add(ParcelState.Delivered, other);
            Line(p, Finding.OtherCourier, p.ToCollect.Amount - 450, p.ToCollect.Amount, 450, 0, false, p.ToCollect.Amount - 450);
            p = Add(ParcelState.Delivered);
            before.Add(p);
            Line(p, Finding.PaidBefore, p.ToCollect.Amount - 450, p.ToCollect.Amount, 450, 0, false, 0);
            p = Add(ParcelState.Returned);
            Line(p, Finding.ReturnedButPaid, p.ToCollect.Amount - 450, p.ToCollect.Amount, 450, 0, false, 0);
            p = Add(ParcelState.OutForDelivery);
            Line(p, Finding.NotDelivered, p.ToCollect.Amount - 450, p.ToCollect.Amount, 450, 0, false, 0);
            p = Add(ParcelState.Returned);
            Line(p, Finding.ReturnFeeDiffers, -minus, 0, 0, CashWorld.ReturnFee + minus, true, 0);
            p = Add(ParcelState.Delivered);
            Line(p, Finding.ReturnUnknown, -CashWorld.ReturnFee, 0, 0, CashWorld.ReturnFee, true, p.ToCollect.Amount - 450);
            lines.Add(new("", 0, 0, 0, -700, false, Finding.NoParcel, -700, 0));
            p = Add(ParcelState.Delivered);
            lines.Add(new(p.Tracking!, 0, 0, 0, 0, false, Finding.Unreadable, 0, p.ToCollect.Amount - 450, "illisible"));
        }
        var twice = new List<Planted>();
        for (var i = 0; i < 3; i++)
        {
            var p = Add(ParcelState.Delivered);
            Line(p, Finding.Exact, 0, p.ToCollect.Amount, 450, 0, false, 0);
            twice.Add(lines[^1] with { Finding = Finding.Twice, Difference = p.ToCollect.Amount - 450 });
        }
        while (lines.Count + twice.Count < count)
        {
            var isReturn = chance.Next(10) == 0;
            var p = Add(isReturn ? chance.Next(2) == 0 ? ParcelState.Returned : ParcelState.Returning : ParcelState.Delivered);
            if (isReturn) Line(p, Finding.ReturnBilled, 0, 0, 0, CashWorld.ReturnFee, true, 0);
            else Line(p, Finding.Exact, 0, p.ToCollect.Amount, 450, 0, false, 0);
        }
        var shuffled = lines.OrderBy(_ => chance.Next()).ToList();
        // The second mention somewhere behind the first.
        foreach (var again in twice) shuffled.Insert(chance.Next(shuffled.FindIndex(l => l.Tracking == again.Tracking) + 1, shuffled.Count + 1), again);
        return (parcels, before, shuffled);
    }

    /// <summary>The lines as five couriers would write them.</summary>
    private static byte[] Write(int kind, List<Planted> lines) => kind switch
    {
        0 => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("Tracking;N° commande;Client;Statut;Montant recouvert;Frais;Frais de retour;Net à payer\r\n" + string.Join("\r\n", lines.Select((l, i) =>
            $"{l.Tracking};{i};\"Client; {i}\";{(l.SaysReturn ? "Retourné au vendeur" : "Livré")};{l.Cell ?? French(l.Collected)};{French(l.Fee)};{(l.ReturnFee > 0 ? French(-l.ReturnFee) : "")};{French(l.Net)}"))
            + $"\r\nTOTAL;;;;{French(lines.Where(l => !l.SaysReturn).Sum(l => l.Collected))};;;{French(lines.Sum(l => l.Net))}\r\n")],
        1 => CodePagesEncodingProvider.Instance.GetEncoding(1256)!.GetBytes("رقم التتبع,الحالة,المبلغ,رسوم التوصيل,رسوم الإرجاع,الصافي\n" + string.Join('\n', lines.Select(l =>
            $"{l.Tracking},{(l.SaysReturn ? "مرتجع" : "تم التسليم")},{l.Cell ?? $"{l.Collected} دج"},{l.Fee},{l.ReturnFee},{l.Net}"))),
        2 => Workbook(lines),
        3 => Encoding.UTF8.GetBytes("Relevé de versement\nÉdité le 02/11/2026\t\t\t\n\nDisplay ID\tPrix\tFrais de livraison\tTotal\n" + string.Join('\n', lines.Select(l =>
            l.SaysReturn ? $"{l.Tracking.ToLowerInvariant()}\t-{l.ReturnFee}.00\t\t{l.Net}.00" : $"{l.Tracking}\t{l.Cell ?? $"{l.Collected}.00"}\t{l.Fee}.00\t{l.Net}.00"))
            // What was below the heads in the first page stands above those of the second.
            + "\n\t\t\t\n"),
        _ => Encoding.UTF8.GetBytes("Code colis|Montant encaissé|Tarif|Frais retour|Net\n" + string.Join('\n', lines.Select(l =>
            $"{(l.Tracking.Length > 0 ? $" {l.Tracking} " : "")}|{l.Cell ?? $"{l.Collected:#,0}"}|{(l.Fee > 0 ? $"({l.Fee})" : "0")}|{(l.ReturnFee > 0 ? $"({l.ReturnFee})" : "")}|{l.Net.ToString("#,0.00", CultureInfo.InvariantCulture)}"))),
    };

    private static byte[] Workbook(List<Planted> lines)
    {
        using var bytes = new MemoryStream();
        var rows = new List<Dictionary<string, object?>> { new() { ["a"] = "Bordereau", ["b"] = "V-2026-11", ["c"] = null, ["d"] = null, ["e"] = null, ["f"] = null } };
        rows.Add(new() { ["a"] = "Tracking", ["b"] = "Statut", ["c"] = "Montant", ["d"] = "Tarif prestation", ["e"] = "Tarif retour", ["f"] = "Net à payer" });
        rows.AddRange(lines.Select(l => new Dictionary<string, object?> { ["a"] = l.Tracking, ["b"] = l.SaysReturn ? "retour_archive" : "paye_et_archive", ["c"] = l.Cell ?? (object)l.Collected, ["d"] = l.Fee, ["e"] = l.ReturnFee, ["f"] = l.Net }));
        bytes.SaveAs(rows, printHeader: false);
        return bytes.ToArray();
    }

    private static string French(long amount) => amount.ToString("#,0.00", new NumberFormatInfo { NumberGroupSeparator = "\u00a0", NumberDecimalSeparator = "," }) + " DA";
}
