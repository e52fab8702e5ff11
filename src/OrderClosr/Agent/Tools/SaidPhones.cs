using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Tools;

/// <summary>Which numbers the customer gave: one that a driver will call, or that a reply reads back, comes from them and never from the model.</summary>
public sealed class SaidPhones(OrderClosrDb db)
{
    private const int MostMessages = 300;

    /// <summary>What the model is told of a number that nobody gave.</summary>
    internal static readonly ToolReply NotSaid = ToolReply.No("phone_not_said", "The customer did not write this number. Save the rest without it and ask for the number.");

    /// <summary>True when each of these numbers was known of the customer before, or stands in what they wrote in this conversation, contact cards included.</summary>
    internal async Task<bool> HoldAsync(IEnumerable<Phone> phones, TurnWork work, CancellationToken stop)
    {
        var asked = phones.Where(p => !work.Phones.Contains(p)).ToList();
        if (asked.Count == 0) return true;
        var id = work.Conversation.Id;
        var newest = await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Direction == Direction.In && m.DeletedAt == null).OrderByDescending(m => m.Seq).Take(MostMessages).ToListAsync(stop);
        List<string> said = [.. newest.OrderBy(m => m.Seq).Select(m => $"{m.Text}\n{string.Join('\n', Prompt.Extras(m)?.Phones ?? [])}")];
        // "0500/00/00/12", or a number that goes on in the next bubble: its digits stand there, one behind the other.
        var digits = string.Concat(said.SelectMany(t => Folding.AsciiDigits(t)).Where(char.IsAsciiDigit));
        return asked.TrueForAll(p => digits.Contains(p.IsAlgerian ? p.National[1..] : p.DigitsOnly, StringComparison.Ordinal) || said.Exists(t => Phone.FindInText(t).Contains(p) || Phone.ReadAll(t).Contains(p)));
    }
}
