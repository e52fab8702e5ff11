using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>What a customer may want with a message.</summary>
internal enum Intent
{
    None, Greeting, Thanks, Price, Availability, SizeColor, DeliveryFee, DeliveryTime, Order, HowToOrder, Change, Address, Phone, AskContact, Confirm, No, Cancel,
    Complaint, Negotiate, Remove, Bulk, Exchange, OpenParcel, Tracking, Payment, Quality, Store, Person, Bot, Budget, Photo, Later, Attack, OffTopic, But,
}

/// <summary>One sign of an intent: a pattern over folded words and how much it counts.</summary>
internal sealed record Clue(Intent Intent, int Weight, Regex Pattern);

/// <summary>The table of signs. Heavier means more specific: "ch7al" asks a price, "ch7al livraison" a fee, "ch7al to93od" a time.</summary>
internal static class Clues
{
    private const int MostRemembered = 2_000;
    private static readonly ConcurrentDictionary<string, (IReadOnlyDictionary<Intent, int>, IReadOnlySet<string>)> Remembered = new(StringComparer.Ordinal);

    /// <summary>The intents a folded text shows, and the words that show them. Remembered: each step of a turn reads the same bubbles again.</summary>
    public static (IReadOnlyDictionary<Intent, int> Intents, IReadOnlySet<string> Words) In(string folded)
    {
        if (Remembered.TryGetValue(folded, out var known)) return known;
        var intents = new Dictionary<Intent, int>();
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var clue in All)
            foreach (Match match in clue.Pattern.Matches(folded))
            {
                intents[clue.Intent] = Math.Max(intents.GetValueOrDefault(clue.Intent), clue.Weight);
                words.UnionWith(match.Value.Split(' ', '\n'));
            }
        if (Remembered.Count >= MostRemembered) Remembered.Clear();
        return Remembered[folded] = (intents, words);
    }

    /// <summary>All signs.</summary>
    public static readonly IReadOnlyList<Clue> All =
    [
        // hello, thanks
        Latin(Intent.Greeting, 2, "slm|slt|salam|salem|salut|bonjour|bonsoir|bjr|bsr|cc|coucou|hello|hi|allo|ca va|cv|kifach rak|kifah rak|kirak|wch rak|wach rak|wch rakom|sba7|sbah|renseignement"),
        Latin(Intent.Greeting, 4, "yjaweb|yjawb|li yjawb"),
        Arabic(Intent.Greeting, 2, "سلام|سلام عليكم|مساء|مسا الخير|صباح|مرحبا|اهلا|كيراك|واش راك"),
        Latin(Intent.Thanks, 2, "merci|mrc|saha|sa7a|sahit|sa7it|barak allah|barakallah|y3tik sa7a|thx|thanks"),
        Arabic(Intent.Thanks, 2, "شكرا|صحيت|بارك الله|يعطيك الصحه|يعيشك"),
        // price
        Latin(Intent.Price, 3, "ch ?7al|ch ?hal|chal|ch7l|ch7el|chhl|ch7al|cha7al|sh7al|bch7al|b ch7al|bchhal|bach7al|9addah|9dah|gaddah|qadah|prix|les prix|souma|soma|swama|combien|cb|tarif|c combien|how much"),
        Arabic(Intent.Price, 3, "شحال|بشحال|سومه|سوم|قداه|بقداه|سعر|اسعار|ثمن|كم سعر|بكم"),
        // is it there
        Latin(Intent.Availability, 3, "kayen|kayna|kaynin|mazal kayen|dispo|disponible|disponibles|toujours dispo|3andkom|3ndkom|3andek|en stock|avez vous|vous avez|t avez"),
        Arabic(Intent.Availability, 3, "كاين|كاينه|كاينين|متوفر|متوفره|عندكم|عندك|مازال"),
        Latin(Intent.SizeColor, 4, "taille|tailles|pointure|couleur|couleurs|les couleurs|modeles|modele|size|loun|lalwan|ma9as|mekas|nelbes|yjini"),
        Arabic(Intent.SizeColor, 4, "مقاس|مقاسات|قياس|لون|الوان|ليكولور|نلبس|تاي|بوانتير|موديلات"),
        Latin(Intent.Photo, 5, "photo|photos|tswira|taswira|tsawer|tsawar|image|video|foto"),
        Arabic(Intent.Photo, 5, "صوره|صور|تصاور|تصويره|فيديو"),
        Latin(Intent.Price, 4, "f la story|fi la story|la story"),
        Arabic(Intent.Price, 4, "لي في التصويره"),
        // delivery
        Latin(Intent.DeliveryFee, 4, "livraison|livraisen|livreson|livr|livrez|livri|tawsil|tawssil|touwsil|tousil|delivery|stop ?desk"),
        Arabic(Intent.DeliveryFee, 4, "توصيل|التوصيل|ليفريزون|توصلو"),
        Latin(Intent.DeliveryTime, 6, "wa9tech|wa9tach|waqtach|wektech|we9tach|quand|delai|delais|combien de temps|combien de jours|ch ?7al (?:toussel|tousel|tewsel|twasel|bach)|tc3ood|to93od|te93od|tq3od|ta93od|ch7al men nhar|how long|ch ?7al tetwel"),
        Latin(Intent.DeliveryTime, 2, "toussel|tousel|tosel|tewsel|twssalni|tweslni|yousel|tousselni"),
        Arabic(Intent.DeliveryTime, 6, "وقتاش|وقتاه|فوقاش|شحال توصل|شحال باش توصل|شحال تلحق|شحال تقعد|شحال يقعد|تقعد باش|يقعد باش|كم يستغرق|يستغرق|شحال من نهار|شحال من يوم|كم يوم|متي"),
        Latin(Intent.DeliveryFee, 5, "livraison gratuite|gratuite|gratuit|batel"),
        Arabic(Intent.DeliveryFee, 5, "باطل|مجاني|مجانا|التوصيل وحدو"),
        // buying
        Latin(Intent.Order, 5, "nheb|n7eb|nhab|n7ab|hab nchri|nchri|nechri|je veux|je prends|je prend|(?:je )?l[ea]s? (?:prends?|veux)|j en veux|j en prends|je voudrais|reservez|reserve|rani hab|7ab|i want|sajelni|sajjelni|sajli|dirli|dir li|ncommandi|nkomandi|jibli|khalili|3tini|nakhod|nakhodha|nakhdha|nekhdha|nedi|neddi|nddi|nediha|neddiha|nddiha|nediwha|nediwhom|nediha|ndiha"),
        Latin(Intent.Order, 4, "commande|commander|commandi|komand|acheter|total \\d+|bghit|nzid|zidli|zid li|zidni"),
        Latin(Intent.HowToOrder, 6, "kifah ncommander|kifach ncommander|kifach ncommandi|kifah ncommandi|comment commander|win na9der ndir commande|kifach ndir commande|how to order"),
        Arabic(Intent.Order, 5, "نحب|حاب نكوموندي|نكوموندي|حاب|حابه|اريد|بغيت|ديرلي|سجلني|سجلي|نشري|ناخذ|نديها|ندي|احجز|احجزلي|طلبيه|كوموند"),
        Arabic(Intent.HowToOrder, 6, "كيفاش نطلب|كيفاه نطلب|كيف اطلب|كيفاش نكوموندي"),
        Latin(Intent.Change, 6, "badal|badel|badli|badelli|badelha|badelhali|bedelha|bedelli|beddelli|bdelli|bdelha|bdelhali|badlha|badlhali|badali|badalli|bdel|beddel|nbadel|nbedel|changer|change|changez|remplacer|remplace|plutot|finalement|fel blassa|modifier|a la place|machi hadi|bdelt|badelt|bdlt|safi dirli"),
        Arabic(Intent.Change, 6, "بدل|بدلي|بدللي|نبدل|بدلت|غير لي|غيرلي|اغير|تغيير|تبديل اللون|في بلاصه|بدلها"),
        // who and where
        Latin(Intent.Address, 4, "wilaya|wilaya \\d+|commune|baladiya|daira|adresse|saken|sakna|nskon|rani f|rani fi|j habite|habite|cite|hay|rue|batiment|bt"),
        Arabic(Intent.Address, 4, "ولايه|بلديه|دائره|عنوان|ساكن|ساكنه|نسكن|حي|شارع|عماره|مقابل|مسكن"),
        Latin(Intent.Phone, 4, "mon numero|numero|num|nemra|nemrti|numero ta3i|tel|telephone|tilifoun|raqmi"),
        Arabic(Intent.Phone, 4, "رقمي|نمرتي|نمره|الهاتف|هاتفي|رقم الهاتف|نفس الرقم"),
        Arabic(Intent.AskContact, 6, "نتواصل بك|نتواصل معاك|نعيطلك|رقم الهاتف"),
        // yes, no
        Latin(Intent.Confirm, 4, "oui|wi|ouii|ouais|ui|ih|iih|eyh|eh|wah|waah|ewah|ok|oke|okay|okk|dac|d accord|confirme|confirmee|confirmer|confirmez|je confirme|confirmi|confirmiha|confirmili|konfirmi|nconfirmi|confirmo|confirmou|confirmha|valide|valider|validez|bien sur|akedhali|akkedli|sajelha\\w+|sajelhou\\w*|sejelha\\w*|sajlha|sajliha|dirhali|b3athha|b3atha|b3athiha|ab3atha|b3athhali|mwafe9|mwaf9a|akedha|akkedha|aked|akedli|nakked|safi|dirha|sajelha|c est bon|c bon|parfait|ca marche|yes|mli7|mlih|saha dirha"),
        Arabic(Intent.Confirm, 4, "نعم|ايه|اي نعم|اه|ايوه|واه|وي|اوكد|نوكد|اكد|اكدها|اكدلي|اكدهالي|سجلهالي|ديرها|ديرهالي|ابعثها|ابعث|بعثها|ابعثهالي|كونفيرمي|نأكد|ناكد|ثبت|ثبتلي|ثبتها|سجل|سجلها|موافق|تمام|اوكي|اوك|صح|مليح|صحه"),
        Emoji(Intent.Confirm, 4, "👍|✅|👌|💯"),
        Latin(Intent.But, 1, "mais|bessah|besah|bsah|bsa7|bessa7|belahak|but|par contre|a condition|b chart"),
        Arabic(Intent.But, 1, "بصح|لكن|ولكن|بشرط"),
        Latin(Intent.Cancel, 8, "annul\\w*|anul\\w*|cancel|ma tb3thouch|matb3thouch|ma tab3thouch|mab9itch|ma b9itch|ma nhebch|manhebch|bettelt|battalt|batalt|batelt|bttalt|btalt|battelt|ma n7tajhach|je ne veux plus|j en veux plus"),
        Arabic(Intent.Cancel, 8, "بطلت|نبطل|الغي|الغاء|لغي|نلغي|ما نحتاجهاش|مانحتاجهاش|ما تبعثوهاش|ما تبعثوش|لا اريد|مانحبش|ما نحبش|ما بقيتش|كنسل"),
        Latin(Intent.Remove, 7, "na7i|nahi|na7iw|na7iha|nahiha|na7ili|nahili|enleve|enlever|enlevez|retire|retirer|retirez|supprime|supprimer|supprimez"),
        Arabic(Intent.Remove, 7, "نحي|نحيلي|نحيوها|انزع|احذف|شيل|شيلي"),
        // trouble
        Latin(Intent.Complaint, 9, "m9et3a|m9ata3|mkasser|mkassra|mkesser|casse|cassee|abime|abimee|dechire|arnaque|arnaqueurs|voleurs|vol|escroc|escroquerie|scam|nasb|tfou|machi kima f la photo|machi kima la photo|reclamation|plainte|rembours\\w*|raj3ouli|drahmi|pas la bonne|pas le bon|mauvaise qualite|hchouma|3ib 3likom|ghlat|ghaltou"),
        Arabic(Intent.Complaint, 9, "مكسر|مكسور|مكسره|مقطع|مقطعه|نصب|احتيال|نصابين|سراقين|معصب|رجعولي|درهمي|دراهمي|شكايه|شكوي|غلطتو|ماشي كيما|غالط|ما عيطلي|عيب عليكم|حرام عليكم"),
        Latin(Intent.Person, 9, "parler a quelqu un|parler a un|parler avec un|un humain|une personne|un responsable|un conseiller|wa7ed yhdar|nahdar m3a|nehder m3a|mol l7anout|moul l7anout|human|agent humain|3aytouli|3ayetli|appelez moi|appele moi"),
        Arabic(Intent.Person, 9, "مول الحانوت|مول المحل|صاحب المحل|نهدر مع|نحكي مع|شخص حقيقي|بشر|انسان|مسؤول|عيطولي|عيطلي|اتصلوا بي"),
        Latin(Intent.Bot, 10, "robot|bot|nta robot|chatbot|une machine|intelligence artificielle|\\bia\\b|humain ou|are you human"),
        Arabic(Intent.Bot, 10, "روبو|روبوت|بوت|اله ولا|ذكاء اصطناعي"),
        // money talk
        Latin(Intent.Negotiate, 6, "dernier prix|derniere|akhir souma|akher souma|a5er souma|na9esli|na9sli|na9es|n9asli|na9asli|remise|reduction|promo|ghalya|ghali|ghalia|cher|trop cher|3awenni|3awni|vous me faites|tranches|facilite|moins cher|solde|dirli f souma|dir"),
        Arabic(Intent.Negotiate, 6, "اخر سومه|اخر سعر|نقص|نقصلي|غالي|غاليه|تخفيض|خصم|برومو|عاونني|عاوني|ريمييز|ريميز|روميز|دير"),
        Latin(Intent.Bulk, 7, "gros|de gros|en gros|la serie|serie|jemla|djoumla|revendeur|grossiste|wholesale"),
        Arabic(Intent.Bulk, 9, "جمله|بالجمله|سيري|للمحل تاعي|للحانوت تاعي|للمحل نتاعي"),
        Latin(Intent.Budget, 2, "\\d+ ?k|\\d+ ?alf|\\d+ ?da|\\d+ ?mlayen|million|millions|budget"),
        Arabic(Intent.Budget, 2, "\\d+ ?ملاين|مليون|الف|\\d+ ?دج|ميزانيه"),
        Latin(Intent.Exchange, 8, "retour|retourner|echange|echanger|echangez|echangeable|vous reprenez|tbedlou|tbadlou|tr9douha|trodouha|troddouha|nraj3ha|nrod|nroddha|rembourse si|garantie retour"),
        Arabic(Intent.Exchange, 8, "ترجيع|الرجوع|نرجع|نرجعها|تبديل|نبدلها ادا|استبدال|ارجاع"),
        Latin(Intent.OpenParcel, 10, "n7el le colis|n7el|nhel|nefta7|nafta7|ouvrir|verifier|verifie|voir avant|9bel ma nkhalas|avant de payer|essayer avant"),
        Arabic(Intent.OpenParcel, 10, "نحل الكولي|نحل|نفتح|نشوفها قبل|قبل ما نخلص|نقيس قبل|التحقق|معاينه|معاينته|اعاين|نعاين"),
        Latin(Intent.Tracking, 8, "ou en est|(?:win|wayn|wein) (?:rahi |hiya )?(?:la |l )?(?:commande|komand|colis)|win rahi|win wslet|win wselt|rani nestana|rani nestanna|nestanna|mazal ma jatch|mazal ma wslet|ma wslatnich|b3athtoha|b3atoha|tb3atet|statut|suivi|suivre|tracking|mon colis|ma commande est"),
        Arabic(Intent.Tracking, 8, "وين وصلت|وين راهي|وين الكوموند|وين طلبي|مازال ما وصلت|ما وصلتنيش|نستنا في|بعثتوها|تتبع|حاله الطلب|الطلبيه تاعي"),
        Latin(Intent.Payment, 6, "nkhalas|nkhales|nkhaless|n5alas|payer|paiement|payement|ccp|baridimob|baridi|carte|dahabia|edahabia|cash|a la livraison"),
        Arabic(Intent.Payment, 6, "نخلص|الدفع|دفع|بريدي|بريدي موب|الذهبيه|كاش دفع"),
        Latin(Intent.Quality, 6, "qualite|sualty|original|originale|originel|copie|copy|garantie|garanti|chaba|mliha|photo reelle|reelle|reel|rani khayef|confiance|serieux"),
        Arabic(Intent.Quality, 6, "نوعيه|كاليتي|اصلي|اصليه|اوريجينال|كوبي|ضمان|خايف|خايفه|ثقه|جوده"),
        Latin(Intent.Store, 8, "magasin|boutique|l adresse du|showroom|7anout|l7anout|hanout|local|win jaya|win rakom|ou etes vous|vous etes ou"),
        Arabic(Intent.Store, 8, "المحل|للمحل|وين المحل|وين راكم|الحانوت|وين جايين|مقركم|حاب نجي"),
        Latin(Intent.Later, 5, "nfaker|nfakar|nkhamem|je reflechis|je vais reflechir|plus tard|apres|mn b3d|men ba3d|nrod 3lik|nrod lek|machi daba"),
        Arabic(Intent.Later, 5, "نفكر|نخمم|من بعد|نرد عليك|نرد لك|مبعد|ماشي درك"),
        // not shopping
        Latin(Intent.Attack, 12, "ignore all|ignore (?:tes|les|vos|toutes|previous|your)|previous instructions|system prompt|instructions|oublie (?:tes|les|toutes)|forget (?:your|all)|developer mode|jailbreak|ansa|nsa kamel|mol l7anout 9ali|le patron m a dit|promo 90"),
        Arabic(Intent.Attack, 12, "انسي كامل|انسي كل|تجاهل|القوانين|مول الحانوت قالي|مولاها قالي|التعليمات"),
        Latin(Intent.OffTopic, 7, "poeme|poem|blague|meteo|foot|match|politique|devoir|exercice|recette|traduis|code python|python|capital de|president"),
        Arabic(Intent.OffTopic, 7, "شعر|نكته|طقس|ماتش|سياسه|تمرين|وصفه|ترجم"),
    ];

    private static Clue Latin(Intent intent, int weight, string words) => new(intent, weight, Made($@"(?<![\w])(?:{words})(?![\w])"));

    // Arabic glues و ف ب ل ك and the article to the word, and pronouns behind it.
    private static Clue Arabic(Intent intent, int weight, string words) => new(intent, weight, Made($@"(?<![\w])(?:[وفبلك])?(?:ال|لل|ل)?(?:{words})(?:ها|هم|كم|ك|ي|نا|و)?(?![\w])"));

    private static Clue Emoji(Intent intent, int weight, string signs) => new(intent, weight, Made($"(?:{signs})"));

    // Patterns were written as people type; the fold of the text must find them in the same form.
    private static Regex Made(string pattern) => new(Folded(pattern), RegexOptions.CultureInvariant);

    private static string Folded(string pattern) => pattern.Replace('أ', 'ا').Replace('إ', 'ا').Replace('آ', 'ا').Replace('ة', 'ه').Replace('ى', 'ي');
}
