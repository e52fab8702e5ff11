using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Sandbox.Meta.Media;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>Edges of WABAs and numbers beside messages: numbers, templates, registration, uploads, coexistence imports (facts: meta.md sections 5.6, 8 and 9.3).</summary>
public sealed partial class WhatsAppEdges(MetaWorld world, Access access, MediaShelf shelf, Subscriptions subscriptions, TimeProvider time)
{
    /// <summary>An edge of a WABA.</summary>
    public async Task<JsonNode> OfWabaAsync(GraphCall call, Waba waba, string edge)
    {
        MetaAccount[] numbers;
        lock (world.Gate)
        {
            numbers = [.. world.Accounts.Where(a => a.WabaId == waba.Id)];
            access.Need(numbers[0], "whatsapp_business_management");
        }
        switch (call.Method, edge)
        {
            case (_, "subscribed_apps"):
                return await subscriptions.OfWabaAsync(call, waba);
            case ("GET", "phone_numbers"):
                return new JsonObject { ["data"] = new JsonArray([.. numbers.Select(n => call.Pick(Nodes.Phone(n), "verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput", "id"))]), ["paging"] = Paging() };
            case (_, "message_templates"):
                lock (world.Gate) return Templates(call, waba);
            default:
                throw GraphRefusal.NoObject(call.Method, $"{waba.Id}/{edge}");
        }
    }

    /// <summary>An edge of a number.</summary>
    public async Task<JsonNode> OfPhoneAsync(GraphCall call, MetaAccount phone, string edge)
    {
        if ((call.Method, edge) == ("POST", "media")) return await UploadAsync(call, phone);
        lock (world.Gate)
        {
            access.Need(phone, "whatsapp_business_management");
            if (call.Method != "POST" || edge is not ("register" or "deregister" or "smb_app_data")) throw GraphRefusal.NoObject(call.Method, $"{phone.Id}/{edge}");
            if (edge != "deregister" && call.Arg("messaging_product") != "whatsapp") throw GraphRefusal.Param("The parameter messaging_product is required.");
            if (edge == "smb_app_data")
            {
                if (!phone.OnPhone && !world.Faults.IsOn("coexistence")) throw GraphRefusal.Param("The number is not on the WhatsApp Business app.");
                return Sync(call, phone);
            }
            if (edge == "register")
            {
                if (call.Arg("pin") is not { } given || !Pin().IsMatch(given)) throw GraphRefusal.Param("Param pin must be a 6-digit number.");
                if (world.Faults.IsOn("coexistence") || phone.OnPhone) throw new GraphRefusal(133_005, "(#133005) A number of the WhatsApp Business app must not be registered");
            }
            var now = time.GetUtcNow();
            phone.Registrations.RemoveAll(at => now - at >= TimeSpan.FromHours(72));
            if (phone.Registrations.Count >= 10) throw new GraphRefusal(133_016, "(#133016) Account register or deregister rate limit exceeded");
            phone.Registrations.Add(now);
            if (edge == "register" && phone.Elsewhere is not null) throw new GraphRefusal(133_006, "(#133006) Phone number re-verification needed", details: "The number is registered at another platform and must be verified again");
            if (edge == "register" && phone.Pin is { } pin && pin != call.Arg("pin")) throw new GraphRefusal(133_005, "(#133005) Two step verification PIN mismatch");
            if (edge == "register") phone.Pin = call.Arg("pin");
            phone.Registered = edge == "register";
            return Subscriptions.Success();
        }
    }

