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
        foreach (var name in (names ?? []).Select(Plain).Where(n => n.Length > 2).OrderByDescending(n => n.Length)) plain = Without(plain, name);
        plain = Addresses().Replace(plain, " ");
        plain = Glued().Replace(plain, " ");
        plain = Hyphens().Replace(plain, " ");
        plain = Phones().Replace(plain, " ☎ ");
        plain = Dates.Replace(plain, " ◷ ");
        plain = Clock().Replace(plain, " ◷ ");
        plain = SpacedOut().Replace(plain, m => new string([.. m.Groups[1].Value.Where(char.IsAsciiDigit)]) + " ");
        _tokens = [];
        var end = 0;
        foreach (var match in Tokens().Matches(plain).Cast<Match>())
        {
            if (Token.Of(match) is { } token) _tokens.Add(token with { Break = plain[end..match.Index].Any(c => c is ',' or ';' or '!' or '?' or '؛' or '؟') });
            end = match.Index + match.Length;
        }
    }

    /// <summary>The text without a product's name, which is no amount. A name that goes on ("Pack 1" in "Pack 1 500 DA") or is paid ("501 DA") is none.</summary>
    private static string Without(string plain, string name)
    {
        for (var at = 0; (at = plain.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + name.Length;
            var begins = at == 0 || !char.IsDigit(plain[at - 1]) && (!char.IsLetter(plain[at - 1]) || plain[at - 1] >= '\u0600' && name[0] < '\u0600' && !char.IsDigit(name[0]));
            var ends = end == plain.Length || !char.IsLetterOrDigit(plain[end]);
            if (!begins || !ends || char.IsDigit(name[^1]) && GoesOn().IsMatch(plain, end)) continue;
            plain = $"{plain[..at]} {Product} {plain[end..]}";
        }
        return plain;
    }

    /// <summary>Stands where a product's name stood.</summary>
    private const char Product = '◈';

    internal IReadOnlyList<MoneyReading> Read()
    {
        for (var i = 0; i < _tokens.Count;)
        {
            if (Free(i) is { } role) _found.Add(new(_tokens[i].Text, Dinars.Zero, null, MoneyKind.Free, role) { OnCondition = Enumerable.Range(0, _tokens.Count).Any(IsFrom) });
            if (IsHalf(i)) _found.Add(new("50%", null, null, MoneyKind.Percent));
            if (Number(i, out var number)) { Judge(number); i = number.End; }
            else i++;
        }
        var ofDelivery = _tokens.Any(t => Delivery.Contains(t.Text) || Delivery.Contains(t.Text.TrimStart('و')));
        return ofDelivery ? [.. _found.Select(r => r with { OfDelivery = true })] : _found;
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
            if (ScaleAt(end) is { } word) (scale, end) = (word, end + 1);
            return true;
        }
        if (AtomAt(at) is not { } first) return false;
        // "ألفا دينار" is two thousand; without its noun the word is a name.
        if (NumberWords.IsConstruct(token.Text) && !(at + 1 < _tokens.Count && (Currency.Contains(_tokens[at + 1].Text) || _tokens[at + 1].Text[0] == 'و'))) return false;
        if (first.Kind == NumberWords.Kind.Scaled) return Set(out value, out scale, out end, first.Value / 1000m, 1000, at + 1);
        if (first.Kind == NumberWords.Kind.Scale)
        {
            // "mille mercis", "ألف شكر": nobody pays thanks.
            var next = at + 1 < _tokens.Count ? _tokens[at + 1].Text : "";
            return token.Text is not ("k" or "mil" or "millier" or "milliers") && !Thanks.Contains(next) && Set(out value, out scale, out end, 1, first.Value, at + 1);
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
        if (count > 0 && ScaleAt(end) is { } after) (scale, end) = (after, end + 1);
        return count > 0;
    }

    /// <summary>The thousand, million … that multiplies the count before it; "ألفا" is one there.</summary>
    private long? ScaleAt(int at) => at >= _tokens.Count ? null
        : NumberWords.Of(_tokens[at].Text) is { Kind: NumberWords.Kind.Scale } scale ? scale.Value
        : NumberWords.IsConstruct(_tokens[at].Text) ? NumberWords.Thousand : null;

    private static bool Set(out decimal value, out long scale, out int end, decimal v, long s, int e)
    {
        (value, scale, end) = (v, s, e);
        return true;
    }

    private static bool Fits(decimal count, NumberWords.Atom? atom, bool joined) => atom is { } a && a.Kind switch
    {
        NumberWords.Kind.Unit => count == 0 || (count % 10 == 0 && count % 100 != 10) || (count % 100 == 0),
        NumberWords.Kind.Ten => count % 100 == 0 || (count % 100 == 4 && a.Value == 20) || (count % 100 is 60 or 80 && a.Value < 20) || (joined && count % 100 < 10 && a.Value >= 20),
        NumberWords.Kind.Hundred => count is >= 0 and < 100,
        NumberWords.Kind.Hundreds => count == 0,
        _ => false,
    };

    /// <summary>The atom at a place; Arabic glues "and", "with", "to" to the word.</summary>
    private NumberWords.Atom? AtomAt(int at)
    {
        if (at >= _tokens.Count || _tokens[at].IsNumber) return null;
        var word = _tokens[at].Text;
        if (NumberWords.Of(word) is { } atom) return atom;
        if (word.Length <= 3) return null;
        if (word[0] is 'و' or 'ب' or 'ل' or 'ف') return NumberWords.Of(word[1..]);
        // "bkhamsmya": in Latin letters only what cannot be another word.
        return word[0] is 'b' or 'w' && NumberWords.Of(word[1..]) is { Kind: NumberWords.Kind.Hundreds or NumberWords.Kind.Scaled } glued ? glued : null;
    }

    private void Judge(Amount n)
    {
        var glue = _tokens[n.End - 1].Glue;
        var (next, apart) = Behind(n);
        // "1 - 3 jours", "3000-3500 DA", "24/48 h": what follows the second number also speaks for the first.
        if (next is "-" or "/" or "x" or "×" && n.End + 1 < _tokens.Count && Number(n.End + 1, out var second) && !second.HasScale && Behind(second) is var behind
            // "taille 38 - 3 500 DA" is no range of prices, "2 x 3500 DA" none at all.
            && (next is "x" or "×" ? Lengths.Contains(behind.Text) : n.Value >= 100 || !Currency.Contains(behind.Text))) (next, apart) = behind;
        var before = n.Start > 0 ? _tokens[n.Start - 1].Text : "";
        if (IsPercent(n, next, before)) return;
        if (Foreign.Contains(next) || Foreign.Contains(before)) { Found(n, null, null, MoneyKind.Foreign); return; }
        if (Centimes.Contains(next)) { Found(n, null, n.Value / 100, MoneyKind.Named); return; }
        if (Currency.Contains(next) || (n.HasDigits && before is "da" or "dzd" or "دج" && !(n.Start > 1 && _tokens[n.Start - 2].IsNumber))) { Found(n, n.Value, null, MoneyKind.Named); return; }
        // Behind a comma begins something else: "2500, 2 pièces".
        var counted = apart ? "" : next;
        if (n.HasScale) { if (!NotMoney.Contains(counted) || n.Value >= 1000 && !Spans.Contains(counted)) Found(n, n.Value, n.Value / 100, MoneyKind.Spoken); return; }
        var priced = IsPriced(n.Start);
        // "oui, neuf et six", "mya mya": in words a small number is seldom an amount.
        if (!n.HasDigits && (n.Value < 100 || n.Value == 100 && !priced)) return;
        if ((NotMoney.Contains(counted) || Spans.Contains(counted)) && !(priced && n.Value >= 100) && !(n.Value >= 1000 && Each.Contains(counted)) || IsClaimedBefore(n.Start)) return;
        if (glue.Length > 0 && n.Value < 1000) return; // "128gb", "100eu": a model or a measure
        if (n.Value >= 100 || n.Value >= 10 && priced && (PriceWords.Contains(before) || counted is "" or ".")) Found(n, n.Value, n.Value / 100, MoneyKind.Bare);
    }

    /// <summary>What a number counts, glued to it or behind it, and whether a comma parts the two.</summary>
    private (string Text, bool IsApart) Behind(Amount n)
    {
        var glue = _tokens[n.End - 1].Glue;
        if (glue.Length > 0 && NumberWords.Of(glue) is null) return (glue, false);
        var at = n.End;
        // "trois milliers de dinars", "des milliers de clients"
        if (at + 1 < _tokens.Count && _tokens[at].Text is "de" or "d" && (n.HasScale || Currency.Contains(_tokens[at + 1].Text))) at++;
        return at < _tokens.Count ? (_tokens[at].Text, _tokens[at].Break) : ("", false);
    }

    /// <summary>"prix 2500", "Total : 2900", "السعر هو 2500": a price word says what the number is.</summary>
    private bool IsPriced(int at)
    {
        for (var i = at - 1; i >= 0 && i >= at - 4 && !_tokens[i + 1].Break; i--)
        {
            if (PriceWords.Contains(_tokens[i].Text)) return true;
            if (!Links.Contains(_tokens[i].Text)) return false;
        }
        return false;
    }

    private bool IsPercent(Amount n, string next, string before)
    {
        var isPercent = next is "%" or "٪" or "pourcent" || before is "%" or "٪" || (next is "pour" && n.End + 1 < _tokens.Count && _tokens[n.End + 1].Text is "cent")
            || next is "بالميه" or "بالمايه" or "بالميا" || (next is "في" or "fi" or "f" or "ف" && n.End + 1 < _tokens.Count && _tokens[n.End + 1].Text is "الميه" or "المايه" or "lmya" or "lmia" or "mya");
        if (!isPercent) return false;
        // "100 % coton" is no discount unless a word says so.
        if (n.Value < 100 || _tokens.Any(t => Discounts.Contains(t.Text)))
            _found.Add(new($"{n.Value.ToString("0.##", CultureInfo.InvariantCulture)}%", null, null, MoneyKind.Percent, _tokens.Skip(n.End).Take(3).Any(t => Materials.Contains(t.Text)) ? MoneyRole.Content : MoneyRole.Any));
        return true;
    }

    private void Found(Amount n, decimal? dinars, decimal? centimes, MoneyKind kind) =>
        _found.Add(new(Named(n.Text, kind), Whole(dinars), Whole(centimes), kind, RoleOf(n)));

    /// <summary>What the words beside an amount call it; only where nothing else can be meant.</summary>
    private MoneyRole RoleOf(Amount n)
    {
        var end = n.End;
        if (end < _tokens.Count && Currency.Contains(_tokens[end].Text)) end++;
        var after = Until(end, 4).ToList();
        if (Enumerable.Range(Math.Max(0, n.Start - 3), Math.Min(3, n.Start)).Any(IsFrom) || after.Exists(t => Upwards.Contains(t.Text))) return MoneyRole.From;
        // "Total : 7 000 DA hors livraison", "7 000 DA + livraison", "livraison : 4 100 DA tout compris".
        if (_tokens.Skip(end).Take(4).TakeWhile(t => t.Text != ".").Any(t => Apart.Contains(t.Text) || t.Text.Length > 3 && t.Text[0] == 'و' && Delivery.Contains(t.Text[1..]))) return MoneyRole.Any;
        var isPlain = true;
        var goesTo = n.Start > 0 && _tokens[n.Start - 1].Text == ":";
        for (var i = n.Start - 1; i >= 0 && i >= n.Start - 8 && !_tokens[i + 1].Break && !_tokens[i].IsNumber && _tokens[i].Text != "."; i--)
        {
            var word = _tokens[i].Text;
            if (Delivery.Contains(word) && (isPlain || goesTo && To.Contains(_tokens[i + 1].Text)) && !IsBeside(i)) return MoneyRole.Fee;
            if (isPlain && Totals.Contains(word)) return i > 0 && _tokens[i - 1].Text is "sous" or "sub" ? MoneyRole.Any : MoneyRole.Total;
            if (isPlain && Rebates.Contains(word)) return MoneyRole.Discount;
            if (PriceWords.Contains(word) && !Links.Contains(word) || Orders.Contains(word) && !isPlain || Currency.Contains(word) || word == Product.ToString()) break;
            // "600 DA de livraison = 4 100 DA"
            if (word == "=" && !Totals.Contains(i > 0 ? _tokens[i - 1].Text : "")) break;
            isPlain &= Links.Contains(word) || RoleLinks.Contains(word);
        }
        // "600 DA de livraison", "3500 + 600 livraison"
        var behind = after.SkipWhile(t => t.Text is "de" or "pour" or "la" or "l" or "ta3" or "تاع").ToList();
        return behind.Count > 0 && Delivery.Contains(behind[0].Text) && (behind.Count == 1 || behind[1].Text == ".") ? MoneyRole.Fee : MoneyRole.Any;
    }

    /// <summary>"à payer à la livraison", "en cours de livraison", "avec la livraison": the delivery is no name of the amount.</summary>
    private bool IsBeside(int delivery)
    {
        var before = delivery - 1;
        while (before >= 0 && _tokens[before].Text is "la" or "l" or "les" or "de") before--;
        return before >= 0 && !_tokens[before + 1].Break && (Beside.Contains(_tokens[before].Text) || Includes.Contains(_tokens[before].Text));
    }

    /// <summary>"à partir de 20 000 DA", "dès 3 pièces", "si vous en prenez deux".</summary>
    private bool IsFrom(int at) => From.Contains(_tokens[at].Text) || FromNumber.Contains(_tokens[at].Text) && (Number(at + 1, out _) || Number(at + 2, out _));

    /// <summary>The words from a place on, to the end of what they say.</summary>
    private IEnumerable<Token> Until(int at, int most)
    {
        for (var i = at; i < _tokens.Count && i < at + most && !_tokens[i].Break && _tokens[i].Text != "."; i++) yield return _tokens[i];
    }

    private static string Named(string text, MoneyKind kind) => kind == MoneyKind.Named ? text + " DA" : text;

    private static Dinars? Whole(decimal? amount) => amount is { } a && a == decimal.Truncate(a) && a < 1_000_000_000_000 ? new Dinars((long)a) : null;

    /// <summary>Something before the number says what it counts: a size, an order's number, a house.</summary>
    private bool IsClaimedBefore(int at)
    {
        if (at == 0 || _tokens[at].Break) return false;
        var (word, value) = (at - 1, _tokens[at].Value);
        if (_tokens[word].Text == "/" && at > 1 && Memory().IsMatch(_tokens[at - 2].Text + _tokens[at - 2].Glue)) return true;
        if (_tokens[word].Text is ":" or "-" or "." && at > 1 && !_tokens[word].Break) word--;
        // "votre numéro de commande est le 1042"
        var named = word;
        while (named > 0 && _tokens[named].Text is "est" or "le" or "هو" or "هي" or "rah" or "rahi" && !_tokens[named].Break) named--;
        if (named < word && Orders.Contains(_tokens[named].Text)) return NumbersOrder(at, named);
        var before = _tokens[word].Text;
        if (Orders.Contains(before)) return NumbersOrder(at, word);
        return Claims.Contains(before)
            || Sizes.Contains(before) && value < 1000
            || Models.Contains(before) && value is < 1000 or > 2000 and < 2040
            || Months.Contains(before) && value is > 2000 and < 2100;
    }

    /// <summary>"commande 1042", "N° de commande : 1042", "total de la commande 1042 : 3 500 DA", and not "total de votre commande 2900", "commande : 2900".</summary>
    private bool NumbersOrder(int at, int word)
    {
        for (var i = word - 1; i >= 0 && i >= word - 3; i--)
            if (Claims.Contains(_tokens[i].Text)) return true;
        var priced = false;
        for (var i = word - 1; i >= 0 && !_tokens[i + 1].Break; i--) priced |= PriceWords.Contains(_tokens[i].Text);
        if (word == at - 1 && !priced) return true;
        var next = at + 1;
        while (next < _tokens.Count && Links.Contains(_tokens[next].Text)) next++;
        return next > at + 1 && Number(next, out _);
    }

    /// <summary>What is free where a word says so: delivery, or something else. Null when the word says nothing of the kind.</summary>
    private MoneyRole? Free(int at)
    {
        var word = _tokens[at].Text;
        var isFree = FreeWords.Contains(word);
        if (!isFree && !Gifts.Contains(word) && !Offers.Contains(word) && !OnUs.Contains(word) && word != "charge" && !Costs.Contains(word) && !Includes.Contains(word)) return null;
        var (from, to) = (at, at + 1);
        while (from > 0 && !_tokens[from].Break && _tokens[from - 1].Text != ".") from--;
        while (to < _tokens.Count && !_tokens[to].Break && _tokens[to].Text != ".") to++;
        if (!Costs.Contains(word) && IsDenied(from, at)) return null;
        var clause = _tokens[from..to];
        var delivers = clause.Exists(t => Delivery.Contains(t.Text));
        var before = at > from ? _tokens[at - 1].Text : "";
        if (Includes.Contains(word))
        {
            // "compris dans le total" is always so.
            var near = before is "tout" or "كل" && _tokens.Exists(t => t.IsNumber) || Until(at + 1, 3).Concat(_tokens.Skip(Math.Max(from, at - 6)).Take(at - Math.Max(from, at - 6))).Any(t => Delivery.Contains(t.Text));
            return near && !Until(at + 1, 4).Any(t => Totals.Contains(t.Text)) ? MoneyRole.Included : null;
        }
        if (!isFree)
        {
            var after = Until(at + 1, 5).ToList();
            var delivery = after.FindIndex(t => Delivery.Contains(t.Text));
            isFree = Gifts.Contains(word) && (before is "en" or "est" or "cest" || Delivery.Contains(before)) && !clause.Exists(t => Presents.Contains(t.Text))
                // "nous offrons la livraison dans 58 wilayas" gives nothing away.
                || Offers.Contains(word) && delivery >= 0 && after[0].Text != "de" && after[..delivery].TrueForAll(t => t.Text is "la" or "les" or "frais" or "de" or "votre" or "vous" or "aussi" or "meme") && !(delivery + 1 < after.Count && after[delivery + 1].Text is "dans" or "partout" or "vers" or "sur")
                || word is "charge" or "frais" && before is "notre" or "nos" && at > 1 && _tokens[at - 2].Text == "a" && delivers
                || OnUs.Contains(word) && (Delivery.Contains(before) || at > 1 && Delivery.Contains(_tokens[at - 2].Text))
                || Costs.Contains(word) && before is "sans" or "aucun" or "zero" or "بدون" or "بلا" or "bla" && !after.Exists(t => t.Text.StartsWith("cach", StringComparison.Ordinal) || t.Text.StartsWith("suppl", StringComparison.Ordinal));
        }
        return !isFree ? null : delivers ? MoneyRole.Fee : MoneyRole.Any;
    }

    /// <summary>"pas de livraison gratuite", "التوصيل ماشي باطل", and not "pas de souci, livraison gratuite".</summary>
    private bool IsDenied(int from, int at)
    {
        for (var i = Math.Max(from, at - 3 - (at > 3 && _tokens[at - 4].Text is "ma" or "ما" ? 1 : 0)); i < at; i++)
        {
            var (word, next) = (_tokens[i].Text, _tokens[i + 1].Text);
            // "n'hésitez pas"
            if (i > from && _tokens[i - 1].Text.Contains("hesit", StringComparison.Ordinal)) continue;
            // "ما عندناش توصيل مجاني", and not "ما تخافش"
            var denies = Negations.Contains(word) || word is "ma" or "ما" && IsNegated(next) || word.Length > 4 && (word.StartsWith("ma", StringComparison.Ordinal) || word.StartsWith("ما", StringComparison.Ordinal)) && IsNegated(word);
            if (denies && !Worries.Contains(word) && !Worries.Contains(next) && !(next == "de" && Worries.Contains(_tokens[i + 2].Text)) && (i == at - 1 || word is not ("لا" or "غير" or "non" or "no") || Exists.Contains(next))) return true;
        }
        return false;
    }

    private static bool IsNegated(string verb) => verb[^1] == 'ش' || verb.EndsWith("ch", StringComparison.Ordinal);

    /// <summary>"à moitié prix", "نص السومة".</summary>
    private bool IsHalf(int at)
    {
        var word = _tokens[at].Text;
        if (word is "moitie") return _tokens.Exists(t => PriceWords.Contains(t.Text) || Discounts.Contains(t.Text));
        var next = at + 1 < _tokens.Count ? _tokens[at + 1].Text : "";
        return word is "demi" or "half" && next is "tarif" or "prix" or "price"
            || word is "نصف" or "نص" or "بنصف" or "بنص" or "nos" or "noss" or "nsf" && next is "سعر" or "السعر" or "ثمن" or "الثمن" or "سومه" or "السومه" or "souma" or "soumet";
    }

    private static HashSet<string> Set(string words) => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Folding.Fold)];

    private static readonly HashSet<string> Currency = Set("da dzd dinar dinars dinnar دج دينار دنانير دينارا دنار دراهم");
    private static readonly HashSet<string> Centimes = Set("centime centimes centim santim سنتيم سنتيمات فرنك frank franc francs");
    private static readonly HashSet<string> Foreign = Set("€ $ £ euro euros eur usd dollar dollars أورو اورو يورو دولار");
    private static readonly HashSet<string> FreeWords = Set("gratuit gratuite gratuits gratuites gratuitement gratis gratos offert offerte offerts offertes free مجاني مجانا مجانية مجانيا المجاني المجانية بالمجان باطل بالباطل بلاش ببلاش batel batal blach");
    private static readonly HashSet<string> Gifts = Set("cadeau kado هدية كادو");
    private static readonly HashSet<string> Presents = Set("ideal parfait parfaite offrir superbe beau belle idee super emballage boite paquet");
    private static readonly HashSet<string> Offers = Set("offre offrons offrent offrir offrirai");
    private static readonly HashSet<string> OnUs = Set("علينا 3lina");
    private static readonly HashSet<string> Costs = Set("frais رسوم مصاريف دراهم فلوس drahem flous");
    private static readonly HashSet<string> Includes = Set("compris comprise comprises inclus incluse incluses شامل شاملة شاملا مشمول مشمولة محسوب محسوبة ma7souba m7souba");
    private static readonly HashSet<string> Delivery = Set("livraison livraisons twsil tawsil tewsil toussil توصيل التوصيل للتوصيل delivery shipping شحن الشحن");
    private static readonly HashSet<string> Negations = Set("pas non ni machi mchi ماشي مش ليس ليست غير لا mouch sans mahich maهيش not ماهيش ماهوش jamais aucun makach makech makanch ماكاش مكاش ماكانش مكانش");
    private static readonly HashSet<string> Exists = Set("يوجد توجد نوفر نقدم يكون تكون");
    private static readonly HashSet<string> Worries = Set("souci soucis probleme problème mochkil mouchkil مشكل مشكلة المشكل تقلق grave stress inquiétude tkhafch tkhafich matkhafch matkhafich t9al9ch mat9al9ch تخافش تخافيش ماتخافش ماتخافيش تقلقش تقلقيش ماتقلقش ماتقلقيش");
    private static readonly HashSet<string> From = Set("partir ابتداء ابتداءً minimum si ida اذا dépassant dépasse");
    private static readonly HashSet<string> FromNumber = Set("dès من men achat achats d'achat فوق فات tfout");
    private static readonly HashSet<string> Upwards = Set("achat achats d'achat d'achats fo9 الفوق فما minimum");
    private static readonly HashSet<string> Totals = Set("total المجموع مجموع الإجمالي اجمالي");
    private static readonly HashSet<string> Rebates = Set("remise réduction rabais discount تخفيض خصم takhfid");
    private static readonly HashSet<string> Apart = Set("+ plus sus hors sans non pas part بدون ماشي machi bla tout total totale");
    private static readonly HashSet<string> Beside = Set("cours jour moment lors a à avec sans hors + plus et w و مع بدون عند 3and m3a bla ki total payer paiement الدفع بعد avant apres قبل");
    private static readonly HashSet<string> To = Set("a à au l f fi vers pour dans الى إلى في لـ ل");
    private static readonly HashSet<string> RoleLinks = Set("domicile bureau le la les au l dar stop desk stopdesk maison المكتب للمكتب المنزل للمنزل الدار للدار الى إلى coute coutera revient sera vous votre seulement juste ghir غير payer final general النهائي الكلي الإجمالي f fi vers pour commande");
    private static readonly HashSet<string> Materials = Set("coton cotton polyester polyamide elasthanne élasthanne lycra viscose cuir laine soie lin acrylique nylon argent قطن جلد صوف حرير بوليستر naturel naturelle original originale bio pur pure");
    private static readonly HashSet<string> Thanks = Set("merci mercis fois شكر شكرا مبروك mabrouk chokr chokran تحية سلامة excuses pardon bravo");
    private static readonly HashSet<string> PriceWords = Set("prix total tarif montant price السعر سعر بسعر ثمن الثمن السومة سومة المجموع مجموع المبلغ souma soumet بـ");
    private static readonly HashSet<string> Links = Set(": = - est de a à da هو هي c'est fait soit rahi rah راهي b ب");
    private static readonly HashSet<string> Discounts = Set("remise reduction réduction promo promotion solde soldes rabais discount تخفيض تخفيضات برومو takhfid خصم صولد off moins");
    private static readonly HashSet<string> Spans = Set("jour jours j h heure heures min minutes mn semaine semaines mois an ans annee يوم ايام أيام ساعة ساعات اسبوع شهر اشهر أشهر سنة سنوات youm ayam ayyam nhar nharat sa3a swaye3 chhar day days week weeks hours ◷");
    private static readonly HashSet<string> NotMoney = Set("""
        fois piece pieces pièce pièces pcs pc unite unites unité article articles produit produits lot lots paire paires modeles couleurs tailles
        حبة حبات قطعة قطع مرة حبات 7aba 7abat habat piyassa pyassa cm mm ml cl g gr kg gramme grammes litre litres km mah watt watts go gb mo mb ram pouces px hz gsm
        logement logements lgts lgt lot مسكن مسكنا clients client personne personnes avis abonnes زبون زبائن commandes طلبية %
        """.ReplaceLineEndings(" "));
    private static readonly HashSet<string> Lengths = Set("cm mm m px");
    private static readonly HashSet<string> Each = Set("piece unite article produit lot paire حبة قطعة 7aba");
    private static readonly HashSet<string> Claims = Set("""
        # n° n no num numero numéro nr ref référence code كود suivi tracking التتبع postal رقم الرقم رقمها رقمو raqm ra9m nemra wilaya ولاية cite cité حي rue شارع bloc bt bat batiment bâtiment عمارة villa porte etage étage appt appartement
        tel tél téléphone telephone هاتف phone ☎
        """.ReplaceLineEndings(" "));
    private static readonly HashSet<string> Orders = Set("commande commandes order orders طلب طلبية الطلبية طلبيتك طلبك الطلب");
    private static readonly HashSet<string> Sizes = Set("taille tailles pointure pointures مقاس المقاس قياس size quantite quantité qte qté كمية lot lots");
    private static readonly HashSet<string> Models = Set("modele modèle note model version serie série");
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
        /// <summary>A comma or the end of a sentence stands before it.</summary>
        internal bool Break { get; init; }

        internal static Token? Of(Match match)
        {
            // "4k5": four thousand five hundred, as people speak.
            if (Thousands().Match(match.Value) is { Success: true } spoken) return new(match.Value, true, ValueOf(spoken.Groups[1].Value) + ValueOf(spoken.Groups[2].Value) / (decimal)Math.Pow(10, spoken.Groups[2].Length), "k");
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

    [GeneratedRegex(@"(?<![\p{L}\d])(?<num>\d{1,3}(?:[ .,'_]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2}(?!\d))?|\d+)(?<glue>\p{L}*(?![\p{L}\d]))|(?<word>[\p{L}\p{M}\d']*[\p{L}\p{M}][\p{L}\p{M}\d']*)|[%#€$£×+=:/.☎◷◈-]")]
    private static partial Regex Tokens();

    // A phone: begins like one and has its length, however it is parted.
    [GeneratedRegex(@"(?<![\d.,])(?:(?:\+|00)\s?213(?:[ .\-()]{0,2}\d){9}|(?:\+|00)\s?(?!213)\d(?:[ .\-()]{0,2}\d){8,13}|213[ .\-]?[567](?:[ .\-]?\d){8}|0[ .\-]?[5-7](?:[ .\-]?\d){8}|0[2-4](?:[ .\-]?\d){7}|0[2-7]\d{0,2}(?: ?[•*x]{2,}){1,3} ?\d{2}|[567]\d{8})(?!\d)")]
    private static partial Regex Phones();

    // Neither a date nor a time takes the thousands of an amount with it: "42: 2 600 DA", "40/2 600 DA".
    private static readonly Regex Dates = new(@"(?<!\d)(?:20\d\d-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]20\d\d|(?:\d{1,2}[/.-]\d{1,2}[/.-]\d\d|\d{1,2}/\d{1,2}(?!\d|\s*(?:h|j)))(?![ .,'_]\d{3}(?!\d)))(?!\d)");

    [GeneratedRegex(@"(?<!\d)(?:\d{1,2}\s?h(?![\p{L}\d])|(?:[01]?\d|2[0-4])(?:\s?h\s?|:)[0-5]\d(?![\p{L}\d]|[ .,'_]\d{3}(?!\d)|\s*(?:da|dzd|dinar|دج|دينار)))")]
    private static partial Regex Clock();

    // "3 5 0 0 DA" and "3.5.0.0": digits one by one are one number when a currency follows.
    [GeneratedRegex(@"(?<![\p{L}\d])(\d(?:[ .·_-]\d(?!\d)){2,})\s*(?=da\b|dzd|dinar|دج|دينار)")]
    private static partial Regex SpacedOut();

    [GeneratedRegex(@"^(\d+)k(\d{1,3})$")]
    private static partial Regex Thousands();

    // Behind a name that ends in a digit: its thousands, or what it is paid in.
    [GeneratedRegex(@"\G(?:[ .,'_]\d{3}(?!\d)|\s*(?:da|dzd|dinars?|دج|دينار)(?!\p{L}))")]
    private static partial Regex GoesOn();

    [GeneratedRegex(@"^\d+(?:gb|go|g|ram)$")]
    private static partial Regex Memory();

    [GeneratedRegex(@"https?://\S+|www\.\S+|\S+@\S+")]
    private static partial Regex Addresses();

    // "ب3500", "à3500", "b3500": the preposition stands apart; so do "2x3000", "livraison350DA", "3mille500". One or two digits in a word are letters of Arabizi.
    [GeneratedRegex(@"(?<=[\u0621-\u064A])(?=\d)|(?<=(?<![\p{L}\d])(?:b|a|à|l|w|f|prix|total|da|dzd))(?=\d{2,})|(?<=\d)(?=x\d)|(?<=\dx)(?=\d)|(?<=\d(?:da|dzd))(?=\d)|(?<=\p{L}{3})(?=\d{3})|(?<=\p{L}{2})(?=\d{2,}(?:[ .,']\d{3})*\s?(?:da|dzd|dinars?|دج|دينار)(?!\p{L}))")]
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
