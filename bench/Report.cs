namespace OrderClosr.Bench;

/// <summary>The table that docs/performance.md shows.</summary>
internal sealed class Report
{
    private readonly List<(string Database, string What, string Measured, string Aim)> _rows = [];

    internal void Add(string database, string what, string measured, string aim)
    {
        _rows.Add((database, what, measured, aim));
        Console.WriteLine($"{database,-9} {what}: {measured}{(aim.Length > 0 ? $"   (aim {aim})" : "")}");
    }

    internal void Print()
    {
        Console.WriteLine("\n| database | what | measured | aim |\n|---|---|---|---|");
        foreach (var row in _rows) Console.WriteLine($"| {row.Database} | {row.What} | {row.Measured} | {row.Aim} |");
    }
}
