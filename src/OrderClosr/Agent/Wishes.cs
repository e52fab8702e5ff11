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

    /// <summary>Something went wrong with what was bought: damaged, wrong, late beyond words, money wanted back, or a claim of fraud.</summary>
    public static bool IsComplaint(string text) => Complaint().IsMatch(Folding.Fold(text));

    /// <summary>A price for many pieces: for a shop, in bulk.</summary>
    public static bool IsWholesale(string text) => Wholesale().IsMatch(Folding.Fold(text));

    [GeneratedRegex(@"\barnaq|\bescro|\bvoleur|\bscam|\bplainte|\breclam|\bfurieu|\bcass(?:e|ee|es|ees)\b|\babime|\bdechir|\bdefectu|\bdefaut\b|\bendommag|\berreur de|\b(?:mauvais|faux)e? (?:colis|taille|produit|article|couleur)|pas (?:la bonne|le bon) |\brembours|(?:marche|fonctionne) (?:pas|plus)\b|\bm9[ae]t|\bmk[ae]ss|\btkass|\bghalt(?:o|a|in)\w* f|\brje?3ouli dra|\bhagar|نصب|نصاب|احتيال|سراق|سرقت|مكسر|مكسور|تكسر|مقطع|مقطوع|خاسر|مغشوش|غشيت|غشاش|شكوي|تعويض|رجعولي|رجعلي دراهم|استرجاع|معيب|تالف|ليست? (?:هي|هو) ال(?:مقاس|لون)|ماشي (?:هي|هو|كيما|نفس)|مشي (?:هي|هو|كيما|نفس)|غلطتو|\bmachi (?:kima|nafs|hiya|howa)")]
    private static partial Regex Complaint();

    [GeneratedRegex(@"\b(?:en|de|du|le|prix) (?:demi[ -]|semi[ -])?gros\b|\b(?:semi|demi)[ -]?gros\b|\bgrossiste|\brevend(?:re|eur|euse)|\bd?j(?:e|o|u|ou)mla\b|جمله|للمحل (?:نتاعي|تاعي|ديالي)|للحانوت (?:نتاعي|تاعي|ديالي)|(?<!\d)(?:[2-9]\d|\d{3,4}) ?(?:pcs|pieces?|unites?|articles?|[7h]ab+a|[7h]ab+at|حبه|حبات|قطعه|قطع)\b")]
    private static partial Regex Wholesale();

    [GeneratedRegex(@"\bannul|\banul|\bcancel|\blghi|\belghi|\bnelghi|\btal?ghi|\bbatalt|\bbttlt|\bbatelt|je (?:n en |nen |ne )?veux plus|\bne (?:l|la |le )?envoy\w+ pas|\bma ?(?:t|te)?b3(?:at|th|et)\w*ch|\btb3thouch|\bma ?nheb\w*ch|\bma ?n7eb\w*ch|الغ|لغي|تلغي|انولي|بطلت|ما نحتاج|مانحتاج|لا اريد|لم اعد اريد|ما تبعث|ماتبعث|منحبهاش|ما نحبهاش|نبطل|حبس")]
    private static partial Regex Cancel();

    [GeneratedRegex(@"\barnaq|\bescro|\bvol(?:e|eur)|\bscam|\bplainte|\bfurieu|\bcass|\babime|\bdechir|\berreur de|\bmauvais(?:e)? (?:colis|taille|produit)|\bresponsable|parler a (?:quelqu|un)|\bm9et|\bmkas|\btfou|\bhagar|نصب|احتيال|سراق|مكسر|مقطع|معصب|غشاش|مغشوش|رجعولي|مول الحانوت|المسوول|شكوى|\brobot\b|\bmoul\b")]
    private static partial Regex Hard();
}
