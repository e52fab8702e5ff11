using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels.Pages;

/// <summary>One parcel with all that its page says about it.</summary>
public sealed record ParcelSheet
{
    public required Parcel Parcel { get; init; }
    public required Order Order { get; init; }
    public required CourierAccount? Account { get; init; }
    public required ICourier? Adapter { get; init; }
    public required Place? Place { get; init; }
    public required IReadOnlyList<ParcelEvent> Events { get; init; }
    public required IReadOnlyDictionary<Guid, string> Members { get; init; }

    /// <summary>The courier's communes that may be meant, while the parcel asks for one.</summary>
    public required IReadOnlyList<CourierPlace> Communes { get; init; }

    /// <summary>The courier's desks of the wilaya, while the parcel asks for one.</summary>
    public required IReadOnlyList<CourierPlace> Desks { get; init; }

    /// <summary>The desk or commune it goes to, in the courier's own words.</summary>
    public required string Destination { get; init; }

    /// <summary>What a person types at the courier's screen because its API does not take it; null when nothing.</summary>
    public required string? ToType { get; init; }

    /// <summary>Every courier side by side, while it is not booked.</summary>
    public required IReadOnlyList<CourierOffer> Offers { get; init; }

    /// <summary>Our desks of the order's wilaya.</summary>
    public required IReadOnlyList<string> OurDesks { get; init; }
    public required string? OurDesk { get; init; }

    /// <summary>Exchanges of its goods, and the one it was made for.</summary>
    public required IReadOnlyList<ExchangeView> Exchanges { get; init; }

    /// <summary>Steps of its rescues.</summary>
    public required IReadOnlyList<RescueStep> RescueSteps { get; init; }

    /// <summary>Its open rescue; null: none.</summary>
    public required RescueId? OpenRescue { get; init; }

    /// <summary>Events and steps of rescue together, the newest first.</summary>
    public IEnumerable<(ParcelEvent? Event, RescueStep? Step)> Story => Events.Select(e => (e.At, e.Id.Value, Event: (ParcelEvent?)e, Step: (RescueStep?)null)).Concat(RescueSteps.Select(s => (s.At, s.Id.Value, Event: (ParcelEvent?)null, Step: (RescueStep?)s)))
        .OrderByDescending(l => l.At).ThenByDescending(l => l.Value).Select(l => (l.Event, l.Step));

    /// <summary>What was claimed from the courier for it, the newest first.</summary>
    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <summary>The courier has or had it.</summary>
    public bool CanClaim => Parcel.State is not (ParcelState.Draft or ParcelState.Requested or ParcelState.Registered or ParcelState.ReadyToShip or ParcelState.Cancelled);

    /// <summary>Something of it may still be exchanged.</summary>
    public bool CanExchange => Parcel.State == ParcelState.Delivered && Order.Lines.Any(l => l.Quantity > ExchangedPieces.Taken(Exchanges.Where(e => e.Exchange.OrderId == Order.Id && !e.IsOff).Select(e => e.Exchange)).GetValueOrDefault(l.Id));

    public string CourierName => Account?.Name ?? Parcel.Courier;
    public bool IsBooked => Parcel.State is not (ParcelState.Draft or ParcelState.Requested);

    /// <summary>A member may still cancel it by us.</summary>
    public bool CanCancel => Parcel.CancelAskedAt is null && (!IsBooked ? true : Adapter?.Abilities.CancelUntil is { } until && Parcel.State <= until);

    /// <summary>Its order can still change, and the courier is told by us.</summary>
    public bool CanCorrect => Late != ParcelFields.None || CanCorrectAll;

    /// <summary>What the courier still takes although it has the parcel.</summary>
    public ParcelFields Late => Adapter is { } late ? CorrectLater.FieldsOf(Parcel, late.Abilities) : ParcelFields.None;

    /// <summary>True for a field of the form that may be corrected now.</summary>
    public bool Takes(ParcelFields field) => Late == ParcelFields.None || Late.HasFlag(field);

    private bool CanCorrectAll => !IsBooked || (Adapter is { } adapter && adapter.Abilities.Editable != ParcelFields.None && Parcel.State <= adapter.Abilities.EditUntil);
}

