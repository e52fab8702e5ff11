using Npgsql;

namespace OrderClosr.Bench;

/// <summary>A database of its own for one measurement.</summary>
internal sealed record BenchDatabase(string Name, string ConnectionString, string Folder) : IAsyncDisposable
{
    private static string? Admin => Environment.GetEnvironmentVariable("ORDERCLOSR_TEST_POSTGRES") is { Length: > 0 } address ? address : null;

    /// <summary>SQLite always; PostgreSQL when <c>ORDERCLOSR_TEST_POSTGRES</c> names one (<c>eval "$(tests/postgres.sh start)"</c>).</summary>
    internal static IReadOnlyList<string> Kinds => Admin is null ? ["sqlite"] : ["sqlite", "postgres"];

    internal static async Task<BenchDatabase> MakeAsync(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("orderclosr-bench-").FullName;
        if (kind == "sqlite") return new(kind, $"Data Source={Path.Combine(folder, "bench.db")}", folder);
        var (name, password) = ($"bench_{Guid.NewGuid():N}"[..20], Guid.NewGuid().ToString("N"));
        await RunAsync($"create role {name} login password '{password}' nosuperuser nobypassrls");
        await RunAsync($"create database {name} owner {name}");
        return new(kind, new NpgsqlConnectionStringBuilder(Admin) { Database = name, Username = name, Password = password, MaxPoolSize = 30 }.ConnectionString, folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (Name == "postgres")
        {
            var name = new NpgsqlConnectionStringBuilder(ConnectionString).Database!;
            await RunAsync($"drop database {name} with (force)");
            await RunAsync($"drop role {name}");
        }
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Admin!);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
