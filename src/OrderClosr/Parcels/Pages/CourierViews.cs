using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels.Pages;

/// <summary>A courier account as a page shows it.</summary>
/// <param name="Adapter">Null when the product no longer speaks to this courier.</param>
/// <param name="ReadRows">While its lists are being read: rows so far; null when none is under way.</param>
/// <param name="ReadTrouble">Why the reading stands still, in the job's words.</param>
public sealed record CourierView(CourierAccount Account, ICourier? Adapter, DateTimeOffset? LastBookingAt, int OpenParcels, int Wilayas, int Unmatched, int? ReadRows, string? ReadTrouble)
{
    public string Title => Adapter?.Profile.Title ?? Account.Courier;
    public bool IsOn => Account.State != CourierState.Disconnected;
}

/// <summary>Reads couriers for pages.</summary>
public sealed class CourierViews(OrderClosrDb db, Couriers couriers, BilledFees billed)
{
    /// <summary>Every account, connected ones first, and the couriers that have none.</summary>
    public async Task<CourierList> ListAsync(CancellationToken stop)
    {
        var accounts = await db.CourierAccounts.AsNoTracking().OrderBy(a => a.State == CourierState.Disconnected).ThenByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop);
        var views = new List<CourierView>();
        foreach (var account in accounts) views.Add(await OfAsync(account, stop));
        return new(views, [.. couriers.All.Where(c => !accounts.Exists(a => a.Courier == c.Name))]);
    }

    /// <summary>One account; null when this workspace has none with the id.</summary>
    public async Task<CourierView?> FindAsync(CourierAccountId id, CancellationToken stop) =>
        await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, stop) is { } account ? await OfAsync(account, stop) : null;

    /// <summary>Accounts that can take parcels, the default one first, each with what it bills.</summary>
    public async Task<IReadOnlyList<(CourierAccount Account, BilledTable Billed)>> BilledAsync(CancellationToken stop)
    {
        var all = new List<(CourierAccount, BilledTable)>();
        foreach (var account in await db.CourierAccounts.AsNoTracking().Where(a => a.State != CourierState.Disconnected && a.SyncedAt != null).OrderByDescending(a => a.IsDefault).ThenBy(a => a.ConnectedAt).ToListAsync(stop))
            all.Add((account, await billed.OfAsync(account, stop)));
        return all;
    }

    /// <summary>What the default courier bills; null while there is none, or its lists were never read.</summary>
    public async Task<(CourierAccount Account, BilledTable Billed)?> DefaultBilledAsync(CancellationToken stop) =>
        await db.CourierAccounts.AsNoTracking().FirstOrDefaultAsync(a => a.IsDefault && a.State != CourierState.Disconnected && a.SyncedAt != null, stop) is { } account ? (account, await billed.OfAsync(account, stop)) : null;

    private async Task<CourierView> OfAsync(CourierAccount account, CancellationToken stop)
    {
        var (id, lane) = (account.Id, account.Lane);
        var places = db.CourierPlaces.Where(p => p.AccountId == id && p.Active);
        var reading = await db.Jobs.AsNoTracking().Where(j => j.Lane == lane && j.Kind == ReadLists.Kind && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown)).FirstOrDefaultAsync(stop);
        return new(account, couriers.Find(account.Courier), await db.Parcels.Where(p => p.AccountId == id && p.PostedAt != null).MaxAsync(p => p.PostedAt, stop),
            await db.Parcels.CountAsync(p => p.AccountId == id && p.State != ParcelState.Delivered && p.State != ParcelState.Returned && p.State != ParcelState.LostOrDamaged && p.State != ParcelState.Cancelled, stop),
            await places.CountAsync(p => p.Kind == CourierPlaceKind.Wilaya && (p.ServesHome || p.ServesDesk), stop), await places.CountAsync(p => p.Kind == CourierPlaceKind.Commune && p.CommuneCode == 0 && !p.IsMatchedByHand, stop),
            reading is null ? null : await db.CourierPlaces.CountAsync(p => p.AccountId == id && p.SeenInRun == account.SyncRun, stop), reading is { Attempts: > 1 } ? reading.LastFailure : null);
    }
}

/// <summary>The couriers of a shop.</summary>
/// <param name="Others">Those it could connect.</param>
public sealed record CourierList(IReadOnlyList<CourierView> Accounts, IReadOnlyList<ICourier> Others);

/// <summary>What stands in the form of connecting, also when it is not yet right. Secrets never come back to the page.</summary>
public sealed record CourierForm
{
    public required ICourier Adapter { get; init; }

    /// <summary>The account that is connected again; null: a new one.</summary>
    public CourierAccount? Again { get; init; }
    public string Name { get; init; } = "";
    public string BaseUrl { get; init; } = "";
    public int OriginWilaya { get; init; }

    /// <summary>Fields that are no secret.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Variants { get; init; } = new Dictionary<string, string>();

    public static CourierForm Of(ICourier adapter, CourierAccount? again, IReadOnlyDictionary<string, string> known) => new()
    {
        Adapter = adapter, Again = again, Name = again?.Name ?? "", BaseUrl = again?.BaseUrl ?? "", OriginWilaya = again?.OriginWilaya ?? 0, Variants = again?.Variants ?? [],
        Fields = Plain(adapter, known),
    };

    public static CourierForm Read(ICourier adapter, CourierAccount? again, IFormCollection form) => new()
    {
        Adapter = adapter, Again = again, Name = form["name"].ToString(), OriginWilaya = int.TryParse(form["origin_wilaya"], out var origin) ? origin : 0,
        BaseUrl = form["base_url"].ToString() is { Length: > 0 } typed ? typed : form["brand"].ToString(),
        Fields = Plain(adapter, adapter.Profile.Fields.ToDictionary(f => f.Name, f => form[$"field.{f.Name}"].ToString())),
        Variants = adapter.Profile.Variants.ToDictionary(v => v.Name, v => form[$"variant.{v.Name}"].ToString() is { Length: > 0 } chosen ? chosen : v.Choices[0]),
    };

    private static Dictionary<string, string> Plain(ICourier adapter, IReadOnlyDictionary<string, string> all) =>
        adapter.Profile.Fields.Where(f => !f.IsSecret).ToDictionary(f => f.Name, f => all.GetValueOrDefault(f.Name, ""));
}
