using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>From words to the draft: which goods, how many, for whom, where to, at what price.</summary>
internal sealed partial class Deciding
{
    private int? _offer;
    private bool _offerRefused;

    /// <summary>Saves what was said; the draft as the tool answered it, the old one, or null when nothing is being bought.</summary>
    private JsonObject? Ordering()
    {
        var mentions = _goods.In(_heard.Words);
        var topic = Topic(mentions);
        var draft = _scene.Draft;
        var goesOn = draft is not null || Buys || Accepts() || Chooses(topic) || Offered(topic) is not null;
        var gives = !JustOrdered && (_heard.Phones.Count > 0 || (_heard.HasData && !AsksDelivery && (topic is not null && (_asked.Name || _asked.Phone) || !_heard.Asks && Wants)));
        if (!goesOn && !gives)
        {
            Orphans(mentions, topic);
            return null;
        }

        var fields = new JsonObject();
        if (Items(mentions, topic) is { Count: > 0 } items) fields["items"] = items;
        Data(fields);
        Known(fields);
        if (Remark() is { } remark) fields["note"] = remark;
        if (fields.Count == 0 && draft is null && _next is null && _answers.Count == 0) WhichOne(withPrices: true);
        var saved = fields.Count == 0 ? draft : Save(fields);
        if (_tools.Waits) return null;
        saved = AddKnown(saved);
        if (_tools.Waits) return null;
        if ((fields["items"] is not null || _scene.HasCart) && saved is not null && !saved.Is("ready") && _answers.Count == 0 && saved.Objects("items").ToList() is { Count: > 0 } lines)
            _answers.Add(Say(Lines.Noted, _register.List(lines.Select(l => $"{l.Whole("quantity")} × {l.Text("product")}{(l.Text("variant") is { Length: > 0 } v ? $" ({v})" : "")}"))));
        if (fields["note"] is not null && saved.Text("note") is not null) _answers.Add(Say(Lines.Remark));
        if (_offer is { } offered && !_offerRefused && saved.Objects("items").Any(i => i.Whole("unit_price") == offered)) _answers.Add(Say(Lines.Deal, Money(offered)));
        return saved;
    }

    // "Oui" to "je vous la réserve ?"; there is no draft yet.
    private bool Accepts() => _scene.Draft is null && _heard.Has(Intent.Confirm) && !_heard.Asks && _scene.History.Count > 0 && !JustOrdered && (Wants || Orders.All(o => !o.Is("can_change")));

    private bool HasItems => _scene.Draft.Objects("items").Any();

    // The last word of the shop was that an order stands; what comes now belongs to it.
    private bool JustOrdered => _scene.Draft is null && _scene.LastSaid.Contains(Done, StringComparison.Ordinal);

    // The customer chose or ordered something in this talk, or was just asked which one or whether to reserve it.
    private bool Wants => Earlier().Any(h => h.HasOptions || h.Has(Intent.Order)) || new[] { Lines.WantIt, Lines.WantIt.Again! }.Any(l => _scene.LastSaid.Contains(l.In(_register), StringComparison.Ordinal));

    private const string Done = "✅";

    // "M ka7la" to "which one?", or after "nheb zouj robes": a choice is an order.
    private bool Chooses(Good? topic) => topic is not null && !HasItems && !JustOrdered && (_heard.HasOptions || _heard.Quantities.Count > 0) && !_heard.Asks && !_heard.Has(Intent.Availability) && !_heard.Has(Intent.Price)
        && (Wants || (_scene.LastSaid.Contains(topic.Name, StringComparison.Ordinal) && _scene.LastSaid.AsSpan().IndexOfAny('?', '؟') >= 0));

