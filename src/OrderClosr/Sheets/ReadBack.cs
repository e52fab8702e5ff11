using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Sheets;

/// <summary>Takes over what the merchant changed in the sheet: the state, by the table of an order's moves, and the note.</summary>
/// <remarks>A move that is not allowed changes nothing: the row is written again and the merchant is told why.</remarks>
internal sealed class ReadBack(OrderClosrDb db, ConfirmOrder confirm, CancelOrder cancel, FollowOrder follow, ChangeOrder change, SheetMarks marks, TimeProvider time)
{
    /// <summary>The reason that stands in the order's story.</summary>
    internal const string Reason = "changed_in_sheet";

    private const int MostAtOnce = 100, LongestNote = 1000;

    internal async Task RunAsync(SheetConnection connection, SheetGrid grid, CancellationToken stop)
    {
        var (stateAt, noteAt) = (grid.At(SheetColumns.State), grid.At(SheetColumns.Note));
        if (stateAt is null && noteAt is null) return;
        var rows = await db.SheetRows.AsNoTracking().Where(r => r.ConnectionId == connection.Id && r.OrderId != null && !r.IsGone && r.StateHash != null).ToListAsync(stop);
        var edits = 0;
        foreach (var row in rows)
        {
            if (edits >= MostAtOnce || !grid.Rows.TryGetValue(row.Subject, out var at)) continue;
            var (state, note) = (stateAt is { } s ? grid[at, s] : "", noteAt is { } n ? grid[at, n] : "");
            // An emptied cell is no wish: it is written again with the next change.
            var wantsState = state.Trim().Length > 0 && SheetColumns.HashOf(state) != row.StateHash;
            var wantsNote = note.Trim().Length > 0 && SheetColumns.HashOf(note) != row.NoteHash;
            if (!wantsState && !wantsNote) continue;
            edits++;
            var id = row.OrderId!.Value;
            if (await db.Orders.AsNoTracking().Where(o => o.Id == id).Select(o => new { o.Number, o.State, o.Note }).SingleOrDefaultAsync(stop) is not { } order) continue;
            Refusal? no = null;
            var isMoved = false;
            if (wantsState && SheetColumns.ReadState(state) is null) no = new("state_unknown", "No state is called so.");
            else if (wantsState && SheetColumns.ReadState(state) is { } to && to != order.State) (isMoved, no) = (true, await MoveAsync(id, to, stop));
            if (no is null && wantsNote && note.Trim() != order.Note) (isMoved, no) = (true, (await change.RunAsync(id, new() { Note = note.Trim() is { Length: > LongestNote } much ? much[..LongestNote] : note.Trim() }, null, By(), stop)).Refusal);
            db.ChangeTracker.Clear();
            if (no is not null) await marks.RemarkAsync(connection.Id, $"refused_{(Known.Contains(no.Code) ? no.Code : "move_not_allowed")}", $"{order.Number}", 0, id, stop);
            else if (isMoved) await marks.RemarkAsync(connection.Id, "read_back", $"{order.Number}", 0, id, stop);
            // Either way the cell is looked at again: as it was refused, or as the product spells it.
            await db.InTransactionAsync(() => db.SheetRows.Where(r => r.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Wanted, r => r.Wanted + 1), stop), stop);
        }
        db.ChangeTracker.Clear();
    }

    /// <summary>Refusals with words of their own on the page.</summary>
    internal static readonly IReadOnlyList<string> Known = ["state_unknown", "move_not_allowed", "date_missing", "incomplete", "out_of_stock", "no_more_tries"];

    private async Task<Refusal?> MoveAsync(OrderId id, OrderState to, CancellationToken stop) => to switch
    {
        OrderState.Confirmed => (await confirm.RunAsync(id, null, By(), stop)).Refusal,
        OrderState.Cancelled => (await cancel.RunAsync(id, By(), stop)).Refusal,
        OrderState.ToConfirm => (await follow.ReopenAsync(id, By(), stop)).Refusal,
        OrderState.Contacting => (await follow.NotReachedAsync(id, By() with { Reason = FollowOrder.Tries[0] }, stop)).Refusal,
        // A sheet has no place to say until when.
        OrderState.Postponed => (await follow.PostponeAsync(id, By(), stop)).Refusal,
        _ => Refusal.NotAllowed("An order does not become a draft again.", []),
    };

    private Cause By() => new(ActorKind.Member, time.GetUtcNow(), Reason);
}
