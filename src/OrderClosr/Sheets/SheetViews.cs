using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Orders;

namespace OrderClosr.Sheets;

/// <summary>What the page of the sheet shows.</summary>
public sealed record SheetView
{
    public required SheetConnection? Connection { get; init; }

    /// <summary>The address to share with; null: no key yet.</summary>
    public required string? Email { get; init; }

    public required Uri? Link { get; init; }

    /// <summary>Rows that there should be, and those that say what is true.</summary>
    public required int Rows { get; init; }

    /// <inheritdoc cref="Rows"/>
    public required int Written { get; init; }

    public required IReadOnlyList<SheetRemark> Remarks { get; init; }

    /// <summary>Rows of the source tab that were not understood.</summary>
    public required IReadOnlyList<SheetIntake> Unread { get; init; }

    /// <summary>Rows that became orders.</summary>
    public required int Taken { get; init; }

    /// <summary>Names of approved templates.</summary>
    public required IReadOnlyList<string> Templates { get; init; }
}

/// <summary>Reads it.</summary>
public sealed class SheetViews(OrderClosrDb db, SheetKeys keys, ISpreadsheets sheets)
{
    public async Task<SheetView> ReadAsync(CancellationToken stop)
    {
        var connection = await db.SheetConnections.AsNoTracking().SingleOrDefaultAsync(stop);
        if (connection is null) return new() { Connection = null, Email = null, Link = null, Rows = 0, Written = 0, Remarks = [], Unread = [], Taken = 0, Templates = [] };
        var id = connection.Id;
        return new()
        {
            Connection = connection, Email = keys.KeyOf(connection)?.Email, Link = connection.Spreadsheet.Length > 0 ? sheets.LinkTo(connection.Spreadsheet) : null,
            Rows = await db.SheetRows.CountAsync(r => r.ConnectionId == id && !r.IsGone, stop), Written = await db.SheetRows.CountAsync(r => r.ConnectionId == id && !r.IsGone && r.Written >= r.Wanted, stop),
            Remarks = await db.SheetRemarks.AsNoTracking().Where(r => r.ConnectionId == id).OrderByDescending(r => r.Id).Take(12).ToListAsync(stop),
            Unread = await db.SheetIntakes.AsNoTracking().Where(i => i.ConnectionId == id && i.Trouble != null && i.Trouble != TakeIn.WasThere).OrderBy(i => i.Row).Take(20).ToListAsync(stop),
            Taken = await db.SheetIntakes.CountAsync(i => i.ConnectionId == id && i.OrderId != null, stop),
            Templates = [.. (await db.Channels.AsNoTracking().Where(c => c.Kind == ChannelKind.Whatsapp && c.State == ChannelState.Connected).ToListAsync(stop)).SelectMany(ChannelTemplate.Of).Where(t => t.IsApproved && t.Blanks is >= 2 and <= 4).Select(t => t.Name).Distinct().Order(StringComparer.Ordinal)],
        };
    }
}