    // A message that is no order and no question the seller knows: options for what was talked about, a bare name of goods, data for nothing.
    private void Orphans(IReadOnlyList<Mention> mentions, Good? topic)
    {
        if (_answers.Count > 0 || _next is not null) return;
        if (_scene.HasCart && _heard.Words.Count == 0) { WhichOne(withPrices: true); return; } // a cart of goods the shop no longer has
        if (mentions.Count > 0 || (topic is not null && _heard.HasOptions))
        {
            if (_heard.HasOptions) Stock(mentions, topic);
            else Price(mentions, topic);
        }
        else if (_heard.Places.Count > 0 || _heard.WilayaNumber is not null) Delivery();
        else if (_heard.Main == Intent.Greeting) _answers.Add(Say(Lines.Hello, ShopName));
        else if (_heard.Main == Intent.Thanks) _answers.Add(Say(Lines.Thanks));
        else if (_heard.Main == Intent.Confirm) _answers.Add(Say(Lines.Thanks));
        else if (topic is not null && _heard.Amounts.Count > 0) { KeepPrice(topic); _next ??= Offer(topic); }
        else if (Lines.NotUnderstood.Again is { } twice && _scene.LastSaid.Contains(twice.In(_register), StringComparison.Ordinal)) HandOver("unclear");
        else _answers.Add(Say(Lines.NotUnderstood));
    }

    private List<string> OptionsHeard()
    {
        // Of several colours the last one counts when something is changed ("the red one to blue").
        var colours = _heard.Colours.Select(c => c.Colour).ToList();
        var sizes = _heard.Sizes.Select(s => s.Size).ToList();
        return [.. colours.Count > 0 ? [colours[^1]] : Array.Empty<string>(), .. sizes.Count > 0 ? [sizes[^1]] : Array.Empty<string>()];
    }

    private List<string> OptionWords() => [.. _heard.Colours.TakeLast(1).Select(c => _heard.Words[c.At].Raw), .. _heard.Sizes.TakeLast(1).Select(s => s.Size.ToUpperInvariant())];

    private static IEnumerable<GoodVariant> Fitting(Good good, IReadOnlyList<string> options) => good.Variants.Where(v => options.Where(o => !good.Shows(o)).All(v.Fits));

    /// <summary>The lines of the order after this message; null when they stay as they are.</summary>
    private JsonArray? Items(IReadOnlyList<Mention> mentions, Good? topic)
    {
        var lines = _scene.Draft.Objects("items").Select(i => (Product: i.Text("product") ?? "", Variant: i.Text("variant"), Quantity: i.Whole("quantity") ?? 1, Price: Lowered(i))).ToList();
        var asks = (_heard.Asks || _heard.Has(Intent.Availability) || _heard.Has(Intent.Price)) && !Buys;
        _offer = Offered(topic) ?? OfferBefore(topic);
        var removed = Removed(mentions);
        if (removed is not null && lines.RemoveAll(l => l.Product == removed.Good.Name) > 0 && lines.Count == 0) { _next = Say(Lines.WhatToChange); return null; }
        var wanted = removed is not null && mentions.Count == 1 ? [] : Wishes(asks ? [] : [.. mentions.Where(m => m != removed)], topic, lines.Count > 0, asks);
        if (wanted.Count == 0 && _offer is null && removed is null) return null;

        var replaces = _heard.Has(Intent.Change) && mentions.Count > 0 && lines.Count == 1;
        foreach (var (good, options, quantity) in wanted)
        {
            var at = lines.FindIndex(l => l.Product == good.Name);
            // Several colours of one article in one message are several lines.
            if (at >= 0 && wanted.Count(w => w.Good == good) > 1) at = lines.FindIndex(l => l.Product == good.Name && options.All(o => new GoodVariant(l.Variant ?? "", null, true).Fits(o)));
            var old = at >= 0 ? lines[at].Variant : null;
            if (!Resolve(good, options, old, out var variant))
            {
                if (_offer is not null && _next is not null) _next = Say(Lines.ChooseForPrice, good.Name, _register.List(good.Choices()));
                return null;
            }
            var line = (good.Name, variant, quantity ?? (at >= 0 ? lines[at].Quantity : QuantityBefore(good) ?? 1), at >= 0 ? lines[at].Price : null);
            if (at >= 0) lines[at] = line;
            else if (replaces) lines[0] = line;
            else lines.Add(line);
        }
        if (lines.Count == 0) return null;
        if (_offer is { } offer) lines[^1] = lines[^1] with { Price = offer };
        return new([.. lines.Select(l =>
        {
            var item = new JsonObject { ["product"] = l.Product };
            if (!string.IsNullOrEmpty(l.Variant)) item["variant"] = l.Variant;
            item["quantity"] = l.Quantity;
            if (l.Price is { } price) item["unit_price"] = price;
            return (JsonNode)item;
        })]);
    }

