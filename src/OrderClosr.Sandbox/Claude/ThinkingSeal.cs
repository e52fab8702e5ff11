using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Claude;

/// <summary>
/// Signs thinking blocks and checks those sent back: bound to the account, to everything before them, to their own words
/// and to the thinking before them. Leaving out all earlier thinking is allowed, leaving one out of the middle is not (facts: claude.md section 2.6).
/// </summary>
internal static class ThinkingSeal
{
    private static readonly byte[] Key = "invented-thinking-seal-0001"u8.ToArray();

    /// <summary>The signature of a thinking block that answers this request.</summary>
    public static string Sign(JsonObject request, string owner, string thinking) =>
        Seal(owner, Before(request, request.Objects("messages").Count(), 0), LastSeal(request), thinking);

    /// <summary>The first thinking block that does not belong where it stands; null when all do. Another account's blocks count as absent.</summary>
    public static string? Check(JsonObject request, string owner)
    {
        var messages = request.Objects("messages").ToList();
        var earlier = "";
        for (var m = 0; m < messages.Count; m++)
        {
            var blocks = ClaudeWire.Blocks(messages[m]["content"]);
            for (var b = 0; b < blocks.Count; b++)
            {
                if (blocks[b].Text("type") != "thinking") continue;
                var parts = (blocks[b].Text("signature") ?? "").Split('.');
                if (parts.Length != 3) return $"messages.{m}.content.{b}: Invalid `signature` in `thinking` block";
                if (parts[0] != Short(owner)) continue;
                var words = blocks[b].Text("thinking") ?? "";
                var here = Before(request, m, b);
                var signature = blocks[b].Text("signature")!;
                if (signature != Seal(owner, here, parts[1], words)) return $"messages.{m}.content.{b}: `thinking` block does not match its signature: the block or the conversation before it was changed. Send the conversation unmodified or remove the thinking blocks.";
                if (earlier.Length > 0 && parts[1] != Short(earlier)) return $"messages.{m}.content.{b}: a `thinking` block before this one is missing. Remove all earlier thinking blocks or none.";
                earlier = signature;
            }
        }
        return null;
    }

    private static string Seal(string owner, string before, string previous, string thinking)
    {
        var link = previous.Length is 0 or 16 ? previous : Short(previous);
        return $"{Short(owner)}.{link}.{Convert.ToHexString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{owner}\n{before}\n{link}\n{thinking}")))}";
    }

    private static string LastSeal(JsonObject request) => request.Objects("messages").SelectMany(m => ClaudeWire.Blocks(m["content"]))
        .LastOrDefault(b => b.Text("type") == "thinking")?.Text("signature") ?? "";

    /// <summary>Hash of tools, system and messages before a block, thinking left out: it has its own chain.</summary>
    private static string Before(JsonObject request, int message, int block)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in request.Objects("tools").Concat(ClaudeWire.Blocks(request["system"]))) Put("", part);
        var messages = request.Objects("messages").ToList();
        for (var m = 0; m <= message && m < messages.Count; m++)
        {
            var blocks = ClaudeWire.Blocks(messages[m]["content"]);
            foreach (var part in blocks.Take(m == message ? block : blocks.Count).Where(b => b.Text("type") is not ("thinking" or "redacted_thinking")))
                Put(messages[m].Text("role") ?? "", part);
        }
        return Convert.ToHexString(hash.GetHashAndReset());

        void Put(string role, JsonObject part)
        {
            var bare = part.DeepClone().AsObject();
            bare.Remove("cache_control");
            hash.AppendData(Encoding.UTF8.GetBytes(role + bare.ToJsonString(ClaudeWire.Json)));
        }
    }

    private static string Short(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
