using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;
using OrderClosr.Web;

namespace OrderClosr.Tests.Parcels;

/// <summary>The couriers on the shipping page, used as a browser without scripts does.</summary>
public sealed class CourierPagesTests
{
    [Fact]
    public async Task Every_open_question_of_every_courier_has_words_in_both_languages()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var faults = new List<string>();
        foreach (var language in (string[])["fr", "ar"])
        {
            var all = Words.All("couriers", language == "fr" ? CultureInfo.InvariantCulture : new CultureInfo("ar"));
            foreach (var courier in app.Get<Couriers>().All)
            {
                foreach (var field in courier.Profile.Fields) Need($"field.{field.Name}");
                foreach (var variant in courier.Profile.Variants)
                {
                    Need($"variant.{variant.Name}");
                    foreach (var choice in variant.Choices) Need($"variant.{variant.Name}.{choice}");
                }
                void Need(string key)
                {
                    if (!all.TryGetValue(key, out var text) || string.IsNullOrWhiteSpace(text)) faults.Add($"{courier.Name}: couriers.{key} ({language})");
                }
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(app.Get<Couriers>().All.Sum(c => c.Profile.Variants.Count) > 5, "no variants were walked");
    }

    [Theory, OnBothDatabases]
    public async Task A_member_connects_a_courier_and_reads_what_is_wrong_with_the_key_but_never_the_key(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, connected: false, isStarted: true);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var shipping = $"/w/{world.Shop.Slug}/shipping";
        Assert.Contains("Aucun livreur connecté", await member.ReadAsync(shipping));
        Assert.Contains("test-a", await member.ReadAsync($"{shipping}/couriers/new"));
        var connect = $"{shipping}/couriers/new?courier=test-a";
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"{shipping}/couriers/new?courier=nobody")).StatusCode);

        var refused = await member.SubmitAsync(connect, new() { ["field.token"] = "mauvaise-cle-zz", ["field.shop_id"] = "77" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());
        Assert.Contains("Le livreur refuse cette clé", page);
        Assert.Contains("The token is not known: copy it again.", page);
        Assert.Contains("value=\"77\"", page);
        Assert.DoesNotContain("mauvaise-cle-zz", page);

        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(connect, new() { ["field.token"] = "good", ["field.shop_id"] = "77", ["variant.shape"] = "odd", ["webhook_secret"] = "secret-du-webhook" })).StatusCode);
        var account = await AccountAsync(world);
        Assert.Equal((true, "odd", CourierState.Connected), (account.IsDefault, account.Variants["shape"], account.State));
        // The same account a second time would spend the courier's limits twice.
        refused = await member.SubmitAsync(connect, new() { ["field.token"] = "good", ["field.shop_id"] = "77" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("Ce compte est déjà connecté", WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()));
        var one = $"{shipping}/couriers/{account.Id}";
        page = await member.ReadAsync(one);
        Assert.Contains($"/webhooks/couriers/test-a/{account.ChannelKey}", page);
        page += await member.ReadAsync($"{one}/again");
        Assert.DoesNotContain("secret-du-webhook", page);
        Assert.DoesNotContain("value=\"good\"", page);

        // A secret left empty stays; the key is tried again.
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{one}/again", new() { ["field.token"] = "", ["field.shop_id"] = "78", ["variant.shape"] = "plain", ["name"] = "Compte deux" })).StatusCode);
        account = await AccountAsync(world);
        Assert.Equal(("Compte deux", 0), (account.Name, account.Variants.Count));
        await using (var scope = world.Open())
        {
            var open = scope.Get<Couriers>().Open(account);
            Assert.Equal(("good", "78", "secret-du-webhook"), (open.Credentials["token"], open.Credentials["shop_id"], open.WebhookSecret));
        }
        world.Courier.KeyIsGood = false;
        var check = await member.SubmitAsync($"{one}/check", [], one);
        Assert.Equal(HttpStatusCode.Conflict, check.StatusCode);
        Assert.Contains("clé refusée depuis", await member.ReadAsync(shipping));
        world.Courier.KeyIsGood = true;
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{one}/check", [], one)).StatusCode);
        Assert.DoesNotContain("clé refusée", await member.ReadAsync(shipping));
    }

    [Theory, OnBothDatabases]
    public async Task A_paused_courier_gets_new_parcels_only_by_name_and_a_disconnected_one_none(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        var second = await world.ConnectAsync(world.Other);
        await using (var scope = world.Open()) Assert.Null(await scope.Get<ConnectCourier>().PauseAsync(world.Account, true, default));
        var order = await world.OrderAsync();
        Assert.Equal(second, (await world.ParcelAsync(order.Id)).AccountId);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var named = await world.OrderAsync();
        Assert.Equal(world.Account, (await world.ShipAsync(named.Id, world.Account)).Value.AccountId);
        await using (var scope = world.Open()) Assert.Null(await scope.Get<ConnectCourier>().PauseAsync(second, true, default));
        Assert.Equal("couriers_paused", (await world.ShipAsync((await world.OrderAsync()).Id)).Refusal?.Code);
        await using (var scope = world.Open()) Assert.Null(await scope.Get<ConnectCourier>().DisconnectAsync(second, default));
        await using (var scope = world.Open()) Assert.Equal(RefusalKind.NotFound, (await scope.Get<ConnectCourier>().PauseAsync(second, false, default))?.Kind);
    }

    [Theory, OnBothDatabases]
    public async Task A_person_says_once_which_commune_it_is_and_the_waiting_parcel_goes(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, connected: false, isStarted: true);
        var strange = world.Courier.Rows.FindIndex(r => r.Name == "BIR EL DJIR");
        world.Courier.Rows[strange] = world.Courier.Rows[strange] with { Name = "B.E.D. VILLE NOUVELLE" };
        var account = await world.ConnectAsync(world.Courier);
        var order = await world.OrderAsync();
        Assert.Equal("destination_unclear", (await world.ParcelAsync(order.Id)).Trouble);

        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var one = $"/w/{world.Shop.Slug}/shipping/couriers/{account}";
        var page = await member.ReadAsync(one);
        Assert.Contains("B.E.D. VILLE NOUVELLE", page);
        Assert.Contains($"value=\"{order.CommuneCode}\"", page);
        Id<CourierPlace> row;
        await using (var scope = world.Open()) row = (await scope.Db.CourierPlaces.SingleAsync(p => p.AccountId == account && p.Name == "B.E.D. VILLE NOUVELLE")).Id;
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{one}/places/{row}", new() { ["commune"] = "" }, one)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{one}/places/{row}", new() { ["commune"] = "999999" }, one)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{one}/places/{row}", new() { ["commune"] = $"{order.CommuneCode}" }, one)).StatusCode);
        await Eventually.HoldsAsync(async () =>
        {
            await world.RunAsync(account, TimeSpan.FromMinutes(3));
            return (await world.ParcelAsync(order.Id)).State == ParcelState.Registered;
        });
        Assert.DoesNotContain("B.E.D. VILLE NOUVELLE", await member.ReadAsync(one));
        // The next reading of the lists keeps the person's word.
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{one}/sync", [], one)).StatusCode);
        await world.RunAsync(account, TimeSpan.FromMinutes(5));
        await using (var scope = world.Open()) Assert.Equal(order.CommuneCode, (await scope.Db.CourierPlaces.SingleAsync(p => p.Id == row)).CommuneCode);
    }

    [Theory, OnBothDatabases]
    public async Task Fees_show_what_the_courier_bills_and_what_stays_and_the_merchants_own_come_back_to_the_list(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        await world.ConnectAsync(world.Other);
        world.Other.Fees = [];
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var shipping = $"/w/{world.Shop.Slug}/shipping";
        // The seeded shop had its own fees before any courier came.
        var page = await member.ReadAsync(shipping);
        Assert.Contains("votre tarif", page);
        Assert.Contains("<bdi>450</bdi> / <bdi>–</bdi>", page);
        Assert.Contains("−50", page);
        Assert.Contains("Courier test-a facture", page);
        var compared = await member.ReadAsync($"{shipping}/compare");
        Assert.Contains("450\u00a0DA".Replace('\u00a0', ' '), compared.Replace('\u00a0', ' '));
        Assert.Contains("1-3 j", compared);

        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{shipping}/follow", [], shipping)).StatusCode);
        await using (var scope = world.Open())
        {
            var alger = await scope.Db.DeliveryFees.SingleAsync(f => f.WilayaCode == 16 && f.CommuneCode == 0);
            Assert.Equal((new Dinars(450), (Guid?)world.Account.Value), (alger.Home!.Value, alger.FromCourier));
            // A wilaya that the courier does not list stays the merchant's.
            Assert.Null((await scope.Db.DeliveryFees.SingleAsync(f => f.WilayaCode == 19 && f.CommuneCode == 0)).FromCourier);
        }
        var one = $"{shipping}/couriers/{world.Account}";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{one}/overweight", new() { ["included_kilos"] = "5", ["extra_kilo"] = "" }, one)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{one}/overweight", new() { ["included_kilos"] = "50", ["extra_kilo"] = "100" }, one)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{one}/overweight", new() { ["included_kilos"] = "5", ["extra_kilo"] = "100 DA" }, one)).StatusCode);
        await world.ChangeSettingsAsync(s => s.UsualWeight = 7_500);
        // Oran's own list says nothing above a weight: 700, and three kilograms begun.
        Assert.Equal(new Dinars(1000), (await world.ParcelAsync((await world.OrderAsync()).Id)).CourierFee);
    }

    [Theory, OnBothDatabases]
    public async Task Rules_are_added_moved_removed_and_bad_ones_refused(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        var second = await world.ConnectAsync(world.Other);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var rules = $"/w/{world.Shop.Slug}/shipping/rules";
        foreach (var (from, to, wilaya, word) in ((string, string, string, string)[])[("", "", "", "Sans condition"), ("9000", "10", "", "plus petit montant"), ("cher", "", "", "dinars entiers"), ("", "", "99", "introuvable")])
        {
            var no = await member.SubmitAsync(rules, new() { ["courier"] = $"{second}", ["wilaya"] = wilaya, ["from"] = from, ["to"] = to });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, no.StatusCode);
            Assert.Contains(word, WebUtility.HtmlDecode(await no.Content.ReadAsStringAsync()));
        }
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(rules, new() { ["courier"] = $"{world.Account}", ["from"] = "1" })).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(rules, new() { ["courier"] = $"{second}", ["wilaya"] = "31", ["delivery"] = "home" })).StatusCode);
        Assert.Equal(world.Account, (await world.ParcelAsync((await world.OrderAsync()).Id)).AccountId);
        List<CourierRule> there;
        await using (var scope = world.Open()) there = await scope.Db.CourierRules.OrderBy(r => r.Position).ToListAsync();
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{rules}/{there[1].Id}/up", [], rules)).StatusCode);
        Assert.Equal(second, (await world.ParcelAsync((await world.OrderAsync()).Id)).AccountId);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{rules}/{there[1].Id}/remove", [], rules)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"{rules}/{there[1].Id}/remove", [], rules)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{rules}/settings", new() { ["releases_alone"] = "true", ["usual_weight"] = "1 200" }, rules)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{rules}/settings", new() { ["usual_weight"] = "31000" }, rules)).StatusCode);
        await using (var scope = world.Open())
        {
            var settings = await scope.Db.ParcelSettings.SingleAsync();
            Assert.Equal((false, true, false, 1200), (settings.BooksAlone, settings.ReleasesAlone, settings.MayOpen, settings.UsualWeight));
        }
    }

    private static async Task<CourierAccount> AccountAsync(ParcelsWorld world)
    {
        await using var scope = world.Open();
        return await scope.Db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Courier == "test-a");
    }
}
