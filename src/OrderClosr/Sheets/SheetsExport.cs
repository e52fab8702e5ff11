using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Sheets;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class SheetsExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<SheetConnection>("sheet_connections", "The Google Sheet the shop is mirrored to; without the key that opens it.", c => c.Id, c => c.Spreadsheet, c => c.Title, c => c.State, c => c.Trouble, c => c.TroubleAt, c => c.ConnectedAt, c => c.Language,
            c => c.OrdersTab, c => c.OrdersTitle, c => c.Columns, c => c.MirrorsLeads, c => c.LeadsTab, c => c.LeadsTitle, c => c.LeadColumns, c => c.ReadsBack, c => c.SourceTab, c => c.SourceTitle, c => c.SourceColumns, c => c.SourceTemplate, c => c.LastWrittenAt, c => c.LastReadAt),
        TableExport.Of<SheetIntake>("sheet_intakes", "Rows of the sheet that became orders.", i => i.Id, i => i.Row, i => i.OrderId, i => i.Trouble, i => i.Field, i => i.IsAsked, i => i.At),
        TableExport.LeftOut<SheetRow>("Fingerprints of what was written into the sheet; the orders and leads themselves are exported."),
        TableExport.LeftOut<SheetRemark>("What was told about the sheet in the last month; gone after that."),
    ];
}
