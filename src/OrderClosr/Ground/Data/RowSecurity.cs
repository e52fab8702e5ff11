using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Data;

/// <summary>PostgreSQL's second lock of tenancy: a forced policy on each table of a workspace, and the check that our role cannot step over it.</summary>
internal static class RowSecurity
{
    /// <summary>Puts the policy on every table of a workspace that has none; harmless to repeat. Run after each migration.</summary>
    /// <remarks>Tables that are locked already are left alone: changing them would make a running node wait.</remarks>
    internal static async Task ApplyAsync(OrderClosrDb db, CancellationToken stop)
    {
        foreach (var table in Tables(db).Except(await LockedAsync(db, stop)))
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
        problems.AddRange(Tables(db).Except(await LockedAsync(db, stop)).Select(table => $"Table {table} has no forced row-level security: run the verb migrate."));
        return problems;
    }

    private static Task<List<string>> LockedAsync(OrderClosrDb db, CancellationToken stop) => db.Database.SqlQueryRaw<string>("""
        select c.relname::text as "Value" from pg_class c join pg_policy p on p.polrelid = c.oid and p.polname = 'of_workspace'
        where c.relrowsecurity and c.relforcerowsecurity and c.relnamespace = current_schema()::regnamespace
        """).ToListAsync(stop);

    private static IEnumerable<string> Tables(OrderClosrDb db) => db.Model.GetEntityTypes()
        .Where(type => typeof(IOfWorkspace).IsAssignableFrom(type.ClrType)).Select(type => type.GetTableName()!).Distinct();
}
