using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>What can be sold of one variant, as the server told the model in this conversation.</summary>
public sealed record KnownVariant(string Product, string Variant, bool Available);

/// <summary>Nobody is told that something is there when it is out.</summary>
/// <remarks>It reads what is said of each option by itself and stays silent where it cannot tell which product is meant: a lie that it misses is met again by <c>save_order</c>, which refuses what is out.</remarks>
public static partial class StockGuard
{
    /// <summary>What the reply calls available although it is out.</summary>
    /// <example><c>"Disponible en M et XL"</c> with XL out → XL; <c>"XL n'est plus disponible, M et L oui"</c> → nothing.</example>
    /// <param name="asked">The customer's unanswered words: "dispo en XL?" gives a bare "oui, disponible" its meaning.</param>
    /// <param name="heard">What the customer wrote before, oldest first: it may say of which product they talk.</param>
    public static IReadOnlyList<string> Unsupported(string reply, string asked, IReadOnlyList<KnownVariant> known, IReadOnlyList<string>? heard = null)
    {
        var goods = Goods([$"{reply} {asked}", .. (heard ?? []).Reverse()], known);
        var (wish, wished) = (Folding.Fold(asked), Named(asked, goods.Variants));
        var asksStock = Available.IsMatch(wish) || Wants.IsMatch(wish) || (asked.TrimEnd().EndsWith('?') && Folding.Words(asked).Count <= 2);
        var sentences = Sentences().Split(reply).Select(s => Claims(s, goods.Variants, asksStock)).ToList();
        var gone = sentences.SelectMany(s => s).Where(c => c.Is == Word.Gone && c.NamesOptions).ToList();
        // Only a question about one thing gives a bare "yes" its meaning; and not when the reply says beside it that something is out.
        var isClear = wished.All(d => d.Count <= 1) && (wished.Exists(d => d.Count > 0) || goods.IsOne) && !sentences.Exists(s => s.Exists(c => c.Is == Word.Gone));
        var wrong = new List<KnownVariant>();
        foreach (var claims in sentences)
        {
            foreach (var claim in claims.Where(c => c.Is == Word.There))
            {
                if (Everything.IsMatch(claim.Folded) && !Elsewhere.IsMatch(claim.Folded))
                    wrong.AddRange(NotAll(claim, wished, goods.Variants).Where(v => !gone.Exists(g => Fits(v, g.Options, except: -1))));
                // "L dispo ?" "Oui, en rouge": the red one in L.
                else if (claim.NamesOptions) wrong.AddRange(Out(isClear ? [.. claim.Options.Zip(wished, (said, meant) => said.Count > 0 ? said : meant)] : claim.Options, goods.Variants));
                else if (Available.IsMatch(claim.Folded) && NamesProduct(Folding.Words(claim.Folded).ToHashSet(), goods.Variants)) wrong.AddRange(Out([], goods.Variants));
            }
            // "Oui, disponible !" names nothing itself: it speaks of what was asked for.
            var says = string.Join(' ', claims.Select(c => c.Folded));
            if (isClear && claims is [{ Is: Word.There }, ..] && !claims.Exists(c => c.NamesOptions) && !Elsewhere.IsMatch(says) && !NamesProduct(Folding.Words(says).ToHashSet(), goods.Variants))
                wrong.AddRange(Out(wished, goods.Variants));
        }
        return [.. wrong.Select(v => $"{v.Product} {v.Variant}".Trim()).Distinct()];
    }

    /// <summary>The variants of a product that have every option a text names; all of them where it names none.</summary>
    internal static IReadOnlyList<KnownVariant> Meant(string text, IReadOnlyList<KnownVariant> variants)
    {
        var options = Named(text, variants);
        return [.. variants.Where(v => Fits(v, options, except: -1))];
    }

    internal static bool IsColour(string folded) => OtherWords.ContainsKey(folded);

    private enum Word { Nothing, There, Gone }

    /// <summary>A part of a sentence, the options it names by their place in a variant's label, and what it says of them.</summary>
    private sealed record Claim(string Folded, List<HashSet<string>> Options, Word Is)
    {
        internal bool NamesOptions => Options.Exists(d => d.Count > 0);
    }

