using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Turns what couriers and members say into moves: late, doubled and out-of-order words change nothing they should not.</summary>
/// <remarks>Call it inside a transaction with the parcel locked (<see cref="ParcelLocks"/>).</remarks>
public sealed class Moving(OrderClosrDb db, Facts facts, TimeProvider time)
{
    /// <summary>Writes down what the courier tells of a parcel and moves it as the table allows.</summary>
    public async Task HearAsync(Parcel parcel, CourierParcel told, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        parcel.HeardAt = now;
        await KnowAsync(parcel, told, stop);
        if (told.Events.Count == 0) return;
        var known = await db.ParcelEvents.AsNoTracking().Where(e => e.ParcelId == parcel.Id).Select(e => e.Key).ToHashSetAsync(stop);
        known.UnionWith(db.ChangeTracker.Entries<ParcelEvent>().Where(e => e.Entity.ParcelId == parcel.Id).Select(e => e.Entity.Key));
        // What a member once said a label means goes before our not knowing it.
        var courier = parcel.Courier;
        var said = told.Events.Any(e => e.Movement == Movement.Unknown) ? await db.LabelReadings.AsNoTracking().Where(r => r.Courier == courier).ToDictionaryAsync(r => r.Label, r => r.Movement, stop) : [];
        // In the courier's order of time; words without a time are of now.
        foreach (var word in told.Events.Select((e, i) => (e, i)).OrderBy(p => p.e.At ?? now).ThenBy(p => p.i).Select(p => p.e))
            if (known.Add(KeyOf(word, parcel))) await HearAsync(parcel, word.Movement == Movement.Unknown && said.TryGetValue(LabelReading.Of(word.Raw), out var means) ? word with { Movement = means } : word, now, stop);
        db.Tell("order", parcel.OrderId);
        db.Tell("parcel", parcel.Id);
    }

