using System.Text.Json;
using OrderClosr.Orders;

namespace OrderClosr.Agent.Tools;

/// <summary>Changes or cancels an order of this customer until it ships.</summary>
public sealed class ChangeOrCancelOrder(ChangeOrder changes, OrderHolds holds, SaveOrder save, TimeProvider time) : ITool
{
    public ToolShape Shape { get; } = new("change_or_cancel_order",
        "Cancels or changes an order of this customer that has not shipped. Cancel only when the customer asked for it in this conversation. A change answers a new draft with its total: read it back, ask for a yes, and confirm it in the next turn; until then the old order stands. For a draft that is not an order yet use save_order.",
        ToolInput.Schema("""
            {"type":"object","properties":{"order":{"type":"integer","description":"The order's number."},"action":{"type":"string","enum":["cancel","change"]},"reason":{"type":"string"},
              "items":{"type":"array","items":{"type":"object","properties":{"product":{"type":"string"},"variant":{"type":"string"},"quantity":{"type":"integer"},"unit_price":{"type":"integer"}},"required":["product","quantity"],"additionalProperties":false}},
              "phone":{"type":"string"},"wilaya":{"type":"string"},"commune":{"type":"string"},"address":{"type":"string"},"delivery":{"type":"string","enum":["home","desk"]}},
             "required":["order","action","reason"],"additionalProperties":false}
            """));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        if (input.Whole("order") is not { } number) return ToolReply.No("bad_input", "Say which order, by its number.");
        var order = await changes.FindAsync(work.Conversation.Id, number, stop);
        if (order is null) return ToolReply.No("not_found", "This customer has no such order. Ask for the number, or look at the orders in the facts.");
        var cancels = input.Text("action")?.ToLowerInvariant() == "cancel";
        if (await holds.RefuseAsync(order.Id, cancels, ActorKind.Agent, stop) is { } held) return held;
        return cancels ? Cancel(order, input.Text("reason") ?? "", work) : await ChangeAsync(order, input, work, stop);
    }

    private ToolReply Cancel(Order order, string reason, TurnWork work)
    {
        if (work.Effects.OfType<CancelEffect>().Any(e => e.Order == order.Id)) return new(new { order = order.Number, state = "cancelled" });
        if (work.Proposes is not null) return ToolReply.No("person_decides", "A person of the shop decides on this cancellation. Say that it is noted.");
        if (!Wishes.ToCancel(work.Asked)) return ToolReply.No("customer_did_not_ask", "The customer's last messages do not ask to cancel. Ask plainly whether they want to cancel.");
        var effect = new CancelEffect(order.Id, order.Number, reason.Length is > 0 and <= 300 ? reason : "changed_mind");
        if (OrderTransitions.Refuses(order, OrderState.Cancelled, new(ActorKind.Agent, time.GetUtcNow(), effect.Reason, MessageId: work.Cause)) is { } refusal) return refusal;
        work.Effects.Add(effect);
        return new(new { order = order.Number, state = "cancelled" });
    }

    private async Task<ToolReply> ChangeAsync(Order order, JsonElement input, TurnWork work, CancellationToken stop)
    {
        var items = input.Items();
        if (!items.Ok) return items.Refusal;
        var before = work.Draft;
        if (before?.ChangeOf != order.Id)
        {
            var begun = ChangeOrder.Begin(order, time.GetUtcNow());
            if (!begun.Ok) return begun.Refusal;
            work.Draft = begun.Value;
        }
        var change = new DraftChange
        {
            Items = items.Value, Phone = input.Text("phone"), Wilaya = input.Text("wilaya"), Commune = input.Text("commune"), Address = input.Text("address"), Delivery = input.Way(), Source = work.Cause,
        };
        var reply = await save.ApplyAsync(change, order.Number, work, stop);
        if (reply.IsError) work.Draft = before;
        return reply;
    }
}
