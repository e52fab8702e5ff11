using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Billing;

/// <summary>A shop on a server with plans, the payment service played, and a clock that the test moves: a Sunday morning in November.</summary>
internal sealed class BillingWorld : IAsyncDisposable
{
    internal const string Key = "test_sk_invented_orderclosr";

    internal static readonly DateTimeOffset Begin = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Settings of a server that has plans.</summary>
    internal static Dictionary<string, string?> Settings => new() { ["Chargily:SecretKey"] = Key, ["Chargily:Url"] = "http://{sandbox}/chargily/test/api/v2" };

    internal TestApp App { get; private init; } = null!;
    internal Shop Shop { get; private init; } = null!;

    internal static Task<BillingWorld> StartAsync(Database database, params (string Name, string Value)[] more) => StartAsync(database, isStarted: true, more);

    /// <param name="isStarted">False: nothing runs by itself, and the database may be taken away under it.</param>
    internal static async Task<BillingWorld> StartAsync(Database database, bool isStarted, params (string Name, string Value)[] more)
    {
        var settings = Settings;
        foreach (var (name, value) in more) settings[name] = value;
        var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps with { Time = new TestClock(Begin), Settings = settings, Started = isStarted, VendorsPlay = !isStarted });
        var world = new BillingWorld { App = app, Shop = await app.NewShopAsync() };
        await world.InAsync<Subscriptions, Subscription?>(s => s.EnsureAsync(default));
        await app.RestsAsync(); // the night's look at payments, which a start brings, would hear what the service says by then
        return world;
    }

    internal async Task<T> InAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = App.In(Shop.Id);
        return await work(scope.Get<TService>());
    }

    internal async Task<T> ReadAsync<T>(Func<OrderClosr.Ground.Data.OrderClosrDb, Task<T>> read)
    {
        await using var scope = App.In(Shop.Id);
        return await read(scope.Db);
    }

    internal Task<Subscription> PlanAsync() => ReadAsync(db => db.Subscriptions.AsNoTracking().SingleAsync());
    internal Task<List<Invoice>> InvoicesAsync() => ReadAsync(db => db.Invoices.AsNoTracking().OrderBy(i => i.Id).ToListAsync());
    internal Task<List<Payment>> PaymentsAsync() => ReadAsync(db => db.Payments.AsNoTracking().OrderBy(p => p.Id).ToListAsync());
    internal Task<List<CreditEntry>> CreditsAsync() => ReadAsync(db => db.CreditEntries.AsNoTracking().OrderBy(e => e.Id).ToListAsync());

    /// <summary>The invoice to pay now.</summary>
    internal async Task<Invoice> NextAsync() => (await InAsync<Subscriptions, Invoice?>(s => s.NextAsync(default)))!;

    internal Task<Result<Payment>> OpenAsync(Invoice invoice, PayMethod method = PayMethod.Edahabia) => InAsync<Paying, Result<Payment>>(p => p.OpenAsync(invoice.Id, method, default));

    /// <summary>A page to pay on, as the owner gets one.</summary>
    internal async Task<Payment> PageAsync(Invoice invoice, PayMethod method = PayMethod.Edahabia)
    {
        var opened = await OpenAsync(invoice, method);
        Assert.True(opened.Ok, opened.Refusal?.Code);
        return opened.Value;
    }

    /// <summary>What somebody does at the payment service.</summary>
    internal async Task DoAsync(string? checkout, string what) => (await App.Sandbox.PostAsJsonAsync($"/chargily/_checkouts/{checkout}", new { @do = what })).EnsureSuccessStatusCode();

    internal async Task FaultAsync(string kind, string? value = null, int? count = null, string? path = null, int? status = null, double? seconds = null, string? method = null) =>
        (await App.Sandbox.PostAsJsonAsync("/chargily/_faults", new { kind, value, count, path, status, seconds, method, rate = 1 })).EnsureSuccessStatusCode();

    internal Task CalmAsync() => App.Sandbox.DeleteAsync("/chargily/_faults");

    internal async Task<JsonArray> CheckoutsAsync() => (await App.Sandbox.GetFromJsonAsync<JsonObject>("/chargily/_checkouts"))!["items"]!.AsArray();

    /// <summary>What became of a payment, once it is so; the clock stands still meanwhile.</summary>
    internal Task<Payment> BecomesAsync(Payment payment, PaymentState state) => Eventually.FindsAsync(async () => (await PaymentsAsync()).SingleOrDefault(p => p.Id == payment.Id && p.State == state));

    /// <summary>Looks at a payment now, as the clock's job does.</summary>
    internal async Task LookAsync(Payment payment)
    {
        await using var scope = App.In(Shop.Id);
        await scope.Get<Paying>().LookAsync(payment.Id, default);
    }

    /// <summary>Days go by, each with what it does to the plan and the letters it writes: one that waited over night has nothing to say any more.</summary>
    internal async Task DaysAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            App.Time.Advance(TimeSpan.FromDays(1));
            await RollAsync();
            await Eventually.HoldsAsync(async () =>
            {
                await App.Get<JobRunner>().RunDueAsync(MailSetup.Lane, default);
                var now = App.Time.GetUtcNow();
                return !await ReadAsync(db => db.Jobs.AnyAsync(j => j.Lane == MailSetup.Lane && (j.State == JobState.Running || (j.State == JobState.Waiting && j.DueAt <= now))));
            });
        }
    }

    internal async Task RollAsync()
    {
        await using var scope = App.In(Shop.Id);
        await scope.Get<Subscriptions>().RollAsync(default);
    }

    /// <summary>Runs what is due in the lane of the payments until nothing is.</summary>
    internal Task<int> RunLooksAsync() => App.Get<JobRunner>().RunDueAsync(BillingSetup.Lane, default);

    /// <summary>What came was read, and no look at a payment is under way or due: a late one would hear what the service says by then.</summary>
    internal Task QuietAsync() => Eventually.HoldsAsync(async () =>
    {
        var now = App.Time.GetUtcNow();
        return await ReadAsync(async db => !await db.Set<InboundEvent>().AnyAsync(e => e.State == EventState.Unread)
            && !await db.Jobs.AnyAsync(j => j.Lane == BillingSetup.Lane && (j.State == JobState.Running || (j.State == JobState.Waiting && j.DueAt <= now))));
    });

    /// <summary>Pays the next invoice on its page; the event tells of it.</summary>
    internal async Task<Invoice> PayAsync(PayMethod method = PayMethod.Edahabia)
    {
        var invoice = await NextAsync();
        var payment = await PageAsync(invoice, method);
        await DoAsync(payment.CheckoutId, "pay");
        await BecomesAsync(payment, PaymentState.Paid);
        return (await InvoicesAsync()).Single(i => i.Id == invoice.Id);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
