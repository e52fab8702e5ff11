using System.Globalization;

namespace OrderClosr.Sandbox.Google;

/// <summary>One thing a merchant does to the sheet by hand.</summary>
public sealed record GoogleAct
{
    /// <summary><c>sort, insert_column, delete_column, move_column, insert_row, delete_row, rename_tab, delete_tab, add_tab, type, copy_row</c>.</summary>
    public string Do { get; init; } = "";

    /// <summary>The tab; the first one when not said.</summary>
    public string? Tab { get; init; }

    /// <summary>A column by its letters.</summary>
    public string? Column { get; init; }

    /// <summary>Where a moved column goes: before this one.</summary>
    public string? Before { get; init; }

    public bool Descending { get; init; }

    /// <summary>A row by its number, from 1.</summary>
    public int? Row { get; init; }

    /// <summary>A cell, <c>B3</c>.</summary>
    public string? Cell { get; init; }

    /// <summary>What is typed, the head of a new column, the new name.</summary>
    public string? Value { get; init; }

    /// <summary>What stands in a new row.</summary>
    public IReadOnlyList<string>? Cells { get; init; }
}

/// <summary>The merchant's hand.</summary>
public static class GoogleMerchant
{
    /// <summary>Does it; null, or why it cannot be done.</summary>
    public static string? Act(GoogleSheet sheet, GoogleAct act)
    {
        if (act.Do == "add_tab")
        {
            if (string.IsNullOrEmpty(act.Value) || sheet.Tabs.Any(t => t.Title == act.Value)) return "value is the name of a new tab";
            sheet.Add(act.Value);
            return null;
        }
        var tab = act.Tab is null ? sheet.Tabs.FirstOrDefault() : sheet.Tabs.Find(t => t.Title == act.Tab);
        if (tab is null) return $"there is no tab \"{act.Tab}\"";
        var column = act.Column is null ? null : GoogleA1.Number(act.Column);
        switch (act.Do)
        {
            case "sort" when column is { } by: tab.Sort(by, act.Descending); return null;
            case "insert_column" when column is { } at:
                tab.InsertColumns(at, 1);
                if (act.Value is { Length: > 0 } head) tab[0, at] = GoogleCell.Typed(head);
                return null;
            case "delete_column" when column is { } gone: tab.DeleteColumns(gone, 1); return null;
            case "move_column" when column is { } from && act.Before is { } letters && GoogleA1.Number(letters) is { } to:
                var moved = Enumerable.Range(0, tab.Rows.Count).Select(r => tab[r, from]).ToList();
                tab.DeleteColumns(from, 1);
                var target = to > from ? to - 1 : to;
                tab.InsertColumns(target, 1);
                for (var r = 0; r < moved.Count; r++) if (!moved[r].IsEmpty) tab[r, target] = moved[r];
                return null;
            case "insert_row" when act.Row is > 0 and var n:
                tab.InsertRows(n - 1, 1);
                for (var c = 0; c < (act.Cells?.Count ?? 0); c++) if (act.Cells![c].Length > 0) tab[n - 1, c] = GoogleCell.Typed(act.Cells[c]);
                return null;
            case "copy_row" when act.Row is > 0 and var copied:
                tab.InsertRows(copied, 1);
                for (var c = 0; c < tab.UsedColumns; c++) tab[copied, c] = tab[copied - 1, c];
                return null;
            case "delete_row" when act.Row is > 0 and var row: tab.DeleteRows(row - 1, 1); return null;
            case "rename_tab" when act.Value is { Length: > 0 } name: tab.Title = name; return null;
            case "delete_tab" when sheet.Tabs.Count > 1: sheet.Tabs.Remove(tab); return null;
            case "type" when act.Cell is { } cell && GoogleA1.Read(cell, _ => false) is { LastRow: not null } place:
                tab[place.Row, place.Column] = GoogleCell.Typed(act.Value ?? "");
                return null;
            default: return $"cannot {act.Do}: column {act.Column}, row {act.Row?.ToString(CultureInfo.InvariantCulture)}, cell {act.Cell}";
        }
    }
}
