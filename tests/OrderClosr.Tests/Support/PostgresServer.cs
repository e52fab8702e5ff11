using Npgsql;

namespace OrderClosr.Tests.Support;

/// <summary>The PostgreSQL that the tests were given: <c>ORDERCLOSR_TEST_POSTGRES</c>, the connection string of an administrator (see <c>tests/postgres.sh</c>).</summary>
internal static class PostgresServer
{
    internal const string Missing = "No PostgreSQL: ORDERCLOSR_TEST_POSTGRES is not set (./test.sh sets it; so does: eval \"$(tests/postgres.sh start)\").";

    internal static string? Address { get; } = Environment.GetEnvironmentVariable("ORDERCLOSR_TEST_POSTGRES") is { Length: > 0 } address ? address : null;

    /// <summary>The role of the app under test: neither superuser nor allowed to step over row-level security, as in production.</summary>
    private static readonly Lazy<Task<(string Name, string Password)>> Role = new(async () =>
    {
        var role = ($"app_{Guid.NewGuid():N}"[..16], Guid.NewGuid().ToString("N"));
        await AdminAsync($"create role {role.Item1} login password '{role.Item2}' nosuperuser nobypassrls nocreatedb nocreaterole");
        return role;
    });

    /// <summary>Makes a database owned by the app's role, empty or as a copy of another, and answers the app's connection string.</summary>
    internal static async Task<string> CreateAsync(string? template = null)
    {
        var (role, password) = await Role.Value;
        var name = $"t_{Guid.NewGuid():N}"[..20];
        // Nothing here reaches a disk: files are copied faster than pages are written to a log.
        await AdminAsync($"create database {name} owner {role} template {template ?? "template0"} strategy file_copy");
        return new NpgsqlConnectionStringBuilder(Address) { Database = name, Username = role, Password = password, MaxPoolSize = 30 }.ConnectionString;
    }

    internal static Task DropAsync(string connectionString) => AdminAsync($"drop database if exists {NameOf(connectionString)} with (force)");

    internal static string NameOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    /// <summary>Runs one statement as the administrator.</summary>
    internal static async Task AdminAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Address);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
