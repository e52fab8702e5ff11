using System.Security.Authentication;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Outbound;

namespace OrderClosr.Ground.Running;

/// <summary>A database on another machine is reached over TLS whose certificate is verified, or not at all (promise P17).</summary>
/// <remarks>Only <c>VerifyFull</c> verifies: <c>Require</c> and the default connect to anybody (facts/database-tls.md section 1).</remarks>
internal static class DatabaseTls
{
    internal static IEnumerable<string> Problems(string connectionString)
    {
        if (!DatabaseSetup.IsPostgres(connectionString)) return [];
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new(connectionString);
        }
        catch (ArgumentException)
        {
            return ["ConnectionStrings__OrderClosr cannot be read as a PostgreSQL connection string."];
        }
        if (parts.SslMode == SslMode.VerifyFull) return [];
        return (parts.Host ?? "").Split(',', StringSplitOptions.TrimEntries).Where(IsRemote)
            .Select(host => $"The database on {host} is remote and its TLS is not verified: add SSL Mode=VerifyFull;Root Certificate=/path/to/ca.crt to ConnectionStrings__OrderClosr.");
    }

    /// <summary>The same, and whether what the connection string names is there.</summary>
    internal static IEnumerable<string> ProblemsHere(string connectionString)
    {
        var problems = Problems(connectionString).ToList();
        if (problems.Count > 0 || !DatabaseSetup.IsPostgres(connectionString)) return problems;
        return new NpgsqlConnectionStringBuilder(connectionString).RootCertificate is { Length: > 0 } file && !File.Exists(file)
            ? [$"The root certificate {file} of ConnectionStrings__OrderClosr is not there: put the database's authority into it."]
            : [];
    }

    /// <summary>Why the database was not reached, in words; a certificate that is not the right one is said as such.</summary>
    internal static string Words(NpgsqlException error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
            if (e is AuthenticationException)
                return "The database shows a certificate that is not verified: it must be of the authority in Root Certificate and bear the host's name. Mend Root Certificate or Host in ConnectionStrings__OrderClosr, or the server's certificate.";
        return $"The database cannot be reached ({(error as PostgresException)?.SqlState ?? error.GetType().Name}): check ConnectionStrings__OrderClosr.";
    }

    /// <summary>What the server says of our connection, where TLS was asked for.</summary>
    internal static async Task<IReadOnlyList<string>> InUseAsync(OrderClosrDb db, CancellationToken stop)
    {
        if (new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()).SslMode != SslMode.VerifyFull) return [];
        var encrypted = await db.Database.SqlQueryRaw<bool>("select ssl as \"Value\" from pg_stat_ssl where pid = pg_backend_pid()").SingleAsync(stop);
        return encrypted ? [] : ["The connection to the database is not encrypted although verified TLS was asked for."];
    }

    /// <summary>How the database is reached, for the operator: its version, protocol and cipher, whether verified, and the certificate; or the file and who may read it.</summary>
    internal static async Task<IReadOnlyList<string>> DescribeAsync(string connectionString, TimeProvider time, CancellationToken stop)
    {
        if (!DatabaseSetup.IsPostgres(connectionString))
        {
            var file = Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);
            var mode = OperatingSystem.IsWindows() || !File.Exists(file) ? "" : $", readable by {(((File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == 0) ? "its own user only" : "others too: chmod 600")}";
            return [$"SQLite, {file}{mode}"];
        }
        var parts = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(parts.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand("select ssl, version, cipher from pg_stat_ssl where pid = pg_backend_pid()", connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var where = $"PostgreSQL {connection.PostgreSqlVersion} on {connection.Host}:{connection.Port}";
        if (!reader.GetBoolean(0)) return [$"{where}, not encrypted (on this machine)"];
        var isVerified = parts.SslMode == SslMode.VerifyFull;
        var lines = new List<string> { $"{where}, {reader.GetString(1)}, {reader.GetString(2)}, certificate {(isVerified ? "verified" : "NOT verified (SSL Mode=VerifyFull verifies it)")}" };
        if (connection.Host is { Length: > 0 } host && host[0] is not ('/' or '@') && await DatabaseCertificate.AskAsync(host, connection.Port, time, stop) is { } certificate)
            using (certificate)
                lines.Add($"certificate of {certificate.Subject}, by {certificate.Issuer}, until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        return lines;
    }

    private static bool IsRemote(string host)
    {
        if (host.Length == 0 || host[0] is '/' or '@') return false; // a socket in the file system
        var name = host.StartsWith('[') ? host[1..].Split(']')[0] : host.Count(c => c == ':') == 1 ? host.Split(':')[0] : host;
        return !name.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !(System.Net.IPAddress.TryParse(name, out var address) && System.Net.IPAddress.IsLoopback(address));
    }
}
