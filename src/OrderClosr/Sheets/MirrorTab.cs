using System.IO.Compression;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Sheets;

/// <summary>Brings one tab to what is true (facts/google-sheets.md section 6): reads it whole, writes what differs, looks whether it landed where it was meant to, repairs what did not.</summary>
/// <remarks>
/// The merchant sorts, inserts and deletes while this runs, and a sheet knows no "write only if". So: columns are found by their heads and rows by their ids, each time;
/// heads and ids are read once more right before writing, and what is meant for a row follows it to where it stands then; the id of a row that exists is never written; and after writing heads and
/// ids are read again. What landed in a row of another order is written anew from the database; what landed in a cell of the merchant's is put back as it was. Each round keeps what it found or put
/// right, whatever else moved: so a merchant whose hand never rests delays a row, and starves none.
/// </remarks>
internal sealed class MirrorTab(OrderClosrDb db, ISpreadsheets sheets, SheetColumns columns, ReadBack readBack, SheetMarks marks, SecretBox secrets, TimeProvider time)
{
    /// <summary>Rows in one write.</summary>
    internal const int MostRows = 400;

    private const int Rounds = 3;

    /// <summary>Our tabs get ids of their own, so that making one twice is refused.</summary>
    private const int NewOrdersTab = 710_001, NewLeadsTab = 710_002;

    /// <summary>True when something is left for another round.</summary>
    internal Task<bool> OrdersAsync(SeenSheet seen, bool isWhole, CancellationToken stop) => RunAsync(seen, isLeads: false, isWhole, stop);

    /// <inheritdoc cref="OrdersAsync"/>
    internal Task<bool> LeadsAsync(SeenSheet seen, bool isWhole, CancellationToken stop) => RunAsync(seen, isLeads: true, isWhole, stop);

    /// <summary>Makes the tab of the orders where there is none and writes its heads; where they stand already one of them is written once more: so it is known that we may write.</summary>
    internal async Task PrepareAsync(SeenSheet seen, CancellationToken stop)
    {
        var connection = seen.Connection;
        for (var round = 0; round < 2 * Rounds; round++)
        {
            try
            {
                if (await TabAsync(seen, isLeads: false, stop) is not { } tab)
                {
                    seen = seen with { Shape = await sheets.LookAsync(seen.Access, stop) };
                    continue;
                }
                var grid = new SheetGrid(await sheets.ReadAsync(seen.Access, tab.Title, stop), connection.Columns);
                if (!await LayAsync(seen, tab, grid, connection.Columns, isLeads: false, stop)) return;
                await sheets.WriteAsync(seen.Access, [new PutCells(tab.Id, 0, grid.At(SheetColumns.Id)!.Value, [connection.Columns.Single(c => c.Key == SheetColumns.Id).Title])], stop);
                return;
            }
            catch (VendorFailure failure) when (failure.Code == SheetTrouble.NotShared)
            {
                throw new VendorFailure(FailureCategory.Configuration, "The sheet is shared for reading only.", SheetTrouble.ReadOnly, inner: failure);
            }
        }
    }

    private async Task<bool> RunAsync(SeenSheet seen, bool isLeads, bool isWhole, CancellationToken stop)
    {
        var (connection, access) = (seen.Connection, seen.Access);
        if (isLeads && connection.LeadsTab is null && !await db.SheetRows.AnyAsync(r => r.ConnectionId == connection.Id && r.LeadId != null, stop)) return false;
        if (await TabAsync(seen, isLeads, stop) is not { } tab) return true;
        for (var round = 0; round < Rounds; round++)
        {
            var own = isLeads ? connection.LeadColumns : connection.Columns;
            var grid = new SheetGrid(await sheets.ReadAsync(access, tab.Title, stop), own);
            if (!await LayAsync(seen, tab, grid, own, isLeads, stop)) return true;
            // What a write may have left elsewhere is no wish of the merchant's: it is written anew before anything is read back.
            var isUnclear = NotesOf(connection).Of(isLeads) is not null;
            if (isUnclear && await RecoverAsync(seen, tab, grid, isLeads, stop)) continue;
            if (!isLeads && connection.ReadsBack && !isUnclear) await readBack.RunAsync(connection, grid, stop);

            var plan = await PlanAsync(connection, tab, grid, own, isLeads, isWhole || isUnclear, stop);
            if (plan.Writes.Count == 0)
            {
                await SettleAsync(plan, [.. plan.Right, .. plan.Touched], isAll: true, stop);
                await NoteAsync(connection, isLeads, null, stop);
                return plan.IsLeft;
            }
            // What is there already needs no write, so no hand in between can undo that it is known.
            if (plan.Right.Count > 0) await SettleAsync(plan, plan.Right, isAll: false, stop);
            // The merchant's hand may have been in between: what is meant for a row follows it; where it cannot, all begins anew.
            if (!await AimAsync(seen, tab, plan, grid, isLeads, stop))
            {
                await NoteAsync(connection, isLeads, isUnclear ? Written.LookedAt : null, stop);
                continue;
            }
            try
            {
                await sheets.WriteAsync(access, plan.Writes, stop);
            }
            catch (VendorFailure failure) when (failure.Code == SheetTrouble.NotShared)
            {
                throw new VendorFailure(FailureCategory.Configuration, "The sheet is shared for reading only.", SheetTrouble.ReadOnly, inner: failure);
            }
            Ground.Running.CrashPoint.Pass("sheet-written");
            if (Landed(plan, grid, await sheets.ReadSpineAsync(access, tab.Title, grid.At(SheetColumns.Id)!.Value, stop)))
            {
                await SettleAsync(plan, plan.Touched, isAll: true, stop);
                await NoteAsync(connection, isLeads, null, stop);
                return plan.IsLeft;
            }
            // Whatever moved: what the sheet says now is right is not written again, so each round leaves less.
            await SettleAsync(plan, await RepairAsync(seen, tab, plan, grid, own, isLeads, stop), isAll: false, stop);
            await NoteAsync(connection, isLeads, Written.LookedAt, stop);
            return true;
        }
        return true;
    }

