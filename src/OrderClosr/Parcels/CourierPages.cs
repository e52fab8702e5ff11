using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels.Pages;
using OrderClosr.Shipping;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels;

/// <summary>The couriers on the shipping page: connect, check, lists, places, side by side, rules.</summary>
public static class CourierPages
{
    public static void MapCourierPages(this RouteGroupBuilder workspace)
    {
        var shipping = workspace.MapGroup("/shipping").Needs(Capability.SeeShop);
        shipping.MapGet("/couriers", async (CourierViews views, CancellationToken stop) => Results.Page<CouriersCard>(new { Couriers = await views.ListAsync(stop) }));
        shipping.MapGet("/couriers/{id}", (CourierAccountId id, CourierPageParts parts, CancellationToken stop) => parts.OneAsync(id, null, stop));
        shipping.MapGet("/compare", CompareAsync);
        shipping.MapGet("/rules", async (CourierPageParts parts, CancellationToken stop) => await parts.RulesAsync(new(), null, stop));

        var change = shipping.MapGroup("").Needs(Capability.ChangeShipping);
        change.MapGet("/couriers/new", (string? courier, Couriers couriers) => courier is null ? Results.Page<CourierChoicePage>(new { couriers.All })
            : couriers.Find(courier) is { } adapter ? Results.Page<ConnectCourierPage>(new { Form = CourierForm.Of(adapter, null, new Dictionary<string, string>()) }) : Results.NotFound());
        change.MapPost("/couriers/new", async (string? courier, HttpContext http, Couriers couriers, ConnectCourier connect, Shop shop) =>
            couriers.Find(courier) is { } adapter ? await ConnectAsync(http, adapter, null, couriers, connect, shop) : Results.NotFound());
        change.MapGet("/couriers/{id}/again", async (CourierAccountId id, OrderClosrDb db, Couriers couriers, CancellationToken stop) =>
            await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, stop) is not { } account ? Results.NotFound()
                : couriers.Find(account.Courier) is not { } adapter ? Results.StatusCode(StatusCodes.Status409Conflict)
                : Results.Page<ConnectCourierPage>(new { Form = CourierForm.Of(adapter, account, couriers.Credentials(account)) }));
        change.MapPost("/couriers/{id}/again", async (CourierAccountId id, HttpContext http, OrderClosrDb db, Couriers couriers, ConnectCourier connect, Shop shop) =>
            await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, http.RequestAborted) is not { } account ? Results.NotFound()
                : couriers.Find(account.Courier) is not { } adapter ? Results.StatusCode(StatusCodes.Status409Conflict) : await ConnectAsync(http, adapter, account, couriers, connect, shop));
        Do(change, "check", "couriers.checked", (id, http) => http.RequestServices.GetRequiredService<ConnectCourier>().CheckAsync(id, http.RequestAborted));
        Do(change, "sync", "couriers.sync_began", (id, http) => SyncLists.AgainAsync(http.RequestServices.GetRequiredService<OrderClosrDb>(), id, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), http.RequestAborted));
        Do(change, "default", "ui.saved", (id, http) => http.RequestServices.GetRequiredService<ConnectCourier>().MakeDefaultAsync(id, http.RequestAborted));
        Do(change, "pause", "couriers.now_paused", (id, http) => http.RequestServices.GetRequiredService<ConnectCourier>().PauseAsync(id, true, http.RequestAborted));
        Do(change, "resume", "couriers.now_resumed", (id, http) => http.RequestServices.GetRequiredService<ConnectCourier>().PauseAsync(id, false, http.RequestAborted));
        Do(change, "disconnect", "couriers.now_off", (id, http) => http.RequestServices.GetRequiredService<ConnectCourier>().DisconnectAsync(id, http.RequestAborted));
        Do(change, "overweight", "ui.saved", OverweightAsync);
        change.MapPost("/couriers/{id}/places/{place}", async (CourierAccountId id, Id<CourierPlace> place, HttpContext http, OrderClosrDb db, MatchPlace match, Shop shop) =>
        {
            if (!await db.CourierPlaces.AnyAsync(p => p.Id == place && p.AccountId == id, http.RequestAborted)) return Results.NotFound();
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            if (!int.TryParse(form["commune"], NumberStyles.None, CultureInfo.InvariantCulture, out var commune)) return Results.Back(http, shop.Link($"shipping/couriers/{id}"), "couriers.choose_first");
            var no = await match.RunAsync(id, place, commune, http.RequestAborted);
            return no is null ? Results.Back(http, shop.Link($"shipping/couriers/{id}"), "ui.saved") : Results.StatusCode(Answers.StatusOf(no));
        });
        change.MapPost("/follow", async (HttpContext http, OrderClosrDb db, Shop shop) =>
            await CourierRules.FollowAsync(db, http.RequestServices.GetRequiredService<KeepLists>(), http.RequestAborted) is null ? Results.Back(http, shop.Link("shipping"), "couriers.followed") : Results.Back(http, shop.Link("shipping"), "couriers.lists_never"));

        change.MapPost("/rules", AddRuleAsync);
        change.MapPost("/rules/{rule}/up", async (Id<CourierRule> rule, HttpContext http, CourierRules rules, Shop shop) =>
            await rules.UpAsync(rule, http.RequestAborted) is null ? Results.Back(http, shop.Link("shipping/rules"), "ui.saved") : Results.NotFound());
        change.MapPost("/rules/{rule}/remove", async (Id<CourierRule> rule, HttpContext http, CourierRules rules, Shop shop) =>
            await rules.RemoveAsync(rule, http.RequestAborted) is null ? Results.Back(http, shop.Link("shipping/rules"), "ui.saved") : Results.NotFound());
        change.MapPost("/rules/settings", async (HttpContext http, CourierRules rules, CourierPageParts parts, Shop shop) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var typed = Folding.AsciiDigits(form["usual_weight"].ToString()).Replace(" ", "", StringComparison.Ordinal);
            int? grams = typed.Length == 0 ? 0 : int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            var no = await rules.SetAsync(form["books_alone"] == "true", form["releases_alone"] == "true", form["may_open"] == "true", grams, http.RequestAborted);
            return no is null ? Results.Back(http, shop.Link("shipping/rules"), "ui.saved") : await parts.RulesAsync(new(), no, http.RequestAborted);
        });
    }

    /// <summary>One verb on one account; a disconnected one takes none of them.</summary>
    private static void Do(RouteGroupBuilder group, string verb, string said, Func<CourierAccountId, HttpContext, Task<Refusal?>> act) =>
        group.MapPost($"/couriers/{{id}}/{verb}", async (CourierAccountId id, HttpContext http, OrderClosrDb db, Couriers couriers, CourierPageParts parts, Shop shop) =>
        {
            var stop = http.RequestAborted;
            if (await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, stop) is not { } account) return Results.NotFound();
            var back = (await http.Request.ReadFormAsync(stop))["back"] == "list" ? shop.Link("shipping") : shop.Link($"shipping/couriers/{id}");
            if (account.State == CourierState.Disconnected || couriers.Find(account.Courier) is null) return Results.Back(http, back, "couriers.off");
            return await act(id, http) is { } refusal ? await parts.OneAsync(id, refusal, stop) : Results.Back(http, back, said);
        });

    private static async Task<IResult> ConnectAsync(HttpContext http, ICourier adapter, CourierAccount? again, Couriers couriers, ConnectCourier connect, Shop shop)
    {
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = CourierForm.Read(adapter, again, posted);
        var kept = again is null ? [] : couriers.Credentials(again);
        // A secret that was not typed again stays as it is.
        var fields = adapter.Profile.Fields.ToDictionary(f => f.Name, f => posted[$"field.{f.Name}"].ToString() is { Length: > 0 } typed ? typed : f.IsSecret ? kept.GetValueOrDefault(f.Name, "") : "");
        var made = await connect.RunAsync(new(adapter.Name, fields, form.OriginWilaya)
        {
            Again = again?.Id, Name = form.Name, BaseUrl = form.BaseUrl, Variants = form.Variants.Where(v => adapter.Profile.Variants.Any(k => k.Name == v.Key && k.Choices[0] != v.Value)).ToDictionary(),
            WebhookSecret = posted["webhook_secret"].ToString(),
        }, http.RequestAborted);
        return made.Ok ? Results.Back(http, shop.Link($"shipping/couriers/{made.Value.Id}"), "couriers.connected") : Results.Refused<ConnectCourierPage>(made.Refusal, new { Form = form, made.Refusal });
    }

    private static async Task<Refusal?> OverweightAsync(CourierAccountId id, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var fee = TypedAmount.Read(form["extra_kilo"], "extra_kilo");
        if (!fee.Ok) return fee.Refusal;
        var typed = Folding.AsciiDigits(form["included_kilos"].ToString()).Trim();
        int? kilos = typed.Length == 0 ? null : int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return await http.RequestServices.GetRequiredService<ConnectCourier>().SetOverweightAsync(id, fee.Value, kilos, http.RequestAborted);
    }

    private static async Task<IResult> CompareAsync(string? delivery, CourierViews views, OrderClosrDb db, Places places, CancellationToken stop)
    {
        var way = delivery == "desk" ? Delivery.Desk : Delivery.Home;
        var couriers = await views.BilledAsync(stop);
        var paid = await db.DeliveryFees.AsNoTracking().Where(f => f.CommuneCode == 0).ToDictionaryAsync(f => f.WilayaCode, stop);
        var rows = places.Wilayas.Select(wilaya =>
        {
            var offers = couriers.Select(c => c.Billed.Wilayas.GetValueOrDefault(wilaya.Code)).ToList();
            var row = paid.GetValueOrDefault(wilaya.Code);
            return new ComparePage.CompareRow(wilaya, way == Delivery.Home ? row?.Home : row?.Desk, offers, offers.Select(o => o?.For(way)).OfType<Dinars>().Order().Cast<Dinars?>().FirstOrDefault());
        });
        return Results.Page<ComparePage>(new { Way = way, Couriers = couriers, Rows = (IReadOnlyList<ComparePage.CompareRow>)[.. rows] });
    }

    private static async Task<IResult> AddRuleAsync(HttpContext http, CourierRules rules, CourierPageParts parts, Shop shop)
    {
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = new RuleForm { Courier = posted["courier"].ToString(), Wilaya = posted["wilaya"].ToString(), Product = posted["product"].ToString(), Delivery = posted["delivery"].ToString(), From = posted["from"].ToString(), To = posted["to"].ToString() };
        var (from, to) = (TypedAmount.Read(form.From, "from"), TypedAmount.Read(form.To, "to"));
        var no = !from.Ok ? from.Refusal : !to.Ok ? to.Refusal : form.Wilaya.Length > 0 && !int.TryParse(form.Wilaya, out _) ? new Refusal("place_unknown", "There is no such wilaya.", "wilaya")
            : await rules.AddAsync(CourierAccountId.TryParse(form.Courier, null, out var account) ? account : default, int.TryParse(form.Wilaya, out var wilaya) ? wilaya : null,
                ProductId.TryParse(form.Product, null, out var product) ? product : null, form.Delivery switch { "home" => Delivery.Home, "desk" => Delivery.Desk, _ => null }, from.Value, to.Value, http.RequestAborted);
        return no is null ? Results.Back(http, shop.Link("shipping/rules"), "ui.saved") : await parts.RulesAsync(form, no, http.RequestAborted);
    }
}

