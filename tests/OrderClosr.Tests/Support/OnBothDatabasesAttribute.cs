using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace OrderClosr.Tests.Support;

/// <summary>Runs a theory once per database; without a PostgreSQL the second run is a visible skip, never a silent one.</summary>
/// <example><c>[Theory, OnBothDatabases] public async Task A_yes_is_a_yes(Database database)</c></example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnBothDatabasesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new((IReadOnlyCollection<ITheoryDataRow>)[new TheoryDataRow<Database>(Database.Sqlite), Postgres()]);

    public override bool SupportsDiscoveryEnumeration() => true;

    internal static TheoryDataRow<Database> Postgres() =>
        new(Database.Postgres) { Skip = PostgresServer.Address is null ? PostgresServer.Missing : null };
}

/// <summary>A theory for what only PostgreSQL has (row-level security, clusters); a visible skip without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnPostgresAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new((IReadOnlyCollection<ITheoryDataRow>)[OnBothDatabasesAttribute.Postgres()]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
