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
    [InlineData("La livraison coûte cinq cents.", "500|5")]
    [InlineData("neuf cent cinquante", "950")]
    [InlineData("التوصيل بخمسمية", "500|5")]
    [InlineData("twsil b khamsmya", "500|5")]
    [InlineData("twsil bkhamsmya", "500|5")]
    [InlineData("السعر ألفا دينار", "2000")]
    [InlineData("بألفي دينار", "2000")]
    [InlineData("بمئتي دينار", "200")]
    [InlineData("مئتا دينار", "200")]
    [InlineData("ثلاثة آلاف ومئتا دينار", "3200")]
    [InlineData("خمسة وعشرون ألفا دينار", "25000")]
    [InlineData("25 ألفا", "25000|250")]
    [InlineData("khamsalaf dinar", "5000")]
    [InlineData("tlatalaf", "3000|30")]
    [InlineData("3achralaf", "10000|100")]
    [InlineData("بخمسلاف", "5000|50")]
    [InlineData("تلتلاف", "3000|30")]
    [InlineData("trois milliers de dinars", "3000")]
    [InlineData("quinze cents dinars", "1500")]
    [InlineData("deux centaines de dinars", "200")]
    [InlineData("La robe à moitié prix", "50%")]
    [InlineData("moitié moins cher en promo", "50%")]
    [InlineData("بنصف السعر", "50%")]
    [InlineData("nos souma", "50%")]
    [InlineData("Nos prix sont fixes", "")]
    // Glued to letters, behind a size, a count or a date.
    [InlineData("2x3000 DA", "3000")]
    [InlineData("Robe 2x3000DA", "3000")]
    [InlineData("2x2900 دج", "2900")]
    [InlineData("4k5 DA", "4500")]
    [InlineData("2k9", "2900|29")]
    [InlineData("3mille500", "3500|35")]
    [InlineData("livraison350DA", "350")]
    [InlineData("robe2900", "2900|29")]
    [InlineData("2900DA3500", "2900 3500|35")]
    [InlineData("twsil ta3 600 DA", "600")]
    [InlineData("Pointure 42 : 2 600 DA", "2600")]
    [InlineData("Taille 42: 2 600 DA", "2600")]
    [InlineData("Taille 12:2 600 DA", "2600")]
    [InlineData("Robe x2 : 9 400 DA", "9400")]
    [InlineData("المقاس 42: 2 600 دج", "2600")]
    [InlineData("iPhone 13 : 2 600 DA", "2600")]
    [InlineData("Taille 40/2 600 DA", "2600")]
    [InlineData("Robe noire 38 — 3 500 DA", "3500")]
    [InlineData("livré en 24h 2 600 DA", "2600")]
    [InlineData("+213 500 00 00 65 2 600 DA", "2600")]
    // A neighbour excuses a number only where it counts it.
    [InlineData("La robe 2500, taille M", "2500|25")]
    [InlineData("Prix 2500 ! Pointure 42 dispo", "2500|25")]
    [InlineData("السعر 2500، مقاس M", "2500|25")]
    [InlineData("prix 2500 pièce", "2500|25")]
    [InlineData("Total de votre commande : 2900", "2900|29")]
    [InlineData("Total de votre commande 2900", "2900|29")]
    [InlineData("الطلبية : 2900", "2900|29")]
    [InlineData("Pour votre commande, 2900", "2900|29")]
    [InlineData("Le total de votre commande est 2900", "2900|29")]
    [InlineData("Total de la commande 1042 : 3 500 DA", "3500")]
    [InlineData("2900 pièce", "2900|29")]
    [InlineData("la version 2900", "2900|29")]
    [InlineData("iPhone 13 : 2900", "2900|29")]
    [InlineData("Prix : 50", "50")]
    // Nothing to pay, and other people's money.
    [InlineData("la livraison est gratuite", "0")]
    [InlineData("التوصيل باطل", "0")]
    [InlineData("Je vous offre la livraison", "0")]
    [InlineData("On vous offre les frais de livraison", "0")]
    [InlineData("livrée gratuitement", "0")]
    [InlineData("التوصيل بالمجان", "0")]
    [InlineData("التوصيل علينا", "0")]
    [InlineData("twsil 3lina", "0")]
    [InlineData("livraison incluse", "0")]
    [InlineData("livraison à notre charge", "0")]
    [InlineData("livraison à nos frais", "0")]
    [InlineData("sans frais de livraison", "0")]
    [InlineData("بدون مصاريف التوصيل", "0")]
    [InlineData("livraison cadeau", "0")]
    [InlineData("Sans souci, livraison gratuite", "0")]
    [InlineData("Pas de souci, livraison gratuite", "0")]
    [InlineData("pas de souci livraison gratuite", "0")]
    [InlineData("machi mochkil livraison batel", "0")]
    [InlineData("لا تقلق، التوصيل مجاني", "0")]
    [InlineData("لا تقلق التوصيل مجاني", "0")]
    [InlineData("Non. Livraison gratuite", "0")]
    [InlineData("livraison machi gratuite", "")]
    [InlineData("pas de livraison gratuite", "")]
    [InlineData("التوصيل ماشي باطل", "")]
    [InlineData("ماكاش توصيل باطل", "")]
    [InlineData("ما عندناش توصيل مجاني", "")]
    [InlineData("ما نقدرش نعطيك التوصيل باطل", "")]
    [InlineData("ma 3andnach twsil batel", "")]
    [InlineData("ما تخافش التوصيل مجاني", "0")]
    [InlineData("ma tkhafch twsil batel", "0")]
    [InlineData("لا يوجد توصيل مجاني", "")]
    [InlineData("livraison non incluse", "")]
    [InlineData("الثمن غير شامل التوصيل", "")]
    [InlineData("La livraison est comprise dans le total", "")]
    [InlineData("Je n'ai pas bien compris. La livraison ou une commande ?", "")]
    [InlineData("Chargeur inclus", "")]
    [InlineData("J'ai tout compris, merci", "")]
    [InlineData("Notre offre avec livraison à domicile", "")]
    [InlineData("Nous offrons la livraison dans les 58 wilayas", "")]
    [InlineData("Boîte cadeau et livraison à domicile", "")]
    [InlineData("Idéal en cadeau", "")]
    [InlineData("هدية جميلة", "")]
    [InlineData("Nos frais de livraison", "")]
    [InlineData("sans frais cachés", "")]
    [InlineData("سهل علينا", "")]
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
    [InlineData("des milliers de clients", "")]
    [InlineData("une centaine de clients", "")]
    [InlineData("N° de suivi : 4521", "")]
    [InlineData("Code postal 16000", "")]
    [InlineData("écran 144 Hz", "")]
    [InlineData("mya mya khoya", "")]
    [InlineData("cent pièces", "")]
    [InlineData("deux cents pièces", "")]
    [InlineData("une Alfa ألفا", "")]
    [InlineData("ouvert de 14 h 30 à 18:30, le 28/11", "")]
    [InlineData("Numéro de commande : 1042", "")]
    [InlineData("Votre numéro de commande est le 1042", "")]
    [InlineData("رقم طلبيتك هو 1042", "")]
    [InlineData("Dimensions 120 x 80 cm", "")]
    [InlineData("رقم الطلبية: 1042", "")]
    [InlineData("Total : 12 pièces", "")]
    [InlineData("modèle 2026", "")]
    [InlineData("Quantité 2, couleur noire", "")]
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
        permitted.AddLine(new(3500), 2, new("Robe", ""));
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
    [InlineData("Quantité 2 : 7 000 DA")]
    [InlineData("Taille 42 : 3 500 DA")]
    [InlineData("Robe x2 : 7 000 DA")]
    [InlineData("2x3500 DA = 7000 DA")]
    [InlineData("المقاس 42: 3 500 دج")]
    [InlineData("Oran 600DA, ouvert de 9h à 18:30")]
    [InlineData("Note 8 128 3500 DA")]
    [InlineData("La livraison coûte six cents dinars")]
    [InlineData("Votre commande 1042 : 7 600 DA")]
    [InlineData("Le total de la commande 1042 est de 7 600 DA")]
    [InlineData("المجموع شامل التوصيل: 7600 دج")]
    [InlineData("Robe 3500, taille M, 2 pièces")]
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
    [InlineData("Pointure 42 : 2 600 DA")] // 600 alone is the fee
    [InlineData("Robe x2 : 9 400 DA")]
    [InlineData("المقاس 42: 2 600 دج")]
    [InlineData("2x3000 DA")]
    [InlineData("2k9")]
    [InlineData("La livraison coûte cinq cents.")]
    [InlineData("التوصيل بخمسمية")]
    [InlineData("khamsalaf")]
    [InlineData("السعر ألفا دينار")]
    [InlineData("La robe 2500, taille M")]
    [InlineData("Total de votre commande : 2900")]
    [InlineData("Prix : 2999,50")]
    public void An_amount_nobody_gave_may_not_be_said(string reply) => Assert.NotEmpty(MoneyGuard.Unsupported([reply], Shop()));

    [Theory]
    [InlineData("Le prix est 3", "000 DA")]
    [InlineData("La robe est à 30", "00 DA")]
    [InlineData("trois", "mille dinars")]
    [InlineData("السعر ٣", "٠٠٠ دج")]
    [InlineData("prix 25", "alf")]
    [InlineData("1", "600 DA")] // 600 alone is the fee
    [InlineData("La livraison : deux", "cents")]
    public void An_amount_split_over_two_bubbles_is_one_amount(string first, string second) =>
        Assert.NotEmpty(MoneyGuard.Unsupported([first, second], Shop()));

    [Theory]
    [InlineData("Pack 1 à 3 500 DA, livraison 500 DA", true)]
    [InlineData("Le 501 est à 3 500 DA", true)]
    [InlineData("pack 1 : 3500", true)]
    [InlineData("1501 DA", false)]
    [InlineData("501 DA", false)]
    [InlineData("Pack 1500 DA", false)]
    [InlineData("Pack 1 500 DA", false)]
    [InlineData("Pack 1 2900", false)]
    public void Digits_of_a_name_are_no_amount_and_hide_none(string reply, bool isTrue)
    {
        var permitted = new PermittedMoney();
        permitted.AddPrice(new(3500), new("Robe", ""));
        permitted.AddFee(new(500));
        permitted.AddName("501");
        permitted.AddName("Pack 1");
        Assert.Equal(isTrue, MoneyGuard.Unsupported([reply], permitted).Count == 0);
    }

    private static PermittedMoney Draft()
    {
        // One dress and two of another, delivered for 600; a third way costs 400, an earlier order went for 350.
        var permitted = new PermittedMoney();
        permitted.AddLine(new(3500), 1, new("Robe", ""));
        permitted.AddLine(new(2000), 2, new("Robe", ""));
        permitted.AddGoods(new(7500));
        permitted.AddFee(new(600));
        permitted.AddFee(new(400));
        permitted.AddPaidFee(new(350));
        permitted.Add(new(500));
        permitted.Add(new(7600));
        permitted.AddFreeFrom(new(20000));
        return permitted;
    }

    [Theory]
    [InlineData("Total : 7 600 DA. Je confirme la commande ?")]
    [InlineData("Le total de votre commande est de 7 600 DA")]
    [InlineData("المجموع: 7 600 دج. نأكد الطلب؟")]
    [InlineData("Total : 7 500 DA hors livraison")]
    [InlineData("Total : 7 500 DA + livraison")]
    [InlineData("المجموع 7500 دج والتوصيل 600 دج")]
    [InlineData("Sous-total : 7 500 DA, livraison : 600 DA, remise : 500 DA, total : 7 600 DA")]
    [InlineData("Robe seule avec livraison, total 4 100 DA")]
    [InlineData("La livraison est à 600 DA à domicile, 400 DA au bureau")]
    [InlineData("Livraison à domicile à Bir El Djir : 600 DA")]
    [InlineData("Livraison l dar f Oran : 600 DA, l bureau 400 DA")]
    [InlineData("التوصيل للدار: 600 دج")]
    [InlineData("التوصيل بـ 600 دج")]
    [InlineData("Votre dernière livraison : 350 DA")]
    [InlineData("commande 1042 confirmée, 7 600 DA à payer à la livraison.")]
    [InlineData("À payer à la livraison : 7 600 DA")]
    [InlineData("الدفع عند التوصيل: 7 600 دج")]
    [InlineData("Avec la livraison : 7 600 DA")]
    [InlineData("3 500 DA + 600 DA de livraison = 4 100 DA")]
    [InlineData("Votre commande 1042 est en cours de livraison : 7 600 DA")]
    [InlineData("Nos frais de livraison : 600 DA")]
    [InlineData("Robe et livraison : 4 100 DA")]
    [InlineData("7 600 DA, livraison comprise")]
    [InlineData("4 100 DA livraison incluse")]
    [InlineData("Total : 7 600 DA (livraison 600 DA comprise)")]
    [InlineData("Total : 7 600 DA.\nLivraison comprise.")]
    [InlineData("Livraison gratuite à partir de 20 000 DA, sinon 600 DA")]
    [InlineData("Batel men 20 000 DA l fo9")]
    [InlineData("Remise : 500 DA")]
    [InlineData("Après remise : 7 600 DA")]
    [InlineData("En promo : 3 500 DA")]
    public void A_true_amount_may_be_said_as_what_it_is(string reply) => Assert.Empty(MoneyGuard.Unsupported(reply.Split("\n\n"), Draft()));

    [Theory]
    [InlineData("Total : 7 500 DA. Je confirme la commande ?")]
    [InlineData("Total à payer : 3 500 DA")]
    [InlineData("Le total de votre commande est de 7 500 DA")]
    [InlineData("المجموع: 7 500 دج. نأكد الطلب؟")]
    [InlineData("total 3500")]
    [InlineData("La livraison est à 500 DA")]
    [InlineData("Livraison à domicile à Bir El Djir : 3 500 DA")]
    [InlineData("التوصيل للدار: 500 دج")]
    [InlineData("twsil b 500 DA")]
    [InlineData("التوصيل بـ 500 دج")]
    [InlineData("500 DA de livraison")]
    [InlineData("3500 + 500 livraison")]
    [InlineData("3 500 DA, livraison comprise")]
    [InlineData("3 500 DA tout compris")]
    [InlineData("La robe à 3 500 DA شامل التوصيل")]
    [InlineData("Livraison comprise")]
    [InlineData("Livraison gratuite pour vous, au lieu de 600 DA")]
    [InlineData("Remise : 600 DA")]
    [InlineData("réduction de 600 DA")]
    [InlineData("Boîte cadeau offerte")]
    public void A_true_amount_may_not_be_said_as_another(string reply) => Assert.NotEmpty(MoneyGuard.Unsupported([reply], Draft()));

    [Theory]
    [InlineData("Livraison gratuite à partir de 15 000 DA", "Livraison gratuite dès 15 000 DA", true)]
    [InlineData("Livraison gratuite à partir de 15 000 DA", "التوصيل باطل من 15 000 دج", true)]
    [InlineData("Livraison gratuite à partir de 15 000 DA", "Livraison gratuite !", false)]
    [InlineData("À partir de 15 000 DA, livraison gratuite", "La livraison est gratuite", false)]
    [InlineData("Livraison 600 DA, gratuite à partir de 15 000 DA", "Livraison gratuite, au lieu de 600 DA", false)]
    [InlineData("Livraison gratuite dès 3 pièces", "Livraison gratuite dès 3 pièces", true)]
    [InlineData("Livraison gratuite dès 3 pièces", "التوصيل مجاني من 3 حبات", true)]
    [InlineData("Livraison gratuite dès 3 pièces", "Livraison gratuite", false)]
    [InlineData("Livraison gratuite à Alger", "À Alger la livraison est gratuite", true)]
    [InlineData("التوصيل مجاني في العاصمة", "Livraison gratuite à Alger", true)]
    [InlineData("Boîte cadeau pour chaque montre", "Livrée dans sa boîte cadeau", true)]
    [InlineData("Boîte cadeau pour chaque montre", "Livraison gratuite", false)]
    [InlineData("Emballage offert", "L'emballage est offert", true)]
    [InlineData("Emballage offert", "Livraison offerte", false)]
    [InlineData("Prix livraison comprise", "Oui, livraison comprise", true)]
    [InlineData("T-shirt 80% coton", "Il est à 80 % coton", true)]
    [InlineData("T-shirt 80% coton", "-80 % pour vous", false)]
    [InlineData("T-shirt 80% coton", "remise de 80%", false)]
    [InlineData("Retour : 400 DA. Total minimum 2 000 DA", "Le retour coûte 400 DA, total minimum 2 000 DA", true)]
    [InlineData("Oran 450 DA, Alger 300 DA", "Livraison à Alger : 300 DA", true)]
    public void The_merchants_words_permit_what_they_say(string written, string reply, bool isTrue)
    {
        var permitted = Draft();
        permitted.AddText(written);
        Assert.Equal(isTrue, MoneyGuard.Unsupported([reply], permitted).Count == 0);
    }

    [Theory]
    [InlineData("Livraison à Alger : à domicile 650 DA, au bureau 450 DA.", "La livraison au bureau est à 450 DA", true)]
    [InlineData("التوصيل إلى الجزائر: 650 دج", "Livraison : 650 DA", true)]
    [InlineData("La veste est à 6 900 DA.", "La veste est à 6 900 DA", true)]
    [InlineData("La veste est à 6 900 DA.", "La livraison est à 6 900 DA", false)]
    [InlineData("La veste est à 6 900 DA.", "Total : 6 900 DA", false)]
    public void What_was_said_before_stays_what_it_was(string said, string reply, bool isTrue)
    {
        var permitted = Draft();
        permitted.AddSaid(said);
        Assert.Equal(isTrue, MoneyGuard.Unsupported([reply], permitted).Count == 0);
    }

    [Fact]
    public void As_long_as_no_fee_is_known_the_goods_are_the_total()
    {
        var permitted = new PermittedMoney();
        permitted.AddLine(new(3500), 2, new("Robe", ""));
        Assert.Empty(MoneyGuard.Unsupported(["Total : 7 000 DA, la livraison dépend de votre wilaya"], permitted));
        permitted.AddFee(new(600));
        Assert.NotEmpty(MoneyGuard.Unsupported(["Total : 7 000 DA"], permitted));
    }

    [Fact]
    public void What_the_customer_named_is_not_permitted_by_that() =>
        Assert.NotEmpty(MoneyGuard.Unsupported(["D'accord pour 2 900 DA !"], Shop()));
}
