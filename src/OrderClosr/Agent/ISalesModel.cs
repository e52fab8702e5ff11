using System.Text.Json;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>The language model behind the agent. The wall to its vendor: the room speaks of tools, texts and costs, never of blocks and headers.</summary>
public interface ISalesModel
{
    /// <summary>False while the operator has set no key: messages are stored and shown, nothing is answered.</summary>
    bool IsConfigured { get; }

    /// <summary>The model of usual turns.</summary>
    string Model { get; }

    /// <summary>The model of hard turns, unless the workspace names its own.</summary>
    string HardModel { get; }

    /// <summary>One call. What goes wrong on the way is thrown as a <c>VendorFailure</c>; code <see cref="ProviderPaused"/> means that no call will succeed for long.</summary>
    Task<ModelAnswer> AskAsync(ModelRequest request, CancellationToken stop);

    /// <summary>The provider's spending cap is reached or the account is closed: people must take over.</summary>
    const string ProviderPaused = "provider_paused";
}

/// <summary>All that one call sends. The parts stand in the order in which they repeat: rules for all, the shop's block for all its conversations, then this conversation.</summary>
/// <param name="Rules">Platform rules, byte for byte the same for every workspace; a cache breakpoint stands behind them.</param>
/// <param name="Shop">Rules, tone, catalogue digest and delivery policy of one workspace; the second breakpoint.</param>
/// <param name="Conversation">An opaque key for telemetry and abuse reports; no personal data.</param>
/// <param name="MustAnswer">True on the last step: no further tool may be called.</param>
public sealed record ModelRequest(string Model, string Rules, string Shop, IReadOnlyList<ToolShape> Tools, IReadOnlyList<ModelMessage> Messages, string Conversation, TimeSpan Deadline, bool MustAnswer = false);

/// <summary>A tool as the model sees it.</summary>
/// <param name="Schema">JSON schema of the input; strict.</param>
public sealed record ToolShape(string Name, string Description, JsonElement Schema);

/// <summary>One message of the prompt.</summary>
public abstract record ModelMessage
{
    private ModelMessage() { }

    /// <summary>What the customer wrote, bubbles joined, and their photos.</summary>
    public sealed record Customer(string Text, IReadOnlyList<ModelPhoto> Photos) : ModelMessage;

    /// <summary>What the shop answered, by agent or person.</summary>
    public sealed record Shop(string Text) : ModelMessage;

    /// <summary>Ours to the model: facts as data, a guard's words. Customers cannot write here.</summary>
    public sealed record Operator(string Text) : ModelMessage;

    /// <summary>What the model said earlier in this turn, unmodified.</summary>
    /// <param name="By">Which model: what is signed for one is not shown to another.</param>
    public sealed record Model(JsonElement Content, string By) : ModelMessage;

    /// <summary>Answers to all calls of the message before.</summary>
    public sealed record Results(IReadOnlyList<ToolResult> Answers) : ModelMessage;
}

/// <summary>A photo of the customer, as stored.</summary>
public sealed record ModelPhoto(string MediaType, ReadOnlyMemory<byte> Bytes);

/// <summary>One answered tool call.</summary>
public sealed record ToolResult(string CallId, string Json, bool IsError);

/// <summary>One call of a tool.</summary>
public sealed record ToolCall(string Id, string Name, JsonElement Input);

/// <summary>What the model answered.</summary>
/// <param name="Text">Its words, when it ended with words.</param>
/// <param name="Content">Everything it said, to be sent back unmodified inside the running turn; never stored.</param>
public sealed record ModelAnswer(ModelEnd End, string Text, IReadOnlyList<ToolCall> Calls, JsonElement Content, ModelUsage Usage);

/// <summary>How a call ended.</summary>
public enum ModelEnd
{
    /// <summary>With words for the customer.</summary>
    Words,

    /// <summary>It wants tools.</summary>
    Tools,

    /// <summary>With nothing, or with thinking alone.</summary>
    Empty,

    /// <summary>It declines.</summary>
    Refused,

    /// <summary>Cut off before the end.</summary>
    Cut,

    /// <summary>In a way we do not know.</summary>
    Unknown,
}

/// <summary>What calls cost.</summary>
/// <param name="Input">Tokens neither read from nor written to the cache.</param>
/// <param name="CostMicroDollars">Millionths of a US dollar.</param>
public readonly record struct ModelUsage(int Input, int CacheRead, int CacheWrite, int Output, long CostMicroDollars)
{
    public static ModelUsage operator +(ModelUsage a, ModelUsage b) =>
        new(a.Input + b.Input, a.CacheRead + b.CacheRead, a.CacheWrite + b.CacheWrite, a.Output + b.Output, a.CostMicroDollars + b.CostMicroDollars);
}
