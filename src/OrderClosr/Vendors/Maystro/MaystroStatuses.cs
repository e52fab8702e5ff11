using System.Globalization;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Maystro;

/// <summary>Maystro's status codes (facts/couriers/maystro.md section 5; meanings are proposals to be reviewed with a merchant).</summary>
internal static class MaystroStatuses
{
    internal const int Cancelled = 50;

    private static readonly Dictionary<int, (Movement Movement, string Label)> Codes = new()
    {
        [4] = (Movement.Registered, "Créé"), [5] = (Movement.ReadyToShip, "Ramassage demandé"), [6] = (Movement.Registered, "En traitement"), [8] = (Movement.AtHub, "En attente de transit"),
        [9] = (Movement.InTransit, "En transit pour expédition"), [10] = (Movement.Returning, "En transit pour retour"), [11] = (Movement.OnHold, "En attente"), [12] = (Movement.OnHold, "Rupture de stock"),
        [15] = (Movement.ReadyToShip, "Prêt à expédier"), [22] = (Movement.OutForDelivery, "Assigné"), [31] = (Movement.OutForDelivery, "Expédié"), [32] = (Movement.AttemptFailed, "Alerté"),
        [41] = (Movement.Delivered, "Livré"), [42] = (Movement.OnHold, "Reporté"), [Cancelled] = (Movement.Cancelled, "Annulé"), [51] = (Movement.Returning, "Prêt à retourner"),
        [52] = (Movement.Returned, "Récupéré par le magasin"), [53] = (Movement.LostOrDamaged, "Non reçu"),
    };

    /// <summary>A code as an event; the code goes with its label, for a number alone says nothing to a person.</summary>
    internal static CourierEvent Event(DateTimeOffset? at, string code, string? reason) =>
        LooseJson.WholeIn(code) is { } number && Codes.TryGetValue(number, out var known)
            ? new(at, known.Movement, string.Create(CultureInfo.InvariantCulture, $"{number} {known.Label}"), reason)
            : new(at, Movement.Unknown, code, reason);
}
