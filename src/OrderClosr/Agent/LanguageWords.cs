using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>Words that show a language; loanwords that all of them use (prix, ok, livraison) show little.</summary>
internal static partial class LanguageWords
{
    internal static bool IsDarjaArabic(string word) => DarjaArabic.Contains(word) || (word.Length > 3 && word[0] is 'و' or 'ف' or 'ب' or 'ل' && DarjaArabic.Contains(word[1..]));

    internal static bool IsStandardArabic(string word) => StandardArabic.Contains(word) || (word.Length > 3 && word[0] is 'و' or 'ف' && StandardArabic.Contains(word[1..]));

    internal static bool IsArabizi(string word) => Arabizi.Contains(word) || DigitLetters().IsMatch(word);

    internal static bool IsFrench(string word) => French.Contains(word);

    /// <summary>French that nobody uses in a sentence of another language: no noun of shopping, no number, no article.</summary>
    internal static bool IsOnlyFrench(string word) => French.Contains(word) && !Borrowed.Contains(word);

    internal static bool IsEnglish(string word) => English.Contains(word);

    internal static HashSet<string> Set(string words) => [.. words.ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Folding.Fold)];

    /// <summary>Shown only when nothing better is known.</summary>
    internal static readonly HashSet<string> WeakFrench = Set("prix livraison commande svp stp merci ok oui taille couleur dispo photo taille pointure gros");

    private static readonly HashSet<string> Borrowed = Set("""
        prix livraison commande commander commandes svp merci taille couleur couleurs pointure photo photos modele modeles robe adresse disponible dispo gratuite gratuit magasin renseignement possible
        le la les l d de des du un une deux trois quatre cinq combien quand et ou mais si avec sans pour sur dans par a annuler echanger verifier payer reserver
        """);

    private static readonly HashSet<string> French = Set("""
        bonjour bonsoir salut je j vous nous tu il elle on le les des du un une est sont etes suis ai avez avons combien quel quelle quels quelles prix livraison commande commander commandes svp pour avec sans
        dans sur par mon ma mes votre vos notre cest jai jaimerais voudrais veux peux peut puis pouvez possible disponible dispo taille couleur couleurs pointure renseignement toujours encore gratuite gratuit
        adresse magasin annuler echanger verifier avant payer parler quelquun merci ou quand comment pourquoi robe pas ne et que qui si mais trois deux quatre cinq photo photos autres modeles passer reserver
        """);

    private static readonly HashSet<string> Arabizi = Set("""
        slm salam salem wach wech wsh wch chhal chal bch7al kayen kayna kaynin kayn nheb nhab nebghi bghit rani rak raki rahi rakom rakoum khoya khouya kho khti bezaf bzaf chwiya hadi hada hadou hadik menha mnha
        kifach kifah win wine wa9tech waqtach ndir dirli dirha safi sajelni sajelha aked akedha ih iih wah labas ghodwa lyoum nhar twsil tawsil toussel twasel wahran smiti ismi souma soumet kima machi mazal
        bsah besah wla wala kamel zid zidli bark brk sha choof goli sualty chaba ana nta nti ntouma ntoma dok dorka nsaksi nchri nechri nkhalas nkhales yjawb anuli tfou lala na9der nakder ndi dyali ta3i
        ki li f fi fel mel men 3la bla rakm nas mlih mliha ghali ghalya rkhis rkhisa ch7al sahit saha allah inchallah nchallah wesh hna hnaya temma lbousta ybqa tebqa raho rahou kach
        """.Replace(" li f fi ", " ", StringComparison.Ordinal).Replace(" men ", " ", StringComparison.Ordinal));

    private static readonly HashSet<string> DarjaArabic = Set("""
        شحال بشحال قداه قداش واش وش كاين كاينة كاينين نحب حاب حابة نبغي بغيت باغي باغيا راني راك راكي راهو راهي راكم خويا خو ختي خاوتي بزاف شوية هادي هدي هادا هاذي هاد تاع تاعي تاعك نتاع كيفاش كيفاه وين
        وقتاش باش باه بصح ولا ديرلي ديري ندير سجلها سجلي سجلني أكدلي اكدلي ثبتلي ايه إيه واه لالا ماشي مازال غدوة ليوم درك ضرك كامل زيد زيدلي برك نشري نخلص نكوموندي كوموند لكحل لبيض منو منها لي السومة سومة
        مالا ديرها تقعد يقعد توصل عندكم عندك ماعندكم راه صباط نمرة خليه مليح مليحة غالي نقصلي عاونني شكون علاش كيما هنا هنايا لهنا نسقسي وينتا كاش حبة زوج
        """);

    private static readonly HashSet<string> StandardArabic = Set("""
        هل أريد اريد كم متى أين اين ماذا لماذا كيف من فضلك لو سمحت متوفر متوفرة يستغرق لدي لديكم لديك أرغب ارغب أود اود يمكنني يمكن هذا هذه ذلك التي الذي سوف نعم أنا انا نحن عندي أستطيع الرجاء أرجو شكرا السعر
        لكم لكن إذا عليكم سيتم يتم تفاصيل المتوفرة المقاسات
        """.Replace(" عندي ", " ", StringComparison.Ordinal).Replace(" نعم ", " ", StringComparison.Ordinal).Replace(" شكرا ", " ", StringComparison.Ordinal)
            .Replace(" السعر", "", StringComparison.Ordinal).Replace(" لكن ", " ", StringComparison.Ordinal).Replace(" عليكم ", " ", StringComparison.Ordinal).Replace(" من ", " ", StringComparison.Ordinal)
            .Replace(" يمكن ", " ", StringComparison.Ordinal).Replace(" انا ", " ", StringComparison.Ordinal).Replace(" أنا ", " ", StringComparison.Ordinal).Replace(" هذا ", " ", StringComparison.Ordinal));

    private static readonly HashSet<string> English = Set("the you your is are we our of and have can this that will would please price order delivery with for from thank thanks");

    /// <summary>3 ع, 7 ح, 9 ق, 5 خ, 2 ء between or before letters: <c>ch7al</c>, <c>3andi</c>, <c>ta3</c>; not <c>2x</c>, <c>3g</c>, <c>5kg</c>, <c>43eu</c>.</summary>
    [GeneratedRegex("^(?:[a-z]+[235789][a-z]*[a-z235789]*|[3579][a-z]{2,}[a-z235789]*|7[a-z]|3[a-z])$", RegexOptions.CultureInvariant)]
    private static partial Regex DigitLetters();
}
