using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Agent;

/// <summary>One shop, one customer, one conversation, and the turn called by hand: the model is the played Claude over real HTTP, only the sending is deaf.</summary>
internal sealed class TurnWorld : IAsyncDisposable
{
    private TurnWorld(TestApp app, Shop shop, ConversationId conversation, CustomerId customer) => (App, Shop, Conversation, Customer) = (app, shop, conversation, customer);

    internal TestApp App { get; }
    internal Shop Shop { get; }
    internal ConversationId Conversation { get; }
    internal CustomerId Customer { get; }

    /// <param name="isAwake">The agent also wakes by itself, and may take a turn that the test is about to take.</param>
    internal static async Task<TurnWorld> StartAsync(Database database, IReadOnlyDictionary<string, string?>? settings = null, bool isAwake = false)
    {
        var app = await TestApp.StartAsync(database, new()
        {
            Settings = settings ?? new Dictionary<string, string?>(),
            Services = services =>
            {
                if (!isAwake) TestAppOptions.AgentSleeps.Services!(services);
                services.Replace(ServiceDescriptor.Singleton<ISender, DeafSender>());
            },
        });
        var shop = await app.NewShopAsync();
        var (conversation, customer) = await AddConversationAsync(app, shop);
        return new(app, shop, conversation, customer);
    }

    /// <summary>The same app seen from another conversation.</summary>
    internal TurnWorld On(Shop shop, ConversationId conversation) => new(App, shop, conversation, Customer);

    internal static async Task<(ConversationId, CustomerId)> AddConversationAsync(TestApp app, Shop shop, string phone = "+213500000012")
    {
        var now = app.Get<TimeProvider>().GetUtcNow();
        await using var scope = app.In(shop.Id);
        var customer = new Customer { Id = CustomerId.New(now), Name = "", CreatedAt = now };
        customer.Phones.Add(phone);
        var conversation = new Conversation
        {
            Id = ConversationId.New(now), ChannelId = shop.Whatsapp.Id, ChannelKind = ChannelKind.Whatsapp, CustomerId = customer.Id, CreatedAt = now, LastCustomerActionAt = now, LastMessageAt = now,
        };
        scope.Db.Add(customer);
        scope.Db.Add(conversation);
        scope.Db.Add(new CustomerHandle { Id = Id<CustomerHandle>.New(now), CustomerId = customer.Id, ChannelId = shop.Whatsapp.Id, Kind = HandleKind.WaId, Handle = phone.TrimStart('+') });
        await scope.Db.SaveChangesAsync();
        return (conversation.Id, customer.Id);
    }

    /// <summary>The customer writes; nothing wakes, so that the test takes the turn itself.</summary>
    internal async Task SayAsync(params string[] texts)
    {
        foreach (var text in texts) await AddAsync(text, MessageKind.Text);
    }

    internal async Task AddAsync(string text, MessageKind kind, DateTimeOffset? at = null, MessageExtras? extras = null)
    {
        var now = App.Get<TimeProvider>().GetUtcNow();
        await using var scope = App.In(Shop.Id);
        var conversation = await scope.Db.Conversations.SingleAsync(c => c.Id == Conversation);
        scope.Db.Add(new Message
        {
            Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = ++conversation.LastSeq, ChannelMessageId = $"in-{Guid.NewGuid():N}", Direction = Direction.In,
            Author = Author.Customer, Kind = kind, Text = text, At = at ?? now, StoredAt = now, Extras = extras is null ? null : JsonSerializer.Serialize(extras, JsonSerializerOptions.Web),
        });
        conversation.FirstUnansweredAt ??= now;
        conversation.LastCustomerActionAt = now;
        await scope.Db.SaveChangesAsync();
    }

    /// <summary>Words that go to the customer without a turn: a person's, the courier's news, a note among members.</summary>
    internal async Task AddSaidAsync(Author author, string text, MessageKind kind = MessageKind.Text, MessageStatus status = MessageStatus.Sent)
    {
        var now = App.Get<TimeProvider>().GetUtcNow();
        await using var scope = App.In(Shop.Id);
        var conversation = await scope.Db.Conversations.SingleAsync(c => c.Id == Conversation);
        scope.Db.Add(new Message
        {
            Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = ++conversation.LastSeq, Direction = Direction.Out,
            Author = author, Kind = kind, Text = text, Status = status, At = now, StoredAt = now,
        });
        await scope.Db.SaveChangesAsync();
    }

    internal Task<TurnEnd> TakeAsync() => App.Get<Turn>().TakeAsync(Shop.Id, Conversation, TestContext.Current.CancellationToken);

    internal async Task<TurnEnd> SayAndTakeAsync(params string[] texts)
    {
        await SayAsync(texts);
        return await TakeAsync();
    }

    internal Task ScriptAsync(params JsonObject[] responses) => ModeAsync(new() { ["mode"] = "script", ["responses"] = new JsonArray([.. responses.Select(r => r.DeepClone())]) });

    internal Task HostileAsync(string kind, string? variant = null) => ModeAsync(variant is null ? new() { ["mode"] = "hostile", ["kind"] = kind } : new() { ["mode"] = "hostile", ["kind"] = kind, ["variant"] = variant });

    internal Task SellerAsync() => ModeAsync(new() { ["mode"] = "seller" });

