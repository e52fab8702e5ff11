using System.Net;
using System.Net.Sockets;

namespace OrderClosr.Tests.Support;

/// <summary>Free loopback ports below those that the apps' silos take (20 000 and above) and that the system gives to outgoing connections, each handed out once.</summary>
/// <remarks>A door stays its app's while that is dead, and nobody listens: no silo of another test may find it free.</remarks>
internal static class Ports
{
    private const int First = 12000, Last = 20000;
    private static int _next = Random.Shared.Next(First, Last);

    /// <summary>True when a start failed because its port was taken meanwhile.</summary>
    internal static bool IsTaken(Exception? error) =>
        error is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } || (error?.InnerException is { } inner && IsTaken(inner))
        || (error is AggregateException all && all.InnerExceptions.Any(IsTaken));

    internal static int Free()
    {
        for (var tries = 0; tries < Last - First; tries++)
        {
            var port = First + (Interlocked.Increment(ref _next) % (Last - First));
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
        throw new InvalidOperationException("No free port.");
    }
}
