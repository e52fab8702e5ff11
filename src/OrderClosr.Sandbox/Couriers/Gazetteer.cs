using System.Globalization;
using System.Text;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>A wilaya as the law has it; <c>Code58</c> is its mother in the model couriers still use (facts: geography.md section 1).</summary>
public sealed record PlayedWilaya(int Code, int Code58, string French, string Arabic);

/// <summary>A commune as the law has it. ONS codes are unique; names only inside a wilaya.</summary>
public sealed record PlayedCommune(int Wilaya69, int Wilaya58, int Ons, string French, string Arabic, string PostalCode)
{
    /// <summary>The wilaya this commune lies in for somebody who counts 58 or 69.</summary>
    public int WilayaIn(int model) => model == 69 ? Wilaya69 : Wilaya58;

    /// <summary>The capital of its 48-model wilaya: the first number is kept for it.</summary>
    public bool IsSeat => Ons % 100 == 1;
}

/// <summary>The country, out of which each played courier makes its own lists, spellings and ids.</summary>
/// <remarks>Names: geoalgeria (MIT), <c>Geo/LICENCE-geoalgeria.txt</c>.</remarks>
public static class Gazetteer
{
    private static readonly PlayedWilaya[] All = [.. Rows("wilayas.csv").Select(r => new PlayedWilaya(Number(r[0]), Number(r[1]), r[2], r[3]))];

    /// <summary>All communes, by wilaya and name as in the file.</summary>
    public static IReadOnlyList<PlayedCommune> Communes { get; } =
        [.. Rows("communes.csv").Select(r => new PlayedCommune(Number(r[0]), Number(r[1]), Number(r[2]), r[3], r[4], r[6]))];

    /// <summary>The wilayas of a model, 58 or 69.</summary>
    public static IEnumerable<PlayedWilaya> Wilayas(int model) => All.Where(w => w.Code <= model);

    /// <summary>The wilaya of a code, or null.</summary>
    public static PlayedWilaya? Wilaya(int code) => code is >= 1 and <= 69 ? All[code - 1] : null;

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Rows(string file)
    {
        using var stream = typeof(Gazetteer).Assembly.GetManifestResourceStream("Geo." + file)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        reader.ReadLine();
        while (reader.ReadLine() is { } line) yield return line.Split(',');
    }
}
