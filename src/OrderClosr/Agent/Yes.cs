using OrderClosr.Agent.Guards;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>What a customer answered to the read-back of an order.</summary>
public enum Answer
{
    /// <summary>An agreement and nothing else.</summary>
    Yes,

    No,

    /// <summary>An agreement with something beside it: another price, a changed field, a question. No agreement.</summary>
    Conditional,

    /// <summary>Neither.</summary>
    Other,
}

/// <summary>Reads a yes in four scripts. Strict on purpose: one word it does not know makes the yes conditional, and the customer is asked once more.</summary>
public static class Yes
{
    /// <summary>Reads all unanswered messages of the customer as one answer.</summary>
    /// <param name="texts">Their texts; a photo or voice note is an empty text and makes no yes.</param>
    /// <param name="total">The total that was read back: naming it again is no condition.</param>
    /// <example><c>"ih akedha"</c>, <c>"نعم أكدها"</c> → yes. <c>"oui mais 3000"</c>, <c>"wah bsa7 ch7al twassel?"</c> → conditional. <c>"👍"</c> alone → other: it may only mean "seen".</example>
    public static Answer Read(IReadOnlyList<string> texts, Dinars? total = null)
    {
        if (texts.Count == 0) return Answer.Other;
        var (yes, no, unknown) = (false, false, false);
        foreach (var text in texts)
        {
            if (text.Any(c => c is '?' or '؟')) unknown = true;
            if (!text.Any(char.IsLetterOrDigit)) { unknown |= text.Trim().Length == 0; continue; }
            var rest = text;
            foreach (var reading in MoneyGuard.Read(text))
            {
                if (total is { } t && reading.MayMean.Contains(t)) continue;
                unknown = true;
            }
            if (total is { } sum) rest = WithoutTotal(rest, sum);
            var words = Folding.Words(rest).Select(Squeezed).ToList();
            for (var i = 0; i < words.Count; i++)
            {
                var word = words[i];
                // "la commande", "la robe": the French article, not the Arabic no. What is no word of ours makes the yes conditional by itself.
                if (word == "la" && i + 1 < words.Count && words[i + 1] is var next && !Agreeing.Contains(next) && !Refusing.Contains(next) && !Polite.Contains(next)) continue;
                if (Agreeing.Contains(word)) yes = true;
                else if (Refusing.Contains(word)) no = true;
                else if (!Polite.Contains(word) && !Things.Contains(word)) unknown = true;
            }
        }
        if (yes) return no || unknown ? Answer.Conditional : Answer.Yes;
        return no ? Answer.No : Answer.Other;
    }

    private static string WithoutTotal(string text, Dinars total)
    {
        var plain = Folding.AsciiDigits(text).Replace('\u00a0', ' ').Replace('\u202f', ' ');
        var digits = total.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var form in (string[])[total.Digits.Replace('\u00a0', ' '), total.Digits.Replace('\u00a0', '.'), digits])
            plain = plain.Replace(form, " ", StringComparison.Ordinal);
        return plain;
    }

    /// <summary>"ouiiii" and "okkk" are "oui" and "ok"; doubled letters count once on both sides.</summary>
    private static string Squeezed(string word) => new([.. word.Where((c, i) => i == 0 || word[i - 1] != c)]);

    private static HashSet<string> Set(string words) => [.. LanguageWords.Set(words).Select(Squeezed)];

    private static readonly HashSet<string> Agreeing = Set("""
        oui wi ui ouais yes yep yeah ih eh ayh eyh iyeh iyh wah waah ayeh na3am n3am naam daccord dacord accord dac ok okey okay oki oke cbon confirme confirmer confirmee confirmez confirmi confirmo confirmha confirmih konfirmi
        valide valider validee validez aked akad akedha akidha akdha akedli akedlha akedlhali akedo akdo 2akedha 2akidha aked2 sajelhouli sajelhalna sajelhoum dirha dirhali dirlha dirouha safi safé sajel sajelha sajlha sejelha sajelhali sjelha sajalha b3atha
        ab3atha b3at ab3at ba3atha tabet tabetha tebetli tabetli sa7 mwafe9 mwaf9a mouwafi9 mouafek mwafek mouafik parfait bon exact exactement commandez envoyez envoyer envoie
        نعم ايه إيه اي أي ايوا أيوه واه اه أه اوكي أوكي اوك أوك اوكاي موافق موافقة أكد اكد أكدها اكدها أكدو اكدو أكدلي اكدلي أكدهالي اكدهالي أكديها تأكيد ثبت ثبتها ثبتلي ثبتو سجل سجلها سجلي سجلو سجلني سجلهالي
        صح تمام صافي ديرها ديروها ديرهالي ابعث ابعثها ابعثهالي ابعتها بعثها بعثهالي ابعثوها اتفقنا أوافق اوافق أؤكد اؤكد أؤكدها نؤكد أوكد كونفيرمي كونفيرمي نأكد نأكدها
        """);

    private static readonly HashSet<string> Refusing = Set("""
        non nan no nope lala lla la ma pas ne n plus annule annuler annulez anuli anulli annuli anulih machi mouch jamais sans batalt bttlt manich manhebch ma7abch nhebch mazal
        لا لالا كلا ماشي مش ليس غير بدون بطلت نلغي ألغي الغي إلغاء الغاء انولي أنيلي منحبش مانحبش ما مازال حبس
        """);

    private static readonly HashSet<string> Polite = Set("""
        svp stp plz please merci mrc thanks thank you saha sahit sa7it sahitou sa7itou sa7a chokran choukran barak barek baraka allah alah lah fik fikoum fikom rabi inchallah nchallah inshallah nchalah
        khoya khouya kho khti okhti ya aya ayya hya yala yalah salam slm bonjour bonsoir alors donc mala malla bien tres trs c cest est ca va je j moi toi vous y vas vasy allez pour rani ana mr madame monsieur sir chef da dzd dinars
        tout kolchi kolech dok dorka derka daba direct mli7 mlih mliha bsaha bessaha rah li
        شكرا شكراً بارك الله فيك فيكم يبارك يعطيك الصحة يعطيكم صحيت صحيتو صحا ان شاء إن انشاء انشاءالله نشالله نشاء خويا خو ختي اختي أختي أخي اخي يا أيا ايا يلا هيا سلام السلام عليكم مالا راني أنا انا مليح مليحة كلش كامل درك ضرك
        من فضلك فضلكم لو سمحت بصحتك دج دينار
        """);

    private static readonly HashSet<string> Things = Set("commande commandes comande comand komand livraison order lcommande lkomand colis كوموند الكوموند كوموندا الطلب الطلبية طلب طلبية طلبيتي طلبي الكومند");
}
