using System.Text.Json;

namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>What a customer does, as the door <c>/meta/_customers/{id}/say</c> takes it.</summary>
public sealed record SayRequest
{
    /// <summary><c>whatsapp</c>, <c>messenger</c> or <c>instagram</c>.</summary>
    public string? Channel { get; init; }

    /// <summary>Id of the merchant's number, Page or account; may be left out when the channel has one account only.</summary>
    public string? Account { get; init; }

    /// <summary>Profile name of the customer.</summary>
    public string? Name { get; init; }

    /// <summary>What is written; beside an image its caption.</summary>
    public string? Text { get; init; }

    /// <summary>A picture, base64 (a <c>data:</c> address is fine).</summary>
    public string? Image { get; init; }

    /// <summary>A voice note, base64.</summary>
    public string? Audio { get; init; }

    /// <summary>Any value: a sticker (thumbs-up on Messenger, a heart on Instagram).</summary>
    public JsonElement? Sticker { get; init; }

    /// <summary>A tap on a button, list row or quick reply.</summary>
    public SayButton? Button { get; init; }

    /// <summary>An order from the catalogue.</summary>
    public SayOrder? Order { get; init; }

    /// <summary>Message id this answers.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>A place on the map.</summary>
    public SayLocation? Location { get; init; }

    /// <summary>Comes from an ad or a link: <c>ad_id</c>, <c>ref</c>, <c>headline</c>, <c>body</c>, <c>source_url</c>, <c>post_id</c>, <c>product_id</c>, <c>ctwa_clid</c>.</summary>
    public JsonElement? Referral { get; init; }

    /// <summary>Message id whose text becomes <see cref="Text"/>.</summary>
    public string? EditOf { get; init; }

    /// <summary>Message id that is unsent.</summary>
    public string? Unsend { get; init; }

    /// <summary>A reaction to a message; an empty emoji takes it away.</summary>
    public SayReaction? Reaction { get; init; }

    /// <summary>Messenger and Instagram: a shared post (<c>url</c>, <c>title</c>).</summary>
    public SayShare? Share { get; init; }

    /// <summary>Instagram: <c>mention</c> (the account is named in a story) or <c>reply</c> (<see cref="Text"/> answers its story).</summary>
    public string? Story { get; init; }

    /// <summary>A contact card: how a customer shares a number.</summary>
    public SayContact? Contact { get; init; }

    /// <summary>WhatsApp: from now on only the BSUID is shown, no number.</summary>
    public bool? UserIdOnly { get; init; }

    /// <summary>WhatsApp: the number, digits without +.</summary>
    public string? Phone { get; init; }

    /// <summary>WhatsApp: a user name.</summary>
    public string? Username { get; init; }

    /// <summary>Tests: when it was written (a late delivery); default now.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>A tap.</summary>
public sealed record SayButton(string Title, string? Payload);

/// <summary>An order from the catalogue.</summary>
public sealed record SayOrder(IReadOnlyList<SayOrderItem> Items, string? Text);

/// <summary>One line of it; the price is what the catalogue shows unless given.</summary>
public sealed record SayOrderItem(string RetailerId, int Quantity, int? Price);

/// <summary>A place.</summary>
public sealed record SayLocation(double Lat, double Long, string? Name);

/// <summary>A reaction.</summary>
public sealed record SayReaction(string Mid, string? Emoji);

/// <summary>A shared post.</summary>
public sealed record SayShare(string Url, string? Title);

/// <summary>A contact card.</summary>
public sealed record SayContact(string? Name, string Phone);
