using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using OrderClosr.Ground.Outbound;
using OrderClosr.Sandbox.Google;
using OrderClosr.Sheets;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Vendors.Google;

namespace OrderClosr.Tests.Vendors.Google;

/// <summary>The service account's file, the token client beside Google's own library, and Google's noes as categories.</summary>
public sealed class GoogleKeyTests
{
    private const string Email = "orderclosr@dar-lina-2026.iam.gserviceaccount.com";

    private static readonly Lazy<string> Pem = new(() =>
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    });

    private static string File(Action<JsonObject>? change = null)
    {
        var file = new GoogleAccount(Email, Pem.Value).KeyFile();
        change?.Invoke(file);
        return file.ToJsonString();
    }

    [Fact]
    public void A_file_is_taken_only_when_it_is_a_service_accounts_with_a_strong_key()
    {
        var good = GoogleKeyFile.Read(File(f => f["token_uri"] = "https://evil.example/token"));
        Assert.Equal((Email, "dar-lina-2026"), (good.Value.Email, good.Value.Project));
        Assert.DoesNotContain("evil", JsonSerializer.Serialize(good.Value), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", $"{good.Value}", StringComparison.Ordinal);
        using var weak = RSA.Create(1024);
        foreach (var (code, file) in ((string, string?)[])[
            ("key_missing", " "), ("key_not_json", "AIzaSy-invented"), ("key_not_json", "[]"), ("key_not_json", File()[..^1]), ("key_not_json", File() + "x"), ("key_not_json", File().Replace("{\"type\"", "{\"type\":\"x\",\"type\"", StringComparison.Ordinal)),
            ("key_too_big", File(f => f["more"] = new string('x', 9000))), ("key_other_kind", File(f => f["type"] = "authorized_user")), ("key_other_kind", File(f => f["type"] = "external_account")), ("key_other_kind", "{\"web\":{\"client_id\":\"x\"}}"),
            ("key_email", File(f => f["client_email"] = "lina@gmail.com")), ("key_email", File(f => f["client_email"] = $"{Email}\n")), ("key_unreadable", File(f => f["private_key"] = "")), ("key_unreadable", File(f => f["private_key"] = Pem.Value[..400])),
            ("key_unreadable", File(f => f["private_key"] = Pem.Value.Replace("\n", "\\n", StringComparison.Ordinal))), ("key_weak", File(f => f["private_key"] = weak.ExportPkcs8PrivateKeyPem())), ("key_unreadable", File(f => f.Remove("private_key_id")))])
            Assert.Equal(code, GoogleKeyFile.Read(file).Refusal?.Code);
    }

    [Fact]
    public async Task Our_assertion_says_what_googles_own_library_says()
    {
        var key = GoogleKeyFile.Read(File()).Value;
        var seen = new Capture();
        var theirs = new ServiceAccountCredential(new ServiceAccountCredential.Initializer(key.Email, "http://127.0.0.1:1/token") { KeyId = key.KeyId, ProjectId = key.Project, Scopes = [GoogleTokens.Scope], HttpClientFactory = seen }.FromPrivateKey(key.PrivateKey));
        Assert.Equal("ya29.oracle", await theirs.GetAccessTokenForRequestAsync());
        var form = System.Web.HttpUtility.ParseQueryString(Assert.Single(seen.Bodies));
        var (oracle, ours) = (form["assertion"]!.Split('.'), GoogleTokens.Assertion(key, DateTimeOffset.UtcNow).Split('.'));
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        foreach (var part in (int[])[0, 1])
        {
            var (a, b) = (Parse(oracle[part]), Parse(ours[part]));
            // Asked at another second, and a claim of theirs that the exchange does not read.
            foreach (var moment in (string[])["iat", "exp", "email_verified"]) { a.Remove(moment); b.Remove(moment); }
            Assert.Equal(a.OrderBy(p => p.Key).Select(p => $"{p.Key}={p.Value}"), b.OrderBy(p => p.Key).Select(p => $"{p.Key}={p.Value}"));
        }
        Assert.Equal((long)Parse(oracle[1])["exp"]! - (long)Parse(oracle[1])["iat"]!, (long)Parse(ours[1])["exp"]! - (long)Parse(ours[1])["iat"]!);
        // Signed the same text, theirs and ours are the same bytes.
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PrivateKey);
        Assert.Equal(oracle[2].TrimEnd('='), System.Buffers.Text.Base64Url.EncodeToString(rsa.SignData(System.Text.Encoding.ASCII.GetBytes($"{oracle[0]}.{oracle[1]}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }

    [Fact]
    public async Task The_four_mistakes_are_told_apart_and_no_address_but_the_operators_is_called()
    {
        await using var play = await CourierPlay.StartAsync("google", []);
        var sandbox = play.Http.BaseAddress!;
        using var gate = new OutboundGate([OutboundRule.For("google", [sandbox])], TimeProvider.System);
        var settings = new GoogleSettings(new(sandbox, "google/v4/"), new(sandbox, "google/token"));
        GoogleSheets Fresh() => new(gate, settings, new(gate, settings, TimeProvider.System), new(TimeProvider.System));
        var pem = (await play.GetAsync($"_accounts/{Email}/key")).Json!.AsObject();
        pem["token_uri"] = new Uri(sandbox, "google/elsewhere/token").ToString();
        var key = GoogleKeyFile.Read(pem.ToJsonString()).Value;
        var access = new SheetAccess(key, GoogleWorld.SeedSheet);

        Assert.Equal("Feuille 1", Assert.Single((await Fresh().LookAsync(access, default)).Tabs).Title);
        async Task<(FailureCategory, string?)> WhyAsync(SheetAccess? other = null, Func<GoogleSheets, Task>? act = null)
        {
            var failure = await Assert.ThrowsAsync<VendorFailure>(() => act is null ? Fresh().LookAsync(other ?? access, default) : act(Fresh()));
            await play.ClearAsync();
            return (failure.Category, failure.Code);
        }
        Assert.Equal((FailureCategory.Configuration, SheetTrouble.NotFound), await WhyAsync(access with { Spreadsheet = "1NobodyHasThisSheet00000000000" }));
        await play.FaultAsync("not-shared");
        Assert.Equal((FailureCategory.Configuration, SheetTrouble.NotShared), await WhyAsync());
        await play.FaultAsync("api-disabled");
        Assert.Equal((FailureCategory.Configuration, SheetTrouble.ApiDisabled), await WhyAsync());
        await play.FaultAsync("key-deleted");
        Assert.Equal((FailureCategory.Credentials, SheetTrouble.KeyRefused), await WhyAsync());
        await play.FaultAsync("invalid-grant", "Invalid grant: account not found", count: 1);
        Assert.Equal((FailureCategory.Credentials, SheetTrouble.AccountGone), await WhyAsync());
        await play.FaultAsync("clock-skew", count: 1);
        Assert.Equal((FailureCategory.Credentials, SheetTrouble.ClockWrong), await WhyAsync());
        Assert.Equal((FailureCategory.Configuration, SheetTrouble.TabGone), await WhyAsync(act: s => s.ReadAsync(access, "Autre", default)));
        await play.FaultAsync("quota", "1");
        Assert.Equal((FailureCategory.RateLimited, "quota"), await WhyAsync());
        await play.FaultAsync("work-then-503", count: 1);
        Assert.Equal((FailureCategory.OutcomeUnknown, "no_answer"), await WhyAsync(act: s => s.WriteAsync(access, [new AppendRows(0, [["x"]])], default)));
        await play.FaultAsync("error", count: 1, status: 503);
        Assert.Equal(FailureCategory.Transient, (await WhyAsync()).Item1);
        await play.FaultAsync("token-redirect", count: 1);
        Assert.Equal((FailureCategory.Transient, "redirected_away"), await WhyAsync());
        Assert.DoesNotContain("elsewhere", string.Join('\n', (await play.GetAsync("_log")).Json!["items"]!.AsArray().Select(c => (string)c!["path"]!)), StringComparison.Ordinal);

        // A kept token that is no longer good costs a new one, not the connection.
        var kept = Fresh();
        await kept.LookAsync(access, default);
        await play.PostAsync($"_accounts/{Email}", new JsonObject { ["key_deleted"] = true });
        Assert.Equal("token_old", (await Assert.ThrowsAsync<VendorFailure>(() => kept.LookAsync(access, default))).Code);
        Assert.Equal(SheetTrouble.KeyRefused, (await Assert.ThrowsAsync<VendorFailure>(() => kept.LookAsync(access, default))).Code);
        Assert.Equal(GoogleWorld.SeedSheet, kept.ReadLink($"https://docs.google.com/spreadsheets/d/{GoogleWorld.SeedSheet}/edit#gid=0"));
        foreach (var wrong in (string?[])[null, "", "https://docs.google.com/document/d/x/edit", "https://drive.google.com/file/1", "dar lina"]) Assert.Null(kept.ReadLink(wrong));
    }

    private static JsonObject Parse(string part) => JsonNode.Parse(Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=')))!.AsObject();

    /// <summary>Answers the library without a network, and keeps what it asked.</summary>
    private sealed class Capture : HttpMessageHandler, global::Google.Apis.Http.IHttpClientFactory
    {
        internal ConcurrentQueue<string> Bodies { get; } = new();

        public ConfigurableHttpClient CreateHttpClient(CreateHttpClientArgs args) => new(new ConfigurableMessageHandler(this));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Enqueue(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new(System.Net.HttpStatusCode.OK) { Content = new StringContent("""{"access_token":"ya29.oracle","expires_in":3599,"token_type":"Bearer"}""", System.Text.Encoding.UTF8, "application/json") };
        }
    }
}
