using System.Collections;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using OrderClosr.Agent;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Tests.Tenancy;

/// <summary>Makes a request to any endpoint with the ids of a planted shop in its address and its body. What it does not know it refuses to guess.</summary>
internal static class Filling
{
    /// <summary>What an id in an address is the id of, by the word before it.</summary>
    private static readonly Dictionary<string, Func<Planting, string?>> AfterWord = new(StringComparer.Ordinal)
    {
        ["inbox"] = p => Id<Conversation>(p), ["conversations"] = p => Id<Conversation>(p), ["messages"] = p => Id<Message>(p), ["orders"] = p => Id<Order>(p), ["confirm"] = p => Id<Order>(p),
        ["customers"] = p => Id<Customer>(p), ["catalogue"] = p => Id<Product>(p), ["products"] = p => Id<Product>(p), ["variants"] = p => Id<Variant>(p), ["photos"] = p => Id<Photo>(p),
        ["channels"] = p => Id<Channel>(p), ["media"] = p => p.File, ["photo"] = p => Id<Photo>(p), ["shipping"] = p => Id<DeliveryFee>(p), ["desks"] = p => Id<Desk>(p),
        ["jobs"] = p => Id<Job>(p), ["leads"] = p => Id<Lead>(p), ["turns"] = p => Id<TurnRecord>(p),
        ["panel"] = p => Id<Conversation>(p), ["import"] = p => Named(p, "CatalogueImport"), ["api"] = p => Named(p, "ApiKey"), ["keys"] = p => Named(p, "ApiKey"), ["comments"] = p => Named(p, "Comment"),
        ["slips"] = p => Named(p, "PaymentSlip"), ["previews"] = p => Named(p, "SlipLook"), ["lines"] = p => Named(p, "SlipLine"), ["claims"] = p => Named(p, "Claim"), ["terms"] = p => Named(p, "CourierAccount"),
        ["parcels"] = p => Named(p, "Parcel"), ["couriers"] = _ => "yalidine", ["reset"] = _ => "not-a-token", ["track"] = _ => "0123456789abcdef0123456789abcdef",
        ["invitations"] = p => Named(p, "Invitation"), ["members"] = p => Named(p, "Member"),
        ["hooks"] = p => Named(p, "HookEndpoint"), ["webhooks"] = p => Named(p, "HookEndpoint"), ["deliveries"] = p => Named(p, "HookDelivery"),
        ["deletion"] = _ => "0123456789abcdef0123456789abcdef",
        ["sessions"] = _ => "01234567-89ab-cdef-0123-456789abcdef", ["passkeys"] = _ => "abcd",
    };

    /// <summary>Fields of queries, forms and JSON bodies by their name in small letters without lines.</summary>
    private static readonly Dictionary<string, Func<Planting, string?>> Fields = new(StringComparer.Ordinal)
    {
        ["conversation"] = p => Id<Conversation>(p), ["conversationid"] = p => Id<Conversation>(p), ["open"] = p => Id<Conversation>(p), ["customerid"] = p => Id<Customer>(p), ["customer"] = p => Id<Customer>(p),
        ["orderid"] = p => Id<Order>(p), ["order"] = p => Id<Order>(p), ["productid"] = p => Id<Product>(p), ["product"] = p => Id<Product>(p), ["variantid"] = p => Id<Variant>(p), ["variant"] = p => Id<Variant>(p),
        ["messageid"] = p => Id<Message>(p), ["channelid"] = p => Id<Channel>(p), ["channel"] = p => Id<Channel>(p), ["photoid"] = p => Id<Photo>(p), ["deskid"] = p => Id<Desk>(p), ["id"] = p => Id<Order>(p),
        ["q"] = _ => Planting.Searched, ["query"] = _ => Planting.Searched, ["search"] = _ => Planting.Searched, ["text"] = _ => "Bonjour", ["name"] = _ => "Nom", ["phone"] = _ => "0500000012", ["secondphone"] = _ => "0500000013",
        ["wilaya"] = _ => "Oran", ["commune"] = _ => "Oran", ["address"] = _ => "Cité 1", ["delivery"] = _ => "home", ["reason"] = _ => "customer", ["note"] = _ => "note", ["description"] = _ => "texte",
        ["quantity"] = _ => "1", ["price"] = _ => "3000", ["unitprice"] = _ => "3100", ["floorprice"] = _ => "", ["stock"] = _ => "4", ["sku"] = _ => "SKU-NEW", ["paused"] = _ => "true", ["active"] = _ => "true",
        ["state"] = _ => "confirmed", ["view"] = _ => "all", ["after"] = _ => "", ["before"] = _ => "1", ["at"] = _ => "1", ["limit"] = _ => "10", ["cursor"] = _ => "", ["heldby"] = _ => "agent", ["here"] = _ => "inbox",
        ["to"] = _ => "", ["lang"] = _ => "fr", ["shop"] = _ => "Boutique", ["shopname"] = _ => "Nom", ["email"] = _ => "x@example.test", ["password"] = _ => "une phrase assez longue", ["page"] = _ => "1", ["until"] = _ => "2026-12-24", ["day"] = _ => "2026-12-24",
        ["from"] = _ => "2026-11-01", ["file"] = p => p.File, ["hubmode"] = _ => "subscribe", ["kind"] = _ => "messenger", ["externalid"] = _ => "199",
        ["done"] = _ => "", ["desk"] = _ => "", ["resumeafterhours"] = _ => "12", ["on"] = _ => "true", ["hours"] = _ => "12", ["parentid"] = _ => "", ["token"] = _ => "invented-token", ["account"] = _ => "199", ["courier"] = _ => "",
        ["daycap"] = _ => "300", ["monthcap"] = _ => "5000", ["month"] = _ => "5000", ["age"] = _ => "1", ["code"] = _ => "", ["batch"] = p => Named(p, "ShipBatch"), ["listed"] = p => Id<Conversation>(p),
        ["role"] = _ => "manager", ["language"] = _ => "fr", ["all"] = _ => "true",
        ["who"] = _ => "", ["complaints"] = _ => "true", ["wholesale"] = _ => "true", ["big"] = _ => "true", ["over"] = _ => "15000",
        ["way"] = _ => "facebook", ["error"] = _ => "", ["told"] = _ => "", ["pick"] = _ => "messenger-199", ["pin"] = _ => "012345",
        ["format"] = _ => "archive", ["tab"] = _ => "1",
        ["list"] = _ => "wilaya", ["of"] = _ => "orders", ["cut"] = _ => "wilaya", ["key"] = _ => "31", ["dates"] = _ => "true", ["lead"] = p => Id<Lead>(p), ["back"] = _ => "",
        ["plan"] = _ => "atelier", ["cycle"] = _ => "monthly", ["by"] = _ => "cib", ["url"] = _ => "https://example.test/hook", ["events"] = _ => "order.created",
        ["old"] = _ => "une autre phrase", ["oldpassword"] = _ => "une autre phrase", ["endkeys"] = _ => "true", ["credential"] = _ => "{}", ["passkeyname"] = _ => "Nom", ["passkeypassword"] = _ => "une autre phrase",
    };

