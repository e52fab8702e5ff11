using OrderClosr.Ground.Tenancy;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <inheritdoc cref="IRoomExport"/>
/// <remarks>Not <see cref="CashExport"/>, which is the accountant's file.</remarks>
internal sealed class CashTablesExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<ParcelCash>("parcel_cash", "What is known of a parcel's money.", c => c.Id, c => c.ParcelId, c => c.AccountId, c => c.DueAt, c => c.Received, c => c.ReturnFee, c => c.Announced, c => c.AnnouncedAt, c => c.Claimed)
            .OfCustomer((db, customer) =>
            {
                var parcels = ParcelsExport.Of(db, customer).Select(p => p.Id);
                return db.ParcelCash.Where(c => parcels.Contains(c.ParcelId));
            }),
        TableExport.Of<CashMove>("cash_moves", "Each move of a parcel's money.", m => m.Id, m => m.ParcelId, m => m.From, m => m.To, m => m.Actor, m => m.AccountId, m => m.At, m => m.SlipId, m => m.Announced, m => m.Reason)
            .OfCustomer((db, customer) =>
            {
                var parcels = ParcelsExport.Of(db, customer).Select(p => p.Id);
                return db.CashMoves.Where(m => parcels.Contains(m.ParcelId));
            }),
        TableExport.Of<CourierTerms>("courier_terms", "What was agreed with a courier about paying.", t => t.Id, t => t.AccountId, t => t.DaysToPay, t => t.CodBasisPoints),
        TableExport.Of<Claim>("claims", "Money asked back from a courier.", c => c.Id, c => c.AccountId, c => c.ParcelId, c => c.LineId, c => c.Kind, c => c.State, c => c.Amount, c => c.Got, c => c.Note, c => c.OpenedAt, c => c.OpenedBy, c => c.EndedAt, c => c.Answer)
            .OfCustomer((db, customer) =>
            {
                var parcels = ParcelsExport.Of(db, customer).Select(p => p.Id);
                return db.Claims.Where(c => c.ParcelId != null && parcels.Contains(c.ParcelId.Value));
            }),
        TableExport.Of<ClaimStep>("claim_steps", "Each line of a claim's story.", s => s.Id, s => s.ClaimId, s => s.At, s => s.AccountId, s => s.What, s => s.Amount, s => s.Note)
            .OfCustomer((db, customer) =>
            {
                var (parcels, claims) = (ParcelsExport.Of(db, customer).Select(p => p.Id), db.Claims);
                return db.ClaimSteps.Where(s => claims.Any(c => c.Id == s.ClaimId && c.ParcelId != null && parcels.Contains(c.ParcelId.Value)));
            }),
        TableExport.Of<PaymentSlip>("payment_slips", "Couriers' payments, line by line.", s => s.Id, s => s.AccountId, s => s.Number, s => s.FileName, s => s.State, s => s.LineCount, s => s.Collected, s => s.Fees, s => s.ReturnFees, s => s.Net, s => s.FileTotal, s => s.Received,
            s => s.SumReason, s => s.AppliedAt, s => s.AppliedBy, s => s.UndoneAt, s => s.UndoneBy),
        // A table of its own, not inside its slip: a customer's lines leave, the slip of all customers does not.
        TableExport.Of<SlipLine>("slip_lines", "Lines of the payment slips.", l => l.Id, l => l.SlipId, l => l.Line, l => l.Tracking, l => l.ParcelId, l => l.Collected, l => l.Fee, l => l.ReturnFee, l => l.Net, l => l.Finding, l => l.Expected, l => l.Difference, l => l.Before,
                l => l.After, l => l.ReceivedBefore, l => l.ReceivedAfter, l => l.EarlierLineId, l => l.Resolution, l => l.Reason, l => l.ResolvedAt, l => l.ResolvedBy)
            .OfCustomer((db, customer) =>
            {
                var parcels = ParcelsExport.Of(db, customer).Select(p => p.Id);
                return db.SlipLines.Where(l => l.ParcelId != null && parcels.Contains(l.ParcelId.Value));
            }),
        TableExport.Of<SlipFormat>("slip_formats", "Which column of a courier's file is what.", f => f.Id, f => f.AccountId, f => f.Head, f => f.Columns),
        TableExport.LeftOut<SlipLook>("A file that was looked at and not applied; gone after an hour."),
    ];
}
