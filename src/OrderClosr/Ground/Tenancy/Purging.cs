using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;

namespace OrderClosr.Ground.Tenancy;

/// <summary>Deletes everything of a workspace, table by table as the model has them, so that one made tomorrow goes too; its files; at the end the workspace itself.</summary>
/// <remarks>
/// In batches, each a commit of its own: nobody else waits long, and after a crash it goes on where it stood. Again: nothing happens. The only
/// code that deletes by statements put together from the model, and the only one that may touch a log (<see cref="IAppendOnly"/>).
/// </remarks>
public sealed class Purging(WorkspaceScopes scopes, MediaFiles media, DataFolder data, DeletionBook book, SecretBox secrets, TimeProvider time, ILogger<Purging> log)
{
    private const int Batch = 1000;

    /// <summary>Work for one start of a job; shorter than its lease.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(30);

    /// <summary>Deletes; false when it worked as long as one job may and has to be called again.</summary>
    /// <param name="purgedAt">When it was gone first, where a restored copy brought it back; null: now.</param>
    public async Task<bool> PurgeAsync(WorkspaceId workspace, DateTimeOffset? purgedAt, CancellationToken stop)
    {
        if (workspace.IsNone) throw new ArgumentException("No workspace to purge.", nameof(workspace));
        var began = time.GetTimestamp();
        if (!await RowsAsync(workspace, began, stop)) return false;
        await EventsAsync(workspace, stop);
        RemoveFiles(workspace);
        await using (var scope = scopes.OpenEverywhere("a deleted workspace is purged: its rows are looked for in every table"))
        {
            var db = scope.Db;
            await db.InTransactionAsync(async () =>
            {
                // What came meanwhile goes in the same commit as the workspace: nothing is left that nobody owns.
                foreach (var table in Tables(db))
                    while (await DeleteAsync(db, table, workspace, stop) > 0)
                    {
                        // Until none is left.
                    }
                await db.Set<Workspace>().Where(w => w.Id == workspace).ExecuteDeleteAsync(stop);
                var now = purgedAt ?? time.GetUtcNow();
                await db.Deletions.Where(d => d.WorkspaceId == workspace && d.PurgedAt == null).ExecuteUpdateAsync(set => set.SetProperty(d => d.PurgedAt, now), stop);
            }, stop);
        }
        CrashPoint.Pass("purged");
        await SettleAsync(workspace, stop);
        log.LogInformation("Workspace {Workspace} is purged.", workspace);
        return true;
    }

    /// <summary>The same for one that nobody ever entered, in one commit and without a tombstone: a copy that brings it back loses it again as it did the first time.</summary>
    /// <param name="ownWork">Tables in which the server writes by itself.</param>
    /// <returns>False, and nothing changed: it is leaving already, or another table has a row of it.</returns>
    internal async Task<bool> PurgeUnusedAsync(WorkspaceId workspace, IReadOnlySet<string> ownWork, CancellationToken stop)
    {
        await using var scope = scopes.OpenEverywhere("a workspace that nobody ever entered is purged: its rows are looked for in every table");
        var db = scope.Db;
        return await db.InTransactionAsync(async () =>
        {
            if (!await db.Set<Workspace>().AnyAsync(w => w.Id == workspace && w.DeleteAskedAt == null, stop)) return false;
            foreach (var table in Tables(db).Where(t => !ownWork.Contains(t)))
#pragma warning disable EF1002, EF1003 // the table's name comes from the model
                if (await db.Database.SqlQueryRaw<int>($"select count(*) as \"Value\" from {table} where workspace_id = {{0}}", workspace.Value).SingleAsync(stop) > 0) return false;
#pragma warning restore EF1002, EF1003
            foreach (var table in Tables(db))
                while (await DeleteAsync(db, table, workspace, stop) > 0)
                {
                    // Until none is left.
                }
            await db.Set<Workspace>().Where(w => w.Id == workspace).ExecuteDeleteAsync(stop);
            return true;
        }, stop);
    }