    private static string? Id<T>(Planting p) => p.IdOf(typeof(T))?.ToString("N");

    private static string? Named(Planting p, string entity) => typeof(App).Assembly.GetTypes().FirstOrDefault(t => t.Name == entity) is { } type ? p.IdOf(type)?.ToString("N") : null;

    /// <summary>The address with the shop's ids; the second value says whether it names a row of the shop.</summary>
    internal static (string Path, bool NamesRow) Address(RouteEndpoint endpoint, string method, string slug, Planting of)
    {
        var path = new StringBuilder();
        var (names, word) = (false, "");
        foreach (var segment in endpoint.RoutePattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
            {
                if (part is RoutePatternLiteralPart literal) path.Append(word = literal.Content);
                if (part is RoutePatternSeparatorPart separator) path.Append(separator.Content);
                if (part is not RoutePatternParameterPart parameter) continue;
                if (parameter.Name == "workspace")
                {
                    path.Append(slug);
                    continue;
                }
                if (parameter.ParameterPolicies.Any(p => p.Content == "int"))
                {
                    // A code that all shops share (a commune), no row of one.
                    path.Append("3101");
                    continue;
                }
                if (parameter.IsCatchAll)
                {
                    path.Append("nowhere");
                    continue;
                }
                var value = TypedId(endpoint, parameter.Name, of) ?? AfterWord.GetValueOrDefault(word)?.Invoke(of);
                Assert.True(value is not null, $"{method} {endpoint.RoutePattern.RawText}: the walk does not know what {{{parameter.Name}}} after \"{word}\" is the id of: tell Filling.AfterWord");
                path.Append(value);
                names = true;
            }
        }
        var query = Bound(endpoint).Where(b => !endpoint.RoutePattern.Parameters.Any(p => p.Name == b.Name) && IsSimple(b.ParameterInfo.ParameterType)
                && !b.ParameterInfo.GetCustomAttributes(true).Any(a => a is IFromFormMetadata or IFromHeaderMetadata or IFromServiceMetadata or IFromBodyMetadata))
            .Select(b => (b.Name, Value: ValueOf(b.Name, b.ParameterInfo.ParameterType, of, $"{method} {endpoint.RoutePattern.RawText}"))).Where(b => b.Value.Length > 0).ToList();
        if (query.Count > 0) path.Append('?').AppendJoin('&', query.Select(b => $"{b.Name}={Uri.EscapeDataString(b.Value)}"));
        return (path.ToString(), names);
    }

