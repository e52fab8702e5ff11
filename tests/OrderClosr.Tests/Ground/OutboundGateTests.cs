using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Ground.Outbound;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

public sealed class OutboundGateTests
{
    [Fact]
    public async Task A_host_that_is_not_in_the_list_is_never_called()
    {
        await using var vendor = await Vendor.StartAsync(context => context.Response.WriteAsync("ok"));
        using var gate = new OutboundGate([new("meta", ["graph.example"], MayBePrivate: true)], TimeProvider.System);
        var failure = await Assert.ThrowsAsync<VendorFailure>(() => gate.ClientOf("meta").GetAsync(vendor.Url));
        Assert.Equal((FailureCategory.Configuration, "host_not_permitted"), (failure.Category, failure.Code));
        Assert.Equal(0, vendor.Calls);
    }

    [Fact]
    public void A_vendor_without_a_rule_has_no_client()
    {
        using var gate = new OutboundGate([], TimeProvider.System);
        Assert.Throws<InvalidOperationException>(() => gate.ClientOf("anybody"));
    }

    [Fact]
    public async Task A_permitted_host_answers()
    {
        await using var vendor = await Vendor.StartAsync(context => context.Response.WriteAsync("ok"));
        using var gate = GateTo(vendor.Url);
        Assert.Equal("ok", await gate.ClientOf("meta").GetStringAsync(vendor.Url));
    }

    [Theory, InlineData("media.example.org", true), InlineData("a.b.example.org", true), InlineData("example.org", false), InlineData("evilexample.org", false), InlineData("example.org.evil.net", false)]
    public void A_star_permits_names_below_and_nothing_else(string host, bool allowed) =>
        Assert.Equal(allowed, new OutboundRule("meta", ["*.example.org"], false).Allows(host));

    [Theory, InlineData("http://localhost:1/"), InlineData("http://127.0.0.1:1/other-port"), InlineData("https://127.0.0.1/")]
    public async Task A_redirect_to_another_host_or_port_or_scheme_is_not_followed(string to)
    {
        await using var vendor = await Vendor.StartAsync(context => { context.Response.Redirect(to); return Task.CompletedTask; });
        using var gate = new OutboundGate([new("meta", ["127.0.0.1", "localhost"], true)], TimeProvider.System);
        var failure = await Assert.ThrowsAsync<VendorFailure>(() => gate.ClientOf("meta").GetAsync(vendor.Url));
        Assert.Equal((FailureCategory.Refused, "redirected_away"), (failure.Category, failure.Code));
        Assert.Equal(1, vendor.Calls);
    }

    [Fact]
    public async Task A_redirect_on_the_same_host_is_followed_and_not_for_ever()
    {
        await using var vendor = await Vendor.StartAsync(context =>
        {
            if (context.Request.Path == "/there") return context.Response.WriteAsync("arrived");
            context.Response.Redirect(context.Request.Path == "/round" ? "/round" : "/there");
            return Task.CompletedTask;
        });
        using var gate = GateTo(vendor.Url);
        Assert.Equal("arrived", await gate.ClientOf("meta").GetStringAsync($"{vendor.Url}/here"));
        Assert.Equal(HttpStatusCode.Redirect, (await gate.ClientOf("meta").GetAsync($"{vendor.Url}/round")).StatusCode);
    }

    [Theory, InlineData("127.0.0.1"), InlineData("localhost"), InlineData("10.1.2.3"), InlineData("169.254.169.254"), InlineData("[::1]"), InlineData("[::ffff:10.0.0.1]")]
    public async Task A_permitted_name_that_leads_to_a_private_address_is_refused(string host)
    {
        using var gate = new OutboundGate([new("meta", [host], MayBePrivate: false)], TimeProvider.System);
        var failure = await Assert.ThrowsAsync<VendorFailure>(() => gate.ClientOf("meta").GetAsync($"http://{host}:9/"));
        Assert.Equal((FailureCategory.Configuration, "private_address"), (failure.Category, failure.Code));
    }

    [Theory]
    [InlineData("10.0.0.1", true), InlineData("172.31.255.255", true), InlineData("172.32.0.1", false), InlineData("192.168.1.1", true), InlineData("100.64.0.1", true), InlineData("0.0.0.0", true)]
    [InlineData("224.0.0.1", true), InlineData("255.255.255.255", true), InlineData("8.8.8.8", false), InlineData("::1", true), InlineData("fd00::1", true), InlineData("fe80::1", true)]
    [InlineData("2a03:2880:f003:c07:face:b00c::1", false), InlineData("::ffff:192.168.0.1", true), InlineData("::ffff:8.8.8.8", false), InlineData("64:ff9b::a00:1", true)]
    public void Private_addresses_are_known(string address, bool isPrivate) => Assert.Equal(isPrivate, PrivateAddresses.Includes(IPAddress.Parse(address)));

    [Theory, InlineData("GET", FailureCategory.Transient), InlineData("POST", FailureCategory.OutcomeUnknown)]
    public async Task A_vendor_that_never_answers_is_left_after_15_seconds(string method, FailureCategory category)
    {
        var time = new TestClock();
        await using var vendor = await Vendor.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var gate = GateTo(vendor.Url, time);
        using var request = new HttpRequestMessage(new(method), vendor.Url);
        var call = gate.ClientOf("meta").SendAsync(request);
        await Eventually.HoldsAsync(() => vendor.Calls == 1);
        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(category, (await Assert.ThrowsAsync<VendorFailure>(() => call)).Category);
    }

