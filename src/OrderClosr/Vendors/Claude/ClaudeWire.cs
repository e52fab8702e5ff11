using System.Text.Json;
using Anthropic.Models.Messages;
using OrderClosr.Agent;

namespace OrderClosr.Vendors.Claude;

/// <summary>The room's words into the Messages API's and back (facts/claude.md sections 2 and 4.1).</summary>
internal static class ClaudeWire
{
    /// <summary>Thinking counts in it: a small limit can return no text at all.</summary>
    private const int MostTokens = 4096;

    internal static MessageCreateParams Request(ModelRequest request) => new()
    {
        Model = request.Model,
        MaxTokens = MostTokens,
        OutputConfig = new() { Effort = Effort.Medium },
        Tools = [.. request.Tools.Select(t => (ToolUnion)new Tool { Name = t.Name, Description = t.Description, Strict = true, InputSchema = Schema(t.Schema) })],
        ToolChoice = request.MustAnswer ? new ToolChoiceNone() : new ToolChoiceAuto(),
        // Two breakpoints: behind what all workspaces share, and behind what all conversations of this one share.
        System = new List<TextBlockParam>
        {
            new() { Text = request.Rules, CacheControl = new CacheControlEphemeral() },
            new() { Text = request.Shop, CacheControl = new CacheControlEphemeral() },
        },
        Messages = [.. request.Messages.Select(m => Message(m, request.Model))],
        Metadata = new() { UserID = request.Conversation },
    };

    private static InputSchema Schema(JsonElement schema) =>
        InputSchema.FromRawUnchecked(schema.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Clone()));

    private static MessageParam Message(ModelMessage message, string model) => message switch
    {
        ModelMessage.Customer said => new UserMessageParam { Content = Blocks([.. said.Photos.Select(Photo), .. Text(said.Text)]) },
        ModelMessage.Shop said => new AssistantMessageParam { Content = Blocks(Text(said.Text)) },
        ModelMessage.Operator said => new SystemMessageParam { Content = Clean(said.Text) },
        ModelMessage.Model spoke => new AssistantMessageParam { Content = JsonSerializer.Deserialize<List<ContentBlockParam>>(spoke.By == model ? spoke.Content : WithoutThinking(spoke.Content))! },
        ModelMessage.Results results => new UserMessageParam
        {
            Content = Blocks([.. results.Answers.Select(a => (ContentBlockParam)new ToolResultBlockParam(a.CallId) { Content = Clean(a.Json), IsError = a.IsError })]),
        },
        _ => throw new InvalidOperationException("An unknown kind of message."),
    };

    // Thinking is signed for the model that thought: all of it may be left out, some of it may not (facts/claude.md section 2.6).
    private static JsonElement WithoutThinking(JsonElement content) =>
        JsonSerializer.SerializeToElement(content.EnumerateArray().Where(b => b.GetProperty("type").GetString() is not ("thinking" or "redacted_thinking")));

    private static List<ContentBlockParam> Blocks(List<ContentBlockParam> blocks) => blocks.Count > 0 ? blocks : [new TextBlockParam { Text = "…" }];

    // The API refuses empty text blocks.
    private static List<ContentBlockParam> Text(string text) => Clean(text) is { } clean && clean.Trim().Length > 0 ? [new TextBlockParam { Text = clean }] : [];

    private static ContentBlockParam Photo(ModelPhoto photo) => new ImageBlockParam(new Base64ImageSource
    {
        MediaType = photo.MediaType switch { "image/png" => MediaType.ImagePng, "image/gif" => MediaType.ImageGif, "image/webp" => MediaType.ImageWebP, _ => MediaType.ImageJpeg },
        Data = Convert.ToBase64String(photo.Bytes.Span),
    });

    /// <summary>Half of a surrogate pair cannot be sent as UTF-8.</summary>
    private static string Clean(string text) => text.Any(char.IsSurrogate)
        ? new string([.. text.Where((c, i) => !char.IsSurrogate(c) || (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) || (char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1])))])
        : text;

    internal static ModelAnswer Answer(Message message, string model)
    {
        var words = new List<string>();
        var calls = new List<ToolCall>();
        foreach (var block in message.Content)
        {
            // The first block is often thinking: chosen by type, never by place.
            if (block.TryPickText(out var text)) words.Add(text.Text);
            else if (block.TryPickToolUse(out var use)) calls.Add(new(use.ID, use.Name, JsonSerializer.SerializeToElement(use.Input)));
        }
        var said = string.Join("\n\n", words.Where(w => w.Trim().Length > 0)).Trim();
        var end = message.StopReason?.Raw() switch
        {
            "refusal" => ModelEnd.Refused,
            "max_tokens" or "model_context_window_exceeded" => ModelEnd.Cut,
            "tool_use" => calls.Count > 0 ? ModelEnd.Tools : ModelEnd.Unknown,
            "end_turn" or "stop_sequence" => calls.Count > 0 ? ModelEnd.Unknown : said.Length > 0 ? ModelEnd.Words : ModelEnd.Empty,
            _ => ModelEnd.Unknown,
        };
        return new(end, said, calls, JsonSerializer.SerializeToElement(message.Content), UsageOf(message.Usage, model));
    }

    private static ModelUsage UsageOf(Usage usage, string model)
    {
        var (read, written) = (usage.CacheReadInputTokens ?? 0, usage.CacheCreationInputTokens ?? 0);
        var hour = usage.CacheCreation?.Ephemeral1hInputTokens ?? 0;
        return new((int)usage.InputTokens, (int)read, (int)written, (int)usage.OutputTokens,
            ClaudePrices.MicroDollars(model, usage.InputTokens, read, Math.Max(0, written - hour), hour, usage.OutputTokens));
    }
}
