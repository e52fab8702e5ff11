using System.Globalization;
using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>A number of days, both ends counted.</summary>
public readonly record struct DaySpan(int From, int To);

/// <summary>No delivery time reaches a customer that neither the fee table nor the merchant's texts have.</summary>
public static partial class DelayGuard
{
    /// <summary>Spans of days a text names, whatever it says of them; hours count as the days they make, weekdays and dates as the days until then. Times of day, opening hours and exchanges are none.</summary>
    /// <example><c>"1-3 jours"</c> → 1 to 3; <c>"24/48h"</c> → 1 to 2; <c>"يومين"</c> → 2; <c>"cinq jours"</c> → 5; <c>"en 3 h"</c> → 0; <c>"jeudi"</c> on a Tuesday → 2; <c>"Ouvert 24h/24"</c> → nothing.</example>
    public static IReadOnlyList<DaySpan> Read(string text, DateOnly today) => [.. Sentences().Split(text).SelectMany(s => InSentence(s, today))];

    /// <summary>Times of delivery in a reply that nothing permits.</summary>
    /// <param name="permitted">Spans of the quotes and of the merchant's texts.</param>
    /// <param name="asked">The customer's unanswered words: "c'est quand ?" makes "demain" a promise.</param>
    public static IReadOnlyList<DaySpan> Unsupported(string reply, IReadOnlyCollection<DaySpan> permitted, string asked, DateOnly today)
    {
        var question = Folding.Fold(asked);
        var isAsked = Delivery.IsMatch(question) || (When.IsMatch(question) && !Elsewhere.IsMatch(question));
        return [.. Sentences().Split(reply).Where(s => isAsked || Delivery.IsMatch(Folding.Fold(s))).SelectMany(s => InSentence(s, today)).Where(span => !permitted.Any(p => span == p || (span.To == p.To && span.From >= p.From)))];
    }

    private static IEnumerable<DaySpan> InSentence(string sentence, DateOnly today) =>
        Commas().Split(sentence).Select(Folding.Fold).Where(part => !Elsewhere.IsMatch(part)).SelectMany(part => InPart(part.Replace('–', '-'), today));

    private static List<DaySpan> InPart(string part, DateOnly today)
    {
        var plain = NoTime.Replace(Pair().Replace(Spelled.Replace(part, m => Count(m.Value)), "2"), " ");
        var isPast = Past.IsMatch(plain) && !Future().IsMatch(plain);
        var spans = new List<DaySpan>();
        foreach (Match match in Numbers.Matches(plain))
        {
            var from = int.Parse(match.Groups["from"].Value, CultureInfo.InvariantCulture);
            var to = match.Groups["to"].Success ? int.Parse(match.Groups["to"].Value, CultureInfo.InvariantCulture) : from;
            var unit = match.Groups["unit"].Value;
            var (times, over) = unit[0] switch
            {
                'h' or '7' => (1, 24),
                's' when unit.StartsWith("sem", StringComparison.Ordinal) || unit.StartsWith("sm", StringComparison.Ordinal) || unit.StartsWith("sim", StringComparison.Ordinal) => (7, 1),
                's' => (1, 24),
                'w' or 'ا' when unit.StartsWith("اس", StringComparison.Ordinal) || unit[0] == 'w' => (7, 1),
                'س' when unit.StartsWith("سم", StringComparison.Ordinal) => (7, 1),
                'س' => (1, 24),
                'م' or 'm' or 'ش' => (30, 1),
                _ => (1, 1),
            };
            if (over == 24 && to < 24 && match.Groups["clock"].Success) continue; // "à 9 h": a time of day
            // Within less than half a day is today.
            spans.Add(over == 24 && to < 12 ? new(0, 0) : new(Math.Max(1, from * times / over), Math.Max(1, (to * times + over - 1) / over)));
        }
        foreach (Match match in Words.Matches(plain)) spans.Add(Meaning(match));
        // What is past, or a day of rest, promises nothing.
        if (isPast) spans.RemoveAll(s => s.From == 0);
        if (isPast || Resting.IsMatch(plain)) return spans;
        foreach (Match match in Weekdays.Matches(plain))
        {
            var days = match.Groups["day"].Captures.Select(c => Until(c.Value, today)).ToList();
            spans.Add(new(days[0], days[^1] < days[0] ? days[^1] + 7 : days[^1]));
        }
        foreach (Match match in Dates.Matches(plain))
            if (DateOf(match, today) is { } day && day.DayNumber - today.DayNumber is >= 0 and var left) spans.Add(new(left, left));
        return spans;
    }

