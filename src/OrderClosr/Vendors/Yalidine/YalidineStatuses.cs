using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>What Yalidine's labels mean (facts/couriers/yalidine.md section 6; all proposals to be reviewed with a merchant).</summary>
internal static class YalidineStatuses
{
    /// <summary>Lies in a hub; for a parcel that goes to a desk: the customer is awaited.</summary>
    private const string Waits = "En attente du client";

    private static readonly Dictionary<string, Movement> Table = new (string Label, Movement Movement)[]
    {
        ("Pas encore expédié", Movement.Registered), ("A vérifier", Movement.Registered), ("En préparation", Movement.Registered), ("Pas encore ramassé", Movement.ReadyToShip), ("Prêt à expédier", Movement.ReadyToShip),
        ("En passation", Movement.PickedUp), ("Ramassé", Movement.PickedUp), ("Bloqué", Movement.OnHold), ("Débloqué", Movement.InTransit), ("Transfert", Movement.InTransit), ("Expédié", Movement.InTransit),
        ("Centre", Movement.AtHub), ("En localisation", Movement.InTransit), ("Vers Wilaya", Movement.InTransit), ("En transit", Movement.InTransit), ("Reçu à Wilaya", Movement.AtHub), (Waits, Movement.AtHub),
        ("Prêt pour livreur", Movement.AtHub), ("Sorti en livraison", Movement.OutForDelivery), ("En attente", Movement.OnHold), ("En alerte", Movement.OnHold), ("Alerte résolue", Movement.InTransit),
        ("Tentative échouée", Movement.AttemptFailed), ("Livré", Movement.Delivered), ("Echèc livraison", Movement.Returning), ("Retour vers centre", Movement.Returning), ("Retourné au centre", Movement.Returning),
        ("Retour transfert", Movement.Returning), ("Retour groupé", Movement.Returning), ("Retour à retirer", Movement.Returning), ("Retour non retiré", Movement.Returning), ("Colis abandonné", Movement.LostOrDamaged),
        ("Retour vers vendeur", Movement.Returning), ("Retourné au vendeur", Movement.Returned), ("Annulé", Movement.Cancelled), ("Echange échoué", Movement.Returning),
    }.ToDictionary(r => Key(r.Label), r => r.Movement, StringComparer.Ordinal);

    internal static Movement Of(string? label, bool toDesk) =>
        toDesk && IsWaiting(label) ? Movement.WaitsAtDesk : Table.GetValueOrDefault(Key(label), Movement.Unknown);

    /// <summary>Which of two things this says depends on where the parcel goes.</summary>
    internal static bool IsWaiting(string? label) => Key(label) == Key(Waits);

    internal static bool AreSame(string? a, string? b) => Key(a) == Key(b);

    internal static CourierEvent Event(DateTimeOffset? at, string label, string? reason, string? where, bool toDesk) => new(at, Of(label, toDesk), label, reason, where);

    /// <summary>What <c>payment_status</c> says; null while there is nothing to say. A word nobody knows is shown to a person.</summary>
    internal static CourierEvent? Money(DateTimeOffset? at, string? status, string? slip)
    {
        if (Key(status) is not { Length: > 0 } word || word == "not-ready") return null;
        CashState? step = word switch { "ready" => CashState.Collected, "receivable" => CashState.Ready, "payed" => CashState.Paid, _ => null };
        return step is { } known ? new(at, Movement.None, status!) { Money = new(known, slip) } : new(at, Movement.Unknown, status!);
    }

    private static string Key(string? label) => Folding.Fold(label).Trim();
}
