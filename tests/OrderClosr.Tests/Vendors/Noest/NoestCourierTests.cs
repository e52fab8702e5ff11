using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Vendors.Noest;

/// <summary>The adapter for Noest, over HTTP and under every knob.</summary>
public sealed class NoestCourierTests(NoestStand stand) : IClassFixture<NoestStand>
{
    private const string Token = "invented-noest-token-dar-lina";

    [Fact]
    public async Task Connecting_checks_the_key_and_the_guid()
    {
        await stand.BeginAsync();
        Assert.True((await stand.Courier.PingAsync(stand.Access(), default)).Ok);
        Assert.Equal(("field_missing", "user_guid"), Said(await stand.Courier.PingAsync(stand.With(new() { ["api_token"] = Token }), default)));
        Assert.Equal(("token_refused", null), Said(await stand.Courier.PingAsync(stand.With(new() { ["api_token"] = "another", ["user_guid"] = "DLN0A1B2" }), default)));
        Assert.Equal(("token_refused", "user_guid"), Said(await stand.Courier.PingAsync(stand.With(new() { ["api_token"] = Token, ["user_guid"] = "OTHER" }), default)));
        foreach (var (knob, value) in ((string, string)[])[("unknown-tracking-status", "200"), ("guid-check", "off")])
        {
            await stand.Play.FaultAsync(knob, value);
            Assert.True((await stand.Courier.PingAsync(stand.Access(), default)).Ok);
        }
        await stand.Play.FaultAsync("html", count: 1, status: 503);
        Assert.Equal("courier_down", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        await stand.Play.FaultAsync("key-revoked");
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);

        static (string?, string?) Said(CourierPing ping) => (ping.Trouble, ping.Field);
    }

