using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>What was agreed with each courier account, or what its company usually does.</summary>
public sealed class Terms(OrderClosrDb db, Couriers couriers)
{
    /// <summary>Days to pay where neither the merchant nor the courier's documents say: our own assumption.</summary>
    public const int UsualDays = 7;

    /// <summary>Bounds of what a merchant may set.</summary>
    public const int LeastDays = 1, MostDays = 90, MostBasisPoints = 1000;

    /// <summary>The terms of every account of the workspace.</summary>
    public async Task<IReadOnlyDictionary<CourierAccountId, AgreedTerms>> AllAsync(CancellationToken stop)
    {
        var set = await db.CourierTerms.AsNoTracking().ToDictionaryAsync(t => t.AccountId, stop);
        return (await db.CourierAccounts.AsNoTracking().Select(a => new { a.Id, a.Courier }).ToListAsync(stop)).ToDictionary(a => a.Id, a => set.TryGetValue(a.Id, out var own)
            ? new AgreedTerms(own.DaysToPay, own.CodBasisPoints, IsAgreed: true)
            : new AgreedTerms(couriers.Find(a.Courier)?.Profile.PaysWithinDays ?? UsualDays, couriers.Find(a.Courier)?.Profile.CodBasisPoints ?? 0, IsAgreed: false));
    }

    /// <summary>Keeps what was agreed with an account; its overdue parcels follow.</summary>
    /// <returns>Refused: <c>not_found, days_out_of_range, percent_out_of_range</c>.</returns>
    public Task<Refusal?> SaveAsync(CourierAccountId account, int? days, int? basisPoints, DateTimeOffset now, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (!await db.CourierAccounts.AnyAsync(a => a.Id == account, stop)) return Refusal.NotFound("courier");
        if (days is not (>= LeastDays and <= MostDays)) return new Refusal("days_out_of_range", $"Between {LeastDays} and {MostDays} days.", "days", [$"{LeastDays} – {MostDays}"]);
        if (basisPoints is not (>= 0 and <= MostBasisPoints)) return new Refusal("percent_out_of_range", "Between 0 and 10 percent.", "percent");
        await db.Dialect.LockRowAsync(db, "courier_accounts", account.Value, stop);
        if (await db.CourierTerms.SingleOrDefaultAsync(t => t.AccountId == account, stop) is { } row) (row.DaysToPay, row.CodBasisPoints) = (days.Value, basisPoints.Value);
        else db.Add(new CourierTerms { Id = Id<CourierTerms>.New(now), AccountId = account, DaysToPay = days.Value, CodBasisPoints = basisPoints.Value });
        db.Tell("cash", account);
        await db.SaveChangesAsync(stop);
        return null;
    }, stop);
}

/// <summary>Terms that hold.</summary>
/// <param name="IsAgreed">A member set them; else they are assumed.</param>
public sealed record AgreedTerms(int DaysToPay, int CodBasisPoints, bool IsAgreed)
{
    /// <summary>The last day on which the money is in time.</summary>
    public DateOnly LastDay(DateTimeOffset dueAt) => AlgiersTime.DateInAlgiers(dueAt).AddDays(DaysToPay);

    /// <summary>Days behind the last day; 0: in time.</summary>
    public int DaysLate(DateTimeOffset? dueAt, DateOnly today) => dueAt is { } due ? Math.Max(0, today.DayNumber - LastDay(due).DayNumber) : 0;
}

/// <summary>What a courier's list says it bills for bringing parcels back.</summary>
public sealed class ReturnFees(OrderClosrDb db)
{
    /// <summary>By parcel; absent where the list says nothing.</summary>
    public async Task<IReadOnlyDictionary<ParcelId, Dinars>> OfAsync(IReadOnlyCollection<Parcel> parcels, CancellationToken stop)
    {
        var found = new Dictionary<ParcelId, Dinars>();
        foreach (var account in parcels.Where(p => p.WilayaPlaceId is not null).GroupBy(p => p.AccountId))
        {
            var fees = await db.CourierFees.AsNoTracking().Where(f => f.AccountId == account.Key && f.Return != null).ToListAsync(stop);
            if (fees.Count == 0) continue;
            var places = account.SelectMany(p => new[] { p.WilayaPlaceId, p.CommunePlaceId }).OfType<Id<CourierPlace>>().Distinct().ToList();
            var names = new Dictionary<Id<CourierPlace>, string>();
            foreach (var chunk in places.Chunk(500))
                foreach (var place in await db.CourierPlaces.AsNoTracking().Where(p => chunk.Contains(p.Id)).Select(p => new { p.Id, p.Ref }).ToListAsync(stop)) names[place.Id] = place.Ref;
            foreach (var parcel in account)
            {
                var wilaya = names.GetValueOrDefault(parcel.WilayaPlaceId!.Value);
                var commune = parcel.CommunePlaceId is { } id ? names.GetValueOrDefault(id) : null;
                if ((fees.Find(f => f.WilayaRef == wilaya && f.CommuneRef.Length > 0 && f.CommuneRef == commune) ?? fees.Find(f => f.WilayaRef == wilaya && f.CommuneRef.Length == 0))?.Return is { } fee) found[parcel.Id] = fee;
            }
        }
        return found;
    }
}
