using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Agent;
using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Conversations;

/// <summary>A customer who writes STOP gets nothing that they did not ask for, through whatever room it comes; and whoever speaks of a stop desk is not taken for one.</summary>
public sealed class OptOutTests
{
    [Theory]
    [InlineData("STOP"), InlineData("stop"), InlineData("Stop."), InlineData("« STOP »"), InlineData("sTOP !!!"), InlineData("STOOOP"), InlineData("stop stop stop"), InlineData("S.T.O.P"), InlineData("stop svp"), InlineData("Bonjour, stop s'il vous plaît")]
    [InlineData("stop les messages"), InlineData("Arrêt"), InlineData("ARRETEZ"), InlineData("arrêtez les messages svp"), InlineData("me désabonner"), InlineData("Désabonnez-moi"), InlineData("désinscription"), InlineData("plus de messages svp"), InlineData("je ne veux plus recevoir de messages")]
    [InlineData("Ne m’écrivez plus !"), InlineData("unsubscribe"), InlineData("🛑 stop"), InlineData("laissez moi tranquille")]
    [InlineData("توقف"), InlineData("توقّفوا."), InlineData("أوقفوا الرسائل"), InlineData("ايقاف"), InlineData("إيقاف الرسائل من فضلكم"), InlineData("إلغاء الاشتراك"), InlineData("لا ترسلوا لي رسائل"), InlineData("لا أريد رسائل منكم"), InlineData("ستوب"), InlineData("سطووووب")]
    [InlineData("حبسو الميساجات"), InlineData("حبسوا الرسائل خويا"), InlineData("ما تبعثوليش"), InlineData("ماتبعثوليش الميساجات"), InlineData("ما تزيدوش تبعثولي"), InlineData("بركاونا من الميساجات")]
    [InlineData("7bsou les messages"), InlineData("Habsou les messages svp"), InlineData("matb3atoulich"), InlineData("ma tzidouch tb3atouli"), InlineData("barkawna men les messages"), InlineData("stop msg")]
    public void Stop_is_read_in_every_script(string text) => Assert.Equal(OptOutWish.Stop, OptOutWords.Read(text));

    [Theory]
    [InlineData("stop desk"), InlineData("Stop desk svp"), InlineData("stopdesk"), InlineData("n7bes f stop desk"), InlineData("n7ebb nedi f stop desk"), InlineData("livraison stop desk 3ndkom?"), InlineData("stop ?"), InlineData("stop؟"), InlineData("stop wela domicile"), InlineData("f stop"), InlineData("ستوب ديسك")]
    [InlineData("نديها من الستوب ديسك"), InlineData("non stop"), InlineData("arrêt de bus cité 5"), InlineData("je veux arrêter la commande"), InlineData("annule"), InlineData("annuler la commande"), InlineData("حبس"), InlineData("7bes"), InlineData("حبس الطلبية"), InlineData("وقفلي الطلبية"), InlineData("توقف المطر")]
    [InlineData("ma tb3atoulich la robe rouge"), InlineData("ما تبعثوليش الأحمر"), InlineData("plus de messages que d'habitude"), InlineData("stop, je prends 2"), InlineData("c'est bon stop a 3500"), InlineData("start"), InlineData(""), InlineData("👍"), InlineData("merci"), InlineData("الباص ستوب كاين")]
    public void What_says_anything_else_is_no_stop(string text) => Assert.NotEqual(OptOutWish.Stop, OptOutWords.Read(text));

    [Theory, InlineData("START"), InlineData("start svp"), InlineData("Reprendre les messages"), InlineData("me réabonner"), InlineData("ابدأ"), InlineData("استئناف"), InlineData("رجعو الميساجات"), InlineData("rej3ou les messages")]
    public void Start_is_read_in_every_script(string text) => Assert.Equal(OptOutWish.Start, OptOutWords.Read(text));

    [Fact]
    public void Nothing_that_customers_write_when_they_buy_is_a_stop_or_a_start() => Assert.All(Phrase.All, p => Assert.Equal(OptOutWish.None, OptOutWords.Read(p.Text)));

