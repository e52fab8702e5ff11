using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrderClosr.Vendors.Sentry;

/// <summary>Finds what looks like somebody's data or a secret: phones, e-mail addresses, tokens, and the server's own secrets by their letters.</summary>
/// <remarks>A pattern cannot find a name: that nothing unasked leaves is <see cref="SentryScrubber"/>'s work. This is the wall behind it.</remarks>
internal sealed partial class SentryScanner(IConfiguration settings)
{
    private readonly string[] _secrets = [.. SecretsOf(settings)];
    private readonly string? _address = settings["Sentry:Dsn"];

    /// <summary>What was found, as kinds: <c>phone</c>, <c>e-mail</c>, <c>token</c>, <c>secret</c>.</summary>
    internal IReadOnlyList<string> KindsIn(ReadOnlySpan<byte> bytes) => KindsIn(Encoding.UTF8.GetString(bytes));

    /// <inheritdoc cref="KindsIn(ReadOnlySpan{byte})"/>
    internal IReadOnlyList<string> KindsIn(string text)
    {
        var plain = Plain(_address is null ? text : text.Replace(_address, "", StringComparison.Ordinal));
        var kinds = new List<string>();
        if (Phone().IsMatch(plain)) kinds.Add("phone");
        if (Email().IsMatch(plain)) kinds.Add("e-mail");
        if (Token().IsMatch(plain) || Random().Matches(plain).Any(m => LooksRandom(m.ValueSpan))) kinds.Add("token");
        if (_secrets.Any(s => plain.Contains(s, StringComparison.Ordinal) || text.Contains(s, StringComparison.Ordinal))) kinds.Add("secret");
        return kinds;
    }

    /// <summary>The text without what was found.</summary>
    internal string Redact(string text)
    {
        if (KindsIn(text).Count == 0) return text;
        var plain = Plain(text);
        foreach (var secret in _secrets) plain = plain.Replace(secret, SentryScrubber.Redacted, StringComparison.Ordinal);
        plain = Token().Replace(Email().Replace(Phone().Replace(plain, SentryScrubber.Redacted), SentryScrubber.Redacted), SentryScrubber.Redacted);
        plain = Random().Replace(plain, m => LooksRandom(m.ValueSpan) ? SentryScrubber.Redacted : m.Value);
        return KindsIn(plain).Count == 0 ? plain : SentryScrubber.Redacted;
    }

    /// <summary>As a reader would see it: JSON's escapes undone, Arabic digits as ours.</summary>
    private static string Plain(string text)
    {
        var plain = Escape().Replace(text, m => m.Groups[1].Success ? ((char)int.Parse(m.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString() : m.Value is "\\/" ? "/" : " ");
        return string.Create(plain.Length, plain, (to, from) =>
        {
            for (var n = 0; n < from.Length; n++) to[n] = from[n] switch { >= '٠' and <= '٩' => (char)('0' + from[n] - '٠'), >= '۰' and <= '۹' => (char)('0' + from[n] - '۰'), var other => other };
        });
    }

    // An identifier of our code has no run of digits among its letters; a key has.
    private static bool LooksRandom(ReadOnlySpan<char> run)
    {
        int digits = 0, upper = 0, lower = 0;
        foreach (var c in run)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (char.IsAsciiLetterUpper(c)) upper++;
            else if (char.IsAsciiLetterLower(c)) lower++;
        }
        return digits >= 4 && upper >= 4 && lower >= 4;
    }

    private static IEnumerable<string> SecretsOf(IConfiguration settings)
    {
        foreach (var (key, value) in settings.AsEnumerable())
        {
            if (value is not { Length: >= 8 } || key.StartsWith("Sentry", StringComparison.OrdinalIgnoreCase)) continue;
            if (SecretName().IsMatch(key)) foreach (var part in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) if (part.Length >= 8) yield return part;
            if (PasswordIn().Match(value) is { Success: true, Groups: [_, var password, ..] }) yield return password.Value;
            if (UserInfo().Match(value) is { Success: true, Groups: [_, var inAddress, ..] }) yield return inAddress.Value;
        }
    }

    // Algerian numbers as people and programs write them: 0550 12 34 56, +213550123456, 00213 (0) 550-12-34-56. Not the seconds of a time: 07:23:02.1234567.
    [GeneratedRegex(@"(?<![0-9A-Za-z.]|[0-9]:)(?:(?:\+|00)?213[ .\-]?(?:\(?0\)?[ .\-]?)?|0)[2-7](?:[ .\-]?[0-9]){7,8}(?![0-9A-Za-z])")]
    private static partial Regex Phone();

    [GeneratedRegex(@"[A-Za-z0-9._%+\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*\.)+[A-Za-z]{2,}")]
    private static partial Regex Email();

    [GeneratedRegex(@"gAAAAA[A-Za-z0-9_\-=]{20,}|EAA[A-Za-z0-9]{20,}|IGAA[A-Za-z0-9]{20,}|sk-ant-[A-Za-z0-9_\-]{8,}|\beyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}|-----BEGIN|(?i:Bearer)\s+[A-Za-z0-9._\-]{8,}|(?i:Basic)\s+[A-Za-z0-9+/=]{12,}|(?i:access_token|refresh_token|api_key|apikey|client_secret|password|signature)=[^&\s""]{4,}|\b(?:live|test)_(?:sk|pk)_[A-Za-z0-9]{8,}|\$argon2id\$")]
    private static partial Regex Token();

    [GeneratedRegex(@"[A-Za-z0-9_\-]{40,}")]
    private static partial Regex Random();

    [GeneratedRegex(@"\\(?:u([0-9a-fA-F]{4})|[nrt""/])")]
    private static partial Regex Escape();

    [GeneratedRegex("(secret|keys?|token|password|pass)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("(?:^|;)\\s*password\\s*=\\s*([^;]{4,})", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordIn();

    [GeneratedRegex("^[a-z]+://[^/@:]*:([^/@]{4,})@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();
}
