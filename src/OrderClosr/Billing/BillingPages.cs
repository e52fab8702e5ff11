using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing.Pages;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Billing;

/// <summary><c>/settings/billing</c>: the shop's plan, what is used of it, paying, invoices. For owners.</summary>
public static class BillingPages
{
    private const string Here = "settings/billing";

    public static void MapBillingPages(this RouteGroupBuilder workspace)
    {
        var own = workspace.MapGroup("/settings/billing").Needs(Capability.PayPlan);
        own.MapGet("", (string? cycle, BillingView view, CancellationToken stop) => view.PageAsync(cycle, null, stop));
        // A link, not a form: our policy lets no form lead to another's site. Nothing is paid by following it.
        own.MapGet("/pay", async Task<IResult> (string? by, HttpContext http, Subscriptions subscriptions, Paying paying, Plans plans, BillingView view, Shop shop) =>
            !plans.IsOn ? Results.NotFound() : await subscriptions.NextAsync(http.RequestAborted) is { } invoice ? await PayAsync(http, invoice, by, paying, view, shop) : Results.Back(http, shop.Link(Here), "billing.nothing_to_pay"));
        own.MapGet("/pay/{id}", async Task<IResult> (Id<Invoice> id, string? by, HttpContext http, OrderClosrDb db, Paying paying, Plans plans, BillingView view, Shop shop) =>
            plans.IsOn && await db.Invoices.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, http.RequestAborted) is { } invoice ? await PayAsync(http, invoice, by, paying, view, shop) : Results.NotFound());
        own.MapGet("/back/{id}", (Id<Payment> id, BillingView view, CancellationToken stop) => view.BackAsync(id, stop));
        own.MapPost("/plan", async Task<IResult> (HttpContext http, [FromForm] string? plan, [FromForm] string? cycle, Subscriptions subscriptions, BillingView view, Plans plans, Shop shop) =>
        {
            if (!plans.IsOn) return Results.NotFound();
            var chosen = await subscriptions.ChooseAsync(plan, CycleOf(cycle), http.RequestAborted);
            if (!chosen.Ok) return await view.PageAsync(cycle, chosen.Refusal, http.RequestAborted);
            return Results.Back(http, $"{shop.Link(Here)}{(chosen.Value is { State: InvoiceState.Open } ? "#pay" : "")}", chosen.Value is { State: InvoiceState.Open } ? "billing.chosen_pay" : "billing.chosen");
        });
        own.MapPost("/cancel", async Task<IResult> (HttpContext http, Subscriptions subscriptions, BillingView view, Plans plans, Shop shop) =>
            !plans.IsOn ? Results.NotFound() : await subscriptions.CancelAsync(http.RequestAborted) is { } refusal ? await view.PageAsync(null, refusal, http.RequestAborted) : Results.Back(http, shop.Link(Here), "billing.cancelled_now"));
        own.MapPost("/resume", async Task<IResult> (HttpContext http, Subscriptions subscriptions, BillingView view, Plans plans, Shop shop) =>
            !plans.IsOn ? Results.NotFound() : await subscriptions.ResumeAsync(http.RequestAborted) is { } refusal ? await view.PageAsync(null, refusal, http.RequestAborted) : Results.Back(http, shop.Link(Here), "billing.resumed_now"));
        own.MapGet("/invoices/{id}", async Task<IResult> (Id<Invoice> id, string? lang, HttpContext http, OrderClosrDb db, InvoicePaper paper) =>
        {
            if (await db.Invoices.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, http.RequestAborted) is not { } invoice) return Results.NotFound();
            var language = lang is "ar" or "fr" ? lang : Languages.Current;
            var payment = await db.Payments.AsNoTracking().Where(p => p.InvoiceId == id && p.State == PaymentState.Paid).OrderBy(p => p.Id).FirstOrDefaultAsync(http.RequestAborted);
            return Results.File(paper.Draw(invoice, payment?.Method, language), "application/pdf", $"{invoice.Number}-{language}.pdf");
        });
    }

    /// <summary><c>/billing/pay/{invoice}</c>: the address in letters, good as long as the invoice is; leads into the workspace whose it is, where a fresh page to pay on is made on a press.</summary>
    public static void MapPayPages(this IEndpointRouteBuilder app) => app.MapGet("/billing/pay/{id}", async Task<IResult> (Id<Invoice> id, HttpContext http, OrderClosrDb db, WorkspaceScopes scopes) =>
    {
        var account = AccountPages.AccountOf(http.User);
        foreach (var mine in await (from member in db.Members where member.AccountId == account && member.Role == Role.Owner join shop in db.Workspaces on member.WorkspaceId equals shop.Id select new { shop.Id, shop.Slug }).ToListAsync(http.RequestAborted))
        {
            await using var scope = scopes.Open(mine.Id);
            if (await scope.Db.Invoices.AnyAsync(i => i.Id == id, http.RequestAborted)) return Results.LocalRedirect($"/w/{mine.Slug}/{Here}#pay");
        }
        return Results.NotFound();
    }).RequireAuthorization();

    internal static BillingCycle CycleOf(string? word) => word == "yearly" ? BillingCycle.Yearly : BillingCycle.Monthly;

    private static async Task<IResult> PayAsync(HttpContext http, Invoice invoice, string? by, Paying paying, BillingView view, Shop shop)
    {
        if (invoice.State == InvoiceState.Paid) return Results.Back(http, shop.Link(Here), "billing.paid_now");
        var opened = await paying.OpenAsync(invoice.Id, by == "cib" ? PayMethod.Cib : PayMethod.Edahabia, http.RequestAborted);
        if (!opened.Ok) return opened.Refusal.Kind == RefusalKind.NotFound ? Results.NotFound() : await view.PageAsync(null, opened.Refusal, http.RequestAborted);
        return opened.Value is { State: PaymentState.Open, PageUrl: { } page } ? Results.Redirect(page) : Results.Back(http, shop.Link($"{Here}/back/{opened.Value.Id}"));
    }
}

