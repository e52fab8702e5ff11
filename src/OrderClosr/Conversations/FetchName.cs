using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Conversations;

/// <summary>Asks the channel for the name of a customer whose messages do not carry it (Messenger and Instagram; facts/meta.md sections 3.5 and 4.4).</summary>
public sealed record FetchName(CustomerId Customer, ConversationId Conversation, ChannelId Channel) : IJob
{
    public static string Kind => "fetch_name";

    /// <summary>In the channel's lane, inside its budget.</summary>
    public string Lane => Channels.Channel.LaneOf(Channel);

    /// <summary>Of its own: an answer never waits for a name.</summary>
    public string OrderKey => $"name-{Customer}";

    /// <summary>Who is not known after this stays "customer" until they say their name.</summary>
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(1);
}

/// <summary>The first message of somebody without a name has it looked up, once.</summary>
internal sealed class FetchNameOnMessageReceived(OrderClosrDb db, TimeProvider time) : IListener<MessageReceived>
{
    /// <summary>The customer's first message may stand behind one or two of a person of the shop; who is deeper in a talk was asked for long ago.</summary>
    private const int Beginning = 3;

    public async Task OnAsync(MessageReceived fact, CancellationToken stop)
    {
        var (message, conversation) = (fact.Message, fact.Conversation);
        // Both rows were loaded to write the message, so finding them asks nobody. (Asking through "Local" looks for changes in everything loaded, once per message.)
        if (message.Seq > Beginning || await db.Conversations.FindAsync([conversation], stop) is null or { ChannelKind: ChannelKind.Whatsapp } || await db.Customers.FindAsync([fact.Customer], stop) is not { Name: "" }) return;
        if (message.Seq > 1 && await db.Messages.AnyAsync(m => m.ConversationId == conversation && m.Direction == Direction.In && m.Seq < message.Seq, stop)) return;
        db.Later(new FetchName(fact.Customer, conversation, message.ChannelId), time.GetUtcNow());
    }
}

internal sealed class FetchNameHandler(OrderClosrDb db, ISender sender) : IJobHandler<FetchName>
{
    public async Task<JobOutcome> RunAsync(FetchName job, JobRun run, CancellationToken stop)
    {
        if (await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Customer, stop) is not { Name: "" }) return JobOutcome.Done();
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Channel && c.State == ChannelState.Connected, stop) is not { } channel) return JobOutcome.Dropped("The channel does not answer.");
        var handle = await db.CustomerHandles.AsNoTracking().Where(h => h.CustomerId == job.Customer && h.ChannelId == job.Channel).OrderBy(h => h.Id).FirstOrDefaultAsync(stop);
        if (handle is null || await sender.NameOfAsync(channel, new(handle.Kind, handle.Handle), stop) is not { } found || Receiving.Clean(found).Trim() is not { Length: > 0 } name) return JobOutcome.Done();
        return JobOutcome.Done(async (scope, inner) =>
        {
            // What they said themselves meanwhile is better.
            if (await scope.Db.Customers.SingleOrDefaultAsync(c => c.Id == job.Customer, inner) is not { Name: "" } customer) return;
            KnownCustomers.Rename(customer, name);
            scope.Db.Tell("conversation", job.Conversation);
        });
    }
}
