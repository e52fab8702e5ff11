using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>What a customer's words plainly ask for, read by code where a tool must not take the model's word.</summary>
public static partial class Wishes
{
    /// <summary>To cancel an order, in four scripts.</summary>
    public static bool ToCancel(string text) => Cancel().IsMatch(Folding.Fold(text));

    /// <summary>Anger, a scam claim, a broken or wrong parcel, a wish to speak to a person: a hard turn.</summary>
    public static bool IsHard(string text) => Hard().IsMatch(Folding.Fold(text));

    [GeneratedRegex(@"\bannul|\banul|\bcancel|\blghi|\belghi|\bnelghi|\btal?ghi|\bbatalt|\bbttlt|\bbatelt|je (?:n en |nen |ne )?veux plus|\bne (?:l|la |le )?envoy\w+ pas|\bma ?(?:t|te)?b3(?:at|th|et)\w*ch|\btb3thouch|\bma ?nheb\w*ch|\bma ?n7eb\w*ch|الغ|لغي|تلغي|انولي|بطلت|ما نحتاج|مانحتاج|لا اريد|لم اعد اريد|ما تبعث|ماتبعث|منحبهاش|ما نحبهاش|نبطل|حبس")]
    private static partial Regex Cancel();

    [GeneratedRegex(@"\barnaq|\bescro|\bvol(?:e|eur)|\bscam|\bplainte|\bfurieu|\bcass|\babime|\bdechir|\berreur de|\bmauvais(?:e)? (?:colis|taille|produit)|\bresponsable|parler a (?:quelqu|un)|\bm9et|\bmkas|\btfou|\bhagar|نصب|احتيال|سراق|مكسر|مقطع|معصب|غشاش|مغشوش|رجعولي|مول الحانوت|المسوول|شكوى|\brobot\b|\bmoul\b")]
    private static partial Regex Hard();
}
