namespace OrderClosr.Parcels;

/// <summary>All an adapter needs to act for one courier account: opened credentials, address, choices, and the account's budget of calls.</summary>
public sealed class CourierAccess(CourierAccountId account, IReadOnlyDictionary<string, string> credentials, CourierPace pace)
{
    public CourierAccountId Account => account;

    /// <summary>What the merchant typed in, by <see cref="CourierField.Name"/>.</summary>
    public IReadOnlyDictionary<string, string> Credentials => credentials;

    /// <summary>The account's own address, where the merchant chose another brand; null: the operator's setting of the adapter.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Code of the 69 model the parcels leave from; 0 unknown.</summary>
    public int OriginWilaya { get; init; }

    /// <summary>The courier's own row for <see cref="OriginWilaya"/>, once its lists were read.</summary>
    public PlaceRow? Origin { get; init; }

    /// <summary>What the courier signs its events with; null where there is none.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>The shop's name, for labels.</summary>
    public string ShopName { get; init; } = "";

    /// <summary>What is asked can wait: a part of the account's calls is left to those that cannot (<see cref="CallLedger.ShareOfWaiting"/>).</summary>
    public bool GivesWay { get; init; }

    /// <summary>Choices that differ from the default.</summary>
    public IReadOnlyDictionary<string, string> Variants { get; init; } = new Dictionary<string, string>();

    /// <summary>The choice of a variant: the merchant's, else the adapter's default.</summary>
    public string Variant(CourierVariant variant) => Variants.GetValueOrDefault(variant.Name) is { } chosen && variant.Choices.Contains(chosen) ? chosen : variant.Choices[0];

    /// <summary>Before each single call: waits its turn in the account's budget, or throws "rate limited" when the wait is long.</summary>
    /// <remarks>Nothing was asked then, so the job that wanted it is simply tried later.</remarks>
    public ValueTask StartCallAsync(CancellationToken stop) => pace.StartAsync(GivesWay, stop);

    /// <inheritdoc cref="CourierPace.TryScan"/>
    internal IDisposable? TryScan() => pace.TryScan();

    /// <summary>The courier said how long nobody may call (its own headers): the whole account waits.</summary>
    public void HoldCalls(TimeSpan wait) => pace.Hold(wait);

    /// <summary>After a call: tells the other machines of a wait the courier asked for in it.</summary>
    internal Task ShareHoldAsync() => pace.ShareHoldAsync(CancellationToken.None);
}
