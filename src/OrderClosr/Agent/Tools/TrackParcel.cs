using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Agent.Tools;

/// <summary>Where an order of this customer stands, with its parcels as the courier last told.</summary>
public sealed class TrackParcel(ChangeOrder orders, OrderClosrDb db) : ITool
{
    public ToolShape Shape { get; } = new("track_parcel",
        "Answers how an order of this customer stands and its parcels with their last event. Use it for \"where is my order\". With no parcels yet say that it is being prepared; never invent a date.",
        ToolInput.Schema("""{"type":"object","properties":{"order":{"type":"integer","description":"The order's number."}},"required":["order"],"additionalProperties":false}"""));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var order = input.Whole("order") is { } number ? await orders.FindAsync(work.Conversation.Id, number, stop) : null;
        if (order is null) return ToolReply.No("not_found", "This customer has no such order. Ask for the number, or look at the orders in the facts.");
        work.Money.Add(order.Total);
        var id = order.Id;
        var parcels = await db.Parcels.AsNoTracking().Where(p => p.OrderId == id).OrderBy(p => p.Sequence).ToListAsync(stop);
        var accounts = parcels.Select(p => p.AccountId).Distinct().ToList();
        var names = await db.CourierAccounts.AsNoTracking().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        foreach (var parcel in parcels) work.Money.Add(parcel.ToCollect);
        return new(new
        {
            order = order.Number, state = OrderTransitions.Word(order.State),
            // Without the courier's free words: a customer could be quoted what a driver typed.
            parcels = parcels.Select(p => new
            {
                state = ParcelTransitions.Word(p.State), since = AlgiersTime.DateInAlgiers(p.StateAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), courier = names.GetValueOrDefault(p.AccountId),
                delivery = p.Delivery == Delivery.Desk ? "desk" : "home", to_collect = p.ToCollect.Amount,
            }).ToArray(),
        });
    }
}
