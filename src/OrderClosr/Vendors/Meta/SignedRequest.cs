using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrderClosr.Vendors.Meta;

/// <summary>What Meta says of a person in its two callbacks, signed with an app's secret (facts/meta.md section 10.1).</summary>
/// <param name="Person">The person's id in our app: who connected, never a customer.</param>
/// <param name="IssuedAt">When it was said; null where it is missing.</param>
/// <param name="IsInstagrams">Signed with the secret of Instagram Login: it speaks of connections made there and of no others.</param>
internal sealed record SignedRequest(string Person, DateTimeOffset? IssuedAt, bool IsInstagrams)
{
    private const int Longest = 8_000;

    /// <summary>Reads <c>base64url(signature).base64url(json)</c>; null when it is not signed by either secret, of another algorithm, or no such text.</summary>
    /// <remarks>The signature covers the encoded text. <c>expires</c> is not asked: a late delivery is one all the same, and a repeat changes nothing (<see cref="OrderClosr.Privacy.PersonRequest"/>).</remarks>
    internal static SignedRequest? Read(MetaSettings settings, string? text)
    {
        if (text is null or { Length: 0 or > Longest } || text.Split('.') is not [var signature, var payload]) return null;
        if (Bytes(signature) is not { Length: 32 } given || Bytes(payload) is not { } json) return null;
        var byApp = Matches(settings.AppSecret, payload, given);
        var byInstagram = Matches(settings.InstagramAppSecret, payload, given);
        if (!byApp && !byInstagram) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (!string.Equals(root.Text("algorithm"), "HMAC-SHA256", StringComparison.OrdinalIgnoreCase) || root.Text("user_id") is not { Length: < 100 } person) return null;
            return new(person, root.Instant("issued_at"), !byApp);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Matches(string secret, string payload, byte[] signature)
    {
        Span<byte> ours = stackalloc byte[32];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(payload), ours);
        return CryptographicOperations.FixedTimeEquals(ours, signature) & secret.Length > 0;
    }

    private static byte[]? Bytes(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