    // "na7i l hijab": the article behind the word, else the one before it.
    private Mention? Removed(IReadOnlyList<Mention> mentions)
    {
        if (!_heard.Has(Intent.Remove) || mentions.Count == 0) return null;
        var at = _heard.Words.ToList().FindIndex(w => Clues.In(w.Folded).Intents.ContainsKey(Intent.Remove));
        return mentions.Where(m => m.At > at).OrderBy(m => m.At).FirstOrDefault() ?? mentions[^1];
    }

    // A price offered before the size was chosen: it is tried with the choice.
    private int? OfferBefore(Good? topic) => topic?.Price is { } ours && !HasItems && Says(Lines.ChooseForPrice)
        && Earlier().Where(h => h.Amounts.Count > 0).Select(h => (int?)Nearest(h.Amounts[^1], ours)).FirstOrDefault() is { } said && said < ours ? said : null;

    private static int Nearest(SaidAmount amount, int ours) => amount.Readings.MinBy(r => Math.Abs(Math.Log((double)r / ours)));

    // A price that was lowered before is asked for again, or the tool would put the full one back.
    private int? Lowered(JsonObject item)
    {
        var good = _goods.Named(item.Text("product"));
        var full = good?.Variants.FirstOrDefault(v => v.Name == item.Text("variant"))?.Price ?? good?.Price;
        return item.Whole("unit_price") is { } price && full is { } f && price < f ? price : null;
    }

    /// <summary>Goods this message asks for, with their options and number; each piece belongs to the article it stands beside.</summary>
    private List<(Good Good, List<string> Options, int? Quantity)> Wishes(IReadOnlyList<Mention> mentions, Good? topic, bool hasLines, bool asks)
    {
        var changes = _heard.HasOptions || _heard.Quantities.Count > 0;
        if (mentions.Count == 0)
        {
            var counts = asks && _offer is null ? false : hasLines ? changes : Buys || Accepts() || _heard.HasData || Chooses(topic) || _offer is not null;
            if (topic is null || !counts) return [];
            if (_heard.Colours.Count > 1 && _heard.Quantities.Count == _heard.Colours.Count && !_heard.Has(Intent.Change))
                return [.. _heard.Colours.Select((c, i) => (topic, new List<string> { c.Colour }, (int?)_heard.Quantities[i].Number))];
            return [(topic, OptionsHeard(), _heard.Quantities.Count > 0 ? _heard.Quantities[^1].Number : null)];
        }
        var list = mentions.GroupBy(m => m.Good).Select(g => g.OrderBy(m => m.At).First()).OrderBy(m => m.At).ToList();
        if (list.Count == 1 && _heard.Colours.Count > 1 && _heard.Quantities.Count == _heard.Colours.Count && !_heard.Has(Intent.Change))
            return [.. _heard.Colours.Select((c, i) => (list[0].Good, new List<string> { c.Colour }, (int?)_heard.Quantities[i].Number))];
        if (list.Count == 1) return [(list[0].Good, OptionsHeard(), _heard.Quantities.Count > 0 ? _heard.Quantities[^1].Number : null)];
        return [.. list.Select((m, n) =>
        {
            bool Mine(int at) => (n == 0 || at > m.At) && (n == list.Count - 1 || at < list[n + 1].At);
            var options = _heard.Colours.Where(c => Mine(c.At)).Select(c => c.Colour).Concat(_heard.Sizes.Where(s => Mine(s.At)).Select(s => s.Size)).ToList();
            // A number right before an article counts that article, whatever came before it.
            var before = _heard.Quantities.Where(q => q.At < m.At && m.At - q.At <= 2).Select(q => (int?)q.Number).LastOrDefault();
            return (m.Good, options, before ?? _heard.Quantities.Where(q => q.At > m.At && Mine(q.At) && !list.Skip(n + 1).Any(o => o.At - q.At is > 0 and <= 2)).Select(q => (int?)q.Number).FirstOrDefault());
        })];
    }

