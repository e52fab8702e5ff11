using System.Text;

namespace OrderClosr.Sandbox.Faults;

/// <summary>Stands before every vendor: writes the log and plays the faults that need no knowledge of the vendor.</summary>
public sealed class VendorGate(RequestDelegate next, VendorBook book, TimeProvider time)
{
    private const int MostKept = 512 * 1024;

    /// <summary>One call. Doors for people (<c>/{vendor}/_…</c>) pass untouched.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (book.Of(http.Request.Path, out var path) is not { } vendor || path.Length == 0 || path.StartsWith("/_", StringComparison.Ordinal))
        {
            await next(http);
            return;
        }
        http.Items[typeof(Vendor)] = vendor;
        var at = time.GetUtcNow();
        var body = await BodyAsync(http.Request);
        var shown = path + http.Request.QueryString;

        if (vendor.Faults.TakeOf(http.Request.Method, path, "slow") is { } slow) await WaitAsync(slow.Seconds ?? 3, http);
        var fault = vendor.Faults.TakeOf(http.Request.Method, path, "error", "html", "garbage", "drop", "hang", "timeout-after-work");
        switch (fault?.Kind)
        {
            case "error":
                await AnswerAsync(fault.Status ?? 500, "application/json", vendor.ErrorBody(fault, fault.Status ?? 500));
                return;
            case "html":
                await AnswerAsync(fault.Status ?? 200, "text/html", "<!doctype html><title>We'll be back</title><h1>Something went wrong</h1><p>Please try again later.</p>");
                return;
            case "garbage":
                await AnswerAsync(fault.Status ?? 200, "application/json", "{\"data\":[{\"id\":\"\u00e9\ufffd");
                return;
            case "drop" or "hang":
                if (fault.Kind == "hang") await WaitAsync(fault.Seconds ?? 120, http);
                Write(0, "");
                http.Abort();
                return;
        }

        var wire = http.Response.Body;
        using var kept = new Tee(fault is null ? wire : Stream.Null, MostKept);
        http.Response.Body = kept;
        try
        {
            await next(http);
            Write(http.Response.StatusCode, kept.Text(http.Response.ContentType));
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            Write(0, kept.Text(http.Response.ContentType)); // the caller went away: that is the caller's right
        }
        finally
        {
            http.Response.Body = wire;
        }
        if (fault is not null)
        {
            await WaitAsync(fault.Seconds ?? 30, http);
            http.Abort();
        }

        void Write(int status, string answer) => vendor.Log.Add(new(at, http.Request.Method,
            RequestLog.WithoutSecrets(shown), status, Clean(body), Clean(answer), fault?.Kind));

        string Clean(string text) => vendor.HidesSecrets ? RequestLog.WithoutSecrets(text) : text;

        async Task AnswerAsync(int status, string type, string answer)
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = type;
            if (fault?.Status is 429 && (fault.Seconds ?? vendor.RetryAfter) is { } wait) http.Response.Headers.RetryAfter = ((int)wait).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (fault?.Kind == "error") vendor.ErrorHeaders(http.Response.Headers, answer);
            Write(status, answer);
            await http.Response.WriteAsync(answer);
        }
    }

    private async Task WaitAsync(double seconds, HttpContext http)
    {
        try { await Task.Delay(TimeSpan.FromSeconds(seconds), time, http.RequestAborted); }
        catch (OperationCanceledException) { } // a caller that gave up need not be waited for
    }

    private static async Task<string> BodyAsync(HttpRequest request)
    {
        if (request.ContentLength is 0 or null && request.Headers.TransferEncoding.Count == 0) return "";
        request.EnableBuffering(1024 * 1024);
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy, request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return Tee.Shown(copy.GetBuffer().AsSpan(0, (int)copy.Length), request.ContentType, MostKept);
    }

    /// <summary>Passes an answer on as it is written (so streams stay streams) and keeps its beginning.</summary>
    private sealed class Tee(Stream wire, int most) : Stream
    {
        private readonly MemoryStream _kept = new();

        public static string Shown(ReadOnlySpan<byte> bytes, string? type, int most) =>
            type is not null && !(type.Contains("json", StringComparison.Ordinal) || type.Contains("text", StringComparison.Ordinal) || type.Contains("form-urlencoded", StringComparison.Ordinal) || type.Contains("xml", StringComparison.Ordinal) || type.Contains("envelope", StringComparison.Ordinal))
                ? $"({bytes.Length} bytes {type})"
                : Encoding.UTF8.GetString(bytes[..Math.Min(most, bytes.Length)]);

        public string Text(string? type) => Shown(_kept.GetBuffer().AsSpan(0, (int)_kept.Length), type, most);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Keep(buffer.Span);
            await wire.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            Keep(buffer.AsSpan(offset, count));
            wire.Write(buffer, offset, count);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => wire.FlushAsync(cancellationToken);
        public override void Flush() => wire.Flush();
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        private void Keep(ReadOnlySpan<byte> bytes)
        {
            if (_kept.Length < most) _kept.Write(bytes);
        }
    }
}
