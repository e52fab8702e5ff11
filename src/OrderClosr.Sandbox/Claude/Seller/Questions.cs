using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>Answers: price, what there is, photos, delivery, and what only the shop's own rules can say.</summary>
internal sealed partial class Deciding
{
    private bool Buys => (_heard.Has(Intent.Order) && _heard.Main != Intent.HowToOrder && !_heard.Has(Intent.HowToOrder)) || _heard.Has(Intent.Change);
    private bool AsksStock => _heard.Has(Intent.Availability) || (_heard.Intents.GetValueOrDefault(Intent.SizeColor) > 2 && (_heard.Asks || _heard.Main == Intent.SizeColor && !_heard.HasOptions));
    private bool AsksDelivery => (_heard.Has(Intent.DeliveryFee) || _heard.Has(Intent.DeliveryTime)) && !ChoosesWay && !AgreesBut || (_scene.Draft is null && AgreedPlace() is not null);

    // "oui mais livrez jeudi" is a wish beside a yes; it asks nothing.
    private bool AgreesBut => _heard.Has(Intent.But) && _heard.Has(Intent.Confirm) && !_heard.Asks && !_heard.Has(Intent.Price);

    // "stop desk oran" in a talk about buying chooses a way; it asks no price.
    private bool ChoosesWay => _heard.Delivery is not null && !_heard.Asks && !_heard.Has(Intent.Price) && !_heard.Has(Intent.DeliveryTime) && (_scene.Draft is not null || Wants || Buys);

    private void Questions()
    {
        var mentions = _goods.In(_heard.Words);
        var topic = Topic(mentions);
        if (_scene.HasPhoto && mentions.Count == 0) _answers.Add(Say(Lines.CannotSee));
        if (_heard.Has(Intent.HowToOrder)) _answers.Add(Say(Lines.HowToOrder));
        if (_heard.Has(Intent.Photo) && !_heard.Has(Intent.Price)) Photo(topic);
        var delivery = AsksDelivery;
        if (_heard.Has(Intent.Price) && !delivery || _heard.Main == Intent.Budget) Price(mentions, topic);
        else if (_heard.Has(Intent.Price) && mentions.Count > 0) Price(mentions, topic); // the price of a good beside that of the delivery
        if (AsksStock && !(delivery && mentions.Count == 0) && !Buys && !Chooses(topic)) Stock(mentions, topic);
        if (delivery) Delivery();
        if (_heard.Has(Intent.Negotiate) && _heard.Amounts.Count == 0) KeepPrice(topic);
        if (_heard.Has(Intent.Payment) && !_heard.Has(Intent.OpenParcel) && _heard.Main is Intent.Payment && !OtherMeans().IsMatch(_heard.Folded)) _answers.Add(Say(Lines.OnDelivery));
        else if (_heard.Main is Intent.Payment) Policy(Lines.OnDelivery, "paiement", "payer", "ccp", "baridi", "الدفع");
        if (_heard.Has(Intent.OpenParcel)) Policy(RuleSays(MayOpen()) is null ? Lines.NoInfo : Lines.MayOpen, "ouvrir", "vérif", "فتح", "ouverture");
        if (_heard.Has(Intent.Exchange) && RuleSays(ExchangeDays()) is { } exchange) _answers.Add(Say(Lines.MayExchange, exchange.Groups["days"].Value));
        else if (_heard.Has(Intent.Exchange)) Policy(Lines.NoInfo, "échange", "echange", "retour", "تبديل", "ترجيع", "رجوع");
        // Who fears to be cheated hears what protects them.
        if (_heard.Main == Intent.Quality && Fears().IsMatch(_heard.Folded))
        {
            _answers.Add(Say(Lines.OnDelivery));
            if (RuleSays(MayOpen()) is not null) _answers.Add(Say(Lines.MayOpen));
        }
        else if (_heard.Main == Intent.Quality) Policy(Lines.NoInfo, "garantie", "original", "qualité", "ضمان", "أصلي");
        if (_heard.Main is Intent.Store or Intent.AskContact) Policy(Lines.NoInfo, "adresse", "magasin", "boutique située", "عنوان", "المحل");
        // A question of which no word is known, in the middle of an order: better an honest answer than the next form field.
        if (_answers.Count == 0 && _next is null && !_tools.Waits && _scene.Draft is not null && _heard is { Main: Intent.None, HasData: false, HasOptions: false, Delivery: null } && _heard.Quantities.Count + _heard.Amounts.Count == 0
            && _scene.Words.AsSpan().IndexOfAny('?', '؟') >= 0 && mentions.Count == 0 && Reading.Runs(_heard).Sum(r => r.Count) >= 3) _answers.Add(Say(Lines.NoInfo));
        if (_answers.Count == 0 && !_tools.Waits && !_heard.HasData && !Buys && _heard.Main == Intent.Greeting && _scene.Draft is null) _answers.Add(Say(Lines.Hello, ShopName));
    }

