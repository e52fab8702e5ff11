using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderClosr.Ground.Outbound;
using OrderClosr.Tests.Support;
using OrderClosr.Vendors.Sentry;
using Sentry;
using Sentry.AspNetCore;

namespace OrderClosr.Tests.Vendors.Sentry;

public sealed class SentryTests
{
    // Names too: no pattern finds them, so only an allow-list keeps them here.
    private static readonly string[] Needles =
    [
        "0500000012", "500 00 00 12", "amina@example.test", "EAABneedleneedleneedleneedle77", "Amina-Benali", "Cite-20-Aout", "header-needle", "cookie-needle", "form-needle", "query-needle",
        "scope-needle", "data-needle", "inner-needle", "user-needle", "tag-needle", "extra-needle", "attachment-needle", "third-party-needle", "crumb-needle", "203.0.113.77",
    ];

    [Fact]
    public async Task A_report_says_where_it_went_wrong_and_nothing_of_anybody_whatever_the_settings_say()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps with
        {
            Settings = new Dictionary<string, string?>
            {
                ["Sentry:Dsn"] = "http://0123456789abcdef0123456789abcdef@{sandbox}/sentry/42",
                // An operator, or whoever got at the environment, who would switch the walls off.
                ["Sentry:SendDefaultPii"] = "true", ["Sentry:TracesSampleRate"] = "1", ["Sentry:EnableLogs"] = "true", ["Sentry:MaxRequestBodySize"] = "Always", ["Sentry:AutoSessionTracking"] = "true",
                ["Sentry:CaptureFailedRequests"] = "true", ["Sentry:ServerName"] = "tag-needle",
            },
            Services = services =>
            {
                TestAppOptions.AgentSleeps.Services!(services);
                // The tests' log book took the library's place.
                services.AddSingleton(typeof(ILoggerProvider), typeof(SentryAspNetCoreOptions).Assembly.GetType("Sentry.AspNetCore.SentryAspNetCoreLoggerProvider", throwOnError: true)!);
                services.AddSingleton<IStartupFilter, Trap>();
            },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/trap/0500000012/Amina-Benali?access_token=EAABneedleneedleneedleneedle77&q=query-needle")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["phone"] = "0500000012", ["name"] = "form-needle" }),
            Headers = { { "X-Api-Key", "header-needle" }, { "Cookie", "session=cookie-needle" }, { "X-Forwarded-For", "203.0.113.77" }, { "Referer", "https://example.test/?amina@example.test" } },
        };
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Http.SendAsync(request)).StatusCode);

        var events = new List<JsonElement>();
        await Eventually.HoldsAsync(async () => (events = await ItemsAsync(app, "event")).Count >= 4);
        var everything = await app.Sandbox.GetStringAsync("/sentry/_log") + await app.Sandbox.GetStringAsync("/sentry/_items");
        foreach (var needle in Needles.Append(Environment.MachineName).Append(TestApp.FernetKey).Append(app.Folder)) Assert.DoesNotContain(needle, everything, StringComparison.OrdinalIgnoreCase);
        Assert.Empty((await ItemsAsync(app, null)).Where(i => i.GetProperty("type").GetString() != "event"));

        // Still of use: the kinds of the exceptions and where they rose, our own words without their values.
        var payloads = events.Select(e => JsonDocument.Parse(e.GetProperty("payload").GetString()!).RootElement).ToList();
        var thrown = payloads.Single(p => p.TryGetProperty("exception", out var x) && x.GetProperty("values").EnumerateArray().Any(v => v.GetProperty("type").GetString() == "System.InvalidOperationException"));
        var values = thrown.GetProperty("exception").GetProperty("values").EnumerateArray().ToList();
        Assert.Equal(["System.FormatException", "System.InvalidOperationException"], values.Select(v => v.GetProperty("type").GetString()!).Order());
        Assert.All(values, v => Assert.Equal(SentryScrubber.Redacted, v.GetProperty("value").GetString()));
        Assert.Contains(values, v => v.TryGetProperty("stacktrace", out var stack) && stack.GetRawText().Contains(nameof(Trap.FallAsync), StringComparison.Ordinal));
        var job = payloads.Single(p => p.GetRawText().Contains("failed by our own fault", StringComparison.Ordinal));
        Assert.Equal("book_parcel", job.GetProperty("tags").GetProperty("kind").GetString());
        Assert.Contains("Where.It.Rose()", job.GetProperty("extra").GetProperty("fault").GetString(), StringComparison.Ordinal);

        await The_last_wall_drops_and_counts(app);
        await A_receiver_that_is_away_costs_nothing(app);
    }

    private static async Task The_last_wall_drops_and_counts(TestApp app)
    {
        using var way = new HttpMessageInvoker(ActivatorUtilities.CreateInstance<SentryLastLook>(app.Services, app.Get<OutboundGate>().InvokerOf("sentry")));
        var address = $"{app.Vendors}/sentry/api/42/envelope/";
        var before = (await ItemsAsync(app, "wall")).Count;
        foreach (var (payload, passes) in ((string, bool)[])[("{\"a\":\"call \\u002B213500000012\"}", false), ("{\"a\":\"b\"}", true)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{{}}\n{{\"type\":\"wall\"}}\n{payload}\n")) };
            request.Headers.Add("X-Sentry-Auth", "Sentry sentry_version=7,sentry_key=k");
            Assert.Equal(HttpStatusCode.OK, (await way.SendAsync(request, default)).StatusCode);
            Assert.Equal(passes, (await ItemsAsync(app, "wall")).Count == before + 1);
        }
        Assert.Contains(app.Logs.Lines, l => l.Contains("was not sent", StringComparison.Ordinal) && l.Contains("phone", StringComparison.Ordinal));
    }

    private static async Task A_receiver_that_is_away_costs_nothing(TestApp app)
    {
        foreach (var fault in (object[])[new { kind = "error", status = 429, seconds = 60 }, new { kind = "drop" }]) (await app.Sandbox.PostAsJsonAsync("/sentry/_faults", fault)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Http.GetAsync("/trap")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/health/live")).StatusCode);
    }

    private static async Task<List<JsonElement>> ItemsAsync(TestApp app, string? type) =>
        [.. (await app.Sandbox.GetFromJsonAsync<JsonElement>($"/sentry/_items{(type is null ? "" : $"?type={type}")}")).GetProperty("items").EnumerateArray()];

    /// <summary>Falls with needles in every place the library is known to look.</summary>
    private sealed class Trap : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Map("/trap", trap => trap.Run(FallAsync));
            next(app);
        };

        internal static async Task FallAsync(HttpContext http)
        {
            var logs = http.RequestServices.GetRequiredService<ILoggerFactory>();
            var log = logs.CreateLogger("OrderClosr.Trap");
            http.User = new(new ClaimsIdentity([new(ClaimTypes.Name, "user-needle"), new(ClaimTypes.Email, "amina@example.test")], "test"));
            if (http.Request.HasFormContentType) await http.Request.ReadFormAsync();
            using var scope = log.BeginScope(new Dictionary<string, object> { ["Customer"] = "scope-needle", ["Phone"] = "0500000012" });
            SentrySdk.ConfigureScope(s =>
            {
                s.SetTag("shop", "tag-needle");
                s.SetExtra("address", "extra-needle Cite-20-Aout");
                s.User = new() { Username = "user-needle", Email = "amina@example.test", IpAddress = "203.0.113.77" };
                s.AddBreadcrumb(new Breadcrumb("crumb-needle", "http", new Dictionary<string, string> { ["url"] = "https://example.test/?access_token=EAABneedleneedleneedleneedle77", ["method"] = "GET" }));
                s.AddAttachment(Encoding.UTF8.GetBytes("attachment-needle"), "words.txt");
            });
            log.LogInformation("A crumb of {Name} at {Phone}", "Amina-Benali", "+213 500 00 00 12");
            log.LogError("Job {Kind} {Job} failed by our own fault: {Fault}", "book_parcel", "0500000012", "System.FormatException\n   at Where.It.Rose()");
            log.LogError(new FormatException("inner-needle"), "A template with {Name}", "Amina-Benali");
            logs.CreateLogger("Third.Party").LogError("rendered third-party-needle of Amina-Benali");
            throw new InvalidOperationException("Amina-Benali, 0500000012, amina@example.test", new FormatException("inner-needle") { Data = { ["data-needle"] = "Cite-20-Aout" } }) { Data = { ["who"] = "data-needle" } };
        }
    }

    [Fact]
    public async Task Without_an_address_nothing_of_it_runs_and_a_wrong_one_is_refused_without_repeating_it()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        Assert.Null(app.Services.GetService<IHub>());
        Assert.DoesNotContain(app.Get<OutboundGate>().Rules, r => r.Vendor == "sentry");
        static string? Problem(string dsn) => SentrySetup.Problems(new ConfigurationBuilder().AddInMemoryCollection([new("Sentry:Dsn", dsn)]).Build()).SingleOrDefault();
        Assert.Null(Problem("https://abc@o1.ingest.example/42"));
        Assert.Null(Problem(""));
        foreach (var wrong in (string[])["abc", "https://o1.ingest.example/42", "ftp://abc@o1.example/42", "https://abc@o1.example/"])
            Assert.DoesNotContain(wrong, Problem(wrong)!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_route_is_kept_and_an_address_with_its_values_is_not()
    {
        var scanner = Scanner();
        var routes = new DefaultEndpointDataSource(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/w/{workspace}/orders/{id}"), 0, null, null));
        var scrubber = new SentryScrubber(scanner, [routes]);
        Assert.Equal("GET w/{workspace}/orders/{id}", scrubber.Clean(new SentryEvent { TransactionName = "GET w/{workspace}/orders/{id}" }).TransactionName);
        Assert.Null(scrubber.Clean(new SentryEvent { TransactionName = "GET /w/dar-lina/orders/0500000012" }).TransactionName);
    }

    [Theory]
    [InlineData("appelle 0500000012 vite", "phone")]
    [InlineData("05 00 00 00 12", "phone")]
    [InlineData("\"+213 500 00 00 12\"", "phone")]
    [InlineData("\\u002B213500000012", "phone")]
    [InlineData("00213500000012", "phone")]
    [InlineData("٠٥٠٠٠٠٠٠١٢", "phone")]
    [InlineData("021 00 00 12", "phone")]
    [InlineData("to=amina.b@mail.example.dz;", "e-mail")]
    [InlineData("EAABwzLixnjYBAKZCZB0needle", "token")]
    [InlineData("Authorization: bearer abcdefgh.ijkl", "token")]
    [InlineData("https://x.example/?access_token=abcd1234", "token")]
    [InlineData("sk-ant-api03-needle", "token")]
    [InlineData("gAAAAABlneedleneedleneedle", "token")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x", "token")]
    [InlineData("k=Zx81Qw92Er73Ty64Ui55Op46As37Df28Gh19Jk00Lz", "token")]
    [InlineData("the app's meta-secret-0001 it was", "secret")]
    [InlineData("the database's kalimat-sirr", "secret")]
    [InlineData("the mail's courrier-secret", "secret")]
    public void What_looks_like_somebodys_data_or_a_secret_is_found_and_taken_out(string text, string kind)
    {
        var scanner = Scanner();
        Assert.Contains(kind, scanner.KindsIn(text));
        Assert.Empty(scanner.KindsIn(scanner.Redact(text)));
    }

    [Theory]
    [InlineData("2026-11-29T06:54:33.0550123Z")]
    [InlineData("2026-02-12T07:23:02.1234567+00:00")]
    [InlineData("2026-02-12 03:04:05.1234567")]
    [InlineData("1764399273.055012345")]
    [InlineData("System.Private.CoreLib, Version=10.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e")]
    [InlineData("0x00007f8a0550123456")]
    [InlineData("OrderClosr.Ground.Jobs.JobRunner+<TryAsync>d__9.MoveNext()")]
    [InlineData("A_message_whose_outcome_is_unknown_is_looked_for_before_it_is_sent_once_more")]
    [InlineData("3eaa0123456789abcdef0123456789ab")]
    [InlineData("https://0123456789abcdef@o1.ingest.example.org/42")]
    public void What_a_report_is_made_of_passes(string text) => Assert.Empty(Scanner().KindsIn(text));

    private static SentryScanner Scanner() => new(new ConfigurationBuilder().AddInMemoryCollection(
    [
        new("Meta:AppSecret", "meta-secret-0001"), new("ConnectionStrings:OrderClosr", "Host=db;Username=u;Password=kalimat-sirr;Database=x"), new("Smtp:Url", "smtp://user:courrier-secret@mail.example:587"),
        new("Sentry:Dsn", "https://0123456789abcdef@o1.ingest.example.org/42"),
    ]).Build());
}
