using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Somebody a tenant sends parcels to.</summary>
public sealed record ZrCustomer(Guid Id, string Tenant, string Name, JsonObject Phone);

/// <summary>ZR's people and memory. A parcel's <c>Id</c> is the uuid, its <c>Status</c> the usual name of the state.</summary>
public sealed class ZrCourier(VendorBook book, SandboxOptions options, TimeProvider time, ZrHooks hooks) : Courier("zr", book, options, time)
{
    private static readonly SlipColumn[] Columns =
    [
        new("Code colis", l => l.Tracking), new("Référence externe", l => l.Reference), new("Destinataire", l => l.Client), new("Téléphone", l => l.Phone), new("Wilaya", l => l.Wilaya),
        new("Montant encaissé", l => l.Amount), new("Tarif", l => l.Fee), new("Net", l => l.Net),
    ];

    private readonly Dictionary<(string Tenant, string ExternalId), PlayedParcel> _byExternalId = [];
    private readonly Dictionary<Guid, ZrCustomer> _customers = [];
    private readonly HashSet<string> _neverRead = new(StringComparer.Ordinal);

    /// <summary>Territories and hubs as they are switched: <c>wilaya-model</c>, <c>all-wilayas</c>.</summary>
    public ZrLists Lists => ZrLists.For(Model, Vendor.Faults.IsOn("all-wilayas"));

    /// <inheritdoc />
    public override IReadOnlyCollection<string> Statuses => [.. ZrWorkflow.States.Select(s => s.Key), .. ZrWorkflow.States.Select(s => ZrWorkflow.Name(this, s)), .. ZrWorkflow.Situations.Select(s => s.Slug)];

    /// <inheritdoc />
    public override IReadOnlyList<SlipColumn> SlipColumns => Columns;

    /// <summary>Customers of all tenants.</summary>
    public IReadOnlyCollection<ZrCustomer> Customers => _customers.Values;

    /// <summary>Keeps a customer.</summary>
    public void Keep(ZrCustomer customer) => _customers[customer.Id] = customer;

    /// <summary>A tenant's customer.</summary>
    public ZrCustomer? Customer(string tenant, Guid id) => _customers.GetValueOrDefault(id) is { } known && known.Tenant == tenant ? known : null;

    /// <summary>The parcel of an own reference, or null.</summary>
    public PlayedParcel? OfExternalId(string tenant, string externalId) => _byExternalId.GetValueOrDefault((tenant, externalId));

    /// <summary>Is the territory served now?</summary>
    public bool CanSend(ZrTerritory territory) => territory.CanSend && !IsSwitchedOff((territory.Parent ?? territory).Code);

    /// <summary>Takes a new parcel in.</summary>
    public void Begin(PlayedParcel parcel)
    {
        parcel.History.Add(new(parcel.CreatedAt, parcel.Status));
        Keep(parcel);
        _neverRead.Add(parcel.Id);
        if (parcel.Reference is { } reference) _byExternalId[(parcel.Account.Id, reference)] = parcel;
    }

    /// <summary>Deletes one; its external id is free again.</summary>
    public void Delete(PlayedParcel parcel)
    {
        Remove(parcel);
        if (parcel.Reference is { } reference) _byExternalId.Remove((parcel.Account.Id, reference));
    }

    /// <summary>True once, when the knob <c>read-fails-once</c> makes the first read of a new parcel fail.</summary>
    public bool FirstReadFails(PlayedParcel parcel) => _neverRead.Remove(parcel.Id) && Vendor.Faults.Knob("read-fails-once");

    /// <summary>The state of a parcel; one nobody has heard of shows as itself.</summary>
    public ZrState StateOf(PlayedParcel parcel) => StateOf(parcel.Status);

    /// <summary>May the merchant still change it?</summary>
    public bool IsMerchants(PlayedParcel parcel) => StateOf(parcel).IsMerchants && parcel.Status != ZrWorkflow.Cancelled;

    /// <summary>Is it on its way back? A delivered parcel that comes back is, too.</summary>
    public static bool IsReturn(PlayedParcel parcel) => parcel.History.Any(e => e.Status is "attente_recuperation_fournisseur" or "retour_sous_traitant" or "colis_recupere" or "recupere_par_fournisseur" or "reinjecte_dans_stock");

