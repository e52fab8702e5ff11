using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Api;

/// <summary>What programs send.</summary>
internal static class OrderBodies
{
    /// <summary>The order's fields of the contract.</summary>
    internal static readonly string[] Fields =
    [
        "id", "number", "state", "customer_id", "conversation_id", "lines", "goods", "discount", "delivery_fee", "total", "wilaya_code", "commune", "address", "delivery", "desk", "phone", "risk", "created_at", "confirmed_at",
    ];

    internal static Dictionary<string, object?> Complete(Shop shop, string phone = "0500 00 00 12", string wilaya = "وهران", string commune = "bir el djir", int quantity = 2, string sku = "ROBE-M-NOIR") => new()
    {
        ["lines"] = new[] { new { variant_id = shop.Variants[sku].ToString(), quantity } }, ["name"] = "Amina Belkacem", ["phone"] = phone,
        ["wilaya"] = wilaya, ["commune"] = commune, ["address"] = "Cité 1600, bât. 12", ["delivery"] = "home",
    };
}
