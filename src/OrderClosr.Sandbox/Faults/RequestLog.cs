using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Faults;

/// <summary>One call as the vendor saw it. Status 0: nothing was answered.</summary>
public sealed record LoggedCall(DateTimeOffset At, string Method, string Path, int Status, string Body, string Answer, string? Fault);

/// <summary>What a vendor was asked and what it said, oldest first, bounded by count and size.</summary>
public sealed partial class RequestLog
{
    private const int MostCalls = 20_000, MostLetters = 64 * 1024 * 1024;
    private readonly Queue<LoggedCall> _calls = new();
    private readonly Lock _lock = new();
    private long _letters;

    /// <summary>A copy of the log.</summary>
    public IReadOnlyList<LoggedCall> Items { get { lock (_lock) return [.. _calls]; } }

    /// <summary>Adds one call; the oldest go when there are too many.</summary>
    public void Add(LoggedCall call)
    {
        lock (_lock)
        {
            _calls.Enqueue(call);
            _letters += call.Body.Length + call.Answer.Length;
            while (_calls.Count > MostCalls || _letters > MostLetters)
            {
                var old = _calls.Dequeue();
                _letters -= old.Body.Length + old.Answer.Length;
            }
        }
    }

    /// <summary>Empties the log.</summary>
    public void Clear() { lock (_lock) { _calls.Clear(); _letters = 0; } }

    /// <summary>Takes tokens, keys and passwords out of a path or body, by the names they travel under.</summary>
    public static string WithoutSecrets(string text) => InJson().Replace(InForm().Replace(text, "$1=…"), "\"$1\":\"…\"");

    private const string Names = "access_token|refresh_token|id_token|client_secret|api_token|api_key|apikey|token|user_guid|input_token|fb_exchange_token|assertion|appsecret_proof|password|pin|hub\\.verify_token|private_key";

    [GeneratedRegex($"(?<![\\w.-])({Names})=[^&\\s\"]*", RegexOptions.IgnoreCase)]
    private static partial Regex InForm();

    [GeneratedRegex($"\"({Names})\"\\s*:\\s*\"(?:[^\"\\\\]|\\\\.)*\"", RegexOptions.IgnoreCase)]
    private static partial Regex InJson();
}
