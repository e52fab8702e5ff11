using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>What is to be said to a customer.</summary>
/// <param name="Author">The agent, a member, or the system (a notice).</param>
/// <param name="Text">May be longer than one message of the channel: it is parted.</param>
public sealed record Reply(Author Author, string Text)
{
    public Guid? AccountId { get; init; }
    public Guid? TurnId { get; init; }

    /// <summary>Answers to tap, below the last part.</summary>
    public IReadOnlyList<ReplyButton> Buttons { get; init; } = [];

    /// <summary>Photos that go before the words.</summary>
    public IReadOnlyList<StoredPhoto> Photos { get; init; } = [];

    /// <summary>The channel's id of the message it answers.</summary>
    public string? RepliesTo { get; init; }

    /// <summary>The customer asked for it: it also goes to one who wants no other messages.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Sent by this template of the channel instead of as free text; <see cref="Text"/> is then what the customer will read. Made by <see cref="Reaching"/>.</summary>
    public TemplateWords? Template { get; init; }
}

/// <summary>An approved template of the channel and what stands in its blanks.</summary>
/// <param name="Language">As the channel spells it: <c>fr</c>, <c>ar</c>.</param>
/// <param name="Parameters">In the order of the blanks; one line each.</param>
public sealed record TemplateWords(string Name, string Language, IReadOnlyList<string> Parameters);

/// <summary>A photo in the workspace's media folder.</summary>
public sealed record StoredPhoto(string File, string MediaType);

/// <summary>Writes outgoing messages with the jobs that send them: what is said is a row before it is sent.</summary>
public sealed class Saying(OrderClosrDb db, ISender sender, TimeProvider time)
{
    /// <summary>Adds the messages of a reply to the conversation, to be sent one after the other once the transaction commits. The caller has locked the conversation's row.</summary>
    public IReadOnlyList<Message> SayLater(Conversation conversation, Reply reply)
    {
        var messages = new List<Message>();
        if (reply.Template is not null)
        {
            messages.Add(Add(conversation, reply, MessageKind.Template, reply.Text, null));
            conversation.Show(messages[0]);
            db.Tell("conversation", conversation.Id);
            return messages;
        }
        foreach (var photo in reply.Photos)
        {
            var message = Add(conversation, reply, MessageKind.Image, "", null);
            message.Attachments.Add(new()
            {
                Id = Id<Attachment>.New(time.GetUtcNow()), MessageId = message.Id, Position = 0, Kind = MessageKind.Image, File = photo.File, MediaType = photo.MediaType,
            });
            messages.Add(message);
        }
        var parts = string.IsNullOrWhiteSpace(reply.Text) ? [] : sender.Split(conversation.ChannelKind, Readable(reply.Text.Trim()), reply.Buttons.Count > 0);
        for (var i = 0; i < parts.Count; i++)
            messages.Add(Add(conversation, reply, MessageKind.Text, parts[i], i == parts.Count - 1 && reply.Buttons.Count > 0 ? reply.Buttons : null));
        if (messages.Count > 0) conversation.Show(messages[^1]);
        db.Tell("conversation", conversation.Id);
        return messages;
    }

    // Among Arabic letters the customer's phone would show 4 500 as 500 4.
    private static string Readable(string text) => text.Any(c => c is >= '\u0600' and <= '\u06FF') ? PlainText.KeepNumbers(text) : text;

    private Message Add(Conversation conversation, Reply reply, MessageKind kind, string text, IReadOnlyList<ReplyButton>? buttons)
    {
        var now = time.GetUtcNow();
        var message = new Message
        {
            Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = ++conversation.LastSeq, Direction = Direction.Out, Author = reply.Author,
            AccountId = reply.AccountId, TurnId = reply.TurnId, Kind = kind, Text = text, RepliesTo = reply.RepliesTo, IsAnswer = reply.IsAnswer, At = now, StoredAt = now,
            Extras = buttons is null && reply.Template is null ? null : JsonSerializer.Serialize(new MessageExtras { Buttons = buttons, Template = reply.Template }, Receiving.ExtrasJson),
        };
        db.Add(message);
        db.Later(new SendMessage(message.Id, conversation.Id, conversation.ChannelId), now);
        return message;
    }
}

/// <summary>How long free text may follow the customer's last action (facts/meta.md section 6.3).</summary>
public static class SendWindow
{
    private static readonly TimeSpan Usual = TimeSpan.FromHours(24), ForPeople = TimeSpan.FromDays(7);

    /// <summary>True when nobody, or only a person, may still write free text.</summary>
    public static bool IsClosed(Conversation conversation, DateTimeOffset now) => conversation.LastCustomerActionAt is not { } last || now - last >= Usual;

    /// <summary>Messenger and Instagram let a person answer for seven days; WhatsApp takes only templates after the usual window.</summary>
    public static bool IsClosedForPeople(Conversation conversation, DateTimeOffset now) =>
        conversation.ChannelKind == Channels.ChannelKind.Whatsapp ? IsClosed(conversation, now) : conversation.LastCustomerActionAt is not { } last || now - last >= ForPeople;
}