    /// <summary>A sentence's parts at commas and "but"; a part without a word of its own goes on with what the part before it said.</summary>
    private static List<Claim> Claims(string sentence, IReadOnlyList<KnownVariant> variants, bool asksStock)
    {
        var claims = new List<Claim>();
        foreach (var part in Parts.Split(sentence).Where(p => p.Trim().Length > 0))
        {
            var (folded, options) = (Folding.Fold(part), Named(part, variants));
            var (there, gone) = Marks(folded, asksStock);
            if (there.Count == 0 && gone.Count == 0)
            {
                // "en M, L, XL": one list.
                if (claims is [.., { Is: not Word.Nothing } before]) claims[^1] = before with { Folded = $"{before.Folded} {folded}", Options = [.. before.Options.Zip(options, (a, b) => a.Union(b).ToHashSet())] };
                else claims.Add(new(folded, options, Word.Nothing));
                continue;
            }
            var begun = claims.Count;
            var namesOptions = options.Exists(d => d.Count > 0);
            if (there.Count > 0 && gone.Count > 0 && namesOptions)
            {
                // "M disponible et XL épuisé": each option belongs to the nearest word.
                var nearGone = options.SelectMany(d => d).Where(value => Places(folded, value).ToList() is { Count: > 0 } at && Nearest(at, gone) <= Nearest(at, there)).ToHashSet();
                claims.Add(new(folded, [.. options.Select(d => d.Except(nearGone).ToHashSet())], Word.There));
                claims.Add(new("", [.. options.Select(d => d.Intersect(nearGone).ToHashSet())], Word.Gone));
            }
            else
            {
                // "Oui, pas de souci" takes nothing back.
                var isGone = namesOptions ? gone.Count > 0 : gone.Exists(g => Stock().IsMatch(folded.AsSpan(g.At, g.Length)));
                var isThere = !isGone && there.Count > 0 && !Wondering().IsMatch(folded);
                var pieces = isThere ? Joined().Split(part).Select((p, i) => Named(i == 0 ? p : $"+ {p}", variants)).Where(o => o.Exists(d => d.Count > 0)).ToList() : [];
                // "M noir et XL rouge": two pairs, not four.
                if (pieces.Count > 1 && pieces.TrueForAll(o => o.Count(d => d.Count > 0) > 1)) claims.AddRange(pieces.Select(o => new Claim(folded, o, Word.There)));
                else claims.Add(new(folded, options, isGone ? Word.Gone : isThere ? Word.There : Word.Nothing));
            }
            // "M, L et XL sont disponibles": the list stands before the word.
            for (var i = begun - 1; i >= 0 && claims[i].Is == Word.Nothing; i--) claims[i] = claims[i] with { Is = claims[begun].Is };
        }
        return claims;
    }

    /// <summary>Where a part says "there" and "out". "Yes" says the first only when that was asked: "oui, votre robe M est en route" is about an order.</summary>
    private static (List<(int At, int Length)> There, List<(int At, int Length)> Gone) Marks(string folded, bool asksStock)
    {
        var gone = Negated.Matches(folded).Select(m => (m.Index, m.Length)).ToList();
        var rest = Negated.Replace(folded, m => new string(' ', m.Length));
        IEnumerable<Match> there = Available.Matches(rest);
        if (asksStock && !Ordered().IsMatch(rest)) there = there.Concat(Yes.Matches(rest));
        return ([.. there.Select(m => (m.Index, m.Length))], gone);
    }

    private static int Nearest(List<(int At, int Length)> places, List<(int At, int Length)> marks) => places.SelectMany(place => marks.Select(mark => Gap(place, mark))).Min();

    private static int Gap((int At, int Length) place, (int At, int Length) mark) => mark.At >= place.At ? mark.At - place.At - place.Length : place.At - mark.At - mark.Length;

    /// <summary>Options that are out: no variant with them, and with what else is named, is there.</summary>
    private static IEnumerable<KnownVariant> Out(List<HashSet<string>> options, IReadOnlyList<KnownVariant> variants)
    {
        if (options.TrueForAll(d => d.Count == 0)) return AllOut(variants);
        return options.SelectMany((values, d) => values.SelectMany(value => AllOut([.. variants.Where(v => Values(v).ElementAtOrDefault(d) == value && Fits(v, options, except: d))])));
    }

    private static IEnumerable<KnownVariant> AllOut(IReadOnlyList<KnownVariant> variants) => variants.All(v => !v.Available) ? variants : [];

    /// <summary>Of "all sizes" each needs one that is there; of "everything", or "all sizes and colours", nothing may be out.</summary>
    private static IEnumerable<KnownVariant> NotAll(Claim claim, List<HashSet<string>> wished, IReadOnlyList<KnownVariant> variants)
    {
        // "Kayen f noir?" "Ih, kamel les tailles": all sizes of the black one.
        var options = claim.NamesOptions ? claim.Options : wished;
        var (sizes, colours) = (Sizes().IsMatch(claim.Folded), Colours().IsMatch(claim.Folded));
        if (sizes == colours) return variants.Where(v => !v.Available && Fits(v, claim.Options, except: -1));
        var meant = variants.Where(v => Fits(v, options, except: -1)).ToList();
        return meant.SelectMany(v => Values(v).Select((value, d) => (v.Product, d, value))).Distinct()
            .SelectMany(all => AllOut([.. meant.Where(v => v.Product == all.Product && Values(v).ElementAtOrDefault(all.d) == all.value)]));
    }

