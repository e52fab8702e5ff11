using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Tenancy;

/// <summary>What stands in the tables of one shop, read beside the product by the owner of the database: one hash per table.</summary>
internal sealed class Fingerprint
{
    private readonly SortedDictionary<string, string> _tables = new(StringComparer.Ordinal);

    /// <summary>Reads every table that has a workspace, and the shop's own rows of those that have none.</summary>
    internal static async Task<Fingerprint> OfAsync(TestApp app, Shop shop)
    {
        var print = new Fingerprint();
        await using var connection = Open(app);
        await connection.OpenAsync();
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        foreach (var entity in scope.Db.Model.GetEntityTypes().Where(t => t.GetTableName() is not null).DistinctBy(t => t.GetTableName()))
        {
            var table = entity.GetTableName()!;
            var column = entity.FindProperty("WorkspaceId") is { } workspace ? workspace.GetColumnName() : table == "workspaces" ? "id" : null;
            // Rows without a workspace that belong to the shop's owner; a sign-in of a test's own is no change of the shop.
            var owner = column is null ? table switch { "accounts" => "id", _ => null } : null;
            if (column is null && owner is null) continue;
            print._tables[table] = await HashAsync(connection, table, column ?? owner!, column is null ? shop.OwnerId : shop.Id.Value);
        }
        Assert.True(print._tables.Count > 12, "the tables of a workspace were not found");
        return print;
    }

    /// <summary>Tables whose rows are not what they were.</summary>
    internal IReadOnlyList<string> ChangedSince(Fingerprint before) =>
        [.. _tables.Where(t => before._tables.GetValueOrDefault(t.Key) != t.Value).Select(t => t.Key)];

    private static DbConnection Open(TestApp app) => app.Database == Database.Sqlite
        ? new SqliteConnection($"{app.ConnectionString};Mode=ReadOnly;Pooling=False")
        : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(PostgresServer.Address) { Database = PostgresServer.NameOf(app.ConnectionString), MaxPoolSize = 1 }.ConnectionString);

    private static async Task<string> HashAsync(DbConnection connection, string table, string column, Guid of)
    {
        await using var command = connection.CreateCommand();
        var id = command.CreateParameter();
        id.ParameterName = "@id";
        id.Value = connection is SqliteConnection ? of.ToString().ToUpperInvariant() : of;
        command.Parameters.Add(id);
#pragma warning disable CA2100 // names come from the model
        command.CommandText = $"select * from {table} where {column} = @id";
#pragma warning restore CA2100
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var line = new StringBuilder();
            for (var i = 0; i < reader.FieldCount; i++) line.Append(reader.GetName(i)).Append('=').Append(Text(reader.GetValue(i))).Append('|');
            rows.Add(line.ToString());
        }
        rows.Sort(StringComparer.Ordinal);
        return $"{rows.Count}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))}";
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexStringLower(bytes),
        Array many => string.Join(',', many.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
