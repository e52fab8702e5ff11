using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web;

namespace OrderClosr.Billing;

/// <summary>Leads an owner to a page to pay an invoice on, and finds out what became of it: by an event, on the way back, or by looking. Whichever comes first credits, once.</summary>
/// <remarks>
/// Only what the service itself says when asked counts: an event is no more than a reason to ask, and coming back proves nothing. A page that was
/// asked for and never answered is looked for by our own reference, so that an invoice has one live page; should there be two after all and both be paid, the second is credit.
/// </remarks>
public sealed class Paying(OrderClosrDb db, IPayments service, Subscriptions subscriptions, IConfiguration settings, TimeProvider time, ILogger<Paying> log)
{
    private string Base => (settings["Public:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/');

    /// <summary>Where the invoice can be paid now: the page that is open, if it is young enough, else a fresh one.</summary>
    /// <returns>Refused: <c>not_found, invoice_closed, payment_busy</c> (try again), <c>payment_off</c>, <c>payment_refused</c> (with the service's words).</returns>
    public async Task<Result<Payment>> OpenAsync(Id<Invoice> id, PayMethod method, CancellationToken stop)
    {
        try
        {
            foreach (var earlier in await db.Payments.AsNoTracking().Where(p => p.InvoiceId == id && (p.State == PaymentState.Asking || p.State == PaymentState.Open)).OrderByDescending(p => p.Id).ToListAsync(stop))
            {
                if (earlier.State == PaymentState.Open && earlier.Method == method && earlier.StartedAt > time.GetUtcNow() - Payment.ReusedFor) return earlier;
                // It may be paid already, or still be: nobody may be asked twice for one invoice.
                await LookAsync(earlier.Id, stop);
                db.ChangeTracker.Clear();
                var seen = await db.Payments.AsNoTracking().SingleAsync(p => p.Id == earlier.Id, stop);
                if (seen.State == PaymentState.Open && seen.Method == method && seen.StartedAt > time.GetUtcNow() - Payment.ReusedFor) return seen;
                if (seen is { State: PaymentState.Open, CheckoutId: { } checkout } && !await service.ExpireAsync(checkout, stop)) await LookAsync(earlier.Id, stop);
                else if (seen.State == PaymentState.Open) await MoveAsync(earlier.Id, p => BillingTransitions.TryMove(p, PaymentState.Expired), stop);
            }
            db.ChangeTracker.Clear();
            var begun = await BeginAsync(id, method, stop);
            return begun.Ok ? await AskAsync(begun.Value, stop) : begun;
        }
        catch (VendorFailure failure)
        {
            return RefusalOf(failure);
        }
    }

    /// <summary>Asks the service what became of a payment and does what follows from it. A second time: nothing.</summary>
    /// <exception cref="VendorFailure">It could not be asked.</exception>
    public async Task LookAsync(Id<Payment> id, CancellationToken stop)
    {
        if (await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is not { } payment || payment.CreditedAt is not null) return;
        var seen = payment.CheckoutId is { } checkout ? await service.ReadAsync(checkout, stop) : await service.FindAsync(id, stop);
        if (seen is not null) await ApplyAsync(id, seen, stop);
        // Asked for long ago and never heard of: it was never made.
        else if (payment.StartedAt < time.GetUtcNow() - TimeSpan.FromMinutes(2)) await MoveAsync(id, p => BillingTransitions.TryMove(p, PaymentState.Lost), stop);
    }

    /// <summary>Takes in what was paid on a page that our rows know nothing of: they are a copy from before it was made. Its invoice is the one it names, or, where that is lost as well, the one to pay now. A second time: nothing.</summary>
    public async Task BringBackAsync(FoundCheckout found, CancellationToken stop)
    {
        if (found.Workspace != db.WorkspaceId || found.Seen.Status != CheckoutStatus.Paid || await IsKnownAsync(found, stop)) return;
        if (await db.Invoices.AsNoTracking().SingleOrDefaultAsync(i => i.Id == found.Invoice, stop) is not { } invoice)
        {
            if (await subscriptions.NextAsync(stop) is not { } next)
            {
                log.LogError("A payment is known to the payment service alone, and the shop has nothing to pay: workspace {Workspace}. Look at it at the payment service.", db.WorkspaceId);
                return;
            }
            invoice = next;
        }
        var isNew = await db.InTransactionAsync(async () =>
        {
            await subscriptions.LockAsync(stop);
            if (await IsKnownAsync(found, stop)) return false;
            db.Add(new Payment { Id = found.Payment, InvoiceId = invoice.Id, Amount = invoice.ToPay, IsLive = service.IsLive, Method = found.Method, StartedAt = found.MadeAt });
            await db.SaveChangesAsync(stop);
            return true;
        }, stop);
        db.ChangeTracker.Clear();
        if (isNew) await ApplyAsync(found.Payment, found.Seen, stop);
    }

    private Task<bool> IsKnownAsync(FoundCheckout found, CancellationToken stop)
    {
        var (payment, checkout) = (found.Payment, found.Seen.Id);
        return db.Payments.AnyAsync(p => p.Id == payment || p.CheckoutId == checkout, stop);
    }

    /// <summary>Writes the row of a payment and when to look at it, before anybody is called.</summary>
    private Task<Result<Payment>> BeginAsync(Id<Invoice> id, PayMethod method, CancellationToken stop) => db.InTransactionAsync<Result<Payment>>(async () =>
    {
        await subscriptions.LockAsync(stop);
        if (await db.Invoices.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, stop) is not { } invoice) return Refusal.NotFound("invoice");
        if (invoice.State != InvoiceState.Open) return new Refusal("invoice_closed", "This invoice is paid or replaced.", Kind: RefusalKind.Conflict);
        var now = time.GetUtcNow();
        // Somebody else of the shop pressed at the same moment.
        if (await db.Payments.AsNoTracking().AnyAsync(p => p.InvoiceId == id && p.State == PaymentState.Asking && p.StartedAt > now - TimeSpan.FromSeconds(30), stop)) return Busy;
        var payment = new Payment { Id = Id<Payment>.New(now), InvoiceId = id, State = PaymentState.Asking, Amount = invoice.ToPay, IsLive = service.IsLive, Method = method, StartedAt = now };
        db.Add(payment);
        for (var i = 0; i < Payment.Looks.Count; i++) db.Later(new LookAtPayment(payment.Id, i), now, now + Payment.Looks[i]);
        await db.SaveChangesAsync(stop);
        return payment;
    }, stop);

    private async Task<Result<Payment>> AskAsync(Payment payment, CancellationToken stop)
    {
        var (id, here) = (payment.Id, db.WorkspaceId);
        var invoice = await db.Invoices.AsNoTracking().SingleAsync(i => i.Id == payment.InvoiceId, stop);
        var slug = await db.Set<Workspace>().Where(w => w.Id == here).Select(w => w.Slug).SingleAsync(stop);
        SeenCheckout? made;
        try
        {
            made = await service.CreateAsync(new(id, invoice.Id, here, payment.Amount, payment.Method, $"OrderClosr {invoice.PlanName} {invoice.Number}", Languages.Current, new($"{Base}/w/{slug}/settings/billing/back/{id}"), new($"{Base}/webhooks/chargily")), stop);
        }
        catch (VendorFailure failure) when (failure.Category == FailureCategory.OutcomeUnknown)
        {
            made = await service.FindAsync(id, stop);
            if (made is null) return Busy;
        }
        catch (VendorFailure failure)
        {
            // Nothing was made: said to the person, with the service's own words where it has some.
            await MoveAsync(id, p => BillingTransitions.TryMove(p, PaymentState.Lost), stop);
            return RefusalOf(failure);
        }
        await ApplyAsync(id, made, stop);
        db.ChangeTracker.Clear();
        return await db.Payments.AsNoTracking().SingleAsync(p => p.Id == id, stop);
    }

    private Task ApplyAsync(Id<Payment> id, SeenCheckout seen, CancellationToken stop) => MoveAsync(id, async (payment, subscription) =>
    {
        if (payment.CheckoutId is null)
        {
            (payment.CheckoutId, payment.PageUrl) = (seen.Id, seen.PageUrl);
            db.Add(new AccountRoute { Source = Payment.RouteSource, Account = seen.Id, WorkspaceId = db.WorkspaceId, Target = id.Value });
            if (payment.State is PaymentState.Asking or PaymentState.Lost) BillingTransitions.TryMove(payment, PaymentState.Open);
        }
        if (payment.CheckoutId != seen.Id) throw new InvalidOperationException("The service answered with another payment.");
        switch (seen.Status)
        {
            case CheckoutStatus.Paid when payment.CreditedAt is null:
                await CreditAsync(payment, seen, subscription, stop);
                break;
            case CheckoutStatus.Failed: BillingTransitions.TryMove(payment, PaymentState.Failed); break;
            case CheckoutStatus.Cancelled: BillingTransitions.TryMove(payment, PaymentState.Cancelled); break;
            case CheckoutStatus.Expired: BillingTransitions.TryMove(payment, PaymentState.Expired); break;
        }
    }, stop);

    private async Task CreditAsync(Payment payment, SeenCheckout seen, Subscription subscription, CancellationToken stop)
    {
        var trouble = !seen.IsDinars ? "currency_differs" : seen.Amount != payment.Amount ? "amount_differs" : seen.IsLive != payment.IsLive ? "mode_differs" : null;
        if (trouble is not null)
        {
            if (payment.Trouble != trouble) log.LogError("A payment is not the one that was asked for ({Trouble}): payment {Payment}, nothing is credited. Look at it at the payment service.", trouble, payment.Id);
            payment.Trouble = trouble;
            BillingTransitions.TryMove(payment, PaymentState.Differs);
            return;
        }
        if (!BillingTransitions.TryMove(payment, PaymentState.Paid)) return;
        (payment.PaidAt, payment.CreditedAt, payment.Trouble) = (time.GetUtcNow(), time.GetUtcNow(), null);
        var invoice = await db.Invoices.SingleAsync(i => i.Id == payment.InvoiceId, stop);
        await db.Entry(invoice).ReloadAsync(stop);
        await subscriptions.TakeAsync(subscription, invoice, payment, stop);
    }

    private Task MoveAsync(Id<Payment> id, Func<Payment, bool> move, CancellationToken stop) => MoveAsync(id, (payment, _) =>
    {
        move(payment);
        return Task.CompletedTask;
    }, stop);

    /// <summary>Changes a payment under the lock of the shop's subscription: an event, a look and the way back come at the same moment.</summary>
    private Task MoveAsync(Id<Payment> id, Func<Payment, Subscription, Task> change, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var subscription = await subscriptions.LockAsync(stop);
        var payment = await db.Payments.SingleAsync(p => p.Id == id, stop);
        await db.Entry(payment).ReloadAsync(stop);
        await change(payment, subscription);
        await db.SaveChangesAsync(stop);
        db.Tell("billing", db.WorkspaceId);
        db.Tell("controls", db.WorkspaceId);
    }, stop);

    private static readonly Refusal Busy = new("payment_busy", "The payment service does not answer just now: try again in a minute. Nothing was paid.", Kind: RefusalKind.Conflict);

    private static Refusal RefusalOf(VendorFailure failure) => failure.Category switch
    {
        FailureCategory.Refused => new("payment_refused", failure.Message, Suggestions: [failure.Message]),
        FailureCategory.Credentials or FailureCategory.Configuration => new("payment_off", "The payment service refuses our key: the operator has to look.", Kind: RefusalKind.Conflict),
        _ => Busy,
    };
}
