using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>Says the shop's notice before the first reply to a customer, once, in words no model sees before or changes.</summary>
public sealed class Noticing(OrderClosrDb db, Saying saying, TimeProvider time)
{
    /// <summary>Adds it in front of the reply that is about to be written. Runs in the turn's own transaction, under the conversation's lock.</summary>
    internal async Task SayFirstAsync(Conversation conversation, AgentSettings settings, ReplyLanguage language, Guid turn, CancellationToken stop)
    {
        if (!settings.NoticeOn) return;
        var customer = conversation.CustomerId;
        // One that never left told nobody anything.
        if (await db.ConsentNotices.AnyAsync(n => n.CustomerId == customer && db.Set<Message>().Any(m => m.Id == n.MessageId && m.Status != MessageStatus.Failed), stop)) return;
        var own = language.Script == "arabic" ? settings.NoticeArabic : settings.NoticeLatin;
        var said = saying.SayLater(conversation, new(Author.System, own.Trim() is { Length: > 0 } words ? words : Usual(language)) { TurnId = turn, IsAnswer = true });
        if (said.Count > 0) db.Add(new ConsentNotice { Id = Id<ConsentNotice>.New(time.GetUtcNow()), CustomerId = customer, ConversationId = conversation.Id, MessageId = said[0].Id, At = said[0].At });
    }

    /// <summary>What is said where the merchant has no words of their own.</summary>
    public static string Usual(ReplyLanguage language) => language.ToString() switch
    {
        "french-latin" => "Vous parlez à l'assistant automatique de la boutique. Vos messages servent à vous répondre et à traiter votre commande ; ils passent par Meta et par un service d'IA (Claude), hors d'Algérie. Pour ne plus recevoir de messages, écrivez STOP.",
        "arabic-arabic" => "أنتم تتحدثون مع المساعد الآلي للمتجر. تُستعمل رسائلكم للرد عليكم ولمعالجة طلبيتكم، وتمر عبر Meta وخدمة ذكاء اصطناعي (Claude) خارج الجزائر. لإيقاف الرسائل اكتبوا STOP.",
        "darja-arabizi" => "Rak tahdar m3a l'assistant automatique ta3 la boutique. Les messages ta3ek nesta3mlouhom bach njawbouk w ndirou la commande, w y3eddiw 3la Meta w service d'IA (Claude) barra l'Algérie. Bach t7bes les messages ktob STOP.",
        _ => "راك تهدر مع المساعد الآلي تاع المحل. رسائلك نستعملوها باش نجاوبوك ونديرو طلبيتك، وتعدي على Meta وخدمة ذكاء اصطناعي (Claude) برا الجزائر. باش تحبس الرسائل اكتب STOP.",
    };
}
