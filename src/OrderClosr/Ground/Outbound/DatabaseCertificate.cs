using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OrderClosr.Ground.Outbound;

/// <summary>What certificate a PostgreSQL server shows, for the operator to look at.</summary>
/// <remarks>The library that speaks to the database verifies it and tells nobody what it saw. This asks once more, by the protocol's own
/// request for TLS, and leaves as soon as the certificate was shown: nothing is ever said on this connection.</remarks>
internal static class DatabaseCertificate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Null when the server speaks no TLS or cannot be reached.</summary>
    internal static async Task<X509Certificate2?> AskAsync(string host, int port, TimeProvider time, CancellationToken stop)
    {
        X509Certificate2? shown = null;
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(host, port, both.Token);
            await using var stream = new NetworkStream(socket);
            // SSLRequest: length 8, code 80877103; the answer is one letter.
            await stream.WriteAsync((byte[])[0, 0, 0, 8, 4, 210, 22, 47], both.Token);
            var answer = new byte[1];
            if (await stream.ReadAsync(answer, both.Token) != 1 || answer[0] != (byte)'S') return null;
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    if (certificate is not null) shown = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
                    return false; // seen enough
                },
            }, both.Token);
        }
        catch (Exception error) when (error is AuthenticationException or SocketException or IOException || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // The end we wanted, or nobody there.
        }
        return shown;
    }
}
