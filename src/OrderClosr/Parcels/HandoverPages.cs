using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels.Pages;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels;

/// <summary>Paper and door: labels to print, parcels to hand to the driver.</summary>
public static class HandoverPages
{
    public static void MapHandoverPages(this RouteGroupBuilder workspace)
    {
        var parcels = workspace.MapGroup("/parcels").Needs(Capability.SeeParcels);
        parcels.MapGet("/labels", (string? batch, HandoverParts parts, CancellationToken stop) => parts.LabelsAsync(batch, null, stop));
        parcels.MapGet("/labels/{print}", (Id<LabelPrint> print, HandoverParts parts, CancellationToken stop) => parts.PrintAsync(print, stop));
        parcels.MapGet("/labels/{print}/file", FileAsync);
        parcels.MapGet("/pickup", (string? courier, HandoverParts parts, CancellationToken stop) => parts.PickupAsync(AccountOf(courier), null, stop));

        parcels.MapGet("/returns", (string? code, HandoverParts parts, CancellationToken stop) => parts.ReturnsAsync(code, null, stop));

        var change = parcels.MapGroup("").Needs(Capability.MoveParcels);
        change.MapPost("/{id}/taken-back", async Task<IResult> (ParcelId id, HttpContext http, OrderClosrDb db, TakeBack back, HandoverParts parts, Shop shop, TimeProvider time) =>
        {
            var stop = http.RequestAborted;
            if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is not { } parcel) return Results.NotFound();
            var form = await http.Request.ReadFormAsync(stop);
            var done = await back.RunAsync(id, GoodPieces.Read(form), new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId), stop);
            return done.Ok ? Results.Back(http, shop.Link("parcels/returns"), "parcels.returns_done") : await parts.ReturnsAsync(parcel.Reference, done.Refusal.Kind == RefusalKind.NotFound ? done.Refusal with { Kind = RefusalKind.Invalid } : done.Refusal, stop);
        });
        change.MapPost("/labels", async (HttpContext http, PrintLabels labels, HandoverParts parts, Shop shop) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var chosen = form["parcel"].Select(p => ParcelId.TryParse(p, null, out var id) ? id : default).Where(p => p != default).ToList();
            var print = await labels.BeginAsync(chosen, form["format"] == "a4" ? LabelFormat.A4 : LabelFormat.A6, shop.AccountId, http.RequestAborted);
            return print.Ok ? Results.Back(http, shop.Link($"parcels/labels/{print.Value.Id}")) : await parts.LabelsAsync(null, print.Refusal, http.RequestAborted);
        });
        change.MapPost("/pickup", async (HttpContext http, HandOver hand, HandoverParts parts, Shop shop, TimeProvider time) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var (code, only) = (form["code"].ToString(), AccountOf(form["courier"]));
            var found = await hand.FindAsync(code, only, http.RequestAborted);
            var done = await hand.RunAsync(code, only, new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId), http.RequestAborted);
            var said = await parts.SaidAsync(code, done.Ok ? "parcels.scan_handed" : $"parcels.refusal.{done.Refusal.Code}", done.Ok ? "ok" : done.Refusal.Code == "already_handed" ? "again" : "bad", done.Ok ? done.Value : found is [var one] ? one : null, http.RequestAborted);
            // Said on the page itself, so that a reader's next code follows at once.
            return await parts.PickupAsync(only, said, http.RequestAborted);
        });
        change.MapPost("/pickup/undo", async (HttpContext http, HandOver hand, Shop shop, TimeProvider time) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var back = shop.Link(AccountOf(form["courier"]) is { } only ? $"parcels/pickup?courier={only}" : "parcels/pickup");
            if (!ParcelId.TryParse(form["parcel"], null, out var id)) return Results.Back(http, back);
            var undone = await hand.UndoAsync(id, new(ActorKind.Member, time.GetUtcNow(), AccountId: shop.AccountId), http.RequestAborted);
            return undone.Refusal is { Kind: RefusalKind.NotFound } ? Results.NotFound() : Results.Back(http, back, undone.Ok ? "parcels.undo_done" : "parcels.undo_late");
        });
    }

    private static CourierAccountId? AccountOf(string? text) => CourierAccountId.TryParse(text, null, out var account) ? account : null;

    private static async Task<IResult> FileAsync(Id<LabelPrint> print, OrderClosrDb db, MediaFiles files, HttpContext http, Shop shop)
    {
        if (await db.LabelPrints.AsNoTracking().SingleOrDefaultAsync(p => p.Id == print, http.RequestAborted) is not { } row) return Results.NotFound();
        return row.File is { } file && files.Open(db.WorkspaceId, file) is { } pdf ? Results.Stream(pdf.Content, pdf.MediaType) : Results.Back(http, shop.Link($"parcels/labels/{print}"), "parcels.print_nothing");
    }
}

/// <summary>What a scan was.</summary>
/// <param name="Key">The words.</param>
/// <param name="Sound"><c>ok</c>, <c>again</c> or <c>bad</c>.</param>
public sealed record ScanSaid(string Code, string Key, string Sound, Parcel? Parcel, string Name, string Courier);

/// <summary>Reads the pages of labels and of the driver.</summary>
public sealed class HandoverParts(OrderClosrDb db, BoardViews views, HandOver hand, TimeProvider time)
{
    private const int Shown = 300, Prints = 10;

