using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>What the page of exports shows.</summary>
/// <param name="Last">The last one that was asked for; null: none so far.</param>
/// <param name="By">The name of who asked for it.</param>
/// <param name="NextAt">When another may be asked for; null: now.</param>
public sealed record ExportLook(AskedExport? Last, string By, DateTimeOffset? NextAt);

/// <summary>A file that its owner may have now. Whoever took it closes it.</summary>
public sealed record ReadyExport(AskedExport Export, Stream Content);

/// <summary>An owner asks for everything of the workspace, looks how far it is, gives it up, fetches it.</summary>
public sealed class Exporting(OrderClosrDb db, Audit audit, ExportFolder folder, TimeProvider time)
{
    /// <summary>From one export to the next; one that failed or was cancelled does not count.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromHours(24);

    /// <summary>How long a file waits for its owner.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(48);

    public async Task<ExportLook> LookAsync(CancellationToken stop)
    {
        var last = await db.AskedExports.AsNoTracking().OrderByDescending(e => e.AskedAt).FirstOrDefaultAsync(stop);
        var by = last is null ? null : await db.Accounts.Where(a => a.Id == last.AskedBy).Select(a => a.Name).SingleOrDefaultAsync(stop);
        return new(last, by ?? "", await NextAtAsync(stop));
    }

    /// <summary>Asks for an export; <c>export_under_way</c>, <c>export_too_soon</c>. The owner's password was asked before.</summary>
    public Task<Result<AskedExport>> AskAsync(Guid owner, ExportFormat format, CancellationToken stop) => db.InTransactionAsync<Result<AskedExport>>(async () =>
    {
        // Two owners, or two clicks, at once: the second sees the first.
        await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
        if (await db.AskedExports.AnyAsync(e => e.State == ExportState.Waiting || e.State == ExportState.Running, stop)) return new Refusal("export_under_way", "An export is being written already.", Kind: RefusalKind.Conflict);
        if (await NextAtAsync(stop) is { } next)
            return new Refusal("export_too_soon", "One export in 24 hours.", Suggestions: [AlgiersTime.ToAlgiers(next).ToString("dd/MM HH:mm", CultureInfo.InvariantCulture)], Kind: RefusalKind.Conflict);
        var now = time.GetUtcNow();
        var export = new AskedExport { Id = new(Guid.NewGuid()), AskedBy = owner, AskedAt = now, Format = format };
        db.Add(export);
        audit.Write(AuditAction.ExportAsked, now: new { Format = format });
        db.Later(new MakeExport(db.WorkspaceId, export.Id), now);
        await db.SaveChangesAsync(stop);
        db.Tell("export", export.Id);
        return export;
    }, stop);

    /// <summary>Nobody waits for it any more: what writes it stops. One that is ready or over stays as it is; false when there is none.</summary>
    public Task<bool> CancelAsync(Id<AskedExport> id, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var rows = await db.AskedExports.Where(e => e.Id == id && (e.State == ExportState.Waiting || e.State == ExportState.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, ExportState.Cancelled).SetProperty(e => e.Version, e => e.Version + 1), stop);
        if (rows > 0) db.Tell("export", id);
        return rows > 0 || await db.AskedExports.AnyAsync(e => e.Id == id, stop);
    }, stop);

    /// <summary>The file, for the owner who asked for it, while it is kept; <c>not_found</c>, <c>export_not_ready</c>, <c>export_gone</c>.</summary>
    public async Task<Result<ReadyExport>> FetchAsync(Id<AskedExport> id, Guid owner, CancellationToken stop)
    {
        if (await db.AskedExports.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, stop) is not { } export) return Refusal.NotFound("export");
        if (export.IsUnderWay) return new Refusal("export_not_ready", "It is still being written.", Kind: RefusalKind.Conflict);
        if (export.State != ExportState.Ready || export.ExpiresAt <= time.GetUtcNow()) return Gone;
        if (export.AskedBy != owner) return Refusal.NotFound("export");
        if (await folder.OpenAsync(db.WorkspaceId, id, stop) is not { } content) return Gone;
        try
        {
            audit.Write(AuditAction.ExportDownloaded);
            await db.SaveChangesAsync(stop);
            return new ReadyExport(export, content);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    private static readonly Refusal Gone = new("export_gone", "This export is no longer kept: ask for another.", Kind: RefusalKind.Conflict);

    private async Task<DateTimeOffset?> NextAtAsync(CancellationToken stop)
    {
        var since = time.GetUtcNow() - Between;
        var last = await db.AskedExports.Where(e => e.AskedAt > since && e.State != ExportState.Failed && e.State != ExportState.Cancelled).MaxAsync(e => (DateTimeOffset?)e.AskedAt, stop);
        return last + Between;
    }
}
