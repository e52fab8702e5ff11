using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Api;

/// <summary>A key with which a merchant's program may use <c>/api/v1</c> for one workspace. Only its hash is kept.</summary>
public sealed class ApiKey : IOfWorkspace, IHasId<ApiKey>
{
    public required Id<ApiKey> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>What the merchant calls it: "Site web".</summary>
    public required string Name { get; init; }

    /// <summary>The end of the key, so that a person recognises it: <c>…7QfA</c>.</summary>
    public required string Ending { get; init; }

    /// <summary>SHA-256 of the whole key, in hex. The key has 256 bits of chance, so a slow hash would add nothing.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The member who made it.</summary>
    public Guid? CreatedBy { get; init; }

    /// <summary>Roughly: written at most every five minutes.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>A write that was answered under an <c>Idempotency-Key</c>: the same request again gets the same answer and does nothing.</summary>
public sealed class ApiReplay : IOfWorkspace, IHasId<ApiReplay>
{
    public required Id<ApiReplay> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Id<ApiKey> ApiKeyId { get; init; }

    /// <summary>Method and path: one key may be used on two addresses.</summary>
    public required string Route { get; init; }

    /// <summary>What the program sent as <c>Idempotency-Key</c>.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the body.</summary>
    public required string BodyHash { get; init; }

    public int Status { get; set; }

    /// <summary>The answer's JSON.</summary>
    public string Answer { get; set; } = "";

    public required DateTimeOffset At { get; init; }
}

internal sealed class ApiTables : IEntityTypeConfiguration<ApiKey>, IEntityTypeConfiguration<ApiReplay>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.HasIndex(k => k.Hash).IsUnique();
        builder.HasIndex(k => new { k.WorkspaceId, k.CreatedAt });
    }

    public void Configure(EntityTypeBuilder<ApiReplay> builder)
    {
        builder.ToTable("api_replays");
        builder.HasIndex(r => new { r.ApiKeyId, r.Route, r.Key }).IsUnique();
        builder.HasIndex(r => new { r.WorkspaceId, r.At });
    }
}

/// <summary>Tables of the API.</summary>
public static class ApiRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<ApiKey> ApiKeys => db.Set<ApiKey>();
        public DbSet<ApiReplay> ApiReplays => db.Set<ApiReplay>();
    }
}
