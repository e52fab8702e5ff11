using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Parcels given to the courier's driver, by scan; undone by whoever scanned too much.</summary>
public sealed class HandOver(OrderClosrDb db, Moving moving)
{
    /// <summary>Until when a scan can be taken back.</summary>
    public static readonly TimeSpan UndoFor = TimeSpan.FromHours(12);

    /// <summary>A reader's or a camera's text: the tracking, our reference, the courier's id, or a longer code that holds one of them as a whole word.</summary>
    /// <returns>Those it may be; more than one only where two couriers use the same number for parcels that wait.</returns>
    public async Task<IReadOnlyList<Parcel>> FindAsync(string? code, CourierAccountId? only, CancellationToken stop)
    {
        var words = WordsOf(code);
        if (words.Count == 0) return [];
#pragma warning disable CA1304, CA1311 // becomes the database's upper(): there is no culture in it
        var found = await db.Parcels.AsNoTracking().Where(p => (p.Tracking != null && words.Contains(p.Tracking.ToUpper())) || words.Contains(p.Reference) || (p.TheirId != null && words.Contains(p.TheirId.ToUpper()))).ToListAsync(stop);
#pragma warning restore CA1304, CA1311
        if (only is { } account && found.Exists(p => p.AccountId == account)) found = found.FindAll(p => p.AccountId == account);
        // A number that came again: the parcel that still waits is meant.
        var waiting = found.FindAll(p => p.State is ParcelState.Registered or ParcelState.ReadyToShip);
        return waiting.Count > 0 ? waiting : [.. found.OrderBy(p => p.IsOpen ? 0 : 1).ThenByDescending(p => p.Id).Take(1)];
    }

    /// <summary>The parcel is with the driver. Refused: <c>scan_unknown, scan_ambiguous, already_handed, scan_cancelled, scan_not_booked, other_courier, scan_finished</c>.</summary>
    /// <param name="only">The driver's courier; null: any.</param>
    public async Task<Result<Parcel>> RunAsync(string? code, CourierAccountId? only, Cause cause, CancellationToken stop) => await FindAsync(code, only, stop) switch
    {
        [] => new Refusal("scan_unknown", "No parcel has this code.", "code", Kind: RefusalKind.NotFound),
        [var one] => await RunAsync(one.Id, only, cause, stop),
        _ => new Refusal("scan_ambiguous", "Two couriers use this number: choose the courier first.", "code", Kind: RefusalKind.Conflict),
    };

    /// <inheritdoc cref="RunAsync(string?, CourierAccountId?, Cause, CancellationToken)"/>
    public Task<Result<Parcel>> RunAsync(ParcelId id, CourierAccountId? only, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (only is { } account && parcel.AccountId != account) return new Refusal("other_courier", "This parcel goes with another courier.", "code", Kind: RefusalKind.Conflict);
        switch (parcel.State)
        {
            case ParcelState.Draft or ParcelState.Requested: return new Refusal("scan_not_booked", "It is not booked yet.", "code", Kind: RefusalKind.Conflict);
            case ParcelState.Cancelled: return new Refusal("scan_cancelled", "It was cancelled: keep it here.", "code", Kind: RefusalKind.Conflict);
            case ParcelState.Delivered or ParcelState.Returned or ParcelState.LostOrDamaged or ParcelState.Returning: return new Refusal("scan_finished", "It was sent off long ago.", "code", Kind: RefusalKind.Conflict);
            case not (ParcelState.Registered or ParcelState.ReadyToShip): return new Refusal("already_handed", "It was handed over already.", "code", Kind: RefusalKind.Conflict);
        }
        if (parcel.CancelAskedAt is not null) return new Refusal("scan_cancelled", "It is being cancelled: keep it here.", "code", Kind: RefusalKind.Conflict);
        if (await moving.MoveAsync(parcel, ParcelState.PickedUp, cause with { Reason = null }, stop) is { } no) return no;
        await db.SaveChangesAsync(stop);
        return parcel;
    }, stop);

    /// <summary>It was not handed over after all: back to where it stood, while the courier itself has said nothing.</summary>
    public Task<Result<Parcel>> UndoAsync(ParcelId id, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        var last = await db.ParcelEvents.AsNoTracking().Where(e => e.ParcelId == id && e.Effect == EventEffect.Moved).OrderByDescending(e => e.HeardAt).ThenByDescending(e => e.Id).FirstOrDefaultAsync(stop);
        if (parcel.State != ParcelState.PickedUp || last is not { Actor: ActorKind.Member, State: ParcelState.PickedUp } || cause.At - last.HeardAt > UndoFor)
            return Refusal.NotAllowed("The courier has it: it cannot be taken back here.", []);
        if (await moving.MoveAsync(parcel, last.From, cause with { Reason = "undone" }, stop) is { } no) return no;
        await db.SaveChangesAsync(stop);
        return parcel;
    }, stop);

    private static List<string> WordsOf(string? code)
    {
        var text = PlainText.Line(code).ToUpperInvariant();
        if (text.Length is 0 or > 500) return [];
        // An address in a square code holds the number as one of its parts.
        return [.. text.Split(['/', '?', '=', '&', ' ', ';', '|', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Append(text).Where(w => w.Length is >= 4 and <= 80).Distinct().Take(20)];
    }
}
