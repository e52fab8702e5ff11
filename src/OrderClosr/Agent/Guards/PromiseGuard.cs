using System.Text.RegularExpressions;

namespace OrderClosr.Agent.Guards;

/// <summary>What a reply claims to have done must have been done in this turn: a transfer to a person, a confirmed order, a cancelled one.</summary>
public static partial class PromiseGuard
{
    /// <summary>Says that a person takes over, answers or will call. That the driver calls, or that a person may be asked for, promises nobody.</summary>
    public static bool ClaimsTransfer(string reply) => Transfer.IsMatch(Driver().Replace(Offer().Replace(Normal(reply), " "), " "));

    /// <summary>Says that the order is confirmed, recorded or on its way.</summary>
    public static bool ClaimsConfirmed(string reply) => Confirmed.IsMatch(NotAsked(Normal(reply)));

    /// <summary>Says that the order is cancelled.</summary>
    public static bool ClaimsCancelled(string reply) => Cancelled.IsMatch(NotAsked(Normal(reply)));

    // "Votre commande est confirmée ?" asks; only what is told counts. Each sentence that ends in a question mark goes.
    private static string NotAsked(string reply) => Question().Replace(reply, " ");

    private static string Normal(string reply) => OrderClosr.Ground.Values.Folding.Fold(reply.Replace('\n', '.'));

