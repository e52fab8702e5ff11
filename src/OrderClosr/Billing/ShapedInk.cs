using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace OrderClosr.Billing;

/// <summary>Writes lines of Latin and Arabic on a page: Arabic letters joined, each run in its own direction, the whole line in the page's.</summary>
/// <remarks>As much of the bidirectional rules as one line of an invoice needs: letters and digits keep their direction, what stands between two runs of one kind goes with them, everything else with the page.</remarks>
internal sealed class ShapedInk(SKCanvas canvas, bool isRightToLeft, float width) : IDisposable
{
    private enum Kind { Latin, Arabic, Sign }

    private static readonly SKTypeface[] Faces = [.. ((string[])["NotoSans-Regular", "NotoSans-Bold", "NotoSansArabic-Regular", "NotoSansArabic-Bold"]).Select(Load)];

    private readonly SKShaper?[] _shapers = new SKShaper?[Faces.Length];

    /// <summary>One line. <paramref name="x"/> is counted from where the page begins to be read: from the right where it is Arabic.</summary>
    /// <param name="atEnd">The line ends there.</param>
    internal void Text(string text, float x, float y, float size, SKColor colour, bool isBold = false, bool atEnd = false)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        var runs = Split(text).Select(r => (r.Text, Face: (r.Kind == Kind.Arabic ? 2 : 0) + (isBold ? 1 : 0))).ToList();
        var fonts = Faces.Select(f => new SKFont(f, size)).ToList();
        var widths = runs.ConvertAll(r => Shaper(r.Face).Shape(r.Text, fonts[r.Face]).Width);
        var total = widths.Sum();
        // Where the line's left end is, whatever the direction.
        var left = isRightToLeft ? width - x - (atEnd ? 0 : total) : x - (atEnd ? total : 0);
        if (isRightToLeft) (runs, widths) = ([.. runs.AsEnumerable().Reverse()], [.. widths.AsEnumerable().Reverse()]);
        for (var i = 0; i < runs.Count; left += widths[i++]) canvas.DrawShapedText(Shaper(runs[i].Face), runs[i].Text, left, y, SKTextAlign.Left, fonts[runs[i].Face], paint);
        foreach (var font in fonts) font.Dispose();
    }

    /// <summary>A thin line across.</summary>
    internal void Rule(float from, float to, float y, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, StrokeWidth = 0.75f, IsStroke = true };
        canvas.DrawLine(from, y, to, y, paint);
    }

    public void Dispose()
    {
        foreach (var shaper in _shapers) shaper?.Dispose();
    }

    /// <summary>Runs in the order they are read.</summary>
    private List<(string Text, Kind Kind)> Split(string text)
    {
        var kinds = text.Select(c => c is >= '\u0600' and <= '\u06FF' ? Kind.Arabic : char.IsLetterOrDigit(c) ? Kind.Latin : Kind.Sign).ToArray();
        for (var i = 0; i < kinds.Length; i++)
        {
            if (kinds[i] != Kind.Sign) continue;
            var end = i;
            while (end < kinds.Length && kinds[end] == Kind.Sign) end++;
            var (before, after) = (i == 0 ? (Kind?)null : kinds[i - 1], end == kinds.Length ? (Kind?)null : kinds[end]);
            // Between two runs of one kind they go with them; a sign before a number is part of it.
            var kind = before == after && before is { } same ? same : before is null && after == Kind.Latin && text[i] is '–' or '+' ? Kind.Latin : isRightToLeft ? Kind.Arabic : Kind.Latin;
            for (var at = i; at < end; at++) kinds[at] = kind == Kind.Arabic && !char.IsWhiteSpace(text[at]) ? Kind.Sign : kind;
            i = end - 1;
        }
        var runs = new List<(string, Kind)>();
        for (int i = 0, end; i < text.Length; i = end)
        {
            for (end = i + 1; end < text.Length && kinds[end] == kinds[i] && kinds[i] != Kind.Sign; end++)
            {
                // To the end of the run.
            }
            runs.Add((text[i..end], kinds[i]));
        }
        return runs;
    }

    private SKShaper Shaper(int face) => _shapers[face] ??= new(Faces[face]);

    private static SKTypeface Load(string name)
    {
        using var stream = typeof(ShapedInk).Assembly.GetManifestResourceStream($"fonts/{name}") ?? throw new InvalidOperationException($"The font {name} is not in the program.");
        return SKTypeface.FromStream(stream) ?? throw new InvalidOperationException($"The font {name} cannot be read.");
    }
}
