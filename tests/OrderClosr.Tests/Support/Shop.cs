using OrderClosr.Channels;

namespace OrderClosr.Tests.Support;

/// <summary>One seeded shop: its ids and the secrets a test needs to act for its owner or its vendors.</summary>
public sealed record Shop
{
    public required WorkspaceId Id { get; init; }
    public required string Slug { get; init; }
    public required string Name { get; init; }
    public required Guid OwnerId { get; init; }
    public required string OwnerEmail { get; init; }
    public string OwnerPassword => "une phrase assez longue";
    public required ShopChannel Messenger { get; init; }
    public required ShopChannel Instagram { get; init; }
    public required ShopChannel Whatsapp { get; init; }

    /// <summary>Ids of products by the name a test would say: <c>robe</c> (3500, floor 3000), <c>hijab</c> (1200), <c>sac</c> (4200, 2 pieces).</summary>
    public required IReadOnlyDictionary<string, ProductId> Products { get; init; }

    /// <summary>Ids of variants by code: <c>ROBE-M-NOIR</c>, <c>ROBE-L-NOIR</c>, <c>HIJAB-BEIGE</c>, <c>SAC-CAMEL</c>.</summary>
    public required IReadOnlyDictionary<string, VariantId> Variants { get; init; }

    public ShopChannel On(ChannelKind kind) => kind switch { ChannelKind.Messenger => Messenger, ChannelKind.Instagram => Instagram, _ => Whatsapp };
}

/// <summary>A channel of a shop as both sides know it.</summary>
/// <param name="Account">The id at the vendor, as webhooks and the sandbox's addresses carry it.</param>
public sealed record ShopChannel(ChannelId Id, ChannelKind Kind, string Account, string Token);
