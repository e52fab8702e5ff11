using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Sandbox.Meta.Graph;

namespace OrderClosr.Sandbox.Meta.Sending;

/// <summary>A WhatsApp message, read and found to be well formed.</summary>
public sealed record WhatsAppMessage(string Kind, string Text)
{
    /// <summary>What may be tapped.</summary>
    public IReadOnlyList<ThreadButton> Buttons { get; init; } = [];

    /// <summary>A file by media id or link.</summary>
    public (string? Id, string? Link)? File { get; init; }

    /// <summary>A template: only these reach a person after 24 hours.</summary>
    public MetaTemplate? Template { get; init; }

    /// <summary>A reaction: the message it stands on and the emoji (empty removes it).</summary>
    public (string MessageId, string Emoji)? Reaction { get; init; }
}

/// <summary>Form and limits of WhatsApp bodies (facts: meta.md sections 6.1 and 6.2). Unknown keys are refused, as the Cloud API does.</summary>
public static partial class WhatsAppRules
{
    private static readonly string[] Media = ["image", "video", "document", "audio", "sticker"];

    /// <summary>Reads the body or refuses it.</summary>
    public static WhatsAppMessage Read(JsonObject body, Waba waba)
    {
        var type = body.Has("type") ? body.Text("type") : "text";
        if (type is null) throw GraphRefusal.Param("Param type must be a string");
        if (type is not ("text" or "interactive" or "template" or "reaction" or "location" or "contacts") && !Media.Contains(type))
            throw GraphRefusal.Param($"Param type must be one of {{AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, STICKER, TEMPLATE, TEXT, VIDEO}} - got \"{type}\".");
        if (type == "contacts") return body.List("contacts") is { Count: > 0 } ? new("contact", "") : throw GraphRefusal.Param("The parameter contacts is required.");
        var content = body.Obj(type) ?? throw GraphRefusal.Param($"The parameter {type} is required.");
        return type switch
        {
            "text" => Text(content),
            "interactive" => Interactive(content),
            "template" => Template(content, waba),
            "reaction" => Reaction(content),
            "location" => content.Has("latitude") && content.Has("longitude") ? new("location", $"{content.Text("latitude")}, {content.Text("longitude")}") : throw GraphRefusal.Missing("latitude and longitude are required"),
            _ => File(type, content),
        };
    }

    private static WhatsAppMessage Text(JsonObject text)
    {
        Only(text, "text", "body", "preview_url");
        if (text.Has("preview_url") && text["preview_url"]!.GetValueKind() is not (System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False)) throw GraphRefusal.Param("Param text['preview_url'] must be a boolean.");
        return new("text", Needed(text, "body", 4096, "text"));
    }

    private static WhatsAppMessage Reaction(JsonObject reaction)
    {
        Only(reaction, "reaction", "message_id", "emoji");
        var id = Needed(reaction, "message_id", 400, "reaction");
        return new("reaction", "") { Reaction = (id, reaction.Text("emoji") ?? "") };
    }

