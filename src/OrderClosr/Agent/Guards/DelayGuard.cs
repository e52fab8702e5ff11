using System.Globalization;
using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>A number of days, both ends counted.</summary>
public readonly record struct DaySpan(int From, int To);

/// <summary>No delivery time reaches a customer that neither the fee table nor the merchant's texts have.</summary>
public static partial class DelayGuard
{
    /// <summary>Spans of days a text names; hours count as the days they make.</summary>
    /// <example><c>"1-3 jours"</c> → 1 to 3; <c>"24/48h"</c> → 1 to 2; <c>"يومين"</c> → 2; <c>"ghodwa"</c> → 1.</example>
    public static IReadOnlyList<DaySpan> Read(string text)
    {
        var plain = Folding.Fold(text).Replace('–', '-');
        var spans = new List<DaySpan>();
        foreach (Match match in Numbers().Matches(plain))
        {
            var from = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            var to = match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : from;
            var unit = match.Groups[3].Value;
            var (times, over) = unit[0] switch
            {
                'h' or '7' => (1, 24),
                's' when unit.StartsWith("sem", StringComparison.Ordinal) || unit.StartsWith("sm", StringComparison.Ordinal) => (7, 1),
                's' => (1, 24),
                'w' or 'ا' when unit.StartsWith("اس", StringComparison.Ordinal) || unit[0] == 'w' => (7, 1),
                'س' => (1, 24),
                'م' or 'm' => (30, 1),
                _ => (1, 1),
            };
            if (over == 24 && to < 12) continue; // "à 9 h": a time of day
            spans.Add(new(Math.Max(1, from * times / over), Math.Max(1, (to * times + over - 1) / over)));
        }
        foreach (Match match in Words().Matches(plain))
            spans.Add(match.Value.Trim() switch
            {
                "يومين" or "youmin" or "yumin" or "youmayn" or "نهارين" or "nharin" or "deux jours" => new(2, 2),
                "اسبوع" or "semaine" or "une semaine" or "smana" or "simana" => new(7, 7),
                "اسبوعين" or "smantin" or "deux semaines" => new(14, 14),
                "aujourdhui" or "lyoum" or "ليوم" or "اليوم" or "today" => new(0, 0),
                "apres demain" or "بعد غدوه" or "بعد غد" or "ba3d ghodwa" => new(2, 2),
                _ => new(1, 1),
            });
        return spans;
    }

    /// <summary>Times of delivery in a reply that nothing permits.</summary>
    /// <param name="permitted">Spans of the quotes and of the merchant's texts.</param>
    public static IReadOnlyList<DaySpan> Unsupported(string reply, IReadOnlyCollection<DaySpan> permitted) =>
        [.. Sentences().Split(reply).Where(s => IsAboutDelivery(s)).SelectMany(Read).Where(span => !permitted.Any(p => span == p || (span.To == p.To && span.From >= p.From)))];

    private static bool IsAboutDelivery(string sentence) => Delivery().IsMatch(Folding.Fold(sentence));

    [GeneratedRegex(@"[.!?؟\n]+")]
    private static partial Regex Sentences();

    [GeneratedRegex(@"livr|recev|recoi|arriv|colis|parvien|expedi|delai|chez vous|توصيل|توصل|يوصل|تلحق|يلحق|يستغرق|استلام|تستلم|الشحن|twsil|tawsil|twas|tousse|tosel|yousel|yewsel|twsal|tewsel|yousl|telhe9|tel7e9|yel7e9|wasl|delivery|deliver|\bdays?\b")]
    private static partial Regex Delivery();

    [GeneratedRegex(@"(?<![\d,.])(\d{1,3})\s?(?:(?:-|a|au|/|ou|et|w|الي|ل|حتي|l)\s?(\d{1,3})\s?)?(jours?|j\b|heures?|h\b|semaines?|mois|ايام|يوم|ساعه|ساعات|سا\b|اسابيع|اسبوع|شهر|اشهر|ayam|ayyam|iyam|youm|nhar|nharat|sa3a|sa3at|swaye3|smanat|days?|hours?|weeks?)")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"يومين|نهارين|اسبوعين|(?<!\d\s?)اسبوع|بعد غدوه|بعد غد|غدوه|غدا\b|(?<!\p{L})غد(?!\p{L})|ليوم|اليوم|\byoumin\b|\byumin\b|\bnharin\b|\bba3d ghodwa\b|\bghodwa\b|\bghedwa\b|\bghadwa\b|\blyoum\b|\bapres demain\b|\bdemain\b|\baujourdhui\b|\bune semaine\b|\bdeux semaines\b|\bdeux jours\b|\bsmana\b|\btomorrow\b|\btoday\b")]
    private static partial Regex Words();
}