    /// <summary>Looks once more right before the write, with nothing left to do but write, and lets the plan follow rows that moved since. False: columns moved, or what must not be guessed.</summary>
    private async Task<bool> AimAsync(SeenSheet seen, SheetTab tab, Plan plan, SheetGrid grid, bool isLeads, CancellationToken stop)
    {
        for (var look = 0; look < Rounds; look++)
        {
            await NoteAsync(seen.Connection, isLeads, Written.Of(plan, grid), stop);
            var spine = await sheets.ReadSpineAsync(seen.Access, tab.Title, grid.At(SheetColumns.Id)!.Value, stop);
            if (plan.Fits(grid, spine)) return true;
            if (!plan.Follow(grid, spine)) break;
        }
        // What is new needs no place: it goes, and the rest is another round's.
        if (!plan.KeepNewOnly()) return false;
        await NoteAsync(seen.Connection, isLeads, Written.Of(plan, grid), stop);
        return plan.Fits(grid, await sheets.ReadSpineAsync(seen.Access, tab.Title, grid.At(SheetColumns.Id)!.Value, stop));
    }

    private WriteNotes NotesOf(SheetConnection connection) =>
        connection.WritingAt is null ? new(null, null)
        : connection.Writing is { } kept ? WriteNotes.Unpack(secrets.Open(db.WorkspaceId, SheetConnection.WritingField, kept))
        // An erasure took the words away: that something was under way is all that is known.
        : new(Written.LookedAt, Written.LookedAt);

