using System.Globalization;
using System.Text;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>One label: who sends, who gets it, what is paid, and the tracking as words and as a bar code a scanner reads.</summary>
public sealed record LabelPage(string Courier, string From, string To, string Phone, string Address, string Place, string Amount, string Goods, string Tracking);

/// <summary>Labels as PDF, A6, made by hand: one font, lines of text, bars of Code 128.</summary>
/// <remarks>The built-in font has no Arabic: such letters stand as "?". The bar code is what matters.</remarks>
public static class LabelPdf
{
    private const int Width = 298, Height = 420;

    /// <summary>One page each.</summary>
    public static byte[] Make(params IReadOnlyList<LabelPage> pages) => Write([.. pages.Select(Draw)]);

    /// <summary>One A4 page each, the label in its upper left corner.</summary>
    public static byte[] MakeA4(params IReadOnlyList<LabelPage> pages) => Write([.. pages.Select(p => $"1 0 0 1 0 {842 - Height} cm\n" + Draw(p))], 595, 842);

    /// <summary>What some couriers answer for an id that is none: a page with nothing on it, about 880 bytes.</summary>
    public static byte[] Blank()
    {
        var blank = Write([""]);
        return [.. blank, .. Encoding.Latin1.GetBytes("%" + new string(' ', Math.Max(0, 878 - blank.Length)) + "\n")];
    }

    /// <summary>The label of a parcel.</summary>
    public static LabelPage Of(string courier, PlayedParcel parcel) => new(courier, parcel.Account.Name, parcel.Client,
        parcel.Phone + (parcel.Phone2 is { Length: > 0 } second ? " / " + second : ""), parcel.Address,
        $"{parcel.Wilaya:D2} {parcel.Commune}{(parcel.ToDesk ? " - STOP DESK " + parcel.Desk : "")}", $"{parcel.Amount} DA", parcel.Product, parcel.Tracking);

    /// <summary>Widths of bars and gaps in turn (Code 128, set B), start and stop with them.</summary>
    /// <example><c>"EC1"</c> begins with the start sign 211214 and ends with the stop sign 2331112.</example>
    public static string Bars(string text)
    {
        var codes = new List<int> { 104 };
        codes.AddRange(text.Select(c => c is >= ' ' and <= '~' ? c - ' ' : '?' - ' '));
        codes.Add(codes.Select((code, i) => code * Math.Max(1, i)).Sum() % 103);
        codes.Add(106);
        return string.Concat(codes.Select(c => Patterns[c]));
    }

    private static string Draw(LabelPage page)
    {
        var drawn = new StringBuilder("0 0 0 rg\n");
        var y = Height - 30;
        foreach (var (size, words) in (ReadOnlySpan<(int, string)>)[(16, page.Courier), (9, "De : " + page.From), (12, "A : " + page.To), (12, page.Phone), (10, page.Address), (12, page.Place), (9, page.Goods), (18, page.Amount)])
        {
            drawn.Append(CultureInfo.InvariantCulture, $"BT /F1 {size} Tf 16 {y} Td ({Escaped(words.Length > 48 ? words[..48] : words)}) Tj ET\n");
            y -= size + 12;
        }
        var bars = Bars(page.Tracking);
        var module = Math.Min(1.4, (Width - 32.0) / bars.Sum(b => b - '0'));
        var x = 16.0;
        foreach (var (i, b) in bars.Index())
        {
            var wide = (b - '0') * module;
            if (i % 2 == 0) drawn.Append(CultureInfo.InvariantCulture, $"{x:0.##} 50 {wide:0.##} 60 re f\n");
            x += wide;
        }
        return drawn.Append(CultureInfo.InvariantCulture, $"BT /F1 12 Tf 16 30 Td ({Escaped(page.Tracking)}) Tj ET\n").ToString();
    }

    private static byte[] Write(IReadOnlyList<string> pages, int width = Width, int height = Height)
    {
        var objects = new List<string>
        {
            "<< /Type /Catalog /Pages 2 0 R >>",
            $"<< /Type /Pages /Kids [{string.Join(' ', pages.Select((_, i) => $"{4 + 2 * i} 0 R"))}] /Count {pages.Count} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        };
        foreach (var (i, page) in pages.Index())
        {
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * i} 0 R >>");
            objects.Add($"<< /Length {page.Length} >>\nstream\n{page}\nendstream");
        }
        var file = new StringBuilder("%PDF-1.4\n");
        var starts = new List<int>();
        foreach (var (i, body) in objects.Index())
        {
            starts.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{body}\nendobj\n");
        }
        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var start in starts) file.Append(CultureInfo.InvariantCulture, $"{start:D10} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString()); // one byte per letter, so the places above hold
    }

    private static string Escaped(string text) =>
        string.Concat(text.Select(c => c > 255 || char.IsControl(c) ? "?" : c is '(' or ')' or '\\' ? "\\" + c : c.ToString()));

    private static readonly string[] Patterns =
        ("212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 " +
        "223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 " +
        "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 " +
        "311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 " +
        "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 " +
        "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112").Split(' ');
}
