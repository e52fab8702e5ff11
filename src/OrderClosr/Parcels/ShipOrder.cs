using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Makes the parcel of a confirmed order and asks for its booking; one open parcel per order, however often and from where it is asked.</summary>
public sealed class ShipOrder(OrderClosrDb db, Couriers couriers, Choosing choosing, Moving moving, Stock stock)
{
    /// <summary>The order's parcel: the one it has, or a new one that is being booked (or waits for a person: <see cref="Parcel.Trouble"/>).</summary>
    /// <param name="wanted">The courier somebody chose; null: by rules.</param>
    /// <returns>Refused: <c>not_found, order_not_confirmed, has_parcel, no_courier</c>.</returns>
    public Task<Result<Parcel>> RunAsync(OrderId id, CourierAccountId? wanted, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        var made = await MakeAsync(id, wanted, cause, stop);
        if (made is { Ok: true, Value: { State: ParcelState.Requested, Trouble: null } parcel }) await AskAsync(parcel.AccountId, [parcel.Id], cause.At, stop);
        await db.SaveChangesAsync(stop);
        return made;
    }, stop);

    /// <summary>Many orders at once: the result of each, and bookings in as few calls as each courier allows.</summary>
    public async Task<IReadOnlyList<Shipped>> RunAsync(IReadOnlyList<OrderId> orders, CourierAccountId? wanted, Cause cause, CancellationToken stop)
    {
        var results = new List<Shipped>();
        foreach (var chunk in orders.Distinct().Chunk(50))
            await db.InTransactionAsync(async () =>
            {
                var made = new List<Shipped>();
                foreach (var order in chunk) made.Add(new(order, await MakeAsync(order, wanted, cause, stop)));
                var fresh = made.Where(m => m.Result is { Ok: true, Value: { State: ParcelState.Requested, Trouble: null, PostedAt: null } }).Select(m => m.Result.Value).ToList();
                foreach (var group in fresh.GroupBy(p => p.AccountId)) await AskAsync(group.Key, [.. group.Select(p => p.Id)], cause.At, stop);
                await db.SaveChangesAsync(stop);
                results.AddRange(made);
            }, stop);
        return results;
    }

    /// <summary>A person settled what stood in the way (phone, desk, the courier's account): the booking is tried again.</summary>
    public Task<Result<Parcel>> AgainAsync(ParcelId id, CourierAccountId? other, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is not { } seen) return Refusal.NotFound("parcel");
        var order = await db.LockedOrderAsync(seen.OrderId, stop);
        if (order is null || await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.State is not (ParcelState.Draft or ParcelState.Requested)) return Refusal.NotAllowed("It is booked already.", []);
        if (parcel.State == ParcelState.Requested && parcel.Trouble is null && (other is null || other == parcel.AccountId) && parcel.OrderMark == ParcelVerbs.Mark(order)) return parcel;
        if (parcel.MayExist && parcel.Trouble is null) return parcel; // under way: corrected at the courier once it is there
        if (other is not null && other != parcel.AccountId && parcel.MayExist)
            return new Refusal("may_exist", "The first courier may have it: look there, or cancel it, before another one is asked.", Kind: RefusalKind.Conflict);
        var choice = await choosing.ChooseAsync(order, other ?? parcel.AccountId, stop);
        if (!choice.Ok) return choice.Refusal;
        await PlaceAsync(parcel, order, choice.Value, stop);
        if (parcel.Trouble is null)
        {
            if (parcel.State == ParcelState.Draft) await moving.MoveAsync(parcel, ParcelState.Requested, cause, stop);
            await AskAsync(parcel.AccountId, [parcel.Id], cause.At, stop);
        }
        await db.SaveChangesAsync(stop);
        return parcel;
    }, stop);

    /// <summary>The next parcel of an order whose earlier one turned out to be cancelled at the courier; inside the caller's transaction.</summary>
    internal async Task NextAsync(Parcel cancelled, DateTimeOffset now, CancellationToken stop)
    {
        var made = await MakeAsync(cancelled.OrderId, cancelled.AccountId, new(ActorKind.System, now), stop);
        if (made is { Ok: true, Value: { State: ParcelState.Requested, Trouble: null } parcel }) await AskAsync(parcel.AccountId, [parcel.Id], now, stop);
    }

    private async Task<Result<Parcel>> MakeAsync(OrderId id, CourierAccountId? wanted, Cause cause, CancellationToken stop)
    {
        // The order's lock makes two askers follow each other: the second finds the first one's parcel.
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null || order.Number == 0) return Refusal.NotFound("order");
        var before = await db.Parcels.Where(p => p.OrderId == id).OrderBy(p => p.Sequence).ToListAsync(stop);
        if (before is [.., var last] && last.State is not (ParcelState.Cancelled or ParcelState.LostOrDamaged or ParcelState.Returned))
            return wanted is null || wanted == last.AccountId ? last : new Refusal("has_parcel", "The order has a parcel at another courier: cancel that one first.", "courier", Kind: RefusalKind.Conflict);
        if (order.State != OrderState.Confirmed) return new Refusal("order_not_confirmed", "Only a confirmed order is shipped.", Kind: RefusalKind.Conflict);
        var exchange = order.ExchangeOf is null ? null : await db.Exchanges.AsNoTracking().SingleOrDefaultAsync(e => e.NewOrderId == id, stop);
        var choice = await choosing.ChooseAsync(order, wanted ?? (before.Count == 0 ? exchange?.Courier : null), stop);
        if (!choice.Ok) return choice.Refusal;
        // Its pieces went back into stock when the last parcel came back: they are taken anew, or there is nothing to send.
        if (!order.HasStock && before is [.., { TakenBackAt: not null }])
        {
            if (await stock.TakeAsync(OrderStock.PiecesOf(order), stop) is { } none) return none;
            order.HasStock = true;
        }

        var settings = await ParcelSettings.OfAsync(db, stop);
        var sequence = before.Count == 0 ? 1 : before[^1].Sequence + 1;
        var parcel = new Parcel
        {
            Id = ParcelId.New(cause.At), OrderId = id, AccountId = choice.Value.Account.Id, Courier = choice.Value.Account.Courier, Reference = ParcelReference.Of(order.Number, id, sequence), Sequence = sequence,
            PublicKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), CreatedAt = cause.At, StateAt = cause.At, MayOpen = settings.MayOpen, Weight = settings.UsualWeight,
            // What is back already is not asked for again.
            IsExchange = exchange is { TakenBackAt: null }, ToTakeBack = exchange is { TakenBackAt: null } ? exchange.Goods : "",
        };
        db.Add(parcel);
        await PlaceAsync(parcel, order, choice.Value, stop);
        if (parcel.Trouble is null) await moving.MoveAsync(parcel, ParcelState.Requested, cause with { Reason = null }, stop);
        db.Tell("order", id);
        db.Tell("parcel", parcel.Id);
        return parcel;
    }

    /// <summary>Takes amounts and place from the order as it is; what is not clear becomes a question for a person, before anything is posted.</summary>
    private async Task PlaceAsync(Parcel parcel, Order order, Choice choice, CancellationToken stop)
    {
        parcel.Settle();
        (parcel.AccountId, parcel.Courier) = (choice.Account.Id, choice.Account.Courier);
        parcel.TakeFrom(order);
        if (!choice.Where.Ok)
        {
            var no = choice.Where.Refusal;
            await moving.TroubleAsync(parcel, no.Code, no.Words, stop, no.Suggestions);
            return;
        }
        parcel.Place(choice.Where.Value);
        parcel.CourierFee = await choosing.FeeAsync(choice.Account, choice.Where.Value, order.Delivery, parcel.Weight, stop);
        var abilities = couriers.Of(choice.Account).Abilities;
        if (order.Phone is not { IsAlgerian: true }) await moving.TroubleAsync(parcel, BookingCodes.Phone, "A courier calls Algerian numbers only.", stop);
        else if (parcel.ToCollect < abilities.LeastToCollect) await moving.TroubleAsync(parcel, BookingCodes.Amount, $"{choice.Account.Name} collects at least {abilities.LeastToCollect}.", stop);
        else if (abilities.MostToCollect is { } most && parcel.ToCollect > most) await moving.TroubleAsync(parcel, BookingCodes.Amount, $"{choice.Account.Name} collects at most {most}.", stop);
        else if (parcel.Weight > 30_000) await moving.TroubleAsync(parcel, BookingCodes.Weight, "A parcel of more than 30 kg is not carried.", stop);
    }

    /// <summary>Writes the jobs that book these parcels, as many in one call as the courier takes.</summary>
    internal async Task AskAsync(CourierAccountId id, IReadOnlyList<ParcelId> parcels, DateTimeOffset now, CancellationToken stop, DateTimeOffset? dueAt = null)
    {
        var account = await db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Id == id, stop);
        foreach (var chunk in parcels.Chunk(Math.Clamp(couriers.Of(account).Abilities.BookAtOnce, 1, 25))) db.Later(new BookParcels(id, chunk), now, dueAt);
    }
}

/// <summary>One row of a bulk booking.</summary>
public sealed record Shipped(OrderId Order, Result<Parcel> Result);

/// <summary>A confirmed order is booked at once where the merchant wants that.</summary>
internal sealed class BookOnOrderConfirmed(OrderClosrDb db, ShipOrder ship, TimeProvider time) : IListener<OrderConfirmed>
{
    public async Task OnAsync(OrderConfirmed fact, CancellationToken stop)
    {
        if (!(await ParcelSettings.OfAsync(db, stop)).BooksAlone) return;
        if (!await db.CourierAccounts.AnyAsync(a => a.State != CourierState.Disconnected, stop)) return;
        await ship.RunAsync(fact.OrderId, null, new(ActorKind.System, time.GetUtcNow()), stop);
    }
}
