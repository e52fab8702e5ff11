using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;
using OrderClosr.Cash;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Cash;

/// <summary>A slip from the file to the counted money and back.</summary>
public sealed class SlipTests
{
    private static byte[] Csv(params string[] lines) => Encoding.UTF8.GetBytes("Tracking;Montant;Frais;Net\n" + string.Join('\n', lines));

    [Theory, OnBothDatabases]
    public async Task A_slip_is_shown_first_counted_once_and_taken_back_while_nothing_builds_on_it(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 1);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (right, little) = (await world.DeliveredAsync(), await world.DeliveredAsync(6000));
        var file = Csv($"{right.Tracking};4500;450;4050", $"{little.Tracking};5500;450;5050");
        var (_, preview, page) = await world.UploadAsync(member, world.Account, "V-1.csv", file);
        foreach (var shown in (string[])["Manque", "−500</span> DA", "9\u00a0100 DA", "Lignes justes : 1"]) Assert.Contains(shown, page);
        Assert.Equal((CashState.Collected, CashState.Collected), (await world.StateAsync(right), await world.StateAsync(little)));

        // Neither an amount nor the tick: nothing is counted.
        var silent = await member.SubmitAsync(preview, new() { ["seen"] = "x" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, silent.StatusCode);
        // What was shown is no longer so.
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(preview, new() { ["seen"] = "000000000000", ["same"] = "true" })).StatusCode);
        var applied = await CashWorld.ApplyAsync(member, preview, "9 000");
        var slip = await world.SlipAsync(applied.Headers.Location!.ToString());
        Assert.Equal((new Dinars(9000), new Dinars(9100), "V-1", 2), (slip.Received, slip.Net, slip.Number, slip.LineCount));
        Assert.Equal((CashState.Paid, CashState.ShortPaid), (await world.StateAsync(right), await world.StateAsync(little)));
        await using (var scope = world.Open()) Assert.Equal((4500L, 5500L), ((await scope.Db.Parcels.SingleAsync(p => p.Id == right.Id)).Collected!.Value.Amount, (await scope.Db.Parcels.SingleAsync(p => p.Id == little.Id)).Collected!.Value.Amount));

        // The button twice, the file twice: still once.
        Assert.Equal(applied.Headers.Location, (await member.SubmitAsync(preview, new() { ["seen"] = "x", ["same"] = "true" }, world.Link("cash/slips/new"))).Headers.Location);
        var again = await world.UploadAsync(member, world.Account, "copie.csv", file);
        Assert.Contains("déjà été compté", again.Page);
        Assert.DoesNotContain("name=\"seen\"", again.Page);
        // The same lines in another file are a second payment of the same parcels.
        var second = await world.CountedAsync(member, world.Account, "V-2.csv", Csv($"{right.Tracking};4500;450;4050", $"{little.Tracking};500;;500"));
        Assert.Equal([Finding.PaidBefore, Finding.Exact], second.Lines.Select(l => l.Finding));
        Assert.Equal(CashState.Paid, await world.StateAsync(little));
        var refused = await member.SubmitAsync(world.Link($"cash/slips/{slip.Id}/undo"), [], world.Link($"cash/slips/{slip.Id}"));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains(right.Tracking!, await refused.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(world.Link($"cash/slips/{second.Id}/undo"), [], world.Link($"cash/slips/{second.Id}"))).StatusCode);
        Assert.Equal(CashState.ShortPaid, await world.StateAsync(little));
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(world.Link($"cash/slips/{slip.Id}/undo"), [], world.Link($"cash/slips/{slip.Id}"))).StatusCode);
        Assert.Equal((CashState.Collected, CashState.Collected), (await world.StateAsync(right), await world.StateAsync(little)));
        await using (var scope = world.Open())
        {
            Assert.All(await scope.Db.ParcelCash.AsNoTracking().ToListAsync(), c => Assert.Equal(Dinars.Zero, c.Received));
            Assert.Equal(new Dinars(4050 + 5550), (await scope.Get<CashViews>().OverviewAsync(default)).Owed);
        }
        // And may come again.
        Assert.Equal(2, (await world.CountedAsync(member, world.Account, "V-1.csv", file)).LineCount);
    }

    [Theory, OnBothDatabases]
    public async Task Differences_are_accepted_with_a_reason_or_claimed(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 1);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (given, claimed, early) = (await world.DeliveredAsync(), await world.DeliveredAsync(), await world.StoredAsync());
        var slip = await world.CountedAsync(member, world.Account, "V-1.csv", Csv($"{given.Tracking};4000;450;3550", $"{claimed.Tracking};4100;450;3650", $"{early.Tracking};4500;450;4050"), "11 000");
        Assert.Equal([Finding.Short, Finding.Short, Finding.NotDelivered], slip.Lines.Select(l => l.Finding));
        Assert.Equal(CashState.InPayment, await world.StateAsync(early));
        var page = world.Link($"cash/slips/{slip.Id}");
        Task<HttpResponseMessage> SayAsync(int line, string what, string reason) => member.SubmitAsync(world.Link($"cash/lines/{slip.Lines[line].Id}"), new() { ["do"] = what, ["reason"] = reason }, page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SayAsync(0, "accept", " ")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await SayAsync(0, "accept", "remise au client")).StatusCode);
        Assert.Equal(CashState.Paid, await world.StateAsync(given));
        Assert.Equal("remise au client", (await world.MovesAsync(given))[^1].Reason);
        Assert.Equal(HttpStatusCode.Conflict, (await SayAsync(0, "accept", "encore")).StatusCode);

        Assert.Equal(HttpStatusCode.Found, (await SayAsync(1, "claim", "appelé le 3")).StatusCode);
        Assert.Equal(CashState.ShortPaid, await world.StateAsync(claimed));
        var claim = await FirstClaimAsync();
        Assert.Equal((new Dinars(400), "appelé le 3"), (claim.Amount, claim.Note));
        Assert.Contains(claimed.Tracking!, await member.ReadAsync(world.Link("cash")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync(world.Link($"cash/claims/{claim.Id}"), new() { ["do"] = "settle", ["got"] = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(world.Link($"cash/claims/{claim.Id}"), new() { ["do"] = "settle", ["got"] = "400", ["note"] = "payé" })).StatusCode);
        Assert.Equal(CashState.Paid, await world.StateAsync(claimed));
        // A settled claim builds on the slip.
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(world.Link($"cash/slips/{slip.Id}/undo"), [], page)).StatusCode);

        // The delivery is heard of: the line settles itself.
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.HearAsync(early, world.Word(Movement.Delivered));
        Assert.Equal(CashState.Paid, await world.StateAsync(early));
        Assert.Equal(Resolution.Settled, (await world.SlipAsync(page)).Lines[2].Resolution);
        // 11 250 by the lines, 11 000 in the hand, until a person explains it.
        Assert.Contains("Somme différente", await member.ReadAsync(world.Link("cash")));
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(world.Link($"cash/slips/{slip.Id}/sum"), new() { ["received"] = "11000", ["reason"] = "frais de virement" }, page)).StatusCode);
        Assert.DoesNotContain("Somme différente", await member.ReadAsync(world.Link("cash")));

        async Task<Claim> FirstClaimAsync()
        {
            await using var scope = world.Open();
            return await scope.Db.Claims.AsNoTracking().SingleAsync();
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_person_says_what_the_columns_are_and_the_next_file_knows_it(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 2);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (first, next) = (await world.DeliveredAsync(), await world.DeliveredAsync());
        static byte[] Odd(string tracking) => Encoding.UTF8.GetBytes($"ID Envoi Interne;Somme;Part\n{tracking};4 500;450\n");
        var (_, preview, page) = await world.UploadAsync(member, world.Account, "a.csv", Odd(first.Tracking!));
        Assert.Contains("ne sont pas reconnues", page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{preview}/columns", new() { ["head_row"] = "0", ["tracking"] = "0" }, preview)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{preview}/columns", new() { ["head_row"] = "0", ["tracking"] = "0", ["collected"] = "0" }, preview)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{preview}/columns", new() { ["head_row"] = "0", ["tracking"] = "0", ["collected"] = "9" }, preview)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{preview}/columns", new() { ["head_row"] = "0", ["tracking"] = "0", ["collected"] = "1", ["fee"] = "2" }, preview)).StatusCode);
        Assert.Contains("Toutes les lignes sont justes", await member.ReadAsync(preview));
        Assert.Equal([Finding.Exact], (await world.CountedAsync(member, world.Account, "b.csv", Odd(next.Tracking!))).Lines.Select(l => l.Finding));
        // Not for another courier, whose file may look alike.
        Assert.Contains("ne sont pas reconnues", (await world.UploadAsync(member, world.Accounts[1], "c.csv", Odd("x"))).Page);
    }

    [Theory, OnBothDatabases]
    public async Task A_payment_the_courier_announced_is_counted_without_a_file(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 1);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (one, two) = (await world.StoredAsync(), await world.StoredAsync(3000));
        foreach (var parcel in (Parcel[])[one, two]) await world.HearAsync(parcel, world.Word(Movement.Delivered, CashState.Paid, "PAY-9"));
        Assert.Contains("PAY-9", await member.ReadAsync(world.Link("cash")));
        var looked = await member.SubmitAsync(world.Link("cash/announced"), new() { ["account"] = $"{world.Account}", ["number"] = "PAY-9" }, world.Link("cash"));
        var applied = await CashWorld.ApplyAsync(member, looked.Headers.Location!.ToString());
        var slip = await world.SlipAsync(applied.Headers.Location!.ToString());
        Assert.Equal(("PAY-9", new Dinars(6600), 2), (slip.Number, slip.Received, slip.Lines.Count(l => l.Finding == Finding.Exact)));
        Assert.Equal((CashState.Paid, CashState.Paid), (await world.StateAsync(one), await world.StateAsync(two)));
        // A file under that number which lacks one of them says so.
        var three = await world.StoredAsync();
        await world.HearAsync(three, world.Word(Movement.Delivered, CashState.Paid, "PAY-9"));
        Assert.Contains("absents du fichier : 1", await member.ReadAsync(world.Link($"cash/slips/{slip.Id}")));
    }

    [Fact]
    public async Task Bad_files_are_refused_in_words_and_change_nothing()
    {
        await using var world = await CashWorld.StartAsync(Database.Sqlite, 2);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var parcel = await world.DeliveredAsync();
        var huge = new byte[5 * 1024 * 1024];
        Array.Fill(huge, (byte)'a');
        using var bomb = new MemoryStream();
        using (var zip = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var part = zip.CreateEntry("xl/worksheets/sheet1.xml").Open();
            for (var i = 0; i < 80; i++) await part.WriteAsync(new byte[1024 * 1024]);
        }
        foreach (var (name, bytes, says) in ((string, byte[], string)[])[
            ("vide.csv", [], "Choisissez"), ("lignes.csv", Encoding.UTF8.GetBytes("\n\n;;;\n"), "vide"), ("grand.csv", huge, "trop grand"), ("facture.csv", [.. "%PDF-1.7\n"u8, 1, 2, 3], "PDF"), ("vieux.xls", [0xD0, 0xCF, 0x11, 0xE0, 0, 0], "ancien fichier Excel"),
            ("page.xls", Encoding.UTF8.GetBytes("<html><table><tr><td>Tracking</td></tr></table>"), "page web"), ("bombe.xlsx", bomb.ToArray(), "trop grand"), ("faux.xlsx", [.. "PK\u0003\u0004"u8, 1, 2, 3, 4], "colonnes"), ("photo.csv", [0x89, 0x50, 0, 0, 0, 1, 2], "colonnes")])
        {
            var (code, _, page) = await world.UploadAsync(member, world.Account, name, bytes);
            Assert.True(code == HttpStatusCode.UnprocessableEntity && page.Contains(says, StringComparison.Ordinal), $"{name}: {code} {(page.Contains("alert", StringComparison.Ordinal) ? page[page.IndexOf("role=\"alert\"", StringComparison.Ordinal)..][..300] : "")}");
        }
        // Another courier's slip, and one of nobody: shown as what they are, refused when applied.
        foreach (var (account, tracking, says) in ((CourierAccountId, string, string)[])[(world.Accounts[1], parcel.Tracking!, "chez un autre transporteur"), (world.Account, "NOBODY-1", "Aucune ligne ne correspond")])
        {
            var (_, preview, page) = await world.UploadAsync(member, account, $"{tracking}.csv", Csv($"{tracking};4500;450;4050"));
            Assert.Contains(says, page);
            var applied = await member.SubmitAsync(preview, new() { ["seen"] = "x", ["same"] = "true" });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, applied.StatusCode);
            Assert.Contains(says, WebUtility.HtmlDecode(await applied.Content.ReadAsStringAsync()));
        }
        // Zeroes are short by all of it, not "nothing to pay".
        Assert.Contains("−4\u00a0500</span> DA", (await world.UploadAsync(member, world.Account, "zero.csv", Csv($"{parcel.Tracking};0;0;0"))).Page);
        Assert.Equal(CashState.Collected, await world.StateAsync(parcel));
        await using var scope = world.Open();
        Assert.Empty(await scope.Db.PaymentSlips.ToListAsync());
    }

    [Fact]
    public async Task The_accountants_file_opens_in_Arabic_and_runs_no_formula()
    {
        await using var world = await CashWorld.StartAsync(Database.Sqlite, 1);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (paid, back) = (await world.DeliveredAsync(), await world.StoredAsync());
        await world.HearAsync(back, world.Word(Movement.Returned));
        await using (var scope = world.Open())
        {
            var row = await scope.Db.Parcels.SingleAsync(p => p.Id == paid.Id);
            scope.Db.Add(new OrderClosr.Orders.Order { Id = row.OrderId, Number = 1044, Name = "=HYPERLINK(\"http://evil\")", CreatedAt = world.Clock.GetUtcNow() });
            await scope.Db.SaveChangesAsync();
        }
        await world.CountedAsync(member, world.Account, "+V1.csv", Csv($"{paid.Tracking};4500;450;4050"));
        var today = $"{AlgiersTime.DateInAlgiers(world.Clock.GetUtcNow()):yyyy-MM-dd}";
        var csv = await (await member.GetAsync(world.Link($"cash/export.csv?from={today}&to={today}"))).Content.ReadAsByteArrayAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF], csv[..3]);
        var lines = Encoding.UTF8.GetString(csv[3..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("'=HYPERLINK", lines.Single(l => l.Contains(paid.Tracking!, StringComparison.Ordinal)));
        Assert.EndsWith(";4500;4500;500;450;;50;\"'+V1\"", lines.Single(l => l.Contains(paid.Tracking!, StringComparison.Ordinal)));
        using var book = new MemoryStream(await (await member.GetAsync(world.Link($"cash/export.xlsx?from={today}&to={today}"))).Content.ReadAsByteArrayAsync());
        var rows = book.Query(useHeaderRow: true).Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal((2, 4500d, "'=HYPERLINK(\"http://evil\")"), (rows.Count, rows.Single(r => (string?)r["Suivi"] == paid.Tracking)["À encaisser"], rows.Single(r => (string?)r["Suivi"] == paid.Tracking)["Client"]));
        Assert.Empty((await (await member.GetAsync(world.Link("cash/export.csv?from=2025-10-01&to=2025-10-31"))).Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..]);
    }

    [Fact]
    public async Task Nothing_of_another_shop_is_matched()
    {
        await using var world = await CashWorld.StartAsync(Database.Sqlite, 1);
        var theirs = await CashWorld.MakeAsync(world.App, await world.App.NewShopAsync(), 1);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var parcel = await theirs.DeliveredAsync();
        var (_, preview, page) = await world.UploadAsync(member, world.Account, "x.csv", Csv($"{parcel.Tracking};4500;450;4050"));
        Assert.Contains("Suivi inconnu", page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync(preview, new() { ["seen"] = "x", ["same"] = "true" })).StatusCode);
        Assert.Equal(CashState.Collected, await theirs.StateAsync(parcel));
    }
}
