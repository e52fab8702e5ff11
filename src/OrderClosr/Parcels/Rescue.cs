global using RescueId = OrderClosr.Ground.Values.Id<OrderClosr.Parcels.Rescue>;

using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>The try to save one parcel that could come back: an attempt failed, or it waits at a desk. Begins with the customer in his own chat, ends with the parcel.</summary>
/// <remarks>
/// Its state changes only through <see cref="RescueTransitions"/>. Its parcel's row is its lock (<see cref="ParcelLocks"/>); who also writes in the
/// conversation locks the conversation first. Rows are found for export and erasure by workspace and customer.
/// </remarks>
public sealed class Rescue : IOfWorkspace, IVersioned, IHasId<Rescue>
{
    public required RescueId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ParcelId ParcelId { get; init; }

    /// <summary>The parcel while the rescue is open, else null: unique, so that a parcel has one open rescue.</summary>
    public ParcelId? OpenParcelId { get; internal set; }

    public required OrderId OrderId { get; init; }
    public required CustomerId CustomerId { get; set; }

    /// <summary>Where the customer is written to; null for an order from elsewhere.</summary>
    public ConversationId? ConversationId { get; init; }

    public RescueState State { get; internal set; } = RescueState.Begun;

    /// <summary>When it came into its state.</summary>
    public required DateTimeOffset StateAt { get; set; }

    /// <summary>What went wrong last, in our words.</summary>
    public RescueKind Kind { get; internal set; }

    /// <summary>The courier's reason as it said it; for members alone.</summary>
    public string? RawReason { get; internal set; }

    /// <summary>Failed attempts since it began; 0 for a parcel that only waits at a desk.</summary>
    public int Attempts { get; internal set; }

    /// <summary>What the driver was to collect when it began: what is saved or lost.</summary>
    public required Dinars AtStake { get; init; }

    /// <summary>When the next step is due: the message, the reminder, a person's turn; for a person: by when.</summary>
    public DateTimeOffset? DueAt { get; internal set; }

    /// <summary>The message that asked last.</summary>
    public MessageId? AskedBy { get; internal set; }

    /// <summary>When the customer was first written to about it.</summary>
    public DateTimeOffset? AskedAt { get; internal set; }

    /// <summary>When the customer was reminded that it waits at the desk.</summary>
    public DateTimeOffset? RemindedAt { get; internal set; }

    /// <summary>Why a person is needed, as a code of the pages' words; null when none is (<see cref="RescueNeeds"/>).</summary>
    public string? Needs { get; internal set; }

    /// <summary>Exactly what a person has to type at the courier's screen, in French, the language of those screens; null when nothing.</summary>
    public string? ToType { get; internal set; }

    /// <summary>True once a person was asked for.</summary>
    public bool CameToAPerson { get; internal set; }

    /// <summary>What the customer answered last; null: nothing yet.</summary>
    public RescueAnswerKind? Answer { get; internal set; }

    public DateOnly? NewDay { get; internal set; }
    public Phone? NewPhone { get; internal set; }

    /// <summary>Street, quarter, landmark, in the customer's words.</summary>
    public string? NewAddress { get; internal set; }

    /// <summary>ONS code of another commune of the same wilaya.</summary>
    public int? NewCommuneCode { get; internal set; }

    /// <summary>The customer wants to take it from a desk of the courier.</summary>
    public Id<CourierPlace>? NewDeskId { get; internal set; }

    /// <summary>The customer wants to take it from a desk; with <see cref="NewDeskId"/> where the courier lists desks.</summary>
    public bool TakesFromDesk { get; internal set; }

    /// <summary>When the courier's API last took what the customer answered.</summary>
    public DateTimeOffset? WrittenAt { get; internal set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; internal set; }

    /// <summary>Ended with the parcel delivered after somebody did something for it: the notice that it waits at a desk alone saved nothing.</summary>
    public bool IsSaved { get; internal set; }

    public int Version { get; private set; }

