using System.Globalization;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Sandbox.Procolis;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Vendors.Procolis;

/// <summary>The adapter for Procolis, over HTTP and under every knob.</summary>
public sealed class ProcolisCourierTests(ProcolisStand stand) : IClassFixture<ProcolisStand>
{
    [Theory]
    [InlineData(null)]
    [InlineData("401")]
    public async Task Connecting_says_what_is_wrong(string? status)
    {
        await stand.BeginAsync();
        if (status is not null) await stand.Play.FaultAsync("bad-credentials", status);
        Assert.True((await stand.Courier.PingAsync(stand.Access(), default)).Ok);
        Assert.Equal(("field_missing", "token"), Said(await stand.Courier.PingAsync(stand.With([]), default)));
        Assert.Equal(("field_missing", "key"), Said(await stand.Courier.PingAsync(stand.With(new() { ["token"] = ProcolisStand.Token }), default)));
        Assert.Equal("token_refused", (await stand.Courier.PingAsync(stand.With(new() { ["token"] = ProcolisStand.Token, ["key"] = "another" }), default)).Trouble);
        await stand.Play.FaultAsync("html", count: 1);
        Assert.Equal("courier_down", (await stand.Courier.PingAsync(stand.Access(), default)).Trouble);
        // In mid-day, with any call.
        var order = await stand.OrderAsync();
        var booked = await stand.BookedAsync(order);
        await stand.Play.FaultAsync("key-revoked");
        foreach (var call in (Func<Task>[])[() => stand.BookAsync(order), () => stand.TrackedAsync(booked), () => stand.Courier.MarkReadyAsync(stand.Access(), booked, default), () => stand.ReadListsAsync()])
            Assert.Equal(FailureCategory.Credentials, (await CourierStand.FailsAsync(call)).Category);

        static (string?, string?) Said(CourierPing ping) => (ping.Trouble, ping.Field);
    }