    /// <summary>The commune it goes to.</summary>
    public ZrTerritory? District(PlayedParcel parcel) => Lists.Territory(Guid.TryParse(parcel.More["deliveryAddress"]?["districtTerritoryId"]?.GetValue<string>(), out var id) ? id : null);

    /// <summary>What carrying it costs, before tax.</summary>
    public int DeliveryPrice(PlayedParcel parcel) => District(parcel) is { } to ? parcel.ToDesk ? ZrPrices.Pickup(to) : ZrPrices.Home(to) : 0;

    /// <summary>What its way back costs, before tax.</summary>
    public int ReturnPrice(PlayedParcel parcel) => District(parcel) is { } to ? ZrPrices.Return(to) : 0;

    /// <inheritdoc />
    public override bool IsDelivered(PlayedParcel parcel) => parcel.Status is "livre" or "encaisse";

    /// <inheritdoc />
    public override bool IsReturned(PlayedParcel parcel) => parcel.Status is "recupere_par_fournisseur" or "reinjecte_dans_stock" or "remboursement_reinjecte";

    /// <inheritdoc />
    public override int FeeOf(PlayedParcel parcel) => ZrPrices.WithTax(IsReturned(parcel) ? ReturnPrice(parcel) : DeliveryPrice(parcel));

    /// <inheritdoc />
    public override void Reset()
    {
        base.Reset();
        _byExternalId.Clear();
        _customers.Clear();
        _neverRead.Clear();
        hooks.Forget();
    }

    /// <summary>The merchant moves his parcel by the API.</summary>
    public void MoveByMerchant(PlayedParcel parcel, ZrState to) => Moved(parcel, new(Now, to.Key), silent: false);

    /// <inheritdoc />
    protected override string? RefuseMove(PlayedParcel parcel, string to) =>
        // The hub does not see a parcel that was never made ready (facts: section D row 1).
        !parcel.IsReleased && !Vendor.Faults.IsOn("no-ready-step") && ZrWorkflow.Find(this, to) is not { IsMerchants: true } ? $"the hub does not see {parcel.Tracking}: it was never moved to {ZrWorkflow.Ready}" : null;

    /// <inheritdoc />
    protected override void Moved(PlayedParcel parcel, ParcelEvent e, bool silent)
    {
        var isLatest = e.At >= parcel.History.Max(h => h.At);
        var wasReturn = IsReturn(parcel);
        if (ZrWorkflow.Situations.FirstOrDefault(s => s.Slug == e.Status) is { Slug: { } slug } situation)
        {
            if (isLatest) parcel.More["situation"] = new JsonObject { ["id"] = ZrLists.Id("situation", slug), ["name"] = situation.Name, ["slug"] = slug, ["description"] = e.Reason, ["metadata"] = null };
            if (!silent) hooks.Tell(parcel.Account, "parcel.state.situation.created", e.At, ZrShown.Parcel(this, parcel));
            return;
        }
        e = e with { Status = ZrWorkflow.Find(this, e.Status)?.Key ?? e.Status };
        parcel.History.Add(e);
        if (e.Status == ZrWorkflow.Ready) parcel.IsReleased = true;
        if (isLatest)
        {
            parcel.Status = e.Status;
            parcel.More["situation"] = null;
        }
        if (silent) return;
        var shown = ZrShown.Parcel(this, parcel);
        shown["state"] = ZrWorkflow.Shown(this, parcel.Account.Id, StateOf(e.Status));
        hooks.Tell(parcel.Account, "parcel.state.updated", e.At, shown);
        if (!wasReturn && IsReturn(parcel)) hooks.Tell(parcel.Account, "parcel.isReturn.updated", e.At, ZrShown.Parcel(this, parcel));
    }

    /// <inheritdoc />
    protected override void Paid(PlayedParcel parcel, PaymentSlip slip)
    {
        if (IsDelivered(parcel)) Moved(parcel, new(Now, "recouvert"), silent: false);
    }

    /// <summary>The state of a name; one nobody has heard of is itself.</summary>
    public ZrState StateOf(string name) => ZrWorkflow.Find(this, name) ?? new(name, name, name, []);
}
