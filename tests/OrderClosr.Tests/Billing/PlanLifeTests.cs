using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Billing;

/// <summary>A plan from its trial to its end, by the clock: reminders, grace, suspension, return; another plan in between; limits where something is added.</summary>
public sealed class PlanLifeTests
{
    [Theory, OnBothDatabases]
    public async Task Trial_invoice_reminders_grace_suspension_and_return(Database database)
    {
        await using var world = await BillingWorld.StartAsync(database);
        var plan = await world.PlanAsync();
        Assert.Equal((SubscriptionState.Trialing, "boutique", new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 15)), (plan.State, plan.Plan, plan.FromOn, plan.ToOn));
        await world.DaysAsync(6);
        Assert.Empty(await world.InvoicesAsync());
        await world.DaysAsync(1); // seven days before the end
        var invoice = Assert.Single(await world.InvoicesAsync());
        Assert.Equal(("2026-0001", InvoiceState.Open, 3900, new DateOnly(2026, 11, 15)), (invoice.Number, invoice.State, invoice.ToPay.Amount, invoice.DueOn));
        await world.RollAsync();
        await LettersAsync(1); // once a day, however often it is looked
        await world.DaysAsync(4);
        await LettersAsync(2);
        await world.DaysAsync(3);
        await LettersAsync(4);
        Assert.Equal(SubscriptionState.PastDue, (await world.PlanAsync()).State);
        Assert.Equal(PlanWord.Open, await world.InAsync<UsageMeter, PlanWord>(m => m.AskAsync(Guid.NewGuid(), default))); // grace: everything goes on
        await world.DaysAsync(6);
        await LettersAsync(5);
        Assert.Equal(SubscriptionState.PastDue, (await world.PlanAsync()).State);
        await world.DaysAsync(1);
        Assert.Equal(SubscriptionState.Suspended, (await world.PlanAsync()).State);
        Assert.Equal(PlanWord.Rests, await world.InAsync<UsageMeter, PlanWord>(m => m.AskAsync(Guid.NewGuid(), default)));
        await LettersAsync(6);
        await world.DaysAsync(3);
        Assert.Single(await world.InvoicesAsync()); // nothing grows while it rests

        // Inbox, orders, export stay open; every page says why the agent rests.
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        foreach (var page in (string[])["inbox", "orders", "settings/workspaces/export"]) Assert.Contains("L'agent se repose", await owner.ReadAsync($"/w/{world.Shop.Slug}/{page}"), StringComparison.Ordinal);

        await world.PayAsync();
        plan = await world.PlanAsync();
        Assert.Equal((SubscriptionState.Active, new DateOnly(2026, 11, 25), new DateOnly(2026, 12, 25)), (plan.State, plan.FromOn, plan.ToOn)); // from the day it was paid
        Assert.Equal(PlanWord.Open, await world.InAsync<UsageMeter, PlanWord>(m => m.AskAsync(Guid.NewGuid(), default)));
        Assert.Equal(["Trialing PastDue unpaid", "PastDue Suspended grace_over", "Suspended Active paid"], (await world.ReadAsync(db => db.SubscriptionMoves.OrderBy(m => m.Id).ToListAsync())).Select(m => $"{m.From} {m.To} {m.Cause}"));
        Assert.DoesNotContain("L'agent se repose", await owner.ReadAsync($"/w/{world.Shop.Slug}/inbox"), StringComparison.Ordinal);

        // The clock's own jobs exist and find the shop.
        Assert.All((string[])[RollPlans.Kind, SweepPayments.Kind], k => Assert.Contains(Clocks.All, c => c.Job == k));
        world.App.Time.Advance(TimeSpan.FromDays(23));
        await using (var none = world.App.Get<WorkspaceScopes>().OpenNone()) await none.Get<IJobHandler<RollPlans>>().RunAsync(new(), new(default, 1, false), default);
        Assert.Equal("2026-0002", (await world.InvoicesAsync())[^1].Number);

