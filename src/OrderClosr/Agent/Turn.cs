using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>One answer of the agent to all unanswered messages of a conversation: two short transactions with thinking between them.</summary>
/// <remarks>
/// A plain class: the grain calls it, tests call it. Whatever happens between the two commits, taking the turn again finds either
/// nothing done or everything done; the key is <c>(conversation, last message answered)</c>.
/// </remarks>
public sealed class Turn(WorkspaceScopes scopes, ISalesModel model, TimeProvider time, ILogger<Turn> log)
{
    /// <summary>All calls and tools of a turn together.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Answers what is unanswered, or says why not.</summary>
    public async Task<TurnEnd> TakeAsync(WorkspaceId workspace, ConversationId conversation, CancellationToken stop)
    {
        // A message that comes while we think makes the turn worthless once, perhaps twice; after that the grain waits for the next burst.
        for (var round = 1; ; round++)
        {
            var end = await OnceAsync(workspace, conversation, stop);
            if (end != TurnEnd.ThrownAway || round == 3) return end;
        }
    }

    /// <summary>Beside the turn, never in its way.</summary>
    private async Task ShowTypingAsync(WorkspaceId workspace, ConversationId conversation, CancellationToken stop)
    {
        try
        {
            await Task.Yield();
            await using var scope = scopes.Open(workspace);
            await scope.Get<Conversations.Typing>().ShowAsync(conversation, stop);
        }
        catch (Exception error)
        {
            log.LogDebug("Typing was not shown: {Error}.", error.GetType().Name);
        }
    }

    private async Task<TurnEnd> OnceAsync(WorkspaceId workspace, ConversationId conversation, CancellationToken stop)
    {
        TurnStart? start;
        TurnEnd notNow;
        await using (var scope = scopes.Open(workspace)) (start, notNow) = await scope.Get<TurnGates>().OpenAsync(conversation, stop);
        if (start is null) return notNow;

        _ = ShowTypingAsync(workspace, conversation, stop);
        var id = Id<TurnRecord>.New(time.GetUtcNow());
        var startedAt = time.GetUtcNow();
        Thought thought;
        await using (var scope = scopes.Open(workspace))
        {
            try
            {
                thought = await scope.Get<Thinking>().ThinkAsync(start, stop);
            }
            catch (VendorFailure failure)
            {
                thought = Thought.Failed(failure, model.Model);
            }
            if (thought.Failure is { } failed) log.LogWarning("The model failed in step {Step}: {Category} {Code}. {Words}", thought.Steps, failed.Category, failed.Code, failed.Message);
        }

        await using (var scope = scopes.Open(workspace))
        {
            var ended = await scope.Get<TurnCommit>().CommitAsync(id, startedAt, start, thought, stop);
            CrashPoint.Pass("turn-committed");
            return ended;
        }
    }
}

/// <summary>How a turn ended.</summary>
public enum TurnEnd
{
    /// <summary>Nothing was unanswered.</summary>
    Nothing,

    /// <summary>A gate is closed; the reason stands on the conversation.</summary>
    Silent,

    Replied,
    HandedOver,

    /// <summary>The provider is in trouble: the conversation is due again later.</summary>
    Later,

    /// <summary>The world changed while the model thought; nothing was done.</summary>
    ThrownAway,
}
