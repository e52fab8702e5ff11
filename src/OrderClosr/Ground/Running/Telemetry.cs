using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OrderClosr.Ground.Running;

/// <summary>Metrics as Prometheus text on <c>/metrics</c> (on a port of their own with <c>Metrics__Port</c>), traces whose ids stand in the logs.</summary>
/// <remarks>Nothing is pushed anywhere: the server talks to its vendors and to nobody else (promise P9).</remarks>
public static class Telemetry
{
    public static WebApplicationBuilder UseTelemetry(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        var addresses = Addresses(settings).ToList();
        if (Port(settings) is { } port) addresses.Add($"http://*:{port}");
        // Endpoints that the operator described to the server itself stay as they are.
        if (!settings.GetSection("Kestrel:Endpoints").Exists() && string.IsNullOrEmpty(settings["https_ports"])) settings["urls"] = string.Join(';', addresses);
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(Meters.Name, Orleans).AddView(instrument => instrument.Meter.Name == Orleans ? FewSeries : Series).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter())
            .WithTracing(traces => traces.AddSource(Meters.Name, "Microsoft.AspNetCore").AddHttpClientInstrumentation().AddProcessor<SlowWork>());
        return builder;
    }

    private const string Orleans = "Microsoft.Orleans";

    // The library keeps room for 2,000 series of every instrument, 25 MB in all; we have routes and kinds, not customers, in our labels, and Orleans has hardly any.
    private static readonly MetricStreamConfiguration Series = new() { CardinalityLimit = 500 }, FewSeries = new() { CardinalityLimit = 100 };

    /// <summary>Serves <c>/metrics</c>; with a port of their own the metrics are found there alone, and nothing else is.</summary>
    public static WebApplication UseMetrics(this WebApplication app)
    {
        var port = Port(app.Configuration);
        if (port is not null)
            app.Use((http, next) =>
            {
                if (http.Connection.LocalPort != port || http.Request.Path == "/metrics") return next(http);
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        app.UseOpenTelemetryPrometheusScrapingEndpoint(http => http.Request.Path == "/metrics" && (port is null || http.Connection.LocalPort == port));
        return app;
    }

    private static int? Port(IConfiguration settings) => int.TryParse(settings["Metrics:Port"], out var port) && port is > 0 and < 65536 ? port : null;

    private static IEnumerable<string> Addresses(IConfiguration settings) =>
        settings["urls"] is { Length: > 0 } urls ? urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : settings["http_ports"] is { Length: > 0 } ports ? ports.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(p => $"http://*:{p.Trim()}")
        : ["http://localhost:5080"];
}

/// <summary>Says in the log which work took longer than a page may (5 s), by its name and trace, without what it was about.</summary>
internal sealed class SlowWork(ILogger<SlowWork> log) : BaseProcessor<Activity>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public override void OnEnd(Activity data)
    {
        // A live stream is open as long as its page.
        if (data.Parent is null && data.Duration > Longest && !data.DisplayName.EndsWith("/live", StringComparison.Ordinal))
            log.LogWarning("{Name} took {Seconds:0.0} s (trace {Trace}).", data.DisplayName, data.Duration.TotalSeconds, data.TraceId);
    }
}