    /// <summary>Notes that a write into a tab is under way, and what it is about to do; null: its round ended well. What is noted of the other tab stays.</summary>
    private async Task NoteAsync(SheetConnection connection, bool isLeads, Written? written, CancellationToken stop)
    {
        if (written is null && connection.WritingAt is null) return;
        var (at, what) = await db.InTransactionAsync(async () =>
        {
            // As it is now: an erasure may have taken words away that were there when this round began.
            var kept = NotesOf(await db.SheetConnections.AsNoTracking().SingleAsync(c => c.Id == connection.Id, stop));
            var notes = isLeads ? kept with { Leads = written } : kept with { Orders = written };
            var (since, now) = notes is (null, null) ? ((DateTimeOffset?)null, (Sealed?)null) : (time.GetUtcNow(), secrets.Seal(db.WorkspaceId, SheetConnection.WritingField, notes.Pack()));
            await db.SheetConnections.Where(c => c.Id == connection.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.WritingAt, since).SetProperty(c => c.Writing, now), stop);
            return (since, now);
        }, stop);
        (connection.WritingAt, connection.Writing) = (at, what);
    }

    /// <summary>The process ended, or the line broke, between a write and the look that follows it: what of it stands elsewhere than it was meant to is put right. True when something was.</summary>
    private async Task<bool> RecoverAsync(SeenSheet seen, SheetTab tab, SheetGrid grid, bool isLeads, CancellationToken stop)
    {
        var connection = seen.Connection;
        if (NotesOf(connection).Of(isLeads) is not { IsLookedAt: false } written) return false;
        var repair = Repairing.Of(tab.Id, written.Plan(connection), written.Grid(), grid);
        await MarkAsync(connection, repair.Hit, isLeads, stop);
        if (repair.Writes.Count > 0)
        {
            if (!grid.Has(await sheets.ReadSpineAsync(seen.Access, tab.Title, grid.At(SheetColumns.Id)!.Value, stop))) return true;
            await sheets.WriteAsync(seen.Access, repair.Writes, stop);
            await marks.RemarkAsync(connection.Id, "moved_meanwhile", "", 0, null, stop);
        }
        await NoteAsync(connection, isLeads, Written.LookedAt, stop);
        return repair.Writes.Count > 0;
    }

    /// <summary>The tab as it is called now; null when it has just been made. One that was deleted breaks the connection.</summary>
    private async Task<SheetTab?> TabAsync(SeenSheet seen, bool isLeads, CancellationToken stop)
    {
        var connection = seen.Connection;
        var (id, title) = isLeads ? (connection.LeadsTab, connection.LeadsTitle) : (connection.OrdersTab, connection.OrdersTitle);
        if (id is { } known)
        {
            if (seen.Shape.Tabs.FirstOrDefault(t => t.Id == known) is not { } tab) throw new VendorFailure(FailureCategory.Configuration, "The tab was deleted.", SheetTrouble.TabGone);
            if (tab.Title == title) return tab;
            await db.SheetConnections.Where(c => c.Id == connection.Id).ExecuteUpdateAsync(set => _ = isLeads ? set.SetProperty(c => c.LeadsTitle, tab.Title) : set.SetProperty(c => c.OrdersTitle, tab.Title), stop);
            if (title.Length > 0) await marks.RemarkAsync(connection.Id, "tab_renamed", tab.Title, 0, null, stop);
            return tab;
        }
        // Not chosen yet: the one of that name, else a new one.
        var wanted = columns.TitleOf(isLeads ? "leads_tab" : "orders_tab", connection.Language);
        var ours = isLeads ? NewLeadsTab : NewOrdersTab;
        if (seen.Shape.Tabs.FirstOrDefault(t => t.Id == ours || t.Title == wanted) is { } there)
        {
            await db.SheetConnections.Where(c => c.Id == connection.Id).ExecuteUpdateAsync(set => _ = isLeads ? set.SetProperty(c => c.LeadsTab, there.Id).SetProperty(c => c.LeadsTitle, there.Title) : set.SetProperty(c => c.OrdersTab, there.Id).SetProperty(c => c.OrdersTitle, there.Title), stop);
            return there;
        }
        await sheets.WriteAsync(seen.Access, [new AddTab(ours, wanted)], stop);
        return null;
    }

    /// <summary>Finds every column of ours; writes heads that are not there yet. False when it did: then it begins anew.</summary>
    private async Task<bool> LayAsync(SeenSheet seen, SheetTab tab, SheetGrid grid, List<SheetColumn> own, bool isLeads, CancellationToken stop)
    {
        var (connection, access) = (seen.Connection, seen.Access);
        var hasWritten = own.Exists(c => c.IsPlaced);
        if (!hasWritten && grid.At(SheetColumns.Id) is null)
        {
            if (grid.Head.Any(h => h.Trim().Length > 0) || grid.Height > 0) throw new VendorFailure(FailureCategory.Configuration, "The first row of the tab is taken.", SheetTrouble.HeadTaken);
            List<SheetWrite> heads = [new PutCells(tab.Id, 0, 0, [.. own.Select(c => c.Title)]), new GuardColumn(tab.Id, 0, "OrderClosr")];
            if (own.Count > tab.Columns) heads.Insert(0, new AddColumns(tab.Id, own.Count - tab.Columns));
            await sheets.WriteAsync(access, heads, stop);
            await KeepAsync(connection, isLeads, [.. own.Select(c => c with { IsPlaced = true })], stop);
            return false;
        }
        var missing = own.Where(c => grid.At(c.Key) is null).ToList();
        if (missing.Count == 0)
        {
            if (own.Exists(c => !c.IsPlaced)) await KeepAsync(connection, isLeads, [.. own.Select(c => c with { IsPlaced = true })], stop);
            return true;
        }

        // The head row is gone: a row of ours is the first.
        if (missing.Count == own.Count && IdColumnIn(grid) is { } ids && Guid.TryParseExact(grid[0, ids].Trim(), "N", out _))
        {
            if (!await StandInOrderAsync(connection, grid, own, ids, isLeads, stop)) throw new VendorFailure(FailureCategory.Configuration, "The first row with our heads is gone.", SheetTrouble.IdColumnGone);
            await sheets.WriteAsync(access, [new InsertRow(tab.Id, 0), new PutCells(tab.Id, 0, 0, [.. own.Select(c => c.Title)])], stop);
            await marks.RemarkAsync(connection.Id, "head_restored", "", 0, null, stop);
            return false;
        }
        if (grid.At(SheetColumns.Id) is null)
        {
            if (IdColumnIn(grid) is not { } at) throw new VendorFailure(FailureCategory.Configuration, "The column with the ids is gone.", SheetTrouble.IdColumnGone);
            await AdoptAsync(seen, tab, grid, own, missing.First(c => c.Key == SheetColumns.Id), at, isLeads, stop);
            return false;
        }
        var sample = await SampleAsync(connection, grid, isLeads, stop);
        foreach (var column in missing.Where(c => c.IsPlaced))
        {
            // Renamed, when there is a column with a head we do not know that holds what we wrote.
            var found = Enumerable.Range(0, grid.Width).Where(c => grid.KeyAt(c) is null).Select(c => (Column: c, Fits: sample.Count(s => Expected(s.Cells, column.Key) is { Length: > 0 } text && text == grid[s.Row, c]))).Where(c => c.Fits > 0)
                .OrderByDescending(c => c.Fits).Select(c => (int?)c.Column).FirstOrDefault();
            if (found is { } renamed && !own.Exists(c => c.Title == grid[0, renamed].Trim() && c.Key != column.Key))
            {
                await AdoptAsync(seen, tab, grid, own, column, renamed, isLeads, stop);
                return false;
            }
            await KeepAsync(connection, isLeads, [.. own.Where(c => c.Key != column.Key)], stop);
            await marks.RemarkAsync(connection.Id, "column_gone", column.Title, 0, null, stop);
            return false;
        }
        // Newly chosen: behind everything that is there.
        var news = missing.Where(c => !c.IsPlaced).ToList();
        List<SheetWrite> writes = [new PutCells(tab.Id, 0, grid.Width, [.. news.Select(c => c.Title)])];
        if (grid.Width + news.Count > tab.Columns) writes.Insert(0, new AddColumns(tab.Id, grid.Width + news.Count - tab.Columns));
        await sheets.WriteAsync(access, writes, stop);
        await KeepAsync(connection, isLeads, [.. own.Select(c => c with { IsPlaced = true })], stop);
        await db.InTransactionAsync(() => db.SheetRows.Where(r => r.ConnectionId == connection.Id && (isLeads ? r.LeadId != null : r.OrderId != null)).ExecuteUpdateAsync(set => set.SetProperty(r => r.Wanted, r => r.Wanted + 1), stop), stop);
        return false;
    }

    /// <summary>A column the merchant calls otherwise: we go on in it. A head that was emptied is written again.</summary>
    private async Task AdoptAsync(SeenSheet seen, SheetTab tab, SheetGrid grid, List<SheetColumn> own, SheetColumn column, int at, bool isLeads, CancellationToken stop)
    {
        var head = grid[0, at].Trim();
        if (head.Length == 0) await sheets.WriteAsync(seen.Access, [new PutCells(tab.Id, 0, at, [column.Title])], stop);
        else await KeepAsync(seen.Connection, isLeads, [.. own.Select(c => c.Key == column.Key ? c with { Title = head, IsPlaced = true } : c)], stop);
        await marks.RemarkAsync(seen.Connection.Id, head.Length == 0 ? "head_restored" : "column_renamed", head.Length == 0 ? column.Title : $"{column.Title} → {head}", 0, null, stop);
    }

    private async Task KeepAsync(SheetConnection connection, bool isLeads, List<SheetColumn> now, CancellationToken stop)
    {
        await db.InTransactionAsync(async () =>
        {
            var row = await db.SheetConnections.SingleAsync(c => c.Id == connection.Id, stop);
            if (isLeads) row.LeadColumns = now;
            else row.Columns = now;
            await db.SaveChangesAsync(stop);
        }, stop);
        db.ChangeTracker.Clear();
        if (isLeads) connection.LeadColumns = now;
        else connection.Columns = now;
    }

    /// <summary>The column that holds our ids, whatever its head says; null: none does.</summary>
    private static int? IdColumnIn(SheetGrid grid)
    {
        var best = Enumerable.Range(0, grid.Width).Select(c => (Column: c, Ids: Enumerable.Range(0, grid.Height).Count(r => grid[r, c].Length == 32 && Guid.TryParseExact(grid[r, c], "N", out Guid _)))).Where(c => c.Ids > 0).OrderByDescending(c => c.Ids).ToList();
        return best.Count > 0 ? best[0].Column : null;
    }

    /// <summary>Our columns stand side by side in their order from the left, as the cells tell where there is no head.</summary>
    private async Task<bool> StandInOrderAsync(SheetConnection connection, SheetGrid grid, List<SheetColumn> own, int ids, bool isLeads, CancellationToken stop)
    {
        if (ids != 0 || own[0].Key != SheetColumns.Id) return false;
        grid.Place(SheetColumns.Id, 0);
        var sample = await SampleAsync(connection, grid, isLeads, stop);
        return sample.Count > 0 && Enumerable.Range(1, own.Count - 1).All(c => sample.Count(s => Expected(s.Cells, own[c].Key) == grid[s.Row, c]) * 2 >= sample.Count);
    }

    private async Task<List<(int Row, IReadOnlyDictionary<string, object?> Cells)>> SampleAsync(SheetConnection connection, SheetGrid grid, bool isLeads, CancellationToken stop)
    {
        var ids = grid.Rows.Take(40).ToDictionary(r => r.Key, r => r.Value);
        var cells = await ComposeAsync(connection, [.. ids.Keys], isLeads, stop);
        return [.. cells.Select(c => (ids[c.Key], c.Value))];
    }

    private Task<Dictionary<Guid, IReadOnlyDictionary<string, object?>>> ComposeAsync(SheetConnection connection, IReadOnlyCollection<Guid> ids, bool isLeads, CancellationToken stop) =>
        isLeads ? columns.LeadsAsync(ids, stop) : columns.OrdersAsync(ids, connection.Language, stop);

    private static string Expected(IReadOnlyDictionary<string, object?> cells, string key) => SheetColumns.TextOf(cells.GetValueOrDefault(key));

    /// <summary>What is to be written, worked out from the rows and what was read; nothing is written yet.</summary>
    private async Task<Plan> PlanAsync(SheetConnection connection, SheetTab tab, SheetGrid grid, List<SheetColumn> own, bool isLeads, bool isWhole, CancellationToken stop)
    {
        var rows = await db.SheetRows.AsNoTracking().Where(r => r.ConnectionId == connection.Id && (isLeads ? r.LeadId != null : r.OrderId != null)).ToListAsync(stop);
        var plan = new Plan(connection, own);
        var lost = rows.Where(r => r is { IsGone: false, Written: > 0 } && !grid.Rows.ContainsKey(r.Subject)).ToList();
        if (lost.Count > 0) await marks.RemarkAsync(connection.Id, isLeads ? "lead_rows_missing" : "rows_missing", "", lost.Count, null, stop);
        var wrong = isWhole ? [.. rows.Where(r => r is { IsGone: false, Hash: { } hash } && r.Wanted <= r.Written && grid.Rows.TryGetValue(r.Subject, out var at) && HashOf(grid, at, own) != hash)] : new List<SheetRow>();
        var due = rows.Where(r => !r.IsGone && r.Wanted > r.Written).Concat(lost).Concat(wrong).DistinctBy(r => r.Id).OrderBy(r => r.Subject).ToList();
        plan.IsLeft = due.Count > MostRows;
        due = [.. due.Take(MostRows)];
        var cells = await ComposeAsync(connection, [.. due.Select(r => r.Subject)], isLeads, stop);

        // One that landed in other columns (heads moved while it was appended) is brought home instead of written twice.
        var toAppend = due.Where(r => !grid.Rows.ContainsKey(r.Subject) && cells.ContainsKey(r.Subject)).ToList();
        var astray = grid.Astray(toAppend.Select(r => r.Subject).ToHashSet()).DistinctBy(a => a.Id).ToDictionary(a => a.Id, a => (a.Row, a.Column));
        foreach (var row in due)
        {
            if (!cells.TryGetValue(row.Subject, out var values))
            {
                // The order is gone without an erasure (a copy of the database was put back): nothing to say.
                plan.Vanished.Add(row);
                continue;
            }
            if (grid.Rows.TryGetValue(row.Subject, out var at) && !plan.Update(tab.Id, grid, row.Subject, at, values))
            {
                plan.Right.Add((row, values));
                continue;
            }
            plan.Touched.Add((row, values));
            if (grid.Rows.ContainsKey(row.Subject)) continue;
            if (astray.TryGetValue(row.Subject, out var found)) plan.BringHome(tab.Id, grid, row.Subject, found.Row, found.Column, values);
            else plan.Append(grid, row.Subject, values);
        }
        if (plan.Appended.Count > 0) plan.Writes.Add(new AppendRows(tab.Id, plan.Appended.ConvertAll(a => a.Cells)));

        var doubles = grid.Doubles.Where(d => rows.Exists(r => r.Subject == d.Id)).Take(MostRows).ToList();
        foreach (var (id, at) in doubles) plan.Blank(tab.Id, grid, id, at);
        if (doubles.Count > 0) await marks.RemarkAsync(connection.Id, "doubles_blanked", "", doubles.Count, null, stop);
        foreach (var row in rows.Where(r => r.IsGone).Take(MostRows))
        {
            plan.Gone.Add(row);
            if (grid.Rows.TryGetValue(row.Subject, out var at)) plan.Blank(tab.Id, grid, row.Subject, at);
        }
        return plan;
    }

    private static string HashOf(SheetGrid grid, int row, List<SheetColumn> own) => SheetColumns.HashOf([.. own.Where(c => grid.At(c.Key) is not null).Select(c => grid[row, grid.At(c.Key)!.Value])]);

    /// <summary>Whether all of it stands where it was meant to.</summary>
    private static bool Landed(Plan plan, SheetGrid before, SheetSpine after)
    {
        if (!SheetGrid.Same(before.Head, after.Head)) return false;
        string In(int row) => row < after.Column.Count ? after.Column[row] : "";
        foreach (var (id, row, isBlank) in plan.Rows)
            if (In(row) != (isBlank ? "" : id.ToString("N"))) return false;
        if (plan.Appended.Count == 0) return true;
        var counts = after.Column.Where(c => c.Length == 32).GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count());
        return plan.Appended.TrueForAll(a => counts.GetValueOrDefault(a.Id.ToString("N")) == 1);
    }

    /// <summary>The merchant's hand was in between: what we wrote into cells that are not ours is put back; rows of ours that were hit are written anew by the next round.</summary>
    /// <returns>What of the plan the sheet says as it should all the same.</returns>
    private async Task<List<(SheetRow Row, IReadOnlyDictionary<string, object?> Cells)>> RepairAsync(SeenSheet seen, SheetTab tab, Plan plan, SheetGrid before, List<SheetColumn> own, bool isLeads, CancellationToken stop)
    {
        await marks.RemarkAsync(seen.Connection.Id, "moved_meanwhile", "", 0, null, stop);
        List<(SheetRow Row, IReadOnlyDictionary<string, object?> Cells)>? right = null;
        // Repairing is writing, too: it looks again each time, and what it wrote elsewhere is put right as well.
        for (var round = 0; round < 2 * Rounds; round++)
        {
            var grid = new SheetGrid(await sheets.ReadAsync(seen.Access, tab.Title, stop), own);
            var repair = Repairing.Of(tab.Id, plan, before, grid);
            right ??= [.. plan.Touched.Where(t => IsRight(grid, own, t.Row.Subject, t.Cells))];
            await MarkAsync(seen.Connection, [.. repair.Hit.Except(right.Select(r => r.Row.Subject)), .. plan.Touched.Select(t => t.Row.Subject).Except(repair.Hit).Except(right.Select(r => r.Row.Subject))], isLeads, stop);
            if (repair.Writes.Count == 0 || grid.At(SheetColumns.Id) is not { } ids) break; // without ids the next round finds them, or says what is wrong
            if (!grid.Has(await sheets.ReadSpineAsync(seen.Access, tab.Title, ids, stop))) continue;
            await sheets.WriteAsync(seen.Access, repair.Writes, stop);
            if (grid.Has(await sheets.ReadSpineAsync(seen.Access, tab.Title, ids, stop), but: repair.Writes)) break;
            (plan, before) = (Plan.Of(seen.Connection, own, repair.Writes), grid);
        }
        return right!;
    }

    /// <summary>Whether a row says what is true in every column of ours.</summary>
    private static bool IsRight(SheetGrid grid, List<SheetColumn> own, Guid id, IReadOnlyDictionary<string, object?> cells) =>
        grid.Rows.TryGetValue(id, out var row) && own.TrueForAll(c => grid.At(c.Key) is { } at && grid[row, at] == Expected(cells, c.Key));

    private Task MarkAsync(SheetConnection connection, IReadOnlyCollection<Guid> hit, bool isLeads, CancellationToken stop) => hit.Count == 0 ? Task.CompletedTask : db.InTransactionAsync(async () =>
    {
        foreach (var some in hit.Chunk(500))
        {
            var (orders, leads) = (some.Select(id => (OrderId?)new OrderId(id)).ToList(), some.Select(id => (Id<Orders.Lead>?)new Id<Orders.Lead>(id)).ToList());
            await db.SheetRows.Where(r => r.ConnectionId == connection.Id && (isLeads ? leads.Contains(r.LeadId) : orders.Contains(r.OrderId))).ExecuteUpdateAsync(set => set.SetProperty(r => r.Wanted, r => r.Wanted + 1), stop);
        }
    }, stop);

    /// <summary>Keeps what stands in the sheet as it should.</summary>
    /// <param name="isAll">All of the plan does: what was to go is gone.</param>
    private Task SettleAsync(Plan plan, IReadOnlyList<(SheetRow Row, IReadOnlyDictionary<string, object?> Cells)> written, bool isAll, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var connection = plan.Connection;
        foreach (var (row, cells) in written)
        {
            var hash = SheetColumns.HashOf([.. plan.Own.Select(c => Expected(cells, c.Key))]);
            var (state, note, until) = (SheetColumns.HashOf(Expected(cells, SheetColumns.State)), SheetColumns.HashOf(Expected(cells, SheetColumns.Note)), row.Wanted);
            await db.SheetRows.Where(r => r.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Written, until).SetProperty(r => r.Hash, hash).SetProperty(r => r.StateHash, state).SetProperty(r => r.NoteHash, note), stop);
        }
        var gone = isAll ? plan.Gone.Concat(plan.Vanished).Select(r => r.Id).ToList() : [];
        if (gone.Count > 0) await db.SheetRows.Where(r => gone.Contains(r.Id)).ExecuteDeleteAsync(stop);
        if (written.Count > 0 || plan.Rows.Count > 0)
        {
            var now = time.GetUtcNow();
            await db.SheetConnections.Where(c => c.Id == connection.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastWrittenAt, now), stop);
        }
        db.Tell("sheet", connection.Id);
    }, stop);
}

