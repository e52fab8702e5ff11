using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Noest;

/// <summary>Create, alone and many (facts: couriers/noest.md section 3).</summary>
public sealed class NoestOrders(NoestCourier courier, NoestPlaces places)
{
    private const int MostInBatch = 100, MostAmount = 150_000;

    /// <summary><c>create/order</c>.</summary>
    public JsonObject Create(CourierAccount account, JsonObject body) => Create(account, body, needsWeight: false);

    /// <summary><c>create/orders</c>: each passes or fails alone; here <c>poids</c> is needed.</summary>
    public JsonObject CreateMany(CourierAccount account, JsonObject body)
    {
        if (body["orders"] is not JsonArray { Count: >= 1 and <= MostInBatch } orders) throw Laravel.Invalid("orders", body["orders"] is JsonArray ? NoestRefusals.Invalid("orders") : NoestRefusals.Missing("orders"));
        var (passed, failed) = (new JsonObject(), new JsonObject());
        foreach (var (at, order) in orders.Index())
        {
            var index = at.ToString(CultureInfo.InvariantCulture);
            var fields = order as JsonObject ?? [];
            try { passed[index] = Create(account, fields, needsWeight: true); }
            catch (CourierRefusal no)
            {
                var why = no.Body!["errors"]?.DeepClone().AsObject() ?? new() { [CourierJson.Words(no.Body["error"]) ?? "error"] = new JsonArray(CourierJson.Words(no.Body["message"])) };
                why["reference"] = CourierJson.Words(fields["reference"]);
                failed[index] = why;
            }
        }
        return Sorted(passed, failed);
    }

    /// <summary><c>passed</c> and <c>failed</c> as maps, or by the switch <c>batch-shape</c> = <c>array</c> as lists.</summary>
    public JsonObject Sorted(JsonObject passed, JsonObject failed)
    {
        return new() { ["success"] = true, ["passed"] = Shape(passed), ["failed"] = Shape(failed) };

        JsonNode Shape(JsonObject map) => courier.Vendor.Faults.Value("batch-shape") == "array" ? new JsonArray([.. map.Select(m => m.Value!.DeepClone())]) : map;
    }

