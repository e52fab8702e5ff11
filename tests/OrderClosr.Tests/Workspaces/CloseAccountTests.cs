using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>A person closes the own account: every session ends, nothing it was made of is left, no shop loses its owner, no backup brings it back.</summary>
/// <remarks>Seen to fail: without the replay of the book the account is there again after a restore.</remarks>
public sealed class CloseAccountTests
{
    [Theory, OnBothDatabases]
    public async Task Who_closes_the_account_is_out_everywhere_and_every_table_of_a_person_is_empty_of_them(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var manager = await app.MemberOfAsync(shop, Role.Manager);
        using var phone = new Visitor(app);
        const string Email = "manager1@example.test";
        Assert.Equal(HttpStatusCode.Redirect, (await phone.SignInAsync(Email, Members.Password)).StatusCode);
        await phone.SubmitAsync("/forgot", new() { ["email"] = Email });
        Guid account;
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            var db = scope.Db;
            account = await db.Accounts.Where(a => a.Email == Email).Select(a => a.Id).SingleAsync();
            var now = app.Get<TimeProvider>().GetUtcNow();
            db.AddRange(
                new SecondStep { AccountId = account, Secret = new(app.Get<SecretBox>().Seal(account, SecondStep.Field, OneTimeCode.NewSecret())), CreatedAt = now, LastStep = 0 },
                new RecoveryCode { Id = Id<RecoveryCode>.New(now), AccountId = account, Start = "AB", Hash = "x" },
                new IdentityUserClaim<Guid> { UserId = account, ClaimType = "x", ClaimValue = "y" }, new IdentityUserLogin<Guid> { UserId = account, LoginProvider = "x", ProviderKey = "y" }, new IdentityUserToken<Guid> { UserId = account, LoginProvider = "x", Name = "y", Value = "z" },
                new IdentityUserPasskey<Guid> { UserId = account, CredentialId = [1, 2], Data = new() { PublicKey = [1], Name = "Clé", CreatedAt = now, Transports = [], AttestationObject = [2], ClientDataJson = [3] } });
            await db.SaveChangesAsync();
        }
        Assert.DoesNotContain(await CountsAsync(app, account), t => t.Rows == 0);

        Assert.Contains("Shop 1", await manager.ReadAsync("/account/close"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await manager.PostAsync("/account/close", true, ("password", "une autre phrase"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync("/account")).StatusCode);
        Assert.Equal("/sign-in", (await manager.PostAsync("/account/close", true, ("password", Members.Password))).Headers.Location?.ToString());
        foreach (var browser in (Visitor[])[manager, phone]) Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await phone.SignInAsync(Email, Members.Password)).StatusCode);
        Assert.All(await CountsAsync(app, account), t => Assert.True(t.Rows == 0, $"{t.Table} holds {t.Rows} rows of a closed account"));
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        Assert.Contains("a quitté la boutique", await owner.ReadAsync($"/w/{shop.Slug}/settings/audit"), StringComparison.Ordinal);

