using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Sheets;

namespace OrderClosr.Vendors.Google;

/// <summary>Exchanges a service account's signature for a token of an hour (facts/google-sheets.md section 4), and keeps it until shortly before its end.</summary>
/// <remarks>Written by hand: Google's own library follows redirects whatever it is told and obeys the address inside the file.</remarks>
internal sealed class GoogleTokens(OutboundGate gate, GoogleSettings settings, TimeProvider time)
{
    internal const string Vendor = "google", Scope = "https://www.googleapis.com/auth/spreadsheets";

    /// <summary>Named in every assertion, wherever it is posted.</summary>
    internal const string Audience = "https://oauth2.googleapis.com/token";

    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1), Early = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(string, string), (string Token, DateTimeOffset Until)> _kept = new();

    /// <summary>A token, and whether it was kept from before.</summary>
    internal async Task<(string Token, bool IsKept)> OfAsync(SheetKey key, CancellationToken stop)
    {
        if (_kept.TryGetValue((key.Email, key.KeyId), out var kept) && kept.Until - Early > time.GetUtcNow()) return (kept.Token, true);
        var began = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.TokenUrl);
        request.Content = new FormUrlEncodedContent([new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", Assertion(key, began))]);
        JsonElement body;
        int status;
        try
        {
            using var answer = await gate.ClientOf(Vendor).SendAsync(request.WithoutRedirects(), stop);
            (status, body) = ((int)answer.StatusCode, GoogleWire.Parse(await answer.Content.ReadAsByteArrayAsync(stop)));
        }
        catch (VendorFailure failure) when (failure.Category == FailureCategory.OutcomeUnknown)
        {
            // A second token harms nobody.
            throw new VendorFailure(FailureCategory.Transient, failure.Message, failure.Code, inner: failure);
        }
        if (status == 200 && GoogleWire.Text(body, "access_token") is { Length: > 0 } token)
        {
            var lasts = GoogleWire.Number(body, "expires_in") is { } seconds and > 0 and <= 7200 ? TimeSpan.FromSeconds(seconds) : Lasts;
            _kept[(key.Email, key.KeyId)] = (token, began + lasts);
            return (token, false);
        }
        throw GoogleWire.TokenRefused(status, body);
    }

    /// <summary>Google took it for no longer good.</summary>
    internal void Drop(SheetKey key) => _kept.TryRemove((key.Email, key.KeyId), out _);

    /// <summary>The signed assertion: three parts in base64url.</summary>
    internal static string Assertion(SheetKey key, DateTimeOffset now)
    {
        var iat = now.ToUnixTimeSeconds();
        var head = JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", kid = key.KeyId, typ = "JWT" });
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { iss = key.Email, scope = Scope, aud = Audience, iat, exp = iat + (long)Lasts.TotalSeconds });
        var signed = $"{Base64Url.EncodeToString(head)}.{Base64Url.EncodeToString(claims)}";
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PrivateKey);
        return $"{signed}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }
}
