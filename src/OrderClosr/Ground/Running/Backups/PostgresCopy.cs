using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;

namespace OrderClosr.Ground.Running;

/// <summary>PostgreSQL: its own <c>pg_dump</c> and <c>pg_restore</c>, on one snapshot with our counts, put back in one transaction.</summary>
/// <remarks>Row-level security is forced on our own role too, so the tools are told that they see every workspace, as the app's engine does.</remarks>
internal sealed class PostgresCopy(string connectionString) : DatabaseCopy
{
    internal const string ToolName = "OrderClosr backup";

    internal override string Kind => "postgres";

    private static string Everywhere(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Options = "-c app.everywhere=on", ApplicationName = ToolName, CommandTimeout = 0 }.ConnectionString;

    internal override async Task TakeAsync(string scratch, Func<string, IReadOnlyDictionary<string, long>, Stream, Task> use, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(Everywhere(connectionString));
        await connection.OpenAsync(stop);
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, stop);
        var snapshot = (string)(await ScalarAsync(connection, "select pg_export_snapshot()", stop))!;
        var tables = await CountAsync(connection, stop);
        var migration = await ScalarAsync(connection, "select \"MigrationId\" from \"__EFMigrationsHistory\" order by 1 desc limit 1", stop) as string ?? "";
        await using var dump = PostgresTools.Start("pg_dump", connectionString, "--format=custom", "--enable-row-security", "--no-owner", "--no-privileges", $"--snapshot={snapshot}");
        dump.CloseInput();
        await use(migration, tables, dump.Output);
        await dump.EndsWellAsync(stop);
    }

    internal override Task PutBackAsync(string file, BackupManifest manifest, CancellationToken stop) => PutIntoAsync(connectionString, file, manifest, stop);

    internal override async Task<IReadOnlyDictionary<string, long>> TryOutAsync(string file, BackupManifest manifest, string? scratchDatabase, CancellationToken stop)
    {
        var made = scratchDatabase is null ? await MakeScratchAsync(stop) : null;
        try
        {
            var into = scratchDatabase ?? new NpgsqlConnectionStringBuilder(connectionString) { Database = made }.ConnectionString;
            await using (var empty = new NpgsqlConnection(Everywhere(into)))
            {
                await empty.OpenAsync(stop);
                if ((await CountAsync(empty, stop)).Count > 0) throw new BackupBroken("The scratch database is not empty: nothing was written into it.");
            }
            await PutIntoAsync(into, file, manifest, stop);
            await using var connection = new NpgsqlConnection(Everywhere(into));
            await connection.OpenAsync(stop);
            return await CountAsync(connection, stop);
        }
        finally
        {
            if (made is not null) await DropScratchAsync(made);
        }
    }

    internal override async Task<bool> IsInUseAsync(CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(Everywhere(connectionString));
        await connection.OpenAsync(stop);
        return (bool)(await ScalarAsync(connection, $"select exists (select 1 from pg_stat_activity where datname = current_database() and application_name in ('OrderClosr', '{Data.FarBell.ListenerName}'))", stop))!;
    }

    private async Task<string> MakeScratchAsync(CancellationToken stop)
    {
        var name = $"orderclosr_scratch_{Guid.NewGuid():N}"[..30];
        await using var connection = new NpgsqlConnection(Everywhere(connectionString));
        await connection.OpenAsync(stop);
        try
        {
            await ScalarAsync(connection, $"create database {name} template template0", stop);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new BackupBroken("The database role may not make a scratch database: name an empty one with --scratch \"Host=…;Database=…\", or permit it with: alter role … createdb.");
        }
        return name;
    }

    private async Task DropScratchAsync(string name)
    {
        await using var connection = new NpgsqlConnection(Everywhere(connectionString));
        await connection.OpenAsync();
        await ScalarAsync(connection, $"drop database if exists {name} with (force)", default);
    }

    // Everything in one transaction of psql: our tables go, the copy's come, and they are counted before the commit.
    private static async Task PutIntoAsync(string into, string file, BackupManifest manifest, CancellationToken stop)
    {
        await using var psql = PostgresTools.Start("psql", into, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-");
        await using var restore = PostgresTools.Start("pg_restore", null, "--enable-row-security", "--no-owner", "--no-privileges", "--file=-", file);
        restore.CloseInput();
        try
        {
            await psql.WriteAsync("""
                begin;
                set local lock_timeout = '10s';
                set local client_min_messages = warning;
                do $$ declare t record; begin
                  for t in select tablename from pg_tables where schemaname = current_schema() loop execute format('drop table %I cascade', t.tablename); end loop;
                end $$;

                """, stop);
            await restore.Output.CopyToAsync(psql.Input, stop);
            await restore.EndsWellAsync(stop);
            var checks = new StringBuilder("\nreset search_path;\nset row_security = on;\ndo $$ begin\n");
            foreach (var (table, rows) in manifest.Tables)
                checks.Append(CultureInfo.InvariantCulture, $"  if (select count(*) from {Quoted(table)}) <> {rows} then raise exception 'rows are missing'; end if;\n");
            checks.Append("end $$;\n");
            // Nodes that ran when the copy was made are not there any more.
            if (manifest.Tables.ContainsKey("cluster_members")) checks.Append("delete from cluster_members;\n");
            await psql.WriteAsync(checks.Append("commit;\n").ToString(), stop);
            psql.CloseInput();
        }
        catch (IOException)
        {
            // psql has gone away; why is on its other pipe.
        }
        await psql.EndsWellAsync(stop);
    }

    private static async Task<IReadOnlyDictionary<string, long>> CountAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var names = new List<string>();
        await using (var command = new NpgsqlCommand("select tablename from pg_tables where schemaname = current_schema() order by 1", connection))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) names.Add(reader.GetString(0));
        var tables = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in names) tables[name] = (long)(await ScalarAsync(connection, $"select count(*) from {Quoted(name)}", stop))!;
        return tables;
    }

    private static string Quoted(string table) => $"\"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(stop);
    }
}

