using System.Text;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Maystro;

/// <summary>The adapter for Maystro, over HTTP and under every knob.</summary>
public sealed class MaystroCourierTests(MaystroStand stand) : IClassFixture<MaystroStand>
{
    [Fact]
    public async Task Connecting_says_what_is_wrong()
    {
        await stand.BeginAsync();
        Assert.True((await stand.Courier.PingAsync(stand.Access(), default)).Ok);
        Assert.Equal(("field_missing", "token"), Said(await stand.Courier.PingAsync(stand.With([]), default)));
        Assert.Equal(("field_missing", "store_id"), Said(await stand.Courier.PingAsync(stand.With(new() { ["token"] = "x" }, ("products", "created")), default)));
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.With(new() { ["token"] = "another" }), default)).Trouble);
        await stand.Play.FaultAsync("auth", "bare");
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        Assert.True((await stand.Courier.PingAsync(stand.Access(("key_prefix", "none")), default)).Ok);
        await stand.BeginAsync();
        await stand.Play.FaultAsync("one-host", "backend");
        Assert.Equal("address_wrong", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        Assert.True((await stand.Courier.PingAsync(stand.Access(("host", "b")), default)).Ok);
        await stand.BeginAsync();
        await stand.Play.FaultAsync("html", count: 1);
        Assert.Equal("courier_down", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);

        static (string?, string?) Said(CourierPing ping) => (ping.Trouble, ping.Field);
    }

    [Fact]
    public async Task Lists_have_its_own_ids_and_one_price_for_each_wilaya()
    {
        await stand.BeginAsync();
        var (places, fees) = await stand.ReadListsAsync();
        Assert.Equal((50, 50), (places.Count(p => p.Kind == CourierPlaceKind.Wilaya), fees.Count));
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, Name: "Bordj El Kiffan", WilayaRef: "16", ServesHome: true, ServesDesk: true, WilayaCode: 16 });
        Assert.All(places.Where(p => p.Kind == CourierPlaceKind.Commune), p => Assert.True(int.Parse(p.Ref, System.Globalization.CultureInfo.InvariantCulture) >= 7000));
        Assert.Contains(fees, f => f is { WilayaRef: "16", Home.Amount: > 0, Desk.Amount: > 0 });
        Assert.Contains(fees, f => f is { WilayaRef: "1", Home.Amount: > 0, Desk: null }); // their 404
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, WilayaRef: "1", ServesDesk: false });
        await stand.Play.FaultAsync("all-wilayas");
        await stand.Play.FaultAsync("numbers-as-text");
        await stand.Play.FaultAsync("unknown-fields");
        Assert.Equal(58, (await stand.ReadListsAsync(parts: 1)).Places.Count);
        Assert.Equal(places.Where(p => p is { Kind: CourierPlaceKind.Commune, WilayaRef: "1" }), (await stand.ReadListsAsync(parts: 2)).Places.Where(p => p is { Kind: CourierPlaceKind.Commune, WilayaRef: "1" }));
    }

    [Theory]
    [InlineData("1_home_2_desk", null)]
    [InlineData("0_home_1_desk", "0/1")]
    public async Task A_parcel_goes_home_or_to_the_desk_whatever_the_numbers_are(string choice, string? tenant)
    {
        await stand.BeginAsync();
        if (tenant is not null) await stand.Play.FaultAsync("delivery-type", tenant);
        var access = stand.Access(("delivery_type", choice));
        var home = await stand.OrderAsync() with { IsExchange = true, ToTakeBack = "Robe L" };
        var answer = await stand.BookAsync(home, access);
        var there = Assert.Single(await stand.AtCourierAsync(home.Reference));
        Assert.Equal((answer.Parcel!.Tracking, answer.Parcel.TheirId, 4900, false, "0500000012", "Bordj El Kiffan"), ((string)there["tracking"]!, (string)there["id"]!, (int)there["amount"]!, (bool)there["to_desk"]!, (string)there["phone"]!, (string)there["commune"]!));
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        await stand.BookedAsync(desk, access);
        Assert.True((bool)(await stand.AtCourierAsync(desk.Reference))[0]["to_desk"]!);
        var fee = Assert.Single((await stand.ReadListsAsync(access, parts: 2)).Fees, f => f.WilayaRef == "1");
        Assert.True(fee is { Home: not null, Desk: null });
    }

    [Fact]
    public async Task With_goods_alone_the_courier_adds_its_delivery_and_we_do_not_guess_the_sum()
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("product-price", "goods");
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order, stand.Access(("product_price", "goods")));
        Assert.True((int)(await stand.AtCourierAsync(order.Reference))[0]["amount"]! > 4500);
        Assert.Null((await stand.Courier.FindAsync(stand.Access(("product_price", "goods")), [order.Reference], default, default)).Values.Single().ToCollect);
        await stand.BeginAsync();
        Assert.Equal(new(4500), (await stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default)).Values.Single().ToCollect);
        Assert.NotNull(booked.TheirId);
    }

    [Fact]
    public async Task Products_are_made_once_where_they_are_needed()
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("product-id", "required");
        var order = await stand.OrderAsync();
        var refused = await stand.BookAsync(order);
        Assert.Equal((BookingEnd.Refused, BookingCodes.Goods, "goods"), (refused.End, refused.No!.Code, refused.No.Field));
        var access = stand.Access(("products", "created"));
        await stand.BookedAsync(order, access);
        await stand.BookedAsync(await stand.OrderAsync(), access);
        var products = (await stand.Play.GetAsync("api/stores/product/")).Json!["list"]!["results"]!.AsArray();
        Assert.Equal(2, products.Count); // two lines, twice
        var other = await stand.BookAsync(await stand.OrderAsync() with { Lines = [new("Sac", "", 1, new(100))] }, stand.With(new() { ["token"] = "invented-maystro-token-dar-lina", ["store_id"] = "1" }, ("products", "created")));
        Assert.Equal((BookingEnd.Refused, BookingCodes.Goods), (other.End, other.No!.Code));
    }

    [Fact]
    public async Task Each_refusal_names_our_field()
    {
        await stand.BeginAsync();
        var good = await stand.OrderAsync();
        async Task RefusedAsync(ParcelToBook order, string code, string? field)
        {
            var answer = await stand.BookAsync(order);
            Assert.Equal((BookingEnd.Refused, code, field), (answer.End, answer.No?.Code, answer.No?.Field));
            Assert.Empty(await stand.AtCourierAsync(order.Reference));
        }
        await RefusedAsync(good with { Commune = good.Commune with { Ref = "1601" } }, BookingCodes.Commune, "commune");
        await RefusedAsync(good with { Wilaya = good.Wilaya with { Ref = "11" } }, BookingCodes.Wilaya, "wilaya");
        await RefusedAsync(good with { Phone = Phone.Stored("+33600000000") }, BookingCodes.Phone, "phone");
        await RefusedAsync(good with { Name = "" }, BookingCodes.Name, "name");
        await RefusedAsync(good with { Lines = [new("", "", 1, new(1))] }, BookingCodes.Goods, "goods");
        await stand.Play.FaultAsync("unserved", "16");
        await RefusedAsync(good, BookingCodes.Wilaya, "wilaya");
        await stand.BeginAsync();
        await stand.Play.FaultAsync("unknown-fields");
        await RefusedAsync(good with { Name = "" }, BookingCodes.Name, "name");
        await stand.BeginAsync();
        await stand.Play.FaultAsync("one-host", "b");
        Assert.Equal(FailureCategory.Configuration, (await CourierStand.FailsAsync(() => stand.BookAsync(good))).Category);
        await stand.BookedAsync(good, stand.Access(("host", "backend")));
    }

    [Fact]
    public async Task A_lost_answer_is_found_by_our_reference_in_either_shape_and_a_repeat_is_told()
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        Assert.Empty(await stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default));
        await stand.Play.FaultAsync("timeout-after-work", count: 1, seconds: 0);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        var made = Assert.Single(await stand.AtCourierAsync(order.Reference));
        foreach (var shape in (string?[])[null, "results"])
        {
            if (shape is not null) await stand.Play.FaultAsync("search-shape", shape);
            var found = (await stand.Courier.FindAsync(stand.Access(), [order.Reference, order.Reference[..^1]], default, default)).Single();
            Assert.Equal((order.Reference, (string)made["tracking"]!, (string)made["id"]!, order.ToCollect), (found.Key, found.Value.Tracking, found.Value.TheirId, found.Value.ToCollect!.Value));
            Assert.Equal([Movement.Registered], found.Value.Events.Select(e => e.Movement));
        }
        await stand.Play.FaultAsync("external-order-id", "unique");
        await stand.Play.FaultAsync("unknown-fields");
        Assert.Equal(BookingEnd.Exists, (await stand.BookAsync(order)).End);
        await stand.BeginAsync();
        await stand.Play.FaultAsync("garbage", count: 1);
        Assert.Equal(FailureCategory.Transient, (await CourierStand.FailsAsync(() => stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default))).Category);
    }

    [Fact]
    public async Task Faults_of_the_wire_are_what_they_are()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        var order = await stand.OrderAsync();
        await stand.BearsAsync(() => stand.Courier.TrackAsync(stand.Access(), [booked], default), () => stand.BookAsync(order));
        await stand.Play.FaultAsync("rate-limit", "1");
        Assert.Equal(FailureCategory.RateLimited, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        await stand.BeginAsync();
        await stand.Play.FaultAsync("key-revoked", "4101");
        Assert.Equal(FailureCategory.Credentials, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        await stand.BeginAsync();
        foreach (var (knob, value) in ((string, string?)[])[("numbers-as-text", null), ("unknown-fields", null)])
        {
            await stand.Play.FaultAsync(knob, value);
            var odd = await stand.BookedAsync();
            Assert.Equal([Movement.Registered], (await stand.TrackedAsync(odd)).Events.Select(e => e.Movement));
        }
    }

    [Fact]
    public async Task Every_code_means_what_the_table_says_with_its_time_and_reason()
    {
        await stand.BeginAsync();
        (int Code, Movement Means)[] all =
        [
            (5, Movement.ReadyToShip), (6, Movement.Registered), (8, Movement.AtHub), (9, Movement.InTransit), (10, Movement.Returning), (11, Movement.OnHold), (12, Movement.OnHold), (15, Movement.ReadyToShip),
            (22, Movement.OutForDelivery), (31, Movement.OutForDelivery), (32, Movement.AttemptFailed), (41, Movement.Delivered), (42, Movement.OnHold), (50, Movement.Cancelled), (51, Movement.Returning),
            (52, Movement.Returned), (53, Movement.LostOrDamaged), (77, Movement.Unknown),
        ];
        var booked = await stand.BookedAsync();
        foreach (var (code, _) in all) await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = code.ToString(System.Globalization.CultureInfo.InvariantCulture), reason = $"pourquoi {code}", any = true });
        var events = (await stand.TrackedAsync(booked)).Events;
        Assert.Equal([Movement.Registered, .. all.Select(a => a.Means)], events.Select(e => e.Movement));
        Assert.Equal(("32 Alerté", "pourquoi 32"), (events[11].Raw, events[11].Reason));
        Assert.Equal("77", events[^1].Raw);
        Assert.All(events, e => Assert.InRange(TimeProvider.System.GetUtcNow() - e.At!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        // A number that a person copied leads to the order; strangers are left out.
        Assert.Equal(booked.TheirId, (await stand.TrackedAsync(booked with { TheirId = null })).TheirId);
        Assert.Empty(await stand.Courier.TrackAsync(stand.Access(), [new("X", null, Guid.NewGuid().ToString(), default), new("Y", "1", null, default)], default));
    }

    [Fact]
    public async Task It_is_changed_while_the_merchant_has_it_and_cancelled_on_either_path()
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order);
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        Assert.Null(await stand.Courier.UpdateAsync(stand.Access(), booked, new()
        {
            Name = "Lina Saadi", Phone = Phone.Stored("+213600000014"), ToCollect = new(5100), Note = "Après 17 h", Goods = "Sac x1", Destination = new(Delivery.Desk, desk.Wilaya, desk.Commune, null), Whole = order with { ToCollect = new(5100), Lines = [new("Sac", "", 1, new(5100))] },
        }, default));
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal(("Lina Saadi", 5100, "0600000014", true, desk.Commune.Name), ((string)there["client"]!, (int)there["amount"]!, (string)there["phone"]!, (bool)there["to_desk"]!, (string)there["commune"]!));
        await stand.Play.MoveAsync(booked.Tracking!, "31");
        Assert.Equal(BookingCodes.NotEditable, (await stand.Courier.UpdateAsync(stand.Access(), booked, new() { Name = "X", Whole = order }, default))!.Code);
        await stand.Play.MoveAsync(booked.Tracking!, "41");
        Assert.Equal(BookingCodes.NotCancellable, (await stand.Courier.CancelAsync(stand.Access(), booked, default))!.Code);
        foreach (var knob in (string?[])[null, "cancel-404"])
        {
            if (knob is not null) await stand.Play.FaultAsync(knob);
            var other = await stand.BookedAsync();
            Assert.Null(await stand.Courier.CancelAsync(stand.Access(), other, default));
            Assert.Equal(Movement.Cancelled, (await stand.TrackedAsync(other)).Events[^1].Movement);
            Assert.Null(await stand.Courier.CancelAsync(stand.Access(), other, default)); // cancelled already
        }
        Assert.Null(await stand.Courier.CancelAsync(stand.Access(), new("X", null, Guid.NewGuid().ToString(), default), default)); // gone already
    }

    [Fact]
    public async Task A_label_is_a_page_with_something_on_it()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        Assert.InRange((await stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default)).Length, 1_001, 1_000_000);
        Assert.NotEmpty(await stand.Courier.LabelAsync(stand.Access(), booked with { TheirId = null }, LabelFormat.A6, default));
        await stand.Play.FaultAsync("empty-label", count: 1);
        Assert.Equal((FailureCategory.Transient, "label_empty"), Said(await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default))));
        Assert.Equal((FailureCategory.Transient, "label_empty"), Said(await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked with { TheirId = "7" }, LabelFormat.A6, default)))); // blank
        await stand.Play.FaultAsync("drop", count: 1, seconds: 0);
        Assert.Equal(FailureCategory.Transient, (await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default))).Category); // a POST that only reads

        static (FailureCategory, string?) Said(VendorFailure failure) => (failure.Category, failure.Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("message.data")]
    [InlineData("plain")]
    public async Task Webhooks_are_decoded_in_every_envelope_and_only_make_us_ask(string? envelope)
    {
        await stand.BeginAsync();
        if (envelope is not null) await stand.Play.FaultAsync("webhook-envelope", envelope);
        var ours = new Uri($"http://product.test/webhooks/couriers/maystro/{envelope ?? "twice"}");
        var made = await stand.Courier.RegisterWebhookAsync(stand.Access(), ours, default);
        Assert.Null(made.Secret);
        Assert.Equal(made.Id, (await stand.Courier.RegisterWebhookAsync(stand.Access(), ours, default)).Id); // a lost answer makes no second one
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order);
        await stand.Play.MoveAsync(booked.Tracking!, "31");
        await stand.Play.DoorAsync(HttpMethod.Post, "forge", new { tracking = booked.Tracking, status = 41 });
        var told = stand.Play.Hooks.Where(h => h.Url == ours);
        await Eventually.HoldsAsync(() => told.Count() == 3);
        var news = told.Select(h => stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes(h.Raw)).Single()).ToList();
        Assert.All(news, n => Assert.Equal(new WebhookNews(booked.Tracking, booked.TheirId, order.Reference, null), n));
        Assert.Equal(Movement.OutForDelivery, (await stand.TrackedAsync(booked)).Events[^1].Movement); // the lie is not the truth
        Assert.True(stand.Courier.IsSigned(stand.Access(), new(default, _ => null, _ => null, default)));
    }

    [Fact]
    public void What_is_not_about_a_parcel_says_nothing_and_what_cannot_be_decoded_is_refused()
    {
        Assert.Empty(stand.Courier.ReadWebhook("""{"event":"InventoryMovement","payload":{"id":1},"instance_uuid":"x"}"""u8.ToArray()));
        // {"event":"OrderStatusChanged","payload":{"id":"u-1"}} in base64 twice (a vector of our own, made with coreutils' base64).
        var twice = "ZXlKbGRtVnVkQ0k2SWs5eVpHVnlVM1JoZEhWelEyaGhibWRsWkNJc0luQmhlV3h2WVdRaU9uc2lhV1FpT2lKMUxURWlmWDA9"u8.ToArray();
        Assert.Equal(new WebhookNews(null, "u-1", null, null), stand.Courier.ReadWebhook(twice).Single());
        foreach (var body in (string[])["", "!!", "AAAA", "[]", "\"x\"", """{"event":"OrderStatusChanged"}"""])
            Assert.True(Record.Exception(() => stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes(body))) is FormatException, body);
    }
}
