using System.Text.Json.Nodes;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>What a merchant would be ashamed of if the stand-in did it: forgetting, nagging, asking twice, taking a name for a town.</summary>
public sealed class SellerCareTests
{
    private static async Task<(PlayedShop Shop, List<string> Replies)> SayAsync(PlayedShop shop, string language, string script, params string[] says)
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var talk = new Talk(door, shop, language, script);
        foreach (var said in says) await talk.SayAsync(said);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', says.Zip(talk.Replies, (s, r) => $"> {s}\n< {r}")));
        return (shop, talk.Replies);
    }

    private static JsonObject Only(PlayedShop shop) => Assert.Single(shop.Orders);

    private static (string?, string?, int, int)[] Lines(JsonObject order) =>
        [.. order["items"]!.AsArray().Select(i => ((string?)i!["product"], (string?)i["variant"], (int)i["quantity"]!, (int)i["unit_price"]!))];

    [Fact]
    public async Task A_cart_as_the_first_message_is_repeated_and_its_number_is_no_wilaya()
    {
        var shop = new PlayedShop();
        shop.Answer("save_order", new() { ["items"] = new JsonArray(new JsonObject { ["product"] = "Robe d'été", ["variant"] = "M / Noir", ["quantity"] = 2 }) });
        var (_, replies) = await SayAsync(shop, "darja", "arabic", "[cart: 2 × Robe d'été M / Noir]", "نادية ب 0500000021\nسطيف العلمة", "نعم");
        Assert.Contains("2 × Robe d'été (M / Noir)", replies[0]);
        Assert.DoesNotContain("ما نوصلوش", replies[0]);
        Assert.Equal([("Robe d'été", "M / Noir", 2, 3500)], Lines(Only(shop)));
        Assert.Equal(("نادية ب", "El Eulma"), ((string?)shop.Orders[0]["name"], (string?)shop.Orders[0]["commune"]));
    }

    [Fact]
    public async Task A_price_offered_before_the_size_is_chosen_is_tried_with_the_choice_and_a_lower_one_later_does_not_undo_it()
    {
        var (shop, replies) = await SayAsync(new(), "french", "latin", "Bonjour, prix de la robe ?", "3300 ça passe ?", "M noire", "Lila Bensaid 0500000103 Oran Bir El Djir", "oui mais 3000", "ok je confirme");
        Assert.Contains("prix", replies[1]);
        Assert.Contains("3 300 DA", replies[2]);
        Assert.Contains("3 900 DA", replies[4]);
        Assert.Equal([("Robe d'été", "M / Noir", 1, 3300)], Lines(Only(shop)));
    }

    [Fact]
    public async Task A_question_for_price_and_delivery_is_answered_with_both_and_orders_nothing()
    {
        var shop = new PlayedShop();
        await using var door = await ClaudeDoor.OpenAsync();
        var talk = new Talk(door, shop, "darja", "arabizi");
        var answer = await talk.SayAsync("slm ch7al zouj hijab beige livraison oran?");
        Assert.Contains("1 200 DA", answer);
        Assert.Contains("600 DA", answer);
        Assert.Null(shop.Draft);
        foreach (var said in (string[])["ih nedihom", "Sarah B 0500000119 oran es senia", "ih"]) await talk.SayAsync(said);
        Assert.Equal([("Hijab soie de Médine", "Beige", 2, 1200)], Lines(Only(shop)));
    }

    [Theory]
    [InlineData("arabizi", "nheb hijab beige, smiti Sarah B 0500000105 oran es senia", "Sarah B")]
    [InlineData("arabizi", "nheb sac camel, Ines M 0500000116 wilaya oran bir el djir", "Ines M")]
    [InlineData("arabizi", "nheb sac camel, sarah b 0500000116 oran bir el djir", "sarah b")]
    [InlineData("arabizi", "nheb sac camel, Fouad K 0500000136 oran bir el djir", "Fouad K")]
    [InlineData("arabic", "نحب ساك كامل، الاسم فاطمة الزهراء بن علي، 0500000117 وهران بئر الجير", "فاطمة الزهراء بن علي")]
    [InlineData("arabic", "نحب ساك، يوسف مراد 0500000118 الجزائر باب الزوار", "يوسف مراد")]
    public async Task The_whole_name_is_kept(string script, string all, string name)
    {
        var (shop, _) = await SayAsync(new(), "darja", script, all, script == "arabic" ? "نعم أكدها" : "ih akedha");
        Assert.Equal(name, (string?)Only(shop)["name"]);
    }

    [Fact]
    public async Task Who_bought_before_is_asked_nothing_again_but_the_yes()
    {
        var (shop, replies) = await SayAsync(new(), "darja", "arabizi", "nheb sac camel, Karim Mansouri 0500000107 Blida Boufarik", "ih", "saha, nheb tani parfum", "ih");
        Assert.Contains("Karim Mansouri", replies[2]);
        Assert.Contains("0500000107", replies[2]);
        Assert.Equal(2, shop.Orders.Count);
        Assert.Equal(("Karim Mansouri", "0500000107", "Boufarik"), ((string?)shop.Orders[1]["name"], (string?)shop.Orders[1]["phone"], (string?)shop.Orders[1]["commune"]));
        Assert.Equal([("Parfum Nuit", null, 1, 2500)], Lines(shop.Orders[1]));
    }

    [Fact]
    public async Task A_town_in_a_products_name_is_no_address_and_alone_it_is_one()
    {
        var (shop, replies) = await SayAsync(new(), "french", "latin", "je veux le plaid de Blida gris", "Yasmine Ferhat, 0500000110, Blida", "Boufarik", "oui");
        Assert.DoesNotContain("Quelle commune", replies[0]);
        Assert.Contains("Blida", replies[1]);
        Assert.Equal(("Blida", "Boufarik", "Yasmine Ferhat"), ((string?)Only(shop)["wilaya"], (string?)shop.Orders[0]["commune"], (string?)shop.Orders[0]["name"]));
    }

    [Fact]
    public async Task A_french_name_written_by_ear_in_arabic_letters_is_found()
    {
        var (shop, _) = await SayAsync(new(), "arabic", "arabic", "أريد طلب بلايد رمادي", "يوسف بن علي 0500000112 الجزائر باب الزوار", "نعم أؤكد");
        Assert.Equal([("Plaid de Blida", "Gris", 1, 2800)], Lines(Only(shop)));
    }

    [Fact]
    public async Task An_article_is_taken_out_and_the_others_stay()
    {
        var (shop, replies) = await SayAsync(new(), "darja", "arabizi", "nheb robe M noir w zouj hijab beige", "zid parfum", "na7i l hijab", "Asma Kaci 0500000118 oran bir el djir", "ih");
        Assert.Contains("1 × Parfum Nuit", replies[1]);
        Assert.Equal([("Robe d'été", "M / Noir", 1, 3500), ("Parfum Nuit", null, 1, 2500)], Lines(Only(shop)));
    }

    [Fact]
    public async Task A_question_in_the_middle_is_answered_and_a_thank_you_after_no_closes_the_talk()
    {
        var (_, replies) = await SayAsync(new(), "french", "latin", "je veux le sac", "vous échangez si ça ne plaît pas ?", "non finalement j'en veux plus", "merci");
        Assert.Contains("7 jours", replies[1]);
        Assert.DoesNotContain("il me faut", replies[3]);
        Assert.DoesNotContain("manque", replies[3]);
    }

    [Fact]
    public async Task Who_wants_to_think_is_left_in_peace()
    {
        var (shop, replies) = await SayAsync(new(), "darja", "arabic", "شحال العطر", "شحال", "خليني نفكر");
        Assert.Contains("خذ راحتك", replies[2]);
        Assert.Null(shop.Draft);
    }
}
