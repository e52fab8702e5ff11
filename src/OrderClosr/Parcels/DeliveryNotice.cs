using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>That a customer was told, or deliberately not told, that the driver is on the way: once per parcel and day.</summary>
public sealed class DeliveryNotice : IOfWorkspace, IHasId<DeliveryNotice>
{
    public required Id<DeliveryNotice> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ParcelId ParcelId { get; init; }
    public required CustomerId CustomerId { get; set; }

    /// <summary>The day in Algiers.</summary>
    public required DateOnly Day { get; init; }

    public required DateTimeOffset At { get; init; }
    public required MessageId MessageId { get; init; }
}

/// <summary>Tells the customer that the driver is on the way, inside the window only: nobody is called for it.</summary>
public sealed record TellDelivery(WorkspaceId Workspace, ParcelId Parcel) : IJob
{
    public static string Kind => "tell_delivery";
    public string Lane => $"work/{Workspace}";
    public string OrderKey => Parcel.ToString();
}

/// <summary>A parcel that goes out today is told today, and nobody is woken for it.</summary>
internal sealed class NoticeOnParcelMoved(OrderClosrDb db, TimeProvider time) : IListener<ParcelMoved>
{
    public async Task OnAsync(ParcelMoved fact, CancellationToken stop)
    {
        if (fact.To != ParcelState.OutForDelivery) return;
        var now = time.GetUtcNow();
        var settings = await RescueSettings.OfAsync(db, stop);
        if (settings.TellsDelivery) db.Later(new TellDelivery(db.WorkspaceId, fact.ParcelId), now, settings.NextWaking(now));
    }
}

internal sealed class TellDeliveryHandler : IJobHandler<TellDelivery>
{
    public Task<JobOutcome> RunAsync(TellDelivery job, JobRun run, CancellationToken stop) => Task.FromResult(JobOutcome.Done((scope, inner) => scope.Get<DeliveryNotices>().RunAsync(job.Parcel, inner)));
}

/// <summary>Writes the notice while it is still true.</summary>
internal sealed class DeliveryNotices(OrderClosrDb db, Reaching reaching, RescueWords words, TimeProvider time)
{
    internal async Task RunAsync(ParcelId id, CancellationToken stop)
    {
        var talk = await db.Parcels.AsNoTracking().Where(p => p.Id == id).Join(db.Set<Orders.Order>(), p => p.OrderId, o => o.Id, (_, o) => (ConversationId?)o.ConversationId).SingleOrDefaultAsync(stop);
        if (talk is not { IsNone: false } of) return;
        await db.Dialect.LockRowAsync(db, "conversations", of.Value, stop);
        if (await db.Conversations.SingleOrDefaultAsync(c => c.Id == of, stop) is not { } conversation || await db.LockedParcelAsync(id, stop) is not { State: ParcelState.OutForDelivery } parcel) return;
        var now = time.GetUtcNow();
        var today = AlgiersTime.DateInAlgiers(now);
        // A word of yesterday that came in the night is not of today.
        if (AlgiersTime.DateInAlgiers(parcel.StateAt) != today || SendWindow.IsClosed(conversation, now) || await db.DeliveryNotices.AnyAsync(n => n.ParcelId == id && n.Day == today, stop)) return;
        if (!(await RescueSettings.OfAsync(db, stop)).TellsDelivery || await reaching.SilentBecauseAsync(conversation, stop) is not null) return;
        var said = await reaching.SayLaterAsync(conversation, new(Author.Agent, await words.OnTheWayAsync(parcel, conversation, stop)), null, stop);
        if (said.Ok && said.Value.Count > 0) db.Add(new DeliveryNotice { Id = Id<DeliveryNotice>.New(now), ParcelId = id, CustomerId = conversation.CustomerId, Day = today, At = now, MessageId = said.Value[^1].Id });
        await db.SaveChangesAsync(stop);
    }
}
