using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Jobs;

/// <summary>What a job is about: a record of ids (no customer's words, no secrets), stored as JSON.</summary>
public interface IJob
{
    /// <summary>Stable snake_case name, stored in each row.</summary>
    static abstract string Kind { get; }

    /// <summary>The queue it waits in: one per channel, courier account, spreadsheet … (<c>meta/{channel}</c>).</summary>
    string Lane { get; }

    /// <summary>Jobs of a lane with the same key run strictly one after the other, in the order they were written.</summary>
    string OrderKey { get; }

    /// <summary>How long transient failures are retried before a person has to look.</summary>
    static virtual TimeSpan GiveUpAfter => TimeSpan.FromHours(24);

    /// <summary>How long after its so-manieth start (1, 2, …) a failure of the moment is tried again; another than the house's where the vendor publishes one.</summary>
    static virtual TimeSpan WaitAfter(int attempt) => Retries.Wait(attempt);

    /// <summary>It recurs by itself and can wait: its lane starts everything else first.</summary>
    static virtual bool GivesWay => false;

    /// <summary>Part of a workspace's leaving: runs while it is being deleted, when everything else of it stands still.</summary>
    static virtual bool Leaves => false;
}

/// <summary>An effect on the world that must still happen. Written in the transaction of its cause.</summary>
public sealed class Job : IOfWorkspace
{
    public required Id<Job> Id { get; init; }

    /// <summary>Whose effect; none for the system's own work (retention, clocks).</summary>
    public WorkspaceId WorkspaceId { get; init; }

    public required string Kind { get; init; }
    public required string Lane { get; init; }
    public required string OrderKey { get; init; }
    public required string Payload { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc cref="IJob.GivesWay"/>
    public bool GivesWay { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset DueAt { get; set; }

    public JobState State { get; set; } = JobState.Waiting;

    /// <summary>How often it was started.</summary>
    public int Attempts { get; set; }

    /// <summary>While running: until when; after that the process that ran it is taken for dead and the outcome for unknown.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>A start of it may have reached the vendor and nobody has found out since; kept while it is parked, so that whoever goes on looks first.</summary>
    public bool MayBeDone { get; set; }

    /// <summary>The last failure in words a person can read, without personal data.</summary>
    public string? LastFailure { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>How a job stands.</summary>
public enum JobState
{
    /// <summary>Due now or later.</summary>
    Waiting,

    /// <summary>Started; may have reached the vendor.</summary>
    Running,

    /// <summary>Maybe done: the handler must look before it repeats.</summary>
    OutcomeUnknown,

    /// <summary>The lane's credentials are refused: kept until the connection is mended.</summary>
    Parked,

    Done,

    /// <summary>The vendor said no for good; a person sees why.</summary>
    Refused,

    /// <summary>Tried for as long as its kind allows; a person sees why.</summary>
    GivenUp,

    /// <summary>Dropped before it started because its reason was gone (a person took over, a pause).</summary>
    Dropped,
}

internal sealed class JobTables : IEntityTypeConfiguration<Job>
{
    public void Configure(EntityTypeBuilder<Job> builder)
    {
        builder.ToTable("jobs");
        builder.HasIndex(j => new { j.State, j.DueAt });
        builder.HasIndex(j => new { j.Lane, j.State, j.DueAt });
        builder.HasIndex(j => new { j.WorkspaceId, j.State });
        builder.HasIndex(j => new { j.Lane, j.OrderKey, j.State });
        builder.Property(j => j.Kind).HasMaxLength(60);
        builder.Property(j => j.Lane).HasMaxLength(120);
        builder.Property(j => j.OrderKey).HasMaxLength(120);
    }
}

/// <summary>Writing and reading job rows.</summary>
public static class JobRows
{
    internal static readonly JsonSerializerOptions PayloadJson = new(JsonSerializerDefaults.Web);

    /// <summary>Those that may start: the jobs of a workspace that is being deleted stand still until that is undone, but for the kinds that belong to leaving. The one place that decides it.</summary>
    internal static IQueryable<Job> ThatMayRun(this IQueryable<Job> jobs, OrderClosrDb db, IReadOnlyList<string> leaving) =>
        jobs.Where(j => leaving.Contains(j.Kind) || !db.Set<Workspace>().Any(w => w.Id == j.WorkspaceId && w.DeleteAskedAt != null));

    /// <summary>Those that stand behind no other of their lane and key that is still to do; <paramref name="all"/> is where the others are looked for.</summary>
    /// <remarks>A number of each job's own, not "there is none": that PostgreSQL makes a join of, and where it expects few to wait and a thousand do, it compares each with each.</remarks>
    internal static IQueryable<Job> FirstOfTheirKey(this IQueryable<Job> jobs, IQueryable<Job> all) =>
        jobs.Where(j => all.Where(b => b.Lane == j.Lane && b.OrderKey == j.OrderKey && b.Id < j.Id
            && (b.State == JobState.Waiting || b.State == JobState.Running || b.State == JobState.OutcomeUnknown || b.State == JobState.Parked)).OrderBy(b => b.OrderKey).Take(1).Max(b => (int?)b.Attempts) == null);

    /// <summary>Makes stopped jobs due again: what may have been done already is looked for, not repeated.</summary>
    internal static Task<int> MakeDueAsync(this IQueryable<Job> jobs, DateTimeOffset now, CancellationToken stop) => jobs.ExecuteUpdateAsync(set => set
        .SetProperty(j => j.State, j => j.MayBeDone ? JobState.OutcomeUnknown : JobState.Waiting).SetProperty(j => j.DueAt, now).SetProperty(j => j.FinishedAt, (DateTimeOffset?)null), stop);

    extension(OrderClosrDb db)
    {
        public DbSet<Job> Jobs => db.Set<Job>();

        /// <summary>The lane's connection is mended: its parked jobs are due again, and what may have been done is looked for first. Answers how many.</summary>
        public async Task<int> ResumeLaneAsync(string lane, DateTimeOffset now, CancellationToken stop)
        {
            db.Tell("lane", lane);
            return await db.Jobs.Where(j => j.Lane == lane && j.State == JobState.Parked).MakeDueAsync(now, stop);
        }

        /// <summary>Adds a job to the running transaction; it starts after the commit, not before <paramref name="dueAt"/>.</summary>
        public Job Later<TJob>(TJob job, DateTimeOffset now, DateTimeOffset? dueAt = null) where TJob : IJob
        {
            var row = new Job
            {
                Id = Id<Job>.New(now), Kind = TJob.Kind, Lane = job.Lane, OrderKey = job.OrderKey, CreatedAt = now, DueAt = dueAt ?? now, GivesWay = TJob.GivesWay,
                Payload = JsonSerializer.Serialize(job, PayloadJson),
            };
            db.Jobs.Add(row);
            db.Tell("lane", job.Lane);
            return row;
        }

        /// <summary>The same for an effect that belongs to no workspace, such as a letter to an account: from a scope that has entered none, in a transaction.</summary>
        public async Task<Job> LaterOfNobodyAsync<TJob>(TJob job, DateTimeOffset now, CancellationToken stop, DateTimeOffset? dueAt = null) where TJob : IJob
        {
            var row = db.Later(job, now, dueAt);
            await db.PermitOfNobodyAsync(row, stop);
            return row;
        }
    }
}
