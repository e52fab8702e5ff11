using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta.Graph;

namespace OrderClosr.Sandbox.Meta.Sending;

/// <summary>A message for Messenger or Instagram, read and found to be well formed.</summary>
public sealed record PageMessage(string Kind, string Text, IReadOnlyList<ThreadButton> Buttons)
{
    /// <summary>Files that are linked or uploaded: type, address, attachment id.</summary>
    public IReadOnlyList<(string Type, string? Url, string? AttachmentId)> Files { get; init; } = [];

    /// <summary>Our own mark, given back in the echo.</summary>
    public string? Metadata { get; init; }

    /// <summary>The attachment as an echo shows it, when it is a template.</summary>
    public JsonObject? Template { get; init; }
}

/// <summary>Form and limits of <c>message</c> (facts: meta.md sections 6.1 and 6.2), stricter where documents are vague.</summary>
public static class PageRules
{
    /// <summary>Reads <c>message</c> or refuses it with 100.</summary>
    public static PageMessage Read(MetaKind kind, JsonObject message, string? textUnit)
    {
        var metadata = message.Text("metadata");
        if (metadata?.Length > 1000) throw GraphRefusal.Param("Length of param message[metadata] must be less than or equal to 1000");
        var quick = QuickReplies(kind, message);
        var attachments = (JsonObject?[])[message.Obj("attachment"), .. message.List("attachments")?.Select(a => a as JsonObject) ?? []];
        attachments = [.. attachments.Where(a => a is not null)];
        if (attachments.Length > 30) throw GraphRefusal.Param("Param message[attachments] must have at most 30 items");
        if (message.Has("text"))
        {
            if (attachments.Length > 0) throw GraphRefusal.Param("message cannot have both text and attachment");
            var text = message.Text("text") ?? throw GraphRefusal.Param("Param message[text] must be a string");
            CheckText(kind, text, textUnit);
            return new(quick.Count > 0 ? "buttons" : "text", text, quick) { Metadata = metadata };
        }
        if (attachments.Length == 0) throw GraphRefusal.Param("message must have text or an attachment");
        if (attachments is [{ } only] && only.Text("type") == "template") return Template(only, metadata);
        var files = attachments.Select(a => File(a!, attachments.Length > 1)).ToList();
        return new(files[0].Type, "", quick) { Files = files, Metadata = metadata };
    }

    private static void CheckText(MetaKind kind, string text, string? unit)
    {
        if (string.IsNullOrWhiteSpace(text)) throw GraphRefusal.Param("Param message[text] must not be empty");
        if (kind == MetaKind.Instagram)
        {
            if (Encoding.UTF8.GetByteCount(text) > 1000) throw GraphRefusal.Param("Length of param message[text] must be less than or equal to 1000");
            return;
        }
        var length = unit switch { "code points" => text.EnumerateRunes().Count(), "bytes" => Encoding.UTF8.GetByteCount(text), _ => text.Length };
        if (length > 2000) throw GraphRefusal.Param("Length of param message[text] must be less than or equal to 2000");
    }

    private static List<ThreadButton> QuickReplies(MetaKind kind, JsonObject message)
    {
        if (!message.Has("quick_replies")) return [];
        var replies = message.List("quick_replies") ?? throw GraphRefusal.Param("Param message[quick_replies] must be an array");
        if (replies.Count is 0 or > 13) throw GraphRefusal.Param("Param message[quick_replies] must have 1 to 13 items");
        return [.. replies.Select((reply, i) =>
        {
            var type = reply.Text("content_type");
            if (type is "user_phone_number" or "user_email" && kind == MetaKind.Page) return new ThreadButton(type == "user_email" ? "E-mail" : "Phone", type, "quick_reply");
            if (type != "text") throw GraphRefusal.Param($"Param message[quick_replies][{i}][content_type] must be one of {{TEXT, USER_PHONE_NUMBER, USER_EMAIL}}");
            return new ThreadButton(Short(reply, "title", 20, $"message[quick_replies][{i}]"), Short(reply, "payload", 1000, $"message[quick_replies][{i}]"), "quick_reply");
        })];
    }

