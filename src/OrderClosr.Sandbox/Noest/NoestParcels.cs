using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Noest;

/// <summary>Validate, change, delete, ask, track (facts: couriers/noest.md sections 4 and 5).</summary>
public sealed class NoestParcels(NoestCourier courier, NoestOrders orders)
{
    private const int MostAtOnce = 100;

    /// <summary>The parcel of the body's <c>tracking</c>.</summary>
    public PlayedParcel Parcel(CourierAccount account, string? tracking)
    {
        if (tracking is null) throw Laravel.Invalid("tracking", NoestRefusals.Missing("tracking"));
        return courier.Find(tracking, account) ?? throw Laravel.Invalid("tracking", NoestRefusals.Invalid("tracking"));
    }

    /// <summary><c>valid/order</c>: from now on logistics sees it.</summary>
    public JsonObject Validate(CourierAccount account, JsonObject body) => Validate(Parcel(account, CourierJson.Words(body["tracking"])));

    /// <summary><c>valid/orders</c>.</summary>
    public JsonObject ValidateMany(CourierAccount account, JsonObject body)
    {
        var (passed, failed) = (new JsonObject(), new JsonObject());
        foreach (var tracking in Trackings(body))
            try { passed[tracking] = Validate(Parcel(account, tracking)); }
            catch (CourierRefusal no) { failed[tracking] = no.Body!["errors"]?.DeepClone() ?? no.Body["error"]!.DeepClone(); }
        return orders.Sorted(passed, failed);
    }

    /// <summary><c>delete/order</c>, only a draft.</summary>
    public JsonObject Delete(CourierAccount account, JsonObject body)
    {
        courier.Remove(Draft(account, body));
        return Done();
    }

    /// <summary><c>update/order/before/expedition</c>: other names than create.</summary>
    public JsonObject ChangeDraft(CourierAccount account, JsonObject body) => Change(Draft(account, body), body,
        ("reference", "reference"), ("client", "client"), ("tel", "phone"), ("tel2", "phone_2"), ("adresse", "adresse"), ("wilaya", "wilaya_id"), ("commune", "commune"), ("montant", "montant"), ("remarque", "remarque"),
        ("product", "produit"), ("type", "type_id"), ("poids", "poids"), ("stop_desk", "stop_desk"), ("station_code", "station_code"));

    /// <summary><c>update/order</c>, after validation: in the same wilaya, and with the driver only amount and kind.</summary>
    public JsonObject AskChange(CourierAccount account, JsonObject body)
    {
        var parcel = Underway(account, body);
        if (CourierJson.Whole(body["wilaya"]) is { } wilaya && wilaya != parcel.Wilaya) throw Laravel.Invalid("wilaya", NoestRefusals.Invalid("wilaya"));
        if (NoestCourier.IsWithDriver(parcel) && ((string[])["tel", "adresse", "commune", "stop_desk", "code_station"]).FirstOrDefault(n => body[n] is not null) is { } late) throw Laravel.Invalid(late, NoestRefusals.Invalid(late));
        var before = parcel.Amount;
        var done = Change(parcel, body, ("tel", "phone"), ("adresse", "adresse"), ("commune", "commune"), ("montant", "montant"), ("type", "type_id"), ("stop_desk", "stop_desk"), ("code_station", "station_code"));
        courier.Note(parcel, parcel.Amount == before ? "edited_informations" : "edit_price");
        return done;
    }

    /// <summary><c>add/maj</c>: a word for the courier.</summary>
    public JsonObject AddNote(CourierAccount account, JsonObject body)
    {
        var parcel = Parcel(account, CourierJson.Words(body["tracking"]));
        if (CourierJson.Words(body["content"]) is not { } words) throw Laravel.Invalid("content", NoestRefusals.Missing("content"));
        parcel.History.Add(new(courier.Now, "edited_informations", words));
        return Done();
    }

    /// <summary><c>ask/new-tentative</c>, after one that failed.</summary>
    public JsonObject AskAgain(CourierAccount account, JsonObject body)
    {
        var parcel = Underway(account, body);
        if (parcel.Status is not ("mise_a_jour" or "colis_suspendu")) throw Laravel.Invalid("tracking", NoestRefusals.Invalid("tracking"));
        // What it takes is not documented: the least, and nothing else, so that whoever sends more finds out here.
        var content = CourierJson.Words(body["content"]);
        if (courier.Vendor.Faults.Value("attempt-content") == "needed")
        {
            if (content is null) throw Laravel.Invalid("content", NoestRefusals.Missing("content"));
        }
        else if (body.Select(f => f.Key).FirstOrDefault(f => f is not ("user_guid" or "tracking")) is { } more) throw Laravel.Invalid(more, NoestRefusals.Invalid(more));
        courier.Note(parcel, "nouvel_tentative_asked_by_customer", content);
        return Done();
    }

    /// <summary><c>ask/return</c>.</summary>
    public JsonObject AskReturn(CourierAccount account, JsonObject body)
    {
        courier.Note(Underway(account, body), "return_asked_by_customer");
        return Done();
    }

