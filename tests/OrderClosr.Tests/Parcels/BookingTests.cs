using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>A confirmed order becomes exactly one parcel at the courier, whatever the line to it does.</summary>
public sealed class BookingTests
{
    [Theory, OnBothDatabases]
    public async Task A_confirmed_order_is_booked_with_its_amounts_in_the_couriers_own_words(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        Parcel? row = null;
        world.Courier.WhileBooking = async () => row = await world.DoAsync(s => s.Db.Parcels.AsNoTracking().SingleAsync());
        var order = await world.OrderAsync();
        await world.RunAsync();

        // Before the courier heard of it our row stood, with its reference.
        Assert.Equal((ParcelState.Requested, true, $"{order.Number}"), (row!.State, row.MayExist, row.Reference.Split('-')[0]));
        var there = Assert.Single(world.Courier.All);
        Assert.Equal((row.Reference, "BIR EL DJIR", "w31", 1800L, 600L, 1200L, "0500000100"),
            (there.Reference, there.Book.Commune.Name, there.Book.Wilaya.Ref, there.Book.ToCollect.Amount, there.Book.DeliveryFee.Amount, there.Book.GoodsValue.Amount, there.Book.Phone.National));
        var parcel = await world.ParcelAsync(order.Id);
        Assert.Equal((ParcelState.Registered, there.Tracking, false, 700L, null), (parcel.State, parcel.Tracking, parcel.MayExist, parcel.CourierFee!.Value.Amount, parcel.Trouble));
        Assert.NotNull(parcel.LabelFile);
        // Asked again, by anybody: the same parcel.
        Assert.Equal(parcel.Id, (await world.ShipAsync(order.Id)).Value.Id);
        await world.RunAsync();
        Assert.Single(world.Courier.All);
    }

