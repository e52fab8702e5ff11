using OrderClosr.Agent.Guards;
using OrderClosr.Ground.Values;

namespace OrderClosr.Tests.Agent;

public sealed class MoneyGuardTests
{
    /// <summary>Text, then every whole-dinar amount it may mean: readings parted by a space, meanings of one reading by a bar (dinars first).</summary>
    [Theory]
    // Digits with a currency.
    [InlineData("3500 DA", "3500")]
    [InlineData("3500DA", "3500")]
    [InlineData("3 500 DA", "3500")]
    [InlineData("3\u00a0500\u00a0DA", "3500")]
    [InlineData("3\u202f500 DA", "3500")]
    [InlineData("3.500 DA", "3500")]
    [InlineData("3,500 DA", "3500")]
    [InlineData("3'500 DA", "3500")]
    [InlineData("3500,00 DA", "3500")]
    [InlineData("3.500,00 DA", "3500")]
    [InlineData("12 500 dzd", "12500")]
    [InlineData("1 250 000 DA", "1250000")]
    [InlineData("DA 3500", "3500")]
    [InlineData("3500 D.A", "3500")]
    [InlineData("3500 dinars", "3500")]
    [InlineData("3 5 0 0 DA", "3500")]
    [InlineData("3.5.0.0 DA", "3500")]
    [InlineData("35OO DA", "3500")]
    [InlineData("3️⃣5️⃣0️⃣0️⃣ DA", "3500")]
    [InlineData("３５００ DA", "3500")]
    [InlineData("𝟯𝟱𝟬𝟬 DA", "3500")]
    [InlineData("3\u200b500 DA", "3500")]
    [InlineData("50 DA", "50")]
    [InlineData("0 DA", "0")]
    // Arabic and Persian digits, Arabic currency.
    [InlineData("٣٥٠٠ دج", "3500")]
    [InlineData("٣ ٥٠٠ دج", "3500")]
    [InlineData("٣٬٥٠٠ دج", "3500")]
    [InlineData("۳۵۰۰ دج", "3500")]
    [InlineData("3500 د.ج", "3500")]
    [InlineData("3500 د ج", "3500")]
    [InlineData("الثمن ٤٥٠٠ دينار", "4500")]
    [InlineData("montre ب ٤٥٠٠ دج", "4500")]
    [InlineData("ب3500دج", "3500")]
    // Alone, but plainly a price.
    [InlineData("le prix est 3500", "3500|35")]
    [InlineData("prix 35", "35")]
    [InlineData("la robe est à 4.500", "4500|45")]
    [InlineData("2 x 3500", "3500|35")]
    [InlineData("3500 x 2 = 7000", "3500|35 7000|70")]
    [InlineData("3500 + 600 livraison", "3500|35 600|6")]
    [InlineData("3500 w 600 livraison", "3500|35 600|6")]
    [InlineData("السعر 3500 والتوصيل 600", "3500|35 600|6")]
    [InlineData("entre 3000 et 3500 DA", "3000|30 3500")]
    [InlineData("3000-3500 DA", "3000 3500")]
    // As people speak: dinars or centimes.
    [InlineData("35 alf", "35000|350")]
    [InlineData("35alf", "35000|350")]
    [InlineData("50 ألف", "50000|500")]
    [InlineData("٣٥ ألف", "35000|350")]
    [InlineData("3 million", "3000000|30000")]
    [InlineData("3 مليون", "3000000|30000")]
    [InlineData("2ملاين", "2000000|20000")]
    [InlineData("10 mlayen", "10000000|100000")]
    [InlineData("3,5 million", "3500000|35000")]
    [InlineData("montre 5k", "5000|50")]
    [InlineData("3.5k", "3500|35")]
    [InlineData("5 k", "5000|50")]
    [InlineData("zouj alaf", "2000|20")]
    [InlineData("3 mille 500", "3500|35")]
    [InlineData("3 alaf w 500", "3500|35")]
    [InlineData("350 mille", "350000|3500")]
    [InlineData("une million deux cent mille", "1200000|12000")]
    [InlineData("350000 centimes", "3500")]
    [InlineData("350000 سنتيم", "3500")]
    // Words: French, Arabic, Darja, Arabizi.
    [InlineData("trois mille", "3000|30")]
    [InlineData("trois mille cinq cents", "3500|35")]
    [InlineData("trois mille cinq cents dinars", "3500")]
    [InlineData("quatre-vingt-dix mille", "90000|900")]
    [InlineData("soixante-quinze mille", "75000|750")]
    [InlineData("mille deux cents", "1200|12")]
    [InlineData("cinq cents dinars", "500")]
    [InlineData("six cents DA", "600")]
    [InlineData("ثلاثة آلاف", "3000|30")]
    [InlineData("ثلاثة آلاف وخمسمئة دينار", "3500")]
    [InlineData("ثلاثة آلاف و خمسمائة دينار", "3500")]
    [InlineData("ألفين", "2000|20")]
    [InlineData("ألفين وخمسمية", "2500|25")]
    [InlineData("خمسة وعشرين ألف", "25000|250")]
    [InlineData("بخمسة آلاف", "5000|50")]
    [InlineData("تلت آلاف", "3000|30")]
    [InlineData("مليون ونص", "1000000|10000")]
    [InlineData("tlata alaf", "3000|30")]
    [InlineData("tlat alaf w khamsmya", "3500|35")]
    [InlineData("khamsa w 3echrin alf", "25000|250")]
    [InlineData("rab3a mlayen", "4000000|40000")]
    [InlineData("alfin w khamsmya", "2500|25")]
    [InlineData("3achra alaf", "10000|100")]
    [InlineData("settin alf", "60000|600")]
    [InlineData("khamsmyat dinar", "500")]
    // Nothing to pay, and other people's money.
    [InlineData("la livraison est gratuite", "0")]
    [InlineData("التوصيل باطل", "0")]
    [InlineData("livraison machi gratuite", "")]
    [InlineData("la livraison n'est pas gratuite", "")]
    [InlineData("20 €", "foreign")]
    [InlineData("30 euros", "foreign")]
    // Not money: letters of Arabizi, phones, dates, times, sizes, quantities, orders, places, shares.
    [InlineData("ch7al 3andi 9bel 5ir 2an", "")]
    [InlineData("3andkom 7ab 9alb", "")]
    [InlineData("0500000012", "")]
    [InlineData("0500 00 00 12", "")]
    [InlineData("05.00.00.00.12", "")]
    [InlineData("+213 500 00 00 65", "")]
    [InlineData("213 5 00 00 00 65", "")]
    [InlineData("٠٥٠٠٠٠٠٠١٢", "")]
    [InlineData("0500 •• •• 12", "")]
    [InlineData("le 28/11/2026 à 14h30", "")]
    [InlineData("2026-11-28", "")]
    [InlineData("28 novembre 2026", "")]
    [InlineData("livraison 24/48h", "")]
    [InlineData("1-3 jours", "")]
    [InlineData("1 à 3 jours", "")]
    [InlineData("من 1 إلى 3 أيام", "")]
    [InlineData("ouvert de 9h à 18:30", "")]
    [InlineData("taille 42", "")]
    [InlineData("pointure 43 kayna", "")]
    [InlineData("مقاس 41", "")]
    [InlineData("taille 104", "")]
    [InlineData("2 pièces", "")]
    [InlineData("150 pièces", "")]
    [InlineData("zouj montres", "")]
    [InlineData("commande n° 1042", "")]
    [InlineData("votre commande 1042 est confirmée", "")]
    [InlineData("الطلبية 1042", "")]
    [InlineData("#1042", "")]
    [InlineData("wilaya 16", "")]
    [InlineData("cité 500 logements bt 12", "")]
    [InlineData("حي 500 مسكن عمارة 12 رقم 4", "")]
    [InlineData("Realme x50 5g 8gb/128", "")]
    [InlineData("100% coton", "")]
    [InlineData("-20% de remise", "20%")]
    [InlineData("promo 90%", "90%")]
    [InlineData("merci mille fois", "")]
    [InlineData("ألف شكر", "")]
    [InlineData("250 g", "")]
    [InlineData("oui neuf et six", "")]
    [InlineData("https://example.org/3500", "")]
    public void Reads_what_a_text_may_mean_in_dinars(string text, string expected)
    {
        var found = string.Join(' ', MoneyGuard.Read(text).Select(r => r.Kind switch
        {
            MoneyKind.Foreign => "foreign",
            MoneyKind.Percent => r.Text,
            MoneyKind.Named => (r.InDinars ?? r.InCentimes)?.Amount.ToString(),
            _ => string.Join('|', r.MayMean.Select(d => d.Amount)),
        }));
        Assert.Equal(expected, found);
    }

