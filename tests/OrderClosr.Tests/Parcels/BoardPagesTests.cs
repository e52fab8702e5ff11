using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;
using PdfSharp.Drawing;
using PdfSharp.Pdf;
using PdfSharp.Pdf.IO;

namespace OrderClosr.Tests.Parcels;

/// <summary>The pages of parcels, used as a browser without scripts does: board, sending off, one parcel's story, labels, the driver at the door.</summary>
public sealed class BoardPagesTests
{
    [Theory, OnBothDatabases]
    public async Task Confirmed_orders_are_previewed_sent_off_together_and_each_says_what_became_of_it(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var (a, b) = (await world.OrderAsync(), await world.OrderAsync());
        var far = await world.OrderAsync(o => o with { Wilaya = "Sétif", Commune = "El Eulma" });
        var gone = await world.OrderAsync();
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var parcels = $"/w/{world.Shop.Slug}/parcels";

        var choose = await member.ReadAsync($"{parcels}/ship");
        foreach (var order in (Order[])[a, b, far, gone]) Assert.Contains($"value=\"{order.Id}\"", choose);
        var preview = await member.PostManyAsync($"{parcels}/ship/preview", [.. new[] { a, b, far }.Select(o => ("order", $"{o.Id}"))], $"{parcels}/ship");
        var seen = WebUtility.HtmlDecode(await preview.Content.ReadAsStringAsync());
        Assert.Contains("Commandes : 3 · À régler : 1", seen);
        Assert.Contains("Courier test-a · 700 DA · 1-3 j", seen);
        Assert.Contains("−100", seen); // the shop asks 600 of the customer, the courier bills 700
        Assert.Contains("Choisissez la commune du livreur.", seen);
        await using (var scope = world.Open()) Assert.Equal(0, await scope.Db.Parcels.CountAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.PostManyAsync($"{parcels}/ship", [], $"{parcels}/ship")).StatusCode);

        await world.CancelOrderAsync(gone.Id);
        List<(string, string)> form = [.. new[] { a, b, far, gone }.Select(o => ("order", $"{o.Id}")), ($"courier.{a.Id}", $"{world.Account}")];
        var sent = await member.PostManyAsync($"{parcels}/ship", form, $"{parcels}/ship");
        Assert.Equal(HttpStatusCode.Found, sent.StatusCode);
        var batch = sent.Headers.Location!.ToString();
        // Twice pressed: still one parcel each.
        Assert.Equal(HttpStatusCode.Found, (await member.PostManyAsync($"{parcels}/ship", form, $"{parcels}/ship")).StatusCode);
        await world.ComesTrueAsync(async () => (await member.ReadAsync(batch)).Contains("Enregistrés : 2 sur 4", StringComparison.Ordinal));
        var page = await member.ReadAsync(batch);
        Assert.Contains("À régler : 2", page);
        Assert.Contains("Seule une commande confirmée est expédiée.", page);
        Assert.Equal(2, world.Courier.All.Count);
        Assert.DoesNotContain($"value=\"{a.Id}\"", await member.ReadAsync($"{parcels}/ship"));

