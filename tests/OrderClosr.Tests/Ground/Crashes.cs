using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

/// <summary>Lets the minutes pass that the engine waits after a crash, by writing to the rows that hold them.</summary>
internal static class Crashes
{
    /// <summary>A start takes seconds on an idle machine; on one that builds and tests at the same time it took minutes.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The leases of the dead run out; <paramref name="heldFor"/> spares what a living process holds.</summary>
    internal static async Task LeasesRunOutAsync(TestApp host, TimeSpan heldFor = default)
    {
        var now = host.Get<TimeProvider>().GetUtcNow();
        var until = now + JobRunner.Lease - heldFor;
        await using var all = host.Get<WorkspaceScopes>().OpenEverywhere("the test lets leases run out");
        await all.Db.Everywhere<Job>().Where(j => j.State == JobState.Running && j.LeasedUntil < until).ExecuteUpdateAsync(set => set.SetProperty(j => j.LeasedUntil, now.AddSeconds(-1)));
    }

    /// <summary>What may have been sent before <paramref name="before"/> and was looked for in vain was so a minute ago: the wait for its echo or status is over.</summary>
    internal static async Task LookingEndsAsync(TestApp host, DateTimeOffset before)
    {
        await using var all = host.Get<WorkspaceScopes>().OpenEverywhere("the test lets the wait for echoes run out");
        var unknown = await all.Db.Everywhere<Job>().AsNoTracking().Where(j => j.Kind == SendMessage.Kind && j.State == JobState.OutcomeUnknown).Select(j => j.Payload).ToListAsync();
        foreach (var payload in unknown) await SentAMinuteAgoAsync(host, JsonSerializer.Deserialize<SendMessage>(payload, JobRows.PayloadJson)!.Message, before);
    }

    /// <summary>The message was marked as being sent a minute ago.</summary>
    internal static async Task SentAMinuteAgoAsync(TestApp host, Id<Message> message, DateTimeOffset? before = null)
    {
        var now = host.Get<TimeProvider>().GetUtcNow();
        var latest = before ?? now;
        var minuteAgo = now.AddMinutes(-1).AddSeconds(-1);
        await using var all = host.Get<WorkspaceScopes>().OpenEverywhere("the test lets the wait for an echo run out");
        await all.Db.Everywhere<Message>().Where(m => m.Id == message && m.ChannelMessageId == null && m.SendingAt <= latest && m.SendingAt > minuteAgo)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.SendingAt, minuteAgo));
    }
}
