using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Sheets;

namespace OrderClosr.Vendors.Google;

/// <inheritdoc cref="ISpreadsheets"/>
internal sealed partial class GoogleSheets(OutboundGate gate, GoogleSettings settings, GoogleTokens tokens, GooglePace pace) : ISpreadsheets
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A large sheet takes its time.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    public Result<SheetKey> ReadKey(string? file) => GoogleKeyFile.Read(file);

    public string? ReadLink(string? link) => link is null || link.Length > 1000 ? null : InLink().Match(link) is { Success: true } match ? match.Groups[1].Value : Bare().IsMatch(link.Trim()) ? link.Trim() : null;

    // The sandbox shows its sheets itself.
    public Uri LinkTo(string spreadsheet) => new(settings.SheetsUrl.Host.EndsWith("googleapis.com", StringComparison.Ordinal) ? new Uri("https://docs.google.com/") : new Uri(settings.SheetsUrl, "../"), $"spreadsheets/d/{spreadsheet}/edit");

    public TimeSpan RoomIn(SheetAccess access, int reads, int writes) =>
        new[] { pace.RoomIn(access.Key.Email, false, reads), pace.RoomIn(access.Key.Email, true, writes) }.Max();

    public async Task<SheetShape> LookAsync(SheetAccess access, CancellationToken stop)
    {
        var body = await CallAsync(access, HttpMethod.Get, "?fields=properties.title,sheets.properties(sheetId,title,gridProperties)", null, stop);
        if (!body.TryGetProperty("sheets", out var sheets)) throw Unreadable(true);
        var title = body.TryGetProperty("properties", out var of) ? GoogleWire.Text(of, "title") : null;
        return new(title ?? "", [.. sheets.EnumerateArray().Select(s => Tab(s.GetProperty("properties")))]);
    }

    public async Task<IReadOnlyList<IReadOnlyList<string>>> ReadAsync(SheetAccess access, string tab, CancellationToken stop) =>
        GoogleWire.Rows(await CallAsync(access, HttpMethod.Get, $"/values/{Uri.EscapeDataString(GoogleWire.Quote(tab))}?majorDimension=ROWS&valueRenderOption=UNFORMATTED_VALUE", null, stop));

    public async Task<SheetSpine> ReadSpineAsync(SheetAccess access, string tab, int column, CancellationToken stop)
    {
        var (name, letters) = (GoogleWire.Quote(tab), GoogleWire.Letters(column));
        var body = await CallAsync(access, HttpMethod.Get,
            $"/values:batchGet?ranges={Uri.EscapeDataString($"{name}!1:1")}&ranges={Uri.EscapeDataString($"{name}!{letters}:{letters}")}&majorDimension=ROWS&valueRenderOption=UNFORMATTED_VALUE", null, stop);
        if (!body.TryGetProperty("valueRanges", out var ranges) || ranges.GetArrayLength() != 2) throw Unreadable(true);
        var (head, ids) = (GoogleWire.Rows(ranges[0]), GoogleWire.Rows(ranges[1]));
        return new(head.Count == 0 ? [] : head[0], [.. ids.Select(r => r.Count == 0 ? "" : r[0])]);
    }

    public Task WriteAsync(SheetAccess access, IReadOnlyList<SheetWrite> writes, CancellationToken stop) =>
        CallAsync(access, HttpMethod.Post, ":batchUpdate", new JsonObject { ["requests"] = new JsonArray([.. writes.Select(GoogleWire.Request)]) }, stop);

    private async Task<JsonElement> CallAsync(SheetAccess access, HttpMethod method, string path, JsonObject? body, CancellationToken stop)
    {
        var isRead = method == HttpMethod.Get;
        var (token, isKept) = await tokens.OfAsync(access.Key, stop);
        pace.Take(access.Key.Email, !isRead);
        using var request = new HttpRequestMessage(method, new Uri(settings.SheetsUrl, $"spreadsheets/{access.Spreadsheet}{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(Relaxed), Encoding.UTF8, "application/json");
        using var answer = await gate.ClientOf(GoogleTokens.Vendor).SendAsync(request.WithLimit(CallLimit).WithoutRedirects(), stop);
        var (status, read) = ((int)answer.StatusCode, GoogleWire.Parse(await answer.Content.ReadAsByteArrayAsync(stop)));
        if (status == 200) return read.ValueKind == JsonValueKind.Object ? read : throw Unreadable(isRead);
        if (status == 401) tokens.Drop(access.Key);
        // A kept token may have been taken back since: a fresh one is asked for before the key is blamed.
        if (status == 401 && isKept) throw new VendorFailure(FailureCategory.Transient, "Google's token is no longer good; a new one is asked for.", "token_old");
        throw GoogleWire.Refused(status, read, isRead, answer.Headers.RetryAfter?.Delta);
    }

    private static SheetTab Tab(JsonElement of)
    {
        var grid = of.TryGetProperty("gridProperties", out var size) ? size : default;
        return new(GoogleWire.Number(of, "sheetId") ?? 0, GoogleWire.Text(of, "title") ?? "", GoogleWire.Number(grid, "rowCount") ?? 0, GoogleWire.Number(grid, "columnCount") ?? 0);
    }

    private static VendorFailure Unreadable(bool isRead) => new(isRead ? FailureCategory.Transient : FailureCategory.OutcomeUnknown, "Google's answer could not be read.", "no_answer");

    [GeneratedRegex(@"/spreadsheets/d/([A-Za-z0-9_-]{20,100})(?:[/?#]|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex InLink();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{30,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();
}
