using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Ecotrack;

/// <summary>Create, change, ship, delete (facts: couriers/ecotrack-anderson.md sections 3 and 4). <c>reference</c> is not unique here: the same order sent twice is two parcels.</summary>
public sealed class EcotrackOrders(EcotrackCourier courier, EcotrackPlaces places)
{
    private const int MostInBatch = 100;

    /// <summary><c>create/order</c>.</summary>
    public JsonObject Create(EcotrackCall call) => Create(call.Account, call.Fields());

    /// <summary><c>create/orders</c>: results under the reference; <c>batch-key</c> = <c>cut</c> (20 letters) or <c>index</c>; <c>batch-500</c> falls over.</summary>
    public JsonObject CreateMany(EcotrackCall call)
    {
        if (courier.Vendor.Faults.IsOn("batch-500")) throw new CourierRefusal(500, null);
        var orders = call.Body?["orders"] switch
        {
            JsonObject keyed => keyed.ToList(),
            JsonArray list => [.. list.Index().Select(o => KeyValuePair.Create(o.Index.ToString(CultureInfo.InvariantCulture), o.Item))],
            _ => throw Laravel.Invalid("orders", "The orders field is required."),
        };
        if (orders.Count is 0 or > MostInBatch) throw Laravel.Invalid("orders", "The orders must have between 1 and 100 items.");
        if (orders.Any(o => o.Value is JsonObject fields && fields.Any(f => CourierJson.Words(f.Value)?.Any(char.IsSurrogate) is true))) throw new CourierRefusal(500, null);
        var results = new JsonObject();
        foreach (var (index, order) in orders)
        {
            var fields = order as JsonObject ?? [];
            var reference = CourierJson.Words(fields["reference"]);
            var key = courier.Vendor.Faults.Value("batch-key") switch { "index" => index, "cut" => reference is { Length: > 20 } ? reference[..20] : reference ?? index, _ => reference ?? index };
            try { results[key] = Create(call.Account, fields); }
            catch (CourierRefusal no) { results[key] = no.Status == 422 ? no.Body!["errors"]!.DeepClone() : no.Body!.DeepClone(); }
        }
        return new() { ["results"] = results };
    }

