using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderClosr.Ground.Data;

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

    /// <summary>What the server says of our connection, where TLS was asked for.</summary>
    internal static async Task<IReadOnlyList<string>> InUseAsync(OrderClosrDb db, CancellationToken stop)
    {
        if (new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()).SslMode != SslMode.VerifyFull) return [];
        var encrypted = await db.Database.SqlQueryRaw<bool>("select ssl as \"Value\" from pg_stat_ssl where pid = pg_backend_pid()").SingleAsync(stop);
        return encrypted ? [] : ["The connection to the database is not encrypted although verified TLS was asked for."];
    }

    private static bool IsRemote(string host)
    {
        if (host.Length == 0 || host[0] is '/' or '@') return false; // a socket in the file system
        var name = host.StartsWith('[') ? host[1..].Split(']')[0] : host.Count(c => c == ':') == 1 ? host.Split(':')[0] : host;
        return !name.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !(System.Net.IPAddress.TryParse(name, out var address) && System.Net.IPAddress.IsLoopback(address));
    }
}
