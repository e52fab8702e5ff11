using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Road;

/// <summary>The whole product with a shop that has enough goods, and the vendors' own doors to reach it.</summary>
internal sealed class RoadWorld : IAsyncDisposable
{
    private int _people;

    internal required TestApp App { get; init; }
    internal required Shop Shop { get; init; }

    internal static async Task<RoadWorld> StartAsync(Database database, TestAppOptions? options = null)
    {
        var app = await TestApp.StartAsync(database, options);
        return new() { App = app, Shop = await StockedAsync(app, await app.NewShopAsync()) };
    }

    /// <summary>Pieces for a whole test.</summary>
    internal static async Task<Shop> StockedAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        await scope.Db.Set<Variant>().ExecuteUpdateAsync(set => set.SetProperty(v => v.Stock, 5000));
        return shop;
    }

    /// <summary>A customer nobody knows yet.</summary>
    internal RoadCustomer Customer(ChannelKind kind, Shop? shop = null) => new(App, shop ?? Shop, kind, $"213500{Interlocked.Increment(ref _people) + 100_000:000000}");

    /// <summary>Sets a fault of a vendor at the sandbox.</summary>
    internal async Task FaultAsync(string vendor, object fault)
    {
        using var answer = await App.Sandbox.PostAsJsonAsync($"/{vendor}/_faults", fault);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Chooses who plays Claude.</summary>
    internal async Task ModeAsync(object mode)
    {
        using var answer = await App.Sandbox.PostAsJsonAsync("/claude/_mode", mode);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the product said to a vendor, oldest first.</summary>
    internal async Task<IReadOnlyList<JsonObject>> LogAsync(string vendor) =>
        [.. (await App.Sandbox.GetFromJsonAsync<JsonObject>($"/{vendor}/_log"))!["items"]!.AsArray().Select(i => i!.AsObject())];

    /// <summary>The last calls to Claude, for the words of a failure.</summary>
    internal async Task<string> LastOfClaudeAsync()
    {
        var calls = await LogAsync("claude");
        return $"Claude was called {calls.Count} times; at last:\n" + string.Join('\n', calls.TakeLast(3).Select(c => $"  {c["at"]} {c["path"]} {c["status"]} {Cut(c["answer"]?.ToString())}"));

        static string? Cut(string? text) => text?.Length > 500 ? text[..500] : text;
    }

    /// <summary>How often Claude was asked.</summary>
    internal async Task<int> AskedAsync() => (await LogAsync("claude")).Count(i => (string?)i["path"] is { } path && path.EndsWith("/v1/messages", StringComparison.Ordinal));

    /// <summary>What the played Claude found wrong with our requests, beyond what it refuses.</summary>
    internal async Task NothingWrongWithPromptsAsync()
    {
        var items = (await App.Sandbox.GetFromJsonAsync<JsonObject>("/claude/_assertions"))!["items"]!.AsArray();
        Assert.True(items.Count == 0, items.ToJsonString());
        var refused = (await LogAsync("claude")).Where(i => (int)i["status"]! >= 400).ToList();
        Assert.True(refused.Count == 0, string.Join('\n', refused.Take(3).Select(r => r["answer"]?.ToString())));
    }

    /// <summary>Nothing failed, nothing is left to do.</summary>
    internal async Task NothingIsLeftAsync(Shop? shop = null)
    {
        await using var scope = App.In((shop ?? Shop).Id);
        var open = await scope.Db.Jobs.AsNoTracking().Where(j => j.Kind == "send_message" && j.State != JobState.Done).Select(j => $"{j.Kind} {j.State} {j.LastFailure}").ToListAsync();
        Assert.True(open.Count == 0, string.Join('\n', open));
    }

    /// <summary>All at once; every one that fails is named.</summary>
    internal async Task EachAsync(IEnumerable<(string Name, Func<Task> Run)> stories)
    {
        var faults = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await Task.WhenAll(stories.Select(async story =>
        {
            try
            {
                await story.Run();
            }
            catch (Exception error)
            {
                faults.Enqueue($"{story.Name}: {error.Message}");
            }
        }));
        if (faults.IsEmpty) return;
        var warned = App.Logs.Lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal) || l.StartsWith("Error", StringComparison.Ordinal)).TakeLast(15);
        Assert.Fail($"{string.Join("\n\n", faults)}\n\n{await LastOfClaudeAsync()}\n\nThe app warned at last:\n{string.Join('\n', warned)}");
    }

    /// <summary>What a shop said, into the test's output.</summary>
    internal static void Said(params IEnumerable<string> replies)
    {
        foreach (var reply in replies) TestContext.Current.TestOutputHelper?.WriteLine($"< {reply.ReplaceLineEndings(" / ")}");
    }

    /// <summary>The text with the spaces inside amounts taken out.</summary>
    internal static string Digits(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"(?<=\d)[ \u00A0\u202F](?=\d)", "");

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

