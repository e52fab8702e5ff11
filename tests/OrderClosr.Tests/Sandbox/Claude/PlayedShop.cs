using System.Text.Json.Nodes;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>A tiny shop that answers the agent's tools from a dictionary, so that the played model can be driven without the app.</summary>
public sealed class PlayedShop
{
    private sealed record Item(string Product, string? Variant, int Quantity, int Price);

    private static readonly (string Name, int Price, int Floor, (string Name, bool Available)[] Variants)[] Goods =
    [
        ("Robe d'été", 3500, 3200, [("M / Noir", true), ("L / Noir", true), ("M / Rouge", true), ("L / Rouge", false)]),
        ("Hijab soie de Médine", 1200, 1200, [("Beige", true), ("Noir", true)]),
        ("Sac à main", 4200, 4000, [("Camel", true)]),
        ("Basket Runner", 6500, 6000, [("41", true), ("42", true), ("43", false)]),
        ("Ensemble sport", 4900, 4900, [("M", true), ("L", true), ("XL", false)]),
        ("Parfum Nuit", 2500, 2500, [("", true)]),
        ("Plaid de Blida", 2800, 2800, [("Gris", true), ("Crème", true)]),
    ];

    // What the app's resolver of places would know; enough for these talks.
    private static readonly (string[] Said, string Wilaya, string? Commune)[] Places =
    [
        (["oran", "wahran", "whran", "وهران", "31"], "Oran", null), (["bir el djir", "بئر الجير", "bir eldjir", "bir eljir"], "Oran", "Bir El Djir"), (["setif", "sétif", "سطيف", "19"], "Sétif", null),
        (["es senia", "السانية"], "Oran", "Es Senia"), (["tizi ouzou", "تيزي وزو"], "Tizi Ouzou", null), (["alger", "dzair", "الجزائر", "16"], "Alger", null), (["bab ezzouar", "باب الزوار"], "Alger", "Bab Ezzouar"),
        (["blida", "البليدة", "بليدة"], "Blida", null), (["boufarik", "بوفاريك"], "Blida", "Boufarik"), (["hydra", "حيدرة"], "Alger", "Hydra"),
    ];

    private readonly List<Item> _items = [];
    private readonly Dictionary<string, string?> _fields = [];
    private int _version;
    private int? _readBack;
    private int _orders = 1041;

    /// <summary>Every call that came, oldest first.</summary>
    public List<(string Name, JsonObject Input)> Calls { get; } = [];

    /// <summary>Orders that were written.</summary>
    public List<JsonObject> Orders { get; } = [];

    /// <summary>True after hand_over.</summary>
    public bool HandedOver { get; private set; }

    /// <summary>The open draft as a fact.</summary>
    public JsonObject? Draft => _version == 0 ? null : Shown();

    /// <summary>The draft was read back since it last changed.</summary>
    public bool AwaitsYes => _readBack == _version && _version > 0;

    /// <summary>The tools as a request declares them.</summary>
    public static JsonArray Tools => new([.. "search_products show_product quote_delivery save_order confirm_order change_or_cancel_order track_parcel note_lead hand_over".Split(' ')
        .Select(n => new JsonObject { ["name"] = n, ["input_schema"] = new JsonObject { ["type"] = "object" } })]);

    /// <summary>The reply went out: a total named in it counts as read back.</summary>
    public void Said(string reply)
    {
        if (Draft is { } draft && (bool)draft["ready"]! && reply.Contains($"{(int)draft["total"]!:#,0}".Replace(',', ' '), StringComparison.Ordinal)) _readBack = _version;
    }

    /// <summary>Answers one call.</summary>
    public (JsonObject Result, bool IsError) Answer(string name, JsonObject input)
    {
        Calls.Add((name, input));
        return name switch
        {
            "search_products" => Search((string?)input["query"] ?? ""),
            "show_product" => (new() { ["product"] = Shown(Goods.First(g => g.Name == (string?)input["product"])), ["photos"] = 2 }, false),
            "quote_delivery" => Quote(input),
            "save_order" => Save(input),
            "confirm_order" => Confirm(input),
            "change_or_cancel_order" => Cancel(input),
            "track_parcel" => (new() { ["order"] = (int)input["order"]!, ["state"] = "confirmed", ["parcels"] = new JsonArray() }, false),
            "hand_over" => Hand(),
            _ => (new() { ["noted"] = true }, false),
        };
    }

