using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Claude;

/// <summary>One block of the prompt in the order the cache sees it: tools, system, messages.</summary>
/// <param name="Section"><c>tools</c>, <c>system</c> or <c>messages</c>.</param>
/// <param name="Prefix">Hash of everything up to and including this block.</param>
/// <param name="Tokens">Tokens up to and including this block.</param>
/// <param name="Keep">How long a breakpoint here keeps the prefix; null where none is set.</param>
internal sealed record PromptBlock(string Section, string Prefix, int Tokens, TimeSpan? Keep);

/// <summary>A prompt cut into blocks with the hash of each prefix.</summary>
internal sealed class Prompt
{
    private const int ImageTokens = 1521; // a photo of about 1092 pixels, the size callers are told to send
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(5), Long = TimeSpan.FromHours(1);

    /// <summary>The blocks, first to last.</summary>
    public IReadOnlyList<PromptBlock> Blocks { get; }

    /// <summary>Tokens of all.</summary>
    public int Tokens => Blocks.Count == 0 ? 0 : Blocks[^1].Tokens;

    /// <summary>Cuts a request; <paramref name="owner"/> is the account whose cache it is.</summary>
    public Prompt(JsonObject request, string owner, double factor = 1)
    {
        var blocks = new List<PromptBlock>();
        var tokens = 0;
        var hash = Hash(owner, request.Text("model") ?? "");
        foreach (var tool in request.Objects("tools")) Add("tools", "", tool);
        foreach (var block in ClaudeWire.Blocks(request["system"])) Add("system", "", block);
        // These change what the model reads before the messages, so they cost the messages' part of the cache.
        hash = Hash(hash, $"{request["tool_choice"]?.ToJsonString()}|{request["thinking"]?.ToJsonString()}|{request["output_config"].Text("effort")}|{HasImages(request)}");
        foreach (var message in request.Objects("messages"))
            foreach (var block in ClaudeWire.Blocks(message["content"])) Add("messages", message.Text("role") ?? "", block);
        if (request["cache_control"] is { } automatic && blocks.Count > 0) blocks[^1] = blocks[^1] with { Keep = KeepOf(automatic) };
        Blocks = blocks;

        void Add(string section, string role, JsonObject block)
        {
            var mark = block["cache_control"];
            var bare = block.DeepClone().AsObject();
            bare.Remove("cache_control");
            var text = bare.ToJsonString(ClaudeWire.Json);
            hash = Hash(hash, role + text);
            tokens += block.Text("type") == "image" ? ImageTokens : ClaudeWire.Tokens(text, factor);
            blocks.Add(new(section, hash, tokens, mark is null ? null : KeepOf(mark)));
        }
    }

    private static TimeSpan KeepOf(JsonNode mark) => mark.Text("ttl") == "1h" ? Long : Short;

    private static bool HasImages(JsonObject request) =>
        request.Objects("messages").Any(m => ClaudeWire.Blocks(m["content"]).Any(b => b.Text("type") == "image"));

    private static string Hash(string before, string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(before + "\n" + text)));
}

/// <summary>Prompt tokens of one call, as <c>usage</c> splits them.</summary>
internal sealed record PromptUse(int Input, int Read, int Written5M, int Written1H);

/// <summary>Prefixes that earlier calls wrote, per account, with their time to live (facts: claude.md section 2.4).</summary>
internal sealed class PromptCache(TimeProvider time)
{
    private const int Lookback = 20, MostKept = 20_000;
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, TimeSpan Keep)> _kept = new(StringComparer.Ordinal);

    /// <summary>Forgets every prefix.</summary>
    public void Clear() => _kept.Clear();

    /// <summary>What this prompt reads and writes; its own prefixes are kept from now on.</summary>
    public PromptUse Use(Prompt prompt, int minimum)
    {
        var now = time.GetUtcNow();
        var blocks = prompt.Blocks;
        var marks = Enumerable.Range(0, blocks.Count).Where(i => blocks[i].Keep is not null && blocks[i].Tokens >= minimum).ToList();
        if (marks.Count == 0) return new(prompt.Tokens, 0, 0, 0);

        var hit = -1;
        foreach (var mark in marks)
            for (var i = mark; i >= 0 && i > mark - Lookback; i--)
                if (i > hit && _kept.TryGetValue(blocks[i].Prefix, out var entry) && entry.Until > now) { hit = i; break; }
        if (hit >= 0 && _kept.TryGetValue(blocks[hit].Prefix, out var used)) _kept[blocks[hit].Prefix] = (now + used.Keep, used.Keep);

        var read = hit < 0 ? 0 : blocks[hit].Tokens;
        var (written5M, written1H, reached) = (0, 0, read);
        foreach (var mark in marks)
        {
            var keep = blocks[mark].Keep!.Value;
            var fresh = Math.Max(0, blocks[mark].Tokens - reached);
            if (keep > TimeSpan.FromMinutes(5)) written1H += fresh;
            else written5M += fresh;
            reached = Math.Max(reached, blocks[mark].Tokens);
            _kept[blocks[mark].Prefix] = (now + keep, keep);
        }
        if (_kept.Count > MostKept)
            foreach (var (key, entry) in _kept)
                if (entry.Until <= now) _kept.TryRemove(key, out _);
        return new(prompt.Tokens - reached, read, written5M, written1H);
    }
}
