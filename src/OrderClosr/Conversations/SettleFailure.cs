using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Conversations;

/// <summary>What follows, beyond its message, when the channel took a message and said only later that it did not arrive: the same as when it refuses one at once.</summary>
/// <param name="At">The channel's time of its word.</param>
public sealed record SettleFailure(MessageId Message, ConversationId Conversation, ChannelId Channel, SendFailure Failure, DateTimeOffset At) : IJob
{
    public static string Kind => "settle_failure";
    public string Lane => $"work/channel-{Channel}";
    public string OrderKey => Conversation.ToString();
}

internal sealed class SettleFailureHandler : IJobHandler<SettleFailure>
{
    public Task<JobOutcome> RunAsync(SettleFailure job, JobRun run, CancellationToken stop) => Task.FromResult(JobOutcome.Done((scope, inner) => SettleAsync(scope, job, inner)));

    private static async Task SettleAsync(WorkspaceScope scope, SettleFailure job, CancellationToken stop)
    {
        var db = scope.Db;
        await db.Dialect.LockRowAsync(db, "conversations", job.Conversation.Value, stop);
        // What arrived after all, or was erased, needs nobody.
        if (await db.Messages.SingleOrDefaultAsync(m => m.Id == job.Message, stop) is not { Status: MessageStatus.Failed } message) return;
        var conversation = await db.Conversations.SingleAsync(c => c.Id == job.Conversation, stop);
        // The customer got no answer: a person has to look, unless they have asked again since, which the agent answers knowing nothing of what failed.
        // It is not sent again: no key of the channel would make a second copy harmless.
        if (message.Author == Author.Agent && conversation.HeldBy == HeldBy.Agent && !(HasActedSince(conversation, message) && conversation.FirstUnansweredAt is not null))
        {
            var holding = scope.Get<Holding>();
            holding.HandOver(conversation, "not_sent", null, await holding.ResumeAfterAsync(stop));
        }
        await ReactAsync(scope, message, conversation, job.Failure, job.At, stop);
        db.Tell("conversation", conversation.Id);
    }

    /// <summary>Does what a failure means beyond its message (<see cref="SendReaction"/>). The caller has locked the conversation's row and saves.</summary>
    internal static async Task ReactAsync(WorkspaceScope scope, Message message, Conversation conversation, SendFailure failure, DateTimeOffset at, CancellationToken stop)
    {
        var db = scope.Db;
        switch (failure.Reaction)
        {
            // Who has written or tapped since is there, whatever became of the earlier message.
            case SendReaction.Unreachable when !HasActedSince(conversation, message):
                (await db.Customers.SingleAsync(c => c.Id == conversation.CustomerId, stop)).UnreachableAt = at;
                (conversation.SilentBecause, conversation.DueAt) = (Gate.Unreachable, null);
                break;
            case SendReaction.NoAdvertising:
                (await db.Customers.SingleAsync(c => c.Id == conversation.CustomerId, stop)).AdvertisingStoppedAt ??= at;
                break;
            case SendReaction.HeldElsewhere:
                var holding = scope.Get<Holding>();
                holding.GoesElsewhere(conversation, await holding.ResumeAfterAsync(stop), scope.Get<TimeProvider>().GetUtcNow());
                await holding.DropPendingAsync(conversation, stop);
                break;
            case SendReaction.StopChannel or SendReaction.Disconnected or SendReaction.LimitChannel:
                var channel = await db.Channels.SingleAsync(c => c.Id == message.ChannelId, stop);
                // What was said of a connection that was made anew since says nothing of this one.
                if (channel.State != ChannelState.Disconnected && channel.ConnectedAt <= at) await scope.Get<ChannelHealth>().TroubleAsync(channel, failure.Code, stops: failure.Reaction != SendReaction.LimitChannel, stop);
                break;
            case SendReaction.LookAgain:
                db.Later(new CheckChannel(message.ChannelId), scope.Get<TimeProvider>().GetUtcNow());
                break;
        }
    }

    private static bool HasActedSince(Conversation conversation, Message message) => conversation.LastCustomerActionAt > (message.SendingAt ?? message.StoredAt);
}
