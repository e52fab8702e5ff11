using System.Buffers.Binary;
using System.Text;
using OrderClosr.Ground.Running;
using SkiaSharp;

namespace OrderClosr.Tests.Ground;

/// <summary>What a shop uploads becomes a photo that every channel takes and that tells nothing but what is seen.</summary>
public sealed class PicturesTests
{
    /// <summary>Red on the left, blue on the right, nothing at all in the middle.</summary>
    internal static byte[] Photo(SKEncodedImageFormat format, int width = 90, int height = 30)
    {
        using var sheet = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        sheet.Canvas.Clear(SKColors.Transparent);
        using var red = new SKPaint { Color = SKColors.Red };
        using var blue = new SKPaint { Color = SKColors.Blue };
        sheet.Canvas.DrawRect(0, 0, width / 3f, height, red);
        sheet.Canvas.DrawRect(2 * width / 3f, 0, width / 3f, height, blue);
        using var image = sheet.Snapshot();
        using var data = image.Encode(format, 95);
        return data.ToArray();
    }

    [Theory, InlineData(SKEncodedImageFormat.Webp), InlineData(SKEncodedImageFormat.Png)]
    public async Task What_is_transparent_becomes_white_and_what_is_large_is_made_smaller(SKEncodedImageFormat format)
    {
        var jpeg = await Pictures.ToJpegAsync(Photo(format, 6000, 2000), default);
        Assert.True(Pictures.IsBare(jpeg));
        using var seen = SKBitmap.Decode(jpeg);
        Assert.Equal((2048, 683), (seen.Width, seen.Height));
        Assert.Equal("red white blue", $"{Colour(seen, 0.15, 0.5)} {Colour(seen, 0.5, 0.5)} {Colour(seen, 0.85, 0.5)}");
    }

    [Fact]
    public async Task Where_a_phone_was_is_gone_and_what_it_wrote_sideways_stands_upright()
    {
        var taken = WithExif(Photo(SKEncodedImageFormat.Jpeg), orientation: 6);
        Assert.Contains("GPS 36.75", Encoding.Latin1.GetString(taken));
        Assert.False(Pictures.IsBare(taken));
        var jpeg = await Pictures.ToJpegAsync(taken, default);
        Assert.True(Pictures.IsBare(jpeg));
        var words = Encoding.Latin1.GetString(jpeg!);
        Assert.DoesNotContain("Exif", words);
        Assert.DoesNotContain("GPS", words);
        using var seen = SKBitmap.Decode(jpeg);
        Assert.Equal((30, 90), (seen.Width, seen.Height));
        // Turned clockwise: what was left is on top.
        Assert.Equal("red blue", $"{Colour(seen, 0.5, 0.15)} {Colour(seen, 0.5, 0.85)}");
        // Done once, it is left alone.
        Assert.True(Pictures.IsBare(await Pictures.ToJpegAsync(jpeg!, default)));
    }

    [Fact]
    public async Task What_is_no_photo_or_would_fill_our_memory_is_none()
    {
        Assert.Null(await Pictures.ToJpegAsync("<svg onload=alert(1)>"u8.ToArray(), default));
        var bomb = Photo(SKEncodedImageFormat.Png);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(16), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(20), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(29), System.IO.Hashing.Crc32.HashToUInt32(bomb.AsSpan(12, 17)));
        Assert.Null(await Pictures.ToJpegAsync(bomb, default));
    }

    private static string Colour(SKBitmap seen, double x, double y)
    {
        var c = seen.GetPixel((int)(seen.Width * x), (int)(seen.Height * y));
        return (c.Red > 200, c.Green > 200, c.Blue > 200) switch { (true, true, true) => "white", (true, false, false) => "red", (false, false, true) => "blue", _ => $"{c}" };
    }

    /// <summary>A JPEG with an EXIF segment as a phone writes it: how it was held, and where.</summary>
    private static byte[] WithExif(byte[] jpeg, byte orientation)
    {
        byte[] tiff = [.. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, .. "GPS 36.7538N 3.0588E"u8];
        var length = tiff.Length + 2;
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. tiff, .. jpeg[2..]];
    }
}