    [Theory, OnBothDatabases]
    public async Task Stop_and_start_over_the_whole_road(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        await world.FaultAsync("claude", new { kind = "slow", seconds = 4, count = 1, path = "/v1/messages" });
        var thought = world.Customer(ChannelKind.Instagram);
        await thought.SayAsync("bonjour, prix de la robe svp ?");
        await Eventually.HoldsAsync(async () => (await world.App.Sandbox.GetFromJsonAsync<JsonObject>("/claude/_faults"))!["items"]!.AsArray().Count == 0);
        await thought.SayAsync("STOP");
        await world.EachAsync(
        [
            ("while the model thinks", async () =>
            {
                Assert.StartsWith("C'est noté", await thought.HearAsync(), StringComparison.Ordinal);
                Assert.Single(await thought.ShopWroteAsync());
            }),
            ("one confirmation, then answers alone, until start", () => AloneAsync(world)),
            ("an order under way", () => UnderWayAsync(world)),
            ("a stop desk", async () =>
            {
                var customer = world.Customer(ChannelKind.Messenger);
                await customer.AskAsync("slm ch7al livraison l wahran?");
                Assert.Equal(JobState.Done, await PushAsync(world, customer, new(Author.Agent, "L dar wela f stop desk ?")));
                await customer.HearAsync();
                foreach (var text in (string[])["stop", "n7bes f stop desk"])
                {
                    await customer.AskAsync(text);
                    Assert.Null(await OptedOutAsync(world, customer));
                }
                // Said twice it is meant.
                await customer.SayAsync("stop stop");
                await customer.HearAsync();
                Assert.NotNull(await OptedOutAsync(world, customer));
            }),
            ("both in one breath", async () =>
            {
                var customer = world.Customer(ChannelKind.Whatsapp);
                await customer.AskAsync("STOP", "ch7al la robe?");
                // The confirmation may come first and the price a moment later.
                await customer.HearsOfAsync("3500");
                Assert.NotNull(await OptedOutAsync(world, customer));
            }),
            ("both in one second, and the STOP came behind", async () =>
            {
                var (customer, at) = (world.Customer(ChannelKind.Whatsapp), DateTimeOffset.UtcNow);
                foreach (var text in (string[])["ch7al la robe?", "STOP"]) await customer.DoAsync(new { name = "Amina", text, at });
                await customer.HearsOfAsync("3500");
                await Eventually.HoldsAsync(async () => await OptedOutAsync(world, customer) is not null);
            }),
        ]);
        await PageAsync(world, owner, thought);
    }

    private static async Task AloneAsync(RoadWorld world)
    {
        var customer = world.Customer(ChannelKind.Whatsapp);
        await customer.AskAsync("سلام، شحال الروبة تاع الصيف؟");
        await customer.SayAsync("توقفوا");
        Assert.StartsWith("صح، ما نزيدوش", await customer.HearAsync(), StringComparison.Ordinal);
        var id = (await customer.ConversationAsync())!.Id;
        var story = await world.App.ReadAsync(world.Shop, db => db.OptOuts.AsNoTracking().SingleAsync(o => o.ConversationId == id));
        Assert.Equal(((DateTimeOffset?)story.At, null), (await OptedOutAsync(world, customer), story.EndedAt));

        // Every way out ends at the one gate: what a room reaches out with, and what somebody forgot to ask for.
        await using (var scope = world.App.In(world.Shop.Id))
        {
            var reached = await scope.Db.InTransactionAsync(async () => await scope.Get<Reaching>().SayLaterAsync(await scope.Db.Conversations.SingleAsync(c => c.Id == id), new(Author.Agent, "Votre colis arrive"), null, default), default);
            Assert.Equal(Gate.OptedOut, reached.Refusal!.Code);
        }
        foreach (var unasked in (Reply[])[new(Author.Agent, "Votre colis vous attend"), new(Author.System, "Promotion"), new(Author.Member, "Toujours intéressé ?")]) Assert.Equal(JobState.Dropped, await PushAsync(world, customer, unasked));
        await customer.SayAsync("STOP");
        Assert.Equal("", await customer.HearAsync());

        Assert.Contains("600", await customer.AskAsync("شحال التوصيل لوهران؟"), StringComparison.Ordinal);
        Assert.Equal(JobState.Dropped, await PushAsync(world, customer, new(Author.Agent, "Votre colis vous attend")));
        await customer.SayAsync("START");
        Assert.StartsWith("صح، رجعو", await customer.HearAsync(), StringComparison.Ordinal);
        Assert.Equal(JobState.Done, await PushAsync(world, customer, new(Author.Agent, "Votre colis vous attend")));
        Assert.NotNull((await world.App.ReadAsync(world.Shop, db => db.OptOuts.AsNoTracking().SingleAsync(o => o.ConversationId == id))).EndedAt);
        // Nobody who gets everything has to start: an ordinary word.
        await customer.HearAsync();
        await customer.AskAsync("start");
    }

