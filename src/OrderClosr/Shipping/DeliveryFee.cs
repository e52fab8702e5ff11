using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Shipping;

/// <summary>What delivery to a wilaya, or to one commune of it, costs the customer.</summary>
/// <remarks>A commune's row goes before its wilaya's. A null fee means not served that way.</remarks>
public sealed class DeliveryFee : IOfWorkspace, IVersioned, IHasId<DeliveryFee>
{
    public required Id<DeliveryFee> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Code of the 69 model.</summary>
    public required int WilayaCode { get; init; }

    /// <summary>ONS code of the commune; 0 for the whole wilaya.</summary>
    public int CommuneCode { get; init; }

    /// <summary>To the door.</summary>
    public Dinars? Home { get; set; }

    /// <summary>To a stop desk.</summary>
    public Dinars? Desk { get; set; }

    /// <summary>Days it usually takes; null: not said.</summary>
    public int? DaysFrom { get; set; }

    /// <inheritdoc cref="DaysFrom"/>
    public int? DaysTo { get; set; }

    /// <summary>The courier account whose list it follows; null: the merchant set it, and no list writes over it.</summary>
    public Guid? FromCourier { get; set; }

    public int Version { get; private set; }
}

/// <summary>A place of the courier where customers fetch their parcel.</summary>
public sealed class Desk : IOfWorkspace, IHasId<Desk>
{
    public required Id<Desk> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required int WilayaCode { get; init; }
    public required int CommuneCode { get; init; }
    public required string Name { get; set; }
    public string Address { get; set; } = "";
    public bool Active { get; set; } = true;
}

/// <summary>The workspace's rules of delivery beside the table.</summary>
public sealed class DeliveryPolicy : IOfWorkspace, IVersioned, IHasId<DeliveryPolicy>
{
    public required Id<DeliveryPolicy> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Delivery is free when the goods reach this amount; null: never.</summary>
    public Dinars? FreeFrom { get; set; }

    /// <summary>What the agent may say about delivery, payment on delivery, opening the parcel, exchange.</summary>
    public string Notes { get; set; } = "";

    public int Version { get; private set; }
}
