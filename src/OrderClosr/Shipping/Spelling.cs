namespace OrderClosr.Shipping;

/// <summary>How far two spellings are from each other.</summary>
internal static class Spelling
{
    /// <summary>Letters that may differ in a name of this length before it is another name.</summary>
    internal static int Allowed(int letters) => letters switch { < 5 => 0, < 8 => 1, _ => 2 };

    /// <summary>Letters to add, drop, change or swap with a neighbour; <paramref name="limit"/> + 1 when it takes more than the limit.</summary>
    internal static int Distance(string a, string b, int limit)
    {
        if (limit < 0 || Math.Abs(a.Length - b.Length) > limit) return limit + 1;
        if (a == b) return 0;
        var before = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }
            if (least > limit) return limit + 1;
            (before, last, row) = (last, row, before);
        }
        return Math.Min(last[b.Length], limit + 1);
    }
}
