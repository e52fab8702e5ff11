using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderClosr.Ground.Values;

/// <summary>An amount of Algerian dinars (DA), whole: the only type money has in the product.</summary>
/// <remarks>
/// The arithmetic is here once; who may use it is a promise of the house: totals in <c>Orders/Totals.cs</c>, fees in
/// <c>Shipping/FeeTable.cs</c>, matching in <c>Cash/</c>, our own prices in <c>Billing/</c>, reading text in the guards.
/// </remarks>
[JsonConverter(typeof(DinarsJson))]
public readonly record struct Dinars(long Amount) : IComparable<Dinars>
{
    /// <summary>Nothing to pay.</summary>
    public static readonly Dinars Zero = new(0);

    public static Dinars operator +(Dinars a, Dinars b) => new(checked(a.Amount + b.Amount));
    public static Dinars operator -(Dinars a, Dinars b) => new(checked(a.Amount - b.Amount));
    public static Dinars operator *(Dinars a, int times) => new(checked(a.Amount * times));
    public static bool operator <(Dinars a, Dinars b) => a.Amount < b.Amount;
    public static bool operator >(Dinars a, Dinars b) => a.Amount > b.Amount;
    public static bool operator <=(Dinars a, Dinars b) => a.Amount <= b.Amount;
    public static bool operator >=(Dinars a, Dinars b) => a.Amount >= b.Amount;

    public int CompareTo(Dinars other) => Amount.CompareTo(other.Amount);

    /// <summary><c>4 500 DA</c>, with a no-break space between thousands, as French and our pages write it.</summary>
    public override string ToString() => $"{Digits} DA";

    /// <summary><c>4 500</c> alone, for places that name the currency themselves.</summary>
    [JsonIgnore]
    public string Digits => Amount.ToString("#,0", Grouping);

    private static readonly NumberFormatInfo Grouping = new() { NumberGroupSeparator = "\u00a0", NumberDecimalDigits = 0 };
}

/// <summary>Dinars are a bare integer in every JSON the product reads or writes.</summary>
internal sealed class DinarsJson : JsonConverter<Dinars>
{
    public override Dinars Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());
    public override void Write(Utf8JsonWriter writer, Dinars value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Amount);
}
