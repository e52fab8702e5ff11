using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Changes to one parcel by the merchant (facts: zr-express.md section A4).</summary>
public sealed class ZrChanges(ZrCourier courier, ZrParcels parcels)
{
    /// <summary>Maps them.</summary>
    public void Map(RouteGroupBuilder api)
    {
        Patch("state", (parcel, asked) =>
        {
            var to = ZrCheck.State(parcel.Account.Id, asked.TextOf("newStateId")) ?? throw ZrProblem.Missing("State");
            // A merchant moves a parcel along its own steps; what the hub does he cannot claim.
            if (!to.IsMerchants || !courier.StateOf(parcel).To.Contains(to.Key)) throw new ZrProblem(400, "ParcelErrors.InvalidStateTransition", $"A parcel in the state '{parcel.Status}' cannot go to '{to.Key}'.");
            courier.MoveByMerchant(parcel, to);
        }, isState: true);
        Patch("amount", (parcel, asked) =>
        {
            var errors = new List<(string, string)>();
            ZrCheck.Amount(courier, asked, errors);
            Need(errors);
            parcel.Amount = asked.WholeOf("amount")!.Value;
        });
        Patch("customer", (parcel, asked) =>
        {
            var errors = new List<(string, string)>();
            ZrCheck.Person(asked, "", errors);
            Need(errors);
            (parcel.Client, parcel.Phone, parcel.Phone2) = (asked.TextOf("name")!, asked["phone"]!.AsObject().TextOf("number1")!, asked["phone"]!.AsObject().TextOf("number2"));
            parcel.More["customer"]!["name"] = parcel.Client;
            parcel.More["customer"]!["phone"] = asked["phone"]!.DeepClone();
        });
        Patch("deliveryAddress", (parcel, asked) =>
        {
            // The address may stand in the body itself or under its name.
            var address = asked["deliveryAddress"] as JsonObject ?? asked;
            var errors = new List<(string, string)>();
            ZrCheck.Address(courier, address, parcel.ToDesk ? "pickup-point" : "home", asked.TextOf("hubId"), asked["hubId"] is not null, errors);
            Need(errors);
            var kept = new JsonObject();
            foreach (var name in (string[])["cityTerritoryId", "districtTerritoryId", "street", "postalCode"]) kept[name] = address[name]?.DeepClone();
            var (city, district) = (courier.Lists.Territory(Guid.Parse(address.TextOf("cityTerritoryId")!))!, courier.Lists.Territory(Guid.Parse(address.TextOf("districtTerritoryId")!))!);
            (kept["city"], kept["district"]) = (city.Name, district.Name);
            parcel.More["deliveryAddress"] = kept;
            (parcel.Wilaya, parcel.Commune, parcel.Address, parcel.Desk) = (city.Code, district.Name, address.TextOf("street")!, asked.TextOf("hubId") ?? parcel.Desk);
        });
        Patch("products", (parcel, asked) => parcel.More["orderedProducts"] =
            (asked["orderedProducts"] as JsonArray is { Count: > 0 } goods ? goods : throw ZrProblem.Fields(("OrderedProducts", "At least one product is required"))).DeepClone());

        void Patch(string what, Action<PlayedParcel, JsonObject> change, bool isState = false) => ZrGate.Map(api, "PATCH", $"/parcels/{{id}}/{what}", (http, asked) =>
        {
            lock (courier.Gate)
            {
                var parcel = parcels.Own(http, (string)http.Request.RouteValues["id"]!);
                if (!Guid.TryParse(asked.TextOf("parcelId"), out var named) || named.ToString() != parcel.Id) throw ZrProblem.Fields(("ParcelId", "ParcelId must be the id in the path"));
                if (!isState && !courier.IsMerchants(parcel)) throw new ZrProblem(400, "ParcelErrors.CannotBeModified", $"A parcel in the state '{parcel.Status}' cannot be changed.");
                change(parcel, asked);
            }
            return Results.NoContent();
        });
    }

    private static void Need(List<(string, string)> errors)
    {
        if (errors.Count > 0) throw ZrProblem.Fields(errors);
    }
}
