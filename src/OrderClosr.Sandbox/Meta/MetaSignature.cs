using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Sandbox.Meta;

/// <summary>Everything Meta signs, by HMAC over exact bytes (facts: meta.md sections 2.2, 9.1 and 10.1).</summary>
public static class MetaSignature
{
    /// <summary>The value of <c>X-Hub-Signature-256</c>.</summary>
    public static string Sha256(string secret, ReadOnlySpan<byte> body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>The value of the old <c>X-Hub-Signature</c>, which still travels beside the new one.</summary>
#pragma warning disable CA5350 // Meta sends it; nobody should trust it
    public static string Sha1(string secret, ReadOnlySpan<byte> body) =>
        "sha1=" + Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), body));
#pragma warning restore CA5350

    /// <summary>The <c>appsecret_proof</c> of an access token.</summary>
    public static string Proof(string secret, string token) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(token)));

    /// <summary>A <c>signed_request</c>: the signature covers the encoded text, not the JSON.</summary>
    public static string SignedRequest(string secret, string json)
    {
        var payload = Base64Url(Encoding.UTF8.GetBytes(json));
        return Base64Url(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(payload))) + "." + payload;
    }

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
