using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>Finds the amounts in one line of chat. A number is money when a currency or a thousand says so, or when it is big enough and nothing says otherwise.</summary>
internal sealed partial class MoneyReader
{
    private readonly List<Token> _tokens;
    private readonly List<MoneyReading> _found = [];

    internal MoneyReader(string text, IEnumerable<string>? names)
    {
        var plain = Plain(text);
        foreach (var name in names ?? [])
            if (Plain(name) is { Length: > 2 } known) plain = plain.Replace(known, " # ", StringComparison.Ordinal);
        plain = Addresses().Replace(plain, " ");
        plain = Glued().Replace(plain, " ");
        plain = Hyphens().Replace(plain, " ");
        plain = Phones().Replace(plain, " ☎ ");
        plain = Dates().Replace(plain, " ◷ ");
        plain = Clock().Replace(plain, " ◷ ");
        plain = SpacedOut().Replace(plain, m => new string([.. m.Groups[1].Value.Where(char.IsAsciiDigit)]) + " ");
        _tokens = [.. Tokens().Matches(plain).Select(Token.Of).Where(t => t is not null).Select(t => t!)];
    }

    internal IReadOnlyList<MoneyReading> Read()
    {
        for (var i = 0; i < _tokens.Count;)
        {
            if (IsFree(i)) _found.Add(new(_tokens[i].Text, Dinars.Zero, null, MoneyKind.Free));
            if (Number(i, out var number)) { Judge(number); i = number.End; }
            else i++;
        }
        return _found;
    }

    /// <summary>Readings that exist only when two lines are read as one, at the seam between them.</summary>
    internal static IEnumerable<MoneyReading> Across(string first, string second, string glue, IReadOnlyList<string> names)
    {
        var (tail, head) = (Tail().Match(first), Head().Match(second));
        if (!tail.Success || !head.Success) return [];
        if (glue.Length == 0 && !(char.IsDigit(Folding.AsciiDigits(tail.Value)[^1]) && char.IsDigit(Folding.AsciiDigits(head.Value)[0]))) return [];
        // What stands alone on its side must not be a number that something else claims: a size, a phone, a quantity.
        var before = new MoneyReader(first, names);
        if (before._tokens.Count == 0 || !before.EndsOpen()) return [];
        var apart = new HashSet<string>([.. before.Read().Select(r => r.Text), .. new MoneyReader(second, names).Read().Select(r => r.Text)]);
        return new MoneyReader(first + glue + second, names).Read().Where(r => !apart.Contains(r.Text) && r.Kind is not MoneyKind.Free);
    }

    private bool EndsOpen()
    {
        var last = _tokens.Count - 1;
        if (_tokens[last] is { IsNumber: true } number) return number.Glue.Length == 0 && number.Value < 1_000_000 && !IsClaimedBefore(last) && (last == 0 || _tokens[last - 1].Text is not ("x" or "×")) && !number.Text.Contains("000000", StringComparison.Ordinal);
        return NumberWords.Of(_tokens[last].Text) is not null || Currency.Contains(_tokens[last].Text);
    }

    /// <summary>A number as it stands in the text: digits, words, or both ("3 mille 500").</summary>
    private sealed record Amount(int Start, int End, decimal Value, bool HasScale, bool HasDigits, string Text);

    private bool Number(int at, out Amount number)
    {
        number = null!;
        if (!Chunk(at, out var value, out var scale, out var end)) return false;
        var total = value * scale;
        var least = scale;
        var biggest = scale;
        while (least > 1)
        {
            var next = end;
            if (next < _tokens.Count && NumberWords.Joins(_tokens[next].Text)) next++;
            if (!Chunk(next, out var more, out var moreScale, out var moreEnd) || moreScale >= least || more * moreScale >= least) break;
            // "3 alaf 42": a size after a price is no part of it; hundreds and named thousands are.
            if (moreScale == 1 && more < 100 && next == end && _tokens[next].IsNumber) break;
            (total, least, end) = (total + more * moreScale, moreScale, moreEnd);
        }
        number = new(at, end, total, biggest > 1, _tokens.Skip(at).Take(end - at).Any(t => t.IsNumber),
            string.Join(' ', _tokens.Skip(at).Take(end - at).Select(t => t.Text + t.Glue)));
        return true;
    }

