using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Workspaces;

namespace OrderClosr.Sheets;

/// <summary>Connects the workspace's spreadsheet step by step, tests it, and says what is written into it.</summary>
public sealed class ConnectSheet(OrderClosrDb db, ISpreadsheets sheets, SheetKeys keys, SheetColumns columns, SheetMarks marks, SheetHealth health, IServiceProvider services, Audit audit, TimeProvider time)
{
    /// <summary>Step 1: keeps the service account's key, sealed. Where a sheet is known already, it is tested with it.</summary>
    public async Task<Refusal?> SaveKeyAsync(string? file, string language, CancellationToken stop)
    {
        var read = sheets.ReadKey(file);
        if (!read.Ok) return read.Refusal;
        var isAgain = await db.InTransactionAsync(async () =>
        {
            await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
            var connection = await db.SheetConnections.SingleOrDefaultAsync(stop);
            if (connection is null) db.Add(connection = new SheetConnection { Id = Id<SheetConnection>.New(time.GetUtcNow()) });
            audit.Write(connection.ServiceAccount is null ? AuditAction.SheetConnected : AuditAction.SheetKeyChanged, connection.Id, read.Value.Email);
            connection.ServiceAccount = keys.Seal(db.WorkspaceId, read.Value);
            if (connection.Columns.Count == 0) Begin(connection, language);
            await db.SaveChangesAsync(stop);
            db.Tell("sheet", connection.Id);
            return connection.Spreadsheet.Length > 0;
        }, stop);
        return isAgain ? await TestAsync(stop) : null;
    }

    /// <summary>Step 2: which spreadsheet, by the address in the browser; then it is tested.</summary>
    public async Task<Refusal?> SaveLinkAsync(string? link, CancellationToken stop)
    {
        if (sheets.ReadLink(link) is not { } spreadsheet) return new("link_wrong", "This is not the address of a sheet.", "link");
        var no = await db.InTransactionAsync<Refusal?>(async () =>
        {
            if (await db.SheetConnections.SingleOrDefaultAsync(stop) is not { ServiceAccount: not null } connection) return new("key_missing", "Paste the service account's JSON file.", "key");
            if (connection.Spreadsheet == spreadsheet) return null;
            connection.Spreadsheet = spreadsheet;
            connection.State = SheetState.Draft;
            await ForgetAsync(connection, stop);
            await db.SaveChangesAsync(stop);
            return null;
        }, stop);
        return no ?? await TestAsync(stop);
    }

    /// <summary>Looks, and writes the heads: null when both work, else what of it is wrong. What was broken goes on.</summary>
    public async Task<Refusal?> TestAsync(CancellationToken stop)
    {
        if (await db.SheetConnections.AsNoTracking().SingleOrDefaultAsync(stop) is not { } connection || keys.Open(connection) is not { } access) return new("link_wrong", "Give the address of the sheet first.", "link");
        SheetShape shape;
        try
        {
            shape = await sheets.LookAsync(access, stop);
            await services.GetRequiredService<MirrorTab>().PrepareAsync(new(connection, access, shape), stop);
            shape = await sheets.LookAsync(access, stop);
        }
        catch (VendorFailure failure)
        {
            await db.InTransactionAsync(() => TroubleAsync(connection.Id, failure, stop), stop);
            return new Refusal($"sheet_{failure.Code ?? "no_answer"}", failure.Message, "sheet", Kind: RefusalKind.Conflict);
        }
        await db.InTransactionAsync(async () =>
        {
            var row = await db.SheetConnections.SingleAsync(c => c.Id == connection.Id, stop);
            (row.Title, row.Tabs) = (shape.Title, [.. shape.Tabs]);
            var isNew = row.State == SheetState.Draft;
            row.ConnectedAt ??= time.GetUtcNow();
            if (isNew) await AllAsync(row, stop);
            await health.MendAsync(row, stop);
        }, stop);
        return null;
    }

