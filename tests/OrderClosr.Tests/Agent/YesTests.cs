using OrderClosr.Agent;
using OrderClosr.Ground.Values;

namespace OrderClosr.Tests.Agent;

public sealed class YesTests
{
    [Theory]
    [InlineData("oui")]
    [InlineData("Oui !!")]
    [InlineData("ouiii confirme")]
    [InlineData("oui je confirme la commande svp")]
    [InlineData("C'est bon pour moi")]
    [InlineData("d'accord merci")]
    [InlineData("ok")]
    [InlineData("Ok 👍")]
    [InlineData("ih")]
    [InlineData("ih akedha khoya")]
    [InlineData("wah safi dirha")]
    [InlineData("na3am")]
    [InlineData("sa7a, akedli la commande")]
    [InlineData("نعم")]
    [InlineData("نعم أكدها")]
    [InlineData("نعم أؤكد الطلب")]
    [InlineData("مالا أكدلي")]
    [InlineData("ثبتلي")]
    [InlineData("صح مليح، سجلها")]
    [InlineData("إيه أكدها بارك الله فيك")]
    [InlineData("واه ديرها")]
    [InlineData("موافق ان شاء الله")]
    [InlineData("oui 7600 DA")]
    [InlineData("oui 7 600 da c'est bon")]
    public void A_plain_yes_is_a_yes(string text) => Assert.Equal(Answer.Yes, Yes.Read([text], new Dinars(7600)));

    [Theory]
    [InlineData("oui mais 3000")]
    [InlineData("oui 3000")]
    [InlineData("ok b 3000 da")]
    [InlineData("oui mais à domicile")]
    [InlineData("wah bsa7 nheb l'akhdar")]
    [InlineData("wah bsa7 ch7al twassel")]
    [InlineData("ih mais taille L")]
    [InlineData("oui, mais l'adresse c'est Hydra")]
    [InlineData("ok zid wa7da")]
    [InlineData("oui une seule")]
    [InlineData("oui la noire")]
    [InlineData("oui la")]
    [InlineData("oui si la livraison est gratuite")]
    [InlineData("نعم بصح نقصلي شوية")]
    [InlineData("نعم ولكن 3000 دج")]
    [InlineData("نعم أريد واحد باللون الأزرق مقاس M")]
    [InlineData("أكدها ب 3000")]
    [InlineData("oui ?")]
    [InlineData("ok c'est combien la livraison")]
    [InlineData("oui non")]
    [InlineData("oui 0600000013")]
    [InlineData("oui tlata alaf")]
    public void A_yes_with_something_beside_it_is_not_a_yes(string text) => Assert.Equal(Answer.Conditional, Yes.Read([text], new Dinars(7600)));

    [Theory]
    [InlineData("non")]
    [InlineData("lala")]
    [InlineData("la")]
    [InlineData("la khoya")]
    [InlineData("لا")]
    [InlineData("لا اريد")]
    [InlineData("Je veux annuler ma commande svp")]
    [InlineData("anuli la commande")]
    [InlineData("بطلت، ما نحتاجهاش")]
    public void A_no_is_a_no(string text) => Assert.Equal(Answer.No, Yes.Read([text], new Dinars(7600)));

    [Theory]
    [InlineData("👍")]
    [InlineData("merci")]
    [InlineData("sahit")]
    [InlineData("ch7al livraison l setif?")]
    [InlineData("")]
    [InlineData("الحذاء الرياضي")]
    [InlineData("la commande")]
    [InlineData("je veux la robe noire")]
    public void What_does_not_say_yes_is_not_a_yes(string text) => Assert.Equal(Answer.Other, Yes.Read([text], new Dinars(7600)));

    [Fact]
    public void A_question_after_the_yes_takes_it_back() => Assert.Equal(Answer.Conditional, Yes.Read(["oui", "ch7al t9e3ed bach twsel?"]));

    [Fact]
    public void A_photo_beside_the_yes_takes_it_back() => Assert.Equal(Answer.Conditional, Yes.Read(["oui", ""]));

    [Fact]
    public void Thanks_after_the_yes_leave_it() => Assert.Equal(Answer.Yes, Yes.Read(["ih", "merci khoya"]));

    public static TheoryData<string> Confirming() => [.. Phrase.Of("confirm").Select(p => p.Text).Where(t => t != "👍")];

    public static TheoryData<string> NotConfirming() => [.. Phrase.All.Where(p => p.Intent != "confirm").Select(p => p.Text)];

    [Theory, MemberData(nameof(Confirming))]
    public void Every_phrase_of_agreement_is_a_yes(string text) => Assert.Equal(Answer.Yes, Yes.Read([text]));

    [Theory, MemberData(nameof(NotConfirming))]
    public void No_other_phrase_of_customers_is_a_yes(string text) => Assert.NotEqual(Answer.Yes, Yes.Read([text]));
}
