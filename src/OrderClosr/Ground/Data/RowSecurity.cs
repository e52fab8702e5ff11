using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Data;

/// <summary>PostgreSQL's second lock of tenancy: a forced policy on each table of a workspace, and the check that our role cannot step over it.</summary>
internal static class RowSecurity
{
    /// <summary>Puts the policy on every table of a workspace; harmless to repeat. Run after each migration.</summary>
    internal static async Task ApplyAsync(OrderClosrDb db, CancellationToken stop)
    {
        foreach (var table in Tables(db))
        {
#pragma warning disable EF1002 // table names come from the model
            await db.Database.ExecuteSqlRawAsync($"""
                alter table {table} enable row level security;
                alter table {table} force row level security;
                drop policy if exists of_workspace on {table};
                create policy of_workspace on {table}
                    using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid or current_setting('app.everywhere', true) = 'on')
                    with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid or current_setting('app.everywhere', true) = 'on');
                """, stop);
#pragma warning restore EF1002
        }
    }

    /// <summary>What is wrong with the second lock; empty when it holds.</summary>
    internal static async Task<IReadOnlyList<string>> ProblemsAsync(OrderClosrDb db, CancellationToken stop)
    {
        var problems = new List<string>();
        var mighty = await db.Database.SqlQueryRaw<bool>("select (rolsuper or rolbypassrls) as \"Value\" from pg_roles where rolname = current_user").SingleAsync(stop);
        if (mighty) problems.Add("The database role is a superuser or may bypass row-level security: give OrderClosr a role of its own that is neither.");
        var locked = await db.Database.SqlQueryRaw<string>("select relname::text as \"Value\" from pg_class where relrowsecurity and relforcerowsecurity").ToListAsync(stop);
        problems.AddRange(Tables(db).Except(locked).Select(table => $"Table {table} has no forced row-level security: run the verb migrate."));
        return problems;
    }

    private static IEnumerable<string> Tables(OrderClosrDb db) => db.Model.GetEntityTypes()
        .Where(type => typeof(IOfWorkspace).IsAssignableFrom(type.ClrType)).Select(type => type.GetTableName()!).Distinct();
}