    /// <summary>All rules of an order, for a new one or a changed one.</summary>
    public PlayedParcel Read(CourierAccount account, JsonObject f, bool needsWeight)
    {
        var wrong = new FieldErrors();
        foreach (var name in (string[])["client", "phone", "adresse", "montant", "produit", "type_id", "stop_desk"])
            if (Words(name) is null) wrong.Add(name, NoestRefusals.Missing(name));
        var zip = Words("zip_code");
        if (zip is null)
            foreach (var name in (string[])["wilaya_id", "commune"])
                if (Words(name) is null) wrong.Add(name, NoestRefusals.Missing(name));
        Check("reference", text => text.Length is >= 5 and <= 255);
        Check("client", text => text.Length <= 255);
        Check("adresse", text => text.Length <= 255);
        Check("phone", FieldErrors.IsPhone);
        Check("phone_2", FieldErrors.IsPhone);
        Check("wilaya_id", _ => CourierJson.Whole(f["wilaya_id"]) is { } code && code >= 1 && code <= courier.Model);
        Check("montant", text => text.Length <= 7 && text.All(char.IsAsciiDigit));
        Check("type_id", text => text is "1" or "2" or "3");
        foreach (var name in (string[])["stop_desk", "can_open", "stock"]) Check(name, text => text is "0" or "1");
        Check("poids", _ => CourierJson.Number(f["poids"]) is > 0 and <= 100);
        if (needsWeight && Words("poids") is null) wrong.Add("poids", NoestRefusals.Missing("poids"));
        var toDesk = Words("stop_desk") == "1";
        if (toDesk && Words("station_code") is null) wrong.Add("station_code", NoestRefusals.Missing("station_code"));
        var exchange = courier.Vendor.Faults.Value("exchange-field") == "product_exchanged" ? "product_exchanged" : "produit_a_recuperer";
        if (Words("type_id") == "2" && Words(exchange) is null) wrong.Add(exchange, NoestRefusals.Missing(exchange));
        if (wrong.Any) throw Laravel.Invalid(wrong);

        if (account.IsSuspended) throw No("account_suspended");
        CheckStock(f);
        var commune = zip is not null ? places.ByZip(zip) : places.Commune(CourierJson.Whole(f["wilaya_id"])!.Value, Words("commune")!);
        if (commune is null) throw No(zip is not null ? "zip_code" : "inactive_commune");
        var amount = Words("type_id") == "3" ? 0 : CourierJson.Whole(f["montant"])!.Value;
        if (amount > (int.TryParse(courier.Vendor.Faults.Value("max-amount"), CultureInfo.InvariantCulture, out var most) ? most : MostAmount)) throw No("max_amount_exceeded");
        if (toDesk && !NoestPlaces.HasDesk(commune)) throw No("stopdesk_disabled");
        if (toDesk && (places.Desk(Words("station_code")) is not { } desk || desk.Wilaya58 != commune.Wilaya58)) throw No("station_code");
        if (Words("station_expedition") is { } from && places.Desk(from) is null) throw No("station_expedition");
        var tracking = courier.NewTracking();
        return new()
        {
            Account = account, Tracking = tracking, Id = tracking, Reference = Words("reference"), Client = Words("client")!, Phone = Words("phone")!, Phone2 = Words("phone_2"), Address = Words("adresse")!,
            Wilaya = commune.WilayaIn(courier.Model), Commune = courier.Spell(commune.French), ToDesk = toDesk, Desk = toDesk ? Words("station_code") : null, Amount = amount, Product = Words("produit")!, Note = Words("remarque"),
            Weight = CourierJson.Number(f["poids"]) ?? 1, Kind = CourierJson.Whole(f["type_id"])!.Value, Status = NoestEvents.Upload, CreatedAt = courier.Now, More = f.DeepClone().AsObject(),
        };

        string? Words(string name) => CourierJson.Words(f[name]);
        void Check(string name, Func<string, bool> isFine) { if (Words(name) is { } text && !isFine(text)) wrong.Add(name, NoestRefusals.Invalid(name)); }
        CourierRefusal No(string key) => NoestRefusals.Business(courier, key);
    }

    private JsonObject Create(CourierAccount account, JsonObject fields, bool needsWeight)
    {
        var parcel = Read(account, fields, needsWeight);
        if (Same(parcel) is { } known) throw NoestRefusals.Business(courier, "duplicate_order", courier.Vendor.Faults.Value("duplicate-tracking") == "yes" ? known.Tracking : null);
        courier.Keep(parcel);
        courier.Note(parcel, NoestEvents.Upload);
        return new() { ["success"] = true, ["tracking"] = parcel.Tracking, ["reference"] = parcel.Reference, ["regional_hub_name"] = Gazetteer.Wilaya(parcel.Wilaya)!.French, ["wilaya_rank"] = 1 };
    }

    // What is compared is not stated: the reference, or with the switch phone, product and amount.
    private PlayedParcel? Same(PlayedParcel parcel) => courier.Parcels.FirstOrDefault(p => p.Account == parcel.Account && (courier.Vendor.Faults.Value("duplicate-compares") == "phone-product-amount"
        ? (p.Phone, p.Product, p.Amount) == (parcel.Phone, parcel.Product, parcel.Amount)
        : parcel.Reference is not null && p.Reference == parcel.Reference));

    // No stock is played; with the module on, three switches say what is wrong with it.
    private void CheckStock(JsonObject f)
    {
        if (CourierJson.Words(f["stock"]) != "1") return;
        if (!courier.Vendor.Faults.IsOn("stock-module")) throw NoestRefusals.Business(courier, "disabled_module");
        if (CourierJson.Whole(f["quantite"]) is not > 0) throw NoestRefusals.Business(courier, "wrong_quantities");
        if (courier.Vendor.Faults.Value("stock-module") is "invalid_product" or "out_of_stock" or "wrong_quantities") throw NoestRefusals.Business(courier, courier.Vendor.Faults.Value("stock-module")!);
    }
}
