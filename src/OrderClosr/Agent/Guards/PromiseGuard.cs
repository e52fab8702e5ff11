using System.Text.RegularExpressions;

namespace OrderClosr.Agent.Guards;

/// <summary>What a reply claims to have done must have been done in this turn: a transfer to a person, a confirmed order, a cancelled one.</summary>
public static partial class PromiseGuard
{
    /// <summary>Says that a person takes over or will call.</summary>
    public static bool ClaimsTransfer(string reply) => Transfer().IsMatch(Offer().Replace(Normal(reply), " "));

    /// <summary>Says that the order is confirmed, recorded or on its way.</summary>
    public static bool ClaimsConfirmed(string reply) => Confirmed().IsMatch(NotAsked(Normal(reply)));

    /// <summary>Says that the order is cancelled.</summary>
    public static bool ClaimsCancelled(string reply) => Cancelled().IsMatch(NotAsked(Normal(reply)));

    // "Votre commande est confirmée ?" asks; only what is told counts. Each sentence that ends in a question mark goes.
    private static string NotAsked(string reply) => Question().Replace(reply, " ");

    private static string Normal(string reply) => OrderClosr.Ground.Values.Folding.Fold(reply.Replace('\n', '.'));

    // "If you like, a person answers: tell me" offers and claims nothing.
    [GeneratedRegex(@"[^.!?؟]*(?<!\p{L})(?:si|ida|idha|ila|اذا|لو)(?!\p{L})[^.!?؟]*(?<!\p{L})(?:dites|dis|goli|gouli|goulli|qouli|قولي|قولولي|فاخبرني|اخبرني|اخبروني)[^.!?؟]*")]
    private static partial Regex Offer();

    [GeneratedRegex(@"[^.!?؟]*[?؟]")]
    private static partial Regex Question();

    // Folded text: no accents, no apostrophes, ة is ه, ى is ي, hamzas are gone.
    [GeneratedRegex("""
        \b(?:je|on|nous)\s(?:vous\s|te\s|t|v)?(?:l[ae]?\s)?(?:transf[ae]re|passe\s(?:a|un|mon|le|la|au|notre)|mets?\sen\s(?:contact|relation)|redirige|oriente\svers|met(?:s|tons)\sen)
        |transf[ae]re[rz]?\s(?:a|vers|au|votre|ce)|transfere\b
        |\b(?:un|une|mon|ma|notre|le|la)\s(?:collegue|conseillere?|responsable|humain|personne|agent|membre|gerante?|patron|service\sclient)\s(?:\w+\s){0,4}?(?:va|vous|prend|prendra|repondra|rappelle|rappellera|contactera|contacte|arrive)
        |\bquelquun\s(?:de\s\w+\s\w+\s)?va\s|\bon\s(?:vous|te|va\svous)\s(?:rappel|recontact|contact)|\bvous\s(?:serez|allez\setre)\s(?:rappele|contacte|transfere|recontacte)
        |(?:سا|س|راح\sن|رايح\sن|غادي\sن|ن|ا)?حول(?:ك|كم|ه|ها)\b|(?:سا|س|ن|ا)حيلك|تحويلك|تم\sتحويل|سنقوم\sبتحويل|سيتصل|سيتواصل|سنتصل\sبك|سنتواصل\sمعك|(?:راح|رايح|غادي)\s(?:ي|ن|ت)(?:عيط|تصل|كلم|جاوب)|(?:ن|ي)عيط(?:ل|و)ك|يعيطولك|نوصلك\s(?:مع|ب|ل)|زميل(?:ي|تي|نا)|المسوول\s(?:راح|رايح|يجاوب|يتصل|سوف|سي)|مول\sالحانوت\s(?:راح|يجاوب|يعيط|رايح)
        |\b(?:n|rani\sn|rah\sn|ray7\sn|rayeh\sn)?(?:n7awl|n7awel|nhawl|nhawel|n7wl|nhewl|n7ewl|7awelt|hawelt|n7awwl)\w*|\b(?:n|y)(?:3ayt|3eyt|3ayet|3aytou)\w*(?:lek|ek|k)\b|\byjawbek\b|\b(?:zamil|zamili|zmili|zamilti|collegue\sta3i|l?responsable|mas2oul|mes2oul|masoul|mesoul|moul\sl?hanout)\s(?:\w+\s){0,3}?(?:y|rah|ra7|ghadi|ray)\w*
        |\b(?:i|we)\s(?:will\s|ll\s)?(?:transfer|connect|pass)\s?(?:you)?|colleague\swill
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Transfer();

    [GeneratedRegex("""
        commande\s(?:n\W{0,2}\d+\s|numero\s\d+\s|\W?\d+\s)?(?:est\s|a\sete\s|etait\s)?(?:bien\s|maintenant\s)?(?:confirmee?|enregistree?|validee?|prise\sen\scompte|expediee?|envoyee?|en\sroute|passee)\b
        |\b(?:jai|nous\savons|cest|on\sa)\s(?:bien\s)?(?:confirme|enregistre|valide)e?\b
        |(?<!\p{L})تم\s\W?(?:تاكيد|تسجيل|تثبيت|ارسال|شحن|ال?تاكيد)|(?:طلب|طلبيت|كوموند|كومند)\w*\s(?:موكده?|تاكدت|تسجلت|تثبتت|راهي\sموكده|مسجله?|تبعثت)|(?:اكدت|سجلت|ثبتت|اكدنا|سجلنا|تاكدت|تسجلت)(?:ها|لك|هالك|لكم)?\b
        |\b(?:sajelt|sajalt|sejelt|sjelt|akedt|akkedt|2akedt|akadt|tabett|confirmit|konfirmit|tsajlet|tsejlet|takdet|taakdet|tconfirmat|confirmat)(?!\w*ch\b)\w*|\bcommande\b[^.!?]{0,20}\b(?:mekda|m2akda|mo2akda|msajla|mconfirmya)\b|الطلب\s(?:رقم\s\d+\s)?(?:تاكد|تسجل|تثبت)\b|\bcommande?\s(?:ta3ek|dyalek|te3ek|tae?k)?\s?(?:rahi\s|raha\s)?(?:confirmee?|mconfirmya|mconfirmia|msajla|m2akda|makda|mo2akada)
        |order\s(?:is|has\sbeen)\s(?:confirmed|placed)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Confirmed();

    [GeneratedRegex("""
        commande\s(?:\d+\s)?(?:est\s|a\sete\s)?(?:bien\s)?annulee?\b|\b(?:jai|nous\savons|cest)\s(?:bien\s)?annulee?\b|تم\s(?:الغا|ال?الغا)|(?:الغيت|انوليت|نحيت)(?:ها|لك|نا)?\b|تلغات|\b(?:anulit|annulit|lghit|tanulat|tannulat|tlghat)\w*
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Cancelled();
}
