using OrderClosr.Ground.Values;

namespace OrderClosr.Cash;

/// <summary>One line of a slip, read.</summary>
/// <param name="Tracking">As the file has it; empty for a line that names no parcel.</param>
/// <param name="Collected">Below zero never: an amount below zero is the fee of a return.</param>
/// <param name="Fee">What the courier keeps; never below zero.</param>
/// <param name="Net">As the file says it; null: it has no such column.</param>
/// <param name="SaysReturn">The line itself says that the parcel came back.</param>
/// <param name="Wrong">The cell that is no amount; null when all are.</param>
public sealed record SlipRow(int Line, string Tracking, string Reference, Dinars? Collected, Dinars? Fee, Dinars? ReturnFee, Dinars? Net, bool SaysReturn, string? Wrong = null);

/// <summary>A whole slip, read.</summary>
/// <param name="Totals">What a line of totals says was collected, and is left; null where there is none.</param>
public sealed record SlipContent(IReadOnlyList<SlipRow> Rows, (Dinars? Collected, Dinars? Net) Totals)
{
    /// <summary>Reads the rows below the heads.</summary>
    public static SlipContent Read(IReadOnlyList<SheetRow> sheet, SlipColumns columns)
    {
        var rows = new List<SlipRow>();
        (Dinars?, Dinars?) totals = (null, null);
        var heads = columns.HeadRow < sheet.Count ? sheet[columns.HeadRow] : null;
        foreach (var row in sheet.Skip(columns.HeadRow + 1))
        {
            var tracking = Cell(row, columns.Tracking);
            // A long export repeats its heads on every page.
            if (heads is not null && tracking.Length > 0 && Folding.Fold(tracking) == Folding.Fold(Cell(heads, columns.Tracking))) continue;
            var amounts = new Amounts();
            var (collected, fee, returnFee, net) = (amounts.Read(Cell(row, columns.Collected)), amounts.Read(Cell(row, columns.Fee)), amounts.Read(Cell(row, columns.ReturnFee)), amounts.Read(Cell(row, columns.Net)));
            if (IsTotal(row, tracking))
            {
                totals = (collected, net);
                continue;
            }
            if (tracking.Length == 0 && collected is null && fee is null && returnFee is null && net is null && amounts.Wrong is null) continue;
            var status = Folding.Fold(Cell(row, columns.Status));
            var saysReturn = ReturnWords.Any(w => status.Contains(w, StringComparison.Ordinal));
            if (collected is { } below && below < Dinars.Zero)
            {
                // "-250" where an amount is collected: the fee of a return.
                (returnFee, collected, saysReturn) = (returnFee is { } told && told != Dinars.Zero ? returnFee : Matching.Turned(below), Dinars.Zero, true);
            }
            if (returnFee is { } back && back != Dinars.Zero) saysReturn = true;
            var wrong = amounts.Wrong ?? (tracking.Length > 0 && collected is null && net is null ? "" : null);
            rows.Add(new(row.Line, Cut(tracking), Cut(Cell(row, columns.Reference)), collected, Matching.Size(fee), Matching.Size(returnFee), net, saysReturn, wrong));
        }
        return new(rows, totals);
    }

    private static string Cell(SheetRow row, int? column) => column is { } at && at < row.Cells.Count ? row.Cells[at].Trim() : "";

    private static string Cut(string text) => text.Length > 120 ? text[..120] : text;

    private static bool IsTotal(SheetRow row, string tracking) => TotalWords.Contains(Folding.Compact(tracking))
        || (tracking.Length == 0 && row.Cells.Any(c => TotalWords.Contains(Folding.Compact(c)))) || (tracking.Length > 0 && Folding.Fold(tracking).StartsWith("total ", StringComparison.Ordinal));

    private static readonly HashSet<string> TotalWords =
        [.. "total|totaux|total général|sous-total|total net|net total|total à payer|total net à payer|sum|somme|المجموع|الاجمالي|المجموع الكلي|الإجمالي".Split('|').Select(Folding.Compact)];

    private static readonly string[] ReturnWords = [.. "retour|retourne|return|echec livraison|echoue|مرتجع|ارجاع|راجع|مسترجع|معاد".Split('|').Select(Folding.Fold)];

    /// <summary>The amounts of one line; the first cell that is none is kept.</summary>
    private sealed class Amounts
    {
        internal string? Wrong { get; private set; }

        /// <summary><c>-250</c>, <c>250-</c>, <c>(250)</c>, <c>−250,00 DA</c>: below zero. All else as amounts are typed.</summary>
        internal Dinars? Read(string cell)
        {
            var text = cell.Trim();
            if (text.Length == 0 || text is "-" or "–" or "—") return null;
            var below = text.StartsWith('(') && text.EndsWith(')');
            if (below) text = text[1..^1].Trim();
            if (text.Length > 0 && text[^1] is '-' or '\u2212') (below, text) = (true, text[..^1].Trim());
            if (text.Length > 0 && text[0] is '-' or '\u2212' or '\u2013') (below, text) = (true, text[1..].Trim());
            if (text.Length > 0 && text[0] == '+') text = text[1..].Trim();
            // The unit may stand before it too.
            foreach (var unit in (string[])["DZD", "DA", "دج", "د.ج"])
                if (text.StartsWith(unit, StringComparison.OrdinalIgnoreCase)) text = text[unit.Length..].Trim();
            var read = TypedAmount.Read(text, "amount");
            if (read is { Ok: true, Value: { } amount }) return below ? Matching.Turned(amount) : amount;
            Wrong ??= cell.Length > 60 ? cell[..60] : cell;
            return null;
        }
    }
}
