using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Orders;

public sealed class DraftTests
{
    [Theory, OnBothDatabases]
    public async Task Everything_said_at_once_is_a_complete_draft_with_the_servers_total(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var draft = drafts.New(default, default, OrderOrigin.Agent);
        var view = await drafts.ApplyAsync(draft, OrdersWorld.Complete(quantity: 2), default);
        Assert.True(view.Ok, view.Refusal?.Words);
        Assert.Empty(view.Value.Missing);
        Assert.True(view.Value.Ready);
        Assert.Equal((7000L, 0L, 600L, 7600L), (view.Value.Goods.Amount, view.Value.Discount.Amount, view.Value.DeliveryFee!.Value.Amount, view.Value.Total!.Value.Amount));
        Assert.Equal(("Oran", "Bir El Djir", "+213500000012"), (view.Value.Wilaya, view.Value.Commune, view.Value.Phone.ToString()));
        Assert.Equal(new DraftLine("Robe d'été", "M / Noir", 2, new(3500), new(3500)), Assert.Single(view.Value.Items));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_not_said_yet_is_asked_for_and_nothing_else(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var whole = OrdersWorld.Complete();
        (DraftChange Said, string[] Missing)[] cases =
        [
            (new(), ["items", "wilaya", "commune", "name", "phone"]),
            (whole with { Items = null }, ["items"]),
            (whole with { Name = null }, ["name"]),
            (whole with { Name = "  " }, ["name"]),
            (whole with { Phone = null }, ["phone"]),
            (whole with { Commune = null }, ["commune"]),
            (whole with { Wilaya = null, Commune = null }, ["wilaya", "commune"]),
            (whole with { Address = null }, []),
        ];
        foreach (var (said, missing) in cases)
        {
            var view = await drafts.ApplyAsync(drafts.New(default, default, OrderOrigin.Agent), said, default);
            Assert.Equal(missing, view.Value.Missing);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_field_left_out_keeps_its_value_and_an_item_list_replaces_all_lines(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var id = await world.DraftAsync();
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var draft = await scope.Db.Orders.Include(o => o.Lines).SingleAsync(o => o.Id == id);
        var view = (await drafts.ApplyAsync(draft, new() { Items = [new("robe", "L noir", 1), new("hijab", null, 2)] }, default)).Value;
        await scope.Db.SaveChangesAsync();
        Assert.Equal(["HIJAB", "ROBE"], draft.Lines.Select(l => l.Name == "Robe d'été" ? "ROBE" : "HIJAB").Order());
        Assert.Equal((5900L, "Amina Belkacem", "Bir El Djir"), (view.Goods.Amount, view.Name, view.Commune));
        var stored = await world.ReadAsync(id);
        Assert.Equal(2, stored.Lines.Count);
        Assert.Equal("L / Noir", stored.Lines.Single(l => l.Name == "Robe d'été").VariantLabel);
    }

    [Theory, OnBothDatabases]
    public async Task The_version_rises_when_what_the_customer_gets_or_pays_changes_and_only_then(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var id = await world.DraftAsync();
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var draft = await scope.Db.Orders.Include(o => o.Lines).SingleAsync(o => o.Id == id);
        async Task<bool> RaisesAsync(DraftChange change)
        {
            var before = draft.DraftVersion;
            var applied = await drafts.ApplyAsync(draft, change, default);
            Assert.True(applied.Ok, applied.Refusal?.Words);
            return draft.DraftVersion != before;
        }

        Assert.False(await RaisesAsync(OrdersWorld.Complete()));
        Assert.False(await RaisesAsync(new() { Note = "après 16 h", Address = "derrière l'école", Name = "Amina B." }));
        Assert.False(await RaisesAsync(new() { Wilaya = "وهران" }));
        Assert.True(await RaisesAsync(new() { Items = [new("robe", "M noir", 2)] }));
        Assert.True(await RaisesAsync(new() { Items = [new("robe", "L noir", 2)] }));
        Assert.True(await RaisesAsync(new() { Items = [new("robe", "L noir", 2, new Dinars(3200))] }));
        Assert.True(await RaisesAsync(new() { Delivery = Delivery.Desk }));
        Assert.True(await RaisesAsync(new() { Wilaya = "16", Commune = "Bab Ezzouar" }));
        Assert.True(await RaisesAsync(new() { Phone = "0600000013" }));
        Assert.False(await RaisesAsync(new()));
    }

    [Theory, OnBothDatabases]
    public async Task A_refusal_changes_nothing_at_all(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var id = await world.DraftAsync();
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        (DraftChange Change, string Code, string Field)[] cases =
        [
            (new() { Items = [new("frigo", null, 1)] }, "product_unknown", "product"),
            (new() { Items = [new("robe", "XL vert", 1)] }, "variant_unknown", "variant"),
            (new() { Items = [new("robe", null, 1)] }, "variant_ambiguous", "variant"),
            (new() { Items = [new("robe", "M noir", 0)] }, "quantity_out_of_range", "quantity"),
            (new() { Items = [new("robe", "M noir", -3)] }, "quantity_out_of_range", "quantity"),
            (new() { Items = [new("robe", "M noir", 100)] }, "quantity_out_of_range", "quantity"),
            (new() { Items = [new("sac", null, 3)] }, "out_of_stock", "items"),
            (new() { Items = [new("sac", null, 1), new("sac", null, 2, new Dinars(4200))] }, "out_of_stock", "items"),
            (new() { Items = [new("robe", "M noir", 1, new Dinars(2999))] }, "below_floor", "unit_price"),
            (new() { Items = [new("hijab", null, 1, new Dinars(1199))] }, "below_floor", "unit_price"),
            (new() { Items = [new("robe", "M noir", 1, new Dinars(-5))] }, "below_floor", "unit_price"),
            (new() { Items = [new("robe", "M noir", 1, new Dinars(9000))] }, "above_price", "unit_price"),
            (new() { Phone = "12345" }, "phone_unreadable", "phone"),
            (new() { Phone = "+33 6 12 34 56 78" }, "phone_foreign", "phone"),
            (new() { Wilaya = "Atlantis" }, "place_unknown", "wilaya"),
            (new() { Wilaya = "Tamanrasset", Commune = "Tamanrasset" }, "not_served", "commune"),
            (new() { Name = new string('a', 10_000) }, "too_long", "name"),
            (new() { Name = "Autre", Address = new string('x', 501) }, "too_long", "address"),
        ];
        foreach (var (change, code, field) in cases)
        {
            var draft = await scope.Db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == id);
            var before = System.Text.Json.JsonSerializer.Serialize(draft);
            var applied = await drafts.ApplyAsync(draft, change with { Source = MessageId.New(world.Now) }, default);
            Assert.Equal((code, field), (applied.Refusal?.Code, applied.Refusal?.Field));
            Assert.Equal(before, System.Text.Json.JsonSerializer.Serialize(draft));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_town_of_several_wilayas_is_asked_about_with_both(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var applied = await drafts.ApplyAsync(drafts.New(default, default, OrderOrigin.Agent), new() { Commune = "El Eulma" }, default);
        Assert.Equal(("place_ambiguous", "commune"), (applied.Refusal?.Code, applied.Refusal?.Field));
        Assert.Contains("El Eulma (Sétif)", applied.Refusal!.Suggestions!);
        Assert.Contains("El Eulma (Annaba)", applied.Refusal!.Suggestions!);
        Assert.True((await drafts.ApplyAsync(drafts.New(default, default, OrderOrigin.Agent), new() { Commune = "El Eulma (Sétif)" }, default)).Ok);
    }

    [Theory, OnBothDatabases]
    public async Task Two_numbers_in_one_field_are_both_phones(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        foreach (var typed in (string[])["0500000012 / 0600000013", "٠٥٠٠٠٠٠٠١٢ او ٠٦٠٠٠٠٠٠١٣", "+213 (0)500 00 00 12, 0600.00.00.13"])
        {
            var view = (await drafts.ApplyAsync(drafts.New(default, default, OrderOrigin.Agent), new() { Phone = typed }, default)).Value;
            Assert.Equal(("0500000012", "0600000013"), (view.Phone!.Value.National, view.SecondPhone!.Value.National));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Delivery_is_free_from_the_merchants_amount_on_what_is_really_paid(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        scope.Db.Add(new DeliveryPolicy { Id = Id<DeliveryPolicy>.New(world.Now), FreeFrom = new Dinars(7000) });
        await scope.Db.SaveChangesAsync();
        var drafts = scope.Get<Drafts>();
        async Task<DraftView> WithAsync(Dinars? price) =>
            (await drafts.ApplyAsync(drafts.New(default, default, OrderOrigin.Agent), OrdersWorld.Complete() with { Items = [new("robe", "M noir", 2, price)] }, default)).Value;

        Assert.Equal((0L, 7000L), ((await WithAsync(null)).DeliveryFee!.Value.Amount, (await WithAsync(null)).Total!.Value.Amount));
        var cheaper = await WithAsync(new Dinars(3400));
        Assert.Equal((200L, 600L, 7400L), (cheaper.Discount.Amount, cheaper.DeliveryFee!.Value.Amount, cheaper.Total!.Value.Amount));
    }

    [Theory, OnBothDatabases]
    public async Task A_stop_desk_is_chosen_by_name_and_asked_for_when_there_are_several(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        foreach (var (name, commune) in (ReadOnlySpan<(string, int)>)[("Oran Centre", 3101), ("Es Sénia", 3110)])
            scope.Db.Add(new Desk { Id = Id<Desk>.New(world.Now), Name = name, WilayaCode = 31, CommuneCode = commune });
        await scope.Db.SaveChangesAsync();
        var drafts = scope.Get<Drafts>();
        var draft = drafts.New(default, default, OrderOrigin.Agent);
        var view = (await drafts.ApplyAsync(draft, OrdersWorld.Complete() with { Delivery = Delivery.Desk }, default)).Value;
        Assert.Equal(["desk"], view.Missing);
        Assert.Null(view.Total);
        var unknown = await drafts.ApplyAsync(draft, new() { Desk = "Mars" }, default);
        Assert.Equal(("desk_unknown", "desk"), (unknown.Refusal?.Code, unknown.Refusal?.Field));
        Assert.Equal(["Es Sénia", "Oran Centre"], unknown.Refusal!.Suggestions!.Order());
        view = (await drafts.ApplyAsync(draft, new() { Desk = "oran centre" }, default)).Value;
        Assert.Equal(("Oran Centre", 400L, 0), (view.Desk, view.DeliveryFee!.Value.Amount, view.Missing.Count));
    }

    [Theory, OnBothDatabases]
    public async Task Each_field_remembers_the_message_that_said_it(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var draft = drafts.New(default, default, OrderOrigin.Agent);
        var (first, second, third) = (MessageId.New(world.Now), MessageId.New(world.Now), MessageId.New(world.Now));
        await drafts.ApplyAsync(draft, new() { Items = [new("robe", "M noir", 1)], Source = first }, default);
        await drafts.ApplyAsync(draft, new() { Wilaya = "Oran", Phone = "0500000012", Source = second, Sources = new Dictionary<string, MessageId> { ["phone"] = third } }, default);
        Assert.Equal((first, second, third), (draft.Sources["items"], draft.Sources["wilaya"], draft.Sources["phone"]));
        scope.Db.Add(draft);
        await scope.Db.SaveChangesAsync();
        Assert.Equal(third, (await world.ReadAsync(draft.Id)).Sources["phone"]);
        await drafts.ApplyAsync(draft, new() { Phone = "0600000013" }, default);
        Assert.DoesNotContain("phone", draft.Sources.Keys);
    }

    [Theory, OnBothDatabases]
    public async Task Control_characters_never_get_into_an_order(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var view = (await drafts.ApplyAsync(drafts.New(default, default, OrderOrigin.Agent), new() { Name = "Ami\u0000na\u0007\r\n Bel", Note = "\u001b[31mrouge" }, default)).Value;
        Assert.Equal(("Ami na Bel", "[31mrouge"), (view.Name, view.Note));
    }

    [Theory, OnBothDatabases]
    public async Task A_version_is_marked_read_back_only_while_it_is_the_newest(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var draft = drafts.New(default, default, OrderOrigin.Agent);
        await drafts.ApplyAsync(draft, OrdersWorld.Complete(), default);
        var read = draft.DraftVersion;
        draft.MarkReadBack(read, 7);
        Assert.Equal((read, 7), (draft.ReadBackVersion, draft.ReadBackSeq));
        await drafts.ApplyAsync(draft, new() { Items = [new("robe", "L noir", 1)] }, default);
        draft.MarkReadBack(read, 9);
        Assert.Equal((read, 7), (draft.ReadBackVersion, draft.ReadBackSeq));
        Assert.NotEqual(draft.ReadBackVersion, draft.DraftVersion);
    }

    [Theory, OnBothDatabases]
    public async Task Another_shops_variant_does_not_exist_here(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var other = await world.App.NewShopAsync();
        await using var scope = world.Open();
        var drafts = scope.Get<Drafts>();
        var applied = await drafts.ApplyAsync(drafts.New(default, default, OrderOrigin.Agent), new() { Items = [new(null, null, 1, VariantId: other.Variants["SAC-CAMEL"])] }, default);
        Assert.Equal("variant_unknown", applied.Refusal?.Code);
        Assert.True((await drafts.ApplyAsync(drafts.New(default, default, OrderOrigin.Agent), new() { Items = [new(null, null, 1, Sku: "SAC-CAMEL")] }, default)).Ok);
    }

    [Theory, OnBothDatabases]
    public async Task A_cart_of_the_channel_becomes_the_draft_at_the_shops_prices(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var now = world.Now;
        var (conversation, customer) = (ConversationId.New(now), await world.CustomerAsync());
        async Task SendAsync(params OrderClosr.Conversations.CartItem[] items)
        {
            await using var scope = world.Open();
            var message = new OrderClosr.Conversations.Message
            {
                Id = MessageId.New(now), ConversationId = conversation, ChannelId = world.Shop.Whatsapp.Id, Seq = 1, Direction = OrderClosr.Conversations.Direction.In,
                Author = OrderClosr.Conversations.Author.Customer, Kind = OrderClosr.Conversations.MessageKind.Order, Text = "", At = now, StoredAt = now,
            };
            await scope.Get<OrderClosr.Ground.Jobs.Facts>().TellAsync(new OrderClosr.Conversations.CartReceived(conversation, customer, message, items), default);
            await scope.Db.SaveChangesAsync();
        }

        await SendAsync(new OrderClosr.Conversations.CartItem("ROBE-M-NOIR", 2), new OrderClosr.Conversations.CartItem("GONE", 1), new OrderClosr.Conversations.CartItem("SAC-CAMEL", 9));
        await SendAsync(new OrderClosr.Conversations.CartItem("HIJAB-BEIGE", 1));
        await using var read = world.Open();
        var draft = Assert.Single(await read.Db.Orders.Include(o => o.Lines).ToListAsync());
        Assert.Equal((OrderOrigin.Cart, OrderState.Draft, customer), (draft.Origin, draft.State, draft.CustomerId));
        Assert.Equal(("Hijab soie de Médine", 1, 1200L), (draft.Lines.Single().Name, draft.Lines.Single().Quantity, draft.Goods.Amount));
        Assert.Contains("items", draft.Sources.Keys);
    }
}
