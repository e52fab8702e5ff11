using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>What a customer's words plainly ask for, read by code where a tool must not take the model's word.</summary>
public static partial class Wishes
{
    /// <summary>To cancel an order, in four scripts.</summary>
    public static bool ToCancel(string text) => Cancel.IsMatch(Folding.Fold(text));

    /// <summary>Anger, a scam claim, a broken or wrong parcel, a wish to speak to a person: a hard turn.</summary>
    public static bool IsHard(string text) => Hard.IsMatch(Folding.Fold(text));

    /// <summary>Something went wrong with what was bought: damaged, wrong, late beyond words, money wanted back, or a claim of fraud.</summary>
    public static bool IsComplaint(string text) => Complaint.IsMatch(Folding.Fold(text));

    /// <summary>Why a person must answer, as a code of hand-overs: one is asked for, or the customer is angry, speaks of a scam, or got a damaged or wrong parcel. Null when nothing says so plainly.</summary>
    /// <remarks>Strict, since the agent falls silent: a question ("c'est pas une arnaque ?"), a fear and a condition are the model's to answer.</remarks>
    public static string? ForPerson(string text)
    {
        var told = Sentences().Split(text).Select(Folding.Fold).ToList();
        if (told.Exists(s => Person.IsMatch(s) && !NoPerson.IsMatch(s))) return "asked_for_person";
        var plain = told.Where(s => !s.EndsWith('?') && !s.EndsWith('؟') && !Unsure.IsMatch(s)).ToList();
        if (plain.Exists(Angry.IsMatch)) return "complaint";
        var all = string.Join(' ', plain);
        return Damage.IsMatch(all) && Received.IsMatch(all) ? "wrong_parcel" : null;
    }

    /// <summary>A price for many pieces: for a shop, in bulk.</summary>
    public static bool IsWholesale(string text) => Wholesale.IsMatch(Folding.Fold(text));

    private static readonly Regex Complaint = new(@"\barnaq|\bescro|\bvoleur|\bscam|\bplainte|\breclam|\bfurieu|\bcass(?:e|ee|es|ees)\b|\babime|\bdechir|\bdefectu|\bdefaut\b|\bendommag|\berreur de|\b(?:mauvais|faux)e? (?:colis|taille|produit|article|couleur)|pas (?:la bonne|le bon) |\brembours|(?:marche|fonctionne) (?:pas|plus)\b|\bm9[ae]t|\bmk[ae]ss|\btkass|\bghalt(?:o|a|in)\w* f|\brje?3ouli dra|\bhagar|نصب|نصاب|احتيال|سراق|سرقت|مكسر|مكسور|تكسر|مقطع|مقطوع|خاسر|مغشوش|غشيت|غشاش|شكوي|تعويض|رجعولي|رجعلي دراهم|استرجاع|معيب|تالف|ليست? (?:هي|هو) ال(?:مقاس|لون)|ماشي (?:هي|هو|كيما|نفس)|مشي (?:هي|هو|كيما|نفس)|غلطتو|\bmachi (?:kima|nafs|hiya|howa)");

    // A sentence keeps its question mark.
    [GeneratedRegex(@"(?<=[.!?؟])|\n")]
    private static partial Regex Sentences();

