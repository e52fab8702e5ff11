using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Events;

/// <summary>A vendor's half of reading: splits a delivery by outside account and applies the parts inside their workspace.</summary>
public interface IEventSource
{
    /// <summary>The <see cref="InboundEvent.Source"/> it reads.</summary>
    string Source { get; }

    /// <summary>The parts of a delivery, in order. Throws <see cref="FormatException"/> or a JSON exception when it is not readable at all.</summary>
    IReadOnlyList<EventPart> Split(InboundEvent e);

    /// <summary>Writes what the parts say, inside an open transaction of their workspace. A second time must be harmless.</summary>
    Task ApplyAsync(WorkspaceScope scope, IReadOnlyList<EventPart> parts, CancellationToken stop);
}

/// <summary>One thing a delivery says about one outside account.</summary>
/// <param name="RouteSource">The <see cref="AccountRoute.Source"/> of the account.</param>
/// <param name="Account">The account's id at the vendor.</param>
/// <param name="What">A word for notes and metrics without content, e.g. <c>message</c>, <c>status</c>.</param>
public abstract record EventPart(string RouteSource, string Account, string What)
{
    /// <summary>The row that owns the account (the channel), filled in before <see cref="IEventSource.ApplyAsync"/>.</summary>
    public Guid Target { get; internal set; }

    /// <summary>True when this part cannot be understood: its neighbours are read, the delivery is kept sealed for a person.</summary>
    public bool IsBroken { get; init; }

    /// <summary>A word for <see cref="InboundEvent.Note"/> when nothing is done with this kind; null when it is applied.</summary>
    public string? Ignored { get; init; }

    internal InboundEvent Event { get; set; } = null!;
}

/// <summary>Reads stored deliveries into rows of the product, workspace by workspace, one commit each.</summary>
/// <remarks>A crash after any commit only means reading again: every row has the vendor's own id as key.
/// One bad part never costs its neighbours: a batch that fails is applied part by part.</remarks>
public sealed class EventReader(WorkspaceScopes scopes, IEnumerable<IEventSource> sources, SecretBox secrets, Strain strain, TimeProvider time, ILogger<EventReader> log)
{
    private const int Batch = 128, MostAttempts = 5;

    // On SQLite a batch's commit keeps deliveries waiting: while they come thick, few are read at once, and the more often.
    private const int BatchUnderStrain = 4;
    private static readonly TimeSpan StepUnderStrain = TimeSpan.FromMilliseconds(60);

