using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Api;

/// <summary>The OpenAPI document at <c>/api/v1/openapi.json</c>: made from the endpoints, so it cannot say what they do not do. What all of them share is said once here.</summary>
internal static class ApiDocument
{
    private const string About = """
        Products, customers, conversations, orders and parcels of one workspace.

        **Words.** snake_case. Amounts are whole Algerian dinars, phones E.164, times ISO 8601 in UTC, days those of Algiers. Ids are opaque. Communes by their national French spelling, `wilaya_code` 1 to 69.

        **Keys.** Each request carries `Authorization: Bearer oc_…`. An owner makes the key on *Settings → API*; it opens one workspace, and is shown once. Without one of ours: 401.

        **Lists** answer `{"items":[…],"next":"cursor or null"}`. `limit` is 1 to 100 (50); `cursor` is the last `next`. What is added meanwhile never moves what is still to come.

        **Writes** are read strictly: what is not JSON is 400; an unknown field or a value that cannot be understood is 422 with `field` and `suggestions`, and nothing is written.

        **`Idempotency-Key`.** The same key, address and body within 24 hours are done once and answered again (`Idempotent-Replayed: true`), also at the same moment; with another body it is 422. A refused request frees its key.

        **Errors** are RFC 9457 problem details (`application/problem+json`) with a `code` for programs and, where they help, `field`, `suggestions` and `allowed`. What is another workspace's does not exist: 404.

        **Limits.** 600 requests a minute for a key, unless the server says otherwise: each answer carries `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds); beyond it 429 with `Retry-After`.
        """;

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["id"] = "The opaque id, as a list or a write answered it.", ["state"] = "Only what stands in this state.", ["customer_id"] = "Only what is this customer's.", ["order_id"] = "Only what belongs to this order.",
        ["held_by"] = "`agent`, `person` or `nobody`.", ["from"] = "First day, `yyyy-MM-dd`.", ["to"] = "Last day, included.",
    };

    private static readonly Dictionary<string, string> Problems = new()
    {
        ["400"] = "The body is not JSON.", ["401"] = "No key of ours.", ["404"] = "There is no such thing in this workspace.", ["409"] = "Not now: a move its state does not allow (`allowed` says which it does), or it was changed at the same moment.",
        ["422"] = "Something in the request is not right: `field` names it.", ["429"] = "Too many requests: come back after `Retry-After` seconds.",
    };

    internal static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "OrderClosr", Version = "v1", Description = About };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A workspace key of the settings page." },
            };
            document.Tags = document.Paths.Keys.Select(path => path.Split('/')[3]).Distinct().Select(room => new OpenApiTag { Name = room }).ToHashSet();
            document.Security = [new() { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, stop) =>
        {
            var facts = context.Description.ActionDescriptor.EndpointMetadata;
            var parts = context.Description.RelativePath!.Split('/')[2..];
            operation.Tags = new HashSet<OpenApiTagReference> { new(parts[0], context.Document) };
            operation.OperationId = string.Join('_', parts.Where(p => !p.StartsWith('{')).Prepend(context.Description.HttpMethod!.ToLowerInvariant()).Concat(parts.Any(p => p.StartsWith('{')) ? ["by_id"] : []));
            foreach (var known in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
                if (known.Name is not null && Parameters.TryGetValue(known.Name, out var says)) known.Description = says;
            if (facts.OfType<ApiBody>().FirstOrDefault() is { } body && body.Type != typeof(Nothing))
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(body.Type, null, stop) } } };
            if (context.Description.HttpMethod != "GET")
                Add(operation, "Idempotency-Key", ParameterLocation.Header, "The same key with the same body is answered again and done once; kept for 24 hours.", new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 });
            // A shop has a handful of webhooks: they come all at once.
            else if (parts[0] != "webhooks" && facts.OfType<IProducesResponseTypeMetadata>().Any(r => r.Type is { IsGenericType: true } list && list.GetGenericTypeDefinition() == typeof(ApiList<>)))
            {
                Add(operation, "limit", ParameterLocation.Query, "How many at once.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "100", Default = 50 });
                Add(operation, "cursor", ParameterLocation.Query, "The last `next`; without it from the beginning.", new OpenApiSchema { Type = JsonSchemaType.String });
            }
            foreach (var (status, answer) in operation.Responses!)
            {
                if (answer is not OpenApiResponse response) continue;
                if (Problems.TryGetValue(status, out var says)) response.Description = says;
                response.Headers ??= new Dictionary<string, IOpenApiHeader>();
                foreach (var name in (string[])["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"])
                    if (status != "401") response.Headers[name] = Number();
                if (status == "429") response.Headers["Retry-After"] = Number();
            }
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(Dinars)) (schema.Type, schema.Format) = (JsonSchemaType.Integer, "int64");
            else if (type == typeof(Phone)) (schema.Type, schema.Format) = (JsonSchemaType.String, "e164");
            else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>)) schema.Type = JsonSchemaType.String;
            else if (type == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
            return Task.CompletedTask;
        });
    }

    private static void Add(OpenApiOperation operation, string name, ParameterLocation where, string says, OpenApiSchema schema) => (operation.Parameters ??= []).Add(new OpenApiParameter { Name = name, In = where, Description = says, Schema = schema });

    private static OpenApiHeader Number() => new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } };
}
