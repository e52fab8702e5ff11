using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>An amount that a text may name.</summary>
/// <param name="Text">The piece of the text, as it was read (digits in ASCII).</param>
/// <param name="InDinars">What it is when the writer counts in dinars; null when that is excluded.</param>
/// <param name="InCentimes">What it is in dinars when the writer counts in centimes, as people speak; null when that is excluded or makes no whole dinar.</param>
/// <param name="Kind">How it was written: decides which of the two counts.</param>
/// <param name="Role">What the words beside it say that it is.</param>
public sealed record MoneyReading(string Text, Dinars? InDinars, Dinars? InCentimes, MoneyKind Kind, MoneyRole Role = MoneyRole.Any)
{
    /// <summary>The line names a condition: "free from …", "if you take …".</summary>
    public bool OnCondition { get; init; }

    /// <summary>The line speaks of delivery.</summary>
    public bool OfDelivery { get; init; }

    /// <summary>Every whole-dinar amount it may mean; more than one means "ask".</summary>
    public IEnumerable<Dinars> MayMean
    {
        get
        {
            if (InDinars is { } dinars) yield return dinars;
            if (InCentimes is { } centimes && centimes != InDinars) yield return centimes;
        }
    }
}

/// <summary>How an amount was written.</summary>
public enum MoneyKind
{
    /// <summary>With DA, dinar, دج: no doubt.</summary>
    Named,

    /// <summary>A number alone that looks like a price.</summary>
    Bare,

    /// <summary>"35 alf", "3 million", "trois mille", "5k": dinars or centimes, a factor of 100.</summary>
    Spoken,

    /// <summary>"gratuit", "باطل": nothing to pay.</summary>
    Free,

    /// <summary>Euro, dollar: never right in a reply.</summary>
    Foreign,

    /// <summary>A share off the price: "-20 %".</summary>
    Percent,
}

/// <summary>What the words beside an amount say that it is, where they say it plainly.</summary>
public enum MoneyRole
{
    /// <summary>Nothing plain.</summary>
    Any,

    /// <summary>"Total : 7 600 DA": goods and delivery together.</summary>
    Total,

    /// <summary>"Livraison : 600 DA", "livraison gratuite".</summary>
    Fee,

    /// <summary>"Remise : 500 DA".</summary>
    Discount,

    /// <summary>"À partir de 20 000 DA": where a condition begins.</summary>
    From,

    /// <summary>"3 500 DA, livraison comprise": what is named beside it holds the fee.</summary>
    Included,

    /// <summary>"80 % coton": what a thing is made of.</summary>
    Content,
}
