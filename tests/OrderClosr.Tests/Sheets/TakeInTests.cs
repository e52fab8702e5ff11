using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Orders;
using OrderClosr.Sheets;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sheets;

/// <summary>A tab of the sheet as the source of orders: each row one order to confirm, once, by chat first; and an erased customer goes from the sheet, too.</summary>
public sealed class TakeInTests
{
    private static async Task<int> TabAsync(SheetsWorld world, params string[][] rows)
    {
        var cells = (await world.DoorAsync(HttpMethod.Get, $"_sheets/{world.Sheet}"))!["tabs"]!.DeepClone();
        cells["Site web"] = System.Text.Json.JsonSerializer.SerializeToNode(rows);
        (await world.App.Sandbox.PutAsJsonAsync($"/google/_sheets/{world.Sheet}", new { tabs = cells })).EnsureSuccessStatusCode();
        await world.TickAsync();
        return (await world.ConnectionAsync()).Tabs.Single(t => t.Title == "Site web").Id;
    }

    private static readonly string[] Head = ["Nom complet", "Tel", "Produit", "Taille", "Wilaya", "Commune", "Adresse"];

    private static async Task<List<Order>> OrdersAsync(SheetsWorld world)
    {
        await using var scope = world.Open();
        return await scope.Db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.Origin == OrderOrigin.Import).OrderBy(o => o.Id).ToListAsync();
    }

    [Theory, OnBothDatabases]
    public async Task Each_row_is_one_order_to_confirm_and_its_customer_is_asked_in_the_chat_where_there_is_one(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var (talk, customer) = await Agent.TurnWorld.AddConversationAsync(world.App, world.Shop);
        await using (var scope = world.Open())
        {
            var known = await scope.Db.Set<Customer>().SingleAsync(c => c.Id == customer);
            if (!known.Phones.Contains("+213500000012")) known.Phones.Add("+213500000012");
            await scope.Db.SaveChangesAsync();
            var now = world.Clock.GetUtcNow();
            await scope.Db.Conversations.Where(c => c.Id == talk).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastCustomerActionAt, now).SetProperty(c => c.HeldBy, HeldBy.Agent));
        }
        var tab = await TabAsync(world, Head, ["Karim Ancien", "0500000090", "Hijab soie de Médine", "", "Alger", "Bab Ezzouar", "x"]);
        var heads = (await world.DoAsync(s => s.Get<ConnectSheet>().HeadsAsync(tab, default))).Value;
        var mapped = SourceRoles.All.Select(r => (r, Head: SourceRoles.Guess(r, heads))).Where(g => g.Head is not null).ToDictionary(g => g.r, g => g.Head!);
        Assert.Equal(("Tel", "Produit", "Wilaya", "Nom complet", "Taille"), (mapped["phone"], mapped["product"], mapped["wilaya"], mapped["name"], mapped["variant"]));
        Assert.Equal("tab_unknown", (await world.DoAsync(s => s.Get<ConnectSheet>().SetSourceAsync(new(99, mapped, "", false), default)))?.Code);
        Assert.Equal("head_missing", (await world.DoAsync(s => s.Get<ConnectSheet>().SetSourceAsync(new(tab, new Dictionary<string, string> { ["phone"] = "Tel" }, "", false), default)))?.Code);
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().SetSourceAsync(new(tab, mapped, "", false), default)));
        await world.RunAsync();
        Assert.Empty(await OrdersAsync(world)); // it stood there before

        foreach (var (row, cells) in ((int, string[])[])[
            (3, ["Amina B", "500000012", "hijab", "", "Oran", "Bir El Djir", "Cité 5"]), (4, ["Sans Chat", "0500000091", "Robe d'été", "M Noir", "31", "Oran", "Rue 2"]),
            (5, ["Pas compris", "0500000092", "Fusée", "", "Oran", "Oran", ""]), (6, ["Encore tapé", "", "hijab", "", "Oran", "Oran", ""])])
            await world.ActAsync(new { @do = "insert_row", tab = "Site web", row, cells });
        await world.TickAsync();
        await world.TickAsync(); // read again: nothing twice
        var orders = await OrdersAsync(world);
        Assert.Equal([(OrderState.Draft, "Amina B", true), (OrderState.ToConfirm, "Sans Chat", false)], orders.Select(o => (o.State, o.Name, o.ReadBackVersion == o.DraftVersion)));
        Assert.Equal((customer, talk), (orders[0].CustomerId, orders[0].ConversationId));
        await using (var scope = world.Open())
        {
            var said = Assert.Single(await scope.Db.Messages.Where(m => m.ConversationId == talk && m.Direction == Direction.Out).ToListAsync());
            Assert.Contains("Bir El Djir", said.Text, StringComparison.Ordinal);
            Assert.Contains($"{orders[0].Total.Amount}", said.Text, StringComparison.Ordinal);
            var unread = Assert.Single(await scope.Db.SheetIntakes.Where(i => i.Trouble != null && i.Trouble != TakeIn.WasThere).ToListAsync());
            Assert.Equal((5, (OrderId?)null), (unread.Row, unread.OrderId));
        }

        // Corrected where it was not understood; a corrected address is the same order; a sorted tab as well; the same again is a second order.
        await world.ActAsync(new { @do = "type", tab = "Site web", cell = "C5", value = "hijab" });
        await world.ActAsync(new { @do = "type", tab = "Site web", cell = "G4", value = "Rue 22" });
        await world.ActAsync(new { @do = "sort", tab = "Site web", column = "A" });
        await world.ActAsync(new { @do = "copy_row", tab = "Site web", row = 2 });
        await world.TickAsync();
        Assert.Equal(["Amina B", "Sans Chat", "Amina B", "Pas compris"], (await OrdersAsync(world)).Select(o => o.Name));

        // Nobody answered in the chat: somebody calls.
        world.Clock.Advance(TimeSpan.FromHours(7));
        await world.App.Get<JobRunner>().RunDueAsync($"work/{world.Shop.Id}", default);
        Assert.Equal(OrderState.ToConfirm, (await OrdersAsync(world))[0].State);
        await world.RunAsync();
        Assert.Equal(4, (await world.RowsAsync()).Count);
    }

    [Theory, OnBothDatabases]
    public async Task A_customer_nobody_wrote_with_is_asked_by_the_template_and_one_who_wrote_STOP_is_called(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        await using (var scope = world.Open())
        {
            var templates = """[{"Name":"order_confirmed","Language":"fr","State":"approved","Category":"utility","Body":"Bonjour {{1}}, votre commande : {{2}}. Confirmez-vous ?"}]""";
            await scope.Db.Channels.Where(c => c.Kind == ChannelKind.Whatsapp).ExecuteUpdateAsync(set => set.SetProperty(c => c.Templates, templates));
            scope.Db.Add(new Customer { Id = CustomerId.New(world.Clock.GetUtcNow()), Name = "Stop", Phones = ["+213500000094"], CreatedAt = world.Clock.GetUtcNow(), OptedOutAt = world.Clock.GetUtcNow() });
            await scope.Db.SaveChangesAsync();
        }
        var tab = await TabAsync(world, Head, ["Nouvelle", "0500000093", "hijab", "", "Oran", "Oran", "Rue 1"], ["Stop", "0500000094", "hijab", "", "Oran", "Oran", "Rue 1"]);
        var mapped = SourceRoles.All.Select(r => (r, Head: SourceRoles.Guess(r, Head))).Where(g => g.Head is not null).ToDictionary(g => g.r, g => g.Head!);
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().SetSourceAsync(new(tab, mapped, "order_confirmed", TakesExisting: true), default)));
        await world.RunAsync();
        Assert.Equal([("Nouvelle", OrderState.Draft), ("Stop", OrderState.ToConfirm)], (await OrdersAsync(world)).Select(o => (o.Name, o.State)));
        await using var look = world.Open();
        var said = Assert.Single(await look.Db.Messages.ToListAsync());
        Assert.Equal((MessageKind.Template, "Bonjour Nouvelle, votre commande : Hijab soie de Médine Beige. Confirmez-vous ?"), (said.Kind, said.Text));
    }

    [Theory, OnBothDatabases]
    public async Task An_erased_customers_rows_are_emptied_and_the_merchants_own_cells_stay(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var stays = await world.OrderAsync();
        var goes = await world.OrderAsync(c => c with { Name = "Aiguille Zzqx" });
        await using (var scope = world.Open())
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Get<Leads>().NoteAsync(goes.CustomerId, default, null, "aiguille zzqx veut du gros", default);
                await scope.Db.SaveChangesAsync();
            }, default);
        await world.RunAsync();
        await world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell = "R3", value = "ma note" });
        // Broken at the time: it waits, and goes when mended.
        await world.FaultAsync("not-shared");
        await world.TickAsync();
        Assert.Null(await world.DoAsync(s => s.Get<EraseCustomer>().RunAsync(goes.CustomerId, default)));
        await world.ClearAsync();
        Assert.Null(await world.DoAsync(s => s.Get<ConnectSheet>().TestAsync(default)));
        await world.RunAsync();
        var sheet = (await world.DoorAsync(HttpMethod.Get, $"_sheets/{world.Sheet}"))!["tabs"]!.ToJsonString();
        Assert.DoesNotContain("zzqx", sheet, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(goes.Id.ToString(), sheet, StringComparison.Ordinal);
        Assert.Contains("ma note", sheet, StringComparison.Ordinal);
        await world.RowAsync(stays.Id);
        await using var left = world.Open();
        Assert.Equal([(OrderId?)stays.Id], await left.Db.SheetRows.Select(r => r.OrderId).ToListAsync());
    }
}