    /// <summary>Which columns, in which order, which tab, what is read back.</summary>
    public Task<Refusal?> ChooseAsync(SheetChoice choice, CancellationToken stop) => ChangeAsync(async connection =>
    {
        var wanted = choice.Columns.Where(SheetColumns.OfOrders.Contains).Distinct().Where(k => k != SheetColumns.Id).Prepend(SheetColumns.Id).ToList();
        if (wanted.Count < 3) return new("columns_few", "Choose at least two columns.", "columns");
        if (choice.Tab is { } tab && tab != connection.OrdersTab)
        {
            if (connection.Tabs.Find(t => t.Id == tab) is not { } known || tab == connection.LeadsTab || tab == connection.SourceTab) return new("tab_unknown", "There is no such tab.", "tab");
            (connection.OrdersTab, connection.OrdersTitle) = (known.Id, known.Title);
            connection.Columns = connection.Columns.ConvertAll(c => c with { Title = columns.TitleOf(c.Key, connection.Language), IsPlaced = false });
            await db.SheetRows.Where(r => r.ConnectionId == connection.Id && r.OrderId != null).ExecuteUpdateAsync(set => set.SetProperty(r => r.Written, 0).SetProperty(r => r.StateHash, (string?)null).SetProperty(r => r.NoteHash, (string?)null), stop);
        }
        connection.Columns = wanted.ConvertAll(k => connection.Columns.Find(c => c.Key == k) ?? new SheetColumn(k, columns.TitleOf(k, connection.Language)));
        connection.ReadsBack = choice.ReadsBack;
        if (choice.MirrorsLeads && !connection.MirrorsLeads)
        {
            connection.MirrorsLeads = true;
            await AllAsync(connection, stop);
        }
        connection.MirrorsLeads = choice.MirrorsLeads;
        await db.SheetRows.Where(r => r.ConnectionId == connection.Id && r.OrderId != null).ExecuteUpdateAsync(set => set.SetProperty(r => r.Wanted, r => r.Wanted + 1), stop);
        return null;
    }, stop);

    /// <summary>Everything is written anew.</summary>
    public Task<Refusal?> ResyncAsync(CancellationToken stop) => ChangeAsync(async connection =>
    {
        await AllAsync(connection, stop);
        return null;
    }, stop);

    /// <summary>The heads of a tab, for the merchant to say which is what; empty when there are none.</summary>
    public async Task<Result<IReadOnlyList<string>>> HeadsAsync(int tab, CancellationToken stop)
    {
        if (await db.SheetConnections.AsNoTracking().SingleOrDefaultAsync(stop) is not { } connection || keys.Open(connection) is not { } access || connection.Tabs.Find(t => t.Id == tab) is not { } known || tab == connection.OrdersTab || tab == connection.LeadsTab) return new Refusal("tab_unknown", "There is no such tab.", "tab");
        try
        {
            var head = (await sheets.ReadSpineAsync(access, known.Title, 0, stop)).Head;
            return head.Select(h => h.Trim()).Where(h => h.Length > 0).Distinct().ToList();
        }
        catch (VendorFailure failure)
        {
            return new Refusal($"sheet_{failure.Code ?? "no_answer"}", failure.Message, "tab", Kind: RefusalKind.Conflict);
        }
    }

    /// <summary>From now on each row of the tab is an order; null: none is any more.</summary>
    public Task<Refusal?> SetSourceAsync(SheetSource? source, CancellationToken stop) => ChangeAsync(connection =>
    {
        if (source is null)
        {
            connection.SourceTab = null;
            return Task.FromResult<Refusal?>(null);
        }
        if (connection.Tabs.Find(t => t.Id == source.Tab) is not { } tab || source.Tab == connection.OrdersTab || source.Tab == connection.LeadsTab) return Task.FromResult<Refusal?>(new("tab_unknown", "There is no such tab.", "tab"));
        var mapped = source.Columns.Where(c => SourceRoles.All.Contains(c.Key) && c.Value.Length > 0).ToDictionary();
        if (SourceRoles.Needed.FirstOrDefault(r => !mapped.ContainsKey(r)) is { } missing) return Task.FromResult<Refusal?>(new("head_missing", "Say which column this is.", missing));
        if (mapped.Values.Distinct().Count() != mapped.Count) return Task.FromResult<Refusal?>(new("head_twice", "Two fields cannot be one column.", "columns"));
        (connection.SourceTab, connection.SourceTitle, connection.SourceColumns, connection.SourceTemplate, connection.SourceSkipsNext) = (tab.Id, tab.Title, mapped, source.Template.Trim(), !source.TakesExisting);
        return Task.FromResult<Refusal?>(null);
    }, stop);