/// <summary>A program of PostgreSQL's client while it runs. It sees the database's address and password in its environment, and none of our other secrets.</summary>
internal sealed class PostgresTools : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _name;
    private readonly Task<string> _errors;

    private PostgresTools(Process process, string name) => (_process, _name, _errors) = (process, name, process.StandardError.ReadToEndAsync());

    internal Stream Output => _process.StandardOutput.BaseStream;
    internal Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Where the program is: on <c>PATH</c>, or where Debian keeps it, the newest first; null when it is nowhere.</summary>
    internal static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0).Select(d => Path.Combine(d, "bin")) : [])
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <exception cref="BackupBroken">It is not installed.</exception>
    internal static PostgresTools Start(string name, string? connectionString, params string[] arguments)
    {
        var program = Find(name) ?? throw new BackupBroken($"{name} is missing: install PostgreSQL's client (Debian: apt-get install postgresql-client), of the server's version or newer.");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var kept = ((string[])["PATH", "HOME", "TMPDIR"]).Select(v => (v, Environment.GetEnvironmentVariable(v))).ToList();
        start.Environment.Clear();
        foreach (var (variable, value) in kept) start.Environment[variable] = value;
        start.Environment["LC_ALL"] = "C.UTF-8";
        if (connectionString is not null) foreach (var (variable, value) in Address(connectionString)) if (value is { Length: > 0 }) start.Environment[variable] = value;
        return new(Process.Start(start)!, name);
    }

    private static IEnumerable<(string, string?)> Address(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return
        [
            ("PGHOST", parts.Host), ("PGPORT", parts.Port.ToString(CultureInfo.InvariantCulture)), ("PGDATABASE", parts.Database ?? parts.Username), ("PGUSER", parts.Username),
            ("PGPASSWORD", parts.Password), ("PGPASSFILE", parts.Passfile), ("PGAPPNAME", PostgresCopy.ToolName), ("PGOPTIONS", "-c app.everywhere=on"), ("PGCONNECT_TIMEOUT", "15"),
            ("PGSSLMODE", parts.SslMode switch { SslMode.Disable => "disable", SslMode.Allow => "allow", SslMode.Require => "require", SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", _ => "prefer" }),
            ("PGSSLROOTCERT", parts.RootCertificate ?? Environment.GetEnvironmentVariable("PGSSLROOTCERT")), ("PGSSLCERT", parts.SslCertificate), ("PGSSLKEY", parts.SslKey),
            ("PGCHANNELBINDING", parts.ChannelBinding.ToString().ToLowerInvariant()),
        ];
    }

    internal async Task WriteAsync(string sql, CancellationToken stop) => await Input.WriteAsync(Encoding.UTF8.GetBytes(sql), stop);

    internal void CloseInput() => _process.StandardInput.Close();

    /// <exception cref="BackupBroken">It failed; the first line of its complaint says why (details, where rows stand, come after it).</exception>
    internal async Task EndsWellAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        if (_process.ExitCode == 0) return;
        var first = (await _errors).Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? "it does not say why";
        throw new BackupBroken($"{_name} failed (code {_process.ExitCode.ToString(CultureInfo.InvariantCulture)}): {first.Trim()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }
}
