using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>The one table of a rescue's moves. Nothing else changes its state; every move leaves a <see cref="RescueStep"/>.</summary>
public static class RescueTransitions
{
    private static readonly RescueState[] Open = [RescueState.Begun, RescueState.Asked, RescueState.Answered, RescueState.NeedsPerson];

    /// <summary>Every move there is.</summary>
    public static readonly IReadOnlyList<RescueTransition> Table =
    [
        // Another attempt failed after an answer, or the parcel came to a desk meanwhile: asked again.
        new(RescueState.Answered, RescueState.Begun, [ActorKind.Courier]),
        new(RescueState.Asked, RescueState.Begun, [ActorKind.Courier]),
        // A member wants the customer to be written to once more.
        new(RescueState.NeedsPerson, RescueState.Begun, [ActorKind.Member]),
        new(RescueState.Begun, RescueState.Asked, [ActorKind.System]),
        // Customers may answer before they are asked: "the driver called, come tomorrow".
        .. Open.Select(from => new RescueTransition(from, RescueState.Answered, [ActorKind.Agent, ActorKind.Customer, ActorKind.Member])),
        .. Open.Where(s => s != RescueState.NeedsPerson).Select(from => new RescueTransition(from, RescueState.NeedsPerson, [ActorKind.System, ActorKind.Agent, ActorKind.Customer, ActorKind.Member, ActorKind.Courier])),
        // Another reason than before: still a person's.
        new(RescueState.NeedsPerson, RescueState.NeedsPerson, [ActorKind.System, ActorKind.Agent, ActorKind.Customer, ActorKind.Member, ActorKind.Courier]),
        .. Open.Select(from => new RescueTransition(from, RescueState.Done, [ActorKind.Courier, ActorKind.System, ActorKind.Member])),
        .. Open.Select(from => new RescueTransition(from, RescueState.Lost, [ActorKind.Courier, ActorKind.System, ActorKind.Member])),
        // A member gave it up and takes that back.
        new(RescueState.Closed, RescueState.NeedsPerson, [ActorKind.Member]),
        .. Open.Select(from => new RescueTransition(from, RescueState.Closed, [ActorKind.Member, ActorKind.System, ActorKind.Courier])),
    ];

    /// <summary>Nothing more happens to it.</summary>
    public static bool IsFinished(RescueState state) => !Open.Contains(state);

    /// <summary>A state as pages and programs spell it: <c>needs_person</c>.</summary>
    public static string Word(RescueState state) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <summary>Why a move would be refused; null when the table has it.</summary>
    public static Refusal? Refuses(RescueState from, RescueState to, ActorKind actor) => Table.Any(t => t.From == from && t.To == to && t.Actors.Contains(actor))
        ? null : Refusal.NotAllowed($"A rescue that is {Word(from)} cannot become {Word(to)}.", [.. Table.Where(t => t.From == from && t.Actors.Contains(actor)).Select(t => Word(t.To)).Distinct()]);

    /// <summary>Moves it, or says why not.</summary>
    /// <returns>The line of its story, to be added.</returns>
    public static Result<RescueStep> Move(Rescue rescue, RescueState to, string what, Cause cause)
    {
        if (Refuses(rescue.State, to, cause.Actor) is { } no) return no;
        var step = Step(rescue, what, cause, to);
        (rescue.State, rescue.StateAt) = (to, cause.At);
        if (to != RescueState.NeedsPerson) (rescue.Needs, rescue.ToType) = (null, null);
        if (IsFinished(to)) (rescue.OpenParcelId, rescue.DueAt, rescue.FinishedAt) = (null, null, cause.At);
        return step;
    }

    /// <summary>A line of its story without a move.</summary>
    public static RescueStep Step(Rescue rescue, string what, Cause cause, RescueState? to = null) => new()
    {
        Id = Id<RescueStep>.New(cause.At), RescueId = rescue.Id, At = cause.At, Actor = cause.Actor, AccountId = cause.AccountId, What = what, From = rescue.State, State = to ?? rescue.State, Reason = cause.Reason, MessageId = cause.MessageId,
    };
}

/// <summary>One row of the table.</summary>
public sealed record RescueTransition(RescueState From, RescueState To, IReadOnlyList<ActorKind> Actors);
