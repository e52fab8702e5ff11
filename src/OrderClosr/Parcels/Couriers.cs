using System.Text.Json;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>The couriers there are, and the way to act for an account of one.</summary>
public sealed class Couriers(IEnumerable<ICourier> couriers, SecretBox secrets, CourierPaces paces)
{
    private readonly Dictionary<string, ICourier> _couriers = couriers.ToDictionary(c => c.Name);

    /// <summary>All of them, by title.</summary>
    public IReadOnlyList<ICourier> All { get; } = [.. couriers.OrderBy(c => c.Profile.Title, StringComparer.Ordinal)];

    /// <summary>The courier of this name; null when there is none.</summary>
    public ICourier? Find(string? name) => name is null ? null : _couriers.GetValueOrDefault(name);

    /// <summary>The courier of an account.</summary>
    public ICourier Of(CourierAccount account) => _couriers[account.Courier];

    /// <summary>Opens an account for its adapter.</summary>
    /// <param name="givesWay">What is asked can wait for what cannot.</param>
    public CourierAccess Open(CourierAccount account, string shopName = "", PlaceRow? origin = null, bool givesWay = false) => new(account.Id, Credentials(account), paces.Of(account.WorkspaceId, account.Id, Of(account).Abilities))
    {
        GivesWay = givesWay,
        BaseUrl = account.BaseUrl is { } url ? new Uri(url) : null, OriginWilaya = account.OriginWilaya, Origin = origin, ShopName = shopName, Variants = account.Variants,
        WebhookSecret = account.WebhookSecret is { } secret ? secrets.Open(account.WorkspaceId, "courier_account.webhook_secret", secret) : null,
    };

    /// <summary>For credentials that are only being tried.</summary>
    internal CourierAccess Try(ICourier courier, WorkspaceId workspace, CourierAccountId id, IReadOnlyDictionary<string, string> credentials, Uri? baseUrl, int originWilaya, IReadOnlyDictionary<string, string> variants) =>
        new(id, credentials, paces.Of(workspace, id, courier.Abilities)) { BaseUrl = baseUrl, OriginWilaya = originWilaya, Variants = variants };

    internal Sealed Seal(WorkspaceId workspace, IReadOnlyDictionary<string, string> credentials) => secrets.Seal(workspace, "courier_account.credentials", JsonSerializer.Serialize(credentials));

    internal Dictionary<string, string> Credentials(CourierAccount account) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(secrets.Open(account.WorkspaceId, "courier_account.credentials", account.Credentials))!;
}
