using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Maystro;

/// <summary>Wilayas, communes with Maystro's own ids, prices (facts: couriers/maystro.md section 2). Ids, prices and desks are invented.</summary>
public sealed class MaystroPlaces(MaystroCourier courier)
{
    private const int FirstId = 7000;
    private static readonly HashSet<int> Missing = [11, 33, 37, 50, 52, 53, 54, 56];
    private static readonly HashSet<int> WithoutDesk = [1, 8, 20, 32, 36, 38, 40, 45, 49, 55, 57, 58];

    // Far above every ONS and Yalidine id, in an order of their own: an adapter that mixes ids up is found out.
    private static readonly PlayedCommune[] ById = [.. Gazetteer.Communes.OrderBy(c => (long)c.Ons * 7919 % 10007).ThenBy(c => c.Ons)];
    private static readonly Dictionary<PlayedCommune, int> Ids = ById.Index().ToDictionary(c => c.Item, c => FirstId + c.Index);

    /// <summary>Does Maystro deliver there? Eight wilayas are missing, unless <c>all-wilayas</c> is on.</summary>
    public bool Serves(int wilaya) => wilaya >= 1 && wilaya <= courier.Model && (!Missing.Contains(wilaya) || courier.Vendor.Faults.IsOn("all-wilayas")) && !courier.IsSwitchedOff(wilaya);

    /// <summary>The commune of an id, where it is served.</summary>
    public PlayedCommune? Commune(int id) => id >= FirstId && id < FirstId + ById.Length && ById[id - FirstId] is var commune && Serves(commune.WilayaIn(courier.Model)) ? commune : null;

    /// <summary>Maystro's id of a commune.</summary>
    public static int IdOf(PlayedCommune commune) => Ids[commune];

    /// <summary><c>[[16,"Alger"], …]</c> in French, English or Arabic.</summary>
    public JsonArray Wilayas(string? language) => [.. Gazetteer.Wilayas(courier.Model).Where(w => Serves(w.Code)).Select(w => new JsonArray(w.Code, language == "ar" ? w.Arabic : w.French))];

    /// <summary>Communes, of one wilaya or all.</summary>
    public JsonArray Communes(int? wilaya) => [.. Gazetteer.Communes.Where(c => Serves(c.WilayaIn(courier.Model)) && (wilaya is null || c.WilayaIn(courier.Model) == wilaya)).Select(c => new JsonObject
    {
        ["id"] = IdOf(c), ["wilaya"] = c.WilayaIn(courier.Model), ["name"] = courier.Spell(c.French), ["postcode"] = c.PostalCode, ["zone"] = Tariff.Home(c.Wilaya58) switch { <= 400 => 1, <= 700 => 2, _ => 3 },
    })];

    /// <summary>What a delivery costs, the same all over a wilaya; null: not offered.</summary>
    public int? Price(int wilaya, bool toDesk, bool express) =>
        !Serves(wilaya) || (toDesk && WithoutDesk.Contains(wilaya)) || (express && wilaya != 16) ? null : (toDesk ? Tariff.Desk(wilaya) : Tariff.Home(wilaya)) + 100 + (express ? 300 : 0);
}