/// <summary>What the page shows.</summary>
/// <param name="NextOn">The day the next invoice is due.</param>
/// <param name="NextAmount">What it comes to, as things stand.</param>
/// <param name="Waiting">A payment that is not decided yet.</param>
/// <param name="Shown">Which prices are shown.</param>
public sealed record BillingLook(Subscription Subscription, Plan Plan, DateOnly Today, int Used, int Pace, Invoice? Open, DateOnly NextOn, Dinars NextAmount, Payment? Waiting, IReadOnlyList<Invoice> Invoices, BillingCycle Shown, bool IsPlayed)
{
    /// <summary>Everything goes on so long although it is not paid.</summary>
    public DateOnly GraceEndsOn => Subscription.ToOn.AddDays(Plans.GraceDays);
}

/// <summary>Reads what the pages of the plan show.</summary>
public sealed class BillingView(OrderClosrDb db, Plans plans, IPayments payments, Subscriptions subscriptions, Paying paying, UsageMeter usage, TimeProvider time)
{
    /// <summary>The page, with what was refused.</summary>
    public async Task<IResult> PageAsync(string? cycle, Refusal? refusal, CancellationToken stop)
    {
        var status = refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal);
        if (await subscriptions.EnsureAsync(stop) is null) return Results.Page<NoPlansPage>();
        db.ChangeTracker.Clear();
        var subscription = await db.Subscriptions.AsNoTracking().SingleAsync(stop);
        var (plan, today) = (plans.Of(subscription), time.TodayInAlgiers());
        var invoices = await db.Invoices.AsNoTracking().OrderByDescending(i => i.Id).Take(120).ToListAsync(stop);
        var open = invoices.Find(i => i.State == InvoiceState.Open);
        var waiting = open is null ? null : await db.Payments.AsNoTracking().Where(p => p.InvoiceId == open.Id && (p.State == PaymentState.Differs || p.State == PaymentState.Asking)).OrderByDescending(p => p.Id).FirstOrDefaultAsync(stop);
        var used = await usage.UsedAsync(stop);
        var bill = Prices.Make(Prices.Of(plan, subscription.Cycle), Dinars.Zero, subscription.Credit, payments.Least);
        var look = new BillingLook(subscription, plan, today, used, used * DateTime.DaysInMonth(today.Year, today.Month) / today.Day, open, open?.DueOn ?? (subscription.ToOn > today ? subscription.ToOn : today), open?.ToPay ?? bill.ToPay, waiting,
            [.. invoices.Where(i => i.State != InvoiceState.Void)], cycle is null ? subscription.Cycle : BillingPages.CycleOf(cycle), !payments.IsLive);
        return Results.Page<BillingPage>(new { Look = look, plans.All, Refusal = refusal }, status);
    }

    /// <summary>The page a person comes back to: says honestly what is known, after asking.</summary>
    public async Task<IResult> BackAsync(Id<Payment> id, CancellationToken stop)
    {
        if (!await db.Payments.AnyAsync(p => p.Id == id, stop)) return Results.NotFound();
        var isAsked = true;
        try
        {
            await paying.LookAsync(id, stop);
        }
        catch (VendorFailure)
        {
            // The looks by the clock go on; the page says that it waits.
            isAsked = false;
        }
        db.ChangeTracker.Clear();
        var payment = await db.Payments.AsNoTracking().SingleAsync(p => p.Id == id, stop);
        var invoice = await db.Invoices.AsNoTracking().SingleAsync(i => i.Id == payment.InvoiceId, stop);
        var subscription = await db.Subscriptions.AsNoTracking().SingleAsync(stop);
        return Results.Page<BackPage>(new { Payment = payment, Invoice = invoice, Subscription = subscription, IsAsked = isAsked });
    }
}

