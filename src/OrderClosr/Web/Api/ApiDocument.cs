using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Api;

/// <summary>The OpenAPI document at <c>/api/v1/openapi.json</c>: made from the endpoints, so it cannot say what they do not do.</summary>
internal static class ApiDocument
{
    internal static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "OrderClosr", Version = "v1", Description = "Products, customers, conversations and orders of one workspace. Amounts are whole Algerian dinars, phones E.164, times UTC." };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A workspace key of the settings page." },
            };
            document.Security = [new() { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, stop) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiBody>().FirstOrDefault() is { } body && body.Type != typeof(Nothing))
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(body.Type, null, stop) } } };
            if (context.Description.HttpMethod is not ("GET" or null))
                (operation.Parameters ??= []).Add(new OpenApiParameter { Name = "Idempotency-Key", In = ParameterLocation.Header, Description = "The same key with the same body is answered again and done once; kept for 24 hours.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 } });
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
}
