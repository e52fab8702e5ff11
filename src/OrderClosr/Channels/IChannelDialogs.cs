using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>The vendor's own dialogues by which a person connects accounts; the vendor's folder implements it.</summary>
public interface IChannelDialogs
{
    /// <summary>Did the operator set up this way?</summary>
    bool Has(ConnectWay way);

    /// <summary>Where the person's browser goes; the dialogue comes back to <see cref="ConnectByDialog.BackPath"/> with <paramref name="state"/>.</summary>
    string AddressOf(ConnectWay way, string state);

    /// <summary>What a page of ours needs to open the dialogue by the vendor's script; null where it opens by <see cref="AddressOf"/>.</summary>
    DialogScript? ScriptOf(ConnectWay way);

    /// <summary>Gives what came back for a lasting token and looks what it covers.</summary>
    /// <param name="told">What the vendor's script told the page, as it came: checked against the token, never believed.</param>
    Task<Result<Agreed>> RedeemAsync(ConnectWay way, string code, string? told, CancellationToken stop);

    /// <summary>The token of one account that was offered.</summary>
    Task<Result<string>> TokenOfAsync(Offer offer, string token, CancellationToken stop);
}

/// <summary>What a person agreed to.</summary>
/// <param name="Token">The person's or the business's lasting token.</param>
/// <param name="Person">The vendor's id of the person.</param>
/// <param name="EndsAt">When the token ends; null: by itself it does not, or an account's own look will tell.</param>
public sealed record Agreed(string Token, string? Person, DateTimeOffset? EndsAt, bool IsOnPhone, IReadOnlyList<Offer> Offers);

/// <summary>What our page gives the vendor's script.</summary>
/// <param name="Source">Address of the script.</param>
/// <param name="Origins">Whom the page may show and believe.</param>
/// <param name="Values">Attributes for our own script.</param>
public sealed record DialogScript(Uri Source, IReadOnlyList<string> Origins, IReadOnlyDictionary<string, object> Values);
