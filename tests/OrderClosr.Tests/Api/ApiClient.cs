using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Tests.Support;
using OrderClosr.Web.Api;

namespace OrderClosr.Tests.Api;

/// <summary>A merchant's program: talks to <c>/api/v1</c> with a key of one shop.</summary>
internal sealed class ApiClient(TestApp app, string key)
{
    internal static async Task<ApiClient> OfAsync(TestApp app, Shop shop) => new(app, (await KeyAsync(app, shop)).Key);

    internal static async Task<(ApiKey Row, string Key)> KeyAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        return await scope.Get<ApiKeys>().MakeAsync("Site web", shop.OwnerId, default);
    }

    internal Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    internal Task<ApiAnswer> PostAsync(string path, object? body = null, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : body as string ?? JsonSerializer.Serialize(body), idempotencyKey);

    internal async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? body, string? idempotencyKey = null, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }
        using var answer = await app.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new(answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), answer.Content.Headers.ContentType?.MediaType, answer.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value)));
    }
}

/// <summary>What the API said.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, JsonNode? Json, string? MediaType, IReadOnlyDictionary<string, string> Headers)
{
    internal int Code => (int)Status;

    internal JsonNode this[string field] => Json![field] ?? throw new InvalidOperationException($"No {field} in {Json.ToJsonString()}");

    internal string Text(string field) => this[field].GetValue<string>();
}
