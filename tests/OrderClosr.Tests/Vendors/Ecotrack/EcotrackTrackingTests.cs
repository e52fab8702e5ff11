using System.Text;
using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;
using OrderClosr.Vendors.Ecotrack;

namespace OrderClosr.Tests.Vendors.Ecotrack;

/// <summary>What Ecotrack says of a parcel: asked for, and by webhook.</summary>
public sealed class EcotrackTrackingTests(EcotrackStand stand) : IClassFixture<EcotrackStand>
{
    /// <summary>Each key of an order's status (facts/couriers/ecotrack-anderson.md section 5).</summary>
    private static readonly (string Label, Movement Means)[] Orders =
    [
        ("prete_a_preparer", Movement.Registered), ("en_preparation_stock", Movement.Registered), ("en_ramassage", Movement.PickedUp), ("vers_hub", Movement.InTransit), ("vers_wilaya", Movement.InTransit), ("en_hub", Movement.AtHub),
        ("en_preparation", Movement.AtHub), ("en_livraison", Movement.OutForDelivery), ("suspendu", Movement.OnHold), ("livre_non_encaisse", Movement.Delivered), ("encaisse_non_paye", Movement.Delivered),
        ("paiements_prets", Movement.Delivered), ("paye_et_archive", Movement.Delivered), ("retour_chez_livreur", Movement.Returning), ("retour_transit_entrepot", Movement.Returning), ("retour_en_traitement", Movement.Returning),
        ("retour_recu", Movement.Returned), ("retour_archive", Movement.Returned), ("annule", Movement.Cancelled), ("perdu_en_mer", Movement.Unknown),
    ];

