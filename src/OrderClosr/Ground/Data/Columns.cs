using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Data;

internal sealed class DinarsColumn() : ValueConverter<Dinars, long>(d => d.Amount, n => new Dinars(n));

internal sealed class PhoneColumn() : ValueConverter<Phone, string>(p => p.ToString(), s => Phone.Stored(s));

internal sealed class SealedColumn() : ValueConverter<Sealed, string>(s => s.Token, s => new Sealed(s));

internal sealed class IdColumn<T>() : ValueConverter<Id<T>, Guid>(id => id.Value, value => new Id<T>(value));

/// <summary>Instants as milliseconds since 1970: SQLite has no type that orders and compares them.</summary>
internal sealed class InstantAsMilliseconds() : ValueConverter<DateTimeOffset, long>(
    at => at.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));

/// <summary>Instants cut to the millisecond, so that both databases give back what was written.</summary>
internal sealed class InstantToMilliseconds() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    at => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()), at => at.ToUniversalTime());

/// <summary>Tables and columns are the product's words in snake_case on both databases.</summary>
internal static class SnakeCase
{
    internal static void Apply(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            if (entity.GetTableName() is { } table) entity.SetTableName(Of(table));
            foreach (var property in entity.GetProperties()) property.SetColumnName(Of(property.GetColumnName()));
            foreach (var key in entity.GetKeys()) key.SetName(Of(key.GetName()!));
            foreach (var key in entity.GetForeignKeys()) key.SetConstraintName(Of(key.GetConstraintName()!));
            foreach (var index in entity.GetIndexes()) index.SetDatabaseName(Of(index.GetDatabaseName()!));
        }
    }

    internal static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_' && !char.IsUpper(name[i - 1])) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
