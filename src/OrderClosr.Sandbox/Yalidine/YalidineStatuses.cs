namespace OrderClosr.Sandbox.Yalidine;

/// <summary>Yalidine's own words (facts: yalidine.md section 6), spelled as it spells them.</summary>
public static class YalidineStatuses
{
    /// <summary>Where each parcel begins; only here it may be changed or deleted.</summary>
    public const string First = "En préparation";

    /// <summary>All labels.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "Pas encore expédié", "A vérifier", First, "Pas encore ramassé", "Prêt à expédier", "En passation", "Ramassé", "Bloqué", "Débloqué", "Transfert", "Expédié", "Centre", "En localisation", "Vers Wilaya", "En transit",
        "Reçu à Wilaya", "En attente du client", "Prêt pour livreur", "Sorti en livraison", "En attente", "En alerte", "Alerte résolue", "Tentative échouée", "Livré", "Echèc livraison", "Retour vers centre", "Retourné au centre",
        "Retour transfert", "Retour groupé", "Retour à retirer", "Retour non retiré", "Colis abandonné", "Retour vers vendeur", "Retourné au vendeur", "Annulé", "Echange échoué",
    ];

    /// <summary>All reasons.</summary>
    public static readonly IReadOnlyList<string> Reasons =
    [
        "Téléphone injoignable", "Client ne répond pas", "Faux numéro", "Client absent (reporté)", "Client absent (échoué)", "Annulé par le client", "Commande double", "Le client n'a pas commandé", "Produit erroné", "Produit manquant",
        "Produit cassé ou défectueux", "Client incapable de payer", "Wilaya erronée", "Commune erronée", "Client no-show", "Document manquant", "Produit interdit", "Produit dangereux", "Fausse déclaration",
    ];
}
