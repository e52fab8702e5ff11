using OrderClosr.Agent.Guards;

namespace OrderClosr.Tests.Agent;

/// <summary>What is out is never called available; what is there may be.</summary>
public sealed class StockGuardTests
{
    private static readonly KnownVariant[] Known =
    [
        new("Robe d'été Lina", "M / Noir", true), new("Robe d'été Lina", "L / Noir", true), new("Robe d'été Lina", "XL / Noir", false), new("Robe d'été Lina", "M / Rouge", true), new("Robe d'été Lina", "L / Rouge", false),
        new("Basket Runner", "41", true), new("Basket Runner", "42", true), new("Basket Runner", "43", false), new("Montre Atlas", "", false), new("Sac Camel", "", true),
    ];

    [Theory]
    [InlineData("La robe d'été Lina en XL noir est disponible.", "")]
    [InlineData("Oui, disponible !", "la robe d'été Lina en XL dispo ?")]
    [InlineData("نعم متوفر", "robe d'été lina XL")]
    [InlineData("ih kayna", "robe lina rouge L")]
    [InlineData("La montre Atlas est en stock", "")]
    [InlineData("Disponible en M et XL", "la robe d'été Lina")]
    [InlineData("Robe d'été Lina : M, L et XL sont disponibles.", "")]
    [InlineData("On a M, L, XL.", "robe lina quelles tailles ?")]
    [InlineData("Il reste M noir et L rouge", "robe lina")]
    [InlineData("Oui, toutes les tailles et couleurs sont disponibles.", "la robe d'été Lina")]
    [InlineData("Toutes les tailles sont disponibles", "la robe d'été Lina")]
    [InlineData("Ih kayen kamel les tailles w les couleurs, dispo drok.", "robe lina")]
    [InlineData("إيه كاين كل المقاسات والألوان، متوفر ضرك.", "robe lina")]
    [InlineData("متوفرة بكل الألوان والمقاسات", "robe lina")]
    [InlineData("La robe Lina existe en M, L et XL, tout est dispo", "")]
    [InlineData("Oui, en rouge", "la robe lina est disponible en L ?")]
    [InlineData("Oui bien sûr !", "XL dispo ?")]
    [InlineData("Oui !", "vous avez la robe en XL ?")]
    [InlineData("Bien sûr, quelle est votre commune ?", "XL ?")]
    [InlineData("ih khoya", "kayna XL?")]
    [InlineData("إيه أكيد", "كاينة XL؟")]
    [InlineData("نعم", "هل الحذاء Basket Runner متوفر بمقاس 43؟")]
    [InlineData("Oui, 42 et 43 disponibles", "basket runner")]
    [InlineData("إيه كاينة في الحمراء", "الروبة Robe d'été Lina L")]
    [InlineData("Pas de souci, le XL est disponible.", "robe lina")]
    public void What_is_out_is_not_called_available(string reply, string asked) => Assert.NotEmpty(StockGuard.Unsupported(reply, asked, Known));

    [Theory]
    [InlineData("La robe d'été Lina est disponible en M noir", "")]
    [InlineData("La robe d'été Lina en XL n'est pas disponible", "")]
    [InlineData("Le XL est épuisé, le M est disponible", "robe d'été Lina XL ?")]
    [InlineData("XL n'est plus disponible, M et L oui", "robe lina XL ?")]
    [InlineData("La robe d'été Lina est disponible", "")]
    [InlineData("Livraison disponible dans 58 wilayas", "")]
    [InlineData("Disponible en M et L", "la robe d'été Lina")]
    [InlineData("Toutes les tailles sont disponibles sauf XL", "la robe d'été Lina")]
    [InlineData("Toutes les couleurs sont disponibles en M", "la robe d'été Lina")]
    [InlineData("M disponible et XL épuisé", "robe lina")]
    [InlineData("XL makach, kayna M w L", "robe lina XL?")]
    [InlineData("XL ما كاينش، كاين M و L", "robe lina XL")]
    [InlineData("للأسف مقاس 43 غير متوفر، لكن 42 متوفر", "basket runner 43")]
    [InlineData("Oui bien sûr !", "M dispo ?")]
    [InlineData("Oui !", "livraison dispo à Oran ?")]
    [InlineData("Oui, vous pouvez payer à la livraison.", "robe XL, paiement à la livraison ?")]
    [InlineData("Malheureusement non, il ne reste plus de XL. Je vous propose le L.", "robe lina XL ?")]
    [InlineData("Oui, votre robe XL noir est bien enregistrée, commande 1001.", "ma commande est prise ?")]
    [InlineData("Je vérifie si le XL est disponible", "robe lina XL ?")]
    [InlineData("Quelle taille vous faut-il, M ou L ?", "robe lina")]
    [InlineData("Oui, disponible en 41 et 42.", "basket runner")]
    [InlineData("On a la robe d'été Lina en M (noir, rouge) et L (noir).", "robe lina")]
    [InlineData("Le XL noir est en rupture, mais il reste le L noir et le M rouge.", "robe lina XL noir")]
    [InlineData("هادي كاينة M و L. واش من مقاس تحبي؟", "شحال robe lina؟")]
    [InlineData("L Wahran: 600 DA, kayen l dar w l bureau", "robe lina rouge, livraison wahran?")]
    [InlineData("كاينة في الكحلة M و L", "robe lina")]
    [InlineData("Le sac Camel est en stock, la montre Atlas est épuisée", "")]
    public void What_is_there_may_be_said(string reply, string asked) => Assert.Empty(StockGuard.Unsupported(reply, asked, Known));

    [Fact]
    public void The_product_of_a_bare_yes_may_have_been_named_before()
    {
        // Another product has an XL: only the talk before says which one is meant.
        KnownVariant[] known = [.. Known, new("Ensemble sport", "XL", true)];
        Assert.Empty(StockGuard.Unsupported("Oui bien sûr !", "XL dispo ?", known));
        Assert.NotEmpty(StockGuard.Unsupported("Oui bien sûr !", "XL dispo ?", known, ["bonjour, prix de l'ensemble sport ?", "et la robe d'été Lina ?"]));
        Assert.Empty(StockGuard.Unsupported("Oui bien sûr !", "XL dispo ?", known, ["et la robe d'été Lina ?", "prix de l'ensemble sport ?"]));
    }
}
