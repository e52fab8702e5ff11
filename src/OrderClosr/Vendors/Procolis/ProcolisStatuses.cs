using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Procolis;

/// <summary>Procolis' situations (facts/couriers/zr-express.md part B; meanings are proposals).</summary>
internal static partial class ProcolisStatuses
{
    private static readonly Dictionary<string, Movement> Known = new (Movement Movement, string[] Names)[]
    {
        (Movement.Registered, ["En Préparation", "En Préparation - Confirmé", "En Préparation - Annuler", "En Préparation - Ne Réponde pas", "En Préparation - Reportée", "En Préparation - Message Envoyé"]),
        (Movement.ReadyToShip, ["En Traitement - Prêt à Expédie"]),
        (Movement.InTransit, ["Dispatcher"]),
        (Movement.AtHub, ["Au Bureau"]),
        (Movement.OutForDelivery, ["Sortir en livraison", "En livraison"]),
        (Movement.AttemptFailed, ["Appel sans Réponse 1", "Appel sans Réponse 2", "Appel sans Réponse 3", "SD - Appel sans Réponse 1", "SD - Appel sans Réponse 2", "SD - Appel sans Réponse 3", "A Relancé"]),
        (Movement.OnHold, ["Reporté", "SD - Reporté", "Attente Information"]),
        (Movement.Delivered, ["Livrée", "Livrée [ Encaisser ]", "Livrée [ Recouvert ]", "Colis Livrée"]),
        (Movement.Returning, ["Annuler par le Client", "SD - Annuler par le Client", "SD - Annuler 3x", "Retour Livreur", "Retour de Dispatche", "Retour Navette"]),
        (Movement.Returned, ["Retour Client", "Retour Stock"]),
        (Movement.Cancelled, ["Supprimée"]),
        (Movement.None, ["Restaurée", "Échange"]),
    }.SelectMany(r => r.Names.Select(n => (Key: Folding.Compact(n), r.Movement))).ToDictionary(r => r.Key, r => r.Movement, StringComparer.Ordinal);

    private static readonly string Waiting = Folding.Compact("SD - En Attente du Client");

    private static readonly HashSet<string> Cashed = [Folding.Compact("Livrée [ Encaisser ]"), Folding.Compact("Livrée [ Recouvert ]")];

    internal static CourierEvent Event(DateTimeOffset? at, string situation, Delivery delivery, string? reason)
    {
        var key = Folding.Compact(DriverNumber().Replace(situation, ""));
        var movement = key == Waiting ? delivery == Delivery.Desk ? Movement.WaitsAtDesk : Movement.AtHub : Known.GetValueOrDefault(key, Movement.Unknown);
        return new(at, movement, situation, reason) { Money = Cashed.Contains(key) ? new(CashState.Collected) : null };
    }

    /// <summary>A driver's number in brackets may follow.</summary>
    [GeneratedRegex(@"[\[(]\s*\+?[\d][\d .\-/]{5,}[\])]")]
    private static partial Regex DriverNumber();
}
