using OrderClosr.Agent;
using OrderClosr.Agent.Guards;
using OrderClosr.Conversations;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Agent.TurnWorld;

namespace OrderClosr.Tests.Agent;

/// <summary>Who needs a person gets one and hears so, whatever the model makes of it.</summary>
public sealed class HandOverTests
{
    [Theory, OnBothDatabases]
    public async Task A_model_that_hands_over_without_a_word_of_it_is_completed_by_our_own_words(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Calls(("hand_over", new() { ["reason"] = "unclear", ["note"] = "Demande peu claire." })), Says("ok"));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("bonjour c'est pour le truc de l'autre fois"));
        Assert.Equal(["ok", HandOverWords.Person(ReplyLanguage.French)], (await world.SaidAsync()).Select(m => m.Text));
        var now = await world.NowAsync();
        Assert.Equal((HeldBy.Nobody, "unclear", "Demande peu claire."), (now.HeldBy, now.HandOverReason, now.HandOverNote));
        Assert.Equal(2, (await world.RequestsAsync()).Count);
    }

    [Theory, OnBothDatabases]
    public async Task A_full_reply_keeps_its_three_bubbles_and_still_says_so(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Calls(("hand_over", new() { ["reason"] = "other", ["note"] = "x" })), Says("Bonjour.\n\nJe comprends.\n\nVotre commune svp ?"));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("bonjour c'est pour le truc de l'autre fois"));
        Assert.Equal(["Bonjour.", "Je comprends.", $"Votre commune svp ?\n{HandOverWords.Person(ReplyLanguage.French)}"], (await world.SaidAsync()).Select(m => m.Text));
    }

    [Theory, OnBothDatabases]
    public async Task Who_asks_for_a_person_gets_one_although_the_model_goes_on_selling(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Says("Bonjour, quelle taille vous faut-il ?"));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("Je veux parler à quelqu'un"));
        Assert.Equal(["Bonjour, quelle taille vous faut-il ?", HandOverWords.Person(ReplyLanguage.French)], (await world.SaidAsync()).Select(m => m.Text));
        Assert.Equal((HeldBy.Nobody, "asked_for_person"), ((await world.NowAsync()).HeldBy, (await world.NowAsync()).HandOverReason));
        Assert.Equal(TurnEnd.Silent, await world.SayAndTakeAsync("alors ?"));
    }

    [Theory, OnBothDatabases]
    public async Task A_model_that_only_says_that_a_person_answers_is_made_true(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Says("Désolé pour cela, une personne de la boutique vous répond ici."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("jatni m9et3a"));
        Assert.Single(await world.SaidAsync());
        Assert.Equal((HeldBy.Nobody, "wrong_parcel"), ((await world.NowAsync()).HeldBy, (await world.NowAsync()).HandOverReason));
    }

    [Theory, OnBothDatabases]
    public async Task Other_words_for_a_person_are_not_sent_without_one(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Says("Bonjour, notre équipe vous répond dans un instant."), Says("Bonjour, nous vous rappelons."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("bonjour je voudrais une robe"));
        Assert.Equal([HandOverWords.Person(ReplyLanguage.French)], (await world.SaidAsync()).Select(m => m.Text));
        Assert.Equal("guard_transfer_lie", (await world.NowAsync()).HandOverReason);
    }

    [Fact]
    public void Our_own_words_say_that_a_person_answers()
    {
        foreach (var language in (ReplyLanguage[])[new("french", "latin"), new("arabic", "arabic"), new("darja", "arabizi"), new("darja", "arabic")])
            Assert.All((string[])[HandOverWords.Person(language), HandOverWords.Unheard(language), HandOverWords.Moment(language), HandOverWords.Soon(language)], words => Assert.True(PromiseGuard.ClaimsTransfer(words), words));
    }

    [Theory]
    [InlineData("Je veux parler à quelqu'un", "asked_for_person")]
    [InlineData("je peux parler à un responsable ?", "asked_for_person")]
    [InlineData("passez-moi le gérant", "asked_for_person")]
    [InlineData("je veux parler au patron", "asked_for_person")]
    [InlineData("un humain svp", "asked_for_person")]
    [InlineData("عطيني نمرة مول الحانوت", "asked_for_person")]
    [InlineData("حاب نهدر مع واحد من المحل", "asked_for_person")]
    [InlineData("أريد التحدث مع شخص", "asked_for_person")]
    [InlineData("nheb nehder m3a wa7ed", "asked_for_person")]
    [InlineData("nahdar m3a moul l7anout", "asked_for_person")]
    [InlineData("هذا نصب واحتيال", "complaint")]
    [InlineData("c'est une arnaque !", "complaint")]
    [InlineData("bande d'escrocs !!", "complaint")]
    [InlineData("tfou 3likom", "complaint")]
    [InlineData("لحقني كولي مكسر وراني معصب بزاف رجعولي درهمي", "complaint")]
    [InlineData("أسبوعين وأنا نستنا وما عيطلي حتى واحد", "complaint")]
    [InlineData("jatni m9et3a", "wrong_parcel")]
    [InlineData("la qualité machi kima f la photo", "wrong_parcel")]
    [InlineData("Bonjour\nmon colis est arrivé cassé", "wrong_parcel")]
    [InlineData("وصلتني مقطوعة", "wrong_parcel")]
    [InlineData("nta robot wla wa7ed?", null)]
    [InlineData("vous êtes un robot ?", null)]
    [InlineData("je parle à une personne ou un robot ?", null)]
    [InlineData("راني نهدر مع روبو؟", null)]
    [InlineData("راني نهدر مع إنسان ولا روبو؟", null)]
    [InlineData("machi arnaque?", null)]
    [InlineData("j'ai peur que ce soit une arnaque", null)]
    [InlineData("حاب نشري بصح راني خايف", null)]
    [InlineData("je veux la robe blanc cassé", null)]
    [InlineData("je veux le jean déchiré taille 38", null)]
    [InlineData("ki nal9aha machi mli7a tr9douha?", null)]
    [InlineData("Je peux échanger contre du 39 ?", null)]
    [InlineData("si c'est pas la bonne taille je peux retourner le colis ?", null)]
    [InlineData("je veux changer, c'est pas la bonne taille", null)]
    [InlineData("وين وصلت الكوموند؟", null)]
    [InlineData("عندكم ضمان إذا وصل مكسر؟", null)]
    [InlineData("وصل الكولي مليح شكرا", null)]
    [InlineData("mon mari veut parler avec le livreur", null)]
    [InlineData("rani nestanna mn lkhmis, mazal ma jatch", null)]
    [InlineData("svp ma tb3thouch lcolis, l9itha f blassa okhra", null)]
    [InlineData("ghalya bezaf, f ouedkniss b 2500", null)]
    [InlineData("كيفاش باش نتواصل بك ممكن رقم الهاتف", null)]
    [InlineData("l'adresse du magasin", null)]
    [InlineData("une personne viendra récupérer le colis", null)]
    public void Only_plain_words_call_a_person(string text, string? reason) => Assert.Equal(reason, Wishes.ForPerson(text));
}