    private static bool Fits(KnownVariant variant, List<HashSet<string>> options, int except)
    {
        var values = Values(variant);
        return options.Select((named, d) => d == except || named.Count == 0 || named.Contains(values.ElementAtOrDefault(d) ?? "")).All(fits => fits);
    }

    private static List<string> Values(KnownVariant variant) => [.. variant.Variant.Split(" / ").Select(Folding.Fold)];

    /// <summary>The variants of the products that the newest words name; of all, when none does.</summary>
    private static (IReadOnlyList<KnownVariant> Variants, bool IsOne) Goods(IEnumerable<string> newestFirst, IReadOnlyList<KnownVariant> known)
    {
        var products = known.Select(v => v.Product).Distinct().ToList();
        foreach (var words in newestFirst.Select(t => Folding.Words(t).ToHashSet()))
        {
            var named = products.Where(p => NamesProduct(words, p)).ToHashSet();
            // "La robe" is "Robe d'été" where no other product is called so.
            if (named.Count == 0) named = [.. words.Where(w => w.Length > 3).Select(w => products.Where(p => Folding.Words(p).Contains(w)).ToList()).Where(p => p.Count == 1).Select(p => p[0])];
            if (named.Count > 0) return ([.. known.Where(v => named.Contains(v.Product))], named.Count == 1);
        }
        return (known, products.Count == 1);
    }

    private static bool NamesProduct(HashSet<string> words, IReadOnlyList<KnownVariant> variants) => variants.Select(v => v.Product).Distinct().Any(p => NamesProduct(words, p));

    private static bool NamesProduct(HashSet<string> words, string product)
    {
        var own = Folding.Words(product).Where(w => w.Length > 2).ToList();
        return own.Count > 0 && own.Count(words.Contains) * 2 >= own.Count + (own.Count > 1 ? 1 : 0);
    }

    /// <summary>The values a text names, by their place in a variant's label.</summary>
    private static List<HashSet<string>> Named(string text, IReadOnlyList<KnownVariant> variants)
    {
        var all = variants.Select(Values).ToList();
        var folded = Folding.Fold(text);
        var named = new List<HashSet<string>>();
        for (var d = 0; d < (all.Count == 0 ? 0 : all.Max(v => v.Count)); d++)
        {
            var values = all.Select(v => v.ElementAtOrDefault(d)).OfType<string>().Where(v => v.Length > 0).Distinct().Where(v => Says(text, folded, v)).ToList();
            // "Bleu nuit" does not name "Bleu".
            named.Add([.. values.Where(v => !values.Exists(longer => longer.Length > v.Length && longer.StartsWith(v + " ", StringComparison.Ordinal)))]);
        }
        return named;
    }

    private static bool Says(string text, string folded, string value)
    {
        // "l wahran", "s'il", "m3a": a letter alone is a size only where it is written as one.
        if (value.Length == 1 && char.IsAsciiLetter(value[0]))
            return Letters().Matches(text).Any(m => m.Groups[1].Value.Equals(value, StringComparison.OrdinalIgnoreCase)) || Sized().Matches(folded).Any(m => m.Groups[1].Value == value);
        return Places(folded, value).Any(p => !value.All(char.IsAsciiDigit) || !Counted().IsMatch(folded[(p.At + p.Length)..]));
    }

