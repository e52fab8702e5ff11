using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Claude.Hostile;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Claude;

/// <summary>Which model is played: <c>seller</c>, <c>hostile</c> with a kind, or <c>script</c>.</summary>
internal sealed class ClaudeMode
{
    private readonly Lock _lock = new();
    private int _next;

    /// <summary><c>seller</c>, <c>hostile</c> or <c>script</c>.</summary>
    public string Mode { get; private set; } = "seller";

    /// <summary>The lie of <c>hostile</c>.</summary>
    public HostileLie Lie { get; private set; } = new("wrong-price");

    /// <summary>The answers of <c>script</c>.</summary>
    public IReadOnlyList<JsonObject> Responses { get; private set; } = [];

    /// <summary>How it is set now, as <c>GET /claude/_mode</c> shows it.</summary>
    public JsonObject Shown()
    {
        var shown = new JsonObject { ["mode"] = Mode };
        if (Mode == "hostile")
        {
            shown["kind"] = Lie.Kind;
            if (Lie.Variant is not null) shown["variant"] = Lie.Variant;
            shown["seed"] = Lie.Seed;
        }
        if (Mode == "script") (shown["responses"], shown["next"]) = (Responses.Count, Math.Min(_next, Responses.Count - 1));
        shown["modes"] = new JsonArray("seller", "hostile", "script");
        shown["kinds"] = new JsonArray([.. HostileLie.Kinds.Keys.Order(StringComparer.Ordinal).Select(k => JsonValue.Create(k))]);
        return shown;
    }

    /// <summary>Sets it; the reason when the wish makes no sense.</summary>
    public string? Set(JsonObject wish)
    {
        lock (_lock)
        {
            switch (wish.Text("mode"))
            {
                case "seller":
                    break;
                case "hostile":
                    var kind = wish.Text("kind");
                    if (kind is null || !HostileLie.Kinds.TryGetValue(kind, out var variants)) return $"kind is one of: {string.Join(", ", HostileLie.Kinds.Keys.Order(StringComparer.Ordinal))}";
                    var variant = wish.Text("variant");
                    if (variant is not null && !variants.Contains(variant)) return variants.Count == 0 ? $"{kind} has no variants" : $"variant of {kind} is one of: {string.Join(", ", variants)}";
                    var seed = wish.Whole("seed") ?? 1;
                    Lie = new(kind) { Variant = variant, Seed = seed, Ids = wish.Texts("ids"), Chance = new(seed) };
                    break;
                case "script":
                    var responses = wish.Objects("responses").Select(r => r.DeepClone().AsObject()).ToList();
                    if (responses.Count == 0) return "responses is a list of at least one message object";
                    (Responses, _next) = (responses, 0);
                    break;
                default:
                    return "mode is seller, hostile or script";
            }
            Mode = wish.Text("mode")!;
            return null;
        }
    }

    /// <summary>Back to the seller.</summary>
    public void Reset() { lock (_lock) { Mode = "seller"; Responses = []; _next = 0; Lie = new("wrong-price"); } }

    /// <summary>The next answer of the script; after the last one the last again.</summary>
    public JsonObject Next()
    {
        lock (_lock)
        {
            var response = Responses[Math.Min(_next, Responses.Count - 1)];
            if (_next < Responses.Count) _next++;
            return response.DeepClone().AsObject();
        }
    }
}
