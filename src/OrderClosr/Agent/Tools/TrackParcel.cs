using System.Text.Json;
using OrderClosr.Orders;

namespace OrderClosr.Agent.Tools;

/// <summary>Where an order of this customer stands.</summary>
public sealed class TrackParcel(ChangeOrder orders) : ITool
{
    public ToolShape Shape { get; } = new("track_parcel",
        "Answers how an order of this customer stands and its parcels with their last event. Use it for \"where is my order\". With no parcels yet say that it is being prepared; never invent a date.",
        ToolInput.Schema("""{"type":"object","properties":{"order":{"type":"integer","description":"The order's number."}},"required":["order"],"additionalProperties":false}"""));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var order = input.Whole("order") is { } number ? await orders.FindAsync(work.Conversation.Id, number, stop) : null;
        if (order is null) return ToolReply.No("not_found", "This customer has no such order. Ask for the number, or look at the orders in the facts.");
        work.Money.Add(order.Total);
        return new(new { order = order.Number, state = OrderTransitions.Word(order.State), parcels = Array.Empty<object>() });
    }
}
