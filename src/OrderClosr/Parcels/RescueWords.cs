using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>What the shop's code itself writes to a customer about a parcel, in the four ways customers write; no model words it.</summary>
/// <remarks>No word of the courier's stands in it but the name of its desk; no amount either.</remarks>
public sealed class RescueWords(OrderClosrDb db, Places places)
{
    /// <summary>The ways customers write, as <see cref="Conversation.Language"/> keeps them.</summary>
    private const string French = "french-latin", Arabic = "arabic-arabic", Arabizi = "darja-arabizi", Darja = "darja-arabic";

    /// <summary>The first message of a rescue, or the reminder that the parcel waits at the desk.</summary>
    public async Task<string> AskAsync(Rescue rescue, Parcel parcel, Conversation conversation, RescueSettings settings, bool isReminder, CancellationToken stop)
    {
        var (language, number) = (await LanguageAsync(conversation, stop), await NumberAsync(rescue.OrderId, stop));
        if (rescue.Kind == RescueKind.DeskWaiting) return AtDesk(language, number, await DeskAsync(parcel, stop), LastDay(parcel, settings), isReminder);
        var order = rescue.OrderId;
        var phone = rescue.NewPhone ?? await db.Orders.AsNoTracking().Where(o => o.Id == order).Select(o => o.Phone).SingleAsync(stop);
        return $"{Failed(language, rescue.Kind, number, phone?.National)} {Question(language, rescue.Kind)}";
    }

    /// <summary>The approved template that says the same after the window; null when the merchant named none.</summary>
    public async Task<TemplateWords?> TemplateAsync(Rescue rescue, Parcel parcel, Conversation conversation, RescueSettings settings, bool isReminder, CancellationToken stop)
    {
        var isDesk = rescue.Kind == RescueKind.DeskWaiting;
        var name = (isDesk ? isReminder ? settings.ReminderTemplate : settings.DeskTemplate : settings.AttemptTemplate).Trim();
        if (name.Length == 0) return null;
        var (order, language) = (rescue.OrderId, await LanguageAsync(conversation, stop) is Arabic or Darja ? "ar" : "fr");
        var receiver = await db.Orders.AsNoTracking().Where(o => o.Id == order).Select(o => new { o.Name, o.Number }).SingleAsync(stop);
        List<string> blanks = [receiver.Name.Length > 0 ? receiver.Name : "…", receiver.Number.ToString(CultureInfo.InvariantCulture)];
        if (isDesk) blanks.Add(await DeskAsync(parcel, stop));
        var channel = conversation.ChannelId;
        // A merchant with one language of it has better than none.
        var known = Channels.ChannelTemplate.Of(await db.Set<Channels.Channel>().AsNoTracking().SingleAsync(c => c.Id == channel, stop)).Where(t => t.Name == name && t.IsApproved).Select(t => t.Language).ToList();
        return new(name, known.Find(l => l.StartsWith(language, StringComparison.OrdinalIgnoreCase)) ?? known.FirstOrDefault() ?? language, blanks);
    }

    /// <summary>The driver is on the way.</summary>
    public async Task<string> OnTheWayAsync(Parcel parcel, Conversation conversation, CancellationToken stop)
    {
        var number = await NumberAsync(parcel.OrderId, stop);
        return await LanguageAsync(conversation, stop) switch
        {
            French => $"Bonne nouvelle : votre commande n° {number} est en livraison aujourd'hui. Gardez votre téléphone près de vous, le livreur vous appelle.",
            Arabic => $"بشرى سارة: طلبكم رقم {number} في طريقه إليكم اليوم. أبقوا هاتفكم قريبا، سيتصل بكم عامل التوصيل.",
            Arabizi => $"La commande ta3ek n° {number} rahi kharja l livraison lyoum. Khelli téléphone 9rib lik, le livreur y3aytlek.",
            _ => $"الطلبية تاعك رقم {number} راهي خارجة للتوصيل اليوم. خلي التيليفون قريب ليك، الليفرور يعيطلك.",
        };
    }

