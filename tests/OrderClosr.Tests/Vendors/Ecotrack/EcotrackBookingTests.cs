using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Vendors.Ecotrack;

/// <summary>Connecting, lists, booking and changing at Ecotrack, over HTTP and under every knob.</summary>
public sealed class EcotrackBookingTests(EcotrackStand stand) : IClassFixture<EcotrackStand>
{
    [Fact]
    public async Task Connecting_says_what_is_wrong()
    {
        await stand.BeginAsync();
        Assert.True((await stand.Courier.PingAsync(stand.Access(), default)).Ok);
        Assert.Equal("field_missing", (await stand.Courier.PingAsync(stand.With([]), default)).Trouble);
        var wrong = await stand.Courier.PingAsync(stand.With(new() { ["api_token"] = "another" }), default);
        Assert.Equal(("token_refused", "api_token"), (wrong.Trouble, wrong.Field));
        await stand.Play.FaultAsync("key-revoked");
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        await stand.BeginAsync();
        foreach (var (kind, trouble) in ((string, string)[])[("error", "courier_down"), ("html", "courier_down"), ("drop", "courier_down")])
        {
            await stand.Play.FaultAsync(kind, count: 1, seconds: 0);
            Assert.Equal(trouble, (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        }
        // A host that has moved: a GET may follow on the same host, a POST would arrive as a GET and must not.
        var old = new CourierAccess(CourierAccountId.New(DateTimeOffset.UnixEpoch), new Dictionary<string, string> { ["api_token"] = "invented-ecotrack-token-dar-lina" }, new CourierPace([], TimeProvider.System)) { BaseUrl = new(stand.Sandbox, "old/api/v1") };
        var order = await stand.OrderAsync();
        var moved = await CourierStand.FailsAsync(() => stand.BookAsync(order, old));
        Assert.Equal((FailureCategory.Configuration, "address_wrong"), (moved.Category, moved.Code));
        Assert.Empty(await stand.AtCourierAsync(order.Reference));
        var nowhere = new CourierAccess(CourierAccountId.New(DateTimeOffset.UnixEpoch), new Dictionary<string, string> { ["api_token"] = "x" }, new CourierPace([], TimeProvider.System)) { BaseUrl = new("https://other.example/") };
        Assert.Equal("address_wrong", (await stand.Courier.PingAsync(nowhere, default)).Trouble); // not on the list of hosts
    }

    [Fact]
    public async Task Lists_are_read_in_every_shape()
    {
        await stand.BeginAsync();
        var (places, fees) = await stand.ReadListsAsync();
        Assert.Equal(55, places.Count(p => p.Kind == CourierPlaceKind.Wilaya));
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, Name: "Bordj El Kiffan", WilayaRef: "16", ServesHome: true, ServesDesk: false, WilayaCode: 16 }); // "0" is no
        var desk = places.First(p => p is { Kind: CourierPlaceKind.Commune, ServesDesk: true });
        Assert.NotEqual("", desk.PostalCode);
        var alger = fees.Single(f => f.WilayaRef == "16");
        Assert.True(alger is { Home: { Amount: > 0 }, Desk: { Amount: > 0 }, Return: { Amount: > 0 }, PerExtraKilo: { Amount: 50 }, OverweightFrom: 5 } && alger.Desk < alger.Home);
        Assert.Equal(55, fees.Count);
        foreach (var (knob, value) in ((string, string?)[])[("fees-shape", "typo"), ("fees-shape", "per-wilaya"), ("communes-shape", "array"), ("has-stop-desk", "number"), ("has-stop-desk", "bool"), ("numbers-as-text", null), ("booleans-as", "digit"), ("unknown-fields", null)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob, value);
            var (again, prices) = await stand.ReadListsAsync(parts: 3);
            Assert.Equal(fees.OrderBy(f => f.WilayaRef), prices.OrderBy(f => f.WilayaRef));
            Assert.Equal(places.Take(again.Count), again);
        }
        await stand.BeginAsync();
        await stand.Play.FaultAsync("unserved", "16,31");
        Assert.DoesNotContain((await stand.ReadListsAsync(parts: 1)).Places, p => p.Ref is "16" or "31");
        await stand.BeginAsync();
        await stand.Play.FaultAsync("wilaya-model", "69");
        Assert.Equal(66, (await stand.ReadListsAsync(parts: 1)).Places.Count); // 69 less the three that are not served
        await stand.BeginAsync();
        await stand.Play.FaultAsync("spelling", "upper");
        Assert.Contains((await stand.ReadListsAsync(parts: 4)).Places, p => p.Name == "BORDJ EL KIFFAN");
    }

