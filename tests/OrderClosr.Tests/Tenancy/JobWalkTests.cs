using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Tenancy;

/// <summary>Promise P4 behind the doors: a job of shop A that names rows of shop B changes nothing of B and calls no vendor with B's secrets.</summary>
public sealed class JobWalkTests
{
    [Theory, OnBothDatabases]
    public async Task A_job_of_any_kind_with_foreign_ids_changes_nothing_of_the_other_shop(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Time = new TestClock(DateTimeOffset.UtcNow) });
        // What the clocks wrote at the start is over before there is a shop it could look after.
        await Eventually.HoldsAsync(async () =>
        {
            await using var all = app.Get<WorkspaceScopes>().OpenEverywhere("the test waits for the system's jobs");
            return await all.Db.Everywhere<Job>().AnyAsync(j => j.Kind == "poll_couriers") && await all.Db.Everywhere<Job>().AllAsync(j => j.State == JobState.Done);
        });
        var (a, b) = (await Planting.AddAsync(app, await app.NewShopAsync(), "mot-de-a"), await Planting.AddAsync(app, await app.NewShopAsync(), "mot-de-b"));
        var kinds = app.Services.GetServices<JobKind>().Select(k => k.Kind).ToHashSet();
        var types = typeof(App).Assembly.GetTypes().Where(t => typeof(IJob).IsAssignableFrom(t) && t is { IsInterface: false, IsAbstract: false }).ToList();
        Assert.True(kinds.Count > 0);
        var before = await Fingerprint.OfAsync(app, b.Shop);
        var runner = app.Get<JobRunner>();
        var walked = 0;
        // A clock's job is the system's own: it takes no ids and goes through every shop on purpose.
        foreach (var type in types.Where(t => kinds.Contains(KindOf(t)) && Clocks.All.All(c => c.Job != KindOf(t))))
        {
            var (payload, lane) = Payload(type, a, b);
            var id = Id<Job>.New(app.Time.GetUtcNow());
            await using (var scope = app.In(a.Shop.Id))
            {
                scope.Db.Add(new Job
                {
                    Id = id, Kind = KindOf(type), Lane = lane, OrderKey = $"walk-{walked++}", Payload = payload, CreatedAt = app.Time.GetUtcNow(), DueAt = app.Time.GetUtcNow(),
                });
                await scope.Db.SaveChangesAsync();
            }
            await runner.RunAsync(new(id, a.Shop.Id), default);
            await using var look = app.In(a.Shop.Id);
            var row = await look.Db.Jobs.FindAsync(id);
            Assert.True(row!.Attempts > 0, $"{type.Name} was not run");
            Assert.True((await Fingerprint.OfAsync(app, b.Shop)).ChangedSince(before) is [], $"{type.Name} changed {string.Join(", ", (await Fingerprint.OfAsync(app, b.Shop)).ChangedSince(before))} of the other shop");
        }
        Assert.Equal(kinds.Count, types.Count(t => kinds.Contains(KindOf(t))));
        // Nothing went out in B's name.
        foreach (var vendor in new[] { "meta", "claude" })
        {
            var log = await app.Sandbox.GetStringAsync($"/{vendor}/_log");
            foreach (var channel in new[] { b.Shop.Messenger, b.Shop.Instagram, b.Shop.Whatsapp }) Assert.DoesNotContain(channel.Account, log, StringComparison.Ordinal);
            Assert.DoesNotContain("mot-de-b", log, StringComparison.Ordinal);
        }
    }

    private static string KindOf(Type job) => (string)job.GetProperty("Kind")!.GetValue(null)!;

    private static (string Json, string Lane) Payload(Type type, Planting mine, Planting theirs)
    {
        var values = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First().GetParameters().Select(p => ValueOf(type, p.Name!, p.ParameterType, mine, theirs)).ToArray();
        var job = Activator.CreateInstance(type, values)!;
        return (JsonSerializer.Serialize(job, type, JobRows.PayloadJson), (string)type.GetProperty("Lane")!.GetValue(job)!);
    }

    private static object? ValueOf(Type job, string name, Type type, Planting mine, Planting theirs)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(WorkspaceId)) return mine.Shop.Id;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
            return Activator.CreateInstance(type, theirs.IdOf(type.GetGenericArguments()[0]) ?? throw new InvalidOperationException($"{job.Name}: nothing is planted for {name}"));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            list.SetValue(ValueOf(job, name, type.GetGenericArguments()[0], mine, theirs), 0);
            return list;
        }
        if (type == typeof(string)) return "mot";
        if (type == typeof(int) || type == typeof(long)) return Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch;
        if (type == typeof(DateOnly)) return new DateOnly(2026, 12, 24);
        if (type == typeof(Guid)) return theirs.Shop.Messenger.Id.Value;
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0);
        if (type == typeof(OrderClosr.Conversations.SendFailure)) return new OrderClosr.Conversations.SendFailure("mot", "1", OrderClosr.Conversations.SendReaction.StopChannel);
        throw new InvalidOperationException($"{job.Name}: the walk does not know how to fill {name}");
    }
}