    private static DaySpan Meaning(Match word)
    {
        if (word.Groups["today"].Success) return new(0, 0);
        if (word.Groups["two"].Success) return new(2, 2);
        if (word.Groups["week"].Success) return new(7, 7);
        if (word.Groups["fortnight"].Success) return new(14, 14);
        return word.Groups["thisweek"].Success ? new(0, 6) : new(1, 1);
    }

    /// <summary>A number word before a unit, as digits.</summary>
    private static string Count(string word) => word switch
    {
        "un" or "une" or "wa7ed" or "واحد" => "1", "deux" or "zouj" or "zoudj" or "زوج" => "2", "trois" or "tlata" or "tlet" or "tleta" or "telt" or "tlt" or "tlat" or "ثلاث" or "ثلاثه" or "تلت" or "تلاته" or "تلات" => "3",
        "quatre" or "rb3a" or "reb3a" or "reb3" or "rab3" or "rba3" or "اربع" or "اربعه" or "ربع" or "ربعه" => "4", "cinq" or "khamsa" or "khemsa" or "khems" or "khams" or "خمس" or "خمسه" => "5",
        "six" or "setta" or "sett" or "ست" or "سته" => "6", "sept" or "seb3a" or "sab3a" or "seb3" or "سبع" or "سبعه" => "7", "huit" or "tmenya" or "tmania" or "temn" or "ثماني" or "ثمانيه" or "تمن" or "تمنيه" => "8",
        "neuf" or "تسع" or "تسعه" => "9", "dix" or "3achra" or "3echra" or "عشر" or "عشره" => "10", "quinze" or "خمسه عشر" => "15",
        "vingt quatre" or "vingt-quatre" => "24", "quarante huit" or "quarante-huit" => "48", _ => "72",
    };

    private static int Until(string weekday, DateOnly today)
    {
        var day = weekday switch
        {
            "lundi" or "الاثنين" or "الاتنين" or "لثنين" or "ltnin" or "letnin" => DayOfWeek.Monday,
            "mardi" or "الثلاثاء" or "الثلاثا" or "ttlata" => DayOfWeek.Tuesday,
            "mercredi" or "الاربعاء" or "الاربعا" or "لربعا" or "larb3a" or "lerb3a" => DayOfWeek.Wednesday,
            "jeudi" or "الخميس" or "لخميس" or "khmis" or "lkhmis" or "lekhmis" => DayOfWeek.Thursday,
            "samedi" or "السبت" or "sebt" or "ssebt" or "essebt" => DayOfWeek.Saturday,
            "dimanche" or "الاحد" => DayOfWeek.Sunday,
            _ => DayOfWeek.Friday,
        };
        return ((int)day - (int)today.DayOfWeek + 7) % 7;
    }

