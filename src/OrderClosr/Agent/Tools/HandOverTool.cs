using System.Text.Json;

namespace OrderClosr.Agent.Tools;

/// <summary>Gives the conversation to a person.</summary>
public sealed class HandOverTool : ITool
{
    internal static readonly string[] Reasons = ["asked_for_person", "complaint", "wrong_parcel", "price_outside_policy", "unclear", "other"];

    public ToolShape Shape { get; } = new("hand_over",
        "Gives the conversation to a person of the shop: when the customer asks for one, is angry or speaks of a scam, got a damaged or wrong parcel, insists on a price the server refuses, or when you did not understand twice. Tell the customer in the same turn that a person of the shop will answer. Never promise a person without calling this.",
        ToolInput.Schema("""{"type":"object","properties":{"reason":{"type":"string","enum":["asked_for_person","complaint","wrong_parcel","price_outside_policy","unclear","other"]},"note":{"type":"string","description":"One sentence for the person: what the customer wants."}},"required":["reason","note"],"additionalProperties":false}"""));

    public Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var reason = Reasons.FirstOrDefault(r => r.Equals(input.Text("reason"), StringComparison.OrdinalIgnoreCase)) ?? "other";
        if (work.HandOver is null) work.Effects.Add(new HandOverEffect(reason, input.Text("note") is { } note ? note[..Math.Min(note.Length, 500)] : null));
        return Task.FromResult(work.Proposes is null ? new ToolReply(new { handed_over = true })
            : new ToolReply(new { handed_over = true, message = "A person of the shop reads your answer before it is sent: write the answer itself, and announce nobody." }));
    }
}
