using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.House;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Tenancy;
using OrderClosr.Workspaces;
using static OrderClosr.Tests.Promises.ExportChecks;

namespace OrderClosr.Tests.Promises;

/// <summary>A merchant hands a customer everything the shop knows of them, and nothing of anybody else.</summary>
/// <remarks>Seen to fail: with the handles of everybody else in place of the customer's own.</remarks>
public sealed class P18_OneCustomersDataIsHandedOut
{
    private const string Word = "aiguille-zzqx-de-a", Neighbour = "voisin-zzqx";

    [Theory, OnBothDatabases]
    public async Task One_document_holds_all_of_the_customer_and_nobody_else(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Time = new TestClock(DateTimeOffset.UtcNow) });
        var shop = await app.NewShopAsync();
        var planted = await PlantAsync(app, shop, Word);
        var secrets = await PlantSecretsAsync(app, shop);
        var customer = planted.IdOf(typeof(Customer))!.Value;
        await HangTogetherAsync(app, planted);
        await NeighbourAsync(app, shop, customer);
        using var manager = await app.MemberOfAsync(shop, Role.Manager);
        using var confirmer = await app.MemberOfAsync(shop, Role.Confirmer);
        var address = $"/w/{shop.Slug}/customers/{customer:N}/export";

        // From the thread's own menu.
        Assert.Contains($"action=\"{address}\"", await manager.ReadAsync($"/w/{shop.Slug}/inbox/{planted.IdOf(typeof(Conversation)):N}"), StringComparison.Ordinal);
        using var answer = await manager.SendAsync(HttpMethod.Post, address, null);
        Assert.Equal((HttpStatusCode.OK, "application/json", $"orderclosr-{customer:N}.json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var (document, text) = (Json(bytes), Encoding.UTF8.GetString(bytes));

        // Each row that hangs on the customer: the planted ones hang together by their ids.
        string[] whole = ["customers", "customer_handles", "conversations", "messages", "orders", "leads", "proposals", "turns", "rescues", "delivery_notices"];
        foreach (var name in whole) Assert.True(document.GetProperty(name).GetArrayLength() == 1, $"{name}: {document.GetProperty(name).GetArrayLength()}");
        foreach (var table in ExportTests.Tables.TakenAlong.Where(t => t.IsOfCustomers)) Assert.True(document.TryGetProperty(table.Name, out _), table.Name);
        foreach (var name in (string[])["parcels", "parcel_events", "order_moves", "parcel_cash", "cash_moves", "slip_lines", "claims", "claim_steps", "rescue_steps", "exchanges"]) Assert.True(document.GetProperty(name).GetArrayLength() == 1, $"{name} is empty");
        Assert.Equal(planted.Phone, document.GetProperty("customers")[0].GetProperty("phones")[0].GetString());
        Assert.Equal(1, document.GetProperty("counts").GetProperty("attachments").GetInt32());
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(app.Get<MediaFiles>().FolderOf(shop.Id), planted.File)), document.GetProperty("media").EnumerateArray().Single(m => m.GetProperty("file").GetString() == planted.File).GetProperty("content").GetBytesFromBase64());
        var schema = Json(Encoding.UTF8.GetBytes(ExportSchema.Of(ExportTests.Tables).ToJsonString())).GetProperty("$defs");
        foreach (var table in ExportTests.Tables.TakenAlong.Where(t => t.IsOfCustomers))
            Assert.Empty(document.GetProperty(table.Name).EnumerateArray().SelectMany((item, n) => Wrong(item, schema.GetProperty(table.Name), $"{table.Name}[{n}]")));

        // Nobody else, no secret, nothing of the shop's own.
        Assert.DoesNotContain(Neighbour, text, StringComparison.Ordinal);
        foreach (var secret in secrets) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        foreach (var name in (string[])["products", "members", "audit_log", "payment_slips", "channels"]) Assert.False(document.TryGetProperty(name, out _), name);

        // Who took it stands in the log, and whose it was only by the id.
        await using (var scope = app.In(shop.Id))
        {
            var line = await scope.Db.AuditEntries.SingleAsync(e => e.Action == AuditAction.CustomerExported);
            Assert.Equal((customer, "customer", ""), (line.SubjectId!.Value, line.Subject, line.SubjectName));
            Assert.DoesNotContain(Word, $"{line.Old}{line.New}", StringComparison.Ordinal);
        }
        using (var owner = await Visitor.OwnerOfAsync(app, shop)) Assert.Contains("a exporté les données", await owner.ReadAsync($"/w/{shop.Slug}/settings/audit"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await confirmer.SendAsync(HttpMethod.Post, address, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.SendAsync(HttpMethod.Post, $"/w/{shop.Slug}/customers/{Guid.NewGuid():N}/export", null)).StatusCode);
    }

    /// <summary>The planted money is of the planted parcel.</summary>
    private static async Task HangTogetherAsync(TestApp app, Planting planted)
    {
        await using var scope = app.In(planted.Shop.Id);
        var (db, parcel, claim) = (scope.Db, new ParcelId(planted.IdOf(typeof(Parcel))!.Value), new Id<Claim>(planted.IdOf(typeof(Claim))!.Value));
        await db.ParcelCash.ExecuteUpdateAsync(set => set.SetProperty(c => c.ParcelId, parcel));
        await db.CashMoves.ExecuteUpdateAsync(set => set.SetProperty(m => m.ParcelId, parcel));
        await db.SlipLines.ExecuteUpdateAsync(set => set.SetProperty(l => l.ParcelId, parcel));
        await db.Claims.ExecuteUpdateAsync(set => set.SetProperty(c => c.ParcelId, parcel));
        await db.ClaimSteps.ExecuteUpdateAsync(set => set.SetProperty(s => s.ClaimId, claim));
    }

    /// <summary>Another customer of the same shop, with a talk and an order.</summary>
    private static async Task NeighbourAsync(TestApp app, Shop shop, Guid customer)
    {
        await using var scope = app.In(shop.Id);
        var (db, now) = (scope.Db, app.Get<TimeProvider>().GetUtcNow());
        var other = new Customer { Id = CustomerId.New(now), Name = Neighbour, Phones = ["+213500000077"], Search = Neighbour, CreatedAt = now };
        var talk = new Conversation { Id = ConversationId.New(now), ChannelId = shop.Messenger.Id, ChannelKind = ChannelKind.Messenger, CustomerId = other.Id, LastSeq = 1, AnsweredUpTo = 1, LastMessageAt = now, Preview = Neighbour, CreatedAt = now };
        db.AddRange(other, talk,
            new Message { Id = MessageId.New(now), ConversationId = talk.Id, ChannelId = talk.ChannelId, Seq = 1, ChannelMessageId = "m_neighbour", Direction = Direction.In, Author = Author.Customer, Kind = MessageKind.Text, Text = Neighbour, At = now, StoredAt = now },
            new Order { Id = OrderId.New(now), Number = 99_001, CustomerId = other.Id, ConversationId = talk.Id, Name = Neighbour, Address = Neighbour, CreatedAt = now });
        await db.SaveChangesAsync();
        Assert.NotEqual(customer, other.Id.Value);
    }
}
