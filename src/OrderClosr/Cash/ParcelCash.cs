using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>What is known of one parcel's money beside its state; made when there is first something to say.</summary>
public sealed class ParcelCash : IOfWorkspace, IVersioned, IHasId<ParcelCash>
{
    public required Id<ParcelCash> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ParcelId ParcelId { get; init; }

    /// <summary>Whose debt it is.</summary>
    public required CourierAccountId AccountId { get; set; }

    /// <summary>When the courier took the customer's money: lateness is counted from here. Null while nothing is due.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>What applied slips paid for the parcel so far, before fees.</summary>
    public Dinars Received { get; set; }

    /// <summary>What a slip billed for bringing it back; null: not billed yet.</summary>
    public Dinars? ReturnFee { get; set; }

    /// <summary>The courier's number of the payment it announced.</summary>
    public string? Announced { get; set; }

    /// <summary>When the courier last said that the money is ready or paid.</summary>
    public DateTimeOffset? AnnouncedAt { get; set; }

    /// <summary>How far the courier says the money is: kept for a parcel that is not known to be delivered yet.</summary>
    public CashState? Claimed { get; set; }

    public int Version { get; private set; }
}

/// <summary>One move of a parcel's money, or what the courier said of it without one: who, when, by which slip, why. Never changed afterwards.</summary>
public sealed class CashMove : IOfWorkspace, IHasId<CashMove>
{
    public required Id<CashMove> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ParcelId ParcelId { get; init; }
    public required CashState From { get; init; }

    /// <summary>Equal to <see cref="From"/> when nothing moved.</summary>
    public required CashState To { get; init; }
    public required ActorKind Actor { get; init; }

    /// <summary>The member, when one did it.</summary>
    public Guid? AccountId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The slip that did it.</summary>
    public Id<PaymentSlip>? SlipId { get; init; }

    /// <summary>The courier's number of a payment it announced.</summary>
    public string? Announced { get; init; }

    /// <summary>A code of the pages' words, or a member's own.</summary>
    public string? Reason { get; init; }
}

/// <summary>What was agreed with a courier about paying; the courier's usual terms while nothing was said.</summary>
public sealed class CourierTerms : IOfWorkspace, IVersioned, IHasId<CourierTerms>
{
    public required Id<CourierTerms> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CourierAccountId AccountId { get; init; }

    /// <summary>Days from delivery to payment; after them the money is late.</summary>
    public required int DaysToPay { get; set; }

    /// <summary>What the courier keeps of the amount for carrying money, in hundredths of a percent: 75 is 0.75 %.</summary>
    public required int CodBasisPoints { get; set; }

    public int Version { get; private set; }
}

/// <summary>Money asked back from a courier: for a lost or damaged parcel, or for what a slip lacks.</summary>
public sealed class Claim : IOfWorkspace, IVersioned, IHasId<Claim>
{
    public required Id<Claim> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CourierAccountId AccountId { get; init; }

    /// <summary>Null for a line that names no parcel of ours.</summary>
    public ParcelId? ParcelId { get; init; }

    /// <summary>The line of a slip it is about; null for a lost parcel.</summary>
    public Id<SlipLine>? LineId { get; init; }
    public required ClaimKind Kind { get; init; }
    public ClaimState State { get; internal set; } = ClaimState.Open;

    /// <summary>What is asked for.</summary>
    public required Dinars Amount { get; set; }

    /// <summary>What came; null until settled.</summary>
    public Dinars? Got { get; internal set; }
    public string Note { get; set; } = "";
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The member who opened it; null: it opened by itself.</summary>
    public Guid? OpenedBy { get; init; }
    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>What the courier said last; null: nothing yet.</summary>
    public ClaimWord? Answer { get; internal set; }
    public int Version { get; private set; }
}

/// <summary>What a claim is for.</summary>
public enum ClaimKind
{
    LostOrDamaged,

    /// <summary>A line of a slip.</summary>
    Difference,

    /// <summary>It arrived, or came back, broken.</summary>
    Damaged,

    /// <summary>Something of it is missing.</summary>
    Missing,
}

/// <summary>One line of a claim's story. Never changed afterwards.</summary>
public sealed class ClaimStep : IOfWorkspace, IHasId<ClaimStep>
{
    public required Id<ClaimStep> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Id<Claim> ClaimId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The member; null: by itself.</summary>
    public Guid? AccountId { get; init; }
    public required ClaimWord What { get; init; }

    /// <summary>What was asked for or came, where the step is about it.</summary>
    public Dinars? Amount { get; init; }
    public string Note { get; init; } = "";
}

/// <summary>What happened to a claim.</summary>
public enum ClaimWord
{
    Opened,
    Changed,

    /// <summary>The courier will pay.</summary>
    Accepted,

    /// <summary>The courier wants papers or time.</summary>
    Asked,

    /// <summary>The courier will not pay; a member may ask once more.</summary>
    Refused,
    Settled,
    GivenUp,
}

/// <summary>How a claim stands.</summary>
public enum ClaimState
{
    Open,

    /// <summary>The courier paid (or gave) something.</summary>
    Settled,

    /// <summary>Nothing will come.</summary>
    GivenUp,
}
