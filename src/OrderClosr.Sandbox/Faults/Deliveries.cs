using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrderClosr.Sandbox.Faults;

/// <summary>One webhook on its way to the product.</summary>
public sealed record Delivery
{
    /// <summary>Whose webhook it is; its faults <c>duplicate</c> and <c>reorder</c> apply.</summary>
    public required Vendor Vendor { get; init; }

    /// <summary>Full address at the product.</summary>
    public required string Url { get; init; }

    /// <summary>The exact bytes, as signed.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Headers with the signature; made once per delivery, so a retry repeats them.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers that each try makes anew, where the signature covers the time of the try; null uses <see cref="Headers"/>.</summary>
    public Func<IReadOnlyDictionary<string, string>>? HeadersOfTry { get; init; }

    /// <summary>Content type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Waits before each try after the first.</summary>
    public IReadOnlyList<TimeSpan> Retries { get; init; } = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    /// <summary>How long the product may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Which answers count as received.</summary>
    public Func<int, bool> IsReceived { get; init; } = status => status == 200;

    /// <summary>Told after every try: the status (0 for none).</summary>
    public Action<int>? Tried { get; init; }

    /// <summary>Asked before every try; false drops the delivery (its subscription is gone).</summary>
    public Func<bool> StillWanted { get; init; } = () => true;
}

/// <summary>What became of one try.</summary>
public sealed record DeliveryTry(DateTimeOffset At, string Vendor, string Url, int Status, long Ms, int Try, string Body);

/// <summary>Carries webhooks to the product as vendors do: at least once, retried, sometimes twice or out of order.</summary>
public sealed class Deliveries(SandboxOptions options, TimeProvider time, IHostApplicationLifetime life) : IDisposable
{
    private const int MostTries = 5_000;
    private readonly HttpClient _http = new(options.Wire?.Invoke() ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentQueue<DeliveryTry> _tries = new();
    private readonly ConcurrentDictionary<string, Delivery> _held = new();
    private int _underWay;

    /// <summary>Tries so far, oldest first.</summary>
    public IEnumerable<DeliveryTry> Tries => _tries;

    /// <summary>Deliveries that have neither arrived nor been given up.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Sends in the background, with the vendor's faults <c>duplicate</c> and <c>reorder</c>.</summary>
    public void Post(Delivery delivery)
    {
        var path = new Uri(delivery.Url).AbsolutePath;
        // Reorder: this one waits until the next has gone out, at most two seconds.
        if (!_held.ContainsKey(delivery.Vendor.Name) && delivery.Vendor.Faults.Knob("reorder", path) && _held.TryAdd(delivery.Vendor.Name, delivery))
        {
            Run(async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(2), time, life.ApplicationStopping);
                if (_held.TryRemove(new(delivery.Vendor.Name, delivery))) await CarryAsync(delivery);
            });
            return;
        }
        _held.TryRemove(delivery.Vendor.Name, out var earlier);
        var twice = delivery.Vendor.Faults.Knob("duplicate", path);
        Run(async () =>
        {
            await CarryAsync(delivery);
            if (twice) await CarryAsync(delivery);
            if (earlier is not null) await CarryAsync(earlier);
        });
    }

    /// <summary>Sends until it is received or the retries are used up; the last status, 0 for none.</summary>
    public async Task<int> CarryAsync(Delivery delivery)
    {
        var status = 0;
        for (var attempt = 0; attempt <= delivery.Retries.Count; attempt++)
        {
            if (attempt > 0) await Task.Delay(delivery.Retries[attempt - 1], time, life.ApplicationStopping);
            if (!delivery.StillWanted()) return status;
            (status, _) = await TryOnceAsync(delivery, attempt + 1);
            if (delivery.IsReceived(status)) break;
        }
        return status;
    }

    /// <summary>One try: the product's status (0 for none) and how long it took.</summary>
    public async Task<(int Status, long Ms)> TryOnceAsync(Delivery delivery, int attempt = 1)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(delivery.Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", delivery.ContentType);
        foreach (var (name, value) in delivery.HeadersOfTry?.Invoke() ?? delivery.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using var patience = new CancellationTokenSource(delivery.Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, life.ApplicationStopping);
        var watch = Stopwatch.StartNew();
        var status = 0;
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            status = (int)answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException) { } // not reachable or too slow: status 0
        _tries.Enqueue(new(time.GetUtcNow(), delivery.Vendor.Name, delivery.Url, status, watch.ElapsedMilliseconds, attempt,
            System.Text.Encoding.UTF8.GetString(delivery.Body.AsSpan(0, Math.Min(delivery.Body.Length, 8_192)))));
        while (_tries.Count > MostTries) _tries.TryDequeue(out _);
        delivery.Tried?.Invoke(status);
        return (status, watch.ElapsedMilliseconds);
    }

    /// <summary>Runs something later in the background; ends quietly when the sandbox stops.</summary>
    public void Run(Func<Task> work)
    {
        Interlocked.Increment(ref _underWay);
        _ = Task.Run(async () =>
        {
            try { await work(); }
            catch (OperationCanceledException) { } // the sandbox stops
            finally { Interlocked.Decrement(ref _underWay); }
        });
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();
}