    /// <summary>The one variant that fits; false when the customer must choose or it is not there (and that is said).</summary>
    private bool Resolve(Good good, IReadOnlyList<string> options, string? old, out string? variant)
    {
        variant = null;
        if (good.Variants.Count == 0) return true;
        var fitting = Fitting(good, options).ToList();
        if (fitting.Count == 0)
        {
            _answers.Add(Say(Lines.NotThisOption, good.Name, _register.List(OptionWords())));
            _answers.Add(Say(Lines.StillThere, _register.List(good.Choices())));
            return false;
        }
        if (options.Count == 0 && old is { Length: > 0 }) { variant = old; return true; }
        // A changed size keeps the colour, a changed colour keeps the size.
        if (fitting.Count > 1 && old is { Length: > 0 })
        {
            int Shared(GoodVariant v) => v.Name.Split('/', StringSplitOptions.TrimEntries).Intersect(old.Split('/', StringSplitOptions.TrimEntries), StringComparer.OrdinalIgnoreCase).Count();
            var most = fitting.Max(Shared);
            if (most > 0) fitting = [.. fitting.Where(v => Shared(v) == most)];
        }
        foreach (var option in OptionsBefore())
            if (fitting.Count > 1 && fitting.Where(v => v.Fits(option)).ToList() is { Count: > 0 } narrower) fitting = narrower;
        var there = fitting.Where(v => v.Available).ToList();
        if (there.Count == 0)
        {
            _answers.Add(good.IsOut ? Say(Lines.Out, good.Name) : Say(Lines.NotThisOption, good.Name, _register.List(fitting.Select(v => v.Name).Take(2))));
            if (!good.IsOut) _answers.Add(Say(Lines.StillThere, _register.List(good.Choices())));
            return false;
        }
        if (there.Count == 1) { variant = there[0].Name; return true; }
        _next = Say(Lines.ChooseVariant, good.Name, _register.List(there.Count == good.Available.Count() ? good.Choices() : [.. there.Select(v => v.Name)]));
        return false;
    }

    // Earlier bubbles of the same wish: "nheb robe noire" … "L".
    private IEnumerable<string> OptionsBefore() => Earlier().SelectMany(h => h.Colours.Select(c => c.Colour).Concat(h.Sizes.Select(s => s.Size)));

    // "ch7al zouj hijab?" … "beige": how many was said with the question; of several articles each has its own number before it.
    private int? QuantityBefore(Good good)
    {
        foreach (var heard in Earlier().Where(h => h.Quantities.Count > 0 && (h.Has(Intent.Order) || h.Has(Intent.Price))))
        {
            var named = _goods.In(heard.Words);
            if (named.Count == 0 ? !HasItems : named.Count == 1 && named[0].Good.Name == good.Name) return heard.Quantities[^1].Number;
            if (named.FirstOrDefault(m => m.Good.Name == good.Name) is { } mention) return heard.Quantities.Where(q => mention.At - q.At is 1 or 2).Select(q => (int?)q.Number).FirstOrDefault();
        }
        return null;
    }

    private IReadOnlyList<Heard> Earlier() => _earlier ??= [.. _scene.History.Reverse().TakeWhile(h => h.Role == "user" || !h.Text.Contains(Done, StringComparison.Ordinal)).Where(h => h.Role == "user").Take(6).Select(h => ReadEarlier(h.Text))];

    private IReadOnlyList<Heard>? _earlier;

    private Heard ReadEarlier(string text)
    {
        var heard = Reading.Read(text, AskedFor.Nothing, _goods.Words);
        if (_goods.In(heard.Words) is [var named, ..]) ReadVariantNumbers(heard, named.Good, chosen: false);
        return heard;
    }

    private PlaceWords? PlaceBefore() => Earlier().SelectMany(h => h.Places).FirstOrDefault();

