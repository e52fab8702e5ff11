using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Workspaces;

/// <summary>The six digits an authenticator app shows: RFC 6238 with SHA-1 and steps of 30 s, the only kind every app knows.</summary>
/// <remarks>Identity's own provider takes five steps and the same code twice (facts/passwords-and-sessions.md section 2), and reads a clock of its own:
/// this one says which step a code belongs to, so that <see cref="SecondSteps"/> can take each step once.</remarks>
public static class OneTimeCode
{
    /// <summary>How long one code is shown.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>Steps before and after the present one that are taken too: for a clock that is a little off and a person who types slowly.</summary>
    public const int Around = 1;

    private const int Digits = 6, SecretBytes = 20;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new secret of 160 bits in Base32, as apps take it.</summary>
    public static string NewSecret() => Letters(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What the picture says to the app.</summary>
    public static string Address(string secret, string email) => $"otpauth://totp/OrderClosr:{Uri.EscapeDataString(email)}?secret={secret}&issuer=OrderClosr&digits={Digits}&period={(int)Step.TotalSeconds}";

    /// <summary>The step of an instant.</summary>
    public static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    /// <summary>The code of a step.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 as apps speak it; HMAC-SHA1 is not broken by SHA-1's collisions.")]
    public static string Of(string secret, long step)
    {
        Span<byte> counter = stackalloc byte[8], hash = stackalloc byte[20];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        HMACSHA1.HashData(Bytes(secret), counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step a typed code belongs to; null when it is of none that is taken now.</summary>
    public static long? Find(string secret, string? typed, DateTimeOffset now)
    {
        if (Read(typed) is not { } code) return null;
        long? found = null;
        for (var step = StepOf(now) - Around; step <= StepOf(now) + Around; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(secret, step)), Encoding.ASCII.GetBytes(code))) found = step;
        return found;
    }

    /// <summary>Six digits as a person types them: <c>123 456</c>, also in Arabic digits; null when they are not six.</summary>
    public static string? Read(string? typed)
    {
        if (typed is null or { Length: > 30 }) return null;
        var code = new StringBuilder(Digits);
        foreach (var c in typed)
            if (char.IsDigit(c)) code.Append((int)char.GetNumericValue(c));
            else if (!char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format && c != '-') return null;
        return code.Length == Digits ? code.ToString() : null;
    }

    internal static string Letters(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, held) = (0, 0);
        foreach (var b in bytes)
        {
            bits = (bits << 8 | b) & 0xFFFF;
            for (held += 8; held >= 5; held -= 5) text.Append(Alphabet[bits >> (held - 5) & 31]);
        }
        return text.ToString();
    }

    private static byte[] Bytes(string letters)
    {
        var bytes = new List<byte>(SecretBytes);
        var (bits, held) = (0, 0);
        foreach (var c in letters)
        {
            bits = (bits << 5 | Alphabet.IndexOf(c, StringComparison.Ordinal)) & 0xFFFF;
            if ((held += 5) < 8) continue;
            held -= 8;
            bytes.Add((byte)(bits >> held));
        }
        return [.. bytes];
    }
}
