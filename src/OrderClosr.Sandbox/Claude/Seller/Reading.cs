using System.Globalization;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>What the shop had asked last; short answers mean nothing without it.</summary>
internal sealed record AskedFor(bool Place = false, bool Name = false, bool Phone = false, bool Address = false, bool Commune = false)
{
    /// <summary>Nothing.</summary>
    public static readonly AskedFor Nothing = new();
}

/// <summary>Reads darja in Arabic letters, Arabizi, French, Arabic and mixtures: first what is wanted, then the pieces of an order.</summary>
internal static partial class Reading
{
    /// <summary>Reads one or several bubbles joined by line ends.</summary>
    /// <param name="text">What the customer wrote.</param>
    /// <param name="asked">What the shop had asked.</param>
    /// <param name="goods">Folded words of the shop's products, so that none of them is taken for a name or a place.</param>
    public static Heard Read(string text, AskedFor asked, IReadOnlySet<string>? goods = null)
    {
        var words = Split(text);
        var folded = Lexicon.Fold(text).Trim();
        var (found, signs) = Clues.In(folded);
        var intents = new Dictionary<Intent, int>(found);

        var heard = new Heard { Words = words, Folded = folded, Intents = intents, Asks = Question().IsMatch(folded) };
        if (goods is not null) ReadGoods(words, goods);
        ReadPhones(heard);
        ReadPlaces(heard, asked);
        ReadNumbers(heard);
        ReadOptions(heard, asked, signs);
        ReadDelivery(heard);
        foreach (var word in words) word.Explained |= word.Folded.Split(' ').All(part => Lexicon.Small.Contains(part) || signs.Contains(part));
        ReadAddress(heard, asked);
        ReadName(heard, asked);
        Weigh(heard, intents, asked);
        return heard;
    }

    // "Parfum Nuit de Tlemcen": a town in a product's name is the product's only beside the rest of the name.
    private static void ReadGoods(List<Word> words, IReadOnlySet<string> goods)
    {
        var named = words.Select(w => w.Folded.Split(' ').Any(part => Lexicon.Bare(part).Any(goods.Contains))).ToList();
        var places = words.Select((w, i) => named[i] && Places.Is(w.Raw)).ToList();
        for (var i = 0; i < words.Count; i++)
            words[i].Explained = named[i] && (!places[i] || Enumerable.Range(Math.Max(0, i - 2), Math.Min(words.Count, i + 3) - Math.Max(0, i - 2)).Any(n => named[n] && !places[n]));
    }

    [GeneratedRegex(@"\?|(?<!\w)(?:ch ?7al|chhal|chal|combien|quand|wa9tech|wach|est ce que|kifach|kifah|win|شحال|بشحال|وقتاش|هل|كيفاش|وين|كم|واش|قداه)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Question();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}'’\-_+°]+|[,;\n]|👍", RegexOptions.CultureInvariant)]
    private static partial Regex Piece();

    /// <summary>The words of a text, nothing explained yet.</summary>
    public static List<Word> Split(string text)
    {
        var words = new List<Word>();
        var chunk = 0;
        foreach (Match piece in Piece().Matches(text.Replace('،', ',').Replace('؛', ';')))
        {
            if (piece.Value is "," or ";" or "\n") chunk++;
            else words.Add(new(piece.Value, Lexicon.Fold(piece.Value).Trim(), chunk));
        }
        return words;
    }

    // 0500 00 00 12, 05.00.00.00.12, +213 (0)500000012, 00213…, 500000012, letter O for 0; Arabic-Indic digits are ASCII after the fold.
    [GeneratedRegex(@"(?<![\w+])(?:\+|00)?(?:213)?[ .\-]?(?:\(0\))?[0o]{0,2}[ .\-]?[5-7](?:[ .\-]?[\do]){8}(?![\do])", RegexOptions.CultureInvariant)]
    private static partial Regex Mobile();

