using System.Net;
using System.Net.Sockets;
using System.Text;
using OrderClosr.Ground.Outbound;
using OrderClosr.Privacy;

namespace OrderClosr.Tests.Promises;

/// <summary>The server talks to the sub-processors of the policy page, the couriers and the mail server, and to nobody else. More ways around: <c>Ground/OutboundGateTests.cs</c>; that no code goes around the gate: <c>House/CodeRulesTests.cs</c>.</summary>
/// <remarks>Seen to fail: with the question for the host taken out of the gate, with redirects followed by the library, with private addresses not asked for when connecting.</remarks>
[Collection(PromiseCollection.Name)]
public sealed class P09_NobodyElseIsCalled(PromiseWorld world)
{
    [Fact]
    public void Who_may_be_called_is_who_stands_on_the_policy_page()
    {
        var gate = world.App.Get<OutboundGate>();
        Assert.Equal(gate.Rules.Select(r => r.Vendor).Order(StringComparer.Ordinal), Processors.Of(gate).SelectMany(p => p.Vendors).Order(StringComparer.Ordinal));
        // Reports of errors are off here, so nobody is promised that they are on.
        Assert.DoesNotContain(Processors.Of(gate), p => p.Key == "sentry");
    }

    [Fact]
    public async Task A_call_to_anybody_else_never_leaves()
    {
        using var stranger = Listen();
        var gate = world.App.Get<OutboundGate>();
        foreach (var vendor in gate.Rules.Select(r => r.Vendor).Where(v => v != "smtp"))
        {
            var refused = await Assert.ThrowsAsync<VendorFailure>(() => gate.ClientOf(vendor).GetAsync($"http://localhost:{PortOf(stranger)}/"));
            Assert.Equal((vendor, FailureCategory.Configuration, "host_not_permitted"), (vendor, refused.Category, refused.Code));
        }
        Assert.Equal("host_not_permitted", (await Assert.ThrowsAsync<VendorFailure>(() => gate.ConnectAsync("smtp", "localhost", PortOf(stranger), default))).Code);
        Assert.False(stranger.Pending());
    }

    [Fact]
    public async Task A_vendor_cannot_send_us_on_to_somebody_else()
    {
        using var stranger = Listen();
        using var vendor = Listen();
        var answering = Task.Run(async () =>
        {
            using var socket = await vendor.AcceptSocketAsync();
            await socket.ReceiveAsync(new byte[4096]);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{PortOf(stranger)}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        });
        using var gate = new OutboundGate([OutboundRule.For("meta", [new Uri($"http://127.0.0.1:{PortOf(vendor)}")])], TimeProvider.System);
        Assert.Equal("redirected_away", (await Assert.ThrowsAsync<VendorFailure>(() => gate.ClientOf("meta").GetAsync($"http://127.0.0.1:{PortOf(vendor)}/"))).Code);
        await answering;
        Assert.False(stranger.Pending());
    }

    [Fact]
    public async Task A_permitted_name_that_comes_to_point_into_our_own_network_is_refused()
    {
        using var inside = Listen();
        // As after a change of its DNS: the name is the vendor's, the address is ours.
        using var gate = new OutboundGate([new("meta", ["localhost"], MayBePrivate: false)], TimeProvider.System);
        Assert.Equal("private_address", (await Assert.ThrowsAsync<VendorFailure>(() => gate.ClientOf("meta").GetAsync($"http://localhost:{PortOf(inside)}/"))).Code);
        Assert.False(inside.Pending());
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
