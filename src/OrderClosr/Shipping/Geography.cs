using System.Globalization;
using OrderClosr.Ground.Values;

namespace OrderClosr.Shipping;

/// <summary>The embedded files of <c>Geo/</c>, read once when first asked.</summary>
internal sealed class Geography
{
    internal static readonly Lazy<Geography> Read = new(() => new Geography());

    private Geography()
    {
        Wilayas = [.. Rows("wilayas.csv", r => new Wilaya(Number(r, 0), Number(r, 1), r[2], r[3]))];
        Communes = [.. Rows("communes.csv", r => new Commune(Number(r, 2), Number(r, 0), Number(r, 1), r[3], r[4], r[5], r[6]))];
        WilayaByCode = Wilayas.ToDictionary(w => w.Code);
        CommuneByCode = Communes.ToDictionary(c => c.Code);

        foreach (var wilaya in Wilayas)
        {
            WilayaNames.Add(wilaya.Name, wilaya);
            WilayaNames.Add(wilaya.NameAr, wilaya);
        }
        foreach (var (code, alias) in Rows("wilaya_aliases.csv", r => (Number(r, 0), r)).Where(a => a.r[3] != "code").Select(a => (a.Item1, a.r[1])))
            WilayaNames.Add(alias, WilayaByCode[code]);
        // The country's name in a field for a wilaya is Alger: shop software and people in a hurry write it so.
        foreach (var country in (string[])["Algérie", "Algeria"]) WilayaNames.Add(country, WilayaByCode[16]);

        foreach (var commune in Communes)
        {
            CommuneNames.Add(commune.Name, commune);
            CommuneNames.Add(commune.NameAr, commune);
        }
        foreach (var (code, alias) in Rows("commune_aliases.csv", r => (Number(r, 0), r[1]))) CommuneNames.Add(alias, CommuneByCode[code]);
        InWilaya = Communes.ToLookup(c => c.WilayaCode);
        OnceInWilaya = Communes.Where(c => c.WilayaCode58 != c.WilayaCode).ToLookup(c => c.WilayaCode58);
    }

    internal Wilaya[] Wilayas { get; }
    internal Commune[] Communes { get; }
    internal Dictionary<int, Wilaya> WilayaByCode { get; }
    internal Dictionary<int, Commune> CommuneByCode { get; }
    internal NameIndex<Wilaya> WilayaNames { get; } = new();
    internal NameIndex<Commune> CommuneNames { get; } = new();

    /// <summary>By code of the 69 model.</summary>
    internal ILookup<int, Commune> InWilaya { get; }

    /// <summary>Communes a mother wilaya lost in 2026: many people still name the mother.</summary>
    internal ILookup<int, Commune> OnceInWilaya { get; }

    private static int Number(string[] row, int column) => int.Parse(row[column], CultureInfo.InvariantCulture);

    private static IEnumerable<T> Rows<T>(string file, Func<string[], T> read)
    {
        using var stream = typeof(Geography).Assembly.GetManifestResourceStream("geo/" + file) ?? throw new InvalidOperationException($"geo/{file} is not embedded.");
        using var lines = new StreamReader(stream);
        lines.ReadLine();
        // Our own files: no field of them is quoted or holds a comma.
        while (lines.ReadLine() is { Length: > 0 } line) yield return read(line.Split(','));
    }
}

/// <summary>Names of things, found by their letters, by their sound, or by being near.</summary>
internal sealed class NameIndex<T> where T : class
{
    private readonly Dictionary<string, List<T>> _exact = [];
    private readonly Dictionary<string, List<T>> _sound = [];
    private readonly Dictionary<T, List<string>> _soundsOf = [];

    internal int LongestInWords { get; private set; }

    /// <summary>Every name as <see cref="Folding.Compact"/> made it.</summary>
    internal IReadOnlyDictionary<string, List<T>> All => _exact;

    internal void Add(string name, T thing)
    {
        Put(_exact, Folding.Compact(name), thing);
        var sound = Folding.Sound(name);
        Put(_sound, sound, thing);
        if (!_soundsOf.TryGetValue(thing, out var sounds)) _soundsOf[thing] = sounds = [];
        if (!sounds.Contains(sound)) sounds.Add(sound);
        LongestInWords = Math.Max(LongestInWords, Folding.Words(name).Count);
    }

    internal IReadOnlyList<T> Exact(string compact) => _exact.TryGetValue(compact, out var found) ? found : [];

    internal IReadOnlyList<T> Sounding(string sound) => sound.Length > 1 && _sound.TryGetValue(sound, out var found) ? found : [];

    /// <summary>The smallest number of letters to change between a sound and one of the thing's names.</summary>
    internal int Distance(string sound, T thing, int limit)
    {
        var best = limit + 1;
        foreach (var name in _soundsOf[thing]) best = Math.Min(best, Spelling.Distance(sound, name, best - 1));
        return best;
    }

    private static void Put(Dictionary<string, List<T>> index, string key, T thing)
    {
        if (key.Length == 0) return;
        if (!index.TryGetValue(key, out var things)) index[key] = things = [];
        if (!things.Contains(thing)) things.Add(thing);
    }
}
