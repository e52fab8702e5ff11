using System.Net.Http.Headers;
using System.Text.Json;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Web;

namespace OrderClosr.Vendors.Meta;

/// <summary>Sends through Messenger, Instagram and WhatsApp (facts/meta.md section 6).</summary>
internal sealed class MetaSender(MetaClient meta, MetaMedia media, MediaAddresses addresses, MediaFiles files, Pictures pictures) : ISender
{
    public IReadOnlyList<string> Split(ChannelKind kind, string text, bool hasButtons = false) => TextLimit.Split(kind, text, hasButtons);

    public async Task<SendResult> SendAsync(OutgoingMessage message, CancellationToken stop)
    {
        try
        {
            var answer = await meta.PostAsync(message.Channel, $"{AccountOf(message.Channel)}/messages", await BodyAsync(message, stop), stop);
            var id = message.Channel.Kind == ChannelKind.Whatsapp ? answer.Items("messages").FirstOrDefault().Text("id") : answer.Text("message_id");
            return id is null ? throw new VendorFailure(FailureCategory.OutcomeUnknown, "Meta accepted a message without naming it.", "garbage") : new(id);
        }
        catch (MetaRefusal refusal) when (refusal.Error.Category is FailureCategory.Refused or FailureCategory.Configuration)
        {
            return new(null, new(refusal.Error.Word, refusal.VendorCode, refusal.Error.Reaction));
        }
        catch (MetaRefusal refusal)
        {
            throw refusal.ToFailure();
        }
    }

    /// <summary>Messenger and Instagram show the thread's last messages; WhatsApp has nothing to look at but the status that may come.</summary>
    public async Task<string?> FindAsync(OutgoingMessage message, CancellationToken stop)
    {
        if (message.Channel.Kind == ChannelKind.Whatsapp || message.To.Count == 0 || message.Message is not { SendingAt: { } sentAt, Text.Length: > 0 }) return null;
        var words = Echoes.Plain(message.Message.Text);
        return (await OursAsync(message.Channel, message.To[0], stop)).FirstOrDefault(o => o.At >= sentAt.AddSeconds(-5) && Echoes.Plain(o.Text) == words).Id;
    }

    /// <summary>Instagram's alone. Only words: what has none may be a photo of ours. Times are whole seconds there: what the customer wrote in the same one is before it.</summary>
    public async Task<IReadOnlyList<EchoNews>> ReadThreadAsync(OutgoingMessage message, CancellationToken stop) =>
        message.Channel.Kind != ChannelKind.Instagram || message.To.Count == 0 ? [] : [.. (await OursAsync(message.Channel, message.To[0], stop)).Where(o => o.Text.Length > 0)
            .Select(o => new EchoNews(o.Id, new([message.To[0]]), o.At.AddMilliseconds(999), MessageKind.Text, o.Text, EchoOrigin.InThread))];

    /// <summary>What the business wrote among the thread's last messages; nothing when it cannot be told now.</summary>
    private async Task<List<(string Id, DateTimeOffset At, string Text)>> OursAsync(Channel channel, PersonHandle customer, CancellationToken stop)
    {
        var ours = new List<(string, DateTimeOffset, string)>();
        try
        {
            var platform = channel.Kind == ChannelKind.Instagram ? "instagram" : "messenger";
            var found = await meta.GetAsync(channel, $"{AccountOf(channel)}/conversations?platform={platform}&user_id={Uri.EscapeDataString(customer.Value)}&fields=messages.limit(10){{id,from,message,created_time}}", stop);
            foreach (var one in found.Items("data").SelectMany(c => c.At("messages").Items("data")))
            {
                if (one.Text("id") is not { } id || one.At("from").Text("id") is not { } from || from == customer.Value) continue;
                if (DateTimeOffset.TryParse(one.Text("created_time"), System.Globalization.CultureInfo.InvariantCulture, out var at)) ours.Add((id, at, one.Text("message") ?? ""));
            }
        }
        catch (Exception error) when (error is MetaRefusal or VendorFailure)
        {
            // Cannot be told now: the next look may.
        }
        return ours;
    }

