using System.Globalization;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Procolis;

/// <summary>Procolis' people and memory: the old platform of ZR Express, also of Abex, Leopard Express, Colilog, Flash Delivery.</summary>
public sealed class ProcolisCourier(VendorBook book, SandboxOptions options, TimeProvider time) : Courier("procolis", book, options, time)
{
    private static readonly SlipColumn[] Columns =
    [
        new("Tracking", l => l.Tracking), new("Client", l => l.Client), new("Mobile", l => l.Phone), new("Wilaya", l => l.Wilaya), new("Situation", l => l.Status), new("Total", l => l.Amount), new("Tarif", l => l.Fee), new("Net", l => l.Net),
    ];

    // Numbers are the merchant's own: two merchants may use the same one.
    private readonly Dictionary<(string Account, string Tracking), PlayedParcel> _own = [];

    /// <inheritdoc />
    public override IReadOnlyCollection<string> Statuses => [.. ProcolisSituations.All];

    /// <inheritdoc />
    public override IReadOnlyList<SlipColumn> SlipColumns => Columns;

    /// <summary>How many wilayas this account knows: 58; 48 on old accounts, 69 some day (switch <c>wilaya-model</c>).</summary>
    public int Wilayas => Vendor.Faults.Value("wilaya-model") switch { "48" => 48, "69" => 69, _ => 58 };

    /// <summary>A merchant's parcel by his number.</summary>
    public PlayedParcel? Own(CourierAccount account, string tracking) => _own.GetValueOrDefault((account.Id, tracking));

    /// <summary>Takes a new parcel in.</summary>
    public void Begin(PlayedParcel parcel)
    {
        parcel.History.Add(new(parcel.CreatedAt, parcel.Status));
        Keep(parcel);
        _own[(parcel.Account.Id, parcel.Tracking)] = parcel;
    }

    /// <summary>Lets the courier see it.</summary>
    public void Release(PlayedParcel parcel)
    {
        if (parcel.IsReleased) return;
        parcel.IsReleased = true;
        Moved(parcel, new(Now, ProcolisSituations.Ready), silent: true);
    }

    /// <summary>The situation as it is shown; with the switch <c>driver-number</c> a driver's number follows while he has it.</summary>
    public string Shown(PlayedParcel parcel) =>
        Vendor.Faults.IsOn("driver-number") && parcel.Status is "Sortir en livraison" or "En livraison" && parcel.History[^1] is var last ? $"{parcel.Status} [{last.DriverPhone ?? "0500000077"}]" : parcel.Status;

    /// <inheritdoc />
    public override bool IsDelivered(PlayedParcel parcel) => parcel.Status is "Livrée" or "Livrée [ Encaisser ]" or "Colis Livrée";

    /// <inheritdoc />
    public override bool IsReturned(PlayedParcel parcel) => parcel.Status is "Retour Client" or "Retour Stock";

    /// <inheritdoc />
    public override int FeeOf(PlayedParcel parcel) => IsReturned(parcel) ? Tariff.Return(parcel.Wilaya) : parcel.ToDesk ? Tariff.Desk(parcel.Wilaya) : Tariff.Home(parcel.Wilaya);

    /// <inheritdoc />
    public override void Reset()
    {
        base.Reset();
        _own.Clear();
    }

    /// <inheritdoc />
    protected override string? RefuseMove(PlayedParcel parcel, string to) =>
        !parcel.IsReleased && !ProcolisSituations.IsDraft(to) && to != "Supprimée" ? $"the courier does not see {parcel.Tracking}: it was never made ready" : null;

    /// <inheritdoc />
    protected override void Moved(PlayedParcel parcel, ParcelEvent e, bool silent)
    {
        var isLatest = e.At >= parcel.History.Max(h => h.At);
        parcel.History.Add(e);
        if (isLatest) parcel.Status = e.Status;
    }

    /// <inheritdoc />
    protected override void Paid(PlayedParcel parcel, PaymentSlip slip)
    {
        if (IsDelivered(parcel)) Moved(parcel, new(Now, "Livrée [ Recouvert ]"), silent: true);
    }

    /// <summary>A time as Procolis writes it.</summary>
    public static string Written(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(1)).ToString("dd/MM/yyyy HH:mm:ss", CultureInfo.InvariantCulture);
}
