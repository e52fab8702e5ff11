using System.Collections.Concurrent;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;

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

    /// <summary>Choices that differ from the default.</summary>
    public IReadOnlyDictionary<string, string> Variants { get; init; } = new Dictionary<string, string>();

    /// <summary>The choice of a variant: the merchant's, else the adapter's default.</summary>
    public string Variant(CourierVariant variant) => Variants.GetValueOrDefault(variant.Name) is { } chosen && variant.Choices.Contains(chosen) ? chosen : variant.Choices[0];

    /// <summary>Before each single call: waits its turn in the account's budget, or throws "rate limited" when the wait is long.</summary>
    /// <remarks>Nothing was asked then, so the job that wanted it is simply tried later.</remarks>
    public ValueTask StartCallAsync(CancellationToken stop) => pace.StartAsync(stop);

    /// <summary>The courier said how long nobody may call (its own headers): the whole account waits.</summary>
    public void HoldCalls(TimeSpan wait) => pace.Hold(wait);
}

/// <summary>Counts the calls of one courier account against its limits. All calls of an account come from its lane, which one machine owns.</summary>
public sealed class CourierPace(IReadOnlyList<LaneLimit> limits, TimeProvider time)
{
    /// <summary>A longer wait is left to the job: it must not outlive its lease.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly LanePace _pace = new(new(1, limits), time);
    private readonly Lock _lock = new();
    private DateTimeOffset _heldUntil;

    public async ValueTask StartAsync(CancellationToken stop)
    {
        var waited = TimeSpan.Zero;
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                wait = _heldUntil - time.GetUtcNow();
                if (wait <= TimeSpan.Zero) wait = _pace.TryStart();
            }
            if (wait <= TimeSpan.Zero) return;
            waited += wait;
            if (waited > LongestWait) throw new VendorFailure(FailureCategory.RateLimited, "The courier's limit of calls is used up for now.", "rate_limited", wait);
            await Task.Delay(wait, time, stop);
        }
    }

    public void Hold(TimeSpan wait)
    {
        lock (_lock)
        {
            var until = time.GetUtcNow() + wait;
            if (until > _heldUntil) _heldUntil = until;
        }
    }
}

/// <summary>The paces of all accounts this process calls.</summary>
public sealed class CourierPaces(TimeProvider time)
{
    private readonly ConcurrentDictionary<CourierAccountId, CourierPace> _paces = [];

    public CourierPace Of(CourierAccountId account, CourierAbilities abilities) => _paces.GetOrAdd(account, _ => new(abilities.Limits, time));
}