    private static async Task UnderWayAsync(RoadWorld world)
    {
        var customer = world.Customer(ChannelKind.Messenger);
        await customer.AskAsync("bonjour, je prends la robe noire M");
        await customer.SayAsync("arrêtez les messages svp");
        await customer.HearAsync();
        var talk = (await customer.ConversationAsync())!;
        Assert.Equal((HeldBy.Nobody, Gate.OptedOut), (talk.HeldBy, talk.HandOverReason));
        // A question still has its answer, and is the agent's again.
        Assert.Contains("3500", RoadWorld.Digits(await customer.AskAsync("c'est quoi le prix de la robe ?")), StringComparison.Ordinal);
        Assert.Equal(HeldBy.Agent, (await customer.ConversationAsync())!.HeldBy);
    }

    private static async Task PageAsync(RoadWorld world, Visitor owner, RoadCustomer customer)
    {
        var id = (await customer.ConversationAsync())!.Id;
        var page = $"/w/{world.Shop.Slug}/inbox/{id}";
        Assert.Contains("Ce client a écrit STOP", await owner.ReadAsync(page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync($"{page}/say", true, ("text", "Toujours intéressé ?"))).StatusCode);
        Assert.Contains("Appelez-le, ou levez le STOP", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync($"{page}/lift-opt-out", true, ("reason", "  "))).StatusCode);
        Assert.NotNull(await OptedOutAsync(world, customer));
        Assert.Equal(HttpStatusCode.Found, (await owner.PostAsync($"{page}/lift-opt-out", true, ("reason", "il a rappelé, il veut le suivi"))).StatusCode);
        var shown = await owner.ReadAsync(page);
        Assert.DoesNotContain("Ce client a écrit STOP", shown, StringComparison.Ordinal);
        Assert.Contains("levé par <bdi>Owner 1</bdi>", shown, StringComparison.Ordinal);
        Assert.Contains("« il a rappelé, il veut le suivi »", shown, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync($"{page}/lift-opt-out", true, ("reason", "encore"))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await owner.PostAsync($"{page}/say", true, ("text", "Voici le suivi"))).StatusCode);
        await customer.HearAsync();
        Assert.Contains("Voici le suivi", await customer.ShopWroteAsync());
        // Who and when, without the customer's name or the member's words.
        var entry = await world.App.ReadAsync(world.Shop, db => db.Set<AuditEntry>().AsNoTracking().SingleAsync(e => e.Action == AuditAction.OptOutLifted));
        Assert.Equal((world.Shop.OwnerId, id.Value, "", null), (entry.ActorId, entry.SubjectId, entry.SubjectName, entry.New));
    }

    [Fact]
    public async Task A_parcel_of_who_wants_no_messages_is_a_persons_to_save()
    {
        await using var world = await RescueWorld.StartAsync(Database.Sqlite, c => c.Language = "french-latin");
        await world.DoAsync(async s =>
        {
            (await s.Db.Set<OrderClosr.Customers.Customer>().SingleAsync(c => c.Id == world.Customer)).OptedOutAt = world.Now;
            return await s.Db.SaveChangesAsync();
        });
        await world.HearAsync("OutForDelivery");
        await world.HearAsync("AttemptFailed", "Client ne répond pas");
        await world.PassAsync(TimeSpan.FromHours(6));
        var rescue = await world.RescueAsync();
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.OptedOut), (rescue.State, rescue.Needs));
        Assert.Empty(await world.SaidAsync());
    }

    private static Task<DateTimeOffset?> OptedOutAsync(RoadWorld world, RoadCustomer customer) => world.App.ReadAsync(world.Shop, async db =>
    {
        var id = (await customer.ConversationAsync())!.CustomerId;
        return await db.Set<OrderClosr.Customers.Customer>().Where(c => c.Id == id).Select(c => c.OptedOutAt).SingleAsync();
    });

    /// <summary>Writes past all rooms and says how its job ended.</summary>
    private static async Task<JobState> PushAsync(RoadWorld world, RoadCustomer customer, Reply reply)
    {
        var id = (await customer.ConversationAsync())!.Id;
        MessageId message = default;
        await using (var scope = world.App.In(world.Shop.Id))
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Db.Dialect.LockRowAsync(scope.Db, "conversations", id.Value, default);
                message = scope.Get<Saying>().SayLater(await scope.Db.Conversations.SingleAsync(c => c.Id == id), reply)[0].Id;
                await scope.Db.SaveChangesAsync();
            }, default);
        await customer.HearNothingMoreAsync();
        var (key, part) = (id.ToString(), message.ToString());
        return await world.App.ReadAsync(world.Shop, db => db.Jobs.Where(j => j.OrderKey == key && j.Kind == SendMessage.Kind && j.Payload.Contains(part)).Select(j => j.State).SingleAsync());
    }
}
