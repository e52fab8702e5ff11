using System.Text;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>Communes Yalidine spells otherwise than the national list (<c>yalidine_name_differences.csv</c>, state February 2025).</summary>
/// <remarks>Rows that were only found to be alike ("fuzzy") are left out: a person looks at what spelling does not settle.</remarks>
internal sealed class YalidineSpellings(Places places)
{
    private static readonly Lazy<ILookup<string, (int Ons, int Wilaya)>> Table = new(Read);

    /// <summary>The ONS code of a row; 0 when the table has none, or not exactly one in its wilaya.</summary>
    internal int CommuneOf(PlaceRow row)
    {
        if (row.Kind != CourierPlaceKind.Commune) return 0;
        // In its own wilaya by Yalidine's counting (El Borma lies under 55 there), or by the 69 model once it counts so.
        var known = Table.Value[Folding.Compact(row.Name)].Where(k => k.Wilaya == row.WilayaCode || places.CommuneOf(k.Ons)?.WilayaCode == row.WilayaCode).Select(k => k.Ons).Distinct().ToList();
        return known is [var one] ? one : 0;
    }

    private static ILookup<string, (int Ons, int Wilaya)> Read()
    {
        using var stream = typeof(YalidineSpellings).Assembly.GetManifestResourceStream("yalidine/yalidine_name_differences.csv") ?? throw new InvalidOperationException("The list of Yalidine's spellings is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        reader.ReadLine();
        var rows = new List<(string Name, int Ons, int Wilaya)>();
        while (reader.ReadLine()?.Split(',') is { } row)
            // Their numbers begin with the wilaya they count it under.
            if (row is [_, var ons, "manual" or "transliteration_key", _, _, var name, var id] && LooseJson.WholeIn(ons) is { } code && LooseJson.WholeIn(id) is { } number) rows.Add((Folding.Compact(name), code, number / 100));
        return rows.ToLookup(r => r.Name, r => (r.Ons, r.Wilaya), StringComparer.Ordinal);
    }
}
