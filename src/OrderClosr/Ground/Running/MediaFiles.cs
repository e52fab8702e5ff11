using System.Security.Cryptography;
using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Running;

/// <summary>Photos and voice notes on disk, <c>{data}/media/{workspace}/{random}.{ext}</c>: named by chance, typed by their content, never by what a sender says.</summary>
/// <remarks>A file never changes; a row that names it is the proof that it is in use. Erasing a workspace removes its folder.</remarks>
public sealed partial class MediaFiles(IConfiguration settings)
{
    private readonly string _root = Path.GetFullPath(Path.Combine(settings["Data:Folder"] ?? "data", "media"));

    /// <summary>The folder of all workspaces' files.</summary>
    internal string Root => _root;

    /// <summary>What a product's photo may be.</summary>
    public static readonly IReadOnlySet<string> Photos = new HashSet<string> { "image/jpeg", "image/png", "image/webp" };

    /// <summary>The largest photo, 8 MB.</summary>
    public const long MostPhotoBytes = 8 * 1024 * 1024;

    /// <summary>Keeps a file; <c>media_too_large</c> or <c>media_type</c> when it is not what is allowed, with nothing kept.</summary>
    public async Task<Result<MediaFile>> SaveAsync(WorkspaceId workspace, Stream content, IReadOnlySet<string> allowed, long mostBytes, CancellationToken stop)
    {
        var folder = FolderOf(workspace);
        Directory.CreateDirectory(folder);
        var unfinished = Path.Combine(folder, $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}.part");
        try
        {
            string? type = null;
            long length = 0;
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
            {
                var buffer = new byte[64 * 1024];
                int read;
                while ((read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop)) > 0)
                {
                    if (length == 0 && ((type = TypeOf(buffer.AsSpan(0, read))) is null || !allowed.Contains(type))) return WrongType;
                    length += read;
                    if (length > mostBytes) return TooLarge(mostBytes);
                    await file.WriteAsync(buffer.AsMemory(0, read), stop);
                }
                file.Flush(flushToDisk: true);
            }
            if (type is null) return WrongType;
            var name = $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}.{ExtensionOf(type)}";
            File.Move(unfinished, Path.Combine(folder, name));
            return new MediaFile(name, type, length);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Keeps bytes of ours under a name we chose; whoever reads finds all of them or none.</summary>
    internal async Task WriteAsync(WorkspaceId workspace, string file, byte[] content, CancellationToken stop)
    {
        if (!Name().IsMatch(file) || workspace.IsNone) throw new ArgumentException("Not a name of ours.", nameof(file));
        var path = Path.Combine(FolderOf(workspace), file);
        var unfinished = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.part";
        await File.WriteAllBytesAsync(unfinished, content, stop);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Opens a file of a workspace; null when there is none of this name.</summary>
    public (Stream Content, string MediaType)? Open(WorkspaceId workspace, string file)
    {
        if (!Name().IsMatch(file) || workspace.IsNone) return null;
        var path = Path.Combine(FolderOf(workspace), file);
        return File.Exists(path) ? (File.OpenRead(path), TypeOfExtension(Path.GetExtension(file)[1..])) : null;
    }

    /// <summary>Names of a workspace's files, in their order.</summary>
    public IReadOnlyList<string> NamesOf(WorkspaceId workspace) => workspace.IsNone || !Directory.Exists(FolderOf(workspace)) ? [] :
        [.. Directory.EnumerateFiles(FolderOf(workspace)).Select(f => Path.GetFileName(f)).Where(f => Name().IsMatch(f)).Order(StringComparer.Ordinal)];

    /// <summary>Removes a file; again: nothing happens.</summary>
    public void Delete(WorkspaceId workspace, string file)
    {
        if (Name().IsMatch(file) && !workspace.IsNone) File.Delete(Path.Combine(FolderOf(workspace), file));
    }

    /// <summary>Where a workspace's files lie.</summary>
    public string FolderOf(WorkspaceId workspace) => Path.Combine(_root, workspace.ToString());

    /// <summary>The type by the first bytes; null when it is none that we know.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return "image/jpeg";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return "image/png";
        if (start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WEBP"u8)) return "image/webp";
        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8)) return "image/gif";
        if (start.StartsWith("OggS"u8)) return "audio/ogg";
        if (start.StartsWith("#!AMR"u8)) return "audio/amr";
        if (start.StartsWith("ID3"u8) || (start.Length > 1 && start[0] == 0xFF && start[1] is 0xFB or 0xF3 or 0xF2)) return "audio/mpeg";
        if (start.Length > 1 && start[0] == 0xFF && start[1] is 0xF1 or 0xF9) return "audio/aac";
        if (start.Length >= 12 && start[4..8].SequenceEqual("ftyp"u8)) return start[8..11].SequenceEqual("M4A"u8) ? "audio/mp4" : "video/mp4";
        if (start.StartsWith("%PDF-"u8)) return "application/pdf";
        return null;
    }

    internal static Refusal TooLarge(long mostBytes) => new("media_too_large", $"A file may have {mostBytes / (1024 * 1024)} MB at most.", "file", [$"{mostBytes / (1024 * 1024)} MB"]);

    private static readonly Refusal WrongType = new("media_type", "This kind of file cannot be used.", "file", ["JPEG", "PNG", "WebP"]);

    private static readonly (string Extension, string Type)[] Types =
    [
        ("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp"), ("gif", "image/gif"), ("ogg", "audio/ogg"), ("amr", "audio/amr"),
        ("mp3", "audio/mpeg"), ("aac", "audio/aac"), ("m4a", "audio/mp4"), ("mp4", "video/mp4"), ("pdf", "application/pdf"),
    ];

    private static string ExtensionOf(string type) => Types.First(t => t.Type == type).Extension;

    private static string TypeOfExtension(string extension) => Types.FirstOrDefault(t => t.Extension == extension).Type ?? "application/octet-stream";

    [GeneratedRegex("^[0-9a-f]{32}\\.[a-z0-9]{3,4}$")]
    private static partial Regex Name();
}

/// <summary>A file that was kept.</summary>
/// <param name="File">Its name inside the workspace's folder: what a row keeps.</param>
public sealed record MediaFile(string File, string MediaType, long Bytes);
