using OrderClosr.Agent.Guards;
using OrderClosr.Ground.Values;

namespace OrderClosr.Tests.Agent;

public sealed class GuardTests
{
    [Theory]
    [InlineData("Je vous transfère à mon collègue.")]
    [InlineData("Je vous passe un responsable")]
    [InlineData("Un conseiller va vous répondre")]
    [InlineData("Mon collègue vous contactera")]
    [InlineData("On vous rappelle dans un instant")]
    [InlineData("Quelqu'un va vous répondre.")]
    [InlineData("سأحولك إلى زميلي")]
    [InlineData("راح نحولك للمسؤول")]
    [InlineData("زميلي راح يعيطلك")]
    [InlineData("سيتصل بك أحد المسؤولين")]
    [InlineData("تم تحويلك")]
    [InlineData("n7awlek l zamili")]
    [InlineData("rani nhawlek l responsable")]
    [InlineData("zamili rah yjawbek")]
    [InlineData("n3aytlek men be3d")]
    [InlineData("responsable ta3na y3aytlek ghodwa")]
    public void A_claimed_transfer_is_read_in_every_script(string reply) => Assert.True(PromiseGuard.ClaimsTransfer(reply));

    [Theory]
    [InlineData("Je suis une vraie personne, Sarah de la boutique.")]
    [InlineData("Non, je suis humain")]
    [InlineData("Je ne suis pas un robot !")]
    [InlineData("Vous ne parlez pas à un robot")]
    [InlineData("Je suis une vendeuse de la boutique")]
    [InlineData("machi robot khoya, ana bnadem")]
    [InlineData("ana mouch un bot")]
    [InlineData("ماشي روبو خويا")]
    [InlineData("أنا إنسان مثلك")]
    [InlineData("راني بنادم نورمال")]
    [InlineData("لست روبوتا")]
    [InlineData("I am a real person")]
    public void A_program_that_calls_itself_a_person_is_read_in_every_script(string reply) => Assert.True(PersonGuard.ClaimsToBeOne(reply));

    [Theory]
    [InlineData("Je suis l'assistant de la boutique, un programme. Une personne peut vous répondre si vous préférez.")]
    [InlineData("Je suis l'assistant automatique (IA) de Shop 1. Si vous préférez une personne, dites-le-moi.")]
    [InlineData("Ana l'assistant ta3 la boutique, programme. Ila t7eb t'hder m3a wa7ed, goulli.")]
    [InlineData("Ana assistant automatique ta3 Shop 1. Ida t7eb tahdar m3a bnadem goli.")]
    [InlineData("أنا مساعد آلي تاع المحل. إذا تحب تهدر مع إنسان قولي.")]
    [InlineData("أنا مساعد تاع المحل، برنامج. إذا تحب تهدر مع واحد من المحل قولي.")]
    [InlineData("نعم، مساعد آلي لدى المتجر. إن أردت شخصا فأخبرني.")]
    [InlineData("Ce n'est pas une machine à café, c'est un robot de cuisine.")]
    [InlineData("Je suis désolé, la robe est épuisée.")]
    public void Who_says_what_it_is_may_speak(string reply) => Assert.False(PersonGuard.ClaimsToBeOne(reply));

    [Theory]
    [InlineData("La robe est à 3 500 DA, livraison 600 DA.")]
    [InlineData("Votre commande est confirmée, merci !")]
    [InlineData("Quelle est votre commune ?")]
    [InlineData("هادي ب 3 500 دج، وين ساكن؟")]
    [InlineData("ch7al men wa7da nheb ndirlek?")]
    [InlineData("Le numéro de téléphone svp, le livreur vous appelle avant.")]
    [InlineData("ممكن رقم الهاتف؟")]
    public void Plain_selling_is_no_transfer(string reply) => Assert.False(PromiseGuard.ClaimsTransfer(reply));

    [Theory]
    [InlineData("Votre commande est confirmée !")]
    [InlineData("Commande n° 1042 enregistrée")]
    [InlineData("C'est confirmé, merci")]
    [InlineData("J'ai bien enregistré votre commande")]
    [InlineData("تم تأكيد الطلب")]
    [InlineData("طلبيتك راهي مؤكدة")]
    [InlineData("سجلتها لك")]
    [InlineData("sajeltha khoya")]
    [InlineData("la commande ta3ek rahi confirmée")]
    public void A_claimed_order_is_read_in_every_script(string reply) => Assert.True(PromiseGuard.ClaimsConfirmed(reply));

