using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderClosr.Ground.Outbound;
using OrderClosr.Tests.Support;
using OrderClosr.Vendors.Sentry;
using Sentry;
using Sentry.AspNetCore;

namespace OrderClosr.Tests.Promises;

/// <summary>Sentry gets scrubbed events: no personal data leaves.</summary>
/// <remarks>Seen to fail: with the scrubber and the last look off, the first needle found is the phone in a rendered log line. The scrubber's and the
/// scanner's own tests: <c>Vendors/Sentry</c>.</remarks>
[Collection(OneHub)]
public sealed class P10_SentryGetsScrubbedEvents
{
    /// <summary>The library has one hub for a whole process: where two apps report at once, one of them is not heard. These tests run one after the other.</summary>
    internal const string OneHub = "Sentry's hub";

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
        // Each is sent by itself, in no order.
        await Eventually.HoldsAsync(async () => (events = await ItemsAsync(app, "event")).Count >= 4 && ((string[])["System.InvalidOperationException", "failed by our own fault"]).All(word => events.Exists(e => e.GetProperty("payload").GetString()!.Contains(word, StringComparison.Ordinal))));
        var everything = await app.Sandbox.GetStringAsync("/sentry/_log") + await app.Sandbox.GetStringAsync("/sentry/_items");
        foreach (var needle in Needles.Append(Environment.MachineName).Append(TestApp.FernetKey).Append(app.Folder)) Assert.DoesNotContain(needle, everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(await ItemsAsync(app, null), i => i.GetProperty("type").GetString() != "event");

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
}
