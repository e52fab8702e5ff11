namespace OrderClosr.Sandbox.Faults;

/// <summary>One thing that goes wrong, switched on from outside.</summary>
public sealed record Fault
{
    /// <summary>Kinds every vendor understands; the last two are asked for by whatever sends webhooks.</summary>
    public static readonly IReadOnlyList<string> CommonKinds =
        ["error", "slow", "hang", "html", "garbage", "drop", "timeout-after-work", "duplicate", "reorder"];

    /// <summary>One of <see cref="CommonKinds"/> or a knob of the vendor.</summary>
    public required string Kind { get; init; }

    /// <summary>Only calls whose path (without the vendor's prefix) starts so; null is all.</summary>
    public string? Path { get; init; }

    /// <summary>Only calls by this method: a look and a booking at one address are told apart by it. Null is all.</summary>
    public string? Method { get; init; }

    /// <summary>Share of matching calls that are hit, 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>How many calls are hit before the fault is over; null is until cleared.</summary>
    public int? Count { get; init; }

    /// <summary>HTTP status of <c>error</c> (default 500), <c>html</c> and <c>garbage</c> (default 200).</summary>
    public int? Status { get; init; }

    /// <summary>Wait of <c>slow</c> (default 3), <c>hang</c> (default 120) and <c>timeout-after-work</c> (default 30).</summary>
    public double? Seconds { get; init; }

    /// <summary>The vendor's own error code for <c>error</c>, where it has such codes.</summary>
    public int? Code { get; init; }

    /// <summary>The vendor's second, finer code.</summary>
    public int? Subcode { get; init; }

    /// <summary>What a switch is set to, as text.</summary>
    public string? Value { get; init; }
}

/// <summary>The faults of one vendor, with how often each has still to hit.</summary>
public sealed class FaultList(Chance chance)
{
    private sealed class Armed(Fault fault)
    {
        public Fault Fault { get; } = fault;
        public int? Left { get; set; } = fault.Count;
    }

    private readonly List<Armed> _armed = [];
    private readonly Lock _lock = new();

    /// <summary>Brings the path of a call and of a fault into one form, where a vendor has several (a version in front).</summary>
    public Func<string, string> Shape { get; set; } = path => path;

    /// <summary>Everything that is on, with the count that is left.</summary>
    public IReadOnlyList<Fault> All { get { lock (_lock) return [.. _armed.Select(a => a.Fault with { Count = a.Left })]; } }

    /// <summary>Switches one on.</summary>
    public void Add(Fault fault) { lock (_lock) _armed.Add(new(fault)); }

    /// <summary>Switches all off, or all of one kind.</summary>
    public void Clear(string? kind = null) { lock (_lock) _armed.RemoveAll(a => kind is null || a.Fault.Kind == kind); }

    /// <summary>The first fault of these kinds that hits this call; using it up counts.</summary>
    public Fault? Take(string path, params ReadOnlySpan<string> kinds) => TakeOf(null, path, kinds);

    /// <summary>The same for a call whose method is known.</summary>
    public Fault? TakeOf(string? method, string path, params ReadOnlySpan<string> kinds)
    {
        lock (_lock)
        {
            foreach (var armed in _armed)
            {
                if (!kinds.Contains(armed.Fault.Kind) || !Matches(armed, method, path) || !chance.Hits(armed.Fault.Rate)) continue;
                if (armed.Left is { } left)
                {
                    armed.Left = left - 1;
                    if (left <= 1) _armed.Remove(armed);
                }
                return armed.Fault;
            }
            return null;
        }
    }

    /// <summary>Does this knob hit this call? Using it up counts.</summary>
    public bool Knob(string name, string path = "") => Take(path, name) is not null;

    /// <summary>The value of a switch that is on, or null; asking does not use it up.</summary>
    public string? Value(string name) { lock (_lock) return _armed.LastOrDefault(a => a.Fault.Kind == name)?.Fault is { } f ? f.Value ?? "on" : null; }

    /// <summary>Is the switch on? Asking does not use it up.</summary>
    public bool IsOn(string name) => Value(name) is not null;

    private bool Matches(Armed armed, string? method, string path) =>
        armed.Left is not <= 0 && (armed.Fault.Method is not { Length: > 0 } only || only.Equals(method, StringComparison.OrdinalIgnoreCase)) && (armed.Fault.Path is not { Length: > 0 } prefix || Shape(path).StartsWith(Shape(prefix), StringComparison.Ordinal));
}
