using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;
using OrderClosr.Vendors.Yalidine;

namespace OrderClosr.Tests.Vendors.Yalidine;

/// <summary>Connecting, lists, booking, changing and labels at Yalidine, over HTTP and under every knob.</summary>
public sealed class YalidineBookingTests(YalidineStand stand) : IClassFixture<YalidineStand>
{
    private static Dictionary<string, string> Keys(string id, string token) => new() { ["api_id"] = id, ["api_token"] = token };

    [Fact]
    public async Task Connecting_says_what_is_wrong()
    {
        await stand.BeginAsync();
        Assert.True((await stand.Courier.PingAsync(stand.Access(), default)).Ok);
        Assert.Equal(("field_missing", "api_id"), Said(await stand.Courier.PingAsync(stand.With([]), default)));
        Assert.Equal(("field_missing", "api_token"), Said(await stand.Courier.PingAsync(stand.With(Keys("1", " ")), default)));
        Assert.Equal(("token_refused", "api_token"), Said(await stand.Courier.PingAsync(stand.With(Keys("1", "another")), default)));
        await stand.Play.FaultAsync("key-revoked");
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        // A wrong key may be a 500, and so may an outage: the merchant is pointed at the keys, and no account is called refused that may be well.
        await stand.Play.FaultAsync("bad-credentials", "500");
        Assert.Equal(("courier_down", "api_token"), Said(await stand.Courier.PingAsync(stand.Access(), default)));
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.Access(("wrong_key", "500")), default)).Trouble);
        await stand.BeginAsync();
        await stand.Play.FaultAsync("html", count: 1, status: 500);
        Assert.Equal(("courier_down", null), Said(await stand.Courier.PingAsync(stand.Access(("wrong_key", "500")), default)));
        await stand.Play.FaultAsync("error", count: 1, status: 500);
        Assert.Equal("courier_down", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        await stand.BeginAsync();
        foreach (var (kind, status) in ((string, int?)[])[("error", 502), ("html", 200), ("garbage", 200), ("drop", null)])
        {
            await stand.Play.FaultAsync(kind, count: 1, seconds: 0, status: status);
            Assert.Equal((kind, "courier_down"), (kind, (await stand.Courier.PingAsync(stand.Access(), default)).Trouble));
        }
        var nowhere = YalidineStand.Of(Keys("1", "x"), new([], TimeProvider.System), new("https://other.example/"));
        Assert.Equal("address_wrong", (await stand.Courier.PingAsync(nowhere, default)).Trouble); // not on the list of hosts

        static (string?, string?) Said(CourierPing ping) => (ping.Trouble, ping.Field);
    }

    [Fact]
    public async Task Another_brand_is_called_at_its_own_address()
    {
        await stand.BeginAsync();
        Assert.Equal(["https://api.guepex.app/v1/", "https://api.yalidine.app/v1/", "https://api.yalitec.me/v1/"], stand.Courier.Profile.Brands!.Values.Order(StringComparer.Ordinal));
        using var services = new ServiceCollection().AddYalidine(new ConfigurationBuilder().Build()).BuildServiceProvider();
        var rule = services.GetRequiredService<OutboundRule>();
        Assert.All(stand.Courier.Profile.Brands.Values, address => Assert.Contains(new Uri(address).Host, rule.Hosts));
        // The sandbox serves the engine without a version, too: only a base address of its own leads there.
        var brand = YalidineStand.Of(Keys(YalidineStand.Id, YalidineStand.Token), new([], TimeProvider.System), new(stand.Sandbox.ToString().TrimEnd('/')));
        Assert.True((await stand.Courier.PingAsync(brand, default)).Ok);
        await stand.BookedAsync(access: brand);
    }

    [Fact]
    public async Task Lists_come_clean_and_in_every_type()
    {
        await stand.BeginAsync();
        var (places, fees) = await stand.ReadListsAsync();
        Assert.Equal(58, places.Count(p => p.Kind == CourierPlaceKind.Wilaya));
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Wilaya, Name: "El Menia", WilayaCode: 58, ServesHome: true });
        Assert.Equal(["50", "54"], places.Where(p => p is { Kind: CourierPlaceKind.Wilaya, ServesHome: false }).Select(p => p.Ref));
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, Name: "Bordj El Kiffan", WilayaRef: "16", ServesHome: true, DaysTo: > 0 });
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, ServesHome: false }); // 0 is no
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, ServesDesk: false, ServesHome: true });
        var desks = places.Where(p => p.Kind == CourierPlaceKind.Desk).ToList();
        Assert.Contains(desks, d => d.Name.Contains(" & environs", StringComparison.Ordinal));
        Assert.All(desks, d => Assert.True(!d.Name.Contains("&amp;", StringComparison.Ordinal) && !d.Name.Contains('\\') && d.Name == d.Name.Trim() && d.Address.Length > 0));
        Assert.All(desks, d => Assert.Contains(places, c => c.Kind == CourierPlaceKind.Commune && c.Ref == d.CommuneRef && c.WilayaRef == d.WilayaRef && c.ServesDesk));
        Assert.Equal(56, fees.Select(f => f.WilayaRef).Distinct().Count());
        Assert.True(fees.Single(f => f is { WilayaRef: "31", CommuneRef: "" }) is { Home.Amount: 650, Desk.Amount: 450, Return.Amount: 250, PerExtraKilo.Amount: 50, OverweightFrom: 5 });
        Assert.Contains(fees, f => f is { WilayaRef: "31", CommuneRef.Length: > 0, Home.Amount: 700 });

        foreach (var (knob, value) in ((string, string?)[])[("numbers-as-text", null), ("booleans-as", "digit"), ("booleans-as", "number"), ("unknown-fields", null)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob, value);
            var (again, prices) = await stand.ReadListsAsync(parts: 4);
            Assert.Equal(places, again);
            Assert.Equal(fees.Take(prices.Count), prices);
        }
        await stand.BeginAsync();
        await stand.Play.FaultAsync("unserved", "16,31");
        Assert.Equal(["16", "31", "50", "54"], (await stand.ReadListsAsync(parts: 1)).Places.Where(p => !p.ServesHome).Select(p => p.Ref).Order());
        await stand.BeginAsync();
        await stand.Play.FaultAsync("wilaya-model", "69");
        Assert.Equal(69, (await stand.ReadListsAsync(parts: 1)).Places.Count);
        await stand.BeginAsync();
        await stand.Play.FaultAsync("garbage", count: 1, path: "/communes");
        Assert.Equal(FailureCategory.Transient, (await CourierStand.FailsAsync(() => stand.ReadListsAsync())).Category);
    }

    [Fact]
    public async Task Its_own_spellings_are_known_and_fuzzy_ones_are_left_to_a_person()
    {
        await stand.BeginAsync();
        var places = await stand.PlacesAsync();
        int Ours(string name, int wilaya) => stand.Courier.CommuneOf(new(CourierPlaceKind.Commune, "1", $"{wilaya}", name) { WilayaCode = wilaya });
        Assert.Equal(235, Ours("Beni Bouateb", 2)); // spelled otherwise
        Assert.Equal(235, Ours("BENI BOUATEB", 2));
        Assert.Equal(1546, Ours("Ath Zikki", 15)); // an older name
        Assert.Equal(3021, Ours("El Borma", 55)); // under another wilaya
        Assert.Equal(0, Ours("Beni Bouateb", 3)); // no such commune there
        Assert.Equal(0, Ours("Ouled Ahmed Tammi", 1)); // fuzzy
        Assert.Equal(0, Ours("Ouled Atia", 28)); // theirs alone
        Assert.Equal(0, stand.Courier.CommuneOf(places.First(p => p.Kind == CourierPlaceKind.Desk)));
        var matched = PlaceMatching.Match([.. places.Where(p => p.Kind == CourierPlaceKind.Commune)], places.Where(p => p.Kind == CourierPlaceKind.Wilaya).ToDictionary(w => w.Ref, w => w.WilayaCode), new Places(), stand.Courier.CommuneOf);
        Assert.InRange(matched.Count, 1450, 1541);
        Assert.Equal(matched.Count, matched.Values.Distinct().Count());
    }

    [Theory]
    [InlineData("on", null, 4900, 4900)]
    [InlineData("on", "freeshipping-adds-fee", 4900, 4900)]
    [InlineData("off", null, 4900, 4900)]
    [InlineData("off", "freeshipping-adds-fee", 4901, 7000)]
    public async Task A_parcel_is_made_as_it_is_and_what_will_be_collected_is_told(string choice, string? tenant, int least, int most)
    {
        await stand.BeginAsync();
        if (tenant is not null) await stand.Play.FaultAsync(tenant);
        var access = stand.Access(("free_shipping", choice));
        var order = await stand.OrderAsync();
        var answer = await stand.BookAsync(order, access);
        Assert.Equal(BookingEnd.Registered, answer.End);
        Assert.True(Uri.TryCreate(answer.Parcel!.LabelAddress, UriKind.Absolute, out _));
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal((answer.Parcel.Tracking, "Amine Benali", "0500000012", 16, "Bordj El Kiffan", false), ((string)there["tracking"]!, (string)there["client"]!, (string)there["phone"]!, (int)there["wilaya"]!, (string)there["commune"]!, (bool)there["to_desk"]!));
        Assert.InRange((int)there["amount"]!, least, most);
        var told = (await stand.Courier.FindAsync(access, [order.Reference], default, default))[order.Reference];
        Assert.Equal(((int)there["amount"]!, answer.Parcel.LabelAddress), (told.ToCollect!.Value.Amount, told.LabelAddress));
        Assert.True(told.CourierFee is { Amount: > 0 });
    }

    [Fact]
    public async Task A_parcel_goes_to_its_desk_or_brings_something_back()
    {
        await stand.BeginAsync();
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        await stand.BookedAsync(desk);
        Assert.Equal((true, desk.Desk!.Ref), ((bool)(await stand.AtCourierAsync(desk.Reference))[0]["to_desk"]!, (string)(await stand.AtCourierAsync(desk.Reference))[0]["desk"]!));
        await stand.BookedAsync(await stand.OrderAsync() with { IsExchange = true, ToTakeBack = "Robe, L" });
        await stand.BookedAsync(await stand.OrderAsync() with { Name = "Amine", SecondPhone = null, ToCollect = new(0), Weight = 30_000 }); // one name; paid already; heavy
        await stand.Play.FaultAsync("batch-all-or-nothing");
        await stand.BookedAsync(); // alone in its call, so nobody else's mistake is its own
        var noOrigin = new CourierAccess(CourierAccountId.New(DateTimeOffset.UnixEpoch), Keys(YalidineStand.Id, YalidineStand.Token), new([], TimeProvider.System));
        Assert.Equal("origin_missing", (await CourierStand.FailsAsync(() => stand.BookAsync(desk, noOrigin))).Code);
    }

    [Fact]
    public async Task Each_refusal_names_our_field_and_repeats_nothing_of_the_customer()
    {
        await stand.BeginAsync();
        var good = await stand.OrderAsync();
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        async Task RefusedAsync(ParcelToBook order, string code, string? field)
        {
            var answer = await stand.BookAsync(order);
            Assert.Equal((BookingEnd.Refused, code, field), (answer.End, answer.No?.Code, answer.No?.Field));
            Assert.DoesNotContain(good.Name, answer.No!.Words, StringComparison.Ordinal);
            Assert.Empty(await stand.AtCourierAsync(order.Reference));
        }
        await RefusedAsync(good with { Commune = good.Commune with { Name = "Nulle Part" } }, BookingCodes.Commune, "commune");
        await RefusedAsync(good with { Wilaya = good.Wilaya with { Name = "Algiers" } }, BookingCodes.Wilaya, "wilaya");
        await RefusedAsync(good with { Phone = Phone.Stored("+33600000000") }, BookingCodes.Phone, "phone");
        await RefusedAsync(good with { ToCollect = new(150_001) }, BookingCodes.Amount, "to_collect");
        await RefusedAsync(good with { Address = " " }, BookingCodes.Address, "address");
        await RefusedAsync(good with { Name = " " }, BookingCodes.Name, "name");
        await RefusedAsync(good with { Goods = "" }, BookingCodes.Goods, "goods");
        await RefusedAsync(desk with { Desk = null }, BookingCodes.Desk, "desk");
        await RefusedAsync(desk with { Desk = desk.Desk! with { Ref = "99999999" } }, BookingCodes.Desk, "desk");
        await RefusedAsync(desk with { Commune = good.Commune }, BookingCodes.Desk, "desk"); // a desk of another commune
        await stand.Play.FaultAsync("unserved", "16");
        await RefusedAsync(good, BookingCodes.Commune, "commune");
    }

    [Fact]
    public async Task Faults_of_the_wire_are_what_they_are()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        var order = await stand.OrderAsync();
        await stand.BearsAsync(() => stand.Courier.TrackAsync(stand.Access(), [booked], default), () => stand.BookAsync(order));
        await stand.Play.FaultAsync("error", count: 1, status: 500);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.Courier.CancelAsync(stand.Access(), booked, default))).Category);
        await stand.Play.FaultAsync("error", count: 1, status: 502);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.Courier.UpdateAsync(stand.Access(), booked, new() { Name = "Lina", Whole = order }, default))).Category);
        await stand.Play.FaultAsync("key-revoked"); // in mid-day
        Assert.Equal(FailureCategory.Credentials, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        Assert.Equal(FailureCategory.Credentials, (await CourierStand.FailsAsync(() => stand.Courier.TrackAsync(stand.Access(), [booked], default))).Category);
    }

    [Fact]
    public async Task A_parcel_whose_answer_was_lost_is_found_by_reference()
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        Assert.Empty(await stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default));
        await stand.Play.FaultAsync("timeout-after-work", count: 1, path: "/parcels", seconds: 0);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        var made = Assert.Single(await stand.AtCourierAsync(order.Reference));
        var found = Assert.Single(await stand.Courier.FindAsync(stand.Access(), [order.Reference, "9-NOTHERE"], default, default)).Value;
        Assert.Equal(((string)made["tracking"]!, order.ToCollect, order.Reference), (found.Tracking, found.ToCollect!.Value, found.Reference));
        Assert.Empty(await stand.Courier.FindAsync(stand.Access(), [order.Reference[..^1]], default, default)); // never by a part of it
        // A cancelled one is told, too, unless there is another: the same reference makes two.
        await stand.Play.MoveAsync(found.Tracking!, "Annulé");
        Assert.Equal(Movement.Cancelled, Assert.Single((await stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default))[order.Reference].Events).Movement);
        var second = await stand.BookedAsync(order);
        Assert.Equal(second.Tracking, (await stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default))[order.Reference].Tracking);
        // A page that cannot be read is not "not there".
        await stand.Play.FaultAsync("garbage", count: 1, path: "/parcels");
        Assert.Equal(FailureCategory.Transient, (await CourierStand.FailsAsync(() => stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default))).Category);
    }

    [Theory]
    [InlineData("created", 1)]
    [InlineData("not-created", 0)]
    public async Task An_empty_list_as_the_answer_says_nothing_and_the_look_up_tells(string value, int there)
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        await stand.Play.FaultAsync("empty-array-answer", value, count: 1);
        Assert.Equal(BookingEnd.Unclear, (await stand.BookAsync(order)).End);
        Assert.Equal(there, (await stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default)).Count);
    }

    [Fact]
    public async Task Odd_types_are_read()
    {
        foreach (var (knob, value) in ((string, string?)[])[("numbers-as-text", null), ("booleans-as", "number"), ("booleans-as", "digit"), ("booleans-as", "text"), ("unknown-fields", null)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob, value);
            var order = await stand.OrderAsync();
            var booked = await stand.BookedAsync(order);
            Assert.Equal(new(4900), (await stand.Courier.FindAsync(stand.Access(), [order.Reference], default, default))[order.Reference].ToCollect);
            Assert.Equal(Movement.Registered, Assert.Single((await stand.TrackedAsync(booked)).Events).Movement);
            Assert.Equal(BookingCodes.Commune, (await stand.BookAsync(order with { Commune = order.Commune with { Name = "Nulle Part" } })).No!.Code);
            Assert.Null(await stand.Courier.CancelAsync(stand.Access(), booked, default));
        }
    }

    [Fact]
    public async Task It_is_changed_and_cancelled_only_while_it_is_prepared_and_every_repeat_is_harmless()
    {
        await stand.BeginAsync();
        var access = stand.Access();
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order);
        var changed = order with { Name = "Lina Saadi", ToCollect = new(5100), Phone = Phone.Stored("+213600000014") };
        Assert.Null(await stand.Courier.UpdateAsync(access, booked, new() { Name = changed.Name, Phone = changed.Phone, ToCollect = changed.ToCollect, Address = "Rue 2", Goods = "Robe x1", Whole = changed }, default));
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal(("Lina Saadi", 5100, "0600000014", "Bordj El Kiffan"), ((string)there["client"]!, (int)there["amount"]!, (string)there["phone"]!, (string)there["commune"]!));
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        Assert.Null(await stand.Courier.UpdateAsync(access, booked, new() { Destination = new(Delivery.Desk, desk.Wilaya, desk.Commune, desk.Desk), Whole = desk }, default));
        Assert.True((bool)(await stand.AtCourierAsync(order.Reference))[0]["to_desk"]!);
        Assert.Null(await stand.Courier.UpdateAsync(access, booked, new() { Note = "Appeler", Whole = order }, default)); // nothing it has a field for
        var no = await stand.Courier.UpdateAsync(access, booked, new() { Destination = new(Delivery.Home, order.Wilaya, order.Commune with { Name = "Nulle Part" }, null), Whole = order }, default);
        Assert.Equal((BookingCodes.Commune, "commune"), (no!.Code, no.Field));
        Assert.Null(await stand.Courier.MarkReadyAsync(access, booked, default));
        await stand.Play.MoveAsync(booked.Tracking!, "Expédié");
        Assert.Equal(BookingCodes.NotEditable, (await stand.Courier.UpdateAsync(access, booked, new() { Name = "Lina", Whole = order }, default))!.Code);
        Assert.Equal(BookingCodes.NotCancellable, (await stand.Courier.CancelAsync(access, booked, default))!.Code);
        var other = await stand.BookedAsync();
        Assert.Null(await stand.Courier.CancelAsync(access, other, default));
        Assert.Empty(await stand.AtCourierAsync(other.Reference));
        Assert.Null(await stand.Courier.CancelAsync(access, other, default)); // gone already
        Assert.NotNull(await stand.Courier.UpdateAsync(access, other, new() { Name = "Lina", Whole = order }, default));
    }

    [Fact]
    public async Task A_label_is_a_pdf_at_the_address_it_gave_and_the_key_does_not_go_there()
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        var answer = await stand.BookAsync(order);
        var booked = new BookedParcel(order.Reference, answer.Parcel!.Tracking, null, default);
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(await stand.Courier.LabelAsync(stand.Access(), booked with { LabelAddress = answer.Parcel.LabelAddress }, LabelFormat.A6, default)), StringComparison.Ordinal);
        Assert.NotEmpty(await stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A4, default)); // the address is asked for
        // Without a login: a key that was taken back does not matter.
        await stand.Play.FaultAsync("key-revoked");
        Assert.NotEmpty(await stand.Courier.LabelAsync(stand.Access(), booked with { LabelAddress = answer.Parcel.LabelAddress }, LabelFormat.A6, default));
        await stand.BeginAsync();
        await stand.Play.FaultAsync("empty-label", count: 1);
        Assert.Equal((FailureCategory.Transient, "label_empty"), Said(await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default))));
        Assert.Equal((FailureCategory.Refused, "label_refused"), Said(await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked with { LabelAddress = answer.Parcel.LabelAddress + "x" }, LabelFormat.A6, default))));
        Assert.Equal((FailureCategory.Refused, "label_refused"), Said(await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked with { Tracking = "yal-NOT" }, LabelFormat.A6, default))));

        static (FailureCategory, string?) Said(VendorFailure failure) => (failure.Category, failure.Code);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("both")]
    [InlineData(null)]
    public async Task When_nothing_is_left_of_a_quota_the_account_waits_before_it_is_refused(string? spelling)
    {
        await stand.Play.ClearAsync();
        if (spelling is not null) await stand.Play.FaultAsync("quota-headers", spelling);
        var (id, token) = ($"20-{spelling}", $"invented-yalidine-token-{spelling}");
        await stand.Play.DoorAsync(HttpMethod.Post, "accounts", new { id, token });
        var time = new TestClock();
        var access = YalidineStand.Of(Keys(id, token), new([], time), null);
        for (var i = 0; i < 4; i++) Assert.True((await stand.Courier.PingAsync(access, default)).Ok);
        await access.StartCallAsync(default); // nothing holds it yet
        Assert.True((await stand.Courier.PingAsync(access, default)).Ok);
        var next = access.StartCallAsync(default).AsTask();
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await next;
    }

    [Theory]
    [InlineData(null, 1, 2)]
    [InlineData("absent", 60, 60)]
    public async Task Too_many_calls_hold_the_whole_account_with_or_without_a_time(string? retryAfter, int least, int most)
    {
        await stand.Play.ClearAsync();
        if (retryAfter is not null) await stand.Play.FaultAsync("retry-after", retryAfter);
        var (id, token) = ($"30-{retryAfter}", $"invented-yalidine-token-30-{retryAfter}");
        await stand.Play.DoorAsync(HttpMethod.Post, "accounts", new { id, token });
        CourierAccess Fresh() => YalidineStand.Of(Keys(id, token), new([], TimeProvider.System), null); // as another program with the same key
        VendorFailure? failure = null;
        for (var i = 0; i < 20 && failure is null; i++)
            try { await stand.Courier.FindAsync(Fresh(), ["1-AB2CD3"], default, default); }
            catch (VendorFailure f) { failure = f; }
        Assert.Equal(FailureCategory.RateLimited, failure?.Category);
        Assert.InRange(failure!.RetryAfter!.Value.TotalSeconds, least, most);
    }
}
