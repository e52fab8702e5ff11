using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Google;

/// <summary>The calls of the Sheets API, version 4 (facts: google-sheets.md section 5), strict where Google is.</summary>
public sealed class GoogleApi(GoogleWorld world)
{
    private const int MostLetters = 50_000;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One call below <c>/v4/spreadsheets/</c>.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, string path)
    {
        try
        {
            var account = world.Accounts.Open(http.Request);
            // Public clients write a slash before the verb, or behind the id.
            var parts = path.TrimEnd('/').Replace("/:", ":", StringComparison.Ordinal).Split('/', 3);
            var (id, verb) = Verb(parts[0]);
            var isRead = http.Request.Method == "GET" || verb == "getByDataFilter" || (parts.Length > 1 && parts[1].EndsWith("ByDataFilter", StringComparison.Ordinal) && parts[1].StartsWith("values:batchGet", StringComparison.Ordinal));
            if (account.IsApiDisabled || world.Vendor.Faults.IsOn("api-disabled")) throw GoogleRefusal.Disabled(account.Project);
            world.Count(account, !isRead);
            var body = isRead ? [] : await BodyAsync(http.Request);
            var late = !isRead && world.Vendor.Faults.Knob("work-then-503", "/v4/spreadsheets/" + path);
            JsonNode answer;
            lock (world.Gate)
            {
                var sheet = world.Find(id) ?? throw GoogleRefusal.NotFound();
                var role = sheet.SharedWith.GetValueOrDefault(account.Email);
                if (role is null || (!isRead && role != "writer") || world.Vendor.Faults.IsOn("not-shared")) throw GoogleRefusal.NotShared();
                answer = parts.Length == 1 ? verb switch
                {
                    null when isRead => Whole(sheet, http.Request.Query),
                    "batchUpdate" when http.Request.Method == "POST" => BatchUpdate(sheet, body),
                    _ => throw NoRoute(),
                } : Values(http, sheet, parts, body);
                if (isRead) world.AfterRead(sheet, "/v4/spreadsheets/" + path);
            }
            if (late) return new GoogleRefusal(503, "UNAVAILABLE", "The service is currently unavailable.", "backendError").Answer();
            return Results.Text(answer.ToJsonString(Relaxed), "application/json; charset=UTF-8");
        }
        catch (GoogleRefusal no) { return no.Answer(); }
    }

    private JsonNode Values(HttpContext http, GoogleSheet sheet, string[] parts, JsonObject body)
    {
        var (word, all) = Verb(parts[1]);
        if (word != "values" || (parts.Length == 2 && all is null)) throw NoRoute();
        var query = http.Request.Query;
        if (parts.Length == 2)
            return (http.Request.Method, all) switch
            {
                ("GET", "batchGet") => new JsonObject { ["spreadsheetId"] = sheet.Id, ["valueRanges"] = new JsonArray([.. query["ranges"].Select(r => Read(sheet, r ?? "", query))]) },
                ("POST", "batchUpdate") => BatchValues(sheet, body),
                _ => throw NoRoute(),
            };
        var (range, verb) = RangeVerb(parts[2]);
        return (http.Request.Method, verb) switch
        {
            ("GET", null) => Read(sheet, range, query),
            ("PUT", null) => Updated(sheet, sheet.Atomically(tabs => Write(sheet, tabs, range, body, Option(query["valueInputOption"]))), query),
            ("POST", "append") => Appended(sheet, sheet.Atomically(tabs => Append(sheet, tabs, range, body, query)), query),
            ("POST", "clear") => sheet.Atomically(tabs => Clear(sheet, tabs, range)),
            _ => throw NoRoute(),
        };
    }

    /// <summary>Title and tabs, as far as <c>fields</c> asks; cells are never in it.</summary>
    private static JsonObject Whole(GoogleSheet sheet, IQueryCollection query)
    {
        if (query["includeGridData"] == "true") throw GoogleRefusal.Bad("includeGridData is not played here.");
        var fields = query["fields"].ToString();
        var answer = new JsonObject();
        if (fields.Length == 0 || fields.Contains("spreadsheetId", StringComparison.Ordinal)) answer["spreadsheetId"] = sheet.Id;
        if (fields.Length == 0 || fields.Contains("properties.title", StringComparison.Ordinal) || fields.StartsWith("properties", StringComparison.Ordinal))
            answer["properties"] = new JsonObject { ["title"] = sheet.Title, ["locale"] = "fr_FR", ["timeZone"] = "Africa/Algiers" };
        if (fields.Length == 0 || fields.Contains("sheets", StringComparison.Ordinal)) answer["sheets"] = new JsonArray([.. sheet.Tabs.Select((t, i) => new JsonObject { ["properties"] = Properties(t, i) })]);
        if (fields.Length == 0) answer["spreadsheetUrl"] = $"https://docs.google.com/spreadsheets/d/{sheet.Id}/edit";
        return answer;
    }

    private static JsonObject Properties(GoogleTab tab, int index) => new()
    {
        ["sheetId"] = tab.Id, ["title"] = tab.Title, ["index"] = index, ["sheetType"] = "GRID", ["gridProperties"] = new JsonObject { ["rowCount"] = tab.RowCount, ["columnCount"] = tab.ColumnCount },
    };

    private static JsonObject Read(GoogleSheet sheet, string text, IQueryCollection query)
    {
        var (tab, range) = Find(sheet.Tabs, text);
        var byColumns = query["majorDimension"] == "COLUMNS";
        var render = query["valueRenderOption"].ToString() is { Length: > 0 } said ? said : "FORMATTED_VALUE";
        if (render is not ("FORMATTED_VALUE" or "UNFORMATTED_VALUE" or "FORMULA")) throw GoogleRefusal.Bad($"Invalid value at 'value_render_option' (type.googleapis.com/google.apps.sheets.v4.ValueRenderOption), \"{render}\"");
        var rows = new List<List<JsonNode?>>();
        var (lastRow, lastColumn) = (Math.Min(range.LastRow ?? int.MaxValue, tab.Used - 1), Math.Min(range.LastColumn ?? int.MaxValue, tab.UsedColumns - 1));
        for (var r = range.Row; r <= lastRow; r++)
        {
            var row = new List<JsonNode?>();
            for (var c = range.Column; c <= lastColumn; c++) row.Add(Shown(tab[r, c], render));
            rows.Add(row);
        }
        if (byColumns) rows = [.. Enumerable.Range(0, rows.Count == 0 ? 0 : rows.Max(r => r.Count)).Select(c => rows.Select(r => r[c]).ToList())];
        // Blanks at the end are not sent.
        foreach (var row in rows) while (row.Count > 0 && (string?)(row[^1] is JsonValue v && v.TryGetValue<string>(out var s) ? s : "x") == "") row.RemoveAt(row.Count - 1);
        while (rows.Count > 0 && rows[^1].Count == 0) rows.RemoveAt(rows.Count - 1);
        var answer = new JsonObject { ["range"] = Named(tab, range), ["majorDimension"] = byColumns ? "COLUMNS" : "ROWS" };
        if (rows.Count > 0) answer["values"] = new JsonArray([.. rows.Select(r => new JsonArray([.. r]))]);
        return answer;
    }

    private static JsonNode? Shown(GoogleCell cell, string render) => render switch
    {
        "UNFORMATTED_VALUE" when cell is { Formula: null, Value: double number } => JsonValue.Create(number),
        "UNFORMATTED_VALUE" when cell is { Formula: null, Value: bool flag } => JsonValue.Create(flag),
        "FORMULA" when cell is { Formula: null, Value: double exact } => JsonValue.Create(exact),
        _ => JsonValue.Create(cell.Shown),
    };

    private static JsonObject BatchValues(GoogleSheet sheet, JsonObject body)
    {
        var option = Option((string?)body["valueInputOption"]);
        if (body["data"] is not JsonArray data) throw GoogleRefusal.Bad("Must specify at least one request.");
        return sheet.Atomically(tabs =>
        {
            var answers = data.Select(d => Write(sheet, tabs, (string?)d!["range"] ?? "", d.AsObject(), option)).ToList();
            return new JsonObject
            {
                ["spreadsheetId"] = sheet.Id, ["totalUpdatedRows"] = answers.Sum(a => (int)a["updatedRows"]!), ["totalUpdatedCells"] = answers.Sum(a => (int)a["updatedCells"]!), ["responses"] = new JsonArray([.. answers]),
            };
        });
    }

    private static JsonObject Write(GoogleSheet sheet, List<GoogleTab> tabs, string text, JsonObject body, bool isRaw)
    {
        if (body["range"] is { } named && GoogleA1.Read((string)named!, word => tabs.Any(t => t.Title == word)) != GoogleA1.Read(text, word => tabs.Any(t => t.Title == word))) throw GoogleRefusal.Bad("Requested writing within range [" + text + "], but tried writing to range [" + (string)named! + "]");
        var (tab, range) = Find(tabs, text);
        var values = Matrix(body);
        // One cell alone is where it begins.
        var isCell = range.LastRow == range.Row && range.LastColumn == range.Column;
        if ((!isCell && range.LastRow is { } last && range.Row + values.Count - 1 > last) || (!isCell && range.LastColumn is { } right && values.Any(v => range.Column + v.Count - 1 > right)))
            throw GoogleRefusal.Bad($"Requested writing within range [{Named(tab, range)}], but tried writing to row [{range.Row + values.Count}]");
        return new JsonObject { ["spreadsheetId"] = sheet.Id }.With(Put(tab, range.Row, range.Column, values, isRaw));
    }

    private static JsonObject Put(GoogleTab tab, int row, int column, IReadOnlyList<IReadOnlyList<JsonNode?>> values, bool isRaw)
    {
        var (cells, widest) = (0, values.Count == 0 ? 0 : values.Max(v => v.Count));
        if (row + values.Count > tab.RowCount || column + widest > tab.ColumnCount)
            throw GoogleRefusal.Bad($"Range ({Named(tab, new(tab.Title, row, column, row + values.Count - 1, column + widest - 1))}) exceeds grid limits. Max rows: {tab.RowCount}, max columns: {tab.ColumnCount}");
        for (var r = 0; r < values.Count; r++)
            for (var c = 0; c < values[r].Count; c++)
            {
                if (values[r][c] is not { } value) continue; // null leaves a cell as it is
                tab[row + r, column + c] = Cell(value, isRaw);
                cells++;
            }
        return new()
        {
            ["updatedRange"] = Named(tab, new(tab.Title, row, column, row + Math.Max(0, values.Count - 1), column + Math.Max(0, widest - 1))), ["updatedRows"] = values.Count, ["updatedColumns"] = widest, ["updatedCells"] = cells,
        };
    }

    /// <summary>Appends where Google takes a table to end: below the first block of cells that the range touches, and the block ends where a row is blank in its first column.</summary>
    private JsonObject Append(GoogleSheet sheet, List<GoogleTab> tabs, string text, JsonObject body, IQueryCollection query)
    {
        var isRaw = Option(query["valueInputOption"]);
        var insert = query["insertDataOption"].ToString();
        if (insert is not ("" or "OVERWRITE" or "INSERT_ROWS")) throw GoogleRefusal.Bad($"Invalid value at 'insert_data_option' (type.googleapis.com/google.apps.sheets.v4.AppendValuesRequest.InsertDataOption), \"{insert}\"");
        var (tab, range) = Find(tabs, text);
        var values = Matrix(body);
        var at = range.Row;
        while (at < tab.Used && !tab[at, range.Column].IsEmpty) at++;
        if (world.Vendor.Faults.Knob("append-astray")) at = Math.Min(1, at);
        var answer = new JsonObject { ["spreadsheetId"] = sheet.Id };
        if (at > range.Row) answer["tableRange"] = Named(tab, new(tab.Title, range.Row, range.Column, at - 1, Math.Max(range.Column, tab.UsedColumns - 1)));
        if (insert == "INSERT_ROWS") tab.InsertRows(at, values.Count);
        else if (at + values.Count > tab.RowCount) tab.RowCount = at + values.Count;
        answer["updates"] = new JsonObject { ["spreadsheetId"] = sheet.Id }.With(Put(tab, at, range.Column, values, isRaw));
        return answer;
    }

    private static JsonObject Clear(GoogleSheet sheet, List<GoogleTab> tabs, string text)
    {
        var (tab, range) = Find(tabs, text);
        for (var r = range.Row; r <= Math.Min(range.LastRow ?? int.MaxValue, tab.Rows.Count - 1); r++)
            for (var c = range.Column; c <= Math.Min(range.LastColumn ?? int.MaxValue, tab.Rows[r].Count - 1); c++) tab[r, c] = default;
        return new() { ["spreadsheetId"] = sheet.Id, ["clearedRange"] = Named(tab, range) };
    }

    private static JsonObject BatchUpdate(GoogleSheet sheet, JsonObject body)
    {
        if (body["requests"] is not JsonArray { Count: > 0 } requests) throw GoogleRefusal.Bad("Must specify at least one request.");
        var answer = sheet.Atomically(tabs => new JsonObject { ["spreadsheetId"] = sheet.Id, ["replies"] = new JsonArray([.. requests.Select((r, i) => Do(sheet, tabs, r as JsonObject ?? [], i))]) });
        if ((bool?)body["includeSpreadsheetInResponse"] == true) answer["updatedSpreadsheet"] = Whole(sheet, QueryCollection.Empty);
        return answer;
    }

    private static JsonObject Appended(GoogleSheet sheet, JsonObject answer, IQueryCollection query)
    {
        Updated(sheet, answer["updates"]!.AsObject(), query);
        return answer;
    }

    private static JsonObject Updated(GoogleSheet sheet, JsonObject answer, IQueryCollection query)
    {
        if (query["includeValuesInResponse"] == "true") answer["updatedData"] = Read(sheet, (string)answer["updatedRange"]!, query);
        return answer;
    }

    private static JsonObject Do(GoogleSheet sheet, List<GoogleTab> tabs, JsonObject request, int index)
    {
        if (request.Count != 1 || request.First().Value is not JsonObject what) throw GoogleRefusal.Bad($"Invalid requests[{index}]: exactly one kind of request must be set.");
        switch (request.First().Key)
        {
            case "addSheet":
                var properties = what["properties"] as JsonObject;
                var added = sheet.Add((string?)properties?["title"] ?? $"Feuille {tabs.Count + 1}", (int?)properties?["sheetId"], tabs);
                if (properties?["gridProperties"] is JsonObject grid) (added.RowCount, added.ColumnCount) = ((int?)grid["rowCount"] ?? 1000, (int?)grid["columnCount"] ?? 26);
                return new() { ["addSheet"] = new JsonObject { ["properties"] = Properties(added, tabs.IndexOf(added)) } };
            case "deleteSheet": tabs.Remove(Tab(tabs, what["sheetId"], index)); return [];
            case "updateSheetProperties":
                var (changed, fields) = (Tab(tabs, what["properties"]?["sheetId"], index), ((string?)what["fields"] ?? throw GoogleRefusal.Bad($"Invalid requests[{index}].updateSheetProperties: At least one field must be listed in 'fields'.")).Split(','));
                if (fields.Contains("title") || fields.Contains("*")) changed.Title = (string?)what["properties"]!["title"] ?? changed.Title;
                if (what["properties"]!["gridProperties"] is JsonObject size)
                    (changed.RowCount, changed.ColumnCount) = ((int?)size["rowCount"] ?? changed.RowCount, (int?)size["columnCount"] ?? changed.ColumnCount);
                return [];
            case "updateCells":
                CheckFields(what, index, "updateCells");
                var start = what["start"] as JsonObject ?? what["range"] as JsonObject ?? throw GoogleRefusal.Bad($"Invalid requests[{index}].updateCells: No range or start set.");
                var target = Tab(tabs, start["sheetId"], index);
                var (top, left) = ((int?)start["rowIndex"] ?? (int?)start["startRowIndex"] ?? 0, (int?)start["columnIndex"] ?? (int?)start["startColumnIndex"] ?? 0);
                var rows = what["rows"] as JsonArray ?? [];
                for (var r = 0; r < rows.Count; r++) PutCells(target, top + r, left, rows[r], index, "updateCells", mayGrow: false);
                return [];
            case "appendCells":
                CheckFields(what, index, "appendCells");
                var end = Tab(tabs, what["sheetId"], index);
                var at = end.Used;
                foreach (var row in what["rows"] as JsonArray ?? []) PutCells(end, at++, 0, row, index, "appendCells", mayGrow: true);
                return [];
            case "appendDimension":
                var longer = Tab(tabs, what["sheetId"], index);
                if ((string?)what["dimension"] == "COLUMNS") longer.ColumnCount += (int?)what["length"] ?? 0;
                else longer.RowCount += (int?)what["length"] ?? 0;
                return [];
            case "insertDimension" or "deleteDimension":
                var isInsert = request.First().Key == "insertDimension";
                var range = what["range"] as JsonObject ?? throw GoogleRefusal.Bad($"Invalid requests[{index}]: No range set.");
                var (tab, from, count) = (Tab(tabs, range["sheetId"], index), (int?)range["startIndex"] ?? 0, ((int?)range["endIndex"] ?? 0) - ((int?)range["startIndex"] ?? 0));
                if (count <= 0) throw GoogleRefusal.Bad($"Invalid requests[{index}].{request.First().Key}: endIndex must be greater than startIndex.");
                if ((string?)range["dimension"] == "COLUMNS") { if (isInsert) tab.InsertColumns(from, count); else tab.DeleteColumns(from, count); }
                else if (isInsert) tab.InsertRows(from, count);
                else tab.DeleteRows(from, count);
                return [];
            // Whole rows alone. Unlike with deleteDimension the grid keeps its size: what stands below moves up.
            case "deleteRange":
                var gone = what["range"] as JsonObject ?? throw GoogleRefusal.Bad($"Invalid requests[{index}].deleteRange: No range set.");
                if ((string?)what["shiftDimension"] != "ROWS" || gone.ContainsKey("startColumnIndex") || gone.ContainsKey("endColumnIndex")) throw GoogleRefusal.Bad($"Invalid requests[{index}].deleteRange: only whole rows are played here.");
                var (shorter, first) = (Tab(tabs, gone["sheetId"], index), (int?)gone["startRowIndex"] ?? 0);
                var upTo = (int?)gone["endRowIndex"] ?? shorter.RowCount;
                if (upTo <= first) throw GoogleRefusal.Bad($"Invalid requests[{index}].deleteRange: endRowIndex must be greater than startRowIndex.");
                var rowCount = shorter.RowCount;
                shorter.DeleteRows(first, upTo - first);
                shorter.RowCount = rowCount;
                return [];
            case "addProtectedRange":
                Tab(tabs, what["protectedRange"]?["range"]?["sheetId"], index).Protected++;
                return new() { ["addProtectedRange"] = new JsonObject { ["protectedRange"] = what["protectedRange"]?.DeepClone() } };
            default: throw GoogleRefusal.Bad($"Invalid JSON payload received. Unknown name \"{request.First().Key}\" at 'requests[{index}]': Cannot find field.");
        }
    }

    private static void PutCells(GoogleTab tab, int row, int left, JsonNode? cells, int index, string kind, bool mayGrow)
    {
        var values = cells?["values"] as JsonArray ?? [];
        if (mayGrow) tab.RowCount = Math.Max(tab.RowCount, row + 1);
        if (row >= tab.RowCount || left + values.Count > tab.ColumnCount) throw GoogleRefusal.Bad($"Invalid requests[{index}].{kind}: Attempting to write column: {left + values.Count - 1}, row: {row}, beyond the grid of {tab.RowCount} rows and {tab.ColumnCount} columns.");
        for (var c = 0; c < values.Count; c++) tab[row, left + c] = Entered(values[c]?["userEnteredValue"] as JsonObject, index, kind);
    }

    private static GoogleCell Entered(JsonObject? value, int index, string kind)
    {
        if (value is null || value.Count == 0) return default;
        if (value.Count > 1) throw GoogleRefusal.Bad($"Invalid requests[{index}].{kind}: oneof field 'value' is already set.");
        return value.First() switch
        {
            ("stringValue", JsonValue text) => Cell(text, isRaw: true),
            ("numberValue", JsonValue number) => new(number.GetValue<double>()),
            ("boolValue", JsonValue flag) => new(flag.GetValue<bool>()),
            ("formulaValue", JsonValue formula) => new(null, formula.GetValue<string>()),
            var other => throw GoogleRefusal.Bad($"Invalid JSON payload received. Unknown name \"{other.Key}\" at 'requests[{index}].{kind}': Cannot find field."),
        };
    }

    private static GoogleCell Cell(JsonNode value, bool isRaw)
    {
        if (value is not JsonValue simple) throw GoogleRefusal.Bad("Invalid values: struct_value and list_value are not supported.");
        if (simple.TryGetValue<string>(out var text))
        {
            if (text.Length > MostLetters) throw GoogleRefusal.Bad($"Your input contains more than the maximum of {MostLetters} characters in a single cell.");
            return isRaw ? new(text.Length == 0 ? null : text) : GoogleCell.Typed(text);
        }
        return simple.TryGetValue<bool>(out var flag) ? new(flag) : new(simple.GetValue<double>());
    }

    private static void CheckFields(JsonObject what, int index, string kind)
    {
        if ((string?)what["fields"] is not { Length: > 0 } fields) throw GoogleRefusal.Bad($"Invalid requests[{index}].{kind}: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)");
        if (fields is not ("userEnteredValue" or "*")) throw GoogleRefusal.Bad($"Invalid requests[{index}].{kind}: only userEnteredValue is played here.");
    }

    private static GoogleTab Tab(List<GoogleTab> tabs, JsonNode? id, int index) =>
        tabs.Find(t => t.Id == ((int?)id ?? 0)) ?? throw GoogleRefusal.Bad($"Invalid requests[{index}]: No grid with id: {(int?)id ?? 0}");

    private static (GoogleTab Tab, GoogleA1 Range) Find(List<GoogleTab> tabs, string text)
    {
        if (GoogleA1.Read(text, word => tabs.Any(t => t.Title == word)) is not { } range) throw GoogleRefusal.Bad($"Unable to parse range: {text}");
        var tab = range.Tab is null ? tabs[0] : tabs.Find(t => t.Title == range.Tab) ?? throw GoogleRefusal.Bad($"Unable to parse range: {text}");
        if (range.Row >= tab.RowCount || range.Column >= tab.ColumnCount || range.LastColumn >= tab.ColumnCount || range.LastRow >= tab.RowCount)
            throw GoogleRefusal.Bad($"Range ({text}) exceeds grid limits. Max rows: {tab.RowCount}, max columns: {tab.ColumnCount}");
        return (tab, range);
    }

    private static string Named(GoogleTab tab, GoogleA1 range) => string.Create(CultureInfo.InvariantCulture,
        $"{(tab.Title.All(char.IsAsciiLetterOrDigit) ? tab.Title : GoogleA1.Quote(tab.Title))}!{GoogleA1.Letters(range.Column)}{range.Row + 1}:{GoogleA1.Letters(range.LastColumn ?? tab.ColumnCount - 1)}{(range.LastRow ?? tab.RowCount - 1) + 1}");

    private static IReadOnlyList<IReadOnlyList<JsonNode?>> Matrix(JsonObject body)
    {
        if (body["values"] is not JsonArray rows) return [];
        var values = rows.Select(r => (IReadOnlyList<JsonNode?>)[.. r as JsonArray ?? throw GoogleRefusal.Bad("Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue)")]).ToList();
        if ((string?)body["majorDimension"] != "COLUMNS") return values;
        var height = values.Count == 0 ? 0 : values.Max(v => v.Count);
        return [.. Enumerable.Range(0, height).Select(r => (IReadOnlyList<JsonNode?>)[.. values.Select(v => r < v.Count ? v[r] : null)])];
    }

    private static bool Option(string? option) => option switch
    {
        "RAW" => true,
        "USER_ENTERED" => false,
        null or "" or "INPUT_VALUE_OPTION_UNSPECIFIED" => throw GoogleRefusal.Bad("'valueInputOption' is required but not specified"),
        _ => throw GoogleRefusal.Bad($"Invalid value at 'value_input_option' (type.googleapis.com/google.apps.sheets.v4.ValueInputOption), \"{option}\""),
    };

    private static (string Word, string? Verb) Verb(string text) => text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);

    private static (string Range, string? Verb) RangeVerb(string text) => text.LastIndexOf(':') is > 0 and var at && text[(at + 1)..] is "append" or "clear" && text.LastIndexOf(':') is var end ? (text[..end], text[(end + 1)..]) : (text, null);

    private static GoogleRefusal NoRoute() => new(404, "NOT_FOUND", "The requested URL was not found on this server.", "notFound");

    private static async Task<JsonObject> BodyAsync(HttpRequest request)
    {
        try { return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) as JsonObject ?? []; }
        catch (JsonException) { throw GoogleRefusal.Bad("Invalid JSON payload received. Unexpected token."); }
    }
}

file static class JsonObjects
{
    /// <summary>The members of both.</summary>
    internal static JsonObject With(this JsonObject into, JsonObject more)
    {
        foreach (var (name, value) in more.ToList())
        {
            more.Remove(name);
            into[name] = value;
        }
        return into;
    }
}
