using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>Reads the fields of a parcel as strictly as Yalidine's documents write them (facts: yalidine.md section 4).</summary>
public static partial class YalidineCheck
{
    /// <summary>Fields a merchant may set.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        "order_id", "from_wilaya_name", "firstname", "familyname", "contact_phone", "address", "to_commune_name", "to_wilaya_name", "product_list", "price", "do_insurance", "declared_value",
        "length", "width", "height", "weight", "freeshipping", "is_stopdesk", "stopdesk_id", "has_exchange", "product_to_collect", "economic",
    ];

    /// <summary>What is wrong, naming the first bad field; null when all is well.</summary>
    public static string? Refuse(YalidineCourier courier, JsonObject parcel)
    {
        foreach (var name in (ReadOnlySpan<string>)["order_id", "from_wilaya_name", "firstname", "familyname", "contact_phone", "address", "to_wilaya_name", "to_commune_name", "product_list"])
            if (string.IsNullOrWhiteSpace(parcel.TextOf(name))) return $"{name} is required and must be a string";
        foreach (var name in (ReadOnlySpan<string>)["price", "declared_value"])
            if (parcel.WholeOf(name) is not (>= 0 and <= 150_000)) return $"{name} must be an integer between 0 and 150000";
        foreach (var name in (ReadOnlySpan<string>)["length", "width", "height", "weight"])
            if (parcel[name] is not null && parcel.WholeOf(name) is not >= 0) return $"{name} must be an integer, 0 or more";
        foreach (var name in (ReadOnlySpan<string>)["do_insurance", "freeshipping", "is_stopdesk", "has_exchange"])
            if (parcel.FlagOf(name) is null) return $"{name} is required and must be a boolean";
        if (parcel["economic"] is not null && parcel.FlagOf("economic") is null) return "economic must be a boolean";
        if (!parcel.TextOf("contact_phone")!.Split(',').All(phone => Phone().IsMatch(phone)) || parcel.TextOf("contact_phone")!.Split(',').Length > 2) return "contact_phone must start with 0 and hold 9 or 10 digits; two numbers are separated by a comma";

        if (courier.Wilaya(parcel.TextOf("from_wilaya_name")) is null) return $"from_wilaya_name: \"{parcel.TextOf("from_wilaya_name")}\" does not exist";
        if (courier.Wilaya(parcel.TextOf("to_wilaya_name")) is not { } wilaya) return $"to_wilaya_name: \"{parcel.TextOf("to_wilaya_name")}\" does not exist";
        if (courier.Commune(wilaya, parcel.TextOf("to_commune_name")) is not { } commune) return $"to_commune_name: \"{parcel.TextOf("to_commune_name")}\" does not exist in {wilaya.Name}";
        if (!courier.Serves(commune)) return $"to_commune_name: {commune.Name} is not deliverable";
        if (parcel.FlagOf("is_stopdesk") == true)
        {
            if (courier.Lists.Center(parcel.WholeOf("stopdesk_id")) is not { } center) return "stopdesk_id is required and must be a center_id when is_stopdesk is true";
            if (center.Commune.Id != commune.Id) return $"stopdesk_id: {center.Id} is not a center of {commune.Name}";
        }
        if (parcel.FlagOf("has_exchange") == true && string.IsNullOrWhiteSpace(parcel.TextOf("product_to_collect"))) return "product_to_collect is required when has_exchange is true";
        if (parcel.FlagOf("economic") == true && !commune.HasEconomy) return $"economic: not offered to {commune.Name}";
        return null;
    }

    [GeneratedRegex(@"^0(?:[5-7]\d{8}|[2-4]\d{7}|98\d{7})$")]
    private static partial Regex Phone();
}
