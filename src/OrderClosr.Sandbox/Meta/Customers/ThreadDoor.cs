using OrderClosr.Sandbox.Meta.Media;

namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>A conversation as the customer's phone shows it.</summary>
public sealed class ThreadDoor(MetaWorld world, MediaShelf shelf, IServiceProvider services, TimeProvider time)
{
    /// <summary>Messages oldest first; without channel and account, of all conversations of the person.</summary>
    public object Show(string customer, string? channel, string? account)
    {
        lock (world.Gate)
        {
            var threads = world.Of(customer, channel is null ? null : MetaAccount.KindOf(channel) ?? throw new DoorRefusal(422, "channel is whatsapp, messenger or instagram"), account).ToList();
            var now = time.GetUtcNow();
            return new
            {
                items = threads.SelectMany(t => t.Items.Select(i => (Thread: t, Item: i))).OrderBy(x => x.Item.At).Select(x => Item(x.Thread, x.Item)).ToList(),
                typing = threads.Any(t => t.TypingUntil > now),
                seen_at = threads.Max(t => t.SeenAt),
                handles = threads.Select(t => new { channel = t.Account.Channel, account = t.Account.Id, handle = t.Handle, user_id = t.Account.Kind == MetaKind.WhatsApp ? t.UserId : null, owner = world.OwnerOf(t) }).ToList(),
            };
        }
    }

    private object Item(MetaThread thread, ThreadItem item)
    {
        var media = shelf.Find(item.MediaId) is { } found ? $"{services.OwnAddress()}/meta/_media/{found.Id}" : null;
        return new
        {
            id = item.Id,
            from = item.FromCustomer ? "customer" : "business",
            kind = item.Kind,
            text = item.Deleted ? "" : item.Text,
            at = item.At,
            status = item.Status,
            failed_with = item.FailedWith,
            by = item.By,
            buttons = item.Buttons.Select(b => new { title = b.Title, payload = b.Payload, way = b.Way }).ToList(),
            image_url = item.Kind is "audio" ? null : media,
            audio_url = item.Kind is "audio" ? media : null,
            reaction = item.Reaction,
            reply_to = item.ReplyTo,
            edits = item.Edits,
            deleted = item.Deleted,
            channel = thread.Account.Channel,
            account = thread.Account.Id,
        };
    }
}
