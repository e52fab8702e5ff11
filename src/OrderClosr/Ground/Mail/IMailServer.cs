namespace OrderClosr.Ground.Mail;

/// <summary>An e-mail as its reader gets it: plain text and simple HTML that say the same.</summary>
/// <param name="Language"><c>fr</c>, <c>ar</c> or <c>en</c>.</param>
public sealed record Letter(string To, string Subject, string Text, string Html, string Language);

/// <summary>Hands letters to the operator's mail server; its adapter is in <c>Vendors/Smtp</c>.</summary>
public interface IMailServer
{
    /// <summary>False when the operator named none: nothing that needs a letter may be promised then.</summary>
    bool IsOn { get; }

    /// <summary>Hands one letter over. Sending the same <paramref name="key"/> twice is harmless: both carry one Message-Id, by which mailboxes know a copy.</summary>
    /// <exception cref="Outbound.VendorFailure">With what follows from it; its words name no address.</exception>
    Task SendAsync(Letter letter, string key, CancellationToken stop);
}
