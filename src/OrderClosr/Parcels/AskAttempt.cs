using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Asks a courier for the new attempt a customer wants.</summary>
/// <param name="Day">The day the customer named; null: whenever the courier can.</param>
public sealed record AskAttempt(CourierAccountId Account, ParcelId Parcel, RescueId Rescue, DateOnly? Day) : IJob
{
    public static string Kind => "ask_attempt";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => Parcel.ToString();

    /// <summary>A courier that can be asked, and a parcel that waits for it: a driver who is out with it tries anyway.</summary>
    internal static bool IsPossible(CourierAbilities abilities, ParcelState state) => abilities.AsksNewAttempt && state is ParcelState.AttemptFailed or ParcelState.OnHold;
}

/// <summary>Repeated after an unclear call it finds that it was asked. What the courier refuses goes to a person with what to type.</summary>
internal sealed class AskAttemptHandler(CourierCalls calls, OrderClosrDb db, Places places, TimeProvider time) : IJobHandler<AskAttempt>
{
    public async Task<JobOutcome> RunAsync(AskAttempt job, JobRun run, CancellationToken stop)
    {
        var (call, end) = await calls.BeginAsync(job.Account, job.Parcel, p => p.IsOpen && p.CancelAskedAt is null, stop);
        if (call is null) return end!;
        var rescue = await db.Rescues.AsNoTracking().SingleOrDefaultAsync(r => r.Id == job.Rescue && r.ParcelId == job.Parcel, stop);
        if (rescue is not { IsOpen: true } || rescue.NewDay != job.Day) return JobOutcome.Dropped("Something else was agreed meanwhile.");
        var no = await call.Courier.AskAttemptAsync(call.Access, call.Parcel.AtCourier(), job.Day, stop);
        return JobOutcome.Done((scope, inner) => no is null ? AskedAsync(scope, job, inner) : WriteRescueHandler.CallAsync(scope, Person(job), no.Words, inner));
    }

    public Task OnFailedAsync(AskAttempt job, string words, CancellationToken stop) => WriteRescueHandler.CallAsync(db, places, Person(job), words, time.GetUtcNow(), stop);

    private static WriteRescue Person(AskAttempt job) => new(job.Account, job.Parcel, job.Rescue);

    private static async Task AskedAsync(WorkspaceScope scope, AskAttempt job, CancellationToken stop)
    {
        var db = scope.Db;
        if (await db.LockedParcelAsync(job.Parcel, stop) is null || await db.OpenRescueAsync(job.Parcel, stop) is not { } rescue || rescue.Id != job.Rescue) return;
        rescue.WrittenAt = scope.Get<TimeProvider>().GetUtcNow();
        db.Add(RescueTransitions.Step(rescue, "attempt_asked", new(ActorKind.System, rescue.WrittenAt.Value)));
        await db.SaveChangesAsync(stop);
        db.TellOf(rescue);
    }
}
