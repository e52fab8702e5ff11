using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Cash;
using OrderClosr.Dashboard;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Dashboard;

/// <summary>A small world of known orders, every number of it counted by hand; and what happens to numbers when something is undone.</summary>
public sealed class NumbersTests
{
    private static async Task<DashboardWorld> TellAsync(Database database)
    {
        var world = await DashboardWorld.StartAsync(database);
        var shop = world.Shop;
        await world.TellAsync(
            new(world.Ago(5)) { Channel = shop.Messenger, Ad = ("A1", "Robe été"), End = ParcelState.Delivered, PaidAfter = 1 },
            new(world.Ago(5)) { Wilaya = 31, Channel = shop.Whatsapp, AnsweredAfter = 1, Lines = [("robe", 2, 3500), ("hijab", 1, 1200)], ConfirmedBy = ActorKind.Member, ConfirmedAfter = TimeSpan.FromDays(1), End = ParcelState.Delivered, EndAfter = TimeSpan.FromDays(3), Courier = 1, Rescued = true },
            new(world.Ago(4)) { Wilaya = 31, Channel = shop.Whatsapp, AnsweredAfter = 5, Lines = [("hijab", 1, 1200)], End = ParcelState.Returned, Courier = 1 },
            new(world.Ago(3)) { Channel = shop.Messenger, Ad = ("A1", "Robe été"), AnsweredAfter = null, Lines = [("sac", 1, 4200)] },
            new(world.Ago(2)) { Lines = [("hijab", 3, 1200)], ConfirmedBy = null },
            new(world.Ago(1)) { Wilaya = 9, ConfirmedBy = ActorKind.Api },
            // The week before; its money came in this one.
            new(world.Ago(10)) { Channel = shop.Messenger, End = ParcelState.Delivered, PaidAfter = 3 },
            new(world.Ago(9)) { Wilaya = 25, Channel = shop.Whatsapp, ConfirmedBy = null });
        await world.TurnsAsync(world.Ago(1), replied: 30, microDollars: 1000, ("complaint", 2), ("price_outside_policy", 1));
        await world.SettingsAsync(margin: 900, returnCost: 650, hour: 250, minutes: 2, commission: 50);
        await using var scope = world.Open();
        scope.Db.Add(new PaymentSlip
        {
            Id = Id<PaymentSlip>.New(world.Ago(2)), AccountId = world.Cash.Accounts[0], Number = "V-1", FileName = "v1.csv", FileKey = "k1", LineCount = 2, Collected = new(9000), Fees = new(900), ReturnFees = Dinars.Zero, Net = new(8100), Received = new(8000), AppliedAt = world.Ago(2), AppliedBy = shop.OwnerId,
        });
        scope.Db.Add(new Lead { Id = Id<Lead>.New(world.Ago(3)), CustomerId = default, ConversationId = default, At = world.Ago(3), Note = "attend le salaire", ConvertedAt = world.Ago(1) });
        scope.Db.Add(new Lead { Id = Id<Lead>.New(world.Ago(9)), CustomerId = default, ConversationId = default, At = world.Ago(9), Note = "trop cher" });
        await scope.Db.SaveChangesAsync();
        return world;
    }

