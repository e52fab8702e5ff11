using System.Text;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>A row of <c>wilayas/</c>.</summary>
public sealed record YalidineWilaya(int Id, string Name, int Zone, bool IsDeliverable);

/// <summary>A row of <c>communes/</c>.</summary>
public sealed record YalidineCommune(int Id, string Name, YalidineWilaya Wilaya, bool IsDeliverable, bool HasEconomy)
{
    /// <summary>Days until the customer has it.</summary>
    public int DaysToDeliver => 5 + Id % 11;

    /// <summary>Days until the merchant has the money.</summary>
    public int DaysToPay => 2 + Id % 4;
}

/// <summary>A row of <c>centers/</c>: a stop desk.</summary>
public sealed record YalidineCenter(int Id, string Name, string Address, string Gps, YalidineCommune Commune);

/// <summary>Yalidine's lists for one model of wilayas, invented from the national names with Yalidine's spellings (facts: yalidine.md section 3). Ids are made up.</summary>
public sealed class YalidineLists
{
    private static readonly YalidineLists Of58 = new(58), Of69 = new(69);
    private readonly Dictionary<int, YalidineCenter> _centers;
    private readonly ILookup<int, YalidineCommune> _communesOf;
    private readonly HashSet<int> _withDesk;

    private YalidineLists(int model)
    {
        Wilayas = [.. Gazetteer.Wilayas(model).Select(w => new YalidineWilaya(w.Code, w.Code == 58 ? "El Menia" : w.French, Zone(w.Code58), w.Code is not (50 or 54)))];
        var spelled = Spellings();
        var communes = new List<YalidineCommune>();
        foreach (var wilaya in Wilayas)
        {
            var here = Gazetteer.Communes
                .Select(c => (c.Ons, Home: c.Ons == 3021 ? 55 : c.WilayaIn(model), Name: spelled.TryGetValue(c.Ons, out var name) ? name : Accented(c.French), c.IsSeat)) // El Borma lies under 55 here
                .Where(c => c.Home == wilaya.Id && c.Name.Length > 0)
                .Concat(wilaya.Id == 28 ? [(0, 28, "Ouled Atia", false)] : [])
                .OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
            foreach (var (i, c) in here.Index())
                communes.Add(new(wilaya.Id * 100 + i + 1, c.Name, wilaya, wilaya.IsDeliverable && (c.IsSeat || !(c.Ons % 17 == 5 && wilaya.Zone > 1)), wilaya.Zone < 4 && c.Ons % 5 != 0));
        }
        Communes = communes;
        _communesOf = communes.ToLookup(c => c.Wilaya.Id);
        _centers = Wilayas.Where(w => w.IsDeliverable).SelectMany(Desks).ToDictionary(c => c.Id);
        _withDesk = [.. _centers.Values.Select(c => c.Commune.Id)];
    }

    /// <summary>By code.</summary>
    public IReadOnlyList<YalidineWilaya> Wilayas { get; }

    /// <summary>By id.</summary>
    public IReadOnlyList<YalidineCommune> Communes { get; }

    /// <summary>By id.</summary>
    public IEnumerable<YalidineCenter> Centers => _centers.Values;

    /// <summary>The lists of the 58 or the 69 model.</summary>
    public static YalidineLists For(int model) => model == 69 ? Of69 : Of58;

    /// <summary>The communes of a wilaya.</summary>
    public IEnumerable<YalidineCommune> CommunesOf(int wilaya) => _communesOf[wilaya];

    /// <summary>A desk by its id.</summary>
    public YalidineCenter? Center(int? id) => id is { } known ? _centers.GetValueOrDefault(known) : null;

    /// <summary>Has the commune a desk?</summary>
    public bool HasDesk(YalidineCommune commune) => _withDesk.Contains(commune.Id);

    // One desk in the first commune that can be served, more where people are; some names as untidy as the real ones.
    private IEnumerable<YalidineCenter> Desks(YalidineWilaya wilaya)
    {
        var served = CommunesOf(wilaya.Id).Where(c => c.IsDeliverable).ToList();
        var seat = served.FirstOrDefault(c => Courier.Unaccented(c.Name).Equals(Courier.Unaccented(wilaya.Name), StringComparison.OrdinalIgnoreCase)) ?? served[0];
        foreach (var commune in served.Where(c => c == seat || c.Id % 23 == 7 || (wilaya.Id is 16 or 31 && c.Id % 4 == 1)))
            for (var n = 1; n <= (commune.Id % 23 == 7 && commune.Id % 3 == 0 || commune == seat && wilaya.Id is 16 or 31 or 25 ? 2 : 1); n++)
                yield return new(commune.Id * 100 + n, (commune.Id % 13) switch { 3 => $"Agence de {commune.Name} &amp; environs", 6 => $"Agence de {commune.Name}\\t", _ => n == 1 ? $"Agence de {commune.Name}" : $"Agence de {commune.Name} {n}" },
                    $"{n + 3} rue de l'Indépendance, {commune.Name}", FormattableString.Invariant($"{36 - wilaya.Zone * 1.5:0.00}{commune.Id % 100:00},{2.9 + wilaya.Id % 7 * 0.3:0.00}{n}"), commune);
    }

    // Yalidine writes accents that the national list leaves out: found again only by a comparison without accents.
    private static string Accented(string name) => name.Replace("Ain ", "Aïn ", StringComparison.Ordinal).Replace("Beni ", "Béni ", StringComparison.Ordinal);

    private static int Zone(int wilaya) => wilaya switch
    {
        2 or 6 or 9 or 10 or 15 or 16 or 26 or 35 or 42 or 44 => 1,
        1 or 3 or 7 or 8 or 17 or 30 or 32 or 39 or 45 or 47 or 51 or 55 or 57 or 58 => 3,
        11 or 33 or 37 or 49 or 50 or 52 or 53 or 54 or 56 => 4,
        _ => 2,
    };

    private static Dictionary<int, string> Spellings()
    {
        using var stream = typeof(YalidineLists).Assembly.GetManifestResourceStream("Geo.yalidine_name_differences.csv")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        reader.ReadLine();
        var spelled = new Dictionary<int, string>();
        while (reader.ReadLine()?.Split(',') is { } row)
            if (int.TryParse(row[1], out var ons)) spelled[ons] = row[5]; // an empty name: Yalidine has no such commune
        return spelled;
    }
}