    private async Task ModeAsync(JsonObject mode)
    {
        using var answer = await App.Sandbox.PostAsJsonAsync("/claude/_mode", mode);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    internal async Task FaultAsync(object fault) => (await App.Sandbox.PostAsJsonAsync("/claude/_faults", fault)).EnsureSuccessStatusCode();

    /// <summary>True once no ordered fault is left: the slow call has begun.</summary>
    internal async Task<bool> IsThinkingAsync() => !(await App.Sandbox.GetStringAsync("/claude/_faults")).Contains("\"kind\":\"slow\"", StringComparison.Ordinal);

    internal async Task<IReadOnlyList<JsonNode>> RequestsAsync() =>
        [.. (await App.Sandbox.GetFromJsonAsync<JsonNode>("/claude/_log"))!["items"]!.AsArray().Where(i => i!["path"]!.GetValue<string>().EndsWith("/messages", StringComparison.Ordinal)).Select(i => i!)];

    /// <summary>What the shop said, in order.</summary>
    internal async Task<IReadOnlyList<Message>> SaidAsync()
    {
        await using var scope = App.In(Shop.Id);
        return await scope.Db.Messages.Where(m => m.ConversationId == Conversation && m.Direction == Direction.Out).OrderBy(m => m.Seq).ToListAsync();
    }

    internal async Task<string> LastSaidAsync() => string.Join('\n', (await SaidAsync()).GroupBy(m => m.TurnId).LastOrDefault()?.Select(m => m.Text) ?? []);

    internal async Task<Conversation> NowAsync()
    {
        await using var scope = App.In(Shop.Id);
        return await scope.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == Conversation);
    }

    internal async Task ChangeAsync(Action<Conversation> change)
    {
        await using var scope = App.In(Shop.Id);
        change(await scope.Db.Conversations.SingleAsync(c => c.Id == Conversation));
        await scope.Db.SaveChangesAsync();
    }

    internal async Task<IReadOnlyList<TurnRecord>> TurnsAsync()
    {
        await using var scope = App.In(Shop.Id);
        return await scope.Db.Turns.OrderBy(t => t.Id).ToListAsync();
    }

    /// <summary>Orders with a number.</summary>
    internal async Task<IReadOnlyList<Order>> OrdersAsync()
    {
        await using var scope = App.In(Shop.Id);
        return await scope.Db.Orders.Include(o => o.Lines).Where(o => o.Number > 0).OrderBy(o => o.Number).ToListAsync();
    }

    internal async Task<Order?> DraftAsync()
    {
        await using var scope = App.In(Shop.Id);
        return await scope.Get<Drafts>().OpenAsync(Conversation, default);
    }

    /// <summary>The last turn's tool calls as the merchant sees them.</summary>
    internal async Task<IReadOnlyList<(string Tool, string Result)>> StepsAsync() =>
        [.. JsonNode.Parse((await TurnsAsync())[^1].Why)!["steps"]!.AsArray().Select(s => (s!["tool"]!.GetValue<string>(), s["result"]!.GetValue<string>()))];

    /// <summary>A complete draft of two dresses to Bir El Djir, total 7 600 DA, saved by an earlier turn and read back when wished.</summary>
    internal async Task<Order> DraftReadyAsync(bool readBack = true)
    {
        await ScriptAsync(
            Calls(("save_order", new JsonObject
            {
                ["items"] = new JsonArray(new JsonObject { ["product"] = "Robe d'été", ["variant"] = "M / Noir", ["quantity"] = 2 }),
                ["name"] = "Amel", ["phone"] = "0500000012", ["wilaya"] = "Oran", ["commune"] = "Bir El Djir", ["delivery"] = "home", ["address"] = "cité 12",
            })),
            Says(readBack ? "Je récapitule : 2 robes M noir, à domicile à Bir El Djir, 0500000012. Total 7 600 DA. Vous confirmez ?" : "Très bien, autre chose ?"));
        Assert.Equal(TurnEnd.Replied, await SayAndTakeAsync("bonjour je voudrais deux robes M noir, Amel 0500000012, Bir El Djir Oran à domicile cité 12"));
        return (await DraftAsync())!;
    }

    internal static JsonObject Says(string text, string stop = "end_turn") => Message([new JsonObject { ["type"] = "text", ["text"] = text }], stop);

    internal static JsonObject Calls(params (string Name, JsonObject Input)[] calls) =>
        Message([.. calls.Select((c, i) => (JsonNode)new JsonObject { ["type"] = "tool_use", ["id"] = $"toolu_{Guid.NewGuid():N}{i}", ["name"] = c.Name, ["input"] = c.Input.DeepClone() })], "tool_use");

    internal static JsonObject Message(JsonNode[] content, string stop) => new()
    {
        ["id"] = $"msg_{Guid.NewGuid():N}", ["type"] = "message", ["role"] = "assistant", ["model"] = "claude-haiku-5-5", ["content"] = new JsonArray(content), ["stop_reason"] = stop, ["stop_sequence"] = null,
        ["usage"] = new JsonObject { ["input_tokens"] = 1000, ["output_tokens"] = 100 },
    };

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>Accepts everything and delivers nothing.</summary>
    private sealed class DeafSender : ISender
    {
        public IReadOnlyList<string> Split(ChannelKind kind, string text, bool withButtons) => [text];
        public Task<SendResult> SendAsync(OutgoingMessage message, CancellationToken stop) => Task.FromResult(new SendResult($"out-{message.Message.Id}"));
        public Task<string?> FindAsync(OutgoingMessage message, CancellationToken stop) => Task.FromResult<string?>(null);
        public Task<IReadOnlyList<EchoNews>> ReadThreadAsync(OutgoingMessage message, CancellationToken stop) => Task.FromResult<IReadOnlyList<EchoNews>>([]);
        public Task ShowTypingAsync(Channel channel, IReadOnlyList<PersonHandle> to, string? lastMessageId, CancellationToken stop) => Task.CompletedTask;
        public Task<string?> NameOfAsync(Channel channel, PersonHandle person, CancellationToken stop) => Task.FromResult<string?>(null);
        public Task<byte[]> FetchAsync(Channel channel, Attachment attachment, CancellationToken stop) => Task.FromResult(Array.Empty<byte>());
    }
}