        // The last owner of a shop stays, whatever they typed; with another one they may go.
        Assert.Contains("seul propriétaire", await owner.ReadAsync("/account/close"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync("/account/close", true, ("password", shop.OwnerPassword))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"/w/{shop.Slug}/more")).StatusCode);
        await app.AddMemberAsync(shop, (await app.NewAccountAsync("Amel", "amel@example.test")).Id, Role.Owner);
        await owner.ReadAsync("/account/close");
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync("/account/close", true, ("password", shop.OwnerPassword))).StatusCode);
        await using var log = app.Get<WorkspaceScopes>().OpenNone();
        Assert.Equal(2, await log.Db.Set<AccountEntry>().CountAsync(e => e.Action == AuditAction.AccountClosed));
        Assert.Equal(1, await log.Db.Members.CountAsync(m => m.WorkspaceId == shop.Id));
    }

    [Theory, OnBothDatabases]
    public async Task A_backup_put_back_brings_no_closed_account_back_but_the_only_owner_a_shop_has_in_it(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        var amel = await app.NewAccountAsync("Amel Needle", "amel@example.test");
        await app.AddMemberAsync(shop, amel.Id, Role.Manager);
        Assert.NotNull(await app.Get<Backups>().MakeAsync(default));
        var file = Assert.Single(app.Get<BackupFolder>().All()).File;

        // One leaves a shop that has an owner; one makes the other owner and leaves too.
        Assert.Null(await CloseAsync(app, amel.Id, Members.Password));
        var heir = await app.NewAccountAsync("Heir", "heir@example.test");
        await app.AddMemberAsync(other, heir.Id, Role.Owner);
        Assert.Null(await CloseAsync(app, other.OwnerId, other.OwnerPassword));
        Assert.DoesNotContain("eedle", await File.ReadAllTextAsync(Path.Combine(app.Folder, DeletionBook.FileName)), StringComparison.Ordinal);

        if (database == Database.Postgres) app.Get<NpgsqlDataSource>().Clear();
        string[] migrations;
        await using (var none = app.Get<WorkspaceScopes>().OpenNone()) migrations = [.. none.Db.Database.GetMigrations()];
        using (var ready = await app.Get<Backups>().OpenAsync(file, migrations, default)) await ready.PutBackAsync();
        Assert.Equal(new HashSet<Guid> { amel.Id, shop.OwnerId, other.OwnerId }, await AccountsAsync());
        Assert.Equal(2, await app.Get<Restored>().TellAsync(default));
        // Nobody else owns the other shop now: its owner of then stays, and goes at a later start, once it has another one.
        Assert.Equal(new HashSet<Guid> { shop.OwnerId, other.OwnerId }, await AccountsAsync());
        Assert.All(await CountsAsync(app, amel.Id), t => Assert.Equal(0, t.Rows));
        Assert.Contains(app.Logs.Lines, l => l.Contains("1 accounts were closed after this copy of the database was made, but are in it the only owner", StringComparison.Ordinal));
        var again = await app.NewAccountAsync("Heir", "heir@example.test");
        await app.AddMemberAsync(other, again.Id, Role.Owner);
        await app.Get<DeletionReplay>().RunAsync(default);
        Assert.Equal(new HashSet<Guid> { shop.OwnerId, again.Id }, await AccountsAsync());
        Assert.DoesNotContain(app.Logs.Lines, l => l.Contains("Needle", StringComparison.Ordinal) || l.Contains("example.test", StringComparison.Ordinal));

        async Task<HashSet<Guid>> AccountsAsync()
        {
            await using var scope = app.Get<WorkspaceScopes>().OpenNone();
            return [.. await scope.Db.Accounts.Select(a => a.Id).ToListAsync()];
        }
    }

    private static async Task<Refusal?> CloseAsync(TestApp app, Guid account, string password)
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        return await scope.Get<CloseAccount>().RunAsync(await scope.Db.Accounts.SingleAsync(a => a.Id == account), password, default);
    }

    /// <summary>Rows of an account in every table of no workspace that names one, also in one made tomorrow; the log, which nobody may touch, is none.</summary>
    private static async Task<List<(string Table, int Rows)>> CountsAsync(TestApp app, Guid account)
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        var found = new List<(string, int)>();
        foreach (var entity in scope.Db.Model.GetEntityTypes().Where(t => !typeof(IOfWorkspace).IsAssignableFrom(t.ClrType) && t.ClrType != typeof(AccountEntry)))
        {
            if (entity.ClrType != typeof(Account) && entity.GetProperties().FirstOrDefault(p => p.Name is "AccountId" or "UserId") is null) continue;
            var column = entity.ClrType == typeof(Account) ? "id" : entity.GetProperties().First(p => p.Name is "AccountId" or "UserId").GetColumnName();
#pragma warning disable EF1002, EF1003 // names come from the model
            found.Add((entity.GetTableName()!, await scope.Db.Database.SqlQueryRaw<int>($"select count(*) as \"Value\" from {entity.GetTableName()} where {column} = {{0}}", account).SingleAsync()));
#pragma warning restore EF1002, EF1003
        }
        Assert.True(found.Count >= 10, $"only {found.Count} tables of a person");
        return found;
    }
}
