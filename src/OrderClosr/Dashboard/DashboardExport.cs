using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Dashboard;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class DashboardExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<Figure>("figures", "The dashboard's numbers, by day and by month, of the whole shop and of each cut.", f => f.Id, f => f.Span, f => f.On, f => f.Cut, f => f.Key, f => f.Label, f => f.Conversations, f => f.Orders, f => f.Confirmed, f => f.Delivered,
            f => f.Returned, f => f.Paid, f => f.Rescued, f => f.Replies, f => f.HandOvers, f => f.Leads, f => f.Converted, f => f.CostMicroDollars, f => f.Sold, f => f.Received),
        TableExport.LeftOut<FigureMark>("Days that are to be counted anew within the minute; what they count is exported itself."),
        TableExport.Of<NumberSettings>("number_settings", "What the shop says its work is worth.", s => s.Id, s => s.MarginPerOrder, s => s.ReturnCost, s => s.HourlyRate, s => s.MinutesPerReply, s => s.Commission, s => s.CommissionShare),
        TableExport.Of<MemberCommission>("member_commissions", "Members who get another commission than the shop's usual one; shares in thousandths.", c => c.Id, c => c.AccountId, c => c.PerOrder, c => c.Share),
        TableExport.Of<EveningWish>("evening_wishes", "Members who want the day's numbers by mail.", w => w.Id, w => w.AccountId, w => w.Since, w => w.WrittenOn),
    ];
}