    private static (string Type, string? Url, string? AttachmentId) File(JsonObject attachment, bool several)
    {
        var type = attachment.Text("type");
        if (type is not ("image" or "audio" or "video" or "file")) throw GraphRefusal.Param("Param message[attachment][type] must be one of {audio, file, image, template, video}");
        if (several && type != "image") throw GraphRefusal.Param("Param message[attachments] may hold images only");
        var payload = attachment.Obj("payload") ?? throw GraphRefusal.Param("Param message[attachment][payload] is required");
        var (url, id) = (payload.Text("url"), payload.Text("attachment_id"));
        if ((url is null) == (id is null)) throw GraphRefusal.Param("Param message[attachment][payload] must have one of url, attachment_id");
        return (type, url, id);
    }

    private static PageMessage Template(JsonObject attachment, string? metadata)
    {
        const string At = "message[attachment][payload]";
        var payload = attachment.Obj("payload") ?? throw GraphRefusal.Param($"Param {At} is required");
        switch (payload.Text("template_type"))
        {
            case "button":
                var text = Short(payload, "text", 640, At);
                return new("buttons", text, Buttons(payload, At, 1)) { Metadata = metadata, Template = attachment };
            case "generic":
                var elements = payload.List("elements");
                if (elements is not { Count: > 0 and <= 10 }) throw GraphRefusal.Param($"Param {At}[elements] must have 1 to 10 items");
                var buttons = new List<ThreadButton>();
                var words = new List<string>();
                foreach (var (element, i) in elements.Select((e, i) => (e, i)))
                {
                    words.Add(Short(element, "title", 80, $"{At}[elements][{i}]"));
                    if (element.Has("subtitle")) words.Add(Short(element, "subtitle", 80, $"{At}[elements][{i}]"));
                    else if (!element.Has("image_url") && !element.Has("buttons") && !element.Has("default_action")) throw GraphRefusal.Param($"Param {At}[elements][{i}] must have at least one more property than title");
                    if (element.Has("image_url")) Web(element, "image_url", $"{At}[elements][{i}]");
                    if (element.Has("buttons")) buttons.AddRange(Buttons(element, $"{At}[elements][{i}]", 1));
                }
                return new("cards", string.Join('\n', words), buttons) { Metadata = metadata, Template = attachment };
            default:
                throw GraphRefusal.Param($"Param {At}[template_type] is not supported");
        }
    }

    private static List<ThreadButton> Buttons(JsonNode? home, string at, int least)
    {
        var buttons = home.List("buttons");
        if (buttons is null || buttons.Count < least || buttons.Count > 3) throw GraphRefusal.Param($"Param {at}[buttons] must have {least} to 3 items");
        return [.. buttons.Select((button, i) =>
        {
            var where = $"{at}[buttons][{i}]";
            var title = Short(button, "title", 20, where);
            return button.Text("type") switch
            {
                "postback" => new ThreadButton(title, Short(button, "payload", 1000, where), "postback"),
                "phone_number" => new ThreadButton(title, Short(button, "payload", 30, where), "url"),
                "web_url" => new ThreadButton(title, Web(button, "url", where), "url"),
                _ => throw GraphRefusal.Param($"Param {where}[type] must be one of {{postback, web_url, phone_number}}"),
            };
        })];
    }

    private static string Short(JsonNode? home, string name, int most, string at)
    {
        var text = home.Text(name);
        if (string.IsNullOrWhiteSpace(text)) throw GraphRefusal.Param($"Param {at}[{name}] is required");
        return text.Length <= most ? text : throw GraphRefusal.Param($"Length of param {at}[{name}] must be less than or equal to {most}");
    }

    private static string Web(JsonNode? home, string name, string at) =>
        Uri.TryCreate(home.Text(name), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.ToString() : throw GraphRefusal.Param($"Param {at}[{name}] must be a valid URL");
}
