using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace OrderClosr.Vendors.Meta;

/// <summary>How our requests to Meta are written.</summary>
internal static partial class MetaWire
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The largest waiting time in a usage header; 0 when it names none.</summary>
    internal static int MinutesIn(string header) =>
        Minutes().Matches(header).Select(m => int.Parse(m.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();

    [GeneratedRegex("\"estimated_time_to_regain_access\"\\s*:\\s*(\\d{1,6})")]
    private static partial Regex Minutes();
}
