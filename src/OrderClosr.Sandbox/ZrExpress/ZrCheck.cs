using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Reads the fields of a parcel as strictly as ZR does (facts: zr-express.md section A3).</summary>
public static partial class ZrCheck
{
    /// <summary>The most a customer may pay at the door; seen once, switch <c>no-amount-limit</c> lifts it.</summary>
    public const int MostAmount = 150_000;

    /// <summary>Everything wrong with a new parcel; empty when all is well. Things that are named but not there throw a 404.</summary>
    public static IReadOnlyList<(string Field, string Words)> Errors(ZrCourier courier, string tenant, JsonObject p)
    {
        var errors = new List<(string, string)>();
        Customer(courier, tenant, p["customer"] as JsonObject, errors);
        Address(courier, p["deliveryAddress"] as JsonObject, p.TextOf("deliveryType"), p.TextOf("hubId"), p["hubId"] is not null, errors);
        if (p["orderedProducts"] is not JsonArray { Count: > 0 } products) errors.Add(("OrderedProducts", "At least one product is required"));
        else
            foreach (var (i, item) in products.Index())
            {
                if (item is not JsonObject product) { errors.Add(($"OrderedProducts[{i}]", "A product must be an object")); continue; }
                if (string.IsNullOrWhiteSpace(product.TextOf("productName"))) errors.Add(($"OrderedProducts[{i}].ProductName", "ProductName is required"));
                if (Decimal(product, "unitPrice") is not >= 0) errors.Add(($"OrderedProducts[{i}].UnitPrice", "UnitPrice is required and must be 0 or more"));
                if (product.WholeOf("quantity") is not >= 1) errors.Add(($"OrderedProducts[{i}].Quantity", "Quantity must be 1 or more"));
                if (product.TextOf("stockType") is not ("none" or "local" or "warehouse")) errors.Add(($"OrderedProducts[{i}].StockType", "StockType is required"));
            }
        if (p.TextOf("description") is not { Length: >= 2 and <= 250 }) errors.Add(("Description", "Description must be between 2 and 250 characters"));
        Amount(courier, p, errors);
        if (p["externalId"] is not null && string.IsNullOrWhiteSpace(p.TextOf("externalId"))) errors.Add(("ExternalId", "ExternalId must be a text"));
        if (p["stateId"] is not null && State(tenant, p.TextOf("stateId")) is not { IsMerchants: true }) errors.Add(("StateId", "StateId is not a state a parcel may begin in"));
        return errors;
    }

    /// <summary>The amount alone.</summary>
    public static void Amount(ZrCourier courier, JsonObject p, List<(string, string)> errors)
    {
        if (p.WholeOf("amount") is not (>= 0 and var amount)) errors.Add(("Amount", "Amount is required and must be a whole number, 0 or more"));
        else if (amount > MostAmount && !courier.Vendor.Faults.IsOn("no-amount-limit")) errors.Add(("Amount", $"Amount must not exceed {MostAmount}"));
    }

    /// <summary>Name and phone.</summary>
    public static void Person(JsonObject? person, string at, List<(string, string)> errors)
    {
        if (string.IsNullOrWhiteSpace(person?.TextOf("name"))) errors.Add((at + "Name", "Name is required"));
        if (person?["phone"] is not JsonObject phone || phone.TextOf("number1") is not { } first || !Phone().IsMatch(first)) { errors.Add((at + "Phone.Number1", "Number1 is required in international form")); return; }
        foreach (var name in (string[])["number2", "number3"])
            if (phone[name] is not null && (phone.TextOf(name) is not { } other || !Phone().IsMatch(other))) errors.Add(($"{at}Phone.{char.ToUpperInvariant(name[0])}{name[1..]}", "The number must be in international form"));
    }

    /// <summary>City, district, and the hub where one is needed.</summary>
    public static void Address(ZrCourier courier, JsonObject? address, string? deliveryType, string? hubId, bool hubGiven, List<(string, string)> errors)
    {
        var city = Territory(courier, address?.TextOf("cityTerritoryId"));
        var district = Territory(courier, address?.TextOf("districtTerritoryId"));
        if (string.IsNullOrEmpty(address?.TextOf("cityTerritoryId"))) errors.Add(("DeliveryAddress.CityTerritoryId", "CityTerritoryId is required"));
        else if (city is not { Parent: null }) errors.Add(("DeliveryAddress.CityTerritoryId", "CityTerritoryId is not a wilaya"));
        if (string.IsNullOrEmpty(address?.TextOf("districtTerritoryId"))) errors.Add(("DeliveryAddress.DistrictTerritoryId", "DistrictTerritoryId is required"));
        else if (district?.Parent is null || district.Parent.Id != city?.Id) errors.Add(("DeliveryAddress.DistrictTerritoryId", "DistrictTerritoryId is not a commune of this wilaya"));
        else if (!courier.CanSend(district) || (deliveryType == "home" && !district.HasHome)) errors.Add(("DeliveryAddress.DistrictTerritoryId", "This territory is not served"));
        if (string.IsNullOrWhiteSpace(address?.TextOf("street"))) errors.Add(("DeliveryAddress.Street", "Street is required"));

        if (deliveryType is not ("home" or "pickup-point")) errors.Add(("DeliveryType", "DeliveryType must be home or pickup-point"));
        var needsHub = deliveryType == "pickup-point" || courier.Vendor.Faults.IsOn("home-needs-hub");
        if (!hubGiven)
        {
            if (needsHub) errors.Add(("HubId", "HubId is required"));
            return;
        }
        var hub = courier.Lists.Hub(Guid.TryParse(hubId, out var id) ? id : null) ?? throw new ZrProblem(404, "HubErrors.HubNotFound", "The hub was not found.");
        if (deliveryType == "pickup-point" && !hub.IsPickupPoint) errors.Add(("HubId", "This hub is not a pickup point"));
        else if (deliveryType == "pickup-point" && city is not null && hub.City.Id != city.Id) errors.Add(("HubId", "This hub is in another wilaya"));
    }

    /// <summary>The state of an id of this tenant, or null.</summary>
    public static ZrState? State(string tenant, string? id) => Guid.TryParse(id, out var wanted) ? ZrWorkflow.States.FirstOrDefault(s => ZrWorkflow.IdOf(tenant, s) == wanted) : null;

    private static void Customer(ZrCourier courier, string tenant, JsonObject? customer, List<(string, string)> errors)
    {
        Person(customer, "Customer.", errors);
        if (!Guid.TryParse(customer?.TextOf("customerId"), out var id)) errors.Add(("Customer.CustomerId", "CustomerId is required"));
        else if (!courier.Vendor.Faults.IsOn("accept-any-customer") && courier.Customer(tenant, id) is null) throw ZrProblem.Missing("Customer");
    }

    private static ZrTerritory? Territory(ZrCourier courier, string? id) => courier.Lists.Territory(Guid.TryParse(id, out var known) ? known : null);

    private static decimal? Decimal(JsonObject from, string name) => from[name] is JsonValue v && v.GetValueKind() == JsonValueKind.Number ? CourierJson.Number(v) : null;

    [GeneratedRegex(@"^\+213(?:[5-7]\d{8}|[2-4]\d{7}|98\d{7})$")]
    private static partial Regex Phone();
}