    /// <summary>Nothing is written or read any more; the key is not kept. The sheet with what stands in it is the merchant's.</summary>
    public Task<Refusal?> DisconnectAsync(CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.SheetConnections.SingleOrDefaultAsync(stop) is not { } connection) return null;
        audit.Write(AuditAction.SheetDisconnected, connection.Id, connection.Title);
        await ForgetAsync(connection, stop);
        await LetGoAsync(connection, stop);
        return null;
    }, stop);

    /// <summary>The key goes, and which sheet it was; in the caller's transaction.</summary>
    internal async Task LetGoAsync(SheetConnection connection, CancellationToken stop)
    {
        (connection.ServiceAccount, connection.Spreadsheet, connection.Title, connection.State, connection.Trouble, connection.ConnectedAt, connection.LastWrittenAt) = (null, "", "", SheetState.Draft, null, null, null);
        await db.SaveChangesAsync(stop);
        db.Tell("sheet", connection.Id);
    }

    private void Begin(SheetConnection connection, string language)
    {
        connection.Language = language;
        connection.Columns = [.. SheetColumns.Usual.Select(k => new SheetColumn(k, columns.TitleOf(k, language)))];
        connection.LeadColumns = [.. SheetColumns.OfLeads.Select(k => new SheetColumn(k, columns.TitleOf(k, language)))];
    }

    /// <summary>Another sheet: nothing stands in it yet.</summary>
    private async Task ForgetAsync(SheetConnection connection, CancellationToken stop)
    {
        (connection.OrdersTab, connection.OrdersTitle, connection.LeadsTab, connection.LeadsTitle, connection.SourceTab, connection.WritingAt, connection.Writing, connection.ComparedAt, connection.Trouble) = (null, "", null, "", null, null, null, null, null);
        connection.Tabs = [];
        connection.Columns = connection.Columns.ConvertAll(c => c with { Title = columns.TitleOf(c.Key, connection.Language), IsPlaced = false });
        connection.LeadColumns = connection.LeadColumns.ConvertAll(c => c with { Title = columns.TitleOf(c.Key, connection.Language), IsPlaced = false });
        await db.SheetRows.Where(r => r.ConnectionId == connection.Id).ExecuteDeleteAsync(stop);
    }

    /// <summary>A row for every order and lead, each to be written. In the caller's transaction.</summary>
    private async Task AllAsync(SheetConnection connection, CancellationToken stop)
    {
        var (id, now) = (connection.Id, time.GetUtcNow());
        (connection.ResyncAskedAt, connection.ComparedAt) = (now, null);
        await db.SaveChangesAsync(stop);
        await db.SheetRows.Where(r => r.ConnectionId == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Wanted, r => r.Wanted + 1), stop);
        var orders = await db.Orders.Where(o => o.Number > 0 && o.ChangeOf == null && !db.Set<SheetRow>().Any(r => r.ConnectionId == id && r.OrderId == o.Id)).OrderBy(o => o.Id).Select(o => o.Id).ToListAsync(stop);
        var leads = !connection.MirrorsLeads ? [] : await db.Leads.Where(l => !db.Set<SheetRow>().Any(r => r.ConnectionId == id && r.LeadId == l.Id)).OrderBy(l => l.Id).Select(l => l.Id).ToListAsync(stop);
        foreach (var some in orders.Select(o => new SheetRow { Id = Id<SheetRow>.New(now), ConnectionId = id, OrderId = o }).Concat(leads.Select(l => new SheetRow { Id = Id<SheetRow>.New(now), ConnectionId = id, LeadId = l })).Chunk(500))
        {
            db.AddRange(some);
            await db.SaveChangesAsync(stop);
            foreach (var row in some) db.Entry(row).State = EntityState.Detached;
        }
    }

    private async Task TroubleAsync(Id<SheetConnection> id, VendorFailure failure, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (failure.Category is FailureCategory.Credentials or FailureCategory.Configuration) await health.BreakAsync(id, failure.Code!, stop);
        await db.SheetConnections.Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Trouble, failure.Code ?? "no_answer").SetProperty(c => c.TroubleAt, now), stop);
        db.Tell("sheet", id);
    }

    private Task<Refusal?> ChangeAsync(Func<SheetConnection, Task<Refusal?>> change, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.SheetConnections.SingleOrDefaultAsync(stop) is not { State: not SheetState.Draft } connection) return Refusal.NotFound("sheet");
        if (await change(connection) is { } refusal)
        {
            db.ChangeTracker.Clear();
            return refusal;
        }
        await db.SaveChangesAsync(stop);
        await marks.WakeAsync(connection, stop, now: true);
        db.Tell("sheet", connection.Id);
        return null;
    }, stop);
}

/// <summary>A shop that is being deleted writes nothing more and its key is forgotten at once; the sheet with what stands in it stays the merchant's.</summary>
internal sealed class LetGoOfSheetOnDeletionAsked(OrderClosrDb db, ConnectSheet connect) : IListener<DeletionAsked>
{
    public async Task OnAsync(DeletionAsked fact, CancellationToken stop)
    {
        if (await db.SheetConnections.SingleOrDefaultAsync(stop) is { } connection) await connect.LetGoAsync(connection, stop);
    }
}

/// <summary>What a merchant wants in the sheet.</summary>
/// <param name="Columns">Keys of <see cref="SheetColumns"/>, in their order.</param>
/// <param name="Tab">The tab of the orders; null: it stays.</param>
public sealed record SheetChoice(IReadOnlyList<string> Columns, int? Tab, bool MirrorsLeads, bool ReadsBack);

/// <summary>A tab whose rows are orders.</summary>
/// <param name="Columns">Role → head.</param>
/// <param name="TakesExisting">Rows that stand there already are orders, too.</param>
public sealed record SheetSource(int Tab, IReadOnlyDictionary<string, string> Columns, string Template, bool TakesExisting);