    /// <summary>The courier's name of the desk with its street; the commune where the courier lists no desks.</summary>
    public async Task<string> DeskAsync(Parcel parcel, CancellationToken stop)
    {
        var id = parcel.DeskPlaceId;
        var desk = id is null ? null : await db.CourierPlaces.AsNoTracking().Where(p => p.Id == id).Select(p => new { p.Name, p.Address }).SingleOrDefaultAsync(stop);
        if (desk is null) return places.CommuneOf(parcel.CommuneCode)?.Name ?? places.WilayaOf(parcel.WilayaCode)?.Name ?? "";
        return PlainText.Line(desk.Address.Length > 0 ? $"{desk.Name} ({desk.Address})" : desk.Name);
    }

    /// <summary>How the conversation is held; before the first reply the letters of the customer's last words decide.</summary>
    private async Task<string> LanguageAsync(Conversation conversation, CancellationToken stop)
    {
        if (conversation.Language is French or Arabic or Arabizi or Darja) return conversation.Language;
        var id = conversation.Id;
        var last = await db.Set<Message>().AsNoTracking().Where(m => m.ConversationId == id && m.Direction == Direction.In && m.Text != "").OrderByDescending(m => m.Seq).Select(m => m.Text).FirstOrDefaultAsync(stop);
        return last?.Any(char.IsAsciiLetter) == true ? French : Darja;
    }

    private Task<int> NumberAsync(OrderId order, CancellationToken stop) => db.Orders.AsNoTracking().Where(o => o.Id == order).Select(o => o.Number).SingleAsync(stop);

    private static string? LastDay(Parcel parcel, RescueSettings settings) => settings.DeskKeepsDays <= 0 ? null
        : AlgiersTime.DateInAlgiers(parcel.StateAt).AddDays(settings.DeskKeepsDays).ToString("dd/MM", CultureInfo.InvariantCulture);

    private static string AtDesk(string language, int number, string desk, string? until, bool isReminder) => language switch
    {
        French => $"{(isReminder ? "Petit rappel : votre" : "Votre")} commande n° {number} vous attend au bureau : {desk}{(until is null ? "" : $", jusqu'au {until}")}. Quand passez-vous la retirer ?",
        Arabic => $"{(isReminder ? "تذكير: " : "")}طلبكم رقم {number} ينتظركم في المكتب: {desk}{(until is null ? "" : $"، إلى غاية {until}")}. متى يمكنكم استلامه؟",
        Arabizi => $"{(isReminder ? "Tfekir sghir: la" : "La")} commande ta3ek n° {number} rahi testenna fik f le bureau: {desk}{(until is null ? "" : $", 7atta l {until}")}. Weqtach tji tediha?",
        _ => $"{(isReminder ? "تفكيرة صغيرة: " : "")}الطلبية تاعك رقم {number} راهي تستنى فيك في البيرو: {desk}{(until is null ? "" : $"، حتى لـ {until}")}. وقتاش تجي تديها؟",
    };