/// <summary>One write of a tab and what is known about it.</summary>
internal sealed class Plan(SheetConnection connection, List<SheetColumn> own)
{
    internal SheetConnection Connection => connection;
    internal List<SheetColumn> Own => own;
    internal List<SheetWrite> Writes { get; } = [];

    /// <summary>Rows that are written, and what they will say.</summary>
    internal List<(SheetRow Row, IReadOnlyDictionary<string, object?> Cells)> Touched { get; } = [];

    /// <summary>Rows that say so already.</summary>
    internal List<(SheetRow Row, IReadOnlyDictionary<string, object?> Cells)> Right { get; } = [];

    internal List<(Guid Id, IReadOnlyList<object?> Cells)> Appended { get; } = [];

    /// <summary>Rows that are written into, whose they were, and whether they are emptied.</summary>
    internal List<(Guid Id, int Row, bool IsBlank)> Rows { get; } = [];

    /// <summary>Every cell that is written into.</summary>
    internal List<(int Row, int Column, string Text)> Cells { get; } = [];

    internal List<SheetRow> Gone { get; } = [];
    internal List<SheetRow> Vanished { get; } = [];
    internal bool IsLeft { get; set; }

    /// <summary>Some of it is known by its place alone: it cannot follow.</summary>
    private bool IsBound { get; set; }

