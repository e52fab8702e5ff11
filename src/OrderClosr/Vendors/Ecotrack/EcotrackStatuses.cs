using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Ecotrack;

/// <summary>What Ecotrack's three vocabularies mean (facts/couriers/ecotrack-anderson.md sections 5 and 6; all proposals to be reviewed with a merchant).</summary>
internal static class EcotrackStatuses
{
    /// <summary>An order as it is made; the same word before and after it is released.</summary>
    internal const string Draft = "prete_a_expedier";

    /// <summary>An attempt that failed; the order's own status stays "with the driver".</summary>
    internal const string Attempt = "attempt_delivery";

    private static readonly Dictionary<string, (Movement Movement, CashState? Money)> Orders = new(StringComparer.Ordinal)
    {
        [Draft] = (Movement.Registered, null), ["prete_a_preparer"] = (Movement.Registered, null), ["en_preparation_stock"] = (Movement.Registered, null), ["en_ramassage"] = (Movement.PickedUp, null),
        ["vers_hub"] = (Movement.InTransit, null), ["vers_wilaya"] = (Movement.InTransit, null), ["en_hub"] = (Movement.AtHub, null), ["en_preparation"] = (Movement.AtHub, null),
        ["en_livraison"] = (Movement.OutForDelivery, null), ["suspendu"] = (Movement.OnHold, null), ["livre_non_encaisse"] = (Movement.Delivered, null),
        ["encaisse_non_paye"] = (Movement.Delivered, CashState.Collected), ["paiements_prets"] = (Movement.Delivered, CashState.Ready), ["paye_et_archive"] = (Movement.Delivered, CashState.Paid),
        ["retour_chez_livreur"] = (Movement.Returning, null), ["retour_transit_entrepot"] = (Movement.Returning, null), ["retour_en_traitement"] = (Movement.Returning, null),
        ["retour_recu"] = (Movement.Returned, null), ["retour_archive"] = (Movement.Returned, null), ["annule"] = (Movement.Cancelled, null),
    };

    private static readonly Dictionary<string, (Movement Movement, CashState? Money)> Activities = new(StringComparer.Ordinal)
    {
        ["order_information_received_by_carrier"] = (Movement.ReadyToShip, null), ["notification_on_order"] = (Movement.None, null), ["picked"] = (Movement.PickedUp, null),
        ["accepted_by_carrier"] = (Movement.AtHub, null), ["dispatched_to_driver"] = (Movement.OutForDelivery, null), [Attempt] = (Movement.AttemptFailed, null), ["return_asked"] = (Movement.Returning, null),
        ["return_in_transit"] = (Movement.Returning, null), ["return_received"] = (Movement.Returned, null), ["livred"] = (Movement.Delivered, null), ["encaissed"] = (Movement.Delivered, CashState.Collected),
        ["payed"] = (Movement.Delivered, CashState.Paid),
    };

    private static readonly Dictionary<string, (Movement Movement, CashState? Money)> Hooks = new(StringComparer.Ordinal)
    {
        ["pret_a_expedier"] = (Movement.ReadyToShip, null), ["pret_a_preparer"] = (Movement.Registered, null), ["stock_en_preparation"] = (Movement.Registered, null), ["en_ramassage"] = (Movement.PickedUp, null),
        ["vers_hub"] = (Movement.InTransit, null), ["vers_wilaya"] = (Movement.InTransit, null), ["en_hub"] = (Movement.AtHub, null), ["en_preparation"] = (Movement.AtHub, null),
        ["en_livraison"] = (Movement.OutForDelivery, null), ["suspendus"] = (Movement.OnHold, null), ["retours_en_traitement"] = (Movement.Returning, null), ["retours_chez_livreur"] = (Movement.Returning, null),
        ["retours_prets"] = (Movement.Returning, null), ["retours_en_transit_stock"] = (Movement.Returning, null), ["retours_recu"] = (Movement.Returned, null),
        ["retours_a_dispatcher_vers_stock"] = (Movement.Returned, null), ["retours_en_stock"] = (Movement.Returned, null), ["retours_archived"] = (Movement.Returned, null),
        ["livre_non_encaisse"] = (Movement.Delivered, null), ["livre_encaisse_non_paye"] = (Movement.Delivered, CashState.Collected), ["paiement_pret"] = (Movement.Delivered, CashState.Ready),
        ["paiement_archived"] = (Movement.Delivered, CashState.Paid),
    };

    private static readonly Dictionary<string, (Movement Movement, CashState? Money)> OrdersAndHooks = Hooks.Where(h => !Orders.ContainsKey(h.Key)).Concat(Orders).ToDictionary();
    private static readonly Dictionary<string, (Movement Movement, CashState? Money)> HooksAndOrders = Orders.Where(o => !Hooks.ContainsKey(o.Key)).Concat(Hooks).ToDictionary();

    /// <summary>A key of <c>get/orders</c> and <c>get/orders/status</c>; spellings drift, so a webhook's word is understood, too.</summary>
    internal static CourierEvent Order(DateTimeOffset? at, string raw, string? reason = null) => Event(OrdersAndHooks, at, raw, reason, null);

    /// <summary>A line of <c>get/tracking/info</c>.</summary>
    internal static CourierEvent Activity(DateTimeOffset? at, string raw, string? reason, string? where) => Event(Activities, at, raw, reason, where);

    /// <summary>A code of a webhook.</summary>
    internal static CourierEvent Hook(DateTimeOffset? at, string raw) => Event(HooksAndOrders, at, raw, null, null);

    /// <summary>Made and perhaps released: the word alone does not say which.</summary>
    internal static bool IsDraft(string raw) => Folding.Fold(raw).Trim() is Draft or "pret_a_expedier";

    private static CourierEvent Event(Dictionary<string, (Movement Movement, CashState? Money)> table, DateTimeOffset? at, string raw, string? reason, string? where)
    {
        var (movement, money) = table.GetValueOrDefault(Folding.Fold(raw).Trim(), (Movement.Unknown, null));
        return new(at, movement, raw, reason, where) { Money = money is { } step ? new(step) : null };
    }
}
