using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Sandbox.Meta.Media;

/// <summary>A file Meta holds.</summary>
/// <param name="Id">Media or attachment id.</param>
/// <param name="Account">The account that may look it up.</param>
/// <param name="Mime">Type as it was given.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Until">When the id dies: 7 days from a webhook, 30 days from an upload.</param>
public sealed record StoredMedia(string Id, string Account, string Mime, byte[] Bytes, DateTimeOffset Until)
{
    /// <summary>Hash in hex, as webhooks and look-ups tell it.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>Page and Instagram uploads: may the id be used again?</summary>
    public bool IsReusable { get; init; } = true;
}

/// <summary>Files in and out, and the short-lived addresses they are fetched from (facts: meta.md section 8).</summary>
public sealed class MediaShelf(IServiceProvider services, TimeProvider time)
{
    private const long MostBytes = 512L * 1024 * 1024;
    private readonly ConcurrentDictionary<string, StoredMedia> _media = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private long _bytes;

    /// <summary>Keeps a file; the oldest go when the shelf is full.</summary>
    public StoredMedia Keep(MetaAccount account, byte[] bytes, string mime, TimeSpan life, bool reusable = true)
    {
        var media = new StoredMedia(MetaIds.Number(), account.Id, mime, bytes, time.GetUtcNow() + life) { IsReusable = reusable };
        _media[media.Id] = media;
        _order.Enqueue(media.Id);
        if (Interlocked.Add(ref _bytes, bytes.Length) > MostBytes && _order.TryDequeue(out var oldest)) Remove(oldest);
        return media;
    }

    /// <summary>A living file, or null.</summary>
    public StoredMedia? Find(string? id) => id is not null && _media.TryGetValue(id, out var media) && media.Until > time.GetUtcNow() ? media : null;

    /// <summary>Deletes a file; false when there was none.</summary>
    public bool Remove(string id)
    {
        if (!_media.TryRemove(id, out var media)) return false;
        Interlocked.Add(ref _bytes, -media.Bytes.Length);
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() { _media.Clear(); _order.Clear(); Interlocked.Exchange(ref _bytes, 0); }

    /// <summary>WhatsApp: an address for 5 minutes that also wants the token.</summary>
    public string WhatsAppUrl(StoredMedia media) => Address("whatsapp", media, TimeSpan.FromMinutes(5));

    /// <summary>Messenger and Instagram: a signed address without a token that dies after a day.</summary>
    public string PageUrl(StoredMedia media) => Address("fb", media, TimeSpan.FromHours(24));

    /// <summary>Is this the address as we signed it, and still alive?</summary>
    public bool IsAlive(string way, string id, string? expires, string? signature) =>
        long.TryParse(expires, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var until) && until > time.GetUtcNow().ToUnixTimeSeconds()
        && signature is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Sign(way, id, expires!)));

    private string Address(string way, StoredMedia media, TimeSpan life)
    {
        var expires = (time.GetUtcNow() + life).ToUnixTimeSeconds().ToString("X", CultureInfo.InvariantCulture);
        return $"{services.OwnAddress()}/meta/cdn/{way}/{media.Id}?oh={Sign(way, media.Id, expires)}&oe={expires}";
    }

    private string Sign(string way, string id, string expires) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{way}/{id}/{expires}")))[..32];
}