    private readonly Dictionary<string, IEventSource> _sources = sources.ToDictionary(s => s.Source);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Reads everything that is unread now; answers how many deliveries it read.</summary>
    public async Task<int> ReadAsync(CancellationToken stop)
    {
        await _oneAtATime.WaitAsync(stop);
        try
        {
            var total = 0;
            while (true)
            {
                await strain.GiveWayAsync("reading", stop, StepUnderStrain);
                var most = strain.IsOn ? BatchUnderStrain : Batch;
                var (read, taken) = await ReadBatchAsync(most, stop);
                total += read;
                if (taken < most || read == 0) return total;
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<(int Read, int Taken)> ReadBatchAsync(int most, CancellationToken stop)
    {
        await using var outside = scopes.OpenNone();
        var db = outside.Db;
        var now = time.GetUtcNow();
        var (soon, later, muchLater, last) = (now.AddSeconds(-2), now.AddSeconds(-10), now.AddMinutes(-1), now.AddMinutes(-10));
        // An event whose part failed is read again after 2 s, 10 s, a minute and ten: what failed may be of the moment.
        var events = await db.InboundEvents.Where(e => e.State == EventState.Unread && (e.Attempts == 0 || (e.Attempts == 1 && e.ReceivedAt <= soon)
                || (e.Attempts == 2 && e.ReceivedAt <= later) || (e.Attempts == 3 && e.ReceivedAt <= muchLater) || (e.Attempts >= 4 && e.ReceivedAt <= last)))
            .OrderBy(e => e.Attempts).ThenBy(e => e.Id).Take(most).ToListAsync(stop);
        if (events.Count == 0) return (0, 0);

        var parts = events.SelectMany(Split).ToList();
        await RouteAsync(db, parts, stop);
        var failed = new HashSet<InboundEvent>();
        var groups = parts.Where(p => p.Target != Guid.Empty && p.Part is { IsBroken: false, Ignored: null }).GroupBy(p => (p.Workspace, Source: p.Part.Event.Source));
        await Parallel.ForEachAsync(groups, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop }, async (group, inner) =>
        {
            var bad = await ApplyAsync(group.Key.Workspace, _sources[group.Key.Source], [.. group.Select(p => p.Part)], inner);
            lock (failed) failed.UnionWith(bad);
        });

        foreach (var e in events) Finish(e, failed.Contains(e), parts.Where(p => p.Part.Event == e));
        await db.SaveChangesAsync(stop);
        foreach (var e in events) Meters.EventsRead.Add(1, new KeyValuePair<string, object?>("state", e.State.ToString()));
        return (events.Count(e => e.State != EventState.Unread), events.Count);
    }

    private IEnumerable<Routed> Split(InboundEvent e)
    {
        try
        {
            var parts = _sources.TryGetValue(e.Source, out var source) ? source.Split(e) : throw new FormatException("Nobody reads this source.");
            foreach (var part in parts) part.Event = e;
            return parts.Select(part => new Routed(part));
        }
        catch (Exception error) when (error is FormatException or System.Text.Json.JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            e.Note = $"unreadable: {error.GetType().Name}";
            e.State = EventState.Unreadable;
            return [];
        }
    }

    private static async Task RouteAsync(OrderClosrDb db, List<Routed> parts, CancellationToken stop)
    {
        var accounts = parts.Select(p => p.Part.Account).Distinct().ToList();
        var routes = await db.Set<AccountRoute>().AsNoTracking().Where(r => accounts.Contains(r.Account)).ToDictionaryAsync(r => (r.Source, r.Account), stop);
        foreach (var routed in parts)
        {
            if (!routes.TryGetValue((routed.Part.RouteSource, routed.Part.Account), out var route)) continue;
            routed.Workspace = route.WorkspaceId;
            routed.Target = routed.Part.Target = route.Target;
        }
    }

    /// <summary>Applies parts in one commit, or, when that fails, each in its own; answers the events whose part failed.</summary>
    private async Task<IEnumerable<InboundEvent>> ApplyAsync(WorkspaceId workspace, IEventSource source, IReadOnlyList<EventPart> parts, CancellationToken stop)
    {
        try
        {
            await using var scope = scopes.Open(workspace);
            await scope.Db.InTransactionAsync(async () =>
            {
                await source.ApplyAsync(scope, parts, stop);
                await scope.Db.SaveChangesAsync(stop);
            }, stop);
            CrashPoint.Pass("event-read");
            return [];
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            log.LogWarning("Reading {Count} {Source} parts failed: {Error}.", parts.Count, source.Source, error.GetType().Name);
            if (parts.Count == 1) return [parts[0].Event];
            var bad = new List<InboundEvent>();
            foreach (var part in parts) bad.AddRange(await ApplyAsync(workspace, source, [part], stop));
            return bad;
        }
    }

    private void Finish(InboundEvent e, bool failed, IEnumerable<Routed> parts)
    {
        e.Attempts++;
        if (failed && e.Attempts < MostAttempts) return;
        if (failed) (e.State, e.Note) = (EventState.Unreadable, "unreadable: a part failed each time");
        if (parts.Any(p => p.Part.IsBroken)) (e.State, e.Note) = (EventState.Unreadable, "unreadable: a part is broken, the others were read");
        if (e.State == EventState.Unreadable)
        {
            e.Body = e.Body is null ? null : System.Text.Encoding.ASCII.GetBytes(secrets.Seal(Guid.Empty, "inbound_event", Convert.ToBase64String(e.Body)));
            log.LogWarning("A {Source} delivery cannot be read and is kept sealed for 14 days.", e.Source);
            return;
        }
        e.State = EventState.Read;
        e.Body = null;
        var unknown = parts.Where(p => p.Target == Guid.Empty).Select(p => $"{p.Part.RouteSource} {p.Part.Account} {p.Part.What}").Distinct().Take(10).ToList();
        var ignored = parts.Where(p => p.Target != Guid.Empty && p.Part.Ignored is not null).Select(p => p.Part.Ignored).Distinct().Take(10).ToList();
        if (unknown.Count > 0) e.Note = $"not ours: {string.Join(", ", unknown)}";
        if (ignored.Count > 0) e.Note = $"{e.Note}{(e.Note is null ? "" : "; ")}nothing to do: {string.Join(", ", ignored)}";
    }

    private sealed class Routed(EventPart part)
    {
        public EventPart Part => part;
        public WorkspaceId Workspace { get; set; }
        public Guid Target { get; set; }
    }
}

/// <summary>Reads events as they come: woken by each commit of the writer, and every 2 s in case a wake-up was lost.</summary>
public sealed class EventReading(EventReader reader, EventNudge nudge, TimeProvider time, ILogger<EventReading> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await reader.ReadAsync(stoppingToken);
                await nudge.WaitAsync(TimeSpan.FromSeconds(2), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The database is away for a moment: the events wait on disk.
                log.LogError("Events were not read: {Error}.", error.GetType().Name);
                await Task.Delay(TimeSpan.FromSeconds(2), time, CancellationToken.None);
            }
        }
    }
}
