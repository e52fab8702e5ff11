using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Events;

/// <summary>Stores webhook deliveries durably before they are answered: one writer, many deliveries per commit.</summary>
/// <remarks>Group commit is what makes durable ingest cheap (facts/stack.md section 6). A batch that fails is written one by
/// one, so a bad delivery costs only itself. When the queue is full the door answers 503 and the vendor repeats.</remarks>
public sealed class EventWriter(Dialect dialect, TimeProvider time, EventNudge nudge, Strain strain, ILogger<EventWriter> log) : IHostedService
{
    private const int LargestBatch = 256;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(4096) { SingleReader = true });
    private Task _writing = Task.CompletedTask;

    /// <summary>Stores one delivery. True once it is on disk; false when the queue is full or it cannot be stored now.</summary>
    public async Task<bool> StoreAsync(string source, byte[] body, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var e = new InboundEvent { Id = Id<InboundEvent>.New(now), Key = KeyOf(source, body), Source = source, ReceivedAt = now, Body = body };
        var waiting = new Waiting(e, time.GetTimestamp(), new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (_queue.Writer.TryWrite(waiting) && await waiting.Stored.Task.WaitAsync(stop)) return true;
        Meters.EventsRefused.Add(1);
        return false;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = Task.Run(WriteAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Finishes what was accepted; nothing new is taken.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync()
    {
        var batch = new List<Waiting>(LargestBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var next)) batch.Add(next);
            await WriteAsync(batch);
            strain.Note(batch.Count, time.GetElapsedTime(batch[0].Since));
            nudge.Ring();
        }
    }

    private async Task WriteAsync(List<Waiting> batch)
    {
        try
        {
            await dialect.InsertEventsAsync(batch.ConvertAll(w => w.Event), CancellationToken.None);
            CrashPoint.Pass("event-stored");
            Meters.EventsStored.Add(batch.Count);
            foreach (var waiting in batch) waiting.Stored.TrySetResult(true);
        }
        catch (Exception error) when (batch.Count > 1)
        {
            log.LogWarning("A batch of {Count} events was not stored ({Error}); storing them one by one.", batch.Count, error.GetType().Name);
            foreach (var waiting in batch) await WriteAsync([waiting]);
        }
        catch (Exception error)
        {
            log.LogError("An event was not stored: {Error}.", error.GetType().Name);
            batch[0].Stored.TrySetResult(false);
        }
    }

    private static string KeyOf(string source, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(source));
        hash.AppendData([0]);
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record Waiting(InboundEvent Event, long Since, TaskCompletionSource<bool> Stored);
}

/// <summary>Wakes the reader after a commit. Only speed: the sweep reads what a lost ring left behind.</summary>
public sealed class EventNudge
{
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Says that something was stored.</summary>
    public void Ring() => _bell.Writer.TryWrite(true);

    /// <summary>Waits for a ring, at most <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            if (await _bell.Reader.WaitToReadAsync(both.Token)) _bell.Reader.TryRead(out _);
        }
        catch (OperationCanceledException)
        {
            // Nobody rang in time, or we stop: both mean "go on".
        }
    }
}
