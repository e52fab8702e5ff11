using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Things as ZR shows them.</summary>
public static class ZrShown
{
    /// <summary>A parcel, as read and as told by a webhook.</summary>
    public static JsonObject Parcel(ZrCourier courier, PlayedParcel p)
    {
        string? When(params IReadOnlyList<string> states) => p.History.LastOrDefault(e => states.Contains(e.Status)) is { } e ? Time(e.At) : null;
        var shown = new JsonObject
        {
            ["id"] = p.Id, ["trackingNumber"] = p.Tracking, ["externalId"] = p.Reference, ["type"] = "ecommerce", ["deliveryType"] = p.ToDesk ? "pickup-point" : "home", ["hubId"] = p.Desk,
            ["customer"] = p.More["customer"]?.DeepClone(), ["deliveryAddress"] = p.More["deliveryAddress"]?.DeepClone(), ["orderedProducts"] = p.More["orderedProducts"]?.DeepClone(),
            ["description"] = p.Product, ["amount"] = p.Amount, ["deliveryPrice"] = courier.DeliveryPrice(p), ["returnPrice"] = courier.ReturnPrice(p),
            ["state"] = ZrWorkflow.Shown(courier, p.Account.Id, courier.StateOf(p)), ["situation"] = p.More["situation"]?.DeepClone(), ["isReturn"] = ZrCourier.IsReturn(p), ["isExchanged"] = p.Kind == 2,
            ["createdAt"] = Time(p.CreatedAt), ["lastStateUpdateAt"] = Time(p.History.Max(e => e.At)), ["deliveredAt"] = When("livre"), ["returnedAt"] = When("recupere_par_fournisseur", "reinjecte_dans_stock"),
        };
        if (p.More["weight"] is { } weight) shown["weight"] = weight.DeepClone();
        return shown;
    }

    /// <summary>A territory.</summary>
    public static JsonObject Territory(ZrCourier courier, ZrTerritory t) => new()
    {
        ["id"] = t.Id, ["code"] = t.Code, ["name"] = courier.Spell(t.Name), ["nameArabic"] = t.Arabic, ["postalCode"] = t.PostalCode, ["level"] = t.Level, ["parentId"] = t.Parent?.Id,
        ["delivery"] = new JsonObject { ["hasHomeDelivery"] = t.HasHome && courier.CanSend(t), ["hasPickupPoint"] = courier.Lists.HasPickup(t), ["canSend"] = courier.CanSend(t) },
    };

    /// <summary>A hub.</summary>
    public static JsonObject Hub(ZrHub h, bool services)
    {
        var shown = new JsonObject
        {
            ["id"] = h.Id, ["name"] = h.Name, ["type"] = h.IsPickupPoint ? "agency" : "sorting", ["isPickupPoint"] = h.IsPickupPoint, ["isVisible"] = true, ["isReturnCenter"] = h.District.Code % 100 == 1,
            ["address"] = new JsonObject
            {
                ["street"] = h.Street, ["city"] = h.City.Name, ["cityTerritoryId"] = h.City.Id, ["district"] = h.District.Name, ["districtTerritoryId"] = h.District.Id, ["postalCode"] = h.District.PostalCode,
                ["country"] = "Algeria", ["coordinates"] = new JsonObject { ["lat"] = 36.7, ["lng"] = 3.1 },
            },
            ["openingHours"] = "08:30-17:30", ["phone"] = new JsonObject { ["number1"] = "+213500000090", ["number2"] = null, ["number3"] = null }, ["createdAt"] = "2025-01-15T08:00:00Z",
        };
        if (services) shown["services"] = new JsonArray("delivery", "return");
        return shown;
    }

    /// <summary>A row of prices.</summary>
    public static JsonObject Rate(ZrTerritory t)
    {
        return new()
        {
            ["toTerritoryId"] = t.Id, ["toTerritoryCode"] = t.Code, ["toTerritoryName"] = t.Name, ["toTerritoryNameArabic"] = t.Arabic, ["toTerritoryLevel"] = t.Level,
            ["deliveryPrices"] = new JsonArray(Price("home", ZrPrices.Home(t)), Price("pickup-point", ZrPrices.Pickup(t)), Price("return", ZrPrices.Return(t))),
        };

        JsonObject Price(string type, int price) => new()
        {
            ["deliveryType"] = type, ["price"] = price, ["discountedPrice"] = null, ["isSpecificPrice"] = ZrPrices.IsOwn(t), ["priceTtc"] = ZrPrices.WithTax(price), ["vatRate"] = ZrPrices.Vat,
        };
    }

    /// <summary>A page of a search.</summary>
    public static JsonObject Page(JsonObject asked, IEnumerable<JsonObject> rows)
    {
        if ((asked["pageNumber"] is null ? 1 : asked.WholeOf("pageNumber")) is not (>= 1 and var number)) throw ZrProblem.Fields(("PageNumber", "PageNumber must be 1 or more"));
        if ((asked["pageSize"] is null ? 10 : asked.WholeOf("pageSize")) is not (>= 1 and <= 1000 and var size)) throw ZrProblem.Fields(("PageSize", "PageSize must be between 1 and 1000"));
        var all = rows.ToList();
        var pages = (all.Count + size - 1) / size;
        return new()
        {
            ["items"] = new JsonArray([.. all.Skip((number - 1) * size).Take(size)]), ["pageNumber"] = number, ["pageSize"] = size, ["totalCount"] = all.Count, ["totalPages"] = pages,
            ["hasPrevious"] = number > 1, ["hasNext"] = number < pages,
        };
    }

    /// <summary>A time in UTC.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