    /// <summary>Labels to choose from: what has not left yet.</summary>
    /// <param name="batch">Those of a batch, chosen already.</param>
    public async Task<IResult> LabelsAsync(string? batch, Refusal? refusal, CancellationToken stop)
    {
        IReadOnlySet<ParcelId>? chosen = null;
        var parcels = db.Parcels.AsNoTracking().Where(p => p.State == ParcelState.Registered || p.State == ParcelState.ReadyToShip);
        if (Id<ShipBatch>.TryParse(batch, null, out var id) && await db.ShipBatches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id, stop) is { } of)
        {
            var orders = of.Rows.Select(r => r.Order).ToList();
            chosen = await db.Parcels.Where(p => orders.Contains(p.OrderId)).Select(p => p.Id).ToHashSetAsync(stop);
        }
        return Results.Page<LabelsPage>(new
        {
            Rows = await views.RowsAsync(await parcels.OrderBy(p => p.PrintedAt != null).ThenByDescending(p => p.Id).Take(Shown).ToListAsync(stop), stop), Chosen = chosen, Refusal = refusal,
            Prints = await db.LabelPrints.AsNoTracking().OrderByDescending(p => p.Id).Take(Prints).ToListAsync(stop),
        }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }

    public async Task<IResult> PrintAsync(Id<LabelPrint> id, CancellationToken stop)
    {
        if (await db.LabelPrints.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is not { } print) return Results.NotFound();
        var missing = print.Gaps.Select(g => g.Parcel).ToList();
        var rows = await views.RowsAsync(await db.Parcels.AsNoTracking().Where(p => missing.Contains(p.Id)).ToListAsync(stop), stop);
        return Results.Page<PrintPage>(new { Print = print, Gaps = (IReadOnlyList<(BoardRow, string)>)[.. rows.Select(r => (r, print.Gaps.First(g => g.Parcel == r.Parcel.Id).Code))] });
    }

    /// <summary>What is still here and what was handed over in the last hours.</summary>
    public async Task<IResult> PickupAsync(CourierAccountId? only, ScanSaid? said, CancellationToken stop)
    {
        var from = time.GetUtcNow() - HandOver.UndoFor;
        var here = db.Parcels.AsNoTracking().Where(p => (p.State == ParcelState.Registered || p.State == ParcelState.ReadyToShip) && p.CancelAskedAt == null);
        var handed = db.Parcels.AsNoTracking().Where(p => p.State == ParcelState.PickedUp && p.StateAt >= from && db.Set<ParcelEvent>().Any(e => e.ParcelId == p.Id && e.State == ParcelState.PickedUp && e.Actor == ActorKind.Member));
        var waiting = await here.GroupBy(p => p.AccountId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);
        if (only is { } account) (here, handed) = (here.Where(p => p.AccountId == account), handed.Where(p => p.AccountId == account));
        return Results.Page<PickupPage>(new
        {
            Rows = await views.RowsAsync(await here.OrderBy(p => p.Id).Take(Shown).ToListAsync(stop), stop), Handed = await views.RowsAsync(await handed.OrderByDescending(p => p.StateAt).Take(Shown).ToListAsync(stop), stop),
            Couriers = await db.CourierAccounts.AsNoTracking().Where(a => a.State != CourierState.Disconnected).OrderByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop),
            Waiting = waiting, Only = only, Said = said,
        });
    }

    /// <summary>What comes back, and the scanned one to look into.</summary>
    public async Task<IResult> ReturnsAsync(string? code, Refusal? refusal, CancellationToken stop)
    {
        var open = await db.Parcels.AsNoTracking().Where(p => p.State == ParcelState.Returning || (p.State == ParcelState.Returned && p.TakenBackAt == null)
            || (p.State == ParcelState.Delivered && p.IsExchange && db.Set<Exchange>().Any(e => e.NewOrderId == p.OrderId && e.TakenBackAt == null))).OrderByDescending(p => p.State).ThenBy(p => p.Id).Take(Shown).ToListAsync(stop);
        BoardRow? found = null;
        Exchange? exchange = null;
        IReadOnlyDictionary<Id<OrderLine>, int> taken = new Dictionary<Id<OrderLine>, int>();
        ScanSaid? said = null;
        if (!string.IsNullOrWhiteSpace(code))
        {
            var all = await hand.FindAsync(code, null, stop);
            var parcel = all.Count == 1 ? all[0] : null;
            var no = all.Count > 1 ? "scan_ambiguous" : parcel is null ? "scan_unknown" : parcel.TakenBackAt is not null ? "already_taken_back"
                : parcel.State is ParcelState.Draft or ParcelState.Requested or ParcelState.Registered or ParcelState.ReadyToShip or ParcelState.Cancelled ? "never_left" : null;
            if (no is null)
            {
                found = (await views.RowsAsync([parcel!], stop))[0];
                // Delivered, and it brings the old goods: those are what is in the hand.
                if (parcel is { State: ParcelState.Delivered, IsExchange: true }) exchange = await db.Exchanges.AsNoTracking().SingleOrDefaultAsync(e => e.NewOrderId == parcel.OrderId && e.TakenBackAt == null, stop);
                taken = ExchangedPieces.Taken(await db.ExchangesOfAsync(parcel!.OrderId, stop));
            }
            else said = await SaidAsync(code, $"parcels.refusal.{no}", no == "already_taken_back" ? "again" : "bad", parcel, stop);
        }
        return Results.Page<ReturnsPage>(new { Rows = await views.RowsAsync(open, stop), Found = found, Exchange = exchange, Taken = taken, Said = said, Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }

    /// <summary>A scan's answer with whose parcel it is.</summary>
    public async Task<ScanSaid> SaidAsync(string code, string key, string sound, Parcel? parcel, CancellationToken stop)
    {
        var text = OneLine.Of(code.Length > 80 ? code[..80] : code);
        if (parcel is null) return new(text, key, sound, null, "", "");
        var row = await views.RowsAsync([parcel], stop) is [var one, ..] ? one : null;
        return new(text, key, sound, parcel, row?.Order.Name ?? "", row?.Courier ?? parcel.Courier);
    }
}
