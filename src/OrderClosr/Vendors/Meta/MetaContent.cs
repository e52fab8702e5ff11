using System.Text.Json;
using OrderClosr.Conversations;

namespace OrderClosr.Vendors.Meta;

/// <summary>What a Page or Instagram message holds, beside who and when: words, media, things shared (facts/meta.md sections 3.1 and 4.2).</summary>
internal sealed record MetaContent(MessageKind Kind, string Text, MessageExtras? Extras, IReadOnlyList<AttachmentNews> Attachments)
{
    /// <summary>The sizes of the thumbs-up button.</summary>
    private static readonly string[] ThumbsUp = ["369239263222822", "369239343222814", "369239383222810"];

    /// <summary>Null when there is nothing a person could see (only commands of the client).</summary>
    internal static MetaContent? Read(JsonElement message, bool isInstagram)
    {
        var text = message.Text("text") ?? "";
        var kind = MessageKind.Text;
        var extras = new MessageExtras();
        var media = new List<AttachmentNews>();
        var stickers = new HashSet<string>();
        var isThere = false;
        foreach (var attachment in message.Items("attachments"))
        {
            var payload = attachment.At("payload");
            var type = attachment.Text("type") ?? "";
            if (payload.Text("sticker_id") is { } sticker)
            {
                // Both forms of a sticker may come in one message; the thumbs-up is a word, not a picture.
                if (!stickers.Add(sticker)) continue;
                kind = MessageKind.Sticker;
                if (ThumbsUp.Contains(sticker)) text = text.Length == 0 ? "👍" : text;
                else if (payload.Text("url") is { } picture) media.Add(new(MessageKind.Sticker, Url: picture));
                isThere = true;
                continue;
            }
            if (!isThere || kind == MessageKind.Share) kind = KindOf(type);
            isThere = true;
            switch (type)
            {
                case "image" or "audio" or "video" or "file":
                    media.Add(payload.Text("url") is { } url ? new(KindOf(type), Url: url) : new(KindOf(type), Trouble: "gone"));
                    break;
                case "story_mention":
                    if (payload.Text("url") is { } story) media.Add(new(MessageKind.Image, Url: story));
                    break;
                case "like_heart":
                    text = text.Length == 0 ? "❤️" : text;
                    break;
                case "location":
                    extras = extras with { Latitude = payload.At("coordinates").Real("lat"), Longitude = payload.At("coordinates").Real("long") };
                    break;
                case "template":
                    var product = payload.At("product").Items("elements").FirstOrDefault();
                    if (product.IsThere) extras = extras with { ProductCode = product.Text("retailer_id") ?? product.Text("id"), Title = product.Text("title") };
                    else if (payload.Text("text") is { } words && text.Length == 0) text = words; // our own buttons coming back
                    break;
                case "fallback" or "share" or "post" or "ig_post" or "reel" or "ig_reel" or "ig_story":
                    // One shared thing may be announced in two forms: the first link and title stand for it.
                    extras = extras with
                    {
                        Link = extras.Link ?? Absolute(payload.Text("url") ?? payload.Text("story_media_url") ?? attachment.Text("url"), isInstagram),
                        Title = extras.Title ?? payload.Text("title") ?? attachment.Text("title"),
                    };
                    break;
            }
        }
        if (message.At("quick_reply").Text("payload") is { } tap) (kind, extras) = (MessageKind.Button, extras with { Payload = tap });
        if (message.At("reply_to").At("story").IsThere)
            (kind, extras) = (MessageKind.StoryReply, extras with { Link = extras.Link ?? message.At("reply_to").At("story").Text("url") });
        if (message.At("referral").At("product").Text("id") is { } asked) extras = extras with { ProductCode = extras.ProductCode ?? asked };
        if (message.Flag("is_unsupported")) kind = MessageKind.Unsupported;
        else if (!isThere && text.Length == 0 && kind == MessageKind.Text)
        {
            if (message.Items("commands").Any()) return null;
            if (extras.ProductCode is null && !message.At("referral").IsThere) kind = MessageKind.Unsupported;
        }
        return new(kind, text, extras == new MessageExtras() ? null : extras, media);
    }

    /// <summary>Where the customer came from; null when nothing is said.</summary>
    internal static string? ReferralOf(JsonElement referral)
    {
        if (referral.ValueKind != JsonValueKind.Object) return null;
        var ad = referral.At("ads_context_data");
        return JsonSerializer.Serialize(new Referral
        {
            AdId = referral.Text("ad_id") ?? (referral.Text("source_type") == "ad" ? referral.Text("source_id") : null),
            PostId = ad.Text("post_id") ?? (referral.Text("source_type") == "post" ? referral.Text("source_id") : null),
            ProductCode = referral.At("product").Text("id") ?? ad.Text("product_id"), Title = ad.Text("ad_title") ?? referral.Text("headline"),
            Link = referral.Text("source_url") ?? referral.Text("referer_uri"), Ref = referral.Text("ref"), Source = referral.Text("source") ?? referral.Text("source_type"),
            ClickId = referral.Text("ctwa_clid"),
        }, Receiving.ExtrasJson);
    }

    /// <summary>The sign for a reaction that comes as a word only.</summary>
    internal static string EmojiOf(string? word) => word switch
    {
        "love" => "❤️", "smile" => "😆", "wow" => "😮", "sad" => "😢", "angry" => "😠", "like" => "👍", "dislike" => "👎", _ => "•",
    };

    private static MessageKind KindOf(string type) => type switch
    {
        "image" => MessageKind.Image,
        "audio" => MessageKind.Audio,
        "video" => MessageKind.Video,
        "file" => MessageKind.File,
        "sticker" or "like_heart" => MessageKind.Sticker,
        "location" => MessageKind.Location,
        "story_mention" => MessageKind.StoryMention,
        "template" or "fallback" or "share" or "post" or "ig_post" or "reel" or "ig_reel" or "ig_story" => MessageKind.Share,
        _ => MessageKind.Unsupported,
    };

    private static string? Absolute(string? url, bool isInstagram) =>
        url is ['/', ..] ? (isInstagram ? "https://www.instagram.com" : "https://www.facebook.com") + url : url;
}
