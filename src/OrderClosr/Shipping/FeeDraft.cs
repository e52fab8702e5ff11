using System.Globalization;
using OrderClosr.Ground.Values;

namespace OrderClosr.Shipping;

/// <summary>A row of the fee table as it stands on the page: text, also when it is not yet right.</summary>
public sealed record FeeDraft
{
    public required int WilayaCode { get; init; }
    public int CommuneCode { get; init; }
    public string Home { get; init; } = "";
    public string Desk { get; init; } = "";

    /// <summary><c>2</c>, <c>1-3</c>, empty.</summary>
    public string Days { get; init; } = "";

    /// <summary>The row as it was when the page was made, in the same writing.</summary>
    public string Was { get; init; } = "";

    /// <summary>Before its fields' names in the form.</summary>
    public string Key => CommuneCode == 0 ? $"w{WilayaCode}" : $"c{CommuneCode}";

    public static FeeDraft Of(int wilayaCode, int communeCode, DeliveryFee? row)
    {
        var values = FeeValues.Of(row);
        var draft = new FeeDraft { WilayaCode = wilayaCode, CommuneCode = communeCode, Home = values.Home?.Digits ?? "", Desk = values.Desk?.Digits ?? "", Days = DaysText(values.DaysFrom, values.DaysTo) };
        return draft with { Was = $"{draft.Home}|{draft.Desk}|{draft.Days}" };
    }

    /// <summary>The row as sent; null when the form does not hold it.</summary>
    public static FeeDraft? Read(int wilayaCode, int communeCode, IFormCollection form)
    {
        var empty = new FeeDraft { WilayaCode = wilayaCode, CommuneCode = communeCode };
        return form.ContainsKey($"{empty.Key}.home")
            ? empty with { Home = form[$"{empty.Key}.home"].ToString(), Desk = form[$"{empty.Key}.desk"].ToString(), Days = form[$"{empty.Key}.days"].ToString(), Was = form[$"{empty.Key}.was"].ToString() }
            : null;
    }

    /// <summary>The row to save, with what cannot be read added to <paramref name="wrong"/>.</summary>
    internal FeeRow ToRow(List<Refusal> wrong)
    {
        var was = Was.Split('|');
        return new(WilayaCode, CommuneCode, Values(Home, Desk, Days, wrong), was.Length == 3 ? Values(was[0], was[1], was[2], []) : null);
    }

    internal FeeValues Values(string home, string desk, string days, List<Refusal> wrong)
    {
        var row = new FeeRow(WilayaCode, CommuneCode, FeeValues.Nothing);
        var (from, to) = ReadDays(days) ?? Bad();
        return new(Amount(home, "home"), Amount(desk, "desk"), from, to);

        Dinars? Amount(string text, string column)
        {
            var read = TypedAmount.Read(text, SaveFees.Field(row, column));
            if (read.Ok) return read.Value;
            wrong.Add(read.Refusal);
            return null;
        }

        (int?, int?) Bad()
        {
            wrong.Add(new("days_unreadable", "Days are written like 2 or 1-3.", SaveFees.Field(row, "days")));
            return (null, null);
        }
    }

    /// <summary>"2" → 2, 2; "1-3", "1 à 3" → 1, 3; empty → nothing; anything else → null.</summary>
    private static (int?, int?)? ReadDays(string text)
    {
        var plain = Folding.AsciiDigits(text).Trim();
        if (plain.Length == 0) return (null, null);
        var parts = plain.Split(['-', '–', '/', 'à', 'a'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is not (1 or 2) || plain.Length > 10 || !parts.All(p => p.All(char.IsAsciiDigit) && p.Length <= 2)) return null;
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[^1], CultureInfo.InvariantCulture));
    }

    private static string DaysText(int? from, int? to) => (from, to) switch { (null, null) => "", ({ } f, { } t) when f != t => $"{f}-{t}", _ => $"{from ?? to}" };
}
