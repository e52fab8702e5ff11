using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrderClosr.Ground.Secrets;

/// <summary>Fernet tokens (AES-128-CBC, then HMAC-SHA256), exchangeable with the common Python implementation (facts/fernet.md sections 1 and 2).</summary>
/// <remarks>Every failure to open is one exception with one message: what was wrong with a token is nobody's business.</remarks>
public static class Fernet
{
    private const byte Version = 0x80;
    private const int Head = 1 + 8 + 16, Mac = 32, Block = 16;

    /// <summary>Furthest a token's time may lie ahead of ours, in seconds.</summary>
    private const long MostSkew = 60;

    /// <summary>Encrypts with a fresh IV.</summary>
    public static string Encrypt(FernetKey key, ReadOnlySpan<byte> plain, DateTimeOffset at)
    {
        Span<byte> iv = stackalloc byte[16];
        RandomNumberGenerator.Fill(iv);
        return Encrypt(key, plain, at, iv);
    }

    /// <summary>Encrypts with a given IV: only for the public test vectors and <see cref="Encrypt(FernetKey, ReadOnlySpan{byte}, DateTimeOffset)"/>.</summary>
    internal static string Encrypt(FernetKey key, ReadOnlySpan<byte> plain, DateTimeOffset at, ReadOnlySpan<byte> iv)
    {
        var cipherLength = (plain.Length / Block + 1) * Block;
        var token = new byte[Head + cipherLength + Mac];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), at.ToUnixTimeSeconds());
        iv.CopyTo(token.AsSpan(9));
        using (var aes = Aes.Create())
        {
            aes.Key = key.Encryption;
            aes.EncryptCbc(plain, iv, token.AsSpan(Head, cipherLength));
        }
        HMACSHA256.HashData(key.Signing, token.AsSpan(0, Head + cipherLength), token.AsSpan(Head + cipherLength));
        return Pad(Base64Url.EncodeToString(token));
    }

    /// <summary>Opens a token with the first key that fits. Secrets at rest give no <paramref name="livesFor"/>: they do not age.</summary>
    /// <exception cref="FernetException">The token is not one of these keys', was changed, is too old or from the future.</exception>
    public static byte[] Decrypt(IReadOnlyList<FernetKey> keys, string token, DateTimeOffset now = default, TimeSpan? livesFor = null)
    {
        var bytes = Decode(token);
        var time = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1));
        if (livesFor is { } life)
        {
            var current = now.ToUnixTimeSeconds();
            if (time + (long)life.TotalSeconds < current || time > current + MostSkew) throw new FernetException();
        }
        foreach (var key in keys)
        {
            if (!IsSignedBy(key, bytes)) continue;
            try
            {
                using var aes = Aes.Create();
                aes.Key = key.Encryption;
                return aes.DecryptCbc(bytes.AsSpan(Head, bytes.Length - Head - Mac), bytes.AsSpan(9, 16));
            }
            catch (CryptographicException)
            {
                throw new FernetException();
            }
        }
        throw new FernetException();
    }

    /// <summary>Encrypts again with the first key, keeping the token's time; a token that is the first key's already comes back as it is.</summary>
    public static string Rotate(IReadOnlyList<FernetKey> keys, string token)
    {
        if (IsOf(keys[0], token)) return token;
        var at = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(Decode(token).AsSpan(1)));
        var plain = Decrypt(keys, token);
        try
        {
            return Encrypt(keys[0], plain, at);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Was this token made with this key?</summary>
    public static bool IsOf(FernetKey key, string token) => IsSignedBy(key, Decode(token));

    private static bool IsSignedBy(FernetKey key, byte[] token)
    {
        Span<byte> mac = stackalloc byte[Mac];
        HMACSHA256.HashData(key.Signing, token.AsSpan(0, token.Length - Mac), mac);
        return CryptographicOperations.FixedTimeEquals(mac, token.AsSpan(token.Length - Mac));
    }

    private static byte[] Decode(string token)
    {
        // The format wants its padding; the decoder would forgive a missing one and white space.
        if (token.Length % 4 != 0 || token.Any(char.IsWhiteSpace)) throw new FernetException();
        byte[] bytes;
        try
        {
            bytes = Base64Url.DecodeFromChars(token);
        }
        catch (FormatException)
        {
            throw new FernetException();
        }
        var cipher = bytes.Length - Head - Mac;
        if (cipher < Block || cipher % Block != 0 || bytes[0] != Version) throw new FernetException();
        return bytes;
    }

    internal static string Pad(string base64Url) => base64Url.PadRight((base64Url.Length + 3) / 4 * 4, '=');
}

/// <summary>A token that cannot be opened. Says no more than that.</summary>
public sealed class FernetException() : CryptographicException("The sealed value cannot be opened.");
