using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>The envelope of every list: pages, fields, order, filters (facts: yalidine.md section 2).</summary>
public static class YalidinePage
{
    /// <summary>Rows as the query wants them; a query that makes no sense is a 400.</summary>
    /// <param name="filters">Names that filter by equality with one of several values; other names in the query are ignored, as by the vendor.</param>
    public static IResult Of(HttpContext http, YalidineCourier courier, IEnumerable<JsonObject> rows, params IReadOnlyList<string> filters)
    {
        var query = http.Request.Query;
        if (Number(query["page"], 1) is not (>= 1 and var page) || Number(query["page_size"], 100) is not (>= 1 and <= 1000 and var size))
            return YalidineGate.Refuse(400, "page is 1 or more, page_size is 1 to 1000");
        foreach (var filter in filters.Where(f => !string.IsNullOrEmpty(query[f])))
        {
            var wanted = query[filter].ToString().Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
            rows = rows.Where(r => wanted.Contains(Text(r[filter])));
        }
        var all = rows.ToList();
        if (query["order_by"].ToString() is { Length: > 0 } by)
        {
            if (all.Count > 0 && !all[0].ContainsKey(by)) return YalidineGate.Refuse(400, $"order_by: no field \"{by}\"");
            var sorted = all.OrderBy(r => r[by] is JsonValue v && v.TryGetValue<int>(out var n) ? n : 0).ThenBy(r => Text(r[by]), StringComparer.Ordinal);
            all = query.ContainsKey("desc") ? [.. sorted.Reverse()] : [.. sorted];
        }
        var shown = all.Skip((page - 1) * size).Take(size);
        if (query["fields"].ToString() is { Length: > 0 } fields)
        {
            var wanted = fields.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
            shown = shown.Select(r => new JsonObject(r.Where(f => wanted.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))));
        }
        var more = page * size < all.Count;
        return Answer(courier, new JsonObject
        {
            ["has_more"] = more, ["total_data"] = all.Count, ["data"] = new JsonArray([.. shown]),
            ["links"] = new JsonObject { ["self"] = Link(http, page), ["before"] = page > 1 ? Link(http, page - 1) : null, ["next"] = more ? Link(http, page + 1) : null },
        });
    }

    /// <summary>An answer, with the odd types that are switched on.</summary>
    public static IResult Answer(YalidineCourier courier, JsonNode json) => Results.Text(OddTypes.Apply(json, courier.Vendor.Faults)!.ToJsonString(CourierJson.Relaxed), "application/json");

    /// <summary>A value as a filter compares it.</summary>
    public static string Text(JsonNode? value) => value is JsonValue v && v.TryGetValue<string>(out var text) ? text : value?.ToJsonString() ?? "";

    private static int? Number(string? text, int usual) => string.IsNullOrEmpty(text) ? usual : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Link(HttpContext http, int page)
    {
        var query = http.Request.Query.Where(q => q.Key != "page").Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString())).Append(KeyValuePair.Create("page", (string?)page.ToString(CultureInfo.InvariantCulture)));
        return http.RequestServices.OwnAddress() + http.Request.Path + QueryString.Create(query);
    }
}
