using System.Text;
using System.Text.RegularExpressions;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.House;

/// <summary>The app's source text without its comments, for rules that only the text can tell.</summary>
internal static class Sources
{
    /// <summary>C# and Razor files of the app.</summary>
    internal static IReadOnlyList<(string Path, string Text)> App { get; } =
        [.. Repository.Files("src/OrderClosr", ".cs", ".razor").Select(f => (f.Path["src/OrderClosr/".Length..], WithoutComments(f.Text)))];

    /// <summary>Every place where a pattern stands, as "path:line: text", in files the rule does not exempt.</summary>
    internal static List<string> Find(string pattern, Func<string, bool>? exempt = null, RegexOptions options = RegexOptions.None) =>
    [
        .. App.Where(f => exempt?.Invoke(f.Path) != true).SelectMany(f => Regex.Matches(f.Text, pattern, options | RegexOptions.Multiline)
            .Select(m => $"{f.Path}:{f.Text.AsSpan(0, m.Index).Count('\n') + 1}: {m.Value.Trim()}")),
    ];

    internal static bool In(string path, params string[] places) => places.Any(p => p.EndsWith('/') ? path.StartsWith(p, StringComparison.Ordinal) : path == p);

    /// <summary>Comments become spaces; strings stay as they are.</summary>
    internal static string WithoutComments(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (StartsAt("//") && (i == 0 || text[i - 1] != ':')) Skip(end => end is '\n', keepEnd: true);
            else if (StartsAt("/*") || StartsAt("@*"))
            {
                var close = StartsAt("/*") ? "*/" : "*@";
                var end = text.IndexOf(close, i + 2, StringComparison.Ordinal);
                end = end < 0 ? text.Length : end + 2;
                plain.Append('\n', text.AsSpan(i, end - i).Count('\n'));
                i = end - 1;
            }
            else if (StartsAt("\"\"\"")) CopyTo("\"\"\"");
            else if (text[i] == '"' && (i == 0 || text[i - 1] != '\'')) CopyString(isVerbatim: i > 0 && (text[i - 1] == '@' || (i > 1 && text[i - 1] == '$' && text[i - 2] == '@')));
            else plain.Append(text[i]);

            bool StartsAt(string what) => string.CompareOrdinal(text, i, what, 0, what.Length) == 0;

            void Skip(Func<char, bool> isEnd, bool keepEnd)
            {
                while (i < text.Length && !isEnd(text[i])) i++;
                if (keepEnd && i < text.Length) plain.Append(text[i]);
            }

            void CopyTo(string close)
            {
                var end = text.IndexOf(close, i + close.Length, StringComparison.Ordinal);
                end = end < 0 ? text.Length : end + close.Length;
                plain.Append(text, i, end - i);
                i = end - 1;
            }

            void CopyString(bool isVerbatim)
            {
                plain.Append(text[i++]);
                while (i < text.Length && text[i] != '"' && (isVerbatim || text[i] != '\n'))
                {
                    if (text[i] == '\\' && !isVerbatim && i + 1 < text.Length) plain.Append(text[i++]);
                    plain.Append(text[i++]);
                }
                if (i < text.Length) plain.Append(text[i]);
            }
        }
        return plain.ToString();
    }

    /// <summary>Fails with the rule, its reason and the places, when there are any.</summary>
    internal static void None(IReadOnlyCollection<string> places, string rule, string reason) =>
        Assert.True(places.Count == 0, $"Rule: {rule}\nWhy:  {reason}\n{string.Join('\n', places.Take(30))}");
}
