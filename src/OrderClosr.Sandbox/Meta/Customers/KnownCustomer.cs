namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>A customer the merchant already wrote with: makes the conversation exist without any webhook (a demo that starts with a history).</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Account">The account; may be left out when the channel has one only.</param>
/// <param name="Name">Profile name.</param>
/// <param name="Handle">PSID, IGSID or number the product has stored; null keeps the sandbox's own.</param>
/// <param name="LastActionAt">When the customer last acted: opens the 24-hour window.</param>
public sealed record KnownCustomer(string? Channel, string? Account, string? Name, string? Handle, DateTimeOffset? LastActionAt);
