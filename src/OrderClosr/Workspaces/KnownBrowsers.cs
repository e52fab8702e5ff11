using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;

namespace OrderClosr.Workspaces;

/// <summary>That an account signed in from a browser before: only a hash that means nothing for another account.</summary>
public sealed class KnownBrowser
{
    public required Guid AccountId { get; init; }

    /// <summary>SHA-256 of the account and the browser's reference.</summary>
    public required string Hash { get; init; }

    /// <summary>The last sign-in from it.</summary>
    public required DateTimeOffset SeenAt { get; set; }
}

/// <summary>Tells a browser an account has used before from one it has not: then its person is told by mail.</summary>
public sealed class KnownBrowsers(OrderClosrDb db, TimeProvider time)
{
    /// <summary>How many are remembered of one account: the latest.</summary>
    public const int PerAccount = 20;

    private const int ReferenceBytes = 32;

    // The longest a browser keeps a cookie.
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(400);

    /// <summary>The browser's reference, given to it now if it has none.</summary>
    internal static string Recognise(HttpContext http)
    {
        var name = SealedCookie.NameFor(http, "browser");
        var reference = http.Request.Cookies[name] is { Length: 43 } known && Base64Url.IsValid(known) ? known : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ReferenceBytes));
        http.Response.Cookies.Append(name, reference, SealedCookie.Options(http, SameSiteMode.Lax, Lasts));
        return reference;
    }

    /// <summary>Notes a sign-in, in the caller's transaction. True: the account has others, and this is none of them. The first after a sign-up is nobody else's.</summary>
    internal async Task<bool> IsStrangeAsync(Guid accountId, string reference, CancellationToken stop)
    {
        var (now, hash) = (time.GetUtcNow(), Hash(accountId, reference));
        if (await db.KnownBrowsers.Where(b => b.AccountId == accountId && b.Hash == hash).ExecuteUpdateAsync(set => set.SetProperty(b => b.SeenAt, now), stop) == 1) return false;
        var others = await db.KnownBrowsers.Where(b => b.AccountId == accountId).OrderByDescending(b => b.SeenAt).Select(b => b.SeenAt).ToListAsync(stop);
        if (others.Count >= PerAccount && others[PerAccount - 1] is var oldest) await db.KnownBrowsers.Where(b => b.AccountId == accountId && b.SeenAt <= oldest).ExecuteDeleteAsync(stop);
        await db.AddSharedUnlessThereAsync(new KnownBrowser { AccountId = accountId, Hash = hash, SeenAt = now }, stop);
        return others.Count > 0;
    }

    private static string Hash(Guid accountId, string reference) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{accountId:N}:{reference}")));
}
