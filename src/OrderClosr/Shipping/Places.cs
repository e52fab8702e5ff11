using OrderClosr.Ground.Values;

namespace OrderClosr.Shipping;

/// <summary>
/// Reads places as people type them: number, French, Arabic, Arabizi, old names, towns, glued prepositions, slips of the finger.
/// Never guesses: what may be two places is refused with both.
/// </summary>
/// <remarks>
/// Pure and without state; one for the process. Order of trust: the exact name, an alias, the same sound, a near spelling inside
/// the named wilaya. Wilayas that differ by a letter or two (<see cref="NoNearSpelling"/>) are never reached by a near spelling.
/// </remarks>
public sealed partial class Places
{
    private static Geography Geo => Geography.Read.Value;

    /// <summary>All 69, by code.</summary>
    public IReadOnlyList<Wilaya> Wilayas => Geo.Wilayas;

    /// <summary>The wilaya with this code of the 69 model; null when there is none.</summary>
    public Wilaya? WilayaOf(int code) => Geo.WilayaByCode.GetValueOrDefault(code);

    /// <summary>The commune with this ONS code; null when there is none.</summary>
    public Commune? CommuneOf(int code) => Geo.CommuneByCode.GetValueOrDefault(code);

    /// <summary>The communes of a wilaya, by code of the 69 model.</summary>
    public IEnumerable<Commune> CommunesOf(int wilayaCode) => Geo.InWilaya[wilayaCode];

    /// <summary>The place with these codes, as an order keeps them; null while the wilaya is unknown.</summary>
    public Place? Of(int wilayaCode, int communeCode = 0) =>
        CommuneOf(communeCode) is { } commune ? new(Geo.WilayaByCode[commune.WilayaCode], commune)
        : WilayaOf(wilayaCode) is { } wilaya ? new(wilaya, null) : null;

    /// <summary>What somebody typed into the fields "wilaya" and "commune", either of which may be empty.</summary>
    /// <returns>A place, its commune missing when none was named; or <c>place_unknown</c> or <c>place_ambiguous</c> with suggestions like <c>El Eulma (Sétif)</c>. A text longer than any address is unknown unread.</returns>
    /// <example>("16", "bab ezouar") → Bab Ezzouar (Alger); ("Batna", "Barika") → Barika (Barika); (null, "El Eulma") → ambiguous: Sétif or Annaba</example>
    public Result<Place> Resolve(string? wilaya, string? commune = null)
    {
        if (wilaya?.Length > MostTyped) return TooLong("wilaya");
        if (commune?.Length > MostTyped) return TooLong("commune");
        if (string.IsNullOrWhiteSpace(wilaya))
            return string.IsNullOrWhiteSpace(commune) ? new Refusal("place_unknown", "Ask for the wilaya.", "wilaya") : Anywhere(commune, "commune", wilayaFirst: false);
        var named = Anywhere(wilaya, "wilaya", wilayaFirst: true);
        if (string.IsNullOrWhiteSpace(commune)) return named;
        if (!named.Ok)
        {
            // "El Eulma" in one field and "Sétif" in the other, or a town of several wilayas whose commune field says which.
            var both = Anywhere($"{commune} ({wilaya})", "wilaya", wilayaFirst: false);
            return both.Ok ? both : named.Refusal;
        }
        var inside = Inside(commune, named.Value.Wilaya);
        return inside.Ok && !named.Value.IsSure ? inside.Value with { IsSure = false } : inside;
    }

    /// <summary>One text that holds the whole place, in the context it was said.</summary>
    public Result<Place> Resolve(string text, PlaceContext context)
    {
        if (context == PlaceContext.Asked) return Resolve(text);
        var mentions = FindIn(text);
        if (mentions.Count == 0) return Unknown("wilaya", "The text names no place.", NearTowns(text));
        var places = mentions.SelectMany(m => m.Candidates).Distinct().ToList();
        return places.Count == 1 ? places[0] : Ambiguous("wilaya", places);
    }

