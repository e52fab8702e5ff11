using System.Text.Json;
using OrderClosr.Conversations;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Vendors.Meta;

/// <summary>Reads Meta's deliveries: the envelope is opened here, each product's events are translated by a small reader of their own.</summary>
/// <remarks>Every array may hold none or many, one delivery may speak of many accounts (facts/meta.md section 2.3). An event that cannot be
/// understood becomes a broken part and costs its neighbours nothing; kinds we do not know become notes.</remarks>
internal sealed class MetaReader(MetaSettings settings) : IEventSource
{
    public string Source => MetaWebhook.Source;

    public IReadOnlyList<EventPart> Split(InboundEvent e)
    {
        using var body = JsonDocument.Parse(e.Body ?? throw new FormatException("The body is gone."));
        var root = body.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException("Not an object.");
        var parts = new List<MetaPart>();
        foreach (var entry in root.Items("entry"))
        {
            switch (root.Text("object"))
            {
                case "page": ReadEntry(parts, entry, MetaPart.Page, e.ReceivedAt); break;
                case "instagram": ReadEntry(parts, entry, MetaPart.Instagram, e.ReceivedAt); break;
                case "whatsapp_business_account": ReadWhatsapp(parts, entry, e.ReceivedAt); break;
                case var other: parts.Add(Unknown("meta", entry.Text("id") ?? "0", $"object {other}")); break;
            }
        }
        return parts;
    }

    public async Task ApplyAsync(WorkspaceScope scope, IReadOnlyList<EventPart> parts, CancellationToken stop)
    {
        var ours = parts.Cast<MetaPart>().ToList();
        await scope.Get<MetaAccounts>().HeardFromAsync(ours, stop);
        await scope.Get<Receiving>().ReceiveAsync([.. ours.Where(p => p.News is not null).Select(p => new ChannelNews(new(p.Target), p.News!))], stop);
        var time = scope.Get<TimeProvider>();
        foreach (var part in ours.Where(p => p.LookUp is not null).DistinctBy(p => (p.Target, p.LookUp)))
            scope.Db.Later(new LookUpMessage(new(part.Target), part.LookUp!), time.GetUtcNow(), time.GetUtcNow() + LookUpMessage.Patience);
    }

    /// <summary>Pages and Instagram: <c>messaging[]</c>, <c>standby[]</c>, <c>changes[]</c>, or a change flat on the entry.</summary>
    private void ReadEntry(List<MetaPart> parts, JsonElement entry, string source, DateTimeOffset receivedAt)
    {
        var account = entry.Text("id") ?? "0";
        var at = entry.Instant("time") ?? receivedAt;
        var messaging = new MessagingReader(source, account, at, settings.AppId);
        foreach (var item in entry.Items("messaging")) Guard(parts, source, account, () => messaging.Read(item, isStandby: false));
        foreach (var item in entry.Items("standby")) Guard(parts, source, account, () => messaging.Read(item, isStandby: true));
        foreach (var change in entry.Items("changes")) Guard(parts, source, account, () => ReadChange(messaging, change, source, account, at));
        if (entry.At("field").IsThere) Guard(parts, source, account, () => ReadChange(messaging, entry, source, account, at));
    }

    private static IEnumerable<MetaPart> ReadChange(MessagingReader messaging, JsonElement change, string source, string account, DateTimeOffset at)
    {
        var field = change.Text("field");
        var value = change.At("value");
        return field switch
        {
            // The dashboard's test button wraps a messaging event in a change.
            "messages" or "messaging_postbacks" or "message_reactions" or "messaging_seen" or "messaging_referral" or "message_edit" => messaging.Read(value, isStandby: false),
            "feed" => MetaComments.ReadFeed(source, account, value, at),
            "comments" or "live_comments" => MetaComments.ReadInstagram(source, account, value, at),
            _ => [Unknown(source, account, $"field {field}")],
        };
    }

    private static void ReadWhatsapp(List<MetaPart> parts, JsonElement entry, DateTimeOffset receivedAt)
    {
        var waba = entry.Text("id") ?? "0";
        foreach (var change in entry.Items("changes"))
        {
            var value = change.At("value");
            var number = value.At("metadata").Text("phone_number_id");
            var (source, account) = number is null ? (MetaPart.Waba, waba) : (MetaPart.Whatsapp, number);
            var reader = new WhatsappReader(source, account, receivedAt);
            foreach (var read in reader.Readers(change.Text("field"), value)) Guard(parts, source, account, read);
        }
    }

    /// <summary>Runs one reader on one event; what it cannot read becomes a broken part.</summary>
    private static void Guard(List<MetaPart> parts, string source, string account, Func<IEnumerable<MetaPart>> read)
    {
        try
        {
            parts.AddRange(read().ToList());
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or KeyNotFoundException or JsonException or OverflowException or ArgumentException)
        {
            parts.Add(new(source, account, "broken") { IsBroken = true });
        }
    }

    internal static MetaPart Unknown(string source, string account, string what) => new(source, account, what) { Ignored = what };
}
