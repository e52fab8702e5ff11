using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Noest;

/// <summary>Noest's noes: some are 422, some are 200 with <c>success:false</c> (facts: couriers/noest.md section 3).</summary>
public static class NoestRefusals
{
    private static readonly Dictionary<string, (int Status, string Words)> All = new(StringComparer.Ordinal)
    {
        ["account_suspended"] = (422, "Votre compte est suspendu"), ["duplicate_order"] = (200, "Colis déja existant"), ["inactive_commune"] = (422, "commune inexistante ou non activée"),
        ["zip_code"] = (200, "Code postal inexistant"), ["max_amount_exceeded"] = (422, "Montant maximum dépassé"), ["stopdesk_disabled"] = (422, "Stop desk non disponible"), ["station_code"] = (200, "Station inexistante"),
        ["station_expedition"] = (200, "Station d'expédition inexistante"), ["disabled_module"] = (422, "Module stock désactivé"), ["wrong_quantities"] = (422, "Quantités erronées"), ["invalid_product"] = (422, "Produit inexistant"),
        ["out_of_stock"] = (422, "Rupture de stock"), ["already_validated"] = (422, "Colis déjà validé"),
    };

    /// <summary>One of the official error keys. How the body carries the key is not documented: under <c>errors</c>, or with <c>error-shape</c> = <c>flat</c> as <c>error</c>.</summary>
    public static CourierRefusal Business(NoestCourier courier, string key, string? tracking = null)
    {
        var (status, words) = All[key];
        var body = new JsonObject { ["success"] = false, ["message"] = words };
        if (courier.Vendor.Faults.Value("error-shape") == "flat") body["error"] = key;
        else body["errors"] = new JsonObject { [key] = new JsonArray(words) };
        if (tracking is not null) body["tracking"] = tracking;
        return new(status, body);
    }

    /// <summary>A field is missing.</summary>
    public static string Missing(string field) => $"Le champ {field.Replace('_', ' ')} est obligatoire.";

    /// <summary>A field is not what it may be.</summary>
    public static string Invalid(string field) => $"Le champ {field.Replace('_', ' ')} est invalide.";
}