/// <summary>A rule as it is typed in.</summary>
public sealed record RuleForm
{
    public string Courier { get; init; } = "";
    public string Wilaya { get; init; } = "";
    public string Product { get; init; } = "";
    public string Delivery { get; init; } = "";
    public string From { get; init; } = "";
    public string To { get; init; } = "";
}

/// <summary>Reads the pages of couriers.</summary>
public sealed class CourierPageParts(OrderClosrDb db, CourierViews views, MatchPlace match, IConfiguration settings)
{
    private const int OpenShown = 40;

    /// <summary>One account's page, also with what was refused.</summary>
    public async Task<IResult> OneAsync(CourierAccountId id, Refusal? refusal, CancellationToken stop)
    {
        if (await views.FindAsync(id, stop) is not { } view) return Results.NotFound();
        var address = $"{(settings["Public:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/')}/webhooks/couriers/{view.Account.Courier}/{view.Account.ChannelKey}";
        return Results.Page<CourierPage>(new { View = view, Open = await match.OpenAsync(id, OpenShown, stop), Address = address, Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }

    /// <summary>The rules, also with one that was refused.</summary>
    public async Task<IResult> RulesAsync(RuleForm given, Refusal? refusal, CancellationToken stop) => Results.Page<CourierRulesPage>(new
    {
        Accounts = await db.CourierAccounts.AsNoTracking().Where(a => a.State != CourierState.Disconnected).OrderByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop),
        Rules = await db.CourierRules.AsNoTracking().OrderBy(r => r.Position).ThenBy(r => r.Id).ToListAsync(stop), Settings = await ParcelSettings.OfAsync(db, stop), Given = given, Refusal = refusal,
        Products = (IReadOnlyList<(string, string)>)[.. (await db.Products.AsNoTracking().OrderBy(p => p.Name).Select(p => new { p.Id, p.Name }).Take(500).ToListAsync(stop)).Select(p => ($"{p.Id}", p.Name))],
    }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
}
