using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Shipping;

/// <summary>The one place where a delivery fee is looked up: the row of the commune, else that of its wilaya, and nothing to pay from the merchant's amount on.</summary>
public sealed class FeeTable(OrderClosrDb db)
{
    /// <summary>What one way of delivery costs the customer; <c>not_served</c> when there is no fee for it.</summary>
    /// <param name="goods">What the goods cost the customer: decides whether delivery is free.</param>
    public async Task<Result<Quote>> QuoteAsync(Place place, Delivery delivery, Dinars goods, CancellationToken stop)
    {
        var quotes = await QuotesAsync(place, goods, stop);
        return (delivery == Delivery.Home ? quotes.Home : quotes.Desk) is { } quote ? quote : NotServed(quotes, delivery);
    }

    /// <summary>Both ways at once, as the agent tells them.</summary>
    public async Task<Quotes> QuotesAsync(Place place, Dinars goods, CancellationToken stop)
    {
        var (wilaya, commune) = (place.WilayaCode, place.CommuneCode);
        var rows = await db.DeliveryFees.AsNoTracking().Where(f => f.WilayaCode == wilaya && (f.CommuneCode == 0 || f.CommuneCode == commune)).ToListAsync(stop);
        var policy = await db.DeliveryPolicies.AsNoTracking().SingleOrDefaultAsync(stop);
        // A commune's row stands for itself: where it names no fee, its wilaya's does not step in.
        var row = rows.Find(f => f.CommuneCode == commune && commune != 0) ?? rows.Find(f => f.CommuneCode == 0);
        if (row is null) return new(place, null, null, policy?.FreeFrom, policy?.Notes ?? "");
        var desks = row.Desk is null ? [] : await DesksAsync(place, stop);
        return new(place, At(Delivery.Home, row.Home, []), At(Delivery.Desk, row.Desk, desks), policy?.FreeFrom, policy?.Notes ?? "");

        Quote? At(Delivery way, Dinars? fee, IReadOnlyList<Desk> offered)
        {
            if (fee is not { } listed) return null;
            var isFree = policy?.FreeFrom is { } from && goods >= from;
            return new(place, way, isFree ? Dinars.Zero : listed, listed, row!.DaysFrom, row.DaysTo, offered, policy?.FreeFrom);
        }
    }

    /// <summary>A courier's fee for a weight: each kilogram begun above what is included costs extra (facts/couriers/yalidine.md section 3).</summary>
    /// <param name="grams">0: not known, so nothing is added.</param>
    public static Dinars WithOverweight(Dinars fee, Dinars? perExtraKilo, int? includedKilos, int grams) =>
        perExtraKilo is { } extra && includedKilos is { } included && grams > included * 1000 ? fee + extra * ((grams - (included * 1000) + 999) / 1000) : fee;

    /// <summary>What stays with the shop of what the customer pays for delivery; below zero when the courier bills more.</summary>
    public static Dinars Margin(Dinars paid, Dinars billed) => paid - billed;

    /// <summary>The desks of the commune, else those of the wilaya.</summary>
    private async Task<IReadOnlyList<Desk>> DesksAsync(Place place, CancellationToken stop)
    {
        var desks = await db.Desks.AsNoTracking().Where(d => d.WilayaCode == place.WilayaCode && d.Active).OrderBy(d => d.Name).ToListAsync(stop);
        var here = desks.Where(d => d.CommuneCode == place.CommuneCode).ToList();
        return here.Count > 0 ? here : desks;
    }

    private static Refusal NotServed(Quotes quotes, Delivery delivery)
    {
        var other = delivery == Delivery.Home ? quotes.Desk : quotes.Home;
        return other is null
            ? new("not_served", $"The shop does not deliver to {quotes.Place.Name}.", quotes.Place.Commune is null ? "wilaya" : "commune")
            : new("not_served", delivery == Delivery.Home ? $"{quotes.Place.Name} is served to a stop desk only." : $"{quotes.Place.Name} is served to the door only.",
                "delivery", [delivery == Delivery.Home ? "desk" : "home"]);
    }
}

/// <summary>What delivery to a place costs the customer one way, as the server computed it.</summary>
/// <param name="Fee">What the customer pays: nothing when the goods reach <see cref="FreeFrom"/>.</param>
/// <param name="ListedFee">The table's fee, before free delivery.</param>
/// <param name="Desks">Where the parcel can be fetched; empty for delivery to the door and where none is listed.</param>
public sealed record Quote(Place Place, Delivery Delivery, Dinars Fee, Dinars ListedFee, int? DaysFrom, int? DaysTo, IReadOnlyList<Desk> Desks, Dinars? FreeFrom)
{
    /// <summary>True when the merchant pays the delivery.</summary>
    public bool IsFree => Fee != ListedFee;

    /// <summary><c>1-3</c>, <c>2</c>; null when the table does not say.</summary>
    public string? Days => (DaysFrom, DaysTo) switch
    {
        (null, null) => null,
        ({ } from, { } to) when from != to => $"{from}-{to}",
        var (from, to) => $"{from ?? to}",
    };
}

/// <summary>Both ways to a place; null: not served that way.</summary>
/// <param name="Notes">What the merchant lets the agent say about delivery.</param>
public sealed record Quotes(Place Place, Quote? Home, Quote? Desk, Dinars? FreeFrom, string Notes)
{
    /// <summary>False when the shop does not deliver there at all.</summary>
    public bool IsServed => Home is not null || Desk is not null;
}
