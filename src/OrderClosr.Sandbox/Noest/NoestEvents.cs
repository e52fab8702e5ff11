namespace OrderClosr.Sandbox.Noest;

/// <summary>One kind of line in a parcel's activity (facts: couriers/noest.md section 5).</summary>
/// <param name="Key">What a program reads.</param>
/// <param name="Words">What people read; only that of <c>upload</c> is known, the others are invented.</param>
/// <param name="IsMovement">False: money or administration, the parcel did not move.</param>
public sealed record NoestEvent(string Key, string Words, bool IsMovement = true);

/// <summary>All of them. Noest has no status: the newest movement is where a parcel stands.</summary>
public static class NoestEvents
{
    /// <summary>A draft.</summary>
    public const string Upload = "upload";

    /// <summary>Validated by the merchant.</summary>
    public const string Validated = "customer_validation";

    /// <summary>By key.</summary>
    public static readonly IReadOnlyDictionary<string, NoestEvent> All = ((NoestEvent[])
    [
        new(Upload, "Uploadé sur le système"), new(Validated, "Validé"), new("validation_collect_colis", "Colis ramassé"), new("validation_reception_admin", "Reçu au hub"), new("validation_reception", "Réceptionné"),
        new("sent_to_redispatch", "Redispatché"), new("fdr_activated", "En livraison"), new("return_redispatched_to_livraison", "Retour remis en livraison"), new("nouvel_tentative_asked_by_customer", "Nouvelle tentative demandée"),
        new("mise_a_jour", "Tentative de livraison"), new("colis_suspendu", "Suspendu"), new("livre", "Livré"), new("livred", "Livré"), new("echange_valide", "Échange validé"), new("echange_valid_by_hub", "Échange validé par le hub"),
        new("return_asked_by_customer", "Retour demandé par le client"), new("return_asked_by_hub", "Retour demandé par le hub"), new("retour_dispatched_to_partenaires", "Retours transmis aux partenaires"),
        new("return_dispatched_to_partenaire", "Retour transmis au partenaire"), new("colis_retour_transmit_to_partner", "Retour transmis au partenaire"), new("return_dispatched_to_warehouse", "Retour vers l'entrepôt"),
        new("annulation_dispatch_retour", "Transmission du retour annulée"), new("cancel_return_dispatched_to_partenaire", "Transmission du retour annulée"), new("livraison_echoue_recu", "Retour reçu"),
        new("return_validated_by_partener", "Retour validé par le partenaire"), new("ask_to_delete_by_admin", "Suppression demandée"), new("ask_to_delete_by_hub", "Suppression demandée par le hub"),
        new("colis_pickup_transmit_to_partner", "Pick-up transmis"), new("pickedup", "Pick-up récupéré"), new("valid_return_pickup", "Pick-up validé"), new("pickup_picked_recu", "Pick-up reçu"),
        new("verssement_admin_cust", "Versement effectué", false), new("verssement_admin_cust_canceled", "Versement annulé", false), new("verssement_hub_cust_canceled", "Versement du hub annulé", false),
        new("validation_reception_cash_by_partener", "Encaissement validé", false), new("edit_price", "Montant modifié", false), new("extra_fee", "Frais supplémentaires", false),
        new("edited_informations", "Informations modifiées", false), new("edit_wilaya", "Wilaya modifiée", false),
    ]).ToDictionary(e => e.Key, StringComparer.Ordinal);

    /// <summary>Did the parcel move? An event nobody has heard of did.</summary>
    public static bool IsMovement(string key) => !All.TryGetValue(key, out var known) || known.IsMovement;
}