    /// <summary>A count below a thousand (or any numeral) with the thousand, million … behind it.</summary>
    private bool Chunk(int at, out decimal value, out long scale, out int end)
    {
        (value, scale, end) = (0, 1, at);
        if (at >= _tokens.Count) return false;
        var token = _tokens[at];
        if (token.IsNumber)
        {
            (value, end) = (token.Value, at + 1);
            if (token.Glue.Length > 0)
            {
                if (NumberWords.Of(token.Glue) is not { Kind: NumberWords.Kind.Scale } glued) return true;
                scale = glued.Value;
                return true;
            }
            if (end < _tokens.Count && NumberWords.Of(_tokens[end].Text) is { Kind: NumberWords.Kind.Hundred }) (value, end) = (value * 100, end + 1);
            if (end < _tokens.Count && NumberWords.Of(_tokens[end].Text) is { Kind: NumberWords.Kind.Scale } word) (scale, end) = (word.Value, end + 1);
            return true;
        }
        if (AtomAt(at) is not { } first) return false;
        if (first.Kind == NumberWords.Kind.Scaled) return Set(out value, out scale, out end, first.Value / 1000m, 1000, at + 1);
        if (first.Kind == NumberWords.Kind.Scale)
        {
            // "mille mercis", "ألف شكر": nobody pays thanks.
            var next = at + 1 < _tokens.Count ? _tokens[at + 1].Text : "";
            return token.Text is not ("k" or "mil") && !Thanks.Contains(next) && Set(out value, out scale, out end, 1, first.Value, at + 1);
        }
        decimal count = 0;
        var i = at;
        var joined = false;
        for (; i < _tokens.Count; i++)
        {
            if (i > at && NumberWords.Joins(_tokens[i].Text) && !joined && Fits(count, AtomAt(i + 1), true)) { joined = true; continue; }
            var atom = AtomAt(i);
            if (!Fits(count, atom, joined || _tokens[i].Text[0] == 'و')) break;
            count = atom!.Value.Kind switch
            {
                NumberWords.Kind.Hundred => count == 0 ? 100 : count * 100,
                NumberWords.Kind.Ten when count % 100 == 4 && atom.Value.Value == 20 && !joined => count - 4 + 80,
                _ => count + atom.Value.Value,
            };
            joined = false;
        }
        (value, end) = (count, i);
        if (end < _tokens.Count && NumberWords.Of(_tokens[end].Text) is { Kind: NumberWords.Kind.Scale } after) (scale, end) = (after.Value, end + 1);
        return count > 0;
    }

    private static bool Set(out decimal value, out long scale, out int end, decimal v, long s, int e)
    {
        (value, scale, end) = (v, s, e);
        return true;
    }

    private static bool Fits(decimal count, NumberWords.Atom? atom, bool joined) => atom is { } a && a.Kind switch
    {
        NumberWords.Kind.Unit => count == 0 || (count % 10 == 0 && count % 100 != 10) || (count % 100 == 0),
        NumberWords.Kind.Ten => count % 100 == 0 || (count % 100 == 4 && a.Value == 20) || (count % 100 is 60 or 80 && a.Value < 20) || (joined && count % 100 < 10 && a.Value >= 20),
        NumberWords.Kind.Hundred => count is >= 0 and < 10,
        NumberWords.Kind.Hundreds => count == 0,
        _ => false,
    };

    /// <summary>The atom at a place; Arabic glues "and", "with", "to" to the word.</summary>
    private NumberWords.Atom? AtomAt(int at)
    {
        if (at >= _tokens.Count || _tokens[at].IsNumber) return null;
        var word = _tokens[at].Text;
        return NumberWords.Of(word) ?? (word.Length > 3 && word[0] is 'و' or 'ب' or 'ل' or 'ف' ? NumberWords.Of(word[1..]) : null);
    }

