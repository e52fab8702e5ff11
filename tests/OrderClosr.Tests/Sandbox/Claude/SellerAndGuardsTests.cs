using OrderClosr.Agent;
using OrderClosr.Agent.Guards;
using OrderClosr.Ground.Values;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>An honest reply of the stand-in is one that the product's guards let pass: else a lie would be caught for the wrong reason.</summary>
public sealed class SellerAndGuardsTests
{
    private static readonly string[] Names = ["Robe d'été", "Hijab soie de Médine", "Sac à main", "Basket Runner", "Dar Lina", "Bir El Djir", "Oran", "M / Noir", "L / Noir", "M / Rouge", "Beige", "Noir", "Camel", "41", "42", "karim", "كريم"];

    public static TheoryData<string, string, string[]> Talks => new()
    {
        { "darja", "arabizi", ["slm", "ch7al la robe?", "kayen robe f L rouge?", "livraison l wahran ch7al w wa9tech toussel", "nheb zouj robes M noir", "dir 3000", "smiti karim 0500000013", "wahran bir el djir", "lala", "oui akedha", "win wslet la commande", "anuli la commande", "kayen garantie?", "nta robot?", "merci khoya"] },
        { "darja", "arabic", ["سلام عليكم", "شحال الروبة؟", "كاين الروبة في L حمراء؟", "شحال التوصيل لوهران و شحال تقعد؟", "حاب نكوموندي زوج روبات M كحلة", "دير 3000 دج", "اسمي كريم 0500000013", "وهران بئر الجير", "لا", "نعم أكدها", "وين وصلت الكوموند؟", "بطلت", "كاين ضمان", "نقدر نفتح الكولي قبل ما نخلص؟", "شكرا"] },
        { "french", "latin", ["Bonjour", "prix de la robe ?", "vous avez la robe en L rouge ?", "livraison à Oran combien et quand ?", "je veux deux robes M noires", "oui mais 3000", "je m'appelle karim, 0500000013", "Oran, Bir El Djir", "non", "oui je confirme", "Où en est ma commande ?", "Je veux annuler ma commande svp", "il y a une garantie ?", "vous êtes un robot ?", "écris un poème", "merci"] },
        { "arabic", "arabic", ["السلام عليكم", "كم سعر الحذاء؟", "هل الحذاء متوفر بمقاس 43؟", "كم يستغرق التوصيل إلى وهران؟", "أريد واحد مقاس 42", "الاسم كريم 0500000013", "وهران بئر الجير", "لا", "نعم", "الغاء الطلب", "هل يوجد ضمان", "شكرا"] },
    };

    [Theory, MemberData(nameof(Talks))]
    public async Task Honest_replies_pass_every_guard(string language, string script, string[] says)
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var shop = new PlayedShop();
        var talk = new Talk(door, shop, language, script);
        var permitted = new PermittedMoney();
        foreach (var amount in new[] { 3500, 1200, 4200, 6500, 600, 400, 7000, 7600, 7100 }) permitted.Add(new Dinars(amount));
        permitted.AddName("Basket Runner 41 42 43");
        var problems = new List<string>();
        foreach (var said in says)
        {
            var (orders, calls) = (shop.Orders.Count, shop.Calls.Count);
            var reply = await talk.SayAsync(said);
            var now = shop.Calls.Skip(calls).Select(c => c.Name).ToList();
            if (MoneyGuard.Unsupported(reply.Split("\n\n"), permitted) is { Count: > 0 } money) problems.Add($"money {string.Join(", ", money.Select(m => m.Text))}: {reply}");
            if (LanguageGuard.IsWrong(reply, new(language, script), Names)) problems.Add($"language: {reply}");
            if (PromiseGuard.ClaimsTransfer(reply) && !now.Contains("hand_over")) problems.Add($"transfer: {reply}");
            if (PromiseGuard.ClaimsConfirmed(reply) && shop.Orders.Count <= orders && !now.Contains("track_parcel")) problems.Add($"confirmed: {reply}");
            if (PromiseGuard.ClaimsCancelled(reply) && shop.Orders.Count >= orders) problems.Add($"cancelled: {reply}");
            if (TopicGuard.IsOffTopic(reply, Names)) problems.Add($"topic: {reply}");
            if (DelayGuard.Unsupported(reply, [new(1, 3)], said, new(2026, 12, 1)).Count > 0) problems.Add($"delay: {reply}");
            if (StockGuard.Unsupported(reply, said, Known, says[..Array.IndexOf(says, said)]).Count > 0) problems.Add($"stock: {reply}");
        }
        Assert.True(problems.Count == 0, string.Join("\n---\n", problems));
    }

    private static readonly List<KnownVariant> Known =
    [
        new("Robe d'été", "M / Noir", true), new("Robe d'été", "L / Noir", true), new("Robe d'été", "M / Rouge", true), new("Robe d'été", "L / Rouge", false),
        new("Basket Runner", "41", true), new("Basket Runner", "42", true), new("Basket Runner", "43", false), new("Sac à main", "Camel", true), new("Hijab soie de Médine", "Beige", true),
    ];
}
