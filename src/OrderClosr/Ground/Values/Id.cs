using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderClosr.Ground.Values;

/// <summary>The id of one <typeparamref name="T"/>: a customer's id can never be passed where an order's is meant.</summary>
/// <remarks>Version 7 UUIDs, so ids sort by the time they were made. Outside they are opaque: 32 hex digits.
/// Each room names its own with an alias: <c>global using OrderId = Id&lt;Order&gt;</c>.</remarks>
[JsonConverter(typeof(IdJson))]
public readonly record struct Id<T>(Guid Value) : IComparable<Id<T>>, IId
{
    /// <summary>A new id that sorts after all that this process made before, also within one millisecond.</summary>
    public static Id<T> New(DateTimeOffset now) => new(RisingUuid.Next(now));

    /// <summary>True for the default value, which is no id of anything.</summary>
    [JsonIgnore]
    public bool IsNone => Value == Guid.Empty;

    public static bool operator <(Id<T> a, Id<T> b) => a.CompareTo(b) < 0;
    public static bool operator >(Id<T> a, Id<T> b) => a.CompareTo(b) > 0;
    public static bool operator <=(Id<T> a, Id<T> b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Id<T> a, Id<T> b) => a.CompareTo(b) >= 0;

    public int CompareTo(Id<T> other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("N");

    /// <summary>Reads an id from an address or a request; anything else than a UUID is no id.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out Id<T> id)
    {
        var ok = Guid.TryParse(text, out var value);
        id = new(value);
        return ok;
    }
}

/// <summary>Version 7 UUIDs that rise strictly within the process: the 12 bits after the milliseconds count up.</summary>
internal static class RisingUuid
{
    private static long _last;

    internal static Guid Next(DateTimeOffset now)
    {
        var wanted = now.ToUnixTimeMilliseconds() << 12;
        long last, next;
        do
        {
            last = Interlocked.Read(ref _last);
            next = wanted > last ? wanted : last + 1;
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);

        Span<byte> bytes = stackalloc byte[16];
        System.Security.Cryptography.RandomNumberGenerator.Fill(bytes[8..]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, (next >> 12 << 16) | 0x7000 | (next & 0xFFF));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>Any <see cref="Id{T}"/>, for the code that treats all ids alike (columns, JSON).</summary>
public interface IId
{
    /// <summary>The UUID behind the id.</summary>
    Guid Value { get; }
}

/// <summary>Ids are strings of 32 hex digits in every JSON.</summary>
internal sealed class IdJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Id<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<Id<T>>
    {
        public override Id<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Id<T>.TryParse(reader.GetString(), null, out var id) ? id : throw new JsonException("Not an id.");

        public override void Write(Utf8JsonWriter writer, Id<T> value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

/// <summary>A row with an id of its own kind.</summary>
public interface IHasId<T>
{
    Id<T> Id { get; }
}
