using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Which courier takes an order: the first rule that fits, else the default, else another that serves; never one that is down.</summary>
public sealed class Choosing(OrderClosrDb db, Destinations destinations, TimeProvider time)
{
    /// <summary>A courier that failed so recently is passed over when somebody else serves.</summary>
    internal static readonly TimeSpan DownFor = TimeSpan.FromMinutes(10);

    /// <summary>The account and where the parcel goes there; or why no courier can take it. A destination that only a person can settle comes back with its account.</summary>
    /// <param name="wanted">Somebody named the account: no other is tried.</param>
    public async Task<Result<Choice>> ChooseAsync(Order order, CourierAccountId? wanted, CancellationToken stop)
    {
        var accounts = await db.CourierAccounts.AsNoTracking().Where(a => a.State != CourierState.Disconnected).OrderByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop);
        if (accounts.Count == 0) return new Refusal("no_courier", "No courier is connected.", Kind: RefusalKind.Conflict);
        if (wanted is { } named)
        {
            // Also one that is paused: somebody says so.
            if (accounts.Find(a => a.Id == named) is not { } account) return Refusal.NotFound("courier");
            return new Choice(account, await ResolveAsync(account, order, stop));
        }

        accounts = [.. accounts.Where(a => a.PausedAt is null)];
        if (accounts.Count == 0) return new Refusal("couriers_paused", "Every courier is paused.", Kind: RefusalKind.Conflict);
        var ordered = Ordered(accounts, await db.CourierRules.AsNoTracking().OrderBy(r => r.Position).ThenBy(r => r.Id).ToListAsync(stop), order);
        var up = ordered.Where(a => !IsDown(a)).ToList();
        Choice? first = null;
        // Who is down still takes it when nobody else serves: the job waits for it.
        foreach (var account in up.Concat(ordered.Except(up)))
        {
            var choice = new Choice(account, await ResolveAsync(account, order, stop));
            if (choice.Where.Ok) return choice;
            first ??= choice;
        }
        return first!;
    }

    /// <summary>Every courier side by side: what it bills, how long it takes, or why it cannot.</summary>
    public async Task<IReadOnlyList<CourierOffer>> CompareAsync(Order order, CancellationToken stop)
    {
        var offers = new List<CourierOffer>();
        foreach (var account in await db.CourierAccounts.AsNoTracking().Where(a => a.State != CourierState.Disconnected).OrderByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop))
        {
            var where = await ResolveAsync(account, order, stop);
            var fee = where.Ok ? await FeeAsync(account, where.Value, order.Delivery, 0, stop) : null;
            offers.Add(new(account, fee, where.Ok ? where.Value.Commune.DaysFrom : null, where.Ok ? where.Value.Commune.DaysTo : null, where.Ok ? null : where.Refusal, IsDown(account)));
        }
        return offers;
    }

    /// <summary>What the courier's list says it bills; null where it says nothing.</summary>
    /// <param name="grams">0: not known, counted as within what is included.</param>
    public async Task<Dinars?> FeeAsync(CourierAccount account, Destination where, Delivery delivery, int grams, CancellationToken stop)
    {
        var (wilaya, commune) = (where.Wilaya.Ref, where.Commune.Ref);
        var lines = await db.CourierFees.AsNoTracking().Where(f => f.AccountId == account.Id && f.WilayaRef == wilaya && (f.CommuneRef == "" || f.CommuneRef == commune)).ToListAsync(stop);
        foreach (var line in lines.OrderByDescending(l => l.CommuneRef.Length))
            if ((delivery == Delivery.Home ? line.Home : line.Desk) is { } fee) return FeeTable.WithOverweight(fee, line.PerExtraKilo ?? account.ExtraKilo, line.OverweightFrom ?? account.IncludedKilos, grams);
        return null;
    }

    /// <summary>It refuses us, or did not answer a moment ago.</summary>
    public bool IsDown(CourierAccount account) => account.State == CourierState.Broken || (account.Trouble == "courier_down" && account.TroubleAt > time.GetUtcNow() - DownFor);

    private static List<CourierAccount> Ordered(List<CourierAccount> accounts, List<CourierRule> rules, Order order)
    {
        var fitting = rules.Where(r => (r.WilayaCode is null || r.WilayaCode == order.WilayaCode) && (r.ProductId is null || order.Lines.Any(l => l.ProductId == r.ProductId))
            && (r.Delivery is null || r.Delivery == order.Delivery) && (r.From is null || order.Total >= r.From) && (r.To is null || order.Total <= r.To));
        return [.. fitting.Select(r => accounts.Find(a => a.Id == r.AccountId)).OfType<CourierAccount>().Concat(accounts).DistinctBy(a => a.Id)];
    }

    private Task<Result<Destination>> ResolveAsync(CourierAccount account, Order order, CancellationToken stop) =>
        destinations.ResolveAsync(account, order.WilayaCode, order.CommuneCode, order.Delivery, order.DeskId, stop);
}

/// <summary>A courier account, and where the parcel goes there or why that is not clear.</summary>
public sealed record Choice(CourierAccount Account, Result<Destination> Where);

/// <summary>One courier beside others.</summary>
/// <param name="Fee">What it bills; null: its list does not say.</param>
/// <param name="No">Why it cannot take the parcel.</param>
public sealed record CourierOffer(CourierAccount Account, Dinars? Fee, int? DaysFrom, int? DaysTo, Refusal? No, bool IsDown);
