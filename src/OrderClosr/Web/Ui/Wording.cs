using System.Text;

namespace OrderClosr.Web.Ui;

/// <summary>Small turns of writing that many pages need.</summary>
public static class Wording
{
    /// <summary>An enum's value as the contract and the stylesheets spell it: <c>OrderState.ToConfirm</c> → <c>to_confirm</c>.</summary>
    public static string Word(this Enum value)
    {
        var name = value.ToString();
        var word = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i])) word.Append('_');
            word.Append(char.ToLowerInvariant(name[i]));
        }
        return word.ToString();
    }

    /// <summary>Up to two letters for an avatar: first letters of the first two words.</summary>
    public static string Initials(string? name)
    {
        var words = (name ?? "").Split([' ', '.', '_', '-', '@'], StringSplitOptions.RemoveEmptyEntries);
        var letters = words.Select(w => w.EnumerateRunes().FirstOrDefault(Rune.IsLetterOrDigit)).Where(r => r.Value != 0).Take(2).Select(r => Rune.ToUpperInvariant(r).ToString());
        var text = string.Concat(letters);
        return text.Length == 0 ? "?" : text;
    }

    /// <summary>A colour that stays the same for the same name.</summary>
    public static string Tone(string? name)
    {
        var sum = 0;
        foreach (var c in name ?? "") sum = (sum * 31 + c) & 0xFFFF;
        return Tones[sum % Tones.Length];
    }

    /// <summary><c>ar</c> when the text is mostly Arabic letters, so that it gets the right font and line height; else null.</summary>
    public static string? Script(string? text)
    {
        int arabic = 0, others = 0;
        foreach (var c in text ?? "")
        {
            if (c is >= '\u0600' and <= '\u06FF' or >= '\u0750' and <= '\u077F' or >= '\uFB50' and <= '\uFEFC') arabic++;
            else if (char.IsLetter(c)) others++;
        }
        return arabic > others ? "ar" : null;
    }

    private static readonly string[] Tones = ["orange", "plum", "teal", "nila", "blue", "green", "olive", "amber", "red"];
}