    private JsonObject Templates(GraphCall call, Waba waba)
    {
        switch (call.Method)
        {
            case "GET":
                var found = waba.Templates.Where(t => (call.Arg("name") is not { } name || t.Name == name) && (call.Arg("status") is not { } status || t.Status == status) && (call.Arg("language") is not { } language || t.Language == language))
                    .Take(int.TryParse(call.Arg("limit"), out var limit) ? Math.Clamp(limit, 1, 100) : 25);
                return new()
                {
                    ["data"] = new JsonArray([.. found.Select(t => new JsonObject
                    {
                        ["name"] = t.Name, ["components"] = new JsonArray(new JsonObject { ["type"] = "BODY", ["text"] = t.Body }), ["language"] = t.Language,
                        ["status"] = t.Status, ["category"] = t.Category, ["id"] = t.Id,
                    })]),
                    ["paging"] = Paging(),
                };
            case "POST":
                if (call.Arg("name") is not { } given || !TemplateName().IsMatch(given)) throw GraphRefusal.Param("Param name must be lower-case letters, digits and underscores, at most 512.");
                if (call.Arg("language") is not { Length: >= 2 } code) throw GraphRefusal.Param("The parameter language is required.");
                if (call.Arg("category")?.ToUpperInvariant() is not ("UTILITY" or "MARKETING" or "AUTHENTICATION")) throw GraphRefusal.Param("Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}.");
                var body = call.Body.List("components")?.FirstOrDefault(c => c.Text("type")?.ToUpperInvariant() == "BODY").Text("text");
                if (string.IsNullOrWhiteSpace(body) || body.Length > 1024) throw GraphRefusal.Param("Param components must hold a BODY with a text of at most 1024 characters.");
                if (waba.Templates.Any(t => t.Name == given && t.Language == code)) throw new GraphRefusal(100, "(#100) Content in this language already exists", subcode: 2_388_024);
                var template = new MetaTemplate(MetaIds.Number(), given, code, call.Arg("category")!.ToUpperInvariant(), body) { Status = "PENDING" };
                waba.Templates.Add(template);
                return new() { ["id"] = template.Id, ["status"] = template.Status, ["category"] = template.Category };
            case "DELETE":
                return waba.Templates.RemoveAll(t => t.Name == call.Arg("name")) > 0 ? Subscriptions.Success() : throw new GraphRefusal(100, "(#100) Message template was not found", subcode: 2_593_002);
            default: throw GraphRefusal.NoObject(call.Method, waba.Id);
        }
    }

    private static JsonObject Sync(GraphCall call, MetaAccount phone)
    {
        if (call.Arg("sync_type") is not ("smb_app_state_sync" or "history")) throw GraphRefusal.Param("Param sync_type must be one of {history, smb_app_state_sync}.");
        var type = call.Arg("sync_type")!;
        if (!phone.Synced.Add(type)) throw new GraphRefusal(100, "(#100) This sync was already requested", subcode: type == "history" ? 2_593_108 : 2_593_107);
        return new() { ["messaging_product"] = "whatsapp", ["request_id"] = MetaIds.Letters(20) };
    }

    private async Task<JsonObject> UploadAsync(GraphCall call, MetaAccount phone)
    {
        lock (world.Gate) access.Need(phone, "whatsapp_business_messaging");
        if (call.Arg("messaging_product") != "whatsapp") throw GraphRefusal.Param("The parameter messaging_product is required.");
        if (call.Files?.GetFile("file") is not { } file) throw GraphRefusal.Param("The parameter file is required.");
        if (string.IsNullOrEmpty(call.Arg("type"))) throw GraphRefusal.Param("The parameter type is required.");
        var mime = file.ContentType ?? "";
        // "audio/opus" is what many encoders say; Meta wants ogg.
        if (MediaKinds.Bare(mime) == "audio/opus") throw new GraphRefusal(131_053, "(#131053) Media upload error", details: "Unsupported audio type audio/opus");
        var type = MediaKinds.WhatsAppType(mime) ?? throw GraphRefusal.Param($"Param file must be a file with one of the following types: audio/aac, audio/mp4, audio/mpeg, audio/amr, audio/ogg, application/pdf, image/jpeg, image/png, image/webp, text/plain, video/mp4, video/3gp. Received file of type '{mime}'.");
        if (call.Arg("type") is { } said && said.Contains('/', StringComparison.Ordinal) && MediaKinds.Bare(said) != MediaKinds.Bare(mime)) throw GraphRefusal.Param("Param type does not fit the file's content type.");
        if (!MediaKinds.Extension(mime, file.FileName)) throw new GraphRefusal(131_053, "(#131053) Media upload error", details: $"The file extension of \"{file.FileName}\" does not fit {mime}");
        if (file.Length > MediaKinds.WhatsAppLimit(type, mime)) throw GraphRefusal.Param("The file is too large.");
        await using var stream = file.OpenReadStream();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        var bytes = copy.ToArray();
        if (type != "document" && !(MediaKinds.Sniff(bytes) is { } real && MediaKinds.Agrees(mime, real))) throw new GraphRefusal(131_053, "(#131053) Media upload error", details: $"The file is not {mime}");
        return new() { ["id"] = shelf.Keep(phone, bytes, mime, TimeSpan.FromDays(30)).Id };
    }

    private static JsonObject Paging() => new() { ["cursors"] = new JsonObject { ["before"] = "QVFIU", ["after"] = "QVFIU" } };

    [GeneratedRegex(@"^\d{6}$")]
    private static partial Regex Pin();

    [GeneratedRegex(@"^[a-z0-9_]{1,512}$")]
    private static partial Regex TemplateName();
}
