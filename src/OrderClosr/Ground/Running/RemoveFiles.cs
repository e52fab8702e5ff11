using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Running;

/// <summary>Removes files of the workspace whose rows were erased. Files know no transaction: they go after its commit, and only while no row names them.</summary>
public sealed record RemoveFiles(IReadOnlyList<string> Files) : IJob
{
    public static string Kind => "remove_files";
    public string Lane => "work/files";
    public string OrderKey => Files[0];
}

internal sealed class RemoveFilesHandler(OrderClosrDb db, Pictures pictures) : IJobHandler<RemoveFiles>
{
    public async Task<JobOutcome> RunAsync(RemoveFiles job, JobRun run, CancellationToken stop)
    {
        foreach (var file in job.Files)
            if (!await IsNamedAsync(file, stop)) pictures.Delete(db.WorkspaceId, file);
        return JobOutcome.Done();
    }

    /// <summary>A product's photo that was sent to a customer is the product's: every column that holds a file's name is asked.</summary>
    private async Task<bool> IsNamedAsync(string file, CancellationToken stop)
    {
        foreach (var (table, column) in db.Model.GetEntityTypes().Where(t => typeof(IOfWorkspace).IsAssignableFrom(t.ClrType))
                     .SelectMany(t => t.GetProperties().Where(p => p.ClrType == typeof(string) && p.Name.EndsWith("File", StringComparison.Ordinal)).Select(p => (t.GetTableName()!, p.GetColumnName()))))
        {
#pragma warning disable EF1002 // names come from the model
            if (await db.Database.SqlQueryRaw<int>($"select 1 as \"Value\" from {table} where workspace_id = {{0}} and {column} = {{1}} limit 1", db.WorkspaceId.Value, file).AnyAsync(stop)) return true;
#pragma warning restore EF1002
        }
        return false;
    }
}
