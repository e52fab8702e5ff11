using System.Buffers;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <summary>Called after each row and file with how many there were and will be; may wait, and ends the writing by throwing.</summary>
internal delegate ValueTask ExportProgress(long done, long total, CancellationToken stop);

/// <summary>Writes what a workspace, or one customer in it, takes along: one moment of the database, row by row, so that memory does not grow with it.</summary>
internal sealed class ExportWriter(WorkspaceScopes scopes, ExportedTables tables, MediaFiles media, TimeProvider time)
{
    /// <summary>So much is kept back before it is passed on.</summary>
    private const int Piece = 32 * 1024;

    private static readonly string AppVersion = typeof(ExportWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>A ZIP: <c>workspace.json</c>, one file of lines per table, <c>media/</c>, <c>schema.json</c>, <c>README.txt</c>, and at its end <c>manifest.json</c> with counts and hashes.</summary>
    internal async Task WriteArchiveAsync(WorkspaceId workspace, Stream to, ExportProgress progress, CancellationToken stop)
    {
        await using var scope = scopes.Open(workspace);
        var db = scope.Db;
        await using var moment = await BeginAsync(db, stop);
        var (at, shop, files) = (time.GetUtcNow(), await db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == workspace, stop), media.NamesOf(workspace));
        var total = files.Count + await CountAsync(db, null, stop);
        long done = 0;
        var (counts, written) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new JsonArray());
        var archive = new Archive(to, written);
        await archive.AddAsync("workspace.json", entry => entry.Json(Of(shop)), stop);
        foreach (var table in tables.TakenAlong)
        {
            await using var entry = archive.Open($"{table.Name}.ndjson", CompressionLevel.Fastest);
            await using (var json = new Utf8JsonWriter(entry.Bytes, ExportPen.Writing))
            {
                var pen = new ExportPen(json, inner =>
                {
                    json.Flush();
                    json.Reset();
                    entry.Bytes.Write("\n"u8);
                    return NextAsync(entry, inner);
                });
                await table.WriteAsync(db, null, pen, stop);
                foreach (var (name, count) in pen.Counts) counts[name] = count;
            }
            await entry.EndAsync(stop);
            CrashPoint.Pass("export-table", table.Name);
        }
        var (buffer, found) = (new byte[Piece], 0);
        foreach (var file in files)
        {
            if (media.Open(workspace, file) is not { } open) continue; // removed meanwhile
            found++;
            await using var content = open.Content;
            await using var entry = archive.Open($"media/{file}", CompressionLevel.NoCompression);
            int read;
            while ((read = await content.ReadAsync(buffer, stop)) > 0)
            {
                entry.Bytes.Write(buffer.AsSpan(0, read));
                await entry.PassOnAsync(stop);
            }
            await entry.EndAsync(stop);
            await progress(++done, total, stop);
        }
        await archive.AddAsync("schema.json", entry => entry.Json(ExportSchema.Of(tables)), stop);
        await archive.AddAsync("README.txt", entry => entry.Bytes.Write(Encoding.UTF8.GetBytes(ReadMe)), stop);
        var manifest = new JsonObject
        {
            ["schema"] = ExportedTables.Schema, ["exported_at"] = ExportPen.Instant(at), ["app_version"] = AppVersion, ["workspace"] = Of(shop), ["counts"] = Counts(counts), ["media_files"] = found, ["left_out"] = LeftOut(), ["files"] = written.DeepClone(),
        };
        await archive.AddAsync("manifest.json", entry => entry.Json(manifest), stop);
        await archive.FinishAsync(stop);

        ValueTask NextAsync(Entry entry, CancellationToken inner)
        {
            done++;
            if (entry.Bytes.WrittenCount < Piece) return ValueTask.CompletedTask;
            return PassOnAsync(entry, inner);
        }