    /// <summary>The price the customer offers, in the reading nearest to ours; null when there is none or it is no lower.</summary>
    private int? Offered(Good? topic)
    {
        var price = _scene.Draft.Objects("items").LastOrDefault()?.Whole("unit_price") ?? topic?.Price;
        if (price is not { } ours || _heard.Amounts.Count == 0 || _heard.Has(Intent.Attack)) return null;
        var said = Nearest(_heard.Amounts[^1], ours);
        // "3200 ça passe ?": an amount near the price in a short question that asks for nothing else.
        var asksFor = _heard.Asks && _heard.Words.Count <= 5 && !AsksDelivery && !_heard.Has(Intent.Price) && said * 2 > ours && said < ours;
        var bargains = asksFor || _heard.Words.Count <= 3 && _heard.Words.All(w => w.Explained) || _heard.Has(Intent.Negotiate) || _heard.Has(Intent.But) || _heard.Has(Intent.Order) || _heard.Has(Intent.Confirm) || (_scene.Draft is not null && !_heard.Asks);
        if (!bargains || _heard.Folded.Contains("total", StringComparison.Ordinal) || _heard.Folded.Contains("المجموع", StringComparison.Ordinal)) return null;
        if (said < ours) return said;
        if (said > ours) _answers.Add(Say(Lines.PriceStays, Money(ours)));
        return null;
    }

    /// <summary>Name, phones, place, address and way of delivery, in the customer's own words.</summary>
    private void Data(JsonObject fields)
    {
        if (_heard.Name is { } name) fields["name"] = name;
        var phones = _heard.SamePhone && _heard.Phones.Count == 0 ? _scene.Facts["customer"].Texts("phones").Take(1).ToList() : _heard.Phones;
        var added = phones.Count == 1 && _scene.Draft.Text("phone") is { Length: > 0 } && System.Text.RegularExpressions.Regex.IsMatch(_heard.Folded, @"(?<!\w)(?:zid|okhra|wa7d okhra|ajoute|زيد|اخري|ثاني)(?!\w)");
        if (phones.Count > 0) fields[added ? "second_phone" : "phone"] = phones[0];
        if (phones.Count > 1) fields["second_phone"] = phones[1];
        if (phones.Count == 0 && _heard.BrokenPhone is { } broken && (_asked.Phone || _heard.Has(Intent.Phone))) fields["phone"] = broken;
        var (wilaya, commune, _) = Place();
        if (_heard.UnknownPlace is { } unknown) (wilaya, commune) = _asked.Commune || wilaya is not null ? (wilaya, unknown) : (unknown, commune);
        if (_scene.Draft is null) Before(fields, ref wilaya, ref commune);
        // Asking what delivery to somewhere costs does not move the order there.
        if (AsksDelivery && _heard.Asks && !Buys && _scene.Draft.Text("wilaya") is { Length: > 0 }) (wilaya, commune) = (null, null);
        if (wilaya is not null) fields["wilaya"] = wilaya;
        if (commune is not null) fields["commune"] = commune;
        if (_heard.Address is { } address) fields["address"] = address;
        if (_heard.Delivery is { } delivery && !(_heard.Asks && AsksDelivery)) fields["delivery"] = delivery;
    }

    /// <summary>Who bought before is not asked again: the last order's name, phone and place go into the new one and are read back with it.</summary>
    private void Known(JsonObject fields)
    {
        if ((Orders.LastOrDefault(o => o.Text("state") != "cancelled") ?? (Orders is [.., var newest] ? newest : null)) is not { } last || (_scene.Draft is not null || fields["items"] is null) && !_heard.SameAddress) return;
        foreach (var field in new[] { "name", "phone" })
            if (fields[field] is null && _scene.Draft.Text(field) is null && (last.Text(field) ?? (field == "name" ? _scene.Facts["customer"].Text("name") : OwnPhone)) is { Length: > 0 } known) fields[field] = known;
        if (fields["wilaya"] is not null || fields["commune"] is not null || (_scene.Draft.Text("wilaya") is not null && !_heard.SameAddress)) return;
        foreach (var field in new[] { "wilaya", "commune", "address", "delivery", "desk" })
            if (fields[field] is null && last.Text(field) is { Length: > 0 } known) fields[field] = known;
    }

    private string? OwnPhone => _scene.Facts["customer"].Texts("phones") is [var first, ..] ? first : null;

