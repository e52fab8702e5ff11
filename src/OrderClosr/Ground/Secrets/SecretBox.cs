using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Ground.Secrets;

/// <summary>A secret as it lies in a column: a Fernet token. It cannot be searched, sorted or printed.</summary>
public readonly record struct Sealed(string Token)
{
    /// <summary>Never the token: a sealed value in a log is still a leak.</summary>
    public override string ToString() => "(sealed)";
}

/// <summary>Seals and opens secrets, bound to their workspace and field: a token copied to another row cannot be opened there.</summary>
/// <remarks>Fernet has no associated data, so workspace and field are put before the text and checked after decrypting (facts/fernet.md section 3).</remarks>
public sealed class SecretBox(FernetKeys keys, TimeProvider time)
{
    /// <summary>The keys in use.</summary>
    public FernetKeys Keys => keys;

    /// <summary>Seals a text for a workspace (the empty id for the system's own) and a field such as <c>channel.token</c>.</summary>
    public string Seal(Guid workspace, string field, string text)
    {
        var plain = Encoding.UTF8.GetBytes(Prefix(workspace, field) + text);
        try
        {
            return Fernet.Encrypt(keys.All[0], plain, time.GetUtcNow());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <inheritdoc cref="Seal(Guid, string, string)"/>
    public Sealed Seal<T>(Values.Id<T> workspace, string field, string text) => new(Seal(workspace.Value, field, text));

    /// <summary>Opens what was sealed for the same workspace and field.</summary>
    /// <exception cref="FernetException">It was sealed elsewhere, with another key, or changed.</exception>
    public string Open(Guid workspace, string field, string token)
    {
        var text = Encoding.UTF8.GetString(Fernet.Decrypt(keys.All, token));
        var prefix = Prefix(workspace, field);
        return text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : throw new FernetException();
    }

    /// <inheritdoc cref="Open(Guid, string, string)"/>
    public string Open<T>(Values.Id<T> workspace, string field, Sealed secret) => Open(workspace.Value, field, secret.Token);

    private static string Prefix(Guid workspace, string field) => $"{workspace:N}|{field}|";
}
