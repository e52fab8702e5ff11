using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>
/// The seller's next step: trouble first, then the yes, then answers to questions, then the order, then what is still missing.
/// Reads from top to bottom; wherever a tool must answer first it stops and comes back with the answer.
/// </summary>
internal sealed partial class Deciding
{
    private readonly Scene _scene;
    private readonly Register _register;
    private readonly ToolsAtHand _tools;
    private readonly AskedFor _asked;
    private readonly List<string> _answers = [];
    private string? _next;
    private Heard _heard;
    private Goods _goods = new([]);

    public Deciding(Scene scene)
    {
        _scene = scene;
        _register = Registers.Of(scene);
        _tools = new(scene);
        _asked = Asked();
        _heard = Reading.Read(scene.Words, _asked);
    }

    // Oldest first, whatever their order in the facts.
    private IReadOnlyList<JsonObject> Orders => [.. _scene.Facts.Objects("orders").OrderBy(o => o.Whole("order"))];
    private string ShopName => _scene.Shop.Length > 0 ? _scene.Shop : _register is Register.Darja or Register.Arabic ? "المحل" : "la boutique";

    /// <summary>Calls that are open, else the reply.</summary>
    public Spoken Next()
    {
        Decide();
        if (_tools.Waits) return Spoken.Calls(_tools.Wanted);
        var bubbles = new[] { string.Join('\n', _answers.Distinct()), _next ?? "" }.Where(b => b.Length > 0);
        var text = string.Join("\n\n", bubbles);
        return Spoken.Says(text.Length > 0 ? text : Say(Lines.NotUnderstood));
    }

    private void Decide()
    {
        if (Rescuing() || Trouble() || Refusals()) return;
        if (_heard.Has(Intent.Bot)) _answers.Add(Say(Lines.Robot, ShopName));
        if (Yes() || Tracking() || Cancelling()) return;
        if (_heard.Has(Intent.Later) && !_heard.HasData && !_heard.Has(Intent.Order)) { Lead(); return; }
        if (JustPolite()) return;
        if (!Catalogue()) return;
        if (ChangingAnOrder()) return;
        Questions();
        if (_tools.Waits) return;
        var draft = Ordering();
        if (_tools.Waits) return;
        Continue(draft);
    }

    // Never the same sentence twice in a row: when the shop's last message had it, its other wording comes.
    private string Say(Line line, params object?[] values)
    {
        var said = line.In(_register, values);
        return line.Again is { } again && _scene.LastSaid.Contains(said, StringComparison.Ordinal) ? again.In(_register, values) : said;
    }

    // Did the shop's last message hold one of these lines?
    private bool Says(params Line[] lines) => lines.SelectMany(l => new[] { l, l.Again ?? l }).Any(l => _scene.LastSaid.Contains(l.In(_register).Split('{')[0], StringComparison.Ordinal));

    private string Money(int dinars) => _register.Money(dinars);

    // What the shop asked last: the draft says what is missing, else its own last words do.
    private AskedFor Asked()
    {
        var said = Lexicon.Fold(_scene.LastSaid);
        var missing = _scene.Draft.Texts("missing");
        bool Says(string pattern) => Regex.IsMatch(said, pattern, RegexOptions.CultureInvariant);
        var wilaya = missing.Contains("wilaya");
        var commune = missing.Contains("commune");
        return new(
            Place: wilaya || commune || (_scene.Draft is null && Says("wilaya|commune|ولايه|بلديه|ولايتك")),
            Name: missing.Contains("name") || (_scene.Draft is null && Says("smek|smiytek|votre nom|اسمك|الاسم")),
            Phone: missing.Contains("phone") || Says("numero|رقم الهاتف|هاتفك"),
            Address: missing.Contains("address") && missing.Count == 1,
            Commune: commune && !wilaya);
    }

    /// <summary>A person is asked for, something went wrong, or nobody understands anybody: hand over, and say so only when it is done.</summary>
    private bool Trouble()
    {
        string? reason = null;
        if (_heard.Has(Intent.Complaint) && !_heard.Has(Intent.OpenParcel)) reason = WrongParcel().IsMatch(_heard.Folded) ? "wrong_parcel" : "complaint";
        else if (_heard.Has(Intent.Person) && !_heard.Has(Intent.Attack) && !_heard.Has(Intent.Bot)) reason = "asked_for_person";
        else if (_heard.Main == Intent.Bulk || (_heard.Has(Intent.Bulk) && !_heard.Has(Intent.Phone))) reason = "price_outside_policy";
        else if (_scene.Facts.Whole("asked_unclear") >= 2 && _heard.Main == Intent.None && !_heard.HasData) reason = "unclear";
        return reason is not null && (ForAPerson(reason) || HandOver(reason));
    }