    [GeneratedRegex(@"(?<![\w+])\+?\d(?:[ .\-]?\d){6,13}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"nafs (?:el )?(?:num|ra9m|nemra)\w*|meme numero|hada numero|li rani nekteb|نفس (?:ال)?(?:رقم|نمره)|الرقم هذا|لي راني نكتب", RegexOptions.CultureInvariant)]
    private static partial Regex Same();

    [GeneratedRegex(@"(?:nafs|nefs) (?:el |l )?(?:adresse|blassa|commune|wilaya|ma3loumat|information)|meme (?:adresse|endroit|commune|wilaya|coordonnees|infos?)|(?:nafs|nefs) l? ?(?:infos?|7aja)|نفس (?:ال)?(?:عنوان|بلاصه|بلديه|ولايه|معلومات|مكان)", RegexOptions.CultureInvariant)]
    private static partial Regex SamePlace();

    private static void ReadPhones(Heard heard)
    {
        heard.SameAddress = SamePlace().IsMatch(heard.Folded);
        var text = heard.Folded;
        foreach (Match match in Mobile().Matches(text))
        {
            heard.Phones.Add(new string([.. match.Value.Replace('o', '0').Where(c => char.IsAsciiDigit(c) || c == '+')]));
            text = text.Replace(match.Value, new string(' ', match.Length), StringComparison.Ordinal);
        }
        if (heard.Phones.Count == 0 && Digits().Match(text) is { Success: true } odd && odd.Value.Count(char.IsAsciiDigit) is >= 7 and <= 13 && !Thousands().IsMatch(odd.Value))
            heard.BrokenPhone = odd.Value.Trim();
        heard.SamePhone = Same().IsMatch(heard.Folded);
        // The words of a number are explained, so that its digits are no quantity.
        foreach (var number in Mobile().Matches(heard.Folded).Select(m => m.Value).Concat(heard.BrokenPhone is { } b ? [b] : []))
        {
            var left = new string([.. number.Where(char.IsLetterOrDigit)]);
            for (var i = 0; i < heard.Words.Count; i++)
            {
                var run = "";
                for (var j = i; j < heard.Words.Count && run.Length < left.Length; j++)
                {
                    run += new string([.. heard.Words[j].Folded.Where(char.IsLetterOrDigit)]);
                    if (run != left) continue;
                    for (var k = i; k <= j; k++) heard.Words[k].Explained = true;
                    i = j;
                }
            }
        }
    }

    [GeneratedRegex(@"^\d{1,3}(?:[ .]000)+$", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands();

    [GeneratedRegex(@"(?<!\w)(?:wilaya|wilayat|ولايه)\s*(?:n ?°|رقم)?\s*[:\-]?\s*(\d{1,2})(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex WilayaNumber();

    [GeneratedRegex(@"\d\s*(?:pcs?|pieces?|7abb?a|7abb?at|حبه|حبات|قطع)(?!\w)|(?<!\w)x\s*\d", RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();

    private static void ReadPlaces(Heard heard, AskedFor asked)
    {
        if (WilayaNumber().Match(heard.Folded) is { Success: true } said) heard.WilayaNumber = said.Groups[1].Value;
        else if (asked.Place && !asked.Commune && heard.Words.FirstOrDefault(w => !w.Explained && int.TryParse(w.Folded, out var n) && n is >= 1 and <= 69 && (n > 9 || !asked.Name)) is { } bare && !Pieces().IsMatch(heard.Folded)) heard.WilayaNumber = bare.Folded;
        if (heard.WilayaNumber is { } number)
            foreach (var word in heard.Words.Where(w => w.Folded == number || w.Folded is "wilaya" or "ولايه").Take(2)) word.Explained = true;

        var free = heard.Words.Select(w => w.Explained ? Places.Taken : w.Raw).ToList();
        heard.Places.AddRange(Places.In(free, asked.Place));
        // "يوسف مراد 0500… باب الزوار": a name that some far commune also bears, behind a first name and beside a place of another wilaya.
        heard.Places.RemoveAll(p => p is { IsWilaya: false } && p.Until - p.From == 1 && p.From > 0 && heard.Words[p.From - 1] is { Explained: false } before && before.Chunk == heard.Words[p.From].Chunk
            && !Lexicon.Small.Contains(before.Folded) && !heard.Places.Any(o => o.Until == p.From) && heard.Places.Any(o => o != p && o.Wilaya is { } there && !Places.Holds(there, p.Words)));
        foreach (var place in heard.Places)
            for (var i = place.From; i < place.Until; i++) heard.Words[i].Explained = heard.Words[i].InPlace = true;
    }

    [GeneratedRegex(@"(?<![\w.,])(\d{1,3}(?:[ .,]\d{3})+|\d+(?:[.,]\d)?)\s*(da|dzd|dinars?|دج|د\.ج|دينار|k|alf|alaf|الف|الاف|mille|mlayen|million|millions|melyoun|ملاين|ملايين|مليون)?(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    private static void ReadNumbers(Heard heard)
    {
        if (OrderNo().Match(heard.Folded) is { Success: true } order) heard.OrderNumber = int.Parse(order.Groups[1].Value, CultureInfo.InvariantCulture);
        var masked = heard.Folded;
        foreach (var phone in Mobile().Matches(masked).Select(m => m.Value).ToList().Concat(heard.BrokenPhone is { } b ? [b] : [])) masked = masked.Replace(phone, new string('§', phone.Length), StringComparison.Ordinal);
        foreach (Match match in Number().Matches(masked))
        {
            var unit = match.Groups[2].Value;
            var plain = match.Groups[1].Value;
            var at = heard.Words.ToList().FindIndex(w => !w.InPlace && w.Folded.StartsWith(plain.Split(' ', '.', ',')[0], StringComparison.Ordinal));
            var value = Thousands3().IsMatch(plain) ? double.Parse(new string([.. plain.Where(char.IsAsciiDigit)]), CultureInfo.InvariantCulture) : double.Parse(plain.Replace(',', '.'), CultureInfo.InvariantCulture);
            if (value == heard.OrderNumber) continue;
            int[] readings = unit switch
            {
                "k" => [(int)(value * 1000)],
                "alf" or "الف" => value >= 10 ? [(int)(value * 10), (int)(value * 1000)] : [(int)(value * 1000), (int)(value * 10)],
                "alaf" or "الاف" or "mille" => [(int)(value * 1000), (int)(value * 10)],
                "mlayen" or "million" or "millions" or "melyoun" or "ملاين" or "ملايين" or "مليون" => [(int)(value * 10_000)],
                "" => value >= 200 && value <= 1_000_000 ? [(int)value] : [],
                _ => [(int)value],
            };
            if (readings.Length > 0) heard.Amounts.Add(new(at, readings));
            if (readings.Length > 0 && at >= 0) heard.Words[at].Explained = true;
        }
        for (var i = 0; i < heard.Words.Count; i++)
        {
            var word = heard.Words[i];
            if (word.Explained && !word.InPlace || word.InPlace) continue;
            if (Count().Match(word.Folded) is { Success: true } count && int.TryParse(count.Groups[1].Value, out var n) && n is >= 1 and <= 99)
            {
                heard.Quantities.Add((i, n));
                word.Explained = true;
            }
            else if (Lexicon.In(Lexicon.Numbers, word.Folded) is { } spelled && !(word.Folded is "un" or "une" or "one" && heard.Words.Count > 1 && !heard.Has(Intent.Order)))
            {
                heard.Quantities.Add((i, int.Parse(spelled, CultureInfo.InvariantCulture)));
                word.Explained = true;
            }
        }
    }

    [GeneratedRegex(@"(?<!\w)(?:commande|order|n°|numero de commande|طلب|الطلب|كوموند)\s*#?\s*(\d{3,7})(?!\w)|#(\d{3,7})", RegexOptions.CultureInvariant)]
    private static partial Regex OrderNo();

    [GeneratedRegex(@"^\d{1,3}([ .,]\d{3})+$", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands3();

    [GeneratedRegex(@"^x?(\d{1,2})(?:x|pcs?|pieces?|ح|حبات|حبه)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Count();

    private static readonly HashSet<string> SizeWords = ["taille", "pointure", "size", "ma9as", "mekas", "مقاس", "قياس", "بوانتير", "تاي", "بمقاس", "nelbes", "نلبس"];

    private static void ReadOptions(Heard heard, AskedFor asked, IReadOnlySet<string> signs)
    {
        for (var i = 0; i < heard.Words.Count; i++)
        {
            var word = heard.Words[i];
            if (word.InPlace) continue;
            if (Lexicon.In(Lexicon.Colours, word.Folded) is { } colour) { heard.Colours.Add((i, colour)); word.Explained = true; }
            else if (Lexicon.Sizes.TryGetValue(word.Folded, out var size) && IsSize(heard, i) && !IsInitial(heard, i, asked, signs)) { heard.Sizes.Add((i, size)); word.Explained = true; }
        }
        // 34 to 50 beside "taille", or larger than anybody orders, is a size; so is any number after the word itself.
        foreach (var (at, number) in heard.Quantities.ToList())
        {
            var after = at > 0 && (SizeWords.Contains(heard.Words[at - 1].Folded) || (at > 1 && SizeWords.Contains(heard.Words[at - 2].Folded)));
            if (!after && number is < 34 or > 50) continue;
            if (number is < 3 or > 60) continue;
            heard.Quantities.Remove((at, number));
            heard.Sizes.Add((at, number.ToString(CultureInfo.InvariantCulture)));
        }
    }

    // "Ines M 0500…": a capital behind a name is the first letter of the family's.
    private static bool IsInitial(Heard heard, int i, AskedFor asked, IReadOnlySet<string> signs)
    {
        if (i == 0 || heard.Words[i].Raw is not [var letter] || !char.IsUpper(letter) || !(heard.Phones.Count > 0 || asked.Name || NameSaid().IsMatch(heard.Folded))) return false;
        // "M noire": a size beside its colour, whatever stands before it.
        if (i + 1 < heard.Words.Count && Lexicon.In(Lexicon.Colours, heard.Words[i + 1].Folded) is not null) return false;
        var before = heard.Words[i - 1];
        return !before.Explained && before.Chunk == heard.Words[i].Chunk && before.Folded.Length >= 3 && before.Folded.All(char.IsLetter) && !signs.Contains(before.Folded) && !Lexicon.Small.Contains(before.Folded)
            && !SizeWords.Contains(before.Folded) && Lexicon.In(Lexicon.Goods, before.Folded) is null && Lexicon.In(Lexicon.Colours, before.Folded) is null;
    }

    // "l" and "s" and "m" are also glued articles: a size when in capitals, beside a size word, or nearly alone.
    private static bool IsSize(Heard heard, int i)
    {
        var raw = heard.Words[i].Raw;
        if (raw.Length > 1) return true;
        return raw is "s" or "m" && i + 1 < heard.Words.Count && Lexicon.In(Lexicon.Colours, heard.Words[i + 1].Folded) is not null || char.IsUpper(raw[0]) && raw != "L" || (i > 0 && SizeWords.Contains(heard.Words[i - 1].Folded)) || heard.Words.Count <= 2
            || (raw == "L" && (i == heard.Words.Count - 1 || !char.IsUpper(heard.Words[i + 1].Raw[0])))
            || (raw is "m" && i > 0 && Lexicon.In(Lexicon.Goods, heard.Words[i - 1].Folded) is not null)
            || (i > 0 && Lexicon.In(Lexicon.Colours, heard.Words[i - 1].Folded) is not null && i == heard.Words.Count - 1);
    }

    [GeneratedRegex(@"(?<!\w)(?:domicile|a la maison|maison|l ?dar|ldar|lel dar|hetta l dar|bab dar|dari|home|لدار|للدار|الدار|باب الدار|لباب الدار|المنزل|للمنزل)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Home();

    [GeneratedRegex(@"(?<!\w)(?:bureau|biro|buro|stop ?desk|desk|point relais|agence|(?:لل|ال|ل)?مكتب|(?:لل|ال|ل)?بيرو|(?:لل|ال|ل)?وكاله)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex DeskPlace();

    private static void ReadDelivery(Heard heard)
    {
        var (home, desk) = (Home().IsMatch(heard.Folded), DeskPlace().IsMatch(heard.Folded));
        if (home != desk) heard.Delivery = home ? "home" : "desk";
        foreach (var word in heard.Words.Where(w => Home().IsMatch(w.Folded) || DeskPlace().IsMatch(w.Folded))) word.Explained = true;
    }

    [GeneratedRegex(@"(?<!\w)(?:cite|hay|rue|lot|lotissement|batiment|bt|bat|immeuble|appartement|residence|en face|a cote|pres de|derriere|boulevard|avenue|حي|شارع|نهج|عماره|مسكن|مقابل|قدام|بجانب|حدا|وراء|اقامه|فيلا)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Street();

    private static void ReadAddress(Heard heard, AskedFor asked)
    {
        var chunks = heard.Words.Select((w, i) => (w, i)).GroupBy(p => p.w.Chunk).ToList();
        var parts = new List<string>();
        foreach (var chunk in chunks)
        {
            var folded = string.Join(' ', chunk.Select(p => p.w.Folded));
            if (!Street().IsMatch(folded)) continue;
            var own = AddressIn([.. chunk], nameBefore: asked.Name || heard.Phones.Count > 0);
            parts.Add(string.Join(' ', own.Select(p => p.w.Raw)));
            foreach (var (word, _) in own) word.Explained = true;
            heard.Quantities.RemoveAll(q => own.Any(p => p.i == q.At));
            heard.Amounts.RemoveAll(a => own.Any(p => p.i == a.At));
            heard.Sizes.RemoveAll(s => own.Any(p => p.i == s.At));
            heard.Colours.RemoveAll(s => own.Any(p => p.i == s.At));
        }
        if (parts.Count > 0) heard.Address = string.Join(", ", parts);
        else if (asked.Address && heard.Phones.Count == 0 && !heard.Asks && !heard.Has(Intent.Confirm) && heard.Words.Count >= 2) heard.Address = string.Join(' ', heard.Words.Select(w => w.Raw));
    }

    // "سمية 0500000063 حي السلام": the address begins at "حي" (or the number of the houses before it), the name stands before it, the phone in between.
    private static List<(Word w, int i)> AddressIn(List<(Word w, int i)> chunk, bool nameBefore)
    {
        var street = chunk.FindIndex(p => Street().IsMatch(p.w.Folded));
        if (street < 0) street = 0; // a street word of two words: "en face"
        var from = street;
        while (from > 0 && !IsPhoneWord(chunk[from - 1].w.Folded) && (!nameBefore || chunk[from - 1].w.Folded.Any(char.IsDigit))) from--;
        var until = chunk.FindIndex(street, p => IsPhoneWord(p.w.Folded));
        return chunk[from..(until < 0 ? chunk.Count : until)];
    }

    private static bool IsPhoneWord(string folded) => folded.Count(char.IsAsciiDigit) >= 7;

    [GeneratedRegex(@"(?<!\w)(?:smiti|ismi|esmi|je m appelle|moi c est|nom|le nom|nom et prenom|اسمي|سميتي|الاسم|اسم|ismi houwa)\s*[:\-]?\s*(?<name>\p{L}{2,}(?: \p{L}+){0,3})", RegexOptions.CultureInvariant)]
    private static partial Regex NameSaid();

    private static void ReadName(Heard heard, AskedFor asked)
    {
        if (NameSaid().Match(heard.Folded) is { Success: true } said)
        {
            var wanted = said.Groups["name"].Value.Split(' ');
            var at = heard.Words.ToList().FindIndex(w => w.Folded == wanted[0]);
            var name = at < 0 ? [] : heard.Words.Skip(at).Take(wanted.Length).TakeWhile((w, i) => i == 0 || (!w.InPlace && w.Chunk == heard.Words[at].Chunk && (!w.Explained || IsLetterOfName(heard, at + i)))).ToList();
            if (name.Count > 0)
            {
                heard.Name = string.Join(' ', name.Select(w => w.Raw));
                foreach (var word in name) word.Explained = true;
                return;
            }
        }
        // Unexplained words in a row are the name when it was asked for, or when they stand beside a number or a place.
        var beside = heard.Phones.Count > 0 || asked.Name;
        if (!beside && !(heard.Has(Intent.Order) && heard.Places.Count > 0)) return;
        if (heard.Phones.Count == 0 && (heard.Asks || Elsewhere.Any(heard.Has))) return;
        foreach (var run in Runs(heard))
        {
            if (run.Count is < 1 or > 4 || run.Where((w, i) => i == 0 || i < run.Count - 1 || w.Folded.Length > 1).Any(w => w.Folded.Length < 2 || w.Folded.Any(char.IsDigit) || Lexicon.In(Lexicon.Goods, w.Folded) is not null)) continue;
            // Beside a place alone only two words between commas are believed.
            if (!beside && (run.Count < 2 || heard.Words.Count(w => w.Chunk == run[0].Chunk) != run.Count)) continue;
            var next = heard.Words.ToList().IndexOf(run[^1]) + 1;
            if (next < heard.Words.Count && heard.Words[next].Chunk == run[0].Chunk && IsLetterOfName(heard, next)) run.Add(heard.Words[next]);
            heard.Name = string.Join(' ', run.Select(w => w.Raw));
            foreach (var word in run) word.Explained = true;
            return;
        }
    }

    // Who talks about something else does not tell a name in the words nobody knows.
    private static readonly Intent[] Elsewhere = [Intent.Later, Intent.Cancel, Intent.Remove, Intent.Exchange, Intent.OpenParcel, Intent.Tracking, Intent.Quality, Intent.Store, Intent.Payment, Intent.Photo, Intent.DeliveryTime, Intent.But];

    // "Sarah B": a capital, or a small letter with nothing but the number behind it ("b" alone is also "in").
    private static bool IsLetterOfName(Heard heard, int i)
    {
        if (heard.Words[i].Raw is not [var letter] || !char.IsLetter(letter) || heard.Sizes.Any(s => s.At == i)) return false;
        return char.IsUpper(letter) || i + 1 >= heard.Words.Count || heard.Words[i + 1].Chunk != heard.Words[i].Chunk || heard.Words[i + 1].Folded.All(char.IsDigit);
    }

    /// <summary>Words nobody explained, in rows; a product's name is taken out by whoever knows the catalogue, before this matters.</summary>
    public static IEnumerable<List<Word>> Runs(Heard heard)
    {
        var run = new List<Word>();
        foreach (var word in heard.Words)
        {
            if (run.Count > 0 && (word.Explained || word.Chunk != run[^1].Chunk)) { yield return run; run = []; }
            if (!word.Explained) run.Add(word);
        }
        if (run.Count > 0) yield return run;
    }

    /// <summary>The heaviest intent leads; what only the pieces show is added.</summary>
    private static void Weigh(Heard heard, Dictionary<Intent, int> intents, AskedFor asked)
    {
        if (heard.Phones.Count > 0 || heard.BrokenPhone is not null || heard.SamePhone) Put(Intent.Phone, 5);
        if (heard.WilayaNumber is not null || heard.Address is not null) Put(Intent.Address, 5);
        else if (heard.Places.Count > 0) Put(Intent.Address, 3);
        if (intents.ContainsKey(Intent.DeliveryFee) && intents.ContainsKey(Intent.Price)) Put(Intent.DeliveryFee, 5);
        if (heard.HasOptions) Put(Intent.SizeColor, 2);
        // "ch7al zouj robes?" asks, it does not order.
        if (heard.Quantities.Count > 0 && !intents.ContainsKey(Intent.Price) && !intents.ContainsKey(Intent.DeliveryFee) && heard.Words.Any(w => Lexicon.In(Lexicon.Goods, w.Folded) is not null)) Put(Intent.Order, 4);
        if (heard.Folded is "la" or "lala" or "non" or "لا" or "لالا" or "no" or "nn") Put(Intent.No, 9);
        // "dir" and "نقص" bargain only beside an amount or by themselves, "chaba" praises; a clear order outweighs them.
        if (BareDir().IsMatch(heard.Folded) && heard.Amounts.Count == 0 && intents.GetValueOrDefault(Intent.Negotiate) == 6 && !OtherBargain().IsMatch(heard.Folded)) intents.Remove(Intent.Negotiate);
        if (!heard.Asks && intents.ContainsKey(Intent.Order)) intents.Remove(Intent.Quality);
        // "à payer à la livraison ?" asks how, not what the delivery costs.
        if (intents.ContainsKey(Intent.Payment) && OnDelivery().Replace(heard.Folded, " ") is var without && without != heard.Folded && !Clues.In(without).Intents.ContainsKey(Intent.DeliveryFee)) intents.Remove(Intent.DeliveryFee);
        if (heard.Amounts.Count > 0 && (intents.ContainsKey(Intent.But) || intents.ContainsKey(Intent.Confirm))) Put(Intent.Negotiate, 7);
        // "machi arnaque?" fears and does not accuse.
        if (heard.Asks && Fear().IsMatch(heard.Folded) && intents.Remove(Intent.Complaint)) Put(Intent.Quality, 9);
        // "original" is no order, "je prends" is one even with "combien" beside it.
        heard.Main = intents.Count == 0 ? Intent.None : intents.OrderByDescending(p => p.Value).ThenBy(p => Array.IndexOf(Precedence, p.Key) is var k && k < 0 ? 99 : k).First().Key;

        void Put(Intent intent, int weight) => intents[intent] = Math.Max(weight, intents.GetValueOrDefault(intent));
    }

    [GeneratedRegex(@"(?:a|en|lors de) la livraison|(?:عند|مع|وقت) التوصيل|ki tousel|ki tewsel", RegexOptions.CultureInvariant)]
    private static partial Regex OnDelivery();

    private static readonly Intent[] Precedence = [Intent.Order, Intent.DeliveryFee, Intent.Address, Intent.Confirm, Intent.Price, Intent.SizeColor, Intent.Availability, Intent.Budget, Intent.DeliveryTime, Intent.Greeting];

    [GeneratedRegex(@"(?<!\w)(?:machi|mouch|pas|ماشي|مش|موش) (?:une |d |de l )?(?:arnaque|scam|نصب|احتيال|نصابين)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Fear();

    [GeneratedRegex(@"(?<!\w)(?:dir|دير)(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex BareDir();

    [GeneratedRegex(@"souma|na9|remise|promo|ghal|cher|نقص|غالي|سومه|تخفيض", RegexOptions.CultureInvariant)]
    private static partial Regex OtherBargain();
}
