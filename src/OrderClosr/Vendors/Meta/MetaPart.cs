using OrderClosr.Conversations;
using OrderClosr.Ground.Events;

namespace OrderClosr.Vendors.Meta;

/// <summary>One thing a delivery of Meta says about one account.</summary>
internal sealed record MetaPart(string RouteSource, string Account, string What) : EventPart(RouteSource, Account, What)
{
    internal const string Page = "meta/page", Instagram = "meta/instagram", Whatsapp = "meta/whatsapp", Waba = "meta/waba";

    /// <summary>What it says, in the product's words.</summary>
    internal News? News { get; init; }

    /// <summary>A message that something was said of without saying who wrote it: looked up when it stays unknown.</summary>
    internal string? LookUp { get; init; }

    /// <summary>What happened to the account itself.</summary>
    internal MetaAccountEvent? Health { get; init; }
}

/// <summary>What happened to an account at Meta.</summary>
/// <param name="Trouble">Our word for it; null when it only asks for a fresh look.</param>
/// <param name="Stops">Nothing may be sent until a person has looked.</param>
/// <param name="Heals">The earlier trouble of that name is over.</param>
/// <param name="Leaves">What is in its place until a look has found the connection whole; null when the word alone heals.</param>
internal sealed record MetaAccountEvent(string? Trouble, bool Stops = false, string? Heals = null, string? Leaves = null);
