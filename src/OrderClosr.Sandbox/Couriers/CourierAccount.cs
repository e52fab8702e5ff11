namespace OrderClosr.Sandbox.Couriers;

/// <summary>One merchant's account at a courier, as it exists from the start.</summary>
/// <param name="Courier">The vendor's prefix: <c>ecotrack</c>, <c>maystro</c>, <c>noest</c> …</param>
/// <param name="Id">The public half of the credentials, where the courier has one: API id, tenant id, user GUID, store id; else any name.</param>
/// <param name="Token">The secret half.</param>
public sealed record CourierAccountSeed(string Courier, string Id, string Token)
{
    /// <summary>The shop's name on labels.</summary>
    public string Name { get; init; } = "Dar Lina";

    /// <summary>Where the shop sends from.</summary>
    public int Wilaya { get; init; } = 16;

    /// <summary>Where this courier's dashboard sends webhooks; null is none yet.</summary>
    public string? Webhook { get; init; }

    /// <summary>What signs them, where the courier signs.</summary>
    public string? WebhookSecret { get; init; }
}

/// <summary>A merchant's account at a courier, as it is now.</summary>
public sealed class CourierAccount(CourierAccountSeed seed)
{
    /// <summary>See <see cref="CourierAccountSeed.Id"/>.</summary>
    public string Id { get; } = seed.Id;

    /// <summary>The only secret that opens it.</summary>
    public string Token { get; set; } = seed.Token;

    /// <summary>The shop's name on labels.</summary>
    public string Name { get; } = seed.Name;

    /// <summary>Where the shop sends from.</summary>
    public int Wilaya { get; } = seed.Wilaya;

    /// <summary>Address given in the courier's dashboard.</summary>
    public string? Webhook { get; set; } = seed.Webhook;

    /// <summary>What signs its webhooks.</summary>
    public string? WebhookSecret { get; set; } = seed.WebhookSecret;

    /// <summary>The key was taken back: every call is 401.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>The courier has blocked the merchant: nothing new is taken.</summary>
    public bool IsSuspended { get; set; }
}