    /// <summary>After the last commit, and every hour until it is proven: the tombstone, and whatever a job that was under way wrote since.</summary>
    internal async Task SettleAsync(WorkspaceId workspace, CancellationToken stop)
    {
        DateTimeOffset? purgedAt;
        await using (var scope = scopes.OpenEverywhere("a deleted workspace is purged: its rows are looked for in every table"))
        {
            var db = scope.Db;
            purgedAt = await db.Deletions.Where(d => d.WorkspaceId == workspace).Select(d => d.PurgedAt).SingleOrDefaultAsync(stop);
            foreach (var table in Tables(db))
                while (await db.InTransactionAsync(() => DeleteAsync(db, table, workspace, stop), stop) > 0)
                {
                    // Until none is left.
                }
        }
        RemoveFiles(workspace);
        if (!book.Read().Any(l => l.Workspace == workspace && l.What == DeletionWord.Purged)) await book.WriteAsync(workspace, DeletionWord.Purged, purgedAt ?? time.GetUtcNow(), stop);
    }

    /// <summary>The last trace: the row that waited for the proof.</summary>
    internal async Task ForgetAsync(WorkspaceId workspace, CancellationToken stop)
    {
        await using var scope = scopes.OpenNone();
        await scope.Db.InTransactionAsync(() => scope.Db.Deletions.Where(d => d.WorkspaceId == workspace).ExecuteDeleteAsync(stop), stop);
    }

    private async Task<bool> RowsAsync(WorkspaceId workspace, long began, CancellationToken stop)
    {
        await using var scope = scopes.OpenEverywhere("a deleted workspace is purged: its rows are looked for in every table");
        var db = scope.Db;
        // What says whose it is (its members) stays to the end: as long as anything of it is there, they are told that it goes.
        foreach (var table in Tables(db, isWhole: false))
            while (await db.InTransactionAsync(() => DeleteAsync(db, table, workspace, stop), stop) > 0)
            {
                CrashPoint.Pass("purging");
                if (time.GetElapsedTime(began) > AtOnce) return false;
            }
        return true;
    }

    /// <summary>Every table with rows of a workspace, those that refer to others before what they refer to; where events find it, first of all.</summary>
    /// <param name="db">For its model.</param>
    /// <param name="isWhole">With the tables that tell of workspaces before one is entered.</param>
    internal static IReadOnlyList<string> Tables(OrderClosrDb db, bool isWhole = true)
    {
        var types = db.Model.GetEntityTypes().Where(t => t.GetTableName() is not null && t.FindProperty(nameof(IOfWorkspace.WorkspaceId)) is not null && t.ClrType != typeof(Deletion)).ToList();
        var sorted = new List<IEntityType>();
        while (sorted.Count < types.Count)
            sorted.AddRange([.. types.Where(t => !sorted.Contains(t) && !types.Any(other => other != t && !sorted.Contains(other) && other.GetForeignKeys().Any(k => k.PrincipalEntityType == t)))]);
        return [.. sorted.Where(t => isWhole || t.ClrType == typeof(AccountRoute) || typeof(IOfWorkspace).IsAssignableFrom(t.ClrType)).OrderBy(t => t.ClrType != typeof(AccountRoute)).Select(t => t.GetTableName()!).Distinct()];
    }

    private static Task<int> DeleteAsync(OrderClosrDb db, string table, WorkspaceId workspace, CancellationToken stop)
    {
        // Each database's own name of a row's place; tables have keys of many shapes.
        var place = db is SqliteDb ? "rowid" : "ctid";
#pragma warning disable EF1002 // the table's name comes from the model
        return db.Database.ExecuteSqlRawAsync($"delete from {table} where {place} in (select {place} from {table} where workspace_id = {{0}} limit {Batch})", [workspace.Value], stop);
#pragma warning restore EF1002
    }

    /// <summary>Deliveries that could not be read are kept sealed without a workspace: those that name one of its accounts are its own.</summary>
    private async Task EventsAsync(WorkspaceId workspace, CancellationToken stop)
    {
        await using var scope = scopes.OpenEverywhere("a deleted workspace is purged: its rows are looked for in every table");
        var accounts = await scope.Db.Deletions.Where(d => d.WorkspaceId == workspace).Select(d => d.Accounts).SingleOrDefaultAsync(stop) ?? [];
        await UnreadEvents.RemoveNamingAsync(scope.Db, secrets, accounts, stop);
    }

    /// <summary>Files of a workspace lie in a folder with its id, whatever room's they are: <c>media/{id}</c> and its like.</summary>
    private void RemoveFiles(WorkspaceId workspace)
    {
        foreach (var place in ((string[])[data.Path, Path.GetDirectoryName(media.Root)!]).Distinct().Where(Directory.Exists))
            foreach (var kind in Directory.EnumerateDirectories(place))
                if (Path.Combine(kind, workspace.ToString()) is var folder && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