    /// <summary>A member's word against the courier's, or a scan; kept with who said it.</summary>
    public Task<Result<Parcel>> MoveAsync(ParcelId id, ParcelState to, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.State == to) return parcel;
        if (await MoveAsync(parcel, to, cause, stop) is { } refusal) return refusal;
        await db.SaveChangesAsync(stop);
        return parcel;
    }, stop);

    /// <summary>Moves a locked parcel by ourselves (system, member, program) with its line in the story and its facts.</summary>
    internal async Task<Refusal?> MoveAsync(Parcel parcel, ParcelState to, Cause cause, CancellationToken stop)
    {
        var from = parcel.State;
        if (ParcelTransitions.Move(parcel, to, cause.Actor, cause.At, cause.Reason) is { } refusal) return refusal;
        // What the courier said before a person corrected it is late from now on.
        if (cause.Actor == ActorKind.Member) parcel.CourierAt = cause.At > parcel.CourierAt ? cause.At : parcel.CourierAt ?? cause.At;
        db.Add(new ParcelEvent
        {
            Id = Id<ParcelEvent>.New(cause.At), ParcelId = parcel.Id, Key = $"ours-{Id<ParcelEvent>.New(cause.At)}", At = cause.At, HeardAt = cause.At, Actor = cause.Actor, AccountId = cause.AccountId,
            From = from, State = to, Movement = Movement.None, Effect = EventEffect.Moved, Reason = cause.Reason,
        });
        await TellAsync(parcel, from, cause.Reason, stop);
        return null;
    }

    /// <summary>A line in the story of a locked parcel without a move.</summary>
    internal void Note(Parcel parcel, Cause cause) => db.Add(new ParcelEvent
    {
        Id = Id<ParcelEvent>.New(cause.At), ParcelId = parcel.Id, Key = $"ours-{Id<ParcelEvent>.New(cause.At)}", At = cause.At, HeardAt = cause.At, Actor = cause.Actor, AccountId = cause.AccountId,
        From = parcel.State, State = parcel.State, Movement = Movement.None, Effect = EventEffect.Noted, Reason = cause.Reason,
    });

    /// <summary>Its number, its id, its fee, the courier's address of its label.</summary>
    private async Task KnowAsync(Parcel parcel, CourierParcel told, CancellationToken stop)
    {
        parcel.Tracking ??= told.Tracking;
        parcel.TheirId ??= told.TheirId;
        parcel.CourierFee = told.CourierFee ?? parcel.CourierFee;
        if (parcel.Trouble == "tracking_missing" && parcel.Tracking is not null) parcel.Settle();
        if (parcel.Trouble == "not_at_courier") parcel.Settle();
        if (parcel.State == ParcelState.Requested && (told.Tracking is not null || told.TheirId is not null) && !told.Events.Any(e => e.Movement == Movement.Cancelled))
        {
            parcel.MayExist = false;
            parcel.Settle();
            await MoveAsync(parcel, ParcelState.Registered, new(ActorKind.Courier, time.GetUtcNow()), stop);
            await facts.TellAsync(new ParcelRegistered(parcel.Id), stop);
        }
    }

    private async Task HearAsync(Parcel parcel, CourierEvent word, DateTimeOffset now, CancellationToken stop)
    {
        var at = word.At ?? now;
        var from = parcel.State;
        var means = ParcelTransitions.Meaning(word.Movement, parcel.State);
        var effect = EventEffect.Noted;
        var isLate = word.At is { } said && said < parcel.CourierAt;
        if (word.Movement == Movement.Unknown) effect = EventEffect.Unknown;
        else if (means is { } to && to != parcel.State)
        {
            if (isLate) effect = EventEffect.Late;
            else if (IsOldNews(parcel.State, to)) effect = EventEffect.Noted;
            else effect = ParcelTransitions.Move(parcel, to, ActorKind.Courier, at, word.Reason) is null ? EventEffect.Moved : EventEffect.NotAllowed;
        }
        db.Add(new ParcelEvent
        {
            Id = Id<ParcelEvent>.New(now), ParcelId = parcel.Id, Key = KeyOf(word, parcel), At = at, HeardAt = now, Actor = ActorKind.Courier, From = from, State = parcel.State,
            Movement = word.Movement, Effect = effect, Raw = Cut(word.Raw), Reason = word.Reason is { } reason ? Cut(reason) : null, Where = word.Where is { } where ? Cut(where) : null,
        });
        if (!isLate && word.Movement != Movement.None)
        {
            (parcel.Raw, parcel.RawReason) = (Cut(word.Raw), word.Reason is { } why ? Cut(why) : null);
            if (word.At is not null) parcel.CourierAt = at;
        }
        if (word.Money is { } money) await facts.TellAsync(new ParcelMoneyHeard(parcel.Id, money.Step, money.Slip, at), stop);
        switch (effect)
        {
            case EventEffect.Moved:
                parcel.MayExist = false;
                if (parcel.Trouble is "status_unknown" or "contradiction") parcel.Settle();
                await TellAsync(parcel, from, word.Reason, stop);
                break;
            case EventEffect.Unknown when !isLate:
                await TroubleAsync(parcel, "status_unknown", $"The courier says \"{Cut(word.Raw)}\", which we do not know.", stop);
                break;
            case EventEffect.NotAllowed:
                await TroubleAsync(parcel, "contradiction", $"The courier says \"{Cut(word.Raw)}\" of a parcel that is {ParcelTransitions.Word(from)}.", stop);
                break;
        }
    }

    /// <summary>Marks that a person must look, and tells it once.</summary>
    internal async Task TroubleAsync(Parcel parcel, string trouble, string words, CancellationToken stop, IReadOnlyList<string>? suggestions = null)
    {
        var isNew = parcel.Trouble != trouble;
        parcel.Settle();
        (parcel.Trouble, parcel.TroubleWords) = (trouble, Cut(words));
        parcel.Suggestions.AddRange(suggestions ?? []);
        if (isNew) await facts.TellAsync(new ParcelNeedsAPerson(parcel.Id, trouble), stop);
        db.Tell("order", parcel.OrderId);
        db.Tell("parcel", parcel.Id);
    }

    private async Task TellAsync(Parcel parcel, ParcelState from, string? reason, CancellationToken stop)
    {
        await db.SaveChangesAsync(stop);
        if (from == ParcelState.Requested && parcel.State is not (ParcelState.Registered or ParcelState.Cancelled)) await facts.TellAsync(new ParcelRegistered(parcel.Id), stop);
        await facts.TellAsync(new ParcelMoved(parcel.Id, from, parcel.State, reason), stop);
        switch (parcel.State)
        {
            case ParcelState.Delivered: await facts.TellAsync(new ParcelDelivered(parcel.Id), stop); break;
            case ParcelState.Returned: await facts.TellAsync(new ParcelReturned(parcel.Id, from == ParcelState.Delivered), stop); break;
            case ParcelState.Cancelled: await facts.TellAsync(new ParcelCancelled(parcel.Id), stop); break;
        }
        db.Tell("order", parcel.OrderId);
        db.Tell("parcel", parcel.Id);
    }

    /// <summary>The courier's list may still show an early label of a parcel that we released ourselves.</summary>
    private static bool IsOldNews(ParcelState now, ParcelState to) => to is ParcelState.Registered or ParcelState.ReadyToShip && now is not (ParcelState.Requested or ParcelState.Registered);

    /// <summary>The same second, label and reason are one word, whether by webhook or asked for; a word without a time is new when it differs from the last one.</summary>
    private static string KeyOf(CourierEvent word, Parcel parcel)
    {
        var when = word.At is { } at ? at.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) : $"{parcel.State}";
        var text = $"{when}|{Folding.Fold(word.Raw)}|{Folding.Fold(word.Reason)}|{word.Money?.Step}|{word.Money?.Slip}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16]);
    }

    private static string Cut(string text) => PlainText.Line(text) is { Length: > 200 } line ? line[..200] : PlainText.Line(text);
}

/// <summary>Who changes a parcel locks its row first.</summary>
public static class ParcelLocks
{
    extension(OrderClosrDb db)
    {
        /// <summary>The parcel as it is now, locked until the running transaction ends; null when there is none in this workspace.</summary>
        internal async Task<Parcel?> LockedParcelAsync(ParcelId id, CancellationToken stop) => (await db.LockedParcelsAsync([id], stop)).SingleOrDefault();

        /// <summary>Parcels as they are now, locked in one order, so that two batches cannot block each other.</summary>
        internal async Task<List<Parcel>> LockedParcelsAsync(IReadOnlyCollection<ParcelId> ids, CancellationToken stop)
        {
            if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Lock a parcel inside a transaction.");
            await db.SaveChangesAsync(stop);
            await db.Dialect.LockRowsAsync(db, "parcels", [.. ids.Select(i => i.Value)], stop);
            // Read before the lock: read again, or EF Core would hand out the old values. The same object stays, whoever holds it already.
            foreach (var entry in db.ChangeTracker.Entries<Parcel>().Where(e => ids.Contains(e.Entity.Id)).ToList()) await entry.ReloadAsync(stop);
            return await db.Parcels.Where(p => ids.Contains(p.Id)).OrderBy(p => p.Id).ToListAsync(stop);
        }
    }
}