    /// <summary><c>get/trackings/info</c>: there is no status field, only the activity.</summary>
    public JsonObject Track(CourierAccount account, JsonObject body)
    {
        var found = Trackings(body).Select(t => courier.Find(t, account)).OfType<PlayedParcel>().ToList();
        return found.Count > 0 ? new(found.Select(p => KeyValuePair.Create(p.Tracking, (JsonNode?)Shown(p))))
            : throw new CourierRefusal(courier.Vendor.Faults.Value("unknown-tracking-status") == "200" ? 200 : 404, new JsonObject { ["message"] = "Trackings not found" });
    }

    private JsonObject Validate(PlayedParcel parcel)
    {
        if (parcel.IsReleased) throw NoestRefusals.Business(courier, "already_validated");
        parcel.IsReleased = true;
        courier.Note(parcel, NoestEvents.Validated);
        return Done();
    }

    private PlayedParcel Draft(CourierAccount account, JsonObject body) =>
        Parcel(account, CourierJson.Words(body["tracking"])) is { IsReleased: false } parcel ? parcel : throw NoestRefusals.Business(courier, "already_validated");

    private PlayedParcel Underway(CourierAccount account, JsonObject body) =>
        Parcel(account, CourierJson.Words(body["tracking"])) is { IsReleased: true, Slip: null } parcel && !courier.IsDelivered(parcel) && !courier.IsReturned(parcel) ? parcel : throw Laravel.Invalid("tracking", NoestRefusals.Invalid("tracking"));

    // What is not sent stays; the same rules as for a new order hold for the whole.
    private JsonObject Change(PlayedParcel parcel, JsonObject body, params ReadOnlySpan<(string Sent, string Field)> names)
    {
        var whole = parcel.More.DeepClone().AsObject();
        foreach (var (sent, field) in names)
            if (body[sent] is { } value) whole[field] = value.DeepClone();
        if (body["wilaya"] is not null || body["commune"] is not null)
        {
            whole.Remove("zip_code");
            whole["wilaya_id"] ??= parcel.Wilaya;
            whole["commune"] ??= parcel.Commune;
        }
        var read = orders.Read(parcel.Account, whole, needsWeight: false);
        (parcel.Reference, parcel.Client, parcel.Phone, parcel.Phone2, parcel.Address, parcel.Wilaya, parcel.Commune) = (read.Reference, read.Client, read.Phone, read.Phone2, read.Address, read.Wilaya, read.Commune);
        (parcel.ToDesk, parcel.Desk, parcel.Amount, parcel.Product, parcel.Note, parcel.Weight, parcel.Kind) = (read.ToDesk, read.Desk, read.Amount, read.Product, read.Note, read.Weight, read.Kind);
        foreach (var name in parcel.More.Select(m => m.Key).Where(k => !whole.ContainsKey(k)).ToList()) parcel.More.Remove(name);
        foreach (var (name, value) in whole) parcel.More[name] = value?.DeepClone();
        return Done();
    }

    private static List<string> Trackings(JsonObject body) => body["trackings"] is JsonArray { Count: >= 1 and <= MostAtOnce } list
        ? [.. list.Select(t => CourierJson.Words(t) ?? "").Distinct(StringComparer.Ordinal)]
        : throw Laravel.Invalid("trackings", body["trackings"] is JsonArray { Count: > 0 } ? NoestRefusals.Invalid("trackings") : NoestRefusals.Missing("trackings"));

    private JsonObject Shown(PlayedParcel p)
    {
        var driver = p.History.LastOrDefault(e => e.Driver is not null);
        var activity = p.History.OrderBy(e => e.At);
        return new()
        {
            ["OrderInfo"] = new JsonObject
            {
                ["tracking"] = p.Tracking, ["reference"] = p.Reference, ["client"] = p.Client, ["phone"] = p.Phone, ["phone_2"] = p.Phone2, ["adresse"] = p.Address, ["wilaya_id"] = p.Wilaya, ["commune"] = p.Commune, ["montant"] = p.Amount,
                ["remarque"] = p.Note ?? "", ["produit"] = p.Product, ["driver_name"] = driver?.Driver, ["driver_tel"] = driver?.DriverPhone, ["type_id"] = p.Kind, ["stop_desk"] = p.ToDesk ? 1 : 0, ["created_at"] = Clock(p.CreatedAt),
            },
            ["recipientName"] = p.Client, ["shippedBy"] = p.Account.Name, ["originCity"] = Gazetteer.Wilaya(p.Account.Wilaya)?.French, ["destLocationCity"] = Gazetteer.Wilaya(p.Wilaya)?.French,
            ["activity"] = new JsonArray([.. (courier.Vendor.Faults.Value("activity-order") == "newest-first" ? activity.Reverse() : activity).Select(e => Line(e, p))]),
            ["deliveryAttempts"] = new JsonArray(),
        };
    }

    private static JsonObject Line(ParcelEvent e, PlayedParcel parcel) => new()
    {
        ["event"] = NoestEvents.All.TryGetValue(e.Status, out var known) ? known.Words : e.Status, ["event_key"] = e.Status, ["causer"] = e.Station ?? parcel.Account.Name, ["badge-class"] = "badge-info", ["by"] = e.Station ?? "NOEST",
        ["name"] = "", ["driver"] = e.Driver ?? "", ["fdr"] = "", ["date"] = Clock(e.At), ["content"] = e.Reason ?? "",
    };

    private static string Clock(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static JsonObject Done() => new() { ["success"] = true };
}
