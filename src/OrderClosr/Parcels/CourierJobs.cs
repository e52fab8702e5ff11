using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Cancels one parcel at the courier.</summary>
public sealed record CancelAtCourier(CourierAccountId Account, ParcelId Parcel) : IJob
{
    public static string Kind => "cancel_parcel";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => Parcel.ToString();
}

internal sealed class CancelAtCourierHandler(CourierCalls calls, OrderClosrDb db, Moving moving) : IJobHandler<CancelAtCourier>
{
    public async Task<JobOutcome> RunAsync(CancelAtCourier job, JobRun run, CancellationToken stop)
    {
        var (call, end) = await calls.BeginAsync(job.Account, job.Parcel, p => p.CancelAskedAt is not null && p.IsOpen, stop);
        if (call is null) return end!;
        var no = await call.Courier.CancelAsync(call.Access, call.Parcel.AtCourier(), stop);
        return JobOutcome.Done(async (scope, inner) =>
        {
            if (await scope.Db.LockedParcelAsync(job.Parcel, inner) is not { IsOpen: true } parcel) return;
            var now = scope.Get<TimeProvider>().GetUtcNow();
            if (no is null && await scope.Get<Moving>().MoveAsync(parcel, ParcelState.Cancelled, new(ActorKind.System, now, "cancelled_at_courier"), inner) is null) return;
            parcel.CancelAskedAt = null;
            await scope.Get<Moving>().TroubleAsync(parcel, BookingCodes.NotCancellable, no?.Words ?? "It left before it could be cancelled.", inner);
        });
    }

    public async Task OnFailedAsync(CancelAtCourier job, string words, CancellationToken stop)
    {
        if (await db.LockedParcelAsync(job.Parcel, stop) is not { IsOpen: true } parcel) return;
        parcel.CancelAskedAt = null;
        await moving.TroubleAsync(parcel, BookingCodes.NotCancellable, words, stop);
    }
}

/// <summary>Releases one parcel for pick-up.</summary>
public sealed record ReleaseParcel(CourierAccountId Account, ParcelId Parcel) : IJob
{
    public static string Kind => "release_parcel";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => Parcel.ToString();
}

internal sealed class ReleaseParcelHandler(CourierCalls calls, OrderClosrDb db, Moving moving) : IJobHandler<ReleaseParcel>
{
    public async Task<JobOutcome> RunAsync(ReleaseParcel job, JobRun run, CancellationToken stop)
    {
        var (call, end) = await calls.BeginAsync(job.Account, job.Parcel, p => p.State == ParcelState.Registered && p.CancelAskedAt is null, stop);
        if (call is null) return end!;
        var no = await call.Courier.MarkReadyAsync(call.Access, call.Parcel.AtCourier(), stop);
        return JobOutcome.Done(async (scope, inner) =>
        {
            if (await scope.Db.LockedParcelAsync(job.Parcel, inner) is not { State: ParcelState.Registered } parcel) return;
            if (no is null) await scope.Get<Moving>().MoveAsync(parcel, ParcelState.ReadyToShip, new(ActorKind.System, scope.Get<TimeProvider>().GetUtcNow()), inner);
            else await scope.Get<Moving>().TroubleAsync(parcel, "not_released", no.Words, inner);
        });
    }

    public async Task OnFailedAsync(ReleaseParcel job, string words, CancellationToken stop)
    {
        if (await db.LockedParcelAsync(job.Parcel, stop) is { State: ParcelState.Registered } parcel) await moving.TroubleAsync(parcel, "not_released", words, stop);
    }
}

/// <summary>Writes the order's present content into its parcel at the courier.</summary>
public sealed record UpdateParcel(CourierAccountId Account, ParcelId Parcel) : IJob
{
    public static string Kind => "update_parcel";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => Parcel.ToString();
}

