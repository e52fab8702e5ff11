using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Takes a member's last step in a rescue back: a call, an answer noted for the customer, "the courier was told", "given up".</summary>
/// <remarks>What the courier's API took of an answer is written back as the order has it; a new attempt it was asked for cannot be taken back.</remarks>
public sealed class UndoRescue(OrderClosrDb db, Places places, Couriers couriers)
{
    /// <summary>Steps that can be taken back; an answer is one, too, whatever it came to.</summary>
    public static readonly IReadOnlyList<string> Steps = ["told_courier", "closed", "tried"];

    /// <summary>Back to the person's queue, with what has to be typed. Refused: <c>not_found, nothing_to_undo</c>.</summary>
    public Task<Result<Rescue>> RunAsync(RescueId id, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Rescue>>(async () =>
    {
        if (await db.LockedRescueAsync(id, stop) is not { } rescue) return Refusal.NotFound("rescue");
        var parcel = await db.Parcels.AsNoTracking().SingleAsync(p => p.Id == rescue.ParcelId, stop);
        var story = await db.RescueSteps.AsNoTracking().Where(s => s.RescueId == id).OrderByDescending(s => s.At).ThenByDescending(s => s.Id).ToListAsync(stop);
        var at = story.FindIndex(s => !IsOurJobs(s));
        if (at < 0 || story[at] is not { Actor: ActorKind.Member } last || last.State != rescue.State || !parcel.IsOpen) return Nothing;
        if (!rescue.IsOpen && await db.Rescues.AnyAsync(r => r.OpenParcelId == rescue.ParcelId, stop)) return Nothing;
        var earlier = story.Skip(at + 1).ToList();
        string why;
        if (AnswerOf(last) is { } answer)
        {
            if (!await ForgetAsync(rescue, parcel, answer, earlier, cause, stop)) return Nothing;
            why = WhyBefore(rescue, earlier);
        }
        else if (last.What == "tried")
        {
            // Elsewhere than in the queue its clock went on by another rule.
            if (rescue.State != RescueState.NeedsPerson) return Nothing;
            why = rescue.Needs ?? RescueNeeds.NothingMoved;
        }
        // The step tells why a person was needed before it.
        else if (Steps.Contains(last.What)) why = RescueNeeds.All.Contains(last.Reason ?? "") ? last.Reason! : RescueNeeds.NothingMoved;
        else return Nothing;
        if (!rescue.IsOpen) (rescue.OpenParcelId, rescue.FinishedAt) = (rescue.ParcelId, null);
        var moved = RescueTransitions.Move(rescue, RescueState.NeedsPerson, "undone", cause with { Reason = why });
        if (!moved.Ok) return moved.Refusal;
        db.Add(moved.Value);
        (rescue.Needs, rescue.DueAt, rescue.CameToAPerson) = (why, cause.At, true);
        if (last.What is "told_courier" or "closed" && why is RescueNeeds.AtCourier or RescueNeeds.CourierRefused) rescue.ToType = await RescueToType.OfAsync(db, places, rescue, stop);
        await db.SaveChangesAsync(stop);
        db.TellOf(rescue);
        return rescue;
    }, stop);

    /// <summary>The answer a step noted; null when it noted none.</summary>
    private static RescueAnswerKind? AnswerOf(RescueStep step) => step.What is "answered" or "needs_person" ? AnswerRescue.Read(step.Reason) : null;

    /// <summary>Drops what was noted, and has the courier told what the order says where its API had taken it.</summary>
    /// <returns>False when it cannot be taken back: something of the kind was answered before and is not known any more, or the courier was asked to come again.</returns>
    private async Task<bool> ForgetAsync(Rescue rescue, Parcel parcel, RescueAnswerKind answer, List<RescueStep> earlier, Cause cause, CancellationToken stop)
    {
        ParcelFields Of(RescueAnswerKind kind) => kind switch
        {
            RescueAnswerKind.NewPhone => ParcelFields.Phone, RescueAnswerKind.NewAddress => ParcelFields.Address | ParcelFields.Destination, RescueAnswerKind.TakeFromDesk => ParcelFields.Destination, _ => ParcelFields.None,
        };
        var answers = Standing(earlier).Select(AnswerOf).OfType<RescueAnswerKind>().ToList();
        var isDay = answer is RescueAnswerKind.NewDay or RescueAnswerKind.ComingToDesk;
        if (answers.Exists(a => a == answer || (Of(a) & Of(answer)) != 0 || (isDay && a is RescueAnswerKind.NewDay or RescueAnswerKind.ComingToDesk))) return false;
        var account = await db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Id == parcel.AccountId, stop);
        var abilities = couriers.Of(account).Abilities;
        if (isDay)
        {
            if (answer == RescueAnswerKind.NewDay && rescue.ToType?.Contains(RescueToType.DayLine, StringComparison.Ordinal) != true) return false;
            rescue.NewDay = null;
            rescue.ToType = RescueToType.Without(rescue.ToType, ParcelFields.None, day: true);
        }
        else if (rescue.Forget(Of(answer)) && (Of(answer) & abilities.EditableAt(parcel.State)) != 0) db.Later(new UpdateParcel(parcel.AccountId, parcel.Id), cause.At);
        rescue.Answer = answers is [var before, ..] ? before : null;
        return true;
    }

    /// <summary>Without the steps that were taken back, newest first.</summary>
    private static IEnumerable<RescueStep> Standing(List<RescueStep> story)
    {
        var isTakenBack = false;
        foreach (var step in story)
        {
            if (IsOurJobs(step)) continue;
            if (!isTakenBack && step.What != "undone") yield return step;
            isTakenBack = step.What == "undone";
        }
    }

    /// <summary>What our own job did of an answer is not another step of anybody.</summary>
    private static bool IsOurJobs(RescueStep step) => step is { Actor: ActorKind.System, What: "written" };

    /// <summary>Why a person was needed before the answer.</summary>
    private static string WhyBefore(Rescue rescue, List<RescueStep> earlier) =>
        rescue.ToType is { Length: > 0 } ? RescueNeeds.AtCourier : earlier.Find(s => s.State == RescueState.NeedsPerson && RescueNeeds.All.Contains(s.Reason ?? ""))?.Reason ?? RescueNeeds.NothingMoved;

    private static readonly Refusal Nothing = new("nothing_to_undo", "This cannot be taken back any more.", Kind: RefusalKind.Conflict);
}