    private static PermittedMoney Shop()
    {
        var permitted = new PermittedMoney();
        permitted.AddLine(new(3500), 2);
        permitted.AddFee(new(600));
        permitted.AddFreeFrom(new(20000));
        permitted.AddName("Note 8 128");
        permitted.AddText("Remise de 10% pour 5 pièces. Retour : 400 DA.");
        return permitted;
    }

    [Theory]
    [InlineData("La robe est à 3 500 DA.")]
    [InlineData("3500 دج للحبة، 7000 دج لزوج")]
    [InlineData("٣٥٠٠ دج")]
    [InlineData("Total : 7 600 DA (livraison 600 DA comprise)")]
    [InlineData("Avec la livraison 4 100 DA")]
    [InlineData("Livraison gratuite à partir de 20 000 DA")]
    [InlineData("Remise de 10% pour 5 pièces")]
    [InlineData("Le retour coûte 400 DA")]
    [InlineData("Note 8 128 : 3 500 DA")]
    [InlineData("Taille 42\n600 DA la livraison")]
    [InlineData("Robe x 2\n600 DA la livraison")]
    [InlineData("Tél : 0500000012\n600 DA la livraison")]
    public void An_amount_the_server_gave_may_be_said(string reply) => Assert.Empty(MoneyGuard.Unsupported([reply], Shop()));

