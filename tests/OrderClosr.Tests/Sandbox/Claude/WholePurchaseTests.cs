using OrderClosr.Agent.Guards;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>Whole purchases as customers really write them: one to four words, bubbles, detours. Each ends in one right order, and nobody hears the same reply twice in a row.</summary>
public sealed class WholePurchaseTests
{
    private static async Task<(PlayedShop Shop, List<string> Replies)> TalkAsync(string manner, params string[] says)
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var shop = new PlayedShop();
        var (language, script) = manner switch { "arabizi" => ("darja", "arabizi"), "darja" => ("darja", "arabic"), "french" => ("french", "latin"), _ => ("arabic", "arabic") };
        var talk = new Talk(door, shop, language, script);
        foreach (var said in says)
        {
            var orders = shop.Orders.Count;
            var reply = await talk.SayAsync(said.Replace("||", "\n", StringComparison.Ordinal));
            TestContext.Current.TestOutputHelper?.WriteLine($"> {said}\n< {reply}\n");
            Assert.False(PromiseGuard.ClaimsConfirmed(reply) && shop.Orders.Count == orders, reply);
            Assert.False(PromiseGuard.ClaimsTransfer(reply) && !shop.HandedOver, reply);
            Assert.False(DelayGuard.Unsupported(reply, [new(1, 3)], said, new(2026, 12, 1)).Count > 0, reply);
            if (talk.Replies.Count > 1) Assert.NotEqual(talk.Replies[^2], reply);
            Assert.Equal(script == "arabic", reply.Any(c => c is >= '\u0600' and <= '\u06FF'));
        }
        return (shop, talk.Replies);
    }

    [Theory]
    [InlineData("arabizi", "slm|ch7al robe d'été|M noir|wahran|bir el djir|Amel 0500000061|wah confirmi", "Robe d'été/M / Noir/1", "Bir El Djir", "Amel", 4100)]
    [InlineData("arabizi", "ch7al robe d'été?|livraison l bir el djir wahran|M noir|Amel Saidi 0500000061||cité 200 logts bt 4|wah confirmi", "Robe d'été/M / Noir/1", "Bir El Djir", "Amel Saidi", 4100)]
    [InlineData("darja", "سلام شحال الروب|M / Noir|زوج، بوفاريك البليدة للدار، سمية 0500000063 حي السلام|نعم أكد", "Robe d'été/M / Noir/2", "Boufarik", "سمية", 7600)]
    [InlineData("arabizi", "nheb robe d'été M noir|wah confirmi|0500000064|oui|karim|oran bir el djir|oui", "Robe d'été/M / Noir/1", "Bir El Djir", "karim", 4100)]
    [InlineData("arabizi", "nheb robe d'été M noir, smiti amine, 0500000066, bab ezzouar alger|la L|2|non badli hydra|wah safi", "Robe d'été/L / Noir/2", "Hydra", "amine", 7600)]
    [InlineData("french", "bonjour, je veux une basket|finalement la robe d'été plutôt|L noir|Oran, Es Senia||Sara Meziane||0500000067|c'est bon je confirme", "Robe d'été/L / Noir/1", "Es Senia", "Sara Meziane", 4100)]
    [InlineData("arabizi", "nheb hijab noir|livraison ch7al twassel?|bab ezzouar|lina 0500000068|n7el le colis 9bel ma nkhalas?|ok", "Hijab soie de Médine/Noir/1", "Bab Ezzouar", "lina", 1800)]
    [InlineData("arabizi", "ch7al robe d'été|M noir|ghalya khoya dir 3000|3300?|saha, Nadia 0500000069, Blida Boufarik|ih", "Robe d'été/M / Noir/1", "Boufarik", "Nadia", 3900)]
    [InlineData("french", "je veux une robe d'été M noire. Amine Kaci 0500000070 Alger, Bab Ezzouar|oui", "Robe d'été/M / Noir/1", "Bab Ezzouar", "Amine Kaci", 4100)]
    [InlineData("arabizi", "basket 42|stop desk oran|yacine 0500000073|oui|bir el djir|oui", "Basket Runner/42/1", "Bir El Djir", "yacine", 6900)]
    [InlineData("arabizi", "hijab beige|el eulma|setif|rima 0500000074|wah", "Hijab soie de Médine/Beige/1", "El Eulma", "rima", 1800)]
    [InlineData("arabizi", "ensemble XL|w XL mazal?|L|blida boufarik|ilyes 0500000076|ih", "Ensemble sport/L/1", "Boufarik", "ilyes", 5500)]
    [InlineData("french", "je prends la basket, Sarah Benali, 0500000077, Alger, Hydra|oui|41|oui", "Basket Runner/41/1", "Hydra", "Sarah Benali", 7100)]
    [InlineData("french", "Bonsoir, l'ensemble sport est dispo ?|la taille L|2 pcs|Alger||Bab Ezzouar|Nawel Haddad||0500000082|oui c'est bon", "Ensemble sport/L/2", "Bab Ezzouar", "Nawel Haddad", 10400)]
    [InlineData("darja", "السلام عليكم، عندكم حجاب؟|بيج|زوج|الاسم خديجة|0500000083|سطيف العلمة|نعم", "Hijab soie de Médine/Beige/2", "El Eulma", "خديجة", 3000)]
    [InlineData("arabizi", "ch7al parfum|nediha|2|wahran es senia||kamel||0500000084|wah", "Parfum Nuit//2", "Es Senia", "kamel", 5600)]
    [InlineData("arabic", "كم سعر الحذاء؟|أريد واحدة مقاس 42|مريم بن علي، 0500000085|ولاية البليدة بلدية بوفاريك|نعم أوافق", "Basket Runner/42/1", "Boufarik", "مريم بن علي", 7100)]
    [InlineData("arabizi", "slm||ch7al||robe d'été|nheb||M noir||wahran|bir el djir||amel|0500000095|ih", "Robe d'été/M / Noir/1", "Bir El Djir", "amel", 4100)]
    [InlineData("arabizi", "slm ch7l rob dete|wahda m noir|zahra|bir eljir whran|0500 00 00 91|wah safi", "Robe d'été/M / Noir/1", "Bir El Djir", "zahra", 4100)]
    [InlineData("arabizi", "nheb robe M noir|la bezaf ghalya|machi mochkil|Hania 0500000113 hydra alger|ok", "Robe d'été/M / Noir/1", "Hydra", "Hania", 4100)]
    [InlineData("darja", "عندكم حذاء؟|42|مريم|0500000101|حيدرة الجزائر|ايه", "Basket Runner/42/1", "Hydra", "مريم", 7100)]
    [InlineData("arabizi", "nheb hijab noir, Fatiha, 0500000106, oran es senia, stop desk|non l dar|ok", "Hijab soie de Médine/Noir/1", "Es Senia", "Fatiha", 1800)]
    public async Task A_purchase_in_short_bubbles_ends_in_one_right_order(string manner, string says, string item, string commune, string name, int total)
    {
        var (shop, _) = await TalkAsync(manner, says.Replace("||", "\n", StringComparison.Ordinal).Split('|'));
        var order = Assert.Single(shop.Orders);
        var line = Assert.Single(order["items"]!.AsArray());
        Assert.Equal(item, $"{line!["product"]}/{line["variant"]}/{line["quantity"]}");
        Assert.Equal((commune, name, total), ((string?)order["commune"], (string?)order["name"], (int)order["total"]!));
    }

    [Fact]
    public async Task A_yes_while_one_thing_is_missing_asks_for_just_that_with_a_way_to_answer()
    {
        var (shop, replies) = await TalkAsync("french", "je veux une robe d'été M noire, Amine Kaci, Alger Hydra", "oui je confirme");
        Assert.Empty(shop.Orders);
        Assert.Contains("10 chiffres", replies[0], StringComparison.Ordinal);
        Assert.DoesNotContain("wilaya", replies[1], StringComparison.Ordinal);
        Assert.Contains("numéro", replies[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_who_fears_to_be_cheated_is_no_complaint()
    {
        var (shop, replies) = await TalkAsync("arabizi", "machi arnaque?");
        Assert.False(shop.HandedOver);
        Assert.Contains("Tkhallas ki tewslek", replies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_that_is_given_up_is_left_alone()
    {
        var (shop, replies) = await TalkAsync("arabizi", "nheb hijab noir", "la batalt");
        Assert.Empty(shop.Orders);
        Assert.Contains("Machi mochkil", replies[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_nobody_understands_three_times_bring_a_person()
    {
        var (shop, _) = await TalkAsync("arabizi", "brrr xxyz", "qsdf wxcv", "mlkj poiu");
        Assert.True(shop.HandedOver);
    }

    [Fact]
    public async Task What_the_shop_allows_about_opening_and_exchanging_is_said_in_the_customers_words()
    {
        var (_, replies) = await TalkAsync("darja", "نقدر نحل الكولي قبل ما نخلص؟", "و التبديل؟");
        Assert.Contains("تقدر تحل", replies[0], StringComparison.Ordinal);
        Assert.Contains("7 أيام", replies[1], StringComparison.Ordinal);
    }
}
