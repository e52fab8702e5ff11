using System.Globalization;
using CsvHelper;
using OrderClosr.Agent;
using OrderClosr.Ground.Values;
using OrderClosr.Web;

namespace OrderClosr.Dashboard;

/// <summary>One column of a list of figures.</summary>
/// <param name="Key">Its words: <c>dashboard.col_KEY</c>.</param>
/// <param name="Opens">The number opens into these records; null: into none.</param>
public sealed record FigureColumn(string Key, Func<Figure, object?> Of, string? Opens = null);

/// <summary>The lists of figures as files, and which columns each list has.</summary>
public sealed class NumbersFile(Words words, FigureWords names, Spending spending)
{
    private static readonly FigureColumn Conversations = new("conversations", f => f.Conversations, "conversations"), Orders = new("orders", f => f.Orders, "orders"), Confirmed = new("confirmed", f => f.Confirmed, "confirmed"),
        Delivered = new("delivered", f => f.Delivered, "delivered"), Returned = new("returned", f => f.Returned, "returned"), Rate = new("delivery_rate", f => f.Delivery()), Paid = new("paid", f => f.Paid, "paid"),
        Sold = new("sold", f => f.Sold), Received = new("received", f => f.Received, "received"), HandOvers = new("hand_overs", f => f.HandOvers, "hand_overs");

    private static readonly IReadOnlyList<FigureColumn> Road = [Orders, Confirmed, Delivered, Returned, Rate, Paid, Sold];

    /// <summary>Lists one can look at and take along, as addresses name them: days and the cuts.</summary>
    public static readonly IReadOnlyDictionary<string, FigureCut> Lists = new Dictionary<string, FigureCut>
    {
        ["days"] = FigureCut.Shop, ["wilaya"] = FigureCut.Wilaya, ["product"] = FigureCut.Product, ["courier"] = FigureCut.Courier, ["channel"] = FigureCut.Channel, ["ad"] = FigureCut.Ad, ["member"] = FigureCut.Member, ["reason"] = FigureCut.Reason,
    };

    public static IReadOnlyList<FigureColumn> ColumnsOf(FigureCut cut) => cut switch
    {
        FigureCut.Shop => [Conversations, .. Road, Received, new("replies", f => f.Replies, "replies"), HandOvers, new("rescued", f => f.Rescued, "rescued"), new("leads", f => f.Leads, "leads"), new("converted", f => f.Converted, "converted")],
        FigureCut.Channel or FigureCut.Ad => [Conversations, .. Road],
        FigureCut.Courier => [Delivered, Returned, Rate, Paid, Sold, Received],
        FigureCut.Member => [Confirmed, Delivered, Returned, Rate, Paid, Sold],
        FigureCut.Reason => [HandOvers],
        _ => Road,
    };

    /// <summary>A list as CSV: UTF-8 with its mark, so that Excel reads Arabic; text that looks like a formula is made text.</summary>
    public byte[] Csv(NumbersOf numbers, FigureCut cut)
    {
        var columns = ColumnsOf(cut);
        var rows = cut == FigureCut.Shop ? numbers.Days.Select(f => (Period.Text(f.On), f)) : numbers.Of(cut).Select(n => (names.Of(n), n.Figure));
        string[] heads = [words[cut == FigureCut.Shop ? "dashboard.col_day" : "dashboard.col_name"], .. columns.Select(c => words[$"dashboard.col_{c.Key}"]), .. cut == FigureCut.Shop ? [words["dashboard.col_agent_cost"]] : (string[])[]];
        return Write(heads, rows.Select(r => (IEnumerable<object?>)[r.Item1, .. columns.Select(c => Cell(c.Of(r.Item2))), .. cut == FigureCut.Shop ? [spending.In(r.Item2.CostMicroDollars).Amount] : (object?[])[]]));
    }

    /// <summary>A month's pay list as CSV.</summary>
    public byte[] Csv(PayList list) => Write([words["dashboard.col_name"], words["dashboard.col_confirmed"], words["dashboard.col_delivered"], words["dashboard.col_returned"], words["dashboard.col_delivery_rate"], words["dashboard.col_sold"], words["dashboard.col_commission"]],
        list.Lines.Select(l => (IEnumerable<object?>)[names.Of(l.Member), (long)l.Member.Figure.Confirmed, (long)l.Member.Figure.Delivered, (long)l.Member.Figure.Returned, Cell(l.Member.Figure.Delivery()), l.Member.Figure.Sold.Amount, l.Commission.Amount]));

    private static object? Cell(object? value) => value switch { int number => (long)number, double rate => rate.ToString("0.0", CultureInfo.InvariantCulture), Dinars amount => amount.Amount, _ => value };

    private static byte[] Write(IReadOnlyList<string> heads, IEnumerable<IEnumerable<object?>> rows)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, CsvWriterOptions.Default with { Separator = ';', WriteByteOrderMark = true, Injection = CsvInjection.Escape }, leaveOpen: true))
        {
            csv.WriteRecord([.. heads]);
            foreach (var row in rows)
            {
                foreach (var cell in row) csv.WriteField(cell);
                csv.EndRecord();
            }
        }
        return bytes.ToArray();
    }
}
