using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using OrderClosr.Sandbox;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>A sandbox of its own on a free port, and the calls tests make to its Claude.</summary>
public sealed class ClaudeDoor : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private ClaudeDoor(WebApplication app)
    {
        _app = app;
        _http = new() { BaseAddress = new(app.Urls.First()) };
    }

    /// <summary>Starts one; a clock may be given.</summary>
    public static async Task<ClaudeDoor> OpenAsync(TimeProvider? time = null)
    {
        var app = SandboxApp.Build(new() { Port = 0, App = "http://127.0.0.1:9", Time = time ?? TimeProvider.System });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>A request that is fine: one user message.</summary>
    public static JsonObject Fine() => JsonNode.Parse("""{"model":"claude-haiku-5-5","max_tokens":1024,"messages":[{"role":"user","content":"slm"}]}""")!.AsObject();

    /// <summary>Sends a request as the SDK does; headers may be changed.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Body, HttpResponseHeaders Headers)> SendAsync(JsonNode request, Action<HttpRequestHeaders>? change = null, string path = "/claude/v1/messages")
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(request.ToJsonString(Readable), Encoding.UTF8, "application/json") };
        call.Headers.Add("Authorization", "Bearer invented-claude-key-0001");
        call.Headers.Add("anthropic-version", "2026-10-21");
        change?.Invoke(call.Headers);
        using var answer = await _http.SendAsync(call, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(text)!.AsObject(), answer.Headers);
    }

    /// <summary>Sends and expects a message.</summary>
    public async Task<JsonObject> MessageAsync(JsonNode request, Action<HttpRequestHeaders>? change = null)
    {
        var (status, body, _) = await SendAsync(request, change);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString(Readable));
        return body;
    }

    /// <summary>One of the sandbox's own doors.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> DoorAsync(HttpMethod method, string path, string? body = null)
    {
        using var call = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await _http.SendAsync(call, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Sets the mode and expects it to be taken.</summary>
    public async Task ModeAsync(string json) => Assert.Equal(HttpStatusCode.OK, (await DoorAsync(HttpMethod.Post, "/claude/_mode", json)).Status);

    /// <summary>All text blocks of a message.</summary>
    public static string TextOf(JsonObject message) => string.Join("\n\n", message["content"]!.AsArray().Where(b => (string?)b!["type"] == "text").Select(b => (string?)b!["text"]));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