    [Theory]
    [InlineData("query", "query-only")]
    [InlineData("json", "json-only")]
    public async Task An_order_is_made_as_it_is_whichever_form_the_tenant_reads(string form, string tenant)
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync(tenant);
        var access = stand.Access(("create_form", form));
        var order = await stand.OrderAsync() with { Name = "Amine 😀 Benali", IsFragile = true, MayOpen = true };
        var answer = await stand.BookAsync(order, access);
        Assert.Equal(BookingEnd.Registered, answer.End);
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal((answer.Parcel!.Tracking, 4900, "Amine  Benali", "0500000012", 16, "Bordj El Kiffan", false), ((string)there["tracking"]!, (int)there["amount"]!, (string)there["client"]!, (string)there["phone"]!, (int)there["wilaya"]!, (string)there["commune"]!, (bool)there["to_desk"]!));
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        var booked = await stand.BookedAsync(desk, access);
        Assert.Equal((true, desk.Commune.PostalCode), ((bool)(await stand.AtCourierAsync(desk.Reference))[0]["to_desk"]!, (string)(await stand.AtCourierAsync(desk.Reference))[0]["desk"]!));
        var exchange = await stand.OrderAsync() with { IsExchange = true, ToTakeBack = "Robe, L" };
        await stand.BookedAsync(exchange, access);
        // Changed, in the names of the other call.
        var changed = order with { Name = "Lina Saadi", ToCollect = new(5100), Phone = Phone.Stored("+213600000014") };
        Assert.Null(await stand.Courier.UpdateAsync(access, new(order.Reference, answer.Parcel.Tracking, null, default), new() { Name = changed.Name, Phone = changed.Phone, ToCollect = changed.ToCollect, Whole = changed }, default));
        there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal(("Lina Saadi", 5100, "0600000014"), ((string)there["client"]!, (int)there["amount"]!, (string)there["phone"]!));
        Assert.Null(await stand.Courier.CancelAsync(access, booked, default));
        Assert.Empty(await stand.AtCourierAsync(desk.Reference));
    }

    [Fact]
    public async Task The_wrong_form_is_refused_and_nothing_is_made()
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("json-only");
        var order = await stand.OrderAsync();
        Assert.Equal(BookingEnd.Refused, (await stand.BookAsync(order)).End);
        Assert.Empty(await stand.AtCourierAsync(order.Reference));
    }

    [Fact]
    public async Task Each_refusal_names_our_field_and_repeats_nothing_of_the_customer()
    {
        await stand.BeginAsync();
        var good = await stand.OrderAsync();
        async Task RefusedAsync(ParcelToBook order, string code, string? field)
        {
            var answer = await stand.BookAsync(order);
            Assert.Equal((BookingEnd.Refused, code, field), (answer.End, answer.No?.Code, answer.No?.Field));
            Assert.DoesNotContain(order.Name, answer.No!.Words, StringComparison.Ordinal);
            Assert.Empty(await stand.AtCourierAsync(order.Reference));
        }
        await RefusedAsync(good with { Commune = good.Commune with { Name = "Nulle Part" } }, BookingCodes.Commune, "commune");
        await RefusedAsync(good with { Wilaya = good.Wilaya with { Ref = "61" } }, BookingCodes.Wilaya, "wilaya");
        await RefusedAsync(good with { Phone = Phone.Stored("+33600000000") }, BookingCodes.Phone, "phone");
        await RefusedAsync(good with { ToCollect = new(99_999_999) }, BookingCodes.Amount, "to_collect");
        await RefusedAsync(good with { Delivery = Delivery.Desk }, BookingCodes.Desk, "desk");
        await RefusedAsync(good with { Weight = 500_000 }, BookingCodes.Weight, "weight");
        await RefusedAsync(good with { Address = " " }, BookingCodes.Address, "address");
        await stand.Play.FaultAsync("unserved", "16");
        await RefusedAsync(good, BookingCodes.Wilaya, "wilaya"); // 10002 at HTTP 200
        await stand.BeginAsync();
        await stand.BookedAsync(good with { ToCollect = new(0) }); // paid already
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
        await stand.Play.FaultAsync("key-revoked");
        Assert.Equal(FailureCategory.Credentials, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        await stand.BeginAsync();
        await stand.Play.DoorAsync(HttpMethod.Post, "accounts/dar-lina", new { suspended = true });
        Assert.Equal(FailureCategory.Credentials, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category); // 403
        await stand.Play.DoorAsync(HttpMethod.Post, "accounts/dar-lina", new { suspended = false });
        await stand.Play.FaultAsync("rate-limit", "1,100000,100000");
        Assert.True(await CourierStand.FailsAsync(() => stand.BookAsync(order)) is { Category: FailureCategory.RateLimited, RetryAfter.TotalSeconds: > 0 and <= 60 });
    }

    [Fact]
    public async Task A_parcel_whose_answer_was_lost_is_found_by_reference_in_the_list()
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        await stand.Play.FaultAsync("timeout-after-work", count: 1, path: "/create/order", seconds: 0);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        for (var i = 0; i < 45; i++) await stand.BookedAsync(); // it lies on the second page
        var made = Assert.Single(await stand.AtCourierAsync(order.Reference));
        var found = await stand.Courier.FindAsync(stand.Access(), [order.Reference, "9-NOTHERE"], TimeProvider.System.GetUtcNow(), default);
        var parcel = Assert.Single(found).Value;
        Assert.Equal(((string)made["tracking"]!, order.ToCollect, order.Reference), (parcel.Tracking, parcel.ToCollect!.Value, parcel.Reference));
        Assert.Empty(await stand.Courier.FindAsync(stand.Access(), [order.Reference[..^1]], TimeProvider.System.GetUtcNow(), default)); // never by a part of it
        // A cancelled one is told, too, unless there is another.
        await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{parcel.Tracking}/move", new { to = "annule", force = true });
        Assert.Equal(Movement.Cancelled, Assert.Single((await stand.Courier.FindAsync(stand.Access(), [order.Reference], TimeProvider.System.GetUtcNow(), default)).Values.Single().Events).Movement);
        var second = await stand.BookedAsync(order);
        Assert.Equal(second.Tracking, (await stand.Courier.FindAsync(stand.Access(), [order.Reference], TimeProvider.System.GetUtcNow(), default)).Values.Single().Tracking);
        // A page that cannot be read is not "not there".
        // A page is asked for again before all that were read are thrown away; without it nothing is said of what is there.
        await stand.Play.FaultAsync("garbage", count: 3, path: "/get/orders");
        Assert.Equal(second.Tracking, (await stand.Courier.FindAsync(stand.Access(), [order.Reference], TimeProvider.System.GetUtcNow(), default)).Values.Single().Tracking);
        await stand.Play.FaultAsync("garbage", count: 4, path: "/get/orders");
        Assert.Equal(FailureCategory.Transient, (await CourierStand.FailsAsync(() => stand.Courier.FindAsync(stand.Access(), [order.Reference], TimeProvider.System.GetUtcNow(), default))).Category);
    }

    [Fact]
    public async Task Odd_types_are_read()
    {
        await stand.BeginAsync();
        foreach (var (knob, value) in ((string, string?)[])[("numbers-as-text", null), ("booleans-as", "number"), ("booleans-as", "digit"), ("booleans-as", "text"), ("unknown-fields", null)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob, value);
            var order = await stand.OrderAsync();
            var booked = await stand.BookedAsync(order);
            Assert.Equal(new(4900), (await stand.Courier.FindAsync(stand.Access(), [order.Reference], TimeProvider.System.GetUtcNow(), default))[order.Reference].ToCollect);
            Assert.Null(await stand.Courier.MarkReadyAsync(stand.Access(), booked, default));
            Assert.Equal(BookingCodes.Commune, (await stand.BookAsync(order with { Commune = order.Commune with { Name = "Nulle Part" } })).No!.Code);
            Assert.Equal(BookingCodes.NotCancellable, (await stand.Courier.CancelAsync(stand.Access(), booked, default))!.Code);
        }
    }

    [Fact]
    public async Task Released_it_is_locked_and_every_repeat_is_harmless()
    {
        await stand.BeginAsync();
        var access = stand.Access(("ask_collection", "yes"));
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order);
        Assert.Null(await stand.Courier.MarkReadyAsync(access, booked, default));
        Assert.True((bool)(await stand.AtCourierAsync(order.Reference))[0]["released"]!);
        Assert.Null(await stand.Courier.MarkReadyAsync(access, booked, default)); // done before
        Assert.Equal(BookingCodes.NotEditable, (await stand.Courier.UpdateAsync(access, booked, new() { Name = "Lina", Whole = order }, default))!.Code);
        Assert.Equal(BookingCodes.NotCancellable, (await stand.Courier.CancelAsync(access, booked, default))!.Code);
        await stand.Play.FaultAsync("delete-shape", "older");
        Assert.Equal(BookingCodes.NotCancellable, (await stand.Courier.CancelAsync(access, booked, default))!.Code);
        var other = await stand.BookedAsync();
        Assert.Null(await stand.Courier.CancelAsync(access, other, default));
        Assert.Null(await stand.Courier.CancelAsync(access, other, default)); // gone already
        Assert.NotNull(await stand.Courier.MarkReadyAsync(access, other, default)); // nothing to release
    }

    [Fact]
    public async Task A_label_is_a_pdf_or_is_asked_for_again()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(await stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default)), StringComparison.Ordinal);
        await stand.Play.FaultAsync("empty-label", count: 1);
        var empty = await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default));
        Assert.Equal((FailureCategory.Transient, "label_empty"), (empty.Category, empty.Code));
        await stand.Play.FaultAsync("html", count: 1);
        Assert.Equal(FailureCategory.Transient, (await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default))).Category);
        Assert.Equal(FailureCategory.Refused, (await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked with { Tracking = "ECNOTHERE" }, LabelFormat.A6, default))).Category);
    }
}
