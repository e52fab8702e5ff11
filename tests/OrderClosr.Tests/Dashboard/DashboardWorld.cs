using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Agent;
using OrderClosr.Cash;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Dashboard;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Cash;
using OrderClosr.Tests.Support;
using OrderClosr.Web.Api;

namespace OrderClosr.Tests.Dashboard;

/// <summary>What became of one order, as a test tells it in a line.</summary>
internal sealed record Story(DateTimeOffset At)
{
    internal int Wilaya { get; init; } = 16;
    internal IReadOnlyList<(string Product, int Quantity, long Price)> Lines { get; init; } = [("robe", 1, 3500)];
    internal ShopChannel? Channel { get; init; }

    /// <summary>The ad its customer came from, with its title.</summary>
    internal (string Id, string Title)? Ad { get; init; }

    /// <summary>Minutes from the first message to the first answer; null: nobody answered.</summary>
    internal double? AnsweredAfter { get; init; } = 0.1;

    internal ActorKind? ConfirmedBy { get; init; } = ActorKind.Agent;
    internal Guid? Member { get; init; }
    internal TimeSpan ConfirmedAfter { get; init; } = TimeSpan.FromMinutes(10);
    internal ParcelState? End { get; init; }
    internal TimeSpan EndAfter { get; init; } = TimeSpan.FromDays(2);
    internal int Courier { get; init; }

    /// <summary>Days from the end to the counted money.</summary>
    internal double? PaidAfter { get; init; }
    internal bool Rescued { get; init; }
}

/// <summary>A shop of which a test knows every order, with two couriers; behind a real door, on a clock that stands still today.</summary>
internal sealed class DashboardWorld : IAsyncDisposable
{
    private int _number = 1000;

    internal required CashWorld Cash { get; init; }
    internal TestApp App => Cash.App;
    internal Shop Shop => Cash.Shop;
    internal FakeTimeProvider Clock => Cash.Clock;

    internal static async Task<DashboardWorld> StartAsync(Database database)
    {
        // Noon of Algiers today: a browser's cookies go by the true clock, and no story falls on the edge of a day.
        var clock = new TestClock(AlgiersTime.StartOf(AlgiersTime.DateInAlgiers(DateTimeOffset.UtcNow)).AddHours(12));
        var app = await TestApp.StartAsync(database, new() { Time = clock });
        return new() { Cash = await CashWorld.MakeAsync(app, await app.NewShopAsync(), 2) };
    }

    internal WorkspaceScope Open() => App.In(Shop.Id);

    internal DateOnly Today => Clock.TodayInAlgiers();

    /// <summary>Noon of so many days ago.</summary>
    internal DateTimeOffset Ago(int days) => AlgiersTime.StartOf(Today.AddDays(-days)).AddHours(10);

    /// <summary>The orders are there as if each had come in its time; what is saved marks its days.</summary>
    internal async Task<IReadOnlyList<OrderId>> TellAsync(params IEnumerable<Story> stories)
    {
        var ids = new List<OrderId>();
        await using var scope = Open();
        foreach (var story in stories) ids.Add(Add(scope, story));
        await scope.Db.SaveChangesAsync();
        return ids;
    }

