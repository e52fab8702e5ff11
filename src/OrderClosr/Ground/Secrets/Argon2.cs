using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace OrderClosr.Ground.Secrets;

/// <summary>Argon2id with 19 MiB, two passes, one lane, as a PHC string (facts/passwords-and-sessions.md section 3).</summary>
public static class Argon2
{
    private const int SaltSize = 16, HashSize = 32;
    private static readonly Argon2Parameters Cost = new() { DegreeOfParallelism = 1, MemorySize = 19456, NumberOfPasses = 2 };

    // A hash costs memory and time on purpose: more at once than cores would only help an attacker.
    private static readonly SemaphoreSlim AtOnce = new(Environment.ProcessorCount);

    /// <summary>Longest password in letters: more would only cost us time.</summary>
    public const int LongestPassword = 256;

    /// <summary><c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>.</summary>
    public static string Hash(string password)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(password.Length, LongestPassword);
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return $"$argon2id$v=19$m={Cost.MemorySize},t={Cost.NumberOfPasses},p={Cost.DegreeOfParallelism}${Text(salt)}${Text(Derive(password, salt, Cost, HashSize))}";
    }

    /// <summary>Does the password fit? <paramref name="isOld"/>: it was hashed at another cost and should be hashed again.</summary>
    public static bool Verify(string phc, string password, out bool isOld)
    {
        isOld = false;
        if (password.Length > LongestPassword) return false;
        var parts = phc.Split('$');
        if (parts is not ["", "argon2id", "v=19", var cost, var salt, var hash]) return false;
        var numbers = cost.Split(',').Select(p => p.Split('=')).Where(p => p.Length == 2).ToDictionary(p => p[0], p => long.TryParse(p[1], out var n) ? n : 0);
        if (numbers.GetValueOrDefault("m") is var m and > 0 and < 1 << 20 && numbers.GetValueOrDefault("t") is var t and > 0 and < 64 && numbers.GetValueOrDefault("p") == 1)
        {
            var (saltBytes, expected) = (Bytes(salt), Bytes(hash));
            if (saltBytes.Length != SaltSize || expected.Length is < 16 or > 64) return false;
            var parameters = new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = m, NumberOfPasses = t };
            if (!CryptographicOperations.FixedTimeEquals(Derive(password, saltBytes, parameters, expected.Length), expected)) return false;
            isOld = m != Cost.MemorySize || t != Cost.NumberOfPasses;
            return true;
        }
        return false;
    }

    private static byte[] Derive(string password, byte[] salt, Argon2Parameters cost, int size)
    {
        AtOnce.Wait();
        try
        {
            return PasswordBasedKeyDerivationAlgorithm.Argon2id(cost).DeriveBytes(Encoding.UTF8.GetBytes(password), salt, size);
        }
        finally
        {
            AtOnce.Release();
        }
    }

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Bytes(string text)
    {
        try
        {
            return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
