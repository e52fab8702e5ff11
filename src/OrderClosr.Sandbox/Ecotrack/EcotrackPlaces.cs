using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Ecotrack;

/// <summary>Wilayas, communes, desks and fees as this tenant lists them (facts: couriers/ecotrack-anderson.md section 2). Which are served is invented.</summary>
public sealed class EcotrackPlaces(EcotrackCourier courier)
{
    private static readonly HashSet<int> Unserved = [50, 54, 56];
    private static readonly HashSet<int> WithoutDesk = [33, 37, 49, 52, 53];

    /// <summary>Does the tenant deliver there?</summary>
    public bool Serves(int wilaya) => wilaya >= 1 && wilaya <= courier.Model && !Unserved.Contains(wilaya) && !courier.IsSwitchedOff(wilaya);

    /// <summary>Communes of a wilaya in the tenant's count.</summary>
    public IEnumerable<PlayedCommune> Communes(int wilaya) => Gazetteer.Communes.Where(c => c.WilayaIn(courier.Model) == wilaya);

    /// <summary>The commune of exactly this name there.</summary>
    public PlayedCommune? Commune(int wilaya, string name) => Communes(wilaya).FirstOrDefault(c => courier.Spell(c.French) == name);

    /// <summary>Is there a desk?</summary>
    public bool HasDesk(PlayedCommune commune) => Serves(commune.WilayaIn(courier.Model)) && !WithoutDesk.Contains(commune.Wilaya58) && (commune.IsSeat || commune.Ons % 19 == 0);

    /// <summary>The code of its desk: the postal code.</summary>
    public static string PostalCode(PlayedCommune commune) => commune.PostalCode.Length > 0 ? commune.PostalCode : $"{commune.Wilaya58:D2}000";

    /// <summary><c>get/wilayas</c>.</summary>
    public JsonArray Wilayas() => [.. Gazetteer.Wilayas(courier.Model).Where(w => Serves(w.Code)).Select(w => new JsonObject { ["wilaya_id"] = w.Code, ["wilaya_name"] = w.French })];

    /// <summary><c>get/communes</c>: an object keyed "0", "1" …, as PHP writes a filtered list; <c>communes-shape</c> = <c>array</c>.</summary>
    public JsonNode CommuneList(int? wilaya)
    {
        var rows = Gazetteer.Communes.Where(c => Serves(c.WilayaIn(courier.Model)) && (wilaya is null || c.WilayaIn(courier.Model) == wilaya)).Select(c => (JsonNode)new JsonObject
        {
            ["nom"] = courier.Spell(c.French), ["wilaya_id"] = c.WilayaIn(courier.Model), ["code_postal"] = PostalCode(c),
            ["has_stop_desk"] = courier.Vendor.Faults.Value("has-stop-desk") switch { "number" => HasDesk(c) ? 1 : 0, "bool" => HasDesk(c), _ => HasDesk(c) ? "1" : "0" },
        });
        return courier.Vendor.Faults.Value("communes-shape") == "array"
            ? new JsonArray([.. rows])
            : new JsonObject(rows.Index().Select(r => KeyValuePair.Create(r.Index.ToString(CultureInfo.InvariantCulture), (JsonNode?)r.Item)));
    }

    /// <summary><c>get/desks</c>: no code of a desk is in it.</summary>
    public JsonObject Desks(CourierAccount account)
    {
        var mine = Gazetteer.Wilaya(account.Wilaya)!.French;
        return new()
        {
            ["my_desk"] = new JsonObject { ["hub_id"] = account.Wilaya, ["hub_name"] = $"Hub {mine}", ["location"] = mine, ["working_hours"] = "08:00-17:00" },
            ["other_desks"] = new JsonArray([.. Gazetteer.Communes.Where(HasDesk).Select(c => new JsonObject
            {
                ["name"] = $"Bureau {c.French}", ["phone"] = "0500000090", ["code_wilaya"] = c.WilayaIn(courier.Model), ["wilaya"] = Gazetteer.Wilaya(c.WilayaIn(courier.Model))!.French,
                ["commune"] = courier.Spell(c.French), ["adresse"] = $"Centre ville, {c.French}", ["map"] = "",
            })]),
        };
    }

    /// <summary>What the tenant bills: a delivery by its kind and weight, or a return.</summary>
    public static int Fee(PlayedParcel parcel, bool isReturn)
    {
        if (isReturn) return Tariff.Return(parcel.Wilaya) - (parcel.ToDesk ? 50 : 0);
        var fee = (parcel.ToDesk ? Tariff.Desk(parcel.Wilaya) : Tariff.Home(parcel.Wilaya)) + parcel.Kind switch { 2 => 100, 4 => -100, _ => 0 };
        return fee + Math.Max(0, (int)Math.Ceiling(parcel.Weight) - 5) * 50;
    }

    /// <summary><c>get/fees</c>; <c>fees-shape</c> = <c>typo</c> or <c>per-wilaya</c>.</summary>
    public JsonObject Fees()
    {
        var shape = courier.Vendor.Faults.Value("fees-shape");
        var codes = Gazetteer.Wilayas(courier.Model).Select(w => w.Code).Where(Serves).ToList();
        (string Name, Func<int, (int Home, int Desk)> Of)[] tables =
        [
            ("livraison", w => (Tariff.Home(w), Tariff.Desk(w))), ("pickup", w => (Tariff.Home(w), Tariff.Desk(w))),
            (shape == "typo" ? "echnage" : "echange", w => (Tariff.Home(w) + 100, Tariff.Desk(w) + 100)),
            ("recouvrement", w => (Tariff.Home(w) - 100, Tariff.Desk(w) - 100)), ("retours", w => (Tariff.Return(w), Tariff.Return(w) - 50)),
        ];
        if (shape == "per-wilaya")
            return new(codes.Select(w => KeyValuePair.Create(w.ToString(CultureInfo.InvariantCulture),
                (JsonNode?)new JsonObject(tables.Select(t => KeyValuePair.Create(t.Name, (JsonNode?)Row(w, t.Of(w)))).Append(KeyValuePair.Create("poids", (JsonNode?)Weight()))))));
        var all = new JsonObject(tables.Select(t => KeyValuePair.Create(t.Name, (JsonNode?)new JsonArray([.. codes.Select(w => Row(w, t.Of(w)))]))));
        all["poids"] = new JsonObject(codes.Select(w => KeyValuePair.Create(w.ToString(CultureInfo.InvariantCulture), (JsonNode?)Weight())));
        return all;

        static JsonObject Row(int wilaya, (int Home, int Desk) fee) => new()
        {
            ["wilaya_id"] = wilaya, ["tarif"] = fee.Home.ToString(CultureInfo.InvariantCulture), ["tarif_stopdesk"] = fee.Desk.ToString(CultureInfo.InvariantCulture),
        };
        static JsonObject Weight() => new() { ["surfacturation_a_domicile_DA"] = 50, ["surfacturation_stopdesk_DA"] = 50, ["pour_chaque_KG"] = 1, ["a_partir_de_KG"] = 5 };
    }
}
