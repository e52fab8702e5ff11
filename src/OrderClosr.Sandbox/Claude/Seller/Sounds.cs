using System.Text;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>French names in Arabic letters: the consonants one hears, and vowels only where the French word has one, so that "بلايد" finds "Plaid" and "بلدية" does not.</summary>
internal static class Sounds
{
    private const int FewestConsonants = 3;

    /// <summary>Is the first, in Arabic letters, how one writes the second, in Latin ones, by ear?</summary>
    /// <param name="said">Folded; the article and other glued letters are tried without.</param>
    /// <param name="name">Folded word of a product's name.</param>
    public static bool Alike(string said, string name)
    {
        if (said.Length < 4 || said[0] is < '\u0600' or > '\u06FF') return false;
        var (wanted, vowels) = Heard(name);
        return wanted.Length >= FewestConsonants && Lexicon.Bare(said).Any(bare => Heard(bare) is var (consonants, written) && consonants == wanted && !written.Where((hasVowel, i) => hasVowel && !vowels[i]).Any());
    }

    // Arabic letters write the long vowels only, French ones all: a place counts when a vowel stands before the consonant of that number, the last one behind them all.
    private static (string Consonants, List<bool> Vowels) Heard(string word)
    {
        var sounds = new StringBuilder(word.Length);
        var vowels = new List<bool> { false };
        for (var i = 0; i < word.Length; i++)
        {
            var next = i + 1 < word.Length ? word[i + 1] : ' ';
            var sound = Of(word[i], next);
            if (sound == ' ')
            {
                vowels[^1] |= word[i] is 'a' or 'e' or 'i' or 'o' or 'u' or 'y' or 'w' or 'ا' or 'و' or 'ي' or 'ه';
                continue;
            }
            if (i > 0 && word[i - 1] == word[i] && sounds.Length > 0) continue; // doubled
            sounds.Append(sound);
            vowels.Add(false);
            if (next == 'h' && sound is 'x' or 'f') i++;
        }
        // The French plural is written and not heard.
        if (sounds.Length > 0 && sounds[^1] == 's')
        {
            sounds.Length--;
            vowels.RemoveAt(vowels.Count - 1);
        }
        return (sounds.ToString(), vowels);
    }

    private static char Of(char letter, char next) => letter switch
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
        _ => ' ',
    };
}
