using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>The one way a parcel's money moves: state by the table, history row, what is told to open pages. Call it inside a transaction with the parcel locked.</summary>
public sealed class CashBook(OrderClosrDb db)
{
    private readonly Dictionary<ParcelId, ParcelCash> _read = [];

    /// <summary>Reads the rows of many parcels at once.</summary>
    internal async Task LoadAsync(IReadOnlyCollection<ParcelId> parcels, CancellationToken stop)
    {
        foreach (var chunk in parcels.Except(_read.Keys).Chunk(500))
            foreach (var row in await db.ParcelCash.Where(c => chunk.Contains(c.ParcelId)).ToListAsync(stop)) _read[row.ParcelId] = row;
    }

    /// <summary>The parcel's row; a new one when there was nothing to say so far.</summary>
    internal async Task<ParcelCash> OfAsync(Parcel parcel, CancellationToken stop)
    {
        if (_read.TryGetValue(parcel.Id, out var known)) return known;
        if (await db.ParcelCash.SingleOrDefaultAsync(c => c.ParcelId == parcel.Id, stop) is { } row) return _read[parcel.Id] = row;
        return New(parcel);
    }

    /// <summary>The parcel's row after <see cref="LoadAsync"/>.</summary>
    internal ParcelCash Of(Parcel parcel) => _read.TryGetValue(parcel.Id, out var known) ? known : New(parcel);

    /// <summary>What is known after <see cref="LoadAsync"/>; null: nothing yet.</summary>
    internal ParcelCash? Peek(ParcelId parcel) => _read.GetValueOrDefault(parcel);

    /// <summary>Moves the money of a locked parcel and writes down who, when, why and by which slip.</summary>
    internal Refusal? Move(Parcel parcel, CashState to, Cause cause, Id<PaymentSlip>? slip = null, string? announced = null, bool takesBack = false)
    {
        var from = parcel.CashState;
        if (CashTransitions.Move(parcel, to, cause.Actor, cause.Reason, takesBack) is { } refusal) return refusal;
        Write(parcel, from, to, cause, slip, announced);
        return null;
    }

    /// <summary>Keeps what somebody said of the money without a move.</summary>
    internal void Note(Parcel parcel, Cause cause, Id<PaymentSlip>? slip = null, string? announced = null) => Write(parcel, parcel.CashState, parcel.CashState, cause, slip, announced);

    /// <summary>A move of ours that the table must have; else it is a bug.</summary>
    internal void MustMove(Parcel parcel, CashState to, Cause cause, Id<PaymentSlip>? slip = null, bool takesBack = false)
    {
        if (parcel.CashState == to) return;
        if (Move(parcel, to, cause, slip, takesBack: takesBack) is { } refusal) throw new InvalidOperationException(refusal.Words);
    }

    private ParcelCash New(Parcel parcel)
    {
        var made = new ParcelCash { Id = Id<ParcelCash>.New(parcel.CreatedAt), ParcelId = parcel.Id, AccountId = parcel.AccountId };
        db.Add(made);
        return _read[parcel.Id] = made;
    }

    private void Write(Parcel parcel, CashState from, CashState to, Cause cause, Id<PaymentSlip>? slip, string? announced)
    {
        db.Add(new CashMove
        {
            Id = Id<CashMove>.New(cause.At), ParcelId = parcel.Id, From = from, To = to, Actor = cause.Actor, AccountId = cause.AccountId, At = cause.At, SlipId = slip, Announced = Cut(announced), Reason = cause.Reason,
        });
        db.Tell("parcel", parcel.Id);
        db.Tell("cash", parcel.AccountId);
    }

    internal static string? Cut(string? text) => text is null ? null : PlainText.Line(text) is { Length: > 120 } line ? line[..120] : PlainText.Line(text);
}
