using System.Collections.Concurrent;
using System.Text.Json;

namespace OrderClosr.Sandbox.Faults;

/// <summary>What every played vendor has: a log, faults, a way to forget, and its own shape of an error.</summary>
public sealed class Vendor(string name, Chance chance)
{
    /// <summary>The path prefix, without a slash.</summary>
    public string Name { get; } = name;

    /// <summary>What is made to go wrong.</summary>
    public FaultList Faults { get; } = new(chance);

    /// <summary>What was asked and answered.</summary>
    public RequestLog Log { get; } = new();

    /// <summary>Knobs and switches beyond the common kinds.</summary>
    public IReadOnlyList<string> Knobs { get; set; } = [];

    /// <summary>Brings the vendor's own state back to its seed.</summary>
    public Action Forget { get; set; } = () => { };

    /// <summary>False keeps bodies in the log exactly as they came (for a vendor whose log must prove what was sent).</summary>
    public bool HidesSecrets { get; set; } = true;

    /// <summary>The JSON body of an injected error, in the vendor's own shape.</summary>
    public Func<Fault, int, string> ErrorBody { get; set; } =
        (_, status) => JsonSerializer.Serialize(new { error = "injected fault", status });

    /// <summary>Seconds that an injected 429 asks to wait when the fault names none; null sends no <c>Retry-After</c> then.</summary>
    public double? RetryAfter { get; set; } = 2;

    /// <summary>Headers that go with an injected error, made from its body.</summary>
    public Action<IHeaderDictionary, string> ErrorHeaders { get; set; } = (_, _) => { };
}

/// <summary>All vendors by name.</summary>
public sealed class VendorBook(Chance chance)
{
    private readonly ConcurrentDictionary<string, Vendor> _vendors = new(StringComparer.Ordinal);

    /// <summary>The vendor of that name, made on first use.</summary>
    public Vendor this[string name] => _vendors.GetOrAdd(name, n => new(n, chance));

    /// <summary>Every vendor, by name.</summary>
    public IEnumerable<Vendor> All => _vendors.Values.OrderBy(v => v.Name, StringComparer.Ordinal);

    /// <summary>The vendor a path belongs to, and the rest of the path (with its slash).</summary>
    public Vendor? Of(PathString path, out string rest)
    {
        var text = path.Value ?? "";
        var end = text.IndexOf('/', Math.Min(1, text.Length));
        rest = end < 0 ? "" : text[end..];
        return text.Length > 1 && _vendors.TryGetValue(end < 0 ? text[1..] : text[1..end], out var vendor) ? vendor : null;
    }
}
