using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Maystro;

/// <summary>A product of a shop's stock at Maystro.</summary>
public sealed record MaystroProduct(string Id, int DisplayId, string ProductId, string Description, CourierAccount Account);

/// <summary>Maystro: parcels, products, and what moving a parcel means (facts: couriers/maystro.md).</summary>
public sealed class MaystroCourier : Courier
{
    private readonly MaystroHooks _hooks;
    private int _lastDisplayId;

    /// <summary>With the accounts of the seed; an account's id is its store id.</summary>
    public MaystroCourier(VendorBook book, SandboxOptions options, TimeProvider time, MaystroHooks hooks) : base("maystro", book, options, time)
    {
        _hooks = hooks;
        _lastDisplayId = FirstDisplayId();
    }

    /// <summary>Products, oldest first.</summary>
    public List<MaystroProduct> Products { get; } = [];

    /// <inheritdoc />
    public override IReadOnlyCollection<string> Statuses { get; } = [.. MaystroStates.Labels.Keys.Select(Text), .. MaystroStates.Labels.Values];

    /// <inheritdoc />
    public override IReadOnlyList<SlipColumn> SlipColumns { get; } =
    [
        new("Display ID", l => l.Tracking), new("External order ID", l => l.Reference), new("Client", l => l.Client), new("Wilaya", l => l.Wilaya), new("Prix", l => l.Amount), new("Frais de livraison", l => l.Fee), new("Total", l => l.Net),
    ];

    /// <summary>The number people read.</summary>
    public int NewDisplayId() => ++_lastDisplayId;

    /// <summary>The code a parcel stands at; 0 for one nobody has heard of.</summary>
    public static int Code(PlayedParcel parcel) => CodeOf(parcel.Status);

    /// <summary>A code or a label as its code.</summary>
    public static int CodeOf(string word) => int.TryParse(word, CultureInfo.InvariantCulture, out var code) ? code : MaystroStates.Labels.FirstOrDefault(l => l.Value.Equals(word, StringComparison.OrdinalIgnoreCase)).Key;

    /// <summary>A new order: told as <c>orderCreated</c>.</summary>
    public void Take(PlayedParcel parcel)
    {
        Keep(parcel);
        parcel.History.Add(new(Now, Text(MaystroStates.Created)));
        _hooks.Tell(this, parcel, "orderCreated", MaystroStates.Created);
    }

    /// <inheritdoc />
    public override bool IsDelivered(PlayedParcel parcel) => Code(parcel) == 41;

    /// <inheritdoc />
    public override bool IsReturned(PlayedParcel parcel) => Code(parcel) == 52;

    /// <inheritdoc />
    public override int FeeOf(PlayedParcel parcel) => IsReturned(parcel) ? 0 : CourierJson.Whole(parcel.More["delivery_price"]) ?? 0;

    /// <inheritdoc />
    public override void Reset()
    {
        base.Reset();
        lock (Gate)
        {
            Products.Clear();
            _hooks.Clear();
            _lastDisplayId = FirstDisplayId();
        }
    }

    /// <inheritdoc />
    protected override string? RefuseMove(PlayedParcel parcel, string to) => null; // the merchant asks for pick-up in the dashboard: there is no step to wait for

    /// <inheritdoc />
    protected override void Moved(PlayedParcel parcel, ParcelEvent e, bool silent)
    {
        var code = CodeOf(e.Status);
        parcel.History.Add(e with { Status = Text(code) });
        if (e.At >= parcel.History.Max(h => h.At)) parcel.Status = Text(code);
        if (e.Reason is not null) parcel.More[code == MaystroStates.Cancelled ? "abort_reason" : "alert_reason"] = e.Reason;
        if (!silent) _hooks.Tell(this, parcel, "OrderStatusChanged", code);
    }

    /// <inheritdoc />
    protected override void Paid(PlayedParcel parcel, PaymentSlip slip) { } // no status and no event tells it: the slip is all there is

    /// <summary>A number as its digits.</summary>
    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Drawn anew with each sandbox, so that a product which kept its data never sees an old number again.
    private static int FirstDisplayId() => RandomNumberGenerator.GetInt32(1_000_000, 9_000_000);
}
