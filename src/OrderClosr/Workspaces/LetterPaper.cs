using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Ui;

namespace OrderClosr.Workspaces;

/// <summary>Writes a letter in the account's language, as text and as HTML that say the same.</summary>
/// <remarks>What a person typed would be a stranger's words in somebody's mailbox: a letter to an account holds none of it, one about a shop its name alone, as <see cref="Named"/> leaves it.</remarks>
internal sealed class LetterPaper(Words words, HtmlEncoder html, IConfiguration settings)
{
    private static readonly CultureInfo[] Languages = [CultureInfo.GetCultureInfo("fr"), CultureInfo.GetCultureInfo("ar"), CultureInfo.GetCultureInfo("en")];

    internal Letter Write(string to, string? language, SendAccountLetter job, string? token) => In(language, culture => Write(to, culture, job, token));

    private static Letter In(string? language, Func<CultureInfo, Letter> write)
    {
        var culture = Languages.FirstOrDefault(l => l.TwoLetterISOLanguageName == language) ?? Languages[0];
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = culture;
        try
        {
            return write(culture);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    /// <summary>A letter by the name of its words, with one thing to do.</summary>
    /// <param name="place">Where its button leads, on our own address.</param>
    /// <param name="blanks">What stands in its text: <see cref="Moment"/>, <see cref="Day"/>, <see cref="Plain"/>.</param>
    internal Letter Write(string to, string? language, string key, string place, params string[] blanks) => In(language, culture => Compose(to, culture, key, place, null, blanks));

    /// <summary>The same with a link that ends (<paramref name="lasts"/>; null: it does not), and with blanks in the letter's language.</summary>
    internal Letter Write(string to, string? language, string key, string place, TimeSpan? lasts, Func<Words, string[]> blanks) => In(language, culture => Compose(to, culture, key, place,
        lasts is not { } link ? null : link.TotalDays >= 2 ? words["mails.lasts_days", (int)link.TotalDays] : words["mails.lasts", (int)link.TotalHours], blanks(words)));

    /// <summary>A shop's name as a letter may carry it: short, and nothing in it that a mail program would make a link of.</summary>
    internal static string Named(string shop)
    {
        var plain = PlainText.Line(new string([.. shop.Select(c => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || c is ' ' or '-' or '\'' or '&' ? c : ' ')]));
        return Plain(plain.Length > 40 ? plain[..40].TrimEnd() : plain);
    }

    /// <summary>A role in the letter's language.</summary>
    internal static string RoleIn(Words words, Role role) => words[$"mails.role_{role.Word()}"];

    // Each in its own direction, whatever the sentence around it reads like.
    internal static string Moment(DateTimeOffset at) => Plain(AlgiersTime.ToAlgiers(at).ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture));

    internal static string Day(DateTimeOffset at) => Plain(AlgiersTime.ToAlgiers(at).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture));

    internal static string Plain(string text) => $"\u2068{text}\u2069";

    private static string When(SendAccountLetter job) => job.At is { } at ? Moment(at) : "";

    private string Where(SendAccountLetter job) => $"\u2068{(job.Device is { Length: > 0 } device ? device : words["mails.device_unknown"])}\u2069";

    private Letter Write(string to, CultureInfo culture, SendAccountLetter job, string? token)
    {
        var (key, purpose) = job.Letter switch
        {
            AccountLetter.Confirm => ("confirm", LinkPurpose.Confirm),
            AccountLetter.Tried => ("tried", LinkPurpose.Reset),
            AccountLetter.Reset => ("reset", LinkPurpose.Reset),
            AccountLetter.Device => ("device", LinkPurpose.Reset),
            AccountLetter.Export => ("export", LinkPurpose.Reset),
            AccountLetter.Changed => ("changed", LinkPurpose.Reset),
            AccountLetter.AccountDisabled => ("disabled", LinkPurpose.Reset),
            _ => ("access", LinkPurpose.Reset),
        };
        // Who to write to stands on the policy; a new password would open nothing.
        var place = token is null ? job.Place ?? (key == "disabled" ? "privacy" : "forgot") : purpose == LinkPurpose.Confirm ? $"confirm/{token}" : $"reset/{token}";
        return Compose(to, culture, key, place, token is null ? null : words["mails.lasts", (int)AccountLinks.Lasts(purpose).TotalHours], [When(job), Where(job), key == "access" ? words[$"mails.access_{job.Letter.Word()}"] : ""]);
    }

    private Letter Compose(string to, CultureInfo culture, string key, string place, string? lasts, string[] blanks)
    {
        var address = $"{(settings["Public:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/')}/{place}";
        var (subject, opening, action, end) = (words[$"mails.{key}_subject"], words[$"mails.{key}_text", [.. blanks]], words[$"mails.{key}_do"], words[$"mails.{key}_end", [.. blanks]]);
        var hello = words["mails.hello"];

        var text = new StringBuilder().AppendLine(hello).AppendLine().AppendLine(opening).AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{action}:").AppendLine(address).AppendLine();
        if (lasts is not null) text.AppendLine(lasts).AppendLine();
        text.AppendLine(end).AppendLine().AppendLine("OrderClosr");

        var direction = culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";
        var page = $"""
            <!doctype html>
            <html lang="{culture.TwoLetterISOLanguageName}" dir="{direction}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.Encode(subject)}</title></head>
            <body style="margin:0;background:#f5f5f1;color:#1a1b22;font:16px/1.6 system-ui,'Segoe UI',Roboto,Tahoma,sans-serif">
            <div style="max-width:32rem;margin:0 auto;padding:24px 16px">
            <p style="font-weight:600;color:#2d3a8c"><bdi>OrderClosr</bdi></p>
            <div style="background:#ffffff;border:1px solid #e4e2db;border-radius:16px;padding:24px">
            <h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">{html.Encode(subject)}</h1>
            <p>{html.Encode(hello)}</p>
            <p>{html.Encode(opening)}</p>
            <p style="margin:24px 0"><a href="{html.Encode(address)}" style="display:inline-block;background:#2d3a8c;color:#ffffff;text-decoration:none;font-weight:600;padding:12px 20px;border-radius:10px">{html.Encode(action)}</a></p>
            {(lasts is null ? "" : $"<p>{html.Encode(lasts)}</p>")}
            <p style="color:#4f505a">{html.Encode(end)}</p>
            </div>
            <p style="color:#676872;font-size:13px">{html.Encode(words["mails.copy"])}<br><bdi dir="ltr" style="word-break:break-all">{html.Encode(address)}</bdi></p>
            </div>
            </body>
            </html>
            """;
        return new(to, subject, text.ToString(), page, culture.TwoLetterISOLanguageName);
    }
}
