using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>A wilaya, commune or desk as one courier account lists it, with ours beside it.</summary>
public sealed class CourierPlace : IOfWorkspace, IHasId<CourierPlace>
{
    public required Id<CourierPlace> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CourierAccountId AccountId { get; init; }
    public required CourierPlaceKind Kind { get; init; }

    /// <summary>What the courier calls the row and what is sent to it: an id, a code, or the name itself. Unique per account, kind and wilaya.</summary>
    public required string Ref { get; init; }

    /// <summary>The courier's wilaya it lies in; its own <see cref="Ref"/> for a wilaya.</summary>
    public required string WilayaRef { get; init; }

    /// <summary>The courier's commune a desk lies in; empty where the courier does not say.</summary>
    public string CommuneRef { get; set; } = "";

    /// <summary>The courier's own spelling: sent as it is.</summary>
    public required string Name { get; set; }

    public string NameAr { get; set; } = "";
    public string Address { get; set; } = "";
    public string PostalCode { get; set; } = "";

    /// <summary>The wilaya's code as the courier counts (58 model, or 69); 0 unknown.</summary>
    public int WilayaCode { get; set; }

    /// <summary>Ours: the ONS code of the commune this row is; 0 while nobody could tell.</summary>
    public int CommuneCode { get; set; }

    /// <summary>A person said which commune it is: no reading of the lists changes that.</summary>
    public bool IsMatchedByHand { get; set; }

    /// <summary>Parcels go to doors there.</summary>
    public bool ServesHome { get; set; }

    /// <summary>Parcels go to a desk there.</summary>
    public bool ServesDesk { get; set; }

    /// <summary>Days it usually takes; null: not said.</summary>
    public int? DaysFrom { get; set; }

    /// <inheritdoc cref="DaysFrom"/>
    public int? DaysTo { get; set; }

    /// <summary>The desk as customers are offered it, for a row of kind desk.</summary>
    public Id<Desk>? DeskId { get; set; }

    /// <summary>False once the courier no longer lists it.</summary>
    public bool Active { get; set; } = true;

    /// <summary>The reading (<see cref="CourierAccount.SyncRun"/>) that saw it last.</summary>
    public int SeenInRun { get; set; }
}

/// <summary>What a row of a courier's lists is.</summary>
public enum CourierPlaceKind { Wilaya, Commune, Desk }

/// <summary>What a courier account bills for a wilaya, or one commune of it.</summary>
public sealed class CourierFee : IOfWorkspace, IHasId<CourierFee>
{
    public required Id<CourierFee> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CourierAccountId AccountId { get; init; }
    public required string WilayaRef { get; init; }

    /// <summary>Empty for the whole wilaya.</summary>
    public string CommuneRef { get; init; } = "";

    /// <summary>To the door; null: not served, or not said.</summary>
    public Dinars? Home { get; set; }

    /// <summary>To a desk.</summary>
    public Dinars? Desk { get; set; }

    /// <summary>For bringing it back.</summary>
    public Dinars? Return { get; set; }

    /// <summary>For each kilogram above <see cref="OverweightFrom"/>; null: not told by the courier, the merchant may set it.</summary>
    public Dinars? PerExtraKilo { get; set; }

    /// <summary>Kilograms included.</summary>
    public int? OverweightFrom { get; set; }

    public int SeenInRun { get; set; }
}
