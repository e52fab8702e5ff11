using OrderClosr.Ground.Values;

namespace OrderClosr.Shipping;

public sealed partial class Places
{
    /// <summary>The wilayas nearest to a sound, all that are equally near; none beyond the limit.</summary>
    private static List<Wilaya> NearWilayas(string sound, int limit) => Nearest(sound, Geo.Wilayas, Geo.WilayaNames, limit);

    private static List<Commune> NearCommunes(string sound, Commune[] pool, int limit) => Nearest(sound, pool, Geo.CommuneNames, limit);

    private static List<T> Nearest<T>(string sound, IReadOnlyList<T> pool, NameIndex<T> names, int limit) where T : class
    {
        var best = limit;
        var found = new List<T>();
        if (limit <= 0) return found;
        foreach (var thing in pool)
        {
            var distance = names.Distance(sound, thing, best);
            if (distance > best) continue;
            if (distance < best) found.Clear();
            best = distance;
            found.Add(thing);
        }
        return found;
    }

    /// <summary>What could have been meant in a wilaya: names that begin alike, then the nearest.</summary>
    private static IEnumerable<Commune> Nearest(string text, Commune[] pool)
    {
        var compact = Folding.Compact(text);
        var sound = Folding.Sound(text);
        return pool.Where(c => compact.Length > 2 && Folding.Compact(c.Name).StartsWith(compact, StringComparison.Ordinal))
            .Concat(NearCommunes(sound, pool, Math.Max(2, sound.Length / 2))).Distinct().Take(5);
    }

    private static List<string> NearTowns(string text)
    {
        var sound = Folding.Sound(text);
        return [.. NearCommunes(sound, Geo.Communes, Spelling.Allowed(sound.Length)).Take(5).Select(c => Town(c).Name)];
    }

    private static Refusal Ambiguous(string field, IEnumerable<Place> places)
    {
        var names = places.Select(p => p.Name).Distinct().Take(8).ToList();
        return new("place_ambiguous", "Several places have this name: ask which one is meant.", field, names);
    }

    private static Refusal Unknown(string field, string words, IEnumerable<string> suggestions) => new("place_unknown", words, field, [.. suggestions.Take(5)]);

    private static Refusal TooLong(string field) => Unknown(field, "This is too long for the name of a place.", []);
}
