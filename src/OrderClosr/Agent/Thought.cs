using OrderClosr.Ground.Outbound;

namespace OrderClosr.Agent;

/// <summary>What came out of thinking: words and effects for the commit, or why there are none.</summary>
public sealed record Thought
{
    /// <summary>The turn's collected effects; null when the model could not be reached.</summary>
    public TurnWork? Work { get; init; }

    /// <summary>At most three bubbles.</summary>
    public IReadOnlyList<string> Bubbles { get; init; } = [];

    /// <summary>Why the bubbles are for a person to send; null: they are sent.</summary>
    public ProposalReason? Proposes { get; init; }

    /// <summary>The provider's trouble; then nothing else is set.</summary>
    public VendorFailure? Failure { get; init; }

    public required string Model { get; init; }
    public int Steps { get; init; }
    public ModelUsage Usage { get; init; }

    /// <summary>Guards that spoke, as codes, in order.</summary>
    public IReadOnlyList<string> Guards { get; init; } = [];

    internal static Thought Failed(VendorFailure failure, string model) => new() { Failure = failure, Model = model };
}
