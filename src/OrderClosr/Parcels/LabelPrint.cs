using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Labels of many parcels as one file to print, and the name of every parcel whose label is not in it.</summary>
public sealed class LabelPrint : IOfWorkspace, IVersioned, IHasId<LabelPrint>
{
    public required Id<LabelPrint> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Who asked for it.</summary>
    public required Guid AccountId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required LabelFormat Format { get; init; }

    /// <summary>Ids of the parcels, in the order they lie on the paper.</summary>
    public required List<Guid> Parcels { get; set; } = [];

    /// <summary>Labels fetched so far.</summary>
    public int Ready { get; set; }

    /// <summary>Parcels without a label, with why as a code of the pages' words; known at the end.</summary>
    public List<LabelGap> Gaps { get; set; } = [];

    /// <summary>The merged file in the workspace's media folder; null until finished, and when no label came at all.</summary>
    public string? File { get; set; }
    public int Labels { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public int Version { get; private set; }
}

/// <summary>A parcel whose label is missing.</summary>
/// <param name="Code"><c>label_missing, label_broken, no_labels, not_booked</c>.</param>
public sealed record LabelGap(ParcelId Parcel, string Code);

/// <summary>Begins prints.</summary>
public sealed class PrintLabels(OrderClosrDb db, Couriers couriers, TimeProvider time)
{
    /// <summary>Parcels of one print.</summary>
    public const int Most = 300;

    /// <summary>Asks for the labels that are not here yet and for the file of all; <c>nothing_chosen</c>, <c>too_many</c>.</summary>
    public Task<Result<LabelPrint>> BeginAsync(IReadOnlyList<ParcelId> parcels, LabelFormat format, Guid member, CancellationToken stop) => db.InTransactionAsync<Result<LabelPrint>>(async () =>
    {
        var wanted = parcels.Distinct().ToList();
        var there = await db.Parcels.AsNoTracking().Where(p => wanted.Contains(p.Id)).ToListAsync(stop);
        if (there.Count == 0) return new Refusal("nothing_chosen", "Choose at least one parcel.", "parcel");
        if (there.Count > Most) return new Refusal("too_many", $"At most {Most} at once.", "parcel", [$"{Most}"]);
        var now = time.GetUtcNow();
        var print = new LabelPrint { Id = Id<LabelPrint>.New(now), AccountId = member, CreatedAt = now, Format = format, Parcels = [.. wanted.Where(w => there.Exists(p => p.Id == w)).Select(w => w.Value)] };
        db.Add(print);
        foreach (var parcel in there.Where(p => p.LabelFile is null && CanHave(p))) db.Later(new FetchLabel(parcel.AccountId, parcel.Id, format), now);
        db.Later(new MergeLabels(db.WorkspaceId, print.Id), now);
        await db.SaveChangesAsync(stop);
        return print;
    }, stop);

    internal bool CanHave(Parcel parcel) => GapOf(parcel) is null;

    /// <summary>Why a parcel can have no label now; null when it can.</summary>
    internal string? GapOf(Parcel parcel) => parcel.State is ParcelState.Draft or ParcelState.Requested or ParcelState.Cancelled ? "not_booked" : couriers.Find(parcel.Courier) is not { Abilities.HasLabels: true } ? "no_labels" : null;
}

/// <summary>Puts the labels of a print into one file as soon as they are here.</summary>
public sealed record MergeLabels(WorkspaceId Workspace, Id<LabelPrint> Print) : IJob
{
    public static string Kind => "merge_labels";
    public string Lane => $"work/{Workspace}";
    public string OrderKey => Print.ToString();
}

internal sealed class MergeLabelsHandler(OrderClosrDb db, PrintLabels labels, MediaFiles files, TimeProvider time) : IJobHandler<MergeLabels>
{
    /// <summary>A courier that has not given a label by then is named as missing; the print can be asked for again.</summary>
    internal static readonly TimeSpan WaitsFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    private static readonly HashSet<string> Pdf = ["application/pdf"];

    public async Task<JobOutcome> RunAsync(MergeLabels job, JobRun run, CancellationToken stop)
    {
        if (await db.LabelPrints.AsNoTracking().SingleOrDefaultAsync(p => p.Id == job.Print, stop) is not { FinishedAt: null } print) return JobOutcome.Dropped("It is printed already.");
        var ids = print.Parcels.ConvertAll(id => new ParcelId(id));
        var parcels = (await db.Parcels.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(stop)).ToDictionary(p => p.Id);
        var now = time.GetUtcNow();
        var waits = ids.Count(id => parcels.GetValueOrDefault(id) is { LabelFile: null } p && labels.CanHave(p));
        if (waits > 0 && now - print.CreatedAt < WaitsFor)
        {
            await db.InTransactionAsync(async () =>
            {
                await db.LabelPrints.Where(p => p.Id == job.Print).ExecuteUpdateAsync(set => set.SetProperty(p => p.Ready, ids.Count - waits), stop);
                db.Tell("labels", job.Print);
            }, stop);
            return JobOutcome.Again(now + Step, "Labels are still being fetched.");
        }

        using var sheet = new LabelSheet(print.Format);
        var gaps = new List<LabelGap>();
        var printed = new List<ParcelId>();
        foreach (var id in ids)
        {
            if (parcels.GetValueOrDefault(id) is not { } parcel) continue;
            if (parcel.LabelFile is not { } file || files.Open(db.WorkspaceId, file) is not { } label)
            {
                gaps.Add(new(id, labels.GapOf(parcel) ?? "label_missing"));
                continue;
            }
            await using var content = label.Content;
            if (sheet.Add(content)) printed.Add(id);
            else gaps.Add(new(id, "label_broken"));
        }
        MediaFile? kept = null;
        if (printed.Count > 0)
        {
            using var merged = sheet.Save();
            var saved = await files.SaveAsync(db.WorkspaceId, merged, Pdf, 200L * 1024 * 1024, stop);
            if (!saved.Ok) return JobOutcome.Refused($"The merged file cannot be kept: {saved.Refusal.Code}.");
            kept = saved.Value;
        }
        return JobOutcome.Done(async (scope, inner) =>
        {
            var at = scope.Get<TimeProvider>().GetUtcNow();
            if (await scope.Db.LabelPrints.SingleOrDefaultAsync(p => p.Id == job.Print, inner) is not { } row) return;
            (row.Gaps, row.File, row.Labels, row.Ready, row.FinishedAt) = (gaps, kept?.File, printed.Count, printed.Count, at);
            foreach (var parcel in await scope.Db.LockedParcelsAsync(printed, inner))
            {
                scope.Get<Moving>().Note(parcel, new(ActorKind.Member, at, "printed", row.AccountId));
                parcel.PrintedAt = at;
                scope.Db.Tell("parcel", parcel.Id);
            }
            await scope.Db.SaveChangesAsync(inner);
            scope.Db.Tell("labels", row.Id);
        });
    }
}

internal sealed class LabelPrintTable : IEntityTypeConfiguration<LabelPrint>
{
    public void Configure(EntityTypeBuilder<LabelPrint> builder)
    {
        builder.ToTable("label_prints");
        builder.HasIndex(p => new { p.WorkspaceId, p.CreatedAt });
        builder.AsJson(p => p.Parcels);
        builder.AsJson(p => p.Gaps);
    }
}