    /// <summary>The number somebody writes from is proposed in the read-back when nothing else is missing.</summary>
    private JsonObject? AddKnown(JsonObject? saved)
    {
        if (saved is null || _heard.BrokenPhone is not null || saved.Texts("missing") is not ["phone"] || OwnPhone is not { } phone) return saved;
        return Save(new() { ["phone"] = phone });
    }

    /// <summary>"oui mais livrez jeudi": what no field holds stays with the order as a remark.</summary>
    private string? Remark() => AgreesBut && _scene.Draft is not null && _heard.Amounts.Count + _heard.Quantities.Count == 0 && !_heard.HasOptions && !_heard.HasData && _heard.Delivery is null && !_heard.Has(Intent.Negotiate)
        && Reading.Runs(_heard).Any() ? Short(_scene.Words) : null;

    /// <summary>What was already said while nothing was being bought yet: "livraison l bir el djir wahran", then the name and the number.</summary>
    private void Before(JsonObject fields, ref string? wilaya, ref string? commune)
    {
        foreach (var before in Earlier())
        {
            var said = before.Places.FirstOrDefault(p => p.IsWilaya);
            var town = before.Places.LastOrDefault(p => p.IsCommune && p != said);
            if (commune is null && town is not null && (wilaya is null || town.Wilaya is null || Places.SameWilaya(town.Wilaya, wilaya))) commune = town.Words;
            if (wilaya is null && said is not null && (commune is null || town is not null && town.Words == commune || Places.Holds(said.Words, commune))) wilaya = said.Words;
            if (fields["name"] is null && before.Name is { } name) fields["name"] = name;
            if (fields["phone"] is null && before.Phones.Count > 0) fields["phone"] = before.Phones[0];
            if (fields["address"] is null && before.Address is { } address) fields["address"] = address;
            if (fields["delivery"] is null && before.Delivery is { } way && !before.Asks) fields["delivery"] = way;
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"(?<commune>[^:,،()\n]+) \((?<wilaya>[^()\d]+)\)", System.Text.RegularExpressions.RegexOptions.CultureInvariant)]
    private static partial System.Text.RegularExpressions.Regex OfferedPlace();

    // "El Eulma (Sétif), El Eulma (Annaba)?" and the customer names one of the wilayas.
    private (string Wilaya, string Commune)? OfferedHere(PlaceWords wilaya) => OfferedPlace().Matches(_scene.LastSaid)
        .Where(m => Places.SameWilaya(m.Groups["wilaya"].Value, wilaya.Words)).Select(m => ((string, string)?)(m.Groups["wilaya"].Value, m.Groups["commune"].Value.Trim())).FirstOrDefault();

    // "De laquelle s'agit-il : Boumerdès ?" and the customer says yes.
    private string? AgreedPlace()
    {
        if (!_heard.IsCleanYes) return null;
        foreach (var line in new[] { Lines.PlaceWhich, Lines.PlaceWhich.Again! })
        {
            var around = line.In(_register).Split("{0}");
            if (_scene.LastSaid.Split(around[0]) is [_, var behind] && behind.Split(around[1])[0] is var offered && offered.IndexOfAny([',', '،']) < 0) return offered.Trim();
        }
        return null;
    }

    /// <summary>Words for the wilaya, words for the commune, and the wilaya our own list would give the commune.</summary>
    private (string? Wilaya, string? Commune, string? Fallback) Place()
    {
        var places = _heard.Places;
        if (AgreedPlace() is { } agreed) return (agreed, null, null);
        var wilaya = places.FirstOrDefault(p => p.IsWilaya && !(_asked.Commune && p.IsCommune && places.Count == 1));
        var commune = places.LastOrDefault(p => p.IsCommune && p != wilaya);
        if (commune is null && places.Count == 1 && OfferedHere(places[0]) is { } offered) return (offered.Wilaya, offered.Commune, offered.Wilaya);
        return (_heard.WilayaNumber ?? wilaya?.Words, commune?.Words, commune?.Wilaya);
    }

