using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Writes what a customer answered into their parcel at the courier.</summary>
public sealed record WriteRescue(CourierAccountId Account, ParcelId Parcel, RescueId Rescue) : IJob
{
    public static string Kind => "write_rescue";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => Parcel.ToString();
}

/// <summary>Repeated after an unclear call it writes the same again, which changes nothing. What the courier refuses goes to a person with what to type.</summary>
internal sealed class WriteRescueHandler(CourierCalls calls, OrderClosrDb db, ParcelsToBook reading, Destinations destinations, Places places, TimeProvider time) : IJobHandler<WriteRescue>
{
    public async Task<JobOutcome> RunAsync(WriteRescue job, JobRun run, CancellationToken stop)
    {
        var (call, end) = await calls.BeginAsync(job.Account, job.Parcel, p => p.IsOpen && p.CancelAskedAt is null, stop);
        if (call is null) return end!;
        if (await db.Rescues.AsNoTracking().SingleOrDefaultAsync(r => r.Id == job.Rescue && r.ParcelId == job.Parcel, stop) is not { IsOpen: true } rescue) return JobOutcome.Dropped("The rescue is over.");
        if (rescue is { NewPhone: null, NewAddress: null, NewCommuneCode: null, TakesFromDesk: false }) return JobOutcome.Dropped("The answer was taken back.");
        var parcel = call.Parcel;
        var can = call.Courier.Abilities.EditableAt(parcel.State);
        var order = await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == parcel.OrderId, stop);
        Destination? where = null;
        if (rescue.TakesFromDesk || rescue.NewCommuneCode is not null)
        {
            var resolved = await WhereAsync(call.Account, parcel, rescue, stop);
            if (!resolved.Ok) return Refused(job, resolved.Refusal.Words);
            where = resolved.Value.Commune.Id == parcel.CommunePlaceId && resolved.Value.Desk?.Id == parcel.DeskPlaceId && rescue.TakesFromDesk == (parcel.Delivery == Delivery.Desk) ? null : resolved.Value;
        }
        var delivery = rescue.TakesFromDesk ? Delivery.Desk : parcel.Delivery;
        var moves = where is not null;
        if (where is not null && can.HasFlag(ParcelFields.Destination))
        {
            parcel.Place(where); // not tracked: for the adapter alone
            parcel.Delivery = delivery;
        }
        else where = null;
        if (await reading.OfAsync(parcel, order, stop) is not { } whole) return Refused(job, "The courier's lists changed: choose the place on its screen.");
        whole = rescue.Over(whole);
        var change = new ParcelChange
        {
            Whole = whole, Phone = rescue.NewPhone is not null && can.HasFlag(ParcelFields.Phone) ? whole.Phone : null, Address = rescue.NewAddress is not null && can.HasFlag(ParcelFields.Address) ? whole.Address : null,
            Destination = where is null ? null : new(delivery, whole.Wilaya, whole.Commune, whole.Desk),
        };
        var wanted = (rescue.NewPhone is null ? 0 : ParcelFields.Phone) | (rescue.NewAddress is null ? 0 : ParcelFields.Address) | (moves ? ParcelFields.Destination : 0);
        if (change.Fields == ParcelFields.None) return JobOutcome.Dropped("There is nothing the courier takes by its API now.", (scope, inner) => CallAsync(scope, job, null, inner));
        if (await call.Courier.UpdateAsync(call.Access, parcel.AtCourier(), change, stop) is { } no) return Refused(job, no.Words);
        return JobOutcome.Done((scope, inner) => WrittenAsync(scope, job, where, delivery, isWhole: (wanted & ~can) == 0, inner));
    }

    public Task OnFailedAsync(WriteRescue job, string words, CancellationToken stop) => CallAsync(db, places, job, words, time.GetUtcNow(), stop);

    private async Task<Result<Destination>> WhereAsync(CourierAccount account, Parcel parcel, Rescue rescue, CancellationToken stop)
    {
        if (!rescue.TakesFromDesk) return await destinations.ResolveAsync(account, parcel.WilayaCode, rescue.NewCommuneCode ?? parcel.CommuneCode, parcel.Delivery, null, stop);
        if (rescue.NewDeskId is not { } id) return await destinations.ResolveAsync(account, parcel.WilayaCode, parcel.CommuneCode, Delivery.Desk, null, stop);
        // The desk the customer named: its own commune where the courier says which that is.
        var desk = await db.CourierPlaces.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.AccountId == account.Id && p.Active, stop);
        var wilaya = await db.CourierPlaces.AsNoTracking().SingleOrDefaultAsync(p => p.Id == parcel.WilayaPlaceId && p.Active, stop);
        var commune = desk is null ? null : await db.CourierPlaces.AsNoTracking().FirstOrDefaultAsync(p => p.AccountId == account.Id && p.Active && p.Kind == CourierPlaceKind.Commune && p.WilayaRef == desk.WilayaRef && p.Ref == desk.CommuneRef, stop)
            ?? await db.CourierPlaces.AsNoTracking().SingleOrDefaultAsync(p => p.Id == parcel.CommunePlaceId && p.Active, stop);
        return desk is null || wilaya is null || commune is null ? new Refusal("desk_unclear", "The courier no longer lists this desk.") : new Destination(wilaya, commune, desk);
    }

    private static JobOutcome Refused(WriteRescue job, string words) => JobOutcome.Done((scope, inner) => CallAsync(scope, job, words, inner));

    private static async Task WrittenAsync(WorkspaceScope scope, WriteRescue job, Destination? where, Delivery delivery, bool isWhole, CancellationToken stop)
    {
        var db = scope.Db;
        if (await db.LockedParcelAsync(job.Parcel, stop) is not { } parcel || await db.OpenRescueAsync(job.Parcel, stop) is not { } rescue || rescue.Id != job.Rescue) return;
        var now = scope.Get<TimeProvider>().GetUtcNow();
        if (where is not null)
        {
            parcel.Place(where);
            parcel.Delivery = delivery;
        }
        rescue.WrittenAt = now;
        db.Add(RescueTransitions.Step(rescue, "written", new(ActorKind.System, now)));
        scope.Get<Moving>().Note(parcel, new(ActorKind.System, now, "changed"));
        await db.SaveChangesAsync(stop);
        db.TellOf(rescue);
        // The driver left meanwhile, and the courier takes less from then on; nobody knows of the rest yet.
        if (!isWhole && rescue.ToType is null) await CallAsync(scope, job, null, stop);
    }

    internal static Task CallAsync(WorkspaceScope scope, WriteRescue job, string? words, CancellationToken stop) => CallAsync(scope.Db, scope.Get<Places>(), job, words, scope.Get<TimeProvider>().GetUtcNow(), stop);

    /// <summary>A person types all of it.</summary>
    internal static async Task CallAsync(OrderClosrDb db, Places places, WriteRescue job, string? words, DateTimeOffset now, CancellationToken stop)
    {
        if (await db.LockedParcelAsync(job.Parcel, stop) is null || await db.OpenRescueAsync(job.Parcel, stop) is not { } rescue || rescue.Id != job.Rescue) return;
        db.CallPerson(rescue, RescueNeeds.CourierRefused, await RescueSettings.OfAsync(db, stop), new(ActorKind.System, now, words));
        rescue.ToType = await RescueToType.OfAsync(db, places, rescue, stop);
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>What a customer answered, as a person types it at a courier's screen.</summary>
internal static class RescueToType
{
    internal static async Task<string?> OfAsync(OrderClosrDb db, Places places, Rescue rescue, CancellationToken stop)
    {
        var commune = rescue.NewCommuneCode is { } code ? places.CommuneOf(code)?.Name : null;
        var desk = rescue.NewDeskId is { } id ? await db.CourierPlaces.AsNoTracking().Where(p => p.Id == id).Select(p => p.Name).SingleOrDefaultAsync(stop) : null;
        var lines = new List<string>();
        if (rescue.NewDay is { } day) lines.Add(Day(day));
        if (rescue.NewPhone is { } phone) lines.Add(Phone(phone));
        if (rescue.NewAddress is not null || commune is not null) lines.Add(Address(rescue.NewAddress, commune));
        if (rescue.TakesFromDesk) lines.Add(Desk(desk ?? ""));
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    /// <summary>The same without the lines of these fields; null when nothing is left.</summary>
    internal static string? Without(string? text, ParcelFields fields, bool day = false)
    {
        List<string> gone = [];
        if (day) gone.Add(DayLine);
        if (fields.HasFlag(ParcelFields.Phone)) gone.Add(PhoneLine);
        if ((fields & (ParcelFields.Address | ParcelFields.Destination)) != 0) gone.Add(AddressLine);
        if (fields.HasFlag(ParcelFields.Destination)) gone.Add(DeskLine);
        var left = text?.Split('\n').Where(line => !gone.Exists(g => line.StartsWith(g, StringComparison.Ordinal))).ToList();
        return left is { Count: > 0 } ? string.Join('\n', left) : null;
    }

    internal const string DayLine = "Nouvelle tentative : ";
    private const string PhoneLine = "Nouveau téléphone : ", AddressLine = "Nouvelle adresse : ", DeskLine = "Retrait au bureau : ";

    internal static string Day(DateOnly day) => $"{DayLine}le {day.ToString("dd/MM/yyyy", System.Globalization.CultureInfo.InvariantCulture)}";
    internal static string Phone(Phone phone) => PhoneLine + phone.National;
    internal static string Address(string? street, string? commune) => AddressLine + string.Join(", ", ((string?[])[street, commune]).OfType<string>());
    internal static string Desk(string name) => DeskLine + name;
}
