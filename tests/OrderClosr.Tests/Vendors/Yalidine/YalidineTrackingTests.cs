using System.Net;
using System.Text;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Yalidine;

/// <summary>Statuses, stories, money and webhooks of Yalidine.</summary>
public sealed class YalidineTrackingTests(YalidineStand stand) : IClassFixture<YalidineStand>
{
    private const string Vector = """{"type":"parcel_status_updated","events":[{"event_id":"evt_01","occurred_at":"2026-10-02 14:31:07","data":{"tracking":"yal-45ABCD","status":"Tentative échouée","reason":"Client ne répond pas"}}]}""";
    private const string Signature = "3391c0a2cdd3585e2858d780ac3be4b972f88fe7522b4929c778950072a084f0";

    /// <summary>The table of the facts, as a person reads it there.</summary>
    private static readonly (Movement Movement, string[] Labels)[] Facts =
    [
        (Movement.Registered, ["Pas encore expédié", "A vérifier", "En préparation"]), (Movement.ReadyToShip, ["Pas encore ramassé", "Prêt à expédier"]), (Movement.PickedUp, ["En passation", "Ramassé"]),
        (Movement.OnHold, ["Bloqué", "En attente", "En alerte"]), (Movement.InTransit, ["Débloqué", "Transfert", "Expédié", "En localisation", "Vers Wilaya", "En transit", "Alerte résolue"]),
        (Movement.AtHub, ["Centre", "Reçu à Wilaya", "En attente du client", "Prêt pour livreur"]), (Movement.OutForDelivery, ["Sorti en livraison"]), (Movement.AttemptFailed, ["Tentative échouée"]), (Movement.Delivered, ["Livré"]),
        (Movement.Returning, ["Echèc livraison", "Retour vers centre", "Retourné au centre", "Retour transfert", "Retour groupé", "Retour à retirer", "Retour non retiré", "Retour vers vendeur", "Echange échoué"]),
        (Movement.LostOrDamaged, ["Colis abandonné"]), (Movement.Returned, ["Retourné au vendeur"]), (Movement.Cancelled, ["Annulé"]),
    ];

