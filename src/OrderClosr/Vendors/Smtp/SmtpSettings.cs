using System.Net.Mail;

namespace OrderClosr.Vendors.Smtp;

/// <summary>The operator's mail server: <c>Smtp__Url</c> (<c>smtp://user:pass@host:port</c>, <c>smtps://</c> for TLS from the first byte) and <c>Smtp__From</c>.</summary>
/// <param name="Url">Without user and password.</param>
internal sealed record SmtpSettings(Uri Url, string From, string? User, string? Password)
{
    /// <summary>The server wants TLS from the first byte, as port 465 does.</summary>
    internal bool IsTlsFromStart => Url.Scheme == "smtps" || Url.Port == 465;

    internal int Port => Url.Port > 0 ? Url.Port : Url.Scheme == "smtps" ? 465 : 587;

    /// <summary>Null when no mail server is named or <see cref="Problems"/> has something to say.</summary>
    internal static SmtpSettings? Read(IConfiguration settings)
    {
        if (Problems(settings).Any() || AddressOf(settings) is not { } url) return null;
        var user = url.UserInfo.Split(':', 2);
        return new(new UriBuilder(url) { UserName = "", Password = "" }.Uri, settings["Smtp:From"]!.Trim(),
            user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null, user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null);
    }

    /// <summary>What is missing or cannot be read; never the address itself, which holds a password.</summary>
    internal static IEnumerable<string> Problems(IConfiguration settings)
    {
        var (url, from) = (settings["Smtp:Url"], settings["Smtp:From"]);
        if (string.IsNullOrWhiteSpace(url))
        {
            if (!string.IsNullOrWhiteSpace(from)) yield return "Smtp__From is set but Smtp__Url is missing: write it as smtp://user:password@host:587.";
            yield break;
        }
        if (AddressOf(settings) is not { } address) yield return "Smtp__Url is no address of a mail server: write it as smtp://user:password@host:587 (special characters of the password as %XX).";
        else if (address.UserInfo.Length > 0 && !address.UserInfo.Contains(':', StringComparison.Ordinal)) yield return "Smtp__Url names a user but no password: write it as smtp://user:password@host:587.";
        if (string.IsNullOrWhiteSpace(from)) yield return "Smtp__From is missing: the address letters come from.";
        else if (!MailAddress.TryCreate(from.Trim(), out _)) yield return "Smtp__From is no e-mail address.";
    }

    private static Uri? AddressOf(IConfiguration settings) =>
        Uri.TryCreate(settings["Smtp:Url"]?.Trim(), UriKind.Absolute, out var url) && url.Scheme is "smtp" or "smtps" && url is { Host.Length: > 0, AbsolutePath: "/" or "" } ? url : null;
}
