using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Writes the merchant's rules about couriers and parcels.</summary>
public sealed class CourierRules(OrderClosrDb db, Places places, TimeProvider time)
{
    /// <summary>More rules than anybody can read are a mistake.</summary>
    private const int Most = 100;

    /// <summary>Adds a rule after the others; at least one condition, or it would swallow the default.</summary>
    public Task<Refusal?> AddAsync(CourierAccountId account, int? wilaya, ProductId? product, Delivery? way, Dinars? from, Dinars? to, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (!await db.CourierAccounts.AnyAsync(a => a.Id == account && a.State != CourierState.Disconnected, stop)) return new("courier_unknown", "No such courier is connected.", "courier");
        if (wilaya is { } code && places.WilayaOf(code) is null) return new("place_unknown", "There is no such wilaya.", "wilaya");
        if (product is { } wanted && !await db.Products.AnyAsync(p => p.Id == wanted, stop)) return new("product_unknown", "There is no such product.", "product");
        if (from < Dinars.Zero || to < Dinars.Zero) return new("amount_below_zero", "An amount cannot be below zero.", from < Dinars.Zero ? "from" : "to");
        if (from > to) return new("amounts_turned", "The smaller amount comes first.", "to");
        if (wilaya is null && product is null && way is null && from is null && to is null) return new("rule_empty", "A rule without a condition would take every parcel: make that courier the default instead.", "wilaya");
        var there = await db.CourierRules.OrderByDescending(r => r.Position).Select(r => r.Position).ToListAsync(stop);
        if (there.Count >= Most) return new("too_many_rules", $"At most {Most} rules.", Kind: RefusalKind.Conflict);
        db.Add(new CourierRule
        {
            Id = Id<CourierRule>.New(time.GetUtcNow()), Position = there.FirstOrDefault() + 1, AccountId = account, WilayaCode = wilaya, ProductId = product, Delivery = way, From = from, To = to,
        });
        await db.SaveChangesAsync(stop);
        return null;
    }, stop);

    /// <summary>A rule is asked before the one above it.</summary>
    public Task<Refusal?> UpAsync(Id<CourierRule> id, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        var rules = await db.CourierRules.OrderBy(r => r.Position).ThenBy(r => r.Id).ToListAsync(stop);
        if (rules.FindIndex(r => r.Id == id) is var at && at < 0) return Refusal.NotFound("rule");
        if (at > 0) (rules[at - 1], rules[at]) = (rules[at], rules[at - 1]);
        for (var i = 0; i < rules.Count; i++) rules[i].Position = i + 1;
        await db.SaveChangesAsync(stop);
        return null;
    }, stop);

    public Task<Refusal?> RemoveAsync(Id<CourierRule> id, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.CourierRules.SingleOrDefaultAsync(r => r.Id == id, stop) is not { } rule) return Refusal.NotFound("rule");
        db.Remove(rule);
        await db.SaveChangesAsync(stop);
        return null;
    }, stop);

    /// <summary>How parcels leave.</summary>
    public Task<Refusal?> SetAsync(bool booksAlone, bool releasesAlone, bool mayOpen, int? usualWeight, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (usualWeight is null or < 0 or > 30_000) return new("weight_unreadable", "Grams are a number up to 30 000.", "usual_weight");
        if (await db.ParcelSettings.FirstOrDefaultAsync(stop) is not { } settings) db.Add(settings = new ParcelSettings { Id = Id<ParcelSettings>.New(time.GetUtcNow()) });
        (settings.BooksAlone, settings.ReleasesAlone, settings.MayOpen, settings.UsualWeight) = (booksAlone, releasesAlone, mayOpen, usualWeight.Value);
        await db.SaveChangesAsync(stop);
        return null;
    }, stop);

    /// <summary>The customers' fees follow this courier's list again.</summary>
    internal static Task<Refusal?> FollowAsync(OrderClosrDb db, KeepLists lists, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.CourierAccounts.AsNoTracking().FirstOrDefaultAsync(a => a.IsDefault && a.State != CourierState.Disconnected, stop) is not { SyncedAt: not null } account) return new("lists_missing", "The courier's lists were not read yet.", Kind: RefusalKind.Conflict);
        await lists.FollowAsync(account, stop);
        return null;
    }, stop);
}
