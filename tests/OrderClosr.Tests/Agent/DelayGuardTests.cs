using OrderClosr.Agent.Guards;

namespace OrderClosr.Tests.Agent;

/// <summary>Only the delivery time of the fee table or the merchant's texts is promised, in whatever words.</summary>
public sealed class DelayGuardTests
{
    /// <summary>A Tuesday.</summary>
    private static readonly DateOnly Today = new(2026, 12, 1);

    private static IReadOnlyList<DaySpan> Unsupported(string reply, string asked) => DelayGuard.Unsupported(reply, [new(1, 3)], asked, Today);

    [Theory]
    [InlineData("Livraison demain", "")]
    [InlineData("Livraison en 24h", "")]
    [InlineData("Livré aujourd'hui", "")]
    [InlineData("التوصيل غدوة", "")]
    [InlineData("توصلك في يومين", "")]
    [InlineData("twsil f nharin", "")]
    [InlineData("toussel ghodwa", "")]
    [InlineData("Livraison en 2 jours", "")]
    [InlineData("Livraison en deux jours", "")]
    [InlineData("Vous la recevez sous cinq jours", "")]
    [InlineData("Vous recevez le colis dans une semaine", "")]
    [InlineData("التوصيل في خمسة أيام", "")]
    [InlineData("التوصيل يومين برك", "")]
    [InlineData("tewslek f zouj iyam", "")]
    [InlineData("Livraison en 3 heures", "")]
    [InlineData("Livré dans 2h", "")]
    [InlineData("Livraison express 6h", "")]
    [InlineData("نوصلوهالك في 3 ساعات", "livraison ch7al?")]
    [InlineData("Vous la recevez jeudi", "")]
    [InlineData("توصلك يوم الخميس", "")]
    [InlineData("tewslek lkhmis", "")]
    [InlineData("Votre commande sera livrée le 5 décembre", "")]
    [InlineData("Vous la recevrez le 03/12", "")]
    [InlineData("Demain inchallah", "c'est quand la livraison ?")]
    [InlineData("Demain", "ça arrive quand ?")]
    [InlineData("Ghodwa nchallah", "wa9tech toussel?")]
    [InlineData("غدوة إن شاء الله", "وقتاش توصل؟")]
    [InlineData("يومين", "شحال تقعد باه توصل؟")]
    [InlineData("Deux jours", "combien de temps ?")]
    [InlineData("nharin", "ch7al t93od?")]
    [InlineData("Jeudi", "quand ?")]
    [InlineData("Ce soir", "livraison quand ?")]
    [InlineData("Chez vous dans la journée", "")]
    [InlineData("Nous sommes ouverts 24h/24, livraison demain", "")]
    public void A_time_that_nothing_gives_is_not_promised(string reply, string asked) => Assert.NotEmpty(Unsupported(reply, asked));

    [Theory]
    [InlineData("Livraison en 1-3 jours", "")]
    [InlineData("Livraison sous 3 jours", "")]
    [InlineData("De 1 à 3 jours", "c'est quand la livraison ?")]
    [InlineData("Un à trois jours", "quand ?")]
    [InlineData("De deux à trois jours selon la wilaya", "livraison quand ?")]
    [InlineData("التوصيل من 1 إلى 3 أيام", "")]
    [InlineData("التوصيل من يومين إلى ثلاثة أيام", "")]
    [InlineData("tewslek f 3 iyam", "")]
    [InlineData("Sous 72h", "livraison quand ?")]
    [InlineData("Vous la recevez au plus tard vendredi", "")]
    [InlineData("Merci, à demain !", "")]
    [InlineData("Merci, à demain !", "c'est quand la livraison ?")]
    [InlineData("Livraison 600 DA", "")]
    [InlineData("Nous répondons 24h/24 et livrons dans 58 wilayas", "")]
    [InlineData("Service 24/24 et 7j/7, livraison à domicile", "")]
    [InlineData("Nous livrons de 9h à 17h", "")]
    [InlineData("Le livreur passe livrer à partir de 9h-17h", "")]
    [InlineData("Le magasin est ouvert demain de 9h à 18h", "vous livrez quand ?")]
    [InlineData("L'échange est possible sous 7 jours", "la livraison et l'échange ?")]
    [InlineData("التبديل خلال 7 أيام", "التوصيل والتبديل؟")]
    [InlineData("Votre colis est parti aujourd'hui", "")]
    [InlineData("Votre colis est arrivé au bureau le 28/11", "")]
    [InlineData("Votre commande est en cours de livraison", "où est mon colis ?")]
    [InlineData("Nous ne livrons pas le vendredi", "")]
    [InlineData("Commandez aujourd'hui, livraison dans 1-3 jours", "")]
    [InlineData("التوصيل لحد الدار 600 دج", "")]
    [InlineData("التوصيل إلى الأربعاء: 600 دج", "")]
    [InlineData("الكمية قليلة، والتوصيل 600 دج", "")]
    [InlineData("Livraison khmis miliana 600 DA", "")]
    [InlineData("Taille 10-12 livraison 600 DA", "")]
    [InlineData("Bonjour, quelle commune ?", "livraison quand ?")]
    [InlineData("La robe est à 3 500 DA, demain il y aura de nouvelles couleurs", "")]
    [InlineData("1-3 ayam", "wa9tech toussel?")]
    [InlineData("men nhar l 3 iyam", "wa9tech toussel")]
    [InlineData("tlet iyam", "t9a3d ch7al bach toussel")]
    [InlineData("Votre adresse : cité 8 mai 45, livraison à domicile", "")]
    [InlineData("La promo finit demain, livraison 600 DA", "")]
    [InlineData("Le livreur vous appelle avant 18h", "livraison quand ?")]
    public void A_time_that_is_known_and_times_that_are_no_delivery_may_be_said(string reply, string asked) => Assert.Empty(Unsupported(reply, asked));

    [Fact]
    public void The_merchants_texts_give_delivery_times_and_their_opening_hours_and_exchanges_give_none()
    {
        Assert.Equal([new(2, 4)], DelayGuard.Read("Nous livrons sous 2 à 4 jours. Échange sous 7 jours. Ouvert 24h/24 du samedi au jeudi de 9h à 17h", Today));
        Assert.Equal([new(1, 2)], DelayGuard.Read("24/48h partout", Today));
        Assert.Equal([new(5, 5)], DelayGuard.Read("Sur commande : cinq jours", Today));
    }
}
