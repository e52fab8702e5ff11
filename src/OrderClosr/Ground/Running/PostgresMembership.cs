using System.Globalization;
using System.Text.Json;
using Npgsql;
using Orleans.Runtime;

namespace OrderClosr.Ground.Running;

/// <summary>Who is in the cluster, kept in our PostgreSQL: Orleans' extension point, over two tables of ours.</summary>
/// <remarks>Each insert and update is one transaction that also raises the one version row, and counts only when both the row's version and
/// that one are still what the writer read; <see cref="UpdateIAmAlive"/> alone is unconditional (facts/stack.md section 4).</remarks>
internal sealed class PostgresMembership(NpgsqlDataSource source) : IMembershipTable
{
    internal const string Cluster = "orderclosr";

    private const string Columns = "m.address, m.status, m.version, m.entry, m.alive_at";

    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        if (!tryInitTableVersion) return;
        await using var command = source.CreateCommand("insert into cluster_versions (cluster, version) values ($1, 0) on conflict do nothing");
        command.Parameters.Add(new() { Value = Cluster });
        await command.ExecuteNonQueryAsync();
    }

    public async Task DeleteMembershipTableEntries(string clusterId)
    {
        if (clusterId != Cluster) return;
        await using var command = source.CreateCommand("delete from cluster_members");
        await command.ExecuteNonQueryAsync();
    }

    public async Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        await using var command = source.CreateCommand("delete from cluster_members where status = $1 and alive_at < $2");
        command.Parameters.Add(new() { Value = (int)SiloStatus.Dead });
        command.Parameters.Add(new() { Value = beforeDate.ToUniversalTime() });
        await command.ExecuteNonQueryAsync();
    }

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadAsync(key.ToParsableString());

    public Task<MembershipTableData> ReadAll() => ReadAsync(null);

    // One statement sees one moment: the version is that of the rows.
    private async Task<MembershipTableData> ReadAsync(string? address)
    {
        await using var command = source.CreateCommand($"select v.version, {Columns} from cluster_versions v left join cluster_members m on ($2::text is null or m.address = $2) where v.cluster = $1");
        command.Parameters.Add(new() { Value = Cluster });
        command.Parameters.Add(new() { Value = (object?)address ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync();
        var members = new List<Tuple<MembershipEntry, string>>();
        var version = 0;
        while (await reader.ReadAsync())
        {
            version = reader.GetInt32(0);
            if (reader.IsDBNull(1)) continue;
            var entry = JsonSerializer.Deserialize<Said>(reader.GetString(4))!.AsEntry(SiloAddress.FromParsableString(reader.GetString(1)), (SiloStatus)reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(5));
            members.Add(new(entry, reader.GetInt32(3).ToString(CultureInfo.InvariantCulture)));
        }
        return new(members, new TableVersion(version, version.ToString(CultureInfo.InvariantCulture)));
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => ChangeAsync(tableVersion,
        "insert into cluster_members (address, status, version, entry, alive_at) values ($1, $2, 0, $3, $4) on conflict do nothing", entry);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => ChangeAsync(tableVersion,
        "update cluster_members set status = $2, version = version + 1, entry = $3, alive_at = $4 where address = $1 and version = $5", entry, int.Parse(etag, CultureInfo.InvariantCulture));

    private async Task<bool> ChangeAsync(TableVersion tableVersion, string change, MembershipEntry entry, int? rowVersion = null)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var raise = new NpgsqlCommand("update cluster_versions set version = $3 where cluster = $1 and version = $2", connection, transaction))
        {
            raise.Parameters.Add(new() { Value = Cluster });
            raise.Parameters.Add(new() { Value = int.Parse(tableVersion.VersionEtag, CultureInfo.InvariantCulture) });
            raise.Parameters.Add(new() { Value = tableVersion.Version });
            if (await raise.ExecuteNonQueryAsync() != 1) return false;
        }
        await using (var command = new NpgsqlCommand(change, connection, transaction))
        {
            command.Parameters.Add(new() { Value = entry.SiloAddress.ToParsableString() });
            command.Parameters.Add(new() { Value = (int)entry.Status });
            command.Parameters.Add(new() { Value = JsonSerializer.Serialize(Said.Of(entry)) });
            command.Parameters.Add(new() { Value = Utc(entry.IAmAliveTime) });
            if (rowVersion is not null) command.Parameters.Add(new() { Value = rowVersion });
            if (await command.ExecuteNonQueryAsync() != 1) return false;
        }
        await transaction.CommitAsync();
        return true;
    }

    public async Task UpdateIAmAlive(MembershipEntry entry)
    {
        await using var command = source.CreateCommand("update cluster_members set alive_at = $2 where address = $1");
        command.Parameters.Add(new() { Value = entry.SiloAddress.ToParsableString() });
        command.Parameters.Add(new() { Value = Utc(entry.IAmAliveTime) });
        await command.ExecuteNonQueryAsync();
    }

    private static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));

    /// <summary>What a silo says of itself beside its address and status.</summary>
    private sealed record Said(string? HostName, string? SiloName, string? RoleName, int UpdateZone, int FaultZone, int ProxyPort, DateTime StartTime, IReadOnlyList<Suspicion> Suspicions)
    {
        internal static Said Of(MembershipEntry e) => new(e.HostName, e.SiloName, e.RoleName, e.UpdateZone, e.FaultZone, e.ProxyPort, e.StartTime,
            [.. (e.SuspectTimes ?? []).Select(s => new Suspicion(s.Item1.ToParsableString(), s.Item2))]);

        internal MembershipEntry AsEntry(SiloAddress address, SiloStatus status, DateTimeOffset aliveAt) => new()
        {
            SiloAddress = address, Status = status, HostName = HostName ?? "", SiloName = SiloName ?? "", RoleName = RoleName, UpdateZone = UpdateZone, FaultZone = FaultZone, ProxyPort = ProxyPort,
            StartTime = StartTime, IAmAliveTime = aliveAt.UtcDateTime, SuspectTimes = [.. Suspicions.Select(s => Tuple.Create(SiloAddress.FromParsableString(s.By), s.At))],
        };
    }

    private sealed record Suspicion(string By, DateTime At);
}
