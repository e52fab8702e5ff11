using OrderClosr.Ground.Jobs;

namespace OrderClosr.Ground.Running;

/// <summary>The backup of the night; what is older than 14 days goes with it.</summary>
internal sealed record MakeBackup : IJob
{
    public static string Kind => "make_backup";
    public string Lane => "work/system";
    public string OrderKey => Kind;
}

/// <summary>Starts the backup and looks now and then whether it is there: it may take longer than a job may be held.</summary>
internal sealed class MakeBackupHandler(BackupWriting writing, BackupFolder folder, BackupAge age, TimeProvider time) : IJobHandler<MakeBackup>
{
    private const int MostFailures = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Look = TimeSpan.FromSeconds(20), AfterFailure = TimeSpan.FromMinutes(10);

    public async Task<JobOutcome> RunAsync(MakeBackup job, JobRun run, CancellationToken stop)
    {
        if (folder.Last() < age.LastDue() || folder.Last() is null)
        {
            var work = writing.Begin();
            if (await Task.WhenAny(work, Task.Delay(Patience, time, stop)) != work) return JobOutcome.Again(time.GetUtcNow() + Look, "The backup is being written.");
            stop.ThrowIfCancellationRequested();
            if (await work is { } words) return run.Attempt < MostFailures ? JobOutcome.Again(time.GetUtcNow() + AfterFailure, words) : JobOutcome.Refused(words);
        }
        folder.Prune(time.GetUtcNow());
        return JobOutcome.Done();
    }
}

/// <summary>The one backup that this process writes, going on while its job is looked at again.</summary>
internal sealed class BackupWriting(Backups backups, IHostApplicationLifetime life, ILogger<BackupWriting> log)
{
    private readonly Lock _lock = new();
    private Task<string?>? _running;

    /// <summary>Ends with null when the backup is there, else with what is in the way.</summary>
    internal Task<string?> Begin()
    {
        lock (_lock)
        {
            if (_running is null or { IsCompleted: true }) _running = Task.Run(WriteAsync);
            return _running;
        }
    }

    private async Task<string?> WriteAsync()
    {
        try
        {
            if (await backups.MakeAsync(life.ApplicationStopping) is not { } made) return "Another process writes a backup.";
            log.LogInformation("A backup of {Rows} rows and {Files} files is made ({Bytes} bytes).", made.Rows, made.MediaFiles, made.Bytes);
            return null;
        }
        catch (BackupBroken broken)
        {
            log.LogError("No backup was made: {Words}", broken.Message);
            return broken.Message;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            log.LogError("No backup was made: {Fault}", error.Fault());
            return $"The backup could not be written ({error.GetType().Name}): is there room on the disk, and may we write into Backups__Folder?";
        }
        catch (OperationCanceledException)
        {
            return "The app was stopped meanwhile.";
        }
    }
}

/// <summary>At start and every hour: removes what is older than 14 days and what was left half-made, and says when the last backup is late.</summary>
internal sealed class BackupWatch(BackupAge age, BackupFolder folder, DataFolder data, MediaFiles media, TimeProvider time, ILogger<BackupWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>One look; true when the last backup is late.</summary>
    internal async Task<bool> LookAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        foreach (var place in (string[])[data.Path, Path.GetDirectoryName(media.Root)!]) Scratch.Clean(place);
        if (folder.Prune(now) is > 0 and var gone) log.LogInformation("{Count} backups older than 14 days are gone.", gone);
        if (age.Hour is null) return false;
        if (await age.LastAsync(stop) is { } last) Meters.BackupAge.Record((now - last).TotalSeconds);
        if (!await age.IsLateAsync(stop)) return false;
        log.LogWarning("The last good backup is older than 26 hours. Make one with the verb backup and look at the job make_backup: it says what was in the way.");
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The backups were not looked at: {Error}.", error.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
