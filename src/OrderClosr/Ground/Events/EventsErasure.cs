using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Events;

/// <summary>Deliveries that could not be read are kept sealed for 14 days: those that name an erased customer go with them.</summary>
internal sealed class EventsErasure(OrderClosrDb db, SecretBox secrets) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [typeof(InboundEvent)];

    public Task EraseAsync(ErasedCustomer customer, CancellationToken stop) => UnreadEvents.RemoveNamingAsync(db, secrets, customer.Words, stop);
}

/// <summary>Deliveries kept sealed because nobody could read them.</summary>
internal static class UnreadEvents
{
    private const int Shortest = 6;

    /// <summary>Removes those whose content holds one of the words, in the caller's transaction if there is one. Words too short to be told from others are passed over.</summary>
    internal static async Task RemoveNamingAsync(OrderClosrDb db, SecretBox secrets, IEnumerable<string> words, CancellationToken stop)
    {
        var wanted = words.Where(w => w.Length >= Shortest).Select(Encoding.UTF8.GetBytes).ToList();
        if (wanted.Count == 0) return;
        foreach (var id in await db.InboundEvents.Where(e => e.State == EventState.Unreadable && e.Body != null).Select(e => e.Id).ToListAsync(stop))
        {
            var body = await db.InboundEvents.Where(e => e.Id == id).Select(e => e.Body).SingleOrDefaultAsync(stop);
            if (body is null || !Names(secrets, body, wanted)) continue;
            await db.InTransactionAsync(() => db.InboundEvents.Where(e => e.Id == id).ExecuteDeleteAsync(stop), stop);
        }
    }

    private static bool Names(SecretBox secrets, byte[] body, List<byte[]> wanted)
    {
        try
        {
            var open = Convert.FromBase64String(secrets.Open(Guid.Empty, "inbound_event", Encoding.ASCII.GetString(body)));
            return wanted.Exists(w => open.AsSpan().IndexOf(w) >= 0);
        }
        catch (FernetException)
        {
            // Nobody can read it any more; it goes with its fourteenth day.
            return false;
        }
    }
}
