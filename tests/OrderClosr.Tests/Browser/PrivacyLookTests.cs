using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Conversations;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>The policy, the register, and what members see of a customer who wants no messages.</summary>
public sealed class PrivacyLookTests : BrowserTest
{
    [Fact]
    public async Task Policy_register_and_a_customer_who_wrote_stop_look_right_on_every_screen()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        var id = await Talks.AddAsync(app, shop, ChannelKind.Whatsapp, "Amina Belkacem", now.AddMinutes(-3), ["ch7al la robe?", "agent:La robe d'été est à 3 500 DA.", "STOP"]);
        await using (var scope = app.In(shop.Id))
        {
            var talk = await scope.Db.Conversations.SingleAsync(c => c.Id == id);
            var customer = await scope.Db.Customers.SingleAsync(c => c.Id == talk.CustomerId);
            var message = await scope.Db.Messages.FirstAsync(m => m.ConversationId == id);
            customer.OptedOutAt = now.AddMinutes(-3);
            scope.Db.Add(new OptOut { Id = Id<OptOut>.New(now), CustomerId = customer.Id, ConversationId = id, MessageId = message.Id, At = now.AddDays(-9), EndedAt = now.AddDays(-8), EndedBy = shop.OwnerId, Reason = "il a rappelé, il veut le suivi" });
            scope.Db.Add(new OptOut { Id = Id<OptOut>.New(now), CustomerId = customer.Id, ConversationId = id, MessageId = message.Id, At = now.AddMinutes(-3) });
            (talk.HeldBy, talk.HandOverReason, talk.HeldSince, talk.SilentBecause) = (HeldBy.Nobody, Gate.OptedOut, now.AddMinutes(-3), Gate.Closed);
            scope.Db.Add(new Order { Id = OrderId.New(now), State = OrderState.ToConfirm, Number = 1001, CustomerId = customer.Id, ConversationId = id, Name = "Amina Belkacem", Phone = Phone.Stored("+213500000012"), WilayaCode = 31, CommuneCode = 3101, Goods = new(3500), DeliveryFee = new(600), Total = new(4100), IsFeeKnown = true, CreatedAt = now });
            await scope.Db.SaveChangesAsync();
        }
        foreach (var (width, language, dark) in Looks)
        {
            var end = $"{width}-{language}-{(dark ? "dark" : "light")}";
            await using var window = await OpenAsync(app, width, language, dark);
            await window.Page.GotoAsync("/privacy");
            await window.LooksRightAsync($"policy-{end}", full: true);
            await window.Page.GotoAsync("/privacy?lang=en#p7");
            await window.LooksRightAsync($"policy-en-{end}");
            await window.SignInAsync(shop, $"/w/{shop.Slug}/settings/privacy");
            await window.LooksRightAsync($"register-{end}", full: true);
            foreach (var (name, path) in ((string, string)[])[("stop-thread", $"inbox/{id}"), ("stop-confirm", "orders/confirm"), ("notice-settings", "agent#notice"), ("more", "more")])
            {
                await window.Page.GotoAsync($"/w/{shop.Slug}/{path}");
                await window.LooksRightAsync($"{name}-{end}", full: name == "stop-confirm");
            }
        }
    }
}