/// <summary>A person with a phone: writes through the sandbox's door, reads what came on it.</summary>
internal sealed class RoadCustomer(TestApp app, Shop shop, ChannelKind kind, string id)
{
    private readonly HashSet<string> _heard = [];

    internal string Id => id;
    internal ChannelKind Kind => kind;
    internal Shop Shop => shop;
    private string Channel => kind.ToString().ToLowerInvariant();
    private string Account => shop.On(kind).Account;

    /// <summary>Writes bubbles one right after the other; answers the id of the last.</summary>
    internal async Task<string> SayAsync(params string[] bubbles)
    {
        var last = "";
        foreach (var bubble in bubbles) last = await DoAsync(new { channel = Channel, account = Account, name = "Amina", text = bubble });
        return last;
    }

    /// <summary>Does anything else a customer can do (<c>audio</c>, <c>order</c>, <c>edit_of</c> …).</summary>
    internal async Task<string> DoAsync(object what)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(what)!.AsObject();
        body["channel"] ??= Channel;
        body["account"] ??= Account;
        using var answer = await app.Sandbox.PostAsJsonAsync($"/meta/_customers/{id}/say", body);
        var said = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True(answer.IsSuccessStatusCode && (bool?)said["webhook"] == true, said.ToJsonString());
        return (string)said["id"]!;
    }

    /// <summary>Has written to the shop before: the channel knows them, so a test may bring their webhooks itself. Their id on the channel.</summary>
    internal async Task<string> KnownAsync()
    {
        var handle = kind == ChannelKind.Whatsapp ? id : "7" + id;
        using var answer = await app.Sandbox.PostAsJsonAsync($"/meta/_customers/{id}", new { channel = Channel, account = Account, name = "Amina", handle, last_action_at = DateTimeOffset.UtcNow });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return handle;
    }

    /// <summary>The agent answered exactly so often, and the phone shows each of its bubbles exactly once.</summary>
    internal async Task AnsweredTimesAsync(int times)
    {
        var conversation = (await ConversationAsync())!;
        await using var scope = app.In(shop.Id);
        var turns = await scope.Db.Turns.AsNoTracking().CountAsync(t => t.ConversationId == conversation.Id && (t.Outcome == TurnOutcome.Replied || t.Outcome == TurnOutcome.HandedOver));
        var said = await scope.Db.Messages.AsNoTracking().Where(m => m.ConversationId == conversation.Id && m.Author == Author.Agent && m.Status != MessageStatus.Failed).Select(m => m.Text).ToListAsync();
        var phone = (await AgentOnPhoneAsync()).Order(StringComparer.Ordinal).ToList();
        if (turns != times || !phone.SequenceEqual(said.Order(StringComparer.Ordinal)))
            Assert.Fail($"{turns} turns instead of {times}, {phone.Count} bubbles on the phone: {string.Join(" | ", phone)}\n{await StandAsync()}");
    }

    /// <summary>What the product itself wrote, as the phone shows it.</summary>
    internal async Task<IReadOnlyList<string>> AgentOnPhoneAsync() =>
        [.. (await ThreadAsync()).Where(i => (string?)i["from"] == "business" && (string?)i["by"] == "app").Select(i => (string?)i["text"] ?? "")];

    /// <summary>What is stored of the customer, as it was written.</summary>
    internal async Task<IReadOnlyList<Message>> HeardOfAsync()
    {
        var conversation = (await ConversationAsync())!;
        await using var scope = app.In(shop.Id);
        var messages = await scope.Db.Messages.AsNoTracking().Include(m => m.Attachments).Where(m => m.ConversationId == conversation.Id && m.Direction == Direction.In).ToListAsync();
        return [.. messages.OrderBy(m => m.At).ThenBy(m => m.Seq)];
    }

    /// <summary>A person of the shop answers elsewhere.</summary>
    internal async Task ShopSaysAsync(string text, string how)
    {
        using var answer = await app.Sandbox.PostAsJsonAsync($"/meta/_business/{id}/say", new { channel = Channel, account = Account, text, how });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Everything on the customer's phone, oldest first.</summary>
    internal async Task<IReadOnlyList<JsonObject>> ThreadAsync() =>
        [.. (await app.Sandbox.GetFromJsonAsync<JsonObject>($"/meta/_customers/{id}/thread?channel={Channel}&account={Account}"))!["items"]!.AsArray().Select(i => i!.AsObject())];

    /// <summary>What the shop wrote, oldest first.</summary>
    internal async Task<IReadOnlyList<string>> ShopWroteAsync() =>
        [.. (await ThreadAsync()).Where(i => (string?)i["from"] == "business").Select(i => (string?)i["text"] ?? "")];

    /// <summary>Waits until the product has read everything, answered it and sent the answer; what is new on the phone.</summary>
    internal async Task<string> HearAsync(TimeSpan? within = null)
    {
        var written = (await ThreadAsync()).Where(i => (string?)i["from"] == "customer").Select(i => (string)i["id"]!).ToHashSet();
        // Looked at four times a second: many customers who look all the time would leave no time to answer them.
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!await IsQuietAsync(written))
        {
            if (watch.Elapsed > (within ?? TimeSpan.FromSeconds(90))) Assert.Fail($"no answer to {id} on {kind}: {await StandAsync()}");
            await Task.Delay(250);
        }
        var fresh = (await ThreadAsync()).Where(i => (string?)i["from"] == "business" && _heard.Add((string)i["id"]!)).Select(i => (string?)i["text"] ?? "").ToList();
        return string.Join("\n\n", fresh);
    }

    /// <summary>All that was written is stored and answered, and nothing waits to be sent.</summary>
    private async Task<bool> IsQuietAsync(HashSet<string> written)
    {
        if (await ConversationAsync() is not { } met) return false;
        await using var scope = app.In(shop.Id);
        // In this order: a message is stored together with "unanswered", so who looks at the conversation first may take one that
        // comes between the two looks for answered, and hear silence.
        var known = await scope.Db.Messages.Where(m => m.ConversationId == met.Id && m.Direction == Direction.In).Select(m => m.ChannelMessageId ?? "").ToListAsync();
        if (!written.IsSubsetOf(known) || await ConversationAsync() is not { FirstUnansweredAt: null } conversation) return false;
        var key = conversation.Id.ToString();
        return !await scope.Db.Jobs.AnyAsync(j => j.OrderKey == key && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown));
    }

    /// <summary>Waits until an amount stands on the phone; fails with how the conversation stands.</summary>
    internal async Task HearsOfAsync(string amount)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!RoadWorld.Digits(string.Join(' ', await ShopWroteAsync())).Contains(amount, StringComparison.Ordinal))
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(60)) Assert.Fail($"no word of {amount}, only \"{string.Join(" / ", await ShopWroteAsync())}\": {await StandAsync()}");
            await Task.Delay(250);
        }
    }

    /// <summary>Waits until no message to this customer waits to be sent.</summary>
    internal Task HearNothingMoreAsync() => Eventually.HoldsAsync(async () =>
    {
        var key = (await ConversationAsync())!.Id.ToString();
        await using var scope = app.In(shop.Id);
        return !await scope.Db.Jobs.AnyAsync(j => j.OrderKey == key && j.Kind == "send_message" && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown));
    });

    /// <summary>Writes, then waits for the answer, which must not be silence.</summary>
    internal async Task<string> AskAsync(params string[] bubbles)
    {
        await SayAsync(bubbles);
        var heard = await HearAsync();
        if (heard.Length == 0) Assert.Fail($"silence after \"{string.Join(" / ", bubbles)}\" on {kind}: {await StandAsync()}");
        return heard;
    }

    /// <summary>How the conversation stands, for the words of a failure.</summary>
    internal async Task<string> StandAsync()
    {
        if (await ConversationAsync() is not { } c) return "nothing was stored";
        await using var scope = app.In(shop.Id);
        var messages = await scope.Db.Messages.AsNoTracking().Where(m => m.ConversationId == c.Id).OrderBy(m => m.Seq).ToListAsync();
        var key = c.Id.ToString();
        var jobs = await scope.Db.Jobs.AsNoTracking().Where(j => j.OrderKey == key).ToListAsync();
        var turns = await scope.Db.Set<TurnRecord>().AsNoTracking().Where(t => t.ConversationId == c.Id).OrderBy(t => t.Id).ToListAsync();
        return $"held by {c.HeldBy} ({c.HandOverReason}), silent {c.SilentBecause}, answered {c.AnsweredUpTo} of {c.LastSeq}, due {c.DueAt:O}, unanswered since {c.FirstUnansweredAt:O}, now {app.Get<TimeProvider>().GetUtcNow():O}\n"
            + string.Join('\n', messages.Select(m => $"  {m.Seq} {m.Author} {m.Status} {m.Error} {m.Text.ReplaceLineEndings(" / ")}")) + "\n"
            + string.Join('\n', jobs.Select(j => $"  job {j.Kind} {j.State} {j.Attempts} {j.LastFailure}")) + "\n"
            + string.Join('\n', turns.Select(t => $"  turn {t.Outcome} {t.Reason} {t.AnsweredUpTo} {t.Steps} {(t.Why.Length > 600 ? t.Why[..600] : t.Why)}"));
    }

    private ConversationId? _conversation;

    internal async Task<Conversation?> ConversationAsync()
    {
        await using var scope = app.In(shop.Id);
        if (_conversation is { } known) return await scope.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == known);
        var handles = ((await app.Sandbox.GetFromJsonAsync<JsonObject>($"/meta/_customers/{id}/thread?channel={Channel}&account={Account}"))!["handles"]!.AsArray())
            .SelectMany(h => new[] { (string?)h!["handle"], (string?)h["user_id"] }).Where(h => h is not null).ToList();
        var channel = shop.On(kind).Id;
        var found = await (from handle in scope.Db.Set<OrderClosr.Customers.CustomerHandle>()
                      where handle.ChannelId == channel && handles.Contains(handle.Handle)
                      join conversation in scope.Db.Conversations on handle.CustomerId equals conversation.CustomerId
                      where conversation.ChannelId == channel
                      select conversation).AsNoTracking().FirstOrDefaultAsync();
        _conversation = found?.Id;
        return found;
    }

    /// <summary>Orders of this customer that are no drafts.</summary>
    internal async Task<IReadOnlyList<Order>> OrdersAsync()
    {
        if (await ConversationAsync() is not { } conversation) return [];
        await using var scope = app.In(shop.Id);
        return await scope.Db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.ConversationId == conversation.Id && o.State != OrderState.Draft).ToListAsync();
    }

    /// <summary>The one order, as people read it: <c>2 × Robe d'été, M / Noir</c>.</summary>
    internal async Task<Order> BoughtAsync(string lines, string commune, string phone, long goods, long discount, long fee)
    {
        var order = Assert.Single(await OrdersAsync());
        Assert.Equal(OrderState.Confirmed, order.State);
        Assert.Equal(lines, string.Join(" + ", order.Lines.OrderBy(l => l.Id).Select(l => $"{l.Quantity} × {l.FullName}")));
        Assert.Equal(commune, app.Get<OrderClosr.Shipping.Places>().CommuneOf(order.CommuneCode)?.Name);
        Assert.Equal(Phone.Stored(phone), order.Phone);
        Assert.Equal((goods, discount, fee, goods - discount + fee), (order.Goods.Amount, order.Discount.Amount, order.DeliveryFee.Amount, order.Total.Amount));
        return order;
    }
}
