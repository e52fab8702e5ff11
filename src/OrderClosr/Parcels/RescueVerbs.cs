using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>What a member does to a rescue from the queue.</summary>
public sealed class WorkRescue(OrderClosrDb db)
{
    /// <summary>What a try to reach the customer came to.</summary>
    public static readonly IReadOnlyList<string> Tries = ["no_answer", "busy", "switched_off", "wrong_number", "courier_called"];

    /// <summary>The member called and nothing is settled yet: counted, and due again at <see cref="Cause.Until"/> (else after the workspace's waking hours).</summary>
    /// <param name="what">One of <see cref="Tries"/>.</param>
    public Task<Result<Rescue>> TriedAsync(RescueId id, string what, Cause cause, CancellationToken stop) => DoAsync(id, async rescue =>
    {
        if (!Tries.Contains(what)) return new Refusal("bad_try", "Say what the try came to.", "what", Tries);
        if (cause.Until is { } until && (until <= cause.At || until > cause.At + TimeSpan.FromDays(10))) return new Refusal("date_too_far", "At most 10 days from now.", "date");
        db.Add(RescueTransitions.Step(rescue, "tried", cause with { Reason = what }));
        rescue.DueAt = cause.Until ?? (await RescueSettings.OfAsync(db, stop)).SilentAt(cause.At);
        if (rescue.State != RescueState.NeedsPerson) db.StepLater(rescue, cause.At);
        return null;
    }, stop);

    /// <summary>The member typed it at the courier's screen, or settled it on the phone: it is with the courier now.</summary>
    /// <param name="day">The day agreed, where one was.</param>
    public Task<Result<Rescue>> ToldCourierAsync(RescueId id, DateOnly? day, Cause cause, CancellationToken stop) => DoAsync(id, rescue =>
    {
        if (day is { } on && RescueDays.Refuse(on, AlgiersTime.DateInAlgiers(cause.At)) is { } no) return Task.FromResult<Refusal?>(no);
        var moved = RescueTransitions.Move(rescue, RescueState.Answered, "told_courier", cause);
        if (!moved.Ok) return Task.FromResult<Refusal?>(moved.Refusal);
        db.Add(moved.Value);
        if (day is not null) rescue.NewDay = day;
        rescue.WaitForCourier(cause.At);
        db.StepLater(rescue, cause.At);
        return Task.FromResult<Refusal?>(null);
    }, stop);

    /// <summary>The customer is written to once more.</summary>
    public Task<Result<Rescue>> AskAgainAsync(RescueId id, Cause cause, CancellationToken stop) => DoAsync(id, rescue =>
    {
        if (rescue.ConversationId is null) return Task.FromResult<Refusal?>(new Refusal("no_conversation", "This order came without a conversation: call the customer.", Kind: RefusalKind.Conflict));
        var moved = RescueTransitions.Move(rescue, RescueState.Begun, "ask_again", cause);
        if (!moved.Ok) return Task.FromResult<Refusal?>(moved.Refusal);
        db.Add(moved.Value);
        (rescue.DueAt, rescue.RemindedAt) = (cause.At, null);
        db.StepLater(rescue, cause.At);
        return Task.FromResult<Refusal?>(null);
    }, stop);

    /// <summary>Nothing more is done for it; the parcel goes on as the courier has it.</summary>
    public Task<Result<Rescue>> CloseAsync(RescueId id, Cause cause, CancellationToken stop) => DoAsync(id, rescue =>
    {
        var moved = RescueTransitions.Move(rescue, RescueState.Closed, "closed", cause);
        if (moved.Ok) db.Add(moved.Value);
        return Task.FromResult(moved.Ok ? null : moved.Refusal);
    }, stop);

    private Task<Result<Rescue>> DoAsync(RescueId id, Func<Rescue, Task<Refusal?>> act, CancellationToken stop) => db.InTransactionAsync<Result<Rescue>>(async () =>
    {
        if (await db.LockedRescueAsync(id, stop) is not { } rescue) return Refusal.NotFound("rescue");
        if (await act(rescue) is { } no) return no;
        await db.SaveChangesAsync(stop);
        db.TellOf(rescue);
        return rescue;
    }, stop);
}

/// <summary>Days a customer may name for the next attempt.</summary>
public static class RescueDays
{
    /// <summary>Couriers send parcels back that wait longer.</summary>
    public const int Most = 10;

    public static Refusal? Refuse(DateOnly day, DateOnly today) =>
        day < today ? new("day_past", "This day is over: ask for another one.", "day")
        : day > today.AddDays(Most) ? new("day_too_far", $"The courier keeps a parcel at most {Most} days: ask for an earlier day.", "day") : null;
}

/// <summary>Reading and telling of rescues inside a transaction.</summary>
internal static class RescueLocks
{
    extension(OrderClosrDb db)
    {
        /// <summary>The rescue as it is now, with its parcel locked; null when there is none in this workspace.</summary>
        internal async Task<Rescue?> LockedRescueAsync(RescueId id, CancellationToken stop)
        {
            if (await db.Rescues.AsNoTracking().Where(r => r.Id == id).Select(r => (ParcelId?)r.ParcelId).SingleOrDefaultAsync(stop) is not { } parcel) return null;
            if (await db.LockedParcelAsync(parcel, stop) is null) return null;
            return await db.FreshRescueAsync(r => r.Id == id, stop);
        }

        /// <summary>The open rescue of a parcel the caller has locked.</summary>
        internal Task<Rescue?> OpenRescueAsync(ParcelId parcel, CancellationToken stop) => db.FreshRescueAsync(r => r.OpenParcelId == parcel, stop);

        private async Task<Rescue?> FreshRescueAsync(System.Linq.Expressions.Expression<Func<Rescue, bool>> which, CancellationToken stop)
        {
            await db.SaveChangesAsync(stop);
            var rescue = await db.Rescues.SingleOrDefaultAsync(which, stop);
            if (rescue is not null) await db.Entry(rescue).ReloadAsync(stop); // may have been read before the lock
            return rescue;
        }

        /// <summary>Its next step, when it is due.</summary>
        internal void StepLater(Rescue rescue, DateTimeOffset now)
        {
            if (rescue.DueAt is { } due) db.Later(new StepRescue(db.WorkspaceId, rescue.Id), now, due);
        }

        /// <summary>A person is needed.</summary>
        /// <param name="why">One of <see cref="RescueNeeds"/>.</param>
        internal void CallPerson(Rescue rescue, string why, RescueSettings settings, Cause cause)
        {
            var moved = RescueTransitions.Move(rescue, RescueState.NeedsPerson, "needs_person", cause with { Reason = cause.Reason ?? why });
            if (!moved.Ok) throw new InvalidOperationException(moved.Refusal.Words);
            db.Add(moved.Value);
            (rescue.Needs, rescue.CameToAPerson, rescue.DueAt) = (why, true, settings.SilentAt(cause.At));
            db.TellOf(rescue);
        }

        internal void TellOf(Rescue rescue)
        {
            db.Tell("rescue", rescue.Id);
            db.Tell("parcel", rescue.ParcelId);
            db.Tell("order", rescue.OrderId);
        }
    }

    extension(Rescue rescue)
    {
        /// <summary>When to look whether the courier did what was agreed: the morning after the day, else two days later.</summary>
        internal void WaitForCourier(DateTimeOffset now) =>
            rescue.DueAt = rescue.NewDay is { } day && day >= AlgiersTime.DateInAlgiers(now) ? AlgiersTime.StartOf(day.AddDays(1)).AddHours(9) : now + TimeSpan.FromDays(2);
    }
}
