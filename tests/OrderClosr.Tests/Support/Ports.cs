using System.Net;
using System.Net.Sockets;

namespace OrderClosr.Tests.Support;

/// <summary>Free loopback ports below the range that the system gives to outgoing connections, each handed out once.</summary>
internal static class Ports
{
    private const int First = 15000, Last = 32000;
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