/// <summary>Reads a parcel for its page.</summary>
public sealed class ParcelSheets(OrderClosrDb db, Couriers couriers, Choosing choosing, Places places, ExchangeViews exchanges)
{
    /// <summary>Null when this workspace has none with the id.</summary>
    public async Task<ParcelSheet?> FindAsync(ParcelId id, CancellationToken stop)
    {
        if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is not { } parcel) return null;
        if (await db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).SingleOrDefaultAsync(o => o.Id == parcel.OrderId, stop) is not { } order) return null;
        var events = await db.ParcelEvents.AsNoTracking().Where(e => e.ParcelId == id).OrderByDescending(e => e.At).ThenByDescending(e => e.Id).ToListAsync(stop);
        var rescues = await db.Rescues.AsNoTracking().Where(r => r.ParcelId == id).Select(r => new { r.Id, r.OpenParcelId }).ToListAsync(stop);
        var rescueIds = rescues.ConvertAll(r => r.Id);
        var steps = rescues.Count == 0 ? [] : await db.RescueSteps.AsNoTracking().Where(s => rescueIds.Contains(s.RescueId)).ToListAsync(stop);
        var members = events.Select(e => e.AccountId).Concat(steps.Select(s => s.AccountId)).OfType<Guid>().Distinct().ToList();
        var account = await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == parcel.AccountId, stop);
        var isOpen = parcel.State is ParcelState.Draft or ParcelState.Requested;
        var asks = isOpen && parcel.Trouble is "destination_unclear" or "desk_unclear" or "commune_refused" or "desk_refused" or "not_served" or "wilaya_not_served";
        var (communes, desks) = asks && account is not null ? await ChoicesAsync(account, parcel, stop) : ([], []);
        var at = parcel.DeskPlaceId ?? parcel.CommunePlaceId;
        var ourDesk = order.DeskId is { } desk ? await db.Desks.AsNoTracking().Where(d => d.Id == desk).Select(d => d.Name).SingleOrDefaultAsync(stop) : null;
        return new()
        {
            ToType = ParcelToType.Of(parcel, order, places.CommuneOf(order.CommuneCode)?.Name, ourDesk),
            Parcel = parcel, Order = order, Account = account, Adapter = couriers.Find(parcel.Courier), Place = places.Of(parcel.WilayaCode, parcel.CommuneCode), Events = events,
            Members = await db.Accounts.AsNoTracking().Where(a => members.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, stop), Communes = communes, Desks = desks,
            Destination = at is { } place ? await db.CourierPlaces.AsNoTracking().Where(p => p.Id == place).Select(p => p.Name).SingleOrDefaultAsync(stop) ?? "" : "",
            Claims = await db.Claims.AsNoTracking().Where(c => c.ParcelId == id).OrderByDescending(c => c.Id).ToListAsync(stop),
            RescueSteps = steps, OpenRescue = rescues.Find(r => r.OpenParcelId != null)?.Id,
            Exchanges = await exchanges.OfAsync(order.Id, stop),
            Offers = isOpen ? await choosing.CompareAsync(order, stop) : [],
            OurDesks = await db.Desks.AsNoTracking().Where(d => d.WilayaCode == order.WilayaCode && d.Active).OrderBy(d => d.Name).Select(d => d.Name).ToListAsync(stop),
            OurDesk = ourDesk,
        };
    }

    /// <summary>Rows of the courier in the parcel's wilaya (by either model), those it suggested first.</summary>
    private async Task<(IReadOnlyList<CourierPlace>, IReadOnlyList<CourierPlace>)> ChoicesAsync(CourierAccount account, Parcel parcel, CancellationToken stop)
    {
        var rows = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == account.Id && p.Active).ToListAsync(stop);
        var old = places.CommuneOf(parcel.CommuneCode)?.WilayaCode58 ?? places.WilayaOf(parcel.WilayaCode)?.Code58 ?? 0;
        var siblings = rows.Where(r => r.Kind == CourierPlaceKind.Commune && r.CommuneCode != 0 && places.CommuneOf(r.CommuneCode)?.WilayaCode == parcel.WilayaCode).Select(r => r.WilayaRef).ToHashSet();
        var wilayas = rows.Where(r => r.Kind == CourierPlaceKind.Wilaya && (r.WilayaCode == parcel.WilayaCode || r.WilayaCode == old)).Select(r => r.Ref).Concat(siblings).ToHashSet();
        var suggested = parcel.Suggestions.ToHashSet(StringComparer.Ordinal);
        List<CourierPlace> Of(CourierPlaceKind kind) => [.. rows.Where(r => r.Kind == kind && wilayas.Contains(r.WilayaRef)).OrderBy(r => r.CommuneCode != parcel.CommuneCode || r.CommuneCode == 0).ThenBy(r => !suggested.Contains(r.Name)).ThenBy(r => r.Name, StringComparer.Ordinal)];
        return (Of(CourierPlaceKind.Commune), parcel.Delivery == Delivery.Desk ? Of(CourierPlaceKind.Desk) : []);
    }
}
