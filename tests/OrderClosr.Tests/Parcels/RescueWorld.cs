using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Agent;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>A parcel on its way to a customer of a conversation, in a world whose clock is the test's: Monday 2 November 2026, ten in the morning of Algiers.</summary>
internal sealed class RescueWorld(ParcelsWorld parcels, Order order, ConversationId conversation, CustomerId customer) : IAsyncDisposable
{
    internal ParcelsWorld Parcels => parcels;
    internal Order Order => order;
    internal ConversationId Conversation => conversation;
    internal CustomerId Customer => customer;
    internal DateTimeOffset Now => parcels.Clock.GetUtcNow();

    internal static async Task<RescueWorld> StartAsync(Database database, Action<Conversation>? change = null, Action<RescueSettings>? settings = null)
    {
        var parcels = await ParcelsWorld.StartAsync(database);
        var (conversation, customer) = await TurnWorld.AddConversationAsync(parcels.App, parcels.Shop);
        var world = new RescueWorld(parcels, await parcels.OrderOfAsync(customer, conversation), conversation, customer);
        if (settings is not null) await world.SetAsync(settings);
        await world.ChangeAsync(change ?? (_ => { }));
        await parcels.RunAsync();
        return world;
    }

    internal async Task SetAsync(Action<RescueSettings> change)
    {
        await using var scope = parcels.Open();
        var settings = await scope.Db.RescueSettings.FirstOrDefaultAsync();
        if (settings is null) scope.Db.Add(settings = new RescueSettings { Id = Id<RescueSettings>.New(Now) });
        change(settings);
        await scope.Db.SaveChangesAsync();
    }

    internal async Task ChangeAsync(Action<Conversation> change)
    {
        await using var scope = parcels.Open();
        change(await scope.Db.Conversations.SingleAsync(c => c.Id == conversation));
        await scope.Db.SaveChangesAsync();
    }

    /// <summary>The courier says it, now; then what is due now is done.</summary>
    internal async Task HearAsync(string label, string? reason = null, DateTimeOffset? at = null)
    {
        await SayOfAsync(TestCourier.Word(at ?? Now, label, reason));
        await DueAsync();
    }

    internal Task SayOfAsync(params CourierEvent[] words) => parcels.DoAsync(async s =>
    {
        await s.Db.InTransactionAsync(async () =>
        {
            var row = await s.Db.LockedParcelAsync((await s.Db.Parcels.AsNoTracking().SingleAsync(p => p.OrderId == order.Id)).Id, default);
            await s.Get<Moving>().HearAsync(row!, new() { Tracking = row!.Tracking, Events = words }, default);
            await s.Db.SaveChangesAsync();
        }, default);
        return 0;
    });

    /// <summary>Runs what is due in the shop's own lane, and nothing later.</summary>
    internal async Task DueAsync() => await parcels.App.Get<JobRunner>().RunDueAsync($"work/{parcels.Shop.Id}", default);

    /// <summary>Time goes by, with every step done on the way.</summary>
    internal async Task PassAsync(TimeSpan time)
    {
        var end = Now + time;
        var runner = parcels.App.Get<JobRunner>();
        for (var round = 0; round < 200; round++)
        {
            await DueAsync();
            if (await runner.NextDueAsync($"work/{parcels.Shop.Id}", default) is not { } next || next > end) break;
            if (next > Now) parcels.Clock.Advance(next - Now);
        }
        if (end > Now) parcels.Clock.Advance(end - Now);
        await DueAsync();
    }

    internal async Task<Rescue> RescueAsync() => (await AllAsync()).Single();

    internal Task<List<Rescue>> AllAsync() => parcels.DoAsync(s => s.Db.Rescues.AsNoTracking().OrderBy(r => r.Id).ToListAsync());

    internal async Task<IReadOnlyList<string>> StoryAsync()
    {
        var id = (await AllAsync())[^1].Id;
        return await parcels.DoAsync(async s => (IReadOnlyList<string>)[.. (await s.Get<RescueQueue>().StoryAsync(id, default)).Select(x => x.What)]);
    }

    /// <summary>What the customer was sent, oldest first.</summary>
    internal Task<List<Message>> SaidAsync() => parcels.DoAsync(s => s.Db.Messages.AsNoTracking().Where(m => m.ConversationId == conversation && m.Direction == Direction.Out).OrderBy(m => m.Seq).ToListAsync());

    internal Task<Conversation> TalkAsync() => parcels.DoAsync(s => s.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == conversation));

    internal Task<RescueSaved> SavedAsync() => parcels.DoAsync(s => s.Get<RescueQueue>().SavedAsync(default));

    internal Task<T> DoAsync<T>(Func<WorkspaceScope, Task<T>> act) => parcels.DoAsync(act);

    internal Cause By(ActorKind actor, string? reason = null) => new(actor, Now, reason);

    public ValueTask DisposeAsync() => parcels.DisposeAsync();
}
