namespace OrderClosr.Ground.Outbound;

/// <summary>What a vendor's error means to us. Each vendor's folder turns its own codes into one of these; only <c>Jobs</c> retries.</summary>
public enum FailureCategory
{
    /// <summary>Of the moment: the vendor or the way to it is down.</summary>
    Transient,

    /// <summary>Too many calls: wait.</summary>
    RateLimited,

    /// <summary>Our token or key is refused: the connection must be mended by a person.</summary>
    Credentials,

    /// <summary>A setting of ours or the merchant's is wrong.</summary>
    Configuration,

    /// <summary>A final no to this one request.</summary>
    Refused,

    /// <summary>It may have happened: look before repeating.</summary>
    OutcomeUnknown,
}

/// <summary>A call to a vendor that did not succeed.</summary>
/// <param name="category">What follows from it.</param>
/// <param name="words">For a person: what happened and what to do. No personal data, no secrets.</param>
/// <param name="code">A stable snake_case word for the pages' resources, e.g. <c>window_closed</c>.</param>
/// <param name="retryAfter">When the vendor said so.</param>
public sealed class VendorFailure(FailureCategory category, string words, string? code = null, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(words, inner)
{
    public FailureCategory Category => category;
    public string? Code => code;
    public TimeSpan? RetryAfter => retryAfter;
}
