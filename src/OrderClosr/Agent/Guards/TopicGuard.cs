using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>A shop's agent talks about the shop: what is plainly something else is not sent.</summary>
/// <remarks>Coarse on purpose: a long reply without one word of trade, or one that shows code, verse or homework.
/// Meta's rules allow AI on WhatsApp for the business alone.</remarks>
public static class TopicGuard
{
    private const int Long = 1200;

    public static bool IsOffTopic(string reply, IEnumerable<string> productNames)
    {
        if (Elsewhere.IsMatch(reply) || reply.Length > Long) return true;
        var words = Folding.Words(reply);
        if (words.Count < 14) return false;
        if (productNames.SelectMany(Folding.Words).Where(w => w.Length > 3).ToHashSet() is var names && words.Any(names.Contains)) return false;
        return !words.Any(w => Trade.Any(t => w.Contains(t, StringComparison.Ordinal)));
    }

    private static readonly string[] Trade =
    [
        "prix", "livr", "command", "taille", "coul", "point", "dispo", "stock", "produit", "articl", "wilaya", "commun", "adress", "adres", "domicil", "bureau", "desk", "total", "paye", "paie", "paiem", "colis", "confirm", "modele", "photo",
        "choix", "boutique", "magasin", "echang", "retour", "dinar", "telephone", "numero", "assistant", "merci", "bienvenu", "equipe", "client", "aide", "souma", "twsil", "tawsil", "toussel", "wasl", "khalas", "khlas", "nemra", "3andna", "nheb", "wa7da", "kayen", "9yas", "hanout",
        "سعر", "ثمن", "سوم", "توصيل", "طلب", "كوموند", "مقاس", "لون", "متوفر", "كاين", "منتوج", "منتج", "ولايه", "بلديه", "عنوان", "مكتب", "دار", "مجموع", "دفع", "تخلص", "طرد", "كولي", "تاكيد", "صوره", "محل", "حانوت", "تبديل", "دينار", "هاتف", "رقم", "نمره", "مساعد", "شكرا", "مرحبا", "زبون", "حبه", "قياس", "اسم",
    ];

    private static readonly Regex Elsewhere = new(@"```|\bdef \w+\(|\bimport \w+|console\.log|public static|#include|<html|<script|\bselect \*|\bpython\b|javascript|\bpo[eè]me\b|قصيدة|\brecette\b|وصفة طبخ|\bcapitale d|عاصمة|président|رئيس الجمهورية|\bélection|once upon a time|il était une fois|كان يا مكان|as an ai language|en tant que mod[eè]le|bitcoin|crypto|équation|معادلة|devoir de maths|traduction\s?:|haiku", RegexOptions.IgnoreCase);
}
