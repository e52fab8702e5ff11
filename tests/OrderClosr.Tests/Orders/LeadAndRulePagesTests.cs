using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Conversations;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Orders;

/// <summary>The list of leads, the rules about orders, and the order beside its conversation.</summary>
public sealed class LeadAndRulePagesTests
{
    [Theory, OnBothDatabases]
    public async Task Leads_are_listed_filtered_and_lead_into_their_conversation(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, TestAppOptions.AgentSleeps);
        var (app, shop) = (world.App, world.Shop);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/leads");
        Assert.Contains("Personne pour l'instant", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);

        var karim = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim Zerrouki", DateTimeOffset.UtcNow, ["ch7al la robe?"]);
        var meriem = await Talks.AddAsync(app, shop, ChannelKind.Instagram, "مريم تواتي", DateTimeOffset.UtcNow, ["كاين سروال؟"]);
        await NoteAsync(karim, "Robe d'été", "trop chère pour lui");
        await NoteAsync(meriem, null, "revient après le salaire");
        var all = await ReadAsync("");
        Assert.Contains($"inbox/{karim}\"", all, StringComparison.Ordinal);
        Assert.Contains("trop chère pour lui", all, StringComparison.Ordinal);
        Assert.Contains("revient après le salaire", all, StringComparison.Ordinal);

        Assert.DoesNotContain("trop chère", await ReadAsync($"?q={Uri.EscapeDataString("مريم")}"), StringComparison.Ordinal);
        ProductId product;
        await using (var scope = world.Open()) product = (await scope.Db.Leads.SingleAsync(l => l.ConversationId == karim)).ProductId!.Value;
        Assert.DoesNotContain("salaire", await ReadAsync($"?product={product}"), StringComparison.Ordinal);

        // Karim orders: his lead has come true.
        await using (var scope = world.Open())
        {
            var customer = (await scope.Db.Conversations.SingleAsync(c => c.Id == karim)).CustomerId;
            Assert.True((await world.ConfirmAsync(await world.DraftAsync(customer: customer, conversation: karim))).Ok);
        }
        Assert.Contains("Commande 1001", await ReadAsync(""), StringComparison.Ordinal);
        var open = await ReadAsync("?view=open");
        Assert.DoesNotContain("trop chère", open, StringComparison.Ordinal);
        Assert.Contains("salaire", open, StringComparison.Ordinal);
        Assert.Contains("Rien trouvé", await ReadAsync("?q=personne"), StringComparison.Ordinal);

        async Task<string> ReadAsync(string query)
        {
            Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"/w/{shop.Slug}/leads{query}")).StatusCode);
            return WebUtility.HtmlDecode(owner.Html);
        }

        async Task NoteAsync(ConversationId conversation, string? about, string note)
        {
            await using var scope = world.Open();
            await scope.Get<Leads>().NoteAsync((await scope.Db.Conversations.SingleAsync(c => c.Id == conversation)).CustomerId, conversation, about, note, default);
            await scope.Db.SaveChangesAsync();
        }
    }

    [Theory, OnBothDatabases]
    public async Task Rules_about_orders_are_saved_and_hold_and_wrong_numbers_come_back_as_typed(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, TestAppOptions.AgentSleeps);
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var page = $"/w/{world.Shop.Slug}/settings/orders";
        await owner.GetAsync(page);
        Assert.Contains("value=\"48\"", owner.Html, StringComparison.Ordinal);

        var wrong = await owner.PostAsync(page, true, ("confirms_alone", "false"), ("duplicate_hours", "0"), ("risk_from", "beaucoup"), ("most_attempts", "3"), ("retry_minutes", "60"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var text = WebUtility.HtmlDecode(owner.Html);
        Assert.Contains("Un nombre de 1 à 720.", text, StringComparison.Ordinal);
        Assert.Contains("Un nombre de 1 à 100.", text, StringComparison.Ordinal);
        Assert.Contains("value=\"beaucoup\"", text, StringComparison.Ordinal);
        await using (var scope = world.Open()) Assert.False(await scope.Db.OrderSettings.AnyAsync());

        foreach (var hours in (string[])["24", "٣٦"]) // the second time there is a row
            Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync(page, true, ("confirms_alone", "false"), ("duplicate_hours", hours), ("risk_from", "40"), ("most_attempts", "3"), ("retry_minutes", "60"))).StatusCode);
        await using (var scope = world.Open())
        {
            var saved = await scope.Db.OrderSettings.SingleAsync();
            Assert.Equal((false, 36, 40, 3, 60), (saved.ConfirmsAlone, saved.DuplicateHours, saved.RiskFrom, saved.MostAttempts, saved.RetryMinutes));
        }
        // A customer's yes waits for a person now.
        var order = await world.ConfirmAsync(await world.DraftAsync(), actor: ActorKind.Customer);
        Assert.Equal(OrderState.ToConfirm, order.Value.State);
    }

    [Theory, OnBothDatabases]
    public async Task An_order_that_waits_is_decided_beside_its_conversation(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, TestAppOptions.AgentSleeps);
        var (app, shop) = (world.App, world.Shop);
        await world.ChangeSettingsAsync(s => s.ConfirmsAlone = false);
        var talk = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Amina", DateTimeOffset.UtcNow, ["wah"]);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/inbox/{talk}";
        foreach (var (result, reason, ends) in new[] { ("confirmed", "", OrderState.Confirmed), ("cancelled", "too_far", OrderState.Cancelled) })
        {
            CustomerId customer;
            await using (var scope = world.Open()) customer = (await scope.Db.Conversations.SingleAsync(c => c.Id == talk)).CustomerId;
            var order = await world.DraftAsync(customer: customer, conversation: talk);
            Assert.Equal(OrderState.ToConfirm, (await world.ConfirmAsync(order, actor: ActorKind.Customer)).Value.State);
            await owner.GetAsync(page);
            Assert.Contains($"orders/{order}/move", owner.Html, StringComparison.Ordinal);
            Assert.Contains("value=\"too_far\"", owner.Html, StringComparison.Ordinal);
            var ids = System.Text.RegularExpressions.Regex.Matches(owner.Html, " id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
            Assert.Equal(ids.Distinct(), ids);
            var answer = await owner.PostAsync($"/w/{shop.Slug}/orders/{order}/move", true, ("result", result), ("reason", reason), ("back", page));
            Assert.Equal(page, answer.Headers.Location?.ToString());
            Assert.Equal(ends, (await world.ReadAsync(order)).State);
            Assert.Equal(shop.OwnerId, (await world.MovesAsync(order))[^1].AccountId);
            await owner.GetAsync(page);
            Assert.DoesNotContain("value=\"confirmed\"", owner.Html, StringComparison.Ordinal);
        }
    }
}
