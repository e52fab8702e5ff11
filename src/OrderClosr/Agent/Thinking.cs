using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent.Guards;
using OrderClosr.Agent.Tools;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Agent;

/// <summary>The middle of a turn: prompt, model, tools, guards. Reads what it likes and writes nothing; its context is never saved.</summary>
public sealed class Thinking(OrderClosrDb db, Prompt prompt, ISalesModel model, IEnumerable<ITool> tools, Drafts drafts, TimeProvider time)
{
    /// <summary>Most calls of the model in one turn, the rewrite included.</summary>
    public const int MostSteps = 6;

    private readonly List<ITool> _tools = [.. tools];
    private IReadOnlyList<string> ToolNames => [.. _tools.Select(t => t.Shape.Name)];

    public async Task<Thought> ThinkAsync(TurnStart start, CancellationToken stop)
    {
        var before = await BeforeAsync(start, stop);
        var work = await WorkAsync(start, before, stop);
        if (start.Unanswered.Any(IsUnheard))
        {
            work.Effects.Add(new HandOverEffect("media", null));
            return new() { Work = work, Bubbles = [HandOverWords.Unheard(work.Language)], Model = model.Model };
        }

        var usual = Wishes.IsHard(work.Asked) || (work.View?.Items.Count > 1 && work.Answer is not Answer.Yes) ? start.Settings.HardModel ?? model.HardModel : model.Model;
        var shop = await prompt.ShopAsync(work, stop);
        var facts = await prompt.FactsAsync(work, UnclearInARow(before), stop);
        var messages = (await prompt.MessagesAsync(work, before, facts, stop)).ToList();
        foreach (var said in before.Where(m => m.Direction == Direction.Out && m.Author == Author.Agent)) work.Money.AddSaid(said.Text);
        foreach (var said in before.Where(m => m.Direction == Direction.Out && m.Author == Author.Member))
        {
            work.Money.AddText(said.Text);
            work.MerchantTexts.Add(said.Text);
        }

        return await LoopAsync(start, work, usual, shop, messages, before, stop);
    }

    private async Task<Thought> LoopAsync(TurnStart start, TurnWork work, string usual, string shop, List<ModelMessage> messages, IReadOnlyList<Message> before, CancellationToken stop)
    {
        var deadline = time.GetUtcNow() + Turn.Limit;
        var usage = default(ModelUsage);
        var guards = new List<string>();
        var current = usual;
        for (var step = 1; step <= MostSteps; step++)
        {
            var left = deadline - time.GetUtcNow();
            if (left < TimeSpan.FromSeconds(1)) return Give("timeout", step - 1);
            if (start.SpentMicroDollars + usage.CostMicroDollars >= start.Settings.ConversationCapMicroDollars) return Give("cap", step - 1);
            if (start.Spent.Over(start.Settings, usage.CostMicroDollars) is { } cap) return Give(cap, step - 1);
            ModelAnswer answer;
            try
            {
                answer = await model.AskAsync(new(current, PlatformRules.Text, shop, [.. _tools.Select(t => t.Shape)], messages, work.Conversation.Id.ToString(), left, MustAnswer: step == MostSteps), stop);
            }
            catch (VendorFailure failure)
            {
                // What was spent before is kept with the failure.
                return new() { Failure = failure, Model = current, Steps = step, Usage = usage, Guards = guards };
            }
            usage += answer.Usage;
            switch (answer.End)
            {
                case ModelEnd.Tools when step < MostSteps:
                    messages.Add(new ModelMessage.Model(answer.Content, current));
                    messages.Add(new ModelMessage.Results(await AnswerAsync(answer.Calls, work, stop)));
                    continue;
                case ModelEnd.Words:
                    var bubbles = HandOverGuard.Told(ReplyCheck.Bubbles(answer.Text), work);
                    if (ReplyCheck.Find(bubbles, work, ToolNames) is not { } objection)
                        return IsAgain(bubbles, before) ? Give("unclear", step) : new() { Work = work, Bubbles = bubbles, Proposes = work.Proposes, Model = current, Steps = step, Usage = usage, Guards = guards };
                    guards.Add(objection.Code);
                    // Rewritten once, by the stronger model; a second lie goes to a person.
                    if (guards.Count > 1 || step == MostSteps) return Give($"guard_{objection.Code}", step);
                    current = start.Settings.HardModel ?? model.HardModel;
                    Object(messages, objection);
                    continue;
                case ModelEnd.Tools:
                    return Give("step_limit", step);
                default:
                    return Give(answer.End.ToString().ToLowerInvariant(), step);
            }
        }
        return Give("step_limit", MostSteps);

        Thought Give(string reason, int steps)
        {
            // What the turn collected is dropped with its words: a person starts from what was agreed before.
            work.Effects.Clear();
            work.View = null;
            work.Effects.Add(new HandOverEffect(reason, null));
            return new() { Work = work, Bubbles = [HandOverWords.Person(work.Language)], Model = current, Steps = steps, Usage = usage, Guards = guards };
        }
    }

