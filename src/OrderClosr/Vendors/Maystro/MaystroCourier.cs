using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Maystro;

/// <summary>Maystro Delivery as the room of parcels wants a courier (facts/couriers/maystro.md).</summary>
internal sealed class MaystroCourier(MaystroClient client) : ICourier
{
    /// <summary>A blank page has about 880 bytes.</summary>
    private const int LeastLabel = 1_000;

    /// <summary>"Cancelled by the shop".</summary>
    private const int AbortReason = 21;

    private readonly MaystroLists _lists = new(client);
    private readonly MaystroOrders _orders = new(client);

    public string Name => MaystroClient.Vendor;

    public CourierProfile Profile { get; } = new("Maystro Delivery", [new(MaystroClient.TokenField), new(MaystroClient.StoreField, IsSecret: false, IsOptional: true)],
        [MaystroWire.DeliveryType, MaystroWire.Price, MaystroWire.Lines, MaystroClient.Host, MaystroClient.KeyPrefix]) { IsUncertain = true };

    public CourierAbilities Abilities { get; } = new()
    {
        Lookup = Lookup.Direct, Repeat = Repeat.MakesAnother, TrackAtOnce = MaystroOrders.AtOnce, ReadyStep = ReadyStep.None, CancelUntil = ParcelState.ReadyToShip, Editable = ParcelFields.All,
        EditUntil = ParcelState.ReadyToShip, Webhook = WebhookKind.ByApi, ListsDesks = false,
    };

    public Task<CourierPing> PingAsync(CourierAccess access, CancellationToken stop) => CourierHttp.PingAsync(async () =>
    {
        if (access.Credentials.GetValueOrDefault(MaystroClient.TokenField, "").Length == 0) return new("field_missing", "The key is missing.", MaystroClient.TokenField);
        if (access.Variant(MaystroWire.Lines) == "created" && access.Credentials.GetValueOrDefault(MaystroClient.StoreField, "").Length == 0)
            return new("field_missing", "To create products the number of the store is needed.", MaystroClient.StoreField);
        var reply = await client.GetAsync(access, "shared/wilayas/?country=1", stop);
        return reply.IsSuccess && reply.Body.Items.Any() ? CourierPing.Fine : new("address_wrong", "What answers at this address is not Maystro.");
    });

    public Task<ListPart> ReadListsAsync(CourierAccess access, string? from, CancellationToken stop) => _lists.ReadAsync(access, from, stop);

