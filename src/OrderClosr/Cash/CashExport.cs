using CsvHelper;
using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Web;

namespace OrderClosr.Cash;

/// <summary>One parcel as the accountant gets it.</summary>
public sealed record CashExportRow
{
    public required DateOnly On { get; init; }
    public required int Order { get; init; }
    public required string Tracking { get; init; }
    public required string Courier { get; init; }
    public required string Customer { get; init; }
    public required int Wilaya { get; init; }
    public required ParcelState State { get; init; }
    public required CashState CashState { get; init; }
    public required Dinars ToCollect { get; init; }
    public required Dinars Received { get; init; }
    public required Dinars DeliveryFee { get; init; }
    public required Dinars? CourierFee { get; init; }
    public required Dinars? ReturnFee { get; init; }
    public required Dinars? Margin { get; init; }
    public required string Slips { get; init; }
}

/// <summary>The money of a time as a file: parcels delivered, returned or lost in it, with what came for each.</summary>
public sealed class CashExport(OrderClosrDb db, Terms terms, Words words)
{
    /// <summary>The longest time in one file.</summary>
    public const int MostDays = 400;

    /// <summary>Rows of days, both included, by Algiers time; sorted by day.</summary>
    public async Task<IReadOnlyList<CashExportRow>> RowsAsync(DateOnly from, DateOnly to, CancellationToken stop)
    {
        var (start, end) = (AlgiersTime.StartOf(from), AlgiersTime.StartOf(to.AddDays(1)));
        var parcels = await db.Parcels.AsNoTracking().Where(p => p.StateAt >= start && p.StateAt < end && (p.State == ParcelState.Delivered || p.State == ParcelState.Returned || p.State == ParcelState.LostOrDamaged))
            .OrderBy(p => p.StateAt).ThenBy(p => p.Id).ToListAsync(stop);
        var accounts = await db.CourierAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        var agreed = await terms.AllAsync(stop);
        var rows = new List<CashExportRow>();
        foreach (var chunk in parcels.Chunk(500))
        {
            var (ids, orderIds) = (chunk.Select(p => p.Id).ToList(), chunk.Select(p => p.OrderId).ToList());
            var cash = await db.ParcelCash.AsNoTracking().Where(c => ids.Contains(c.ParcelId)).ToDictionaryAsync(c => c.ParcelId, stop);
            var orders = await db.Orders.AsNoTracking().Where(o => orderIds.Contains(o.Id)).Select(o => new { o.Id, o.Number, o.Name }).ToDictionaryAsync(o => o.Id, stop);
            var slips = (await db.SlipLines.AsNoTracking().Where(l => l.ParcelId != null && ids.Contains(l.ParcelId.Value) && l.Before != null)
                .Join(db.PaymentSlips.Where(s => s.State == SlipState.Applied), l => l.SlipId, s => s.Id, (l, s) => new { Parcel = l.ParcelId!.Value, s.Number }).ToListAsync(stop)).ToLookup(s => s.Parcel, s => s.Number);
            foreach (var parcel in chunk)
            {
                var (order, own) = (orders.GetValueOrDefault(parcel.OrderId), cash.GetValueOrDefault(parcel.Id));
                var fee = Matching.FeeOf(parcel.CourierFee, parcel.ToCollect, agreed.GetValueOrDefault(parcel.AccountId)?.CodBasisPoints ?? 0);
                rows.Add(new()
                {
                    On = AlgiersTime.DateInAlgiers(parcel.StateAt), Order = order?.Number ?? 0, Tracking = parcel.Tracking ?? "", Courier = accounts.GetValueOrDefault(parcel.AccountId, ""), Customer = order?.Name ?? "", Wilaya = parcel.WilayaCode,
                    State = parcel.State, CashState = parcel.CashState, ToCollect = parcel.ToCollect, Received = own?.Received ?? Dinars.Zero, DeliveryFee = parcel.DeliveryFee, CourierFee = parcel.State == ParcelState.Delivered ? fee : null,
                    ReturnFee = own?.ReturnFee, Margin = parcel.State == ParcelState.Delivered && fee is { } billed ? FeeTable.Margin(parcel.DeliveryFee, billed) : null, Slips = string.Join(" / ", slips[parcel.Id].Distinct()),
                });
            }
        }
        return rows;
    }

    /// <summary>UTF-8 with its mark, so that Excel reads Arabic; text that looks like a formula is made text.</summary>
    public byte[] Csv(IReadOnlyList<CashExportRow> rows)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, CsvWriterOptions.Default with { Separator = ';', WriteByteOrderMark = true, Injection = CsvInjection.Escape }, leaveOpen: true))
        {
            csv.WriteRecord([.. Columns.Select(c => words[$"cash.col_{c}"])]);
            foreach (var row in rows)
            {
                foreach (var cell in Cells(row)) csv.WriteField(cell);
                csv.EndRecord();
            }
        }
        return bytes.ToArray();
    }

    /// <summary>A workbook of one sheet; amounts are numbers.</summary>
    public byte[] Workbook(IReadOnlyList<CashExportRow> rows)
    {
        using var bytes = new MemoryStream();
        var heads = Columns.Select(c => words[$"cash.col_{c}"]).ToList();
        var table = rows.Select(row => heads.Zip(Cells(row).Select(c => c is string text ? Harmless(text) : c)).ToDictionary(p => p.First, p => p.Second)).ToList();
        if (table.Count == 0) table.Add(heads.ToDictionary(h => h, _ => (object?)null));
        bytes.SaveAs(table, sheetName: words["cash.export_sheet"]);
        return bytes.ToArray();
    }

    private static readonly IReadOnlyList<string> Columns =
        ["day", "order", "tracking", "courier", "customer", "wilaya", "state", "cash_state", "to_collect", "received", "delivery_fee", "courier_fee", "return_fee", "margin", "slips"];

    private IEnumerable<object?> Cells(CashExportRow row) =>
    [
        row.On.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), row.Order > 0 ? (long)row.Order : null, row.Tracking, row.Courier, row.Customer, (long)row.Wilaya, words[$"parcels.state_{ParcelTransitions.Word(row.State)}"],
        words[$"parcels.cash_{CashTransitions.Word(row.CashState)}"], row.ToCollect.Amount, row.Received.Amount, row.DeliveryFee.Amount, row.CourierFee?.Amount, row.ReturnFee?.Amount, row.Margin?.Amount, row.Slips,
    ];

    /// <summary>A cell of text is text in a workbook; edited there or saved as CSV it would be a formula again.</summary>
    private static string Harmless(string text) => text.Length > 0 && text[0] is '=' or '@' or '+' or '-' or '\t' or '\r' ? $"'{text}" : text;
}
