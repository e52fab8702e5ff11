using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Web.Api;

namespace OrderClosr.Parcels;

/// <summary>Parcels for a merchant's programs.</summary>
public static class ParcelsApi
{
    public static void MapParcelsApi(this RouteGroupBuilder api)
    {
        api.MapGet("/parcels", ListAsync).Answers<ApiList<ParcelShape>>().WithSummary("Parcels, newest first.");
        api.MapGet("/parcels/{id}", async (string id, OrderClosrDb db, CancellationToken stop) => ApiAnswers.Found(await FindAsync(db, id, stop), "parcel")).Answers<ParcelShape>().WithSummary("One parcel with its events.");
        api.MapGet("/parcels/{id}/label", LabelAsync).Answers<Nothing>().WithSummary("The courier's label as PDF.");
        api.MapPost("/orders/{id}/ship", (string id, HttpContext http, OrderClosrDb db, ShipOrder ship, TimeProvider time) => ApiWrites.WriteAsync<ShipRequest, ParcelShape>(http, async body =>
        {
            var order = ApiAnswers.Id<Order>(id, "order");
            if (!order.Ok) return order.Refusal;
            var account = await CourierAsync(db, body.Courier, http.RequestAborted);
            if (!account.Ok) return account.Refusal;
            var made = await ship.RunAsync(order.Value, account.Value, new(ActorKind.Api, time.GetUtcNow()), http.RequestAborted);
            return made.Ok ? await ShapeAsync(db, made.Value, http.RequestAborted) : made.Refusal;
        })).Takes<ShipRequest>().Answers<ParcelShape>().WithSummary("Books a parcel of a confirmed order with a courier.");
        api.MapPost("/parcels/{id}/cancel", (string id, HttpContext http, OrderClosrDb db, ChangeParcel change, TimeProvider time) => ApiWrites.WriteAsync<Nothing, ParcelShape>(http, async _ =>
        {
            var parcel = ApiAnswers.Id<Parcel>(id, "parcel");
            if (!parcel.Ok) return parcel.Refusal;
            var done = await change.CancelAsync(parcel.Value, new(ActorKind.Api, time.GetUtcNow()), http.RequestAborted);
            return done.Ok ? await ShapeAsync(db, done.Value, http.RequestAborted) : done.Refusal;
        })).Takes<Nothing>().Answers<ParcelShape>().WithSummary("Asks the courier to cancel a parcel.");
    }

    private static async Task<IResult> ListAsync(HttpContext http, string? order_id, string? state, OrderClosrDb db, CancellationToken stop)
    {
        var page = ApiPage.Read(http);
        if (!page.Ok) return Problems.Of(page.Refusal);
        var parcels = db.Parcels.AsNoTracking();
        if (order_id is not null)
        {
            if (!OrderId.TryParse(order_id, null, out var order)) return Problems.Of(new("not_an_id", "This is no id.", "order_id"));
            parcels = parcels.Where(p => p.OrderId == order);
        }
        if (state is not null)
        {
            if (ParcelTransitions.Read(state) is not { } wanted) return Problems.Of(new("state_unknown", "There is no such state.", "state", [.. Enum.GetValues<ParcelState>().Select(ParcelTransitions.Word)]));
            parcels = parcels.Where(p => p.State == wanted);
        }
        var rows = await page.Value.OfAsync(parcels, (all, last) => all.Where(p => p.Id < last), p => p, stop);
        if (!rows.Ok) return Problems.Of(rows.Refusal);
        var ids = rows.Value.Items.Select(p => p.Id).ToList();
        var events = (await db.ParcelEvents.AsNoTracking().Where(e => ids.Contains(e.ParcelId)).ToListAsync(stop)).ToLookup(e => e.ParcelId);
        return ApiAnswers.Of<ApiList<ParcelShape>>(new ApiList<ParcelShape>([.. rows.Value.Items.Select(p => ParcelShape.Of(p, events[p.Id]))], rows.Value.Next));
    }

    private static async Task<ParcelShape?> FindAsync(OrderClosrDb db, string text, CancellationToken stop) =>
        ParcelId.TryParse(text, null, out var id) && await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is { } parcel ? await ShapeAsync(db, parcel, stop) : null;

    private static async Task<ParcelShape> ShapeAsync(OrderClosrDb db, Parcel parcel, CancellationToken stop) =>
        ParcelShape.Of(parcel, await db.ParcelEvents.AsNoTracking().Where(e => e.ParcelId == parcel.Id).ToListAsync(stop));