    [Fact]
    public async Task A_vendor_that_stops_in_the_middle_of_its_answer_is_left_too()
    {
        var time = new TestClock();
        await using var vendor = await Vendor.StartAsync(async context =>
        {
            await context.Response.WriteAsync("half of ");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var gate = GateTo(vendor.Url, time);
        using var request = new HttpRequestMessage(HttpMethod.Post, vendor.Url).WithLimit(TimeSpan.FromSeconds(30));
        var call = gate.ClientOf("meta").SendAsync(request);
        await Eventually.HoldsAsync(() => vendor.Calls == 1);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FailureCategory.OutcomeUnknown, (await Assert.ThrowsAsync<VendorFailure>(() => call)).Category);
    }

    [Fact]
    public async Task A_refused_connection_is_tried_once_more_after_a_moment()
    {
        var time = new WatchedTime();
        var port = Ports.Free();
        using var gate = GateTo("http://127.0.0.1:1", time);
        var call = gate.ClientOf("meta").PostAsync($"http://127.0.0.1:{port}/", new StringContent("once"));
        await Eventually.HoldsAsync(() => time.Waits.Contains(TimeSpan.FromMilliseconds(200)));
        await using var vendor = await Vendor.StartAsync(async context => await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync()), port);
        time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal("once", await (await call).Content.ReadAsStringAsync());
        Assert.Equal(1, vendor.Calls);
    }

    [Fact]
    public async Task A_connection_refused_twice_is_a_failure_of_the_moment_because_nothing_was_sent()
    {
        var time = new WatchedTime();
        using var gate = GateTo("http://127.0.0.1:1", time);
        var call = gate.ClientOf("meta").PostAsync($"http://127.0.0.1:{Ports.Free()}/", new StringContent("x"));
        await Eventually.HoldsAsync(() => time.Waits.Contains(TimeSpan.FromMilliseconds(200)));
        time.Advance(TimeSpan.FromMilliseconds(200));
        var failure = await Assert.ThrowsAsync<VendorFailure>(() => call);
        Assert.Equal((FailureCategory.Transient, "unreachable"), (failure.Category, failure.Code));
        Assert.Single(time.Waits, TimeSpan.FromMilliseconds(200));
    }

    [Theory, InlineData("GET", FailureCategory.Transient), InlineData("POST", FailureCategory.OutcomeUnknown)]
    public async Task A_connection_that_breaks_after_the_request_leaves_the_outcome_of_a_write_unknown(string method, FailureCategory category)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            // A GET may be repeated by the client on a fresh connection: break each of them.
            for (var i = 0; i < 6; i++)
            {
                using var socket = await listener.AcceptSocketAsync();
                await socket.ReceiveAsync(new byte[1000]);
                socket.LingerState = new(true, 0);
            }
        });
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var gate = GateTo(url);
        using var request = new HttpRequestMessage(new(method), url);
        Assert.Equal(category, (await Assert.ThrowsAsync<VendorFailure>(() => gate.ClientOf("meta").SendAsync(request))).Category);
        _ = answering;
    }

    [Fact]
    public async Task An_answer_bigger_than_we_take_is_refused()
    {
        await using var vendor = await Vendor.StartAsync(async context =>
        {
            var block = new byte[1 << 20];
            for (var i = 0; i < 112; i++) await context.Response.Body.WriteAsync(block);
        });
        using var gate = GateTo(vendor.Url);
        var failure = await Assert.ThrowsAsync<VendorFailure>(() => gate.ClientOf("meta").GetAsync(vendor.Url));
        Assert.Equal((FailureCategory.Refused, "too_big"), (failure.Category, failure.Code));
    }

    [Theory, OnBothDatabases]
    public async Task A_vendor_is_never_called_inside_a_transaction(Database database)
    {
        await using var vendor = await Vendor.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        using var gate = GateTo(vendor.Url);
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        var bug = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            scope.Db.InTransactionAsync(async () => { await Task.Yield(); await gate.ClientOf("meta").GetAsync(vendor.Url); }, default));
        Assert.Contains("transaction", bug.Message, StringComparison.Ordinal);
        Assert.Equal(0, vendor.Calls);
        Assert.Equal("ok", await gate.ClientOf("meta").GetStringAsync(vendor.Url));
    }

    private static OutboundGate GateTo(string url, TimeProvider? time = null) => new([OutboundRule.For("meta", [new Uri(url)])], time ?? TimeProvider.System);

    /// <summary>A clock that remembers which waits were asked of it.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly List<TimeSpan> _waits = [];

        internal IReadOnlyList<TimeSpan> Waits
        {
            get { lock (_waits) return [.. _waits]; }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            lock (_waits) _waits.Add(dueTime);
            return timer;
        }
    }

    /// <summary>A server that answers as the test says and counts.</summary>
    private sealed class Vendor(WebApplication app) : IAsyncDisposable
    {
        private int _calls;

        internal string Url => app.Urls.First();
        internal int Calls => _calls;

        internal static async Task<Vendor> StartAsync(Func<HttpContext, Task> answer, int port = 0)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var vendor = new Vendor(app);
            app.Run(context =>
            {
                Interlocked.Increment(ref vendor._calls);
                return answer(context);
            });
            await app.StartAsync();
            return vendor;
        }

        public async ValueTask DisposeAsync()
        {
            using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
            await app.StopAsync(atOnce.Token);
            await app.DisposeAsync();
        }
    }
}
