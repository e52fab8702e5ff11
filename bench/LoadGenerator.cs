using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace OrderClosr.Bench;

/// <summary>Sends prepared HTTP/1.1 requests over raw sockets, so that the generator costs little beside the server on the same cores.</summary>
internal static class LoadGenerator
{
    /// <summary>Closed loop: each connection sends its next request when the answer has come. Answers requests per second and how many were not 200.</summary>
    internal static async Task<(double PerSecond, int Failed)> ClosedLoopAsync(int port, int connections, TimeSpan length, Func<int, ReadOnlyMemory<byte>> request)
    {
        var next = -1;
        var done = 0;
        var failed = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await Connection.OpenAsync(port);
            while (watch.Elapsed < length)
            {
                if (await connection.AskAsync(request(Interlocked.Increment(ref next))) != 200) Interlocked.Increment(ref failed);
                Interlocked.Increment(ref done);
            }
        })));
        return (done / watch.Elapsed.TotalSeconds, failed);
    }

    /// <summary>Open loop at a fixed rate. A latency counts from when the request was due, so a server that stalls cannot hide the waiting ones.</summary>
    internal static async Task<(double P50, double P99, int Failed)> FixedRateAsync(int port, int connections, int perSecond, TimeSpan length, Func<int, ReadOnlyMemory<byte>> request)
    {
        var total = (int)(perSecond * length.TotalSeconds);
        var milliseconds = new double[total];
        var failed = 0;
        var due = Channel.CreateUnbounded<int>(new() { SingleWriter = true });
        var start = Stopwatch.GetTimestamp();
        // One thread that sleeps says what is due: connections that each looked at the clock took a core from the server they measure.
        var clock = new Thread(() =>
        {
            for (var i = 0; i < total; Thread.Sleep(1))
                for (var now = Stopwatch.GetElapsedTime(start).TotalSeconds; i < total && (double)i / perSecond <= now; i++) due.Writer.TryWrite(i);
            due.Writer.Complete();
        });
        clock.Start();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await Connection.OpenAsync(port);
            await foreach (var i in due.Reader.ReadAllAsync())
            {
                if (await connection.AskAsync(request(i)) != 200) Interlocked.Increment(ref failed);
                milliseconds[i] = (Stopwatch.GetElapsedTime(start) - TimeSpan.FromSeconds((double)i / perSecond)).TotalMilliseconds;
            }
        })));
        Array.Sort(milliseconds);
        return (milliseconds[total / 2], milliseconds[(int)(total * 0.99)], failed);
    }

    /// <summary>One request as bytes.</summary>
    internal static byte[] Request(string method, string path, int port, byte[]? body = null, string headers = "")
    {
        var head = Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}{(body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n")}\r\n");
        return [.. head, .. body ?? []];
    }

    private sealed class Connection(Socket socket) : IDisposable
    {
        private readonly byte[] _answer = new byte[64 * 1024];

        internal static async Task<Connection> OpenAsync(int port)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new(socket);
        }

        /// <summary>Sends and reads the whole answer; its status.</summary>
        internal async Task<int> AskAsync(ReadOnlyMemory<byte> request)
        {
            await socket.SendAsync(request);
            var length = 0;
            while (true)
            {
                var read = await socket.ReceiveAsync(_answer.AsMemory(length));
                if (read == 0) return 0;
                length += read;
                if (IsWhole(_answer.AsSpan(0, length))) return (_answer[9] - '0') * 100 + (_answer[10] - '0') * 10 + _answer[11] - '0';
            }
        }

        private static bool IsWhole(ReadOnlySpan<byte> answer)
        {
            var end = answer.IndexOf("\r\n\r\n"u8);
            if (end < 0) return false;
            var head = answer[..end];
            if (head.IndexOf("chunked"u8) >= 0) return answer.EndsWith("0\r\n\r\n"u8);
            var at = head.IndexOf("Content-Length: "u8);
            if (at < 0) return true;
            var digits = head[(at + 16)..];
            var stop = digits.IndexOf((byte)'\r');
            var size = int.Parse(stop < 0 ? digits : digits[..stop], System.Globalization.CultureInfo.InvariantCulture);
            return answer.Length >= end + 4 + size;
        }

        public void Dispose() => socket.Dispose();
    }
}
