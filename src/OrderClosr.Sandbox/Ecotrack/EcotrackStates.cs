namespace OrderClosr.Sandbox.Ecotrack;

/// <summary>One state in Ecotrack's three vocabularies (facts: couriers/ecotrack-anderson.md sections 5 and 6).</summary>
/// <param name="Id">Number in webhooks.</param>
/// <param name="Order">Key in <c>get/orders</c> and <c>get/orders/status</c>.</param>
/// <param name="Hook">Code in webhooks; null: no webhook tells it.</param>
/// <param name="Activity">Line in <c>get/tracking/info</c>; null: no line.</param>
/// <param name="Title">As people read it.</param>
public sealed record EcotrackState(int Id, string Order, string? Hook, string? Activity, string Title);

/// <summary>All of them.</summary>
public static class EcotrackStates
{
    /// <summary>What a new order is; the same word before and after it is locked.</summary>
    public const string Draft = "prete_a_expedier";

    /// <summary>Moves that are no state: an attempt that failed, one put off, a remark, a return asked for.</summary>
    public static readonly IReadOnlyList<string> Remarks = ["attempt_delivery", "tentative_delayed", "notification_on_order", "return_asked"];

    /// <summary>In the order of a parcel's life.</summary>
    public static readonly IReadOnlyList<EcotrackState> All =
    [
        new(1, "prete_a_preparer", "pret_a_preparer", null, "Prêt à préparer"),
        new(2, "en_preparation_stock", "stock_en_preparation", null, "Stock en préparation"),
        new(3, Draft, "pret_a_expedier", "order_information_received_by_carrier", "Prêt à expédier"),
        new(4, "en_ramassage", "en_ramassage", "picked", "En ramassage"),
        new(5, "vers_hub", "vers_hub", "picked", "Vers hub"),
        new(6, "en_hub", "en_hub", "accepted_by_carrier", "En hub"),
        new(7, "vers_wilaya", "vers_wilaya", "accepted_by_carrier", "Vers wilaya"),
        new(8, "en_preparation", "en_preparation", "accepted_by_carrier", "En préparation"),
        new(9, "en_livraison", "en_livraison", "dispatched_to_driver", "En livraison"),
        new(10, "suspendu", "suspendus", "notification_on_order", "Suspendus"),
        new(11, "livre_non_encaisse", "livre_non_encaisse", "livred", "Livré non encaissé"),
        new(12, "encaisse_non_paye", "livre_encaisse_non_paye", "encaissed", "Livré encaissé non payé"),
        new(13, "paiements_prets", "paiement_pret", null, "Paiement prêt"),
        new(14, "paye_et_archive", "paiement_archived", "payed", "Paiement archivé"),
        new(15, "retour_chez_livreur", "retours_chez_livreur", "return_asked", "Retours chez livreur"),
        new(16, "retour_transit_entrepot", "retours_en_transit_stock", "return_in_transit", "Retours en transit"),
        new(17, "retour_en_traitement", "retours_en_traitement", "return_in_transit", "Retours en traitement"),
        new(18, "retour_en_traitement", "retours_prets", "return_in_transit", "Retours prêts"),
        new(19, "retour_recu", "retours_recu", "Return_received", "Retours reçus"),
        new(20, "retour_recu", "retours_a_dispatcher_vers_stock", "Return_received", "Retours à dispatcher vers stock"),
        new(21, "retour_archive", "retours_en_stock", "Return_received", "Retours en stock"),
        new(22, "retour_archive", "retours_archived", "Return_received", "Retours archivés"),
        new(23, "annule", null, null, "Annulé"),
    ];

    /// <summary>The state of an order key or a webhook code; the key wins.</summary>
    public static EcotrackState? Of(string word) =>
        All.FirstOrDefault(s => s.Order.Equals(word, StringComparison.OrdinalIgnoreCase)) ?? All.FirstOrDefault(s => word.Equals(s.Hook, StringComparison.OrdinalIgnoreCase));
}
