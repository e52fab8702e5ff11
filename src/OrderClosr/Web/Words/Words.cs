using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web;

/// <summary>Every sentence a person reads on our pages, in French (the neutral language) and Arabic.</summary>
/// <remarks>
/// One pair of files per room: <c>Web/Words/Orders.resx</c> and <c>Orders.ar.resx</c>. The part before the first dot of a key names
/// the file, the rest is the name inside it: <c>Words["orders.title"]</c> is <c>title</c> of <c>Orders.resx</c>. Phrase without plurals:
/// "Commandes : 3" needs no rule of grammar in either language. A missing key shows itself as <c>[orders.title]</c> and fails a test.
/// </remarks>
public sealed partial class Words(HtmlEncoder html)
{
    private static readonly Assembly Ours = typeof(Words).Assembly;

    private static readonly Dictionary<string, ResourceManager> Rooms = Ours.GetManifestResourceNames()
        .Select(name => RoomOf().Match(name)).Where(match => match.Success)
        .ToDictionary(match => match.Groups[1].Value.ToLowerInvariant(), match => new ResourceManager($"OrderClosr.Web.Words.{match.Groups[1].Value}", Ours));

    /// <summary>The rooms that have words.</summary>
    public static IReadOnlyCollection<string> RoomsWithWords => Rooms.Keys;

    /// <summary>All keys of a room in one language, for the test that both languages are complete.</summary>
    public static IReadOnlyDictionary<string, string> All(string room, CultureInfo language)
    {
        var set = Rooms[room].GetResourceSet(language, createIfNotExists: true, tryParents: false);
        return set is null ? new Dictionary<string, string>() : set.Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);
    }

    /// <summary>A sentence in the reader's language; <c>{0}</c> … are replaced by <paramref name="args"/>.</summary>
    public string this[string key, params ReadOnlySpan<object?> args]
    {
        get
        {
            var text = Find(key);
            if (text is null) return $"[{key}]";
            return args.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, args);
        }
    }

    /// <summary>Is there such a sentence?</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A sentence with its arguments each isolated by <c>&lt;bdi&gt;</c> and encoded: names, amounts and numbers keep their own direction.</summary>
    /// <example><c>@Words.Rich("controls.paused_by", name)</c> → <c>par &lt;bdi&gt;Sarah&lt;/bdi&gt;</c></example>
    public MarkupString Rich(string key, params ReadOnlySpan<object?> args)
    {
        var safe = new object[args.Length];
        for (var i = 0; i < args.Length; i++)
            safe[i] = args[i] is MarkupString markup ? markup.Value : $"<bdi>{html.Encode(Convert.ToString(args[i], CultureInfo.InvariantCulture) ?? "")}</bdi>";
        var text = html.Encode(Find(key) ?? $"[{key}]");
        return new(safe.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, safe));
    }

    /// <summary>What a refusal says to a person: the words <c>refusal.CODE</c> of any room, else its English sentence.</summary>
    public string Of(Refusal refusal)
    {
        foreach (var room in Rooms.Values)
            if (room.GetString($"refusal.{refusal.Code}", CultureInfo.CurrentUICulture) is { } text)
                return refusal.Suggestions is { Count: > 0 } some ? string.Format(CultureInfo.InvariantCulture, text, string.Join(" · ", some)) : text;
        return refusal.Words;
    }

    private static string? Find(string key)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && Rooms.TryGetValue(key[..dot], out var room) ? room.GetString(key[(dot + 1)..], CultureInfo.CurrentUICulture) : null;
    }

    [GeneratedRegex(@"^OrderClosr\.Web\.Words\.(\w+)\.resources$")]
    private static partial Regex RoomOf();
}
