namespace OrderClosr.Agent;

/// <summary>The agent's own fixed sentences, in the four ways customers write. Nobody is left without one.</summary>
public static class HandOverWords
{
    /// <summary>A person will answer.</summary>
    public static string Person(ReplyLanguage language) => language.ToString() switch
    {
        "french-latin" => "Je transmets votre message à une personne de la boutique, elle vous répond ici dès que possible.",
        "arabic-arabic" => "سأنقل رسالتكم إلى شخص من المتجر، وسيجيبكم هنا في أقرب وقت.",
        "darja-arabizi" => "Rani nb3at l message ta3ek l wa7ed men la boutique, yjawbek hna f a9reb wa9t.",
        _ => "راني نبعث رسالتك لواحد من المحل، يجاوبك هنا في أقرب وقت.",
    };

    /// <summary>The next time, to who was told already.</summary>
    public static string Moment(ReplyLanguage language) => language.ToString() switch
    {
        "french-latin" => "Bien reçu, on vérifie et on vous répond ici.",
        "arabic-arabic" => "وصلتنا رسالتكم، نتحقق ونجيبكم هنا.",
        "darja-arabizi" => "Wsel l message, nchoufou w njawbouk hna.",
        _ => "وصل الميساج، نشوفو ونجاوبوك هنا.",
    };

    /// <summary>We cannot listen to voice notes, or open this file.</summary>
    public static string Unheard(ReplyLanguage language) => language.ToString() switch
    {
        "french-latin" => "Je ne peux pas écouter les vocaux ni ouvrir ce fichier. Une personne de la boutique va vous répondre ici ; vous pouvez aussi écrire votre demande.",
        "arabic-arabic" => "لا يمكنني الاستماع إلى الرسائل الصوتية أو فتح هذا الملف. سيجيبكم شخص من المتجر هنا، ويمكنكم أيضا كتابة طلبكم.",
        "darja-arabizi" => "Ma n9derch nesma3 les vocaux wela n7el had le fichier. Wa7ed men la boutique yjawbek hna, wela ktebli wach t7eb.",
        _ => "ما نقدرش نسمع الفوكال ولا نحل هاد الملف. واحد من المحل يجاوبك هنا، ولا اكتبلي واش تحب.",
    };

    /// <summary>We answer soon; the merchant may have words of their own.</summary>
    public static string Soon(ReplyLanguage language) => language.ToString() switch
    {
        "french-latin" => "Merci pour votre message, nous vous répondons très bientôt.",
        "arabic-arabic" => "شكرا على رسالتكم، سنجيبكم قريبا جدا.",
        "darja-arabizi" => "Sahit 3la l message, njawbouk 9rib.",
        _ => "صحيت على الرسالة، نجاوبوك قريب.",
    };
}