    [Fact]
    public async Task Its_wilayas_have_the_communes_of_the_country_by_the_model_it_knows()
    {
        await stand.BeginAsync();
        var (places, fees) = await stand.ReadListsAsync();
        Assert.Equal((58, 58), (places.Count(p => p.Kind == CourierPlaceKind.Wilaya), fees.Count));
        Assert.Contains(fees, f => f is { WilayaRef: "09", Home.Amount: > 0, Desk.Amount: > 0, Return.Amount: > 0 });
        var communes = places.Where(p => p.Kind == CourierPlaceKind.Commune).ToList();
        Assert.InRange(communes.Count, 1500, 1600);
        Assert.All(communes, c => Assert.Equal(c.Ref, stand.Courier.CommuneOf(c).ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(0, stand.Courier.CommuneOf(places.First(p => p.Kind == CourierPlaceKind.Wilaya)));
        foreach (var (model, wilayas) in ((string, int)[])[("48", 48), ("69", 69)])
        {
            await stand.Play.FaultAsync("wilaya-model", model);
            var (other, _) = await stand.ReadListsAsync();
            Assert.Equal((wilayas, communes.Count), (other.Count(p => p.Kind == CourierPlaceKind.Wilaya), other.Count(p => p.Kind == CourierPlaceKind.Commune)));
            // A commune of a young wilaya is taken where this account has it.
            var young = other.First(p => p.Kind == CourierPlaceKind.Commune && p.Ref == communes.First(c => c.WilayaCode == 51).Ref);
            var order = await stand.OrderAsync() with { Wilaya = other.Single(p => p.Kind == CourierPlaceKind.Wilaya && p.Ref == young.WilayaRef), Commune = young };
            Assert.Equal(BookingEnd.Registered, (await stand.BookAsync(order)).End);
            await stand.Play.ClearAsync();
        }
        await stand.Play.FaultAsync("unserved", "16");
        Assert.DoesNotContain((await stand.ReadListsAsync()).Places, p => p.WilayaCode == 16);
        await stand.Play.ClearAsync();
        await stand.Play.FaultAsync("numbers-as-text");
        await stand.Play.FaultAsync("unknown-fields");
        Assert.Equal(fees, (await stand.ReadListsAsync()).Fees);
    }

    [Fact]
    public async Task Parcels_are_made_under_our_own_number_several_at_once()
    {
        await stand.BeginAsync();
        var home = await stand.OrderAsync() with { IsFragile = true, IsExchange = true, ToTakeBack = "Robe L" };
        var desk = await stand.OrderAsync(delivery: Delivery.Desk) with { SecondPhone = null, IsReady = true };
        var bad = await stand.OrderAsync() with { Goods = "" };
        var answers = await stand.Courier.BookAsync(stand.Access(), [home, bad, desk], default);
        Assert.Equal([BookingEnd.Registered, BookingEnd.Refused, BookingEnd.Registered], answers.Select(a => a.End));
        Assert.Equal((home.Reference, home.Reference), (answers[0].Parcel!.Tracking, answers[0].Parcel!.Reference));
        var there = Assert.Single(await stand.AtCourierAsync(home.Reference));
        Assert.Equal((4900, "0500000012", 16, "Bordj El Kiffan", false, false), ((int)there["amount"]!, (string)there["phone"]!, (int)there["wilaya"]!, (string)there["commune"]!, (bool)there["to_desk"]!, (bool)there["released"]!));
        var second = Assert.Single(await stand.AtCourierAsync(desk.Reference));
        Assert.True((bool)second["to_desk"]! && (bool)second["released"]!);
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
            Assert.DoesNotContain(order.Name.Length > 0 ? order.Name : "…", answer.No!.Words, StringComparison.Ordinal);
            Assert.Empty(await stand.AtCourierAsync(order.Reference));
        }
        await RefusedAsync(good with { Commune = good.Commune with { Name = "Nulle Part" } }, BookingCodes.Commune, "commune");
        await RefusedAsync(good with { Wilaya = good.Wilaya with { Ref = "61" } }, BookingCodes.Wilaya, "wilaya");
        await RefusedAsync(good with { Phone = Phone.Stored("+33600000000") }, BookingCodes.Phone, "phone");
        await RefusedAsync(good with { SecondPhone = Phone.Stored("+33600000000") }, BookingCodes.Phone, "second_phone");
        await RefusedAsync(good with { Name = "" }, BookingCodes.Name, "name");
        await RefusedAsync(good with { Address = "" }, BookingCodes.Address, "address");
        await RefusedAsync(good with { Goods = "" }, BookingCodes.Goods, "goods");
        await stand.Play.FaultAsync("unserved", "16");
        await RefusedAsync(good, BookingCodes.Wilaya, "wilaya");
    }

    [Fact]
    public async Task After_a_lost_answer_the_same_number_again_makes_no_second_parcel()
    {
        await stand.BeginAsync();
        var order = await stand.OrderAsync();
        await stand.Play.FaultAsync("timeout-after-work", count: 1, path: "/add_colis", seconds: 0);
        Assert.Equal(FailureCategory.OutcomeUnknown, (await CourierStand.FailsAsync(() => stand.BookAsync(order))).Category);
        Assert.Equal(order.Reference, (await stand.Courier.FindAsync(stand.Access(), [order.Reference, "X-NOTHERE"], default, default)).Single().Key);
        await stand.Play.FaultAsync("garbage", count: 1, path: "/lire");
        Assert.Equal(BookingEnd.Exists, (await stand.BookAsync(order)).End); // cannot be known now
        var again = await stand.BookAsync(order);
        Assert.Equal((BookingEnd.Registered, order.Reference, Movement.Registered), (again.End, again.Parcel!.Tracking, again.Parcel.Events.Single().Movement));
        Assert.Single(await stand.AtCourierAsync(order.Reference));
        Assert.Empty(await stand.Courier.FindAsync(stand.Access(), ["X-NOTHERE"], default, default)); // the whole body is null
    }

    [Fact]
    public async Task A_draft_is_released_once_and_again_without_harm()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        for (var i = 0; i < 2; i++) Assert.Null(await stand.Courier.MarkReadyAsync(stand.Access(), booked, default));
        Assert.Equal(Movement.ReadyToShip, (await stand.TrackedAsync(booked)).Events.Single().Movement);
        Assert.NotNull(await stand.Courier.MarkReadyAsync(stand.Access(), booked with { Tracking = "X-NOTHERE" }, default));
        await Assert.ThrowsAsync<NotSupportedException>(() => stand.Courier.CancelAsync(stand.Access(), booked, default));
        await Assert.ThrowsAsync<NotSupportedException>(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default));
        Assert.Equal((null, ParcelFields.None, false, WebhookKind.None), (stand.Courier.Abilities.CancelUntil, stand.Courier.Abilities.Editable, stand.Courier.Abilities.HasLabels, stand.Courier.Abilities.Webhook));
    }

    [Fact]
    public async Task Faults_of_the_wire_are_what_they_are()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        await stand.BearsAsync(() => stand.TrackedAsync(booked), async () => await stand.BookAsync(await stand.OrderAsync()));
        foreach (var (knob, value) in ((string, string?)[])[("numbers-as-text", null), ("booleans-as", "digit"), ("unknown-fields", null)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob, value);
            var odd = await stand.TrackedAsync(await stand.BookedAsync());
            Assert.Equal((new(4900), Movement.Registered), (odd.ToCollect!.Value, odd.Events.Single().Movement));
        }
    }

    [Fact]
    public async Task Every_situation_means_what_the_table_says()
    {
        await stand.BeginAsync();
        var means = new Dictionary<string, Movement>
        {
            ["En Préparation"] = Movement.Registered, ["En Préparation - Confirmé"] = Movement.Registered, ["En Préparation - Annuler"] = Movement.Registered, ["En Préparation - Ne Réponde pas"] = Movement.Registered,
            ["En Préparation - Reportée"] = Movement.Registered, ["En Préparation - Message Envoyé"] = Movement.Registered, ["En Traitement - Prêt à Expédie"] = Movement.ReadyToShip, ["Dispatcher"] = Movement.InTransit,
            ["Au Bureau"] = Movement.AtHub, ["SD - En Attente du Client"] = Movement.AtHub, ["Sortir en livraison"] = Movement.OutForDelivery, ["En livraison"] = Movement.OutForDelivery,
            ["Appel sans Réponse 1"] = Movement.AttemptFailed, ["Appel sans Réponse 2"] = Movement.AttemptFailed, ["Appel sans Réponse 3"] = Movement.AttemptFailed, ["SD - Appel sans Réponse 1"] = Movement.AttemptFailed,
            ["SD - Appel sans Réponse 2"] = Movement.AttemptFailed, ["SD - Appel sans Réponse 3"] = Movement.AttemptFailed, ["A Relancé"] = Movement.AttemptFailed, ["Reporté"] = Movement.OnHold, ["SD - Reporté"] = Movement.OnHold,
            ["Attente Information"] = Movement.OnHold, ["Livrée"] = Movement.Delivered, ["Livrée [ Encaisser ]"] = Movement.Delivered, ["Livrée [ Recouvert ]"] = Movement.Delivered, ["Colis Livrée"] = Movement.Delivered,
            ["Annuler par le Client"] = Movement.Returning, ["SD - Annuler par le Client"] = Movement.Returning, ["SD - Annuler 3x"] = Movement.Returning, ["Retour Livreur"] = Movement.Returning,
            ["Retour de Dispatche"] = Movement.Returning, ["Retour Navette"] = Movement.Returning, ["Retour Client"] = Movement.Returned, ["Retour Stock"] = Movement.Returned, ["Supprimée"] = Movement.Cancelled,
            ["Restaurée"] = Movement.None, ["Échange"] = Movement.None, ["Chez le voisin"] = Movement.Unknown,
        };
        Assert.Equal(ProcolisSituations.All.Order(StringComparer.Ordinal), means.Keys.Where(k => means[k] != Movement.Unknown).Order(StringComparer.Ordinal));
        var booked = await stand.BookedAsync();
        foreach (var (label, movement) in means)
        {
            await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = label, force = true, any = true, reason = "Client absent" });
            var said = (await stand.TrackedAsync(booked)).Events.Single();
            Assert.Equal((label, movement, "Client absent"), (said.Raw, said.Movement, said.Reason));
            Assert.InRange(said.At!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1)); // their clock on the wall is Algiers'
            Assert.Equal(label.Contains('[', StringComparison.Ordinal), said.Money?.Step == CashState.Collected);
        }
    }

    [Fact]
    public async Task A_drivers_number_may_follow_and_a_desk_is_waited_at()
    {
        await stand.BeginAsync();
        await stand.Play.FaultAsync("driver-number");
        var one = await stand.BookedAsync();
        var two = await stand.BookedAsync(await stand.OrderAsync(delivery: Delivery.Desk));
        await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{one.Tracking}/move", new { to = "Sortir en livraison", force = true, driver_phone = "0500000077" });
        await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{two.Tracking}/move", new { to = "SD - En Attente du Client", force = true });
        var told = await stand.Courier.TrackAsync(stand.Access(), [one, new("X", "X-NOTHERE", null, default), two], default);
        Assert.Equal([(one.Reference, Movement.OutForDelivery), (two.Reference, Movement.WaitsAtDesk)], told.Select(t => (t.Reference, t.Events.Single().Movement)));
        Assert.EndsWith("[0500000077]", told[0].Events[0].Raw, StringComparison.Ordinal);
        Assert.Empty(await stand.Courier.TrackAsync(stand.Access(), [new("X", "X-NOTHERE", null, default)], default));
    }
}
