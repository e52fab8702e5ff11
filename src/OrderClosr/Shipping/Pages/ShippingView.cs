using OrderClosr.Parcels;
using OrderClosr.Parcels.Pages;

namespace OrderClosr.Shipping.Pages;

/// <summary>What the page of the fee table shows.</summary>
/// <param name="Served">Wilayas with a fee.</param>
public sealed record ShippingView(IReadOnlyList<ShippingRow> Rows, string FreeFrom, string Notes, string Query, int Served)
{
    /// <summary>The amount and the notes as they were when the page was made.</summary>
    public string FreeFromWas { get; init; } = "";

    /// <inheritdoc cref="FreeFromWas"/>
    public string NotesWas { get; init; } = "";

    public CourierList Couriers { get; init; } = new([], []);

    /// <summary>The courier whose list the fees follow; null: none, or its lists were never read.</summary>
    public string? Follows { get; init; }

    /// <summary>Rows the merchant set himself beside that list.</summary>
    public int Own { get; init; }
}

/// <summary>A row with its place.</summary>
public sealed record ShippingRow(Place Place, FeeDraft Draft)
{
    public DeliveryFee? Fee { get; init; }

    /// <summary>Set by the merchant beside the courier's list.</summary>
    public bool IsOwn { get; init; }

    /// <summary>What the default courier bills there.</summary>
    public Billed? Billed { get; init; }
}