    [Fact]
    public async Task Every_label_is_told_as_what_it_means_and_a_new_one_as_unknown()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        var labels = Facts.SelectMany(f => f.Labels.Select(l => (l, f.Movement))).Append(("Chez le voisin", Movement.Unknown)).ToList();
        Assert.Equal(37, labels.Count);
        var start = TimeProvider.System.GetUtcNow().AddHours(1);
        foreach (var (i, (label, _)) in labels.Index()) await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = label, at = start.AddMinutes(i), any = true, reason = i == 3 ? "Document manquant" : null });
        var told = await stand.TrackedAsync(booked);
        var events = told.Events.Where(e => e.Money is null).Skip(1).ToList(); // the first is its making
        Assert.Equal(labels, events.Select(e => (e.Raw, e.Movement)));
        Assert.Equal("Document manquant", events[3].Reason);
        Assert.Null(events[4].Reason);
        Assert.All(events.Index(), e => Assert.InRange((e.Item.At!.Value - start.AddMinutes(e.Index)).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(1))); // Algiers' clock, no offset
        Assert.All(events, e => Assert.False(string.IsNullOrEmpty(e.Where)));
        foreach (var spelled in (string[])["LIVRE", " livré ", "Livre"]) Assert.Equal(Movement.Delivered, Read(Status(spelled)).Single().Event!.Movement);
    }

    [Fact]
    public async Task Awaiting_the_customer_means_a_desk_only_for_a_parcel_that_goes_to_one()
    {
        await stand.BeginAsync();
        var (home, desk) = (await stand.BookedAsync(), await stand.BookedAsync(await stand.OrderAsync(delivery: Delivery.Desk)));
        foreach (var parcel in (BookedParcel[])[home, desk]) await stand.Play.MoveAsync(parcel.Tracking!, "En attente du client");
        var told = await stand.Courier.TrackAsync(stand.Access(), [home, desk], default);
        Assert.Equal([Movement.AtHub, Movement.WaitsAtDesk], told.Select(t => t.Events[^1].Movement));
        Assert.Null(Read(Status("En attente du client")).Single().Event); // a webhook does not say which: it is asked
    }

    [Fact]
    public async Task Money_is_told_beside_the_movement()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        Assert.DoesNotContain((await stand.TrackedAsync(booked)).Events, e => e.Money is not null);
        await stand.Play.MoveAsync(booked.Tracking!, "Livré");
        var told = (await stand.TrackedAsync(booked)).Events;
        Assert.Equal((Movement.Delivered, Movement.None, CashState.Ready), (told[^2].Movement, told[^1].Movement, told[^1].Money!.Step));
        var slip = await stand.Play.DoorAsync(HttpMethod.Post, "payouts", new { trackings = new[] { booked.Tracking } });
        var paid = (await stand.TrackedAsync(booked)).Events[^1];
        Assert.Equal((CashState.Paid, true), (paid.Money!.Step, slip!.ToJsonString().Contains(paid.Money.Slip!, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Many_are_asked_for_in_two_calls_and_strangers_are_left_out()
    {
        await stand.BeginAsync();
        var booked = new List<BookedParcel>();
        for (var i = 0; i < 12; i++) booked.Add(await stand.BookedAsync());
        var told = await stand.Courier.TrackAsync(stand.Access(), [.. booked, new("X", "yal-NOTHERE", null, default), new("Y", null, null, default)], default);
        Assert.Equal(booked.Select(b => (b.Tracking, b.Reference)), told.Select(t => (t.Tracking, t.Reference!)));
        Assert.Empty(await stand.Courier.TrackAsync(stand.Access(), [new("X", "yal-NOTHERE", null, default)], default));
        Assert.Empty(await stand.Courier.TrackAsync(stand.Access(), [], default));
        // A story that cannot be read must not pass for none.
        await stand.Play.FaultAsync("html", count: 1, path: "/histories");
        await CourierStand.FailsAsync(() => stand.Courier.TrackAsync(stand.Access(), booked, default));
    }

    [Theory]
    [InlineData("X-YALIDINE-SIGNATURE")]
    [InlineData("X_YALIDINE_SIGNATURE")]
    public void A_delivery_is_believed_only_with_the_signature_of_its_exact_bytes(string name)
    {
        bool Signed(string text, string? header, string? secret) => stand.Courier.IsSigned(
            new(CourierAccountId.New(DateTimeOffset.UnixEpoch), new Dictionary<string, string>(), new([], TimeProvider.System)) { WebhookSecret = secret },
            new(Encoding.UTF8.GetBytes(text), n => n == name ? header : null, _ => null, DateTimeOffset.UnixEpoch));
        Assert.True(Signed(Vector, Signature, YalidineStand.Secret));
        Assert.False(Signed(Vector + " ", Signature, YalidineStand.Secret));
        Assert.False(Signed(Vector, Signature, YalidineStand.Secret + "x"));
        Assert.False(Signed(Vector, Signature, null));
        Assert.False(Signed(Vector, Signature, ""));
        foreach (var header in (string?[])[null, "", "x", Signature[1..], Signature + "0", new('g', 64)]) Assert.False(Signed(Vector, header, YalidineStand.Secret));
    }

    [Theory]
    [InlineData("2026-10-02 14:31:07")]
    [InlineData("2026-10-02T14:31:07+01:00")]
    [InlineData("2026-10-02T13:31:07Z")]
    public void An_event_says_what_happened_when_in_either_form(string at)
    {
        var news = Read(Vector.Replace("2026-10-02 14:31:07", at, StringComparison.Ordinal)).Single();
        Assert.Equal(("yal-45ABCD", Movement.AttemptFailed, "Tentative échouée", "Client ne répond pas"), (news.Tracking, news.Event!.Movement, news.Event.Raw, news.Event.Reason));
        Assert.Equal(new DateTimeOffset(2026, 10, 2, 13, 31, 7, TimeSpan.Zero), news.Event.At);
    }

    [Fact]
    public void A_batch_is_put_in_order_without_its_repeats_and_each_kind_is_what_it_is()
    {
        var batch = Read("""
            {"type":"parcel_status_updated","events":[
              {"event_id":"b","occurred_at":"2026-10-02 15:00:00","data":{"tracking":"yal-1","status":"Livré","reason":""}},
              {"event_id":"a","occurred_at":"2026-10-02 14:00:00","data":{"tracking":"yal-1","status":"Sorti en livraison"}},
              {"event_id":"b","occurred_at":"2026-10-02 15:00:00","data":{"tracking":"yal-1","status":"Livré","reason":""}}]}
            """);
        Assert.Equal([(Movement.OutForDelivery, (string?)null), (Movement.Delivered, null)], batch.Select(n => (n.Event!.Movement, n.Event.Reason)));
        Assert.Equal(Movement.Cancelled, Read(Kind("parcel_deleted", "")).Single().Event!.Movement);
        Assert.Null(Read(Kind("parcel_edited", "")).Single().Event);
        Assert.Null(Read(Kind("parcel_of_tomorrow", "")).Single().Event);
        Assert.Empty(Read(Kind("parcel_created", "")));
        foreach (var (word, step) in ((string, CashState)[])[("ready", CashState.Collected), ("receivable", CashState.Ready), ("payed", CashState.Paid)])
            Assert.Equal((Movement.None, new CourierMoney(step, "P-7")), (Read(Kind("parcel_payment_updated", $$""","status":"{{word}}","payment_id":"P-7" """)).Single().Event!.Movement, Read(Kind("parcel_payment_updated", $$""","status":"{{word}}","payment_id":"P-7" """)).Single().Event!.Money));
        Assert.Equal(Movement.Unknown, Read(Kind("parcel_payment_updated", ""","status":"lost" """)).Single().Event!.Movement);
        foreach (var body in (string[])["", "[]", "{}", """{"type":"parcel_status_updated"}""", "not json"])
            Assert.True(Record.Exception(() => Read(body)) is FormatException or System.Text.Json.JsonException, body);
    }

    [Theory]
    [InlineData("plain", null)]
    [InlineData("json", "json")]
    public async Task The_handshake_is_answered_as_the_courier_wants_it_and_events_follow(string choice, string? tenant)
    {
        await stand.BeginAsync();
        var access = stand.Access(("handshake", choice));
        if (tenant is not null) await stand.Play.FaultAsync("handshake", tenant);
        if (tenant is not null) await stand.Play.FaultAsync("signature-header", "underscore");
        if (tenant is not null) await stand.Play.FaultAsync("occurred-at", "iso");
        stand.Play.Product = asked => new(HttpStatusCode.OK)
        {
            Content = new StringContent(asked.Method == HttpMethod.Get ? stand.Courier.AnswerHandshake(access, Request(asked))?.Body ?? "no" : ""),
        };
        var hook = await stand.Play.DoorAsync(HttpMethod.Post, "webhooks", new { url = "http://product.test/hook", activate = true });
        Assert.True((bool)hook!["tested"]! && (bool)hook["active"]!, hook.ToJsonString());
        var booked = await stand.BookedAsync();
        await stand.Play.MoveAsync(booked.Tracking!, "Tentative échouée", "Client no-show");
        await Eventually.HoldsAsync(() => Mine("parcel_status_updated").Count == 1);
        var told = Mine("parcel_status_updated").Single();
        Assert.True(stand.Courier.IsSigned(access, Request(told)));
        var word = Read(told.Raw).Single().Event!;
        Assert.Equal((Movement.AttemptFailed, "Client no-show"), (word.Movement, word.Reason));
        Assert.InRange((TimeProvider.System.GetUtcNow() - word.At!.Value).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(2));
        foreach (var knob in (string[])["wrong-signature", "missing-signature"])
        {
            await stand.Play.FaultAsync(knob, count: 1);
            var before = Mine("parcel_status_updated").Count;
            await stand.Play.MoveAsync(booked.Tracking!, "Sorti en livraison");
            await Eventually.HoldsAsync(() => Mine("parcel_status_updated").Count == before + 1);
        }
        Assert.Equal(2, Mine("parcel_status_updated").Count(h => !stand.Courier.IsSigned(access, Request(h))));
        await stand.Play.DoorAsync(HttpMethod.Delete, $"webhooks/{(string)hook["id"]!}");

        List<Told> Mine(string type) => [.. stand.Play.Hooks.Where(h => h.Raw.Contains(booked.Tracking!, StringComparison.Ordinal) && h.Raw.Contains(type, StringComparison.Ordinal))];
    }

    [Fact]
    public void Only_the_couriers_question_is_answered()
    {
        WebhookAnswer? Ask(params (string Name, string Value)[] query) => stand.Courier.AnswerHandshake(stand.Access(), new(default, _ => null, n => query.FirstOrDefault(q => q.Name == n).Value, DateTimeOffset.UnixEpoch));
        Assert.Equal(new WebhookAnswer("abc", "text/plain"), Ask(("subscribe", ""), ("crc_token", "abc")));
        Assert.Null(Ask(("crc_token", "abc")));
        Assert.Null(Ask(("subscribe", "")));
        Assert.Null(Ask(("subscribe", ""), ("crc_token", "")));
        Assert.Null(Ask(("subscribe", ""), ("crc_token", new string('a', 501))));
        Assert.Null(Ask(("subscribe", ""), ("crc_token", "a\r\nb")));
        var json = stand.Courier.AnswerHandshake(stand.Access(("handshake", "json")), new(default, _ => null, n => n == "subscribe" ? "" : "abc", DateTimeOffset.UnixEpoch));
        Assert.Equal(new WebhookAnswer("""{"crc_token":"abc"}""", "application/json"), json);
    }

    private IReadOnlyList<WebhookNews> Read(string body) => stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes(body));

    private static string Status(string label) => $$$"""{"type":"parcel_status_updated","events":[{"event_id":"e","occurred_at":"2026-10-02 14:31:07","data":{"tracking":"yal-1","status":"{{{label}}}"}}]}""";

    private static string Kind(string type, string more) => $$$"""{"type":"{{{type}}}","events":[{"event_id":"e","occurred_at":"2026-10-02 14:31:07","data":{"tracking":"yal-1"{{{more}}}}}]}""";

    private static WebhookRequest Request(Told told)
    {
        var query = told.Url.Query.TrimStart('?').Split('&').Select(q => q.Split('=', 2)).ToDictionary(q => q[0], q => q.Length > 1 ? Uri.UnescapeDataString(q[1]) : "");
        return new(Encoding.UTF8.GetBytes(told.Raw), name => told.Headers.GetValueOrDefault(name), name => query.GetValueOrDefault(name), DateTimeOffset.UnixEpoch);
    }
}
