using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OrderClosr.Ground.Values;
using SkiaSharp;

namespace OrderClosr.Ground.Running;

/// <summary>Makes photos that every channel takes and that tell nothing but what is seen: JPEG in RGB, upright, without metadata, not larger than a phone shows.</summary>
/// <remarks>A phone writes into a photo where and with what it was taken; a shop that works from home would send its address to every customer.</remarks>
public sealed class Pictures(MediaFiles files)
{
    /// <summary>The longer side of what we make, in pixels; Meta scales larger ones down anyway.</summary>
    public const int LongestSide = 2048;

    /// <summary>The most bytes that every channel takes (facts/meta.md section 6.2, WhatsApp).</summary>
    public const int MostBytes = 5 * 1024 * 1024;

    // What unpacks to more than this is no photo of a phone but an attack on our memory.
    private const long MostPixels = 50_000_000;
    private const int Quality = 88;

    private static readonly Refusal Unreadable = new("media_type", "This photo cannot be read.", "file", ["JPEG", "PNG", "WebP"]);

    // Unpacking takes 4 bytes a pixel: one after the other is quick enough.
    private static readonly SemaphoreSlim AtOnce = new(1, 1);

    /// <summary>Keeps a photo that somebody uploads, as the JPEG we make of it.</summary>
    public async Task<Result<MediaFile>> SaveAsync(WorkspaceId workspace, Stream content, IReadOnlySet<string> allowed, long mostBytes, CancellationToken stop)
    {
        using var given = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await content.ReadAsync(buffer, stop)) > 0;)
        {
            given.Write(buffer, 0, read);
            if (given.Length > mostBytes) return MediaFiles.TooLarge(mostBytes);
        }
        var bytes = given.ToArray();
        if (MediaFiles.TypeOf(bytes) is not { } type || !allowed.Contains(type) || await ToJpegAsync(bytes, stop) is not { } jpeg) return Unreadable;
        using var made = new MemoryStream(jpeg);
        return await files.SaveAsync(workspace, made, MediaFiles.Photos, MostBytes, stop);
    }

    /// <summary>The file under which a kept photo may be sent: itself, or a JPEG made of it once and kept beside it. Null when it is gone or no photo.</summary>
    public async Task<MediaFile?> ToSendAsync(WorkspaceId workspace, string file, CancellationToken stop)
    {
        var made = CopyOf(file);
        if (files.Open(workspace, made) is { } copy)
            await using (copy.Content) return new(made, copy.MediaType, copy.Content.Length);
        if (files.Open(workspace, file) is not { } kept) return null;
        byte[] bytes;
        await using (kept.Content)
        {
            bytes = new byte[kept.Content.Length];
            await kept.Content.ReadExactlyAsync(bytes, stop);
        }
        if (IsBare(bytes)) return new(file, kept.MediaType, bytes.Length);
        if (await ToJpegAsync(bytes, stop) is not { } jpeg) return null;
        await files.WriteAsync(workspace, made, jpeg, stop);
        return new(made, "image/jpeg", jpeg.Length);
    }

    /// <summary>Removes a photo and what was made of it.</summary>
    public void Delete(WorkspaceId workspace, string file)
    {
        files.Delete(workspace, file);
        files.Delete(workspace, CopyOf(file));
    }

    /// <summary>A photo as JPEG; null when it cannot be read.</summary>
    public static async Task<byte[]?> ToJpegAsync(byte[] photo, CancellationToken stop)
    {
        await AtOnce.WaitAsync(stop);
        try
        {
            return await Task.Run(() => ToJpeg(photo), stop);
        }
        finally
        {
            AtOnce.Release();
        }
    }

    private static byte[]? ToJpeg(byte[] photo)
    {
        using var data = SKData.CreateCopy(photo);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.Info is not { Width: > 0, Height: > 0 } info || (long)info.Width * info.Height > MostPixels) return null;
        using var read = new SKBitmap(new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()));
        // Half a photo is better than none: a cut one shows what came.
        if (codec.GetPixels(read.Info, read.GetPixels()) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput)) return null;
        var isTurned = codec.EncodedOrigin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var scale = Math.Min(1f, (float)LongestSide / Math.Max(info.Width, info.Height));
        var (width, height) = (Math.Max(1, (int)Math.Round(info.Width * scale)), Math.Max(1, (int)Math.Round(info.Height * scale)));
        using var sheet = SKSurface.Create(new SKImageInfo(isTurned ? height : width, isTurned ? width : height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = sheet.Canvas;
        // JPEG knows no transparency; black is what others make of it.
        canvas.Clear(SKColors.White);
        canvas.Concat(Upright(codec.EncodedOrigin, width, height));
        canvas.Scale((float)width / info.Width, (float)height / info.Height);
        using var image = SKImage.FromBitmap(read);
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var drawn = sheet.Snapshot();
        using var jpeg = drawn.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg?.ToArray();
    }

    /// <summary>Turns what a phone held sideways wrote (the eight origins of EXIF).</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    /// <summary>True for a JPEG of a size that every channel takes, in three colours or one, with nothing in it but the picture.</summary>
    internal static bool IsBare(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.Length > MostBytes || MediaFiles.TypeOf(jpeg) != "image/jpeg") return false;
        for (var at = 2; at + 4 <= jpeg.Length;)
        {
            var (mark, length) = (jpeg[at + 1], BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]));
            if (jpeg[at] != 0xFF || length < 2) return false;
            if (mark is >= 0xC0 and <= 0xC2 && (at + 9 >= jpeg.Length || jpeg[at + 9] is not (1 or 3))) return false;
            if (mark == 0xDA) return true;
            // Application segments but JFIF's own, and comments.
            if (mark is >= 0xE1 and <= 0xEF or 0xFE) return false;
            at += 2 + length;
        }
        return false;
    }

    /// <summary>A name by which the copy is found again.</summary>
    private static string CopyOf(string file) => $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file)).AsSpan(0, 16))}.jpg";
}