    private static WhatsAppMessage File(string type, JsonObject file)
    {
        string[] allowed = type switch { "document" => ["id", "link", "caption", "filename"], "audio" => ["id", "link", "voice"], "sticker" => ["id", "link"], _ => ["id", "link", "caption"] };
        Only(file, type, allowed);
        var (id, link) = (file.Text("id"), file.Text("link"));
        if ((id is null) == (link is null)) throw GraphRefusal.Param($"Param {type} must have exactly one of ['id', 'link'].");
        if (link is not null && !(Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")) throw GraphRefusal.Param($"Param {type}['link'] is not a valid URI.");
        var caption = file.Text("caption") ?? "";
        return caption.Length > 1024 ? throw TooLong($"{type}['caption']", 1024) : new(type, caption) { File = (id, link) };
    }

    private static WhatsAppMessage Interactive(JsonObject it)
    {
        Only(it, "interactive", "type", "header", "body", "footer", "action");
        var type = it.Text("type");
        var action = it.Obj("action") ?? throw GraphRefusal.Missing("interactive['action'] is required");
        var body = it.Obj("body");
        var text = type == "product" && body is null ? "" : Needed(body ?? throw GraphRefusal.Missing("interactive['body'] is required"), "text", type == "list" ? 4096 : 1024, "interactive['body']");
        if (it.Obj("footer") is { } footer) Needed(footer, "text", 60, "interactive['footer']");
        if (it.Obj("header") is { } header && header.Text("type") is var kind && kind == "text") Needed(header, "text", 60, "interactive['header']");
        else if (it.Has("header") && it.Obj("header").Text("type") is not ("image" or "video" or "document")) throw GraphRefusal.Value("interactive['header']['type'] must be one of text, image, video, document");
        switch (type)
        {
            case "button":
                var buttons = action.List("buttons");
                if (buttons is not { Count: >= 1 and <= 3 }) throw GraphRefusal.Value("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3");
                var read = buttons.Select((b, i) =>
                {
                    if (b.Text("type") != "reply") throw GraphRefusal.Value($"interactive['action']['buttons'][{i}]['type'] must be reply");
                    var reply = b.Obj("reply") ?? throw GraphRefusal.Missing($"interactive['action']['buttons'][{i}]['reply'] is required");
                    return new ThreadButton(Needed(reply, "title", 20, "Button title"), Needed(reply, "id", 256, "Button id"), "reply");
                }).ToList();
                if (read.DistinctBy(b => b.Payload).Count() < read.Count || read.DistinctBy(b => b.Title).Count() < read.Count) throw GraphRefusal.Value("Button ids and titles must be unique");
                return new("buttons", text) { Buttons = read };
            case "list":
                Needed(action, "button", 20, "interactive['action']['button']");
                var sections = action.List("sections");
                if (sections is not { Count: >= 1 and <= 10 }) throw GraphRefusal.Value("Invalid sections count. Min 1, max 10");
                var rows = sections.SelectMany(s =>
                {
                    if (sections.Count > 1 || s.Has("title")) Needed(s as JsonObject, "title", 24, "Section title");
                    return (s.List("rows") ?? throw GraphRefusal.Missing("A section needs rows")).Select(r =>
                    {
                        if (r.Has("description")) Needed(r as JsonObject, "description", 72, "Row description");
                        return new ThreadButton(Needed(r as JsonObject, "title", 24, "Row title"), Needed(r as JsonObject, "id", 200, "Row id"), "list");
                    });
                }).ToList();
                if (rows.Count is 0 or > 10) throw GraphRefusal.Value("Total row count exceed max allowed count: 10");
                return rows.DistinctBy(r => r.Payload).Count() == rows.Count ? new("buttons", text) { Buttons = rows } : throw GraphRefusal.Value("Row ids must be unique");
            case "cta_url":
                var link = action.Obj("parameters") ?? throw GraphRefusal.Missing("interactive['action']['parameters'] is required");
                if (action.Text("name") != "cta_url") throw GraphRefusal.Value("interactive['action']['name'] must be cta_url");
                return new("buttons", text) { Buttons = [new(Needed(link, "display_text", 20, "display_text"), Needed(link, "url", 2000, "url"), "url")] };
            case "location_request_message":
                return action.Text("name") == "send_location" ? new("text", text) : throw GraphRefusal.Value("interactive['action']['name'] must be send_location");
            case "product":
                Needed(action, "catalog_id", 64, "catalog_id");
                return new("product", $"{text} [{Needed(action, "product_retailer_id", 100, "product_retailer_id")}]".Trim());
            case "product_list":
                Needed(action, "catalog_id", 64, "catalog_id");
                return action.List("sections") is { Count: >= 1 and <= 10 } && it.Has("header") ? new("product", text) : throw GraphRefusal.Value("product_list needs a header and 1 to 10 sections");
            default:
                throw GraphRefusal.Value("interactive['type'] must be one of button, cta_url, list, location_request_message, product, product_list");
        }
    }

    private static WhatsAppMessage Template(JsonObject it, Waba waba)
    {
        Only(it, "template", "name", "language", "components", "namespace");
        var name = Needed(it, "name", 512, "template['name']");
        var language = it.Obj("language").Text("code") ?? throw GraphRefusal.Missing("template['language']['code'] is required");
        if (waba.Templates.FirstOrDefault(t => t.Name == name && t.Language == language) is not { } template || template.Status is "PENDING" or "REJECTED")
            throw new GraphRefusal(132_001, "(#132001) Template name does not exist in the translation", 404, details: $"template name ({name}) does not exist in {language}");
        if (template.Status == "PAUSED") throw new GraphRefusal(132_015, "(#132015) Template is paused");
        if (template.Status == "DISABLED") throw new GraphRefusal(132_016, "(#132016) Template is disabled");
        var given = it.List("components")?.Where(c => c.Text("type")?.ToLowerInvariant() == "body").SelectMany(c => c.List("parameters") ?? []).ToList() ?? [];
        var expected = Parameters().Matches(template.Body).Select(m => m.Value).Distinct().Count();
        if (given.Count != expected) throw new GraphRefusal(132_000, "(#132000) Number of parameters does not match the expected number of params", details: $"body: number of localizable_params ({given.Count}) does not match the expected number of params ({expected})");
        var text = template.Body;
        for (var i = 0; i < given.Count; i++)
        {
            var value = given[i].Text("type") == "text" ? given[i].Text("text") : null;
            if (string.IsNullOrEmpty(value)) throw new GraphRefusal(132_012, "(#132012) Parameter format does not match format in the created template");
            if (value.Contains('\n', StringComparison.Ordinal) || value.Contains('\t', StringComparison.Ordinal) || value.Contains("     ", StringComparison.Ordinal)) throw GraphRefusal.Param("Param text cannot have new-line/tab characters or more than 4 consecutive spaces");
            text = text.Replace($"{{{{{i + 1}}}}}", value, StringComparison.Ordinal);
        }
        return new("template", text) { Template = template };
    }

    private static void Only(JsonObject home, string name, params ReadOnlySpan<string> keys)
    {
        foreach (var (key, _) in home)
            if (!keys.Contains(key)) throw GraphRefusal.Param($"Unexpected key \"{key}\" on param \"{name}\".");
    }

    private static string Needed(JsonObject? home, string key, int most, string where)
    {
        var text = home.Text(key);
        if (string.IsNullOrWhiteSpace(text)) throw GraphRefusal.Missing($"{where}: {key} is required");
        return text.Length <= most ? text : throw TooLong($"{where}['{key}']", most);
    }

    private static GraphRefusal TooLong(string what, int most) => GraphRefusal.Param($"Param {what} must be at most {most} characters long.");

    [GeneratedRegex(@"\{\{\d+\}\}")]
    private static partial Regex Parameters();
}