    // Few at a time, as the app does: what is further down the alphabet must be asked for by name.
    private static (JsonObject, bool) Search(string query)
    {
        var found = Goods.OrderBy(g => g.Name, StringComparer.Ordinal).Where(g => query.Length == 0 || g.Name == query).ToList();
        return (new() { ["products"] = new JsonArray([.. found.Take(3).Select(Shown)]), ["more"] = found.Count > 3 }, false);
    }

    /// <summary>The shop's block of the prompt: rules, and the catalogue's names.</summary>
    public static string Block => "# The shop\nName: Dar Lina\n\n# Catalogue (JSON, data; ask search_products for what is available)\n"
        + new JsonArray([.. Goods.Select(g => new JsonObject { ["product"] = g.Name, ["price"] = g.Price, ["variants"] = new JsonArray([.. g.Variants.Where(v => v.Name.Length > 0).Select(v => JsonValue.Create(v.Name))]) })]).ToJsonString()
        + "\n\n# Delivery\nLe client peut ouvrir le colis avant de payer. Échange sous 7 jours.";

    private (JsonObject, bool) Hand()
    {
        HandedOver = true;
        return (new() { ["handed_over"] = true }, false);
    }

    private static JsonObject Shown((string Name, int Price, int Floor, (string Name, bool Available)[] Variants) good) => new()
    {
        ["product"] = good.Name, ["price"] = good.Price, ["description"] = "",
        ["variants"] = new JsonArray([.. good.Variants.Select(v => new JsonObject { ["variant"] = v.Name, ["price"] = good.Price, ["available"] = v.Available })]),
    };

    private static (JsonObject, bool) No(string error, params string[] suggestions) =>
        (new() { ["error"] = error, ["message"] = "ask the customer", ["suggestions"] = new JsonArray([.. suggestions.Select(s => JsonValue.Create(s))]) }, true);

    private static (string Wilaya, string? Commune)? Find(string? said) =>
        said is null ? null : Places.Where(p => p.Said.Contains(said.Trim().ToLowerInvariant())).Select(p => ((string, string?)?)(p.Wilaya, p.Commune)).FirstOrDefault();

    // Two wilayas have one.
    private static readonly string[] EulmaWords = ["el eulma", "العلمة", "eulma"];

    private static bool IsEulmaAlone(JsonObject input) => (EulmaWords.Contains(((string?)input["commune"] ?? "").ToLowerInvariant()) && input["wilaya"] is null) || EulmaWords.Contains(((string?)input["wilaya"] ?? "").ToLowerInvariant());

    private static bool Eulma(JsonObject input) => EulmaWords.Contains(((string?)input["commune"] ?? "").ToLowerInvariant()) && Find((string?)input["wilaya"])?.Wilaya == "Sétif";

    private static (JsonObject, bool) Quote(JsonObject input)
    {
        var place = Find((string?)input["commune"]) ?? Find((string?)input["wilaya"]);
        if (IsEulmaAlone(input)) return No("place_ambiguous", "El Eulma (Sétif)", "El Eulma (Annaba)");
        if (Eulma(input)) place = ("Sétif", "El Eulma");
        if (place is not { } p) return No("place_unknown");
        return (new() { ["wilaya"] = p.Wilaya, ["commune"] = p.Commune, ["home"] = new JsonObject { ["fee"] = 600, ["days"] = "1-3" }, ["desk"] = new JsonObject { ["fee"] = 400, ["days"] = "1-3" }, ["free_from"] = null }, false);
    }

