using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Orders;

public sealed class ConfirmTests
{
    [Theory, OnBothDatabases]
    public async Task A_confirmed_draft_is_one_order_with_a_number_frozen_totals_less_stock_and_a_story(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var order = await world.OrderAsync(OrdersWorld.Complete(quantity: 2));
        var stored = await world.ReadAsync(order.Id);
        Assert.Equal((OrderState.Confirmed, 1001, 7600L, true), (stored.State, stored.Number, stored.Total.Amount, stored.HasStock));
        Assert.NotNull(stored.ConfirmedAt);
        Assert.Equal(3, await world.StockAsync("ROBE-M-NOIR"));
        var move = Assert.Single(await world.MovesAsync(order.Id));
        Assert.Equal((OrderState.Draft, OrderState.Confirmed, ActorKind.Member), (move.From, move.To, move.Actor));

        // The phone given for it is the customer's from now on: whoever looks for it finds both.
        await using var scope = world.Open();
        var customer = await scope.Db.Customers.SingleAsync(c => c.Id == stored.CustomerId);
        Assert.Equal(["+213500000012"], customer.Phones);
        Assert.All((string[])["amina", "0500000012"], word => Assert.Contains(word, customer.Search, StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task A_later_price_does_not_change_what_was_agreed(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var id = await world.DraftAsync();
        await using (var scope = world.Open())
        {
            await scope.Db.InTransactionAsync(() => scope.Db.Set<OrderClosr.Catalogue.Product>().ExecuteUpdateAsync(set => set.SetProperty(p => p.Price, new Dinars(9000))), default);
        }
        Assert.Equal(4100L, (await world.ConfirmAsync(id)).Value.Total.Amount);
    }

    [Theory, OnBothDatabases]
    public async Task Two_confirms_at_the_same_moment_make_one_order_and_take_stock_once(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var id = await world.DraftAsync(OrdersWorld.Complete(quantity: 2));
        var version = (await world.ReadAsync(id)).DraftVersion;
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => world.ConfirmAsync(id, version))));
        Assert.All(all, r => Assert.Equal((true, 1001), (r.Ok, r.Ok ? r.Value.Number : 0)));
        Assert.Equal(3, await world.StockAsync("ROBE-M-NOIR"));
        Assert.Single(await world.MovesAsync(id));
    }

    [Theory, OnBothDatabases]
    public async Task Numbers_have_no_gaps_however_many_orders_come_at_once_and_some_are_refused(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        // Two bags are left for four orders; the others take what is not counted.
        var drafts = new List<OrderId>();
        for (var i = 0; i < 12; i++)
            drafts.Add(await world.DraftAsync(OrdersWorld.Complete($"05000001{i:00}", 1, i % 3 == 0 ? "sac" : "hijab", "")));
        var all = await Task.WhenAll(drafts.Select(id => Task.Run(() => world.ConfirmAsync(id))));
        var numbers = all.Where(r => r.Ok).Select(r => r.Value.Number).Order().ToList();
        Assert.Equal(10, numbers.Count);
        Assert.Equal(Enumerable.Range(1001, 10), numbers);
        Assert.All(all.Where(r => !r.Ok), r => Assert.Equal("out_of_stock", r.Refusal!.Code));
        Assert.Equal(0, await world.StockAsync("SAC-CAMEL"));
        Assert.Equal(1011, (await world.OrderAsync(OrdersWorld.Complete("0500000099"))).Number);
    }

    [Theory, OnBothDatabases]
    public async Task A_refused_confirmation_leaves_the_draft_as_it_was(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var (first, second) = (await world.DraftAsync(OrdersWorld.Complete(quantity: 2, product: "sac", variant: "")), await world.DraftAsync(OrdersWorld.Complete(quantity: 1, product: "sac", variant: "")));
        Assert.True((await world.ConfirmAsync(first)).Ok);
        var refused = await world.ConfirmAsync(second);
        Assert.Equal(("out_of_stock", RefusalKind.Conflict), (refused.Refusal?.Code, refused.Refusal?.Kind));
        var draft = await world.ReadAsync(second);
        Assert.Equal((OrderState.Draft, 0, false), (draft.State, draft.Number, draft.HasStock));
        Assert.Empty(await world.MovesAsync(second));
    }

