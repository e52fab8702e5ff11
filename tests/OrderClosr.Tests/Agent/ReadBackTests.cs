using OrderClosr.Agent;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Agent;

/// <summary>Which replies read an order back: all that is bought, where it goes, what it costs.</summary>
public sealed class ReadBackTests
{
    private static DraftView View(params (string Product, string Variant, int Quantity)[] items) => new()
    {
        Draft = "K7QF", Version = 3, Items = [.. items.Select(i => new DraftLine(i.Product, i.Variant, i.Quantity, new(3500), new(3500)))], Name = "Amel", Phone = Phone.ReadAll("0500000012")[0], SecondPhone = null,
        Wilaya = "Oran", Commune = "Bir El Djir", Address = "cité 12", Delivery = Delivery.Home, Desk = null, Note = null, Goods = new(7000), Discount = Dinars.Zero, DeliveryFee = new(600), Total = new(7600), Missing = [], Warnings = [],
    };

    private static readonly DraftView Two = View(("Robe d'été", "M / Noir", 2)), One = View(("Robe d'été", "M / Noir", 1)), Mixed = View(("Robe d'été", "M / Noir", 2), ("Sac à main", "Camel", 1)),
        Alike = View(("Robe d'été", "M / Noir", 1), ("Robe longue", "L / Bleu", 1)), Sizes = View(("Robe d'été", "M / Noir", 1), ("Robe d'été", "L / Noir", 1)), Twelve = View(("Hijab soie de Médine", "Beige", 12));

    private static DraftView Of(string draft) => draft switch { "two" => Two, "one" => One, "mixed" => Mixed, "alike" => Alike, "sizes" => Sizes, _ => Twelve };

    [Theory]
    [InlineData("two", "Je récapitule : 2 × Robe d'été (M / Noir) à 3 500 DA, Livraison à domicile à Bir El Djir (Oran) : 600 DA, Nom : Amel, téléphone : 0500000012.\nTotal : 7 600 DA. Je confirme la commande ?")]
    [InlineData("two", "2 robes M noir à Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("two", "Donc deux robes noires en M pour Bir El Djir, 7 600 DA à la livraison, c'est bon ?")]
    [InlineData("two", "Zouj robes M ka7la l bir el djir wahran, total 7600 DA. Nakked?")]
    [InlineData("two", "N3awdou : 2x robe M noir, l dar f Wahran, numéro 0500 00 00 12. Total 7.600 DA, nakked la commande?")]
    [InlineData("two", "نعاودو: 2 × Robe d'été (M / Noir)، التوصيل للدار في Bir El Djir (Oran): 600 دج. المجموع: 7 600 دج. نأكد الطلب؟")]
    [InlineData("two", "زوج روبات M كحلة لبئر الجير، المجموع 7 600 دج. نأكد؟")]
    [InlineData("two", "روبة M كحلة، ٢ حبات، وهران، المجموع ٧٦٠٠ دج. صح؟")]
    [InlineData("one", "Robe d'été M / Noir, livraison Oran, total 7 600 DA. On confirme ?")]
    [InlineData("one", "La robe en M noir pour Bir El Djir : 7 600 DA en tout, livraison comprise. Je confirme ?")]
    [InlineData("mixed", "2 robes d'été M noir + 1 sac camel, Bir El Djir. Total 7 600 DA, vous confirmez ?")]
    [InlineData("mixed", "Deux robes M et le sac à main camel, à domicile à Oran, 7 600 DA. C'est bon ?")]
    [InlineData("alike", "1 robe d'été M et 1 robe longue L, Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("twelve", "12 hijabs beige pour Oran, total 7 600 DA. Vous confirmez ?")]
    [InlineData("sizes", "1 × Robe d'été (M / Noir), 1 × Robe d'été (L / Noir), Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("sizes", "Deux robes noires, Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    public void A_reply_that_names_products_pieces_place_and_total_reads_back(string draft, string reply) => Assert.True(ReadBack.Is(ReplyCheck.Bubbles(reply), Of(draft)));

    [Theory]
    [InlineData("two", "Pour Oran, 7 600 DA en tout. Domicile ou bureau ?")]
    [InlineData("one", "Pour Oran, 7 600 DA en tout. Domicile ou bureau ?")]
    [InlineData("two", "Total 7 600 DA, je l'envoie au 0500000012 ?")]
    [InlineData("two", "La robe M noir à Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("two", "La robe à Bir El Djir en 2 jours, total 7 600 DA, tel 0500 00 00 12. On confirme ?")]
    [InlineData("two", "2 robes M noir à Bir El Djir. Vous confirmez ?")]
    [InlineData("two", "2 robes M noir à Bir El Djir, total 7 000 DA. Vous confirmez ?")]
    [InlineData("two", "2 robes M noir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("two", "2 robes M noir à Sétif, total 7 600 DA. Vous confirmez ?")]
    [InlineData("two", "2 sacs à Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("two", "المجموع 7 600 دج لوهران، للدار ولا للمكتب؟")]
    [InlineData("mixed", "2 robes M noir, Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("mixed", "Une robe et un sac, Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("alike", "2 robes, Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("alike", "Une robe longue pour Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("twelve", "Les hijabs beige pour Oran, total 7 600 DA, tel 0500 00 00 12. Vous confirmez ?")]
    [InlineData("sizes", "La robe M noir, Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("one", "2 robes M noir à Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    [InlineData("one", "Zouj robes d'été M ka7la, Bir El Djir, total 7 600 DA. Nakked?")]
    [InlineData("mixed", "1 robe d'été et 2 sacs à main, Bir El Djir, total 7 600 DA. Vous confirmez ?")]
    public void A_reply_that_leaves_one_of_them_out_or_says_another_number_does_not(string draft, string reply) => Assert.False(ReadBack.Is(ReplyCheck.Bubbles(reply), Of(draft)));

    [Fact]
    public void A_desk_is_a_place_and_what_lacks_something_is_never_read_back()
    {
        const string reply = "Robe d'été M / Noir, retrait au bureau USTO Centre, total 7 600 DA. Vous confirmez ?";
        Assert.True(ReadBack.Is([reply], One with { Delivery = Delivery.Desk, Desk = "USTO Centre" }));
        Assert.False(ReadBack.Is([reply], One with { Delivery = Delivery.Desk, Desk = "USTO Centre", Missing = ["phone"] }));
        Assert.False(ReadBack.Is([reply], null));
    }

    [Fact]
    public void A_read_back_may_be_spread_over_bubbles() => Assert.True(ReadBack.Is(["2 robes M noir", "Livraison à Bir El Djir, total 7 600 DA", "Vous confirmez ?"], Two));
}
