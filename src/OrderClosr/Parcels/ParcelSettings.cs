using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>The merchant's rules about parcels.</summary>
public sealed class ParcelSettings : IOfWorkspace, IVersioned, IHasId<ParcelSettings>
{
    public required Id<ParcelSettings> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>A confirmed order is booked at once; else it waits for a person's "ship".</summary>
    public bool BooksAlone { get; set; } = true;

    /// <summary>A booked parcel is released for pick-up at once, where the courier wants that; else a person releases it when it is packed.</summary>
    public bool ReleasesAlone { get; set; } = true;

    /// <summary>Customers may open the parcel before paying.</summary>
    public bool MayOpen { get; set; }

    /// <summary>Grams of a parcel whose order says nothing; 0: not told to the courier.</summary>
    public int UsualWeight { get; set; }

    public int Version { get; private set; }

    /// <summary>The workspace's settings, or the defaults while it has changed nothing.</summary>
    public static async Task<ParcelSettings> OfAsync(OrderClosrDb db, CancellationToken stop) =>
        await db.Set<ParcelSettings>().AsNoTracking().FirstOrDefaultAsync(stop) ?? new ParcelSettings { Id = default };
}

/// <summary>Which courier takes which parcels; the first rule that fits wins. A null condition fits all.</summary>
public sealed class CourierRule : IOfWorkspace, IHasId<CourierRule>
{
    public required Id<CourierRule> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Rules are asked in this order.</summary>
    public required int Position { get; set; }

    public required CourierAccountId AccountId { get; set; }

    /// <summary>Code of the 69 model.</summary>
    public int? WilayaCode { get; set; }

    /// <summary>The order holds this product.</summary>
    public ProductId? ProductId { get; set; }

    public Delivery? Delivery { get; set; }

    /// <summary>The amount to collect is at least this.</summary>
    public Dinars? From { get; set; }

    /// <summary>The amount to collect is at most this.</summary>
    public Dinars? To { get; set; }
}
