using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>One call as the Graph API reads it: parameters from query, JSON, form or multipart are all the same to it.</summary>
public sealed partial class GraphCall
{
    private GraphCall(HttpContext http, string[] path, JsonObject body, IFormFileCollection? files) => (Http, Path, Body, Files) = (http, path, body, files);

    /// <summary>The call below it.</summary>
    public HttpContext Http { get; }

    /// <summary>Path without the version.</summary>
    public string[] Path { get; }

    /// <summary>Parameters of the body.</summary>
    public JsonObject Body { get; }

    /// <summary>Uploaded files of a multipart body.</summary>
    public IFormFileCollection? Files { get; }

    /// <summary>GET, POST or DELETE.</summary>
    public string Method => Http.Request.Method;

    /// <summary>The access token: header first, then query, then body.</summary>
    public string? Token
    {
        get
        {
            var header = Http.Request.Headers.Authorization.ToString();
            foreach (var scheme in (ReadOnlySpan<string>)["Bearer ", "OAuth "])
                if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return header[scheme.Length..].Trim();
            return Arg("access_token");
        }
    }

    /// <summary>One parameter, from body or query.</summary>
    public string? Arg(string name) => Body.Text(name) ?? (Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null);

    /// <summary>One parameter that is an object: also as JSON text, as form bodies carry it.</summary>
    public JsonObject? Object(string name) => Body.Obj(name) ?? (Arg(name) is { } text ? Parse(text) as JsonObject : null);

    /// <summary>One parameter that is a list: JSON array or text with commas.</summary>
    public IReadOnlyList<string>? List(string name)
    {
        if (Body[name] is JsonArray items || (Arg(name) is { } text && (items = (Parse(text) as JsonArray)!) is not null))
            return [.. items.Select(i => i?.GetValueKind() == JsonValueKind.String ? i.GetValue<string>() : i?.ToJsonString() ?? "")];
        return Arg(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Top-level names of <c>fields</c>: <c>a,b{c,d}</c> is a and b.</summary>
    public IReadOnlyList<string> Fields => Arg("fields") is { } text ? [.. WithoutNested(text).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] : [];

    /// <summary>Keeps of an object what <c>fields</c> asks for, the id always.</summary>
    public JsonObject Pick(JsonObject all, params ReadOnlySpan<string> usual)
    {
        var wanted = Fields is { Count: > 0 } asked ? asked : usual.ToArray();
        var picked = new JsonObject();
        foreach (var name in wanted)
            if (all[name] is { } value) picked[name] = value.DeepClone();
        if (!picked.ContainsKey("id") && all["id"] is { } id) picked["id"] = id.DeepClone();
        return picked;
    }

    /// <summary>Reads a call; a body that is not what it says is refused.</summary>
    public static async Task<GraphCall> ReadAsync(HttpContext http, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 0 && Version().IsMatch(parts[0])) parts = parts[1..];
        var (body, files) = await BodyAsync(http.Request);
        return new(http, parts, body, files);
    }

    /// <summary><c>/v25.0/me</c> → <c>/me</c>.</summary>
    public static string WithoutVersion(string path) => LeadingVersion().Replace(path, "");

    private static async Task<(JsonObject Body, IFormFileCollection? Files)> BodyAsync(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method)) return ([], null);
        if (request.HasFormContentType)
        {
            IFormCollection form;
            try { form = await request.ReadFormAsync(new Microsoft.AspNetCore.Http.Features.FormOptions { MultipartBodyLengthLimit = 110L * 1024 * 1024 }); }
            catch (Exception e) when (e is InvalidDataException or IOException) { throw GraphRefusal.Param("The multipart body cannot be read"); }
            var body = new JsonObject();
            foreach (var (key, value) in form) body[key] = value.ToString() is ['{' or '[', ..] text ? Parse(text) ?? text : value.ToString();
            return (body, form.Files);
        }
        using var reader = new StreamReader(request.Body);
        var json = await reader.ReadToEndAsync();
        if (json.Length == 0) return ([], null);
        return (Parse(json) as JsonObject ?? throw GraphRefusal.Param("The body is not a JSON object"), null);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
        }
        catch (JsonException) { return null; }
    }

    private static string WithoutNested(string text)
    {
        string before;
        do { before = text; text = Nested().Replace(text, ""); } while (text != before);
        return text;
    }

    [GeneratedRegex(@"^v\d{1,2}\.\d$")]
    private static partial Regex Version();

    [GeneratedRegex(@"^/v\d{1,2}\.\d(?=/|$)")]
    private static partial Regex LeadingVersion();

    [GeneratedRegex(@"\.[a-z_]+\([^()]*\)|\{[^{}]*\}")]
    private static partial Regex Nested();
}
