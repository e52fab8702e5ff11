using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels.Pages;
using OrderClosr.Shipping;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels;

/// <summary><c>/parcels</c>: the board, sending many off, the story of one with what a person can do.</summary>
public static class ParcelsPages
{
    public static void MapParcelsPages(this RouteGroupBuilder workspace)
    {
        var parcels = workspace.MapGroup("/parcels").Needs(Capability.SeeParcels);
        parcels.MapGet("", BoardAsync);
        parcels.MapGroup("").Needs(Capability.MoveParcels).MapGet("/ship", (string? order, ShipPageParts parts, CancellationToken stop) => parts.ChooseAsync(OrderId.TryParse(order, null, out var id) ? [id] : [], null, stop));
        parcels.MapGet("/ship/{batch}", async (Id<ShipBatch> batch, ShipPageParts parts, CancellationToken stop) => await parts.BatchAsync(batch, stop));
        parcels.MapGet("/{id}", (ParcelId id, ParcelPageParts parts, CancellationToken stop) => parts.OneAsync(id, null, stop));
        parcels.MapGet("/{id}/label", LabelAsync);

        var change = parcels.MapGroup("").Needs(Capability.MoveParcels);
        change.MapPost("/ship/preview", PreviewAsync);
        change.MapPost("/ship", ShipAsync);
        Do(change, "again", "parcels.asked_again", async (id, c) => (await c.Of<ShipOrder>().AgainAsync(id, CourierAccountId.TryParse(c.Form["courier"], null, out var account) ? account : null, c.Cause, c.Stop)).Refusal);
        Do(change, "cancel", "parcels.cancel_done", async (id, c) => (await c.Of<ChangeParcel>().CancelAsync(id, c.Cause, c.Stop)).Refusal);
        Do(change, "ready", "parcels.ready_done", async (id, c) => (await c.Of<ChangeParcel>().ReleaseAsync(id, c.Cause, c.Stop)).Refusal);
        Do(change, "handed", "parcels.handed_done", async (id, c) => (await c.Of<HandOver>().RunAsync(id, null, c.Cause, c.Stop)).Refusal);
        Do(change, "undo", "parcels.undo_done", async (id, c) => (await c.Of<HandOver>().UndoAsync(id, c.Cause, c.Stop)).Refusal);
        Do(change, "tracking", "ui.saved", async (id, c) => (await c.Of<ChangeParcel>().SetTrackingAsync(id, c.Form["tracking"], c.Cause, c.Stop)).Refusal);
        Do(change, "settle", "ui.saved", async (id, c) => (await c.Of<ChangeParcel>().SettleAsync(id, c.Cause, c.Stop, c.Form["mark"])).Refusal);
        Do(change, "place", "ui.saved", PlaceAsync);
        Do(change, "means", "ui.saved", async (id, c) =>
            (await c.Of<ReadStatus>().RunAsync(id, ReadStatus.Meanings.FirstOrDefault(m => m.Word() == c.Form["means"], Movement.Unknown), c.Form["always"] == "true", c.Cause, c.Stop)).Refusal);
        Do(change, "correct", "parcels.corrected", CorrectAsync);
        Do(change, "label", "parcels.label_asked", FetchLabelAsync);
    }

    private sealed record Call(HttpContext Http, IFormCollection Form, Parcel Parcel, Cause Cause)
    {
        internal CancellationToken Stop => Http.RequestAborted;
        internal T Of<T>() where T : notnull => Http.RequestServices.GetRequiredService<T>();
    }

