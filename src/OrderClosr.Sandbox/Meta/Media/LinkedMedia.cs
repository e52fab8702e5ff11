using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Meta.Media;

/// <summary>Fetches what the product only links to, as Meta's servers do: a link that does not give a picture is no picture.</summary>
public sealed class LinkedMedia(SandboxOptions options, TimeProvider time, IHostApplicationLifetime life) : IDisposable
{
    private const int Most = 101 * 1024 * 1024;
    private readonly HttpClient _app = new(options.Wire?.Invoke() ?? Plain()) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly HttpClient _others = new(Plain()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The file behind a link with the type its server gave, or null with the reason.</summary>
    public async Task<(byte[]? Bytes, string Mime, string Why)> FetchAsync(string link)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return (null, "", "the link is not an address");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, life.ApplicationStopping);
        try
        {
            var client = link.StartsWith(options.App + "/", StringComparison.OrdinalIgnoreCase) ? _app : _others;
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.TryAddWithoutValidation("User-Agent", "facebookexternalua");
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            if (!answer.IsSuccessStatusCode) return (null, "", $"the link answered {(int)answer.StatusCode}");
            if (answer.Content.Headers.ContentLength > Most) return (null, "", "the file is too big");
            await using var stream = await answer.Content.ReadAsStreamAsync(stop.Token);
            using var copy = new MemoryStream();
            var piece = new byte[81_920];
            for (int read; (read = await stream.ReadAsync(piece, stop.Token)) > 0;)
            {
                copy.Write(piece, 0, read);
                if (copy.Length > Most) return (null, "", "the file is too big");
            }
            return (copy.ToArray(), answer.Content.Headers.ContentType?.MediaType ?? "application/octet-stream", "");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException) { return (null, "", "the link could not be reached"); }
    }

    /// <inheritdoc />
    public void Dispose() { _app.Dispose(); _others.Dispose(); }

    private static SocketsHttpHandler Plain() => new() { AllowAutoRedirect = true, MaxAutomaticRedirections = 3, UseProxy = false };
}
