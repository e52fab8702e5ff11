using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Conversations;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Promises;

/// <summary>Conversation context goes to Claude to write replies: only what this reply needs, and to no other AI provider.</summary>
/// <remarks>Seen to fail: with notes read into the prompt, with orders looked up by shop instead of by customer, with the floor price among a product's fields.</remarks>
[Collection(PromiseCollection.Name)]
public sealed class P06_OnlyWhatAReplyNeedsGoesToClaude(PromiseWorld world)
{
    [Fact]
    public async Task A_prompt_holds_this_customers_conversation_and_the_shops_goods_and_nothing_of_anybody_else()
    {
        var (app, shop, now) = (world.App, world.Shop, DateTimeOffset.UtcNow);
        var other = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Zineb Needlename", now, ["needle-words of another customer"]);
        await using (var scope = app.In(shop.Id))
        {
            var customer = await scope.Db.Customers.SingleAsync(c => c.Name == "Zineb Needlename");
            customer.Phones.Add("+213500009907");
            scope.Db.Add(new Order { Id = OrderId.New(now), State = OrderState.ToConfirm, Number = 777155, CustomerId = customer.Id, ConversationId = other, Name = "Zineb Needlename", Phone = Phone.Stored("+213500009908"), Address = "needle-address", CreatedAt = now });
            // An amount that stands nowhere else in the shop.
            (await scope.Db.Set<Product>().SingleAsync(p => p.Id == shop.Products["robe"])).FloorPrice = new(2713);
            await scope.Db.SaveChangesAsync();
        }

        var amel = world.Road.Customer(ChannelKind.Instagram);
        await amel.AskAsync("bonjour, prix de la robe svp ?");
        var id = (await amel.ConversationAsync())!.Id;
        await using (var scope = app.In(shop.Id)) Assert.True((await scope.Get<Noting>().NoteAsync(id, shop.OwnerId, "needle-note between members", default)).Ok);
        await amel.AskAsync("je prends une noire M, Amel Benali, 0500 00 99 05, Bir El Djir à Oran, cité 12");
        await amel.AskAsync("vous pouvez faire 2000 la robe ?");

        var asked = (await world.Road.LogAsync("claude")).Where(i => i["body"]?.ToJsonString().Contains(id.ToString(), StringComparison.Ordinal) == true).Select(i => i["body"]!.ToJsonString()).ToList();
        Assert.True(asked.Count >= 3, $"{asked.Count} calls");
        // What a reply needs is there: the customer's words, their own phone to read back, the goods.
        Assert.Contains(asked, a => a.Contains("prix de la robe", StringComparison.Ordinal));
        Assert.Contains(asked, a => a.Contains("0500009905", StringComparison.Ordinal));
        Assert.All(asked, a => Assert.Contains("Hijab soie", a, StringComparison.Ordinal));
        string[] needles =
        [
            "Needlename", "needle-words", "needle-address", "needle-note", "777155", "213500009907", "0500009907", "213500009908", "0500009908", shop.OwnerEmail, "Owner 1", shop.Messenger.Token, shop.Instagram.Token, shop.Whatsapp.Token,
            TestApp.MetaAppSecret, TestApp.InstagramAppSecret, TestApp.VerifyToken, TestApp.FernetKey, "invented-claude-key", amel.Id,
        ];
        Assert.DoesNotContain(needles, n => asked.Exists(a => a.Contains(n, StringComparison.OrdinalIgnoreCase)));
        // As an amount is written, with a space or without: four digits alone stand in many an id.
        Assert.All(asked, a => Assert.DoesNotMatch(@"(?<![\w-])2\W?713(?![\w-])", a));
    }

    [Fact]
    public void No_other_provider_of_models_can_be_called()
    {
        var rules = world.App.Get<OutboundGate>().Rules;
        // Channels, couriers, letters, the merchant's own sheet and programs, and one model.
        Assert.Equal(["claude", "ecotrack", "google", "hooks", "maystro", "meta", "noest", "procolis", "smtp", "yalidine", "zr-express"], rules.Select(r => r.Vendor).Order(StringComparer.Ordinal));
        Assert.Equal([new Uri(world.App.Vendors!).Host], rules.Single(r => r.Vendor == "claude").Hosts);
    }
}