    private void Judge(Amount n)
    {
        var glue = _tokens[n.End - 1].Glue;
        var next = glue.Length > 0 && NumberWords.Of(glue) is null ? glue : n.End < _tokens.Count ? _tokens[n.End].Text : "";
        // "1 - 3 jours", "3000-3500 DA", "24/48 h": what follows the second number also speaks for the first.
        if (next is "-" or "/" && n.End + 1 < _tokens.Count && Number(n.End + 1, out var second) && !second.HasScale)
        {
            var secondGlue = _tokens[second.End - 1].Glue;
            next = secondGlue.Length > 0 ? secondGlue : second.End < _tokens.Count ? _tokens[second.End].Text : "";
        }
        var before = n.Start > 0 ? _tokens[n.Start - 1].Text : "";
        if (IsPercent(n, next, before)) return;
        if (Foreign.Contains(next) || Foreign.Contains(before)) { Found(n, null, null, MoneyKind.Foreign); return; }
        if (Centimes.Contains(next)) { Found(n, null, n.Value / 100, MoneyKind.Named); return; }
        if (Currency.Contains(next) || (n.HasDigits && before is "da" or "dzd" or "دج" && !(n.Start > 1 && _tokens[n.Start - 2].IsNumber))) { Found(n, n.Value, null, MoneyKind.Named); return; }
        if (n.HasScale) { if (!NotMoney.Contains(next) || n.Value >= 1000 && !Spans.Contains(next)) Found(n, n.Value, n.Value / 100, MoneyKind.Spoken); return; }
        if (!n.HasDigits || NotMoney.Contains(next) || Spans.Contains(next) || IsClaimedBefore(n.Start)) return;
        if (glue.Length > 0 && n.Value < 1000) return; // "128gb", "100eu": a model or a measure
        if (n.Value >= 100 && n.Value == decimal.Truncate(n.Value) || (n.Value >= 10 && PriceWords.Contains(before))) Found(n, n.Value, n.Value / 100, MoneyKind.Bare);
    }

    private bool IsPercent(Amount n, string next, string before)
    {
        var isPercent = next is "%" or "٪" or "pourcent" || before is "%" or "٪" || (next is "pour" && n.End + 1 < _tokens.Count && _tokens[n.End + 1].Text is "cent")
            || next is "بالميه" or "بالمايه" or "بالميا" || (next is "في" or "fi" or "f" or "ف" && n.End + 1 < _tokens.Count && _tokens[n.End + 1].Text is "الميه" or "المايه" or "lmya" or "lmia" or "mya");
        if (!isPercent) return false;
        // "100 % coton" is no discount unless a word says so.
        if (n.Value < 100 || _tokens.Any(t => Discounts.Contains(t.Text))) _found.Add(new($"{n.Value.ToString("0.##", CultureInfo.InvariantCulture)}%", null, null, MoneyKind.Percent));
        return true;
    }

    private void Found(Amount n, decimal? dinars, decimal? centimes, MoneyKind kind) =>
        _found.Add(new(Named(n.Text, kind), Whole(dinars), Whole(centimes), kind));

    private static string Named(string text, MoneyKind kind) => kind == MoneyKind.Named ? text + " DA" : text;

    private static Dinars? Whole(decimal? amount) => amount is { } a && a == decimal.Truncate(a) && a < 1_000_000_000_000 ? new Dinars((long)a) : null;

    /// <summary>Something before the number says what it counts: a size, an order's number, a house.</summary>
    private bool IsClaimedBefore(int at)
    {
        if (at == 0) return false;
        var before = _tokens[at - 1].Text;
        if (before == "/" && at > 1 && Memory().IsMatch(_tokens[at - 2].Text + _tokens[at - 2].Glue)) return true;
        if (before is ":" or "-" or "." && at > 1) before = _tokens[at - 2].Text;
        return Claims.Contains(before) || Months.Contains(before) && _tokens[at].Value is > 2000 and < 2100;
    }

    private bool IsFree(int at)
    {
        if (!FreeWords.Contains(_tokens[at].Text)) return false;
        return !_tokens.Skip(Math.Max(0, at - 3)).Take(Math.Min(3, at)).Any(t => Negations.Contains(t.Text));
    }

    private static HashSet<string> Set(string words) => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Folding.Fold)];

