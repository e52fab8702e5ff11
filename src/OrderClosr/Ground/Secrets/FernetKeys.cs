using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrderClosr.Ground.Secrets;

/// <summary>One Fernet key: 16 bytes to sign, 16 to encrypt; written as 44 letters of base64url.</summary>
public sealed class FernetKey
{
    private FernetKey(byte[] bytes) => (Signing, Encryption) = (bytes[..16], bytes[16..]);

    internal byte[] Signing { get; }
    internal byte[] Encryption { get; }

    /// <summary>Eight hex digits that tell keys apart in logs and give nothing away.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData([.. Signing, .. Encryption]))[..8];

    /// <summary>Reads a key as written; null when it is none.</summary>
    public static FernetKey? TryRead(string text)
    {
        text = text.Trim();
        if (text.Length != 44) return null;
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            return bytes.Length == 32 ? new(bytes) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A new random key, as written in <c>FERNET_KEYS</c>.</summary>
    public static string Generate() => Fernet.Pad(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    internal bool IsWeak => Signing.Concat(Encryption).Distinct().Count() < 8;
}

/// <summary>The operator's keys from <c>FERNET_KEYS</c>: the first encrypts, all decrypt.</summary>
public sealed class FernetKeys
{
    /// <summary>The key of the public specification's vectors: known to everybody.</summary>
    private const string Sample = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

    private readonly Lazy<IReadOnlyList<FernetKey>> _all;

    private FernetKeys(string? setting) => _all = new(() => Problem(setting) is { } problem ? throw new InvalidOperationException(problem) : [.. Parts(setting).Select(p => FernetKey.TryRead(p)!)]);

    /// <summary>In the operator's order.</summary>
    public IReadOnlyList<FernetKey> All => _all.Value;

    /// <summary>Reads the setting; what is wrong with it, in words for the operator, or null.</summary>
    public static string? Problem(string? setting)
    {
        var parts = Parts(setting);
        if (parts.Count == 0) return "FERNET_KEYS is missing: make a key with the verb generate-key and keep it outside the database.";
        for (var i = 0; i < parts.Count; i++)
        {
            var key = FernetKey.TryRead(parts[i]);
            if (key is null) return $"Key {i + 1} of FERNET_KEYS is not a Fernet key (32 bytes in base64url, 44 letters).";
            if (key.IsWeak || parts[i] == Sample) return $"Key {i + 1} of FERNET_KEYS is weak or public: make one with the verb generate-key.";
        }
        return null;
    }

    /// <summary>Reads the setting; a bad one is refused at its first use, so that the start can first say everything that is wrong.</summary>
    /// <exception cref="InvalidOperationException">At first use, with the words of <see cref="Problem"/>.</exception>
    public static FernetKeys Read(string? setting) => new(setting);

    private static List<string> Parts(string? setting) =>
        [.. (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
