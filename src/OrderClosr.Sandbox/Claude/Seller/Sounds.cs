using System.Text;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>French names in Arabic letters: both become the consonants one hears, so that "بلايد" finds "Plaid".</summary>
internal static class Sounds
{
    private const int FewestConsonants = 3;

    /// <summary>Is the first, in Arabic letters, how one writes the second, in Latin ones, by ear?</summary>
    /// <param name="said">Folded; the article and other glued letters are tried without.</param>
    /// <param name="name">Folded word of a product's name.</param>
    public static bool Alike(string said, string name) =>
        said.Length >= 4 && said[0] is >= '\u0600' and <= '\u06FF' && Heard(name) is { Length: >= FewestConsonants } wanted && Lexicon.Bare(said).Any(bare => Heard(bare) == wanted);

    private static string Heard(string word)
    {
        var sounds = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            var next = i + 1 < word.Length ? word[i + 1] : ' ';
            var sound = word[i] switch
            {
                'c' or 's' when next == 'h' => 'x',
                'p' when next == 'h' => 'f',
                'c' when next is 'e' or 'i' or 'y' => 's',
                'g' when next is 'e' or 'i' or 'y' => 'j',
                'b' or 'p' or 'ب' or 'پ' => 'b',
                'd' or 'د' or 'ذ' or 'ض' or 'ظ' => 'd',
                't' or 'ت' or 'ث' or 'ط' => 't',
                'f' or 'v' or 'ف' => 'f',
                'c' or 'k' or 'q' or 'g' or 'ك' or 'ق' or 'غ' or 'خ' => 'k',
                's' or 'z' or 'x' or 'س' or 'ص' or 'ز' => 's',
                'j' or 'ج' => 'j',
                'ش' => 'x',
                'l' or 'ل' => 'l',
                'm' or 'م' => 'm',
                'n' or 'ن' => 'n',
                'r' or 'ر' => 'r',
                _ => ' ', // vowels, and what French has no letter for
            };
            if (sound == ' ' || (sounds.Length > 0 && sounds[^1] == sound && i > 0 && word[i - 1] == word[i])) continue;
            sounds.Append(sound);
            if (sound is 'x' or 'f' && next == 'h') i++;
        }
        return sounds.ToString().TrimEnd('s');
    }
}