    public bool IsOpen => OpenParcelId is not null;

    /// <summary>A parcel as the order has it, with what the customer answered since.</summary>
    internal ParcelToBook Over(ParcelToBook whole) => whole with { Phone = NewPhone ?? whole.Phone, Address = NewAddress is { } street ? ParcelsToBook.Plain(street, 240) : whole.Address };

    /// <summary>A member corrected these fields after the customer's answer, which no longer counts for them.</summary>
    /// <returns>Whether there was such an answer.</returns>
    internal bool Forget(ParcelFields fields)
    {
        var before = (NewPhone, NewAddress, NewCommuneCode, NewDeskId, TakesFromDesk);
        if (fields.HasFlag(ParcelFields.Phone)) NewPhone = null;
        if (fields.HasFlag(ParcelFields.Address)) NewAddress = null;
        if (fields.HasFlag(ParcelFields.Destination)) (NewCommuneCode, NewDeskId, TakesFromDesk) = (null, null, false);
        ToType = RescueToType.Without(ToType, fields);
        return before != (NewPhone, NewAddress, NewCommuneCode, NewDeskId, TakesFromDesk);
    }
}

/// <summary>Where a rescue stands.</summary>
public enum RescueState
{
    /// <summary>The customer is to be written to.</summary>
    Begun,

    /// <summary>The customer was written to, and has not answered.</summary>
    Asked,

    /// <summary>The customer (or a member for them) answered; it is with the courier.</summary>
    Answered,

    /// <summary>A person is needed: <see cref="Rescue.Needs"/> says why.</summary>
    NeedsPerson,

    /// <summary>Delivered.</summary>
    Done,

    /// <summary>Returned, lost or damaged.</summary>
    Lost,

    /// <summary>A member closed it, or the parcel was cancelled.</summary>
    Closed,
}

/// <summary>What went wrong, in our words.</summary>
public enum RescueKind { Other, NoAnswer, SwitchedOff, WrongNumber, Absent, Postponed, BadAddress, Refused, NoMoney, DeskWaiting }

/// <summary>What a customer may answer.</summary>
public enum RescueAnswerKind { NewDay, NewAddress, NewPhone, TakeFromDesk, ComingToDesk, Refuse, WantsPerson }

/// <summary>Why a person is needed: codes of the pages' words.</summary>
public static class RescueNeeds
{
    public const string Silent = "silent", WantsPerson = "wants_person", Refuses = "refuses", AtCourier = "type_at_courier", CourierRefused = "courier_refused", WindowClosed = "window_closed", NoConversation = "no_conversation",
        Held = "held", Silenced = "silenced", SwitchedOff = "switched_off", NotSent = "not_sent", StillAtDesk = "still_at_desk", DayWentBy = "day_went_by", NothingMoved = "nothing_moved", Returning = "returning", OptedOut = "opted_out";

    public static readonly IReadOnlyList<string> All =
        [Silent, WantsPerson, Refuses, AtCourier, CourierRefused, WindowClosed, NoConversation, Held, Silenced, SwitchedOff, NotSent, StillAtDesk, DayWentBy, NothingMoved, Returning, OptedOut];
}

/// <summary>One line of a rescue's story: a message, an answer, a try of a person, what the courier took. Never changed afterwards.</summary>
public sealed class RescueStep : IOfWorkspace, IHasId<RescueStep>
{
    public required Id<RescueStep> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required RescueId RescueId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required ActorKind Actor { get; init; }

    /// <summary>The member, when one did it.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>A code of the pages' words: <c>begun, attempt_failed, at_desk, asked, reminded, answered, written, attempt_asked, needs_person, tried, told_courier, ask_again, done, lost, closed</c>.</summary>
    public required string What { get; init; }

    public required RescueState From { get; init; }
    public required RescueState State { get; init; }

    /// <summary>A code (<see cref="RescueNeeds"/>, an answer), or a member's words.</summary>
    public string? Reason { get; init; }

    public MessageId? MessageId { get; init; }
}
