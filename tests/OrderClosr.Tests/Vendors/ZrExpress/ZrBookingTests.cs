using System.Text.Json.Nodes;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Vendors.ZrExpress;

/// <summary>The adapter for ZR Express: connecting, lists, making and changing parcels, under every knob.</summary>
public sealed class ZrBookingTests(ZrStand stand) : IClassFixture<ZrStand>
{
    [Fact]
    public async Task Connecting_says_what_is_wrong()
    {
        await stand.BeginAsync();
        Assert.True((await stand.Courier.PingAsync(stand.Access(), default)).Ok);
        Assert.Equal(("field_missing", "tenant_id"), Said(await stand.Courier.PingAsync(stand.With([]), default)));
        Assert.Equal(("field_missing", "api_key"), Said(await stand.Courier.PingAsync(stand.With(new() { ["tenant_id"] = ZrStand.Tenant }), default)));
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.With(new() { ["tenant_id"] = Guid.NewGuid().ToString(), ["api_key"] = ZrStand.Key }), default)).Trouble);
        await stand.Play.FaultAsync("html", count: 1, status: 503);
        Assert.Equal("courier_down", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        var booked = await stand.BookedAsync();
        await stand.Play.FaultAsync("key-revoked");
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        foreach (var call in (Func<Task>[])[() => stand.TrackedAsync(booked), () => stand.Courier.CancelAsync(stand.Access(), booked, default), () => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default)])
            Assert.Equal(FailureCategory.Credentials, (await CourierStand.FailsAsync(call)).Category);

        static (string?, string?) Said(CourierPing ping) => (ping.Trouble, ping.Field);
    }

    [Fact]
    public async Task Lists_say_what_is_served_where_desks_are_and_what_is_billed()
    {
        await stand.BeginAsync();
        var (places, fees) = await stand.ReadListsAsync();
        Assert.Equal(54, places.Count(p => p.Kind == CourierPlaceKind.Wilaya));
        var alger = places.Single(p => p is { Kind: CourierPlaceKind.Wilaya, WilayaCode: 16 });
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Wilaya, WilayaCode: 11, ServesHome: false, ServesDesk: false }); // nothing is sent there
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, Name: "Bordj El Kiffan", ServesHome: true } && p.WilayaRef == alger.Ref);
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, ServesHome: false });
        var desks = places.Where(p => p.Kind == CourierPlaceKind.Desk).ToList();
        Assert.All(desks, d => Assert.Contains(places, c => c.Kind == CourierPlaceKind.Commune && c.Ref == d.CommuneRef && c.WilayaRef == d.WilayaRef));
        Assert.DoesNotContain(desks, d => d.Name.Length == 0 || d.Address.Length == 0);
        var line = fees.Single(f => f.WilayaRef == alger.Ref && f.CommuneRef.Length == 0);
        Assert.True(line is { Home.Amount: > 0, Desk.Amount: > 0, Return.Amount: > 0 });
        Assert.Contains(fees, f => f.CommuneRef.Length > 0 && f.Home!.Value.Amount > fees.Single(w => w.WilayaRef == f.WilayaRef && w.CommuneRef.Length == 0).Home!.Value.Amount); // communes with a price of their own
        foreach (var (knob, value) in ((string, string?)[])[("numbers-as-text", null), ("booleans-as", "digit"), ("booleans-as", "number"), ("booleans-as", "text"), ("unknown-fields", null)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob, value);
            var (again, prices) = await stand.ReadListsAsync();
            Assert.Equal(places, again);
            Assert.Equal(fees, prices);
        }
        await stand.BeginAsync();
        await stand.Play.FaultAsync("all-wilayas");
        Assert.Equal(58, (await stand.ReadListsAsync()).Places.Count(p => p.Kind == CourierPlaceKind.Wilaya));
        await stand.Play.FaultAsync("wilaya-model", "69");
        await stand.Play.FaultAsync("unserved", "16");
        var many = (await stand.ReadListsAsync()).Places;
        Assert.Equal(69, many.Count(p => p.Kind == CourierPlaceKind.Wilaya));
        Assert.DoesNotContain(many, p => p is { Kind: not CourierPlaceKind.Desk, WilayaCode: 16, ServesHome: true });
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("create-status", "200")]
    [InlineData("numbers-as-text", null)]
    [InlineData("unknown-fields", null)]
    public async Task A_parcel_goes_home_or_to_a_pickup_point_as_it_is(string? knob, string? value)
    {
        await stand.BeginAsync();
        if (knob is not null) await stand.Play.FaultAsync(knob, value);
        var home = await stand.OrderAsync() with { IsFragile = true, MayOpen = true, IsExchange = true, ToTakeBack = "Robe L", Goods = new string('x', 300) };
        var answer = await stand.BookAsync(home);
        Assert.Equal(BookingEnd.Registered, answer.End);
        var there = Assert.Single(await stand.AtCourierAsync(home.Reference));
        Assert.Equal(((string)there["tracking"]!, (string)there["id"]!), (answer.Parcel!.Tracking, answer.Parcel.TheirId));
        Assert.Equal((4900, "+213500000012", 16, "Bordj El Kiffan", false), ((int)there["amount"]!, (string)there["phone"]!, (int)there["wilaya"]!, (string)there["commune"]!, (bool)there["to_desk"]!));
        Assert.Equal((new Dinars(4900), true), (answer.Parcel.ToCollect, answer.Parcel.CourierFee is null));
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        await stand.BookedAsync(desk);
        Assert.Equal(desk.Desk!.Ref, (string)(await stand.AtCourierAsync(desk.Reference))[0]["desk"]!);
        Assert.Equal((BookingEnd.Refused, "desk"), await stand.BookAsync(desk with { Desk = null }) is var none ? (none.End, none.No!.Field) : default);
        // The customer is made once.
        var known = (await stand.Play.PostAsync("customers/search", new JsonObject { ["keyword"] = "+213500000012", ["pageSize"] = 1000 })).Json!["items"]!.AsArray();
        Assert.Single(known, c => (string)c!["phone"]!["number1"]! == "+213500000012" && (string)c["name"]! == home.Name);
    }

    [Fact]
    public async Task Where_homes_want_a_hub_the_shops_own_is_named()
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("home-needs-hub");
        var order = await stand.OrderAsync();
        var refused = await stand.BookAsync(order);
        Assert.Equal((BookingEnd.Refused, BookingCodes.Desk), (refused.End, refused.No!.Code));
        var access = new CourierAccess(CourierAccountId.New(DateTimeOffset.UnixEpoch), new Dictionary<string, string> { ["tenant_id"] = ZrStand.Tenant, ["api_key"] = ZrStand.Key }, new CourierPace([], TimeProvider.System))
        {
            Variants = new Dictionary<string, string> { ["home_hub"] = "own" }, Origin = order.Wilaya,
        };
        Assert.Equal(BookingEnd.Registered, (await stand.BookAsync(order, access)).End);
        var hub = (string)(await stand.AtCourierAsync(order.Reference))[0]["desk"]!;
        Assert.Contains(await stand.PlacesAsync(), p => p.Kind == CourierPlaceKind.Desk && p.Ref == hub && p.WilayaRef == order.Wilaya.Ref);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("objects", false)]
    [InlineData("text", false)]
    [InlineData(null, true)]
    public async Task Each_refusal_names_our_field_in_every_shape_of_errors(string? shape, bool isBatch)
    {
        await stand.BeginAsync();
        if (shape is not null) await stand.Play.FaultAsync("errors-as-array", shape);
        if (isBatch) await stand.Play.FaultAsync("unknown-fields");
        var good = await stand.OrderAsync();
        var places = await stand.PlacesAsync();
        async Task RefusedAsync(ParcelToBook order, string code, string? field)
        {
            // In a batch the others are made, and several noes share one place: 207.
            var fine = isBatch ? new[] { await stand.OrderAsync(), order, await stand.OrderAsync() } : [order];
            var answers = await stand.Courier.BookAsync(stand.Access(), fine, default);
            var answer = answers[isBatch ? 1 : 0];
            Assert.Equal((BookingEnd.Refused, code, field), (answer.End, answer.No?.Code, answer.No?.Field));
            Assert.DoesNotContain(order.Name.Length > 0 ? order.Name : "…", answer.No!.Words, StringComparison.Ordinal);
            Assert.Empty(await stand.AtCourierAsync(order.Reference));
            if (isBatch) Assert.All([answers[0], answers[2]], a => Assert.True(a is { End: BookingEnd.Registered, Parcel: { Tracking.Length: > 0, TheirId.Length: > 0 } }));
        }
        await RefusedAsync(good with { Phone = Phone.Stored("+33600000000") }, BookingCodes.Phone, "phone");
        if (shape != "text") await RefusedAsync(good with { SecondPhone = Phone.Stored("+33600000000"), Phone = Phone.Stored("+213500000021"), Name = "Lina Saadi" }, BookingCodes.Phone, "second_phone");
        await RefusedAsync(good with { Wilaya = good.Wilaya with { Ref = "" } }, BookingCodes.Wilaya, "wilaya");
        await RefusedAsync(good with { Commune = good.Commune with { Ref = Guid.NewGuid().ToString() } }, BookingCodes.Commune, "commune");
        await RefusedAsync(good with { Address = "" }, BookingCodes.Address, "address");
        await RefusedAsync(good with { Goods = "" }, BookingCodes.Goods, "goods");
        await RefusedAsync(good with { Lines = [new("Robe", "R", 0, new(1))] }, BookingCodes.Goods, "goods");
        await RefusedAsync(good with { ToCollect = new(150_001) }, BookingCodes.Amount, "to_collect");
        await RefusedAsync(good with { Name = "", Phone = Phone.Stored("+213500000022") }, BookingCodes.Name, "name");
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        await RefusedAsync(desk with { Desk = desk.Desk! with { Ref = Guid.NewGuid().ToString() } }, BookingCodes.Desk, "desk");
        await RefusedAsync(desk with { Desk = places.First(p => p.Kind == CourierPlaceKind.Desk && p.WilayaRef != desk.Wilaya.Ref) }, BookingCodes.Desk, "desk");
        await stand.Play.FaultAsync("unserved", "16");
        if (!isBatch) await RefusedAsync(good, BookingCodes.Commune, "commune");
    }

    [Fact]
    public async Task More_than_the_usual_limit_is_taken_where_there_is_none()
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("no-amount-limit");
        await stand.BookedAsync(await stand.OrderAsync() with { ToCollect = new(200_000) });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_lost_answer_the_same_reference_again_finds_the_parcel(bool isBatch)
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        var orders = isBatch ? new[] { order, await stand.OrderAsync() } : [order];
        await stand.Play.FaultAsync("timeout-after-work", count: 1, path: isBatch ? "/parcels/bulk" : "/parcels", seconds: 0);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.Courier.BookAsync(stand.Access(), orders, default))).Category);
        // Another one whose reference only begins alike is not it.
        await stand.BookedAsync(order with { Reference = order.Reference + "-2" });
        var found = await stand.Courier.FindAsync(stand.Access(), [order.Reference, "X-NOTHERE"], default, default);
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal((order.Reference, (string)there["tracking"]!, Movement.Registered), (found.Single().Key, found.Single().Value.Tracking, found.Single().Value.Events.Single().Movement));
        await stand.Play.FaultAsync("garbage", count: 1, path: "/parcels/search");
        Assert.Equal(BookingEnd.Exists, (await stand.BookAsync(order)).End); // 409, but the search says nothing now
        var again = await stand.Courier.BookAsync(stand.Access(), orders, default);
        Assert.All(again, a => Assert.Equal(BookingEnd.Registered, a.End));
        Assert.Equal((string)there["tracking"]!, again[0].Parcel!.Tracking);
        Assert.Single(await stand.AtCourierAsync(order.Reference));
        await stand.Play.FaultAsync("html", count: 1, status: 200, path: "/parcels/search");
        Assert.Equal(FailureCategory.Transient, (await CourierStand.FailsAsync(() => stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default))).Category);
    }

    [Fact]
    public async Task An_id_without_its_number_is_kept_and_the_number_asked_for_later()
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("read-fails-once", count: 1);
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order);
        Assert.Equal((null, true), (booked.Tracking, booked.TheirId is { Length: > 0 }));
        Assert.Equal((string)(await stand.AtCourierAsync(order.Reference))[0]["tracking"]!, (await stand.TrackedAsync(booked)).Tracking);
    }

    [Fact]
    public async Task Faults_of_the_wire_are_what_they_are()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        var other = await stand.BookedAsync();
        // The customer's two calls are reads: only at the parcel itself may something have happened.
        await stand.BearsAsync(() => stand.TrackedAsync(booked), () => stand.Courier.CancelAsync(stand.Access(), other, default));
        foreach (var (kind, status) in ((string, int?)[])[("error", 503), ("html", 200), ("garbage", 200), ("drop", null)])
        {
            var order = await stand.OrderAsync();
            await stand.Play.FaultAsync(kind, count: 1, status: status, path: "/parcels");
            Assert.Equal((kind, FailureCategory.OutcomeUnknown), (kind, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category));
            await stand.Play.FaultAsync(kind, count: 1, status: status, path: "/customers/search");
            Assert.Equal((kind, FailureCategory.Transient), (kind, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category));
            Assert.Empty(await stand.AtCourierAsync(order.Reference));
        }
        await stand.Play.FaultAsync("rate-limit", "1");
        Assert.True(await CourierStand.FailsAsync(() => stand.TrackedAsync(booked)) is { Category: FailureCategory.RateLimited, RetryAfter.TotalSeconds: > 0 });

    }

    [Fact]
    public async Task A_parcel_is_changed_in_part_and_called_off_until_it_leaves()
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order);
        var places = await stand.PlacesAsync();
        var oran = places.Single(p => p is { Kind: CourierPlaceKind.Wilaya, WilayaCode: 31 });
        var whole = order with { Name = "Lina Saadi", Phone = Phone.Stored("+213600000014"), Address = "Rue 2", Wilaya = oran, Commune = places.First(p => p is { Kind: CourierPlaceKind.Commune, ServesHome: true } && p.WilayaRef == oran.Ref), ToCollect = new(5100), Goods = "Robe x2" };
        var change = new ParcelChange { Name = whole.Name, Phone = whole.Phone, Address = whole.Address, Destination = new(Delivery.Home, oran, whole.Commune, null), ToCollect = whole.ToCollect, Goods = whole.Goods, Whole = whole };
        // Without the id the tracking finds it; a repeat does no harm.
        foreach (var known in (BookedParcel[])[booked with { TheirId = null }, booked]) Assert.Null(await stand.Courier.UpdateAsync(stand.Access(), known, change, default));
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal(("Lina Saadi", "+213600000014", 5100, 31), ((string)there["client"]!, (string)there["phone"]!, (int)there["amount"]!, (int)there["wilaya"]!));
        Assert.Equal("to_collect", (await stand.Courier.UpdateAsync(stand.Access(), booked, new() { ToCollect = new(200_000), Whole = order }, default))!.Field);
        Assert.Equal(BookingCodes.NotEditable, (await stand.Courier.UpdateAsync(stand.Access(), booked, new() { Destination = new(Delivery.Desk, oran, whole.Commune, null), Whole = whole }, default))!.Code);

        Assert.Null(await stand.Courier.CancelAsync(stand.Access(), booked, default));
        Assert.Null(await stand.Courier.CancelAsync(stand.Access(), booked, default)); // gone already
        Assert.Empty(await stand.AtCourierAsync(order.Reference));
        Assert.Equal(BookingCodes.NotEditable, (await stand.Courier.UpdateAsync(stand.Access(), booked, change, default))!.Code);

        var gone = await stand.BookedAsync();
        Assert.Null(await stand.Courier.MarkReadyAsync(stand.Access(), gone, default));
        await stand.Play.MoveAsync(gone.Tracking!, "dispatch");
        Assert.Equal(BookingCodes.NotCancellable, (await stand.Courier.CancelAsync(stand.Access(), gone, default))!.Code);
        Assert.Equal(BookingCodes.NotEditable, (await stand.Courier.UpdateAsync(stand.Access(), gone, new() { ToCollect = new(1), Whole = order }, default))!.Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pascal-case-states")]
    [InlineData("renamed-workflow")]
    public async Task A_parcel_is_moved_to_ready_by_its_tenants_own_workflow(string? knob)
    {
        await stand.BeginAsync();
        if (knob is not null) await stand.Play.FaultAsync(knob);
        var booked = await stand.BookedAsync();
        for (var i = 0; i < 2; i++) Assert.Null(await stand.Courier.MarkReadyAsync(stand.Access(), booked, default)); // again: done before
        Assert.True((bool)(await stand.AtCourierAsync(booked.Reference))[0]["released"]!);
        Assert.Equal([Movement.Registered, Movement.ReadyToShip], (await stand.TrackedAsync(booked)).Events.Select(e => e.Movement));
        await stand.Play.MoveAsync(booked.Tracking!, "dispatch");
        Assert.Null(await stand.Courier.MarkReadyAsync(stand.Access(), booked, default)); // the courier has it
        Assert.NotNull(await stand.Courier.MarkReadyAsync(stand.Access(), booked with { TheirId = Guid.NewGuid().ToString() }, default));
    }

    [Fact]
    public async Task Where_nothing_need_be_moved_nothing_is_and_a_strange_name_is_typed_in()
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("no-ready-step");
        var booked = await stand.BookedAsync();
        Assert.Null(await stand.Courier.MarkReadyAsync(stand.Access(("ready_step", "none")), booked, default));
        await stand.Play.MoveAsync(booked.Tracking!, "dispatch");
        var other = await stand.BookedAsync();
        var wrong = stand.With(new() { ["tenant_id"] = ZrStand.Tenant, ["api_key"] = ZrStand.Key, ["ready_state"] = "Chez nous" });
        Assert.Equal("ready_state_unknown", (await CourierStand.FailsAsync(() => stand.Courier.MarkReadyAsync(wrong, other, default))).Code);
        var named = stand.With(new() { ["tenant_id"] = ZrStand.Tenant, ["api_key"] = ZrStand.Key, ["ready_state"] = "En préparation" });
        Assert.Null(await stand.Courier.MarkReadyAsync(named, other, default));
        Assert.Equal("en_preparation", (string)(await stand.AtCourierAsync(other.Reference))[0]["state"]!);
    }
}
