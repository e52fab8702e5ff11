using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Orders.Pages;
using OrderClosr.Parcels.Pages;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels;

/// <summary><c>/parcels/{id}/exchange</c>: makes an exchange; what comes back is confirmed, money that goes back is ticked off.</summary>
public static class ExchangePages
{
    public static void MapExchangePages(this RouteGroupBuilder workspace)
    {
        var parcels = workspace.MapGroup("/parcels").Needs(Capability.MoveParcels);
        parcels.MapGet("/{id}/exchange", (ParcelId id, ExchangeParts parts, CancellationToken stop) => parts.MakeAsync(id, null, null, stop));
        parcels.MapPost("/{id}/exchange/preview", async (ParcelId id, HttpContext http, MakeExchange make) =>
        {
            var tried = await make.TryAsync(id, Read(await http.Request.ReadFormAsync(http.RequestAborted)), http.RequestAborted);
            return tried.Refusal is { Kind: RefusalKind.NotFound } ? Results.NotFound() : Results.Page<ExchangeSum>(new { Order = tried.Ok ? tried.Value : null, tried.Refusal });
        });
        parcels.MapPost("/{id}/exchange", async (ParcelId id, HttpContext http, MakeExchange make, ExchangeParts parts, Shop shop, TimeProvider time) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var made = await make.RunAsync(id, Read(form), new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId), http.RequestAborted);
            return made.Ok ? Results.Back(http, shop.Link($"orders/{made.Value.NewOrderId}"), "exchanges.made") : await parts.MakeAsync(id, form, made.Refusal, http.RequestAborted);
        });
        parcels.MapPost("/exchanges/{id}/given-back", async (Id<Exchange> id, HttpContext http, MakeExchange make, Shop shop, TimeProvider time) =>
        {
            var done = await make.GiveBackAsync(id, new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId), http.RequestAborted);
            return done.Refusal is { Kind: RefusalKind.NotFound } ? Results.NotFound() : done.Ok ? Results.Back(http, shop.Link($"orders/{done.Value.NewOrderId}"), "exchanges.given_done") : Results.Back(http, shop.Link("parcels"), "exchanges.given_none");
        });
        parcels.MapPost("/exchanges/{id}/taken-back", async Task<IResult> (Id<Exchange> id, HttpContext http, TakeBackExchange back, HandoverParts parts, OrderClosrDb db, Shop shop, TimeProvider time) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var done = await back.RunAsync(id, GoodPieces.Read(form), new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId), http.RequestAborted);
            if (done.Ok) return Results.Back(http, form["code"].ToString().Length > 0 ? shop.Link("parcels/returns") : shop.Link($"orders/{done.Value.NewOrderId}"), "parcels.returns_done");
            if (done.Refusal.Kind == RefusalKind.NotFound) return Results.NotFound();
            var of = await db.Exchanges.AsNoTracking().Where(e => e.Id == id).Select(e => e.NewOrderId).SingleAsync(http.RequestAborted);
            var code = await db.Parcels.AsNoTracking().Where(p => p.OrderId == of).OrderByDescending(p => p.Sequence).Select(p => p.Reference).FirstOrDefaultAsync(http.RequestAborted);
            return await parts.ReturnsAsync(code, done.Refusal, http.RequestAborted);
        });
    }

    internal static ExchangeWish Read(IFormCollection form) => new(GoodPieces.Read(form, "back."), OrderForm.Read(form).Change().Items ?? [], form["reason"].ToString() is { Length: > 0 } reason ? reason : null, form["note"], form["shop_pays"] == "true",
        CourierAccountId.TryParse(form["courier"], null, out var courier) ? courier : null, int.TryParse(form["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : -1);
}

/// <summary>Reads the page that makes an exchange.</summary>
public sealed class ExchangeParts(OrderClosrDb db, Couriers couriers, MakeExchange make, OrderPageParts orders)
{
    /// <param name="form">As it was sent before it was refused.</param>
    public async Task<IResult> MakeAsync(ParcelId id, IFormCollection? form, Refusal? refusal, CancellationToken stop)
    {
        if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is not { } parcel) return Results.NotFound();
        if (await db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).SingleOrDefaultAsync(o => o.Id == parcel.OrderId, stop) is not { } order) return Results.NotFound();
        var earlier = await db.ExchangesOfAsync(order.Id, stop);
        var wish = form is null ? null : ExchangePages.Read(form);
        var tried = wish is null ? default : await make.TryAsync(id, wish, stop);
        refusal ??= parcel.State == ParcelState.Delivered ? null : new("not_delivered", "Only what was delivered is exchanged.", Kind: RefusalKind.Conflict);
        return Results.Page<ExchangePage>(new
        {
            Parcel = parcel, Order = order, Taken = ExchangedPieces.Taken(earlier), Seen = earlier.Count, Choices = await orders.ChoicesAsync(0, stop), Refusal = refusal,
            Couriers = (IReadOnlyList<(CourierAccount, ExchangeWay)>)[.. (await db.CourierAccounts.AsNoTracking().Where(a => a.State != CourierState.Disconnected).OrderByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop))
                .Select(a => (a, couriers.Find(a.Courier)?.Abilities.Exchange ?? default))],
            Back = wish?.Back ?? new Dictionary<Id<OrderLine>, int>(), Out = form is null ? new OrderForm() : OrderForm.Read(form), Reason = wish?.Reason ?? "", Note = wish?.Note ?? "", Courier = wish?.Courier is { } courier ? $"{courier}" : "",
            ShopPays = wish?.ShopPaysDelivery ?? false, Sum = wish is not null && tried.Ok ? tried.Value : null,
        }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }
}
