using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>Making, reading, changing and deleting parcels (facts: yalidine.md sections 4 and 5).</summary>
public sealed class YalidineParcels(YalidineCourier courier, YalidineHooks hooks)
{
    private const int MostAtOnce = 1_000;

    /// <summary>Maps <c>parcels/</c> and <c>histories/</c>.</summary>
    public void Map(RouteGroupBuilder api)
    {
        // The cast is needed: a method of the context alone would be taken for a RequestDelegate, and its result dropped.
        api.MapPost("/parcels", (Func<HttpContext, Task<IResult>>)CreateAsync);
        api.MapGet("/parcels", List);
        api.MapGet("/parcels/{tracking}", One);
        api.MapMethods("/parcels/{tracking}", ["PATCH"], EditAsync);
        api.MapDelete("/parcels/{tracking}", (HttpContext http, string tracking) => Delete(http, [tracking]));
        api.MapDelete("/parcels", (HttpContext http) => Delete(http, [.. Values(http, "tracking")]));
        api.MapGet("/histories", (HttpContext http) => Histories(http, [.. Values(http, "tracking")]));
        api.MapGet("/histories/{tracking}", (HttpContext http, string tracking) => Histories(http, [tracking]));
    }

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        if (await CourierJson.BodyAsync(http.Request) is not JsonArray { Count: > 0 and <= MostAtOnce } sent) return YalidineGate.Refuse(400, "The body must be a JSON array of 1 to 1000 parcels");
        var account = YalidineGate.AccountOf(http);
        var answer = new JsonObject();
        lock (courier.Gate)
        {
            var import = courier.NextImport();
            var wanted = new List<(string Key, JsonObject? Fields, string? Why)>();
            foreach (var (i, item) in sent.Index())
            {
                var fields = item as JsonObject;
                var key = fields?.TextOf("order_id") is { Length: > 0 } id ? id : i.ToString(CultureInfo.InvariantCulture);
                var why = fields is null ? "A parcel must be an object" : wanted.Any(w => w.Key == key) ? $"order_id: \"{key}\" is not unique in this request" : YalidineCheck.Refuse(courier, fields);
                wanted.Add((key, fields, why));
            }
            if (courier.Vendor.Faults.IsOn("batch-all-or-nothing") && wanted.FirstOrDefault(w => w.Why is not null) is { Why: { } first })
                wanted = [.. wanted.Select(w => w with { Why = w.Why ?? $"The whole request is refused: {first}" })];

            var empty = courier.Vendor.Faults.Take("/parcels", "empty-array-answer");
            if (empty?.Value == "not-created") return YalidinePage.Answer(courier, new JsonArray());
            var made = new List<PlayedParcel>();
            foreach (var (key, fields, why) in wanted)
            {
                var parcel = why is null ? Make(account, fields!, import) : null;
                if (parcel is not null) made.Add(parcel);
                // A second row of the same order_id must not hide the first one's success under the same key.
                if (why is null || !answer.ContainsKey(key)) answer[key] = Answer(http, key, parcel, why);
            }
            hooks.Tell(account, "parcel_created", [.. made.Select(p => (p.CreatedAt, new JsonObject { ["tracking"] = p.Tracking, ["order_id"] = p.Reference, ["import_id"] = import, ["label"] = Label(http, p) }))]);
            return YalidinePage.Answer(courier, empty is null ? answer : new JsonArray());
        }
    }

    private PlayedParcel Make(CourierAccount account, JsonObject fields, int import)
    {
        string tracking;
        do tracking = "yal-" + RandomNumberGenerator.GetString("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", 6);
        while (courier.Find(tracking) is not null);
        var parcel = new PlayedParcel
        {
            Account = account, Tracking = tracking, Id = tracking, Client = "", Phone = "", Wilaya = 0, Commune = "", Amount = 0, Status = YalidineStatuses.First, IsReleased = true, CreatedAt = courier.Now,
            More = new JsonObject { ["import_id"] = import },
        };
        Write(parcel, fields);
        if (courier.Vendor.Faults.IsOn("freeshipping-adds-fee") && fields.FlagOf("freeshipping") == false) parcel.Amount += courier.CarryFee(parcel);
        courier.Begin(parcel);
        return parcel;
    }

    private void Write(PlayedParcel parcel, JsonObject fields)
    {
        foreach (var name in YalidineCheck.Fields) parcel.More[name] = fields[name]?.DeepClone();
        parcel.Reference = fields.TextOf("order_id");
        parcel.Client = $"{fields.TextOf("firstname")} {fields.TextOf("familyname")}";
        var phones = fields.TextOf("contact_phone")!.Split(',');
        (parcel.Phone, parcel.Phone2) = (phones[0], phones.ElementAtOrDefault(1));
        parcel.Address = fields.TextOf("address")!;
        parcel.Wilaya = courier.Wilaya(fields.TextOf("to_wilaya_name"))!.Id;
        parcel.Commune = fields.TextOf("to_commune_name")!;
        parcel.ToDesk = fields.FlagOf("is_stopdesk") == true;
        parcel.Desk = parcel.ToDesk ? fields.WholeOf("stopdesk_id")!.Value.ToString(CultureInfo.InvariantCulture) : null;
        parcel.Amount = fields.WholeOf("price")!.Value;
        parcel.Product = fields.TextOf("product_list")!;
        parcel.Weight = fields.WholeOf("weight") ?? 0;
    }

    private static JsonObject Answer(HttpContext http, string key, PlayedParcel? parcel, string? why) => new()
    {
        ["success"] = why is null, ["order_id"] = key, ["tracking"] = parcel?.Tracking, ["import_id"] = parcel?.More["import_id"]?.DeepClone(),
        ["label"] = parcel is null ? null : Label(http, parcel), ["labels"] = parcel is null ? null : Labels(http, parcel), ["message"] = why ?? "",
    };

    private static string Label(HttpContext http, PlayedParcel p) => $"{http.RequestServices.OwnAddress()}/yalidine/app/bordereau.php?tracking={p.Tracking}&token={YalidineCourier.LabelToken(p.Account, p.Tracking)}";

    private static string Labels(HttpContext http, PlayedParcel p)
    {
        var import = YalidinePage.Text(p.More["import_id"]);
        return $"{http.RequestServices.OwnAddress()}/yalidine/app/bordereau.php?import_id={import}&token={YalidineCourier.LabelToken(p.Account, "import-" + import)}";
    }

    private IResult One(HttpContext http, string tracking)
    {
        lock (courier.Gate) return YalidinePage.Of(http, courier, courier.Find(tracking, YalidineGate.AccountOf(http)) is { } parcel ? [Row(http, parcel)] : []);
    }

    private IResult List(HttpContext http)
    {
        var account = YalidineGate.AccountOf(http);
        var query = http.Request.Query;
        lock (courier.Gate)
        {
            // The two look-ups that every caller lives on are answered without building a row for each parcel.
            var parcels = courier.Parcels.Where(p => p.Account == account);
            if (Values(http, "order_id").ToHashSet(StringComparer.Ordinal) is { Count: > 0 } ids) parcels = parcels.Where(p => ids.Contains(p.Reference!));
            if (Values(http, "tracking").ToHashSet(StringComparer.Ordinal) is { Count: > 0 } trackings) parcels = parcels.Where(p => trackings.Contains(p.Tracking));
            var rows = parcels.Reverse().Select(p => Row(http, p));
            foreach (var name in (string[])["date_creation", "date_last_status"])
                if (query[name].ToString() is { Length: > 0 } range)
                {
                    var days = range.Split(',', StringSplitOptions.TrimEntries);
                    if (days.Length > 2 || days.Any(d => !DateOnly.TryParseExact(d, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))) return YalidineGate.Refuse(400, $"{name} is YYYY-MM-DD or two of them with a comma");
                    rows = rows.Where(r => YalidinePage.Text(r[name])[..10] is var day && string.CompareOrdinal(day, days[0]) >= 0 && string.CompareOrdinal(day, days[^1]) <= 0);
                }
            return YalidinePage.Of(http, courier, rows, "import_id", "to_wilaya_id", "to_commune_name", "is_stopdesk", "is_exchange", "has_exchange", "freeshipping", "payment_status", "last_status");
        }
    }

    private async Task<IResult> EditAsync(HttpContext http, string tracking)
    {
        if (await CourierJson.BodyAsync(http.Request) is not JsonObject { Count: > 0 } change) return YalidineGate.Refuse(400, "The body must be a JSON object with the fields to change");
        var account = YalidineGate.AccountOf(http);
        lock (courier.Gate)
        {
            if (courier.Find(tracking, account) is not { } parcel) return No("This parcel does not exist");
            if (parcel.Status != YalidineStatuses.First) return No($"This parcel can no longer be edited: {parcel.Status}");
            var fields = new JsonObject(YalidineCheck.Fields.Select(name => KeyValuePair.Create(name, (change.ContainsKey(name) ? change[name] : parcel.More[name])?.DeepClone())));
            if (change.Select(c => c.Key).FirstOrDefault(name => !YalidineCheck.Fields.Contains(name)) is { } unknown) return No($"{unknown} cannot be edited");
            if (YalidineCheck.Refuse(courier, fields) is { } why) return No(why);
            Write(parcel, fields);
            hooks.Tell(account, "parcel_edited", [(courier.Now, new JsonObject { ["tracking"] = tracking, ["order_id"] = parcel.Reference })]);
            return YalidinePage.Answer(courier, Answer(http, parcel.Reference!, parcel, null));
        }

        IResult No(string why) => YalidinePage.Answer(courier, new JsonObject { ["success"] = false, ["tracking"] = tracking, ["message"] = why });
    }

    private IResult Delete(HttpContext http, IReadOnlyList<string> trackings)
    {
        if (trackings.Count == 0) return YalidineGate.Refuse(400, "tracking is required");
        var account = YalidineGate.AccountOf(http);
        lock (courier.Gate)
        {
            var answer = new JsonArray();
            var gone = new List<PlayedParcel>();
            foreach (var tracking in trackings)
            {
                var parcel = courier.Find(tracking, account);
                var why = parcel is null ? "not found" : parcel.Status != YalidineStatuses.First ? $"the parcel is already {parcel.Status}" : null;
                var row = new JsonObject { ["tracking"] = tracking, ["deleted"] = why is null };
                if (why is not null) row["reason"] = why;
                else { courier.Remove(parcel!); gone.Add(parcel!); }
                answer.Add(row);
            }
            hooks.Tell(account, "parcel_deleted", [.. gone.Select(p => (courier.Now, new JsonObject { ["tracking"] = p.Tracking, ["order_id"] = p.Reference }))]);
            return YalidinePage.Answer(courier, answer);
        }
    }

    private IResult Histories(HttpContext http, IReadOnlyList<string> trackings)
    {
        var account = YalidineGate.AccountOf(http);
        var asked = trackings.ToHashSet(StringComparer.Ordinal);
        lock (courier.Gate)
        {
            var parcels = asked.Count > 0 ? asked.Select(t => courier.Find(t, account)).OfType<PlayedParcel>() : courier.Parcels.Where(p => p.Account == account);
            return YalidinePage.Of(http, courier, parcels.SelectMany(p => p.History.OrderByDescending(e => e.At).Select(e => HistoryRow(p, e))), "status", "date_status", "reason");
        }
    }

    private JsonObject HistoryRow(PlayedParcel parcel, ParcelEvent e)
    {
        var center = Station(parcel, e.Status);
        return new()
        {
            ["date_status"] = YalidineCourier.Written(e.At), ["tracking"] = parcel.Tracking, ["status"] = e.Status, ["reason"] = e.Reason ?? "", ["center_id"] = center?.Id, ["center_name"] = center?.Name,
            ["wilaya_id"] = center?.Commune.Wilaya.Id, ["wilaya_name"] = center?.Commune.Wilaya.Name, ["commune_id"] = center?.Commune.Id, ["commune_name"] = center is null ? null : courier.Spell(center.Commune.Name),
        };
    }

    // Near the merchant until it has been sent, near the customer from then on.
    private YalidineCenter? Station(PlayedParcel parcel, string status) => YalidineStatuses.All.ToList().IndexOf(status) is >= 0 and <= 11 or > 30
        ? courier.Lists.Centers.FirstOrDefault(c => c.Commune.Wilaya.Name == parcel.More.TextOf("from_wilaya_name"))
        : courier.Lists.Center(parcel.More.WholeOf("stopdesk_id")) ?? courier.Lists.Centers.FirstOrDefault(c => c.Commune.Wilaya.Id == parcel.Wilaya);

    private JsonObject Row(HttpContext http, PlayedParcel p)
    {
        var (from, to) = (courier.Wilaya(p.More.TextOf("from_wilaya_name")), courier.Lists.Wilayas.FirstOrDefault(w => w.Id == p.Wilaya));
        var (desk, here) = (p.ToDesk ? courier.Lists.Center(p.More.WholeOf("stopdesk_id")) : null, Station(p, p.Status));
        return new()
        {
            ["tracking"] = p.Tracking, ["order_id"] = p.Reference, ["firstname"] = p.More.TextOf("firstname"), ["familyname"] = p.More.TextOf("familyname"), ["contact_phone"] = p.More.TextOf("contact_phone"), ["address"] = p.Address,
            ["is_stopdesk"] = p.ToDesk ? 1 : 0, ["stopdesk_id"] = desk?.Id, ["stopdesk_name"] = desk?.Name, ["from_wilaya_id"] = from?.Id, ["from_wilaya_name"] = from?.Name,
            ["to_commune_id"] = courier.Commune(to, p.Commune)?.Id, ["to_commune_name"] = p.Commune, ["to_wilaya_id"] = p.Wilaya, ["to_wilaya_name"] = to?.Name, ["product_list"] = p.Product, ["price"] = p.Amount,
            ["do_insurance"] = p.More.FlagOf("do_insurance") == true ? 1 : 0, ["declared_value"] = p.More["declared_value"]?.DeepClone(), ["delivery_fee"] = courier.CarryFee(p), ["freeshipping"] = p.More.FlagOf("freeshipping") == true ? 1 : 0,
            ["import_id"] = p.More["import_id"]?.DeepClone(), ["date_creation"] = YalidineCourier.Written(p.CreatedAt), ["date_expedition"] = p.History.FirstOrDefault(e => e.Status == "Expédié") is { } sent ? YalidineCourier.Written(sent.At) : null,
            ["date_last_status"] = YalidineCourier.Written(p.History.Max(e => e.At)), ["last_status"] = p.Status, ["taxe_percentage"] = YalidineFees.CodPercent, ["taxe_from"] = 0, ["taxe_retour"] = YalidineFees.Return,
            ["parcel_type"] = "ecommerce", ["parcel_sub_type"] = p.More.FlagOf("has_exchange") == true ? "exchange" : null, ["has_receipt"] = null, ["length"] = p.More["length"]?.DeepClone(), ["width"] = p.More["width"]?.DeepClone(),
            ["height"] = p.More["height"]?.DeepClone(), ["weight"] = p.Weight, ["has_recouvrement"] = p.Amount > 0 ? 1 : 0, ["current_center_id"] = here?.Id, ["current_center_name"] = here?.Name, ["current_wilaya_id"] = here?.Commune.Wilaya.Id,
            ["current_wilaya_name"] = here?.Commune.Wilaya.Name, ["current_commune_id"] = here?.Commune.Id, ["current_commune_name"] = here is null ? null : courier.Spell(here.Commune.Name), ["payment_status"] = courier.PaymentStatus(p), ["payment_id"] = p.Slip,
            ["has_exchange"] = p.More.FlagOf("has_exchange") == true ? 1 : 0, ["product_to_collect"] = p.More.TextOf("product_to_collect"), ["label"] = Label(http, p), ["pin"] = "1234", ["qr_text"] = $"{p.Tracking},1234",
        };
    }

    private static IEnumerable<string> Values(HttpContext http, string name) => http.Request.Query[name].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