    /// <summary>What these writes put where, as a plan.</summary>
    internal static Plan Of(SheetConnection connection, List<SheetColumn> own, IEnumerable<SheetWrite> writes)
    {
        var plan = new Plan(connection, own) { IsBound = true };
        foreach (var put in writes.OfType<PutCells>())
        {
            plan.Writes.Add(put);
            for (var i = 0; i < put.Cells.Count; i++) plan.Cells.Add((put.Row, put.Column + i, SheetColumns.TextOf(put.Cells[i])));
        }
        return plan;
    }

    /// <summary>Whether every row this writes into stands where it is written, and nothing that is appended is there.</summary>
    /// <param name="grid">What it was made from.</param>
    internal bool Fits(SheetGrid grid, SheetSpine spine)
    {
        if (IsBound) return grid.Has(spine);
        if (!SheetGrid.Same(grid.Head, spine.Head)) return false;
        if (!Rows.TrueForAll(r => r.Row < spine.Column.Count && spine.Column[r.Row] == r.Id.ToString("N"))) return false;
        if (Appended.Count == 0) return true;
        var there = spine.Column.ToHashSet();
        return !Appended.Exists(a => there.Contains(a.Id.ToString("N")));
    }

    /// <summary>Follows the rows to where they stand now; what was meant for one that is gone is left out. False: it cannot.</summary>
    internal bool Follow(SheetGrid grid, SheetSpine spine)
    {
        if (IsBound || !SheetGrid.Same(grid.Head, spine.Head)) return false;
        var now = new Dictionary<string, int>();
        for (var r = 0; r < spine.Column.Count; r++)
            if (spine.Column[r].Length == 32) now.TryAdd(spine.Column[r], r);
        if (Appended.Exists(a => now.ContainsKey(a.Id.ToString("N")))) return false;
        var moved = new Dictionary<int, int>();
        foreach (var (id, row, _) in Rows)
            if (now.TryGetValue(id.ToString("N"), out var at)) moved[row] = at;
        var gone = Rows.Where(r => !moved.ContainsKey(r.Row)).Select(r => r.Id).ToHashSet();
        Keep(Writes.Where(w => w is not PutCells put || moved.ContainsKey(put.Row)).Select(w => w is PutCells put ? put with { Row = moved[put.Row] } : w),
            Rows.Where(r => moved.ContainsKey(r.Row)).Select(r => r with { Row = moved[r.Row] }), Cells.Where(c => moved.ContainsKey(c.Row)).Select(c => c with { Row = moved[c.Row] }), gone);
        return Writes.Count > 0;
    }