    /// <summary>Saves; when one field is refused the others are saved without it, and the customer hears which one.</summary>
    private JsonObject? Save(JsonObject fields)
    {
        while (fields.Count > 0)
        {
            if (_tools.Use("save_order", fields.DeepClone().AsObject()) is not { } saved) return null;
            if (!saved.IsError) return saved.Result as JsonObject;
            switch (saved.Error)
            {
                case "place_unknown" or "place_ambiguous" when fields["commune"] is not null && fields["wilaya"] is null && Place().Fallback is { } known && _scene.Draft.Text("wilaya") is null:
                    fields["wilaya"] = known;
                    break;
                case "place_unknown" or "place_ambiguous" or "not_served" when fields["wilaya"] is not null || fields["commune"] is not null:
                    PlaceTrouble(saved, fields.Text("commune") ?? fields.Text("wilaya") ?? "");
                    _next ??= "";
                    fields.Remove("wilaya");
                    fields.Remove("commune");
                    break;
                case "phone_unreadable" or "phone_not_said" when fields["phone"] is not null || fields["second_phone"] is not null:
                    _answers.Add(Say(Lines.PhoneBad));
                    fields.Remove("phone");
                    fields.Remove("second_phone");
                    break;
                case "below_floor" when fields["items"] is JsonArray items && items.OfType<JsonObject>().Any(i => i["unit_price"] is not null):
                    // What was agreed before stands; if the shop takes that back too, its own price does.
                    foreach (var item in items.OfType<JsonObject>())
                    {
                        var agreed = _offerRefused ? null : _scene.Draft.Objects("items").Where(l => l.Text("product") == item.Text("product") && l.Text("variant") == item.Text("variant")).Select(Lowered).FirstOrDefault();
                        item.Remove("unit_price");
                        if (agreed is { } price) item["unit_price"] = price;
                    }
                    if (!_offerRefused) KeepPrice(Topic(_goods.In(_heard.Words)));
                    _offerRefused = true;
                    break;
                case "out_of_stock" or "variant_unknown" or "product_unknown" when fields["items"] is not null:
                    _answers.Add(Say(Lines.Out, _register.List(fields.Objects("items").Select(i => i.Text("product") + (i.Text("variant") is { } v ? $" ({v})" : "")))));
                    if (saved.Suggestions.Count > 0) _answers.Add(Say(Lines.StillThere, _register.List(saved.Suggestions.Take(6))));
                    fields.Remove("items");
                    break;
                default:
                    _answers.Add(Say(Lines.CannotNow));
                    return _scene.Draft;
            }
        }
        return _scene.Draft;
    }

    /// <summary>An order that is already placed is changed through its own tool, and read back again.</summary>
    private bool ChangingAnOrder()
    {
        if (_scene.Draft is not null || !_heard.Has(Intent.Change) || Orders is not [.., var order] || order.Whole("order") is not { } number) return false;
        if (!order.Is("can_change")) { _answers.Add(Say(Lines.CannotChange, number)); return true; }
        var input = new JsonObject { ["order"] = number, ["action"] = "change", ["reason"] = Short(_scene.Words) };
        var items = order.Objects("items").Select(i => i.DeepClone().AsObject()).ToList();
        var good = _goods.In(_heard.Words) is [var named, ..] ? named.Good : _goods.Named(items.Count > 0 ? items[^1].Text("product") : null);
        if (good is not null && (_heard.HasOptions || _heard.Quantities.Count > 0))
        {
            var line = items.Find(i => i.Text("product") == good.Name) ?? items[^1];
            if (!Resolve(good, OptionsHeard(), line.Text("product") == good.Name ? line.Text("variant") : null, out var variant)) return true;
            line["product"] = good.Name;
            line["variant"] = variant;
            if (_heard.Quantities.Count > 0) line["quantity"] = _heard.Quantities[^1].Number;
            foreach (var item in items) item.Remove("unit_price");
            input["items"] = new JsonArray([.. items]);
        }
        var data = new JsonObject();
        Data(data);
        foreach (var field in new[] { "phone", "wilaya", "commune", "address", "delivery" })
            if (data[field] is { } value) input[field] = value.DeepClone();
        if (input.Count == 3) { _answers.Add(Say(Lines.WhatToChange)); return true; }
        if (_tools.Use("change_or_cancel_order", input) is not { } changed) return true;
        if (changed.IsError) _answers.Add(Say(Lines.CannotChange, number));
        else Continue(changed.Result as JsonObject);
        return true;
    }
}