    [Theory, OnBothDatabases]
    public async Task Every_number_of_a_small_shop_is_what_its_orders_say(Database database)
    {
        await using var world = await TellAsync(database);
        var week = $"?from={Period.Text(world.Today.AddDays(-6))}&to={Period.Text(world.Today)}";
        var api = await world.ApiAsync(week);

        // conversations, orders, confirmed, delivered, returned, paid, rescued, replies, hand-overs, leads, came true, sold, received
        Assert.Equal([4, 6, 5, 2, 1, 2, 1, 30, 3, 1, 1, 11_700, 8000], Counts(api["shop"]!));
        Assert.Equal([2, 2, 1, 1, 0, 0, 0, 0, 0, 1, 0, 3500, 0], Counts(api["before"]!));
        Assert.Equal((83.3, 66.7, 33.3), ((double)api["shop"]!["confirmation_rate"]!, (double)api["shop"]!["delivery_rate"]!, (double)api["shop"]!["return_rate"]!));
        // Six seconds, a minute, five minutes; the fourth waits still.
        Assert.Equal(60, (int)api["first_answer_seconds"]!);
        // One order of the agent × 900, thirty answers × 2 minutes at 250 the hour, one return × 650; 33 turns × 1000 millionths of a dollar × 135, begun dinars.
        Assert.Equal((900, 250, 650, 1800, 5, 0, 1795), ((int)api["earned"]!["agent_orders"]!, (int)api["earned"]!["time_saved"]!, (int)api["earned"]!["returns_avoided"]!, (int)api["earned"]!["total"]!, (int)api["earned"]!["agent_cost"]!, (int)api["earned"]!["plan_cost"]!, (int)api["earned"]!["net"]!));

        //                                              orders, confirmed, delivered, returned, paid, sold
        Assert.Equal([("16", 3, 2, 1, 0, 2, 3500), ("31", 2, 2, 1, 1, 0, 8200), ("9", 1, 1, 0, 0, 0, 0)], Cut(api, "wilayas"));
        Assert.Equal([(Product("hijab"), 3, 2, 1, 1, 0, 1200), (Product("robe"), 3, 3, 2, 0, 2, 10_500), (Product("sac"), 1, 1, 0, 0, 0, 0)], Cut(api, "products").OrderBy(p => world.Shop.Products.Single(x => x.Value.ToString() == p.Item1).Key));
        Assert.Equal([(Courier(0), 0, 0, 1, 0, 2, 3500), (Courier(1), 0, 0, 1, 1, 0, 8200)], Cut(api, "couriers").OrderBy(c => c.Item1 == Courier(1)));
        Assert.Equal(8000, (int)api["couriers"]!.AsArray().Single(c => (string)c!["key"]! == Courier(0))!["counts"]!["received"]!);
        Assert.Equal([(world.Shop.Messenger.Id.ToString(), 2, 2, 1, 0, 2, 3500), (world.Shop.Whatsapp.Id.ToString(), 2, 2, 1, 1, 0, 8200), ("none", 2, 1, 0, 0, 0, 0)],
            Cut(api, "channels").OrderBy(c => c.Item1 == "none" ? 2 : c.Item1 == world.Shop.Whatsapp.Id.ToString() ? 1 : 0));
        Assert.Equal([("A1", 2, 2, 1, 0, 1, 3500)], Cut(api, "ads"));
        Assert.Equal("Robe été", (string?)api["ads"]![0]!["name"]);
        Assert.Equal([(world.Shop.OwnerId.ToString("N"), 1, 1, 1, 0, 0, 8200), ("agent", 3, 3, 1, 1, 2, 3500), ("api", 1, 1, 0, 0, 0, 0)], Cut(api, "members").OrderBy(m => m.Item1 == "api" ? 2 : m.Item1 == "agent" ? 1 : 0));
        Assert.Equal([("complaint", 2), ("price_outside_policy", 1)], api["hand_over_reasons"]!.AsArray().Select(r => ((string)r!["reason"]!, (int)r["hand_overs"]!)));
        // Day by day: today and yesterday and back.
        Assert.Equal([0, 1, 1, 1, 1, 2, 0], api["days"]!.AsArray().Reverse().Select(d => (int)d!["counts"]!["orders"]!));
        Assert.Equal([0, 0, 1, 1, 0, 0, 0], api["days"]!.AsArray().Reverse().Select(d => (int)d!["counts"]!["delivered"]!));

        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var page = await owner.ReadAsync(world.Link($"dashboard{week}"));
        foreach (var said in (string[])["1\u00a0800 DA", "commandes de l'agent <bdi class=\"num nowrap\">900 DA</bdi>", "Robe été", "−5 DA", "1\u00a0795 DA", "11\u00a0700 DA", "8\u00a0000 DA"]) Assert.Contains(said, page);
        // The agent confirmed what half of came back, people what all of arrived.
        Assert.Matches("Agent</span>.*?50 %", Regex.Replace(page, @"\s+", " "));
        var pay = await owner.ReadAsync(world.Link($"dashboard/pay?month={AlgiersTime.DateInAlgiers(world.Ago(2)):yyyy-MM}"));
        Assert.Matches(@"Owner 1.*<bdi class=""num nowrap"">50 DA", Regex.Replace(pay, @"\s+", " "));
        await RulesAsync(world, owner);
        await FilesAsync(world, owner, week);
        await RolesAsync(world, week);
        // Of a month's plan these seven days.
        var begun = world.Today.AddDays(-9);
        await using (var scope = world.Open())
        {
            scope.Db.Add(new Invoice
            {
                Id = Id<Invoice>.New(world.Ago(9)), Number = "2026-0001", Kind = InvoiceKind.Renewal, State = InvoiceState.Paid, Plan = "boutique", PlanName = "Boutique", Cycle = BillingCycle.Monthly, ShopName = "Shop 1", Price = new(3900), ToPay = new(3900), IssuedAt = world.Ago(9), DueOn = begun, PaidAt = world.Ago(9),
                FromOn = begun, ToOn = begun.AddMonths(1),
            });
            await scope.Db.SaveChangesAsync();
        }
        Assert.Equal(3900 * 7 / (begun.AddMonths(1).DayNumber - begun.DayNumber), (int)(await world.ApiAsync(week))["earned"]!["plan_cost"]!);
        using var http = await world.KeyedAsync();
        foreach (var wrong in (string[])["?from=2026-11-31&to=2026-12-01", "?from=2026-11-02&to=2026-11-01", "?from=2020-01-01&to=2026-11-01"]) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await http.GetAsync($"/api/v1/dashboard{wrong}")).StatusCode);

        string Product(string name) => world.Shop.Products[name].ToString();
        string Courier(int n) => world.Cash.Accounts[n].ToString();
    }

    private static async Task FilesAsync(DashboardWorld world, Visitor owner, string week)
    {
        await using (var scope = world.Open())
        {
            var robe = world.Shop.Products["robe"];
            (await scope.Db.Set<OrderClosr.Catalogue.Product>().SingleAsync(p => p.Id == robe)).Name = "=HYPERLINK(\"x\")";
            await scope.Db.SaveChangesAsync();
        }
        foreach (var list in NumbersFile.Lists.Keys)
        {
            using var answer = await owner.Http.GetAsync(world.Link($"dashboard/by/file{week}&list={list}"));
            Assert.Equal((HttpStatusCode.OK, "text/csv"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            var lines = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()).TrimStart('\ufeff').Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (list == "days") Assert.Equal(8, lines.Length);
            if (list == "wilaya") Assert.Equal("Alger;3;2;1;0;100.0;2;3500", lines[1].TrimEnd('\r'));
            // A formula in a product's name stays text.
            if (list == "product") Assert.DoesNotContain(lines, l => l.TrimStart('"').StartsWith('='));
        }
    }

    /// <summary>Commission by the shop's own rule: an amount, a share of the goods, another one for one member.</summary>
    private static async Task RulesAsync(DashboardWorld world, Visitor owner)
    {
        var month = $"{AlgiersTime.DateInAlgiers(world.Ago(2)):yyyy-MM}";
        var me = world.Shop.OwnerId.ToString("N");
        async Task<string> PaysAsync(params (string, string)[] fields)
        {
            await owner.GetAsync(world.Link("dashboard/settings"));
            using var answer = await owner.PostAsync(world.Link("dashboard/settings"), true, [("margin", "900"), ("return_cost", "650"), ("hourly_rate", "250"), ("minutes", "2"), .. fields]);
            if (answer.StatusCode == HttpStatusCode.UnprocessableEntity) return "refused";
            using var file = await owner.Http.GetAsync(world.Link($"dashboard/pay/file?month={month}"));
            return Encoding.UTF8.GetString(await file.Content.ReadAsByteArrayAsync()).Split('\n').Single(l => l.StartsWith("Owner 1", StringComparison.Ordinal)).TrimEnd('\r').Split(';')[^1];
        }
        // One delivered order of 8200 dinars of goods.
        Assert.Equal("50", await PaysAsync(("commission", "50")));
        Assert.Equal("205", await PaysAsync(("commission", ""), ("share", "2,5")));
        Assert.Equal("214", await PaysAsync(("commission", "50"), ("share", "2")));
        Assert.Equal("820", await PaysAsync(("commission", "50"), ("share", "2"), ($"share_{me}", "10 %")));
        Assert.Contains("10 % des articles", await owner.ReadAsync(world.Link($"dashboard/pay?month={month}")));
        foreach (var wrong in (string[])["101", "2,55", "deux"]) Assert.Equal("refused", await PaysAsync(("commission", "50"), ($"share_{me}", wrong)));
        Assert.Equal("820", await PaysAsync(("commission", "70"))); // theirs stays until it is emptied
        Assert.Equal("50", await PaysAsync(("commission", "50"), ($"share_{me}", ""), ($"commission_{me}", "")));
    }

    private static async Task RolesAsync(DashboardWorld world, string week)
    {
        foreach (var (role, status) in new[] { (Role.Manager, HttpStatusCode.OK), (Role.Accountant, HttpStatusCode.OK), (Role.Confirmer, HttpStatusCode.NotFound), (Role.Suivi, HttpStatusCode.NotFound), (Role.ReadOnly, HttpStatusCode.NotFound) })
        {
            using var member = await world.App.MemberOfAsync(world.Shop, role);
            Assert.Equal(status == HttpStatusCode.OK, (await member.GetAsync(world.Link("dashboard"))).StatusCode == HttpStatusCode.OK);
            // Conversations are for who may read them.
            Assert.Equal(role == Role.Manager, (await member.GetAsync(world.Link($"dashboard/records{week}&of=hand_overs"))).StatusCode == HttpStatusCode.OK);
            Assert.Equal(role == Role.Manager, (await member.GetAsync(world.Link("dashboard/settings"))).StatusCode == HttpStatusCode.OK);
        }
    }

    /// <remarks>Seen to fail: without asking whether the month was written meanwhile, the one who read first writes last and the second lead counts no more.</remarks>
    [Theory, OnBothDatabases]
    public async Task Whoever_counts_a_day_that_another_wrote_meanwhile_counts_it_once_more(Database database)
    {
        await using var world = await TellAsync(database);
        await using var first = world.Open();
        var (go, hasRead) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        // The conversations are read last.
        using var heard = Commands.Hear(first.Db, text => { if (go.Task.IsCompleted && text.Contains("referral", StringComparison.Ordinal)) hasRead.TrySetResult(); });
        await first.Get<RollUp>().SettleAsync(1000, default);
        await NoteAsync(first.Db);
        var counting = Task.Run(async () =>
        {
            await go.Task;
            await first.Get<RollUp>().SettleAsync(1000, default);
        });
        await using (var second = world.Open())
            await second.Db.InTransactionAsync(async () =>
            {
                await second.Db.Dialect.LockRowAsync(second.Db, "workspaces", world.Shop.Id.Value, default);
                go.SetResult();
                await hasRead.Task.WaitAsync(TimeSpan.FromMinutes(1));
                await NoteAsync(second.Db);
                await second.Get<RollUp>().SettleAsync(1000, default);
            }, default);
        await counting;

        await using var after = world.Open();
        var (month, day) = (new DateOnly(world.Today.Year, world.Today.Month, 1), world.Today);
        Assert.Equal(2, (await after.Db.Figures.AsNoTracking().SingleAsync(f => f.Span == FigureSpan.Day && f.Cut == FigureCut.Shop && f.On == day)).Leads);
        Assert.Equal(await after.Db.Figures.Where(f => f.Span == FigureSpan.Day && f.Cut == FigureCut.Shop && f.On >= month).SumAsync(f => f.Leads), (await after.Db.Figures.AsNoTracking().SingleAsync(f => f.Span == FigureSpan.Month && f.Cut == FigureCut.Shop && f.On == month)).Leads);

        async Task NoteAsync(OrderClosrDb db)
        {
            db.Add(new Lead { Id = Id<Lead>.New(world.Clock.GetUtcNow()), CustomerId = default, ConversationId = default, At = world.Clock.GetUtcNow(), Note = "demande encore" });
            await db.SaveChangesAsync();
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_is_undone_is_undone_in_the_numbers_and_a_recount_finds_the_same(Database database)
    {
        await using var world = await TellAsync(database);
        var days = new Period(world.Today.AddDays(-20), world.Today);
        var before = await ReadAsync();
        Assert.Equal((8, 6, 3, 1, 2), (before.Orders, before.Confirmed, before.Delivered, before.Returned, before.Paid));

        // A delivery is taken back, a confirmed order is cancelled, money that was paid is not, a turn comes late, another ad is where somebody came from.
        await using (var scope = world.Open())
        {
            var now = world.Clock.GetUtcNow();
            var parcel = await scope.Db.Parcels.AsNoTracking().Where(p => p.State == ParcelState.Delivered && p.CashState == CashState.Paid).OrderBy(p => p.StateAt).FirstAsync();
            Assert.True((await scope.Get<Moving>().MoveAsync(parcel.Id, ParcelState.Returned, new(ActorKind.Member, now, "refusé à la porte"), default)).Ok);
            var order = await scope.Db.Orders.AsNoTracking().Where(o => o.State == OrderState.Confirmed && !scope.Db.Set<Parcel>().Any(p => p.OrderId == o.Id)).OrderBy(o => o.Number).FirstAsync();
            Assert.True((await scope.Get<CancelOrder>().RunAsync(order.Id, new(ActorKind.Member, now, "changed_mind"), default)).Ok);
            var talk = await scope.Db.Set<OrderClosr.Conversations.Conversation>().Where(c => c.Referral != null).OrderBy(c => c.CreatedAt).FirstAsync();
            talk.Referral = talk.Referral!.Replace("A1", "B2", StringComparison.Ordinal);
            await scope.Db.SaveChangesAsync();
        }
        var after = await ReadAsync();
        Assert.Equal((8, 5, 2, 2, 1), (after.Orders, after.Confirmed, after.Delivered, after.Returned, after.Paid));
        var kept = await FiguresAsync();
        Assert.Contains(kept, f => f.Contains("Ad B2", StringComparison.Ordinal));
        Assert.NotEmpty(kept);
        await using (var scope = world.Open())
        {
            Assert.False(await scope.Db.FigureMarks.AnyAsync());
            await scope.Get<RollUp>().RecountAsync(default);
        }
        Assert.Equal(kept, await FiguresAsync());

        // A customer who is erased takes the unfinished orders along; the numbers follow.
        await using (var scope = world.Open())
        {
            var open = await scope.Db.Orders.AsNoTracking().Where(o => o.State == OrderState.ToConfirm).OrderBy(o => o.Number).FirstAsync();
            Assert.Null(await scope.Get<OrderClosr.Customers.EraseCustomer>().RunAsync(open.CustomerId, default));
        }
        Assert.Equal(7, (await ReadAsync()).Orders);
        kept = await FiguresAsync();
        await using (var scope = world.Open()) await scope.Get<RollUp>().RecountAsync(default);
        Assert.Equal(kept, await FiguresAsync());

        async Task<Figure> ReadAsync()
        {
            await using var scope = world.Open();
            await scope.Get<RollUp>().SettleAsync(1000, default);
            return (await scope.Get<Numbers>().ReadAsync(days, default)).Shop;
        }

        async Task<List<string>> FiguresAsync()
        {
            await using var scope = world.Open();
            return [.. (await scope.Db.Figures.AsNoTracking().ToListAsync()).Select(f => $"{f.Span} {f.On} {f.Cut} {f.Key} {f.Label} {f.Conversations} {f.Orders} {f.Confirmed} {f.Delivered} {f.Returned} {f.Paid} {f.Rescued} {f.Replies} {f.HandOvers} {f.Leads} {f.Converted} {f.CostMicroDollars} {f.Sold} {f.Received}").Order(StringComparer.Ordinal)];
        }
    }

    private static List<int> Counts(JsonNode counts) =>
        [.. ((string[])["conversations", "orders", "confirmed", "delivered", "returned", "paid", "rescued", "replies", "hand_overs", "leads", "converted", "sold", "received"]).Select(name => (int)counts[name]!)];

    private static List<(string, int, int, int, int, int, int)> Cut(JsonNode api, string cut) =>
        [.. api[cut]!.AsArray().Select(c => ((string)c!["key"]!, N(c, "orders"), N(c, "confirmed"), N(c, "delivered"), N(c, "returned"), N(c, "paid"), N(c, "sold")))];

    private static int N(JsonNode cut, string name) => (int)cut["counts"]![name]!;
}
