using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Ecotrack;

/// <summary>An Ecotrack tenant (Anderson): its parcels and what moving one means (facts: couriers/ecotrack-anderson.md).</summary>
public sealed class EcotrackCourier(VendorBook book, SandboxOptions options, TimeProvider time, EcotrackWebhooks webhooks) : Courier("ecotrack", book, options, time)
{
    private readonly Dictionary<string, (string Letters, int Count)> _series = [];

    /// <inheritdoc />
    public override IReadOnlyCollection<string> Statuses { get; } =
        [.. EcotrackStates.All.Select(s => s.Order).Concat(EcotrackStates.All.Select(s => s.Hook!).Where(h => h is not null)).Concat(EcotrackStates.Remarks).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc />
    public override IReadOnlyList<SlipColumn> SlipColumns { get; } =
    [
        new("Tracking", l => l.Tracking), new("Référence", l => l.Reference), new("Client", l => l.Client), new("Téléphone", l => l.Phone), new("Wilaya", l => l.Wilaya),
        new("Statut", l => l.Status), new("Montant", l => l.Amount), new("Tarif prestation", l => l.Fee), new("Net à payer", l => l.Net),
    ];

    /// <summary><c>EC</c>, four letters of the account, the day, a running number: <c>ECABCD2610020001</c>.</summary>
    /// <remarks>The letters are drawn anew with each sandbox, so that a product which kept its data never sees an old number again.</remarks>
    public string NewTracking(CourierAccount account)
    {
        var (letters, count) = _series.GetValueOrDefault(account.Id);
        _series[account.Id] = (letters ??= RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4), ++count);
        return $"EC{letters}{Now.ToString("yyMMdd", CultureInfo.InvariantCulture)}{count:D4}";
    }

    /// <summary>Failed attempts so far.</summary>
    public static int Attempts(PlayedParcel parcel) => parcel.History.Count(e => e.Status is "attempt_delivery" or "tentative_delayed");

    /// <summary>The word of the last state in webhooks.</summary>
    public static string? LastHook(PlayedParcel parcel) => parcel.History.Select(e => EcotrackStates.All.FirstOrDefault(s => s.Hook == e.Status) ?? EcotrackStates.Of(e.Status)).LastOrDefault(s => s is not null)?.Hook;

    /// <summary>A new parcel: told by a webhook like every state.</summary>
    public void Take(PlayedParcel parcel)
    {
        Keep(parcel);
        Moved(parcel, new(Now, EcotrackStates.Draft), false);
    }

    /// <summary>A remark by the merchant or the courier; no state changes.</summary>
    public void Remark(PlayedParcel parcel, string kind, string? words, bool silent = false)
    {
        var state = EcotrackStates.All.FirstOrDefault(s => s.Hook == LastHook(parcel)) ?? EcotrackStates.Of(parcel.Status);
        if (!silent) webhooks.Tell(this, parcel, state, LastHook(parcel), Now, new() { ["type"] = kind, ["tentative_number"] = kind == "unknown" ? null : Attempts(parcel), ["raison"] = words });
    }

    /// <inheritdoc />
    public override bool IsDelivered(PlayedParcel parcel) => parcel.Status is "livre_non_encaisse" or "encaisse_non_paye" or "paiements_prets";

    /// <inheritdoc />
    public override bool IsReturned(PlayedParcel parcel) => parcel.Status is "retour_recu" or "retour_archive";

    /// <inheritdoc />
    public override int FeeOf(PlayedParcel parcel) => EcotrackPlaces.Fee(parcel, IsReturned(parcel));

    /// <inheritdoc />
    protected override string? RefuseMove(PlayedParcel parcel, string to) =>
        !parcel.IsReleased && to != "annule" ? "not shipped yet (valid/order): nobody at the courier sees it" : null;

    /// <inheritdoc />
    protected override void Moved(PlayedParcel parcel, ParcelEvent e, bool silent)
    {
        if (EcotrackStates.Remarks.Contains(e.Status))
        {
            parcel.History.Add(e);
            if (e.Status is "attempt_delivery" or "tentative_delayed") Remark(parcel, e.Status == "attempt_delivery" ? "tentative_added" : "tentative_delayed", e.Reason, silent);
            return;
        }
        // A webhook code that is finer than the order's own key keeps its own word in webhooks.
        var state = EcotrackStates.All.FirstOrDefault(s => s.Hook == e.Status) ?? EcotrackStates.Of(e.Status) ?? new EcotrackState(99, e.Status, e.Status, e.Status, e.Status);
        var before = LastHook(parcel);
        parcel.History.Add(e);
        // What comes late is told, and no longer changes where the parcel is.
        if (e.At >= parcel.History.Max(h => h.At)) parcel.Status = state.Order;
        if (!silent) webhooks.Tell(this, parcel, state, before, e.At, null);
    }

    /// <inheritdoc />
    protected override void Paid(PlayedParcel parcel, PaymentSlip slip) => Moved(parcel, new(Now, IsReturned(parcel) ? "retours_archived" : "paye_et_archive"), false);

    /// <summary>The line of one event in <c>get/tracking/info</c>, or null.</summary>
    public static JsonObject? Activity(ParcelEvent e, PlayedParcel parcel)
    {
        var word = e.Status is "tentative_delayed" ? "attempt_delivery" : EcotrackStates.Remarks.Contains(e.Status) ? e.Status : (EcotrackStates.All.FirstOrDefault(s => s.Hook == e.Status) ?? EcotrackStates.Of(e.Status)) is { } state ? state.Activity : e.Status;
        return word is null ? null : new()
        {
            ["date"] = e.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["time"] = e.At.ToString("HH:mm", CultureInfo.InvariantCulture), ["status"] = word,
            ["station"] = e.Station ?? "", ["scanLocation"] = Gazetteer.Wilaya(parcel.Wilaya)?.French ?? "",
        };
    }
}
