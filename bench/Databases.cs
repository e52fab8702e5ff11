using Microsoft.Data.Sqlite;
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

    private string Database => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    /// <summary>Keeps a copy of it as it is now. On PostgreSQL whoever is connected is cut off.</summary>
    internal async Task CopyAsync()
    {
        if (Name == "sqlite")
        {
            await using var connection = new SqliteConnection(ConnectionString);
            await connection.OpenAsync();
            await using var command = new SqliteCommand("vacuum into @to", connection) { Parameters = { new("@to", CopyFile) } };
            await command.ExecuteNonQueryAsync();
            return;
        }
        await CutOffAsync();
        await RunAsync($"create database {Database}_copy template {Database} owner {Database}");
    }

    /// <summary>Puts the copy in its place. Nobody may have it open.</summary>
    internal async Task PutBackAsync()
    {
        if (Name == "sqlite")
        {
            SqliteConnection.ClearAllPools();
            var file = new SqliteConnectionStringBuilder(ConnectionString).DataSource;
            foreach (var beside in (string[])["", "-wal", "-shm"]) File.Delete(file + beside);
            File.Copy(CopyFile, file);
            return;
        }
        await RunAsync($"drop database {Database} with (force)");
        await RunAsync($"create database {Database} template {Database}_copy owner {Database}");
    }

    /// <summary>Looks at what was just written by the hundred thousand, as PostgreSQL does by itself within minutes: until then it plans as for empty tables.</summary>
    internal async Task LearnAsync()
    {
        if (Name != "postgres") return;
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("analyze");
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    private string CopyFile => Path.Combine(Folder, "copy.db");

    private async Task CutOffAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsync($"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{Database}'");
    }

    public async ValueTask DisposeAsync()
    {
        if (Name == "postgres")
        {
            var name = Database;
            await RunAsync($"drop database {name} with (force)");
            await RunAsync($"drop database if exists {name}_copy with (force)");
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
