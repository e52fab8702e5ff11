using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

public sealed class RunningTests
{
    [Theory]
    [InlineData("Host=db.example.org;Username=u", true)]
    [InlineData("Host=db.example.org;SSL Mode=Require", true)]
    [InlineData("Host=db.example.org;SSL Mode=Prefer", true)]
    [InlineData("Host=db.example.org;SSL Mode=VerifyCA;Root Certificate=/ca.crt", true)]
    [InlineData("Host=db.example.org;SSL Mode=VerifyFull;Root Certificate=/ca.crt", false)]
    [InlineData("Host=10.0.0.5;Username=u", true)]
    [InlineData("Host=localhost,db2.example.org;Username=u", true)]
    [InlineData("Host=localhost;Username=u", false)]
    [InlineData("Host=127.0.0.1:5433;Username=u", false)]
    [InlineData("Host=::1;Username=u", false)]
    [InlineData("Host=/var/run/postgresql;Username=u", false)]
    [InlineData("Data Source=data/orderclosr.db", false)]
    public void A_remote_database_without_verified_TLS_is_refused(string connectionString, bool refused) =>
        Assert.Equal(refused, DatabaseTls.Problems(connectionString).Any());

    [Fact]
    public async Task Everything_that_is_missing_is_said_at_once_and_nothing_listens()
    {
        var refused = await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(Database.Sqlite, new()
        {
            Settings = new Dictionary<string, string?> { ["FERNET_KEYS"] = "", ["Cluster:Mode"] = "many", ["Public:BaseUrl"] = "shop", ["ConnectionStrings:OrderClosr"] = "Host=db.example.org;Username=u;Password=verysecret" },
        }));
        Assert.Equal(4, refused.Problems.Count);
        foreach (var word in (string[])["FERNET_KEYS", "Cluster__Mode is many", "Public__BaseUrl", "db.example.org"]) Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("verysecret", refused.Message, StringComparison.Ordinal);
    }

    [Theory, OnPostgres]
    public async Task A_role_that_may_step_over_row_security_is_refused(Database database)
    {
        await using var data = await TestDatabase.CreateAsync(database, atRest: false);
        var mighty = new NpgsqlConnectionStringBuilder(PostgresServer.Address) { Database = PostgresServer.NameOf(data.ConnectionString) }.ConnectionString;
        var refused = await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["ConnectionStrings:OrderClosr"] = mighty } }));
        Assert.Contains("superuser", Assert.Single(refused.Problems), StringComparison.Ordinal);
        NpgsqlConnection.ClearAllPools();
    }

    [Theory, OnPostgres]
    public async Task A_table_whose_second_lock_was_taken_off_is_refused(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone()) await scope.Db.Database.ExecuteSqlRawAsync("alter table orders no force row level security");
        var refused = await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(database, new() { Beside = app }));
        Assert.Contains("orders", Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_database_behind_this_version_is_refused(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone()) await scope.Db.Database.ExecuteSqlRawAsync("delete from \"__EFMigrationsHistory\"");
        var refused = await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(database, new() { Beside = app }));
        Assert.Contains("run the verb migrate", Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Keys_that_open_nothing_of_this_database_are_refused_and_old_ones_beside_new_are_not(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        app.Get<IDataProtectionProvider>().CreateProtector("test").Protect("x");
        var young = FernetKey.Generate();
        var refused = await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(database, new() { Beside = app, Settings = new Dictionary<string, string?> { ["FERNET_KEYS"] = young } }));
        Assert.Contains("None of FERNET_KEYS", Assert.Single(refused.Problems), StringComparison.Ordinal);
        await using var second = await TestApp.StartAsync(database, new() { Beside = app, Settings = new Dictionary<string, string?> { ["FERNET_KEYS"] = $"{young},{TestApp.FernetKey}" } });
        Assert.Equal(HttpStatusCode.OK, (await second.Http.GetAsync("/health/ready")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_second_process_on_the_same_data_is_refused_until_the_first_has_ended(Database database)
    {
        await using var host = await TestApp.StartAsync(database, new() { Started = false });
        await using (var first = await TestApp.StartAsync(database, new() { Beside = host }))
        {
            var refused = await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(database, new() { Beside = host }));
            Assert.Contains("Another OrderClosr runs", Assert.Single(refused.Problems), StringComparison.Ordinal);
        }
        await using var second = await TestApp.StartAsync(database, new() { Beside = host });
        Assert.Equal(HttpStatusCode.OK, (await second.Http.GetAsync("/health/live")).StatusCode);
    }

    [Theory, OnPostgres]
    public async Task A_second_process_with_another_data_folder_on_the_same_PostgreSQL_is_refused_too(Database database)
    {
        await using var first = await TestApp.StartAsync(database);
        var folder = Directory.CreateTempSubdirectory("orderclosr-test-");
        var refused = await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(database, new() { Beside = first, Settings = new Dictionary<string, string?> { ["Data:Folder"] = folder.FullName } }));
        Assert.Contains("on this database", Assert.Single(refused.Problems), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Theory, OnBothDatabases]
    public async Task Readiness_names_its_parts_and_says_no_when_one_is_not(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        await Eventually.HoldsAsync(async () => (await app.Http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone()) await scope.Db.Database.ExecuteSqlRawAsync("delete from \"__EFMigrationsHistory\"");
        var answer = await app.Http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var parts = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("parts");
        Assert.Equal(("ok", "behind", "ok", "ok"), (parts.GetProperty("database").GetString(), parts.GetProperty("migrations").GetString(), parts.GetProperty("keys").GetString(), parts.GetProperty("cluster").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Metrics_count_what_happened_and_stand_alone_on_their_own_port()
    {
        var port = Ports.Free();
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Services = services => services.AddJob<Counted, CountedHandler>(), Settings = new Dictionary<string, string?> { ["Metrics:Port"] = $"{port}" } });
        var shop = await app.NewShopAsync();
        await using (var scope = app.In(shop.Id))
        {
            scope.Db.Later(new Counted(), app.Get<TimeProvider>().GetUtcNow());
            await scope.Db.SaveChangesAsync();
        }
        using var metrics = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        await Eventually.HoldsAsync(async () => System.Text.RegularExpressions.Regex.IsMatch(await metrics.GetStringAsync("/metrics"), @"orderclosr_jobs_ended_total\{[^}]*kind=""counted_once""[^}]*state=""Done""[^}]*\} 1"));
        Assert.DoesNotContain(shop.Id.ToString(), await metrics.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await metrics.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/metrics")).StatusCode);
    }

    /// <summary>A kind of this test alone: meters belong to the process, where other tests' apps count too.</summary>
    private sealed record Counted : IJob
    {
        public static string Kind => "counted_once";
        public string Lane => "counted/x";
        public string OrderKey => "k";
    }

    private sealed class CountedHandler : IJobHandler<Counted>
    {
        public Task<JobOutcome> RunAsync(Counted job, JobRun run, CancellationToken stop) => Task.FromResult(JobOutcome.Done());
    }

    [Fact]
    public async Task Metrics_stand_on_the_apps_own_port_when_they_have_none()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        await app.Http.GetAsync("/health/live");
        Assert.Contains("http_server_request_duration", await app.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Keys_of_cookies_lie_sealed_and_every_process_reads_them(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var cookie = app.Get<IDataProtectionProvider>().CreateProtector("cookie").Protect("owner");
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            var xml = (await scope.Db.Set<Microsoft.AspNetCore.DataProtection.EntityFrameworkCore.DataProtectionKey>().SingleAsync()).Xml!;
            Assert.Contains("<sealed", xml, StringComparison.Ordinal);
            Assert.DoesNotContain("masterKey", xml, StringComparison.Ordinal);
        }
        await using var second = await TestApp.StartAsync(database, new() { Started = false, Beside = app });
        Assert.Equal("owner", second.Get<IDataProtectionProvider>().CreateProtector("cookie").Unprotect(cookie));
    }

    [Theory, OnBothDatabases]
    public async Task A_failing_statement_logs_no_parameter(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        scope.Db.Add(new OrderClosr.Shipping.Desk { Id = new(Guid.NewGuid()), WilayaCode = 16, CommuneCode = 1, Name = "kalimat-sirr" });
        await scope.Db.Database.ExecuteSqlRawAsync("drop table desks");
        await Assert.ThrowsAnyAsync<Exception>(() => scope.Db.SaveChangesAsync());
        Assert.Contains(app.Logs.Lines, l => l.Contains("desks", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logs.Lines, l => l.Contains("kalimat-sirr", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_line_is_one_JSON_object_without_the_exceptions_message()
    {
        var text = new StringWriter();
        Exception error;
        try { throw new FormatException("slm ch7al hadi"); } catch (FormatException thrown) { error = thrown; }
        new QuietLogs(TimeProvider.System).Write(new Microsoft.Extensions.Logging.Abstractions.LogEntry<string>(Microsoft.Extensions.Logging.LogLevel.Error, "Here", default, "It \"failed\".\nTwice.", error, (s, e) => s), null, text);
        var line = Assert.Single(text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(("error", "Here", "It \"failed\".\nTwice."), (json.GetProperty("level").GetString(), json.GetProperty("from").GetString(), json.GetProperty("message").GetString()));
        Assert.StartsWith("System.FormatException", json.GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ch7al", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_takes_seconds_not_the_whole_time_it_is_given()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        using var stream = await app.Http.GetAsync("/health/live", HttpCompletionOption.ResponseHeadersRead);
        await app.StopAsync().WaitAsync(TimeSpan.FromSeconds(15));
    }
}
