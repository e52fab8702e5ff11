using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Promises;

/// <summary>Account data is e-mail, name, hashed password and the workspace's name, with what guards the door; nothing else is collected.</summary>
/// <remarks>Seen to fail: with a phone column mapped again the list of columns differs; with the library's own hasher (PBKDF2) in place of ours the hash does.</remarks>
[Collection(PromiseCollection.Name)]
public sealed class P01_AccountData(PromiseWorld world)
{
    /// <summary>Every table about a person, with all its columns. A new one is a change of the policy page first.</summary>
    private static readonly Dictionary<string, string> Columns = new()
    {
        ["accounts"] = "access_failed_count concurrency_stamp created_at email email_confirmed id language lockout_enabled lockout_end name normalized_email normalized_user_name password_hash security_stamp two_factor_enabled user_name",
        ["sign_ins"] = "account_id created_at device ended_at id key_hash seen_at",
        ["known_browsers"] = "account_id hash seen_at",
        ["account_links"] = "account_id created_at expires_at id purpose used_at",
        ["account_entries"] = "account_id action at id new",
        ["second_steps"] = "account_id created_at last_step secret",
        ["recovery_codes"] = "account_id hash id start used_at",
        ["passkeys"] = "account_id attestation_object client_data_json created_at credential_id is_backed_up is_backup_eligible is_user_verified name public_key sign_count transports",
        ["members"] = "account_id created_at id role workspace_id",
        ["workspaces"] = "created_at delete_asked_at id language name needs_second_step slug",
        ["invitations"] = "created_at email expires_at id language normalized_email role round sent_at workspace_id",
    };

    [Fact]
    public void The_tables_have_no_room_for_anything_else()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        var tables = db.Model.GetRelationalModel().Tables.ToDictionary(t => t.Name, t => string.Join(' ', t.Columns.Select(c => c.Name).Order(StringComparer.Ordinal)));
        foreach (var (table, columns) in Columns) Assert.True(tables[table] == columns, $"{table}: {tables[table]}");
    }

    [Fact]
    public async Task A_sign_up_keeps_what_it_asks_for_and_of_the_password_a_hash_alone()
    {
        const string phrase = "une phrase que personne ne devine";
        using var visitor = new Visitor(world.App).Speaking("fr");
        await visitor.GetAsync("/sign-up");
        // Whatever else a form may carry.
        var answer = await visitor.PostAsync("/sign-up", true, ("name", "Nour Haddad"), ("email", "nour@promise.example"), ("password", phrase), ("shop", "Dar Nour"), ("phone", "0500009901"), ("birthday", "1990-needle"), ("address", "rue-needle"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await using var scope = world.App.Get<WorkspaceScopes>().OpenNone();
        var account = await scope.Db.Accounts.AsNoTracking().SingleAsync(a => a.Email == "nour@promise.example");
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", account.PasswordHash, StringComparison.Ordinal);
        Assert.Equal("Nour Haddad", account.Name);
        foreach (var table in (string[])["account_claims", "account_logins", "account_tokens"])
        {
#pragma warning disable EF1002 // names stand above
            Assert.Equal(0, (await scope.Db.Database.SqlQueryRaw<int>($"select count(*) as \"Value\" from {table}").ToListAsync()).Single());
#pragma warning restore EF1002
        }
        var everything = await P02_P03_SecretsLieSealed.EverythingAsync(world.App);
        Assert.Contains("nour@promise.example", everything, StringComparison.Ordinal); // the scan finds what is there
        foreach (var needle in (string[])[phrase, "0500009901", "+213500009901", "1990-needle", "rue-needle"]) Assert.DoesNotContain(needle, everything, StringComparison.Ordinal);
    }
}
