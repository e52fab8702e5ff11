using System.Globalization;

namespace OrderClosr.Sandbox.Google;

/// <summary>What stands in a cell: a text, a number, true or false, or a formula; nothing is no cell.</summary>
public readonly record struct GoogleCell(object? Value, string? Formula = null)
{
    /// <summary>Nothing in it.</summary>
    public bool IsEmpty => Formula is null && Value is null or "";

    /// <summary>As a person reads it. What a formula would show is not computed here.</summary>
    public string Shown => Formula ?? Value switch { null => "", double number => number.ToString("0.##########", CultureInfo.InvariantCulture), bool flag => flag ? "TRUE" : "FALSE", _ => (string)Value };

    /// <summary>What a person types, or a program with <c>USER_ENTERED</c>: formulas run, numbers are numbers.</summary>
    public static GoogleCell Typed(string text)
    {
        if (text.Length > 1 && text[0] == '=') return new(null, text);
        if (text.StartsWith('\'')) return new(text[1..]);
        if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return new(number);
        return text switch { "TRUE" => new(true), "FALSE" => new(false), _ => new(text) };
    }
}

/// <summary>One tab.</summary>
public sealed class GoogleTab(int id, string title)
{
    public int Id => id;
    public string Title { get; set; } = title;
    public int RowCount { get; set; } = 1000;
    public int ColumnCount { get; set; } = 26;
    public List<List<GoogleCell>> Rows { get; private init; } = [];

    /// <summary>Ranges that warn whoever edits them.</summary>
    public int Protected { get; set; }

    public GoogleCell this[int row, int column]
    {
        get => row < Rows.Count && column < Rows[row].Count ? Rows[row][column] : default;
        set
        {
            while (Rows.Count <= row) Rows.Add([]);
            var cells = Rows[row];
            while (cells.Count <= column) cells.Add(default);
            cells[column] = value;
        }
    }

    /// <summary>Index behind the last row that holds something.</summary>
    public int Used
    {
        get
        {
            var last = Rows.Count;
            while (last > 0 && Rows[last - 1].All(c => c.IsEmpty)) last--;
            return last;
        }
    }

    /// <summary>Index behind the last column that holds something.</summary>
    public int UsedColumns => Rows.Count == 0 ? 0 : Rows.Max(r => r.FindLastIndex(c => !c.IsEmpty)) + 1;

    public GoogleTab Copy() => new(Id, Title) { RowCount = RowCount, ColumnCount = ColumnCount, Protected = Protected, Rows = [.. Rows.Select(r => new List<GoogleCell>(r))] };

    public void InsertRows(int at, int count)
    {
        if (at < Rows.Count) Rows.InsertRange(at, Enumerable.Range(0, count).Select(_ => new List<GoogleCell>()));
        RowCount += count;
    }

    public void DeleteRows(int at, int count)
    {
        if (at < Rows.Count) Rows.RemoveRange(at, Math.Min(count, Rows.Count - at));
        RowCount = Math.Max(1, RowCount - count);
    }

    public void InsertColumns(int at, int count)
    {
        foreach (var row in Rows.Where(r => at < r.Count)) row.InsertRange(at, Enumerable.Repeat(default(GoogleCell), count));
        ColumnCount += count;
    }

    public void DeleteColumns(int at, int count)
    {
        foreach (var row in Rows.Where(r => at < r.Count)) row.RemoveRange(at, Math.Min(count, row.Count - at));
        ColumnCount = Math.Max(1, ColumnCount - count);
    }

    /// <summary>Sorts whole rows below the head, as the merchant's menu does: empty cells last.</summary>
    public void Sort(int column, bool descending, int from = 1)
    {
        if (Rows.Count <= from) return;
        var rest = Rows.Skip(from).ToList();
        var full = rest.Where(r => column < r.Count && !r[column].IsEmpty).ToList();
        var sorted = descending ? full.OrderByDescending(r => r[column].Shown, StringComparer.Ordinal) : full.OrderBy(r => r[column].Shown, StringComparer.Ordinal);
        var all = sorted.Concat(rest.Except(full)).ToList();
        Rows.RemoveRange(from, Rows.Count - from);
        Rows.AddRange(all);
    }
}

/// <summary>One spreadsheet with the people and programs it is shared with.</summary>
public sealed class GoogleSheet(string id, string title)
{
    public string Id => id;
    public string Title { get; set; } = title;
    public List<GoogleTab> Tabs { get; private set; } = [];

    /// <summary>Address → <c>writer</c> or <c>reader</c>.</summary>
    public Dictionary<string, string> SharedWith { get; } = new(StringComparer.Ordinal);

    /// <summary>Changes that go together or not at all.</summary>
    public T Atomically<T>(Func<List<GoogleTab>, T> change)
    {
        var tabs = Tabs.ConvertAll(t => t.Copy());
        var result = change(tabs);
        Tabs = tabs;
        return result;
    }

    public GoogleTab Add(string title, int? id = null, List<GoogleTab>? among = null)
    {
        var tabs = among ?? Tabs;
        if (tabs.Any(t => t.Title == title)) throw GoogleRefusal.Bad($"Invalid requests[0].addSheet: A sheet with the name \"{title}\" already exists. Please enter another name.");
        var tab = new GoogleTab(id ?? (tabs.Count == 0 ? 0 : 1_000_000 + (tabs.Max(t => t.Id) * 7 % 900_000_000) + tabs.Count), title);
        tabs.Add(tab);
        return tab;
    }
}
