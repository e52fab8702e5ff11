using System.Net;
using System.Net.Sockets;
using OrderClosr.Ground.Data;

namespace OrderClosr.Ground.Outbound;

/// <summary>Whom one vendor's client may talk to.</summary>
/// <param name="Vendor">The vendor's folder in lower case: <c>meta</c>, <c>claude</c>.</param>
/// <param name="Hosts">Host names, or <c>*.example.org</c> for all names below one.</param>
/// <param name="MayBePrivate">True when the operator's own setting names a private or loopback address (the sandbox).</param>
public sealed record OutboundRule(string Vendor, IReadOnlyList<string> Hosts, bool MayBePrivate)
{
    /// <summary>Each call names the host it may go to (<see cref="OutboundRequests.ToNamedHost"/>): for addresses that merchants give.</summary>
    public bool IsNamedPerCall { get; init; }

    /// <summary>The host of a configured address, and hosts the vendor itself sends us to (its media). A setting that is a private address permits private addresses.</summary>
    public static OutboundRule For(string vendor, IEnumerable<Uri> addresses, params IEnumerable<string> alsoHosts)
    {
        var all = addresses.ToList();
        return new(vendor, [.. all.Select(a => a.Host).Concat(alsoHosts).Distinct(StringComparer.OrdinalIgnoreCase)],
            all.Any(a => a.IsLoopback || (IPAddress.TryParse(a.Host, out var ip) && PrivateAddresses.Includes(ip))));
    }

    internal bool Allows(string host) => Hosts.Any(h => h.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(h[1..], StringComparison.OrdinalIgnoreCase)
        : host.Equals(h, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The only maker of HTTP clients: each may talk to its vendor's hosts and to nobody else (promise P9).</summary>
/// <remarks>No redirect to another host; an allowed name that resolves to a private address is refused at connect time, so DNS
/// cannot be turned against us; every call has a time limit; what goes wrong on the way becomes a <see cref="VendorFailure"/>.</remarks>
public sealed class OutboundGate : IDisposable
{
    /// <summary>Longest a vendor's call may take.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly Dictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HttpMessageInvoker> _invokers = new(StringComparer.Ordinal);

    public OutboundGate(IEnumerable<OutboundRule> rules, TimeProvider time)
    {
        (Rules, _time) = ([.. rules], time);
        foreach (var rule in Rules)
        {
            var socket = new SocketsHttpHandler
            {
                AllowAutoRedirect = false, UseProxy = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64,
                AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = ConnectLimit,
                ConnectCallback = (context, stop) => ConnectAsync(rule, context.DnsEndPoint, stop),
            };
            var gate = new GateHandler(rule, time) { InnerHandler = socket };
            _invokers.Add(rule.Vendor, new(gate, disposeHandler: false));
            _clients.Add(rule.Vendor, new(gate)
            {
                Timeout = Timeout.InfiniteTimeSpan, // the gate sets the limit per call
                DefaultRequestHeaders = { { "User-Agent", "OrderClosr/1.0" } },
            });
        }
    }

    /// <summary>Everything the server may talk to; the verb <c>check</c> prints it.</summary>
    public IReadOnlyList<OutboundRule> Rules { get; }

    /// <summary>The client of a vendor. Shared: never dispose it.</summary>
    public HttpClient ClientOf(string vendor) =>
        _clients.TryGetValue(vendor, out var client) ? client : throw new InvalidOperationException($"Nothing permits calls to {vendor}.");

    /// <summary>The same way out for a vendor's own library, which brings its own client. Shared: never dispose it.</summary>
    internal HttpMessageInvoker InvokerOf(string vendor) =>
        _invokers.TryGetValue(vendor, out var invoker) ? invoker : throw new InvalidOperationException($"Nothing permits calls to {vendor}.");

    /// <summary>A connection for a vendor that is not spoken to in HTTP (mail); the caller speaks TLS on it and closes it.</summary>
    /// <exception cref="VendorFailure">The host is not the vendor's, resolves to a private address, or cannot be reached.</exception>
    public async Task<Stream> ConnectAsync(string vendor, string host, int port, CancellationToken stop)
    {
        if (Transactions.IsInside) throw new InvalidOperationException($"{vendor} was about to be called inside a transaction: the database would wait for a vendor.");
        var rule = Rules.SingleOrDefault(r => r.Vendor == vendor) ?? throw new InvalidOperationException($"Nothing permits calls to {vendor}.");
        if (!rule.Allows(host)) throw new VendorFailure(FailureCategory.Configuration, $"Calls of {vendor} to this host are not permitted.", "host_not_permitted");
        using var timer = new CancellationTokenSource(ConnectLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        try
        {
            return await ConnectAsync(rule, new DnsEndPoint(host, port), both.Token);
        }
        catch (ForbiddenAddressException)
        {
            throw new VendorFailure(FailureCategory.Configuration, $"The host of {vendor} resolves to a private address.", "private_address");
        }
        catch (Exception error) when (error is SocketException || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new VendorFailure(FailureCategory.Transient, $"{vendor} cannot be reached.", "unreachable", inner: error);
        }
    }

    public void Dispose()
    {
        foreach (var invoker in _invokers.Values) invoker.Dispose();
        foreach (var client in _clients.Values) client.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(OutboundRule rule, DnsEndPoint to, CancellationToken stop)
    {
        var addresses = await Dns.GetHostAddressesAsync(to.Host, stop);
        var usable = rule.MayBePrivate ? addresses : [.. addresses.Where(a => !PrivateAddresses.Includes(a))];
        if (usable.Length == 0) throw new ForbiddenAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(usable, to.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A permitted name resolved to an address inside our own network.</summary>
internal sealed class ForbiddenAddressException() : Exception("The host's address is private.");

/// <summary>Addresses that are nobody's on the internet: loopback, private, link-local, multicast and their IPv6 kin, also where IPv6 wraps an IPv4 address.</summary>
internal static class PrivateAddresses
{
    private static readonly IPNetwork[] Networks =
    [
        .. ((string[])["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8", "64:ff9b::/96", "2002::/16"]).Select(n => IPNetwork.Parse(n)),
    ];

    internal static bool Includes(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(n => n.BaseAddress.AddressFamily == plain.AddressFamily && n.Contains(plain));
    }
}