    private static readonly Regex Person = new("""
        \b(?:parler|discuter|echanger|(?:veux|voudrais|peux|pourrais)\s(?:je\s)?parle)\s(?:directement\s)?(?:a|avec)\s(?:quelquun|quelqu\sun|une?\s(?:vraie?\s)?(?:personne|humaine?|etre\shumain|responsable|conseillere?|vendeu(?:r|se)|gerante?|agent|employee?|collegue)|(?:le|votre)\s(?:responsable|patron|gerant|vendeur|proprietaire|chef|service\sclient)|la\s(?:gerante|patronne|responsable|vendeuse|boutique))|\bparler\sau\s(?:responsable|patron|gerant|vendeur|proprietaire|chef|service\sclient)
        |\b(?:passe[rz]?|donne[rz]?)(?:[\s-]moi)?\s(?:le|un|une|la|votre)\s(?:responsable|patronn?e?|gerante?|conseillere?|humain|chef|vraie\spersonne)\b|\b(?:je\sveux|je\svoudrais|besoin|me\sfaut)\s?(?:une?|dune?|d\sune?|le|la|du)\s(?:humain|vraie\spersonne|personne\sreelle|conseillere?|responsable)\b|^\W*une?\s(?:humain|responsable|conseillere?|vraie\spersonne)\b
        |\b(?:numero|num|nemra|nmra|nimiro)\s(?:\w+\s){0,2}?(?:patron|responsable|gerante?|m[ou]+l\s?l?e?l?\s?(?:[7h]anout|magasin|ma7al))\b
        |\b(?:[nt]?[ae]?h[ae]?d[ae]?r|n[ae]?[7h]ki)\w*\s(?:m3a|ma3a|maa)\s(?:chi\s|kach\s)?(?:wa7ed|wahed|wehed|we7ed|bnadem|benadem|insan|l?e?l?responsable|l?mas2oul|l?mes2oul|l?patron|m[ou]+l|sa7eb|humain)
        |(?<!\p{L})(?:نهدر|نحكي|نتكلم|نتحدث|اتحدث|اتكلم|التحدث|التكلم|الحديث|التواصل|نتواصل)\s(?:مع|الي)\s(?:كاش\s|اي\s)?(?:ال)?(?:شخص|انسان|بشر|بنادم|واحد|مسوول|موظف|مول|صاحب|مستشار|خدمه|احد)|(?<!\p{L})(?:نكلم|اكلم|نهدر)\s(?:المسوول|مول|صاحب)
        |(?:نمره|نيميرو|رقم)\s(?:تاع\s)?(?:مول|صاحب|المسوول)|\b(?:talk|speak)\s(?:to|with)\s(?:an?\s)?(?:human|person|someone|somebody|agent|manager)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant);

    // "Je parle à une personne ou un robot ?" asks what it talks to, not for somebody else.
    private static readonly Regex NoPerson = new(@"pas besoin|\bsans (?:parler|devoir)|(?<!\ba )\bou (?:a |avec )?(?:un |une )?(?:robot|bot|machine|ia)\b|\b(?:robot|bot)\b.*\b(?:ou|wla|wela)\b|\b(?:wla|wela) (?:m3a )?(?:robot|bot)|ولا (?:مع )?(?:روبو|بوت)|(?:روبو|بوت)\p{L}* (?:ام|ولا|او)|ام (?:مع )?(?:روبو|بوت)|\bne (?:veux|souhaite) pas parler a (?:quelqu|une? (?:personne|humain|conseill))|\bma ?(?:n7eb|nheb)\w*ch|ما نحبش");

    private static readonly Regex Unsure = new(@"\bsi\b|\bida\b|\bidha\b|\bila\b|\bki\b|\bquand\b|(?<!\p{L})(?:اذا|لو|ولو|كي|هل|واش)(?!\p{L})|\bwach\b|\bpeur\b|\bcrain|\bkh?ay[ei]?f|خايف|نخاف|اخاف|\bailleurs\b|\bavant\b|\bautres?\b|\bsans\b|\bdeja ete\b|\bpas (?:une |un |du |des |d)?(?:arnaq|escro|vol)|\bma?chi (?:arnaq|escro|scam|serr|nass)|(?:ماشي|مش|ليس|موش) (?:نصب|احتيال|سراق|غش)|\b[9q]bel\b|قبل");

    private static readonly Regex Angry = new("""
        \bd?arnaq|\bd?escro[cq]|\bvol(?:eurs?|euses?)\b|\bscam|\bfurieu|\bhonteu|\bscandaleu|\binadmissible|\b(?:porte(?:r|rai)?|depose(?:r|rai)?)\splainte|\btfou\b|\bhas?bi\sallah|\b7as?bi\sallah|\b[37]ib\s3likom|\b7ram\s3likom|\bserra9|\bnessab|\bhagar
        |(?<!\p{L})(?:(?:ال|ب|و)*نصب|نصاب\p{L}*|واحتيال|احتيال|محتال\p{L}*|سراق\p{L}*|غشاش\p{L}*|سرقتوني|نصبتو\p{L}*|معصب\p{L}*|زعفان\p{L}*|حسبي\sالله|(?:عيب|حرام)\sعليكم|شكوي|نشكي)(?!\p{L})
        |\brembours(?:ez|er)[\s-]?moi|\brende[zr][\s-]moi|\bje\sveux\s(?:un|mon|le|etre)\srembours|\brej+3?ouli\s(?:dra|flous|argent)|رجعولي|رجعوا\sلي|\bpersonne\sne\s(?:me\s|m|vous\s)?\s?(?:repond|rappel|appel)|ما\s?عيطلي\sحتي|ما\s?جاوبني\sحتي
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant);