    private static string Failed(string language, RescueKind kind, int number, string? phone) => (language, kind) switch
    {
        (French, RescueKind.NoAnswer or RescueKind.SwitchedOff) => $"Le livreur n'a pas réussi à vous joindre au {phone} pour votre commande n° {number}.",
        (French, RescueKind.WrongNumber) => $"Le livreur n'a pas pu vous joindre : le numéro {phone} de votre commande n° {number} semble faux.",
        (French, RescueKind.BadAddress) => $"Le livreur n'a pas trouvé l'adresse de votre commande n° {number}.",
        (French, RescueKind.Refused) => $"Le livreur nous dit que vous ne voulez plus de votre commande n° {number}.",
        (French, _) => $"Le livreur n'a pas pu vous remettre votre commande n° {number}.",
        (Arabic, RescueKind.NoAnswer or RescueKind.SwitchedOff) => $"لم يتمكن عامل التوصيل من الاتصال بكم على الرقم {phone} بخصوص طلبكم رقم {number}.",
        (Arabic, RescueKind.WrongNumber) => $"لم يتمكن عامل التوصيل من الاتصال بكم: يبدو أن الرقم {phone} في طلبكم رقم {number} خاطئ.",
        (Arabic, RescueKind.BadAddress) => $"لم يجد عامل التوصيل عنوان طلبكم رقم {number}.",
        (Arabic, RescueKind.Refused) => $"أخبرنا عامل التوصيل أنكم لم تعودوا تريدون طلبكم رقم {number}.",
        (Arabic, _) => $"لم يتمكن عامل التوصيل من تسليمكم طلبكم رقم {number}.",
        (Arabizi, RescueKind.NoAnswer or RescueKind.SwitchedOff) => $"Le livreur 3aytlek f {phone} 3la la commande n° {number} w ma l9akch.",
        (Arabizi, RescueKind.WrongNumber) => $"Le livreur ma 9derch y3aytlek: nemra {phone} ta3 la commande n° {number} tban ghalta.",
        (Arabizi, RescueKind.BadAddress) => $"Le livreur ma l9ach l'adresse ta3 la commande n° {number}.",
        (Arabizi, RescueKind.Refused) => $"Le livreur 9alna belli ma rakch 7ab la commande n° {number}.",
        (Arabizi, _) => $"Le livreur ma 9derch ywaslek la commande n° {number}.",
        (_, RescueKind.NoAnswer or RescueKind.SwitchedOff) => $"الليفرور عيطلك في {phone} على الطلبية رقم {number} وما لقاكش.",
        (_, RescueKind.WrongNumber) => $"الليفرور ما قدرش يعيطلك: النمرة {phone} تاع الطلبية رقم {number} تبان غالطة.",
        (_, RescueKind.BadAddress) => $"الليفرور ما لقاش العنوان تاع الطلبية رقم {number}.",
        (_, RescueKind.Refused) => $"الليفرور قالنا بلي ما راكش حاب الطلبية رقم {number}.",
        _ => $"الليفرور ما قدرش يوصلك الطلبية رقم {number}.",
    };

    private static string Question(string language, RescueKind kind) => (language, kind) switch
    {
        (French, RescueKind.Refused) => "Est-ce exact, ou bien quel jour voulez-vous la recevoir ?",
        (French, RescueKind.WrongNumber) => "À quel numéro peut-il vous appeler ?",
        (French, RescueKind.BadAddress) => "Pouvez-vous nous donner l'adresse exacte (rue, quartier, repère) ?",
        (French, _) => "Quel jour vous convient ? Vous pouvez aussi donner un autre numéro, une autre adresse, ou la retirer au bureau.",
        (Arabic, RescueKind.Refused) => "هل هذا صحيح، أم في أي يوم تريدون استلامه؟",
        (Arabic, RescueKind.WrongNumber) => "على أي رقم يمكنه الاتصال بكم؟",
        (Arabic, RescueKind.BadAddress) => "هل يمكنكم إعطاؤنا العنوان بالضبط (الشارع، الحي، معلم قريب)؟",
        (Arabic, _) => "أي يوم يناسبكم؟ يمكنكم أيضا إعطاء رقم آخر أو عنوان آخر، أو استلامه من المكتب.",
        (Arabizi, RescueKind.Refused) => "Sa7 hadi? Wela goulli wach men nhar t7ebha?",
        (Arabizi, RescueKind.WrongNumber) => "F wach men nemra y3aytlek?",
        (Arabizi, RescueKind.BadAddress) => "3tina l'adresse mli7 (la rue, le quartier, blassa m3roufa)?",
        (Arabizi, _) => "Wach men nhar ysa3dek? T9der tani tmed nemra okhra, adresse okhra, wela tediha men le bureau.",
        (_, RescueKind.Refused) => "صح هادي؟ ولا قولي وينتا تحبها؟",
        (_, RescueKind.WrongNumber) => "في واش من نمرة يعيطلك؟",
        (_, RescueKind.BadAddress) => "عطينا العنوان مليح (الشارع، الحي، بلاصة معروفة)؟",
        _ => "وينتا يساعدك؟ تقدر تاني تعطينا نمرة أخرى، عنوان آخر، ولا تديها من البيرو.",
    };
}