    /// <summary>Where a folded text holds a value as a word of its own; "noires" is "Noir", and so is "كحلة".</summary>
    private static IEnumerable<(int At, int Length)> Places(string folded, string value)
    {
        for (var at = folded.IndexOf(value, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(value, at + 1, StringComparison.Ordinal))
        {
            var end = at + value.Length;
            while (end < folded.Length && char.IsLetter(folded[end]) && end - at - value.Length < 2 && value.Length > 3 && value.All(char.IsLetter)) end++;
            if ((at == 0 || !char.IsLetterOrDigit(folded[at - 1])) && (end == folded.Length || !char.IsLetterOrDigit(folded[end]))) yield return (at, end - at);
        }
        if (!OtherWords.TryGetValue(value, out var other)) yield break;
        foreach (Match match in Regex.Matches(folded, $@"(?<![\p{{L}}\d])(?:{other})(?![\p{{L}}\d])")) yield return (match.Index, match.Length);
    }

    /// <summary>The colours that shops name in French and customers in darja or Arabic.</summary>
    private static readonly Dictionary<string, string> OtherWords = new()
    {
        ["noir"] = "(?:ال|ل)?(?:اسود|سوداء|سودا|كحل|كحله|اكحل)|l?(?:ak7el|k7el|k7al|ka7la|ke7la|kahla|khal)", ["blanc"] = "blanches?|(?:ال|ل)?(?:ابيض|بيضاء|بيضا|بيض)|l?(?:byed|abyed|bida|bayda|beyda)",
        ["rouge"] = "(?:ال|ل)?(?:احمر|حمراء|حمرا|حمر)|l?(?:7mer|a7mer|7amra|hamra|7mar)", ["bleu"] = "(?:ال|ل)?(?:ازرق|زرقاء|زرقا|زرق)|l?(?:zre9|azre9|zar9a|zer9a)",
        ["vert"] = "(?:ال|ل)?(?:اخضر|خضراء|خضرا|خضر)|l?(?:khder|akhdar|khadra|5dar)", ["jaune"] = "(?:ال|ل)?(?:اصفر|صفراء|صفرا|صفر)|l?(?:sfer|asfar|safra)",
        ["gris"] = "grises?|(?:ال|ل)?(?:رمادي|رماديه|قري)|rmadi\\w*", ["rose"] = "(?:ال|ل)?(?:وردي|ورديه|روز)|wardi\\w*", ["marron"] = "(?:ال|ل)?(?:بني|بنيه|قهوي|مارون)|9ahwi\\w*", ["beige"] = "(?:ال|ل)?بيج",
    };

    [GeneratedRegex("[.!?؟]+")]
    private static partial Regex Sentences();

    private static readonly Regex Parts = new(@"[,،;؛\n]+|(?<!\p{L})(?:mais|par contre|bsah|bsa7|lakin|بصح|لكن|ولكن)(?!\p{L})|(?=(?<!\p{L})(?:sauf|hormis|excepté|à part|illa|إلا|الا|ماعدا|ما عدا)(?!\p{L}))", RegexOptions.IgnoreCase);

    [GeneratedRegex(@"\s(?:et|w|ou|and|wela|wla|ولا|أو)\s|\sو\s?", RegexOptions.IgnoreCase)]
    private static partial Regex Joined();

    // "L Wahran: 600 DA" begins with "to"; "L est disponible" with a size.
    [GeneratedRegex(@"(?<![\p{L}\d'’])(?!(?<=^\s*)L\s(?!(?:est|sont|oui|non|dispo|kay|maka|wela|wla|pas|plus|rah|maza)\p{L}*)\p{L}{3,})([A-Z])(?![\p{L}\d'’])")]
    private static partial Regex Letters();

    [GeneratedRegex(@"(?:tailles?|size|pointure|مقاس|قياس|الطاي)\s(?:l[ae]\s|el\s)?([a-z])(?![\p{L}\d])")]
    private static partial Regex Sized();

    // What makes a number no size: "42 wilayas", "42 000", "42 DA".
    [GeneratedRegex(@"^\s?(?:\d{3}\b|da\b|dzd|دج|دينار|jours?|j\b|h\b|ايام|ayam|wilaya|ولايه|%)")]
    private static partial Regex Counted();

    private static readonly Regex Available = new(@"\bdisponibles?\b|\bdispo\b|\ben stock\b|\b(?:il )?(?:en )?reste(?:nt)?\b|\b(?:il )?y en a\b|\bil y a\b|\b(?:nous|on)(?: les?| la)? l?avons\b|\bon (?:l|les |la )?a\b|متوفر|متاح|كاين|موجود|عندنا|يوجد|توجد|باقي|\bkay[ei]?n\w*|\bm[aoe]u?w?j[ou]+d|\bm[eo]?twaf+[ei]r|\bmotawafir|\b3[ae]?ndn?a\b|\b3andi\b|\bavailable\b|\bin stock\b");

    private static readonly Regex Yes = new(@"(?<!\p{L})(?:oui+|ouais|yes|ih|iih|eyh|wah|wi|na3am|bien sur|biensur|absolument|tout a fait|exactement|akid|akida|نعم|ايه|ايوه|واه|اكيد|طبعا|بالطبع|بالتاكيد)(?!\p{L})");

    private static readonly Regex Wants = new(@"\b(?:avez|vendez|reste|veux|voudrais|prends)\b|عندكم|عندك|(?<!\p{L})(?:نحب|حاب|حابه|بغيت|اريد)(?!\p{L})|\b3[ae]?ndk(?:om|oum)?\b|\b3andek\b|\bn[7h]eb\b|\bbghit\b");

    [GeneratedRegex(@"\bcommande|\bcolis\b|\bconfirm|\breserv|\bnote|\benregistr|\bexpedi|\ben route\b|كوموند|طلب|\bsajel|\bmsajl")]
    private static partial Regex Ordered();

    private static readonly Regex Negated = new("""
        (?<!\p{L})(?:pas|plus|non|jamais|ni|guere)\s(?:\w+\s){0,2}?(?:disponibles?|dispo|en\sstock)\b|indisponible|\bepuise|\brupture|\bvendue?s?\b|\bout\sof\b|\bsold\sout\b|\bnot\b
        |(?<!\p{L})(?:غير|مش|مشي|ماشي|ليست?|لم\sيعد|لم\sتعد)\s(?:\p{L}+\s)?(?:متوفر|موجود|كاين|متاح)\p{L}*|م\p{L}?\s?كا(?:ين|ن)\p{L}*ش|ما\s?كان(?:ش|تش)|م\p{L}?كاش|ما\s?كاين|ما\s?بق(?:ا|ي)\p{L}*|(?:لا|لم)\s(?:يوجد|توجد|يتوفر|تتوفر|يبق|تبق)\p{L}*|نفذ|نفد|خلاص|خلصت|خلصو|ما\s?عندناش|(?<!\p{L})(?:الا|ماعدا|ما\sعدا)(?!\p{L})
        |\bma\s?k[ae]?n?[ae]?(?:ch|sh)\b|\bma\s?kay[ei]?n\w*|\bma\s?b[9q]a\w*|\bmachi\s(?:dispo\w*|kay\w*|mawjoud\w*)|\bkhl[ae]?s\w*|\bma\s?3andn?a?(?:ch|sh)\b|\billa\b|\bmakanech\b
        |(?<!\p{L})(?:pas|aucune?|non|sauf|hormis|excepte|a\spart|sans)\b|(?<!\ben\s|\bde\s)\bplus\b
        """, RegexOptions.IgnorePatternWhitespace);

    // What "not" alone may be about: "n'hésitez pas" is not about stock.
    [GeneratedRegex(@"disponible|dispo\b|en stock|\bepuise|\brupture|متوفر|موجود|كاين|كاش|كانش|نفذ|نفد|خلاص|خلص|\bmaka|\bma ?kay|\bma ?b[9q]a|\bkhl[ae]?s|\bma ?3and|out of|sold out")]
    private static partial Regex Stock();

    [GeneratedRegex(@"\b(?:verifi|regard|demand|voir)\w*\s(?:\w+\s){0,2}?si\b|نشوف\s?(?:لك)?\s(?:اذا|ila|ida|كاش)|\bnchouf\w*\s(?:ila|ida|kach)")]
    private static partial Regex Wondering();

    private static readonly Regex Everything = new(@"(?<!\p{L})ب?(?:tout(?:es)?|tous|kamel|gaa?3|كل|كامل|جميع|قاع)\s(?:\p{L}{1,4}\s){0,2}?(?:taille|pointure|couleur|colori|modele|article|produit|option|ال?مقاس|ال?قياس|ال?الوان|ال?لون|ال?طايات|ليكولور|لي\sتاي|ال?موديلات|ال?منتج|ال?منتوج)|(?:tailles?|couleurs?|modeles?|pointures?|المقاسات|الالوان|ليكولور)\s(?:w\s\p{L}+\s\p{L}*\s?)?(?:kamel|كامل|gaa?3|قاع)|(?<!\p{L})tout\sest\b|\bkol(?:ch|sh)i\b|(?<!\p{L})كلش(?!\p{L})|كل\sشيء|\btoute\sla\s(?:gamme|collection)");

    [GeneratedRegex("taille|pointure|مقاس|قياس|طاي|لي تاي")]
    private static partial Regex Sizes();

    [GeneratedRegex("couleur|colori|لون|الوان|ليكولور")]
    private static partial Regex Colours();

    private static readonly Regex Elsewhere = new(@"livr|wilaya|domicile|bureau|desk|paie|paye|echang|retour|photo|garant|magasin|boutique|ramass|\bautres?\b|lo5rin|l?okhr(?:in|a)\b|توصيل|نوصل|ولايه|مكتب|دفع|تبديل|ترجع|ضمان|صور|محل|اخري|لوخرين|الباقي|twsil|tawsil|tewsil|twassel|nwassl|nkhalas|tbedel");
}
