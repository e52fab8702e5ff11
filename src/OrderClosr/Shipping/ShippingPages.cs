using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels.Pages;
using OrderClosr.Shipping.Pages;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Shipping;

/// <summary>The fee table: what the agent tells customers that delivery costs.</summary>
public static class ShippingPages
{
    public static void MapShippingPages(this RouteGroupBuilder workspace)
    {
        workspace.MapGroup("").Needs(Capability.SeeShop).MapGet("/shipping", async (OrderClosrDb db, Places places, CourierViews couriers, string? q, CancellationToken stop) => Results.Page<ShippingPage>(new { View = await ReadAsync(db, places, couriers, q, stop) }));

        var change = workspace.MapGroup("/shipping").Needs(Capability.ChangeShipping);
        change.MapPost("", SaveAsync);
        change.MapPost("/communes", AddCommuneAsync);
        change.MapPost("/communes/{code:int}/remove", async (int code, HttpContext http, Shop shop, SaveFees save) =>
            await save.RemoveAsync(code, http.RequestAborted) is null ? Results.Back(http, shop.Link("shipping"), "ui.saved") : Results.NotFound());
        change.MapPost("/fill", FillAsync);
    }

    private static async Task<IResult> SaveAsync(HttpContext http, Shop shop, OrderClosrDb db, Places places, CourierViews couriers, SaveFees save)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var view = await ReadAsync(db, places, couriers, form["q"], http.RequestAborted);
        var drafts = view.Rows.Select(r => FeeDraft.Read(r.Draft.WilayaCode, r.Draft.CommuneCode, form)).OfType<FeeDraft>().ToList();
        var wrong = new List<Refusal>();
        var rows = drafts.Select(d => d.ToRow(wrong)).ToList();
        var free = TypedAmount.Read(form["free_from"], "free_from");
        if (!free.Ok) wrong.Add(free.Refusal);
        var was = form.ContainsKey("free_from_was") && TypedAmount.Read(form["free_from_was"], "free_from") is { Ok: true } seen ? new FeePolicy(seen.Value, form["notes_was"].ToString()) : null;
        if (wrong.Count == 0) wrong.AddRange(await save.RunAsync(rows, new(free.Ok ? free.Value : null, form["notes"].ToString(), was), http.RequestAborted));
        if (wrong.Count == 0) return Results.Back(http, shop.Link(view.Query.Length > 0 ? $"shipping?q={Uri.EscapeDataString(view.Query)}" : "shipping"), "ui.saved");
        var sent = drafts.ToDictionary(d => d.Key);
        return Refused(wrong, view with { Rows = [.. view.Rows.Select(r => r with { Draft = sent.GetValueOrDefault(r.Draft.Key, r.Draft) })], FreeFrom = form["free_from"].ToString(), Notes = form["notes"].ToString(), FreeFromWas = form["free_from_was"].ToString(), NotesWas = form["notes_was"].ToString() });
    }

    private static async Task<IResult> AddCommuneAsync(HttpContext http, Shop shop, OrderClosrDb db, Places places, CourierViews couriers, SaveFees save)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var wrong = new List<Refusal>();
        var place = places.Resolve(form["wilaya"], form["commune"]);
        if (!place.Ok) wrong.Add(place.Refusal with { Field = "commune" });
        else if (place.Value.Commune is null) wrong.Add(new("place_unknown", "Name a commune.", "commune"));
        if (wrong.Count == 0)
        {
            var draft = new FeeDraft { WilayaCode = place.Value.WilayaCode, CommuneCode = place.Value.CommuneCode, Home = form["home"].ToString(), Desk = form["desk"].ToString(), Days = form["days"].ToString() };
            var row = draft.ToRow(wrong);
            if (wrong.Count == 0) wrong.AddRange(await save.RunAsync([row], null, http.RequestAborted));
        }
        return wrong.Count == 0 ? Results.Back(http, shop.Link("shipping"), "ui.saved") : Refused(wrong, await ReadAsync(db, places, couriers, null, http.RequestAborted));
    }

    private static async Task<IResult> FillAsync(HttpContext http, Shop shop, OrderClosrDb db, Places places, CourierViews couriers, SaveFees save)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var wrong = new List<Refusal>();
        var values = new FeeDraft { WilayaCode = 1 }.Values(form["home"].ToString(), form["desk"].ToString(), form["days"].ToString(), wrong);
        if (wrong.Count == 0) wrong.AddRange(await save.FillAsync(values, form["only_empty"] == "true", http.RequestAborted));
        return wrong.Count == 0 ? Results.Back(http, shop.Link("shipping"), "ui.saved")
            : Refused([.. wrong.Select(w => w with { Field = "fill" })], await ReadAsync(db, places, couriers, null, http.RequestAborted));
    }

    private static IResult Refused(IReadOnlyList<Refusal> wrong, ShippingView view) => Results.Refused<ShippingPage>(wrong[0], new { View = view, Wrong = wrong });

    private static async Task<ShippingView> ReadAsync(OrderClosrDb db, Places places, CourierViews couriers, string? q, CancellationToken stop)
    {
        var fees = await db.DeliveryFees.AsNoTracking().ToDictionaryAsync(f => (f.WilayaCode, f.CommuneCode), stop);
        var policy = await db.DeliveryPolicies.AsNoTracking().SingleOrDefaultAsync(stop);
        var list = await couriers.ListAsync(stop);
        var billed = await couriers.DefaultBilledAsync(stop);
        var rows = new List<ShippingRow>();
        foreach (var wilaya in places.Wilayas)
        {
            rows.Add(Row(new(wilaya, null), fees.GetValueOrDefault((wilaya.Code, 0))));
            rows.AddRange(fees.Where(f => f.Key.WilayaCode == wilaya.Code && f.Key.CommuneCode != 0).OrderBy(f => f.Key.CommuneCode).Select(f => Row(places.Of(wilaya.Code, f.Key.CommuneCode)!, f.Value)));
        }
        var query = PlainText.Line(q);
        if (query.Length > 0)
        {
            var asked = places.Resolve(query);
            var folded = Folding.Compact(query);
            rows = [.. rows.Where(r => (asked.Ok && r.Draft.WilayaCode == asked.Value.WilayaCode) || Folding.Compact(r.Place.Name).Contains(folded, StringComparison.Ordinal) || Folding.Compact(r.Place.NameAr).Contains(folded, StringComparison.Ordinal))];
        }
        var (freeFrom, notes) = (policy?.FreeFrom?.Digits ?? "", policy?.Notes ?? "");
        return new(rows, freeFrom, notes, query, fees.Count(f => f.Key.CommuneCode == 0))
        {
            FreeFromWas = freeFrom, NotesWas = notes,
            Couriers = list, Follows = billed?.Account.Name, Own = billed is null ? 0 : fees.Values.Count(f => f.FromCourier is null),
        };

        ShippingRow Row(Place place, DeliveryFee? fee) => new(place, FeeDraft.Of(place.WilayaCode, place.CommuneCode, fee))
        {
            Fee = fee, IsOwn = billed is not null && fee is { FromCourier: null }, Billed = billed?.Billed.Of(place.WilayaCode, place.CommuneCode),
        };
    }
}
