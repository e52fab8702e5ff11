namespace OrderClosr.Sheets;

/// <summary>A tab as it was read: its cells, where our columns stand, and which row is whose.</summary>
internal sealed class SheetGrid
{
    private readonly IReadOnlyList<IReadOnlyList<string>> _cells;
    private readonly Dictionary<string, int> _at = [];
    private readonly Dictionary<int, string> _keys = [];

    internal SheetGrid(IReadOnlyList<IReadOnlyList<string>> cells, IEnumerable<SheetColumn> columns)
    {
        _cells = cells;
        Head = cells.Count == 0 ? [] : cells[0];
        Width = cells.Count == 0 ? 0 : cells.Max(r => r.Count);
        foreach (var column in columns)
            for (var c = 0; c < Head.Count; c++)
                if (Head[c].Trim() == column.Title && _keys.TryAdd(c, column.Key))
                {
                    _at[column.Key] = c;
                    break;
                }
        Read();
    }

    /// <summary>The first row.</summary>
    internal IReadOnlyList<string> Head { get; }

    /// <summary>The first row of each id (32 digits) in the id column.</summary>
    internal Dictionary<Guid, int> Rows { get; } = [];

    /// <summary>Further rows of an id that has one already.</summary>
    internal List<(Guid Id, int Row)> Doubles { get; } = [];

    /// <summary>Where a column of ours stands; null: nowhere.</summary>
    internal int? At(string key) => _at.TryGetValue(key, out var at) ? at : null;

    /// <summary>Says where a column stands whose head does not tell.</summary>
    internal void Place(string key, int at)
    {
        if (_at.TryGetValue(key, out var before)) _keys.Remove(before);
        (_at[key], _keys[at]) = (at, key);
        if (key == SheetColumns.Id) Read();
    }

    /// <summary>The key of the column of ours that stands there; null: the merchant's.</summary>
    internal string? KeyAt(int column) => _keys.GetValueOrDefault(column);

    internal string this[int row, int column] => row < _cells.Count && column < _cells[row].Count ? _cells[row][column] : "";

    internal int Height => _cells.Count;

    /// <summary>Index behind the last column that holds anything.</summary>
    internal int Width { get; }

    /// <summary>The id in a row; null: none.</summary>
    internal Guid? IdIn(int row) => At(SheetColumns.Id) is { } at && Guid.TryParseExact(this[row, at].Trim(), "N", out var id) ? id : null;

    /// <summary>Whether a first row and an id column, read again, are still the same, but for what these writes changed.</summary>
    internal bool Has(SheetSpine spine, IReadOnlyList<SheetWrite>? but = null)
    {
        if (!Same(Head, spine.Head) || At(SheetColumns.Id) is not { } at) return false;
        var changed = but?.OfType<PutCells>().Where(p => p.Column <= at && at < p.Column + p.Cells.Count).ToDictionary(p => p.Row, p => SheetColumns.TextOf(p.Cells[at - p.Column]));
        for (var r = 0; r < Math.Max(Height, spine.Column.Count); r++)
            if ((changed?.GetValueOrDefault(r) ?? this[r, at]) != (r < spine.Column.Count ? spine.Column[r] : "")) return false;
        return true;
    }

    internal static bool Same(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
            if ((i < a.Count ? a[i] : "") != (i < b.Count ? b[i] : "")) return false;
        return true;
    }

    /// <summary>Every place below the head where one of these ids stands outside of the id column.</summary>
    internal IEnumerable<(Guid Id, int Row, int Column)> Astray(IReadOnlySet<Guid> ids)
    {
        for (var r = 0; r < Height; r++)
            for (var c = 0; c < _cells[r].Count; c++)
                if (c != At(SheetColumns.Id) && _cells[r][c].Length == 32 && Guid.TryParseExact(_cells[r][c], "N", out var id) && ids.Contains(id)) yield return (id, r, c);
    }

    /// <summary>What stands in a row in columns that are not ours, by their heads.</summary>
    internal IEnumerable<(string Head, string Cell)> Foreign(int row)
    {
        for (var c = 0; c < Math.Max(Head.Count, row < _cells.Count ? _cells[row].Count : 0); c++)
            if (KeyAt(c) is null && this[row, c].Length > 0) yield return (c < Head.Count ? Head[c] : "", this[row, c]);
    }

    private void Read()
    {
        Rows.Clear();
        Doubles.Clear();
        for (var r = 0; r < Height; r++)
        {
            if (IdIn(r) is not { } id) continue;
            if (!Rows.TryAdd(id, r)) Doubles.Add((id, r));
        }
    }
}