internal sealed class UpdateParcelHandler(CourierCalls calls, OrderClosrDb db, ChangeParcel change, ParcelsToBook reading, Moving moving) : IJobHandler<UpdateParcel>
{
    public async Task<JobOutcome> RunAsync(UpdateParcel job, JobRun run, CancellationToken stop)
    {
        var (call, end) = await calls.BeginAsync(job.Account, job.Parcel, p => p.IsOpen && p.State != ParcelState.Requested && p.CancelAskedAt is null, stop);
        if (call is null) return end!;
        var (parcel, abilities) = (call.Parcel, call.Courier.Abilities);
        var order = await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == parcel.OrderId, stop);
        // What the customer answered about a failed attempt goes before the order, until a member says otherwise (CorrectLater).
        var answered = await db.Rescues.AsNoTracking().SingleOrDefaultAsync(r => r.OpenParcelId == job.Parcel, stop);
        var (stays, delivery) = (answered is { TakesFromDesk: true } or { NewCommuneCode: not null }, parcel.Delivery);
        var moves = !stays && (order.CommuneCode != parcel.CommuneCode || order.WilayaCode != parcel.WilayaCode || order.Delivery != parcel.Delivery || order.DeskId is not null);
        Destination? where = null;
        if (moves)
        {
            var resolved = await change.WhereAsync(call.Account, order, stop);
            if (!resolved.Ok) return Trouble(job, resolved.Refusal.Code, resolved.Refusal.Words, resolved.Refusal.Suggestions);
            where = resolved.Value.Commune.Id == parcel.CommunePlaceId && resolved.Value.Desk?.Id == parcel.DeskPlaceId && order.Delivery == parcel.Delivery ? null : resolved.Value;
        }
        var can = abilities.EditableAt(parcel.State);
        var needs = (where is null ? ParcelFields.None : ParcelFields.Destination) | (order.Total == parcel.ToCollect ? ParcelFields.None : ParcelFields.Amount);
        var (before, mark) = (parcel.OrderMark, ParcelVerbs.Mark(order));
        // The rest is written, and these are typed by a person, who finds the lines on the parcel's page (ParcelToType).
        var untold = ParcelVerbs.Changed(before, mark) & ~can;
        if ((needs & ~can) != 0 || can == ParcelFields.None)
            return Trouble(job, BookingCodes.NotEditable, "The courier does not let us change this parcel any more: correct it on the courier's screen, or cancel it and book it again.", abilities.CancelUntil >= parcel.State ? ["cancel_and_book_again"] : []);

        Take(parcel);
        if (await reading.OfAsync(parcel, order, stop) is not { } whole) return Trouble(job, "destination_unclear", "The courier's lists changed: choose the place again.");
        whole = answered?.Over(whole) ?? whole;
        var no = await call.Courier.UpdateAsync(call.Access, parcel.AtCourier(), new()
        {
            Whole = whole, Name = can.HasFlag(ParcelFields.Name) ? whole.Name : null, Phone = can.HasFlag(ParcelFields.Phone) ? whole.Phone : null, SecondPhone = can.HasFlag(ParcelFields.Phone) ? whole.SecondPhone : null,
            Address = can.HasFlag(ParcelFields.Address) ? whole.Address : null, Destination = where is null ? null : new(parcel.Delivery, whole.Wilaya, whole.Commune, whole.Desk),
            ToCollect = needs.HasFlag(ParcelFields.Amount) ? whole.ToCollect : null, Goods = can.HasFlag(ParcelFields.Goods) ? whole.Goods : null,
        }, stop);
        if (no is not null) return Trouble(job, no.Code, no.Words, no.Suggestions);
        return JobOutcome.Done(async (scope, inner) =>
        {
            if (await scope.Db.LockedParcelAsync(job.Parcel, inner) is not { } row) return;
            Take(row);
            if (row.Trouble is BookingCodes.NotEditable or "amount_differs" or "destination_unclear") row.Settle();
            if (untold != ParcelFields.None)
            {
                row.OrderMark = ParcelVerbs.Told(before, mark, untold);
                await scope.Get<Moving>().TroubleAsync(row, BookingCodes.NotEditable, ParcelToType.ByHand, inner);
            }
            // The paper says what was true before.
            row.LabelFile = null;
            var now = scope.Get<TimeProvider>().GetUtcNow();
            if (abilities.HasLabels) scope.Db.Later(new FetchLabel(job.Account, job.Parcel), now);
            scope.Db.Add(new ParcelEvent
            {
                Id = Id<ParcelEvent>.New(now), ParcelId = row.Id, Key = $"ours-{Id<ParcelEvent>.New(now)}", At = now, HeardAt = now, Actor = ActorKind.System, From = row.State, State = row.State,
                Movement = Movement.None, Effect = EventEffect.Noted, Reason = "changed",
            });
            if (ParcelVerbs.Mark(await scope.Db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == row.OrderId, inner)) != mark) scope.Db.Later(job, now);
            scope.Db.Tell("parcel", row.Id);
        });

        void Take(Parcel into)
        {
            into.TakeFrom(order);
            if (stays) into.Delivery = delivery;
            if (where is not null) into.Place(where);
        }
    }

    public async Task OnFailedAsync(UpdateParcel job, string words, CancellationToken stop)
    {
        if (await db.LockedParcelAsync(job.Parcel, stop) is { IsOpen: true } parcel) await moving.TroubleAsync(parcel, BookingCodes.NotEditable, words, stop);
    }

    private static JobOutcome Trouble(UpdateParcel job, string code, string words, IReadOnlyList<string>? suggestions = null) => JobOutcome.Done(async (scope, inner) =>
    {
        if (await scope.Db.LockedParcelAsync(job.Parcel, inner) is { } parcel) await scope.Get<Moving>().TroubleAsync(parcel, code, words, inner, suggestions);
    });
}

