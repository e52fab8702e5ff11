using MimeKit;

namespace OrderClosr.Sandbox.Mail;

/// <summary>A letter as it came in over SMTP.</summary>
/// <param name="From">The envelope's sender.</param>
/// <param name="To">The envelope's recipients.</param>
public sealed record ReceivedLetter(int Id, DateTimeOffset At, string From, IReadOnlyList<string> To, string Subject, string MessageId, string Language, string Text, string Html)
{
    internal static ReceivedLetter Read(int id, DateTimeOffset at, string from, IReadOnlyList<string> to, MimeMessage message) => new(id, at, from, to,
        message.Subject ?? "", message.MessageId ?? "", message.Headers[HeaderId.ContentLanguage] ?? message.Body?.Headers[HeaderId.ContentLanguage] ?? "", message.TextBody ?? "", message.HtmlBody ?? "");
}

/// <summary>Everybody's mailbox: every letter that was taken, oldest first, bounded.</summary>
public sealed class Mailbox
{
    private const int Most = 500;
    private readonly Queue<ReceivedLetter> _letters = new();
    private readonly Lock _lock = new();
    private int _last;

    /// <summary>A copy, oldest first.</summary>
    public IReadOnlyList<ReceivedLetter> Letters { get { lock (_lock) return [.. _letters]; } }

    internal void Add(Func<int, ReceivedLetter> letter)
    {
        lock (_lock)
        {
            _letters.Enqueue(letter(++_last));
            while (_letters.Count > Most) _letters.Dequeue();
        }
    }

    internal void Clear() { lock (_lock) _letters.Clear(); }
}