    [Theory, OnBothDatabases]
    public async Task An_old_version_and_an_incomplete_draft_are_refused(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var id = await world.DraftAsync();
        Assert.Equal("stale_version", (await world.ConfirmAsync(id, 1)).Refusal?.Code);
        var incomplete = await world.ConfirmAsync(await world.DraftAsync(OrdersWorld.Complete() with { Phone = null }));
        Assert.Equal("incomplete", incomplete.Refusal?.Code);
        Assert.Equal(["phone"], incomplete.Refusal!.Suggestions);
    }

    [Theory, OnBothDatabases]
    public async Task The_agent_confirms_only_what_was_read_back_and_answered_after_that(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var (conversation, message) = await ConversationAsync(world, seq: 5);
        var id = await world.DraftAsync(conversation: conversation);
        var version = (await world.ReadAsync(id)).DraftVersion;
        async Task<Result<Order>> YesAsync(MessageId? said = null)
        {
            await using var scope = world.Open();
            return await scope.Get<ConfirmOrder>().RunAsync(id, version, new(ActorKind.Agent, world.Now, MessageId: said), default);
        }
        async Task ReadBackAsync(int seq)
        {
            await using var scope = world.Open();
            var draft = await scope.Db.Orders.SingleAsync(o => o.Id == id);
            draft.MarkReadBack(version, seq);
            await scope.Db.SaveChangesAsync();
        }

        async Task SayAsync(int seq, Author author)
        {
            await using var scope = world.Open();
            var channel = (await scope.Db.Conversations.SingleAsync(c => c.Id == conversation)).ChannelId;
            scope.Db.Add(new Message { Id = MessageId.New(world.Now), ConversationId = conversation, ChannelId = channel, Seq = seq, Direction = Direction.Out, Author = author, Kind = MessageKind.Text, Text = "Je vous montre aussi le sac ?", Status = MessageStatus.Sent, At = world.Now, StoredAt = world.Now });
            await scope.Db.SaveChangesAsync();
        }

        Assert.Equal("not_read_back", (await YesAsync(message)).Refusal?.Code);
        await ReadBackAsync(6);
        Assert.Equal("no_yes", (await YesAsync(message)).Refusal?.Code);
        Assert.Equal("no_yes", (await YesAsync()).Refusal?.Code);
        // Something else was said since: the yes may answer that.
        await ReadBackAsync(3);
        await SayAsync(4, Author.Member);
        Assert.Equal("no_yes", (await YesAsync(message)).Refusal?.Code);
        await ReadBackAsync(4);
        await SayAsync(6, Author.Agent);
        var order = await YesAsync(message);
        Assert.Equal((OrderState.Confirmed, 1001), (order.Value.State, order.Value.Number));
        Assert.Equal(message, Assert.Single(await world.MovesAsync(id)).MessageId);
        Assert.Equal(1001, (await YesAsync(message)).Value.Number);
        Assert.Equal(4, await world.StockAsync("ROBE-M-NOIR"));
    }

    [Theory, OnBothDatabases]
    public async Task The_merchants_rule_or_a_duplicate_sends_a_yes_in_the_chat_to_a_person(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var first = (await world.ConfirmAsync(await world.DraftAsync(), actor: ActorKind.Customer)).Value;
        Assert.Equal((OrderState.Confirmed, null), (first.State, first.DuplicateOf));
        var twin = (await world.ConfirmAsync(await world.DraftAsync(OrdersWorld.Complete(variant: "L noir")), actor: ActorKind.Customer)).Value;
        Assert.Equal((OrderState.ToConfirm, (OrderId?)first.Id, false), (twin.State, twin.DuplicateOf, twin.HasStock));
        Assert.Equal(5, await world.StockAsync("ROBE-L-NOIR"));
        var otherProduct = (await world.ConfirmAsync(await world.DraftAsync(OrdersWorld.Complete(product: "hijab", variant: "")), actor: ActorKind.Customer)).Value;
        Assert.Equal((OrderState.Confirmed, null), (otherProduct.State, otherProduct.DuplicateOf));

        await world.ChangeSettingsAsync(s => s.ConfirmsAlone = false);
        Assert.Equal(OrderState.ToConfirm, (await world.ConfirmAsync(await world.DraftAsync(OrdersWorld.Complete("0500000077")), actor: ActorKind.Customer)).Value.State);
        Assert.Equal(OrderState.Confirmed, (await world.ConfirmAsync(twin.Id)).Value.State);
        Assert.Equal(4, await world.StockAsync("ROBE-L-NOIR"));
    }

