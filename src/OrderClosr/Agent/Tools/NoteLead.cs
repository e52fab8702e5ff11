using System.Text.Json;

namespace OrderClosr.Agent.Tools;

/// <summary>Interest without an order.</summary>
public sealed class NoteLead : ITool
{
    public ToolShape Shape { get; } = new("note_lead",
        "Notes for the merchant that the customer is interested but does not order now: waits for pay day, wants wholesale, asks for a product or size that is out. One sentence.",
        ToolInput.Schema("""{"type":"object","properties":{"product":{"type":"string"},"note":{"type":"string"}},"required":["note"],"additionalProperties":false}"""));

    public Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var note = input.Text("note") ?? "";
        if (note.Trim().Length == 0) return Task.FromResult(ToolReply.No("bad_input", "Say in a sentence what the customer wants."));
        var effect = new LeadEffect(input.Text("product"), note);
        if (!work.Effects.Contains(effect)) work.Effects.Add(effect);
        return Task.FromResult(new ToolReply(new { noted = true }));
    }
}
