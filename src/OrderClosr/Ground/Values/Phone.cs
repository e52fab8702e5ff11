using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using PhoneNumbers;

namespace OrderClosr.Ground.Values;

/// <summary>A telephone number in E.164 (<c>+213500000012</c>), read from the many ways people in Algeria write one.</summary>
/// <remarks>
/// <see cref="ToString"/> is the whole number, for vendors and columns; screens of others and logs show <see cref="Masked"/>.
/// The operator is never guessed from the prefix: numbers move between operators.
/// </remarks>
[JsonConverter(typeof(PhoneJson))]
public readonly partial record struct Phone
{
    private readonly string? _e164;

    private Phone(string e164) => _e164 = e164;

    /// <summary><c>+213500000012</c>; empty for the default value, which is no number.</summary>
    public string E164 => _e164 ?? "";

    /// <summary>False for the default value, which is no number.</summary>
    public bool IsSome => _e164 is not null;

    /// <summary>True for numbers of Algeria: the only ones a courier can call.</summary>
    public bool IsAlgerian => E164.StartsWith("+213", StringComparison.Ordinal);

    /// <summary>An Algerian mobile (05, 06, 07).</summary>
    public bool IsMobile => IsAlgerian && E164.Length == 13 && E164[4] is ('5' or '6' or '7');

    /// <summary>As written at home, <c>0500000012</c>; a foreign number stays in E.164.</summary>
    public string National => IsAlgerian ? "0" + E164[4..] : E164;

    /// <summary>The digits without plus, as WhatsApp names its customers.</summary>
    public string DigitsOnly => E164.TrimStart('+');

    /// <summary>For logs and for people who need not call: <c>0500 •• •• 12</c>.</summary>
    public string Masked => !IsSome ? "" : IsMobile ? $"{National[..4]} •• •• {National[^2..]}" : $"{National[..3]} •• •• {National[^2..]}";

    /// <summary>A text with every run of digits that may be a number masked as well: rather one too many than one too few.</summary>
    /// <example><c>"appelez 0500 00 00 12 svp"</c> → <c>"appelez 05 •• •• 12 svp"</c></example>
    public static string MaskedIn(string text) => MayBeOne().Replace(text, match =>
    {
        var digits = new string([.. Folding.AsciiDigits(match.Value).Replace('o', '0').Replace('O', '0').Where(char.IsAsciiDigit)]);
        return digits.Length < 7 ? match.Value : $"{digits[..2]} •• •• {digits[^2..]}";
    });

    public override string ToString() => E164;

    /// <summary>Reads what a column of ours holds; anything but E.164 is a bug.</summary>
    public static Phone Stored(string e164) =>
        e164.Length is > 7 and < 17 && e164[0] == '+' && e164.Skip(1).All(char.IsAsciiDigit) ? new(e164) : throw new FormatException("A stored phone is not E.164.");

    /// <summary>The first number in a field meant for phones; false when it holds none and the person must be asked again.</summary>
    public static bool TryRead(string? text, out Phone phone)
    {
        var all = ReadAll(text);
        phone = all.Count > 0 ? all[0] : default;
        return all.Count > 0;
    }

    /// <summary>All numbers in a field meant for phones, in order, each once. A slash, comma or "ou" parts two numbers.</summary>
    /// <example><c>"٠٥٠٠٠٠٠٠١٢"</c>, <c>"+213 (0)500 00 00 12"</c>, <c>"500000012"</c>, <c>"O500000012"</c> → +213500000012</example>
    public static IReadOnlyList<Phone> ReadAll(string? text)
    {
        var phones = new List<Phone>();
        foreach (var piece in Parting().Split(Plain(text)))
        {
            // Words around the number mean it is a sentence: there, digits of other words must not join the number's.
            if (!piece.Any(char.IsLetter) && Whole(piece) is { } phone) Add(phones, phone);
            else foreach (var found in Find(piece)) Add(phones, found);
        }
        return phones;
    }

    /// <summary>The numbers inside a chat message full of other words: prices, sizes, dates and Arabizi (3andi, 7ab) are never read as phones.</summary>
    public static IReadOnlyList<Phone> FindInText(string? text)
    {
        var phones = new List<Phone>();
        foreach (var phone in Find(Plain(text))) Add(phones, phone);
        return phones;
    }

    private static IEnumerable<Phone> Find(string plain)
    {
        foreach (Match match in InText().Matches(Date().Replace(plain, " ")))
            if (Whole(match.Value) is { } phone) yield return phone;
    }

    private static void Add(List<Phone> phones, Phone phone)
    {
        if (!phones.Contains(phone)) phones.Add(phone);
    }

    /// <summary>One number and nothing else. Algeria's plan is ours to check, the library's ranges trail new ones; the rest of the world is the library's.</summary>
    private static Phone? Whole(string text)
    {
        var digits = new StringBuilder();
        foreach (var c in text)
            if (char.IsAsciiDigit(c)) digits.Append(c);
        var all = digits.ToString();
        var international = text.TrimStart().StartsWith('+') || all.StartsWith("00", StringComparison.Ordinal);
        var rest = all.TrimStart('0');
        // "213" is also how a fixed number of Algiers (021 3…) begins once its 0 is lost: drop it only when a whole number remains.
        var home = rest.StartsWith("213", StringComparison.Ordinal) && rest.Length >= 11 ? rest[3..].TrimStart('0') : rest;
        if (IsNumberOfAlgeria(home) && (!international || home.Length < rest.Length))
            return Parse("+213" + home) is { CountryCode: 213 } number ? new Phone(Format(number)) : null;
        return international && Parse("+" + rest) is { } foreign && foreign.CountryCode != 213 && Library.IsValidNumber(foreign) ? new Phone(Format(foreign)) : null;
    }

    /// <summary>Mobile 5/6/7 + 8 digits, fixed 2/3/4 + 7, voice over IP 98 + 7.</summary>
    private static bool IsNumberOfAlgeria(string national) => national.Length switch
    {
        9 => national[0] is '5' or '6' or '7' || national.StartsWith("98", StringComparison.Ordinal),
        8 => national[0] is '2' or '3' or '4',
        _ => false,
    };

    private static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();

    private static PhoneNumber? Parse(string text)
    {
        try
        {
            var number = Library.Parse(text, "DZ");
            return Library.IsPossibleNumber(number) ? number : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static string Format(PhoneNumber number) => Library.Format(number, PhoneNumberFormat.E164);

    /// <summary>ASCII digits, plain spaces and hyphens, no invisible marks, and a letter O that stands among digits as 0.</summary>
    private static string Plain(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var plain = new StringBuilder(text.Length);
        foreach (var c in Folding.AsciiDigits(text))
        {
            if (c is '\n' or '\r') plain.Append(';');
            else if (char.IsWhiteSpace(c)) plain.Append(' ');
            else if (c is >= '\u2010' and <= '\u2015') plain.Append('-');
            else if (c is '\uFF0B') plain.Append('+');
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format) plain.Append(c);
        }
        return LetterO().Replace(plain.ToString(), match => match.Value.Count(char.IsAsciiDigit) >= 5 ? match.Value.Replace('o', '0').Replace('O', '0') : match.Value);
    }

    [GeneratedRegex(@"(?<![\p{L}\d])[\doO](?:[ .\-]?[\doO]){7,}(?![\p{L}\d])")]
    private static partial Regex LetterO();

    [GeneratedRegex(@"[/\\,;|&]|(?<![\p{L}\d])(?:ou|et|w|or|او|أو|و)(?![\p{L}\d])", RegexOptions.IgnoreCase)]
    private static partial Regex Parting();

    [GeneratedRegex(@"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]20\d\d(?!\d)")]
    private static partial Regex Date();

    [GeneratedRegex(@"\p{Nd}(?:[\s\p{M}\p{P}\p{S}\p{Cf}]{0,4}[\p{Nd}oO]){5,}[\s\p{M}\p{P}\p{S}\p{Cf}]{0,4}\p{Nd}\p{M}*")]
    private static partial Regex MayBeOne();

    /// <remarks>
    /// With its prefix or its 0 a number may be parted by spaces, dots and hyphens; one that lost its 0 must stand together or
    /// in the usual pairs, and not behind letters, where it would be a parcel's or an order's number.
    /// </remarks>
    [GeneratedRegex("""
        (?<![\d+])(?:
            (?:\+|00)[ .\-]*213[ .\-]*(?:\(0\)[ .\-]*)?0?(?:[567](?:[ .\-]{0,2}\d){8}|[234](?:[ .\-]{0,2}\d){7})
          | 213[ .\-]*(?:\(0\)[ .\-]*)?0?(?:[567](?:[ .\-]{0,2}\d){8})
          | 0[ .\-]?[567](?:[ .\-]{0,2}\d){8}
          | 0[234](?:[ .\-]{0,2}\d){7}
          | (?<!\p{L}[\-_]?|\d[.,])[567](?:\d{8}|\d\d(?:[ .\-]\d\d){3}|(?:[ .\-]\d\d){4})(?![.,]\d)
          | \+(?!213)[1-9](?:[ .\-]?\d){7,14}
        )(?!\d)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex InText();
}

/// <summary>A phone is its E.164 string in every JSON.</summary>
internal sealed class PhoneJson : JsonConverter<Phone>
{
    public override Phone Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Phone.TryRead(reader.GetString(), out var phone) ? phone : throw new JsonException("Not a phone number.");

    public override void Write(Utf8JsonWriter writer, Phone value, JsonSerializerOptions options) => writer.WriteStringValue(value.E164);
}
