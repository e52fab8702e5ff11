using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Conversations;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Customers;

/// <summary>Who writes to the shop and orders in it: the list, and the page of one customer.</summary>
public sealed partial class CustomersPagesTests
{
    /// <summary>The pages of customers mask nothing.</summary>
    [Fact]
    public void Who_sees_the_customers_sees_every_number() => Assert.Empty(Permissions.Table[Capability.SeeCustomers].Except(Permissions.Table[Capability.SeeOrders]));

    [Theory, OnBothDatabases]
    public async Task Customers_are_listed_found_by_name_or_number_and_opened_with_all_that_is_theirs(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var list = $"/w/{shop.Slug}/customers";
        Assert.Contains("Pas encore de clients", await owner.ReadAsync(list), StringComparison.Ordinal);

        var api = await ApiClient.OfAsync(app, shop);
        var order = await api.PostAsync("/orders", OrderBodies.Complete(shop));
        await api.PostAsync("/orders", OrderBodies.Complete(shop, quantity: 1));
        var talk = await Talks.AddAsync(app, shop, ChannelKind.Instagram, "مريم تواتي", DateTimeOffset.UtcNow, ["كاين سروال؟"]);
        var stranger = (await (await ApiClient.OfAsync(app, other)).PostAsync("/orders", OrderBodies.Complete(other, "0500 00 00 13"))).Text("customer_id");
        CustomerId meriem;
        await using (var scope = app.In(shop.Id))
        {
            meriem = (await scope.Db.Conversations.SingleAsync(c => c.Id == talk)).CustomerId;
            var row = await scope.Db.Customers.SingleAsync(c => c.Id == meriem);
            (row.OptedOutAt, row.Delivered, row.Returned) = (DateTimeOffset.UtcNow, 7, 3);
            scope.Db.Add(new CustomerHandle { Id = Id<CustomerHandle>.New(DateTimeOffset.UtcNow), CustomerId = meriem, ChannelId = shop.Instagram.Id, Kind = HandleKind.InstagramScoped, Handle = "17841400000000077" });
            await scope.Db.SaveChangesAsync();
        }
        var all = await owner.ReadAsync(list);
        Assert.Contains("Commandes : 2 · Livrées : 0 · Retours : 0", all, StringComparison.Ordinal);
        Assert.Contains("Commandes : 0 · Livrées : 7 · Retours : 3", all, StringComparison.Ordinal);
        Assert.Contains("0500 00 00 12", all, StringComparison.Ordinal);
        Assert.Contains("Bir El Djir", all, StringComparison.Ordinal);
        Assert.Contains(">STOP<", all, StringComparison.Ordinal);
        Assert.DoesNotContain("0500 00 00 13", all, StringComparison.Ordinal);
        foreach (var (query, finds) in ((string, string)[])[("belkac", "Amina Belkacem"), ("0500 00 00 12", "Amina Belkacem"), ("+213500000012", "Amina Belkacem"), ("٠٠٠٠١٢", "Amina Belkacem"), ("تواتي", "مريم تواتي")])
        {
            var found = await owner.ReadAsync($"{list}?q={Uri.EscapeDataString(query)}");
            Assert.Contains(finds, found, StringComparison.Ordinal);
            Assert.Single(Link().Matches(found));
        }
        Assert.Contains("Aucun client trouvé", await owner.ReadAsync($"{list}?q=personne"), StringComparison.Ordinal);

        var amina = await owner.ReadAsync($"{list}/{order.Text("customer_id")}");
        Assert.Contains($"/orders/{order.Text("id")}\"", amina, StringComparison.Ordinal);
        Assert.Contains("tel:+213500000012", amina, StringComparison.Ordinal);
        var hers = await owner.ReadAsync($"{list}/{meriem}");
        Assert.Contains($"/inbox/{talk}\"", hers, StringComparison.Ordinal);
        Assert.Contains("كاين سروال؟", hers, StringComparison.Ordinal);
        Assert.Contains("a écrit STOP", hers, StringComparison.Ordinal);
        Assert.Contains($"action=\"{list}/{meriem}/export\"", hers, StringComparison.Ordinal);
        Assert.Contains($"{list}/{meriem}/erase", hers, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync($"{list}/{stranger}")).StatusCode);
        Assert.Contains($"{list}/{meriem}\"", await owner.ReadAsync($"/w/{shop.Slug}/inbox/{talk}"), StringComparison.Ordinal);

        // Who follows parcels sees who ordered, and reads no conversation; who confirms sees the queue alone.
        using var suivi = await app.MemberOfAsync(shop, Role.Suivi);
        Assert.Contains("0500 00 00 12", await suivi.ReadAsync(list), StringComparison.Ordinal);
        Assert.DoesNotContain("كاين سروال؟", await suivi.ReadAsync($"{list}/{meriem}"), StringComparison.Ordinal);
        Assert.DoesNotContain("/export", suivi.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/erase", suivi.Html, StringComparison.Ordinal);
        using var confirmer = await app.MemberOfAsync(shop, Role.Confirmer);
        Assert.Equal(HttpStatusCode.Forbidden, (await confirmer.GetAsync(list)).StatusCode);

        // Page after page, each customer once, also when one comes in between.
        await using (var scope = app.In(shop.Id))
        {
            var first = DateTimeOffset.UtcNow.AddDays(-40);
            // Two by two at the same moment: the id decides there.
            for (var i = 0; i < 85; i++) scope.Db.Add(new Customer { Id = CustomerId.New(first), Name = $"Client {i}", Search = $"client {i}", CreatedAt = first.AddHours(i / 2) });
            await scope.Db.SaveChangesAsync();
        }
        var seen = new List<string>();
        for (var at = list; at is not null;)
        {
            var part = await owner.ReadAsync(at);
            seen.AddRange(Link().Matches(part).Select(m => m.Groups[1].Value));
            at = Next().Match(part) is { Success: true } next ? next.Groups[1].Value : null;
            if (seen.Count < 50) await api.PostAsync("/orders", OrderBodies.Complete(shop, "0500 00 00 44"));
        }
        Assert.Equal(87, seen.Count);
        Assert.Equal(87, seen.Distinct().Count());
    }

    [GeneratedRegex("class=\"go\" href=\"/w/[^/]+/customers/([0-9a-f]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex("href=\"(/w/[^\"]*/customers\\?[^\"]*after=[^\"]*)\"[^>]*rel=\"next\"")]
    private static partial Regex Next();
}
