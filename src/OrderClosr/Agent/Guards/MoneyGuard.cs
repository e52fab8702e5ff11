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
        var readings = lines.Select(line => Read(line, permitted.Names)).ToList();
        var named = Amounts(readings.SelectMany(r => r));
        var unsupported = new List<MoneyReading>();
        foreach (var line in readings)
        {
            var beside = Amounts(line);
            unsupported.AddRange(line.Where(r => !permitted.Supports(r, r.Role == MoneyRole.Included && beside.Count > 0 ? beside : named)));
        }
        // An amount cut in two by a line or bubble is one amount for the eye.
        for (var i = 1; i < lines.Count; i++)
            foreach (var glue in (string[])["", " "])
                unsupported.AddRange(MoneyReader.Across(lines[i - 1], lines[i], glue, permitted.Names).Where(r => !permitted.Supports(r, named)));
        return [.. unsupported.DistinctBy(r => r.Text)];
    }

    private static HashSet<Dinars> Amounts(IEnumerable<MoneyReading> readings) =>
        [.. readings.Where(r => r.Kind is MoneyKind.Named or MoneyKind.Bare && r.InDinars is not null).Select(r => r.InDinars!.Value)];
}

/// <summary>What a reply may name: amounts of this conversation's tool results and facts, of the catalogue entries shown, and of the merchant's own texts.</summary>
public sealed class PermittedMoney
{
    private readonly HashSet<Dinars> _amounts = [];
    private readonly HashSet<Dinars> _totals = [];
    private readonly HashSet<Dinars> _goods = [];
    private readonly HashSet<Dinars> _prices = [];
    private readonly HashSet<Dinars> _fees = [];
    private readonly HashSet<Dinars> _otherFees = [];
    private readonly HashSet<Dinars> _written = [];
    private readonly HashSet<Dinars> _freeFrom = [];
    private readonly HashSet<(MoneyRole, bool)> _free = [];
    private readonly HashSet<(string, MoneyRole)> _percents = [];
    private readonly List<string> _names = [];
    private readonly Dictionary<Dinars, HashSet<PricedVariant>> _owners = [];
    private readonly HashSet<Dinars> _unowned = [];
    private readonly HashSet<PricedVariant> _priced = [];

    public IReadOnlyList<string> Names => _names;

    /// <summary>Every variant whose price is known.</summary>
    internal IReadOnlyCollection<PricedVariant> Priced => _priced;

    /// <summary>Whose price an amount is, with its sum and its delivery; null when it is not only that.</summary>
    internal IReadOnlyCollection<PricedVariant>? OwnersOf(Dinars amount) => _unowned.Contains(amount) ? null : _owners.GetValueOrDefault(amount);

    /// <summary>An amount the server computed: a total, a discount, what a parcel collects.</summary>
    public void Add(Dinars amount)
    {
        _unowned.Add(amount);
        AddTotal(amount);
    }

    private void AddTotal(Dinars amount)
    {
        _amounts.Add(amount);
        _totals.Add(amount);
    }

    /// <summary>What goods cost without their delivery: a sum.</summary>
    public void AddGoods(Dinars amount)
    {
        _unowned.Add(amount);
        _amounts.Add(amount);
        _goods.Add(amount);
    }

    /// <summary>The price of a piece of this variant; also together with each fee of a quote.</summary>
    public void AddPrice(Dinars price, PricedVariant of)
    {
        AddListPrice(price, of);
        _prices.Add(price);
        foreach (var fee in _fees) AddSum(price, fee);
    }

    /// <summary>What a piece costs before a discount: no parcel collects it.</summary>
    public void AddListPrice(Dinars price, PricedVariant of)
    {
        _priced.Add(of);
        _amounts.Add(price);
        _goods.Add(price);
        Owned(price, of);
    }

    private void Owned(Dinars amount, PricedVariant of) => (_owners.TryGetValue(amount, out var owners) ? owners : _owners[amount] = []).Add(of);

    private void AddSum(Dinars price, Dinars fee)
    {
        AddTotal(price + fee);
        foreach (var of in _owners[price].ToList()) Owned(price + fee, of);
    }

    /// <summary>A fee of delivery; also together with each price and line sum of the conversation.</summary>
    public void AddFee(Dinars fee)
    {
        _unowned.Add(fee);
        _amounts.Add(fee);
        if (!_fees.Add(fee)) return;
        foreach (var price in _prices) AddSum(price, fee);
    }

