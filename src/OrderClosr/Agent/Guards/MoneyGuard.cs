using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>No amount reaches a customer that the server did not give: reads every amount of a reply and compares it with the permitted ones.</summary>
/// <remarks>Pure. An amount that a customer named is not permitted by that alone: repeating it would be agreeing to it.</remarks>
public static class MoneyGuard
{
    /// <summary>Whole-dinar amounts a text may mean; more than one meaning of a reading means "ask".</summary>
    /// <example><c>"٣٥٠٠ دج"</c> → 3500. <c>"35 alf"</c> → 35 000 or 350. <c>"3 million"</c> → 3 000 000 or 30 000. <c>"3andi ch7al"</c> → nothing.</example>
    /// <param name="names">Names of products: digits inside them are no amounts.</param>
    public static IReadOnlyList<MoneyReading> Read(string text, IEnumerable<string>? names = null) => new MoneyReader(text, names).Read();

    /// <summary>The readings of a reply that nothing permits; empty when it may be sent.</summary>
    public static IReadOnlyList<MoneyReading> Unsupported(IReadOnlyList<string> bubbles, PermittedMoney permitted)
    {
        var lines = bubbles.SelectMany(b => b.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        var readings = lines.SelectMany(line => Read(line, permitted.Names)).ToList();
        // An amount cut in two by a line or bubble is one amount for the eye.
        for (var i = 1; i < lines.Count; i++)
            foreach (var glue in (string[])["", " "])
                readings.AddRange(MoneyReader.Across(lines[i - 1], lines[i], glue, permitted.Names));
        var named = readings.Where(r => r.Kind is MoneyKind.Named or MoneyKind.Bare).Select(r => r.InDinars).ToHashSet();
        return [.. readings.Where(r => !Supports(permitted, r, named)).DistinctBy(r => r.Text)];
    }

    private static bool Supports(PermittedMoney permitted, MoneyReading reading, HashSet<Dinars?> named) => reading.Kind switch
    {
        // Said in DA digits or not at all: of "35 alf" the reader cannot know which is meant.
        MoneyKind.Spoken => false,
        MoneyKind.Foreign => false,
        MoneyKind.Named => (reading.InDinars ?? reading.InCentimes) is { } amount && permitted.Amounts.Contains(amount),
        MoneyKind.Bare => permitted.Amounts.Contains(reading.InDinars!.Value),
        // "Free from 20 000 DA" is the merchant's rule; "free" alone is a promise of zero.
        MoneyKind.Free => permitted.Amounts.Contains(Dinars.Zero) || (permitted.FreeFrom is { } from && named.Contains(from)),
        MoneyKind.Percent => permitted.Percents.Contains(reading.Text),
        _ => false,
    };
}

/// <summary>What a reply may name: amounts of this conversation's tool results and facts, of the catalogue entries shown, and of the merchant's own texts.</summary>
public sealed class PermittedMoney
{
    private readonly HashSet<Dinars> _amounts = [];
    private readonly HashSet<string> _percents = new(StringComparer.Ordinal);
    private readonly HashSet<Dinars> _prices = [];
    private readonly HashSet<Dinars> _fees = [];
    private readonly List<string> _names = [];

    public IReadOnlySet<Dinars> Amounts => _amounts;
    public IReadOnlySet<string> Percents => _percents;
    public IReadOnlyList<string> Names => _names;

    /// <summary>From this amount of goods delivery is free; null: never.</summary>
    public Dinars? FreeFrom { get; private set; }

    /// <summary>An amount the server computed: a total, a line sum, a discount.</summary>
    public void Add(Dinars amount) => _amounts.Add(amount);

    /// <summary>The price of a piece; also together with each fee of a quote.</summary>
    public void AddPrice(Dinars price)
    {
        _amounts.Add(price);
        if (!_prices.Add(price)) return;
        foreach (var fee in _fees) _amounts.Add(price + fee);
    }

    /// <summary>A fee of delivery; also together with each price and line sum of the conversation.</summary>
    public void AddFee(Dinars fee)
    {
        _amounts.Add(fee);
        if (!_fees.Add(fee)) return;
        foreach (var price in _prices) _amounts.Add(price + fee);
    }

    /// <summary>A line of an order: its price, its sum, and what that makes with a fee.</summary>
    public void AddLine(Dinars price, int quantity)
    {
        AddPrice(price);
        AddPrice(price * quantity);
    }

    /// <summary>The merchant's rule of free delivery.</summary>
    public void AddFreeFrom(Dinars from)
    {
        _amounts.Add(from);
        FreeFrom = from;
    }

    /// <summary>Everything the merchant wrote: rules, delivery notes, descriptions, and the shop's messages of this conversation.</summary>
    public void AddText(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            foreach (var reading in MoneyGuard.Read(line))
            {
                if (reading.Kind == MoneyKind.Percent) _percents.Add(reading.Text);
                else if (reading.Kind == MoneyKind.Spoken) continue;
                else foreach (var amount in reading.MayMean.Take(1)) _amounts.Add(amount);
            }
    }

    /// <summary>A product's name: its digits are no amount ("iPhone 13", "Note 8 128").</summary>
    public void AddName(string name)
    {
        if (name.Any(char.IsDigit)) _names.Add(name);
    }
}