    private static readonly HashSet<string> Currency = Set("da dzd dinar dinars dinnar دج دينار دنانير دينارا دنار دراهم");
    private static readonly HashSet<string> Centimes = Set("centime centimes centim santim سنتيم سنتيمات فرنك frank franc francs");
    private static readonly HashSet<string> Foreign = Set("€ $ £ euro euros eur usd dollar dollars أورو اورو يورو دولار");
    private static readonly HashSet<string> FreeWords = Set("gratuit gratuite gratuits gratuites gratos offert offerte offerts offertes free مجاني مجانا مجانية مجاناً باطل بلاش batel batal ببلاش cadeau هدية");
    private static readonly HashSet<string> Negations = Set("pas non ni machi mchi ماشي مش ليس ليست غير لا mouch sans mahich maهيش not ماهيش ماهوش jamais aucun");
    private static readonly HashSet<string> Thanks = Set("merci mercis fois شكر شكرا مبروك mabrouk chokr chokran تحية سلامة excuses pardon bravo");
    private static readonly HashSet<string> PriceWords = Set("prix total tarif price السعر سعر بسعر ثمن الثمن السومة سومة المجموع مجموع souma soumet بـ");
    private static readonly HashSet<string> Discounts = Set("remise reduction réduction promo promotion solde soldes rabais discount تخفيض تخفيضات برومو takhfid خصم صولد off moins");
    private static readonly HashSet<string> Spans = Set("jour jours j h heure heures min minutes mn semaine semaines mois an ans annee يوم ايام أيام ساعة ساعات اسبوع شهر اشهر أشهر سنة سنوات youm ayam ayyam nhar nharat sa3a swaye3 chhar day days week weeks hours ◷");
    private static readonly HashSet<string> NotMoney = Set("""
        fois piece pieces pièce pièces pcs pc unite unites unité article articles produit produits lot lots paire paires modele modeles couleur couleurs taille tailles pointure
        حبة حبات قطعة قطع مرة مقاس قياس لون حبات 7aba 7abat habat piyassa pyassa cm mm ml cl g gr kg gramme grammes litre litres km mah watt watts go gb mo mb ram pouces px gsm
        logement logements lgts lgt lot مسكن مسكنا clients client personne personnes avis abonnes زبون زبائن commandes طلبية % numéro
        """.ReplaceLineEndings(" "));
    private static readonly HashSet<string> Claims = Set("""
        # n° n no num numero numéro nr ref référence commande commandes order orders طلب طلبية الطلبية طلبيتك طلبك الطلب رقم الرقم رقمها رقمو raqm ra9m nemra
        taille tailles pointure pointures مقاس المقاس قياس size quantite quantité qte qté كمية wilaya ولاية cite cité حي rue شارع bloc bt bat batiment bâtiment عمارة villa porte etage étage appt lot lots appartement
        code ref modele modèle note model version serie série tel tél téléphone telephone هاتف phone ☎
        """.ReplaceLineEndings(" "));
    private static readonly HashSet<string> Months = Set("janvier fevrier février mars avril mai juin juillet aout août septembre octobre novembre decembre décembre جانفي فيفري مارس افريل ماي جوان جويلية اوت سبتمبر اكتوبر نوفمبر ديسمبر en annee année سنة عام depuis janfi");