    /// <summary>A person of the shop sends the answer: it is written as theirs.</summary>
    private bool ForAPerson(string reason)
    {
        switch (_scene.Facts.Text("proposal"))
        {
            case "complaint" when reason is "complaint" or "wrong_parcel":
                _answers.Add(Say(Lines.Sorry));
                _answers.Add(Say(Lines.HowToMend));
                return true;
            case "wholesale" when reason is "price_outside_policy":
                _answers.Add(Say(Lines.ForMany));
                return true;
            default:
                return false;
        }
    }

    private bool HandOver(string reason)
    {
        if (_tools.Use("hand_over", new() { ["reason"] = reason, ["note"] = Short(_scene.Words) }) is not { } done) return true;
        if (reason is "complaint" or "wrong_parcel") _answers.Add(Say(Lines.Sorry));
        _answers.Add(done.IsError ? Say(Lines.NoInfo) : Say(Lines.HandedOver));
        return true;
    }

    [GeneratedRegex("m9e|casse|abime|dechir|mk[ae]ss|مكسر|مكسور|مقطع|ghlat|pas l[ae] bon|machi kima|غلط|ماشي كيما", RegexOptions.CultureInvariant)]
    private static partial Regex WrongParcel();

    /// <summary>Somebody tries to talk the shop out of its rules, or to chat about the weather.</summary>
    private bool Refusals()
    {
        if (!_heard.Has(Intent.Attack) && _heard.Main != Intent.OffTopic) return false;
        var money = Regex.IsMatch(_heard.Folded, @"promo|\d ?%|remise|batel|gratuit|باطل|مجاني|تخفيض", RegexOptions.CultureInvariant);
        _answers.Add(money ? Say(Lines.NoDeal) : Say(Lines.Declined, ShopName));
        return true;
    }

    /// <summary>A clean yes to what was read back confirms; any other yes goes on with the order.</summary>
    private bool Yes()
    {
        if (!_heard.IsCleanYes || _scene.Draft is not { } draft || !_scene.Facts.Is("awaiting_yes")) return false;
        if (_tools.Use("confirm_order", new() { ["draft"] = draft.Text("draft"), ["version"] = draft.Whole("version") }) is not { } done) return true;
        if (!done.IsError)
        {
            var line = done.Result.Text("state") == "confirmed" ? Lines.Confirmed : Lines.ToConfirm;
            _answers.Add(Say(line, done.Result.Whole("order"), Money(done.Result.Whole("total") ?? draft.Whole("total") ?? 0)));
            return true;
        }
        if (done.Error == "out_of_stock") { _answers.Add(Say(Lines.Out, _register.List(draft.Objects("items").Select(i => i.Text("product") ?? "")))); _next = Say(Lines.WhatToChange); return true; }
        // Not accepted: fetch the draft as it is now, read it back again and ask again.
        if (_tools.Use("save_order", []) is not { } fresh) return true;
        Continue(fresh.IsError ? draft : fresh.Result as JsonObject);
        return true;
    }

    private bool Tracking()
    {
        if (!_heard.Has(Intent.Tracking) || _heard.Has(Intent.Order) && _heard.Main == Intent.Order) return false;
        var number = _heard.OrderNumber ?? (Orders.Count > 0 ? Orders[^1].Whole("order") : null);
        if (number is not { } order) { _answers.Add(Say(Lines.NoOrder)); return true; }
        if (_tools.Use("track_parcel", new() { ["order"] = order }) is not { } found) return true;
        _answers.Add(found.IsError ? Say(Lines.NoOrder) : Say(Lines.OrderIs, order, StateOf(found.Result)));
        return true;
    }

    private string StateOf(JsonNode? tracked)
    {
        var state = tracked.Objects("parcels").Select(p => p.Text("state")).LastOrDefault(s => s is not null) ?? tracked.Text("state") ?? "";
        return Lines.States.TryGetValue(state, out var words) ? Say(words) : state;
    }

    private bool Cancelling()
    {
        if (_heard.Main == Intent.No && _scene.Draft is not null) { _answers.Add(Say(Lines.WhatToChange)); return true; }
        if (_heard.Main is not (Intent.Cancel or Intent.No)) return false;
        var order = _scene.Draft is null ? Orders.LastOrDefault(o => _heard.OrderNumber is not { } n || o.Whole("order") == n) : null;
        if (order?.Whole("order") is not { } number || _heard.Main == Intent.No) { _answers.Add(Say(Lines.NotConfirmed)); return true; }
        if (!order.Is("can_change")) { _answers.Add(Say(Lines.CannotChange, number)); return true; }
        if (_tools.Use("change_or_cancel_order", new() { ["order"] = number, ["action"] = "cancel", ["reason"] = Short(_scene.Words) }) is not { } done) return true;
        _answers.Add(done.IsError ? Say(Lines.CannotChange, number) : Say(Lines.Cancelled, number));
        return true;
    }

