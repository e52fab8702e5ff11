using System.Text;
using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.ZrExpress;

/// <summary>What ZR Express says of a parcel: asked for, by webhook, and on its label.</summary>
public sealed class ZrTrackingTests(ZrStand stand) : IClassFixture<ZrStand>
{
    private static readonly (Movement Means, string[] States)[] Table =
    [
        (Movement.Registered, ["commande_recue", "en_traitement", "appel_confirmation", "commande_confirmee", "en_preparation"]), (Movement.ReadyToShip, ["pret_a_expedier"]),
        (Movement.AtHub, ["confirme_au_bureau", "confirme_chez_partenaire"]), (Movement.InTransit, ["dispatch", "vers_wilaya"]), (Movement.OutForDelivery, ["sortie_en_livraison", "en_livraison"]),
        (Movement.Delivered, ["livre", "encaisse", "recouvert"]), (Movement.Returning, ["attente_recuperation_fournisseur", "retour_sous_traitant", "colis_recupere"]),
        (Movement.Returned, ["recupere_par_fournisseur", "reinjecte_dans_stock", "remboursement_reinjecte"]), (Movement.Cancelled, ["commande_annulee"]), (Movement.Unknown, ["chez_le_voisin"]),
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("pascal-case-states")]
    [InlineData("annule")]
    [InlineData("renamed-workflow")]
    [InlineData("numbers-as-text")]
    public async Task Every_state_means_what_the_table_says_however_the_account_names_it(string? knob)
    {
        await stand.BeginAsync();
        if (knob is not null) await stand.Play.FaultAsync(knob);
        var booked = await stand.BookedAsync();
        Assert.Equal(OrderClosr.Sandbox.ZrExpress.ZrWorkflow.States.Count + 1, Table.Sum(t => t.States.Length)); // none is forgotten
        var states = Table.SelectMany(t => t.States.Select(s => (State: s, t.Means))).ToList();
        foreach (var (state, _) in states.Skip(1)) await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = state, force = true, any = true, reason = "Client absent" });
        var events = (await stand.TrackedAsync(booked)).Events;
        Assert.Equal(states.Select(s => s.Means), events.Take(states.Count).Select(e => e.Movement));
        Assert.Equal("Client absent", events[3].Reason);
        Assert.All(events.Where(e => e.Money is not null), e => Assert.Equal((CashState.Collected, Movement.Delivered), (e.Money!.Step, e.Movement)));
        Assert.Equal(2, events.Count(e => e.Money is not null));
        if (knob is null) Assert.Equal(states.Select(s => s.State), events.Take(states.Count).Select(e => e.Raw));
    }

    [Fact]
    public async Task Situations_lie_on_top_of_the_state()
    {
        await stand.BeginAsync();
        var home = await stand.BookedAsync();
        var desk = await stand.BookedAsync(await stand.OrderAsync(delivery: Delivery.Desk));
        foreach (var (slug, means) in ((string, Movement)[])
        [
            ("ne_repond_pas_1", Movement.AttemptFailed), ("ne_repond_pas_2", Movement.AttemptFailed), ("ne_repond_pas_3", Movement.AttemptFailed), ("injoignable", Movement.AttemptFailed), ("appel_telephonique", Movement.AttemptFailed),
            ("reportee_a_une_date_ulterieure", Movement.OnHold), ("reporter_a_une_date_ulterieure", Movement.OnHold), ("commune_erronee", Movement.OnHold), ("en_attente_du_client", Movement.OnHold), ("sms_envoye", Movement.None), ("pas_de_situation", Movement.None),
        ])
        {
            await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{home.Tracking}/move", new { to = slug, force = true, reason = "Rappeler" });
            var last = (await stand.TrackedAsync(home)).Events[^1];
            Assert.Equal((slug, means, "Rappeler"), (slug, last.Movement, last.Reason));
        }
        await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{desk.Tracking}/move", new { to = "en_attente_du_client", force = true });
        Assert.Equal(Movement.WaitsAtDesk, (await stand.TrackedAsync(desk)).Events[^1].Movement);
    }

    [Fact]
    public async Task The_story_is_asked_for_only_when_something_has_happened_and_strangers_are_left_out()
    {
        await stand.BeginAsync();
        var one = await stand.BookedAsync();
        var two = await stand.BookedAsync() with { TheirId = null };
        var told = await stand.Courier.TrackAsync(stand.Access(), [one, new("S-1", "16-NOTHERE-ZR", null, default), new("S-2", null, Guid.NewGuid().ToString(), default), new("S-3", null, null, default), two], default);
        Assert.Equal([(one.Tracking, one.Reference), (two.Tracking, two.Reference)], told.Select(t => (t.Tracking, t.Reference)));
        await stand.Play.FaultAsync("error", status: 503, path: $"/parcels/{one.TheirId}/state-history");
        var quiet = one with { Since = DateTimeOffset.UtcNow.AddHours(1), State = ParcelState.Registered };
        Assert.Equal(Movement.Registered, (await stand.TrackedAsync(quiet)).Events.Single().Movement);
    }

    [Fact]
    public async Task A_delivered_parcel_that_comes_back_is_on_its_way_back()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        var news = stand.Courier.ReadWebhook("""{"eventType":"parcel.state.updated","occurredAt":"2026-10-02T13:31:07Z","data":{"id":"c3","trackingNumber":"16-A-ZR","state":{"name":"livre"},"isReturn":true}}"""u8.ToArray()).Single();
        Assert.Equal(Movement.Returning, news.Event!.Movement);
        foreach (var state in (string[])["livre", "attente_recuperation_fournisseur"]) await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = state, force = true });
        Assert.Equal([Movement.Registered, Movement.Delivered, Movement.Returning], (await stand.TrackedAsync(booked)).Events.Select(e => e.Movement));
    }

    [Fact]
    public async Task A_label_is_fetched_at_once_from_its_signed_address()
    {
        await stand.BeginAsync();
        var booked = await stand.BookedAsync();
        foreach (var format in (LabelFormat[])[LabelFormat.A6, LabelFormat.A4]) Assert.InRange((await stand.Courier.LabelAsync(stand.Access(), booked, format, default)).Length, 500, 1_000_000);
        Assert.InRange((await stand.Courier.LabelAsync(stand.Access(), booked with { Tracking = null }, LabelFormat.A6, default)).Length, 500, 1_000_000);
        foreach (var (knob, category) in ((string, FailureCategory)[])[("empty-label", FailureCategory.Transient), ("label-expired", FailureCategory.Transient)])
        {
            await stand.BeginAsync();
            await stand.Play.FaultAsync(knob);
            Assert.Equal((knob, category), (knob, (await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default))).Category));
        }
        await stand.BeginAsync();
        await stand.Play.FaultAsync("error", count: 1, status: 401, path: "/files/labels.pdf");
        Assert.Equal(FailureCategory.Transient, (await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked, LabelFormat.A6, default))).Category); // not the account's key
        Assert.Equal((FailureCategory.Refused, "label_refused"), await CourierStand.FailsAsync(() => stand.Courier.LabelAsync(stand.Access(), booked with { Tracking = "16-NOTHERE-ZR" }, LabelFormat.A6, default)) is var none ? (none.Category, none.Code) : default);
    }

    [Fact]
    public async Task The_webhook_is_registered_once_and_its_signed_deliveries_are_read_in_either_case()
    {
        await stand.BeginAsync();
        var ours = new Uri("http://product.test/webhooks/couriers/zr-express/1");
        var hook = await stand.Courier.RegisterWebhookAsync(stand.Access(), ours, default);
        Assert.Equal(hook, await stand.Courier.RegisterWebhookAsync(stand.Access(), ours, default));
        Assert.StartsWith("whsec_", hook.Secret, StringComparison.Ordinal);
        for (var i = 2; i <= 5; i++) await stand.Courier.RegisterWebhookAsync(stand.Access(), new($"http://product.test/other/{i}"), default);
        Assert.Equal("webhook_limit", (await CourierStand.FailsAsync(() => stand.Courier.RegisterWebhookAsync(stand.Access(), new("http://product.test/other/6"), default))).Code);

        var access = WithSecret(hook.Secret);
        var booked = await stand.BookedAsync();
        foreach (var (knob, value, isGood) in ((string?, string?, bool)[])
            [(null, null, true), ("pascal-case-webhooks", null, true), ("two-signatures", null, true), ("webhook-headers", "webhook", true), ("numbers-as-text", null, true), ("wrong-signature", null, false), ("missing-signature", null, false), ("stale-timestamp", null, false)])
        {
            await stand.BeginAsync();
            if (knob is not null) await stand.Play.FaultAsync(knob, value);
            var before = Mine().Count;
            await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = "sortie_en_livraison", force = true });
            await stand.Play.DoorAsync(HttpMethod.Post, $"parcels/{booked.Tracking}/move", new { to = "ne_repond_pas_1", force = true, reason = "Fermé" });
            await Eventually.HoldsAsync(() => Mine().Count == before + 2);
            var sent = Mine().Skip(before).ToList();
            Assert.All(sent, h => Assert.Equal((knob, isGood), (knob, stand.Courier.IsSigned(access, Request(h)))));
            Assert.All(sent, h => Assert.False(stand.Courier.IsSigned(WithSecret(null), Request(h))));
            var news = sent.Select(h => stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes(h.Raw)).Single()).ToList();
            Assert.All(news, n => Assert.Equal((booked.Tracking, booked.TheirId, booked.Reference), (n.Tracking, n.TheirId, n.Reference)));
            Assert.Equal([(Movement.OutForDelivery, (string?)null), (Movement.AttemptFailed, "Fermé")], news.Select(n => (n.Event!.Movement, n.Event.Reason)).OrderBy(e => e.Movement));
        }

        List<Told> Mine() => [.. stand.Play.Hooks.Where(h => h.Url == ours && h.Raw.Contains(booked.Tracking!, StringComparison.Ordinal))];
        static WebhookRequest Request(Told told) => new(Encoding.UTF8.GetBytes(told.Raw), name => told.Headers.GetValueOrDefault(name), _ => null, DateTimeOffset.UtcNow);
    }

    [Fact]
    public void The_vector_of_the_documents_is_signed_and_nothing_near_it()
    {
        var secret = "whsec_" + Convert.ToBase64String("invented-svix-key-24byte"u8);
        const string Body = """{"eventType":"parcel.state.updated","occurredAt":"2026-10-02T13:31:07Z","data":{"trackingNumber":"16-ABCDE12345-ZR"}}""", Good = "v1,hswl+op/C2Rqa83fN9BgTFpwGfz3y83pzafau1DxePU=";
        Assert.True(Signed());
        Assert.True(Signed(prefix: "webhook"));
        Assert.True(Signed(signature: "v1,AAAA v1a,xyz " + Good));
        Assert.True(Signed(late: 299));
        Assert.False(Signed(late: 301));
        Assert.False(Signed(late: -301));
        Assert.False(Signed(signature: Good[3..]));
        Assert.False(Signed(signature: ""));
        Assert.False(Signed(body: Body + " "));
        Assert.False(Signed(id: "msg_02"));
        Assert.False(Signed(with: "whsec_" + Convert.ToBase64String("invented-svix-key-24bytf"u8)));
        Assert.False(Signed(with: "whsec_not base64!"));
        Assert.False(Signed(time: "1790947867.0"));

        bool Signed(string prefix = "svix", string id = "msg_01", string time = "1790947867", string signature = Good, string body = Body, int late = 0, string? with = null) => stand.Courier.IsSigned(WithSecret(with ?? secret),
            new(Encoding.UTF8.GetBytes(body), name => name == prefix + "-id" ? id : name == prefix + "-timestamp" ? time : name == prefix + "-signature" ? signature : null, _ => null, DateTimeOffset.FromUnixTimeSeconds(1790947867 + late)));
    }

    [Fact]
    public void What_a_delivery_alone_does_not_say_is_asked_for_and_what_is_none_is_refused()
    {
        Assert.Null(Read("""{"EventType":"parcel.isReturn.updated","Data":{"TrackingNumber":"16-A-ZR"}}""").Event);
        Assert.Null(Read("""{"eventType":"parcel.of.tomorrow","data":{"id":"c3"}}""").Event);
        Assert.Null(Read("""{"eventType":"parcel.state.situation.created","data":{"id":"c3","situation":{"slug":"en_attente_du_client"}}}""").Event); // home or pickup point?
        var strange = Read("""{"eventType":"parcel.state.updated","data":{"id":"c3","state":{"name":"chez_le_voisin"}}}""").Event!;
        Assert.Equal((Movement.Unknown, "chez_le_voisin", null), (strange.Movement, strange.Raw, strange.At));
        foreach (var body in (string[])["", "<html>", "[]", "{}", "null", """{"eventType":"parcel.state.updated"}""", """{"data":{"id":"c3"}}"""])
            Assert.True(Record.Exception(() => stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes(body))) is FormatException or JsonException, body);

        WebhookNews Read(string body) => stand.Courier.ReadWebhook(Encoding.UTF8.GetBytes(body)).Single();
    }

    private static CourierAccess WithSecret(string? secret) => new(CourierAccountId.New(DateTimeOffset.UnixEpoch), new Dictionary<string, string>(), new CourierPace([], TimeProvider.System)) { WebhookSecret = secret };
}
