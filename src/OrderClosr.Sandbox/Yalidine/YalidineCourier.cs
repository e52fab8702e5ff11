using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>Yalidine's people and memory.</summary>
public sealed class YalidineCourier(VendorBook book, SandboxOptions options, TimeProvider time, YalidineHooks hooks) : Courier("yalidine", book, options, time)
{
    private static readonly SlipColumn[] Columns =
    [
        new("Tracking", l => l.Tracking), new("N° commande", l => l.Reference), new("Client", l => l.Client), new("Téléphone", l => l.Phone), new("Wilaya", l => l.Wilaya), new("Statut", l => l.Status),
        new("Montant recouvert", l => l.Amount), new("Frais", l => l.Fee), new("Net à payer", l => l.Net),
    ];

    private int _import = 232;

    /// <summary>The lists of the model that is switched on.</summary>
    public YalidineLists Lists => YalidineLists.For(Model);

    /// <inheritdoc />
    public override IReadOnlyCollection<string> Statuses => [.. YalidineStatuses.All];

    /// <inheritdoc />
    public override IReadOnlyList<SlipColumn> SlipColumns => Columns;

    /// <summary>Is anything delivered there now? The switch <c>unserved</c> takes wilayas out.</summary>
    public bool Serves(YalidineWilaya wilaya) => wilaya.IsDeliverable && !IsSwitchedOff(wilaya.Id);

    /// <summary>Is the commune delivered to now?</summary>
    public bool Serves(YalidineCommune commune) => commune.IsDeliverable && Serves(commune.Wilaya);

    /// <summary>A wilaya by its exact name.</summary>
    public YalidineWilaya? Wilaya(string? name) => name is null ? null : Lists.Wilayas.FirstOrDefault(w => w.Name == name);

    /// <summary>A commune by its exact spelling, accents included.</summary>
    public YalidineCommune? Commune(YalidineWilaya? wilaya, string? name) => wilaya is null || name is null ? null : Lists.CommunesOf(wilaya.Id).FirstOrDefault(c => Spell(c.Name) == name);

    /// <summary>The number of the next import: one per create call.</summary>
    public int NextImport() => ++_import;

    /// <summary>A time as Yalidine writes it: Algiers, no offset.</summary>
    public static string Written(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Opens a label without any login; the same for the same parcel.</summary>
    public static string LabelToken(CourierAccount account, string what) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"label\n{account.Id}\n{what}")))[..32];

    /// <summary>The carrying fee of a parcel as it stands.</summary>
    public int CarryFee(PlayedParcel parcel)
    {
        var from = Lists.Wilayas.FirstOrDefault(w => w.Name == parcel.More.TextOf("from_wilaya_name")) ?? Lists.Wilayas[parcel.Account.Wilaya - 1];
        var to = Commune(Lists.Wilayas.FirstOrDefault(w => w.Id == parcel.Wilaya), parcel.Commune);
        return to is null ? 0 : YalidineFees.Of(from, to, parcel.ToDesk, parcel.More.FlagOf("economic") == true, parcel.Weight,
            parcel.More.WholeOf("length") ?? 0, parcel.More.WholeOf("width") ?? 0, parcel.More.WholeOf("height") ?? 0);
    }

    /// <inheritdoc />
    public override bool IsDelivered(PlayedParcel parcel) => parcel.Status == "Livré";

    /// <inheritdoc />
    public override bool IsReturned(PlayedParcel parcel) => parcel.Status == "Retourné au vendeur";

    /// <inheritdoc />
    public override int FeeOf(PlayedParcel parcel) => IsReturned(parcel) ? YalidineFees.Return : CarryFee(parcel) + YalidineFees.Cod(parcel.Amount);

    /// <summary><c>payment_status</c> of a parcel.</summary>
    public string PaymentStatus(PlayedParcel parcel) => parcel.Slip is not null ? "payed" : IsDelivered(parcel) ? "receivable" : parcel.History.Any(e => e.Status == "Livré") ? "ready" : "not-ready";

    /// <inheritdoc />
    public override void Reset()
    {
        base.Reset();
        hooks.Forget();
    }

    /// <summary>Writes the first line of a parcel's life.</summary>
    public void Begin(PlayedParcel parcel)
    {
        parcel.History.Add(new(parcel.CreatedAt, YalidineStatuses.First));
        Keep(parcel);
    }

    /// <inheritdoc />
    protected override string? RefuseMove(PlayedParcel parcel, string to) => null; // Yalidine has no step that releases a parcel

    /// <inheritdoc />
    protected override void Moved(PlayedParcel parcel, ParcelEvent e, bool silent)
    {
        // An event that is reported late has its place in the history and does not change where the parcel is.
        var isLatest = e.At >= parcel.History.Max(h => h.At);
        parcel.History.Add(e);
        if (isLatest) parcel.Status = e.Status;
        if (!silent) hooks.Tell(parcel.Account, "parcel_status_updated", [(e.At, new JsonObject { ["tracking"] = parcel.Tracking, ["status"] = e.Status, ["reason"] = e.Reason ?? "" })]);
    }

    /// <inheritdoc />
    protected override void Paid(PlayedParcel parcel, PaymentSlip slip) =>
        hooks.Tell(parcel.Account, "parcel_payment_updated", [(Now, new JsonObject { ["tracking"] = parcel.Tracking, ["status"] = "payed", ["payment_id"] = slip.Id })]);
}
