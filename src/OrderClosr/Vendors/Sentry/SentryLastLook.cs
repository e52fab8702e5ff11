using System.Net;
using OrderClosr.Ground.Running;

namespace OrderClosr.Vendors.Sentry;

/// <summary>Reads every envelope on its way out; one that looks like somebody's data or a secret is dropped and counted, never sent.</summary>
/// <remarks>What passes goes through the outbound gate, as every call of ours does (promise P9).</remarks>
internal sealed class SentryLastLook(HttpMessageInvoker gate, SentryScanner scanner, ILogger<SentryLastLook> log) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var bytes = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var found = scanner.KindsIn(bytes);
        if (found.Count == 0) return await gate.SendAsync(request, cancellationToken);
        foreach (var kind in found) Meters.ReportsDropped.Add(1, new KeyValuePair<string, object?>("found", kind));
        // A warning, not an error: an error would make the next report.
        log.LogWarning("A report of an error was not sent: something in it looks like {Found}.", string.Join(", ", found));
        return new(HttpStatusCode.OK) { Content = new StringContent("{}"), RequestMessage = request };
    }
}
