using System.Globalization;
using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Procolis;

/// <summary>Procolis' field names and its words of a no (facts/couriers/zr-express.md part B).</summary>
internal static class ProcolisWire
{
    internal const string Good = "Good", Double = "Double Tracking";

    /// <summary>Days as Procolis may write them; which one is not said.</summary>
    private static readonly string[] Days = ["dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm", "dd/MM/yyyy", "dd-MM-yyyy HH:mm:ss", "dd-MM-yyyy HH:mm"];

    /// <summary>Their field, which their sentence names → our code and our field.</summary>
    private static readonly (string Theirs, string Code, string Field)[] Fields =
    [
        ("Commune", BookingCodes.Commune, "commune"), ("Wilaya", BookingCodes.Wilaya, "wilaya"), ("MobileA", BookingCodes.Phone, "phone"), ("MobileB", BookingCodes.Phone, "second_phone"), ("Mobile", BookingCodes.Phone, "phone"),
        ("Client", BookingCodes.Name, "name"), ("Adresse", BookingCodes.Address, "address"), ("Total", BookingCodes.Amount, "to_collect"), ("Produit", BookingCodes.Goods, "goods"), ("TypeLivraison", BookingCodes.Desk, "desk"),
    ];

    internal static Dictionary<string, object> Create(ParcelToBook p) => new()
    {
        ["Tracking"] = p.Reference, ["TypeLivraison"] = p.Delivery == Delivery.Desk ? 1 : 0, ["TypeColis"] = p.IsExchange ? 1 : 0, ["Confrimee"] = p.IsReady ? 1 : "", ["Client"] = CourierHttp.Plain(p.Name),
        ["MobileA"] = p.Phone.National, ["MobileB"] = p.SecondPhone is { IsSome: true } second ? second.National : "", ["Adresse"] = CourierHttp.Plain(p.Address), ["IDWilaya"] = p.Wilaya.Ref, ["Commune"] = p.Commune.Name,
        ["Total"] = p.ToCollect.Amount.ToString(CultureInfo.InvariantCulture), ["Note"] = Note(p), ["TProduit"] = CourierHttp.Plain(p.Goods), ["id_Externe"] = p.Reference, ["Source"] = "",
    };

    /// <summary>The rows of an answer; null when it has none.</summary>
    internal static List<JsonElement>? Rows(CourierReply reply) => reply.Body.At("Colis") is { IsThere: true } rows ? [.. rows.Items] : null;

    internal static Refusal No(string words, ParcelToBook? about = null)
    {
        foreach (var (theirs, code, field) in Fields)
            if (words.Contains(theirs, StringComparison.OrdinalIgnoreCase)) return new(code, CourierHttp.Sentence(words, about), field);
        return new(BookingCodes.Refused, CourierHttp.Sentence(words, about));
    }

    /// <summary>A parcel as <c>lire</c> tells it: only how it stands now.</summary>
    internal static CourierParcel? Parcel(JsonElement row, Delivery delivery) => row.Text("Tracking") is not { } tracking ? null : new()
    {
        Reference = tracking, Tracking = tracking, ToCollect = row.Money("Total"),
        Events = row.Text("Situation") is { } situation ? [ProcolisStatuses.Event(Moment(row.Text("DateH_Action") ?? row.Text("DateA")), situation, delivery, row.Text("Commentaire"))] : [],
    };

    /// <summary>On an Algiers clock, the day first.</summary>
    private static DateTimeOffset? Moment(string? text) =>
        DateTime.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? new DateTimeOffset(at, AlgiersTime.Zone.GetUtcOffset(at)).ToUniversalTime() : LooseJson.Moment(text);

    private static string Note(ParcelToBook p) => string.Join(" | ", new[]
    {
        p.IsFragile ? "FRAGILE" : "", p.IsExchange ? "Reprendre : " + CourierHttp.Plain(p.ToTakeBack.Length > 0 ? p.ToTakeBack : p.Goods) : "", p.MayOpen ? "Ouverture permise" : "", CourierHttp.Plain(p.Note),
    }.Where(t => t.Length > 0));
}
