using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>The merchant's rules about orders.</summary>
public sealed class OrderSettings : IOfWorkspace, IVersioned, IHasId<OrderSettings>
{
    public required Id<OrderSettings> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>A customer's yes in the chat goes straight to confirmed (default), unless risk or a duplicate says otherwise.</summary>
    public bool ConfirmsAlone { get; set; } = true;

    /// <summary>Same phone and product within so many hours is a possible duplicate.</summary>
    public int DuplicateHours { get; set; } = 48;

    /// <summary>From this risk score (0 to 100) a person confirms first.</summary>
    public int RiskFrom { get; set; } = 50;

    /// <summary>Tries to reach a customer before only confirming, postponing or cancelling is left.</summary>
    public int MostAttempts { get; set; } = 5;

    /// <summary>Time between two tries to reach a customer.</summary>
    public int RetryMinutes { get; set; } = 120;

    public int Version { get; private set; }

    /// <summary>The workspace's settings, or the defaults while it has changed nothing.</summary>
    public static async Task<OrderSettings> OfAsync(OrderClosrDb db, CancellationToken stop) =>
        await db.Set<OrderSettings>().AsNoTracking().FirstOrDefaultAsync(stop) ?? new OrderSettings { Id = default };
}