    /// <summary>The fee of an order that was placed: no quote for another one.</summary>
    public void AddPaidFee(Dinars fee)
    {
        _unowned.Add(fee);
        _amounts.Add(fee);
        _otherFees.Add(fee);
    }

    /// <summary>A line of an order: its price, its sum, and what that makes with a fee.</summary>
    public void AddLine(Dinars price, int quantity, PricedVariant of)
    {
        AddPrice(price, of);
        AddPrice(price * quantity, of);
    }

    /// <summary>The merchant's rule of free delivery: from this amount of goods on.</summary>
    public void AddFreeFrom(Dinars from)
    {
        _unowned.Add(from);
        _amounts.Add(from);
        _freeFrom.Add(from);
    }

    /// <summary>Everything the merchant wrote: rules, delivery notes, descriptions, and their own messages of this conversation. What an amount is there, the merchant knows.</summary>
    public void AddText(string? text)
    {
        foreach (var (amount, _) in Learned(text))
        {
            _unowned.Add(amount);
            _written.Add(amount);
        }
    }

    /// <summary>What the agent said before in this conversation: each amount as what it was called.</summary>
    public void AddSaid(string? text)
    {
        foreach (var (amount, reading) in Learned(text))
        {
            if (reading.Role == MoneyRole.Total) _totals.Add(amount);
            else if (reading.OfDelivery) _otherFees.Add(amount);
        }
    }

    private IEnumerable<(Dinars, MoneyReading)> Learned(string? text)
    {
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var readings = MoneyGuard.Read(line);
            var isFree = readings.Any(r => r.Kind == MoneyKind.Free);
            foreach (var reading in readings)
            {
                if (reading.Kind == MoneyKind.Percent) _percents.Add((reading.Text, reading.Role));
                else if (reading.Kind == MoneyKind.Free) _free.Add((reading.Role, reading.OnCondition));
                else if (reading.Kind != MoneyKind.Spoken)
                    foreach (var amount in reading.MayMean.Take(1))
                    {
                        _amounts.Add(amount);
                        if (isFree && reading.Role == MoneyRole.From) _freeFrom.Add(amount);
                        yield return (amount, reading);
                    }
            }
        }
    }

    /// <summary>A product's name: its digits are no amount ("iPhone 13", "Note 8 128").</summary>
    public void AddName(string name)
    {
        if (name.Any(char.IsDigit)) _names.Add(name);
    }

    /// <summary>Whether a reading is permitted.</summary>
    /// <param name="named">The amounts that stand beside it.</param>
    internal bool Supports(MoneyReading reading, HashSet<Dinars> named) => reading.Kind switch
    {
        // Said in DA digits or not at all: of "35 alf" the reader cannot know which is meant.
        MoneyKind.Spoken => false,
        MoneyKind.Foreign => false,
        MoneyKind.Named => (reading.InDinars ?? reading.InCentimes) is { } amount && May(amount, reading.Role),
        // "2999,50" is no whole dinar, and no price of anything.
        MoneyKind.Bare => reading.InDinars is { } bare && May(bare, reading.Role),
        MoneyKind.Free when reading.Role == MoneyRole.Included => IsFree(MoneyRole.Fee) || _free.Contains((MoneyRole.Included, false)) || named.Any(a => _totals.Contains(a) || _written.Contains(a)),
        // "Free from 20 000 DA" is the merchant's rule; "free" alone is a promise of zero.
        MoneyKind.Free => IsFree(reading.Role) || _freeFrom.Overlaps(named) || reading.OnCondition && _free.Contains((reading.Role, true)),
        MoneyKind.Percent => _percents.Contains((reading.Text, reading.Role)),
        _ => false,
    };

    private bool IsFree(MoneyRole role) => _free.Contains((role, false)) || May(Dinars.Zero, role);

    private bool May(Dinars amount, MoneyRole role) => _amounts.Contains(amount) && (_written.Contains(amount) || role switch
    {
        MoneyRole.Fee => _fees.Contains(amount) || _otherFees.Contains(amount) || _freeFrom.Contains(amount),
        // As long as no fee is known the goods are all there is to sum up.
        MoneyRole.Total => _fees.Count == 0 || _totals.Contains(amount),
        // "Promo : 2 500 DA" is a price; a fee is no discount.
        MoneyRole.Discount => _totals.Contains(amount) || _goods.Contains(amount) || !_fees.Contains(amount) && !_otherFees.Contains(amount),
        _ => true,
    });
}