/// <summary>Fetches the label of one parcel and keeps it.</summary>
public sealed record FetchLabel(CourierAccountId Account, ParcelId Parcel, LabelFormat Format = LabelFormat.A6) : IJob
{
    public static string Kind => "fetch_label";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => Parcel.ToString();
}

internal sealed class FetchLabelHandler(CourierCalls calls, OrderClosrDb db, MediaFiles files, SecretBox secrets) : IJobHandler<FetchLabel>
{
    private static readonly HashSet<string> Pdf = ["application/pdf"];

    /// <summary>A page with anything on it is larger; couriers answer wrong ids with a blank one.</summary>
    private const int SmallestLabel = 1000;

    public async Task<JobOutcome> RunAsync(FetchLabel job, JobRun run, CancellationToken stop)
    {
        var (call, end) = await calls.BeginAsync(job.Account, job.Parcel, p => p.LabelFile is null && p.State is not (ParcelState.Draft or ParcelState.Requested or ParcelState.Cancelled), stop);
        if (call is null) return end!;
        if (!call.Courier.Abilities.HasLabels) return JobOutcome.Dropped("This courier prints no labels for us.");
        var booked = call.Parcel.AtCourier() with { LabelAddress = call.Parcel.LabelAddress is { } address ? secrets.Open(db.WorkspaceId, "parcel.label_address", address) : null };
        var bytes = await call.Courier.LabelAsync(call.Access, booked, job.Format, stop);
        if (bytes.Length < SmallestLabel) throw new VendorFailure(FailureCategory.Transient, "The courier's label is empty.", "label_empty");
        using var content = new MemoryStream(bytes);
        var kept = await files.SaveAsync(db.WorkspaceId, content, Pdf, 10 * 1024 * 1024, stop);
        if (!kept.Ok) throw new VendorFailure(FailureCategory.Transient, "The courier's label is no PDF.", "label_wrong");
        return JobOutcome.Done(async (scope, inner) =>
        {
            if (await scope.Db.LockedParcelAsync(job.Parcel, inner) is not { } parcel) return;
            parcel.LabelFile = kept.Value.File;
            scope.Db.Tell("parcel", parcel.Id);
        });
    }
}

/// <summary>What every job about one parcel begins with: is the account there and well, does the parcel still want it.</summary>
internal sealed class CourierCalls(OrderClosrDb db, Couriers couriers, ParcelsToBook reading)
{
    internal async Task<(CourierCall? Call, JobOutcome? End)> BeginAsync(CourierAccountId id, ParcelId parcelId, Func<Parcel, bool> wants, CancellationToken stop)
    {
        if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == parcelId && p.AccountId == id, stop) is not { } parcel) return (null, JobOutcome.Dropped("The parcel is gone."));
        if (!wants(parcel)) return (null, JobOutcome.Dropped("The parcel no longer wants it."));
        var (account, end) = await AccountAsync(id, stop);
        return account is null ? (null, end) : (new(account, couriers.Of(account), await reading.OpenAsync(account, stop), parcel), null);
    }

    internal async Task<(CourierAccount? Account, JobOutcome? End)> AccountAsync(CourierAccountId id, CancellationToken stop)
    {
        var account = await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, stop);
        if (account is null or { State: CourierState.Disconnected }) return (null, JobOutcome.Refused("The courier was disconnected."));
        return account.State == CourierState.Broken ? (null, new(JobState.Parked, $"The courier refuses us: {account.Trouble}.")) : (account, null);
    }
}

/// <summary>A call about one parcel. The parcel is not tracked.</summary>
internal sealed record CourierCall(CourierAccount Account, ICourier Courier, CourierAccess Access, Parcel Parcel);