/// <summary>Says on every page what is due, late or resting.</summary>
internal sealed class PlanBanner(Plans plans, Words words, Dates dates, TimeProvider time) : IBanner
{
    public async Task<Banner?> ReadAsync(OrderClosrDb db, Shop shop, CancellationToken stop)
    {
        if (!plans.IsOn || await db.Subscriptions.AsNoTracking().SingleOrDefaultAsync(stop) is not { } subscription) return null;
        var today = time.TodayInAlgiers();
        var link = shop.May(Capability.PayPlan) ? "settings/billing#pay" : null;
        switch (subscription.State)
        {
            case SubscriptionState.Suspended: return new(words["billing.banner_suspended"], "red", link, words["billing.pay"]);
            case SubscriptionState.PastDue: return new(words["billing.banner_late", dates.Day(subscription.ToOn.AddDays(Plans.GraceDays))], "amber", link, words["billing.pay"]);
            case SubscriptionState.Cancelled when today >= subscription.ToOn: return new(words["billing.banner_ended"], "red", link, words["billing.see"]);
            case SubscriptionState.Trialing or SubscriptionState.Active when link is not null && today >= subscription.ToOn.AddDays(-3) && await db.Invoices.AnyAsync(i => i.State == InvoiceState.Open && i.Kind == InvoiceKind.Renewal, stop):
                return new(words["billing.banner_due", dates.Day(subscription.ToOn)], "nila", link, words["billing.pay"]);
        }
        if (!shop.May(Capability.PayPlan) || plans.Of(subscription).Conversations is not { } limit) return null;
        var month = Periods.Month(today);
        var used = await db.UsageMarks.CountAsync(u => u.MonthOn == month, stop);
        return used * 100 < limit * UsageMeter.Warnings[0] ? null
            : new(words[used >= limit ? "billing.banner_full" : "billing.banner_most", used.ToString("#,0", Numbers), limit.ToString("#,0", Numbers)], used >= limit ? "amber" : "nila", "settings/billing", words["billing.see"]);
    }

    private static readonly NumberFormatInfo Numbers = new() { NumberGroupSeparator = "\u00a0" };
}