    [GeneratedRegex(@"ccp|baridi|carte|dahabia|edahabia|virement|tranche|facilite|بريدي|ذهبيه|كارط|تقسيط", RegexOptions.CultureInvariant)]
    private static partial Regex OtherMeans();

    private void Price(IReadOnlyList<Mention> mentions, Good? topic)
    {
        var asked = mentions.Count > 0 ? mentions.Select(m => m.Good).Distinct().Take(3).ToList() : topic is null ? [] : [topic];
        if (asked.Count == 0)
        {
            if (UnknownGoods()) _answers.Add(Say(Lines.NotSold));
            WhichOne(withPrices: true);
            return;
        }
        foreach (var good in asked)
        {
            var fitting = Fitting(good, OptionsHeard()).FirstOrDefault();
            if ((fitting?.Price ?? good.Price) is { } price) _answers.Add(Say(Lines.Price, good.Name + (fitting is not null && OptionsHeard().Count > 0 ? $" ({fitting.Name})" : ""), Money(price)));
        }
        var options = OptionsHeard();
        if (!AsksStock && asked.Count == 1 && options.Count > 0 && asked[0].Variants.Count > 0 && !Fitting(asked[0], options).Any(v => v.Available))
        {
            _answers.Add(Say(Lines.NotThisOption, asked[0].Name, _register.List(OptionWords())));
            if (!asked[0].IsOut) _next ??= Say(Lines.StillThere, _register.List(asked[0].Choices()));
        }
        if (!Buys && !AsksStock && _scene.Draft is null && asked.Count == 1 && !asked[0].IsOut && !_heard.HasData) _next ??= Offer(asked[0]);
    }

    private void Stock(IReadOnlyList<Mention> mentions, Good? topic)
    {
        if (mentions.Count == 0 && UnknownGoods()) { _answers.Add(Say(Lines.NotSold)); WhichOne(withPrices: false); return; }
        if (topic is null) { WhichOne(withPrices: false); return; }
        var options = OptionsHeard();
        var fitting = Fitting(topic, options).ToList();
        if (topic.IsOut) _answers.Add(Say(Lines.Out, topic.Name));
        else if (options.Count > 0 && !fitting.Any(v => v.Available) && topic.Variants.Count > 0)
        {
            _answers.Add(Say(Lines.NotThisOption, topic.Name, _register.List(OptionWords())));
            _answers.Add(Say(Lines.StillThere, _register.List(topic.Choices())));
        }
        else
        {
            var there = options.Count > 0 ? [.. fitting.Where(v => v.Available).Select(v => v.Name).Where(n => n.Length > 0)] : topic.Choices();
            _answers.Add(there.Count > 0 ? Say(Lines.Available, topic.Name, _register.List(there)) : Say(Lines.AvailableSimply, topic.Name));
            if (_scene.Draft is null && !_heard.HasData) _next ??= Say(Lines.WantIt);
        }
    }

    // "3andkom casque bluetooth?" in a shop of dresses: words that name goods, and none of ours.
    private bool UnknownGoods() => _heard.Words.Any(w => Lexicon.In(Lexicon.Goods, w.Folded) is not null && !w.InPlace) || (_heard.Asks && _heard.Main == Intent.Availability && !_heard.HasOptions && Reading.Runs(_heard).Any());

    private void WhichOne(bool withPrices)
    {
        var shown = _goods.All.Where(g => !g.IsOut).Take(4).Select(g => withPrices && g.Price is { } p ? $"{g.Name} ({Money(p)})" : g.Name).ToList();
        if (shown.Count > 0) _answers.Add(Say(Lines.WhichOne, _register.List(shown)));
    }

    private string Offer(Good good) => good.Available.Count() > 1 && OptionsHeard().Count == 0 && OptionsBefore().Aggregate(good.Available.ToList(), (left, o) => left.Where(v => v.Fits(o)).ToList() is { Count: > 0 } fewer ? fewer : left).Count > 1 ? Say(Lines.ChooseVariant, good.Name, _register.List(good.Choices())) : Say(Lines.WantIt);

    private void Photo(Good? topic)
    {
        if (topic is null) { WhichOne(withPrices: false); return; }
        if (_tools.Use("show_product", new() { ["product"] = topic.Name }) is not { } shown) return;
        _answers.Add(!shown.IsError && shown.Result.Whole("photos") is > 0 ? Say(Lines.PhotosSent, topic.Name) : Say(Lines.NoPhotos, topic.Name));
    }

