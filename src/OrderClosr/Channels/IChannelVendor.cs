using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>What the channels' vendor does for connecting an account; the vendor's folder implements it.</summary>
public interface IChannelVendor
{
    /// <summary>Looks at the account with the token: its name, or why it cannot be connected.</summary>
    Task<Result<string>> LookAsync(ChannelKind kind, string externalId, string? parentId, string token, CancellationToken stop);

    /// <summary>Asks for the account's events: first what is needed, then what is good to have, one by one.</summary>
    Task<bool> SubscribeAsync(Channel channel, CancellationToken stop);

    /// <summary>Asks for no more events; a vendor that refuses us is left alone.</summary>
    Task UnsubscribeAsync(Channel channel, CancellationToken stop);

    /// <summary>Looks at each switch of the connection.</summary>
    Task<IReadOnlyList<HealthCheck>> CheckAsync(Channel channel, CancellationToken stop);

    /// <summary>The outside accounts whose events belong to the channel: where they come from, and their id.</summary>
    IReadOnlyList<(string Source, string Account)> RoutesOf(ChannelKind kind, string externalId, string? parentId);

    /// <summary>Message templates of a WhatsApp account in every state; empty elsewhere, null when they could not be asked for just now.</summary>
    Task<IReadOnlyList<ChannelTemplate>?> TemplatesAsync(Channel channel, CancellationToken stop);
}

/// <summary>One switch of a connection (facts/meta.md section 1 fact 8).</summary>
/// <param name="Check">A code of the pages' words: <c>token</c>, <c>permissions</c>, <c>subscribed</c>, <c>registered</c>, <c>events</c>.</param>
/// <param name="Ok">Null when it could not be asked just now.</param>
/// <param name="At">When it was asked.</param>
/// <param name="Detail">What exactly is missing, e.g. names of permissions.</param>
public sealed record HealthCheck(string Check, bool? Ok, DateTimeOffset At, string? Detail = null);