    /// <summary>Leaves out what is meant for rows that are there. False: nothing is new.</summary>
    internal bool KeepNewOnly()
    {
        if (Appended.Count == 0) return false;
        Keep(Writes.Where(w => w is AppendRows), [], [], Rows.Select(r => r.Id).ToHashSet());
        Gone.Clear();
        (IsBound, IsLeft) = (false, true);
        return true;
    }

    private void Keep(IEnumerable<SheetWrite> writes, IEnumerable<(Guid Id, int Row, bool IsBlank)> rows, IEnumerable<(int Row, int Column, string Text)> cells, HashSet<Guid> without)
    {
        var (w, r, c) = (writes.ToList(), rows.ToList(), cells.ToList());
        Writes.Clear();
        Writes.AddRange(w);
        Rows.Clear();
        Rows.AddRange(r);
        Cells.Clear();
        Cells.AddRange(c);
        IsLeft |= Touched.RemoveAll(t => without.Contains(t.Row.Subject)) > 0;
    }

    /// <summary>Writes the cells that differ. The id is never touched. False: none does.</summary>
    internal bool Update(int tab, SheetGrid grid, Guid id, int row, IReadOnlyDictionary<string, object?> values)
    {
        var differing = own.Where(c => c.Key != SheetColumns.Id).Select(c => (At: grid.At(c.Key)!.Value, Value: values.GetValueOrDefault(c.Key))).Where(c => grid[row, c.At] != SheetColumns.TextOf(c.Value)).OrderBy(c => c.At).ToList();
        if (differing.Count == 0) return false;
        Rows.Add((id, row, false));
        Put(tab, row, differing);
        return true;
    }

