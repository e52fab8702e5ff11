using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Agent.TurnWorld;

namespace OrderClosr.Tests.Agent;

/// <summary>Answers that the merchant wants to send by hand: the agent writes them, a person decides.</summary>
public sealed class ProposalTests
{
    private static readonly ReplyLanguage French = ReplyLanguage.Decide(["bonjour, le prix svp"], null);

    [Theory, OnBothDatabases]
    public async Task A_complaint_gets_a_proposal_that_only_a_person_sends_and_sends_once(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database, isAwake: true);
        await ProposeAsync(world, complaints: true);
        await world.ScriptAsync(Says("Nous sommes désolés.\n\nEnvoyez-nous une photo de la robe, on vous l'échange."));
        await world.SayAsync("bonjour, la robe est arrivée déchirée");
        // Two nodes at once: one turn, one proposal, one word to the customer.
        await Task.WhenAll(world.TakeAsync(), world.TakeAsync());
        var told = Assert.Single(await world.SaidAsync());
        Assert.Equal((Author.System, HandOverWords.Person(French)), (told.Author, told.Text));
        Assert.Equal((HeldBy.Nobody, "proposal_complaint", null), (await world.NowAsync()) is var held ? (held.HeldBy, held.HandOverReason, held.FirstUnansweredAt) : default);
        Assert.Contains("\"proposal\":\"complaint\"", (await world.RequestsAsync())[^1].ToJsonString().Replace("\\u0022", "\"", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var proposal = Assert.Single(await ProposalsAsync(world));
        Assert.Equal((ProposalState.Open, ProposalReason.Complaint, "Nous sommes désolés.\n\nEnvoyez-nous une photo de la robe, on vous l'échange."), (proposal.State, proposal.Reason, proposal.Text));
        Assert.Equal(TurnEnd.Silent, await world.SayAndTakeAsync("?"));

        // Two members press at once.
        var sent = await Task.WhenAll(SendAsync(world, proposal.Id), SendAsync(world, proposal.Id));
        Assert.Equal("proposal_decided", Assert.Single(sent, s => !s.Ok).Refusal?.Code);
        var said = (await world.SaidAsync()).Skip(1).ToList();
        Assert.Equal(["Nous sommes désolés.", "Envoyez-nous une photo de la robe, on vous l'échange."], said.Select(m => m.Text));
        Assert.All(said, m => Assert.Equal((Author.Member, (Guid?)world.Shop.OwnerId, (Guid?)proposal.TurnId.Value), (m.Author, m.AccountId, m.TurnId)));
        await using (var scope = world.App.In(world.Shop.Id))
        {
            var key = world.Conversation.ToString();
            Assert.Equal(3, await scope.Db.Jobs.CountAsync(j => j.OrderKey == key && j.Kind == SendMessage.Kind));
        }
        // The agent goes on with what came meanwhile; the complaint is not forgotten with the next bubble.
        await Eventually.HoldsAsync(async () => (await ProposalsAsync(world)).Count == 2);
        Assert.Equal(HandOverWords.Moment(French), (await world.SaidAsync())[^1].Text);
        Assert.Equal([ProposalState.Sent, ProposalState.Open], (await ProposalsAsync(world)).Select(p => p.State));

        // Given back by a person, it is the agent's again.
        await using (var scope = world.App.In(world.Shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(world.Conversation, default));
        await world.ScriptAsync(Says("Avec plaisir !"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("merci beaucoup"));
        Assert.Equal(Author.Agent, (await world.SaidAsync())[^1].Author);
    }

    [Theory, OnBothDatabases]
    public async Task Code_decides_whatever_the_model_does_and_what_is_no_answer_is_a_plain_hand_over(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        // Not ticked: sent as ever.
        await world.ScriptAsync(Says("Oui, nous pouvons discuter des quantités."));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("bonjour, vous faites le prix de gros ?"));

        await ProposeAsync(world, complaints: true, wholesale: true);
        // Hands over by itself and announces a person: told to write the answer instead.
        await world.ScriptAsync(Calls(("hand_over", new() { ["reason"] = "price_outside_policy", ["note"] = "Veut 50 pièces." })), Says("Je transmets votre demande à une personne de la boutique qui vous répondra."), Says("Oui. De quel modèle avez-vous besoin ?"));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("et pour 50 pièces ?"));
        var proposal = Assert.Single(await ProposalsAsync(world));
        Assert.Equal((ProposalReason.Wholesale, "Oui. De quel modèle avez-vous besoin ?"), (proposal.Reason, proposal.Text));
        Assert.Equal("Veut 50 pièces.", (await world.NowAsync()).HandOverNote);
        Assert.DoesNotContain(await world.SaidAsync(), m => m.Text.Contains("modèle", StringComparison.Ordinal) || m.Text.Contains("transmets votre demande", StringComparison.Ordinal));

        // A lie in a proposal is held back as in any answer; what stays is a plain hand-over.
        await using (var scope = world.App.In(world.Shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(world.Conversation, default));
        await world.ScriptAsync(Says("On vous rend 1 234 DA."), Says("On vous rend 1 234 DA."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("remboursez moi, la robe est abîmée"));
        Assert.Single(await ProposalsAsync(world));
        Assert.Equal("guard_money", (await world.NowAsync()).HandOverReason);
        Assert.Equal(HandOverWords.Person(French), (await world.SaidAsync())[^1].Text);

        // The model's own word can only add: no word of the customer's is a complaint here.
        await using (var scope = world.App.In(world.Shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(world.Conversation, default));
        await world.ScriptAsync(Calls(("hand_over", new() { ["reason"] = "complaint", ["note"] = "Pas content." })), Says("Nous regardons cela tout de suite."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("je suis pas content du tout"));
        Assert.Equal("Nous regardons cela tout de suite.", (await ProposalsAsync(world))[^1].Text);
    }

    [Theory, OnBothDatabases]
    public async Task An_order_over_the_merchants_amount_is_read_back_by_a_person_and_waits_for_one(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        // Exactly the limit is not over it.
        await ProposeAsync(world, over: "7 600");
        await world.DraftReadyAsync();
        await ProposeAsync(world, over: "7599");
        await world.ScriptAsync(Calls(("save_order", new() { ["address"] = "cité 14", ["phone"] = "0500000014" })), Says("Je récapitule : 2 robes M noir à Bir El Djir, 0500000014. Total 7 600 DA. Vous confirmez ?"));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("mon numéro est le 0500000014, cité 14"));
        var draft = (await world.DraftAsync())!;
        Assert.NotEqual(draft.DraftVersion, draft.ReadBackVersion);
        var proposal = Assert.Single(await ProposalsAsync(world));
        Assert.Equal(ProposalReason.Amount, proposal.Reason);

        // What the person changed is what the customer says yes to.
        Assert.True((await SendAsync(world, proposal.Id, "2 robes M noir à Bir El Djir, 0500000014.\r\nTotal 7 600 DA, vous confirmez ?")).Ok);
        Assert.Equal("2 robes M noir à Bir El Djir, 0500000014.\nTotal 7 600 DA, vous confirmez ?", (await world.SaidAsync())[^1].Text);
        Assert.Equal(draft.DraftVersion, (await world.DraftAsync())!.ReadBackVersion);
        await world.ScriptAsync(Calls(("confirm_order", new() { ["draft"] = draft.Code, ["version"] = draft.DraftVersion })), Says("C'est noté, commande 1001, 7 600 DA à la livraison."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("oui je confirme"));
        var order = Assert.Single(await world.OrdersAsync());
        Assert.Equal((OrderState.ToConfirm, 7600L), (order.State, order.Total.Amount));
        Assert.Equal(2, (await ProposalsAsync(world)).Count);
    }

    [Theory, OnBothDatabases]
    public async Task Sent_changed_dropped_or_overtaken_on_the_page(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (controls, inbox) = ($"/w/{world.Shop.Slug}/controls", $"/w/{world.Shop.Slug}/inbox/{world.Conversation}");
        await owner.GetAsync(controls);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync($"{controls}/proposals", true, ("propose_complaints", "true"), ("propose_big", "true"), ("propose_over", ""))).StatusCode);
        Assert.Contains("Indiquez le montant.", owner.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{controls}/proposals", true, ("propose_complaints", "true"), ("propose_big", "true"), ("propose_over", "15 000 DA"))).StatusCode);
        await using (var scope = world.App.In(world.Shop.Id))
            Assert.Equal((true, false, new Dinars(15_000)), await scope.Db.AgentSettings.AsNoTracking().SingleAsync() is var saved ? (saved.ProposesComplaints, saved.ProposesWholesale, saved.ProposesOver) : default);

        await world.ScriptAsync(Says("Désolés, on vous l'échange."));
        await world.SayAndTakeAsync("la robe est arrivée cassée");
        var first = Assert.Single(await ProposalsAsync(world));
        await owner.GetAsync(inbox);
        Assert.Contains("on vous l&#x27;échange.</textarea>", owner.Html.Replace("&#39;", "&#x27;", StringComparison.Ordinal).Replace("&#xE9;", "é", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync($"{inbox}/proposals/{first.Id}/send", true, ("text", " \u0007 "))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{inbox}/proposals/{first.Id}/send", true, ("text", "On vient la reprendre."))).StatusCode);
        Assert.Equal("On vient la reprendre.", (await world.SaidAsync())[^1].Text);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync($"{inbox}/proposals/{first.Id}/send", true, ("text", "encore"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync($"{inbox}/proposals/{first.Id}/drop")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.PostAsync($"{inbox}/proposals/{Id<Proposal>.New(DateTimeOffset.UtcNow)}/drop")).StatusCode);

        // Dropped: nothing is said, a person still has to.
        await world.SayAndTakeAsync("d'accord");
        var second = (await ProposalsAsync(world))[^1];
        var before = (await world.SaidAsync()).Count;
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{inbox}/proposals/{second.Id}/drop")).StatusCode);
        Assert.Equal((before, HeldBy.Nobody, ProposalState.Dropped), ((await world.SaidAsync()).Count, (await world.NowAsync()).HeldBy, (await ProposalsAsync(world))[^1].State));

        // Somebody answers with words of their own: what was proposed is gone from the page and cannot be sent.
        await world.ChangeAsync(c => (c.HeldBy, c.SilentBecause, c.HandOverReason) = (HeldBy.Agent, null, null));
        await world.SayAndTakeAsync("alors ?");
        var third = (await ProposalsAsync(world))[^1];
        Assert.NotEqual(second.Id, third.Id);
        await owner.PostAsync($"{inbox}/say", true, ("text", "Je m'en occupe."));
        await owner.GetAsync(inbox);
        Assert.DoesNotContain($"proposal-{third.Id}", owner.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync($"{inbox}/proposals/{third.Id}/send", true, ("text", "trop tard"))).StatusCode);
        Assert.Equal("Je m'en occupe.", (await world.SaidAsync())[^1].Text);
    }

    [Fact]
    public void Complaints_and_wholesale_are_read_in_every_script()
    {
        foreach (var text in (string[])["la robe est arrivée déchirée", "le colis est abîmé", "c'est une arnaque", "je veux être remboursé", "wsalni m9ata3", "jatni mkassra", "لحقني الكولي مكسر", "رجعولي دراهمي", "هادي ماشي كيما في التصويرة", "نصابين", "pas la bonne taille", "ca marche pas"])
            Assert.True(Wishes.IsComplaint(text), text);
        foreach (var text in (string[])["bonjour le prix svp", "ch7al livraison l wahran", "شحال السومة", "je veux la robe M noir", "هل هو متوفر بمقاس 42؟", "merci bcp", "oui je confirme", "nheb nebdel la taille", "la taille est bonne ?"])
            Assert.False(Wishes.IsComplaint(text), text);
        foreach (var text in (string[])["vous faites le prix de gros ?", "je suis grossiste", "en gros svp", "demi-gros ?", "ch7al la jemla", "b djoumla", "شحال بالجملة", "بغيت 50 حبة", "50 pièces svp", "nheb 30 habba", "للمحل تاعي"])
            Assert.True(Wishes.IsWholesale(text), text);
        foreach (var text in (string[])["je veux 2 pièces", "2 pcs", "un gros colis ?", "0550 12 34 56", "cité 1600", "3 حبات", "ch7al hadi", "taille 42"])
            Assert.False(Wishes.IsWholesale(text), text);
    }

    private static async Task ProposeAsync(TurnWorld world, bool complaints = false, bool wholesale = false, string? over = null)
    {
        await using var scope = world.App.In(world.Shop.Id);
        Assert.Null(await scope.Get<SaveAgentSettings>().ProposeAsync(complaints, wholesale, over, default));
    }

    private static async Task<List<Proposal>> ProposalsAsync(TurnWorld world)
    {
        await using var scope = world.App.In(world.Shop.Id);
        return await scope.Db.Proposals.AsNoTracking().OrderBy(p => p.Id).ToListAsync();
    }

    private static async Task<Result<Message>> SendAsync(TurnWorld world, Id<Proposal> id, string? text = null)
    {
        await using var scope = world.App.In(world.Shop.Id);
        return await scope.Get<Proposals>().SendAsync(world.Conversation, id, world.Shop.OwnerId, text, default);
    }
}
