using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Tests.House;

/// <summary>Promises that are read off the database model.</summary>
public sealed class ModelTests
{
    /// <summary>Tables that belong to no workspace, each with its reason.</summary>
    private static readonly Dictionary<string, string> WithoutWorkspace = new()
    {
        ["workspaces"] = "the workspace itself",
        ["accounts"] = "a person may be a member of several workspaces",
        ["account_claims"] = "of a person",
        ["account_logins"] = "of a person",
        ["account_tokens"] = "of a person",
        ["sign_ins"] = "of a person",
        ["account_links"] = "of a person",
        ["second_steps"] = "of a person",
        ["passkeys"] = "of a person",
        ["known_browsers"] = "of a person",
        ["recovery_codes"] = "of a person",
        ["account_entries"] = "of a person",
        ["failed_tries"] = "counted before it is known who tries",
        ["members"] = "read to find out which workspaces a person may enter; always asked by account",
        ["account_routes"] = "read to find the workspace of an event; ids only",
        ["inbound_events"] = "a delivery as it came, before its workspace is known; emptied once read",
        ["deletions"] = "outlives its workspace: an id, instants, and the owners' addresses sealed until the proof is sent",
        ["person_requests"] = "of a person who may have connected accounts of several workspaces; emptied once done",
        ["invoice_numbers"] = "the operator's series of numbers: number, date and amount, and not a word on whose they are; it outlives the shops, so that the series has no gap",
        ["clock_runs"] = "the system's own clocks",
        ["data_protection_keys"] = "the system's own keys, sealed",
        ["cluster_members"] = "the system's own nodes",
        ["cluster_versions"] = "the system's own nodes",
    };

    [Fact]
    public void Every_table_belongs_to_a_workspace_or_says_why_not()
    {
        using var db = new PostgresDesign().CreateDbContext([]);
        var free = db.Model.GetEntityTypes().Where(t => t.GetTableName() is not null && !typeof(IOfWorkspace).IsAssignableFrom(t.ClrType)).Select(t => t.GetTableName()!).Distinct();
        Sources.None([.. free.Except(WithoutWorkspace.Keys)], "every table is IOfWorkspace or stands in the list with its reason", "a table without the filter is a hole in the wall between shops (promise P4)");
    }

    [Fact]
    public void Every_table_of_a_workspace_is_filtered_and_says_so_in_its_index()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        var faults = db.Model.GetEntityTypes().Where(t => typeof(IOfWorkspace).IsAssignableFrom(t.ClrType) && t.GetDeclaredQueryFilters().Count == 0).Select(t => t.GetTableName()!);
        Sources.None([.. faults], "a row of a workspace is filtered on every read", "nothing set must mean nothing read");
    }

    [Fact]
    public void Both_databases_migrations_say_what_the_model_says()
    {
        using var sqlite = new SqliteDesign().CreateDbContext([]);
        using var postgres = new PostgresDesign().CreateDbContext([]);
        Assert.False(sqlite.Database.HasPendingModelChanges(), "SQLite: run ./migration.sh NAME");
        Assert.False(postgres.Database.HasPendingModelChanges(), "PostgreSQL: run ./migration.sh NAME");
    }
}