    [Fact]
    public async Task Lists_say_what_is_served_and_which_desks_there_are()
    {
        await stand.BeginAsync();
        var (places, fees) = await stand.ReadListsAsync();
        Assert.Equal((58, 56, 94), (places.Count(p => p.Kind == CourierPlaceKind.Wilaya), places.Count(p => p is { Kind: CourierPlaceKind.Wilaya, ServesHome: true }), places.Count(p => p.Kind == CourierPlaceKind.Desk)));
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, Name: "Bordj El Kiffan", WilayaRef: "16", ServesHome: true, ServesDesk: true });
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Commune, ServesHome: false, ServesDesk: false }); // not active
        Assert.Contains(places, p => p is { Kind: CourierPlaceKind.Desk, Ref: "1A", WilayaRef: "1", WilayaCode: 1 } && places.Any(c => c.Kind == CourierPlaceKind.Commune && c.WilayaRef == "1" && c.Ref == p.CommuneRef));
        Assert.Equal(56, fees.Count);
        Assert.True(fees.Single(f => f.WilayaRef == "16") is { Home.Amount: > 0, Desk.Amount: > 0, Return.Amount: > 0 });
        foreach (var (knob, value) in ((string, string?)[])[("numbers-as-text", null), ("unknown-fields", null)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob, value);
            var (again, prices) = await stand.ReadListsAsync(parts: 2);
            Assert.Equal(places.Take(again.Count), again);
            Assert.Equal(fees, prices);
        }
        await stand.BeginAsync();
        await stand.Play.FaultAsync("wilaya-model", "69");
        Assert.Equal(69, (await stand.ReadListsAsync(parts: 1)).Places.Count(p => p.Kind == CourierPlaceKind.Wilaya));
    }

    [Theory]
    [InlineData("code", "produit_a_recuperer", null, null)]
    [InlineData("key", "product_exchanged", "key", "product_exchanged")]
    [InlineData("key", "produit_a_recuperer", "both", null)]
    public async Task An_order_is_made_as_it_is_with_desk_and_exchange_by_either_name(string desk, string exchange, string? stations, string? field)
    {
        await stand.BeginAsync();
        if (stations is not null) await stand.Play.FaultAsync("station-code", stations);
        if (field is not null) await stand.Play.FaultAsync("exchange-field", field);
        var access = stand.Access(("station_code", desk), ("exchange_field", exchange));
        var order = await stand.OrderAsync() with { IsExchange = true, ToTakeBack = "Robe L", IsFragile = true, MayOpen = true };
        var answer = await stand.BookAsync(order, access);
        Assert.Equal(BookingEnd.Registered, answer.End);
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal((answer.Parcel!.Tracking, 4900, "0500000012", 16, "Bordj El Kiffan"), ((string)there["tracking"]!, (int)there["amount"]!, (string)there["phone"]!, (int)there["wilaya"]!, (string)there["commune"]!));
        // A wilaya of one digit, where code and key differ.
        var places = await stand.PlacesAsync();
        var at = places.Single(p => p is { Kind: CourierPlaceKind.Desk, Ref: "1A" });
        var far = await stand.OrderAsync() with { Delivery = Delivery.Desk, Desk = at, Wilaya = places.Single(p => p is { Kind: CourierPlaceKind.Wilaya, Ref: "1" }), Commune = places.Single(p => p.Kind == CourierPlaceKind.Commune && p.WilayaRef == "1" && p.Ref == at.CommuneRef) };
        await stand.BookedAsync(far, access);
        Assert.Equal(desk == "key" ? "01A" : "1A", (string)(await stand.AtCourierAsync(far.Reference))[0]["desk"]!);
        if (stations != "both")
        {
            var wrong = await stand.BookAsync(far with { Reference = far.Reference + "-X" }, stand.Access(("station_code", desk == "key" ? "code" : "key"), ("exchange_field", exchange)));
            Assert.Equal((BookingEnd.Refused, BookingCodes.Desk, "desk"), (wrong.End, wrong.No!.Code, wrong.No.Field));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("flat")]
    public async Task Each_refusal_names_our_field_at_422_and_at_200(string? shape)
    {
        await stand.BeginAsync();
        if (shape is not null) await stand.Play.FaultAsync("error-shape", shape);
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
        await RefusedAsync(good with { SecondPhone = Phone.Stored("+33600000000") }, BookingCodes.Phone, "second_phone");
        await RefusedAsync(good with { ToCollect = new(200_000) }, BookingCodes.Amount, "to_collect");
        await RefusedAsync(good with { Goods = "" }, BookingCodes.Goods, "goods");
        await RefusedAsync(good with { Address = new string('x', 300) }, BookingCodes.Address, "address");
        await RefusedAsync(good with { Weight = 500_000 }, BookingCodes.Weight, "weight");
        var places = await stand.PlacesAsync();
        var noDesk = places.First(p => p is { Kind: CourierPlaceKind.Commune, WilayaRef: "33", ServesHome: true });
        await RefusedAsync(good with { Wilaya = places.Single(p => p is { Kind: CourierPlaceKind.Wilaya, Ref: "33" }), Commune = noDesk, Delivery = Delivery.Desk, Desk = places.First(p => p.Kind == CourierPlaceKind.Desk) }, BookingCodes.Desk, "desk");
        await stand.Play.FaultAsync("unknown-fields");
        await RefusedAsync(good with { Commune = good.Commune with { Name = "Nulle Part" } }, BookingCodes.Commune, "commune");
        // The account, not the parcel.
        await stand.Play.DoorAsync(HttpMethod.Post, "accounts/DLN0A1B2", new { suspended = true });
        var suspended = await CourierStand.FailsAsync(() => stand.BookAsync(good));
        await stand.Play.DoorAsync(HttpMethod.Post, "accounts/DLN0A1B2", new { suspended = false });
        Assert.Equal((FailureCategory.Credentials, "account_suspended"), (suspended.Category, suspended.Code));
        Assert.Equal(FailureCategory.Credentials, (await CourierStand.FailsAsync(() => stand.BookAsync(good, stand.With(new() { ["api_token"] = Token, ["user_guid"] = "OTHER" })))).Category);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("flat")]
    public async Task After_a_lost_answer_the_same_reference_again_makes_no_second_parcel(string? shape)
    {
        await stand.BeginAsync();
        if (shape is not null) await stand.Play.FaultAsync("error-shape", shape);
        var order = await stand.OrderAsync() with { Goods = $"Montre {shape}", ToCollect = new(shape is null ? 7100 : 7200) };
        await stand.Play.FaultAsync("timeout-after-work", count: 1, path: "/create/order", seconds: 0);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        Assert.Equal(BookingEnd.Exists, (await stand.BookAsync(order)).End); // a person copies the number
        await stand.Play.FaultAsync("duplicate-tracking", "yes");
        var told = await stand.BookAsync(order);
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal((BookingEnd.Registered, (string)there["tracking"]!), (told.End, told.Parcel!.Tracking));
        await stand.Play.FaultAsync("garbage", count: 1, path: "/get/trackings/info");
        Assert.Equal(BookingEnd.Exists, (await stand.BookAsync(order)).End);
        // Taken for another order's parcel: its number is not ours.
        await stand.Play.FaultAsync("duplicate-compares", "phone-product-amount");
        var other = order with { Reference = order.Reference + "-2" };
        var refused = await stand.BookAsync(other);
        Assert.Equal((BookingEnd.Refused, BookingCodes.Refused), (refused.End, refused.No!.Code));
        Assert.Empty(await stand.AtCourierAsync(other.Reference));
    }

    [Fact]
    public async Task Faults_of_the_wire_are_what_they_are()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        var order = await stand.OrderAsync();
        await stand.BearsAsync(() => stand.Courier.TrackAsync(stand.Access(), [booked], default), async () =>
        {
            // What was lost after the work is there, so that each try is a new order.
            order = await stand.OrderAsync();
            await stand.BookAsync(order);
        });
        await stand.Play.FaultAsync("rate-limit", "1");
        var limited = await CourierStand.FailsAsync(() => stand.Courier.MarkReadyAsync(stand.Access(), booked, default));
        Assert.True(limited is { Category: FailureCategory.RateLimited, RetryAfter.TotalSeconds: > 0 });
        // The account waits: the next call is not even made.
        await stand.BeginAsync();
        var access = stand.Access();
        await stand.Play.FaultAsync("error", count: 1, status: 429, seconds: 40);
        await CourierStand.FailsAsync(() => stand.Courier.TrackAsync(access, [booked], default));
        Assert.Equal(FailureCategory.RateLimited, (await CourierStand.FailsAsync(() => stand.Courier.TrackAsync(access, [booked], default))).Category);
        foreach (var (knob, value) in ((string, string?)[])[("numbers-as-text", null), ("booleans-as", "number"), ("booleans-as", "digit"), ("booleans-as", "text"), ("unknown-fields", null)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob, value);
            var odd = await stand.BookedAsync();
            Assert.Equal((new(4900), Movement.Registered), ((await stand.TrackedAsync(odd)).ToCollect!.Value, (await stand.TrackedAsync(odd)).Events.Single().Movement));
            Assert.Null(await stand.Courier.CancelAsync(stand.Access(), odd, default));
        }
    }

    [Fact]
    public async Task A_draft_is_released_once_and_then_neither_deleted_nor_wholly_changed()
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order);
        var desk = await stand.OrderAsync(delivery: Delivery.Desk);
        var whole = order with { Name = "Lina Saadi", Delivery = Delivery.Desk, Commune = desk.Commune, Desk = desk.Desk, ToCollect = new(5100) };
        Assert.Null(await stand.Courier.UpdateAsync(stand.Access(), booked, new() { Name = whole.Name, ToCollect = whole.ToCollect, Destination = new(Delivery.Desk, whole.Wilaya, whole.Commune, whole.Desk), Whole = whole }, default));
        var there = Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Equal(("Lina Saadi", 5100, true, desk.Desk!.Ref), ((string)there["client"]!, (int)there["amount"]!, (bool)there["to_desk"]!, (string)there["desk"]!));
        Assert.Null(await stand.Courier.MarkReadyAsync(stand.Access(), booked, default));
        Assert.True((bool)(await stand.AtCourierAsync(order.Reference))[0]["released"]!);
        Assert.Null(await stand.Courier.MarkReadyAsync(stand.Access(), booked, default)); // done before
        Assert.Equal(BookingCodes.NotCancellable, (await stand.Courier.CancelAsync(stand.Access(), booked, default))!.Code);
        Assert.Equal(BookingCodes.NotEditable, (await stand.Courier.UpdateAsync(stand.Access(), booked, new() { Name = "Autre", Whole = order }, default))!.Code);
        // What may be changed later is, also when we thought it was still a draft.
        foreach (var (state, phone) in ((ParcelState, string)[])[(ParcelState.Registered, "+213600000014"), (ParcelState.InTransit, "+213600000015")])
        {
            Assert.Null(await stand.Courier.UpdateAsync(stand.Access(), booked with { State = state }, new() { Phone = Phone.Stored(phone), Destination = new(Delivery.Home, order.Wilaya, order.Commune, null), Whole = order }, default));
            Assert.Equal((Phone.Stored(phone).National, false), ((string)(await stand.AtCourierAsync(order.Reference))[0]["phone"]!, (bool)(await stand.AtCourierAsync(order.Reference))[0]["to_desk"]!));
        }
        await stand.Play.MoveAsync(booked.Tracking!, "fdr_activated");
        Assert.NotNull(await stand.Courier.UpdateAsync(stand.Access(), booked with { State = ParcelState.OutForDelivery }, new() { Address = "Ailleurs", Whole = order }, default));
        Assert.Null(await stand.Courier.UpdateAsync(stand.Access(), booked with { State = ParcelState.OutForDelivery }, new() { ToCollect = new(4000), Whole = order with { ToCollect = new(4000) } }, default));
        await stand.Play.MoveAsync(booked.Tracking!, "livre");
        Assert.Equal(BookingCodes.NotEditable, (await stand.Courier.UpdateAsync(stand.Access(), booked with { State = ParcelState.Delivered }, new() { ToCollect = new(1), Whole = order }, default))!.Code);
        var gone = await stand.BookedAsync();
        Assert.Null(await stand.Courier.CancelAsync(stand.Access(), gone, default));
        Assert.Null(await stand.Courier.CancelAsync(stand.Access(), gone, default));
        Assert.NotNull(await stand.Courier.MarkReadyAsync(stand.Access(), gone, default));
        foreach (var kind in (string[])["html", "garbage", "drop"])
        {
            await stand.Play.FaultAsync(kind, count: 1, seconds: 0);
            Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.Courier.MarkReadyAsync(stand.Access(), booked, default))).Category);
        }
    }

    [Theory]
    [InlineData("note", null)]
    [InlineData("content", "needed")]
    public async Task A_new_attempt_is_asked_for_once_and_its_day_is_told_in_either_way(string way, string? content)
    {
        await stand.BeginAsync();
        if (content is not null) await stand.Play.FaultAsync("attempt-content", content);
        var access = stand.Access(("attempt_day", way));
        var booked = await stand.BookedAsync();
        Task<Refusal?> AskAsync(DateOnly? day, CourierAccess? by = null) => stand.Courier.AskAttemptAsync(by ?? access, booked, day, default);
        async Task<List<CourierEvent>> ToldAsync() => [.. (await stand.TrackedAsync(booked)).Events];
        Assert.Null(await stand.Courier.MarkReadyAsync(access, booked, default));
        Assert.NotNull(await AskAsync(new(2026, 11, 3))); // nothing failed yet
        Assert.DoesNotContain(await ToldAsync(), e => e.Reason?.Contains("2026", StringComparison.Ordinal) == true);

        await stand.Play.MoveAsync(booked.Tracking!, "mise_a_jour", "Client absent");
        // The other way is refused, and asks for nothing.
        Assert.NotNull(await AskAsync(new(2026, 11, 3), stand.Access(("attempt_day", way == "note" ? "content" : "note"))));
        Assert.Equal(Movement.AttemptFailed, (await ToldAsync())[^1].Movement);
        // The answer is lost after the work: asked again, it is asked once, and the day is there.
        await stand.Play.FaultAsync("timeout-after-work", count: 1, path: "/ask/new-tentative", seconds: 0);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => AskAsync(new(2026, 11, 3)))).Category);
        Assert.Null(await AskAsync(new(2026, 11, 3)));
        var told = await ToldAsync();
        Assert.Single(told, e => e.Raw == "nouvel_tentative_asked_by_customer");
        Assert.Contains(told, e => e.Reason == "Nouvelle tentative : le 03/11/2026");
        // Another day: told, not asked again. Whenever it can: nothing more to tell.
        Assert.Null(await AskAsync(new(2026, 11, 4)));
        Assert.Equal("Nouvelle tentative : le 04/11/2026", (await ToldAsync())[^1].Reason);
        Assert.Null(await AskAsync(null));
        Assert.Equal(told.Count + 1, (await ToldAsync()).Count);
        foreach (var kind in (string[])["html", "garbage", "drop"])
        {
            await stand.Play.FaultAsync(kind, count: 1, seconds: 0);
            Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => AskAsync(null))).Category);
        }
        // It failed once more, and is asked for once more, without a day.
        await stand.Play.MoveAsync(booked.Tracking!, "mise_a_jour", "Client absent");
        Assert.Null(await AskAsync(null));
        Assert.Equal(2, (await ToldAsync()).Count(e => e.Raw == "nouvel_tentative_asked_by_customer"));
        await stand.Play.MoveAsync(booked.Tracking!, "livre");
        Assert.NotNull(await AskAsync(new(2026, 11, 4)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("newest-first")]
    public async Task Every_line_means_what_the_table_says_and_money_moves_nothing(string? order)
    {
        await stand.BeginAsync();
        if (order is not null) await stand.Play.FaultAsync("activity-order", order);
        (string Key, Movement Means)[] all =
        [
            ("validation_collect_colis", Movement.PickedUp), ("validation_reception_admin", Movement.AtHub), ("validation_reception", Movement.InTransit), ("sent_to_redispatch", Movement.InTransit),
            ("fdr_activated", Movement.OutForDelivery), ("return_redispatched_to_livraison", Movement.OutForDelivery), ("nouvel_tentative_asked_by_customer", Movement.AtHub), ("mise_a_jour", Movement.AttemptFailed),
            ("colis_suspendu", Movement.OnHold), ("livred", Movement.Delivered), ("echange_valide", Movement.Delivered), ("echange_valid_by_hub", Movement.Delivered), ("return_asked_by_customer", Movement.Returning),
            ("return_asked_by_hub", Movement.Returning), ("retour_dispatched_to_partenaires", Movement.Returning), ("return_dispatched_to_partenaire", Movement.Returning), ("colis_retour_transmit_to_partner", Movement.Returning),
            ("return_dispatched_to_warehouse", Movement.Returning), ("annulation_dispatch_retour", Movement.Returning), ("cancel_return_dispatched_to_partenaire", Movement.Returning), ("livraison_echoue_recu", Movement.Returned),
            ("return_validated_by_partener", Movement.Returned), ("ask_to_delete_by_admin", Movement.Cancelled), ("ask_to_delete_by_hub", Movement.Cancelled), ("colis_pickup_transmit_to_partner", Movement.Unknown),
            ("pickedup", Movement.Unknown), ("valid_return_pickup", Movement.Unknown), ("pickup_picked_recu", Movement.Unknown), ("verssement_admin_cust", Movement.None), ("verssement_admin_cust_canceled", Movement.None),
            ("verssement_hub_cust_canceled", Movement.None), ("edit_price", Movement.None), ("extra_fee", Movement.None), ("edited_informations", Movement.None), ("edit_wilaya", Movement.None), ("quelque_chose", Movement.Unknown), ("livre", Movement.Delivered),
        ];
        var booked = await stand.BookedAsync();
        await stand.Courier.MarkReadyAsync(stand.Access(), booked, default);
        var at = TimeProvider.System.GetUtcNow().AddMinutes(1);
        foreach (var (key, _) in all) await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = key, reason = key == "mise_a_jour" ? "Client absent" : null, at = at = at.AddMinutes(1), any = true });
        await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = "validation_reception", driver = "Karim", at = at.AddMinutes(1) });
        var events = (await stand.TrackedAsync(booked)).Events.ToList();
        var cash = events.Where(e => e.Raw == "validation_reception_cash_by_partener").ToList();
        Assert.All(cash, e => Assert.Equal((Movement.None, CashState.Collected), (e.Movement, e.Money!.Step)));
        Assert.Equal(2, cash.Count);
        Assert.Equal([("upload", Movement.Registered), ("customer_validation", Movement.ReadyToShip), .. all, ("validation_reception", Movement.OutForDelivery)], events.Except(cash).Select(e => (e.Raw, e.Movement)));
        Assert.Equal(("Client absent", CashState.Paid), (events.Single(e => e.Raw == "mise_a_jour").Reason, events.Single(e => e.Raw == "verssement_admin_cust").Money!.Step));
        Assert.Equal(at.AddMinutes(1).ToUnixTimeSeconds(), events[^1].At!.Value.ToUnixTimeSeconds()); // their clock on the wall is Algiers'
    }

    [Fact]
    public async Task Only_of_a_pick_up_do_pick_up_lines_mean_something()
    {
        await stand.BeginAsync();
        var order = new JsonObject
        {
            ["user_guid"] = "DLN0A1B2", ["reference"] = "PICK-1", ["client"] = "Amine", ["phone"] = "0500000012", ["adresse"] = "Cité", ["wilaya_id"] = 16, ["commune"] = "Bordj El Kiffan", ["montant"] = 0, ["produit"] = "Retour", ["type_id"] = 3, ["stop_desk"] = 0,
        };
        var tracking = (string)(await stand.Play.PostAsync("create/order", order)).Json!["tracking"]!;
        foreach (var key in (string[])["colis_pickup_transmit_to_partner", "pickedup", "valid_return_pickup", "pickup_picked_recu"]) await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{tracking}/move", new { to = key, force = true });
        Assert.Equal([Movement.Registered, Movement.InTransit, Movement.PickedUp, Movement.PickedUp, Movement.Delivered], (await stand.TrackedAsync(new("PICK-1", tracking, null, default))).Events.Select(e => e.Movement));
    }

    [Theory]
    [InlineData("404")]
    [InlineData("200")]
    public async Task A_hundred_are_asked_for_at_once_and_strangers_are_left_out(string unknown)
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("unknown-tracking-status", unknown);
        var one = await stand.BookedAsync();
        var two = await stand.BookedAsync();
        var strangers = Enumerable.Range(0, 98).Select(i => new BookedParcel($"S-{i}", "ECSXXX" + i.ToString("D10", CultureInfo.InvariantCulture), null, default)).ToList();
        var told = await stand.Courier.TrackAsync(stand.Access(), [one, .. strangers, two], default);
        Assert.Equal([(one.Tracking, one.Reference), (two.Tracking, two.Reference)], told.Select(t => (t.Tracking, t.Reference)));
        Assert.Empty(await stand.Courier.TrackAsync(stand.Access(), strangers, default));
        Assert.Empty(await stand.Courier.TrackAsync(stand.Access(), [new("X", null, null, default)], default));
    }

    [Fact]
    public async Task A_label_is_fetched_behind_its_redirect_without_the_key()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        Assert.InRange((await stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default)).Length, 500, 1_000_000); // the signed address refuses whoever brings the key along
        await stand.Play.FaultAsync("empty-label", count: 1);
        Assert.Equal("label_empty", (await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default))).Code);
        await stand.Play.FaultAsync("html", count: 1, path: "/files");
        Assert.Equal((FailureCategory.Transient, "label_empty"), await SaidAsync(booked));
        await stand.Play.FaultAsync("error", count: 1, status: 403, path: "/files");
        Assert.Equal((FailureCategory.Transient, "label_refused"), await SaidAsync(booked)); // run out: not the account's key
        await stand.Play.FaultAsync("error", count: 1, status: 503, path: "/get/order/label");
        Assert.Equal((FailureCategory.Transient, "no_answer"), await SaidAsync(booked));
        await stand.BeginAsync();
        Assert.Equal((FailureCategory.Refused, "label_refused"), await SaidAsync(booked with { Tracking = "ECSNOTHERE" }));

        async Task<(FailureCategory, string?)> SaidAsync(BookedParcel parcel)
        {
            var failure = await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), parcel, LabelFormat.A6, default));
            return (failure.Category, failure.Code);
        }
    }
}