    public async Task ShowTypingAsync(Channel channel, IReadOnlyList<PersonHandle> to, string? lastMessageId, CancellationToken stop)
    {
        try
        {
            if (channel.Kind == ChannelKind.Whatsapp)
            {
                if (lastMessageId is not null)
                    await meta.PostAsync(channel, $"{AccountOf(channel)}/messages", new { messaging_product = "whatsapp", status = "read", message_id = lastMessageId, typing_indicator = new { type = "text" } }, stop);
                return;
            }
            foreach (var action in (string[])["mark_seen", "typing_on"])
                await meta.PostAsync(channel, $"{AccountOf(channel)}/messages", new { recipient = new { id = to[0].Value }, sender_action = action }, stop);
        }
        catch (Exception error) when (error is MetaRefusal or VendorFailure)
        {
            // Politeness only.
        }
    }

    /// <summary>A person without a profile for us is normal (sections 3.5 and 4.4); a permission that is missing for it says nothing about sending.</summary>
    public async Task<string?> NameOfAsync(Channel channel, PersonHandle person, CancellationToken stop)
    {
        var isInstagram = channel.Kind == ChannelKind.Instagram;
        if (channel.Kind == ChannelKind.Whatsapp) return null;
        try
        {
            var found = await meta.GetAsync(channel, $"{Uri.EscapeDataString(person.Value)}?fields={(isInstagram ? "name,username" : "first_name,last_name")}", stop);
            var name = isInstagram ? found.Text("name") : $"{found.Text("first_name")} {found.Text("last_name")}";
            if (!string.IsNullOrWhiteSpace(name)) return name.Trim();
            return isInstagram && found.Text("username") is { Length: > 0 } user ? "@" + user : null;
        }
        catch (MetaRefusal refusal) when (refusal.Error.Category is FailureCategory.Transient or FailureCategory.RateLimited)
        {
            throw refusal.ToFailure();
        }
        catch (MetaRefusal)
        {
            return null;
        }
    }

    public Task<byte[]> FetchAsync(Channel channel, Attachment attachment, CancellationToken stop) => media.FetchAsync(channel, attachment, stop);

    private async Task<object> BodyAsync(OutgoingMessage message, CancellationToken stop) =>
        message.Channel.Kind == ChannelKind.Whatsapp ? await WhatsappAsync(message, stop) : await OfPageAsync(message, stop);

    /// <summary>An account behind a Page is spoken to through the Page; Instagram Login has its own host.</summary>
    internal static string AccountOf(Channel channel) => channel is { Kind: ChannelKind.Instagram, ParentId: { } page } ? page : channel.ExternalId;

    private async Task<Dictionary<string, object?>> OfPageAsync(OutgoingMessage message, CancellationToken stop)
    {
        var content = new Dictionary<string, object?>();
        if (message.Message.Attachments is [var photo, ..])
            content["attachment"] = new { type = "image", payload = new { url = addresses.Of(message.Channel.WorkspaceId, (await PhotoAsync(message.Channel, photo, stop)).File, TimeSpan.FromHours(2)) } };
        else content["text"] = message.Message.Text;
        // Our own id travels with a Page's message and comes back in its echo; Instagram has no such field.
        if (message.Channel.Kind == ChannelKind.Messenger) content["metadata"] = message.Message.Id.ToString();
        if (message.Buttons.Count > 0)
            content["quick_replies"] = message.Buttons.Take(13).Select(b => new { content_type = "text", title = Cut(b.Title, 20), payload = Cut(b.Payload, 1000) }).ToArray();
        var isLate = message is { IsByPerson: true, IsWindowClosed: true };
        return new()
        {
            ["recipient"] = new { id = message.To[0].Value },
            ["messaging_type"] = isLate ? "MESSAGE_TAG" : "RESPONSE",
            // Only ever on what a person wrote: a program answering with it breaks Meta's rules (section 1 fact 6).
            ["tag"] = isLate ? "HUMAN_AGENT" : null,
            ["message"] = content,
            ["reply_to"] = message.Message.RepliesTo is { } quoted ? new { mid = quoted } : null,
        };
    }

