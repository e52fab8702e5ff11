using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Outbound;
using OrderClosr.Tests.Support;
using OrderClosr.Vendors.Sentry;
using Sentry;

namespace OrderClosr.Tests.Vendors.Sentry;

public sealed class SentryTests
{
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