    /// <summary>Empties the cells of ours in a row.</summary>
    internal void Blank(int tab, SheetGrid grid, Guid id, int row)
    {
        IsBound = true;
        Rows.Add((id, row, true));
        Put(tab, row, [.. own.Select(c => (At: grid.At(c.Key)!.Value, Value: (object?)null)).Where(c => grid[row, c.At].Length > 0).OrderBy(c => c.At)]);
    }

    /// <summary>A new row; columns between ours stay empty.</summary>
    internal void Append(SheetGrid grid, Guid id, IReadOnlyDictionary<string, object?> values)
    {
        var cells = new object?[own.Max(c => grid.At(c.Key)!.Value) + 1];
        foreach (var column in own) cells[grid.At(column.Key)!.Value] = values.GetValueOrDefault(column.Key);
        Appended.Add((id, cells));
    }

    /// <summary>A row of ours that was appended while the columns moved: into the right columns, and out of the wrong ones.</summary>
    internal void BringHome(int tab, SheetGrid grid, Guid id, int row, int at, IReadOnlyDictionary<string, object?> values)
    {
        var shift = at - grid.At(SheetColumns.Id)!.Value;
        var cells = own.ToDictionary(c => grid.At(c.Key)!.Value, c => values.GetValueOrDefault(c.Key));
        foreach (var column in own)
        {
            var wrong = grid.At(column.Key)!.Value + shift;
            if (wrong >= 0 && !cells.ContainsKey(wrong) && (column.Key == SheetColumns.Id || grid[row, wrong] == SheetColumns.TextOf(values.GetValueOrDefault(column.Key)))) cells[wrong] = null;
        }
        IsBound = true;
        Rows.Add((id, row, false));
        Put(tab, row, [.. cells.Select(c => (c.Key, c.Value)).OrderBy(c => c.Key)]);
    }

    private void Put(int tab, int row, List<(int At, object? Value)> cells)
    {
        for (var i = 0; i < cells.Count;)
        {
            var run = new List<object?>();
            var from = cells[i].At;
            while (i < cells.Count && cells[i].At == from + run.Count)
            {
                run.Add(cells[i].Value);
                Cells.Add((row, cells[i].At, SheetColumns.TextOf(cells[i].Value)));
                i++;
            }
            Writes.Add(new PutCells(tab, row, from, run));
        }
    }
}

/// <summary>What puts a sheet right after rows or columns moved between our reading and our writing.</summary>
internal sealed record Repairing(IReadOnlyList<SheetWrite> Writes, IReadOnlyCollection<Guid> Hit)
{
    /// <param name="before">As it was read before we wrote.</param>
    /// <param name="now">As it is.</param>
    internal static Repairing Of(int tab, Plan plan, SheetGrid before, SheetGrid now)
    {
        var (writes, hit) = (new List<SheetWrite>(), plan.Rows.Select(r => r.Id).Concat(plan.Appended.Select(a => a.Id)).ToHashSet());
        // Ids we emptied in a row that had become another order's: that order is missing now, and its row is known by what the merchant has in it.
        var lost = before.Rows.Keys.Where(id => !now.Rows.ContainsKey(id) && !plan.Rows.Exists(r => r.Id == id && r.IsBlank)).ToList();
        foreach (var (_, row, _) in plan.Rows.Where(r => r.IsBlank))
        {
            if (now.At(SheetColumns.Id) is not { } ids || now.IdIn(row) is not null) continue;
            var foreign = now.Foreign(row).ToList();
            if (lost.FirstOrDefault(id => before.Foreign(before.Rows[id]).SequenceEqual(foreign)) is { } owner && owner != Guid.Empty)
            {
                lost.Remove(owner);
                hit.Add(owner);
                writes.Add(new PutCells(tab, row, ids, [owner.ToString("N")]));
            }
        }
        // New rows that were written by columns which had moved: the id goes home, so that the next round finds the row; the merchant's columns are emptied, in a row of ours they held nothing.
        var astray = now.Astray(plan.Appended.Select(a => a.Id).Where(id => !now.Rows.ContainsKey(id)).ToHashSet()).DistinctBy(a => a.Id).ToDictionary(a => a.Id, a => a.Row);
        foreach (var (id, cells) in plan.Appended)
        {
            if (now.At(SheetColumns.Id) is not { } ids || !(now.Rows.TryGetValue(id, out var row) || astray.TryGetValue(id, out row))) continue;
            if (!now.Rows.ContainsKey(id)) writes.Add(new PutCells(tab, row, ids, [id.ToString("N")]));
            for (var c = 0; c < cells.Count; c++)
                if (now.KeyAt(c) is null && SheetColumns.TextOf(cells[c]) is { Length: > 0 } text && now[row, c] == text) writes.Add(new PutCells(tab, row, c, [null]));
        }
        foreach (var (row, column, text) in plan.Cells)
        {
            if (now.KeyAt(column) is not null && now.IdIn(row) is { } owner)
            {
                hit.Add(owner);
                continue;
            }
            if (now[row, column] != text || writes.Exists(w => w is PutCells put && put.Row == row && put.Column == column)) continue; // somebody typed over it since
            writes.Add(new PutCells(tab, row, column, [Was(plan, before, now, row, column) is { Length: > 0 } was ? was : null]));
        }
        return new([.. writes], hit);
    }