    private void Delivery()
    {
        var (wilaya, commune, fallback) = Place();
        wilaya ??= _scene.Draft.Text("wilaya");
        commune ??= _heard.Places.Count == 0 && _heard.WilayaNumber is null ? _scene.Draft.Text("commune") : null;
        if (wilaya is null && commune is null && PlaceBefore() is { } before) wilaya = before.Words;
        if ((wilaya ?? commune) is not { } place) { _answers.Add(Say(Lines.AskPlaceForFee)); return; }
        var input = new JsonObject { ["wilaya"] = wilaya ?? commune };
        if (wilaya is not null && commune is not null) input["commune"] = commune;
        if (_tools.Use("quote_delivery", input) is not { } quote) return;
        if (quote.Error is "place_unknown" or "place_ambiguous" && wilaya is null && fallback is not null)
        {
            if (_tools.Use("quote_delivery", new() { ["wilaya"] = fallback, ["commune"] = commune }) is not { } again) return;
            quote = again;
        }
        if (quote.IsError) { PlaceTrouble(quote, place); return; }
        Quote(quote.Result, place);
    }

    private void Quote(JsonNode? quote, string place)
    {
        var (home, desk) = ((quote as JsonObject)?["home"] as JsonObject, (quote as JsonObject)?["desk"] as JsonObject);
        var fees = new List<string>();
        if (home?.Whole("fee") is { } toHome) fees.Add(Say(Lines.FeeHome, Money(toHome)));
        if (desk?.Whole("fee") is { } toDesk) fees.Add(Say(Lines.FeeDesk, Money(toDesk)));
        var name = quote.Text("commune") ?? quote.Text("wilaya") ?? place;
        if (fees.Count == 0) { _answers.Add(Say(Lines.NotServed, name)); return; }
        _answers.Add(Say(Lines.Fee, name, _register.List(fees)));
        if ((home ?? desk).Text("days") is { Length: > 0 } days) _answers.Add(Say(Lines.Days, days));
        if (quote.Whole("free_from") is { } free) _answers.Add(Say(Lines.FreeFrom, Money(free)));
    }

    private void PlaceTrouble(ToolAnswer answer, string place)
    {
        if (answer.Suggestions.Count > 0 && answer.Error != "not_served") _answers.Add(Say(Lines.PlaceWhich, _register.List(answer.Suggestions.Take(4))));
        else _answers.Add(Say(answer.Error == "not_served" ? Lines.NotServed : Lines.PlaceUnknown, place));
    }

    private void KeepPrice(Good? topic)
    {
        if (AsksDelivery && _heard.Main != Intent.Negotiate) return;
        var price = _scene.Draft.Objects("items").LastOrDefault()?.Whole("unit_price") ?? topic?.Price;
        // The price was just named in this very answer.
        _answers.Add(price is { } p && !_answers.Any(a => a.Contains(Money(p), StringComparison.Ordinal)) ? Say(Lines.PriceStays, Money(p)) : Say(Lines.PriceStaysSimply));
    }

    [GeneratedRegex("arnaque|scam|نصب|احتيال|khayef|khayfa|خايف|confiance|ثقه|serieux", RegexOptions.CultureInvariant)]
    private static partial Regex Fears();

    [GeneratedRegex(@"peut ouvrir|peuvent ouvrir|ouverture (?:du colis )?(?:autorisée|possible)|يمكن فتح|تقدر تحل|تقدرو تحلو|يمكنك فتح", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MayOpen();

    [GeneratedRegex(@"(?:échange|retour|تبديل|استبدال)[^.\n]{0,40}?(?<days>\d{1,2}) ?(?:jours|j\b|أيام|ايام|يوم)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ExchangeDays();

    // What the shop's block says, whatever its language.
    private Match? RuleSays(Regex rule) => ClaudeWire.Blocks(_scene.Request["system"]).Skip(1).Select(b => rule.Match(b.Text("text") ?? "")).FirstOrDefault(m => m.Success);

    // A line of the shop's own rules when one speaks of it in the customer's script; else what is true of every order, or an honest "not sure".
    private void Policy(Line otherwise, params string[] words)
    {
        var arabic = _register is Register.Darja or Register.Arabic;
        var line = _scene.System.Split('\n').Select(l => l.Trim(' ', '-', '*', '•')).FirstOrDefault(l => l.Length is > 10 and < 200
            && words.Any(w => l.Contains(w, StringComparison.OrdinalIgnoreCase)) && l.Any(c => c is >= '\u0600' and <= '\u06FF') == arabic && IsShopsRule(l));
        _answers.Add(line is not null && _register != Register.Arabizi ? Say(Lines.ShopSays, line) : Say(otherwise));
    }

    // Only the workspace block is the shop's; it comes after the platform's rules, and is written in French or Arabic.
    private bool IsShopsRule(string line) => ClaudeWire.Blocks(_scene.Request["system"]).Skip(1).Any(b => b.Text("text")!.Contains(line, StringComparison.Ordinal)) && !line.Contains('{', StringComparison.Ordinal);
}
