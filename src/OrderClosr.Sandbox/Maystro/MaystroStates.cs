namespace OrderClosr.Sandbox.Maystro;

/// <summary>Status codes and what people read (facts: couriers/maystro.md section 5).</summary>
public static class MaystroStates
{
    /// <summary>A new order.</summary>
    public const int Created = 4;

    /// <summary>Cancelled; from a parcel under way it still has to come back.</summary>
    public const int Cancelled = 50;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyDictionary<int, string> Labels = new Dictionary<int, string>
    {
        [4] = "Créé", [5] = "Ramassage demandé", [6] = "En traitement", [8] = "En attente de transit", [9] = "En transit pour expédition", [10] = "En transit pour retour", [11] = "En attente", [12] = "Rupture de stock",
        [15] = "Prêt à expédier", [22] = "Assigné", [31] = "Expédié", [32] = "Alerté", [41] = "Livré", [42] = "Reporté", [50] = "Annulé", [51] = "Prêt à retourner", [52] = "Récupéré par le magasin", [53] = "Non reçu",
    };

    /// <summary>Still in the merchant's hands: may be changed.</summary>
    public static bool IsEditable(int code) => code is 4 or 5 or 6 or 11 or 12 or 15;

    /// <summary>Over: may not be cancelled.</summary>
    public static bool IsOver(int code) => code is 41 or 50 or 51 or 52 or 53;
}
