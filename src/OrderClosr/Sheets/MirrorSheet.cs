using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Sheets;

/// <summary>Brings a spreadsheet to what is true, reads back what the merchant changed in it, and takes orders in from its source tab.</summary>
public sealed record MirrorSheet(Id<SheetConnection> Connection, string Spreadsheet) : IJob
{
    public static string Kind => "mirror_sheet";
    public string Lane => SheetConnection.LaneOf(Spreadsheet);
    public string OrderKey => Connection.ToString();
    public static TimeSpan GiveUpAfter => TimeSpan.FromDays(7);

    /// <summary>As Google asks (facts/google-sheets.md section 7): 2, 4, 8 … 64 s, and up to a second that is left to chance. Its calls are counted by the minute: whoever waits longer waits for nothing.</summary>
    public static TimeSpan WaitAfter(int attempt) => TimeSpan.FromSeconds(Math.Pow(2, Math.Min(attempt, 6))) + TimeSpan.FromMilliseconds(Random.Shared.Next(1000));
}

/// <summary>One round: source tab, orders, leads. What is left over is another round's.</summary>
internal sealed class MirrorSheetHandler(OrderClosrDb db, ISpreadsheets sheets, SheetKeys keys, MirrorTab mirror, TakeIn intake, SheetMarks marks, TimeProvider time) : IJobHandler<MirrorSheet>
{
    /// <summary>Calls of a usual round: a look, the orders' tab whole, again before and after writing, the leads' and the source tab.</summary>
    private const int Reads = 6, Writes = 2;

    /// <summary>Every row is compared with what was written so often.</summary>
    internal static readonly TimeSpan ComparesEvery = TimeSpan.FromHours(3);

    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(3);

    public async Task<JobOutcome> RunAsync(MirrorSheet job, JobRun run, CancellationToken stop)
    {
        if (await db.SheetConnections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.Connection, stop) is not { } connection || connection.Spreadsheet != job.Spreadsheet) return JobOutcome.Dropped("The sheet is no longer connected.");
        if (connection.State != SheetState.Connected || keys.Open(connection) is not { } access) return JobOutcome.Dropped("The sheet waits to be mended; what changed is kept.");
        var now = time.GetUtcNow();
        if (sheets.RoomIn(access, Reads, Writes) is var wait && wait > TimeSpan.Zero) return JobOutcome.Again(now + wait, "This minute's calls are used up: it goes on by itself.");
        // Those that are due behind this one would find nothing left of what was marked before it began.
        await db.InTransactionAsync(() => db.Jobs.Where(j => j.Lane == job.Lane && j.Kind == MirrorSheet.Kind && j.OrderKey == job.OrderKey && j.State == JobState.Waiting && j.DueAt <= now && j.Id != run.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Dropped).SetProperty(j => j.LastFailure, "Written together with an earlier one.").SetProperty(j => j.FinishedAt, now), stop), stop);
        var isWhole = connection.ComparedAt is not { } compared || compared + ComparesEvery <= now;
        try
        {
            var shape = await sheets.LookAsync(access, stop);
            var seen = new SeenSheet(connection, access, shape);
            var isLeft = await mirror.OrdersAsync(seen, isWhole, stop);
            if (connection.MirrorsLeads) isLeft |= await mirror.LeadsAsync(seen, isWhole, stop);
            if (connection.SourceTab is not null) await intake.RunAsync(seen, stop);
            return JobOutcome.Done(async (scope, inner) =>
            {
                var ended = scope.Get<TimeProvider>().GetUtcNow();
                await scope.Db.SheetConnections.Where(c => c.Id == job.Connection).ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, shape.Title).SetProperty(c => c.LastReadAt, ended), inner);
                if (!shape.Tabs.SequenceEqual(connection.Tabs) && await scope.Db.SheetConnections.SingleOrDefaultAsync(c => c.Id == job.Connection, inner) is { } row) row.Tabs = [.. shape.Tabs];
                if (isWhole && !isLeft) await scope.Db.SheetConnections.Where(c => c.Id == job.Connection).ExecuteUpdateAsync(set => set.SetProperty(c => c.ComparedAt, ended), inner);
                if (isLeft) scope.Db.Later(job, ended, ended + Settles);
                scope.Db.Tell("sheet", job.Connection);
            });
        }
        catch (VendorFailure failure) when (failure.Category is FailureCategory.Credentials or FailureCategory.Configuration)
        {
            return JobOutcome.Refused(failure.Message, (scope, inner) => scope.Get<SheetHealth>().BreakAsync(job.Connection, failure.Code ?? SheetTrouble.KeyRefused, inner));
        }
    }

    public async Task OnFailedAsync(MirrorSheet job, string words, CancellationToken stop)
    {
        // Given up after days: the rows are still marked, and the clock asks again.
        if (await db.SheetConnections.AsNoTracking().AnyAsync(c => c.Id == job.Connection && c.State == SheetState.Connected, stop)) await marks.RemarkAsync(job.Connection, "gave_up", "", 0, null, stop);
    }
}

