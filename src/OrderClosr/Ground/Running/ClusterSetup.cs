using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using OrderClosr.Ground.Data;

namespace OrderClosr.Ground.Running;

/// <summary>How the grains of one or several processes find each other (<c>Cluster__Mode</c>).</summary>
/// <remarks><c>single</c>: one process, no table. <c>postgres</c>: any number of processes in one private network; each is reached at
/// <c>Cluster__Address</c> (default: this machine's address) and <c>Cluster__Port</c> (default 11111).</remarks>
public static class ClusterSetup
{
    /// <summary>True when other processes may work on the same database.</summary>
    internal static bool IsShared(IConfiguration settings) => settings["Cluster:Mode"] == "postgres" && DatabaseSetup.IsPostgres(settings.GetConnectionString("OrderClosr") ?? "");

    /// <summary>Adds the silo to the app's own process.</summary>
    public static WebApplicationBuilder UseCluster(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        builder.UseOrleans(silo =>
        {
            // Where grains live is remembered for the busiest; room for a million would be 18 MB that nobody fills.
            silo.Configure<GrainDirectoryOptions>(o => o.CacheSize = 20_000);
            if (IsShared(settings)) UsePostgres(silo, settings);
            // No gateway: nobody but this process talks to its grains.
            else
            {
                silo.UseLocalhostClustering(FreePort(settings[WebHostDefaults.ServerUrlsKey] ?? ""), gatewayPort: 0);
                // Alone there is nobody to lose; and a machine that slept for days would take itself for the one that did not answer, and end the process.
                silo.Configure<ClusterMembershipOptions>(o => (o.LivenessEnabled, o.DefunctSiloCleanupPeriod) = (false, null));
            }
        });
        return builder;
    }

    private static void UsePostgres(ISiloBuilder silo, ConfigurationManager settings)
    {
        silo.Services.AddSingleton<IMembershipTable, PostgresMembership>();
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (PostgresMembership.Cluster, PostgresMembership.Cluster));
        silo.ConfigureEndpoints(IPAddress.TryParse(settings["Cluster:Address"], out var address) ? address : OwnAddress(),
            int.TryParse(settings["Cluster:Port"], out var port) ? port : 11111, gatewayPort: 0, listenOnAnyHostAddress: false);
        // A dead node's conversations are taken over after about 4 s instead of 15 (facts/stack.md section 4).
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(2);
            o.NumMissedProbesLimit = 2;
            o.NumVotesForDeathDeclaration = 1;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            o.DefunctSiloExpiration = TimeSpan.FromDays(1);
        });
    }

    private static IPAddress OwnAddress() => Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault(a => !IPAddress.IsLoopback(a)) ?? IPAddress.Loopback;

    private const int FirstPort = 20_000, LastPort = 32_000;
    private static int _nextPort = Random.Shared.Next(FirstPort, LastPort);

    // Two silos on one port would both start and both believe to be alone, so a port is never fixed. The silo listens a while after the
    // port was found free: one the system hands out (32768 and above) may be somebody else's by then, ours are tried in turn from anywhere.
    // The app's own door is not open yet, so its port looks free.
    private static int FreePort(string doors)
    {
        for (var tries = 0; ; tries++)
        {
            var port = FirstPort + (Interlocked.Increment(ref _nextPort) % (LastPort - FirstPort));
            if (doors.Contains($":{port}", StringComparison.Ordinal)) continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
                listener.Start();
                return port;
            }
            catch (SocketException) when (tries < 1000)
            {
                // Somebody else's.
            }
        }
    }
}
