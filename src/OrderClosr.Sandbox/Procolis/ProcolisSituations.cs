namespace OrderClosr.Sandbox.Procolis;

/// <summary>Procolis' own words (facts: zr-express.md part B), spelled as it spells them; the index is its <c>IDSituation</c>.</summary>
public static class ProcolisSituations
{
    /// <summary>Where a draft begins.</summary>
    public const string Draft = "En Préparation";

    /// <summary>Ready to be fetched.</summary>
    public const string Ready = "En Traitement - Prêt à Expédie";

    /// <summary>All situations.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        Draft, "En Préparation - Confirmé", "En Préparation - Annuler", "En Préparation - Ne Réponde pas", "En Préparation - Reportée", "En Préparation - Message Envoyé", Ready, "Dispatcher", "Au Bureau", "SD - En Attente du Client",
        "Sortir en livraison", "En livraison", "Appel sans Réponse 1", "Appel sans Réponse 2", "Appel sans Réponse 3", "SD - Appel sans Réponse 1", "SD - Appel sans Réponse 2", "SD - Appel sans Réponse 3", "A Relancé",
        "Reporté", "SD - Reporté", "Attente Information", "Livrée", "Livrée [ Encaisser ]", "Livrée [ Recouvert ]", "Colis Livrée", "Annuler par le Client", "SD - Annuler par le Client", "SD - Annuler 3x",
        "Retour Livreur", "Retour de Dispatche", "Retour Navette", "Retour Client", "Retour Stock", "Supprimée", "Restaurée", "Échange",
    ];

    /// <summary>Before the courier has it: the office calls the customer.</summary>
    public static bool IsDraft(string situation) => situation.StartsWith(Draft, StringComparison.Ordinal);
}
