using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Billing;
using OrderClosr.Tests.Promises;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>An account whose address nobody confirms goes with the empty shop that signing up made; nothing that anybody uses goes with it.</summary>
public sealed class UnconfirmedTests
{
    private const string Phrase = "une phrase bien à moi";

    [Theory, OnBothDatabases]
    public async Task Nobody_confirmed_it_in_two_weeks_so_it_goes_with_its_empty_shop_and_nothing_else_does(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        // With plans: the clocks write into a shop that nobody ever entered too.
        await using var app = await TestApp.StartAsync(database, new() { Time = time, Settings = BillingWorld.Settings });
        var shops = new Dictionary<string, (Guid Account, WorkspaceId Shop)>();
        foreach (var who in (string[])["lost", "late", "busy", "shared", "older"]) shops[who] = await SignUpAsync(app, who);
        await app.ConfirmAsync(Address("late"));
        await using (var scope = app.In(shops["busy"].Shop))
        {
            scope.Db.Add(new Customer { Id = CustomerId.New(time.GetUtcNow()), Name = "Amina", Phones = [], Search = "amina", CreatedAt = time.GetUtcNow() });
            await scope.Db.SaveChangesAsync();
        }
        await using (var scope = app.In(shops["shared"].Shop))
        {
            scope.Db.Add(new Member { Id = MemberId.New(time.GetUtcNow()), WorkspaceId = shops["shared"].Shop, AccountId = (await app.NewAccountAsync("Amel", "amel@example.test")).Id, Role = Role.Manager, CreatedAt = time.GetUtcNow() });
            await scope.Db.SaveChangesAsync();
        }
        // Came in when there was no mail server that asked for a confirmation.
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            scope.Get<Audit>().OfAccount(shops["older"].Account, AuditAction.SignedIn);
            await scope.Db.SaveChangesAsync();
        }

        time.Advance(TimeSpan.FromDays(13));
        await PurgedAsync(app, "2026-12-08");
        Assert.Equal(shops.Keys.Order(), await ThereAsync(app, shops));
        time.Advance(TimeSpan.FromDays(1));
        await PurgedAsync(app, "2026-12-09");
        Assert.Equal(["busy", "late", "older", "shared"], await ThereAsync(app, shops));
        await P13_ADeletedWorkspaceIsGoneWithin30Days.NothingInTablesAsync(app, shops["lost"].Shop);
        await using (var none = app.Get<WorkspaceScopes>().OpenNone())
        {
            Assert.False(await none.Db.Workspaces.AnyAsync(w => w.Id == shops["lost"].Shop));
            Assert.Equal(4, await none.Db.Workspaces.CountAsync());
            Assert.False(await none.Db.AccountLinks.AnyAsync(l => l.AccountId == shops["lost"].Account));
        }
        Assert.Empty(app.Get<DeletionBook>().Read());

        // Its address is free again, for whoever reads it.
        await SignUpAsync(app, "lost");
        var letters = await Eventually.FindsAsync(async () => await app.LettersAsync(Address("lost")) is var all && all.Count(l => l.Subject == "Confirmez votre adresse e-mail") == 2 ? all : null);
        // Every blank of a letter is filled, at its end too.
        Assert.DoesNotContain(letters, l => l.Text.Contains('{', StringComparison.Ordinal));
        using var late = new Visitor(app);
        Assert.Equal(HttpStatusCode.Redirect, (await late.SignInAsync(Address("late"), Phrase)).StatusCode);
    }

    [Theory, InlineData("Smtp:Url", null), InlineData("Accounts:UnconfirmedDays", "off"), InlineData("Accounts:UnconfirmedDays", "31")]
    public async Task Where_nobody_asks_for_it_or_the_operator_wants_it_so_they_stay(string setting, string? value)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var settings = new Dictionary<string, string?> { [setting] = value };
        if (setting == "Smtp:Url") settings["Smtp:From"] = null;
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Time = time, Started = false, VendorsPlay = true, Settings = settings });
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone()) Assert.Null(await scope.Get<SigningUp>().SignUpAsync(new("Lina", Address("lina"), Phrase, "Dar Lina"), default));
        time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(0, await app.Get<UnconfirmedAccounts>().PurgeAsync(default));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(value == "31" ? 1 : 0, await app.Get<UnconfirmedAccounts>().PurgeAsync(default));
    }

    private static string Address(string who) => $"{who}@darlina.example";

    private static async Task<(Guid, WorkspaceId)> SignUpAsync(TestApp app, string who)
    {
        using var visitor = new Visitor(app).Speaking("fr");
        Assert.Equal(HttpStatusCode.OK, (await visitor.SubmitAsync("/sign-up", new() { ["name"] = "Lina M.", ["shop"] = $"Dar {who}", ["email"] = Address(who), ["password"] = Phrase })).StatusCode);
        var address = Address(who);
        await using var none = app.Get<WorkspaceScopes>().OpenNone();
        var account = await none.Db.Accounts.SingleAsync(a => a.Email == address);
        return (account.Id, await none.Db.Members.Where(m => m.AccountId == account.Id).Select(m => m.WorkspaceId).SingleAsync());
    }

    /// <summary>Whose account and shop are both there; one without the other is a fault.</summary>
    private static async Task<IEnumerable<string>> ThereAsync(TestApp app, Dictionary<string, (Guid Account, WorkspaceId Shop)> shops)
    {
        await using var none = app.Get<WorkspaceScopes>().OpenNone();
        var (accounts, workspaces) = (await none.Db.Accounts.Select(a => a.Id).ToListAsync(), await none.Db.Workspaces.Select(w => w.Id).ToListAsync());
        Assert.All(shops, s => Assert.Equal(accounts.Contains(s.Value.Account), workspaces.Contains(s.Value.Shop)));
        return shops.Where(s => accounts.Contains(s.Value.Account)).Select(s => s.Key).Order();
    }

    /// <summary>The night's work of a day is done.</summary>
    private static Task PurgedAsync(TestApp app, string day) => Eventually.HoldsAsync(async () =>
    {
        app.Time.Advance(TimeSpan.FromSeconds(3));
        await using var scope = app.Get<WorkspaceScopes>().OpenEverywhere("the test waits for a clock");
        return await scope.Db.Set<ClockRun>().AnyAsync(r => r.Name == "purge-unconfirmed" && r.Period == day)
            && !await scope.Db.Everywhere<Job>().AnyAsync(j => j.Kind == PurgeUnconfirmed.Kind && j.State != JobState.Done);
    });
}
