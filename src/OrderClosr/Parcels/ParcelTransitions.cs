using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>The one table of a parcel's moves: from where, to where, who may, on what condition. Nothing else changes a state.</summary>
/// <remarks>The agent never moves a parcel. Which of two courier events is the newer one is not decided here but by <see cref="Moving"/>.</remarks>
public static class ParcelTransitions
{
    private const ActorKind Member = ActorKind.Member, Courier = ActorKind.Courier, System = ActorKind.System, Api = ActorKind.Api;

    /// <summary>Where a courier carries it, in any order: attempts, holds and transfers alternate.</summary>
    private static readonly ParcelState[] OnTheWay =
        [ParcelState.PickedUp, ParcelState.InTransit, ParcelState.AtDesk, ParcelState.OutForDelivery, ParcelState.AttemptFailed, ParcelState.OnHold];

    private static readonly ParcelState[] BeforeItLeaves = [ParcelState.Registered, ParcelState.ReadyToShip];
    private static readonly ParcelState[] Ends = [ParcelState.Delivered, ParcelState.Returned, ParcelState.LostOrDamaged];

    /// <summary>Every move there is.</summary>
    public static readonly IReadOnlyList<ParcelTransition> Table = Build();

    /// <summary>States after which only the move "delivered → returned" is left.</summary>
    public static bool IsFinished(ParcelState state) => state is ParcelState.Delivered or ParcelState.Returned or ParcelState.LostOrDamaged or ParcelState.Cancelled;

    /// <summary>True once the courier has the goods: from then on "cancelled" means "comes back".</summary>
    public static bool HasLeft(ParcelState state) => OnTheWay.Contains(state) || state == ParcelState.Returning;

    /// <summary>States the actor may move a parcel to.</summary>
    public static IReadOnlyList<ParcelState> Allowed(ParcelState from, ActorKind actor) => [.. Table.Where(t => t.From == from && t.Actors.Contains(actor)).Select(t => t.To).Distinct()];

    /// <summary>Why a move would be refused; null when the table has it. Changes nothing.</summary>
    public static Refusal? Refuses(ParcelState from, ParcelState to, ActorKind actor, string? reason)
    {
        var row = Table.FirstOrDefault(t => t.From == from && t.To == to && t.Actors.Contains(actor));
        if (row is null) return Refusal.NotAllowed($"A parcel that is {Word(from)} cannot become {Word(to)}.", [.. Allowed(from, actor).Select(Word)]);
        return row.NeedsReason && string.IsNullOrWhiteSpace(reason) ? new Refusal("reason_missing", "Say why.", "reason") : null;
    }

    /// <summary>Moves the parcel, or says why not.</summary>
    /// <param name="at">When it happened, by the courier's clock where the courier moved it.</param>
    public static Refusal? Move(Parcel parcel, ParcelState to, ActorKind actor, DateTimeOffset at, string? reason = null)
    {
        if (Refuses(parcel.State, to, actor, reason) is { } refusal) return refusal;
        (parcel.State, parcel.StateAt) = (to, at);
        return null;
    }

    /// <summary>What a courier's word means for a parcel that stands where it stands; null: nothing moves.</summary>
    public static ParcelState? Meaning(Movement movement, ParcelState now) => movement switch
    {
        Movement.Unknown or Movement.None => null,
        Movement.AtHub => ParcelState.InTransit,
        Movement.WaitsAtDesk => ParcelState.AtDesk,
        // Cancelled once the courier has the goods: they come back.
        Movement.Cancelled => HasLeft(now) ? ParcelState.Returning : ParcelState.Cancelled,
        _ => Enum.Parse<ParcelState>(movement.ToString()),
    };

    /// <summary>A state as programs and the API spell it: <c>out_for_delivery</c>.</summary>
    public static string Word(ParcelState state) => global::System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <summary>The state a word of the API means.</summary>
    public static ParcelState? Read(string? word) => Enum.GetValues<ParcelState>().Cast<ParcelState?>().FirstOrDefault(s => Word(s!.Value) == word);

    private static List<ParcelTransition> Build()
    {
        var rows = new List<ParcelTransition>
        {
            new(ParcelState.Draft, ParcelState.Requested, [Member, System, Api]),
            new(ParcelState.Draft, ParcelState.Cancelled, [Member, System, Api]),
            // The courier's answer to a booking, or a number a member read off the courier's own screen.
            new(ParcelState.Requested, ParcelState.Registered, [Courier, System, Member]),
            new(ParcelState.Requested, ParcelState.Cancelled, [Member, System, Api, Courier]),
            new(ParcelState.Registered, ParcelState.ReadyToShip, [Courier, System, Member]),
            // It came back before it ever moved on the courier's screen; or a member's scan knows better.
            new(ParcelState.Delivered, ParcelState.Returned, [Courier, Member], NeedsReason: true),
            new(ParcelState.Returning, ParcelState.Returned, [Courier, Member, System]),
            new(ParcelState.Returning, ParcelState.Delivered, [Courier]),
            new(ParcelState.Returning, ParcelState.Delivered, [Member], NeedsReason: true),
            new(ParcelState.Returning, ParcelState.LostOrDamaged, [Courier]),
            new(ParcelState.Returning, ParcelState.LostOrDamaged, [Member], NeedsReason: true),
            // What was given up for lost sometimes turns up; only a person says so.
            new(ParcelState.LostOrDamaged, ParcelState.Returned, [Member], NeedsReason: true),
            new(ParcelState.LostOrDamaged, ParcelState.Delivered, [Member], NeedsReason: true),
        };
        foreach (var from in BeforeItLeaves)
        {
            rows.Add(new(from, ParcelState.Cancelled, [Courier, Member, System, Api]));
            foreach (var to in (ParcelState[])[.. OnTheWay, .. Ends, ParcelState.Returning])
            {
                rows.Add(new(from, to, [Courier]));
                rows.Add(new(from, to, [Member], NeedsReason: to != ParcelState.PickedUp));
            }
        }
        // Events can outrun the answer to the booking.
        foreach (var to in (ParcelState[])[ParcelState.ReadyToShip, .. OnTheWay, .. Ends, ParcelState.Returning]) rows.Add(new(ParcelState.Requested, to, [Courier]));
        foreach (var from in OnTheWay)
            foreach (var to in (ParcelState[])[.. OnTheWay.Where(s => s != from), .. Ends, ParcelState.Returning])
            {
                rows.Add(new(from, to, [Courier]));
                rows.Add(new(from, to, [Member], NeedsReason: true));
            }
        // A member scanned one too many and takes his own scan back (HandOver).
        rows.Add(new(ParcelState.PickedUp, ParcelState.Registered, [Member], NeedsReason: true));
        rows.Add(new(ParcelState.PickedUp, ParcelState.ReadyToShip, [Member], NeedsReason: true));
        // Another attempt after all.
        foreach (var to in OnTheWay) rows.Add(new(ParcelState.Returning, to, [Courier]));
        return rows;
    }
}

/// <summary>One row of the table.</summary>
public sealed record ParcelTransition(ParcelState From, ParcelState To, IReadOnlyList<ActorKind> Actors, bool NeedsReason = false);
