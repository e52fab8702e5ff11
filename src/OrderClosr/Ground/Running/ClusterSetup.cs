using System.Net;
using System.Net.Sockets;

namespace OrderClosr.Ground.Running;

/// <summary>How the grains of one or several processes find each other (<c>Cluster__Mode</c>).</summary>
public static class ClusterSetup
{
    /// <summary>Adds the silo to the app's own process.</summary>
    public static WebApplicationBuilder UseCluster(this WebApplicationBuilder builder)
    {
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()));
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        // Says at every start how long the machine has been up (facts/stack.md section 4).
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        return builder;
    }

    // Two silos on one port would both start and both believe to be alone, so a port is never fixed.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
