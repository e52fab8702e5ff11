using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Ecotrack;

/// <summary>Lists, tracking, remarks, labels (facts: couriers/ecotrack-anderson.md sections 3 to 5).</summary>
public sealed class EcotrackReading(EcotrackCourier courier)
{
    private const int PerPage = 40, MostTrackings = 100, Window = 90;

    /// <summary><c>get/orders</c>: newest first, 40 a page, nothing older than 90 days, no filter by reference.</summary>
    public JsonObject Orders(EcotrackCall call)
    {
        var today = DateOnly.FromDateTime(courier.Now.DateTime);
        var from = Day("start_date") ?? today.AddDays(-Window);
        var until = Day("end_date") ?? today;
        if (from < today.AddDays(-Window)) from = today.AddDays(-Window);
        var page = call.Query("page") is { } asked ? int.TryParse(asked, CultureInfo.InvariantCulture, out var n) && n >= 1 ? n : throw Laravel.Invalid("page", "The page must be at least 1.") : 1;
        var fitting = courier.Parcels.Where(p => p.Account == call.Account && DateOnly.FromDateTime(p.CreatedAt.DateTime) is var day && day >= from && day <= until
            && (call.Query("tracking") is not { } tracking || p.Tracking == tracking)).Reverse().ToList();
        return new()
        {
            ["current_page"] = page, ["data"] = new JsonArray([.. fitting.Skip((page - 1) * PerPage).Take(PerPage).Select(Row)]),
            ["last_page"] = Math.Max(1, (fitting.Count + PerPage - 1) / PerPage), ["per_page"] = PerPage, ["total"] = fitting.Count,
        };

        DateOnly? Day(string name) => call.Query(name) is not { } text ? null
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Laravel.Invalid(name, $"The {name.Replace('_', ' ')} does not match the format Y-m-d.");
    }

    /// <summary><c>get/tracking/info</c>.</summary>
    public JsonObject Tracking(EcotrackCall call)
    {
        var parcel = call.Parcel();
        return new()
        {
            ["recipientName"] = parcel.Client, ["shippedBy"] = parcel.Account.Name, ["originCity"] = Gazetteer.Wilaya(parcel.Account.Wilaya)?.French, ["destLocationCity"] = Gazetteer.Wilaya(parcel.Wilaya)?.French,
            ["currentStation"] = parcel.History.LastOrDefault(e => e.Station is not null)?.Station ?? "",
            ["activity"] = new JsonArray([.. parcel.History.Skip(parcel.IsReleased ? 0 : parcel.History.Count).Select(e => EcotrackCourier.Activity(e, parcel)).Where(a => a is not null)]),
            ["reasons"] = new JsonArray([.. parcel.History.Where(e => e.Reason is not null && EcotrackStates.Remarks.Contains(e.Status)).Select(e => (JsonNode)e.Reason!)]),
        };
    }

    /// <summary><c>get/orders/status</c>: up to 100; unknown trackings are simply not in the answer.</summary>
    public JsonObject States(EcotrackCall call)
    {
        if (call.Query("trackings")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not { Length: > 0 } trackings) throw Laravel.Invalid("trackings", "The trackings field is required.");
        if (trackings.Length > MostTrackings) throw Laravel.Invalid("trackings", "The trackings may not have more than 100 items.");
        if (call.Query("status") is not { } status) throw Laravel.Invalid("status", "The status field is required.");
        var data = new JsonObject();
        foreach (var tracking in trackings.Distinct(StringComparer.Ordinal))
            if (courier.Find(tracking, call.Account) is { } parcel && (status == "all" || parcel.Status == status))
                data[tracking] = new JsonObject
                {
                    ["status"] = parcel.Status, ["order_id"] = parcel.Reference, ["desk_name"] = parcel.ToDesk ? $"Bureau {parcel.Commune}" : null, ["desk_phone"] = parcel.ToDesk ? "0500000090" : null,
                    ["driver_phone"] = parcel.History.LastOrDefault(e => e.DriverPhone is not null)?.DriverPhone,
                    ["activity"] = new JsonArray([.. parcel.History.Where(e => EcotrackStates.Remarks.Contains(e.Status)).Select(e => new JsonObject
                    {
                        ["reason"] = e.Reason, ["details"] = "", ["station"] = e.Station, ["driver"] = e.Driver, ["date"] = e.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        ["time"] = e.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture), ["postponed_to"] = e.Status == "tentative_delayed" ? e.At.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
                    })]),
                };
        return new() { ["data"] = data };
    }

    /// <summary><c>add/maj</c>: a remark for the courier.</summary>
    public JsonObject AddRemark(EcotrackCall call)
    {
        var parcel = call.Parcel();
        if (call.Query("content") is not { } words) throw Laravel.Invalid("content", "The content field is required.");
        if (words.Length > 255) throw Laravel.Invalid("content", "The content may not be greater than 255 characters.");
        parcel.History.Add(new(courier.Now, "notification_on_order", words));
        courier.Remark(parcel, "unknown", words);
        return new() { ["success"] = true, ["message"] = "Mise à jour ajoutée" };
    }

    /// <summary><c>get/maj</c>.</summary>
    public static JsonArray Remarks(EcotrackCall call)
    {
        var parcel = call.Parcel();
        return [.. parcel.History.Where(e => EcotrackStates.Remarks.Contains(e.Status)).Select(e => new JsonObject
        {
            ["remarque"] = e.Reason ?? "", ["commentaires"] = "", ["station"] = e.Station ?? "", ["livreur"] = e.Driver ?? "",
            ["created_at"] = e.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), ["tracking"] = parcel.Tracking,
        })];
    }

    private JsonObject Row(PlayedParcel p) => new()
    {
        ["tracking"] = p.Tracking, ["reference"] = p.Reference, ["client"] = p.Client, ["phone"] = p.Phone, ["phone_2"] = p.Phone2, ["adresse"] = p.Address, ["commune"] = p.Commune, ["wilaya_id"] = p.Wilaya,
        ["montant"] = p.Amount, ["tarif_prestation"] = EcotrackPlaces.Fee(p, false), ["tarif_retour"] = EcotrackPlaces.Fee(p, true), ["type_id"] = p.Kind,
        ["created_at"] = p.CreatedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), ["payment_id"] = courier.IsReturned(p) ? null : p.Slip, ["return_id"] = courier.IsReturned(p) ? p.Slip : null, ["status"] = p.Status, ["products"] = p.Product,
    };
}
