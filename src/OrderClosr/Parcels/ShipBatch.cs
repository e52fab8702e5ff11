using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Many orders that a member sent off together: which, by which courier, and why some were not taken. The parcels themselves say how they stand.</summary>
public sealed class ShipBatch : IOfWorkspace, IVersioned, IHasId<ShipBatch>
{
    public required Id<ShipBatch> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Who sent them off.</summary>
    public required Guid AccountId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>In the order they were chosen.</summary>
    public required List<ShipRow> Rows { get; set; } = [];

    /// <summary>How many of the rows were looked at.</summary>
    public int Done { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public int Version { get; private set; }
}

/// <summary>One order of a batch.</summary>
/// <param name="Courier">The courier the member chose; null: by the rules.</param>
/// <param name="No">Why no parcel was made, as a code of the pages' words; null: there is one.</param>
/// <param name="Words">The refusal's English sentence.</param>
public sealed record ShipRow(OrderId Order, CourierAccountId? Courier, string? No = null, string? Words = null);

/// <summary>Writes batches; the work itself is a job, so a page closed in the middle loses nothing.</summary>
public sealed class ShipMany(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Orders of one batch.</summary>
    public const int Most = 500;

    /// <summary>Begins; <c>nothing_chosen</c>, <c>too_many</c>.</summary>
    public Task<Result<ShipBatch>> BeginAsync(IReadOnlyList<ShipRow> rows, Guid member, CancellationToken stop) => db.InTransactionAsync<Result<ShipBatch>>(async () =>
    {
        var wanted = rows.DistinctBy(r => r.Order).ToList();
        var ids = wanted.Select(r => r.Order).ToList();
        var there = (await db.Orders.Where(o => ids.Contains(o.Id) && o.Number > 0).Select(o => o.Id).ToListAsync(stop)).ToHashSet();
        wanted = [.. wanted.Where(r => there.Contains(r.Order))];
        if (wanted.Count == 0) return new Refusal("nothing_chosen", "Choose at least one order.", "order");
        if (wanted.Count > Most) return new Refusal("too_many", $"At most {Most} at once.", "order", [$"{Most}"]);
        var now = time.GetUtcNow();
        var batch = new ShipBatch { Id = Id<ShipBatch>.New(now), AccountId = member, CreatedAt = now, Rows = wanted };
        db.Add(batch);
        db.Later(new RunShipBatch(db.WorkspaceId, batch.Id), now);
        await db.SaveChangesAsync(stop);
        return batch;
    }, stop);
}

/// <summary>Makes the parcels of the next orders of a batch.</summary>
public sealed record RunShipBatch(WorkspaceId Workspace, Id<ShipBatch> Batch) : IJob
{
    public static string Kind => "ship_batch";
    public string Lane => $"work/{Workspace}";
    public string OrderKey => Batch.ToString();
}

internal sealed class RunShipBatchHandler : IJobHandler<RunShipBatch>
{
    /// <summary>So many in one commit: the page moves on while it waits, and nobody else waits long to write.</summary>
    private const int AtOnce = 20;

    public Task<JobOutcome> RunAsync(RunShipBatch job, JobRun run, CancellationToken stop) => Task.FromResult(JobOutcome.Done(async (scope, inner) =>
    {
        var (db, now) = (scope.Db, scope.Get<TimeProvider>().GetUtcNow());
        if (await db.ShipBatches.SingleOrDefaultAsync(b => b.Id == job.Batch, inner) is not { FinishedAt: null } batch) return;
        var next = batch.Rows.Skip(batch.Done).Take(AtOnce).ToList();
        var nos = new Dictionary<OrderId, Refusal>();
        foreach (var group in next.GroupBy(r => r.Courier))
            foreach (var shipped in await scope.Get<ShipOrder>().RunAsync([.. group.Select(r => r.Order)], group.Key, new(ActorKind.Member, now, AccountId: batch.AccountId), inner))
                if (!shipped.Result.Ok) nos[shipped.Order] = shipped.Result.Refusal;
        batch.Rows = [.. batch.Rows.Select(r => nos.TryGetValue(r.Order, out var no) ? r with { No = no.Code, Words = no.Words } : r)];
        batch.Done += next.Count;
        if (batch.Done < batch.Rows.Count) db.Later(job, now);
        else batch.FinishedAt = now;
        await db.SaveChangesAsync(inner);
        db.Tell("batch", batch.Id);
    }));
}

internal sealed class ShipBatchTable : IEntityTypeConfiguration<ShipBatch>
{
    public void Configure(EntityTypeBuilder<ShipBatch> builder)
    {
        builder.ToTable("ship_batches");
        builder.HasIndex(b => new { b.WorkspaceId, b.CreatedAt });
        builder.AsJson(b => b.Rows);
    }
}

/// <summary>Lists that are read and written whole, in one column.</summary>
internal static class JsonColumns
{
    internal static void AsJson<TEntity, T>(this EntityTypeBuilder<TEntity> builder, Expression<Func<TEntity, List<T>>> list) where TEntity : class where T : notnull
    {
        // A type of rows is no table of its own, wherever EF Core met it first.
        if (!typeof(T).IsPrimitive && typeof(T) != typeof(Guid)) builder.Metadata.Model.AddIgnored(typeof(T));
        builder.Property(list).HasConversion(rows => JsonSerializer.Serialize(rows, JsonSerializerOptions.Default), json => JsonSerializer.Deserialize<List<T>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<List<T>>((a, b) => a!.SequenceEqual(b!), rows => rows.Count, rows => rows.ToList()));
        if (builder.Metadata.Model.FindEntityType(typeof(T)) is { } met) builder.Metadata.Model.RemoveEntityType(met);
    }
}
