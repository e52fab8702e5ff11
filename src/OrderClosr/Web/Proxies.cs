using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using OrderClosr.Ground.Running;
using IPNetwork = System.Net.IPNetwork;

namespace OrderClosr.Web;

/// <summary>Whose word counts about where a request comes from and whether it came by TLS: that of the proxies in <c>Public:Proxies</c>, and without any nobody's.</summary>
/// <remarks>From anybody else the same headers mean nothing: whoever tries passwords would write a new address into them each time. A proxy on this machine is believed no sooner: many hand a visitor's own headers on.</remarks>
public static class Proxies
{
    public static IServiceCollection AddProxies(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(StartCheck.Of("proxies", Problems));
        return services.Configure<ForwardedHeadersOptions>(o =>
        {
            o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            o.ForwardLimit = null; // through all proxies that are known; the first that is not is the visitor
            o.KnownProxies.Clear();
            o.KnownIPNetworks.Clear();
            foreach (var name in Named(settings))
                if (IPNetwork.TryParse(NetworkOf(name), out var network)) o.KnownIPNetworks.Add(network);
        });
    }

    /// <summary>Before anything asks for a visitor's address or for TLS. With no proxy known the middleware would believe everybody, so then it is left out.</summary>
    public static WebApplication UseProxies(this WebApplication app)
    {
        if (Named(app.Configuration).Length > 0) app.UseForwardedHeaders();
        return app;
    }

    private static IEnumerable<string> Problems(IConfiguration settings) => Named(settings).Where(name => !IPNetwork.TryParse(NetworkOf(name), out _))
        .Select(name => $"Public__Proxies: {name} is no address and no network. Write it as 10.0.0.5 or 172.18.0.0/16, several parted by commas.");

    private static string[] Named(IConfiguration settings) => (settings["Public:Proxies"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string NetworkOf(string name) => !IPAddress.TryParse(name, out var one) ? name : $"{one}/{(one.GetAddressBytes().Length * 8)}";
}
