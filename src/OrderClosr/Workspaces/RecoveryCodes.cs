using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Ten codes on paper, each good once (facts/passwords-and-sessions.md section 4). Shown when they are made and never again.</summary>
public sealed class RecoveryCodes(OrderClosrDb db, TimeProvider time)
{
    /// <summary>How many are made at once.</summary>
    public const int Count = 10;

    private const int StartLetters = 2, Bytes = 8, Size = 12;

    /// <summary>How many are still good.</summary>
    public Task<int> LeftAsync(Guid accountId, CancellationToken stop) => db.RecoveryCodes.CountAsync(c => c.AccountId == accountId && c.UsedAt == null, stop);

    /// <summary>New codes and what to store of them. Outside of a transaction: the hashes cost time on purpose.</summary>
    internal static IReadOnlyList<(string Code, string Hash)> Make()
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        while (made.Count < Count)
            if (OneTimeCode.Letters(RandomNumberGenerator.GetBytes(Bytes))[..Size] is var code) made.TryAdd(code[..StartLetters], code);
        return [.. made.Values.Select(code => (code, Argon2.Hash(code)))];
    }

    /// <summary>Takes the place of all earlier ones, in the caller's transaction.</summary>
    internal async Task ReplaceAsync(Guid accountId, IEnumerable<(string Code, string Hash)> made, CancellationToken stop)
    {
        await RemoveAsync(accountId, stop);
        foreach (var (code, hash) in made)
            db.RecoveryCodes.Add(new() { Id = Id<RecoveryCode>.New(time.GetUtcNow()), AccountId = accountId, Start = code[..StartLetters], Hash = hash });
        await db.SaveChangesAsync(stop);
    }

    internal Task RemoveAsync(Guid accountId, CancellationToken stop) => db.RecoveryCodes.Where(c => c.AccountId == accountId).ExecuteDeleteAsync(stop);

    /// <summary>Uses a code up; false when it is none of the account's, or was used already.</summary>
    internal async Task<bool> UseAsync(Guid accountId, string? typed, CancellationToken stop)
    {
        if (Read(typed) is not { } code) return false;
        var start = code[..StartLetters];
        if (await db.RecoveryCodes.AsNoTracking().SingleOrDefaultAsync(c => c.AccountId == accountId && c.Start == start, stop) is not { UsedAt: null } row || !Argon2.Verify(row.Hash, code, out _)) return false;
        var now = time.GetUtcNow();
        return await db.InTransactionAsync(() => db.RecoveryCodes.Where(c => c.Id == row.Id && c.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), stop), stop) == 1;
    }

    /// <summary>As it is shown: <c>ABCD-EFGH-2345</c>.</summary>
    public static string Show(string code) => string.Join('-', code.Chunk(4).Select(part => new string(part)));

    /// <summary>As a person types it, in small letters or without the lines; null when it cannot be one. The digits 0 and 1 are never in it: they are read as the letters they look like.</summary>
    internal static string? Read(string? typed)
    {
        if (typed is null or { Length: > 60 }) return null;
        var code = new string([.. typed.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant).Select(c => c switch { '0' => 'O', '1' => 'I', _ => c })]);
        return code.Length == Size ? code : null;
    }
}
