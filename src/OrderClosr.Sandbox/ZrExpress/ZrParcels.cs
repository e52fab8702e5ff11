using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Making, reading and deleting parcels (facts: zr-express.md sections A3 to A5).</summary>
public sealed class ZrParcels(ZrCourier courier)
{
    private const int MostAtOnce = 100, MostDeleted = 200;

    /// <summary>Maps them.</summary>
    public void Map(RouteGroupBuilder api)
    {
        ZrGate.Map(api, "POST", "/customers/search", Customers);
        ZrGate.Map(api, "POST", "/customers/individual", NewCustomer);
        ZrGate.Map(api, "POST", "/parcels", Create);
        ZrGate.Map(api, "POST", "/parcels/bulk", CreateMany);
        ZrGate.Map(api, "POST", "/parcels/search", Search);
        ZrGate.Map(api, "POST", "/parcels/exchange", Exchange);
        api.MapGet("/parcels/{id}", Read);
        api.MapGet("/parcels/{id}/state-history", History);
        api.MapDelete("/parcels/{id}", Delete);
        ZrGate.Map(api, "DELETE", "/parcels/bulk", (http, asked) => DeleteMany(http, asked, "parcelIds"));
        ZrGate.Map(api, "DELETE", "/parcels/bulk/by-tracking-number", (http, asked) => DeleteMany(http, asked, "trackingNumbers"));
        api.MapPost("/parcels/bulk/by-tracking-number", IResult () => throw new ZrProblem(405, "Routing.MethodNotAllowed", "Parcels are deleted with DELETE."));
    }

    /// <summary>The caller's own parcel by uuid or tracking number; a 404 when there is none.</summary>
    public PlayedParcel Own(HttpContext http, string id) => courier.Find(Guid.TryParse(id, out var uuid) ? uuid.ToString() : id, ZrGate.AccountOf(http)) ?? throw ZrProblem.Missing("Parcel");

    private IResult Customers(HttpContext http, JsonObject asked)
    {
        var (tenant, keyword) = (ZrGate.AccountOf(http).Id, asked.TextOf("keyword") ?? "");
        lock (courier.Gate)
            return ZrReference.Answer(courier, ZrShown.Page(asked, courier.Customers
                .Where(c => c.Tenant == tenant && (c.Name.Contains(keyword, StringComparison.OrdinalIgnoreCase) || c.Phone.Any(n => n.Value is JsonValue v && v.GetValue<string>().Contains(keyword, StringComparison.Ordinal))))
                .Select(c => new JsonObject { ["id"] = c.Id, ["name"] = c.Name, ["type"] = "individual", ["phone"] = c.Phone.DeepClone() })));
    }

    private IResult NewCustomer(HttpContext http, JsonObject asked)
    {
        var errors = new List<(string, string)>();
        ZrCheck.Person(asked, "", errors);
        if (errors.Count > 0) throw ZrProblem.Fields(errors);
        var customer = new ZrCustomer(Guid.NewGuid(), ZrGate.AccountOf(http).Id, asked.TextOf("name")!, asked["phone"]!.DeepClone().AsObject());
        lock (courier.Gate) courier.Keep(customer);
        return ZrReference.Answer(courier, new JsonObject { ["id"] = customer.Id }, 201);
    }

    private IResult Create(HttpContext http, JsonObject asked)
    {
        lock (courier.Gate)
            return ZrReference.Answer(courier, new JsonObject { ["id"] = Make(ZrGate.AccountOf(http), asked).Id }, courier.Vendor.Faults.Value("create-status") == "200" ? 200 : 201);
    }

    private PlayedParcel Make(CourierAccount account, JsonObject p, int kind = 1)
    {
        if (ZrCheck.Errors(courier, account.Id, p) is { Count: > 0 } errors) throw ZrProblem.Fields(errors);
        if (p.TextOf("externalId") is { } mine && courier.OfExternalId(account.Id, mine) is not null)
            throw new ZrProblem(409, "ParcelErrors.DuplicateExternalId", $"A parcel with the external id '{mine}' already exists.");
        var city = courier.Lists.Territory(Guid.Parse(p["deliveryAddress"]!["cityTerritoryId"]!.GetValue<string>()))!;
        var district = courier.Lists.Territory(Guid.Parse(p["deliveryAddress"]!["districtTerritoryId"]!.GetValue<string>()))!;
        string tracking;
        do tracking = $"{city.Code:D2}-{RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 10)}-ZR";
        while (courier.Find(tracking) is not null);
        var state = ZrCheck.State(account.Id, p.TextOf("stateId"))?.Key ?? ZrWorkflow.First;
        var customer = p["customer"]!.AsObject();
        var parcel = new PlayedParcel
        {
            Account = account, Tracking = tracking, Id = Guid.NewGuid().ToString(), Reference = p.TextOf("externalId"), Client = customer.TextOf("name")!, Phone = customer["phone"]!.AsObject().TextOf("number1")!,
            Phone2 = customer["phone"]!.AsObject().TextOf("number2"), Address = p["deliveryAddress"]!.AsObject().TextOf("street")!, Wilaya = city.Code, Commune = district.Name, ToDesk = p.TextOf("deliveryType") == "pickup-point",
            Desk = p.TextOf("hubId"), Amount = p.WholeOf("amount")!.Value, Product = p.TextOf("description")!, Kind = kind, Status = state, IsReleased = state == ZrWorkflow.Ready, CreatedAt = courier.Now,
        };
        foreach (var name in (string[])["customer", "deliveryAddress", "orderedProducts", "weight"]) parcel.More[name] = p[name]?.DeepClone();
        parcel.More["deliveryAddress"]!["city"] = city.Name;
        parcel.More["deliveryAddress"]!["district"] = district.Name;
        courier.Begin(parcel);
        return parcel;
    }

