using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Billing;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class BillingExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<Subscription>("subscriptions", "The shop's plan.", s => s.Id, s => s.Plan, s => s.Cycle, s => s.State, s => s.FromOn, s => s.ToOn, s => s.Credit, s => s.CreatedAt),
        TableExport.Of<SubscriptionMove>("subscription_moves", "Each move of the plan.", m => m.Id, m => m.From, m => m.To, m => m.Actor, m => m.ActorId, m => m.Cause, m => m.At),
        TableExport.Of<Invoice>("invoices", "What was to pay for the plan.", i => i.Id, i => i.Number, i => i.Kind, i => i.State, i => i.Plan, i => i.PlanName, i => i.Cycle, i => i.ShopName, i => i.Price, i => i.Unused, i => i.FromCredit, i => i.Waived, i => i.ToPay,
            i => i.ToCredit, i => i.Vat, i => i.IssuedAt, i => i.DueOn, i => i.PaidAt, i => i.FromOn, i => i.ToOn, i => i.VoidedAt),
        TableExport.Of<Payment>("payments", "Each try to pay an invoice.", p => p.Id, p => p.InvoiceId, p => p.CheckoutId, p => p.State, p => p.Amount, p => p.IsLive, p => p.Method, p => p.StartedAt, p => p.PaidAt, p => p.CreditedAt, p => p.Trouble),
        TableExport.Of<CreditEntry>("credit_entries", "What came to the credit and went of it.", e => e.Id, e => e.Cause, e => e.Amount, e => e.InvoiceId, e => e.PaymentId, e => e.At),
        TableExport.Of<UsageMark>("usage_marks", "In which conversations the agent answered, by month.", u => u.Id, u => u.MonthOn, u => u.Conversation, u => u.At),
        TableExport.LeftOut<PlanReminder>("Which reminders of an invoice were written, so that none is written twice."),
    ];
}
