using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Billing;

/// <summary>What a shop's owners are told of its plan by letter; part of the names of its words (<c>mails.plan_due_subject</c>).</summary>
public enum PlanLetter
{
    /// <summary>An invoice is to be paid within days.</summary>
    Due,

    /// <summary>It was to be paid by today or before: how long everything still goes on.</summary>
    Late,

    /// <summary>The agent rests.</summary>
    Suspended,

    /// <summary>Paid: thank you.</summary>
    Paid,

    /// <summary>An invoice was paid twice: the money is kept as credit.</summary>
    Credit,

    /// <summary>Most of the month's conversations are used, or all.</summary>
    Usage,
}

/// <summary>That a reminder was written: one for an invoice and a day, one for a month and a share of its conversations.</summary>
public sealed class PlanReminder : IOfWorkspace, IHasId<PlanReminder>
{
    public required Id<PlanReminder> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>An invoice's number, or <c>usage-2026-11</c>.</summary>
    public required string About { get; init; }

    /// <summary>Days before (−7) or after (3) the day it is due; percent for the usage.</summary>
    public required int Mark { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Writes the letters about a plan to the shop's owners, in the transaction of their cause; each reminder once.</summary>
public sealed class PlanLetters(OrderClosrDb db, TimeProvider time)
{
    /// <summary>When it is reminded of an open invoice: days from the end of what is paid.</summary>
    public static readonly IReadOnlyList<int> Marks = [-7, -3, -1, 0, 3];

    /// <summary>A letter to every owner.</summary>
    /// <param name="invoice">What it is about, where it is about one.</param>
    /// <param name="percent">Of the month's conversations.</param>
    internal Task WriteAsync(PlanLetter letter, Id<Invoice>? invoice, int? percent, CancellationToken stop) => db.TellOwnersAsync((key, owner) => new SendPlanLetter(key, owner, letter, invoice, percent), time.GetUtcNow(), stop);

    /// <summary>The reminder of the day, if one is due and was not written; a server that was away writes the last one only.</summary>
    internal async Task RemindAsync(Invoice invoice, DateOnly endsOn, DateOnly today, CancellationToken stop)
    {
        var due = Marks.Where(m => endsOn.AddDays(m) <= today).ToList();
        if (due.Count == 0) return;
        var isNew = false;
        foreach (var mark in due) isNew = await NoteAsync(invoice.Number, mark, stop);
        if (isNew) await WriteAsync(due[^1] < 0 ? PlanLetter.Due : PlanLetter.Late, invoice.Id, null, stop);
    }

    /// <summary>True the first time.</summary>
    internal Task<bool> NoteAsync(string about, int mark, CancellationToken stop) =>
        db.AddUnlessThereAsync(new PlanReminder { Id = Id<PlanReminder>.New(time.GetUtcNow()), About = about, Mark = mark, At = time.GetUtcNow() }, stop);
}

/// <summary>Sends an owner a letter about the plan; <paramref name="Key"/> is its Message-Id, so a repeat is a copy.</summary>
public sealed record SendPlanLetter(Guid Key, Guid AccountId, PlanLetter Letter, Id<Invoice>? Invoice, int? Percent) : IShopLetter
{
    public static string Kind => "send_plan_letter";
    public string Lane => MailSetup.Lane;
    public string OrderKey => Key.ToString("N");
}

/// <inheritdoc cref="SendPlanLetter"/>
internal sealed class SendPlanLetterHandler(OrderClosrDb db, Plans plans, ShopLetters letters) : IJobHandler<SendPlanLetter>
{
    public async Task<JobOutcome> RunAsync(SendPlanLetter job, JobRun run, CancellationToken stop)
    {
        var invoice = job.Invoice is { } id ? await db.Invoices.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, stop) : null;
        var subscription = await db.Subscriptions.AsNoTracking().SingleOrDefaultAsync(stop);
        // Paid, or replaced; or going on again.
        var isOver = (job.Letter is PlanLetter.Due or PlanLetter.Late && invoice?.State != InvoiceState.Open) || subscription is null || (job.Letter == PlanLetter.Suspended && subscription.State != SubscriptionState.Suspended);
        return await letters.SendAsync(job, isOver ? null : new($"plan_{job.Letter.Word()}", invoice is { State: InvoiceState.Open } ? $"/billing/pay/{invoice.Id}" : "settings/billing",
            LetterPaper.Plain(plans.Of(subscription!).Name), LetterPaper.Plain(invoice?.ToPay.ToString() ?? ""), Day(invoice?.DueOn ?? subscription!.ToOn), Day(subscription!.ToOn.AddDays(Plans.GraceDays)), LetterPaper.Plain($"{job.Percent ?? 0} %")), stop);
    }

    private static string Day(DateOnly day) => LetterPaper.Day(AlgiersTime.StartOf(day));
}
