using System.Text.Json;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Agent.Tools;

/// <summary>The second step of an order: only after a yes without conditions to the version that was read back.</summary>
/// <remarks>Tried in a transaction that is rolled back, so that the model hears at once what the commit would say (stock, duplicates, rules).</remarks>
public sealed class ConfirmOrderTool(WorkspaceScopes scopes, CurrentWorkspace workspace, TimeProvider time) : ITool
{
    public ToolShape Shape { get; } = new("confirm_order",
        "Turns the draft into an order. Allowed only when you read this very version back in your last reply and the customer has answered it with a plain yes; never in the turn that changed the draft. A yes with a condition, another price or a question is no yes: answer that first. Pass draft and version from the facts.",
        ToolInput.Schema("""{"type":"object","properties":{"draft":{"type":"string"},"version":{"type":"integer"}},"required":["draft","version"],"additionalProperties":false}"""));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var (code, version) = (input.Text("draft"), input.Whole("version"));
        // Called twice in one turn: the same answer, one order.
        if (work.Confirmed is { } done && string.Equals(done.Code, code, StringComparison.OrdinalIgnoreCase) && done.Version == version) return Show(done);
        if (work.Draft is not { } draft || !string.Equals(draft.Code, code, StringComparison.OrdinalIgnoreCase)) return ToolReply.No("not_found", "There is no such draft in this conversation. Save the order first.");
        if (version != draft.DraftVersion) return ToolReply.No("stale_version", $"The draft is at version {draft.DraftVersion}: read that back and ask for a yes.");
        if (!work.IsReadBack || draft.ReadBackVersion != draft.DraftVersion || work.Effects.OfType<SaveDraftEffect>().Any())
            return ToolReply.No("not_read_back", "This version is not what you said last: the customer's words may answer something else. Read it back: each product by its catalogue name, quantities, place and total. Ask for a yes and nothing else, and confirm in the next turn.");
        if (work.Answer != Answer.Yes)
            return ToolReply.No("no_yes", work.Answer == Answer.Conditional
                ? "The customer's answer is not a plain yes: it changes or asks something. Answer that, save what changed, and ask again."
                : "The customer has not said yes. Ask plainly.");

        var waits = work.Proposes is not null;
        if (waits && draft.ChangeOf is not null) return ToolReply.No("person_decides", "A person of the shop decides on this change. Say that it is noted.");
        var yes = work.Cause;
        var tried = await TryAsync(draft.Id, draft.DraftVersion, yes, waits, stop);
        if (!tried.Ok) return tried.Refusal;
        var effect = new ConfirmEffect(draft.Id, draft.Code, draft.DraftVersion, yes, tried.Value.Number, tried.Value.State, tried.Value.Total) { Waits = waits };
        work.Effects.Add(effect);
        work.Money.Add(effect.Total);
        work.Draft = null;
        work.View = null;
        return Show(effect);
    }

    private static ToolReply Show(ConfirmEffect effect) => new(new { order = effect.Number, state = OrderTransitions.Word(effect.State), total = effect.Total });

    private async Task<Result<Tried>> TryAsync(OrderId draft, int version, MessageId yes, bool waits, CancellationToken stop)
    {
        await using var scope = scopes.Open(workspace.Id);
        Result<Tried>? result = null;
        try
        {
            await scope.Db.InTransactionAsync(async () =>
            {
                var confirmed = await scope.Get<ConfirmOrder>().RunAsync(draft, version, new(ActorKind.Agent, time.GetUtcNow(), MessageId: yes), waits, stop);
                result = confirmed.Ok ? new Tried(confirmed.Value.Number, confirmed.Value.State, confirmed.Value.Total) : confirmed.Refusal;
                throw new RolledBack();
            }, stop);
        }
        catch (RolledBack)
        {
            // Only tried: the turn's commit does it.
        }
        return result!.Value;
    }

    private sealed record Tried(int Number, OrderState State, Dinars Total);

    private sealed class RolledBack : Exception;
}