        // The board finds them by number, phone, tracking; counts the one that waits for a person, also beside the navigation.
        var parcel = await world.ParcelAsync(a.Id);
        foreach (var words in (string[])[$"{a.Number}", a.Phone!.Value.E164, parcel.Tracking!])
        {
            var found = await member.ReadAsync($"{parcels}?q={Uri.EscapeDataString(words)}");
            Assert.Contains($"parcels/{parcel.Id}\"", found);
            Assert.DoesNotContain($"parcels/{(await world.ParcelAsync(b.Id)).Id}\"", found);
        }
        var trouble = await member.ReadAsync($"{parcels}?state=trouble");
        Assert.Contains($"parcels/{(await world.ParcelAsync(far.Id)).Id}#repair", trouble);
        Assert.DoesNotContain($"parcels/{parcel.Id}\"", trouble);
        Assert.Contains("<span class=\"count call\">1</span>", trouble);
        Assert.Contains($"parcels/{parcel.Id}\"", await member.ReadAsync($"{parcels}?state=registered&wilaya=31&courier={world.Account}"));
        Assert.DoesNotContain($"parcels/{parcel.Id}\"", await member.ReadAsync($"{parcels}?wilaya=16"));
        Assert.DoesNotContain($"parcels/{parcel.Id}\"", await member.ReadAsync($"{parcels}?age=2"));
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"{parcels}?state=nonsense")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_parcels_story_is_told_and_what_waits_for_a_person_is_settled_on_its_page(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var order = await world.OrderAsync();
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(order.Id)).Tracking is not null);
        var parcel = await world.ParcelAsync(order.Id);
        var one = $"/w/{world.Shop.Slug}/parcels/{parcel.Id}";
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"/w/{world.Shop.Slug}/parcels/{ParcelId.New(world.Clock.GetUtcNow())}")).StatusCode);

        // A label nobody knows is shown as it is; what a member says it means moves this parcel and every later one.
        await HearAsync(world, parcel, "en cours de traitement zz", "adresse");
        var page = await member.ReadAsync(one);
        Assert.Contains("« en cours de traitement zz »", page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{one}/means", new() { ["means"] = "" }, one)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{one}/means", new() { ["means"] = "in_transit", ["always"] = "true" }, one)).StatusCode);
        parcel = await world.ParcelAsync(order.Id);
        Assert.Equal((ParcelState.InTransit, null), (parcel.State, parcel.Trouble));
        Assert.Contains("Owner", await OwnerAndStoryAsync(member, one, world));
        var second = await world.OrderAsync();
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(second.Id)).Tracking is not null);
        await HearAsync(world, await world.ParcelAsync(second.Id), "En cours de  traitement ZZ", null);
        Assert.Equal((ParcelState.InTransit, null), ((await world.ParcelAsync(second.Id)).State, (await world.ParcelAsync(second.Id)).Trouble));

        // What has left is corrected and cancelled no more.
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync($"{one}/correct", new() { ["phone"] = "0500000077", ["version"] = $"{order.DraftVersion}" }, one)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync($"{one}/cancel", [], one)).StatusCode);

        var third = await world.OrderAsync();
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(third.Id)).Tracking is not null);
        var fresh = $"/w/{world.Shop.Slug}/parcels/{(await world.ParcelAsync(third.Id)).Id}";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{fresh}/correct", new() { ["phone"] = "12" }, fresh)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{fresh}/correct", new() { ["phone"] = "0500 00 00 77", ["address"] = "Cité neuve, bloc 4", ["version"] = $"{third.DraftVersion}" }, fresh)).StatusCode);
        await world.ComesTrueAsync(() => Task.FromResult(world.Courier.All[^1].Book is { Address: "Cité neuve, bloc 4", Phone.E164: "+213500000077" }));
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{fresh}/cancel", [], fresh)).StatusCode);
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(third.Id)).State == ParcelState.Cancelled);
        Assert.True(world.Courier.All[^1].IsCancelled);
    }

    [Theory, OnBothDatabases]
    public async Task Labels_of_many_parcels_are_one_file_and_a_missing_one_is_named(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        world.Courier.LabelOf = Labels.Drawn;
        var orders = new List<Order>();
        for (var i = 0; i < 6; i++) orders.Add(await world.OrderAsync());
        await world.ComesTrueAsync(async () =>
        {
            await using var scope = world.Open();
            return await scope.Db.Parcels.CountAsync(p => p.LabelFile != null) == 6;
        });
        // One of them is not what it says it is.
        ParcelId broken;
        await using (var scope = world.Open())
        {
            var last = await scope.Db.Parcels.OrderByDescending(p => p.Id).FirstAsync();
            broken = last.Id;
            await File.WriteAllBytesAsync(Path.Combine(scope.Get<MediaFiles>().FolderOf(world.Shop.Id), last.LabelFile!), [.. "%PDF-1.7\n"u8, .. new byte[2000]]);
        }
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var labels = $"/w/{world.Shop.Slug}/parcels/labels";
        Assert.Contains($"value=\"{broken}\"", await member.ReadAsync(labels));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync(labels, [])).StatusCode);
        foreach (var (format, pages) in ((string, int)[])[("a4", 2), ("a6", 5)])
        {
            var ids = new List<(string, string)>();
            foreach (var order in orders) ids.Add(("parcel", $"{(await world.ParcelAsync(order.Id)).Id}"));
            var sent = await member.PostManyAsync(labels, [.. ids, ("format", format)], labels);
            Assert.Equal(HttpStatusCode.Found, sent.StatusCode);
            var print = sent.Headers.Location!.ToString();
            await world.ComesTrueAsync(async () => (await member.ReadAsync(print)).Contains("Bordereaux prêts : 5", StringComparison.Ordinal));
            var page = await member.ReadAsync(print);
            Assert.Contains("Bordereaux qui manquent : 1", page);
            Assert.Contains("illisible", page);
            Assert.Contains($"parcels/{broken}\"", page);
            var file = await member.GetAsync($"{print}/file");
            Assert.Equal("application/pdf", file.Content.Headers.ContentType!.MediaType);
            using var bytes = new MemoryStream(await file.Content.ReadAsByteArrayAsync());
            using var pdf = PdfReader.Open(bytes, PdfDocumentOpenMode.Import);
            Assert.Equal(pages, pdf.PageCount);
            Assert.Equal(format == "a4" ? 595 : 298, (int)Math.Round(pdf.Pages[0].Width.Point));
        }
        var first = await world.ParcelAsync(orders[0].Id);
        Assert.NotNull(first.PrintedAt);
        Assert.Contains("Bordereau imprimé", await member.ReadAsync($"/w/{world.Shop.Slug}/parcels/{first.Id}"));
        await using (var scope = world.Open()) Assert.Null((await scope.Db.Parcels.SingleAsync(p => p.Id == broken)).PrintedAt);
    }

    [Theory, OnBothDatabases]
    public async Task The_driver_gets_what_is_scanned_and_a_wrong_scan_says_why_and_is_taken_back(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        var second = await world.ConnectAsync(world.Other);
        var (a, b, c) = (await world.OrderAsync(), await world.OrderAsync(), await world.OrderAsync());
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var other = (await world.ShipAsync((await world.OrderAsync()).Id, second)).Value;
        await Eventually.HoldsAsync(async () =>
        {
            await world.RunAsync(world.Account, TimeSpan.FromMinutes(1));
            await world.RunAsync(second, TimeSpan.FromMinutes(1));
            await using var scope = world.Open();
            return await scope.Db.Parcels.CountAsync(p => p.State == ParcelState.ReadyToShip || p.State == ParcelState.Registered) == 4;
        });
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var pickup = $"/w/{world.Shop.Slug}/parcels/pickup";
        Assert.Contains("Encore ici : 4", await member.ReadAsync(pickup));
        Assert.Contains("Encore ici : 3", await member.ReadAsync($"{pickup}?courier={world.Account}"));
        var parcel = await world.ParcelAsync(a.Id);

        // Both couriers count their parcels from 1: without a courier nobody can tell.
        var courier = "";
        Assert.Contains("même numéro", await ScanAsync(parcel.Tracking!));
        courier = $"{world.Account}";
        Assert.Contains("Remis au chauffeur", await ScanAsync(parcel.Tracking!.ToLowerInvariant()));
        Assert.Equal(ParcelState.PickedUp, (await world.ParcelAsync(a.Id)).State);
        Assert.Contains("Déjà remis.", await ScanAsync($" {parcel.Tracking} "));
        Assert.Contains("Code inconnu", await ScanAsync("ZZ-999-404"));
        Assert.Contains("Code inconnu", await ScanAsync("%"));
        // A square code with an address, and our own reference.
        Assert.Contains("Remis au chauffeur", await ScanAsync($"https://track.example/p/{(await world.ParcelAsync(b.Id)).Tracking}?lang=fr"));
        Assert.Contains("Remis au chauffeur", await ScanAsync((await world.ParcelAsync(c.Id)).Reference));
        Assert.Contains("autre livreur", await ScanAsync(other.Reference));

        // A scan too much is taken back while the courier has said nothing; afterwards it is not.
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{pickup}/undo", new() { ["parcel"] = $"{parcel.Id}" }, pickup)).StatusCode);
        Assert.Equal(parcel.State, (await world.ParcelAsync(a.Id)).State);
        await HearAsync(world, await world.ParcelAsync(b.Id), "InTransit", null, world.Clock.GetUtcNow().AddMinutes(5));
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{pickup}/undo", new() { ["parcel"] = $"{(await world.ParcelAsync(b.Id)).Id}" }, pickup)).StatusCode);
        Assert.Equal(ParcelState.InTransit, (await world.ParcelAsync(b.Id)).State);
        await using (var scope = world.Open()) Assert.Equal(world.Shop.OwnerId, (await scope.Db.ParcelEvents.SingleAsync(e => e.ParcelId == parcel.Id && e.Reason == "undone")).AccountId);

        async Task<string> ScanAsync(string code)
        {
            var answer = await member.SubmitAsync(pickup, new() { ["code"] = code, ["courier"] = courier });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            return html[html.IndexOf("id=\"scan-result\"", StringComparison.Ordinal)..html.IndexOf("id=\"pickup-lists\"", StringComparison.Ordinal)];
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_comes_back_is_scanned_and_its_good_pieces_go_into_stock_once(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        var order = await world.OrderAsync(o => o with { Items = [new("Robe d'été", "M Noir", 3)] });
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(order.Id)).Tracking is not null);
        var parcel = await world.ParcelAsync(order.Id);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var returns = $"/w/{world.Shop.Slug}/parcels/returns";
        Assert.Contains("pas encore parti", await member.ReadAsync($"{returns}?code={parcel.Tracking}"));
        await HearAsync(world, parcel, "Returning", "client injoignable");
        var left = await LeftAsync();
        var page = await member.ReadAsync($"{returns}?code={parcel.Tracking}");
        Assert.Contains("client injoignable", page);
        Assert.Contains("À recevoir : 1", page);
        var line = (await world.DoAsync(s => s.Db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == order.Id))).Lines[0];
        var one = $"/w/{world.Shop.Slug}/parcels/{parcel.Id}/taken-back";
        foreach (var wrong in (string[])["4", "-1", "x"]) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync(one, new() { [$"good.{line.Id}"] = wrong }, $"{returns}?code={parcel.Tracking}")).StatusCode);
        Assert.Equal(left, await LeftAsync());
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(one, new() { [$"good.{line.Id}"] = "2" }, $"{returns}?code={parcel.Tracking}")).StatusCode);
        parcel = await world.ParcelAsync(order.Id);
        Assert.Equal((ParcelState.Returned, 1, left + 2), (parcel.State, parcel.DamagedPieces, await LeftAsync()));
        // Neither a second scan nor the end of the order gives the pieces back again.
        Assert.Contains("Déjà reçu", await member.ReadAsync($"{returns}?code={parcel.Tracking}"));
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(one, new() { [$"good.{line.Id}"] = "3" }, returns + $"?code={parcel.Tracking}")).StatusCode);
        await world.CancelOrderAsync(order.Id);
        Assert.Equal(left + 2, await LeftAsync());

        Task<int?> LeftAsync() => world.DoAsync(s => s.Db.Set<OrderClosr.Catalogue.Variant>().Where(v => v.Id == order.Lines[0].VariantId).Select(v => v.Stock).SingleAsync());
    }

    private static Task<bool> HearAsync(ParcelsWorld world, Parcel parcel, string label, string? reason, DateTimeOffset? at = null) => world.DoAsync(scope => scope.Db.InTransactionAsync(async () =>
    {
        var locked = await scope.Db.LockedParcelAsync(parcel.Id, default);
        await scope.Get<Moving>().HearAsync(locked!, new() { Tracking = parcel.Tracking, Events = [TestCourier.Word(at ?? world.Clock.GetUtcNow(), label, reason)] }, default);
        await scope.Db.SaveChangesAsync();
        return true;
    }, default));

    private static async Task<string> OwnerAndStoryAsync(Visitor member, string one, ParcelsWorld world)
    {
        var page = await member.ReadAsync(one);
        await using var scope = world.Open();
        var name = await scope.Db.Set<OrderClosr.Workspaces.Account>().Where(a => a.Id == world.Shop.OwnerId).Select(a => a.Name).SingleAsync();
        return page.Contains($"<bdi>{name}</bdi>", StringComparison.Ordinal) ? "Owner" : page;
    }
}

/// <summary>Labels for tests.</summary>
internal static class Labels
{
    /// <summary>A label as couriers draw them: A5, with something on it.</summary>
    internal static byte[] Drawn(string reference)
    {
        using var pdf = new PdfDocument();
        pdf.Info.Title = reference;
        var page = pdf.AddPage();
        (page.Width, page.Height) = (XUnit.FromPoint(420), XUnit.FromPoint(595));
        using (var paper = XGraphics.FromPdfPage(page))
            for (var i = 0; i < 60; i++) paper.DrawRectangle(XBrushes.Black, 20 + (i * 5) + (reference[i % reference.Length] % 3), 100, 2, 80);
        using var bytes = new MemoryStream();
        pdf.Save(bytes);
        return bytes.ToArray();
    }
}
