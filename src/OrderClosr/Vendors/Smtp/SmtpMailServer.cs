using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Outbound;

namespace OrderClosr.Vendors.Smtp;

/// <summary>Sends letters over SMTP; a connection each, through the outbound gate.</summary>
internal sealed class SmtpMailServer(OutboundGate gate, TimeProvider time, SmtpSettings? settings = null) : IMailServer
{
    /// <summary>For one letter from the first byte to the last; a lane's lease is longer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public bool IsOn => settings is not null;

    public async Task SendAsync(Letter letter, string key, CancellationToken stop)
    {
        if (settings is null) throw new VendorFailure(FailureCategory.Configuration, "No mail server is configured (Smtp__Url).", "mail_off");
        using var message = MessageOf(letter, key, settings.From);
        using var timer = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        var (isOnItsWay, isTaken) = (false, false);
        try
        {
            await using var stream = await gate.ConnectAsync("smtp", settings.Url.Host, settings.Port, both.Token);
            // Asking an authority about a certificate would be a call to a host that nobody permitted.
            using var client = new SmtpClient { CheckCertificateRevocation = false };
            await client.ConnectAsync(stream, settings.Url.Host, settings.Port, Security(), both.Token);
            if (settings.User is not null) await client.AuthenticateAsync(settings.User, settings.Password ?? "", both.Token);
            isOnItsWay = true;
            await client.SendAsync(message, both.Token);
            isTaken = true;
            await client.DisconnectAsync(quit: true, both.Token);
        }
        catch (VendorFailure)
        {
            throw;
        }
        catch (Exception) when (isTaken)
        {
            // A goodbye that failed changes nothing.
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            throw FailureOf(error, isOnItsWay);
        }
    }

    // Nothing but our own machine or network is spoken to in clear.
    private SecureSocketOptions Security() =>
        settings!.IsTlsFromStart ? SecureSocketOptions.SslOnConnect
        : gate.Rules.Single(r => r.Vendor == "smtp").MayBePrivate ? SecureSocketOptions.StartTlsWhenAvailable
        : SecureSocketOptions.StartTls;

    private static VendorFailure FailureOf(Exception error, bool isOnItsWay) => error switch
    {
        AuthenticationException or ServiceNotAuthenticatedException => new(FailureCategory.Credentials, "The mail server refuses our user or password (Smtp__Url).", "mail_credentials"),
        SslHandshakeException or NotSupportedException => new(FailureCategory.Transient, "The mail server offers no TLS that we trust.", "mail_tls"),
        SmtpCommandException { StatusCode: SmtpStatusCode.AuthenticationRequired or SmtpStatusCode.AuthenticationInvalidCredentials or SmtpStatusCode.AuthenticationMechanismTooWeak } =>
            new(FailureCategory.Credentials, "The mail server refuses our user or password (Smtp__Url).", "mail_credentials"),
        SmtpCommandException answer when (int)answer.StatusCode is >= 400 and < 500 => new(FailureCategory.Transient, $"The mail server says: later ({(int)answer.StatusCode}).", "mail_later"),
        SmtpCommandException answer => new(FailureCategory.Refused, $"The mail server refuses the letter ({(int)answer.StatusCode}).", "mail_refused"),
        _ when isOnItsWay => new(FailureCategory.OutcomeUnknown, "The mail server did not say whether it took the letter.", "no_answer"),
        _ => new(FailureCategory.Transient, "The mail server cannot be reached.", "unreachable"),
    };

    private MimeMessage MessageOf(Letter letter, string key, string from)
    {
        var sender = MailboxAddress.Parse(from);
        var message = new MimeMessage
        {
            Subject = letter.Subject, Date = time.GetUtcNow(), MessageId = $"{key}@{sender.Domain}",
            Body = new BodyBuilder { TextBody = letter.Text, HtmlBody = letter.Html }.ToMessageBody(),
        };
        message.From.Add(sender);
        message.To.Add(new MailboxAddress("", letter.To));
        // Holiday answers must not come back to us (RFC 3834).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Headers.Add(HeaderId.ContentLanguage, letter.Language);
        return message;
    }
}
