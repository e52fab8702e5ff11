using System.Text;
using CsvHelper;
using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>The catalogue as a file of rows, one per variant: how it is written, and how what spreadsheets make of it is read back.</summary>
public static class CatalogueFile
{
    /// <summary>The columns in the order we write them; <c>product</c> and <c>price</c> are needed to read.</summary>
    public static readonly IReadOnlyList<string> Columns = ["product", "name_ar", "sku", "options", "price", "floor_price", "stock", "active", "description", "other_names", "agent_notes"];

    /// <summary>More rows are refused.</summary>
    public const int MostRows = 5_000;

    /// <summary>The largest file.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Writes UTF-8 with a byte order mark, so that Excel reads Arabic; cells that look like formulas are made text.</summary>
    public static byte[] Write(IEnumerable<Product> products)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, CsvWriterOptions.Default with { WriteByteOrderMark = true, Injection = CsvInjection.Escape }, leaveOpen: true))
        {
            csv.WriteRecord([.. Columns]);
            foreach (var product in products)
                foreach (var variant in product.Variants.OrderBy(v => v.Position))
                    csv.WriteRecord([
                        product.Name, product.NameAr, variant.Sku, OptionsText(variant.Options), $"{(variant.Price ?? product.Price).Amount}", $"{product.FloorPrice?.Amount}", $"{variant.Stock}",
                        product.Active ? "1" : "0", product.Description, product.OtherNames, product.AgentNotes]);
        }
        return bytes.ToArray();
    }

    /// <summary>Reads the rows; <c>csv_columns</c>, <c>csv_empty</c>, <c>csv_too_many_rows</c> or <c>csv_unreadable</c> when it is no file of ours.</summary>
    public static Result<CatalogueRowsOfFile> Read(byte[] bytes)
    {
        if (bytes.Length > MostBytes) return new Refusal("csv_too_large", "The file is too large.", "file", [$"{MostBytes / (1024 * 1024)} MB"]);
        if (Decode(bytes) is not { } text || text.AsSpan(0, Math.Min(text.Length, 4096)).Contains('\0')) return new Refusal("csv_unreadable", "This is not a text file with columns.", "file");
        try
        {
            using var csv = CsvReader.FromText(text, CsvReaderOptions.Default with { TrackLineNumbers = true, MaxRecordSize = 256 * 1024 });
            csv.ReadHeader();
            var known = new Dictionary<string, int>();
            var ignored = new List<string>();
            for (var i = 0; i < csv.Headers.Count; i++)
            {
                var key = Folding.Compact(csv.Headers[i]);
                if (Names.Value.TryGetValue(key, out var column) && known.TryAdd(column, i)) continue;
                if (csv.Headers[i].Trim().Length > 0) ignored.Add(PlainText.Line(csv.Headers[i]) is { Length: > 40 } name ? name[..40] : PlainText.Line(csv.Headers[i]));
            }
            string[] missing = [.. ((string[])["product", "price"]).Where(c => !known.ContainsKey(c))];
            if (missing.Length > 0) return new Refusal("csv_columns", $"Columns are missing: {string.Join(", ", missing)}.", "file", missing);

            var rows = new List<CatalogueRow>();
            while (csv.Read())
            {
                var cells = known.ToDictionary(k => k.Key, k => k.Value < csv.FieldCount ? Unescaped(csv.GetString(k.Value)) : "");
                if (cells.Values.All(string.IsNullOrWhiteSpace)) continue;
                if (rows.Count == MostRows) return new Refusal("csv_too_many_rows", $"A file may have {MostRows} rows.", "file", [$"{MostRows}"]);
                rows.Add(new((int)csv.LineNumber, cells));
            }
            return rows.Count == 0 ? new Refusal("csv_empty", "The file has no rows.", "file") : new CatalogueRowsOfFile(rows, ignored);
        }
        catch (CsvFormatException)
        {
            return new Refusal("csv_unreadable", "This is not a text file with columns.", "file");
        }
    }

    /// <summary>"Taille: M / Couleur: Noir".</summary>
    public static string OptionsText(IReadOnlyDictionary<string, string> options) => string.Join(" / ", options.Select(o => $"{o.Key}: {o.Value}"));

    /// <summary>The options of a cell; a value without a name is called "Option".</summary>
    public static Dictionary<string, string> ReadOptions(string text)
    {
        var options = new Dictionary<string, string>();
        foreach (var part in text.Split([" / ", "|", ";", "\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var cut = part.IndexOfAny([':', '=']);
            var name = cut > 0 ? PlainText.Line(part[..cut]) : options.Count == 0 ? "Option" : $"Option {options.Count + 1}";
            var value = PlainText.Line(cut >= 0 ? part[(cut + 1)..] : part);
            if (value.Length > 0) options[name] = value;
        }
        return options;
    }

    /// <summary>UTF-8, UTF-16 with its mark, else what Excel saves: Windows-1252 where it is French, Windows-1256 where it is Arabic.</summary>
    internal static string? Decode(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2);
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2);
        var start = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException)
        {
            if (start > 0) return null;
            string french = Windows(1252).GetString(bytes), arabic = Windows(1256).GetString(bytes);
            return IsArabic(french, arabic) ? arabic : french;
        }

        static Encoding Windows(int page) => CodePagesEncodingProvider.Instance.GetEncoding(page)!;
    }

    /// <summary>Of one text read in both ways, the right one: the bytes of "É" and "ة" are the same, but a word of Arabic has no Latin letter in it.</summary>
    /// <remarks>The small accents of French are in both. A letter that stands alone tells nothing.</remarks>
    private static bool IsArabic(string french, string arabic)
    {
        var (frenchWords, arabicWords) = (0, 0);
        for (var i = 0; i < french.Length; i++)
        {
            var (start, differs, hasLatin) = (i, false, false);
            for (; i < french.Length && (char.IsLetter(french[i]) || char.IsLetter(arabic[i])); i++)
            {
                differs |= french[i] != arabic[i];
                hasLatin |= char.IsAsciiLetter(french[i]);
            }
            if (!differs) continue;
            if (hasLatin) frenchWords++;
            else if (i - start > 1) arabicWords++;
        }
        return arabicWords > 0 && arabicWords >= frenchWords;
    }

    /// <summary>Takes away the apostrophe that our own export puts before what looks like a formula.</summary>
    private static string Unescaped(string cell) => cell is ['\'', '=' or '@' or '+' or '-' or '\t' or '\r', ..] ? cell[1..] : cell;

    private static readonly Lazy<Dictionary<string, string>> Names = new(() =>
    {
        var names = new Dictionary<string, string>();
        foreach (var (column, spellings) in ((string, string)[])[
            ("product", "product|produit|nom|name|article|nom du produit|المنتج|الاسم|اسم المنتج"), ("name_ar", "name_ar|nom arabe|nom_ar|الاسم بالعربية"),
            ("sku", "sku|code|référence|ref|الرمز|المرجع"), ("options", "options|option|variante|variant|الخيارات|الخيار"), ("price", "price|prix|prix de vente|السعر|الثمن"),
            ("floor_price", "floor_price|prix plancher|plancher|prix minimum|أدنى سعر|السعر الأدنى"), ("stock", "stock|quantité|qte|المخزون|الكمية"), ("active", "active|actif|en vente|نشط"),
            ("description", "description|الوصف"), ("other_names", "other_names|autres noms|synonymes|أسماء أخرى"), ("agent_notes", "agent_notes|notes|notes agent|ملاحظات")])
            foreach (var spelling in spellings.Split('|')) names[Folding.Compact(spelling)] = column;
        return names;
    });
}

/// <summary>The rows of a file and the columns that mean nothing to us.</summary>
public sealed record CatalogueRowsOfFile(IReadOnlyList<CatalogueRow> Rows, IReadOnlyList<string> Ignored);

/// <summary>One row: its line in the file and its cells by our names of the columns; a column the file lacks is not in it.</summary>
public sealed record CatalogueRow(int Line, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>A cell, cleaned; null when the file has no such column.</summary>
    public string? this[string column] => Cells.TryGetValue(column, out var cell) ? cell.Trim() : null;
}