    [Theory, OnBothDatabases]
    public async Task Outside_the_merchants_window_and_after_a_cancellation_the_same_again_is_no_duplicate(Database database)
    {
        var time = new TestClock(new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var world = await OrdersWorld.StartAsync(database, new() { Started = false, Time = time });
        var first = await world.OrderAsync();
        Assert.True((await world.CancelAsync(first.Id)).Ok);
        var second = await world.OrderAsync();
        Assert.Null(second.DuplicateOf);
        time.Advance(TimeSpan.FromHours(47));
        Assert.Equal(second.Id, (await world.OrderAsync()).DuplicateOf);
        time.Advance(TimeSpan.FromHours(49));
        Assert.Null((await world.OrderAsync()).DuplicateOf);
    }

    [Theory, OnBothDatabases]
    public async Task Of_twins_confirmed_at_the_same_moment_one_is_marked(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var (one, two) = (await world.DraftAsync(), await world.DraftAsync());
        var both = await Task.WhenAll(Task.Run(() => world.ConfirmAsync(one)), Task.Run(() => world.ConfirmAsync(two)));
        Assert.Single(both, r => r.Value.DuplicateOf is not null);
    }

    [Theory, OnBothDatabases]
    public async Task A_bad_record_raises_the_risk_with_its_reasons_and_asks_for_a_person(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var customer = await world.CustomerAsync();
        await using (var scope = world.Open())
        {
            (await scope.Db.Set<OrderClosr.Customers.Customer>().SingleAsync(c => c.Id == customer)).Returned = 2;
            await scope.Db.SaveChangesAsync();
        }
        var risky = (await world.ConfirmAsync(await world.DraftAsync(OrdersWorld.Complete() with { Address = "" }, customer), actor: ActorKind.Customer)).Value;
        Assert.Equal((OrderState.ToConfirm, 75), (risky.State, risky.RiskScore));
        Assert.Equal(["returned_before", "vague_address"], risky.RiskReasons);
        Assert.Equal(OrderState.Confirmed, (await world.ConfirmAsync(risky.Id)).Value.State);
    }

    [Theory, OnBothDatabases]
    public async Task Cancelling_gives_the_pieces_back_once(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var order = await world.OrderAsync(OrdersWorld.Complete(quantity: 3));
        Assert.Equal(2, await world.StockAsync("ROBE-M-NOIR"));
        Assert.Equal("reason_missing", (await world.CancelAsync(order.Id, null)).Refusal?.Code);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => world.CancelAsync(order.Id))));
        Assert.All(all, r => Assert.Equal(OrderState.Cancelled, r.Value.State));
        Assert.Equal(5, await world.StockAsync("ROBE-M-NOIR"));
        Assert.Equal([OrderState.Confirmed, OrderState.Cancelled], (await world.MovesAsync(order.Id)).Select(m => m.To));
    }

    [Theory, OnBothDatabases]
    public async Task Tries_are_counted_up_to_the_merchants_most(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await world.ChangeSettingsAsync(s => (s.MostAttempts, s.RetryMinutes) = (2, 30));
        var id = await QueuedAsync(world);
        async Task<Result<Order>> TryAsync(string outcome)
        {
            await using var scope = world.Open();
            return await scope.Get<FollowOrder>().NotReachedAsync(id, world.By(ActorKind.Member, outcome), default);
        }

        var first = (await TryAsync("no_answer")).Value;
        Assert.Equal((OrderState.Contacting, 1), (first.State, first.ContactAttempts));
        Assert.InRange(first.NextTryAt!.Value, world.Now.AddMinutes(29), world.Now.AddMinutes(31));
        Assert.Equal(2, (await TryAsync("busy")).Value.ContactAttempts);
        Assert.Equal("no_more_tries", (await TryAsync("busy")).Refusal?.Code);
        Assert.Equal(OrderState.Cancelled, (await world.CancelAsync(id, "unreachable")).Value.State);
    }

    [Theory, OnBothDatabases]
    public async Task A_postponed_order_returns_to_the_queue_on_its_day_and_not_before(Database database)
    {
        var time = new TestClock(new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var world = await OrdersWorld.StartAsync(database, new() { Started = false, Time = time });
        var id = await QueuedAsync(world);
        async Task PostponeAsync(int days)
        {
            await using var scope = world.Open();
            Assert.True((await scope.Get<FollowOrder>().PostponeAsync(id, world.By(ActorKind.Member, "salary", world.Now.AddDays(days)), default)).Ok);
        }
        async Task WorkAsync() => await world.App.Get<JobRunner>().RunDueAsync($"work/{world.Shop.Id}", default);

        await PostponeAsync(2);
        await PostponeAsync(4);
        time.Advance(TimeSpan.FromDays(3));
        await WorkAsync();
        Assert.Equal(OrderState.Postponed, (await world.ReadAsync(id)).State);
        time.Advance(TimeSpan.FromDays(1.1));
        await WorkAsync();
        Assert.Equal((OrderState.ToConfirm, null), ((await world.ReadAsync(id)).State, (await world.ReadAsync(id)).NextTryAt));
        var last = (await world.MovesAsync(id))[^1];
        Assert.Equal((ActorKind.System, "day_came"), (last.Actor, last.Reason));
    }

    [Theory, OnBothDatabases]
    public async Task A_step_taken_back_gives_stock_back_and_keeps_the_number(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var order = await world.OrderAsync();
        await using (var scope = world.Open())
            Assert.True((await scope.Get<FollowOrder>().ReopenAsync(order.Id, world.By(ActorKind.Member, "undone"), default)).Ok);
        var reopened = await world.ReadAsync(order.Id);
        Assert.Equal((OrderState.ToConfirm, order.Number, false, null), (reopened.State, reopened.Number, reopened.HasStock, reopened.ConfirmedAt));
        Assert.Equal(5, await world.StockAsync("ROBE-M-NOIR"));
        Assert.Equal(OrderState.Confirmed, (await world.ConfirmAsync(order.Id)).Value.State);
        Assert.Equal(4, await world.StockAsync("ROBE-M-NOIR"));
    }

    [Theory, OnBothDatabases]
    public async Task A_members_change_of_a_confirmed_order_swaps_stock_and_is_in_the_story(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var order = await world.OrderAsync(OrdersWorld.Complete(quantity: 5));
        Assert.Equal(0, await world.StockAsync("ROBE-M-NOIR"));
        async Task<Result<DraftView>> ChangeAsync(DraftChange change, int? seen = null)
        {
            await using var scope = world.Open();
            return await scope.Get<ChangeOrder>().RunAsync(order.Id, change, seen, world.By(ActorKind.Member), default);
        }

        // All five are ours: four of them and one of another size.
        var changed = await ChangeAsync(new() { Items = [new("robe", "M noir", 4), new("robe", "L noir", 1)], Commune = "Es Senia" });
        Assert.True(changed.Ok, changed.Refusal?.Words);
        Assert.Equal((1, 4), (await world.StockAsync("ROBE-M-NOIR"), await world.StockAsync("ROBE-L-NOIR")));
        Assert.Equal("out_of_stock", (await ChangeAsync(new() { Items = [new("robe", "M noir", 6)] })).Refusal?.Code);
        Assert.Equal("stale_version", (await ChangeAsync(new() { Note = "x" }, seen: 1)).Refusal?.Code);
        var stored = await world.ReadAsync(order.Id);
        Assert.Equal((OrderState.Confirmed, 1001, 2, 18100L), (stored.State, stored.Number, stored.Lines.Count, stored.Total.Amount));
        Assert.Equal("changed", (await world.MovesAsync(order.Id))[^1].Reason);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_agreed_is_paid_however_prices_and_fees_move_before_somebody_corrects_the_order(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var order = await world.OrderAsync();
        var bargained = await world.OrderAsync(OrdersWorld.Complete("0500000013") with { Items = [new("robe", "L noir", 1, new Dinars(3200))] });
        Assert.Equal((4100L, 3800L), (order.Total.Amount, bargained.Total.Amount));
        await MoveAsync(robe: 4200, oran: 700);

        // A word, an address, and the whole form as the page sends it, with no price typed for what sells at its list price.
        Assert.Equal(4100L, await TotalAsync(order, new() { Note = "après 16 h" }));
        DraftItem robe = new(null, null, 1, null, world.Shop.Variants["ROBE-M-NOIR"]), longer = new(null, null, 1, new Dinars(3200), world.Shop.Variants["ROBE-L-NOIR"]);
        var form = OrdersWorld.Complete() with { Items = [robe], Wilaya = "31", Address = "Cité 1600, bât. 14", SecondPhone = "", Delivery = Delivery.Home, IgnoresFloor = true };
        Assert.Equal(4100L, await TotalAsync(order, form));

        // What is new costs what it costs today: another piece of another product, another place.
        Assert.Equal(4100L + 1200, await TotalAsync(order, form with { Items = [robe, new("hijab", null, 1)] }));
        Assert.Equal(4100L, await TotalAsync(order, form));
        Assert.Equal(3500L + 400, await TotalAsync(order, form with { Wilaya = "16", Commune = "Bab Ezzouar" }));
        Assert.Equal(3500L + 700, await TotalAsync(order, form));

        // Free delivery comes and goes with the goods.
        await using (var scope = world.Open())
        {
            scope.Db.Add(new DeliveryPolicy { Id = Id<DeliveryPolicy>.New(world.Now), FreeFrom = new Dinars(7000) });
            await scope.Db.SaveChangesAsync();
        }
        Assert.Equal(7000L, await TotalAsync(order, form with { Items = [robe with { Quantity = 2 }] }));
        Assert.Equal(3500L + 700, await TotalAsync(order, form));

        // A bargain stays one when the list price falls below it or the floor rises above it, and when the product is no longer offered.
        await MoveAsync(robe: 3000, oran: 700);
        Assert.Equal(3800L, await TotalAsync(bargained, form with { Items = [longer] }));
        await MoveAsync(robe: 4200, oran: 700, floor: 4000, offered: false);
        Assert.Equal(3800L, await TotalAsync(bargained, form with { Items = [longer], IgnoresFloor = false }));
        Assert.Equal("variant_unknown", (await ChangeAsync(order, form with { Items = [robe, longer] })).Refusal?.Code);

        // Where nobody is served any more the parcel still goes for the fee that was agreed.
        await using (var scope = world.Open()) await scope.Db.InTransactionAsync(() => scope.Db.DeliveryFees.ExecuteDeleteAsync(), default);
        Assert.Equal(3800L, await TotalAsync(bargained, form with { Items = [longer] }));

        async Task MoveAsync(long robe, long oran, long? floor = null, bool offered = true)
        {
            await using var scope = world.Open();
            Dinars price = new(robe), fee = new(oran);
            Dinars? lowest = floor is { } least ? new Dinars(least) : null;
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Db.Set<OrderClosr.Catalogue.Product>().Where(p => p.Id == world.Shop.Products["robe"]).ExecuteUpdateAsync(set => set.SetProperty(p => p.Price, price).SetProperty(p => p.FloorPrice, lowest).SetProperty(p => p.Active, offered));
                await scope.Db.DeliveryFees.Where(f => f.WilayaCode == 31).ExecuteUpdateAsync(set => set.SetProperty(f => f.Home, fee));
            }, default);
        }

        async Task<Result<DraftView>> ChangeAsync(Order of, DraftChange change)
        {
            await using var scope = world.Open();
            return await scope.Get<ChangeOrder>().RunAsync(of.Id, change, null, world.By(ActorKind.Member), default);
        }

        async Task<long> TotalAsync(Order of, DraftChange change)
        {
            var changed = await ChangeAsync(of, change);
            Assert.True(changed.Ok, changed.Refusal?.Words);
            var stored = await world.ReadAsync(of.Id);
            Assert.Equal(stored.Total, stored.Goods - stored.Discount + stored.DeliveryFee);
            return stored.Total.Amount;
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_change_asked_in_the_chat_leaves_the_order_alone_until_the_customer_agrees(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var order = await world.OrderAsync(OrdersWorld.Complete(quantity: 2));
        OrderId change;
        int version;
        await using (var scope = world.Open())
        {
            var began = ChangeOrder.Begin(await scope.Db.Orders.Include(o => o.Lines).SingleAsync(o => o.Id == order.Id), world.Now).Value;
            Assert.True((await scope.Get<Drafts>().ApplyAsync(began, new() { Items = [new("robe", "M noir", 5)] }, default)).Ok);
            scope.Db.Add(began);
            await scope.Db.SaveChangesAsync();
            (change, version) = (began.Id, began.DraftVersion);
        }
        Assert.Equal((2, 3), ((await world.ReadAsync(order.Id)).Lines.Single().Quantity, await world.StockAsync("ROBE-M-NOIR")));

        var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => world.ConfirmAsync(change, version, ActorKind.Customer))));
        Assert.All(all, r => Assert.Equal((order.Id, 1001), (r.Value.Id, r.Value.Number)));
        var stored = await world.ReadAsync(order.Id);
        Assert.Equal((OrderState.Confirmed, 5, 18100L), (stored.State, stored.Lines.Single().Quantity, stored.Total.Amount));
        Assert.Equal(0, await world.StockAsync("ROBE-M-NOIR"));
        Assert.Equal(2, (await world.MovesAsync(order.Id)).Count);
    }

    [Theory, OnBothDatabases]
    public async Task Another_shops_order_is_not_found_by_any_verb(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var order = await world.OrderAsync();
        var other = await world.App.NewShopAsync();
        await using var scope = world.App.In(other.Id);
        var cause = world.By(ActorKind.Member, "x", world.Now.AddDays(1));
        Assert.Equal("not_found", (await scope.Get<ConfirmOrder>().RunAsync(order.Id, null, cause, default)).Refusal?.Code);
        Assert.Equal("not_found", (await scope.Get<CancelOrder>().RunAsync(order.Id, cause, default)).Refusal?.Code);
        Assert.Equal("not_found", (await scope.Get<FollowOrder>().PostponeAsync(order.Id, cause, default)).Refusal?.Code);
        Assert.Equal("not_found", (await scope.Get<FollowOrder>().NotReachedAsync(order.Id, cause, default)).Refusal?.Code);
        Assert.Equal("not_found", (await scope.Get<ChangeOrder>().RunAsync(order.Id, new(), null, cause, default)).Refusal?.Code);
        Assert.Equal(OrderState.Confirmed, (await world.ReadAsync(order.Id)).State);
    }

    private static async Task<OrderId> QueuedAsync(OrdersWorld world)
    {
        var id = await world.DraftAsync();
        await using var scope = world.Open();
        Assert.True((await scope.Get<ConfirmOrder>().QueueAsync(id, world.By(ActorKind.Api), default)).Ok);
        return id;
    }

    private static async Task<(ConversationId, MessageId)> ConversationAsync(OrdersWorld world, int seq)
    {
        await using var scope = world.Open();
        var now = world.Now;
        var conversation = new Conversation { Id = ConversationId.New(now), ChannelId = world.Shop.Whatsapp.Id, ChannelKind = ChannelKind.Whatsapp, CustomerId = await world.CustomerAsync(), CreatedAt = now };
        var message = new Message { Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = seq, Direction = Direction.In, Author = Author.Customer, Kind = MessageKind.Text, Text = "oui", At = now, StoredAt = now };
        scope.Db.AddRange(conversation, message);
        await scope.Db.SaveChangesAsync();
        return (conversation.Id, message.Id);
    }
}
