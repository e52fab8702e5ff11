using Microsoft.AspNetCore.DataProtection.KeyManagement;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground;

/// <summary>What all rooms stand on.</summary>
public static class GroundSetup
{
    /// <summary>Database, tenancy, secrets, events, jobs, the outbound gate.</summary>
    public static IServiceCollection AddGround(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<DataFolder>().AddSingleton<SingleProcess>().AddSingleton<StartGate>().AddHostedService(p => p.GetRequiredService<StartGate>());
        foreach (var check in GroundChecks.All) services.AddSingleton(check);
        // Right behind the gate: before anything else starts.
        services.AddSingleton<DeletionBook>().AddScoped<Deletions>().AddSingleton<Purging>().AddSingleton<DeletionReplay>().AddHostedService(p => p.GetRequiredService<DeletionReplay>());
        services.AddScoped<ICustomerErasure, EventsErasure>().AddScoped<ICustomerErasure, JobsErasure>().AddJob<RemoveFiles, RemoveFilesHandler>();
        services.AddSingleton<Scrubbing>().AddJob<Scrub, ScrubHandler>().AddJob<PurgeWorkspaces, PurgeWorkspacesHandler>();
        // A vendor's call and the job around it end within their 20 s; the contract gives us 30.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(28));
        services.AddDatabase(settings.GetConnectionString("OrderClosr") ?? DatabaseSetup.DefaultConnection);
        if (ClusterSetup.IsShared(settings)) services.AddHostedService(p => ActivatorUtilities.CreateInstance<FarBell>(p, settings.GetConnectionString("OrderClosr")!));
        services.AddSingleton(_ => FernetKeys.Read(settings["FERNET_KEYS"]));
        services.AddSingleton<SecretBox>().AddSingleton<KeyRotation>();
        services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((keys, provider) => keys.XmlEncryptor = new SealedXml(provider));
        services.AddSingleton<OutboundGate>();
        services.AddSingleton<MediaFiles>().AddSingleton<Pictures>();
        services.AddSingleton<Strain>().AddSingleton<EventNudge>().AddSingleton<EventWriter>().AddHostedService(p => p.GetRequiredService<EventWriter>());
        services.AddSingleton<EventReader>().AddHostedService<EventReading>();
        services.AddScoped<Facts>().AddScoped<Lanes>().AddJob<Prune, PruneHandler>();
        services.AddSingleton<JobRunner>().AddSingleton<Clocks>().AddSingleton<Restored>();
        services.AddSingleton<BackupFolder>().AddSingleton<Backups>().AddSingleton<BackupAge>().AddSingleton<BackupWriting>().AddJob<MakeBackup, MakeBackupHandler>().AddHostedService<BackupWatch>();
        services.AddMail();
        services.AddHostedService<Waking>().AddSingleton<Sweep>().AddHostedService(p => p.GetRequiredService<Sweep>());
        return services;
    }
}