    private static void Do(RouteGroupBuilder group, string verb, string said, Func<ParcelId, Call, Task<Refusal?>> act) =>
        group.MapPost($"/{{id}}/{verb}", async (ParcelId id, HttpContext http, OrderClosrDb db, ParcelPageParts parts, Shop shop, TimeProvider time) =>
        {
            if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, http.RequestAborted) is not { } parcel) return Results.NotFound();
            var call = new Call(http, await http.Request.ReadFormAsync(http.RequestAborted), parcel, new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId));
            // "Not found" of something that the form names is not the parcel's own.
            return await act(id, call) is { } refusal ? await parts.OneAsync(id, refusal.Kind == RefusalKind.NotFound ? refusal with { Kind = RefusalKind.Invalid } : refusal, http.RequestAborted) : Results.Back(http, shop.Link($"parcels/{id}"), said);
        });

    private static async Task<IResult> BoardAsync(string? state, string? q, string? courier, string? wilaya, string? age, string? before, OrderClosrDb db, BoardViews views, RescueQueue rescues, CancellationToken stop)
    {
        var trouble = state == "trouble";
        var only = ParcelTransitions.Read(state);
        if (!string.IsNullOrEmpty(state) && !trouble && only is null) return Results.NotFound();
        int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 10_000 ? number : null;
        var filter = new BoardFilter(only, trouble, string.IsNullOrWhiteSpace(q) ? null : OneLine.Of(q.Length > 100 ? q[..100] : q), CourierAccountId.TryParse(courier, null, out var account) ? account : null, Number(wilaya), Number(age));
        ParcelId? last = ParcelId.TryParse(before, null, out var id) ? id : null;
        var counts = await views.CountsAsync(filter, stop);
        return Results.Page<BoardPage>(new
        {
            Rows = await views.ListAsync(filter, last, stop), counts.States, counts.Trouble, counts.ToShip, Filter = filter, Before = last, Saved = await rescues.SavedAsync(stop),
            Couriers = await db.CourierAccounts.AsNoTracking().OrderBy(a => a.State == CourierState.Disconnected).ThenBy(a => a.ConnectedAt).ToListAsync(stop),
        });
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, ShipPageParts parts)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var orders = form["order"].Select(o => OrderId.TryParse(o, null, out var id) ? id : default).Where(o => o != default).Distinct().ToList();
        return await parts.PreviewAsync(orders, CourierAccountId.TryParse(form["courier"], null, out var account) ? account : null, http.RequestAborted);
    }

    private static async Task<IResult> ShipAsync(HttpContext http, ShipMany ship, ShipPageParts parts, Shop shop)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var rows = form["order"].Select(o => OrderId.TryParse(o, null, out var id) ? id : default).Where(o => o != default)
            .Select(o => new ShipRow(o, CourierAccountId.TryParse(form[$"courier.{o}"], null, out var account) ? account : null)).ToList();
        var batch = await ship.BeginAsync(rows, shop.AccountId, http.RequestAborted);
        return batch.Ok ? Results.Back(http, shop.Link($"parcels/ship/{batch.Value.Id}")) : await parts.ChooseAsync([.. rows.Select(r => r.Order)], batch.Refusal, http.RequestAborted);
    }

    private static async Task<Refusal?> PlaceAsync(ParcelId id, Call c)
    {
        if (!Id<CourierPlace>.TryParse(c.Form["commune"], null, out var commune)) return new("commune_missing", "Choose a commune.", "commune");
        return (await c.Of<ChangeParcel>().SendToAsync(id, commune, Id<CourierPlace>.TryParse(c.Form["desk"], null, out var desk) ? desk : null, c.Cause, c.Stop)).Refusal;
    }

    /// <summary>Through the order, so that parcel, order and customer's chat say the same.</summary>
    private static async Task<Refusal?> CorrectAsync(ParcelId id, Call c)
    {
        var desk = c.Form["desk"].ToString();
        int? seen = int.TryParse(c.Form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
        string? Sent(string field) => c.Form.ContainsKey(field) ? c.Form[field].ToString() : null;
        // On its way: exactly what the courier still takes.
        if (c.Of<Couriers>().Find(c.Parcel.Courier) is { } courier && CorrectLater.FieldsOf(c.Parcel, courier.Abilities) != ParcelFields.None)
            return (await c.Of<CorrectLater>().RunAsync(id, new(Sent("phone") is { Length: > 0 } number ? number : null, Sent("second_phone"), Sent("address"), Sent("desk")), seen, c.Cause, c.Stop)).Refusal;
        var change = new DraftChange
        {
            Phone = c.Form["phone"].ToString() is { Length: > 0 } phone ? phone : null, SecondPhone = c.Form.ContainsKey("second_phone") ? c.Form["second_phone"].ToString() : null,
            Address = c.Form.ContainsKey("address") ? c.Form["address"].ToString() : null, IgnoresFloor = true,
            Delivery = !c.Form.ContainsKey("desk") ? null : desk.Length > 0 ? Delivery.Desk : Delivery.Home, Desk = desk.Length > 0 ? desk : null,
        };
        return (await c.Of<ChangeOrder>().RunAsync(c.Parcel.OrderId, change, seen, c.Cause, c.Stop)).Refusal;
    }

    private static async Task<Refusal?> FetchLabelAsync(ParcelId id, Call c)
    {
        if (c.Of<Couriers>().Find(c.Parcel.Courier) is not { Abilities.HasLabels: true }) return new("no_labels", "This courier gives no labels by its API.", Kind: RefusalKind.Conflict);
        if (c.Parcel.State is ParcelState.Draft or ParcelState.Requested or ParcelState.Cancelled) return new("not_booked", "It is not booked.", Kind: RefusalKind.Conflict);
        var db = c.Of<OrderClosrDb>();
        if (c.Parcel.LabelFile is null) db.Later(new FetchLabel(c.Parcel.AccountId, id), c.Cause.At);
        await db.SaveChangesAsync(c.Stop);
        return null;
    }

    private static async Task<IResult> LabelAsync(ParcelId id, OrderClosrDb db, MediaFiles files, HttpContext http, Shop shop)
    {
        if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, http.RequestAborted) is not { } parcel) return Results.NotFound();
        return parcel.LabelFile is { } file && files.Open(db.WorkspaceId, file) is { } label ? Results.Stream(label.Content, label.MediaType) : Results.Back(http, shop.Link($"parcels/{id}"), "parcels.label_none");
    }
}

