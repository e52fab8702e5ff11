using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>What the channels' vendor does for connecting an account; the vendor's folder implements it.</summary>
public interface IChannelVendor
{
    /// <summary>Looks at the account with the token: its name, or why it cannot be connected.</summary>
    Task<Result<string>> LookAsync(ChannelKind kind, string externalId, string? parentId, string token, CancellationToken stop);

    /// <summary>Asks for the account's events: first what is needed, then what is good to have, one by one.</summary>
    Task<bool> SubscribeAsync(Channel channel, CancellationToken stop);

    /// <summary>Asks for no more events and gives a number back that we registered; a vendor that refuses us is left alone.</summary>
    /// <param name="isShared">Another channel hears through the same subscription: it stays.</param>
    Task LeaveAsync(Channel channel, bool isShared, CancellationToken stop);

    /// <summary>Registers a number under a PIN so that it can send; null when it is registered now (or was already), else what a person must do.</summary>
    Task<Refusal?> RegisterAsync(Channel channel, string pin, CancellationToken stop);

    /// <summary>Asks once for what a number shared with the app on the phone knows: contacts and past messages.</summary>
    Task ShareAsync(Channel channel, CancellationToken stop);

    /// <summary>Is the token one that we may renew by ourselves?</summary>
    bool Renews(Channel channel);

    /// <summary>A fresh token for one that still works, and its end. What goes wrong is a <c>VendorFailure</c>.</summary>
    Task<(string Token, DateTimeOffset EndsAt)> RenewAsync(Channel channel, CancellationToken stop);

    /// <summary>Looks at each switch of the connection.</summary>
    Task<ConnectionLook> CheckAsync(Channel channel, CancellationToken stop);

    /// <summary>The outside accounts whose events belong to the channel: where they come from, and their id.</summary>
    IReadOnlyList<(string Source, string Account)> RoutesOf(ChannelKind kind, string externalId, string? parentId);

    /// <summary>Message templates of a WhatsApp account in every state; empty elsewhere, null when they could not be asked for just now.</summary>
    Task<IReadOnlyList<ChannelTemplate>?> TemplatesAsync(Channel channel, CancellationToken stop);
}

/// <summary>What a look at a connection found.</summary>
/// <param name="KnowsEnd">The vendor tells when this kind of token ends; <paramref name="EndsAt"/> is then what it told, null for never.</param>
public sealed record ConnectionLook(IReadOnlyList<HealthCheck> Checks, bool KnowsEnd = false, DateTimeOffset? EndsAt = null);

/// <summary>One switch of a connection (facts/meta.md section 1 fact 8).</summary>
/// <param name="Check">A code of the pages' words: <c>token</c>, <c>permissions</c>, <c>subscribed</c>, <c>fields</c>, <c>access</c>, <c>registered</c>, <c>quality</c>, <c>limit</c>, <c>name</c>, <c>lasting</c>, <c>events</c>.</param>
/// <param name="Ok">Null when it could not be asked just now.</param>
/// <param name="At">When it was asked.</param>
/// <param name="Detail">What exactly is missing, e.g. names of permissions; or what was found, e.g. a limit.</param>
public sealed record HealthCheck(string Check, bool? Ok, DateTimeOffset At, string? Detail = null);
