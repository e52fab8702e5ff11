using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Google;

/// <summary>A service account that exists from the start.</summary>
/// <param name="Email">Its address, <c>…@PROJECT.iam.gserviceaccount.com</c>.</param>
public sealed record GoogleAccountSeed(string Email)
{
    /// <summary>PEM of its key, PKCS#8; null: one is made when it is first asked for.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>Spreadsheets shared with it from the start, by id.</summary>
    public IReadOnlyList<string> Sheets { get; init; } = [];
}

/// <summary>A service account with its one key.</summary>
public sealed class GoogleAccount(string email, string? pem)
{
    private readonly Lazy<string> _pem = new(() =>
    {
        if (pem is not null) return pem;
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    });

    public string Email => email;

    /// <summary>The part of the address between @ and its end.</summary>
    public string Project => email.Split('@')[1].Split('.')[0];

    /// <summary>The private key, PKCS#8 in PEM.</summary>
    public string Pem => _pem.Value;

    /// <summary>Google's id of the key.</summary>
    public string KeyId => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Pem)))[..40];

    /// <summary>The whole account is gone.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Its key is gone.</summary>
    public bool IsKeyDeleted { get; set; }

    /// <summary>The Sheets API is switched off in its project.</summary>
    public bool IsApiDisabled { get; set; }

    /// <summary>The file that Google's console hands out when a key is made.</summary>
    public JsonObject KeyFile() => new()
    {
        ["type"] = "service_account", ["project_id"] = Project, ["private_key_id"] = KeyId, ["private_key"] = Pem, ["client_email"] = email, ["client_id"] = "100000000000000000001",
        ["auth_uri"] = "https://accounts.google.com/o/oauth2/auth", ["token_uri"] = "https://oauth2.googleapis.com/token", ["auth_provider_x509_cert_url"] = "https://www.googleapis.com/oauth2/v1/certs",
        ["client_x509_cert_url"] = $"https://www.googleapis.com/robot/v1/metadata/x509/{Uri.EscapeDataString(email)}", ["universe_domain"] = "googleapis.com",
    };
}

/// <summary>Service accounts and the token endpoint (facts: google-sheets.md section 4).</summary>
public sealed class GoogleAccounts
{
    private const string Audience = "https://oauth2.googleapis.com/token", Scope = "https://www.googleapis.com/auth/spreadsheets";
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(3600);

