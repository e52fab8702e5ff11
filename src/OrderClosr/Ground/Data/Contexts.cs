using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.Logging.Abstractions;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Data;

/// <summary><see cref="OrderClosrDb"/> on SQLite; owns <c>Migrations/Sqlite</c>.</summary>
public sealed class SqliteDb(DbContextOptions<SqliteDb> options, CurrentWorkspace workspace, Dialect dialect, Bell bell) : OrderClosrDb(options, workspace, dialect, bell);

/// <summary><see cref="OrderClosrDb"/> on PostgreSQL; owns <c>Migrations/Postgres</c>.</summary>
public sealed class PostgresDb(DbContextOptions<PostgresDb> options, CurrentWorkspace workspace, Dialect dialect, Bell bell) : OrderClosrDb(options, workspace, dialect, bell)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ClusterTables.Add(modelBuilder);
        base.OnModelCreating(modelBuilder);
    }
}

/// <summary>For <c>./migration.sh</c> alone: makes a context without a database.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteDb>
{
    public SqliteDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteDb>().UseSqlite("Data Source=design.db").Options, new(), new SqliteDialect("Data Source=design.db"), new(NullLogger<Bell>.Instance));
}

/// <inheritdoc cref="SqliteDesign"/>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresDb>
{
    public PostgresDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql("Host=design").Options, new(), new PostgresDialect(Npgsql.NpgsqlDataSource.Create("Host=design")), new(NullLogger<Bell>.Instance));
}