    /// <summary>A text alone: a wilaya, a town, or both.</summary>
    private static Result<Place> Anywhere(string text, string field, bool wilayaFirst)
    {
        var words = Folding.Words(text);
        if (words.Count == 0) return new Refusal("place_unknown", "Ask for the wilaya.", field);

        if (wilayaFirst && words[^1].All(char.IsAsciiDigit) && words.SkipLast(1).All(w => PlaceWords.MeansWilaya(w) || PlaceWords.IsBetween(w)))
            return ByNumber(words[^1], field);

        foreach (var reading in PlaceWords.Readings(words))
        {
            var wilayas = Geo.WilayaNames.Exact(reading);
            var towns = Geo.CommuneNames.Exact(reading);
            if (wilayas.Count == 0 && towns.Count == 0) continue;
            if (wilayas.Count == 1 && wilayaFirst) return AsWilaya(wilayas[0], reading, towns);
            if (towns.Count == 0) return new Place(wilayas[0], null, IsSure: wilayaFirst);
            if (towns.Count == 1) return Town(towns[0], sure: wilayas.Count == 1 && wilayas[0].Code == towns[0].WilayaCode);
            return Ambiguous(field, towns.Select(t => Town(t)));
        }

        if (TownAndWilaya(words) is { } both) return both;
        if (NameAndNumber(words, field) is { } numbered) return numbered;
        if (words is [{ Length: 5 } code] && code.All(char.IsAsciiDigit)) return ByPostalCode(code, Geo.Communes, field);

        var sound = Folding.Sound(string.Join(' ', WithoutBefore(words)));
        if (Geo.WilayaNames.Sounding(sound) is [var sounding]) return new Place(sounding, null, IsSure: wilayaFirst);
        var soundingTowns = Geo.CommuneNames.Sounding(sound);
        if (soundingTowns.Count == 1) return Town(soundingTowns[0]);
        if (soundingTowns.Count > 1) return Ambiguous(field, soundingTowns.Select(t => Town(t)));

        if (wilayaFirst && NearWilayas(sound, Spelling.Allowed(sound.Length)) is [var near] && !NoNearSpelling.Contains(near.Code)) return new Place(near, null, IsSure: false);

        var places = Mentioned(text).SelectMany(m => m.Candidates).Distinct().ToList();
        return places.Count switch
        {
            1 => places[0] with { IsSure = false },
            > 1 => Ambiguous(field, places),
            _ => Unknown(field, field == "wilaya" ? "There is no such wilaya." : "There is no such commune.",
                field == "wilaya" ? NearWilayas(sound, 2).Select(w => w.Name).Concat(NearTowns(text)).Distinct() : NearTowns(text)),
        };
    }

    /// <summary>A commune inside a named wilaya, or inside what the wilaya was before 2026.</summary>
    private static Result<Place> Inside(string text, Wilaya wilaya)
    {
        var words = Folding.Words(text);
        if (words.Count == 0) return new Place(wilaya, null);
        Commune[] pool = [.. Geo.InWilaya[wilaya.Code], .. Geo.OnceInWilaya[wilaya.Code]];
        var elsewhere = new List<Commune>();

        foreach (var reading in PlaceWords.Readings(words))
        {
            var named = Geo.CommuneNames.Exact(reading);
            var here = named.Where(c => c.WilayaCode == wilaya.Code).ToList();
            if (here.Count == 0) here = [.. named.Intersect(pool)];
            if (here.Count == 1) return Town(here[0], sure: true);
            if (here.Count > 1) return Ambiguous("commune", here.Select(c => Town(c)));
            elsewhere.AddRange(named);
        }

        if (TownAndWilaya(words) is { Ok: true } both && (both.Value.WilayaCode == wilaya.Code || both.Value.Commune?.WilayaCode58 == wilaya.Code)) return both;
        if (words is [{ Length: 5 } code] && code.All(char.IsAsciiDigit)) return ByPostalCode(code, pool, "commune");

        var sound = Folding.Sound(string.Join(' ', WithoutBefore(words)));
        var candidates = Geo.CommuneNames.Sounding(sound).Intersect(pool).ToList();
        if (candidates.Count == 0) candidates = ByDaira(words, pool);
        if (candidates.Count == 1) return Town(candidates[0], sure: true);
        if (candidates.Count == 0) candidates = NearCommunes(sound, pool, Spelling.Allowed(sound.Length));
        // A near spelling must not beat the exact name of another wilaya's commune: then one of the two fields is wrong, and we cannot know which.
        if (candidates.Count == 1 && elsewhere.Count == 0) return Town(candidates[0]);
        if (candidates.Count > 0) return Ambiguous("commune", candidates.Concat(elsewhere).Select(c => Town(c)));
        if (elsewhere.Count > 0) return Unknown("commune", $"There is no such commune in {wilaya.Name}.", elsewhere.Select(c => Town(c).Name).Distinct());

        // A whole address in the field for the commune.
        var places = Mentioned(text).SelectMany(m => m.Candidates).Where(p => p.Commune is not null && pool.Contains(p.Commune)).Distinct().ToList();
        if (places.Count == 1) return places[0] with { IsSure = false };
        return places.Count > 1 ? Ambiguous("commune", places) : Unknown("commune", $"There is no such commune in {wilaya.Name}.",
            Nearest(text, pool).Select(c => Town(c).Name));
    }

    private static Place Town(Commune commune, bool sure = false) => new(Geo.WilayaByCode[commune.WilayaCode], commune, sure);