    /// <summary><c>update/order</c>: other names than create; only before <c>valid/order</c>.</summary>
    public JsonObject Update(EcotrackCall call)
    {
        var fields = call.Fields();
        var parcel = call.Parcel(CourierJson.Words(fields["tracking"]));
        if (parcel.IsReleased) throw EcotrackCall.No(10001);
        // What is not sent stays as it was; the same rules hold for the whole.
        var whole = new JsonObject
        {
            ["reference"] = parcel.Reference, ["nom_client"] = Of("client", parcel.Client), ["telephone"] = Of("tel", parcel.Phone), ["telephone_2"] = Of("tel2", parcel.Phone2), ["adresse"] = Of("adresse", parcel.Address),
            ["commune"] = Of("commune", parcel.Commune), ["code_wilaya"] = Of("wilaya", Text(parcel.Wilaya)), ["montant"] = Of("montant", Text(parcel.Amount)), ["remarque"] = Of("remarque", parcel.Note),
            ["produit"] = Of("product", parcel.Product), ["type"] = Of("type", Text(parcel.Kind)), ["stop_desk"] = Of("stop_desk", parcel.ToDesk ? "1" : "0"), ["fragile"] = Of("fragile", null), ["gps_link"] = Of("gps_link", null),
            ["produit_a_recuperer"] = parcel.More["produit_a_recuperer"]?.DeepClone(), ["weight"] = parcel.Weight.ToString(CultureInfo.InvariantCulture),
        };
        // There is no field for the desk here: it is the commune's.
        if (CourierJson.Words(whole["stop_desk"]) == "1" && places.Commune(CourierJson.Whole(whole["code_wilaya"]) ?? 0, CourierJson.Words(whole["commune"]) ?? "") is { } commune) whole["code_postal"] = EcotrackPlaces.PostalCode(commune);
        var read = Read(parcel.Account, whole);
        (parcel.Client, parcel.Phone, parcel.Phone2, parcel.Address, parcel.Wilaya, parcel.Commune, parcel.ToDesk, parcel.Desk) = (read.Client, read.Phone, read.Phone2, read.Address, read.Wilaya, read.Commune, read.ToDesk, read.Desk);
        (parcel.Amount, parcel.Note, parcel.Product, parcel.Kind) = (read.Amount, read.Note, read.Product, read.Kind);
        return new() { ["success"] = true, ["message"] = "Commande modifiée avec succès" };

        JsonNode? Of(string name, string? now) => fields[name]?.DeepClone() ?? now;
        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary><c>valid/order</c>: ships it and locks it.</summary>
    public JsonObject Ship(EcotrackCall call)
    {
        var parcel = call.Parcel();
        if (call.Query("ask_collection") is not (null or "0" or "1")) throw Laravel.Invalid("ask_collection", "The selected ask collection is invalid.");
        if (parcel.IsReleased || parcel.Status != EcotrackStates.Draft) throw EcotrackCall.No(10001);
        parcel.IsReleased = true;
        return new() { ["success"] = true, ["message"] = "Commande expedier avec succès" };
    }

    /// <summary><c>delete/order</c>, only before it is shipped; <c>delete-shape</c> = <c>older</c>.</summary>
    public JsonObject Delete(EcotrackCall call)
    {
        var older = courier.Vendor.Faults.Value("delete-shape") == "older";
        var parcel = call.Parcel();
        if (parcel.IsReleased) throw older ? new CourierRefusal(200, new JsonObject { ["delete"] = "fail" }) : EcotrackCall.No(10001);
        courier.Remove(parcel);
        return older ? new() { ["delete"] = "success" } : new() { ["success"] = true, ["message"] = "Commande supprimée avec succès" };
    }

    /// <summary><c>ask/for/order/return</c>: the courier may ignore it (<c>ignore-return</c>); 10003 when there is nothing to return.</summary>
    public JsonObject AskReturn(EcotrackCall call)
    {
        var parcel = call.Parcel();
        if (!parcel.IsReleased || courier.IsDelivered(parcel) || courier.IsReturned(parcel) || parcel.Status is "paye_et_archive" or "annule" or "retour_en_traitement") throw EcotrackCall.No(10003);
        if (!courier.Vendor.Faults.IsOn("ignore-return")) parcel.History.Add(new(courier.Now, "return_asked"));
        return new() { ["success"] = true, ["message"] = "Demande de retour envoyée" };
    }

    /// <summary><c>valid/returns</c>: the merchant has them back. All or nothing.</summary>
    public JsonObject ConfirmReturns(EcotrackCall call)
    {
        if (call.Body?["trackings"] is not JsonArray { Count: > 0 } list) throw Laravel.Invalid("trackings", "The trackings field is required.");
        var parcels = list.Select(t => call.Parcel(CourierJson.Words(t) ?? "")).ToList();
        if (parcels.Any(p => p.Status != "retour_recu")) return new() { ["returned"] = "fail" };
        foreach (var parcel in parcels) courier.Move(parcel, new() { To = "retours_archived" });
        return new() { ["returned"] = "success" };
    }

    private JsonObject Create(CourierAccount account, JsonObject fields)
    {
        var parcel = Read(account, fields);
        courier.Take(parcel);
        return new() { ["success"] = true, ["tracking"] = parcel.Tracking };
    }

    private PlayedParcel Read(CourierAccount account, JsonObject f)
    {
        var wrong = new FieldErrors();
        foreach (var name in (string[])["nom_client", "telephone", "adresse", "commune", "code_wilaya", "montant", "type"])
            if (Words(name) is null) wrong.Add(name, $"The {name.Replace('_', ' ')} field is required.");
        Check("reference", text => text.Length <= 255, "may not be greater than 255 characters");
        Check("nom_client", text => text.Length <= 255, "may not be greater than 255 characters");
        Check("adresse", text => text.Length <= 255, "may not be greater than 255 characters");
        Check("telephone", FieldErrors.IsPhone, "must be between 9 and 10 digits");
        Check("telephone_2", FieldErrors.IsPhone, "must be between 9 and 10 digits");
        Check("code_wilaya", _ => Whole("code_wilaya") is { } code && code >= 1 && code <= courier.Model, $"must be between 1 and {courier.Model}");
        Check("montant", text => text.Length <= 7 && text.All(char.IsAsciiDigit), "must be an integer");
        Check("type", text => text is "1" or "2" or "3" or "4", "is invalid");
        foreach (var name in (string[])["stop_desk", "fragile", "stock", "can_open"]) Check(name, text => text is "0" or "1", "is invalid");
        Check("weight", _ => CourierJson.Number(f["weight"]) is > 0 and <= 100, "must be a number");
        if (Words("type") == "2" && Words("produit_a_recuperer") is null) wrong.Add("produit_a_recuperer", "The produit a recuperer field is required when type is 2.");
        // No tenant's stock is played: there is nothing to take from it.
        if (Words("stock") == "1") wrong.Add(Words("quantite") is null ? "quantite" : "produit", Words("quantite") is null ? "The quantite field is required when stock is 1." : "The selected produit is invalid.");
        var toDesk = Words("stop_desk") == "1";
        PlayedCommune? commune = null;
        if (Whole("code_wilaya") is { } wilaya && wilaya >= 1 && wilaya <= courier.Model && Words("commune") is { } named)
        {
            commune = places.Commune(wilaya, named);
            if (commune is null) wrong.Add("commune", "The selected commune is invalid.");
            else if (toDesk && places.Serves(wilaya) && !places.HasDesk(commune)) wrong.Add("stop_desk", "The selected commune has no stop desk.");
            else if (toDesk && places.Serves(wilaya) && Words("code_postal") != EcotrackPlaces.PostalCode(commune)) wrong.Add("code_postal", Words("code_postal") is null ? "The code postal field is required when stop desk is 1." : "The selected code postal is invalid.");
        }
        if (wrong.Any) throw Laravel.Invalid(wrong);
        if (!places.Serves(Whole("code_wilaya")!.Value)) throw EcotrackCall.No(10002);
        var tracking = courier.NewTracking(account);
        return new()
        {
            Account = account, Tracking = tracking, Id = tracking, Reference = Words("reference"), Client = Words("nom_client")!, Phone = Words("telephone")!, Phone2 = Words("telephone_2"), Address = Words("adresse")!,
            Wilaya = Whole("code_wilaya")!.Value, Commune = Words("commune")!, ToDesk = toDesk, Desk = toDesk ? Words("code_postal") : null, Amount = Whole("montant")!.Value, Product = Words("produit") ?? "",
            Note = Words("remarque"), Weight = CourierJson.Number(f["weight"]) ?? 1, Kind = Whole("type")!.Value, Status = EcotrackStates.Draft, CreatedAt = courier.Now,
            More = new JsonObject(f.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))),
        };

        string? Words(string name) => CourierJson.Words(f[name]);
        int? Whole(string name) => CourierJson.Whole(f[name]);
        void Check(string name, Func<string, bool> isFine, string otherwise)
        {
            if (Words(name) is { } text && !isFine(text)) wrong.Add(name, otherwise == "is invalid" ? $"The selected {name.Replace('_', ' ')} is invalid." : $"The {name.Replace('_', ' ')} {otherwise}.");
        }
    }
}
