using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Api;

/// <summary>Makes, finds and revokes keys of the API.</summary>
/// <remarks>A key reads <c>oc_{workspace}_{chance}</c>: the workspace in it says where to look, so keys are filtered like every other row;
/// it proves nothing by itself, the hash of the whole does.</remarks>
public sealed class ApiKeys(OrderClosrDb db, Audit audit, TimeProvider time)
{
    private const string Mark = "oc_";
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(5);

    /// <summary>A new key of the current workspace; the second value is the key itself, shown once and never again.</summary>
    public async Task<(ApiKey Row, string Key)> MakeAsync(string name, Guid? by, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var key = $"{Mark}{Base64Url.EncodeToString(db.WorkspaceId.Value.ToByteArray(bigEndian: true))}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        var clean = new string([.. name.Trim().Where(c => !char.IsControl(c)).Take(60)]);
        var row = new ApiKey { Id = Id<ApiKey>.New(now), Name = clean.Length == 0 ? "API" : clean, Ending = key[^4..], Hash = HashOf(key), CreatedAt = now, CreatedBy = by };
        db.Add(row);
        audit.Write(AuditAction.ApiKeyMade, row.Id, row.Name);
        await db.SaveChangesAsync(stop);
        return (row, key);
    }

    /// <summary>From now on the key opens nothing; again: nothing happens.</summary>
    public async Task<Result<ApiKey>> RevokeAsync(Id<ApiKey> id, CancellationToken stop)
    {
        var row = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id, stop);
        if (row is null) return Refusal.NotFound("key");
        if (row.RevokedAt is not null) return row;
        row.RevokedAt = time.GetUtcNow();
        audit.Write(AuditAction.ApiKeyRevoked, row.Id, row.Name);
        await db.SaveChangesAsync(stop);
        return row;
    }

    /// <summary>The keys a person made in the current workspace that still open something, oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> MadeByAsync(Guid account, CancellationToken stop) =>
        await db.ApiKeys.AsNoTracking().Where(k => k.CreatedBy == account && k.RevokedAt == null).OrderBy(k => k.CreatedAt).ToListAsync(stop);

    /// <summary>Revokes all of them, in the caller's transaction.</summary>
    internal async Task RevokeMadeByAsync(Guid account, CancellationToken stop)
    {
        foreach (var key in await MadeByAsync(account, stop)) await RevokeAsync(key.Id, stop);
    }

    /// <summary>The workspace a key claims to be of; null when it is no key of ours.</summary>
    internal static WorkspaceId? WorkspaceOf(string key)
    {
        if (key.Length != 69 || !key.StartsWith(Mark, StringComparison.Ordinal) || key[25] != '_') return null;
        Span<byte> id = stackalloc byte[18];
        return Base64Url.DecodeFromChars(key.AsSpan(3, 22), id, out _, out var length) == OperationStatus.Done && length == 16 ? new WorkspaceId(new Guid(id[..16], bigEndian: true)) : null;
    }

    /// <summary>The row of a key in the current workspace, unless it is revoked, the account of its maker is disabled or the workspace is being deleted; notes that it was used.</summary>
    internal async Task<ApiKey?> FindAsync(string key, CancellationToken stop)
    {
        var (hash, here) = (HashOf(key), db.WorkspaceId);
        var row = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Hash == hash && k.RevokedAt == null && !db.Set<Account>().Any(a => a.Id == k.CreatedBy && a.LockoutEnd != null) && db.Set<Workspace>().Any(w => w.Id == here && w.DeleteAskedAt == null), stop);
        if (row is null) return null;
        var now = time.GetUtcNow();
        if (row.LastUsedAt is null || now - row.LastUsedAt > NoteEvery)
            await db.InTransactionAsync(() => db.ApiKeys.Where(k => k.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), stop), stop);
        return row;
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