    private readonly Vendor _vendor;
    private readonly SandboxOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, GoogleAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (GoogleAccount Account, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public GoogleAccounts(VendorBook book, SandboxOptions options, TimeProvider time)
    {
        (_vendor, _options, _time) = (book["google"], options, time);
        Reset();
    }

    /// <summary>All of them, by address.</summary>
    public IReadOnlyList<GoogleAccount> All { get { lock (_gate) return [.. _accounts.Values.OrderBy(a => a.Email, StringComparer.Ordinal)]; } }

    /// <summary>The account of an address.</summary>
    public GoogleAccount? Find(string? email) { lock (_gate) return email is null ? null : _accounts.GetValueOrDefault(email); }

    /// <summary>Makes a service account; null when the address is taken or none.</summary>
    public GoogleAccount? Make(string email)
    {
        lock (_gate)
        {
            if (!email.EndsWith(".iam.gserviceaccount.com", StringComparison.Ordinal) || _accounts.ContainsKey(email)) return null;
            return _accounts[email] = new(email, null);
        }
    }

    /// <summary>Back to the seed.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _accounts.Clear();
            _tokens.Clear();
            foreach (var seed in _options.Seed.GoogleAccounts) _accounts[seed.Email] = new(seed.Email, seed.PrivateKey);
        }
    }

    /// <summary>Whose bearer token a call carries.</summary>
    internal GoogleAccount Open(HttpRequest call)
    {
        var header = call.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal)) throw GoogleRefusal.NotSignedIn();
        var token = header["Bearer ".Length..];
        lock (_gate)
            if (_tokens.TryGetValue(token, out var known) && known.Until > _time.GetUtcNow() && known.Account is { IsDeleted: false, IsKeyDeleted: false }) return known.Account;
        // A self-signed JWT instead of a token: whether Sheets takes one with a scope is not known.
        if (token.Count(c => c == '.') == 2 && _vendor.Faults.Value("self-signed-jwt") == "accept" && Refuse(token, _ => true, out var account) is null) return account!;
        throw GoogleRefusal.NotSignedIn();
    }

    /// <summary>The token endpoint.</summary>
    internal async Task<IResult> TokenAsync(HttpContext http)
    {
        if (_vendor.Faults.Knob("token-redirect", "/token")) return Results.Redirect($"{http.Request.Scheme}://{http.Request.Host}/google/elsewhere/token", preserveMethod: true);
        if (!http.Request.HasFormContentType) return No("invalid_request", "The request body must be form encoded.");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer") return No("unsupported_grant_type", $"Invalid grant_type: {form["grant_type"]}");
        if (_vendor.Faults.Take("/token", "invalid-grant") is { } knob) return No("invalid_grant", knob.Value ?? "Invalid JWT Signature.");
        if (_vendor.Faults.Knob("clock-skew", "/token")) return No("invalid_grant", NotShort);
        if (Refuse(form["assertion"].ToString(), audience => audience == Audience, out var account) is { } no) return no;
        var token = "ya29." + Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        lock (_gate) _tokens[token] = (account!, _time.GetUtcNow() + Lasts);
        return Results.Json(new Dictionary<string, object> { ["access_token"] = token, ["expires_in"] = 3599, ["token_type"] = "Bearer" });
    }

    private const string NotShort = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";

    /// <summary>Everything about an assertion that Google checks.</summary>
    private IResult? Refuse(string assertion, Func<string?, bool> isForUs, out GoogleAccount? account)
    {
        account = null;
        var parts = assertion.Split('.');
        if (parts.Length != 3 || Read(parts[0]) is not { } head || Read(parts[1]) is not { } claims) return No("invalid_grant", "Invalid JWT: Malformed JWT.");
        if (Text(head, "alg") != "RS256") return No("invalid_grant", "Invalid JWT: Unsupported algorithm.");
        account = Find(Text(claims, "iss"));
        if (account is null || account.IsDeleted) return No("invalid_grant", "Invalid grant: account not found");
        if (account.IsKeyDeleted || _vendor.Faults.IsOn("key-deleted") || Text(head, "kid") is { } kid && kid != account.KeyId) return No("invalid_grant", "Invalid JWT Signature.");
        if (!isForUs(Text(claims, "aud"))) return No("invalid_grant", "Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token");
        if (Number(claims, "iat") is not { } iat || Number(claims, "exp") is not { } exp) return No("invalid_grant", NotShort);
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        if (exp - iat is > 3600 or <= 0 || iat > now + 300 || exp < now - 300) return No("invalid_grant", NotShort);
        if (Text(claims, "scope")?.Split(' ').Contains(Scope) != true) return No("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
        if (Text(claims, "sub") is { } sub && sub != account.Email) return No("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.");
        using var key = RSA.Create();
        key.ImportFromPem(account.Pem);
        return Bytes(parts[2]) is { } signature && key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ? null : No("invalid_grant", "Invalid JWT Signature.");
    }

    private static IResult No(string error, string description) => Results.Json(new Dictionary<string, string> { ["error"] = error, ["error_description"] = description }, statusCode: 400);

    private static JsonObject? Read(string part)
    {
        try { return Bytes(part) is { } bytes ? JsonNode.Parse(bytes) as JsonObject : null; }
        catch (JsonException) { return null; }
    }

    private static byte[]? Bytes(string part)
    {
        try { return Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=')); }
        catch (FormatException) { return null; }
    }

    private static string? Text(JsonObject of, string name) => of[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    private static long? Number(JsonObject of, string name) => of[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
