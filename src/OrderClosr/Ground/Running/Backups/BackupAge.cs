using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Running;

/// <summary>How old the last good backup is, and whether a night was missed.</summary>
/// <remarks>The newest file here, or the last nightly job that ended well: with several nodes the file may lie at another one, and files may have been carried away.</remarks>
public sealed class BackupAge(WorkspaceScopes scopes, BackupFolder folder, IConfiguration settings, TimeProvider time)
{
    /// <summary>At which hour in Algiers one is made; null when <c>Backups__Hour</c> is <c>off</c>.</summary>
    public int? Hour { get; } = HourOf(settings);

    internal const int UsualHour = 3;

    internal static int? HourOf(IConfiguration settings) => settings["Backups:Hour"] switch
    {
        null or "" => UsualHour,
        "off" => null,
        var text => int.TryParse(text, out var hour) && hour is >= 0 and <= 23 ? hour : UsualHour,
    };

    /// <summary>When the last good one was made; null when there is none.</summary>
    public async Task<DateTimeOffset?> LastAsync(CancellationToken stop)
    {
        await using var scope = scopes.OpenEverywhere("the nightly backup is the system's own job");
        var nightly = await scope.Db.Everywhere<Job>().Where(j => j.Kind == MakeBackup.Kind && j.State == JobState.Done).MaxAsync(j => j.FinishedAt, stop);
        var here = folder.Last();
        return here is null || nightly > here ? nightly : here;
    }

    /// <summary>True when the last good one is older than 26 hours, or when there is none although there is something to lose for that long.</summary>
    public async Task<bool> IsLateAsync(CancellationToken stop)
    {
        if (Hour is null) return false;
        var border = time.GetUtcNow() - BackupFolder.LateAfter;
        // Asked at every look at our readiness: a good file here is answer enough, and costs no query.
        if (folder.Last() >= border) return false;
        if (await LastAsync(stop) is { } last) return last < border;
        await using var none = scopes.OpenNone();
        return await none.Db.Set<Workspace>().AnyAsync(w => w.CreatedAt < border, stop);
    }

    /// <summary>The last moment at which a nightly backup was due.</summary>
    internal DateTimeOffset LastDue()
    {
        var now = AlgiersTime.ToAlgiers(time.GetUtcNow());
        var today = new DateTimeOffset(now.Date, now.Offset).AddHours(Hour ?? UsualHour);
        return today <= now ? today : today.AddDays(-1);
    }
}
