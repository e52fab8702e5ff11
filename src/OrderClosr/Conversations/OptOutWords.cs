using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>What a customer wants of our messages.</summary>
public enum OptOutWish { None, Stop, Start }

/// <summary>Reads STOP and START in four scripts, and says that they were heard. Only a message that says nothing else counts: "stop desk" and "n7bes f stop desk" are about a delivery.</summary>
public static class OptOutWords
{
    /// <summary>Reads a whole message; letter case, accents, punctuation, greetings and "please" make no difference, a question mark does.</summary>
    /// <example><c>"STOP."</c>, <c>"svp arrêtez les messages"</c>, <c>"حبسو الميساجات"</c> → Stop. <c>"stop ?"</c>, <c>"stop desk"</c>, <c>"annule"</c> → None.</example>
    public static OptOutWish Read(string text)
    {
        if (text.Length > 120 || text.Any(c => c is '?' or '؟')) return OptOutWish.None;
        var words = Plain(text);
        return Stops.Contains(words) ? OptOutWish.Stop : Starts.Contains(words) ? OptOutWish.Start : OptOutWish.None;
    }

    /// <summary>True for the one word that is also half of "stop desk".</summary>
    internal static bool IsBareStop(string text) => Folding.Words(text).Select(Squeezed).Where(w => !Polite.Contains(w)).ToList() is ["stop" or "ستوب" or "سطوب"];

    /// <summary>True when what we said names a stop desk.</summary>
    internal static bool OffersADesk(string text) => Folding.Compact(text) is var said && (said.Contains("stopdesk", StringComparison.Ordinal) || said.Contains("ستوبديسك", StringComparison.Ordinal));

    /// <summary>That no more messages come, and how to get them again.</summary>
    /// <param name="language">The language of the conversation as it is kept; null: not known, and both are written.</param>
    internal static string Stopped(string? language, string text) => In(language, text,
        "C'est noté : vous ne recevrez plus de messages de notre part. Si vous nous posez une question, nous y répondons. Pour recevoir à nouveau nos messages, écrivez START.",
        "تم: لن تصلكم رسائل منا بعد الآن. إذا طرحتم سؤالا نجيبكم. لاستقبال رسائلنا من جديد اكتبوا START.",
        "صح، ما نزيدوش نبعثولك رسائل. إذا سقسيتنا نجاوبوك. باش ترجع توصلك رسائلنا اكتب START.",
        "C'est bon, ma nzidouch nb3atoulek messages. Ila seqsitna njawbouk. Bach yerj3ou ktob START.");

    /// <summary>That messages come again.</summary>
    /// <inheritdoc cref="Stopped"/>
    internal static string Started(string? language, string text) => In(language, text,
        "C'est noté : vous recevrez à nouveau nos messages. Pour les arrêter, écrivez STOP.",
        "تم: ستصلكم رسائلنا من جديد. لإيقافها اكتبوا STOP.",
        "صح، رجعو يوصلوك رسائلنا. باش تحبسهم اكتب STOP.",
        "C'est bon, rej3ou yewslouk les messages. Bach t7bes-hom ktob STOP.");

    private static string In(string? language, string text, string french, string arabic, string darja, string arabizi)
    {
        var isArabic = text.Any(c => c is >= '\u0600' and <= '\u06FF');
        return language switch
        {
            "arabic-arabic" => arabic,
            "darja-arabic" => darja,
            _ when isArabic => darja,
            "darja-arabizi" => arabizi,
            "french-latin" => french,
            _ => $"{french}\n{arabic}",
        };
    }

    /// <summary>The words that carry the wish, as one text; letters and words that are said twice count once.</summary>
    private static string Plain(string text)
    {
        var words = Folding.Words(text).Select(Squeezed).ToList();
        // S.T.O.P
        if (words.Count > 2 && words.TrueForAll(w => w.Length == 1)) words = [string.Concat(words)];
        words.RemoveAll(Polite.Contains);
        return string.Join(' ', words.Where((w, i) => i == 0 || words[i - 1] != w));
    }

    private static string Squeezed(string word) => new([.. word.Where((c, i) => i == 0 || word[i - 1] != c)]);

    private static HashSet<string> Set(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(l => l.Split('|', StringSplitOptions.TrimEntries)).Select(Plain)];