    /// <summary>Compatibility forms opened, invisible marks and keycaps dropped, every digit ASCII, currency in one spelling, lower case.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        foreach (var c in Safe(text).Normalize(NormalizationForm.FormKC))
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(c);
            if (category is UnicodeCategory.Format or UnicodeCategory.EnclosingMark || c is '\uFE0F' or '\uFE0E') continue;
            if (category == UnicodeCategory.DecimalDigitNumber) plain.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)));
            else if (char.IsWhiteSpace(c)) plain.Append(' ');
            else if (c is '٬' or '’' or '‘' or '´') plain.Append('\'');
            else if (c is '٫' or '،') plain.Append(',');
            else if (category == UnicodeCategory.DashPunctuation || c == '−') plain.Append('-');
            else if (c == '٪') plain.Append('%');
            else plain.Append(char.ToLowerInvariant(c));
        }
        var folded = DaDotted().Replace(plain.ToString(), " da ");
        folded = DjDotted().Replace(folded, " دج ");
        return LetterO().Replace(folded, m => m.Value.Replace('o', '0'));
    }

    private static string Safe(string text) => text.Any(char.IsSurrogate) ? new string([.. text.Where((c, i) => !char.IsSurrogate(c) ||
        (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) || (char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1])))]) : text;

    private sealed record Token(string Text, bool IsNumber, decimal Value, string Glue)
    {
        internal static Token? Of(Match match)
        {
            if (!match.Groups["num"].Success) return match.Groups["word"].Success ? Folding.Fold(match.Value) is { Length: > 0 } word ? new(word, false, 0, "") : null : new(match.Value, false, 0, "");
            var (digits, glue) = (match.Groups["num"].Value, Folding.Fold(match.Groups["glue"].Value));
            // "3achra", "8gb": a word that begins with a digit.
            if (glue.Length > 0 && digits.Length < 3 && !IsUnit(glue)) return new(Folding.Fold(match.Value), false, 0, "");
            return new(digits, true, ValueOf(digits), glue);
        }

        private static bool IsUnit(string glue) => Currency.Contains(glue) || Centimes.Contains(glue) || Foreign.Contains(glue) || NotMoney.Contains(glue) || Spans.Contains(glue)
            || NumberWords.Of(glue) is { Kind: NumberWords.Kind.Scale };

        /// <summary>"3.500" and "3,500" are thousands, "3,5" and "3500,00" have decimals.</summary>
        private static decimal ValueOf(string digits)
        {
            var last = digits.LastIndexOfAny(['.', ',']);
            var decimals = last >= 0 && digits.Length - last - 1 is 1 or 2 ? digits[(last + 1)..] : "";
            var whole = new string([.. (decimals.Length > 0 ? digits[..last] : digits).Where(char.IsAsciiDigit)]);
            if (whole.Length > 18) whole = whole[..18];
            return decimal.Parse($"{(whole.Length == 0 ? "0" : whole)}.{(decimals.Length == 0 ? "0" : decimals)}", CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex(@"(?<![\p{L}\d])(?<num>\d{1,3}(?:[ .,'_]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2}(?!\d))?|\d+)(?<glue>\p{L}*(?![\p{L}\d]))|(?<word>[\p{L}\p{M}\d']*[\p{L}\p{M}][\p{L}\p{M}\d']*)|[%#€$£×+:/.☎◷-]")]
    private static partial Regex Tokens();

    // A phone: begins like one and has its length, however it is parted.
    [GeneratedRegex(@"(?<![\d.,])(?:(?:\+|00)\s?\d(?:[ .\-()]{0,2}\d){8,13}|213[ .\-]?[567](?:[ .\-]?\d){8}|0[ .\-]?[5-7](?:[ .\-]?\d){8}|0[2-4](?:[ .\-]?\d){7}|0[2-7]\d{0,2}(?: ?[•*x]{2,}){1,3} ?\d{2}|[567]\d{8})(?!\d)")]
    private static partial Regex Phones();

    [GeneratedRegex(@"(?<!\d)(?:20\d\d-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:20)?\d\d|\d{1,2}/\d{1,2}(?!\d|\s*(?:h|j)))(?!\d)")]
    private static partial Regex Dates();

    [GeneratedRegex(@"(?<!\d)\d{1,2}\s?(?:h|:)\s?\d{0,2}(?![\p{L}\d])")]
    private static partial Regex Clock();

    // "3 5 0 0 DA" and "3.5.0.0": digits one by one are one number when a currency follows.
    [GeneratedRegex(@"(?<![\p{L}\d])(\d(?:[ .·_-]\d(?!\d)){2,})\s*(?=da\b|dzd|dinar|دج|دينار)")]
    private static partial Regex SpacedOut();

    [GeneratedRegex(@"^\d+(?:gb|go|g|ram)$")]
    private static partial Regex Memory();

    [GeneratedRegex(@"https?://\S+|www\.\S+|\S+@\S+")]
    private static partial Regex Addresses();

    // "ب3500", "à3500", "b3500": the preposition stands apart.
    [GeneratedRegex(@"(?<=[\u0621-\u064A])(?=\d)|(?<=(?<![\p{L}\d])(?:b|a|à|l|w|f|prix|total|da|dzd))(?=\d{2,})")]
    private static partial Regex Glued();

    [GeneratedRegex(@"(?<=\p{L})-(?=\p{L})")]
    private static partial Regex Hyphens();

    [GeneratedRegex(@"(?<=\d)\s*d\s?\.\s?a\.?(?![\p{L}])|(?<![\p{L}])d\.a\.?(?![\p{L}])|(?<=\d)\s*d a(?![\p{L}])")]
    private static partial Regex DaDotted();

    [GeneratedRegex(@"(?<!\p{L})د[\s.]*ج\.?(?!\p{L})")]
    private static partial Regex DjDotted();

    [GeneratedRegex(@"(?<![\p{L}\d])\d[\do]*\d?o+[\do]*(?!\p{L})")]
    private static partial Regex LetterO();

    [GeneratedRegex(@"(?:\d|\p{L})[\p{L}\d]*[ .,']*$")]
    private static partial Regex Tail();

    [GeneratedRegex(@"^[ .,']*(?:\d|\p{L})")]
    private static partial Regex Head();
}