    /// <summary>The kept file; while there is none it is asked for, and the program comes again.</summary>
    private static async Task<IResult> LabelAsync(string id, OrderClosrDb db, MediaFiles files, Couriers couriers, TimeProvider time, CancellationToken stop)
    {
        if (!ParcelId.TryParse(id, null, out var wanted) || await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == wanted, stop) is not { } parcel) return Problems.Of(Refusal.NotFound("parcel"));
        if (parcel.LabelFile is { } file && files.Open(db.WorkspaceId, file) is { } label) return Results.File(label.Content, label.MediaType, $"{parcel.Reference}.pdf");
        if (couriers.Find(parcel.Courier) is not { Abilities.HasLabels: true }) return Problems.Of(new("no_labels", "This courier gives no labels by its API.", Kind: RefusalKind.Conflict));
        if (parcel.State is ParcelState.Draft or ParcelState.Requested or ParcelState.Cancelled) return Problems.Of(new("not_booked", "It is not booked.", Kind: RefusalKind.Conflict));
        db.Later(new FetchLabel(parcel.AccountId, parcel.Id), time.GetUtcNow());
        await db.SaveChangesAsync(stop);
        return Problems.Of(new("label_not_ready", "The label is being fetched: ask again in some seconds.", Kind: RefusalKind.Conflict));
    }

    /// <summary>An account by the courier's name (the default one, where there are two) or by its id.</summary>
    private static async Task<Result<CourierAccountId?>> CourierAsync(OrderClosrDb db, string? courier, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(courier)) return (CourierAccountId?)null;
        var name = courier.Trim().ToLowerInvariant();
        var accounts = await db.CourierAccounts.AsNoTracking().Where(a => a.State != CourierState.Disconnected).OrderByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop);
        if (CourierAccountId.TryParse(name, null, out var id) && accounts.Exists(a => a.Id == id)) return (CourierAccountId?)id;
        return accounts.Find(a => a.Courier == name) is { } found ? (CourierAccountId?)found.Id : new Refusal("courier_unknown", "No such courier is connected.", "courier", [.. accounts.Select(a => a.Courier).Distinct()]);
    }
}

/// <summary>With which courier; empty: by the merchant's rules.</summary>
public sealed record ShipRequest(string? Courier = null);

/// <summary>A parcel as the API says it.</summary>
public sealed record ParcelShape
{
    public required ParcelId Id { get; init; }
    public required OrderId OrderId { get; init; }
    public required string Courier { get; init; }
    public required string Reference { get; init; }
    public required string? Tracking { get; init; }
    public required ParcelState State { get; init; }

    /// <summary>The courier's own label.</summary>
    public required string? RawState { get; init; }
    public required CashState CashState { get; init; }
    public required Dinars ToCollect { get; init; }
    public required Dinars? Collected { get; init; }

    /// <summary>Where its label is fetched with the same key; null while there is none.</summary>
    public required string? LabelUrl { get; init; }

    /// <summary>Why it waits for a person, and what may be meant instead.</summary>
    public required ParcelTroubleShape? Trouble { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required IReadOnlyList<ParcelEventShape> Events { get; init; }

    internal static ParcelShape Of(Parcel parcel, IEnumerable<ParcelEvent> events) => new()
    {
        Id = parcel.Id, OrderId = parcel.OrderId, Courier = parcel.Courier, Reference = parcel.Reference, Tracking = parcel.Tracking, State = parcel.State, RawState = parcel.Raw, CashState = parcel.CashState,
        ToCollect = parcel.ToCollect, Collected = parcel.Collected, LabelUrl = parcel.LabelFile is null ? null : $"/api/v1/parcels/{parcel.Id}/label",
        Trouble = parcel.Trouble is { } trouble ? new(trouble, parcel.TroubleWords ?? "", parcel.Suggestions) : null, CreatedAt = parcel.CreatedAt,
        Events = [.. events.OrderBy(e => e.At).ThenBy(e => e.Id).Select(e => new ParcelEventShape(e.At, StateOf(e), e.Raw.Length > 0 ? e.Raw : null, e.Reason))],
    };

    /// <summary>A word that came late is told as what it said then, not as how the parcel stood when it was heard.</summary>
    private static ParcelState StateOf(ParcelEvent e) => e.Effect == EventEffect.Moved ? e.State : ParcelTransitions.Meaning(e.Movement, e.From) ?? e.State;
}

/// <summary>What a person must settle.</summary>
public sealed record ParcelTroubleShape(string Code, string Words, IReadOnlyList<string> Suggestions);

/// <summary>One line of a parcel's story.</summary>
public sealed record ParcelEventShape(DateTimeOffset At, ParcelState State, string? Raw, string? Reason);