    private async Task<Dictionary<string, object?>> WhatsappAsync(OutgoingMessage message, CancellationToken stop)
    {
        var body = new Dictionary<string, object?>
        {
            ["messaging_product"] = "whatsapp", ["recipient_type"] = "individual", ["biz_opaque_callback_data"] = message.Message.Id.ToString(),
            ["context"] = message.Message.RepliesTo is { } quoted ? new { message_id = quoted } : null,
        };
        // A business-scoped id in "to" is accepted and never delivered (section 5.4).
        if (message.To.FirstOrDefault(h => h.Kind == HandleKind.WaId) is { Value: not null } number) body["to"] = "+" + number.Value;
        else body["recipient"] = message.To[0].Value;
        var text = message.Message.Text;
        if (message.Template is { } template)
        {
            body["type"] = "template";
            body["template"] = new
            {
                name = template.Name, language = new { code = template.Language },
                components = template.Parameters.Count == 0 ? null : new[] { new { type = "body", parameters = template.Parameters.Select(p => new { type = "text", text = p }).ToArray() } },
            };
        }
        else if (message.Message.Attachments is [var photo, ..])
        {
            body["type"] = "image";
            body["image"] = new { id = await UploadAsync(message.Channel, photo, stop), caption = text.Length > 0 ? text : null };
        }
        else if (message.Buttons.Count is > 0 and <= 3)
        {
            body["type"] = "interactive";
            body["interactive"] = new
            {
                type = "button", body = new { text },
                action = new { buttons = message.Buttons.Select(b => new { type = "reply", reply = new { id = Cut(b.Payload, 256), title = Cut(b.Title, 20) } }).ToArray() },
            };
        }
        else if (message.Buttons.Count > 3)
        {
            body["type"] = "interactive";
            body["interactive"] = new
            {
                type = "list", body = new { text },
                action = new { button = "▼", sections = new[] { new { rows = message.Buttons.Take(10).Select(b => new { id = Cut(b.Payload, 200), title = Cut(b.Title, 24) }).ToArray() } } },
            };
        }
        else
        {
            body["type"] = "text";
            body["text"] = new { body = text, preview_url = false };
        }
        return body;
    }

    private async Task<string> UploadAsync(Channel channel, Attachment photo, CancellationToken stop)
    {
        var kept = await PhotoAsync(channel, photo, stop);
        var (content, type) = files.Open(channel.WorkspaceId, kept.File) ?? throw Unsendable();
        using var form = new MultipartFormDataContent();
        using var file = new StreamContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue(type);
        form.Add(new StringContent("whatsapp"), "messaging_product");
        form.Add(new StringContent(type), "type");
        form.Add(file, "file", kept.File);
        try
        {
            var answer = await meta.CallAsync(HttpMethod.Post, channel, $"{channel.ExternalId}/media", form, stop);
            return answer.Must("id");
        }
        catch (VendorFailure failure) when (failure.Category == FailureCategory.OutcomeUnknown)
        {
            // Uploading twice harms nobody.
            throw new VendorFailure(FailureCategory.Transient, failure.Message, failure.Code, inner: failure);
        }
    }

    /// <summary>A photo in a form every channel takes, also one that was kept before we made them so.</summary>
    private async Task<MediaFile> PhotoAsync(Channel channel, Attachment photo, CancellationToken stop) => await pictures.ToSendAsync(channel.WorkspaceId, photo.File!, stop) ?? throw Unsendable();

    private static MetaRefusal Unsendable() => new(new("media_refused", FailureCategory.Refused), null, 0, null);

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