/// <summary>A connection while it is looked at: with its open key and its tabs.</summary>
internal sealed record SeenSheet(SheetConnection Connection, SheetAccess Access, SheetShape Shape);

/// <summary>Seals and opens a connection's key.</summary>
public sealed class SheetKeys(SecretBox secrets)
{
    internal Sealed Seal(WorkspaceId workspace, SheetKey key) => secrets.Seal(workspace, SheetConnection.KeyField, JsonSerializer.Serialize(key, JsonSerializerOptions.Web));

    /// <summary>The key; null: there is none.</summary>
    public SheetKey? KeyOf(SheetConnection connection) => connection.ServiceAccount is { } kept ? JsonSerializer.Deserialize<SheetKey>(secrets.Open(connection.WorkspaceId, SheetConnection.KeyField, kept), JsonSerializerOptions.Web) : null;

    internal SheetAccess? Open(SheetConnection connection) => connection.Spreadsheet.Length > 0 && KeyOf(connection) is { } key ? new(key, connection.Spreadsheet) : null;
}

/// <summary>How a connection stands: broken until a person mends it, then going on with everything that changed meanwhile.</summary>
public sealed class SheetHealth(OrderClosrDb db, SheetMarks marks, TimeProvider time)
{
    /// <summary>Nothing is written until a person mends it. Inside the caller's transaction.</summary>
    internal async Task BreakAsync(Id<SheetConnection> id, string trouble, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var broke = await db.SheetConnections.Where(c => c.Id == id && c.State == SheetState.Connected).ExecuteUpdateAsync(set => set.SetProperty(c => c.State, SheetState.Broken).SetProperty(c => c.Trouble, trouble).SetProperty(c => c.TroubleAt, now), stop);
        if (broke > 0) await db.TellOwnersAsync((key, owner) => new SendSheetLetter(key, owner, id), now, stop);
        await db.SaveChangesAsync(stop);
        db.Tell("sheet", id);
    }

    /// <summary>It works: what waited is written. Inside the caller's transaction, which has the row.</summary>
    internal async Task MendAsync(SheetConnection connection, CancellationToken stop)
    {
        (connection.State, connection.Trouble, connection.TroubleAt) = (SheetState.Connected, null, null);
        await db.SaveChangesAsync(stop);
        await marks.WakeAsync(connection, stop, now: true);
        db.Tell("sheet", connection.Id);
    }
}

/// <summary>Asks every connected sheet for what the merchant changed in it, and writes what no job was left for.</summary>
public sealed record TickSheets : IJob
{
    public static string Kind => "tick_sheets";
    public string Lane => "work/system";
    public string OrderKey => Kind;
}

internal sealed class TickSheetsHandler(WorkspaceScopes scopes) : IJobHandler<TickSheets>
{
    public async Task<JobOutcome> RunAsync(TickSheets job, JobRun run, CancellationToken stop)
    {
        foreach (var workspace in await scopes.WithAnyAsync<SheetConnection>(c => c.State == SheetState.Connected, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Db.InTransactionAsync(async () =>
            {
                var marks = scope.Get<SheetMarks>();
                if (await marks.ConnectionAsync(stop) is not { } connection) return;
                var lane = connection.Lane;
                if (await scope.Db.Jobs.AnyAsync(j => j.Lane == lane && j.Kind == MirrorSheet.Kind && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown), stop)) return;
                await marks.WakeAsync(connection, stop, now: true);
            }, stop);
        }
        return JobOutcome.Done();
    }
}

/// <summary>Tells an owner that the sheet is written no more; <paramref name="Key"/> is the letter's Message-Id, so a repeat is a copy.</summary>
public sealed record SendSheetLetter(Guid Key, Guid AccountId, Id<SheetConnection> Connection) : IShopLetter
{
    public static string Kind => "send_sheet_letter";
    public string Lane => MailSetup.Lane;
    public string OrderKey => Key.ToString("N");
}

internal sealed class SendSheetLetterHandler(OrderClosrDb db, ShopLetters letters) : IJobHandler<SendSheetLetter>
{
    public async Task<JobOutcome> RunAsync(SendSheetLetter job, JobRun run, CancellationToken stop) =>
        await letters.SendAsync(job, await db.SheetConnections.AnyAsync(c => c.Id == job.Connection && c.State == SheetState.Broken, stop) ? new("sheet_broken", "settings/sheet") : null, stop);
}