    /// <summary>The guard's words reach the model where customers cannot write; what it said wrong is not repeated to it.</summary>
    private static void Object(List<ModelMessage> messages, Objection objection)
    {
        var words = $"Your answer was not sent. {objection.Words} Write the answer again.";
        if (messages[^1] is ModelMessage.Operator facts) messages[^1] = new ModelMessage.Operator($"{words}\n\n{facts.Text}");
        else messages.Add(new ModelMessage.Operator(words));
    }

    private async Task<IReadOnlyList<ToolResult>> AnswerAsync(IReadOnlyList<ToolCall> calls, TurnWork work, CancellationToken stop)
    {
        var results = new List<ToolResult>();
        // One after the other: a later call sees what an earlier one collected.
        foreach (var call in calls)
        {
            ToolReply reply;
            try
            {
                reply = _tools.Find(t => t.Shape.Name == call.Name) is { } tool
                    ? await tool.RunAsync(call.Input, work, stop)
                    : ToolReply.No("unknown_tool", "There is no such tool.");
            }
            catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException && call.Input.ValueKind != JsonValueKind.Object)
            {
                reply = ToolReply.No("bad_input", "The input does not fit the tool's schema.");
            }
            var json = JsonSerializer.Serialize(reply.Value, ToolInput.Json);
            work.Steps.Add(new(call.Name, Short(call.Input.GetRawText()), Short(json), reply.IsError));
            results.Add(new(call.Id, json, reply.IsError));
        }
        return results;
    }

    private static string Short(string json) => json.Length <= 600 ? json : json[..600] + "…";

    private async Task<IReadOnlyList<Message>> BeforeAsync(TurnStart start, CancellationToken stop)
    {
        var id = start.Conversation.Id;
        var answering = start.Unanswered.Select(m => m.Seq).ToHashSet();
        var newest = await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Seq < start.Conversation.LastSeq + 1 && m.DeletedAt == null && m.Status != MessageStatus.Failed && m.Kind != MessageKind.Note)
            .OrderByDescending(m => m.At).ThenByDescending(m => m.Seq).Take(Prompt.HistoryMessages + start.Unanswered.Count).ToListAsync(stop);
        return [.. newest.Where(m => !answering.Contains(m.Seq)).AsWritten(start.Conversation.ChannelKind).TakeLast(Prompt.HistoryMessages)];
    }

    private async Task<TurnWork> WorkAsync(TurnStart start, IReadOnlyList<Message> before, CancellationToken stop)
    {
        var texts = start.Unanswered.Select(m => m.Text).ToList();
        var language = ReplyLanguage.Decide(texts, ReplyLanguage.Stored(start.Conversation.Language), [.. before.Where(m => m.Direction == Direction.In).Select(m => m.Text)]);
        var draft = await drafts.OpenAsync(start.Conversation.Id, stop);
        var view = draft is null ? null : await drafts.ShowAsync(draft, stop);
        var isReadBack = draft is not null && draft.ReadBackVersion == draft.DraftVersion && draft.ReadBackVersion > 0 && view!.Ready
            && start.Unanswered.All(m => m.Seq > draft.ReadBackSeq) && await WasSaidAsync(start, draft.ReadBackSeq, stop)
            && await IsNextAsync(start, draft, stop);
        var answer = isReadBack ? Yes.Read([.. start.Unanswered.Select(m => m.Kind is MessageKind.Text or MessageKind.Button or MessageKind.StoryReply ? m.Text : "")], view!.Total) : Answer.Other;
        return new()
        {
            Conversation = start.Conversation, Customer = start.Customer, Channel = start.Channel, Settings = start.Settings, Unanswered = start.Unanswered,
            Draft = draft, View = view, Answer = answer, IsReadBack = isReadBack, Language = language,
            LastSaid = string.Join('\n', before.Reverse().SkipWhile(m => m.Direction == Direction.In).TakeWhile(m => m.Direction == Direction.Out).Select(m => m.Text)),
            Heard = [.. before.Where(m => m.Direction == Direction.In && m.At > time.GetUtcNow() - Proposing.Lasts && !(m.StoredAt <= start.Conversation.ReleasedAt)).Select(m => m.Text), .. texts],
        };
    }

    /// <summary>How far the channel's clock may be behind ours; WhatsApp tells whole seconds.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromSeconds(2);

    /// <summary>A read-back that never reached the customer is none, and a "yes" written before it, delivered late, was to something else.</summary>
    private async Task<bool> WasSaidAsync(TurnStart start, int seq, CancellationToken stop)
    {
        var id = start.Conversation.Id;
        var saidAt = await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Seq == seq && m.Direction == Direction.Out && m.Status != MessageStatus.Failed)
            .Select(m => (DateTimeOffset?)m.At).SingleOrDefaultAsync(stop);
        return saidAt is { } at && start.Unanswered.All(m => m.At >= at - ClocksApart);
    }

    /// <summary>True when the unanswered messages follow the read-back at once: nothing was said in between, by the shop or by the customer.</summary>
    private async Task<bool> IsNextAsync(TurnStart start, Order draft, CancellationToken stop)
    {
        var (id, readBack, first) = (start.Conversation.Id, draft.ReadBackSeq, start.Unanswered.Min(m => m.Seq));
        return await ConfirmOrder.IsLastWordAsync(db, draft, first, stop)
            && !await db.Messages.AnyAsync(m => m.ConversationId == id && m.Seq > readBack && m.Seq < first && m.Direction == Direction.In && !m.IsSettled && m.DeletedAt == null, stop);
    }

    /// <summary>Words that cannot be read: a voice note, a film, a file.</summary>
    private static bool IsUnheard(Message message) =>
        message.Kind is MessageKind.Audio or MessageKind.Video or MessageKind.File or MessageKind.Unsupported && message.Text.Trim().Length == 0;

    /// <summary>How often in a row the agent has just asked the same thing.</summary>
    private static int UnclearInARow(IReadOnlyList<Message> before)
    {
        var said = before.Where(m => m.Direction == Direction.Out && m.Author == Author.Agent).Select(m => Folding.Compact(m.Text)).Reverse().ToList();
        return said.Count == 0 ? 0 : said.TakeWhile(t => t == said[0]).Count() - 1;
    }

    /// <summary>The third time the same words: the customer and the model do not understand each other.</summary>
    private static bool IsAgain(IReadOnlyList<string> bubbles, IReadOnlyList<Message> before)
    {
        var now = Folding.Compact(bubbles[^1]);
        var said = before.Where(m => m.Direction == Direction.Out && m.Author == Author.Agent).Select(m => Folding.Compact(m.Text)).TakeLast(2).ToList();
        return said.Count == 2 && said.TrueForAll(t => t == now);
    }
}