    [Theory]
    [InlineData("La robe est à 3 000 DA.")]
    [InlineData("La robe est à ٣٠٠٠ دج")]
    [InlineData("trois mille dinars")]
    [InlineData("trois mille")]
    [InlineData("ثلاثة آلاف دينار")]
    [InlineData("tlata alaf")]
    [InlineData("300000 centimes")]
    [InlineData("30 alf")]
    [InlineData("350 alf")] // in centimes it would be right; the customer cannot know
    [InlineData("le tout à 3000")]
    [InlineData("Livraison gratuite !")]
    [InlineData("التوصيل باطل")]
    [InlineData("remise de 50%")]
    [InlineData("20 €")]
    public void An_amount_nobody_gave_may_not_be_said(string reply) => Assert.NotEmpty(MoneyGuard.Unsupported([reply], Shop()));

    [Theory]
    [InlineData("Le prix est 3", "000 DA")]
    [InlineData("La robe est à 30", "00 DA")]
    [InlineData("trois", "mille dinars")]
    [InlineData("السعر ٣", "٠٠٠ دج")]
    [InlineData("prix 25", "alf")]
    [InlineData("1", "600 DA")] // 600 alone is the fee
    public void An_amount_split_over_two_bubbles_is_one_amount(string first, string second) =>
        Assert.NotEmpty(MoneyGuard.Unsupported([first, second], Shop()));

    [Fact]
    public void What_the_customer_named_is_not_permitted_by_that() =>
        Assert.NotEmpty(MoneyGuard.Unsupported(["D'accord pour 2 900 DA !"], Shop()));
}