    private IResult CreateMany(HttpContext http, JsonObject asked)
    {
        if (asked["parcels"] is not JsonArray { Count: > 0 and <= MostAtOnce } parcels) throw ZrProblem.Fields(("Parcels", $"Between 1 and {MostAtOnce} parcels are required"));
        JsonArray good = [], bad = [];
        var failed = 0;
        lock (courier.Gate)
            foreach (var (i, item) in parcels.Index())
            {
                var external = (item as JsonObject)?.TextOf("externalId");
                try
                {
                    var made = Make(ZrGate.AccountOf(http), item as JsonObject ?? throw ZrProblem.Fields(("Parcel", "A parcel must be an object")));
                    good.Add(new JsonObject { ["index"] = i, ["parcelId"] = made.Id, ["trackingNumber"] = made.Tracking, ["externalId"] = external });
                }
                catch (ZrProblem no)
                {
                    failed++;
                    // One row for each thing that is wrong: several may share an index.
                    foreach (var (field, words) in no.Errors.DefaultIfEmpty(("", no.Message)))
                        bad.Add(new JsonObject { ["index"] = i, ["errorCode"] = field.Length > 0 ? field : no.Title, ["errorMessage"] = words, ["externalId"] = external });
                }
            }
        return ZrReference.Answer(courier, new JsonObject { ["totalRequested"] = parcels.Count, ["successCount"] = good.Count, ["failureCount"] = failed, ["successes"] = good, ["failures"] = bad }, 207);
    }

    private IResult Exchange(HttpContext http, JsonObject asked)
    {
        lock (courier.Gate)
        {
            var original = Own(http, asked.TextOf("originalParcelId") ?? throw ZrProblem.Fields(("OriginalParcelId", "OriginalParcelId is required")));
            if (original.Status is not ("livre" or "encaisse" or "recouvert")) throw new ZrProblem(400, "ParcelErrors.CannotBeExchanged", "Only a delivered parcel can be exchanged.");
            return ZrReference.Answer(courier, new JsonObject { ["id"] = Make(ZrGate.AccountOf(http), asked, kind: 2).Id }, 201);
        }
    }

    // The keyword finds parts of anything; a "filters" object is ignored, as by the vendor: the caller must look at each row.
    private IResult Search(HttpContext http, JsonObject asked)
    {
        var (account, keyword) = (ZrGate.AccountOf(http), asked.TextOf("keyword") ?? "");
        lock (courier.Gate)
            return ZrReference.Answer(courier, ZrShown.Page(asked, courier.Parcels
                .Where(p => p.Account == account && new[] { p.Tracking, p.Reference, p.Client, p.Phone, p.Product }.Any(text => text?.Contains(keyword, StringComparison.OrdinalIgnoreCase) == true))
                .Reverse().Select(p => ZrShown.Parcel(courier, p))));
    }

    private IResult Read(HttpContext http, string id)
    {
        lock (courier.Gate)
        {
            var parcel = Own(http, id);
            return courier.FirstReadFails(parcel) ? throw ZrProblem.Missing("Parcel") : ZrReference.Answer(courier, ZrShown.Parcel(courier, parcel));
        }
    }

    private IResult History(HttpContext http, string id)
    {
        if (!Guid.TryParse(id, out _)) throw ZrProblem.Missing("Parcel"); // the tracking number will not do here
        lock (courier.Gate)
        {
            var parcel = Own(http, id);
            var rows = new JsonArray();
            ZrState? before = null;
            foreach (var e in parcel.History.OrderBy(e => e.At))
            {
                var state = courier.StateOf(e.Status);
                rows.Add(new JsonObject
                {
                    ["id"] = Guid.NewGuid(), ["previousState"] = before is null ? null : ZrWorkflow.Shown(courier, parcel.Account.Id, before), ["newState"] = ZrWorkflow.Shown(courier, parcel.Account.Id, state),
                    ["comment"] = e.Reason, ["createdAt"] = ZrShown.Time(e.At),
                });
                before = state;
            }
            return ZrReference.Answer(courier, rows);
        }
    }

    private IResult Delete(HttpContext http, string id)
    {
        lock (courier.Gate) Remove(Own(http, id));
        return Results.NoContent();
    }

    private void Remove(PlayedParcel parcel)
    {
        if (!courier.StateOf(parcel).IsMerchants) throw new ZrProblem(400, "ParcelErrors.CannotBeDeleted", $"A parcel in the state '{parcel.Status}' cannot be deleted.");
        courier.Delete(parcel);
    }

    private IResult DeleteMany(HttpContext http, JsonObject asked, string field)
    {
        if (asked[field] is not JsonArray { Count: > 0 and <= MostDeleted } ids) throw ZrProblem.Fields((char.ToUpperInvariant(field[0]) + field[1..], $"Between 1 and {MostDeleted} are required"));
        JsonArray good = [], bad = [];
        lock (courier.Gate)
            foreach (var (i, id) in ids.Select(i => CourierJson.Words(i) ?? "").Index())
                try
                {
                    if (field == "parcelIds" && !Guid.TryParse(id, out _)) throw ZrProblem.Missing("Parcel");
                    Remove(Own(http, id));
                    good.Add(new JsonObject { ["index"] = i, [field[..^1]] = id });
                }
                catch (ZrProblem no) { bad.Add(new JsonObject { ["index"] = i, [field[..^1]] = id, ["errorCode"] = no.Title, ["errorMessage"] = no.Message }); }
        return ZrReference.Answer(courier, new JsonObject { ["totalRequested"] = ids.Count, ["successCount"] = good.Count, ["failureCount"] = bad.Count, ["successes"] = good, ["failures"] = bad });
    }
}