        async Task LettersAsync(int count) => await Eventually.HoldsAsync(async () => (await world.App.LettersAsync(world.Shop.OwnerEmail)).Length == count, what: $"{count} letters");
    }

    [Theory, OnBothDatabases]
    public async Task Another_plan_takes_what_was_paid_and_not_used(Database database)
    {
        await using var world = await BillingWorld.StartAsync(database);
        Assert.Equal("plan_same", (await ChooseAsync("boutique")).Refusal?.Code);
        Assert.Equal("plan_unknown", (await ChooseAsync("nothing")).Refusal?.Code);
        world.App.Time.Advance(TimeSpan.FromDays(15)); // the 16th: the trial is over
        await world.RollAsync();
        await world.PayAsync();
        Assert.Equal(new DateOnly(2026, 12, 16), (await world.PlanAsync()).ToOn);

        await world.DaysAsync(20); // 6 December: ten days of thirty are left
        var dearer = (await ChooseAsync("atelier")).Value!;
        Assert.Equal((InvoiceKind.Change, 9900, 1300, 8600, InvoiceState.Open), (dearer.Kind, dearer.Price.Amount, dearer.Unused.Amount, dearer.ToPay.Amount, dearer.State));
        Assert.Equal("boutique", (await world.PlanAsync()).Plan); // nothing before it is paid
        var payment = await world.PageAsync(dearer);
        await world.DoAsync(payment.CheckoutId, "pay");
        await world.BecomesAsync(payment, PaymentState.Paid);
        var plan = await world.PlanAsync();
        Assert.Equal(("atelier", new DateOnly(2026, 12, 6), new DateOnly(2027, 1, 6)), (plan.Plan, plan.FromOn, plan.ToOn));

        // Back to the smaller one on the same day: nothing is to pay, the rest is credit.
        var cheaper = (await ChooseAsync("boutique")).Value!;
        plan = await world.PlanAsync();
        Assert.Equal((0, InvoiceState.Paid, "boutique", 6000), (cheaper.ToPay.Amount, cheaper.State, plan.Plan, plan.Credit.Amount));

        // One that nobody pays is good for that day and the next; its credit comes back.
        var stale = (await ChooseAsync("atelier")).Value!;
        Assert.Equal((3900, 6000, 0), (stale.Unused.Amount, stale.FromCredit.Amount, stale.ToPay.Amount));
        Assert.Equal("atelier", (await world.PlanAsync()).Plan);
        var year = (await ChooseAsync("atelier", BillingCycle.Yearly)).Value!;
        Assert.Equal((99000, 9900, InvoiceState.Open), (year.Price.Amount, year.Unused.Amount, year.State));
        await world.DaysAsync(2);
        Assert.Equal(InvoiceState.Void, (await world.InvoicesAsync()).Single(i => i.Id == year.Id).State);

        // To the free plan at once, what is left becomes credit; ended and taken back.
        Assert.True((await ChooseAsync("start")).Refusal?.Code == "plan_channels"); // three channels are connected
        Assert.Null(await world.InAsync<Subscriptions, Refusal?>(s => s.CancelAsync(default)));
        Assert.Equal("plan_cancelled", (await world.InAsync<Subscriptions, Refusal?>(s => s.CancelAsync(default)))?.Code);
        Assert.Equal(PlanWord.Open, await world.InAsync<UsageMeter, PlanWord>(m => m.AskAsync(Guid.NewGuid(), default))); // what is paid is used up
        Assert.Null(await world.InAsync<Subscriptions, Refusal?>(s => s.ResumeAsync(default)));
        await world.InAsync<Subscriptions, Refusal?>(s => s.CancelAsync(default));
        await world.DaysAsync(40);
        Assert.Equal((SubscriptionState.Cancelled, PlanWord.Rests), ((await world.PlanAsync()).State, await world.InAsync<UsageMeter, PlanWord>(m => m.AskAsync(Guid.NewGuid(), default))));
        Assert.Equal("plan_to_pay", (await world.InAsync<Subscriptions, Refusal?>(s => s.ResumeAsync(default)))?.Code);
        Assert.DoesNotContain(await world.InvoicesAsync(), i => i.State == InvoiceState.Open);

        // The series has no gap, over the turn of the year too.
        var numbers = (await world.InvoicesAsync()).Select(i => i.Number).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => InvoiceNumber.Text(2026, n)), numbers);

        Task<Result<Invoice?>> ChooseAsync(string key, BillingCycle cycle = BillingCycle.Monthly) => world.InAsync<Subscriptions, Result<Invoice?>>(s => s.ChooseAsync(key, cycle, default));
    }

    [Fact]
    public async Task The_first_page_says_the_price_of_the_plans_and_none_where_nobody_pays()
    {
        await using (var world = await BillingWorld.StartAsync(Database.Sqlite)) Assert.Contains("<bdi>0 DA</bdi> jusqu'à <bdi>50</bdi> conversations par mois, puis à partir de <bdi>3 900 DA</bdi> par mois.", Plain(await world.App.Http.GetStringAsync("/")));
        await using (var paid = await BillingWorld.StartAsync(Database.Sqlite, ("Billing:Plans:one:Monthly", "2500"), ("Billing:Plans:one:Yearly", "25000")))
            Assert.Contains("À partir de <bdi>2 500 DA</bdi> par mois.", Plain(await paid.App.Http.GetStringAsync("/")));
        await using var free = await TestApp.StartAsync(Database.Sqlite);
        Assert.DoesNotContain("id=\"price\"", await free.Http.GetStringAsync("/"));

        static string Plain(string html) => System.Net.WebUtility.HtmlDecode(html).Replace('\u202f', ' ').Replace('\u00a0', ' ');
    }

    [Theory, OnBothDatabases]
    public async Task The_meter_warns_twice_leaves_a_margin_and_cuts_nobody_off(Database database)
    {
        await using var world = await BillingWorld.StartAsync(database, ("Billing:Plans:boutique:Monthly", "3900"), ("Billing:Plans:boutique:Yearly", "39000"), ("Billing:Plans:boutique:Conversations", "10"), ("Billing:Plans:boutique:Members", "2"), ("Billing:Plans:boutique:Channels", "3"));
        await world.PayAsync();
        var talks = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToList();
        foreach (var talk in talks.Take(8)) await CountAsync(talk);
        await CountAsync(talks[0]); // once a month
        Assert.Equal("80 %", await PercentAsync(2));
        foreach (var talk in talks.Skip(8)) await CountAsync(talk);
        Assert.Equal("100 %", await PercentAsync(3));
        Assert.Equal(PlanWord.Open, await AskAsync(talks[3])); // already begun: it goes on
        Assert.Equal(PlanWord.Full, await AskAsync(Guid.NewGuid()));
        Assert.Equal(20, await world.InAsync<UsageMeter, int>(m => m.UsedAsync(default)));
        world.App.Time.Advance(TimeSpan.FromDays(30)); // the 1st of December
        Assert.Equal(PlanWord.Open, await AskAsync(Guid.NewGuid()));
        Assert.Equal(0, await world.InAsync<UsageMeter, int>(m => m.UsedAsync(default)));

        // Members and channels are limited where they are added, with what to do.
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync($"/w/{world.Shop.Slug}/settings/invitations", new() { ["email"] = "sarah@example.test", ["role"] = "confirmer" }, $"/w/{world.Shop.Slug}/settings/workspaces")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.SubmitAsync($"/w/{world.Shop.Slug}/settings/invitations", new() { ["email"] = "anis@example.test", ["role"] = "confirmer" }, $"/w/{world.Shop.Slug}/settings/workspaces")).StatusCode);
        Assert.Contains("prenez un forfait plus grand", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.SubmitAsync($"/w/{world.Shop.Slug}/channels/connect", new() { ["kind"] = "messenger", ["external_id"] = "101000000000006", ["token"] = "invented-page-token-6" })).StatusCode);

        async Task CountAsync(Guid talk)
        {
            await using var scope = world.App.In(world.Shop.Id);
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Get<UsageMeter>().CountAsync(talk, default);
                await scope.Db.SaveChangesAsync();
            }, default);
        }
        Task<PlanWord> AskAsync(Guid talk) => world.InAsync<UsageMeter, PlanWord>(m => m.AskAsync(talk, default));
        async Task<string> PercentAsync(int count) => System.Text.RegularExpressions.Regex.Match((await world.App.LetterAsync(world.Shop.OwnerEmail, count)).Text, @"\d+ %").Value;
    }

    [Theory, OnBothDatabases]
    public async Task A_deleted_shop_takes_its_invoices_along_and_the_series_keeps_no_name(Database database)
    {
        await using var world = await BillingWorld.StartAsync(database);
        var invoice = await world.PayAsync();
        await using (var scope = world.App.In(world.Shop.Id)) Assert.Null(await scope.Get<Deletions>().AskAsync(() => Task.CompletedTask, default));
        await using (var none = world.App.Get<WorkspaceScopes>().OpenNone())
        {
            var deletion = await none.Db.Deletions.AsNoTracking().SingleAsync();
            Assert.DoesNotContain(invoice.Number, deletion.Invoices!.Value.Token, StringComparison.Ordinal);
        }
        Assert.True(await world.App.Get<Purging>().PurgeAsync(world.Shop.Id, null, default));
        await using (var none = world.App.Get<WorkspaceScopes>().OpenNone())
        {
            var number = await none.Db.InvoiceNumbers.AsNoTracking().SingleAsync();
            Assert.Equal((2026, 1, 3900), (number.Year, number.Sequence, number.ToPay.Amount));
            // As the night of day 22 does it.
            await none.Db.InTransactionAsync(() => none.Db.Deletions.ExecuteUpdateAsync(set => set.SetProperty(d => d.ProofAskedAt, world.App.Time.GetUtcNow())), default);
            await none.Get<IJobHandler<SendDeletionProof>>().RunAsync(new(world.Shop.Id), new(default, 1, false), default);
        }
        Assert.Empty(await world.InvoicesAsync());
        var proof = await Eventually.FindsAsync(async () => (await world.App.LettersAsync(world.Shop.OwnerEmail)).SingleOrDefault(l => l.Subject.Contains("Preuve", StringComparison.Ordinal)));
        Assert.Contains($"{invoice.Number} · 01/11/2026 · {new Dinars(3900)}", proof.Text, StringComparison.Ordinal);
    }
}