    private (JsonObject, bool) Save(JsonObject input)
    {
        var items = new List<Item>();
        foreach (var line in input["items"]?.AsArray() ?? [])
        {
            var good = Goods.FirstOrDefault(g => g.Name == (string?)line!["product"]);
            if (good.Name is null) return No("product_unknown", [.. Goods.Select(g => g.Name)]);
            var variant = (string?)line!["variant"];
            if (variant is null && good.Variants.Length > 1) return No("variant_unknown", [.. good.Variants.Select(v => v.Name)]);
            if (variant is not null && good.Variants.All(v => v.Name != variant)) return No("variant_unknown", [.. good.Variants.Select(v => v.Name)]);
            if (variant is not null && !good.Variants.First(v => v.Name == variant).Available) return No("out_of_stock");
            var price = (int?)line["unit_price"] ?? good.Price;
            if (price < good.Floor) return No("below_floor");
            items.Add(new(good.Name, variant, (int)line["quantity"]!, price));
        }
        var (wilaya, commune) = ((string?)input["wilaya"], (string?)input["commune"]);
        if (commune is not null && EulmaWords.Contains(commune.ToLowerInvariant()) && wilaya is null && _fields.GetValueOrDefault("wilaya") == "Sétif") wilaya = "Sétif";
        var asked = new JsonObject { ["wilaya"] = wilaya, ["commune"] = commune };
        if (IsEulmaAlone(asked)) return No("place_ambiguous", "El Eulma (Sétif)", "El Eulma (Annaba)");
        if (Eulma(asked)) (_fields["wilaya"], _fields["commune"]) = ("Sétif", "El Eulma");
        else if (commune is not null)
        {
            if (Find(commune) is not { } found) return No("place_unknown");
            (_fields["wilaya"], _fields["commune"]) = (found.Wilaya, found.Commune ?? found.Wilaya);
        }
        else if (wilaya is not null)
        {
            if (Find(wilaya) is not { } found) return No("place_unknown");
            (_fields["wilaya"], _fields["commune"]) = (found.Wilaya, found.Commune ?? (_fields.GetValueOrDefault("wilaya") == found.Wilaya ? _fields.GetValueOrDefault("commune") : null));
        }
        if ((string?)input["phone"] is { } phone)
        {
            var digits = new string([.. phone.Where(char.IsAsciiDigit)]);
            if (digits.Length < 9) return No("phone_unreadable");
            _fields["phone"] = "0" + digits[^9..];
        }
        foreach (var field in new[] { "name", "address", "delivery" }) if ((string?)input[field] is { } value) _fields[field] = value;
        if (input["items"] is not null) { _items.Clear(); _items.AddRange(items); }
        _version++;
        return (Shown(), false);
    }

    private JsonObject Shown()
    {
        var missing = new List<string>();
        if (_items.Count == 0) missing.Add("items");
        missing.AddRange(new[] { "wilaya", "commune", "name", "phone" }.Where(f => _fields.GetValueOrDefault(f) is null));
        var fee = _fields.GetValueOrDefault("delivery") == "desk" ? 400 : 600;
        var full = _items.Sum(i => Goods.First(g => g.Name == i.Product).Price * i.Quantity);
        var goods = _items.Sum(i => i.Price * i.Quantity);
        var placed = _fields.GetValueOrDefault("commune") is not null;
        return new()
        {
            ["draft"] = "K7QF", ["version"] = _version,
            ["items"] = new JsonArray([.. _items.Select(i => new JsonObject { ["product"] = i.Product, ["variant"] = i.Variant, ["quantity"] = i.Quantity, ["unit_price"] = i.Price })]),
            ["name"] = _fields.GetValueOrDefault("name"), ["phone"] = _fields.GetValueOrDefault("phone"), ["wilaya"] = _fields.GetValueOrDefault("wilaya"), ["commune"] = _fields.GetValueOrDefault("commune"),
            ["address"] = _fields.GetValueOrDefault("address"), ["delivery"] = _fields.GetValueOrDefault("delivery") ?? "home", ["desk"] = null, ["goods"] = full, ["discount"] = 0,
            ["delivery_fee"] = placed ? fee : null, ["total"] = placed && _items.Count > 0 ? goods + fee : null,
            ["missing"] = new JsonArray([.. missing.Select(m => JsonValue.Create(m))]), ["ready"] = missing.Count == 0, ["warnings"] = new JsonArray(),
        };
    }

    private (JsonObject, bool) Confirm(JsonObject input)
    {
        if ((string?)input["draft"] != "K7QF" || _version == 0) return No("not_found");
        if ((int?)input["version"] != _version) return No("stale_version");
        if (!AwaitsYes) return No("not_read_back");
        var order = Shown();
        order["order"] = ++_orders;
        Orders.Add(order);
        var total = (int)order["total"]!;
        _items.Clear();
        _fields.Clear();
        (_version, _readBack) = (0, null);
        return (new() { ["order"] = _orders, ["state"] = "confirmed", ["total"] = total }, false);
    }

    private (JsonObject, bool) Cancel(JsonObject input)
    {
        var order = Orders.FirstOrDefault(o => (int)o["order"]! == (int?)input["order"]);
        if (order is null) return No("order_unknown");
        if ((string?)input["action"] != "cancel") return No("not_here");
        Orders.Remove(order);
        return (new() { ["order"] = (int)order["order"]!, ["state"] = "cancelled" }, false);
    }
}
