using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrderClosr.Channels;

/// <summary>A message the channel's owner had reviewed: after the window it is all that WhatsApp delivers (facts/meta.md section 6.3).</summary>
/// <param name="Language">As the channel spells it: <c>fr</c>, <c>ar</c>.</param>
/// <param name="State">Of the review: <see cref="Approved"/>, <c>pending</c>, <c>rejected</c>, <c>paused</c>, <c>disabled</c>, or a newer word.</param>
/// <param name="Category"><c>utility</c> for news of an order, <see cref="Advertising"/> for the rest.</param>
/// <param name="Body">Its words with numbered blanks: <c>Votre colis {{1}} est en route.</c></param>
public sealed partial record ChannelTemplate(string Name, string Language, string State, string Category, string Body)
{
    /// <summary>The state in which it may be sent.</summary>
    public const string Approved = "approved";

    /// <summary>The category that customers may refuse.</summary>
    public const string Advertising = "marketing";

    public bool IsApproved => State == Approved;

    /// <summary>How many different blanks the body has.</summary>
    public int Blanks => Blank().Matches(Body).Select(m => m.Value).Distinct().Count();

    /// <summary>The body with its blanks filled in, as the customer will read it.</summary>
    public string Fill(IReadOnlyList<string> words) =>
        Blank().Replace(Body, blank => int.TryParse(blank.Groups["n"].ValueSpan, out var n) && n >= 1 && n <= words.Count ? words[n - 1] : blank.Value);

    /// <summary>The templates of a channel as they were last found.</summary>
    public static IReadOnlyList<ChannelTemplate> Of(Channel channel) =>
        channel.Templates is null ? [] : JsonSerializer.Deserialize<List<ChannelTemplate>>(channel.Templates, JsonSerializerOptions.Web) ?? [];

    [GeneratedRegex(@"\{\{(?<n>\w+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Blank();
}
