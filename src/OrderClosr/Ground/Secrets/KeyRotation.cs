using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Secrets;

/// <summary>Encrypts every sealed value again under the first key of <c>FERNET_KEYS</c> while the app serves (promise P17).</summary>
/// <remarks>Nothing but the data says how far it has come: a token tells by its signature whose it is. So it can be stopped at any moment and
/// started again, and two of them at once are harmless. A value is replaced only while it still is what was read.</remarks>
public sealed class KeyRotation(WorkspaceScopes scopes, FernetKeys keys, TimeProvider time)
{
    // An app that still writes with the old key would keep us here for ever.
    private const int MostRounds = 5;

    /// <summary>Values per commit: few, because on SQLite everybody else waits for it.</summary>
    internal int AtOnce { get; init; } = 200;

    /// <summary>Between two commits, so that whoever serves people comes first.</summary>
    internal TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How many values lie under which key; changes nothing.</summary>
    public async Task<KeyCounts> CountAsync(CancellationToken stop)
    {
        var byKey = keys.All.Select(k => k.Fingerprint).Distinct().ToDictionary(f => f, _ => 0L);
        var unreadable = new Dictionary<string, long>();
        await using var scope = Open();
        foreach (var place in SealedPlace.In(scope.Db.Model))
            await foreach (var page in PagesAsync(scope.Db, place, stop))
                foreach (var row in page)
                    if (KeyOf(row.Token) is { } key) byKey[key.Fingerprint]++;
                    else unreadable[place.Name] = unreadable.GetValueOrDefault(place.Name) + 1;
        return new(keys.All[0].Fingerprint, byKey, unreadable);
    }

    /// <summary>Rotates what is not the first key's; <paramref name="progress"/> hears of each batch before it is written.</summary>
    /// <param name="leaveUnreadable">False: one value that no key opens is a key too few, and nothing is changed. True: such values stay as they are.</param>
    public async Task<RotationEnd> RunAsync(bool leaveUnreadable, Func<RotationStep, Task> progress, CancellationToken stop)
    {
        var before = await CountAsync(stop);
        if (before.Unreadable.Count > 0 && !leaveUnreadable) return new(0, before);
        long changed = 0;
        for (var round = 0; round < MostRounds; round++)
        {
            var again = false;
            await using var scope = Open();
            foreach (var place in SealedPlace.In(scope.Db.Model))
                await foreach (var page in PagesAsync(scope.Db, place, stop))
                {
                    var old = page.Where(row => KeyOf(row.Token) is { } key && !ReferenceEquals(key, keys.All[0])).ToList();
                    if (old.Count == 0) continue;
                    await progress(new(place.Name, old.Count, changed, Math.Max(before.Left - changed, old.Count)));
                    var written = await ReplaceAsync(scope.Db, place, old, stop);
                    changed += written;
                    again |= written < old.Count;
                    await Task.Delay(Rest, time, stop);
                }
            if (!again) break;
        }
        return new(changed, await CountAsync(stop));
    }

    private WorkspaceScope Open() => scopes.OpenEverywhere("a key is rotated for the secrets of every workspace, which are encrypted again but never shown");

    private FernetKey? KeyOf(string token)
    {
        try
        {
            return keys.All.FirstOrDefault(key => Fernet.IsOf(key, token));
        }
        catch (FernetException)
        {
            return null;
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<Row>> PagesAsync(OrderClosrDb db, SealedPlace place, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        object[]? after = null;
        while (true)
        {
            var page = new List<Row>();
            var seen = 0;
            await db.Database.OpenConnectionAsync(stop);
            try
            {
                await using var command = db.Database.GetDbConnection().CreateCommand();
                var key = string.Join(", ", place.Key);
                var further = after is null ? "" : $" and ({key}) > ({string.Join(", ", after.Select((value, n) => Give(command, $"k{n}", value)))})";
                command.CommandText = $"select {place.Column}, {key} from {place.Table} where {place.Column} is not null and {place.When}{further} order by {key} limit {AtOnce.ToString(CultureInfo.InvariantCulture)}";
                await using var reader = await command.ExecuteReaderAsync(stop);
                while (await reader.ReadAsync(stop))
                {
                    seen++;
                    var value = reader.GetValue(0);
                    after = [.. Enumerable.Range(1, place.Key.Count).Select(reader.GetValue)];
                    if (place.TokenIn(value) is { } token) page.Add(new(after, value, token));
                }
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }
            if (page.Count > 0) yield return page;
            if (seen < AtOnce) yield break;
        }
    }

    /// <summary>Answers how many were replaced: one that somebody wrote meanwhile keeps the newer value.</summary>
    private Task<int> ReplaceAsync(OrderClosrDb db, SealedPlace place, List<Row> rows, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var written = 0;
        foreach (var row in rows)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
            command.CommandText = $"update {place.Table} set {place.Column} = {Give(command, "new", place.With(row.Value, Fernet.Rotate(keys.All, row.Token)))} where {place.Column} = {Give(command, "old", row.Value)} and "
                + string.Join(" and ", place.Key.Select((column, n) => $"{column} = {Give(command, $"k{n}", row.Key[n])}"));
            written += await command.ExecuteNonQueryAsync(stop);
        }
        return written;
    }, stop);

    private static string Give(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
        return $"@{name}";
    }

    private sealed record Row(object[] Key, object Value, string Token);
}

/// <summary>Whose keys the sealed values are.</summary>
/// <param name="First">Fingerprint of the key that encrypts now.</param>
/// <param name="ByKey">Values under each key of <c>FERNET_KEYS</c>, by fingerprint.</param>
/// <param name="Unreadable">Columns with values that none of the keys opens, and how many.</param>
public sealed record KeyCounts(string First, IReadOnlyDictionary<string, long> ByKey, IReadOnlyDictionary<string, long> Unreadable)
{
    /// <summary>Values that lie under an older key.</summary>
    public long Left => ByKey.Where(k => k.Key != First).Sum(k => k.Value);

    /// <summary>All of them.</summary>
    public long Total => ByKey.Values.Sum() + Unreadable.Values.Sum();
}

/// <summary>A batch that is about to be written.</summary>
/// <param name="Place">Table and column.</param>
/// <param name="Left">About how many are not rotated yet, these included.</param>
public sealed record RotationStep(string Place, int Batch, long Changed, long Left);

/// <summary>How a rotation ended.</summary>
/// <param name="Changed">Values that were encrypted again.</param>
/// <param name="Now">What lies under which key afterwards.</param>
public sealed record RotationEnd(long Changed, KeyCounts Now);