    /// <summary>A plausible body; null when the endpoint takes none.</summary>
    internal static HttpContent? Body(RouteEndpoint endpoint, string method, Planting of, string? proof)
    {
        if (method is "GET" or "HEAD" or "DELETE") return null;
        if (endpoint.Metadata.GetMetadata<OrderClosr.Web.Api.ApiBody>()?.Type is { } type)
            return new StringContent(Json(type, of, $"{method} {endpoint.RoutePattern.RawText}")!.ToJsonString(), Encoding.UTF8, "application/json");
        var isApi = endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/v1/", StringComparison.Ordinal);
        Assert.True(!isApi || endpoint.RoutePattern.Parameters.Any(p => p.IsCatchAll), $"{method} {endpoint.RoutePattern.RawText} does not say which body it takes");
        if (proof is null) return null;

        // Everything a form of ours may ask for, and what this one says it asks for.
        var wanted = Bound(endpoint).Where(b => b.ParameterInfo.GetCustomAttributes(true).Any(a => a is IFromFormMetadata)).ToList();
        var fields = Fields.Select(f => (f.Key, Value: f.Value(of) ?? "")).ToList();
        foreach (var simple in wanted.Where(b => IsSimple(b.ParameterInfo.ParameterType))) fields.Add((simple.Name, ValueOf(simple.Name, simple.ParameterInfo.ParameterType, of, endpoint.RoutePattern.RawText!)));
        foreach (var property in wanted.Where(b => !IsSimple(b.ParameterInfo.ParameterType)).SelectMany(b => b.ParameterInfo.ParameterType.GetProperties()).Where(p => p.SetMethod is not null && IsSimple(p.PropertyType)))
            fields.Add((property.Name, ValueOf(property.Name, property.PropertyType, of, endpoint.RoutePattern.RawText!)));
        var form = new MultipartFormDataContent { { new StringContent(proof), "__RequestVerificationToken" } };
        foreach (var (name, value) in fields.DistinctBy(f => f.Item1)) form.Add(new StringContent(value), name);
        if (Bound(endpoint).Any(b => typeof(IFormFile).IsAssignableFrom(b.ParameterInfo.ParameterType) || typeof(IFormFileCollection).IsAssignableFrom(b.ParameterInfo.ParameterType)))
        {
            var file = new ByteArrayContent(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
            file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            foreach (var b in Bound(endpoint).Where(b => typeof(IFormFile).IsAssignableFrom(b.ParameterInfo.ParameterType))) form.Add(file, b.Name, "photo.png");
        }
        return form;
    }

    /// <summary>JSON of a request record, by the names of the API.</summary>
    internal static JsonNode? Json(Type type, Planting of, string where)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(JsonElement) || type == typeof(JsonNode) || type == typeof(JsonObject)) return new JsonObject { ["paused"] = true };
        if (IsSimple(type)) return Scalar(type, ValueOf("text", type, of, where));
        var json = new JsonObject();
        foreach (var property in type.GetProperties())
        {
            var inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (IsSimple(inner)) json[name] = Scalar(inner, ValueOf(property.Name, inner, of, where));
            else if (typeof(IDictionary).IsAssignableFrom(inner) || (inner.IsGenericType && inner.GetGenericTypeDefinition() is { } d && (d == typeof(IReadOnlyDictionary<,>) || d == typeof(Dictionary<,>)))) json[name] = new JsonObject { ["Taille"] = "M" };
            else if (typeof(IEnumerable).IsAssignableFrom(inner)) json[name] = new JsonArray(Json(inner.IsArray ? inner.GetElementType()! : inner.GetGenericArguments()[0], of, where));
            else json[name] = Json(inner, of, where);
        }
        return json;
    }

    private static JsonNode? Scalar(Type type, string value) =>
        type == typeof(bool) ? JsonValue.Create(value == "true")
        : type == typeof(int) || type == typeof(long) || type == typeof(Dinars) ? value.Length == 0 ? null : JsonValue.Create(long.Parse(value, System.Globalization.CultureInfo.InvariantCulture))
        : value.Length == 0 ? null : JsonValue.Create(value);

    private static string ValueOf(string name, Type type, Planting of, string where)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>)) return of.IdOf(type.GetGenericArguments()[0])?.ToString("N") ?? throw new InvalidOperationException($"{where}: nothing is planted for {name}");
        var key = name.Replace("_", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (type.IsEnum) return JsonNamingPolicy.SnakeCaseLower.ConvertName(Enum.GetNames(type)[0]);
        Assert.True(Fields.ContainsKey(key), $"{where}: the walk does not know how to fill \"{name}\": tell Filling.Fields");
        var value = Fields[key](of) ?? "";
        if (type == typeof(bool) && value is not ("true" or "false")) return "true";
        return (type == typeof(int) || type == typeof(long) || type == typeof(Dinars)) && !long.TryParse(value, out _) ? "1" : value;
    }

    private static string? TypedId(RouteEndpoint endpoint, string name, Planting of) =>
        Bound(endpoint).FirstOrDefault(b => b.Name == name)?.ParameterInfo.ParameterType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Id<>)
            ? of.IdOf(type.GetGenericArguments()[0])?.ToString("N") : null;

    private static IReadOnlyList<IParameterBindingMetadata> Bound(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>();

    private static bool IsSimple(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(Dinars) || type == typeof(DateOnly) || type == typeof(DateTimeOffset) || type.IsEnum
            || type == typeof(Guid) || type == typeof(Phone) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>));
    }
}
