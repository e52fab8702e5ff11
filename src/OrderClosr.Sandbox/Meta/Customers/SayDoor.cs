using OrderClosr.Sandbox.Meta.Media;

namespace OrderClosr.Sandbox.Meta.Customers;

/// <summary>A no of the doors for people: what is wrong with the call, in plain words.</summary>
#pragma warning disable CA1710 // it is a refusal wherever it is read; that it travels as an exception is a detail
public sealed class DoorRefusal(int status, string why) : Exception(why)
#pragma warning restore CA1710
{
    /// <summary>404 or 422.</summary>
    public int Status { get; } = status;
}

/// <summary>Finds the conversation a customer speaks in and hands the words to the channel.</summary>
public sealed class SayDoor(MetaWorld world, PageSay page, WhatsAppSay whatsApp, SandboxOptions options, TimeProvider time)
{
    /// <summary>Says it: ids of the messages that came of it, and whether a webhook went out.</summary>
    public (IReadOnlyList<string> Ids, bool Webhook) Say(string customer, SayRequest say)
    {
        lock (world.Gate)
        {
            var account = Account(say.Channel, say.Account);
            var thread = world.Thread(account, customer);
            if (say.Name is { Length: > 0 }) thread.Person.Name = say.Name;
            if (say.Username is { Length: > 0 }) thread.Person.Username = say.Username;
            if (say.UserIdOnly is { } hide) thread.Person.HidesPhone = hide;
            if (say.Phone is { Length: > 0 } phone) thread.Person.Phone = phone.TrimStart('+');
            world.Reindex(thread);
            var at = say.At ?? time.GetUtcNow();
            var result = account.Kind == MetaKind.WhatsApp ? whatsApp.Say(thread, say, at) : page.Say(thread, say, at);
            return result.Ids.Count > 0 ? result : throw new DoorRefusal(422, "say something: text, image, audio, sticker, button, order, location, contact, share, story, referral, edit_of, unsend or reaction");
        }
    }

    /// <summary>Id of the product's Meta app.</summary>
    public string AppId => options.MetaAppId;

    /// <summary>The account meant by channel and id; the only one of the channel when no id is given.</summary>
    public MetaAccount Account(string? channel, string? id)
    {
        if (MetaAccount.KindOf(channel) is not { } kind) throw new DoorRefusal(422, "channel is whatsapp, messenger or instagram");
        if (id is { Length: > 0 }) return world.Account(id) is { } account && account.Kind == kind ? account : throw new DoorRefusal(404, $"there is no {channel} account \"{id}\"");
        var all = world.Accounts.Where(a => a.Kind == kind).Take(2).ToList();
        return all.Count == 1 ? all[0] : throw new DoorRefusal(422, all.Count == 0 ? $"there is no {channel} account" : "account is needed: the channel has several");
    }

    /// <summary>Bytes of a base64 text, with or without <c>data:…,</c> before it.</summary>
    public static (byte[] Bytes, string Mime) File(string base64, string fallback)
    {
        var (mime, text) = ("", base64);
        if (base64.StartsWith("data:", StringComparison.Ordinal) && base64.IndexOf(',', StringComparison.Ordinal) is > 5 and var comma)
            (mime, text) = (base64[5..comma].Replace(";base64", "", StringComparison.Ordinal), base64[(comma + 1)..]);
        try
        {
            var bytes = Convert.FromBase64String(text);
            return (bytes, mime.Length > 0 ? mime : MediaKinds.Sniff(bytes) ?? fallback);
        }
        catch (FormatException) { throw new DoorRefusal(422, "the file is not base64"); }
    }

    /// <summary>A message of this conversation, or 422.</summary>
    public static ThreadItem ItemOf(MetaThread thread, string id) =>
        thread.Items.FirstOrDefault(i => i.Id == id) ?? throw new DoorRefusal(422, $"there is no message \"{id}\" in this conversation");

    /// <summary>A message the customer wrote, or 422.</summary>
    public static ThreadItem OwnItemOf(MetaThread thread, string id) =>
        ItemOf(thread, id) is { FromCustomer: true } item ? item : throw new DoorRefusal(422, "only one's own message can be changed");
}
