using System.Globalization;
using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Ecotrack;

/// <summary>Ecotrack's field names and noes.</summary>
internal static class EcotrackWire
{
    /// <summary>A no at HTTP 200: the order can no longer be changed; the wilaya is not served.</summary>
    internal const int Locked = 10001, NotServed = 10002;

    /// <summary>Their field → our code and our field.</summary>
    private static readonly Dictionary<string, (string Code, string Field)> Fields = new(StringComparer.Ordinal)
    {
        ["nom_client"] = (BookingCodes.Name, "name"), ["client"] = (BookingCodes.Name, "name"), ["telephone"] = (BookingCodes.Phone, "phone"), ["tel"] = (BookingCodes.Phone, "phone"),
        ["telephone_2"] = (BookingCodes.Phone, "second_phone"), ["tel2"] = (BookingCodes.Phone, "second_phone"), ["adresse"] = (BookingCodes.Address, "address"), ["commune"] = (BookingCodes.Commune, "commune"),
        ["code_wilaya"] = (BookingCodes.Wilaya, "wilaya"), ["wilaya"] = (BookingCodes.Wilaya, "wilaya"), ["montant"] = (BookingCodes.Amount, "to_collect"), ["stop_desk"] = (BookingCodes.Desk, "desk"),
        ["code_postal"] = (BookingCodes.Desk, "desk"), ["produit"] = (BookingCodes.Goods, "goods"), ["product"] = (BookingCodes.Goods, "goods"), ["produit_a_recuperer"] = (BookingCodes.Goods, "goods"),
        ["quantite"] = (BookingCodes.Goods, "goods"), ["weight"] = (BookingCodes.Weight, "weight"),
    };

    /// <summary>Fields of <c>create/order</c>.</summary>
    internal static List<(string Name, string? Value)> Create(ParcelToBook p, string shop) =>
    [
        ("reference", p.Reference), ("nom_client", Plain(p.Name)), ("telephone", p.Phone.National), ("telephone_2", p.SecondPhone?.National), ("adresse", Plain(p.Address)),
        ("code_postal", p.Delivery == Shipping.Delivery.Desk ? p.Commune.PostalCode : null), ("commune", p.Commune.Name), ("code_wilaya", p.Wilaya.Ref), ("montant", Text(p.ToCollect)), ("type", Kind(p)),
        ("stop_desk", Desk(p)), ("produit", Plain(p.Goods)), ("produit_a_recuperer", p.IsExchange ? Plain(p.ToTakeBack.Length > 0 ? p.ToTakeBack : p.Goods) : null), ("boutique", Plain(shop)), ("remarque", Plain(p.Note)),
        ("weight", p.Weight > 0 ? Kilograms(p.Weight) : null), ("fragile", p.IsFragile ? "1" : null), ("can_open", p.MayOpen ? "1" : null),
    ];

    /// <summary>Fields of <c>update/order</c>: other names than at creation, and no field for a desk, which is the commune's.</summary>
    internal static List<(string Name, string? Value)> Update(ParcelToBook p) =>
    [
        ("client", Plain(p.Name)), ("tel", p.Phone.National), ("tel2", p.SecondPhone?.National), ("adresse", Plain(p.Address)), ("commune", p.Commune.Name), ("wilaya", p.Wilaya.Ref), ("montant", Text(p.ToCollect)),
        ("remarque", Plain(p.Note)), ("product", Plain(p.Goods)), ("type", Kind(p)), ("stop_desk", Desk(p)), ("fragile", p.IsFragile ? "1" : "0"),
    ];

    /// <summary>Why an answer is a no; null when it is none, or not a clear one.</summary>
    internal static Refusal? No(CourierReply reply, ParcelToBook? about = null)
    {
        var body = reply.Body;
        if (reply.IsSuccess && body.Flag("success") != false) return null;
        if (reply.IsSuccess && body.Text("error") is null && body.Text("message") is null) return null;
        var code = body.Whole("error");
        var fields = body.At("errors").Members.Select(m => m.Name).ToList();
        var name = fields.Find(Fields.ContainsKey) ?? fields.FirstOrDefault() ?? "";
        var own = body.At("errors").At(name);
        var words = CourierHttp.Sentence((own.ValueKind == JsonValueKind.Array ? own.Items.FirstOrDefault().Words : own.Words) ?? body.Text("message"), about);
        var (known, ours) = Fields.GetValueOrDefault(name, (BookingCodes.Refused, ""));
        return code switch
        {
            Locked => new(BookingCodes.NotEditable, words, Kind: RefusalKind.Conflict),
            NotServed => new(BookingCodes.Wilaya, words, "wilaya"),
            _ => new(known, words, ours.Length > 0 ? ours : null),
        };
    }

    /// <summary>True when it says that this merchant has no such parcel.</summary>
    internal static bool IsUnknown(CourierReply reply) => reply.Status == 422 && reply.Body.At("errors").At("tracking").IsThere;

    private static string Kind(ParcelToBook p) => p.IsExchange ? "2" : "1";
    private static string Desk(ParcelToBook p) => p.Delivery == Shipping.Delivery.Desk ? "1" : "0";
    private static string Text(Dinars amount) => amount.Amount.ToString(CultureInfo.InvariantCulture);
    private static string Plain(string text) => CourierHttp.Plain(text);

    /// <summary>Whole kilograms, begun ones counted: whether fractions are taken is not said.</summary>
    private static string Kilograms(int grams) => Math.Ceiling(grams / 1000m).ToString(CultureInfo.InvariantCulture);
}