        async ValueTask PassOnAsync(Entry entry, CancellationToken inner)
        {
            await entry.PassOnAsync(inner);
            await progress(done, total, inner);
        }
    }

    /// <summary>One JSON document with all of it; files of <c>media</c> in base64. Of one customer alone when named.</summary>
    internal async Task WriteDocumentAsync(WorkspaceId workspace, Guid? customer, Stream to, ExportProgress progress, CancellationToken stop)
    {
        await using var scope = scopes.Open(workspace);
        var db = scope.Db;
        await using var moment = await BeginAsync(db, stop);
        var (at, shop) = (time.GetUtcNow(), await db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == workspace, stop));
        var total = await CountAsync(db, customer, stop) + (customer is null ? media.NamesOf(workspace).Count : 0);
        long done = 0;
        var bytes = new ArrayBufferWriter<byte>(2 * Piece);
        await using var json = new Utf8JsonWriter(bytes, ExportPen.Writing);
        var pen = new ExportPen(json, inner =>
        {
            done++;
            return json.BytesPending + bytes.WrittenCount < Piece ? ValueTask.CompletedTask : PassOnAsync(inner);
        });
        json.WriteStartObject();
        json.WriteString("schema", ExportedTables.Schema);
        json.WriteString("exported_at", ExportPen.Instant(at));
        json.WriteString("app_version", AppVersion);
        json.WritePropertyName("workspace");
        Of(shop).WriteTo(json);
        foreach (var table in tables.TakenAlong.Where(t => customer is null || t.IsOfCustomers))
        {
            json.WriteStartArray(table.Name);
            await table.WriteAsync(db, customer, pen, stop);
            json.WriteEndArray();
        }
        json.WriteStartArray("media");
        var (buffer, found) = (new byte[3 * 8192], 0);
        foreach (var file in customer is null ? (IReadOnlyCollection<string>)media.NamesOf(workspace) : pen.Files)
        {
            if (media.Open(workspace, file) is not { } open) continue;
            found++;
            await using var content = open.Content;
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteString("media_type", open.MediaType);
            json.WritePropertyName("content");
            int read;
            while ((read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop)) == buffer.Length)
            {
                json.WriteBase64StringSegment(buffer, isFinalSegment: false);
                await PassOnAsync(stop);
            }
            json.WriteBase64StringSegment(buffer.AsSpan(0, read), isFinalSegment: true);
            json.WriteEndObject();
            done++;
            await PassOnAsync(stop);
        }
        json.WriteEndArray();
        json.WritePropertyName("counts");
        Counts(pen.Counts).WriteTo(json);
        json.WriteNumber("media_files", found);
        if (customer is null)
        {
            json.WritePropertyName("left_out");
            LeftOut().WriteTo(json);
        }
        json.WriteEndObject();
        await PassOnAsync(stop);

        async ValueTask PassOnAsync(CancellationToken inner)
        {
            json.Flush();
            await to.WriteAsync(bytes.WrittenMemory, inner);
            bytes.ResetWrittenCount();
            await progress(done, total, inner);
        }
    }

    private static async Task<IAsyncDisposable> BeginAsync(OrderClosrDb db, CancellationToken stop)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        return await db.Dialect.BeginReadingAsync(db, stop);
    }

    private async Task<long> CountAsync(OrderClosrDb db, Guid? customer, CancellationToken stop)
    {
        long all = 0;
        foreach (var table in tables.TakenAlong) all += await table.CountAsync(db, customer, stop);
        return all;
    }

    private static JsonObject Of(Workspace shop) => new() { ["id"] = shop.Id.ToString(), ["slug"] = shop.Slug, ["name"] = shop.Name, ["language"] = shop.Language, ["needs_second_step"] = shop.NeedsSecondStep, ["created_at"] = ExportPen.Instant(shop.CreatedAt) };

    private static JsonObject Counts(SortedDictionary<string, long> counts) => new(counts.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Key, c.Value)));

    private JsonObject LeftOut() => new(tables.LeftOut.OrderBy(t => t.Row.Name, StringComparer.Ordinal).Select(t => KeyValuePair.Create<string, JsonNode?>(JsonNamingPolicy.SnakeCaseLower.ConvertName(t.Row.Name), t.About)));

    private const string ReadMe = """
        OrderClosr: everything of one workspace.

        manifest.json   what is here: counts, and the SHA-256 of every other file
        schema.json     the form of each row (JSON Schema)
        workspace.json  the shop itself
        NAME.ndjson     one table: one JSON object a line, UTF-8
        media/          photos, voice notes and files that the rows name

        Instants are in UTC, amounts whole dinars, phones E.164. Passwords, keys and access to channels and couriers are never inside.

        FR : chaque fichier .ndjson est une table, une ligne par objet. Les montants sont en dinars entiers, les dates en UTC. Aucun mot de passe, aucune clé.
        AR : كلّ ملفّ ‎.ndjson جدول، وكلّ سطر عنصر واحد. المبالغ بالدينار والأوقات بتوقيت UTC. لا كلمات مرور ولا مفاتيح.

        """;

    /// <summary>A ZIP under way. The library writes into memory without waiting; what it wrote is passed on after each piece.</summary>
    private sealed class Archive(Stream to, JsonArray files)
    {
        private readonly Buffer _buffer = new();
        private ZipArchive? _zip;

        internal Entry Open(string name, CompressionLevel level) => new(this, name, (_zip ??= new(_buffer, ZipArchiveMode.Create, leaveOpen: true)).CreateEntry(name, level).Open());

        internal async Task AddAsync(string name, Action<Entry> write, CancellationToken stop)
        {
            await using var entry = Open(name, CompressionLevel.Fastest);
            write(entry);
            await entry.EndAsync(stop);
        }

        internal void Ended(string name, long bytes, byte[] hash) => files.Add(new JsonObject { ["name"] = name, ["bytes"] = bytes, ["sha256"] = Convert.ToHexStringLower(hash) });

        internal async Task FinishAsync(CancellationToken stop)
        {
            _zip!.Dispose();
            await PassOnAsync(stop);
        }

        internal async ValueTask PassOnAsync(CancellationToken stop)
        {
            if (_buffer.Bytes.WrittenCount == 0) return;
            await to.WriteAsync(_buffer.Bytes.WrittenMemory, stop);
            _buffer.Bytes.ResetWrittenCount();
        }
    }

    /// <summary>One file of a ZIP: counted and hashed as it is before it is packed.</summary>
    private sealed class Entry(Archive archive, string name, Stream packed) : IAsyncDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _bytes;

        /// <summary>What comes next.</summary>
        internal ArrayBufferWriter<byte> Bytes { get; } = new(2 * Piece);

        internal void Json(JsonNode node)
        {
            using var json = new Utf8JsonWriter(Bytes, ExportPen.Writing with { Indented = true });
            node.WriteTo(json);
        }

        internal ValueTask PassOnAsync(CancellationToken stop)
        {
            _hash.AppendData(Bytes.WrittenSpan);
            packed.Write(Bytes.WrittenSpan);
            _bytes += Bytes.WrittenCount;
            Bytes.ResetWrittenCount();
            return archive.PassOnAsync(stop);
        }

        internal async Task EndAsync(CancellationToken stop)
        {
            await PassOnAsync(stop);
            await packed.DisposeAsync();
            await archive.PassOnAsync(stop);
            archive.Ended(name, _bytes, _hash.GetHashAndReset());
        }

        public ValueTask DisposeAsync()
        {
            _hash.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Takes bytes, never gives them back.</summary>
    private sealed class Buffer : Stream
    {
        internal ArrayBufferWriter<byte> Bytes { get; } = new(4 * Piece);

        public override void Write(ReadOnlySpan<byte> buffer) => Bytes.Write(buffer);
        public override void Write(byte[] buffer, int offset, int count) => Bytes.Write(buffer.AsSpan(offset, count));
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