    public async Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop)
    {
        var parcel = parcels.Single();
        var (products, no) = await ProductsAsync(access, parcel, stop);
        if (no is not null) return [new(BookingEnd.Refused, No: no)];
        var reply = await client.SendAsync(access, HttpMethod.Post, "stores/orders/", MaystroWire.Create(access, parcel, products), stop);
        if (reply.Status == 404) throw reply.NotOurs();
        if (MaystroWire.IsRepeat(reply)) return [BookingAnswer.Exists];
        if (MaystroWire.No(reply, parcel) is { } refusal) return [new(BookingEnd.Refused, No: refusal)];
        return [MaystroWire.Parcel(access, reply.Body, []) is { } made ? BookingAnswer.Registered(made with { Reference = parcel.Reference, ToCollect = null }) : BookingAnswer.Unclear];
    }

    public Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop) => _orders.FindAsync(access, references, since, stop);

    public Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop) => _orders.TrackAsync(access, parcels, stop);

    public async Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop)
    {
        if (await _orders.IdAsync(access, parcel, stop) is not { } id) return Gone;
        var (products, no) = change.Goods is null ? (null, null) : await ProductsAsync(access, change.Whole, stop);
        if (no is not null) return no;
        var reply = await client.SendAsync(access, HttpMethod.Patch, $"stores/orders/{Uri.EscapeDataString(id)}/", MaystroWire.Change(access, change, products), stop);
        if (reply.Status == 404) return Gone;
        // A detail without a field: the order as a whole can no longer be changed.
        return MaystroWire.No(reply, change.Whole) is not { } refusal ? null : refusal.Field is null ? refusal with { Code = BookingCodes.NotEditable, Kind = RefusalKind.Conflict } : refusal;
    }

    public async Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        if (await _orders.IdAsync(access, parcel, stop) is not { } id) return null;
        var cancel = new Dictionary<string, int> { ["status"] = MaystroStatuses.Cancelled, ["abort_reason"] = AbortReason };
        var reply = await client.SendAsync(access, HttpMethod.Patch, $"shared/status/{Uri.EscapeDataString(id)}/", cancel, stop);
        if (reply.Status == 404) reply = await client.SendAsync(access, HttpMethod.Patch, $"stores/orders/{Uri.EscapeDataString(id)}/status/", cancel, stop);
        if (reply.IsSuccess) return null;
        // Cancelled or gone before: done. Else their sentence.
        return await _orders.StatusAsync(access, id, stop) is null or MaystroStatuses.Cancelled ? null : new(BookingCodes.NotCancellable, MaystroWire.No(reply)!.Words, Kind: RefusalKind.Conflict);
    }

    /// <summary>There is no such call: the merchant asks for pick-up on the courier's screen.</summary>
    public Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) => throw new NotSupportedException("Maystro has no such call.");

    public async Task<byte[]> LabelAsync(CourierAccess access, BookedParcel parcel, LabelFormat format, CancellationToken stop)
    {
        var id = await _orders.IdAsync(access, parcel, stop) ?? throw new VendorFailure(FailureCategory.Refused, "Maystro has no such parcel.", "label_refused");
        var reply = await client.SendAsync(access, HttpMethod.Post, "delivery/starter/v2/starter_bordureau/", new Dictionary<string, string[]> { ["orders_ids"] = [id] }, stop, isRead: true, isFile: true);
        return reply.Pdf(LeastLabel);
    }

    public async Task<WebhookRegistration> RegisterWebhookAsync(CourierAccess access, Uri ours, CancellationToken stop)
    {
        // Asked first: a registration whose answer was lost would tell us everything twice.
        var known = await client.GetAsync(access, "stores/hooks/costume/", stop);
        var list = known.Body.At("results") is { IsThere: true } inside ? inside : known.Body;
        if (known.IsSuccess && list.Items.FirstOrDefault(h => h.Text("endpoint") == ours.ToString()).Text("id") is { } id) return new(id, null);
        var reply = await client.SendAsync(access, HttpMethod.Post, "stores/hooks/costume/", new Dictionary<string, string> { ["endpoint"] = ours.ToString() }, stop);
        return reply.IsSuccess && reply.Body.Text("id") is { } made ? new(made, null) : throw (reply.IsSuccess ? reply.Unclear() : reply.NotOurs());
    }

    /// <summary>Nothing is signed: the address is the secret, and what is told is asked for before it is believed.</summary>
    public bool IsSigned(CourierAccess access, WebhookRequest request) => true;

    public IReadOnlyList<WebhookNews> ReadWebhook(ReadOnlyMemory<byte> body) => MaystroWebhook.Read(body);

    private static Refusal Gone => new(BookingCodes.NotEditable, "The courier has no such parcel any more.", Kind: RefusalKind.NotFound);

    /// <summary>The lines of the order; where products are needed, those of the store, made when missing. All of it may be lost or repeated without harm.</summary>
    private async Task<(IReadOnlyList<MaystroWire.Product> Products, Refusal? No)> ProductsAsync(CourierAccess access, ParcelToBook parcel, CancellationToken stop)
    {
        var described = MaystroWire.Described(parcel);
        if (access.Variant(MaystroWire.Lines) != "created") return (described, null);
        var products = new List<MaystroWire.Product>();
        foreach (var line in described)
        {
            var search = await client.GetAsync(access, $"stores/product/?search={Uri.EscapeDataString(line.Description)}", stop);
            var list = search.Body.At("list") is { IsThere: true } inside ? inside : search.Body;
            if (!search.IsSuccess) throw search.NotOurs();
            var id = list.At("results").Items.Where(p => p.Text("logistical_description") == line.Description).Select(p => p.Text("id")).FirstOrDefault();
            if (id is null)
            {
                // Made twice it is only two products: without an answer it is tried again, and the order was not posted.
                var made = await client.SendAsync(access, HttpMethod.Post, "stores/product/", new Dictionary<string, string>
                {
                    ["store_id"] = access.Credentials.GetValueOrDefault(MaystroClient.StoreField, ""), ["logistical_description"] = line.Description,
                }, stop, isRead: true);
                if (!made.IsSuccess) return (described, MaystroWire.No(made, parcel)! with { Code = BookingCodes.Goods, Field = "goods" });
                id = made.Body.Text("id") ?? throw made.Unclear();
            }
            products.Add(line with { Id = id });
        }
        return (products, null);
    }
}