    // "Blanc cassé" is a colour and a "jean déchiré" a fashion: only what was received counts, see Received.
    private static readonly Regex Damage = new(@"(?<!\b(?:blanc|bleu|gris|rose|vert|prix|jean|jeans|pantalon) )\b(?:casse(?:e|s|es)?\b|abime|dechir|defectu|endommag)|\bm9[ae]?t+[ae]?3|\bmk[ae]s+[ae]?r|\btkas+[ae]?r|\b(?:mauvais|mauvaise|faux|fausse) (?:colis|taille|produit|article|couleur|pointure|modele)\b|\bpas (?:la bonne|le bon|ce que jai|celle que|celui que)|مكسر|مكسور|تكسر|مقطع|مقطوع|مغشوش|معيب|تالف|(?:marche|fonctionne) (?:pas|plus)\b|\bmachi (?:kima|hiya|howa|nafs)|(?:ماشي|مشي) (?:هي|هو|كيما|نفس)|غلطتو");

    private static readonly Regex Received = new(@"\bjai recu|\barrive|\brecu\b|\brecue?s?\b|\bja(?:t|tni|ni|w|wni)\b|\bw[ea]?s[ae]?l\w*|\bl[eha7]*[79]\w*ni\b|\bl9it\w*|\bl?colis\b|\bqualite\b|(?<!\p{L})و?(?:لحق|وصل|جات|جاني|لقيت|استلمت)\p{L}*|كولي|طرد");

    private static readonly Regex Wholesale = new(@"\b(?:en|de|du|le|prix) (?:demi[ -]|semi[ -])?gros\b|\b(?:semi|demi)[ -]?gros\b|\bgrossiste|\brevend(?:re|eur|euse)|\bd?j(?:e|o|u|ou)mla\b|جمله|للمحل (?:نتاعي|تاعي|ديالي)|للحانوت (?:نتاعي|تاعي|ديالي)|(?<!\d)(?:[2-9]\d|\d{3,4}) ?(?:pcs|pieces?|unites?|articles?|[7h]ab+a|[7h]ab+at|حبه|حبات|قطعه|قطع)\b");

    private static readonly Regex Cancel = new(@"\bannul|\banul|\bcancel|\blghi|\belghi|\bnelghi|\btal?ghi|\bbatalt|\bbttlt|\bbatelt|je (?:n en |nen |ne )?veux plus|\bne (?:l|la |le )?envoy\w+ pas|\bma ?(?:t|te)?b3(?:at|th|et)\w*ch|\btb3thouch|\bma ?nheb\w*ch|\bma ?n7eb\w*ch|الغ|لغي|تلغي|انولي|بطلت|ما نحتاج|مانحتاج|لا اريد|لم اعد اريد|ما تبعث|ماتبعث|منحبهاش|ما نحبهاش|نبطل|حبس");

    private static readonly Regex Hard = new(@"\barnaq|\bescro|\bvol(?:e|eur)|\bscam|\bplainte|\bfurieu|\bcass|\babime|\bdechir|\berreur de|\bmauvais(?:e)? (?:colis|taille|produit)|\bresponsable|parler a (?:quelqu|un)|\bm9et|\bmkas|\btfou|\bhagar|نصب|احتيال|سراق|مكسر|مقطع|معصب|غشاش|مغشوش|رجعولي|مول الحانوت|المسوول|شكوى|\brobot\b|\bmoul\b");
}