    private static readonly HashSet<string> Polite =
    [
        .. """
            svp stp plz pls please merci mrc sil s il vous vs te plait plai bonjour bonsoir slt salut salam slm khoya kho khouya khti ya hello
            من فضلك فضلكم لو سمحت سمحتم سمحتوا سمحتو رجاء شكرا خويا خو ختي يا سلام السلام عليكم الله يخليكم يخليك
            """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).SelectMany(w => Folding.Words(w)).Select(Squeezed),
    ];

    // "Arrête", "annule", "7bes" or "حبس" alone may mean the order: they go to the agent.
    private static readonly HashSet<string> Stops = Set("""
        stop | stop tout | stop it | stop message | stop messages | stop les messages | stop msg | stop msgs | stop sms | stop pub | stop publicité | stop aux messages | stop aux pubs
        arrêt | arrêter | arrêtez | arrêter les messages | arrêtez les messages | arrête les messages | arrêtez les pubs | arrêtez vos messages | arrêtez de m'écrire | arrête de m'écrire | arrêtez de me contacter | arrêtez de m'envoyer des messages | arrêtez de m'envoyer vos messages
        désabonner | me désabonner | se désabonner | désabonnez-moi | désabonnement | désinscrire | me désinscrire | désinscrivez-moi | désinscription | unsubscribe | opt out | optout
        plus de message | plus de messages | plus aucun message | plus de pub | je ne veux plus de messages | je veux plus de messages | je ne veux plus recevoir de messages | je ne veux plus recevoir vos messages | je ne veux pas de messages
        ne m'écrivez plus | n'écrivez plus | ne m'écris plus | ne me contactez plus | ne m'envoyez plus rien | ne m'envoyez plus de messages | ne m'envoyez plus de message | m'écrivez plus | me contactez plus | laissez-moi tranquille
        stop texting me | stop messaging me | no more messages | don't message me
        توقف | توقفوا | توقفو | أوقف | أوقفوا | أوقفو | إيقاف | قف | إيقاف الرسائل | أوقف الرسائل | أوقفوا الرسائل | أوقفو الرسائل | وقف الرسائل | توقفوا عن إرسال الرسائل | توقفوا عن مراسلتي | توقف عن مراسلتي
        إلغاء الاشتراك | ألغ الاشتراك | ألغي الاشتراك | ألغوا الاشتراك | إلغاء اشتراكي | لا ترسلوا لي رسائل | لا ترسلوا رسائل | لا ترسل لي رسائل | لا تراسلوني | لا تراسلني | لا أريد رسائل | لا أريد رسائلكم | لا أريد رسائل منكم | لا أريد استقبال رسائل
        ستوب | سطوب | ستوب رسائل | ستوب ميساجات | ستوب الميساجات | سطوب الميساجات
        حبسو الميساجات | حبسوا الميساجات | حبسو الرسائل | حبسوا الرسائل | حبس الميساجات | حبس الرسائل | حبسو عليا الميساجات | حبسوا عليا الميساجات | حبسو لي ميساج
        ما تبعثوليش | ماتبعثوليش | ما تبعتوليش | ماتبعتوليش | ما تبعثوليش ميساجات | ما تبعثوليش الميساجات | ماتبعثوليش ميساجات | ماتبعثوليش الميساجات | ما تزيدوش تبعثولي | ماتزيدوش تبعثولي | ما تزيدوش تبعثولي ميساجات | ماتزيدوش تبعثولي ميساجات | ما تكتبوليش | ماتكتبوليش
        بركاو من الميساجات | بركاونا من الميساجات | بركاونا ميساجات | خلوني ترانكيل | خليوني ترانكيل | منحبش الميساجات | ما نحبش الميساجات | ما نحبش ميساجات
        7bsou les messages | 7absou les messages | 7abso les messages | habsou les messages | hebsou les messages | 7bes les messages | 7abes les messages | 7bsou lmessages | 7bsou l messages | 7bsou 3liya les messages
        ma tba3touliche | ma tba3toulich | matba3toulich | ma tb3atoulich | matb3atoulich | ma tb3athoulich | matb3athoulich | ma teb3atoulich | ma tb3atoulich les messages | ma tb3atoulich messages | matb3atoulich messages
        ma tzidouch tb3atouli | matzidouch tb3atouli | ma tzidouch tba3touli | matzidouch tba3touli | ma tzidouch tb3atouli messages | matzidouch tb3atouli messages | ma tketboulich | matketboulich | ma tektboulich | matektboulich
        barkaw men les messages | barkawna men les messages | khalouni tranquille | khaliwni tranquille | khalouni trankil | khaliwni trankil | manhebch les messages | ma nhebch les messages
        """);

    private static readonly HashSet<string> Starts = Set("""
        start | restart | unstop | subscribe | start messages | reprendre | reprenez | reprendre les messages | reprenez les messages | s'abonner | m'abonner | abonner | abonnez-moi | réabonner | me réabonner | réabonnez-moi
        ابدأ | ابدؤوا | ابدأوا | استئناف | استأنف | استأنفوا | استئناف الرسائل | اشتراك | الاشتراك | أعيدوا الرسائل | ستارت
        رجعو الميساجات | رجعوا الميساجات | رجعو الرسائل | رجعوا الرسائل | عاودو ابعثولي | عاودوا ابعثولي | عاودو بعثولي | كملو الميساجات
        raj3ou les messages | rej3ou les messages | redjou les messages | 3awdou b3atouli | 3awdou b3athouli | kemlou les messages
        """);
}
