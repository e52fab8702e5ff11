namespace OrderClosr.Sandbox.Meta.Media;

/// <summary>What a file really is, told by its first bytes, and what each channel takes (facts: meta.md sections 6.2 and 8).</summary>
public static class MediaKinds
{
    private const int Mb = 1024 * 1024;

    /// <summary>The type a file's own bytes show; null when they show none we know.</summary>
    public static string? Sniff(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, 0x50, 0x4E, 0x47, ..] => "image/png",
        [0x47, 0x49, 0x46, 0x38, ..] => "image/gif",
        [0x52, 0x49, 0x46, 0x46, _, _, _, _, 0x57, 0x45, 0x42, 0x50, ..] => "image/webp",
        [0x4F, 0x67, 0x67, 0x53, ..] => "audio/ogg",
        [0x25, 0x50, 0x44, 0x46, ..] => "application/pdf",
        [0x49, 0x44, 0x33, ..] or [0xFF, 0xFB or 0xF3 or 0xF2, ..] => "audio/mpeg",
        [0xFF, 0xF1 or 0xF9, ..] => "audio/aac",
        [0x23, 0x21, 0x41, 0x4D, 0x52, ..] => "audio/amr",
        [_, _, _, _, 0x66, 0x74, 0x79, 0x70, ..] => "video/mp4",
        _ => null,
    };

    /// <summary>Does the claimed type agree with the bytes? An mp4 box may be sound or picture.</summary>
    public static bool Agrees(string claimed, string? real) => Bare(claimed) == real || real is null || (real == "video/mp4" && Bare(claimed) is "audio/mp4" or "video/3gp" or "video/3gpp");

    /// <summary>A type without its parameters.</summary>
    public static string Bare(string type) => type.Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>WhatsApp: the most bytes a message type takes of a file type; null is refused.</summary>
    public static int? WhatsAppLimit(string type, string mime) => (type, Bare(mime)) switch
    {
        ("image", "image/jpeg" or "image/png") => 5 * Mb,
        ("audio", "audio/aac" or "audio/amr" or "audio/mpeg" or "audio/mp4" or "audio/ogg") => 16 * Mb,
        ("video", "video/mp4" or "video/3gp" or "video/3gpp") => 16 * Mb,
        ("sticker", "image/webp") => 500 * 1024,
        ("document", _) => 100 * Mb,
        _ => null,
    };

    /// <summary>The WhatsApp message type a file type belongs to; null is a type that cannot be uploaded.</summary>
    public static string? WhatsAppType(string mime) => Bare(mime) switch
    {
        "image/jpeg" or "image/png" => "image",
        "image/webp" => "sticker",
        "audio/aac" or "audio/amr" or "audio/mpeg" or "audio/mp4" or "audio/ogg" => "audio",
        "video/mp4" or "video/3gp" or "video/3gpp" => "video",
        "application/pdf" or "text/plain" or "application/msword" or "application/vnd.ms-excel" or "application/vnd.ms-powerpoint"
            or "application/vnd.openxmlformats-officedocument.wordprocessingml.document" or "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            or "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "document",
        _ => null,
    };

    /// <summary>Messenger and Instagram: the most bytes an attachment type takes of a file type; null is refused.</summary>
    public static int? PageLimit(MetaKind kind, string type, string mime) => (type, Bare(mime)) switch
    {
        ("image", "image/jpeg" or "image/png" or "image/gif") => (kind == MetaKind.Instagram ? 8 : 25) * Mb,
        ("audio", "audio/aac" or "audio/mp4" or "audio/mpeg" or "audio/ogg" or "audio/wav") => 25 * Mb,
        ("video", "video/mp4") => 25 * Mb,
        ("file", _) => 25 * Mb,
        _ => null,
    };

    /// <summary>Extensions a type may travel under: an upload with another one is refused.</summary>
    public static bool Extension(string mime, string fileName) => Path.GetExtension(fileName).ToLowerInvariant() is var end && Bare(mime) switch
    {
        "image/jpeg" => end is ".jpg" or ".jpeg",
        "image/png" => end is ".png",
        "image/webp" => end is ".webp",
        "audio/ogg" => end is ".ogg" or ".opus" or ".oga",
        "audio/mpeg" => end is ".mp3",
        "audio/mp4" => end is ".m4a" or ".mp4",
        "audio/aac" => end is ".aac",
        "audio/amr" => end is ".amr",
        "video/mp4" => end is ".mp4",
        "application/pdf" => end is ".pdf",
        _ => end.Length > 1,
    };
}
