using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace OrderClosr.Ground.Running;

/// <summary>What a backup says of itself before its contents.</summary>
/// <param name="Database"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="Migration">The last one that was applied: an older program cannot read it.</param>
/// <param name="Tables">Rows of each table, counted on the very state that was copied.</param>
internal sealed record BackupManifest(DateTimeOffset At, string Database, string Migration, IReadOnlyDictionary<string, long> Tables);

/// <summary>What must have come when a backup has been read to its end.</summary>
internal sealed record BackupEnd(long MediaFiles, long MediaBytes);

/// <summary>Named parts one after the other: <c>manifest.json</c>, <c>deletions.jsonl</c>, the database, <c>media/…</c>, <c>end.json</c>. A part's length need not be known before it is written.</summary>
/// <remarks>A part: length of its name (2 bytes), name, then blocks of length (4 bytes) and content; a block of length 0 ends it.</remarks>
internal sealed class BackupParts(Stream stream)
{
    internal const string Manifest = "manifest.json", Deletions = Tenancy.DeletionBook.FileName, Database = "database", Media = "media/", End = "end.json";

    private const int Block = 64 * 1024;
    private readonly byte[] _block = new byte[Block], _length = new byte[4];

    internal async Task WriteJsonAsync<T>(string name, T value, CancellationToken stop)
    {
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value));
        await WriteAsync(name, json, stop);
    }

    internal async Task<long> WriteAsync(string name, Stream content, CancellationToken stop)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        BinaryPrimitives.WriteUInt16BigEndian(_length, checked((ushort)bytes.Length));
        await stream.WriteAsync(_length.AsMemory(0, 2), stop);
        await stream.WriteAsync(bytes, stop);
        long total = 0;
        int read;
        do
        {
            read = await content.ReadAtLeastAsync(_block, Block, throwOnEndOfStream: false, stop);
            BinaryPrimitives.WriteInt32BigEndian(_length, read);
            await stream.WriteAsync(_length, stop);
            await stream.WriteAsync(_block.AsMemory(0, read), stop);
            total += read;
        }
        while (read > 0);
        return total;
    }

    /// <summary>The next part's name; null at the end. Its content has to be read before the next one.</summary>
    internal async Task<string?> NextAsync(CancellationToken stop)
    {
        var read = await stream.ReadAtLeastAsync(_length.AsMemory(0, 2), 2, throwOnEndOfStream: false, stop);
        if (read == 0) return null;
        var name = new byte[read == 2 ? BinaryPrimitives.ReadUInt16BigEndian(_length) : throw Unfinished];
        return await stream.ReadAtLeastAsync(name, name.Length, throwOnEndOfStream: false, stop) == name.Length ? Encoding.UTF8.GetString(name) : throw Unfinished;
    }

    internal async Task<long> CopyToAsync(Stream to, CancellationToken stop)
    {
        for (long total = 0; ;)
        {
            if (await stream.ReadAtLeastAsync(_length, 4, throwOnEndOfStream: false, stop) < 4) throw Unfinished;
            var length = BinaryPrimitives.ReadInt32BigEndian(_length);
            if (length == 0) return total;
            if (length is < 0 or > Block || await stream.ReadAtLeastAsync(_block.AsMemory(0, length), length, throwOnEndOfStream: false, stop) < length) throw Unfinished;
            await to.WriteAsync(_block.AsMemory(0, length), stop);
            total += length;
        }
    }

    internal async Task<T> ReadJsonAsync<T>(CancellationToken stop) => JsonSerializer.Deserialize<T>(await ReadBytesAsync(stop)) ?? throw Unfinished;

    internal async Task<byte[]> ReadBytesAsync(CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        await CopyToAsync(bytes, stop);
        return bytes.ToArray();
    }

    private static BackupBroken Unfinished => new("The backup is not complete: it was never finished. Nothing of it is used.");
}
