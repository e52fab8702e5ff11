using System.Security.Cryptography;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Noest;

/// <summary>Nord et Ouest Express: no webhooks, no status field, drafts until they are validated (facts: couriers/noest.md). An account's id is its user GUID.</summary>
public sealed class NoestCourier(VendorBook book, SandboxOptions options, TimeProvider time) : Courier("noest", book, options, time)
{
    /// <inheritdoc />
    public override IReadOnlyCollection<string> Statuses { get; } = [.. NoestEvents.All.Keys];

    /// <inheritdoc />
    public override IReadOnlyList<SlipColumn> SlipColumns { get; } =
    [
        new("Tracking", l => l.Tracking), new("Référence", l => l.Reference), new("Client", l => l.Client), new("Téléphone", l => l.Phone), new("Wilaya", l => l.Wilaya), new("Montant", l => l.Amount), new("Tarif", l => l.Fee), new("Versement", l => l.Net),
    ];

    /// <summary><c>ECS</c>, three letters, ten digits.</summary>
    public string NewTracking()
    {
        string tracking;
        do { tracking = "ECS" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3) + RandomNumberGenerator.GetString("0123456789", 10); } while (Find(tracking) is not null);
        return tracking;
    }

    /// <summary>Writes a line that the merchant or the office caused.</summary>
    public void Note(PlayedParcel parcel, string key, string? words = null) => Moved(parcel, new(Now, key, words), true);

    /// <summary>With the driver: then only the amount and the kind may still be changed.</summary>
    public static bool IsWithDriver(PlayedParcel parcel) => parcel.Status is "fdr_activated" or "return_redispatched_to_livraison" || (parcel.Status == "validation_reception" && parcel.History.LastOrDefault(e => e.Status == "validation_reception")?.Driver is not null);

    /// <inheritdoc />
    public override bool IsDelivered(PlayedParcel parcel) => parcel.Status is "livre" or "livred" or "echange_valide" or "echange_valid_by_hub" or "pickup_picked_recu";

    /// <inheritdoc />
    public override bool IsReturned(PlayedParcel parcel) => parcel.Status is "livraison_echoue_recu" or "return_validated_by_partener";

    /// <inheritdoc />
    public override int FeeOf(PlayedParcel parcel) => IsReturned(parcel) ? Tariff.Return(parcel.Wilaya) - (parcel.ToDesk ? 50 : 0) : NoestPlaces.Fee(parcel.Wilaya, parcel.ToDesk);

    /// <inheritdoc />
    protected override string? RefuseMove(PlayedParcel parcel, string to) =>
        !parcel.IsReleased && !to.StartsWith("ask_to_delete", StringComparison.Ordinal) ? "not validated yet (valid/order): logistics does not see it" : null;

    /// <inheritdoc />
    protected override void Moved(PlayedParcel parcel, ParcelEvent e, bool silent)
    {
        parcel.History.Add(e);
        if (NoestEvents.IsMovement(e.Status) && e.At >= parcel.History.Where(h => NoestEvents.IsMovement(h.Status)).Max(h => h.At)) parcel.Status = e.Status;
        // Money comes between the movements, as it does there.
        if (e.Status is "livre" or "livred") parcel.History.Add(new(e.At.AddSeconds(1), "validation_reception_cash_by_partener"));
    }

    /// <inheritdoc />
    protected override void Paid(PlayedParcel parcel, PaymentSlip slip) => Note(parcel, IsReturned(parcel) ? "extra_fee" : "verssement_admin_cust");
}
