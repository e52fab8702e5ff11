using OrderClosr.Ground.Values;

namespace OrderClosr.Shipping;

/// <summary>The small words that stand around names of places: prepositions, alone or glued to the name, and words like "wilaya".</summary>
internal static class PlaceWords
{
    /// <summary>The readings of a typed name, best first: as typed, without the words before it, without a glued preposition.</summary>
    /// <example><c>"lwahran"</c> → lwahran, elwahran, wahran; <c>"لوهران"</c> → لوهران, وهران; <c>"للبليدة"</c> → للبليده, البليده</example>
    internal static IEnumerable<string> Readings(IReadOnlyList<string> words)
    {
        for (var skip = 0; skip < words.Count && skip <= MostBefore; skip++)
        {
            if (skip > 0 && !Before.Contains(words[skip - 1])) yield break;
            foreach (var reading in Unglued(string.Concat(words.Skip(skip)))) yield return reading;
        }
    }

    /// <summary>Small words that stand before one name: "rani saken fi wilaya de" are five.</summary>
    private const int MostBefore = 8;

    /// <summary>A compact name, then what it is when its first letters are a preposition or the article.</summary>
    internal static IEnumerable<string> Unglued(string compact)
    {
        yield return compact;
        foreach (var (glued, becomes) in Glued)
        {
            if (!compact.StartsWith(glued, StringComparison.Ordinal)) continue;
            var rest = compact[glued.Length..];
            if (rest.Length < (glued[0] < 128 ? 4 : 3)) continue;
            yield return becomes + rest;
        }
    }

    /// <summary>True for the words that say a wilaya follows, so that a number or a double meaning is one.</summary>
    internal static bool MeansWilaya(string word) => word is "wilaya" or "wilayat" or "willaya" or "wilaia" or "wileya" or "لولايه" or "ولايه" or "الولايه" or "ولايت";

    /// <summary>True for the words that say some place follows.</summary>
    internal static bool MeansPlace(string word) => MeansWilaya(word) || word is "commune" or "baladia" or "baladiya" or "baladiyet" or "daira" or "dayra" or "ville"
        or "بلديه" or "البلديه" or "دائره" or "مدينه";

    /// <summary>True for what may stand between "wilaya" and its number.</summary>
    internal static bool IsBetween(string word) => word is "n" or "no" or "num" or "numero" or "code" or "ta3" or "taa" or "nta3" or "raqm" or "رقم" or "تاع" or "de" or "d";

    private static readonly HashSet<string> Before =
    [
        "wilaya", "wilayat", "willaya", "wilaia", "wileya", "commune", "baladia", "baladiya", "baladiyet", "daira", "dayra", "ville", "centre",
        "f", "fi", "fl", "fel", "l", "li", "lel", "le", "a", "au", "aux", "en", "dans", "vers", "pour", "de", "d", "du", "b", "mn", "men", "min", "ta3", "taa", "nta3", "n", "no", "code", "numero",
        "rani", "ana", "saken", "sakna", "jhabite",
        "ولايه", "الولايه", "ولايت", "بلديه", "البلديه", "دائره", "مدينه", "في", "ف", "ل", "لي", "الي", "من", "ب", "تاع", "رقم", "ساكن", "ساكنه", "راني", "انا",
    ];

    private static readonly (string Glued, string Becomes)[] Glued =
    [
        ("l", "el"), ("al", "el"), ("fl", "el"), ("bl", "el"), ("fel", "el"), ("lel", "el"), ("el", ""), ("al", ""), ("l", ""), ("f", ""), ("b", ""), ("d", ""),
        ("لل", "ال"), ("بال", "ال"), ("فال", "ال"), ("وال", "ال"), ("تاعال", "ال"), ("ل", "ال"), ("ل", ""), ("ب", ""), ("ف", ""), ("و", ""), ("ال", ""),
    ];

    /// <summary>Names of communes that are everyday words: colours, days, forms of address, first names. In chat they are places only behind a word like "commune".</summary>
    internal static bool IsEveryday(string compact) => Everyday.Value.Contains(compact);

    private static readonly Lazy<HashSet<string>> Everyday = new(() =>
    [.. """
        Khadra Hamra Beida Zorg Still Treat Sour Tit Slim Sali Aziz Kais Merad Naima Hanif Zekri Taher Larbaa Sebt El Had Djemaa Khemis Ammal Youb Colla Bouda Sabra
        Bayad Bayadh Lbayedh Beidh Capitale Tuat Alge Algr Mella Milla Djinet Chir Tella Corso Maala Nador Kalaa Kerma Hadjadj Hammam Hamri Babar Babor Slimane
        الخضراء خضراء خضرة الحمراء البيضاء الزرق بيض البيض لبيض سليم عزيز مراد النعيمة السبت الأربعاء الاحد الجمعة الخميس الإثنين عمال القلة صبرة السور سور الطاهير
        الحجاج الكرمة القلعة السلام النصر الهدى النور التوميات السعادة الامل الفجر عين عوف التلة معلة السبع الزيتونة الحمام
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Folding.Compact)]);
}
