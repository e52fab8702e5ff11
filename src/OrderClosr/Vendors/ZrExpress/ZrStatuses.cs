using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>States of ZR's workflow and the situations that lie on top of them (facts/couriers/zr-express.md section A5; meanings are proposals).</summary>
internal static class ZrStatuses
{
    /// <summary>Written as <see cref="Key"/> makes them: the usual name, the one of other accounts, and what people read.</summary>
    private static readonly Dictionary<string, Movement> States = Table(
        (Movement.Registered, "commande_recue OrderReceived en_traitement InProcessing appel_confirmation ConfirmationCall commande_confirmee OrderConfirmed en_preparation InPreparation"),
        (Movement.ReadyToShip, "pret_a_expedier ReadyToDispatch"),
        (Movement.AtHub, "confirme_au_bureau ConfirmedAtBranch confirme_chez_partenaire ConfirmedAtPartner"),
        (Movement.InTransit, "dispatch Dispatche Dispatched vers_wilaya InterWilayaTransit"),
        (Movement.OutForDelivery, "sortie_en_livraison OutForDelivery en_livraison InDelivery"),
        (Movement.Delivered, "livre Delivered encaisse Collected recouvert Recovered"),
        (Movement.Returning, "attente_recuperation_fournisseur AwaitingSupplierPickup retour_sous_traitant SubcontractorReturn colis_recupere ParcelRecovered"),
        (Movement.Returned, "recupere_par_fournisseur RecoveredBySupplier reinjecte_dans_stock BackInStock remboursement_reinjecte RefundBackInStock"),
        (Movement.Cancelled, "commande_annulee OrderRefused annule"));

    private static readonly HashSet<string> Cashed = [.. new[] { "encaisse", "Collected", "recouvert", "Recovered" }.Select(Key)];

    private static readonly Dictionary<string, Movement> Situations = Table(
        (Movement.AttemptFailed, "ne_repond_pas_1 ne_repond_pas_2 ne_repond_pas_3 injoignable appel_telephonique"),
        (Movement.OnHold, "reportee_a_une_date_ulterieure reporter_a_une_date_ulterieure commune_erronee"),
        (Movement.None, "sms_envoye pas_de_situation"));

    private static readonly string Waiting = Key("en_attente_du_client");

    /// <summary>What a state means: by its name, else by its words for people, which stay when a merchant renames his states.</summary>
    internal static Movement MovementOf(JsonElement state) =>
        States.TryGetValue(Key(state.AnyText("name")), out var named) ? named : States.GetValueOrDefault(Key(state.AnyText("description")), Movement.Unknown);

    /// <summary>A state as an event; null when there is none.</summary>
    /// <param name="isReturn">The parcel is on its way back, whatever its state.</param>
    internal static CourierEvent? State(DateTimeOffset? at, JsonElement state, bool isReturn, string? reason)
    {
        if ((state.AnyText("name") ?? state.AnyText("description")) is not { } raw) return null;
        var movement = MovementOf(state);
        var cash = Cashed.Contains(Key(state.AnyText("name"))) || Cashed.Contains(Key(state.AnyText("description")));
        if (isReturn && movement is not (Movement.Returned or Movement.Returning or Movement.Cancelled)) movement = Movement.Returning;
        return new(at, movement, raw, reason) { Money = cash ? new(CashState.Collected) : null };
    }

    /// <summary>A situation as an event; null when there is none.</summary>
    internal static CourierEvent? Situation(DateTimeOffset? at, JsonElement situation, Delivery delivery)
    {
        if ((situation.AnyText("name") ?? situation.AnyText("slug")) is not { } raw) return null;
        var movement = Of(situation.AnyText("slug")) ?? Of(situation.AnyText("name")) ?? Movement.Unknown;
        return new(at, movement, raw, situation.AnyText("description"));

        Movement? Of(string? word) => Key(word) is var key && key == Waiting ? delivery == Delivery.Desk ? Movement.WaitsAtDesk : Movement.OnHold : Situations.TryGetValue(key, out var known) ? known : null;
    }

    /// <summary>Its words without the small ones: <c>recupere_par_fournisseur</c> and "Récupéré par le fournisseur" are one.</summary>
    internal static string Key(string? name) => string.Concat(Folding.Words(name?.Replace('_', ' ')).Where(w => w is not ("en" or "de" or "du" or "la" or "le" or "par" or "a" or "une")));

    private static Dictionary<string, Movement> Table(params (Movement Movement, string Names)[] rows) =>
        rows.SelectMany(r => r.Names.Split(' ').Select(n => (Key: Key(n), r.Movement))).DistinctBy(r => r.Key).ToDictionary(r => r.Key, r => r.Movement, StringComparer.Ordinal);
}
