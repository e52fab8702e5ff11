using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Orders;

/// <summary>What someone wants an order to be: fields as people type them. A field left null keeps its value.</summary>
/// <remarks>The one form for every door: the agent's tool, pages, the API, a cart of a channel. <c>Drafts</c> reads it.</remarks>
public sealed record DraftChange
{
    /// <summary>Replaces all lines; empty takes them all away.</summary>
    public IReadOnlyList<DraftItem>? Items { get; init; }

    /// <summary>The receiver's name.</summary>
    public string? Name { get; init; }

    /// <summary>As typed; two numbers in it fill both phones.</summary>
    public string? Phone { get; init; }

    /// <summary>As typed; empty takes it away.</summary>
    public string? SecondPhone { get; init; }

    /// <summary>Name in any script, or the code.</summary>
    public string? Wilaya { get; init; }

    /// <summary>Name in any script; without a wilaya it must be the only one of its name.</summary>
    public string? Commune { get; init; }

    /// <summary>Street, quarter, landmark.</summary>
    public string? Address { get; init; }

    public Delivery? Delivery { get; init; }

    /// <summary>Name of a stop desk of the wilaya.</summary>
    public string? Desk { get; init; }

    public string? Note { get; init; }

    /// <summary>The message that said it, for every field of this change that <see cref="Sources"/> does not name.</summary>
    public MessageId? Source { get; init; }

    /// <summary>The message that said one field (<c>items, name, phone, second_phone, wilaya, commune, address, delivery, desk, note</c>).</summary>
    public IReadOnlyDictionary<string, MessageId>? Sources { get; init; }

    /// <summary>A member decides prices alone: the floor does not bind. Never set for the agent or a program.</summary>
    public bool IgnoresFloor { get; init; }
}

/// <summary>One wanted line: a variant by id, by SKU, or by the words for product and variant.</summary>
/// <param name="Product">Words for the product: its name, as near as people get.</param>
/// <param name="Variant">Words for the variant: <c>M / Noir</c>, <c>noir 39</c>; needed when the product has several.</param>
/// <param name="Quantity">1 to 99.</param>
/// <param name="UnitPrice">A price agreed, not under the product's floor; null: the catalogue's.</param>
/// <param name="VariantId">The variant itself, when the caller knows it.</param>
/// <param name="Sku">The shop's code, when the caller knows that.</param>
public sealed record DraftItem(string? Product, string? Variant, int Quantity, Dinars? UnitPrice = null, VariantId? VariantId = null, string? Sku = null);