    private void Lead()
    {
        var input = new JsonObject { ["note"] = Short(_scene.Words) };
        if (_scene.Draft.Objects("items").FirstOrDefault()?.Text("product") is { } product) input["product"] = product;
        if (_tools.Use("note_lead", input) is null) return;
        _answers.Add(Say(Lines.TakeYourTime));
    }

    /// <summary>A bare hello or thank-you needs no tool.</summary>
    private bool JustPolite()
    {
        if (_heard.Main is not (Intent.Greeting or Intent.Thanks) || _heard.HasData || _scene.HasPhoto || Reading.Runs(_heard).Any()) return false;
        // After "we leave it" or "take your time" a thank-you closes the talk; the open draft is not brought up again.
        if (_heard.Main == Intent.Thanks && Says(Lines.NotConfirmed, Lines.TakeYourTime)) { _answers.Add(Say(Lines.Thanks)); return true; }
        if (_scene.Draft is { } draft)
        {
            if (!Catalogue()) return true;
            if (_heard.Main == Intent.Greeting) _answers.Add(Say(Lines.Hello, ShopName));
            Continue(draft);
            return true;
        }
        _answers.Add(_heard.Main == Intent.Greeting ? Say(Lines.Hello, ShopName) : Say(Lines.Thanks));
        return true;
    }

    /// <summary>Fetches the goods and reads the words again with their names in mind; false while waiting.</summary>
    private bool Catalogue()
    {
        // The prompt lists the shop's goods; what is talked about is looked up, for only the tool knows what is left.
        var listed = Goods.Listed(_scene.System);
        _goods = new(listed);
        _heard = Reading.Read(_scene.Words, _asked, _goods.Words);
        var all = _tools.Use("search_products", new() { ["query"] = "" });
        var looked = Talked().Select(g => _tools.Use("search_products", new() { ["query"] = g.Name })).ToList();
        if (_tools.Waits || all is null) return false;
        var goods = looked.Append(all).SelectMany(a => a!.Result.Objects("products")).Select(Good.From).DistinctBy(g => g.Name).ToList();
        var unknown = Reading.Runs(_heard).SelectMany(r => r).Select(w => w.Raw).Take(4).ToList();
        if (all.Result.Is("more") && unknown.Count > 0 && new Goods(goods).In(_heard.Words).Count == 0)
        {
            if (_tools.Use("search_products", new() { ["query"] = string.Join(' ', unknown) }) is not { } more) return false;
            goods.AddRange(more.Result.Objects("products").Select(Good.From).Where(g => goods.All(o => o.Name != g.Name)));
        }
        _goods = new([.. goods, .. listed.Where(l => goods.All(g => g.Name != l.Name))]);
        _heard = Reading.Read(_scene.Words, _asked, _goods.Words);
        if (Topic(_goods.In(_heard.Words)) is { } topic) ReadVariantNumbers(_heard, topic, _scene.Draft.Objects("items").Any(i => i.Text("product") == topic.Name));
        ReadUnknownPlace();
        return true;
    }

    // Goods of this message, else the one the talk is about, and those of an order that is changed.
    private IEnumerable<Good> Talked()
    {
        var named = _goods.In(_heard.Words).Select(m => m.Good).ToList();
        if (named.Count == 0 && Topic([]) is { } topic) named.Add(topic);
        if (_heard.Has(Intent.Change) && _goods.Named((Orders is [.., var last] ? last : null).Objects("items").LastOrDefault()?.Text("product")) is { } ordered) named.Add(ordered);
        return named.Distinct().Take(3);
    }

