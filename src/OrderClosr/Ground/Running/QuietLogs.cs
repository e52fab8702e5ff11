using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace OrderClosr.Ground.Running;

/// <summary>Logs for a machine: one JSON object a line, no exception's message (it repeats what a parser or a database choked on), no SQL parameter.</summary>
internal sealed class QuietLogs(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "quiet";

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteString("at", time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("level", logEntry.LogLevel.ToString().ToLowerInvariant());
            json.WriteString("from", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, null));
            if (logEntry.Exception is { } error) json.WriteString("fault", error.Fault());
            if (Activity.Current is { } work) json.WriteString("trace", work.TraceId.ToString());
            json.WriteEndObject();
        }
        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}

/// <summary>How the app logs.</summary>
public static class LogsSetup
{
    private static readonly IReadOnlyList<(string Category, LogLevel Level)> Quiet =
    [
        ("Microsoft", LogLevel.Warning), ("System", LogLevel.Warning), ("Orleans", LogLevel.Warning), ("Polly", LogLevel.Warning), ("Microsoft.Hosting.Lifetime", LogLevel.Information),
        ("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Warning),
        // A conflict of two writers is expected and handled where it happens.
        ("Microsoft.EntityFrameworkCore.Update", LogLevel.Critical),
        // Says at every start how long the machine has been up (facts/stack.md section 4).
        ("Orleans.Runtime.Watchdog", LogLevel.Error),
        // One line per message while a node is gone: 280 000 in 25 s.
        ("Orleans.Runtime.Messaging", LogLevel.Critical), ("Orleans.Networking", LogLevel.Critical),
    ];

    /// <summary>Words for a person in development, JSON everywhere else; libraries speak only when something is wrong.</summary>
    public static WebApplicationBuilder UseQuietLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsDevelopment()) builder.Logging.AddSimpleConsole(o => { o.SingleLine = true; o.TimestampFormat = "HH:mm:ss "; });
        else builder.Logging.AddConsole(o => o.FormatterName = QuietLogs.FormatterName).AddConsoleFormatter<QuietLogs, ConsoleFormatterOptions>();
        // What the operator sets goes over ours.
        foreach (var (category, level) in Quiet) builder.Logging.AddFilter(category, builder.Configuration.GetValue($"Logging:LogLevel:{category}", level));
        return builder;
    }
}
