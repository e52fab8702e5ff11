using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>The next step of a rescue. Written whenever <see cref="Rescue.DueAt"/> is set, due at that time.</summary>
public sealed record StepRescue(WorkspaceId Workspace, RescueId Rescue) : IJob
{
    public static string Kind => "step_rescue";
    public string Lane => $"work/{Workspace}";
    public string OrderKey => Rescue.ToString();
}

/// <summary>A rescue that went on meanwhile is left alone: its newer job comes at its own time.</summary>
internal sealed class StepRescueHandler : IJobHandler<StepRescue>
{
    public Task<JobOutcome> RunAsync(StepRescue job, JobRun run, CancellationToken stop) => Task.FromResult(JobOutcome.Done((scope, inner) => scope.Get<RescueSteps>().RunAsync(job.Rescue, inner)));
}

/// <summary>What happens to a rescue by the clock: the customer is asked, reminded, found silent; what was agreed is looked at again.</summary>
internal sealed class RescueSteps(OrderClosrDb db, Reaching reaching, RescueWords words, TimeProvider time)
{
    /// <summary>Between the reminder and the call of a person.</summary>
    private static readonly TimeSpan AfterReminder = TimeSpan.FromDays(1);

    internal async Task RunAsync(RescueId id, CancellationToken stop)
    {
        if (await db.Rescues.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, stop) is not { IsOpen: true } seen) return;
        var conversation = seen.ConversationId is { } talk ? await LockAsync(talk, stop) : null;
        if (await db.LockedRescueAsync(id, stop) is not { IsOpen: true } rescue) return;
        var now = time.GetUtcNow();
        if (rescue.State == RescueState.NeedsPerson || rescue.DueAt is not { } due || due > now) return;
        var settings = await RescueSettings.OfAsync(db, stop);
        var parcel = await db.Parcels.SingleAsync(p => p.Id == rescue.ParcelId, stop);
        switch (rescue.State)
        {
            case RescueState.Begun:
                await AskAsync(rescue, parcel, conversation, settings, now, stop);
                break;
            case RescueState.Asked when await WasNotSentAsync(rescue, stop):
                db.CallPerson(rescue, RescueNeeds.NotSent, settings, new(ActorKind.System, now));
                break;
            case RescueState.Asked when rescue.Kind == RescueKind.DeskWaiting && rescue.RemindedAt is null:
                await RemindAsync(rescue, parcel, conversation, settings, now, stop);
                break;
            // The driver tries again by himself: let him.
            case RescueState.Asked when parcel.State == ParcelState.OutForDelivery:
                rescue.DueAt = settings.SilentAt(now);
                db.StepLater(rescue, now);
                break;
            case RescueState.Asked:
                db.CallPerson(rescue, RescueNeeds.Silent, settings, new(ActorKind.System, now));
                break;
            case RescueState.Answered:
                db.CallPerson(rescue, parcel.State == ParcelState.AtDesk ? RescueNeeds.StillAtDesk : rescue.NewDay is { } day && day < AlgiersTime.DateInAlgiers(now) ? RescueNeeds.DayWentBy : RescueNeeds.NothingMoved, settings, new(ActorKind.System, now));
                break;
        }
        await db.SaveChangesAsync(stop);
        db.TellOf(rescue);
    }

    private async Task AskAsync(Rescue rescue, Parcel parcel, Conversation? conversation, RescueSettings settings, DateTimeOffset now, CancellationToken stop)
    {
        var said = await SayAsync(rescue, parcel, conversation, settings, isReminder: false, now, stop);
        if (said is null) return;
        var moved = RescueTransitions.Move(rescue, RescueState.Asked, "asked", new(ActorKind.System, now, MessageId: said));
        if (!moved.Ok) throw new InvalidOperationException(moved.Refusal.Words);
        db.Add(moved.Value);
        (rescue.AskedBy, rescue.AskedAt) = (said, rescue.AskedAt ?? now);
        rescue.DueAt = rescue.Kind == RescueKind.DeskWaiting ? settings.NextWaking(now + TimeSpan.FromDays(Math.Clamp(settings.RemindAfterDays, 1, 14))) : settings.SilentAt(now);
        db.StepLater(rescue, now);
    }

    private async Task RemindAsync(Rescue rescue, Parcel parcel, Conversation? conversation, RescueSettings settings, DateTimeOffset now, CancellationToken stop)
    {
        var said = await SayAsync(rescue, parcel, conversation, settings, isReminder: true, now, stop);
        if (said is null) return;
        db.Add(RescueTransitions.Step(rescue, "reminded", new(ActorKind.System, now, MessageId: said)));
        (rescue.AskedBy, rescue.RemindedAt, rescue.DueAt) = (said, now, settings.NextWaking(now + AfterReminder));
        db.StepLater(rescue, now);
    }

    /// <summary>Writes to the customer, or calls a person and answers null.</summary>
    private async Task<MessageId?> SayAsync(Rescue rescue, Parcel parcel, Conversation? conversation, RescueSettings settings, bool isReminder, DateTimeOffset now, CancellationToken stop)
    {
        if (conversation is null) return Call(RescueNeeds.NoConversation);
        if (!settings.WritesAlone) return Call(RescueNeeds.SwitchedOff);
        if (await reaching.SilentBecauseAsync(conversation, stop) is { } silent) return Call(silent switch { Gate.OptedOut => RescueNeeds.OptedOut, Gate.HeldByPerson or Gate.Closed => RescueNeeds.Held, _ => RescueNeeds.Silenced }, silent);
        var said = await reaching.SayLaterAsync(conversation, new(Author.Agent, await words.AskAsync(rescue, parcel, conversation, settings, isReminder, stop)), await words.TemplateAsync(rescue, parcel, conversation, settings, isReminder, stop), stop);
        if (said.Ok && said.Value.Count > 0) return said.Value[^1].Id;
        return Call(RescueNeeds.WindowClosed, said.Ok ? null : said.Refusal.Code);

        MessageId? Call(string why, string? because = null)
        {
            db.CallPerson(rescue, why, settings, new(ActorKind.System, now, because));
            return null;
        }
    }

    private async Task<bool> WasNotSentAsync(Rescue rescue, CancellationToken stop)
    {
        var asked = rescue.AskedBy;
        return await db.Messages.AnyAsync(m => m.Id == asked && m.Status == MessageStatus.Failed, stop);
    }

    private async Task<Conversation?> LockAsync(ConversationId id, CancellationToken stop)
    {
        await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
        return await db.Conversations.SingleOrDefaultAsync(c => c.Id == id, stop);
    }
}