    // "54", "6 ans": a number that is one of the variants is a choice and not how many, as long as none was chosen or years are named.
    private static void ReadVariantNumbers(Heard heard, Good topic, bool chosen)
    {
        foreach (var (at, number) in heard.Quantities.ToList())
        {
            var years = at + 1 < heard.Words.Count && Years().IsMatch(heard.Words[at + 1].Folded);
            if ((chosen && !years) || !topic.Variants.Any(v => v.Fits(number.ToString(System.Globalization.CultureInfo.InvariantCulture)))) continue;
            heard.Quantities.Remove((at, number));
            heard.Sizes.Add((at, number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            if (years) heard.Words[at + 1].Explained = true;
        }
    }

    [GeneratedRegex("^(?:ans?|sna|snin|3am|a3wam|عام|سنه|سنوات|سنين|اعوام)$", RegexOptions.CultureInvariant)]
    private static partial Regex Years();

    // "hay el badr" in answer to "which commune?" is a place although no list of ours has it: the tool will know.
    private void ReadUnknownPlace()
    {
        if (!_asked.Place || _heard.Places.Count > 0 || _heard.WilayaNumber is not null || _heard.Asks || _heard.Words.Count > 6 || _heard.Has(Intent.Confirm) || _heard.Name is not null) return;
        if (Reading.Runs(_heard).FirstOrDefault(r => r.All(w => w.Folded.Length >= 2 && !w.Folded.All(char.IsDigit))) is { } run) _heard.UnknownPlace = string.Join(' ', run.Select(w => w.Raw));
    }

    /// <summary>The good that is talked about: named now, in the draft, named alone earlier, or the only one there is.</summary>
    private Good? Topic(IReadOnlyList<Mention> mentions)
    {
        if (mentions.Count > 0) return mentions[0].Good;
        if (_goods.Named(_scene.Draft.Objects("items").LastOrDefault()?.Text("product")) is { } drafted) return drafted;
        foreach (var (_, text) in _scene.History.Reverse())
        {
            var named = _goods.In(Reading.Read(text, AskedFor.Nothing, _goods.Words).Words).Select(m => m.Good).Distinct().ToList();
            if (named.Count == 1) return named[0];
        }
        return _goods.All.Count == 1 ? _goods.All[0] : null;
    }

    /// <summary>What comes next when the questions are answered: read back, ask for what is missing, or offer.</summary>
    private void Continue(JsonObject? draft)
    {
        if (draft is null || _next is not null) return;
        if (draft.Is("ready")) { _next = ReadBack(draft); return; }
        if (draft.Texts("missing").Contains("items"))
        {
            if (Topic([]) is { IsOut: false } wanted) _next = Offer(wanted);
            else WhichOne(withPrices: true);
            return;
        }
        var lacks = draft.Texts("missing");
        if (lacks.Count == 1 && Lines.Ask.TryGetValue(lacks[0], out var ask)) { _next = Say(ask, draft.Text("wilaya")); return; }
        if (lacks.Count == 2 && lacks.Contains("wilaya") && lacks.Contains("commune")) { _next = Say(Lines.Ask["place"]); return; }
        var missing = draft.Texts("missing").Select(m => Lines.Fields.TryGetValue(m, out var line) ? Say(line) : m).Distinct().ToList();
        if (draft.Texts("missing").Contains("variant") && draft.Objects("items").FirstOrDefault(i => string.IsNullOrEmpty(i.Text("variant"))) is { } open && _goods.Named(open.Text("product")) is { } good && good.Available.Count() > 1)
        {
            _next = Say(Lines.ChooseVariant, good.Name, _register.List(good.Choices()));
            return;
        }
        if (missing.Count > 0) _next = Say(Lines.AskMissing, _register.List(missing));
    }

    /// <summary>The whole order in the customer's words, with the total the tool computed, and the question.</summary>
    private string ReadBack(JsonObject draft)
    {
        var parts = new List<string>();
        foreach (var item in draft.Objects("items"))
        {
            var variant = item.Text("variant") is { Length: > 0 } v ? $" ({v})" : "";
            parts.Add(Say(Lines.RecapItem, item.Whole("quantity"), item.Text("product") + variant, Money(item.Whole("unit_price") ?? 0)));
        }
        if (draft.Whole("discount") is > 0 and var discount) parts.Add(Say(Lines.Discount, Money(discount)));
        var place = draft.Text("commune") == draft.Text("wilaya") || draft.Text("commune") is null ? draft.Text("wilaya") ?? "" : $"{draft.Text("commune")} ({draft.Text("wilaya")})";
        var desk = draft.Text("delivery") == "desk";
        parts.Add(Say(desk ? Lines.RecapDesk : Lines.RecapHome, desk && draft.Text("desk") is { Length: > 0 } d ? d : place, Money(draft.Whole("delivery_fee") ?? 0)));
        if (draft.Text("address") is { Length: > 0 } address) parts.Add(Say(Lines.RecapAddress, address));
        parts.Add(draft.Text("name") is { Length: > 0 } name ? Say(Lines.RecapWho, name, draft.Text("phone")) : Say(Lines.RecapPhone, draft.Text("phone")));
        var separator = _register is Register.Darja or Register.Arabic ? "، " : ", ";
        return Say(Lines.Recap, string.Join(separator, parts)) + "\n" + Say(Lines.Total, Money(draft.Whole("total") ?? 0));
    }

    private static string Short(string text) => text.Length <= 180 ? text : text[..180];
}
