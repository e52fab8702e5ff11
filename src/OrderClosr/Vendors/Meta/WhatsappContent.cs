using System.Text.Json;
using OrderClosr.Conversations;

namespace OrderClosr.Vendors.Meta;

/// <summary>What a WhatsApp message holds, by its type (facts/meta.md section 5.2).</summary>
internal sealed record WhatsappContent(MessageKind Kind, string Text, MessageExtras? Extras, IReadOnlyList<AttachmentNews> Attachments)
{
    internal static WhatsappContent Read(JsonElement message)
    {
        var content = OfType(message, message.Text("type") ?? "");
        return message.At("context").At("referred_product").Text("product_retailer_id") is { } product
            ? content with { Extras = (content.Extras ?? new()) with { ProductCode = product } }
            : content;
    }

    private static WhatsappContent OfType(JsonElement message, string type)
    {
        var body = message.At(type);
        switch (type)
        {
            case "text": return Words(MessageKind.Text, body.Text("body"));
            case "image": return Media(message, body, MessageKind.Image);
            case "audio" or "voice": return Media(message, body, MessageKind.Audio);
            case "video": return Media(message, body, MessageKind.Video);
            case "document": return Media(message, body, MessageKind.File);
            case "sticker": return Media(message, body, MessageKind.Sticker);
            case "button": return Words(MessageKind.Button, body.Text("text"), new() { Payload = body.Text("payload") });
            case "interactive": return Interactive(body);
            case "location":
                return Words(MessageKind.Location, string.Join(", ", new[] { body.Text("name"), body.Text("address") }.OfType<string>()),
                    new() { Latitude = body.Real("latitude"), Longitude = body.Real("longitude"), Link = body.Text("url") });
            case "contacts":
                var cards = message.Items("contacts").ToList();
                return Words(MessageKind.Contacts, string.Join(", ", cards.Select(c => c.At("name").Text("formatted_name")).OfType<string>()),
                    new() { Phones = [.. cards.SelectMany(c => c.Items("phones")).Select(p => p.Text("phone") ?? p.Text("wa_id")).OfType<string>()] });
            case "order":
                // The prices are what the customer saw and are left behind: the server prices again.
                var items = body.Items("product_items").Select(i => new CartItem(i.Must("product_retailer_id"), (int)Math.Clamp(i.Number("quantity") ?? 1, 1, 1000))).ToList();
                return Words(MessageKind.Order, body.Text("text"), new() { Items = items });
            case "request_welcome": return Words(MessageKind.Button, null, new() { Payload = "welcome" });
            default: return Words(MessageKind.Unsupported, null);
        }
    }

    private static WhatsappContent Interactive(JsonElement body) => body.Text("type") switch
    {
        "button_reply" => Words(MessageKind.Button, body.At("button_reply").Text("title"), new() { Payload = body.At("button_reply").Text("id") }),
        "list_reply" => Words(MessageKind.Button, body.At("list_reply").Text("title"), new() { Payload = body.At("list_reply").Text("id") }),
        "nfm_reply" => Words(MessageKind.Button, body.At("nfm_reply").Text("body"), new() { Payload = body.At("nfm_reply").Text("response_json") }),
        "call_permission_reply" => Words(MessageKind.Button, null, new() { Payload = "call_permission" }),
        _ => Words(MessageKind.Unsupported, null),
    };

    private static WhatsappContent Media(JsonElement message, JsonElement body, MessageKind kind)
    {
        // An error beside the media means that Meta has no file for us, e.g. one above 100 MB.
        var trouble = message.Items("errors").Any() || body.Text("id") is null ? "gone" : null;
        return new(kind, body.Text("caption") ?? "", null, [new(kind, body.Text("id"), body.Text("url"), body.Text("sha256"), trouble)]);
    }

    private static WhatsappContent Words(MessageKind kind, string? text, MessageExtras? extras = null) => new(kind, text ?? "", extras, []);
}
