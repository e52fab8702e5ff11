using System.Runtime.CompilerServices;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Tests.House;

/// <summary>Erasing a customer reaches every table, also one made tomorrow (promise P18).</summary>
public sealed class ErasureTests
{
    [Fact]
    public void Every_table_that_leads_to_a_customer_is_spoken_for_by_one_room()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        var tables = db.Model.GetEntityTypes().Select(t => t.ClrType).Distinct().ToList();
        var reached = new HashSet<Type> { typeof(Customer) };
        while (tables.Where(t => !reached.Contains(t) && t.GetProperties().Any(p => NamedBy(p.PropertyType) is { } named && reached.Contains(named))).ToList() is { Count: > 0 } more) reached.UnionWith(more);
        Assert.True(reached.Count > 20, $"only {reached.Count} tables lead to a customer: the ids were not found");

        var rooms = typeof(App).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(ICustomerErasure).IsAssignableFrom(t)).ToList();
        var spoken = rooms.SelectMany(r => ((ICustomerErasure)RuntimeHelpers.GetUninitializedObject(r)).SpeaksFor.Select(t => (Room: r.Name, Table: t))).ToList();
        Sources.None(
            [
                .. reached.Except(spoken.Select(s => s.Table)).Select(t => $"{t.FullName}: no room says what becomes of it (…Erasure.SpeaksFor)"),
                .. spoken.GroupBy(s => s.Table).Where(g => g.Count() > 1).Select(g => $"{g.Key.FullName}: {string.Join(" and ", g.Select(s => s.Room))}"),
                .. rooms.Where(r => r.Name != $"{r.Namespace!.Split('.')[^1]}Erasure").Select(r => $"{r.FullName}: its name is its room's"),
            ],
            "each room says how its own tables are erased", "a table that is forgotten keeps what the customer asked us to forget");
    }

    private static Type? NamedBy(Type property)
    {
        property = Nullable.GetUnderlyingType(property) ?? property;
        return property.IsGenericType && property.GetGenericTypeDefinition() == typeof(Id<>) ? property.GetGenericArguments()[0] : null;
    }
}
