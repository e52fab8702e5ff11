namespace OrderClosr.Tests.Parcels;

/// <summary>One courier as a merchant connects it and as its people act in the sandbox.</summary>
/// <param name="Name">The adapter's name.</param>
/// <param name="Vendor">The sandbox's prefix.</param>
/// <param name="Booking">Where it takes new parcels, without the prefix.</param>
/// <param name="Out">Its word for "with the driver".</param>
/// <param name="Delivered">Its word for "handed over".</param>
/// <param name="Booked">How a booked parcel stands when all that can be done by API is done.</param>
internal sealed record CourierRoad(string Name, string Vendor, string Booking, string Out, string Delivered, string Booked)
{
    internal Dictionary<string, string> Fields { get; init; } = [];

    /// <summary>Typed off the courier's screen, where it signs and gives none by its API.</summary>
    internal string? Secret { get; init; }

    /// <summary>It sends no events: it is asked.</summary>
    internal bool IsAsked { get; init; }

    /// <summary>It tells the number of a parcel it already has.</summary>
    internal bool FindsAgain { get; init; } = true;

    internal static readonly IReadOnlyList<CourierRoad> All =
    [
        new("yalidine", "yalidine", "/parcels", "Sorti en livraison", "Livré", "registered") { Fields = new() { ["api_id"] = "10000000000000000001", ["api_token"] = "invented-yalidine-token-dar-lina" }, Secret = "invented-webhook-secret" },
        new("zr-express", "zr", "/parcels", "sortie_en_livraison", "livre", "ready_to_ship") { Fields = new() { ["tenant_id"] = "0d0a11a0-0000-4000-8000-000000000001", ["api_key"] = "invented-zr-key-dar-lina" } },
        new("procolis", "procolis", "/add_colis", "Sortir en livraison", "Livrée", "ready_to_ship") { Fields = new() { ["token"] = "invented-procolis-token-dar-lina", ["key"] = "invented-procolis-key-dar-lina" }, IsAsked = true },
        new("ecotrack", "ecotrack", "/create/order", "en_livraison", "livre_non_encaisse", "ready_to_ship") { Fields = new() { ["api_token"] = "invented-ecotrack-token-dar-lina" }, Secret = "invented-ecotrack-webhook-secret" },
        new("maystro", "maystro", "/stores/orders", "31", "41", "registered") { Fields = new() { ["token"] = "invented-maystro-token-dar-lina", ["store_id"] = "4101" } },
        new("noest", "noest", "/create/order", "fdr_activated", "livre", "ready_to_ship") { Fields = new() { ["api_token"] = "invented-noest-token-dar-lina", ["user_guid"] = "DLN0A1B2" }, IsAsked = true, FindsAgain = false },
    ];

    internal static CourierRoad Of(string name) => All.Single(c => c.Name == name);
}
