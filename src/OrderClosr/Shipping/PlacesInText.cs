using OrderClosr.Ground.Values;

namespace OrderClosr.Shipping;

public sealed partial class Places
{
    /// <summary>The places a chat message names, in order. Numbers count only behind "wilaya", two letters never, everyday words only behind "commune" and its like.</summary>
    /// <remarks>Where the text also names the wilaya, a commune of several wilayas is only that one's.</remarks>
    /// <example>"livraison l setif?" → Sétif; "ana nelbes 38" → nothing; "El Marsa, Skikda" → El Marsa (Skikda), Skikda</example>
    public IReadOnlyList<PlaceMention> FindIn(string? text) => Mentioned(text);

    private static List<PlaceMention> Mentioned(string? text)
    {
        var mentions = new List<PlaceMention>();
        if (string.IsNullOrWhiteSpace(text)) return mentions;
        var words = Words(text.Length > MostCharacters ? text[..MostCharacters] : text);
        for (var i = 0; i < words.Count;)
        {
            var (taken, candidates) = At(words, i);
            if (taken == 0) { i++; continue; }
            // "f Oran": the preposition is not of the name; "l khroub": the article is.
            var start = taken > 1 && words[i].Text is "f" or "fi" or "b" or "d" or "في" or "ف" or "ب" ? words[i + 1].Start : words[i].Start;
            mentions.Add(new(start, words[i + taken - 1].End - start, candidates));
            i += taken;
        }
        return Narrowed(mentions);
    }

    /// <summary>The longest name that begins at a word.</summary>
    private static (int Taken, IReadOnlyList<Place> Candidates) At(List<Word> words, int from)
    {
        var behindWilaya = from > 0 && PlaceWords.MeansWilaya(words[from - 1].Text);
        if (words[from].Text.All(char.IsAsciiDigit))
        {
            var before = from - 1;
            while (before >= 0 && PlaceWords.IsBetween(words[before].Text)) before--;
            var isNumber = before >= 0 && PlaceWords.MeansWilaya(words[before].Text) && words[from].Text.Length <= 2
                && Geo.WilayaByCode.ContainsKey(int.Parse(words[from].Text));
            return isNumber ? (1, [new Place(Geo.WilayaByCode[int.Parse(words[from].Text)], null)]) : (0, []);
        }

        var behindPlace = from > 0 && PlaceWords.MeansPlace(words[from - 1].Text);
        for (var length = Math.Min(LongestName, words.Count - from); length > 0; length--)
        {
            if (words.Skip(from).Take(length - 1).Any(w => w.EndsPhrase)) continue;
            foreach (var reading in PlaceWords.Unglued(string.Concat(words.Skip(from).Take(length).Select(w => w.Text))))
            {
                if (reading.Length < 3 || (!behindPlace && PlaceWords.IsEveryday(reading))) continue;
                var candidates = Meanings(reading, behindWilaya);
                if (candidates.Count > 0) return (length, candidates);
            }
        }
        return (0, []);
    }

    /// <summary>What a name may mean in chat.</summary>
    private static IReadOnlyList<Place> Meanings(string name, bool asWilaya)
    {
        var wilayas = Geo.WilayaNames.Exact(name);
        if (asWilaya && wilayas.Count == 1) return [new(wilayas[0], null)];
        if (Countries.Value.Contains(name)) return [];
        var towns = Geo.CommuneNames.Exact(name);
        if (Bordj.Value.Contains(name))
            return [new(Geo.WilayaByCode[34], null), new(Geo.WilayaByCode[50], null), .. towns.Select(t => Town(t))];
        // "Oran" is the wilaya; its commune of the same name is part of it.
        var places = wilayas.Select(w => towns.FirstOrDefault(t => t.WilayaCode == w.Code && Folding.Compact(t.Name) != Folding.Compact(w.Name)) is { } own && wilayas.Count == 1 && name != Folding.Compact(w.Name) && name != Folding.Compact(w.NameAr)
            ? Town(own, sure: true) : new Place(w, null)).ToList();
        places.AddRange(towns.Where(t => wilayas.All(w => w.Code != t.WilayaCode)).Select(t => Town(t)));
        return places;
    }

    /// <summary>Keeps of each mention what fits the wilayas the text names for sure.</summary>
    private static List<PlaceMention> Narrowed(List<PlaceMention> mentions)
    {
        var wilayas = mentions.Where(m => m.Only is { Commune: null }).Select(m => m.Only!.WilayaCode).ToHashSet();
        if (wilayas.Count == 0) return mentions;
        return [.. mentions.Select(m =>
        {
            if (m.Candidates.Count == 1) return m;
            var fitting = m.Candidates.Where(p => p.Commune is { } c && (wilayas.Contains(c.WilayaCode) || wilayas.Contains(c.WilayaCode58))).ToList();
            return fitting.Count > 0 ? m with { Candidates = fitting } : m;
        })];
    }

    private sealed record Word(string Text, int Start, int End)
    {
        /// <summary>True when a comma, a stop or a new line follows: a name does not go on behind it.</summary>
        public bool EndsPhrase { get; set; }
    }

    private static List<Word> Words(string text)
    {
        var words = new List<Word>();
        for (var i = 0; i < text.Length;)
        {
            if (!IsOfWord(text[i]))
            {
                if (words.Count > 0 && text[i] is ',' or ';' or '!' or '?' or '\n' or '،' or '؛' or '؟' or '/' or ':' or '(' or ')') words.LastOrDefault()?.EndsPhrase = true;
                i++;
                continue;
            }
            var start = i;
            while (i < text.Length && IsOfWord(text[i])) i++;
            var compact = Folding.Compact(text[start..i]);
            if (compact.Length > 0) words.Add(new(compact, start, i));
        }
        return words;
    }

    /// <summary>Letters, digits, the marks on them, apostrophes and the dots of "B.B.A" do not end a word.</summary>
    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c is '\'' or '’' or '‘' or '`' or 'ـ'
        || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.Format;

    private const int MostCharacters = 4000;

    private static int LongestName => Math.Max(Geo.CommuneNames.LongestInWords, Geo.WilayaNames.LongestInWords);

    /// <summary>The country, when nobody asked for a wilaya.</summary>
    private static readonly Lazy<HashSet<string>> Countries = new(() =>
        [.. ((string[])["Algérie", "Algeria", "Dzair", "Dzayer", "Djazair", "El Djazair", "الجزائر", "جزائر", "دزاير", "الدزاير"]).Select(Folding.Compact)]);

    /// <summary>34 in speech, but also 50 and several communes.</summary>
    private static readonly Lazy<HashSet<string>> Bordj = new(() => [.. ((string[])["Bordj", "El Bordj", "البرج"]).Select(Folding.Compact)]);
}