    // "If you like, a person answers: tell me" and "shall somebody call you?" offer and claim nothing.
    [GeneratedRegex("""
        [^.!?؟]*(?<!\p{L})(?:si|ida|idha|ila|اذا|لو|ان)(?!\p{L})[^.!?؟]*(?<!\p{L})(?:dites|dis|goli|gouli|goulli|qouli|قولي|قولولي|فاخبرني|اخبرني|اخبروني|فاخبرونا)[^.!?؟]*
        |[^.!?؟]*(?<!\p{L})(?:voulez|souhaitez|preferez|aimeriez|desirez|veux\stu|tu\sveux|t7eb\w*|theb\w*|tbghi\w*|تحب\p{L}*|تريد\p{L}*|ترغب\p{L}*|تفضل\p{L}*|هل)(?!\p{L})[^.!?؟]*[?؟]
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Offer();

    // "The driver calls before he comes": the courier's people are nobody of the shop.
    [GeneratedRegex("""
        (?<=^|[.!?؟,،;])(?![^.!?؟,،;]*(?:transf|collegue|conseill|responsable|equipe|quelquun|personne|زميل|مسوول|فريق|حولك|zamil|mas2oul|awlek|awelek))
        [^.!?؟,،;]*(?<!\p{L})(?:(?:le\s|l)?li?vreurs?|coursier|transporteur|chauffeur|l?agen(?:t|ce)s?\sde\slivraison|societe\sde\slivraison|عامل\sالتوصيل|(?:ال)?مندوب|الموزع|السايق|السائق|ال?ليفرور|شركه\sالتوصيل|مول\sالتوصيل|moul\sl?\s?(?:livraison|twsil|tawsil))(?!\p{L})[^.!?؟,،;]*
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Driver();

    [GeneratedRegex(@"[^.!?؟]*[?؟]")]
    private static partial Regex Question();

    // Folded text: no accents, no apostrophes, ة is ه, ى is ي, hamzas are gone. Long lists of words are read as they are: made into code they are hardly quicker, and of the guards' code they were nine tenths.
    private static readonly Regex Transfer = new("""
        \b(?:je|on|nous)\s(?:vous\s|te\s|t|v)?(?:l[ae]?\s)?(?:transf[ae]re|passe\s(?:a|un|mon|le|la|au|notre)|mets?\sen\s(?:contact|relation)|redirige|oriente\svers|met(?:s|tons)\sen)
        |transf[ae]re[rz]?\s(?:a|vers|au|votre|ce)|transfere\b|\b(?:transm(?:is|ise|ets)|transmettons)\s(?:(?:votre|ta|la)\s(?:message|demande|conversation|reclamation|question|dossier)|(?:\w+\s){0,3}?a\s(?:un|une|mon|ma|notre|la|le|l)\s?(?:personne|collegue|responsable|conseill|equipe|boutique|patron|gerant))|\bje\s(?:demande|vois|verifie|confirme)\s(?:a|avec|aupres\sd[eu])\s(?:mon|ma|mes|notre|le|la)\s(?:collegues?|conseillere?|responsable|equipe|patronn?e?|gerante?)|\bfais\ssuivre\b|\bpasse\s(?:votre|ta|la)\s(?:demande|message|question|reclamation)\sa\b
        |\b(?:un|une|mon|ma|nos|notre|le|la|des)\s(?:collegues?|conseill(?:er|ere|ers)|responsable|humain|personne|agent|membre|gerante?|patron|vendeu(?:r|se)|commerciale?|proprietaire)\s(?:(?!peu[tx]|peuvent|pourr|qui\b)\w+\s){0,4}?(?:va|vont|vous|prend|prendra|repondra|rappelle|rappellera|contactera|contacte|arrive)\b
        |\b(?:(?:l|notre\s|une\s|mon\s|nos\s)equipes?|service\sclients?|sav|support|(?:la|notre)\sboutique|le\smagasin)\s(?:(?!peu[tx]|peuvent|pourr|qui\b)\w+\s){0,4}?(?:repond(?:ra|ront|re)?|rappel\w+|(?:re)?contact\w+|appel\w+|ecri\w+|telephon\w+|revien\w+|prend(?:ra)?\s(?:contact|le\srelais|la\ssuite|en\scharge))\b
        |\bquelquun\s(?:(?!peu[tx]|pourr|qui\b)\w+\s){0,4}?(?:va|vous|te|prend|prendra|repondra|rappellera|contactera|arrive|soccupe)\b|\bon\s(?:vous|te|va\svous)\s(?:rappel|recontact|contact)|\bvous\s(?:serez|allez\setre)\s(?:rappele|contacte|transfere|recontacte|joint)
        |\b(?:je|on|nous)\s(?:vous\s|te\s|t)(?:rappel|recontact|contact|repondr|telephon|appeller\w*(?!\s(?:avant|le\sjour|pour\sla\slivraison)|\w))\w*|\b(?:je|on|nous|allons|va|vais)\s(?:vous\s)?(?:reviens|revient|revenons|reviendr\w+|revenir)\svers\s(?:vous|toi)|\b(?:on|nous)\s(?:vous|te)\srepond(?:ons)?\s(?:ici|bientot|tres\s|vite|rapidement|dans\s|des\sque|sous\speu|tout\sde\ssuite)|\b(?:allons|va|vais)\s(?:vous|te)\s(?:rappel|recontact|contact|repondre|appel)\w*
        |(?:سا|س|راح\sن|رايح\sن|غادي\sن|ن|ا)?حول(?:ك|كم|ه|ها)\b|(?:سا|س|ن|ا)حيلك|تحويلك|تم\sتحويل|حولت\s(?:محادثت|رسالت|طلب)\p{L}*|سنقوم\sبتحويل|سيتصل|سيتواصل|سيعاود|سنعاود|سنتصل\sب|سنتواصل\sمع|(?<!\p{L})و?س(?:ي|ن)(?:جيب|رد|كلم|هاتف|راسل)\p{L}*|و?نجيبكم?\sهنا|سيتم\s(?:الرد|التواصل|الاتصال|تحويل)|(?:سانقل|نقلت|سننقل)\s(?:رسالت|محادثت|طلب)\p{L}*|(?:نبعث|بعثت|مديت)\s(?:رسالتك|كلامك|الميساج|ميساجك)
        |(?:راح|رايح|غادي)\s(?:ي|ن|ت)(?:عيط|تصل|كلم|جاوب|رد)|(?<!(?:يقدر|تقدر|باش|يمكن|ان)\s)(?<!\p{L})و?(?:يجاوب(?:وك|وكم|ك|كم)|نجاوبو(?:ك|كم)|نعاودو(?:لك|لكم)|نرجعو(?:لك|لكم)|نردو(?:لك|\sعليك)\p{L}*|يرد(?:و)?\sعليك\p{L}*|نتصلو\sب\p{L}+|نكلموك\p{L}*|يتواصل(?:و)?\sمعا?ك\p{L}*|يتصل(?:و)?\sب(?:ك|يك)\p{L}*)(?!\p{L})
        |(?<!(?:يقدر|تقدر|باش)\s)(?:ن|ي)عيط(?:ل|و)ك|(?<!(?:يقدر|تقدر|باش)\s)(?:ن|ي)عيطولك|نوصلك\s(?:مع|ب|ل)|زميل(?:ي|تي|نا)|المسوول\s(?:راح|رايح|يجاوب|يتصل|سوف|سي)|مول\sالحانوت\s(?:راح|يجاوب|يعيط|رايح)|(?:ال)?فريق\p{L}*\s(?:\p{L}+\s){0,3}?(?:س\p{L}{2,}|سوف|راح|رايح|غادي|يجاوب|يتصل|يتواصل|يعيط|يرد|يتكفل|يهتم)\p{L}*
        |\b(?:n|rani\sn|rah\sn|ray7\sn|rayeh\sn)?(?:n7awl|n7awel|nhawl|nhawel|n7wl|nhewl|n7ewl|7awelt|hawelt|n7awwl)\w*|(?<!\b(?:bach|ye?9de?r|yakder)\s)\b(?:n|y)(?:3ayt|3eyt|3ayet|3aytou)\w*(?:lek|ek|k|kom)\b|(?<!\b(?:bach|ye?9de?r|yakder)\s)\b(?:yjaw[ae]?b|yjewb)(?:e|ou|o)?k\w*|\bnjaw[ae]?b(?:ou|o)k\w*|\b(?:y|n)redd?(?:ou)?\s3lik\w*|\b(?:ye?tasl|netasl|ntasl)(?:ou)?\sbik\w*|\bn(?:rej|erj)3ou\s?lek|\b(?:rani\s)?n?b3a[dt]t?\s(?:l\s)?(?:message|msg|klamek|hadra)\w*|\bmeddit\sklamek|\by[ei]?kel+m[ae]?k\w*
        |\b(?:zamil|zamili|zmili|zamilti|collegue\sta3i|l?responsable|mas2oul|mes2oul|masoul|mesoul|moul\sl?hanout|moul\sl?7anout|l?equipe|fari9|wa7ed\s(?:men|mn)\s\w+(?:\sboutique|\shanout|\s7anout|\sequipe)?|kach\swa7ed)\s(?:(?!ye?9de?r|yakder)\w+\s){0,3}?(?:y(?!e?9de?r|akder)\w+|(?:rah|ra7|ghadi|raye?[7h])\s[nyt]\w+)
        |\b(?:i|we)\s(?:will\s|ll\s)?(?:transfer|connect|pass)\s?(?:you)?|\b(?:colleague|someone|somebody|team|agent)\s(?:\w+\s){0,3}?will\b|\bwe\s?(?:will|ll)\s(?:call|contact|get\sback)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant);

    private static readonly Regex Confirmed = new("""
        commande\s(?:n\W{0,2}\d+\s|numero\s\d+\s|\W?\d+\s)?(?:est\s|a\sete\s|etait\s)?(?:bien\s|maintenant\s)?(?:confirmee?|enregistree?|validee?|prise\sen\scompte|expediee?|envoyee?|en\sroute|passee)\b
        |\b(?:jai|nous\savons|cest|on\sa)\s(?:bien\s)?(?:confirme|enregistre|valide)e?\b
        |(?<!\p{L})تم\s\W?(?:تاكيد|تسجيل|تثبيت|ارسال|شحن|ال?تاكيد)|(?:طلب|طلبيت|كوموند|كومند)\w*\s(?:موكده?|تاكدت|تسجلت|تثبتت|راهي\sموكده|مسجله?|تبعثت)|(?:اكدت|سجلت|ثبتت|اكدنا|سجلنا|تاكدت|تسجلت)(?:ها|لك|هالك|لكم)?\b
        |\b(?:sajelt|sajalt|sejelt|sjelt|akedt|akkedt|2akedt|akadt|tabett|confirmit|konfirmit|tsajlet|tsejlet|takdet|taakdet|tconfirmat|confirmat)(?!\w*ch\b)\w*|\bcommande\b[^.!?]{0,20}\b(?:mekda|m2akda|mo2akda|msajla|mconfirmya)\b|الطلب\s(?:رقم\s\d+\s)?(?:تاكد|تسجل|تثبت)\b|\bcommande?\s(?:ta3ek|dyalek|te3ek|tae?k)?\s?(?:rahi\s|raha\s)?(?:confirmee?|mconfirmya|mconfirmia|msajla|m2akda|makda|mo2akada)
        |order\s(?:is|has\sbeen)\s(?:confirmed|placed)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant);

    private static readonly Regex Cancelled = new("""
        commande\s(?:\d+\s)?(?:est\s|a\sete\s)?(?:bien\s)?annulee?\b|\b(?:jai|nous\savons|cest)\s(?:bien\s)?annulee?\b|تم\s(?:الغا|ال?الغا)|(?:الغيت|انوليت|نحيت)(?:ها|لك|نا)?\b|تلغات|\b(?:anulit|annulit|lghit|tanulat|tannulat|tlghat)\w*
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant);
}
