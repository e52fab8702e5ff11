using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Noest;

/// <summary>What lines of a parcel's activity mean (facts/couriers/noest.md section 5; proposals to be reviewed with a merchant). There is no status field.</summary>
internal static class NoestStatuses
{
    /// <summary>A pick-up: the courier fetches something from a customer.</summary>
    private const int PickUp = 3;

    private static readonly Dictionary<string, Movement> Keys = new(StringComparer.Ordinal)
    {
        ["upload"] = Movement.Registered, ["customer_validation"] = Movement.ReadyToShip, ["validation_collect_colis"] = Movement.PickedUp, ["validation_reception_admin"] = Movement.AtHub,
        ["validation_reception"] = Movement.InTransit, ["sent_to_redispatch"] = Movement.InTransit, ["fdr_activated"] = Movement.OutForDelivery, ["return_redispatched_to_livraison"] = Movement.OutForDelivery,
        [AttemptAsked] = Movement.AtHub, ["mise_a_jour"] = Movement.AttemptFailed, ["colis_suspendu"] = Movement.OnHold, ["livre"] = Movement.Delivered, ["livred"] = Movement.Delivered,
        ["echange_valide"] = Movement.Delivered, ["echange_valid_by_hub"] = Movement.Delivered, ["return_asked_by_customer"] = Movement.Returning, ["return_asked_by_hub"] = Movement.Returning,
        ["retour_dispatched_to_partenaires"] = Movement.Returning, ["return_dispatched_to_partenaire"] = Movement.Returning, ["colis_retour_transmit_to_partner"] = Movement.Returning,
        ["return_dispatched_to_warehouse"] = Movement.Returning, ["annulation_dispatch_retour"] = Movement.Returning, ["cancel_return_dispatched_to_partenaire"] = Movement.Returning,
        ["livraison_echoue_recu"] = Movement.Returned, ["return_validated_by_partener"] = Movement.Returned, ["ask_to_delete_by_admin"] = Movement.Cancelled, ["ask_to_delete_by_hub"] = Movement.Cancelled,
        ["verssement_admin_cust"] = Movement.None, ["verssement_admin_cust_canceled"] = Movement.None, ["verssement_hub_cust_canceled"] = Movement.None, ["validation_reception_cash_by_partener"] = Movement.None,
        ["edit_price"] = Movement.None, ["extra_fee"] = Movement.None, ["edited_informations"] = Movement.None, ["edit_wilaya"] = Movement.None,
    };

    /// <summary>Only of a pick-up do these mean anything.</summary>
    private static readonly Dictionary<string, Movement> PickUpKeys = new(StringComparer.Ordinal)
    {
        ["colis_pickup_transmit_to_partner"] = Movement.InTransit, ["pickedup"] = Movement.PickedUp, ["valid_return_pickup"] = Movement.PickedUp, ["pickup_picked_recu"] = Movement.Delivered,
    };

    /// <summary>The merchant asked for a new attempt.</summary>
    internal const string AttemptAsked = "nouvel_tentative_asked_by_customer";

    /// <summary>The activity oldest first: sources show it in either order.</summary>
    internal static IReadOnlyList<CourierEvent> Events(JsonElement parcel)
    {
        var isPickUp = parcel.At("OrderInfo").Whole("type_id") == PickUp;
        var lines = parcel.At("activity").Items.Select(line => Event(line, isPickUp)).OfType<CourierEvent>().ToList();
        // Lines of one second keep their order, so a list that begins with the newest is turned round first.
        if (lines.Count > 1 && lines[0].At > lines[^1].At) lines.Reverse();
        return [.. lines.OrderBy(e => e.At)];
    }

    private static CourierEvent? Event(JsonElement line, bool isPickUp)
    {
        if ((line.Text("event_key") ?? line.Text("event")) is not { } raw) return null;
        var key = Folding.Fold(raw).Trim();
        var movement = Keys.TryGetValue(key, out var known) ? known : isPickUp && PickUpKeys.TryGetValue(key, out var fetched) ? fetched : Movement.Unknown;
        // Received by whom? By a driver, when one is named.
        if (key == "validation_reception" && line.Text("driver") is not null) movement = Movement.OutForDelivery;
        return new(LooseJson.Moment(line.Text("date")), movement, raw, line.Text("content"))
        {
            Money = key switch { "validation_reception_cash_by_partener" => new(CashState.Collected), "verssement_admin_cust" => new(CashState.Paid), _ => null },
        };
    }
}