    /// <summary>What stood in a cell of the merchant's before we wrote into it; empty: nothing, as in a row or column that was just made.</summary>
    private static string Was(Plan plan, SheetGrid before, SheetGrid now, int row, int column)
    {
        // Its column, as it was called before; a head without a name is known by its place.
        var head = column < now.Head.Count ? now.Head[column].Trim() : "";
        var at = head.Length == 0 ? SheetGrid.Same(before.Head, now.Head) ? column : -1 : Enumerable.Range(0, before.Head.Count).Where(c => before.Head[c].Trim() == head).DefaultIfEmpty(-1).First();
        if (at < 0) return "";
        if (now.IdIn(row) is { } id) return before.Rows.TryGetValue(id, out var same) ? before[same, at] : "";
        // A row without an id of ours: the one that is alike in everything we did not write.
        var written = plan.Cells.Where(c => c.Row == row).Select(c => c.Column).ToHashSet();
        var rest = Enumerable.Range(0, Math.Max(now.Width, before.Width)).Where(c => !written.Contains(c)).ToList();
        var twin = SheetGrid.Same(before.Head, now.Head)
            ? Enumerable.Range(1, Math.Max(0, before.Height - 1)).Where(r => before.IdIn(r) is null && rest.TrueForAll(c => before[r, c] == now[row, c]) && rest.Exists(c => before[r, c].Length > 0)).Select(r => (int?)r).FirstOrDefault() : null;
        return twin is { } found ? before[found, at] : "";
    }
}

/// <summary>What is noted of the writes into each tab; null: all is well in it. That says nothing of the other.</summary>
internal sealed record WriteNotes(Written? Orders, Written? Leads)
{
    internal Written? Of(bool isLeads) => isLeads ? Leads : Orders;

    internal string Pack()
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) JsonSerializer.Serialize(zip, this);
        return Convert.ToBase64String(bytes.ToArray());
    }

    internal static WriteNotes Unpack(string packed)
    {
        using var zip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<WriteNotes>(zip)!;
    }
}

/// <summary>A write and the tab it was meant for, as far as it takes to put it right: heads, ids, and what is not ours.</summary>
internal sealed record Written(List<SheetColumn> Own, List<List<string>> Before, List<Written.Hit> Rows, List<Written.Cell> Cells, List<Written.New> Appended)
{
    internal sealed record Hit(Guid Id, int Row, bool IsBlank);
    internal sealed record Cell(int Row, int Column, string Text);
    internal sealed record New(Guid Id, List<string> Cells);

    /// <summary>What such a write did elsewhere was put right once; rows are compared and written first all the same, until a round ends well.</summary>
    internal static Written LookedAt { get; } = new([], [], [], [], []);

    internal bool IsLookedAt => Own.Count == 0;

    internal static Written Of(Plan plan, SheetGrid grid)
    {
        var before = new List<List<string>>();
        for (var r = 0; r < grid.Height; r++)
        {
            var isOurs = r > 0 && grid.IdIn(r) is not null;
            var row = new List<string>();
            for (var c = 0; c < grid.Width; c++) row.Add(isOurs && grid.KeyAt(c) is { } key && key != SheetColumns.Id ? "" : grid[r, c]);
            while (row.Count > 0 && row[^1].Length == 0) row.RemoveAt(row.Count - 1);
            before.Add(row);
        }
        return new(plan.Own, before, plan.Rows.ConvertAll(r => new Hit(r.Id, r.Row, r.IsBlank)), plan.Cells.ConvertAll(c => new Cell(c.Row, c.Column, c.Text)), plan.Appended.ConvertAll(a => new New(a.Id, [.. a.Cells.Select(SheetColumns.TextOf)])));
    }

    internal Plan Plan(SheetConnection connection)
    {
        var plan = new Plan(connection, Own);
        plan.Rows.AddRange(Rows.Select(r => (r.Id, r.Row, r.IsBlank)));
        plan.Cells.AddRange(Cells.Select(c => (c.Row, c.Column, c.Text)));
        plan.Appended.AddRange(Appended.Select(a => (a.Id, (IReadOnlyList<object?>)[.. a.Cells])));
        return plan;
    }

    internal SheetGrid Grid() => new(Before, Own);
}
