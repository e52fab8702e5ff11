using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>Speaks to a customer who did not just write: a parcel waits, a date changed.</summary>
/// <remarks>
/// Inside the window it is free text. After it WhatsApp takes an approved template; Messenger and Instagram take nothing from a
/// program (facts/meta.md section 6.3), so a person is told what should be said and finds the conversation in the inbox.
/// </remarks>
public sealed partial class Reaching(OrderClosrDb db, Saying saying, Holding holding, TimeProvider time)
{
    /// <summary>The reason of the hand-over when the channel lets no program speak: a code of the pages' words.</summary>
    public const string WindowClosed = "window_closed";

    /// <summary>The vendor limits the channel to answers: a code of the pages' words.</summary>
    public const string Limited = "channel_limited";

    /// <summary>Adds the message, to be sent once the transaction commits; or says why it cannot be sent and hands the conversation to a person. The caller has locked the conversation's row.</summary>
    /// <param name="reply">What is said inside the window; for a person it is what should be said.</param>
    /// <param name="template">What is said by WhatsApp after the window; null when there is no template for it.</param>
    public async Task<Result<List<Message>>> SayLaterAsync(Conversation conversation, Reply reply, TemplateWords? template, CancellationToken stop)
    {
        var customerId = conversation.CustomerId;
        if (await db.Customers.AnyAsync(c => c.Id == customerId && c.OptedOutAt != null, stop)) return new Refusal(Gate.OptedOut, "The customer wrote STOP: call them.", Kind: RefusalKind.Conflict);
        if (!SendWindow.IsClosed(conversation, time.GetUtcNow())) return saying.SayLater(conversation, reply).ToList();
        var read = await ReadAsync(conversation, template, stop);
        if (read.Ok) return saying.SayLater(conversation, reply with { Text = read.Value.Text, Template = read.Value.Words, Buttons = [], Photos = [], RepliesTo = null }).ToList();
        // Whoever holds it already reads the note; else it goes to whoever looks first.
        if (conversation.HeldBy == HeldBy.Person) conversation.HandOverNote = reply.Text;
        else holding.HandOver(conversation, WindowClosed, reply.Text, await holding.ResumeAfterAsync(stop));
        db.Tell("conversation", conversation.Id);
        return read.Refusal;
    }

    /// <summary>Adds a member's message by a template, the only thing WhatsApp takes once the window has closed; what is refused changes nothing. The caller has locked the conversation's row.</summary>
    public async Task<Result<Message>> TemplateLaterAsync(Conversation conversation, Guid? account, TemplateWords template, CancellationToken stop)
    {
        var read = await ReadAsync(conversation, template, stop);
        return read.Ok ? saying.SayLater(conversation, new(Author.Member, read.Value.Text) { AccountId = account, Template = read.Value.Words, IsAnswer = true })[0] : read.Refusal;
    }

    /// <summary>Why nobody but a person may write into the conversation unasked now (<see cref="Gate"/>); null when a program may.</summary>
    public async Task<string?> SilentBecauseAsync(Conversation conversation, CancellationToken stop)
    {
        var (channelId, customerId) = (conversation.ChannelId, conversation.CustomerId);
        var channel = await db.Channels.AsNoTracking().SingleAsync(c => c.Id == channelId, stop);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customerId, stop);
        return customer.OptedOutAt is not null ? Gate.OptedOut
            : channel.Trouble == Channel.SpamRestriction ? Limited
            : Gate.SilentBecause(await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop), channel, conversation, customer);
    }

    private async Task<Result<Filled>> ReadAsync(Conversation conversation, TemplateWords? wanted, CancellationToken stop)
    {
        if (conversation.ChannelKind != ChannelKind.Whatsapp || wanted is null) return new Refusal(WindowClosed, "The customer wrote too long ago: the channel takes no text of a program now.", Kind: RefusalKind.Conflict);
        var (channelId, customerId) = (conversation.ChannelId, conversation.CustomerId);
        var channel = await db.Channels.AsNoTracking().SingleAsync(c => c.Id == channelId, stop);
        if (channel.TakesNoTemplate) return new Refusal(Limited, "WhatsApp takes no templates of this number now: see why on the channel.", Kind: RefusalKind.Conflict);
        var known = ChannelTemplate.Of(channel).FirstOrDefault(t => t.Name == wanted.Name && string.Equals(t.Language, wanted.Language, StringComparison.OrdinalIgnoreCase));
        if (known is not { IsApproved: true }) return new Refusal("template_not_approved", $"WhatsApp has no approved template {wanted.Name} in {wanted.Language}.", "template", Kind: RefusalKind.Conflict);
        List<string> words = [.. wanted.Parameters.Select(p => Spaces().Replace(Receiving.Clean(p), " ").Trim())];
        if (words.Count != known.Blanks || words.Any(w => w.Length == 0)) return new Refusal("template_parameters", $"The template {wanted.Name} has {known.Blanks} blanks, each needs words.", "parameters");
        if (known.Category == ChannelTemplate.Advertising && await db.Customers.AnyAsync(c => c.Id == customerId && c.AdvertisingStoppedAt != null, stop))
            return new Refusal("advertising_stopped", "The customer asked for no advertising.", Kind: RefusalKind.Conflict);
        return new Filled(new(known.Name, known.Language, words), known.Fill(words));
    }

    private sealed record Filled(TemplateWords Words, string Text);

    // A blank takes no line end, no tab and no run of spaces.
    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