    [Fact]
    public async Task Every_status_moves_the_parcel_as_the_table_says_and_an_unknown_one_says_so()
    {
        await stand.BeginAsync();
        foreach (var (label, means) in Orders)
        {
            var booked = await stand.BookedAsync();
            await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = label, any = true, force = true });
            var from = means == Movement.Registered ? ParcelState.OnHold : ParcelState.Registered;
            var last = (await stand.TrackedAsync(booked with { State = from })).Events[^1];
            Assert.Equal((label, ParcelTransitions.Meaning(means, from), means == Movement.Unknown), (label, ParcelTransitions.Meaning(last.Movement, from), last.Movement == Movement.Unknown));
            if (means is Movement.Unknown or Movement.OnHold or Movement.Cancelled) Assert.Equal(label, last.Raw);
        }
    }

    [Theory]
    [InlineData("order_information_received_by_carrier", Movement.ReadyToShip)]
    [InlineData("notification_on_order", Movement.None)]
    [InlineData("picked", Movement.PickedUp)]
    [InlineData("accepted_by_carrier", Movement.AtHub)]
    [InlineData("dispatched_to_driver", Movement.OutForDelivery)]
    [InlineData("attempt_delivery", Movement.AttemptFailed)]
    [InlineData("return_asked", Movement.Returning)]
    [InlineData("return_in_transit", Movement.Returning)]
    [InlineData("Return_received", Movement.Returned)]
    [InlineData(" RETURN_RECEIVED ", Movement.Returned)]
    [InlineData("livred", Movement.Delivered)]
    [InlineData("encaissed", Movement.Delivered)]
    [InlineData("payed", Movement.Delivered)]
    [InlineData("something_new", Movement.Unknown)]
    public void A_line_of_the_story_means_what_the_table_says(string label, Movement means) => Assert.Equal(means, EcotrackStatuses.Activity(null, label, null, null).Movement);

    [Theory]
    [InlineData("pret_a_preparer", Movement.Registered)]
    [InlineData("stock_en_preparation", Movement.Registered)]
    [InlineData("en_ramassage", Movement.PickedUp)]
    [InlineData("vers_hub", Movement.InTransit)]
    [InlineData("vers_wilaya", Movement.InTransit)]
    [InlineData("en_hub", Movement.AtHub)]
    [InlineData("en_preparation", Movement.AtHub)]
    [InlineData("en_livraison", Movement.OutForDelivery)]
    [InlineData("suspendus", Movement.OnHold)]
    [InlineData("retours_en_traitement", Movement.Returning)]
    [InlineData("retours_chez_livreur", Movement.Returning)]
    [InlineData("retours_prets", Movement.Returning)]
    [InlineData("retours_en_transit_stock", Movement.Returning)]
    [InlineData("retours_recu", Movement.Returned)]
    [InlineData("retours_a_dispatcher_vers_stock", Movement.Returned)]
    [InlineData("retours_en_stock", Movement.Returned)]
    [InlineData("retours_archived", Movement.Returned)]
    [InlineData("livre_non_encaisse", Movement.Delivered)]
    [InlineData("livre_encaisse_non_paye", Movement.Delivered)]
    [InlineData("paiement_pret", Movement.Delivered)]
    [InlineData("paiement_archived", Movement.Delivered)]
    [InlineData("Livré_non_encaissé", Movement.Delivered)]
    [InlineData("suspendu", Movement.OnHold)]
    [InlineData("quelque_chose", Movement.Unknown)]
    public void A_code_of_a_webhook_means_what_the_table_says(string code, Movement means)
    {
        var news = Assert.Single(stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes($$"""{"event":"order.state.{{code}}","occurred_at":"2026-10-02T14:31:07+01:00","tracking":"EC1","state":{"id":"9","code":"{{code}}"},"maj":null}""")));
        Assert.Equal(("EC1", means, code, new DateTimeOffset(2026, 10, 2, 13, 31, 7, default)), (news.Tracking, news.Event!.Movement, news.Event.Raw, news.Event.At));
    }

    [Fact]
    public async Task The_story_is_dated_with_the_drivers_reason_and_a_failed_attempt_stays_one()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        Assert.Empty((await stand.TrackedAsync(booked)).Events); // made, not released: nothing to tell
        await stand.Courier.MarkReadyAsync(stand.Access(), booked, default);
        Assert.Equal([Movement.ReadyToShip], (await stand.TrackedAsync(booked)).Events.Select(e => e.Movement)); // also when it was released on the courier's screen
        await stand.Play.MoveAsync(booked.Tracking!, "en_ramassage");
        await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = "en_livraison", station = "Hub Alger" });
        await stand.Play.MoveAsync(booked.Tracking!, "attempt_delivery", "Client ne répond pas");
        var told = await stand.TrackedAsync(booked with { State = ParcelState.ReadyToShip });
        Assert.Equal([Movement.ReadyToShip, Movement.PickedUp, Movement.OutForDelivery, Movement.AttemptFailed], told.Events.Select(e => e.Movement));
        Assert.Equal(("Client ne répond pas", "attempt_delivery", "Hub Alger"), (told.Events[^1].Reason, told.Events[^1].Raw, told.Events[^2].Where));
        Assert.All(told.Events, e => Assert.InRange(TimeProvider.System.GetUtcNow() - e.At!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(2)));
        // Later: nothing new, and nothing that would undo the failed attempt.
        Assert.Empty((await stand.TrackedAsync(booked with { State = ParcelState.AttemptFailed, Since = TimeProvider.System.GetUtcNow().AddHours(1) })).Events);
        await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = "encaisse_non_paye" });
        var paid = await stand.TrackedAsync(booked with { State = ParcelState.OutForDelivery });
        Assert.Equal((Movement.Delivered, CashState.Collected), (paid.Events[^1].Movement, paid.Events[^1].Money!.Step));
        await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = "paiements_prets" });
        Assert.Equal(CashState.Ready, (await stand.TrackedAsync(booked with { State = ParcelState.Delivered, Since = TimeProvider.System.GetUtcNow().AddHours(1) })).Events.Single().Money!.Step);
    }

    [Fact]
    public async Task Many_are_asked_for_at_once_and_strangers_are_left_out()
    {
        await stand.BeginAsync();
        var booked = new List<BookedParcel>();
        for (var i = 0; i < 12; i++)
        {
            booked.Add(await stand.BookedAsync());
            await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked[i].Tracking}/move", new { to = "vers_hub", force = true });
        }
        var before = await CallsAsync();
        var told = await stand.Courier.TrackAsync(stand.Access(), [.. booked, new("X", "ECNOTHERE", null, default), new("Y", null, null, default)], default);
        Assert.InRange(await CallsAsync() - before, 2, 10);
        Assert.Equal(booked.Select(b => b.Tracking), told.Select(t => t.Tracking));
        Assert.All(told, t => Assert.Equal(Movement.InTransit, t.Events[^1].Movement)); // with or without its story
        Assert.Empty(await stand.Courier.TrackAsync(stand.Access(), [new("X", "ECNOTHERE", null, default)], default));
        Assert.Empty(await stand.Courier.TrackAsync(stand.Access(), [], default));

        async Task<int> CallsAsync() => (await stand.Play.DoorAsync(HttpMethod.Get, "log"))!["items"]!.AsArray().Count;
    }

    [Theory]
    [InlineData("invented-webhook-secret", "{}", "7ab4040df88ddc831f450e2ca72528bfa42177f89784adea0bea17d5508f7578")]
    [InlineData("invented-webhook-secret", "{}", "7AB4040DF88DDC831F450E2CA72528BFA42177F89784ADEA0BEA17D5508F7578")]
    [InlineData("invented-webhook-secret", "{}", "erQEDfiN3IMfRQ4spyUov6Qhd/iXhK3qC+oX1VCPdXg=")]
    public void A_delivery_is_believed_only_with_the_signature_of_its_exact_bytes(string secret, string body, string signature)
    {
        bool Signed(string text, string? header, string? with) => stand.Courier.IsSigned(
            new(CourierAccountId.New(DateTimeOffset.UnixEpoch), new Dictionary<string, string>(), new CourierPace([], TimeProvider.System)) { WebhookSecret = with },
            new(Encoding.UTF8.GetBytes(text), name => name == "X-ECOTRACK-Signature" ? header : null, _ => null, DateTimeOffset.UnixEpoch));
        Assert.True(Signed(body, signature, secret));
        Assert.False(Signed(body + " ", signature, secret));
        Assert.False(Signed(body, signature, secret + "x"));
        Assert.False(Signed(body, signature, null));
        Assert.False(Signed(body, signature, ""));
        foreach (var header in (string?[])[null, "", "x", signature[1..], signature + "0", new string('g', 64), new string('=', 44)]) Assert.False(Signed(body, header, secret));
    }

    [Theory]
    [InlineData("hex")]
    [InlineData("base64")]
    public async Task Webhooks_as_they_are_sent_are_read_and_wrongly_signed_ones_are_not(string form)
    {
        await stand.BeginAsync();
        await stand.Play.DoorAsync(HttpMethod.Post, "accounts/dar-lina", new { webhook = "http://product.test/hook" });
        if (form == "base64") await stand.Play.FaultAsync("signature", "base64");
        await stand.Play.FaultAsync("numbers-as-text");
        await stand.Play.FaultAsync("unknown-fields");
        var booked = await stand.BookedAsync();
        await stand.Courier.MarkReadyAsync(stand.Access(), booked, default);
        await stand.Play.MoveAsync(booked.Tracking!, "en_livraison");
        await stand.Play.MoveAsync(booked.Tracking!, "attempt_delivery", "Client absent");
        await stand.Play.MoveAsync(booked.Tracking!, "tentative_delayed", "Demain");
        await Eventually.HoldsAsync(() => Mine().Count == 4);
        Assert.All(Mine(), h => Assert.True(stand.Courier.IsSigned(stand.Access(), Request(h))));
        var news = Mine().Select(h => stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes(h.Raw)).Single()).ToList();
        Assert.Null(news.Single(n => n.Event is null || n.Event.Raw == "pret_a_expedier").Event); // made or released? It is asked for
        Assert.Equal([(Movement.OutForDelivery, (string?)null), (Movement.AttemptFailed, "Client absent"), (Movement.AttemptFailed, "Demain")], news.Where(n => n.Event is not null).Select(n => (n.Event!.Movement, n.Event.Reason)).Order());
        await stand.Play.FaultAsync("wrong-signature", count: 1);
        await stand.Play.MoveAsync(booked.Tracking!, "suspendu");
        await Eventually.HoldsAsync(() => Mine().Count == 5);
        Assert.Single(Mine(), h => !stand.Courier.IsSigned(stand.Access(), Request(h)));
        await stand.Play.DoorAsync(HttpMethod.Post, "accounts/dar-lina", new { webhook = "" });

        List<OrderClosr.Tests.Sandbox.Couriers.Told> Mine() => [.. stand.Play.Hooks.Where(h => h.Raw.Contains(booked.Tracking!, StringComparison.Ordinal))];
        static WebhookRequest Request(OrderClosr.Tests.Sandbox.Couriers.Told told) => new(Encoding.UTF8.GetBytes(told.Raw), name => told.Headers.GetValueOrDefault(name), _ => null, DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public void A_delivery_that_says_nothing_cannot_be_read()
    {
        foreach (var body in (string[])["", "[]", "{}", """{"tracking":"EC1"}""", "not json"])
            Assert.True(Record.Exception(() => stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes(body))) is FormatException or System.Text.Json.JsonException, body);
        var note = stand.Courier.ReadWebhook("""{"event":"order.maj.added","tracking":"EC1","state":{"code":"en_hub"},"maj":{"type":"unknown","raison":"ok"}}"""u8.ToArray()).Single();
        Assert.Equal(Movement.None, note.Event!.Movement);
    }
}
