using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Sandbox;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Meta;

/// <summary>One webhook as the played product got it.</summary>
internal sealed record Hook(string Raw, string? Signature, JsonObject Json)
{
    /// <summary>The first event of the first entry, whatever its container.</summary>
    public JsonObject Event => (Entry["messaging"] ?? Entry["standby"])?[0]!.AsObject() ?? Entry["changes"]![0]!["value"]!.AsObject();

    public JsonObject Entry => Json["entry"]![0]!.AsObject();
}

/// <summary>The sandbox in this process, with the product played by a handler that keeps what it is sent.</summary>
internal sealed class MetaPlay : IAsyncDisposable
{
    public const string Page = "101000000000001", Instagram = "178000000000001", Phone = "106000000000001", Waba = "206000000000001";
    public const string PageToken = "invented-page-token-dar-lina", InstagramToken = "invented-instagram-token-dar-lina", PhoneToken = "invented-whatsapp-token-dar-lina";
    private readonly WebApplication _sandbox;
    private readonly ProductWire _wire;

    private MetaPlay(WebApplication sandbox, ProductWire wire, FakeTimeProvider? time)
    {
        (_sandbox, _wire, Time) = (sandbox, wire, time);
        Http = new() { BaseAddress = new(sandbox.Urls.First()) };
        Http.DefaultRequestHeaders.UserAgent.ParseAdd("product/1");
    }

    public HttpClient Http { get; }
    public FakeTimeProvider? Time { get; }
    public IEnumerable<Hook> Hooks => _wire.Hooks;

    /// <summary>What the product answers from now on.</summary>
    public HttpStatusCode ProductSays { set => _wire.Status = value; }

    /// <summary>Starts it with every account subscribed, or none.</summary>
    public static async Task<MetaPlay> StartAsync(bool subscribed = true, FakeTimeProvider? time = null, Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var wire = new ProductWire();
        var options = new SandboxOptions
        {
            Port = 0, App = "http://product.test", Wire = () => new Shared(wire), Time = time ?? TimeProvider.System,
            Pace = new() { Sent = TimeSpan.FromMilliseconds(5), Delivered = TimeSpan.FromMilliseconds(5), Read = TimeSpan.FromMilliseconds(5) },
        };
        options = options with { Seed = options.Seed with { Accounts = [.. options.Seed.Accounts.Select(a => a with { Subscribed = subscribed })] } };
        var sandbox = SandboxApp.Build(change?.Invoke(options) ?? options);
        await sandbox.StartAsync();
        return new(sandbox, wire, time);
    }

    /// <summary>A Graph call: status and JSON.</summary>
    public async Task<(int Status, JsonObject Json)> GraphAsync(HttpMethod method, string path, string? token, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, "/meta/v25.0/" + path);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }

    /// <summary>A door: status and JSON.</summary>
    public async Task<(int Status, JsonObject Json)> DoorAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/meta/_" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length > 0 ? JsonNode.Parse(text)!.AsObject() : []);
    }

    /// <summary>A customer says something; the message id.</summary>
    public async Task<string> SayAsync(string customer, object say)
    {
        var (status, json) = await DoorAsync(HttpMethod.Post, $"customers/{customer}/say", say);
        Assert.Equal(202, status);
        return (string)json["id"]!;
    }

    /// <summary>Switches a fault on.</summary>
    public async Task FaultAsync(object fault) => Assert.Equal(201, (await DoorAsync(HttpMethod.Post, "faults", fault)).Status);

    /// <summary>The thread as the customer's phone shows it.</summary>
    public async Task<JsonArray> ThreadAsync(string customer, string channel) => (await DoorAsync(HttpMethod.Get, $"customers/{customer}/thread?channel={channel}")).Json["items"]!.AsArray();

    /// <summary>The first webhook that fits, as soon as it is there.</summary>
    public Task<Hook> HookAsync(Func<Hook, bool> fits) => Eventually.FindsAsync(() => Task.FromResult(Hooks.FirstOrDefault(fits)));

    /// <summary>The webhook that carries a message.</summary>
    public Task<Hook> MessageHookAsync(string id) => HookAsync(h => h.Raw.Contains(id.Replace("/", "\\/", StringComparison.Ordinal), StringComparison.Ordinal));

    /// <summary>A customer of Messenger or Instagram writes; the id the product answers to.</summary>
    public async Task<string> WriterAsync(string customer, string channel = "messenger") =>
        (string)(await MessageHookAsync(await SayAsync(customer, new { channel, text = "slm" }))).Event["sender"]!["id"]!;

    public Task<(int Status, JsonObject Json)> SendTextAsync(string psid, string text) =>
        GraphAsync(HttpMethod.Post, $"{Page}/messages", PageToken, new JsonObject { ["recipient"] = new JsonObject { ["id"] = psid }, ["messaging_type"] = "RESPONSE", ["message"] = new JsonObject { ["text"] = text, ["metadata"] = "turn-1" } });

    public Task<(int Status, JsonObject Json)> SendInstagramAsync(string igsid, string text) =>
        GraphAsync(HttpMethod.Post, "me/messages", InstagramToken, new JsonObject { ["recipient"] = new JsonObject { ["id"] = igsid }, ["message"] = new JsonObject { ["text"] = text } });

    public Task<(int Status, JsonObject Json)> SendWhatsAppAsync(string to, string text) =>
        GraphAsync(HttpMethod.Post, $"{Phone}/messages", PhoneToken, new JsonObject { ["messaging_product"] = "whatsapp", ["to"] = to, ["type"] = "text", ["text"] = new JsonObject { ["body"] = text } });

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _sandbox.DisposeAsync();
        _wire.Dispose();
    }

    // The product's side of the wire. Shared by all clients of the sandbox, so none of them may dispose of it.
    private sealed class ProductWire : HttpMessageHandler
    {
        public ConcurrentQueue<Hook> Hooks { get; } = new();
        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken stop)
        {
            if (request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath != "/webhooks/meta") return new(HttpStatusCode.OK) { Content = new StringContent("no picture") };
            if (request.Method == HttpMethod.Get)
            {
                var query = request.RequestUri!.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
                return query.GetValueOrDefault("hub.verify_token") == "invented-verify-token-0001"
                    ? new(HttpStatusCode.OK) { Content = new StringContent(query["hub.challenge"]) } : new(HttpStatusCode.Forbidden);
            }
            var raw = await request.Content!.ReadAsStringAsync(stop);
            if (JsonNode.Parse(raw) is JsonObject json) Hooks.Enqueue(new(raw, request.Headers.TryGetValues("X-Hub-Signature-256", out var values) ? values.Single() : null, json));
            return new(Status);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => AnswerAsync(request, cancellationToken);
    }

    private sealed class Shared(ProductWire wire) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => wire.AnswerAsync(request, cancellationToken);
    }
}