/// <summary>Reads the page of one parcel.</summary>
public sealed class ParcelPageParts(ParcelSheets sheets)
{
    public async Task<IResult> OneAsync(ParcelId id, Refusal? refusal, CancellationToken stop) => await sheets.FindAsync(id, stop) is not { } sheet ? Results.NotFound()
        : Results.Page<ParcelPage>(new { Sheet = sheet, Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
}

/// <summary>One order as it would be sent off.</summary>
/// <param name="Chosen">The courier that takes it as things stand.</param>
/// <param name="Problem">What a person will have to settle.</param>
public sealed record ShipPreview(Order Order, string Where, IReadOnlyList<CourierOffer> Offers, CourierAccountId? Chosen, Dinars? Fee, Refusal? Problem, bool IsDown);

/// <summary>Reads the pages of sending off.</summary>
public sealed class ShipPageParts(OrderClosrDb db, Choosing choosing, Places places)
{
    private const int Shown = 200;

    /// <summary>Orders to choose from.</summary>
    public async Task<IResult> ChooseAsync(IReadOnlyList<OrderId> picked, Refusal? refusal, CancellationToken stop)
    {
        var open = BoardViews.ToShip(db);
        var orders = await open.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).AsSplitQuery().OrderBy(o => o.ConfirmedAt).ThenBy(o => o.Id).Take(Shown).ToListAsync(stop);
        return Results.Page<ShipPage>(new
        {
            Orders = orders, Picked = (IReadOnlySet<OrderId>)picked.ToHashSet(), More = orders.Count < Shown ? 0 : await open.CountAsync(stop) - Shown, Refusal = refusal,
            Couriers = await db.CourierAccounts.AsNoTracking().Where(a => a.State != CourierState.Disconnected).OrderByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop),
        }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }

    /// <summary>What it will cost and what stands in the way, before anything is written.</summary>
    public async Task<IResult> PreviewAsync(IReadOnlyList<OrderId> ids, CourierAccountId? wanted, CancellationToken stop)
    {
        var orders = await db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => ids.Contains(o.Id) && o.Number > 0).OrderBy(o => o.Number).Take(Shown).ToListAsync(stop);
        if (orders.Count == 0) return await ChooseAsync([], new("nothing_chosen", "Choose at least one order.", "order"), stop);
        var rows = new List<ShipPreview>();
        foreach (var order in orders)
        {
            var offers = await choosing.CompareAsync(order, stop);
            var choice = await choosing.ChooseAsync(order, wanted, stop);
            var chosen = choice.Ok ? choice.Value.Account.Id : (CourierAccountId?)null;
            var offer = offers.FirstOrDefault(o => o.Account.Id == chosen);
            var problem = !choice.Ok ? choice.Refusal : order.State != OrderState.Confirmed ? new("order_not_confirmed", "Only a confirmed order is shipped.") : offer?.No
                ?? (order.Phone is not { IsAlgerian: true } ? new Refusal(BookingCodes.Phone, "A courier calls Algerian numbers only.") : null);
            var place = places.Of(order.WilayaCode, order.CommuneCode);
            rows.Add(new(order, Languages.Current == "ar" ? place?.NameAr ?? "" : place?.Name ?? "", offers, chosen, offer?.Fee, problem, offer?.IsDown == true));
        }
        return Results.Page<ShipPreviewPage>(new { Rows = (IReadOnlyList<ShipPreview>)[.. rows.OrderBy(r => r.Problem is null)] });
    }

    /// <summary>How a batch goes on.</summary>
    public async Task<IResult> BatchAsync(Id<ShipBatch> id, CancellationToken stop)
    {
        if (await db.ShipBatches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id, stop) is not { } batch) return Results.NotFound();
        var ids = batch.Rows.Select(r => r.Order).ToList();
        var orders = await db.Orders.AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, stop);
        var parcels = (await db.Parcels.AsNoTracking().Where(p => ids.Contains(p.OrderId)).ToListAsync(stop)).GroupBy(p => p.OrderId).ToDictionary(g => g.Key, g => g.MaxBy(p => p.Sequence)!);
        var names = await db.CourierAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        var rows = batch.Rows.Where(r => orders.ContainsKey(r.Order)).Select((r, n) =>
        {
            var parcel = r.No is null && n < batch.Done ? parcels.GetValueOrDefault(r.Order) : null;
            var account = parcel?.AccountId ?? r.Courier;
            return new BatchPage.BatchRow(orders[r.Order], account is { } a ? names.GetValueOrDefault(a, "") : "", parcel, r.No is { } no ? new(no, r.Words ?? no) : null);
        });
        return Results.Page<BatchPage>(new { Batch = batch, Rows = (IReadOnlyList<BatchPage.BatchRow>)[.. rows] });
    }
}
