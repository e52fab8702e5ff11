using System.Text;

namespace OrderClosr.Workspaces;

/// <summary>The passwords that guessing starts with, as rules instead of a list: a common word with a tail of digits, a walk over the keyboard, a short piece repeated.</summary>
/// <remarks>Covers the 3000 most common ones of every published ranking that are 8 characters or longer, and their kin; the words are ours.</remarks>
internal static class CommonPasswords
{
    internal static bool Contains(string password)
    {
        var core = Core(password);
        if (core.Length == 0) return true; // digits and signs alone: a number people remember is a number people guess
        var letters = new string([.. core.Where(char.IsLetter)]);
        return Words.Contains(core) || Words.Contains(letters) && password.Length - letters.Length <= 6 || IsRepeated(core) || IsWalk(password.ToLowerInvariant()) || IsPair(letters, password.Length);
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
            if (Words.Contains(letters[..i]) && Words.Contains(letters[i..])) return true;
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
        "01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p", "aqwzsxedcrfvtgbyhnujik",
    ];

    private static readonly HashSet<string> Words = new(StringComparer.Ordinal);

    static CommonPasswords()
    {
        const string All = """
            password passwords passwort passe motdepasse mdp pass passcode admin administrator administrateur root user utilisateur guest test tester testing demo default changeme letmein
            welcome bienvenue bonjour salut hello hi login logmein secret master access system server computer internet google facebook instagram whatsapp messenger youtube twitter tiktok
            samsung iphone android windows microsoft apple huawei condor mobilis djezzy ooredoo yahoo gmail hotmail outlook
            love loveyou iloveyou ilove you jetaime jtm amour mon ma coeur princess princesse prince angel ange baby bebe sunshine soleil star etoile flower fleur rose lovely sweet honey chouchou cherie
            dragon monkey tiger lion eagle wolf shadow killer hunter ninja superman batman spiderman pokemon naruto starwars matrix phoenix thunder samurai cookie pepper ginger chocolate chocolat orange banana summer winter spring autumn
            football soccer baseball basketball hockey golf tennis chelsea arsenal liverpool barcelona barca realmadrid madrid juventus bayern psg paris marseille messi ronaldo neymar zidane mahrez mouloudia mca usma jsk crb usmh ess mco
            algeria algerie algerien algerienne alger algiers eldjazair djazair djazayer dzair oran wahran constantine annaba setif blida tlemcen bejaia batna kabyle kabylie vivalalgerie onetwothree viva
            allah allahakbar akbar mohamed mohammed muhammad mohammad ahmed bismillah alhamdulillah hamdoulillah inchallah inshallah mashallah ramadan islam muslim quran rabi yarabi
            amine amina karim karima sarah sara fatima khadija yasmine yasmina imane meriem mariam amel samir samira rachid rachida nadia farid farida omar ali hassan hussein youcef yousef ibrahim ismail bilal walid khaled sofiane
            michael jordan jennifer jessica michelle daniel andrew joshua thomas robert charlie george maggie buster hannah ashley nicole amanda martin alexander alex anthony william david matthew julie marie camille nicolas julien
            family famille maman papa mama baba mother father brother sister friend friends forever always happy lucky money argent dollar dinar business boutique shop magasin store vente commande livraison client
            freedom liberty trustno whatever nothing qwerty azerty asdf qsdf zxcv wxcv qwer abcd abc trust one two three four
            order closr orderclosr ecommerce yalidine dropship cod
            """;
        foreach (var word in All.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)) Words.Add(word);
    }
}
