using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;

namespace OrderClosr.Workspaces;

/// <summary>Counts tries at the doors under a key, whether somebody has that key or not.</summary>
public sealed class Tries(OrderClosrDb db, TimeProvider time)
{
    /// <summary>How long tries are remembered.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>A key of which only the hash is kept.</summary>
    /// <param name="kind">What is counted: <c>account</c>, <c>address</c>, <c>sign_up</c>.</param>
    public static string Key(string kind, string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{value}")));

    /// <summary>Tries within the window.</summary>
    public async Task<int> CountAsync(string key, CancellationToken stop)
    {
        var since = time.GetUtcNow() - Window;
        return await db.Set<FailedTries>().Where(t => t.Key == key && t.Since > since).Select(t => t.Count).SingleOrDefaultAsync(stop);
    }

    /// <summary>Counts one more. Rows out of the window go at the same time: the table stays small.</summary>
    public Task<int> AddAsync(string key, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var now = time.GetUtcNow();
        var since = now - Window;
        await db.Set<FailedTries>().Where(t => t.Since <= since).ExecuteDeleteAsync(stop);
        // Two first tries at the same moment: one row, counted twice.
        if (await RaiseAsync() == 0 && !await db.AddSharedUnlessThereAsync(new FailedTries { Key = key, Count = 1, Since = now }, stop)) await RaiseAsync();
        return await db.Set<FailedTries>().Where(t => t.Key == key).Select(t => t.Count).SingleOrDefaultAsync(stop);

        Task<int> RaiseAsync() => db.Set<FailedTries>().Where(t => t.Key == key).ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, t => t.Count + 1), stop);
    }, stop);

    /// <summary>Takes one back that was counted before it was looked at and turned out to be no failure.</summary>
    public Task TakeBackAsync(string key, CancellationToken stop) =>
        db.InTransactionAsync(() => db.Set<FailedTries>().Where(t => t.Key == key && t.Count > 0).ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, t => t.Count - 1), stop), stop);

    /// <summary>Forgets a key: its owner came in.</summary>
    public Task ForgetAsync(string key, CancellationToken stop) => db.InTransactionAsync(() => db.Set<FailedTries>().Where(t => t.Key == key).ExecuteDeleteAsync(stop), stop);
}
