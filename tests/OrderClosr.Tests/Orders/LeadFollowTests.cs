using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Conversations;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Orders;

/// <summary>Interest from a conversation, an ad and a comment: what members do about it, and what becomes of it.</summary>
public sealed class LeadFollowTests
{
    [Theory, OnBothDatabases]
    public async Task A_lead_comes_from_a_conversation_an_ad_or_a_comment_is_followed_and_comes_true(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, TestAppOptions.AgentSleeps);
        var (app, shop, now) = (world.App, world.Shop, DateTimeOffset.UtcNow);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var karim = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim Zerrouki", now, ["ch7al la robe?"]);
        var lina = await Talks.AddAsync(app, shop, ChannelKind.Instagram, "Lina Saadi", now, ["c'est combien?"], c => c.Referral = """{"adId":"120","title":"Robe d'été à -20 %"}""");
        await NoteAsync(karim, "Robe d'été", "attend le salaire");
        await NoteAsync(lina, null, "demande une remise");
        await using (var scope = world.Open())
            await scope.Db.InTransactionAsync(() => scope.Get<Receiving>().ReceiveAsync(
            [
                Comment("c1", "Prix svp?"), Comment("c1", "Prix svp?"), Comment("c2", "Bravo 👏"), Comment("c3", "0550 00 00 77"), Comment("c4", "شحال السومة"),
            ], default), default);

        var all = await ReadAsync("");
        foreach (var said in (string[])["Conversation · Messenger", "Publicité · Instagram", "Robe d'été à -20 %", "Commentaire · Messenger", "Prix svp?", "شحال السومة", "Samir B."]) Assert.Contains(said, all, StringComparison.Ordinal);
        Assert.DoesNotContain("Bravo", all, StringComparison.Ordinal);
        await using (var scope = world.Open()) Assert.Equal([LeadSource.Conversation, LeadSource.Ad, LeadSource.Comment, LeadSource.Comment, LeadSource.Comment], (await scope.Db.Leads.ToListAsync()).Select(l => l.Source).OrderBy(s => s == LeadSource.Conversation ? 0 : s == LeadSource.Ad ? 1 : 2));
        var comments = await ReadAsync("?source=comment");
        Assert.DoesNotContain("Karim", comments, StringComparison.Ordinal);

        // A member notes when to come back; a day that is gone is none.
        var lead = await OfAsync(karim);
        var today = app.Get<TimeProvider>().TodayInAlgiers();
        var wrong = await owner.SubmitAsync(Link($"/{lead}/follow"), new() { ["note"] = "rappeler", ["day"] = $"{today.AddDays(-1):yyyy-MM-dd}" }, Link(""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync(Link($"/{lead}/follow"), new() { ["note"] = "rappeler le 1er", ["day"] = $"{today:yyyy-MM-dd}" }, Link(""))).StatusCode);
        var due = await ReadAsync("?view=due");
        Assert.Contains("rappeler le 1er", due, StringComparison.Ordinal);
        Assert.Contains("Owner 1", due, StringComparison.Ordinal);
        Assert.DoesNotContain("Lina", due, StringComparison.Ordinal);
        // From the lead to a new order in one click: name, product and all.
        var form = await owner.ReadAsync($"/w/{shop.Slug}/orders/new?lead={lead}");
        Assert.Contains("value=\"Karim Zerrouki\"", form, StringComparison.Ordinal);
        Assert.Matches($"<option value=\"{shop.Variants["ROBE-M-NOIR"]}\" selected|<option value=\"{shop.Variants["ROBE-L-NOIR"]}\" selected", form);

        // Lina's is seen to; and back again.
        var other = await OfAsync(lina);
        await owner.SubmitAsync(Link($"/{other}/done"), new() { ["done"] = "true" }, Link(""));
        Assert.Contains("Traité", await ReadAsync("?view=done"), StringComparison.Ordinal);
        Assert.DoesNotContain("Lina", await ReadAsync("?view=open"), StringComparison.Ordinal);
        await owner.SubmitAsync(Link($"/{other}/done"), new() { ["done"] = "false" }, Link(""));
        Assert.Contains("Lina", await ReadAsync("?view=open"), StringComparison.Ordinal);

        // Karim orders: it came true, and is open again when he cancels.
        CustomerId customer;
        await using (var scope = world.Open()) customer = (await scope.Db.Conversations.SingleAsync(c => c.Id == karim)).CustomerId;
        var order = await world.ConfirmAsync(await world.DraftAsync(customer: customer, conversation: karim));
        Assert.True(order.Ok);
        Assert.Contains("Commande 1001", await ReadAsync("?view=ordered"), StringComparison.Ordinal);
        Assert.DoesNotContain("Karim", await ReadAsync("?view=open"), StringComparison.Ordinal);
        var shown = JsonNode.Parse(await ApiAsync())!["items"]!.AsArray().Single(l => (string?)l!["id"] == lead.ToString())!;
        Assert.Equal((customer.ToString(), karim.ToString(), "conversation", order.Value.Id.ToString(), "rappeler le 1er"), ((string?)shown["customer_id"], (string?)shown["conversation_id"], (string?)shown["source"], (string?)shown["order_id"], (string?)shown["follow_up_note"]));
        Assert.True((await world.CancelAsync(order.Value.Id)).Ok);
        Assert.Contains("Karim", await ReadAsync("?view=open"), StringComparison.Ordinal);

        ChannelNews Comment(string id, string text) => new(shop.Messenger.Id, new CommentNews(id, now, CommentChange.Written, text) { AuthorHandle = $"h-{id}", AuthorName = "Samir B.", PostId = "p1" });

        string Link(string path) => $"/w/{shop.Slug}/leads{path}";

        async Task<string> ReadAsync(string query) => await owner.ReadAsync(Link(query));

        async Task<Id<Lead>> OfAsync(ConversationId talk)
        {
            await using var scope = world.Open();
            return (await scope.Db.Leads.SingleAsync(l => l.ConversationId == talk)).Id;
        }

        async Task<string> ApiAsync()
        {
            await using var scope = world.Open();
            using var http = app.NewClient();
            http.DefaultRequestHeaders.Authorization = new("Bearer", (await scope.Get<OrderClosr.Web.Api.ApiKeys>().MakeAsync("Test", shop.OwnerId, default)).Key);
            return await http.GetStringAsync("/api/v1/leads");
        }

        async Task NoteAsync(ConversationId conversation, string? about, string note)
        {
            await using var scope = world.Open();
            await scope.Get<Leads>().NoteAsync((await scope.Db.Conversations.SingleAsync(c => c.Id == conversation)).CustomerId, conversation, about, note, default);
            await scope.Db.SaveChangesAsync();
        }
    }
}
