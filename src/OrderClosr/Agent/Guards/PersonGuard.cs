using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>A program does not call itself a person (promise P18): whoever asks is told the truth, whatever the model would rather say.</summary>
public static class PersonGuard
{
    /// <summary>Says that it is a human being, or no robot.</summary>
    public static bool ClaimsToBeOne(string reply) => Claim.IsMatch(Folding.Fold(reply.Replace('\n', '.')));

    // Folded text: no accents, no apostrophes, ة is ه, hamzas are gone. "Une personne peut vous répondre" claims nothing.
    private static readonly Regex Claim = new("""
        \bje\ssuis\s(?:bien\s|vraiment\s)?(?:humaine?\b|(?:une?\s)(?:vraie?\s|veritable\s)?(?:humaine?|personne|etre\shumain|homme|femme|employee?|vendeu(?:r|se))\b)
        |\b(?:pas|ni)\s(?:a\s|avec\s)?(?:une?\s)?(?:robot|bot|chatbot)\b|\bsuis\spas\s(?:une?\s)?(?:machine|programme|ia|intelligence\sartificielle)\b
        |\b(?:machi|mouch|mech|mish|manich|maniche)\s(?:un\s)?(?:robot|bot|chatbot|programme|machine)\b|\b(?:ana|rani)\s(?:bnadem|benadem|insan|wa7da?\s7a9i9iy?a?|humaine?)\b
        |(?<!\p{L})(?:ماشي|مانيش|ماني|لست|مش|موش|ليس)\s(?:ب)?(?:روبو|بوت|اله(?!\p{L})|برنامج|انسان\sالي)|(?<!\p{L})(?:انا|راني)\s(?:انسان(?!\sالي)|بنادم|بشر|شخص\sحقيقي|موظف|بن\sادم|ولد\sادم)
        |\bi\s?a?m\s(?:a\s)?(?:human|real\sperson)\b|\bnot\sa\s(?:ro)?bot\b
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant);
}
