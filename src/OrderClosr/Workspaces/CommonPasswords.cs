using System.Text;

namespace OrderClosr.Workspaces;

/// <summary>The passwords that guessing starts with: those that leak most often, and by rules what people make of a word: a tail of digits and signs,
/// look-alike signs for letters, two words in a row, a walk over the keyboard, a short piece repeated, a number.</summary>
/// <remarks><c>common-passwords.txt</c> is a ranking of leaked passwords (its licence stands beside it): more than the 3000 most common of ASVS 6.2.4 are refused
/// as they stand. It knows little of Algeria; <c>common-words.txt</c> is ours and does.</remarks>
internal static class CommonPasswords
{
    internal static bool Contains(string password)
    {
        var core = Core(password);
        if (core.Length == 0) return true; // digits and signs alone: a number people remember is a number people guess
        var letters = new string([.. core.Where(char.IsLetter)]);
        return Leaked.Contains(password.ToLowerInvariant()) || Words.Contains(core) || Words.Contains(letters) && password.Length - letters.Length <= 6 || IsRepeated(core) || IsWalk(password.ToLowerInvariant()) || IsPair(letters, password.Length);
    }

    /// <summary>Lower case, look-alike signs as letters, digits and signs at both ends cut off.</summary>
    internal static string Core(string password)
    {
        var lower = password.ToLowerInvariant().Trim(Tail);
        var core = new StringBuilder(lower.Length);
        foreach (var c in lower)
            core.Append(c switch { '0' => 'o', '1' => 'i', '3' => 'e', '4' => 'a', '5' => 's', '7' => 't', '@' => 'a', '$' => 's', '!' => 'i', _ => c });
        return core.ToString();
    }

    private static bool IsPair(string letters, int length)
    {
        if (length - letters.Length > 4) return false;
        for (var i = 3; i <= letters.Length - 2; i++)
            if (Ours.Contains(letters[..i]) && Ours.Contains(letters[i..])) return true;
        return false;
    }

    private static bool IsRepeated(string text)
    {
        for (var size = 1; size <= Math.Min(4, text.Length / 2); size++)
            if (text.Length % size == 0 && text == string.Concat(Enumerable.Repeat(text[..size], text.Length / size))) return true;
        return false;
    }

    private static bool IsWalk(string text)
    {
        var steps = 0;
        for (var i = 1; i < text.Length; i++)
            if (Walks.Any(w => w.Contains(text.Substring(i - 1, 2), StringComparison.Ordinal))) steps++;
        return steps >= text.Length - 2;
    }

    private static readonly char[] Tail = [.. "0123456789!@#$%^&*()_-+=.,?~ "];

    private static readonly string[] Walks =
    [
        "qwertyuiop", "poiuytrewq", "asdfghjkl", "lkjhgfdsa", "zxcvbnm", "mnbvcxz", "azertyuiop", "poiuytreza", "qsdfghjklm", "mlkjhgfdsq", "wxcvbn", "nbvcxw",
        "01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p", "aqwzsxedcrfvtgbyhnujik", "q1w2e3r4t5y6u7i8o9p0", "a1z2e3r4t5y6u7i8o9p0",
    ];

    /// <summary>Of the ranking, words as common as these are also refused with a tail; further down are too many, and hardly anybody tries them so.</summary>
    private const int CommonAsWords = 10_000;

    private const int ShortestWord = 4;

    private static readonly HashSet<string> Leaked = new(StringComparer.Ordinal), Ours = new(StringComparer.Ordinal), Words = new(StringComparer.Ordinal);

    static CommonPasswords()
    {
        foreach (var line in Lines("common-words.txt"))
            if (!line.StartsWith('#')) Ours.UnionWith(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Words.UnionWith(Ours);
        var rank = 0;
        foreach (var password in Lines("common-passwords.txt"))
        {
            if (password.Length >= PasswordRules.Shortest) Leaked.Add(password);
            if (rank++ < CommonAsWords && password.Length >= ShortestWord && password.All(char.IsLetter)) Words.Add(password);
        }
    }

    internal static IEnumerable<string> Lines(string file)
    {
        using var lines = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream(file)!);
        while (lines.ReadLine() is { } line) yield return line;
    }
}
