using OrderClosr.Agent;
using OrderClosr.Ground.Outbound;

namespace OrderClosr.Vendors.Claude;

/// <summary>Claude as the agent's model.</summary>
public static class ClaudeSetup
{
    /// <summary>Name of the library's traces; they carry counts and ids, never content.</summary>
    public const string TraceSource = "com.anthropic.sdk.csharp*";

    public static IServiceCollection AddClaude(this IServiceCollection services, IConfiguration settings)
    {
        var claude = ClaudeSettings.Read(settings);
        services.AddSingleton(claude);
        services.AddSingleton(OutboundRule.For("claude", [claude.BaseUrl]));
        services.AddSingleton<ISalesModel, ClaudeSalesModel>();
        services.AddHostedService<KeyMissing>();
        services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(TraceSource));
        return services;
    }

    /// <summary>Says at every start that nobody will be answered.</summary>
    private sealed class KeyMissing(ISalesModel model, ILogger<KeyMissing> log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (!model.IsConfigured) log.LogWarning("No key for Claude (Claude__ApiKey): messages are stored and shown, the agent answers nobody.");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
