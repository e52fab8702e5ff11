using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Noest;

/// <summary>A desk: <c>Key</c> is how the list names it (<c>01A</c>), <c>Code</c> what stands inside (<c>1A</c>).</summary>
public sealed record NoestDesk(string Key, string Code, int Wilaya58, PlayedCommune Commune);

/// <summary>Wilayas, communes, desks, fees (facts: couriers/noest.md section 2). 56 wilayas and most communes are active, 94 desks; which ones is invented.</summary>
public sealed class NoestPlaces(NoestCourier courier)
{
    private static readonly HashSet<int> Inactive = [54, 56];
    private static readonly HashSet<int> WithoutDesk = [33, 37];

    /// <summary>All desks.</summary>
    public static IReadOnlyList<NoestDesk> Desks { get; } = [.. Enumerable.Range(1, 58).Where(w => !Inactive.Contains(w) && !WithoutDesk.Contains(w)).SelectMany(w =>
    {
        // One for each wilaya, a second for the first thirty, a third for ten of them: 94.
        var communes = Gazetteer.Communes.Where(c => c.Wilaya58 == w).OrderByDescending(c => c.IsSeat).ThenBy(c => c.Ons).Where(IsActive).Take(w <= 10 ? 3 : w <= 30 ? 2 : 1);
        return communes.Index().Select(c => new NoestDesk($"{w:D2}{(char)('A' + c.Index)}", $"{w}{(char)('A' + c.Index)}", w, c.Item));
    })];

    /// <summary>Is the wilaya on?</summary>
    public bool Serves(int wilaya) => wilaya >= 1 && wilaya <= courier.Model && !Inactive.Contains(wilaya) && !courier.IsSwitchedOff(wilaya);

    /// <summary>The active commune of exactly this name.</summary>
    public PlayedCommune? Commune(int wilaya, string name) => Gazetteer.Communes.FirstOrDefault(c => c.WilayaIn(courier.Model) == wilaya && courier.Spell(c.French) == name && Serves(wilaya) && IsActive(c));

    /// <summary>The active commune of a postal code.</summary>
    public PlayedCommune? ByZip(string zip) => Gazetteer.Communes.FirstOrDefault(c => c.PostalCode == zip && Serves(c.WilayaIn(courier.Model)) && IsActive(c));

    /// <summary>Any desk there?</summary>
    public static bool HasDesk(PlayedCommune commune) => Desks.Any(d => d.Wilaya58 == commune.Wilaya58);

    /// <summary>The desk of a code; the inner code alone, or by the switch <c>station-code</c> the key alone, or both.</summary>
    public NoestDesk? Desk(string? code) => Desks.FirstOrDefault(d => courier.Vendor.Faults.Value("station-code") switch { "key" => d.Key == code, "both" => d.Key == code || d.Code == code, _ => d.Code == code });

    /// <summary><c>get/wilayas</c>.</summary>
    public JsonArray Wilayas() => [.. Gazetteer.Wilayas(courier.Model).Select(w => new JsonObject { ["code"] = w.Code, ["nom"] = w.French, ["is_active"] = Serves(w.Code) ? 1 : 0 })];

    /// <summary><c>get/communes/{wilaya_id}</c>.</summary>
    public JsonArray Communes(int wilaya) => [.. Gazetteer.Communes.Where(c => c.WilayaIn(courier.Model) == wilaya).Select(c => new JsonObject
    {
        ["nom"] = courier.Spell(c.French), ["wilaya_id"] = wilaya, ["code_postal"] = c.PostalCode, ["is_active"] = Serves(wilaya) && IsActive(c) ? 1 : 0,
    })];

    /// <summary><c>desks</c>, keyed <c>01A</c>.</summary>
    public JsonObject DeskList() => new(Desks.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)new JsonObject
    {
        ["code"] = d.Code, ["name"] = $"{Gazetteer.Wilaya(d.Wilaya58)!.French} {d.Commune.French}", ["address"] = $"Centre ville, {d.Commune.French}", ["map"] = "",
        ["phones"] = new JsonObject { ["0"] = "0500000091" }, ["email"] = $"bureau{d.Code.ToLowerInvariant()}@example.dz", ["commune"] = courier.Spell(d.Commune.French), ["horaires"] = "08:00-17:00",
    })));

    /// <summary><c>fees</c>, numbers as text.</summary>
    public JsonObject Fees() => new()
    {
        ["tarifs"] = new JsonObject { ["delivery"] = Table(w => (Fee(w, false), Fee(w, true))), ["return"] = Table(w => (Tariff.Return(w), Tariff.Return(w) - 50)) },
    };

    /// <summary>What a delivery costs; no overweight fee.</summary>
    public static int Fee(int wilaya, bool toDesk) => (toDesk ? Tariff.Desk(wilaya) : Tariff.Home(wilaya)) + 50;

    private JsonObject Table(Func<int, (int Home, int Desk)> of) => new(Gazetteer.Wilayas(courier.Model).Where(w => Serves(w.Code)).Select(w => KeyValuePair.Create(w.Code.ToString(CultureInfo.InvariantCulture), (JsonNode?)new JsonObject
    {
        ["tarif_id"] = w.Code, ["wilaya_id"] = w.Code, ["tarif"] = of(w.Code).Home.ToString(CultureInfo.InvariantCulture), ["tarif_stopdesk"] = of(w.Code).Desk.ToString(CultureInfo.InvariantCulture),
    })));

    private static bool IsActive(PlayedCommune commune) => commune.IsSeat || commune.Wilaya58 is 9 or 16 or 25 or 31 || commune.Ons % 24 != 7;
}
