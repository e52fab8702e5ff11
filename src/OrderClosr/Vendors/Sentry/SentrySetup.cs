using Microsoft.Extensions.Options;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using Sentry;
using Sentry.AspNetCore;
using Sentry.Extensibility;

namespace OrderClosr.Vendors.Sentry;

/// <summary>Errors for whoever mends them, without anybody's data (promise P10). Off without <c>Sentry__Dsn</c>: then nothing of it runs.</summary>
/// <remarks>Three walls (facts/sentry.md section 4): what the library gathers by itself is switched off, <see cref="SentryScrubber"/> builds a new
/// event out of what is allowed, and <see cref="SentryLastLook"/> reads the bytes that leave.</remarks>
public static class SentrySetup
{
    public static WebApplicationBuilder UseSentryReports(this WebApplicationBuilder builder)
    {
        var (services, settings) = (builder.Services, builder.Configuration);
        services.AddSingleton(StartCheck.Of("sentry", Problems));
        if (settings["Sentry:Dsn"] is not { Length: > 0 } dsn || Problems(settings).Any()) return builder;
        services.AddSingleton(OutboundRule.For("sentry", [new Uri(dsn)]));
        services.AddSingleton<SentryScanner>().AddSingleton<SentryScrubber>();
        builder.WebHost.UseSentry();
        // After everything the library reads from settings: nobody switches a wall off by an environment variable.
        services.AddSingleton<IPostConfigureOptions<SentryAspNetCoreOptions>>(provider => new Walls(provider, dsn, builder.Environment.EnvironmentName));
        return builder;
    }

    /// <summary>What is wrong with the setting; never the setting itself.</summary>
    internal static IEnumerable<string> Problems(IConfiguration settings)
    {
        if (settings["Sentry:Dsn"] is { Length: > 0 } dsn && !(Uri.TryCreate(dsn, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.UserInfo.Length > 0 && url.AbsolutePath.Length > 1))
            yield return "Sentry__Dsn is none: write it as https://key@host/number, as the project's page shows it, or leave it out.";
    }

    private sealed class Walls(IServiceProvider services, string dsn, string environment) : IPostConfigureOptions<SentryAspNetCoreOptions>
    {
        public void PostConfigure(string? name, SentryAspNetCoreOptions options)
        {
            options.Dsn = dsn;
            options.SendDefaultPii = false;
            options.IsEnvironmentUser = false;
            options.MaxRequestBodySize = RequestSize.None;
            options.CaptureFailedRequests = false;
            options.EnableLogs = false;
            options.AutoSessionTracking = false;
            options.SendClientReports = false;
            options.IncludeActivityData = false;
            options.AutoRegisterTracing = false;
            options.TracesSampleRate = 0;
            options.TracesSampler = null;
            options.TracePropagationTargets = [];
            options.DisableSentryHttpMessageHandler = true;
            options.DisableDiagnosticSourceIntegration();
            options.ReportAssembliesMode = ReportAssembliesMode.None;
            options.CacheDirectoryPath = null;
            options.DisableFileWrite = true;
            options.ServerName = "node";
            options.Release = typeof(App).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
            options.Environment = environment.ToLowerInvariant();
            options.DefaultTags.Clear();
            options.MaxBreadcrumbs = 50;
            // The bytes can be read on their way out; envelopes are small.
            options.RequestBodyCompressionLevel = System.IO.Compression.CompressionLevel.NoCompression;
            options.CreateHttpMessageHandler = () => ActivatorUtilities.CreateInstance<SentryLastLook>(services, services.GetRequiredService<OutboundGate>().InvokerOf("sentry"));

            var scrubber = services.GetRequiredService<SentryScrubber>();
            options.SetBeforeBreadcrumb(SentryScrubber.Clean);
            options.SetBeforeSend((told, hint) =>
            {
                hint.Attachments.Clear();
                return scrubber.Clean(told);
            });
            // How long things took stays in our own metrics: a transaction is a list of addresses and statements.
            options.SetBeforeSendTransaction(_ => null);
            options.SetBeforeSendFeedback((SentryEvent _) => null);
            options.SetBeforeSendMetric(_ => null);
            options.SetBeforeSendLog(_ => null);
        }
    }
}