    [Theory]
    [InlineData(Fault.TimeoutAfterWork)]
    [InlineData(Fault.TimeoutBeforeWork)]
    [InlineData(Fault.WorkComesLate)]
    [InlineData(Fault.NotReached)]
    [InlineData(Fault.Busy)]
    [InlineData(Fault.Bug)]
    [InlineData(Fault.Unclear)]
    internal async Task After_any_failure_there_is_one_parcel_and_we_know_it(Fault fault)
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite);
        foreach (var abilities in Kinds(world.Courier.Abilities))
        {
            world.Courier.Abilities = abilities;
            world.Courier.BookFaults.Enqueue(fault);
            var order = await world.OrderAsync();
            await world.RunAsync();
            var parcel = await world.ParcelAsync(order.Id);
            var there = Assert.Single(world.Courier.All, p => p.Reference == parcel.Reference);
            Assert.Equal(ParcelState.Registered, parcel.State);
            // A courier that neither finds nor repeats its number leaves it to a person to read it off the screen.
            var isBlind = abilities.Lookup == Lookup.None && fault is Fault.TimeoutAfterWork or Fault.WorkComesLate or Fault.Bug or Fault.Unclear && abilities.Lookup == Lookup.None;
            if (isBlind && parcel.Tracking is null) Assert.Equal("tracking_missing", parcel.Trouble);
            else Assert.Equal((there.Tracking, null), (parcel.Tracking, parcel.Trouble));
        }
    }

    [Fact]
    public async Task A_post_without_an_answer_is_not_repeated_before_it_could_have_arrived()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite);
        world.Courier.BookFaults.Enqueue(Fault.TimeoutBeforeWork);
        await world.OrderAsync();
        var began = world.Clock.GetUtcNow();
        await world.RunAsync(atMost: BookParcelsHandler.SettlesWithin - TimeSpan.FromSeconds(1));
        Assert.Single(world.Courier.Calls, c => c.StartsWith("book", StringComparison.Ordinal));
        Assert.True(world.Courier.Calls.Count(c => c.StartsWith("find", StringComparison.Ordinal)) >= 3, "it looked meanwhile");
        await world.RunAsync();
        Assert.Equal(2, world.Courier.Calls.Count(c => c.StartsWith("book", StringComparison.Ordinal)));
        Assert.True(world.Clock.GetUtcNow() - began >= BookParcelsHandler.SettlesWithin);
        Assert.Single(world.Courier.All);
    }

    [Theory, OnBothDatabases]
    public async Task Sixty_orders_over_a_bad_line_are_sixty_parcels(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        var chance = new Random(7);
        var faults = Enum.GetValues<Fault>().Except([Fault.Credentials, Fault.Refused]).ToArray();
        world.Courier.Abilities = world.Courier.Abilities with { BookAtOnce = 5 };
        for (var i = 0; i < 120; i++) world.Courier.BookFaults.Enqueue(chance.Next(3) == 0 ? Fault.None : faults[chance.Next(faults.Length)]);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var orders = new List<OrderId>();
        for (var i = 0; i < 60; i++) orders.Add((await world.OrderAsync()).Id);
        var rows = await world.DoAsync(s => s.Get<ShipOrder>().RunAsync(orders, null, world.By(ActorKind.Member), default));
        Assert.All(rows, r => Assert.True(r.Result.Ok));
        await world.RunAsync();
        var parcels = await world.DoAsync(s => s.Db.Parcels.AsNoTracking().ToListAsync());
        Assert.All(parcels, p => Assert.Equal(ParcelState.Registered, p.State));
        Assert.Equal(60, world.Courier.All.Count);
        Assert.Equal(world.Courier.All.Select(p => (p.Reference, (string?)p.Tracking)).Order(), parcels.Select(p => (p.Reference, p.Tracking)).Order());
    }

    [Theory, OnBothDatabases]
    public async Task After_a_restored_backup_the_same_order_finds_what_it_booked_before(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        foreach (var abilities in Kinds(world.Courier.Abilities).Where(a => a.Lookup != Lookup.None))
        {
            world.Courier.Abilities = abilities;
            var order = await world.OrderAsync();
            await world.RunAsync();
            var before = await world.ParcelAsync(order.Id);
            await world.ForgetParcelsAsync();
            // The restore says so to the accounts: what can only be scanned is scanned.
            Assert.Equal(1, await world.App.Get<Restored>().TellAsync(default));
            await world.ShipAsync(order.Id);
            await world.RunAsync();
            var after = await world.ParcelAsync(order.Id);
            Assert.Equal((before.Reference, before.Tracking, ParcelState.Registered), (after.Reference, after.Tracking, after.State));
            Assert.Single(world.Courier.All, p => p.Reference == before.Reference);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_list_is_read_once_for_all_that_wait_not_once_for_each(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        world.Courier.Abilities = world.Courier.Abilities with { Lookup = Lookup.Scan, Repeat = Repeat.MakesAnother };
        var orders = new List<OrderId>();
        for (var i = 0; i < 6; i++) orders.Add((await world.OrderAsync()).Id);
        await world.RunAsync();
        // Four were booked, and nobody knows any more; two never were.
        foreach (var never in world.Courier.All.TakeLast(2).ToList()) world.Courier.All.Remove(never);
        await world.ForgetParcelsAsync();
        await world.App.Get<Restored>().TellAsync(default);
        world.Courier.Calls.Clear();
        foreach (var order in orders) await world.ShipAsync(order);
        // Somebody reads it already: whoever needs it too waits for what comes of that.
        using (world.App.Get<CourierPaces>().Of(world.Shop.Id, world.Account, world.Courier.Abilities).TryScan()) await world.App.Get<JobRunner>().RunDueAsync(CourierAccount.LaneOf(world.Account), default);
        Assert.Empty(world.Courier.Calls);
        await world.RunAsync();
        Assert.Single(world.Courier.Calls, c => c.StartsWith("find", StringComparison.Ordinal));
        Assert.Equal(2, world.Courier.Calls.Count(c => c.StartsWith("book", StringComparison.Ordinal)));
        var parcels = await world.DoAsync(s => s.Db.Parcels.AsNoTracking().ToListAsync());
        Assert.All(parcels, p => Assert.Equal((ParcelState.Registered, null), (p.State, p.Trouble)));
        Assert.Equal(world.Courier.All.Select(p => (p.Reference, (string?)p.Tracking)).Order(), parcels.Select(p => (p.Reference, p.Tracking)).Order());

        // What was posted and never answered is looked for again, however often the list was read before.
        world.Clock.Advance(TimeSpan.FromSeconds(1)); // after the copy
        world.Courier.BookFaults.Enqueue(Fault.TimeoutAfterWork);
        var lost = await world.OrderAsync();
        await world.RunAsync();
        Assert.Equal(2, world.Courier.Calls.Count(c => c.StartsWith("find", StringComparison.Ordinal)));
        var reference = (await world.ParcelAsync(lost.Id)).Reference;
        Assert.Single(world.Courier.All, p => p.Reference == reference);
    }

    [Fact]
    public async Task The_operator_says_by_a_verb_that_the_database_is_an_older_copy()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite);
        var (code, output) = await AppProcess.VerbAsync(world.App, "restored");
        Assert.True(code == 0, output);
        Assert.Contains("1 workspaces know", output, StringComparison.Ordinal);
        Assert.NotNull(await world.DoAsync(s => s.Db.CourierAccounts.Select(a => a.LookFirstBefore).SingleAsync()));
    }

    [Fact]
    public async Task What_is_found_cancelled_at_the_courier_goes_out_under_the_orders_next_name()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite);
        var order = await world.OrderAsync();
        await world.RunAsync();
        var first = world.Courier.All.Single();
        first.IsCancelled = true;
        await world.ForgetParcelsAsync();
        await world.ShipAsync(order.Id);
        await world.RunAsync();
        var parcel = await world.ParcelAsync(order.Id);
        Assert.Equal((2, $"{first.Reference}-2", ParcelState.Registered), (parcel.Sequence, parcel.Reference, parcel.State));
        Assert.Single(world.Courier.Living);
    }

    [Theory, OnBothDatabases]
    public async Task Ten_who_ship_the_same_order_at_once_make_one_parcel(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var order = await world.OrderAsync();
        Assert.Empty(await world.DoAsync(s => s.Db.Parcels.ToListAsync()));
        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => world.ShipAsync(order.Id))));
        Assert.Single(all.Select(r => r.Value.Id).Distinct());
        await world.RunAsync();
        Assert.Single(world.Courier.All);
    }

    [Fact]
    public async Task A_place_the_courier_does_not_surely_have_is_asked_of_a_person_before_anything_is_posted()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite, connected: false);
        world.Courier.Rows = [.. world.Courier.Rows.Select(r => r.Name == "BIR EL DJIR" ? r with { Name = "EL DJIR NOUVELLE" } : r)];
        var account = await world.ConnectAsync(world.Courier);
        var order = await world.OrderAsync();
        await world.RunAsync(account);
        var parcel = await world.ParcelAsync(order.Id);
        Assert.Equal((ParcelState.Draft, "destination_unclear"), (parcel.State, parcel.Trouble));
        Assert.Contains("EL DJIR NOUVELLE", parcel.Suggestions);
        Assert.DoesNotContain(world.Courier.Calls, c => c.StartsWith("book", StringComparison.Ordinal));

        var place = await world.DoAsync(s => s.Db.CourierPlaces.SingleAsync(p => p.Name == "EL DJIR NOUVELLE"));
        var sent = await world.DoAsync(s => s.Get<ChangeParcel>().SendToAsync(parcel.Id, place.Id, null, world.By(ActorKind.Member), default));
        Assert.True(sent.Ok, sent.Refusal?.Words);
        await world.RunAsync(account);
        Assert.Equal("EL DJIR NOUVELLE", world.Courier.All.Single().Book.Commune.Name);
        // Said once, known for ever: the next order asks nobody, also after the lists were read again.
        Assert.Null(await world.DoAsync(s => SyncLists.AgainAsync(s.Db, account, world.Clock.GetUtcNow(), default)));
        await world.RunAsync(account);
        var next = await world.OrderAsync();
        await world.RunAsync(account);
        Assert.Equal(ParcelState.Registered, (await world.ParcelAsync(next.Id)).State);
    }

    [Fact]
    public async Task What_the_courier_refuses_shows_on_the_parcel_and_one_bad_row_costs_its_neighbours_nothing()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite);
        world.Courier.Abilities = world.Courier.Abilities with { BookAtOnce = 4 };
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var orders = new List<Order>();
        for (var i = 0; i < 4; i++) orders.Add(await world.OrderAsync());
        var bad = orders[1].Phone!.Value;
        // This courier fails the whole call for one bad row.
        var isFirst = true;
        world.Courier.FaultOf = p => isFirst || p.Phone == bad ? Fault.Refused : Fault.None;
        await world.DoAsync(s => s.Get<ShipOrder>().RunAsync([.. orders.Select(o => o.Id)], null, world.By(ActorKind.Member), default));
        world.Courier.WhileBooking = () => { isFirst = world.Courier.Calls.Count(c => c.StartsWith("book", StringComparison.Ordinal)) == 1; return Task.CompletedTask; };
        await world.RunAsync();
        foreach (var order in orders)
        {
            var parcel = await world.ParcelAsync(order.Id);
            Assert.Equal(order == orders[1] ? (ParcelState.Requested, BookingCodes.Phone) : (ParcelState.Registered, null), (parcel.State, parcel.Trouble));
        }
        var refused = await world.ParcelAsync(orders[1].Id);
        Assert.Equal(("The phone number is not valid.", false), (refused.TroubleWords, refused.MayExist));
        world.Courier.FaultOf = null;
        Assert.True((await world.DoAsync(s => s.Get<ShipOrder>().AgainAsync(refused.Id, null, world.By(ActorKind.Member), default))).Ok);
        await world.RunAsync();
        Assert.Equal((ParcelState.Registered, null), ((await world.ParcelAsync(orders[1].Id)).State, (await world.ParcelAsync(orders[1].Id)).Trouble));
        Assert.Equal(4, world.Courier.All.Count);
    }

    [Theory, OnBothDatabases]
    public async Task An_orders_end_is_its_parcels_end_where_that_is_still_possible(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        // Not posted yet: never posted.
        var early = await world.OrderAsync();
        await world.CancelOrderAsync(early.Id);
        await world.RunAsync();
        Assert.Equal(ParcelState.Cancelled, (await world.ParcelAsync(early.Id)).State);
        Assert.Empty(world.Courier.All);

        // Posted without an answer: found, then cancelled there.
        world.Courier.BookFaults.Enqueue(Fault.TimeoutAfterWork);
        var unclear = await world.OrderAsync();
        await world.App.Get<JobRunner>().RunDueAsync(CourierAccount.LaneOf(world.Account), default);
        Assert.True((await world.ParcelAsync(unclear.Id)).MayExist);
        await world.CancelOrderAsync(unclear.Id);
        await world.RunAsync();
        Assert.Equal(ParcelState.Cancelled, (await world.ParcelAsync(unclear.Id)).State);
        Assert.Empty(world.Courier.Living);

        // The driver has it: a person is told, nothing pretends.
        var gone = await world.OrderAsync();
        await world.RunAsync();
        var there = world.Courier.Living.Single();
        there.Events.Add(TestCourier.Word(world.Clock.GetUtcNow(), "PickedUp"));
        await world.CancelOrderAsync(gone.Id);
        await world.RunAsync();
        var parcel = await world.ParcelAsync(gone.Id);
        Assert.Equal((ParcelState.Registered, BookingCodes.NotCancellable), (parcel.State, parcel.Trouble));

        // We know that it left: the order stands for everybody but a member, and a delivered one for all.
        var left = await world.OrderAsync();
        await world.RunAsync();
        world.Courier.Living.Last().Events.Add(TestCourier.Word(world.Clock.GetUtcNow(), "OutForDelivery"));
        await world.DoAsync(s => { s.Db.Later(new TrackParcels(world.Account, [s.Db.Parcels.Single(p => p.OrderId == left.Id).Id]), world.Clock.GetUtcNow()); return s.Db.SaveChangesAsync(); });
        await world.RunAsync();
        Assert.Equal("already_shipped", (await world.DoAsync(s => s.Get<CancelOrder>().RunAsync(left.Id, world.By(ActorKind.Api, "x"), default))).Refusal?.Code);
        Assert.Equal("already_shipped", (await world.DoAsync(s => s.Get<ChangeOrder>().RunAsync(left.Id, new() { Address = "Autre part, rue 5" }, null, world.By(ActorKind.Member), default))).Refusal?.Code);
        Assert.True((await world.CancelOrderAsync(left.Id)).Ok);
        Assert.Equal((ParcelState.OutForDelivery, "order_cancelled"), ((await world.ParcelAsync(left.Id)).State, (await world.ParcelAsync(left.Id)).Trouble));
    }

    [Fact]
    public async Task A_revoked_key_stops_the_lane_and_everything_goes_on_once_it_is_connected_again()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite);
        world.Courier.KeyIsGood = false;
        var order = await world.OrderAsync();
        await world.RunAsync();
        var account = await world.DoAsync(s => s.Db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Id == world.Account));
        Assert.Equal((CourierState.Broken, "token_refused"), (account.State, account.Trouble));
        var second = await world.OrderAsync();
        await world.RunAsync();
        Assert.Empty(world.Courier.All);

        world.Courier.KeyIsGood = true;
        var again = await world.DoAsync(s => s.Get<ConnectCourier>().RunAsync(new("test-a", new Dictionary<string, string> { ["token"] = "good" }, 16) { Again = world.Account }, default));
        Assert.True(again.Ok, again.Refusal?.Words);
        await world.RunAsync();
        Assert.Equal([ParcelState.Registered, ParcelState.Registered], [(await world.ParcelAsync(order.Id)).State, (await world.ParcelAsync(second.Id)).State]);
        Assert.Equal(2, world.Courier.All.Count);
        // The wrong key is said with its field, and nothing is kept of it.
        var wrong = await world.DoAsync(s => s.Get<ConnectCourier>().RunAsync(new("test-a", new Dictionary<string, string> { ["token"] = "bad" }, 16), default));
        Assert.Equal(("token_refused", "token"), (wrong.Refusal!.Code, wrong.Refusal.Field));
        Assert.Single(await world.DoAsync(s => s.Db.CourierAccounts.ToListAsync()));
    }

    [Fact]
    public async Task A_changed_order_changes_its_parcel_while_the_courier_lets_us()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite);
        var order = await world.OrderAsync();
        await world.RunAsync();
        var changed = await world.DoAsync(s => s.Get<ChangeOrder>().RunAsync(order.Id, new() { Address = "Cité AADL, tour 4", Commune = "Es Senia", Wilaya = "Oran" }, null, world.By(ActorKind.Member), default));
        Assert.True(changed.Ok, changed.Refusal?.Words);
        await world.RunAsync();
        Assert.Equal(("Cité AADL, tour 4", "ES SENIA"), (world.Courier.All.Single().Book.Address, world.Courier.All.Single().Book.Commune.Name));
        var parcel = await world.ParcelAsync(order.Id);
        Assert.Equal((null, true), (parcel.Trouble, parcel.LabelFile is not null));

        // Not posted yet: it is posted as it is now, to the place it goes to now.
        var fresh = await world.OrderAsync();
        await world.DoAsync(s => s.Get<ChangeOrder>().RunAsync(fresh.Id, new() { Commune = "Es Senia", Wilaya = "Oran" }, null, world.By(ActorKind.Member), default));
        await world.RunAsync();
        Assert.Equal("ES SENIA", world.Courier.All.Last().Book.Commune.Name);

        world.Courier.Abilities = world.Courier.Abilities with { Editable = ParcelFields.None };
        var second = await world.DoAsync(s => s.Get<ChangeOrder>().RunAsync(order.Id, new() { Address = "Autre part, rue 5" }, null, world.By(ActorKind.Member), default));
        Assert.True(second.Ok, second.Refusal?.Words);
        await world.RunAsync();
        parcel = await world.ParcelAsync(order.Id);
        Assert.Equal((BookingCodes.NotEditable, "cancel_and_book_again"), (parcel.Trouble, string.Join(',', parcel.Suggestions)));
    }

    [Theory, OnBothDatabases]
    public async Task What_a_courier_takes_no_more_is_typed_by_a_person_and_the_rest_of_the_change_is_written(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        var order = await world.OrderAsync();
        await world.RunAsync();
        var id = (await world.ParcelAsync(order.Id)).Id;
        world.Courier.Abilities = world.Courier.Abilities with { EditableLater = ParcelFields.Phone | ParcelFields.Address | ParcelFields.Destination };
        Assert.True((await world.DoAsync(s => s.Get<ChangeParcel>().ReleaseAsync(id, world.By(ActorKind.Member), default))).Ok);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var page = $"/w/{world.Shop.Slug}/parcels/{id}";

        // Validated, so it takes phone and address alone: the name is a line to type.
        await ChangeAsync(new() { Name = "Lina Saadi", Phone = "0500000077" });
        Assert.Equal(("0500000077", "update Phone, Address"), (world.Courier.All.Single().Book.Phone.National, LastUpdate()));
        Assert.Equal((BookingCodes.NotEditable, "Nouveau nom : Lina Saadi"), (await TroubleAsync(), Lines(await member.ReadAsync(page))));
        // A change in between is no reason to forget it, and whoever typed the older line is told.
        var seen = Hidden(await member.ReadAsync(page));
        await ChangeAsync(new() { Name = "Lina Saadi Ben", Address = "Rue 7" });
        Assert.Equal((BookingCodes.NotEditable, "Nouveau nom : Lina Saadi Ben"), (await TroubleAsync(), Lines(await member.ReadAsync(page))));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await member.SubmitAsync($"{page}/settle", new() { ["mark"] = seen }, page)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Found, (await member.SubmitAsync($"{page}/settle", new() { ["mark"] = Hidden(await member.ReadAsync(page)) }, page)).StatusCode);
        Assert.Null(await TroubleAsync());
        // Typed: it does not come back with the next change. More goods do, with their amount, and then nothing is half done.
        await ChangeAsync(new() { Address = "Rue 8" });
        Assert.Null(await TroubleAsync());
        Assert.Equal("Rue 8", world.Courier.All.Single().Book.Address);
        var calls = Updates();
        await ChangeAsync(new() { Items = [new("hijab", "", 2)], Address = "Rue 9" });
        Assert.Equal((calls, "Rue 8"), (Updates(), world.Courier.All.Single().Book.Address));
        var parcel = await world.ParcelAsync(order.Id);
        var total = await world.DoAsync(s => s.Db.Orders.Where(o => o.Id == order.Id).Select(o => o.Total).SingleAsync());
        Assert.NotEqual(total, parcel.ToCollect);
        var lines = Lines(await member.ReadAsync(page));
        foreach (var line in (string[])["Nouvelle adresse : Rue 9", "Contenu : ", $"Montant : {total}"]) Assert.Contains(line, lines);
        Assert.DoesNotContain("nom", lines);

        async Task ChangeAsync(DraftChange change)
        {
            var done = await world.DoAsync(s => s.Get<ChangeOrder>().RunAsync(order.Id, change, null, world.By(ActorKind.Member), default));
            Assert.True(done.Ok, done.Refusal?.Words);
            await world.RunAsync(atMost: TimeSpan.FromMinutes(5));
        }

        async Task<string?> TroubleAsync() => (await world.ParcelAsync(order.Id)).Trouble;
        int Updates() => world.Courier.Calls.Count(c => c.StartsWith("update", StringComparison.Ordinal));
        string LastUpdate() => world.Courier.Calls.Last(c => c.StartsWith("update", StringComparison.Ordinal)).Replace($" {world.Courier.All.Single().Reference}", "", StringComparison.Ordinal);
        static string Lines(string html) => System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(html, "<textarea id=\"to-type\"[^>]*>([^<]*)</textarea>").Groups[1].Value);
        static string Hidden(string html) => System.Text.RegularExpressions.Regex.Match(html, "name=\"mark\" value=\"([^\"]+)\"").Groups[1].Value;
    }

    [Theory, OnBothDatabases]
    public async Task A_correction_that_comes_when_the_driver_is_out_already_is_typed_by_a_person(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        var order = await world.OrderAsync();
        await world.RunAsync();
        var id = (await world.ParcelAsync(order.Id)).Id;
        world.Courier.Abilities = world.Courier.Abilities with { EditableLater = ParcelFields.Phone | ParcelFields.Address, EditableWithDriver = ParcelFields.Address };
        await RescuePagesTests.HearAsync(world, id, "", "PickedUp");
        Assert.True((await world.DoAsync(s => s.Get<CorrectLater>().RunAsync(id, new(Phone: "0500000078", Address: "Rue 12"), null, world.By(ActorKind.Member), default))).Ok);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await RescuePagesTests.HearAsync(world, id, "", "OutForDelivery");
        await world.RunAsync(atMost: TimeSpan.FromMinutes(5));
        Assert.EndsWith(" Address", Assert.Single(world.Courier.Calls, c => c.StartsWith("update", StringComparison.Ordinal)));
        Assert.Equal("Rue 12", world.Courier.All.Single().Book.Address);
        var parcel = await world.ParcelAsync(order.Id);
        var now = await world.DoAsync(s => s.Db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == order.Id));
        Assert.Equal((BookingCodes.NotEditable, "Nouveau téléphone : 0500000078"), (parcel.Trouble, ParcelToType.Of(parcel, now, null, null)));
    }

    [Fact]
    public async Task Amounts_no_courier_takes_and_numbers_it_cannot_call_never_reach_it()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite);
        world.Courier.Abilities = world.Courier.Abilities with { MostToCollect = new(1500), ReadyStep = ReadyStep.Needed };
        var dear = await world.OrderAsync();
        Assert.Equal(BookingCodes.Amount, (await world.ParcelAsync(dear.Id)).Trouble);
        world.Courier.Abilities = world.Courier.Abilities with { MostToCollect = null };
        var fine = await world.OrderAsync();
        await world.RunAsync();
        Assert.Equal(ParcelState.ReadyToShip, (await world.ParcelAsync(fine.Id)).State);
        Assert.True(world.Courier.All.Single().IsReady);
    }

    /// <summary>The kinds of couriers there are, by how they find and repeat.</summary>
    private static IEnumerable<CourierAbilities> Kinds(CourierAbilities usual) =>
    [
        usual with { Lookup = Lookup.Direct, Repeat = Repeat.MakesAnother },
        usual with { Lookup = Lookup.Scan, Repeat = Repeat.MakesAnother },
        usual with { Lookup = Lookup.Direct, Repeat = Repeat.IsRefused },
        usual with { Lookup = Lookup.None, Repeat = Repeat.IsRefused },
    ];
}
