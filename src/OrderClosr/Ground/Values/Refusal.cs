namespace OrderClosr.Ground.Values;

/// <summary>An expected "no": why something was not done and what the person can do next. Never used for bugs.</summary>
/// <param name="Code">Stable snake_case word for programs, e.g. <c>commune_ambiguous</c>; also the key of the words in the pages' resources (<c>refusal.CODE</c>).</param>
/// <param name="Words">One English sentence for the API and logs; holds no personal data.</param>
/// <param name="Field">The field of the request that caused it, in snake_case, when one did.</param>
/// <param name="Suggestions">What could be meant instead: names of communes, moves that are allowed.</param>
/// <param name="Kind">How a door answers: bad input (422), not found (404), not allowed now (409).</param>
public sealed record Refusal(string Code, string Words, string? Field = null, IReadOnlyList<string>? Suggestions = null, RefusalKind Kind = RefusalKind.Invalid)
{
    /// <summary>What a foreign or unknown id gets: indistinguishable from each other.</summary>
    public static Refusal NotFound(string what) => new("not_found", $"There is no such {what}.", Kind: RefusalKind.NotFound);

    /// <summary>A move the transition table does not have, with those it has.</summary>
    public static Refusal NotAllowed(string words, IReadOnlyList<string> allowed) => new("move_not_allowed", words, Suggestions: allowed, Kind: RefusalKind.Conflict);
}

/// <summary>How a door answers a <see cref="Refusal"/>.</summary>
public enum RefusalKind { Invalid, NotFound, Conflict }

/// <summary>Either a value or the reason why there is none.</summary>
/// <remarks>Converts from both, so a verb says <c>return order;</c> or <c>return new Refusal(…);</c>.</remarks>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Refusal? refusal) => (_value, Refusal) = (value, refusal);

    /// <summary>Why not; null when there is a value.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True when there is a value.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Refusal))]
    public bool Ok => Refusal is null;

    /// <summary>The value; asking for it after a refusal is a bug.</summary>
    public T Value => Refusal is null ? _value! : throw new InvalidOperationException($"Refused: {Refusal.Code}");

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}
