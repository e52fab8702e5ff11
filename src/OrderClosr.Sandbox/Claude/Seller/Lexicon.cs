using System.Globalization;
using System.Text;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>Words of Algerian shopping in four spellings, folded to one form, and what they stand for.</summary>
internal static class Lexicon
{
    /// <summary>
    /// One form for many spellings: lower case, no accents, no tatweel, أإآ→ا, ى→ي, ة→ه, digits to ASCII, apostrophes to spaces, "pleaaase" to "please".
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format && c is not '\u0653' and not '\u0654' and not '\u0655') continue;
            switch (c)
            {
                case 'ـ' or '\u0653' or '\u0654' or '\u0655': break;
                case 'أ' or 'إ' or 'آ' or 'ٱ': folded.Append('ا'); break;
                case 'ى' or 'ی': folded.Append('ي'); break;
                case 'ة': folded.Append('ه'); break;
                case 'ڨ' or 'ڤ' or 'گ': folded.Append('ق'); break;
                case 'ک': folded.Append('ك'); break;
                case >= '\u0660' and <= '\u0669': folded.Append((char)('0' + c - '\u0660')); break;
                case >= '\u06F0' and <= '\u06F9': folded.Append((char)('0' + c - '\u06F0')); break;
                case '\'' or '’' or '‘' or 'ʼ' or '`' or '´': folded.Append(' '); break;
                case '،': folded.Append(','); break;
                case '؟': folded.Append('?'); break;
                case '؛': folded.Append(';'); break;
                case '\u00A0' or '\u202F' or '\t': folded.Append(' '); break;
                case 'œ': folded.Append("oe"); break;
                default: folded.Append(char.ToLowerInvariant(c)); break;
            }
        }
        return Unstretched(folded);
    }

    // "pleaaase" → "please"; not in words with digits, where a letter O is a zero.
    private static string Unstretched(StringBuilder text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var end = i + 1;
            while (end < text.Length && text[end] == text[i]) end++;
            var run = end - i;
            kept.Append(text[i], run >= 3 && char.IsLetter(text[i]) && !BesideDigit(text, i, end) ? 1 : run);
            i = end;
        }
        return kept.ToString();
    }

    private static bool BesideDigit(StringBuilder text, int from, int until) => (from > 0 && char.IsAsciiDigit(text[from - 1])) || (until < text.Length && char.IsAsciiDigit(text[until]));

    /// <summary>The word without what is glued before it: <c>wl'</c>, <c>بال</c>, <c>لل</c> …; the shortest first.</summary>
    public static IEnumerable<string> Bare(string word)
    {
        yield return word;
        foreach (var glue in Glue)
            if (word.Length >= glue.Length + 2 && word.StartsWith(glue, StringComparison.Ordinal)) yield return word[glue.Length..];
    }

    private static readonly string[] Glue = ["ال", "لل", "ل", "ب", "ف", "و", "بال", "فال", "وال", "l", "el", "b", "f", "w", "al"];

    /// <summary>Spelling → colour, named in French.</summary>
    public static readonly IReadOnlyDictionary<string, string> Colours = Table(
        ("noir", "noir noire noirs noires nwar noar black k7el k7al ka7la kahla kahel lak7al lek7el lka7la k7ola اسود سوداء سوده كحل كحله لكحل لكحله اكحل نوار"),
        ("blanc", "blanc blanche blancs white byed byad bayda baida labyed abyed ابيض بيضاء بيض بيضه لبيض بيضا بلون"),
        ("rouge", "rouge rouges red 7mer 7mar 7amra hamra l7mer l7amra ahmar احمر حمراء حمر حمره لحمر حمرا روج"),
        ("bleu", "bleu bleue bleus blue zreq zre9 zra9 zar9a zarqa lazre9 lazra9 azrak ازرق زرقاء زرق زرقه لزرق زرقا بلو"),
        ("vert", "vert verte verts green khder khdar khadra lakhdar akhdar 5der 5adra اخضر خضراء خضر خضره لخضر خضرا"),
        ("rose", "rose roses pink wardi werdi rouz وردي ورديه روز زهري"),
        ("beige", "beige bej bejj بيج بيجي"),
        ("marron", "marron brun brown 9ahwi qahwi kahwi gahwi قهوي قهويه بني بنيه مارون"),
        ("gris", "gris grise grey gray gri rmadi رمادي رماديه قري"),
        ("jaune", "jaune yellow sfer sfar safra اصفر صفراء صفر صفرا لصفر"),
        ("camel", "camel jamel djamli كامل_لون جملي كاميل"),
        ("bordeaux", "bordeaux bordo grenat بوردو خمري عنابي_لون"),
        ("violet", "violet violette mauve moov بنفسجي موف"),
        ("orange", "orange orangé برتقالي بورتقالي"),
        ("dore", "dore doree gold dhahbi dahbi ذهبي ذهبيه دوري"),
        ("argent", "argent argente silver fadi فضي فضيه"),
        ("ecru", "ecru creme crem cream كريم سكري"),
        ("kaki", "kaki khaki كاكي"));

    /// <summary>Spelling → size.</summary>
    public static readonly IReadOnlyDictionary<string, string> Sizes = Table(
        ("s", "s small smal سمول صغير sghir"), ("m", "m medium midium moyen moyenne ميديوم مديوم متوسط"), ("l", "l large larg لارج كبير kbir"),
        ("xl", "xl xlarge x-large اكسل"), ("xxl", "xxl 2xl دوبل_اكسل"), ("xxxl", "xxxl 3xl"), ("xs", "xs"), ("standard", "standard unique ستوندار ستاندار"));

    /// <summary>Spelling → number, for how many.</summary>
    public static readonly IReadOnlyDictionary<string, string> Numbers = Table(
        ("1", "wa7da wahda wa7ed wahed wa7d wahd une un واحده واحد وحده وحدا one"),
        ("2", "zouj zoudj zoj zoudj jouj juj deux زوج جوج زوز ثنين اثنين two"), ("3", "tlata tleta thlatha trois ثلاثه تلاته ثلاث تلات three"),
        ("4", "reb3a rab3a arb3a quatre اربعه ربعه اربع"), ("5", "khamsa 5amsa cinq خمسه خمس"), ("6", "setta six سته ست"), ("7", "seb3a sab3a sept سبعه"),
        ("8", "tmenya tmanya huit ثمانيه"), ("9", "tes3a neuf تسعه"), ("10", "3achra 3echra dix عشره"));

    /// <summary>Spelling → kind of goods, so that "sabbat" finds "Chaussures".</summary>
    public static readonly IReadOnlyDictionary<string, string> Goods = Table(
        ("robe", "robe robes rob roba rouba روبه روب فستان فساتين dress kiswa"), ("gandoura", "gandoura qandoura 9andoura قندوره قندورا"),
        ("hijab", "hijab hijabs 7ijab 7jab khimar khimarr foulard حجاب خمار خمارات فولار ايشارب voile"), ("jilbab", "jilbab جلباب"),
        ("abaya", "abaya abayas 3abaya عبايه عباءه عبايات"), ("sac", "sac sacs sak saka ساك صاك حقيبه شنطه cabas bag sacoche"),
        ("montre", "montre montres montra mountra sa3a magana ساعه ساعات مونتر مونترا watch"), ("casque", "casque casques kask headset سماعه كاسك"),
        ("ecouteurs", "ecouteur ecouteurs airpods earbuds سماعات kit"), ("telephone", "telephone tel portable phone smartphone تليفون هاتف_نقال بورتابل"),
        ("chaussure", "chaussure chaussures basket baskets sabat sabbat sebbat shoes spadri sbadri sneakers حذاء صباط سبادري سباط احذيه بوط botte bottes claquette"),
        ("chemise", "chemise chemises qamija 9amija قميجه قميص شوميز"), ("pantalon", "pantalon pantalons serwal sarwal سروال سراويل jean jeans djin جين"),
        ("veste", "veste vestes vista فيسته جاكيت jacket blouson manteau معطف مونطو"), ("pull", "pull pulls tricot تريكو بول sweat hoodie"),
        ("tshirt", "tshirt t-shirt tshirts teeshirt تيشرت تيشيرت تريكوه"), ("ensemble", "ensemble ensembles onsombl ansambl ensembl اونسومبل طقم survetement survet سيرفات"),
        ("pyjama", "pyjama pyjamas بيجامه pijama"), ("parfum", "parfum parfums ri7a riha عطر عطور ريحه بارفان parfan"),
        ("creme", "creme cremes كريمه pommade serum سيروم"), ("lunettes", "lunettes lunette nwader نظارات نواظر"), ("ceinture", "ceinture ceintures sebta حزام سبته سمطه"),
        ("portefeuille", "portefeuille portefeuilles bztam bezdam بزطام محفظه"), ("drap", "drap draps parure درا زوره izar ازار couette كووت"),
        ("jupe", "jupe jupes جيب_لباس تنوره"), ("caftan", "caftan karakou قفطان كاراكو"), ("bracelet", "bracelet bracelets سوار براسلي"), ("sandale", "sandale sandales sandal صندال صندل صنادل"), ("plaid", "plaid plaids couverture بطانيه غطا"), ("burnous", "burnous bernous برنوس بورنوس"), ("service", "service theiere berrad براد اتاي"), ("lampe", "lampe lampes لمبه مصباح"),
        ("tapis", "tapis زربيه zarbia سجاد"), ("cafetiere", "cafetiere قهواجيه"), ("miel", "miel 3sel عسل"), ("huile", "huile zit زيت"), ("coffret", "coffret كوفري"));

    /// <summary>Words that carry no goods, name or place.</summary>
    public static readonly IReadOnlySet<string> Small = new HashSet<string>((
        "a au aux avec ce ces cette c ca ci d de des du elle en est et il ils j je l la le les leur lui m ma me mes moi mon n ne nous on ou par pas plus pour qu que qui s sa se ses son sur t ta te tes toi ton tu un une vous votre y si mais donc comme alors aussi tres bien bon bonne svp stp please merci mrc beaucoup bcp saha sahit sa7a sahitou pcs pc piece pieces 7abba 7abat juste seulement voila exact mochkil mouchkil machkil probleme souci machi bezaf khoya khouya kho khti okhti frere soeur monsieur madame mme mr the i want you my is and to of it " +
        "ana nta nti houa hiya 7na howa rani rak raki rahi raho rah ra hadi hada hadik hadak had li lli liya lik biya bih biha fiha fih fi f b w wla wela ou ila ida kima kif ki bach bah bash belli bark berk brk tani tan zid m3a ma mana men mn min ta3 ta3i ta3ha ta3kom dyal kayen kayna wach wech wesh wch ch kol chwiya chwia bezaf bzf nchalah inchallah allah rabi ya 3la 3lah 3andi 3ndi 3andkom 3andek golli goli 9oli 9olli lya sha choof chouf nheb n7eb nhab hab 7ab bghit bagh nchri ndir dir dirli dirha jib jibli 3tini a3tini hna lhih daba dork drk lyoum ghodwa ok oui ih wah non lala nafs nefs meme pareil khalini khalliha " +
        "انا انت انتي هو هي حنا نحن راني راك راكي راهي راهو هذا هذه هذي هادي هاد هذاك ديك لي الي اللي عليك عليا ليا ليك بيا فيه فيها في ف ب و ولا او اذا كيما كي باش باه بلي برك ثاني تاني زيد مع ما من منو منها مني تاع تاعي تاعكم تاعها ديالي نتاع حبه حبات قطعه كاين كاينه واش وش كل كامل شويه بزاف ان شاء الله ربي يا على علاش عندي عندكم عندك قولي قلي نحب حاب حابه بغيت باغي باغيا نشري ندير دير ديرلي جيب جيبلي اعطيني عطيني هنا درك ضرك اليوم غدوه هل كم هذا نعم لا خويا خو ختي اختي من فضلك شكرا صحيت بارك اريد عن الى لو سمحت رقم نفس خليني خليها").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static Dictionary<string, string> Table(params (string Means, string Spellings)[] rows) =>
        rows.SelectMany(r => r.Spellings.Split(' ').Append(r.Means).Distinct().Select(s => (Key: Fold(s), r.Means))).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.First().Means, StringComparer.Ordinal);

    /// <summary>What a folded word stands for in a table, glued prepositions allowed.</summary>
    public static string? In(IReadOnlyDictionary<string, string> table, string word)
    {
        foreach (var bare in Bare(word))
            if ((bare.Length >= 2 || bare == word) && table.TryGetValue(bare, out var means)) return means;
        return null;
    }
}
