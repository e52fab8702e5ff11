using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OrderClosr.Ground.Secrets;

/// <summary>Marks a column that holds Fernet tokens without being <see cref="Sealed"/>, so that a rotation of keys finds it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeptSealedAttribute : Attribute
{
    /// <summary>In SQL, which rows hold a token; null: all of them.</summary>
    public string? When { get; init; }
}

/// <summary>A column in which secrets lie sealed, read off the model: one that is added tomorrow is found tomorrow.</summary>
/// <param name="Key">Columns of the table's primary key, in their order.</param>
/// <param name="When">In SQL, which rows hold a token.</param>
internal sealed record SealedPlace(string Table, IReadOnlyList<string> Key, string Column, string When)
{
    /// <summary>For the operator: <c>channels.token</c>.</summary>
    internal string Name => $"{Table}.{Column}";

    private bool IsXml { get; init; }

    /// <summary>The token inside a stored value; null when it holds none.</summary>
    internal string? TokenIn(object value) => value switch
    {
        string xml when IsXml => SealedIn(XElement.Parse(xml))?.Value,
        byte[] bytes => Encoding.ASCII.GetString(bytes),
        _ => (string)value,
    };

    /// <summary>The stored value with another token in it.</summary>
    internal object With(object value, string token)
    {
        if (value is byte[]) return Encoding.ASCII.GetBytes(token);
        if (!IsXml) return token;
        var xml = XElement.Parse((string)value);
        SealedIn(xml)!.Value = token;
        return xml.ToString(SaveOptions.DisableFormatting);
    }

    private static XElement? SealedIn(XElement xml) => xml.DescendantsAndSelf("sealed").FirstOrDefault();

    /// <summary>Every such column of the database: <see cref="Sealed"/> ones, marked ones, and the keys of cookies.</summary>
    internal static IReadOnlyList<SealedPlace> In(IModel model) =>
    [
        .. model.GetEntityTypes().Where(t => t.GetTableName() is not null && t.FindPrimaryKey() is not null).SelectMany(t => t.GetFlattenedProperties().Select(p => Of(t, p)).OfType<SealedPlace>())
            .DistinctBy(p => p.Name).OrderBy(p => p.Name, StringComparer.Ordinal),
    ];

    private static SealedPlace? Of(IEntityType type, IProperty property)
    {
        var isSealed = (Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType) == typeof(Sealed);
        var mark = property.PropertyInfo?.GetCustomAttribute<KeptSealedAttribute>();
        var isXml = type.ClrType == typeof(DataProtectionKey) && property.Name == nameof(DataProtectionKey.Xml);
        if (!isSealed && mark is null && !isXml) return null;
        if (type.IsMappedToJson()) throw new InvalidOperationException($"{type.ShortName()}.{property.Name} is sealed inside JSON, where a rotation cannot reach it: give it a column.");
        return new(type.GetTableName()!, [.. type.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName())], property.GetColumnName(), mark?.When ?? "true") { IsXml = isXml };
    }
}
