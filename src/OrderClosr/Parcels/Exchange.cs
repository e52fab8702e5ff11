using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Goods of a delivered parcel that come back for others: which, why, for which new order, and whether they are back.</summary>
/// <remarks>Off once its new order is cancelled: the goods then stay with the customer. The amounts stand on the new order (<see cref="Order.Credit"/>).</remarks>
public sealed class Exchange : IOfWorkspace, IVersioned, IHasId<Exchange>
{
    public required Id<Exchange> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>The delivered parcel the goods came with.</summary>
    public required ParcelId ParcelId { get; init; }

    /// <summary>Its order.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>The order of what goes out instead; unique.</summary>
    public required OrderId NewOrderId { get; init; }

    /// <summary>What comes back.</summary>
    public required List<ExchangedLine> Lines { get; init; }

    /// <summary>One of <see cref="MakeExchange.Reasons"/>.</summary>
    public required string Reason { get; init; }
    public string Note { get; init; } = "";

    /// <summary>The courier a member chose for the new parcel; null: by the rules.</summary>
    public CourierAccountId? Courier { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public required Guid MadeBy { get; init; }

    /// <summary>When somebody had the old goods in hand; null: not yet.</summary>
    public DateTimeOffset? TakenBackAt { get; internal set; }

    /// <summary>Pieces of them that cannot be sold again.</summary>
    public int DamagedPieces { get; internal set; }

    /// <summary>When a person gave the customer the rest of the money (<see cref="Order.GiveBack"/>).</summary>
    public DateTimeOffset? GivenBackAt { get; internal set; }
    public Guid? GivenBackBy { get; internal set; }
    public int Version { get; private set; }

    /// <summary>The goods to collect in one line, as the driver reads it.</summary>
    public string Goods => string.Join(", ", Lines.Select(l => $"{l.Name} x{l.Quantity}"));
}

/// <summary>Pieces of one line that come back.</summary>
public sealed record ExchangedLine(Id<OrderLine> Line, VariantId Variant, string Name, int Quantity);

internal sealed class ExchangeTables : IEntityTypeConfiguration<Exchange>
{
    public void Configure(EntityTypeBuilder<Exchange> builder)
    {
        builder.ToTable("exchanges");
        builder.Ignore(e => e.Goods);
        builder.HasIndex(e => e.NewOrderId).IsUnique();
        builder.HasIndex(e => e.OrderId);
        builder.HasIndex(e => new { e.WorkspaceId, e.TakenBackAt });
        builder.Property(e => e.Reason).HasMaxLength(40);
        builder.AsJson(e => e.Lines);
    }
}

/// <summary>Which pieces of an order are still with the customer.</summary>
internal static class ExchangedPieces
{
    internal static readonly Refusal Wrong = new("pieces_wrong", "A line cannot come back with more pieces than it left with.", "pieces");

    extension(OrderClosrDb db)
    {
        /// <summary>Exchanges of the order that still count, oldest first.</summary>
        internal Task<List<Exchange>> ExchangesOfAsync(OrderId order, CancellationToken stop) =>
            db.Exchanges.AsNoTracking().Where(e => e.OrderId == order && db.Set<Order>().Any(o => o.Id == e.NewOrderId && o.State != OrderState.Cancelled)).OrderBy(e => e.Id).ToListAsync(stop);
    }

    /// <summary>Pieces of each line that earlier exchanges took.</summary>
    internal static Dictionary<Id<OrderLine>, int> Taken(IEnumerable<Exchange> exchanges) => exchanges.SelectMany(e => e.Lines).GroupBy(l => l.Line).ToDictionary(g => g.Key, g => g.Sum(l => l.Quantity));
}