    /// <summary>"Alger Centre" names the wilaya and a commune of it; "Oran" alone does not say that the parcel goes to the commune of Oran.</summary>
    private static Place AsWilaya(Wilaya wilaya, string reading, IReadOnlyList<Commune> towns)
    {
        var own = towns.FirstOrDefault(t => t.WilayaCode == wilaya.Code);
        if (own is not null && reading != Folding.Compact(wilaya.Name) && reading != Folding.Compact(wilaya.NameAr) && Folding.Compact(own.Name) != Folding.Compact(wilaya.Name)) return Town(own, sure: true);
        return new(wilaya, null, IsSure: own is not null || towns.Count == 0);
    }

    /// <summary>"Bab Ezzouar Alger", "Sétif, El Eulma", and our own "El Eulma (Sétif)".</summary>
    private static Result<Place>? TownAndWilaya(IReadOnlyList<string> words)
    {
        for (var cut = 1; cut < words.Count; cut++)
        {
            string[] left = [.. words.Take(cut)], right = [.. words.Skip(cut)];
            foreach (var (town, wilayaWords) in ((string[], string[])[])[(left, right), (right, left)])
            {
                if (Geo.WilayaNames.Exact(FirstKnown(wilayaWords, Geo.WilayaNames)) is not [var wilaya]) continue;
                var towns = Geo.CommuneNames.Exact(FirstKnown(town, Geo.CommuneNames)).Where(c => c.WilayaCode == wilaya.Code || c.WilayaCode58 == wilaya.Code).ToList();
                if (towns.Count > 1) towns = [.. towns.Where(c => c.WilayaCode == wilaya.Code)];
                if (towns.Count == 1) return Town(towns[0], sure: true);
            }
        }
        return null;
    }

    private static string FirstKnown<T>(IReadOnlyList<string> words, NameIndex<T> names) where T : class =>
        PlaceWords.Readings(words).FirstOrDefault(r => names.Exact(r).Count > 0, "");

    /// <summary>"16 - Alger", "Oran 31000": the number must agree with the name, else one of them is wrong.</summary>
    private static Result<Place>? NameAndNumber(IReadOnlyList<string> words, string field)
    {
        if (words.Count < 2) return null;
        if (words.Count(w => w.All(char.IsAsciiDigit)) > MostNumbers) return null; // one is taken at a time, and each time the rest is read anew
        var (number, name) = words[0].All(char.IsAsciiDigit) ? (words[0], words.Skip(1)) : words[^1].All(char.IsAsciiDigit) ? (words[^1], words.SkipLast(1)) : (null, []);
        if (number is null || number.Length > 5) return null;
        var rest = Anywhere(string.Join(' ', name), field, wilayaFirst: true);
        if (!rest.Ok) return null;
        if (number.Length > 2) return rest;
        var code = int.Parse(number);
        if (rest.Value.WilayaCode == code || rest.Value.WilayaCode58 == code) return rest;
        if (!Geo.WilayaByCode.TryGetValue(code, out var other)) return null;
        return Ambiguous(field, [rest.Value, new Place(other, null)]);
    }

    private static Result<Place> ByNumber(string digits, string field)
    {
        if (digits.Length == 5) return ByPostalCode(digits, Geo.Communes, field);
        return digits.Length <= 3 && Geo.WilayaByCode.TryGetValue(int.Parse(digits), out var wilaya)
            ? new Place(wilaya, null)
            : new Refusal("place_unknown", "Wilayas are numbered 1 to 69.", field);
    }

    private static Result<Place> ByPostalCode(string code, IEnumerable<Commune> pool, string field)
    {
        var found = pool.Where(c => c.PostalCode == code).ToList();
        return found.Count switch
        {
            1 => Town(found[0]),
            0 => new Refusal("place_unknown", "No commune has this postal code.", field),
            _ => Ambiguous(field, found.Select(c => Town(c))),
        };
    }

    /// <summary>The spelling of a daira often differs from that of the commune it is named after; then it is that commune.</summary>
    private static List<Commune> ByDaira(IReadOnlyList<string> words, Commune[] pool)
    {
        var readings = PlaceWords.Readings(words).ToHashSet();
        var members = pool.Where(c => readings.Contains(Folding.Compact(c.Daira))).ToList();
        if (members.Count == 0) return [];
        var sound = Folding.Sound(members[0].Daira);
        var chief = NearCommunes(sound, [.. members], 3);
        return chief.Count == 1 ? chief : members;
    }

    private static IEnumerable<string> WithoutBefore(IReadOnlyList<string> words) =>
        words.SkipWhile(w => PlaceWords.MeansPlace(w) || w is "f" or "fi" or "a" or "في" or "ف").DefaultIfEmpty(words[^1]);

    /// <summary>Letters of the longest text in a field that may be a place, a whole address with it.</summary>
    private const int MostTyped = 200;

    /// <summary>Numbers around a name: its wilaya's before it, a postal code behind it.</summary>
    private const int MostNumbers = 4;

    /// <summary>Wilayas a letter or two apart from one another: Mila and M'Sila, El Bayadh and El Abiodh Sidi Cheikh.</summary>
    private static readonly HashSet<int> NoNearSpelling = [43, 28, 32, 69];
}