    private OrderId Add(WorkspaceScope scope, Story story)
    {
        var (db, at) = (scope.Db, story.At);
        var customer = new Customer { Id = CustomerId.New(at), Name = $"Client {_number}", CreatedAt = at };
        ConversationId talk = default;
        db.Add(customer);
        if (story.Channel is { } channel)
        {
            talk = ConversationId.New(at);
            db.Add(new Conversation
            {
                Id = talk, ChannelId = channel.Id, ChannelKind = channel.Kind, CustomerId = customer.Id, CreatedAt = at, LastMessageAt = at, LastSeq = 2, AnsweredUpTo = 2,
                Referral = story.Ad is { } ad ? System.Text.Json.JsonSerializer.Serialize(new Referral { AdId = ad.Id, Title = ad.Title }, Receiving.ExtrasJson) : null,
            });
            db.Add(Message(talk, channel, 1, Direction.In, Author.Customer, at));
            if (story.AnsweredAfter is { } minutes) db.Add(Message(talk, channel, 2, Direction.Out, Author.Agent, at.AddMinutes(minutes)));
        }
        var order = new Order
        {
            Id = OrderId.New(at), Number = ++_number, CustomerId = customer.Id, ConversationId = talk, CreatedAt = at, WilayaCode = story.Wilaya, Name = customer.Name, State = story.ConfirmedBy is null ? OrderState.ToConfirm : OrderState.Confirmed,
            ConfirmedAt = story.ConfirmedBy is null ? null : at + story.ConfirmedAfter,
        };
        foreach (var (product, quantity, price) in story.Lines)
            order.Lines.Add(new() { Id = Id<OrderLine>.New(at), OrderId = order.Id, ProductId = Shop.Products[product], VariantId = VariantId.New(at), Name = product, Quantity = quantity, ListPrice = new(price), UnitPrice = new(price) });
        db.Add(order);
        db.Add(Move(order, OrderState.Draft, OrderState.ToConfirm, story.ConfirmedBy is null or ActorKind.Member ? ActorKind.Agent : story.ConfirmedBy.Value, null, at));
        if (story.ConfirmedBy is { } actor) db.Add(Move(order, OrderState.ToConfirm, OrderState.Confirmed, actor, actor == ActorKind.Member ? story.Member ?? Shop.OwnerId : null, at + story.ConfirmedAfter));
        if (story.End is { } end)
        {
            var ended = at + story.EndAfter;
            var parcel = new Parcel
            {
                Id = ParcelId.New(at), OrderId = order.Id, AccountId = Cash.Accounts[story.Courier], Courier = "any", Reference = $"REF-{_number}", Sequence = 1, PublicKey = $"{Guid.NewGuid():N}", CreatedAt = at, Tracking = $"TRK{_number}", State = end, StateAt = ended,
                WilayaCode = story.Wilaya, ToCollect = new(4500), CashState = story.PaidAfter is null ? CashState.Collected : CashState.Paid,
            };
            db.Add(parcel);
            if (story.PaidAfter is { } days) db.Add(new CashMove { Id = Id<CashMove>.New(ended), ParcelId = parcel.Id, From = CashState.Collected, To = CashState.Paid, Actor = ActorKind.Member, At = ended.AddDays(days) });
            if (story.Rescued) db.Add(new Rescue { Id = RescueId.New(at), ParcelId = parcel.Id, OrderId = order.Id, CustomerId = customer.Id, State = RescueState.Done, StateAt = ended, AtStake = new(4500), CreatedAt = at, FinishedAt = ended, IsSaved = true });
        }
        return order.Id;
    }

    internal async Task TurnsAsync(DateTimeOffset at, int replied, long microDollars, params (string Reason, int Count)[] handedOver)
    {
        await using var scope = Open();
        for (var n = 0; n < replied; n++) scope.Db.Add(Turn(TurnOutcome.Replied, null, microDollars));
        foreach (var (reason, count) in handedOver)
            for (var n = 0; n < count; n++) scope.Db.Add(Turn(TurnOutcome.HandedOver, reason, microDollars));
        await scope.Db.SaveChangesAsync();

        TurnRecord Turn(TurnOutcome outcome, string? reason, long cost) => new()
        {
            Id = Id<TurnRecord>.New(at), ConversationId = ConversationId.New(at), AnsweredUpTo = 1, StartedAt = at, EndedAt = at, Outcome = outcome, Reason = reason, Model = "played", Steps = 1, InputTokens = 1, CacheReadTokens = 0, CacheWriteTokens = 0, OutputTokens = 1,
            CostMicroDollars = cost, Why = "{}",
        };
    }

    internal async Task SettingsAsync(long margin, long returnCost, long hour, int minutes, long commission)
    {
        await using var scope = Open();
        Assert.Null(await scope.Get<SaveNumberSettings>().RunAsync(new($"{margin}", $"{returnCost}", $"{hour}", $"{minutes}", $"{commission}"), default));
    }

    /// <summary>The numbers as a program gets them.</summary>
    internal async Task<JsonNode> ApiAsync(string query)
    {
        using var http = await KeyedAsync();
        using var answer = await http.GetAsync($"/api/v1/dashboard{query}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    internal async Task<HttpClient> KeyedAsync()
    {
        await using var scope = Open();
        var http = App.NewClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await scope.Get<ApiKeys>().MakeAsync("Test", Shop.OwnerId, default)).Key);
        return http;
    }

    internal string Link(string path) => Cash.Link(path);

    private static Message Message(ConversationId talk, ShopChannel channel, int seq, Direction direction, Author author, DateTimeOffset at) => new()
    {
        Id = MessageId.New(at), ConversationId = talk, ChannelId = channel.Id, Seq = seq, ChannelMessageId = $"{Guid.NewGuid():N}", Direction = direction, Author = author, Kind = MessageKind.Text, Text = "…", At = at, StoredAt = at, Status = direction == Direction.In ? MessageStatus.Stored : MessageStatus.Read,
    };

    private static OrderMove Move(Order order, OrderState from, OrderState to, ActorKind actor, Guid? account, DateTimeOffset at) =>
        new() { Id = Id<OrderMove>.New(at), OrderId = order.Id, From = from, To = to, Actor = actor, AccountId = account, At = at };

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
