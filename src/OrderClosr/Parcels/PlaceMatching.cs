using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Which of a courier's communes is which of ours. Pure; never guesses: what is not sure stays 0 and is asked of a person once.</summary>
/// <remarks>
/// In the order of trust: the adapter's own table, the same letters, the same sound, all inside the wilaya by either model (58 or 69). Then a name that
/// only one commune of the country and one row of the courier have: some couriers keep a commune under another wilaya (El Borma). Last one letter's
/// difference, when neither side has another partner.
/// </remarks>
public static class PlaceMatching
{
    /// <summary>Ours for each row; rows not in the answer are not sure.</summary>
    /// <param name="known">What the adapter's own table says: ONS code, 0 unknown.</param>
    public static IReadOnlyDictionary<PlaceRow, int> Match(IReadOnlyList<PlaceRow> communes, IReadOnlyDictionary<string, int> wilayaCodes, Places places, Func<PlaceRow, int> known)
    {
        var all = places.Wilayas.SelectMany(w => places.CommunesOf(w.Code)).ToList();
        var matched = new Dictionary<PlaceRow, int>();
        var taken = new HashSet<int>();
        // A country's names are folded once each, not once per comparison.
        var (compact, sound) = (Once(Folding.Compact), Once(Folding.Sound));

        void Take(PlaceRow row, Commune commune)
        {
            if (taken.Add(commune.Code)) matched[row] = commune.Code;
        }

        foreach (var row in communes)
            if (known(row) is > 0 and var code && places.CommuneOf(code) is { } commune) Take(row, commune);

        foreach (var wilaya in communes.GroupBy(r => r.WilayaRef))
        {
            var number = wilayaCodes.GetValueOrDefault(wilaya.Key);
            var ours = all.Where(c => c.WilayaCode58 == number || c.WilayaCode == number).ToList();
            foreach (var key in (Func<string, string>[])[compact, sound])
                Pair([.. wilaya.Where(r => !matched.ContainsKey(r))], [.. ours.Where(c => !taken.Contains(c.Code))], key, Take);
        }

        Pair([.. communes.Where(r => !matched.ContainsKey(r))], [.. all.Where(c => !taken.Contains(c.Code))], compact, Take, alone: all.ToLookup(c => compact(c.Name)));

        foreach (var wilaya in communes.Where(r => !matched.ContainsKey(r)).GroupBy(r => r.WilayaRef))
        {
            var number = wilayaCodes.GetValueOrDefault(wilaya.Key);
            var ours = all.Where(c => (c.WilayaCode58 == number || c.WilayaCode == number) && !taken.Contains(c.Code)).ToList();
            var near = (from row in wilaya from commune in ours where IsALetterApart(sound(row.Name), sound(commune.Name)) select (row, commune)).ToList();
            foreach (var (row, commune) in near)
                if (near.Count(n => n.row == row) == 1 && near.Count(n => n.commune == commune) == 1) Take(row, commune);
        }
        return matched;
    }

    /// <summary>The rows whose names are nearest to ours, best first.</summary>
    public static IReadOnlyList<string> Nearest(Commune commune, IEnumerable<CourierPlace> rows, int most)
    {
        var sound = Folding.Sound(commune.Name);
        var words = Words(commune.Name);
        return [.. rows.Select(r => (r.Name, Far: Math.Min(Spelling.Distance(sound, Folding.Sound(r.Name), 8), Words(r.Name).Overlaps(words) ? 2 : 9), r.CommuneCode))
            .OrderBy(r => r.Far).ThenBy(r => r.CommuneCode != 0).ThenBy(r => r.Name, StringComparer.Ordinal).Take(most).Select(r => r.Name)];
    }

    /// <summary>Pairs rows and communes whose names give the same key and nobody else's do.</summary>
    private static void Pair(List<PlaceRow> rows, List<Commune> communes, Func<string, string> key, Action<PlaceRow, Commune> take, ILookup<string, Commune>? alone = null)
    {
        var ours = communes.SelectMany(c => Names(c).Select(key).Where(k => k.Length > 1).Distinct().Select(k => (k, c))).ToLookup(p => p.k, p => p.c);
        var theirs = rows.ToLookup(r => key(r.Name));
        foreach (var row in rows)
        {
            var name = key(row.Name);
            if (theirs[name].Count() != 1 || ours[name].ToList() is not [var commune]) continue;
            if (alone is null || alone[name].Count() == 1) take(row, commune);
        }
    }

    /// <summary>The words of a name that say something; the article does not.</summary>
    private static HashSet<string> Words(string name) => [.. Folding.Words(name).Where(w => w.Length > 2).Select(w => Folding.Sound(w))];

    private static IEnumerable<string> Names(Commune commune) => [commune.Name, commune.NameAr];

    private static bool IsALetterApart(string x, string y) => Math.Min(x.Length, y.Length) >= 5 && Math.Abs(x.Length - y.Length) <= 1 && Spelling.Distance(x, y, 1) == 1;

    private static Func<string, string> Once(Func<string, string> key)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        return name => known.TryGetValue(name, out var made) ? made : known[name] = key(name);
    }
}
