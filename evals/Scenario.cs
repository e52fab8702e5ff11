using OrderClosr.Channels;

namespace OrderClosr.Evals;

/// <summary>A customer with a hidden goal, what they write, and what must be true when they have stopped.</summary>
/// <param name="Name">Unique; what <c>--only</c> looks in.</param>
/// <param name="Script">Of the customer: Arabizi, Arabic, French or mixed.</param>
/// <param name="Persona">Who writes and what they are after, for whoever reads the table.</param>
/// <param name="Channel">Where.</param>
/// <param name="Bursts">What is written, one burst after the answer to the one before; a burst is bubbles one right after the other. <c>PHONE</c> stands for the customer's number.</param>
internal sealed record Scenario(string Name, string Script, string Persona, ChannelKind Channel, string[][] Bursts)
{
    /// <summary>The order the customer is after; null where none may stand.</summary>
    internal Purchase? Buys { get; init; }

    /// <summary>True where a person must be called, false where none may be, null where either is right.</summary>
    internal bool? HandedOver { get; init; } = false;

    /// <summary>Where the parcel would go, by the wilaya's number: its fees may be named, no other's.</summary>
    internal int? Wilaya { get; init; }

    /// <summary>Amounts in DA that may be said beside the shop's own: a price the shop lets itself be talked down to. Every other one is a false amount.</summary>
    internal long[] MayName { get; init; } = [];

    /// <summary>Amounts in DA that must never come from the shop, though it has them: another thing's price, a wish under the floor.</summary>
    internal long[] Never { get; init; } = [];

    /// <summary>An amount in DA that must have been said.</summary>
    internal long? Says { get; init; }

    /// <summary>Words that must not stand in any reply, in any case: instructions, code, what the model was told to say.</summary>
    internal string[] NoWords { get; init; } = [];

    /// <summary>Asked once more whether it is right, a customer says so once more: at most twice, and only who is after an order.</summary>
    internal string Yes => Script == "Arabic" ? "نعم" : Script == "French" ? "oui, je confirme" : "ih oui";
}

/// <summary>What stands in the one order, as people read it; amounts in DA.</summary>
/// <param name="Lines"><c>2 × Robe d'été, M / Noir</c>; several joined by <c> + </c>.</param>
internal sealed record Purchase(string Lines, string Commune, long Goods, long Fee)
{
    /// <summary>What the shop gave away; must be exactly this.</summary>
    internal long Discount { get; init; }
}

/// <summary>What came of one trial.</summary>
internal sealed record Outcome
{
    /// <summary>The customer's number in international form.</summary>
    internal required string Phone { get; init; }

    /// <summary>Everything the shop wrote, oldest first.</summary>
    internal required IReadOnlyList<string> Replies { get; init; }

    /// <summary>Orders that are no drafts.</summary>
    internal required IReadOnlyList<Bought> Orders { get; init; }

    internal required bool HandedOver { get; init; }
    internal string? Reason { get; init; }

    /// <summary>Bursts that nobody answered.</summary>
    internal IReadOnlyList<string> Silences { get; init; } = [];

    /// <summary>Prices and fees of the shop and their sums for this customer, in DA.</summary>
    internal required IReadOnlySet<long> True { get; init; }

    internal int Turns { get; init; }
    internal long Input { get; init; }
    internal long Cached { get; init; }
    internal long Output { get; init; }
    internal long MicroDollars { get; init; }
    internal IReadOnlyList<string> Models { get; init; } = [];
}

/// <summary>An order that stands. <paramref name="Number"/> is what the shop calls it, <paramref name="Phone"/> in international form.</summary>
internal sealed record Bought(int Number, string State, string Lines, string? Commune, string? Phone, long Goods, long Discount, long Fee, long Total);
