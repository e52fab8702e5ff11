using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Sandbox;

namespace OrderClosr.Tests.Sandbox.Couriers;

/// <summary>An answer of the played courier.</summary>
internal sealed record Said(int Status, string Text, HttpResponseMessage Http)
{
    public JsonNode? Json => JsonNode.Parse(Text);

    public string? Header(string name) => Http.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>A call the sandbox made to the played product.</summary>
internal sealed record Told(HttpMethod Method, Uri Url, string Raw, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Raw)!;
}

/// <summary>One courier of the sandbox in this process; the product is played by a handler that keeps what it is sent.</summary>
internal sealed class CourierPlay : IAsyncDisposable
{
    private readonly WebApplication _sandbox;
    private readonly string _prefix;
    private readonly Wire _wire;
    private readonly Dictionary<string, string> _headers;

    private CourierPlay(WebApplication sandbox, string prefix, Wire wire, FakeTimeProvider? time, Dictionary<string, string> headers)
    {
        (_sandbox, _prefix, _wire, Time, _headers) = (sandbox, prefix, wire, time, headers);
        Http = new() { BaseAddress = new(sandbox.Urls.First()) };
    }

    public HttpClient Http { get; }
    public FakeTimeProvider? Time { get; }
    public IEnumerable<Told> Hooks => _wire.Hooks.Where(h => h.Method == HttpMethod.Post);

    /// <summary>What the product answers; by default 200, with the token of a handshake back.</summary>
    public Func<Told, HttpResponseMessage> Product { set => _wire.Answer = value; }

    /// <summary>Starts the sandbox; every call carries these headers.</summary>
    public static async Task<CourierPlay> StartAsync(string prefix, Dictionary<string, string> headers, FakeTimeProvider? time = null, Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var wire = new Wire();
        var options = new SandboxOptions { Port = 0, App = "http://product.test", Wire = () => new Shared(wire), Time = time ?? TimeProvider.System };
        var sandbox = SandboxApp.Build(change?.Invoke(options) ?? options);
        await sandbox.StartAsync();
        return new(sandbox, prefix, wire, time, headers);
    }

    /// <summary>A call as the product makes it.</summary>
    public async Task<Said> CallAsync(HttpMethod method, string path, object? body = null, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, $"/{_prefix}/{path}");
        var all = new Dictionary<string, string?>(_headers.Select(h => KeyValuePair.Create(h.Key, (string?)h.Value)), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers) all[name] = value;
        foreach (var (name, value) in all)
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null) request.Content = new StringContent(body as string ?? (body as JsonNode)?.ToJsonString() ?? System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        var answer = await Http.SendAsync(request);
        return new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    public Task<Said> GetAsync(string path) => CallAsync(HttpMethod.Get, path);

    public Task<Said> PostAsync(string path, object body) => CallAsync(HttpMethod.Post, path, body);

    /// <summary>A door for people and tests; it must be answered with 2xx.</summary>
    public async Task<JsonNode?> DoorAsync(HttpMethod method, string path, object? body = null)
    {
        var said = await CallAsync(method, "_" + path, body);
        Assert.True(said.Status is >= 200 and < 300, $"{path}: {said.Status} {said.Text}");
        return said.Text.Length > 0 ? said.Json : null;
    }

    /// <summary>Switches a fault or a switch on.</summary>
    public Task FaultAsync(string kind, string? value = null, int? count = null, string? path = null, double? seconds = null, int? status = null) =>
        DoorAsync(HttpMethod.Post, "faults", new JsonObject { ["kind"] = kind, ["value"] = value, ["count"] = count, ["path"] = path, ["seconds"] = seconds, ["status"] = status, ["rate"] = 1 });

    /// <summary>Switches all off.</summary>
    public Task ClearAsync() => DoorAsync(HttpMethod.Delete, "faults");

    /// <summary>The courier's people move a parcel.</summary>
    public Task MoveAsync(string tracking, string to, string? reason = null) => DoorAsync(HttpMethod.Post, $"parcels/{tracking}/move", new { to, reason });

    /// <summary>Every parcel at the courier.</summary>
    public async Task<JsonArray> ParcelsAsync() => (await DoorAsync(HttpMethod.Get, "parcels"))!["items"]!.AsArray();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _sandbox.DisposeAsync();
        _wire.Dispose();
    }

    private sealed class Wire : HttpMessageHandler
    {
        public ConcurrentQueue<Told> Hooks { get; } = new();
        public Func<Told, HttpResponseMessage> Answer { get; set; } = told => new(HttpStatusCode.OK)
        {
            Content = new StringContent(told.Url.Query.Split("crc_token=") is [_, var token] ? token : ""),
        };

        public async Task<HttpResponseMessage> TakeAsync(HttpRequestMessage request, CancellationToken stop)
        {
            var raw = request.Content is null ? "" : await request.Content.ReadAsStringAsync(stop);
            var told = new Told(request.Method, request.RequestUri!, raw, request.Headers.ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase));
            Hooks.Enqueue(told);
            return Answer(told);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => TakeAsync(request, cancellationToken);
    }

    // Shared by all clients of the sandbox, so none of them may dispose of the wire.
    private sealed class Shared(Wire wire) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => wire.TakeAsync(request, cancellationToken);
    }
}
