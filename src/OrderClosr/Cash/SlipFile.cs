using System.ComponentModel.DataAnnotations.Schema;
using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using MiniExcelLibs;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;

namespace OrderClosr.Cash;

/// <summary>One row of a file as a spreadsheet counts it.</summary>
[NotMapped] // kept inside its look as JSON
public sealed record SheetRow(int Line, IReadOnlyList<string> Cells);

/// <summary>Reads what a courier calls a slip into cells: CSV in whatever letters and separators, or a workbook. What a file is its first bytes say, not its name.</summary>
public static class SlipFile
{
    /// <summary>The largest file.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>More rows are refused.</summary>
    public const int MostRows = 20_000;

    /// <summary>A workbook is packed: what it may unpack to.</summary>
    private const int MostUnpacked = 64 * 1024 * 1024;

    private const int MostColumns = 60, MostCell = 300;

    private static readonly char?[] Separators = [null, ';', ',', '\t', '|'];

    /// <summary>The rows that hold anything; refused: <c>slip_too_large, slip_is_pdf, slip_is_old_excel, slip_is_web_page, slip_unreadable, slip_empty, slip_too_many_rows</c>.</summary>
    public static Result<List<SheetRow>> Read(byte[] bytes)
    {
        if (bytes.Length > MostBytes) return new Refusal("slip_too_large", "The file is too large.", "file", [$"{MostBytes / (1024 * 1024)} MB"]);
        var start = bytes.AsSpan();
        if (start.StartsWith("%PDF"u8)) return new Refusal("slip_is_pdf", "This is a PDF: ask the courier for its Excel or CSV file.", "file");
        if (start.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0])) return new Refusal("slip_is_old_excel", "This is an old Excel file: save it as .xlsx or CSV.", "file");
        var rows = start.StartsWith("PK"u8) ? Workbook(bytes) : Text(bytes);
        if (!rows.Ok) return rows;
        return rows.Value.Count == 0 ? new Refusal("slip_empty", "The file has no rows.", "file") : rows;
    }

    private static Result<List<SheetRow>> Workbook(byte[] bytes)
    {
        try
        {
            using var packed = new MemoryStream(bytes, writable: false);
            if (Unpacks(packed) > MostUnpacked) return new Refusal("slip_too_large", "The file is too large.", "file", [$"{MostUnpacked / (1024 * 1024)} MB"]);
            packed.Position = 0;
            // The sheet that has the heads of a slip, else the first.
            List<SheetRow>? first = null;
            foreach (var sheet in MiniExcel.GetSheetNames(packed).Take(10))
            {
                packed.Position = 0;
                var rows = new List<SheetRow>();
                var line = 0;
                foreach (var row in MiniExcel.Query(packed, useHeaderRow: false, sheetName: sheet, excelType: ExcelType.XLSX))
                {
                    line++;
                    if (Row(line, ((IDictionary<string, object?>)row).Values.Select(Cell)) is not { } read) continue;
                    if (rows.Count == MostRows) return TooMany;
                    rows.Add(read);
                }
                first ??= rows;
                if (SlipColumns.Detect(rows) is not null) return rows;
            }
            return first ?? [];
        }
        catch (Exception error) when (error is InvalidDataException or IOException or FormatException or System.Xml.XmlException or KeyNotFoundException or InvalidOperationException or NotSupportedException
            or NullReferenceException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // A damaged or foreign archive: the reading library says so in many ways.
            return Unreadable;
        }
    }

    private static Result<List<SheetRow>> Text(byte[] bytes)
    {
        if (bytes.Length == 0) return new Refusal("slip_empty", "The file has no rows.", "file");
        if (CatalogueFile.Decode(bytes) is not { } text || text.AsSpan(0, Math.Min(text.Length, 4096)).Contains('\0')) return Unreadable;
        if (!text.Any(char.IsLetterOrDigit)) return new Refusal("slip_empty", "The file has no rows.", "file");
        var head = text.AsSpan().TrimStart();
        if (head.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) || head.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || head.StartsWith("<table", StringComparison.OrdinalIgnoreCase))
            return new Refusal("slip_is_web_page", "This is a web page: open it in Excel and save it as .xlsx or CSV.", "file");
        // Titles above the heads can mislead a guess: the separator that shows the heads of a slip wins.
        Result<List<SheetRow>>? best = null;
        foreach (var separator in Separators)
        {
            var rows = Csv(text, separator);
            if (rows.Ok && SlipColumns.Detect(rows.Value) is not null) return rows;
            if (best is null || (rows.Ok && best.Value.Ok && Widest(rows.Value) > Widest(best.Value.Value))) best = rows;
        }
        return best!.Value;

        static int Widest(List<SheetRow> rows) => rows.Count == 0 ? 0 : rows.Take(30).Max(r => r.Cells.Count);
    }

    private static Result<List<SheetRow>> Csv(string text, char? separator)
    {
        try
        {
            using var csv = CsvReader.FromText(text, CsvReaderOptions.Default with { HasHeader = false, TrackLineNumbers = true, MaxRecordSize = 256 * 1024, Separator = separator });
            var rows = new List<SheetRow>();
            while (csv.Read())
            {
                if (Row((int)csv.LineNumber, Enumerable.Range(0, Math.Min(csv.FieldCount, MostColumns)).Select(i => Unescaped(csv.GetString(i)))) is not { } row) continue;
                if (rows.Count == MostRows) return TooMany;
                rows.Add(row);
            }
            return rows;
        }
        catch (CsvFormatException)
        {
            return Unreadable;
        }
    }

    private static SheetRow? Row(int line, IEnumerable<string> cells)
    {
        List<string> kept = [.. cells.Take(MostColumns).Select(c => PlainText.Line(c) is { Length: > MostCell } text ? text[..MostCell] : PlainText.Line(c))];
        while (kept.Count > 0 && kept[^1].Length == 0) kept.RemoveAt(kept.Count - 1);
        return kept.Count == 0 ? null : new(line, kept);
    }

    private static string Cell(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString("0.##########", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.##########", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        _ => Unescaped(Convert.ToString(cell, CultureInfo.InvariantCulture) ?? ""),
    };

    /// <summary>What its parts unpack to, counted by unpacking: the sizes an archive tells of itself may lie.</summary>
    private static long Unpacks(Stream packed)
    {
        using var zip = new ZipArchive(packed, ZipArchiveMode.Read, leaveOpen: true);
        var buffer = new byte[64 * 1024];
        long sum = 0;
        foreach (var entry in zip.Entries)
        {
            using var part = entry.Open();
            int read;
            while ((read = part.Read(buffer)) > 0)
                if ((sum += read) > MostUnpacked) return sum;
        }
        return sum;
    }

    /// <summary>The apostrophe that an export puts before what looks like a formula.</summary>
    private static string Unescaped(string cell) => cell is ['\'', '=' or '@' or '+' or '-' or '\t' or '\r', ..] ? cell[1..] : cell;

    private static readonly Refusal Unreadable = new("slip_unreadable", "This is not a file with columns.", "file");
    private static readonly Refusal TooMany = new("slip_too_many_rows", $"A file may have {MostRows} rows.", "file", [$"{MostRows}"]);
}
