using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Orders;

/// <summary>A draft as the agent, the pages and programs see it: names instead of ids, amounts the server computed, what is still missing.</summary>
public sealed record DraftView
{
    /// <summary>The draft's short code, <c>K7QF</c>; see <see cref="Order.Code"/>.</summary>
    public required string Draft { get; init; }

    public required int Version { get; init; }
    public required IReadOnlyList<DraftLine> Items { get; init; }
    public required string? Name { get; init; }
    public required Phone? Phone { get; init; }
    public required Phone? SecondPhone { get; init; }
    public required string? Wilaya { get; init; }
    public required string? Commune { get; init; }
    public required string? Address { get; init; }
    public required Delivery Delivery { get; init; }
    public required string? Desk { get; init; }
    public required string? Note { get; init; }
    public required Dinars Goods { get; init; }
    public required Dinars Discount { get; init; }

    /// <summary>Null until place and way are known.</summary>
    public required Dinars? DeliveryFee { get; init; }

    /// <summary>Null until the fee is known.</summary>
    public required Dinars? Total { get; init; }

    /// <summary>Fields an order needs and this one lacks, in the order to ask for them: <c>items, wilaya, commune, desk, delivery, name, phone</c>.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Nothing is missing: it may be read back and confirmed.</summary>
    public bool Ready => Missing.Count == 0;

    /// <summary>What a careful seller would mention, as codes: <c>address_empty</c>, <c>phone_not_mobile</c>, <c>last_pieces</c>.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What an order still needs before it can be agreed to.</summary>
    public static IReadOnlyList<string> MissingOf(Order order)
    {
        var missing = new List<string>();
        if (order.Lines.Count == 0) missing.Add("items");
        if (order.WilayaCode == 0) missing.Add("wilaya");
        if (order.CommuneCode == 0 && order.Delivery == Delivery.Home) missing.Add("commune");
        // A known place without a fee: a desk must be chosen first (it then says the commune), or the way is not served there.
        if (order is { WilayaCode: > 0, IsFeeKnown: false } and ({ Delivery: Delivery.Desk } or { CommuneCode: > 0 })) missing.Add(order is { Delivery: Delivery.Desk, DeskId: null } ? "desk" : "delivery");
        else if (order is { WilayaCode: > 0, CommuneCode: 0, Delivery: Delivery.Desk }) missing.Add("commune");
        if (order.Name.Length == 0) missing.Add("name");
        if (order.Phone is null) missing.Add("phone");
        return missing;
    }
}

/// <summary>One line of a draft in words.</summary>
public sealed record DraftLine(string Product, string Variant, int Quantity, Dinars UnitPrice, Dinars ListPrice);

public sealed partial class Order
{
    private const string CodeLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>Four letters that name this draft inside its conversation; made from the id, so nothing has to be stored.</summary>
    public string Code
    {
        get
        {
            Span<byte> id = stackalloc byte[16];
            Id.Value.TryWriteBytes(id, bigEndian: true, out _);
            return string.Create(4, (id[12], id[13], id[14]), static (code, tail) =>
            {
                var bits = tail.Item1 << 16 | tail.Item2 << 8 | tail.Item3;
                for (var i = 0; i < 4; i++) code[i] = CodeLetters[(bits >> (i * 5)) & 31];
            });
        }
    }

    /// <summary>Notes that a sent reply read this version back to the customer; a yes counts only after it. An older version is left alone.</summary>
    /// <param name="version">The version whose total the reply named.</param>
    /// <param name="seq">Number of that reply in the conversation.</param>
    public void MarkReadBack(int version, int seq)
    {
        if (version != DraftVersion) return;
        ReadBackVersion = version;
        ReadBackSeq = seq;
    }
}
