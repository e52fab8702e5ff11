namespace OrderClosr.Workspaces;

/// <summary>A browser in two words a person knows, out of what it says of itself: <c>Chrome · Android</c>. Nothing else of it is kept.</summary>
public static class Devices
{
    // Order matters: most browsers also claim to be the ones below them.
    private static readonly (string Mark, string Word)[] Browsers =
    [
        ("FBAN", "Facebook"), ("FBAV", "Facebook"), ("Instagram", "Instagram"), ("SamsungBrowser", "Samsung Internet"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Opera", "Opera"), ("YaBrowser", "Yandex"),
        ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
    ];

    private static readonly (string Mark, string Word)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Macintosh", "Mac"), ("Linux", "Linux"),
    ];

    /// <summary>One of our own words for each, joined; empty when neither is known.</summary>
    public static string Of(string? userAgent) => string.Join(" · ", new[] { Find(Browsers, userAgent), Find(Systems, userAgent) }.Where(word => word is not null));

    private static string? Find((string Mark, string Word)[] all, string? userAgent) =>
        userAgent is null ? null : all.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Word;
}