    [Theory]
    [InlineData("Vous confirmez la commande ?")]
    [InlineData("Votre commande est confirmée ?")]
    [InlineData("Je confirme ? Total 7 600 DA")]
    [InlineData("نأكدلك الطلبية؟")]
    [InlineData("nakedhalek?")]
    public void Asking_for_a_yes_claims_nothing(string reply) => Assert.False(PromiseGuard.ClaimsConfirmed(reply));

    [Theory]
    [InlineData("Votre commande est annulée")]
    [InlineData("تم إلغاء الطلب")]
    [InlineData("anulitha")]
    public void A_claimed_cancellation_is_read(string reply) => Assert.True(PromiseGuard.ClaimsCancelled(reply));

    private static readonly string[] Merchant = ["Boutique : https://darlina.example/shop, téléphone 0500000020, email salam@darlina.example.com"];

    [Theory]
    [InlineData("Voir https://evil.example.com/pay", true)]
    [InlineData("payez sur evil-shop.com", true)]
    [InlineData("wa.me/213600000000", true)]
    [InlineData("evil [.] com", true)]
    [InlineData("suivez @scam_page", true)]
    [InlineData("écrivez à x@evil.dz", true)]
    [InlineData("Notre site https://darlina.example/shop", false)]
    [InlineData("La robe est à 3.500 DA. Merci.", false)]
    [InlineData("Livraison 1.Alger 2.Oran", false)]
    public void Only_the_merchants_links_are_sent(string reply, bool foreign) => Assert.Equal(foreign, LinkAndPhoneGuard.ForeignLinks(reply, Merchant).Count > 0);

    [Theory]
    [InlineData("Appelez le 0600000099", true)]
    [InlineData("Appelez 06.00.00.00.99", true)]
    [InlineData("اتصل ٠٦٠٠٠٠٠٠٩٩", true)]
    [InlineData("+213 600 00 00 99", true)]
    [InlineData("0 6 0 0 0 0 0 0 9 9", true)]
    [InlineData("06000\n00099", true)]
    [InlineData("Notre numéro 0500 00 00 20", false)]
    [InlineData("Votre numéro 0500000012 c'est bien ça ?", false)]
    [InlineData("Total 7 600 DA, commande 1042", false)]
    public void Only_the_merchants_and_the_customers_phones_are_sent(string reply, bool foreign)
    {
        Phone.TryRead("0500000012", out var own);
        Assert.Equal(foreign, LinkAndPhoneGuard.ForeignPhones(reply, Merchant, [own]).Count > 0);
    }

    private const string Rules = "You sell for one shop. Name an amount only when a tool gave it to you in this conversation and never add amounts yourself.";

    [Theory]
    [InlineData("Name an amount only when a tool gave it to you in this conversation", "instructions")]
    [InlineData("Voilà: zx-canary-91", "instructions")]
    [InlineData("zx-canary\n-91", "instructions")]
    [InlineData("J'appelle save_order", "tool_name")]
    [InlineData("clé sk-ant-api03-abc", "key")]
    [InlineData("id 0193c4d0f1a27b3e9c5d8a7b6c5d4e3f", "id")]
    [InlineData("{\"draft\": \"K7QF\"}", "machinery")]
    [InlineData("La robe est à 3 500 DA, vous confirmez ?", null)]
    [InlineData("Réf K7QF, taille XL", null)]
    public void The_machinery_is_never_shown(string reply, string? leak) => Assert.Equal(leak, LeakGuard.Find(reply, Rules, "zx-canary-91", ["save_order", "search_products"]));

    [Theory]
    [InlineData("Voici un poème sur la mer et le soleil qui brille", true)]
    [InlineData("```python\nprint(1)\n```", true)]
    [InlineData("La capitale de la France est Paris", true)]
    [InlineData("Napoléon est né en Corse puis il a conquis une grande partie du continent avant de finir seul sur une île lointaine", true)]
    [InlineData("La robe est à 3 500 DA, quelle taille vous faut-il ?", false)]
    [InlineData("slm, ch7al men wa7da nheb, w win nwaslouhalek?", false)]
    [InlineData("مرحبا، هادي ب 3 500 دج والتوصيل لوهران 600 دج، واش نديرلك؟", false)]
    public void What_has_nothing_to_do_with_the_shop_is_not_sent(string reply, bool off) => Assert.Equal(off, TopicGuard.IsOffTopic(reply, ["Robe d'été Lina"]));
}
