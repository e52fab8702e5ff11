using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Ground.Outbound;
using OrderClosr.Sheets;

namespace OrderClosr.Vendors.Google;

/// <summary>Google's own words: shapes of requests, and what its noes mean (facts/google-sheets.md sections 4, 5, 8).</summary>
internal static class GoogleWire
{
    /// <summary>A no of the token endpoint.</summary>
    internal static VendorFailure TokenRefused(int status, JsonElement body)
    {
        if (status is >= 300 and < 400) return new(FailureCategory.Transient, "Google's token address sent us elsewhere; we did not go.", "redirected_away");
        if (status == 429) return new(FailureCategory.RateLimited, "Google asks us to wait.", "quota");
        if (status >= 500 || Text(body, "error") is not { Length: > 0 } error) return new(FailureCategory.Transient, "Google gave no token; it is asked again.", "no_answer");
        var said = Text(body, "error_description") ?? "";
        var code = error != "invalid_grant" ? SheetTrouble.KeyRefused
            : said.Contains("account not found", StringComparison.OrdinalIgnoreCase) ? SheetTrouble.AccountGone
            : said.Contains("short-lived", StringComparison.OrdinalIgnoreCase) ? SheetTrouble.ClockWrong : SheetTrouble.KeyRefused;
        return new(FailureCategory.Credentials, $"Google refuses the service account's key ({error}).", code);
    }

    /// <summary>A no of the Sheets API.</summary>
    internal static VendorFailure Refused(int status, JsonElement body, bool isRead, TimeSpan? wait)
    {
        var error = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var inner) ? inner : default;
        var said = Text(error, "message") ?? "";
        return status switch
        {
            401 => new(FailureCategory.Credentials, "Google refuses the service account's token.", SheetTrouble.KeyRefused),
            403 when IsDisabled(error, said) => new(FailureCategory.Configuration, "The Sheets API is not switched on in the service account's project.", SheetTrouble.ApiDisabled),
            403 => new(FailureCategory.Configuration, "The sheet is not shared with the service account.", SheetTrouble.NotShared),
            404 when error.ValueKind == JsonValueKind.Object => new(FailureCategory.Configuration, "There is no such sheet.", SheetTrouble.NotFound),
            400 when said.StartsWith("Unable to parse range", StringComparison.Ordinal) || said.Contains("No grid with id", StringComparison.Ordinal) => new(FailureCategory.Configuration, "The tab is not there.", SheetTrouble.TabGone),
            400 => new(FailureCategory.Refused, "Google Sheets refuses what was written.", "not_written"),
            // It counts by the minute: whoever waits longer waits for nothing.
            429 => new(FailureCategory.RateLimited, "Google Sheets asks us to wait; it goes on by itself.", "quota", wait ?? TimeSpan.FromMinutes(1)),
            // After a 5xx a write may have been done.
            _ => new(isRead ? FailureCategory.Transient : FailureCategory.OutcomeUnknown, "Google Sheets did not answer; it is looked at again.", "no_answer"),
        };
    }

    /// <summary>What a write is called by Google.</summary>
    internal static JsonObject Request(SheetWrite write) => write switch
    {
        PutCells put => new()
        {
            ["updateCells"] = new JsonObject { ["start"] = new JsonObject { ["sheetId"] = put.Tab, ["rowIndex"] = put.Row, ["columnIndex"] = put.Column }, ["rows"] = new JsonArray(Row(put.Cells)), ["fields"] = "userEnteredValue" },
        },
        AppendRows append => new() { ["appendCells"] = new JsonObject { ["sheetId"] = append.Tab, ["rows"] = new JsonArray([.. append.Rows.Select(Row)]), ["fields"] = "userEnteredValue" } },
        AddTab add => new() { ["addSheet"] = new JsonObject { ["properties"] = new JsonObject { ["sheetId"] = add.Tab, ["title"] = add.Title } } },
        InsertRow insert => new() { ["insertDimension"] = new JsonObject { ["range"] = new JsonObject { ["sheetId"] = insert.Tab, ["dimension"] = "ROWS", ["startIndex"] = insert.Row, ["endIndex"] = insert.Row + 1 } } },
        AddColumns wider => new() { ["appendDimension"] = new JsonObject { ["sheetId"] = wider.Tab, ["dimension"] = "COLUMNS", ["length"] = wider.Count } },
        GuardColumn guard => new()
        {
            ["addProtectedRange"] = new JsonObject
            {
                ["protectedRange"] = new JsonObject
                {
                    ["range"] = new JsonObject { ["sheetId"] = guard.Tab, ["startColumnIndex"] = guard.Column, ["endColumnIndex"] = guard.Column + 1 }, ["description"] = guard.Words, ["warningOnly"] = true,
                },
            },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(write), write, "A write without a request."),
    };

    /// <summary>A tab's name as ranges spell it.</summary>
    internal static string Quote(string tab) => $"'{tab.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>27 → <c>AB</c>.</summary>
    internal static string Letters(int column)
    {
        var text = "";
        for (var n = column + 1; n > 0; n = (n - 1) / 26) text = (char)('A' + ((n - 1) % 26)) + text;
        return text;
    }

    internal static JsonElement Parse(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default; // a web page, or nothing
        }
    }

    internal static string? Text(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static int? Number(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Rows of a range of values as texts.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Rows(JsonElement range) =>
        range.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().Select(r => (IReadOnlyList<string>)[.. r.EnumerateArray().Select(Cell)])] : [];

    private static string Cell(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.String => cell.GetString()!,
        JsonValueKind.Null => "",
        JsonValueKind.True => "TRUE",
        JsonValueKind.False => "FALSE",
        _ => cell.GetRawText(),
    };

    private static JsonNode Row(IReadOnlyList<object?> cells) => new JsonObject { ["values"] = new JsonArray([.. cells.Select(Cell)]) };

    // Never formulaValue: a customer's text that begins with = would run in the merchant's sheet.
    private static JsonNode Cell(object? value) => value switch
    {
        null or "" => new JsonObject(),
        string text => new JsonObject { ["userEnteredValue"] = new JsonObject { ["stringValue"] = text } },
        long number => new JsonObject { ["userEnteredValue"] = new JsonObject { ["numberValue"] = number } },
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType().Name, "A cell is a text or a whole number."),
    };

    private static bool IsDisabled(JsonElement error, string said) => said.StartsWith("Google Sheets API has not been used in project", StringComparison.Ordinal) || Reasons(error).Any(r => r is "accessNotConfigured" or "SERVICE_DISABLED");

    private static IEnumerable<string> Reasons(JsonElement error)
    {
        foreach (var list in (string[])["errors", "details"])
            if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty(list, out var all) && all.ValueKind == JsonValueKind.Array)
                foreach (var one in all.EnumerateArray())
                    if (Text(one, "reason") is { } reason) yield return reason;
    }
}
