using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>A state of ZR's default workflow.</summary>
/// <param name="Key">Its usual name.</param>
/// <param name="Pascal">Its name on some accounts.</param>
/// <param name="Description">For people.</param>
/// <param name="To">States it may go to.</param>
public sealed record ZrState(string Key, string Pascal, string Description, IReadOnlyList<string> To)
{
    /// <summary>Steps of the merchant: from here the parcel may still be changed, and he may move it himself.</summary>
    public bool IsMerchants { get; init; }
}

/// <summary>The default workflow, as this account names it (facts: zr-express.md section A5).</summary>
public static class ZrWorkflow
{
    /// <summary>Where a parcel begins.</summary>
    public const string First = "commande_recue";

    /// <summary>From here on the hub sees it.</summary>
    public const string Ready = "pret_a_expedier";

    /// <summary>Called off.</summary>
    public const string Cancelled = "commande_annulee";

    private static readonly string[] Before = ["en_traitement", "appel_confirmation", "commande_confirmee", "en_preparation", Ready, Cancelled];
    private static readonly string[] Back = ["attente_recuperation_fournisseur", "retour_sous_traitant"];

    /// <summary>All states by rank.</summary>
    public static readonly IReadOnlyList<ZrState> States =
    [
        new(First, "OrderReceived", "Commande reçue", Before) { IsMerchants = true },
        new("en_traitement", "InProcessing", "En traitement", Before) { IsMerchants = true },
        new("appel_confirmation", "ConfirmationCall", "Appel de confirmation", Before) { IsMerchants = true },
        new("commande_confirmee", "OrderConfirmed", "Commande confirmée", Before) { IsMerchants = true },
        new("en_preparation", "InPreparation", "En préparation", Before) { IsMerchants = true },
        new(Ready, "ReadyToDispatch", "Prêt à expédier", ["confirme_au_bureau", "confirme_chez_partenaire", "dispatch", Cancelled]) { IsMerchants = true },
        new("confirme_au_bureau", "ConfirmedAtBranch", "Confirmé au bureau", ["dispatch", "vers_wilaya", "sortie_en_livraison", .. Back]),
        new("confirme_chez_partenaire", "ConfirmedAtPartner", "Confirmé chez le partenaire", ["dispatch", "vers_wilaya", "sortie_en_livraison", .. Back]),
        new("dispatch", "Dispatched", "Dispatché", ["vers_wilaya", "confirme_au_bureau", "sortie_en_livraison", .. Back]),
        new("vers_wilaya", "InterWilayaTransit", "Vers la wilaya", ["confirme_au_bureau", "sortie_en_livraison", .. Back]),
        new("sortie_en_livraison", "OutForDelivery", "Sortie en livraison", ["en_livraison", "livre", "confirme_au_bureau", .. Back]),
        new("en_livraison", "InDelivery", "En livraison", ["livre", "confirme_au_bureau", .. Back]),
        new("livre", "Delivered", "Livré", ["encaisse", "attente_recuperation_fournisseur"]),
        new("encaisse", "Collected", "Encaissé", ["recouvert"]),
        new("recouvert", "Recovered", "Recouvert", []),
        new("attente_recuperation_fournisseur", "AwaitingSupplierPickup", "En attente de récupération par le fournisseur", ["recupere_par_fournisseur", "colis_recupere", "reinjecte_dans_stock"]),
        new("retour_sous_traitant", "SubcontractorReturn", "Retour sous-traitant", ["attente_recuperation_fournisseur", "colis_recupere"]),
        new("colis_recupere", "ParcelRecovered", "Colis récupéré", ["recupere_par_fournisseur", "reinjecte_dans_stock"]),
        new("recupere_par_fournisseur", "RecoveredBySupplier", "Récupéré par le fournisseur", ["remboursement_reinjecte"]),
        new("reinjecte_dans_stock", "BackInStock", "Réinjecté dans le stock", []),
        new("remboursement_reinjecte", "RefundBackInStock", "Remboursement réinjecté", []),
        new(Cancelled, "OrderRefused", "Commande annulée", []) { IsMerchants = true },
    ];

    /// <summary>What may lie on top of a state: slug and name.</summary>
    public static readonly IReadOnlyList<(string Slug, string Name)> Situations =
    [
        ("ne_repond_pas_1", "Ne répond pas 1"), ("ne_repond_pas_2", "Ne répond pas 2"), ("ne_repond_pas_3", "Ne répond pas 3"), ("injoignable", "Injoignable"), ("appel_telephonique", "Appel téléphonique"),
        ("reportee_a_une_date_ulterieure", "Reportée à une date ultérieure"), ("reporter_a_une_date_ulterieure", "Reporter à une date ultérieure"), ("commune_erronee", "Commune erronée"),
        ("en_attente_du_client", "En attente du client"), ("sms_envoye", "SMS envoyé"), ("pas_de_situation", "Pas de situation"),
    ];

    /// <summary>The state of a usual name, of the name this account gives it, or null.</summary>
    public static ZrState? Find(ZrCourier courier, string? name) => name is null ? null : States.FirstOrDefault(s => s.Key == name) ?? States.FirstOrDefault(s => Name(courier, s) == name || s.Pascal == name);

    /// <summary>How this account names a state: switches <c>pascal-case-states</c>, <c>annule</c>, <c>renamed-workflow</c>.</summary>
    public static string Name(ZrCourier courier, ZrState state)
    {
        var faults = courier.Vendor.Faults;
        if (faults.IsOn("pascal-case-states")) return state.Pascal;
        if (state.Key == Cancelled && faults.IsOn("annule")) return "annule";
        // A merchant who named his states himself: nothing but the ids, the order and the words for people is left.
        return faults.IsOn("renamed-workflow") ? "etape_" + state.Description.ToLowerInvariant().Replace(' ', '_') : state.Key;
    }

    /// <summary>The id of a state; a tenant has its own.</summary>
    public static Guid IdOf(string tenant, ZrState state) => ZrLists.Id("state", $"{tenant} {state.Key}");

    /// <summary>Shown in a parcel.</summary>
    public static JsonObject Shown(ZrCourier courier, string tenant, ZrState state) =>
        new() { ["id"] = IdOf(tenant, state), ["name"] = Name(courier, state), ["description"] = state.Description, ["color"] = state.IsMerchants ? "#9e9e9e" : "#1976d2" };

    /// <summary>The workflow as <c>workflows/search</c> lists it.</summary>
    public static JsonObject Listed(ZrCourier courier, string tenant) => new()
    {
        ["id"] = ZrLists.Id("workflow", tenant), ["name"] = "Workflow par défaut", ["isDefault"] = true,
        ["states"] = new JsonArray([.. States.Index().Select(s => new JsonObject
        {
            ["id"] = IdOf(tenant, s.Item), ["name"] = Name(courier, s.Item), ["description"] = s.Item.Description, ["ranking"] = s.Index + 1,
            ["transitions"] = new JsonArray([.. s.Item.To.Select(to => (JsonNode)IdOf(tenant, States.First(x => x.Key == to)))]),
            ["situations"] = new JsonArray([.. Situations.Where(_ => !s.Item.IsMerchants).Select(x => new JsonObject { ["id"] = ZrLists.Id("situation", x.Slug), ["name"] = x.Name, ["slug"] = x.Slug })]),
        })]),
    };
}
