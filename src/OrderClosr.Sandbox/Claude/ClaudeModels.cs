namespace OrderClosr.Sandbox.Claude;

/// <summary>What one model accepts and caches (facts: claude.md sections 2.3, 2.4, 2.6 and 3.1).</summary>
/// <param name="Id">The id callers send.</param>
/// <param name="CacheMinimum">Tokens below which a prefix is not cached.</param>
/// <param name="Thinks">Gives a thinking block unless told otherwise.</param>
/// <param name="ThinkingCanBeOff">False: <c>thinking: disabled</c> is refused.</param>
/// <param name="ForcedTools">False: <c>tool_choice</c> any or tool is refused.</param>
internal sealed record ClaudeModel(string Id, int CacheMinimum, bool Thinks = true, bool ThinkingCanBeOff = true, bool ForcedTools = true)
{
    /// <summary>Every model the stand-in knows; any other id is a 404.</summary>
    public static readonly IReadOnlyDictionary<string, ClaudeModel> All = new ClaudeModel[]
    {
        new("claude-haiku-5-5", 512),
        new("claude-haiku-4-5", 4096, Thinks: false),
        new("claude-sonnet-5-5", 512, ThinkingCanBeOff: false, ForcedTools: false),
        new("claude-sonnet-5", 1024),
        new("claude-sonnet-4-6", 1024, Thinks: false),
        new("claude-opus-5-5", 512, ForcedTools: false),
        new("claude-opus-5", 512),
        new("claude-opus-4-8", 1024),
        new("claude-fable-5-1", 512),
        new("claude-fable-5-2", 512),
    }.ToDictionary(m => m.Id);
}
