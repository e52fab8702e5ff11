using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;
using OrderClosr.Workspaces;
using static OrderClosr.Tests.Agent.TurnWorld;

namespace OrderClosr.Tests.Agent;

/// <summary>The notice before the first reply: the merchant's to switch on and to word, said once to each customer, kept with its time.</summary>
public sealed class NoticeTests
{
    [Theory, OnBothDatabases]
    public async Task A_stranger_reads_the_merchants_words_first_on_each_channel_and_the_proof_names_that_very_message(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        const string Latin = "Bonjour, ici l'assistant de Shop 1. Vos messages sont gardés par la boutique ; STOP les arrête.";
        (string, string)[] fields = [("rules", ""), ("tone", ""), ("soon_message", ""), ("when", "always"), ("from", "08:00"), ("to", "22:00"), ("notice_on", "true"), ("notice_arabic", ""), ("notice_latin", Latin)];
        await owner.ReadAsync($"/w/{world.Shop.Slug}/agent");
        Assert.Equal(HttpStatusCode.Found, (await owner.PostAsync($"/w/{world.Shop.Slug}/agent", true, fields)).StatusCode);

        await world.EachAsync(Enum.GetValues<ChannelKind>().Select(kind => ($"{kind}", (Func<Task>)(async () =>
        {
            var customer = world.Customer(kind);
            await customer.AskAsync("bonjour, c'est quoi le prix de la robe ?");
            var first = (await customer.ThreadAsync()).First(i => (string?)i["from"] == "business");
            Assert.Equal(Latin, (string?)first["text"]);
            await customer.AskAsync("et le hijab, il est à combien ?");
            Assert.Single(await customer.ShopWroteAsync(), text => text == Latin);
            var conversation = (await customer.ConversationAsync())!;
            var (kept, message) = await world.App.ReadAsync(world.Shop, async db =>
            {
                var notice = await db.ConsentNotices.AsNoTracking().SingleAsync(n => n.ConversationId == conversation.Id);
                return (notice, await db.Messages.AsNoTracking().SingleAsync(m => m.Id == notice.MessageId));
            });
            Assert.Equal((conversation.CustomerId, (string?)first["id"], Latin), (kept.CustomerId, message.ChannelMessageId, message.Text));
        }))));
    }

    [Fact]
    public async Task It_goes_before_the_first_reply_word_for_word_and_once()
    {
        await using var world = await TurnWorld.StartAsync(Database.Sqlite);
        await world.ScriptAsync(Says("La robe d'été vous va bien !"));
        await world.SayAndTakeAsync("bonjour, je cherche une robe");
        Assert.Single(await world.SaidAsync()); // nobody switched it on

        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var page = $"/w/{world.Shop.Slug}/agent";
        Assert.Contains("STOP", await owner.ReadAsync(page), StringComparison.Ordinal); // our words are offered
        var latin = "Bonjour, ici l'assistant de Shop 1, 12 345 DA.";
        (string, string)[] usual = [("rules", ""), ("tone", ""), ("soon_message", ""), ("when", "always"), ("from", "08:00"), ("to", "22:00")];
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync(page, true, [.. usual, ("notice_on", "true"), ("notice_arabic", new string('ا', 601))])).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await owner.PostAsync(page, true, [.. usual, ("notice_on", "true"), ("notice_arabic", ""), ("notice_latin", latin)])).StatusCode);
        Assert.Contains(latin, await owner.ReadAsync(page), StringComparison.Ordinal);

        // The conversation that is under way has it with its next reply, in the merchant's words; an amount in it is no price.
        await world.SayAndTakeAsync("merci, et le hijab ?");
        var said = await world.SaidAsync();
        Assert.Equal([(Author.Agent, "La robe d'été vous va bien !"), (Author.System, latin), (Author.Agent, "La robe d'été vous va bien !")], said.Select(m => (m.Author, m.Text)));
        await world.ScriptAsync(Says("Oui, le sac aussi !"));
        await world.SayAndTakeAsync("et le sac ?");
        Assert.Equal(4, (await world.SaidAsync()).Count);
        await using (var scope = world.App.In(world.Shop.Id))
        {
            var kept = await scope.Db.ConsentNotices.AsNoTracking().SingleAsync();
            Assert.Equal((world.Customer, world.Conversation, said[1].Id, said[1].At), (kept.CustomerId, kept.ConversationId, kept.MessageId, kept.At));
            Assert.Contains("notice", (await scope.Db.Set<AuditEntry>().AsNoTracking().SingleAsync(e => e.Action == AuditAction.AgentRulesChanged)).New, StringComparison.Ordinal);
        }

        // Another customer, in Arabic letters, without words of the merchant: ours. The model had no hand in it.
        var (talk, _) = await AddConversationAsync(world.App, world.Shop, "+213500000077");
        var other = world.On(world.Shop, talk);
        await world.ScriptAsync(Says("مرحبا، واش تحب؟"));
        await other.SayAndTakeAsync("سلام خويا واش كاين");
        Assert.Equal([Noticing.Usual(ReplyLanguage.Darja), "مرحبا، واش تحب؟"], (await other.SaidAsync()).Select(m => m.Text));
        Assert.DoesNotContain("STOP", (await world.RequestsAsync())[^1]["body"]!.ToString(), StringComparison.Ordinal);

        // One that never left told nobody anything.
        await using (var scope = world.App.In(world.Shop.Id))
            await scope.Db.Messages.Where(m => m.ConversationId == talk && m.Author == Author.System).ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, MessageStatus.Failed));
        await other.SayAndTakeAsync("شحال الروبة");
        Assert.Equal(2, (await other.SaidAsync()).Count(m => m.Author == Author.System));
    }
}