    private static DateOnly? DateOf(Match match, DateOnly today)
    {
        var day = int.Parse(match.Groups["d"].Value, CultureInfo.InvariantCulture);
        var month = match.Groups["m"].Success ? int.Parse(match.Groups["m"].Value, CultureInfo.InvariantCulture) : Array.FindIndex(Months, names => names.Contains(match.Groups["month"].Value)) + 1;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(today.Year, month)) return null;
        var date = new DateOnly(today.Year, month, day);
        return today.DayNumber - date.DayNumber > 180 ? date.AddYears(1) : date;
    }

    private static readonly string[][] Months =
    [
        ["janvier", "جانفي", "يناير"], ["fevrier", "فيفري", "فبراير"], ["mars", "مارس"], ["avril", "افريل", "ابريل"], ["mai", "ماي", "مايو"], ["juin", "جوان", "يونيو"],
        ["juillet", "جويليه", "يوليو"], ["aout", "اوت", "اغسطس"], ["septembre", "سبتمبر"], ["octobre", "اكتوبر"], ["novembre", "نوفمبر"], ["decembre", "ديسمبر"],
    ];

    [GeneratedRegex(@"[.!?؟\n]+")]
    private static partial Regex Sentences();

    [GeneratedRegex("[,،;؛]+")]
    private static partial Regex Commas();

    private static readonly Regex Delivery = new(@"livr|recev|recoi|arriv|colis|parvien|expedi|delai|chez vous|توصيل|توصل|يوصل|وصل|تصل(?!و)|تلحق|يلحق|يستغرق|استلام|تستلم|الشحن|twsil|tawsil|twas|tousse|tosel|yousel|yewsel|twsal|tewsel|yousl|\b[ty][eo]?[uw]{0,2}[ae]?s{1,2}[ae]?l(?:e?k\w*)?\b|\bnw[ae]s+l|telhe9|tel7e9|yel7e9|wasl|delivery|deliver|\bdays?\b");

    private static readonly Regex When = new(@"\bquand\b|combien de (?:temps|jours)|\bca (?:prend|met)\b|\bwa?[9q]t[ae]?(?:ch|sh)|\bwinta\b|\bch7al (?:men|mn) (?:youm|nhar|wa[9q]t)|\b[ty][eao]?[9cgq][3aeo]{1,4}d\b|\bt[ae]?3?tawel|وقتاش|وقتاه|وينتا|فوقاش|متي|شحال (?:ت|ي)قعد|شحال من (?:يوم|نهار)|كم يوم|المده|شحال (?:ت|ي)طول|قداه (?:ت|ي)قعد");

    // The shop's hours, the end of an offer, and the days in which something may be brought back.
    private static readonly Regex Elsewhere = new(@"\bouvr(?:ons|e|ent)\b|\bouvert|\bferme(?:s|e|es|r|ons|ture)?\b|\bhoraire|\bmagasin\b|حالين|فاتحين|مفتوح|يفتح|تفتح|مغلق|ساعات العمل|اوقات العمل|\bnhel|\bthel|\bfat7in|\bt7elou|\bn7elou|echang|\bretour|\brembours|\bgaranti|ضمان|تبديل|تبدل|ترجع|ارجاع|استبدال|\bdaman\b|\btbedel|\btred|\btrej3|\bsatisf|\b(?:promo\w*|soldes?|offre)\b.*\b(?:fini|termin|jusqua|valable)");

    private static readonly Regex Spelled = new(@"(?<!\p{L})(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|quinze|vingt[ -]quatre|quarante[ -]huit|soixante[ -]douze|wa7ed|zoud?j|tlata|tleta?|telt|tlt|tlat|rb3a|reb3a?|rab3|rba3|kh[ae]msa?|setta|sett|s[ae]b3a|seb3|tmenya|tmania|temn|3[ae]chra|واحد|زوج|ثلاثه?|تلاته?|تلت|اربعه?|ربعه?|خمسه عشر|خمسه?|سته?|سبعه?|ثمانيه?|تمنيه|تمن|تسعه?|عشره?)(?!\p{L})");

    // "24h/24", "7j/7"; "de 9h à 17h"; "Merci, à demain !"; "commandez aujourd'hui"; "depuis 2 jours".
    private static readonly Regex NoTime = new("""
        \b24\s?h?(?:eures)?\s?(?:/|sur)\s?(?:24\s?h?|7\b)|\b7\s?j?(?:ours)?\s?(?:/|sur)\s?7\s?j?
        |(?<!(?:en|dans|sous|f|fi|في|خلال)\s)\b(?:[01]?\d|2[0-3])\s?h(?:\d\d)?\s?(?:-|a|jusqua|et)\s?(?:[01]?\d|2[0-3])\s?h(?:\d\d)?\b
        |(?:(?<=^\s*)|merci,?\s|\bet\s|bonne\s\w+\s)a\s(?:demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b(?!\sau)
        |\b(?:command\w*|confirm\w*|t?konfirm\w*)\s(?:des\s)?(?:aujourdhui|maintenant|ce\ssoir|lyoum|ليوم|اليوم)|(?:تطلب\p{L}?|طلبت\p{L}?|تكوموندي)\s(?:ليوم|اليوم)
        |\b(?:il\sy\sa|depuis|hadi|mn)\s(?:environ\s)?\d+\s?(?:j(?:ours?)?|h(?:eures?)?|semaines?|ayam|iyam|youm)\b|(?:منذ|هادي|هذي)\s(?:\d+\s\p{L}+|يومين|نهارين|اسبوع\p{L}*)
        """, RegexOptions.IgnorePatternWhitespace);

    private static readonly Regex Past = new(@"\b(?:est|sont|a\sete|ont\sete|etait|avons|a)\s(?:deja\s|bien\s)?(?:parti(?!r)|arrive\b|arrivee|expedi|remis|remise|livre|envoy|sorti|depos|prepar|confirm|enregistr)\w*|\bdepuis\b|(?<!\p{L})(?:راه\p{L}?\s)?(?:وصل(?:ت|ات)?|خرج(?:ت|ات)?|تبعث(?:ت|ات)?|راح(?:ت|ات))\s(?:ال|ل|يوم|من|في)|\b(?:wsel|wesl[ae]t|khr[ea]j|kherj[ae]t|tb3[ae]t\w*|ra7et)\b|منذ");

    [GeneratedRegex(@"\b(?:sera|serez|seront|recevr\w+|arrivera|livrera|livrons|allez)\b|(?:ت|ي)وصل(?:ك|كم)|\b[ty][eo]?[uw]{0,2}[ae]?s{1,2}[ae]?l(?:e?k\w*)?\b")]
    private static partial Regex Future();

    private static readonly Regex Resting = new(@"\bne\s(?:livr\w+|travaill\w+|expedi\w+|sont|est)\s(?:pas|plus)\b|\bsauf\b|\bhormis\b|\brepos\b|عطله|ما عدا|ماعدا|الا يوم|ما نوصلوش|مانوصلوش|لا نوصل|\bma ?n?wa?s+l\w*ch|\billa\b|\bghir l?jem3a");

    private static readonly Regex Numbers = new("""
        (?<clock>(?<![\p{L}\d])(?:a|vers|entre|jusqua|apres|avant|des|au|مع|الساعه|3la|m3a|علي|بين)\s)?
        (?<![\d,.])(?<from>\d{1,3})\s?(?:(?:-|a|au|/|ou|et|w|o|الي|ل|حتي|l|ila|او|ولا|و|wla|wela|7atta|hatta)\s?(?<to>\d{1,3})\s?)?
        (?<unit>jours?|j\b|heures?|h\b|semaines?|mois|ايام|يوم|نهار|ساعه|ساعات|سوايع|سا\b|اسابيع|اسبوع|سمان|شهر|اشهر|ayam|ayyam|iyam|yyam|youm|nhar|sa3a|sa3at|swaye3|s[i]?manat?|days?|hours?|weeks?)
        """, RegexOptions.IgnorePatternWhitespace);

    // "يومين إلى ثلاثة أيام" is one span.
    [GeneratedRegex(@"(?:يومين|نهارين|\b(?:yo?u?m|ya?wm)(?:in|ine|ayn|ein)|\bnha?rin?e?)(?=\s(?:الي|ل|حتي|او|ولا|a|l|ila|wla|wela|7atta|hatta)\s?\d)")]
    private static partial Regex Pair();

    private static readonly Regex Words = new("""
        (?<two>(?<!\p{L})(?:ف|ب|و|ل)?(?:يومين|نهارين)(?!\p{L})|\b(?:yo?u?m|ya?wm)(?:in|ine|ayn|ein)\b|\bnha?rin?e?\b|\bapres[ -]demain\b|(?<!\p{L})بعد\s(?:غدوه|غدا?)(?!\p{L})|\bba3d\sgh[oae]?dwa\b)
        |(?<fortnight>(?<!\p{L})اسبوعين|\bs[i]?mantin\b)
        |(?<thisweek>هذا\sالاسبوع|هاد\sالسمانه|\bcette\ssemaine\b|\bhad\ssi?mana\b)
        |(?<week>(?<!\d\s?)(?<!\p{L})(?:سمانه|اسبوع)(?!\p{L})|\bsemaine\sprochaine\b|(?<!\d\s?)\bsi?mana\b)
        |(?<today>(?<!\p{L})(?:ف|ب|و)?(?:ليوم|اليوم(?!\sغير)|هذا\sالمساء|الليله|العشيه)(?!\p{L})|\blyoum\b|\bel\s?youm\b|\bl[ae]?3chiya\b|\baujourdhui\b|\bce\ssoir\b|\bce\smatin\b|\bcet\sapres[ -]midi\b|\bcette\snuit\b|\bdans\sla\sjournee\b|\btonight\b|\btoday\b)
        |(?<!\p{L})(?:ف|ب|و)?(?:ال|ل)?(?:غدوه|غدا?)(?!\p{L})|\bgh[oae]?dwa\b|\bdemain\b|\btomorrow\b
        """, RegexOptions.IgnorePatternWhitespace);

    // "إلى الأربعاء" may be the town, "لحد الدار" the door.
    private static readonly Regex Weekdays = new("""
        (?<![\p{L}\d])(?<!(?:الي|بلديه|ولايه|سوق|دايره|في|l|a|commune)\s)(?<day>lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|week[\s-]?end
        |الاثنين|الاتنين|لثنين|الثلاثاء|الثلاثا|الاربعاء|الاربعا|لربعا|الخميس|لخميس|الجمعه|لجمعه|السبت|الاحد
        |l?e?tnin|ttlata|larb3a|lerb3a|l?e?khmis|l?jem3a|l?joum3a|e?s?sebt)(?![\p{L}\d])(?!\s(?:miliana|مليانه|khechna|الخشنه))
        (?:\s(?:et|ou|a|au|w|wela|wla|ولا|او|و|الي|ل|-)\s(?:le\s|nhar\s|يوم\s|nhar\sl?)?(?<day>lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|الاحد|l?e?tnin|larb3a|l?e?khmis|l?jem3a|e?s?sebt)(?![\p{L}\d]))?
        """, RegexOptions.IgnorePatternWhitespace);

    private static readonly Regex Dates = new("""
        (?<=(?<![\p{L}\d])(?:le|au|du|l|nhar|youm|يوم|نهار)\s(?:\p{L}+\s)?)(?<d>[0-3]?\d)\s?[/.-]\s?(?<m>[01]?\d)(?:\s?[/.-]\s?(?:20)?\d{2})?(?!\s?[\d/.-])
        |(?<![\d/.,-])(?<!(?<!\p{L})(?:cite|rue|boulevard|bd|avenue|place|quartier|hay|hai|حي|شارع|ساحه)\s(?:du\s|le\s)?)(?<d>[0-3]?\d)(?:er)?\s(?<month>janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|جانفي|يناير|فيفري|فبراير|مارس|افريل|ابريل|ماي|مايو|جوان|يونيو|جويليه|يوليو|اوت|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر)(?!\p{L})
        """, RegexOptions.IgnorePatternWhitespace);
}
