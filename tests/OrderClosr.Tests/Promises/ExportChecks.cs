using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Tests.House;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Tenancy;
using OrderClosr.Web.Api;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Promises;

/// <summary>Looks into an export as its reader would, beside the product: rows, counts, form, needles.</summary>
internal static class ExportChecks
{
    /// <summary>A row in every table; the planted export was long ago, and the planted line of the log is one its page can read.</summary>
    internal static async Task<Planting> PlantAsync(TestApp app, Shop shop, string word)
    {
        var planted = await Planting.AddAsync(app, shop, word);
        var past = app.Get<TimeProvider>().GetUtcNow().AddDays(-9);
        await using var scope = app.In(shop.Id);
        await scope.Db.AskedExports.ExecuteUpdateAsync(set => set.SetProperty(e => e.AskedAt, past));
        await scope.Db.Set<AuditEntry>().ExecuteUpdateAsync(set => set.SetProperty(e => e.Action, AuditAction.FeesChanged).SetProperty(e => e.Old, (string?)null).SetProperty(e => e.New, (string?)null));
        return planted;
    }

    /// <summary>Secrets of a shop that a leak would show in clear or sealed, planted where they really lie.</summary>
    internal static async Task<IReadOnlyList<string>> PlantSecretsAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        var db = scope.Db;
        await db.CourierAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.ChannelKey, "geheim-channel-key").SetProperty(a => a.WebhookId, "geheim-webhook-id"));
        await db.Parcels.ExecuteUpdateAsync(set => set.SetProperty(p => p.PublicKey, "geheim-public-key"));
        var (key, text) = await scope.Get<ApiKeys>().MakeAsync("Site", shop.OwnerId, default);
        var owner = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == shop.OwnerId);
        return ["geheim-", "\"gAAAA", key.Hash, text, shop.Messenger.Token, shop.Instagram.Token, shop.Whatsapp.Token, owner.PasswordHash!, owner.SecurityStamp!, "$argon2", TestApp.FernetKey, TestApp.MetaAppSecret];
    }

    /// <summary>How many rows of each exported table the shop has, counted by the context without any of the export's own code.</summary>
    internal static async Task<Dictionary<string, List<object>>> RowsAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        var rows = new Dictionary<string, List<object>>();
        foreach (var table in ExportTests.All(ExportTests.Tables.TakenAlong))
            rows[table.Name] = scope.Db.Model.FindEntityType(table.Row) is { } entity ? await Rows.OfAsync(scope.Db, entity) : [.. await scope.Db.Members.AsNoTracking().Where(m => m.WorkspaceId == shop.Id).ToListAsync()];
        return rows;
    }

    /// <summary>Every row is there, by its id and by the shop's word wherever a text of it is exported; answers how many texts were looked for.</summary>
    internal static int Complete(TableExport table, IReadOnlyList<JsonElement> found, IReadOnlyDictionary<string, List<object>> rows, string word)
    {
        var looked = 0;
        var there = rows[table.Name];
        Assert.True(there.Count == found.Count, $"{table.Name}: {found.Count} exported, {there.Count} in the database");
        var text = string.Join('\n', found.Select(f => f.GetRawText()));
        foreach (var row in there)
        {
            if (table.Fields.Any(f => f.Name == "id") && row.GetType().GetProperty("Id")?.GetValue(row) is IId id) Assert.Contains($"\"id\":\"{id.Value:N}\"", text, StringComparison.Ordinal);
            foreach (var property in row.GetType().GetProperties().Where(p => p.PropertyType == typeof(string) && table.Fields.Any(f => f.Name == JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name))))
            {
                if (property.GetValue(row) is not string value || !value.Contains(word, StringComparison.Ordinal)) continue;
                Assert.True(text.Contains(word, StringComparison.Ordinal), $"{table.Name}.{property.Name} is not exported");
                looked++;
            }
        }
        foreach (var (name, inside) in table.Inside) looked += Complete(inside, [.. found.SelectMany(f => f.GetProperty(name).EnumerateArray())], rows, word);
        return looked;
    }

    /// <summary>What of a value is not as the schema says; empty when it is valid. The words of JSON Schema that ours uses, no others.</summary>
    internal static IEnumerable<string> Wrong(JsonElement value, JsonElement schema, string at)
    {
        foreach (var word in schema.EnumerateObject())
            switch (word.Name)
            {
                case "type":
                    var kinds = word.Value.ValueKind == JsonValueKind.Array ? word.Value.EnumerateArray().Select(k => k.GetString()).ToArray() : [word.Value.GetString()];
                    if (!kinds.Contains(KindOf(value)) && !(KindOf(value) == "integer" && kinds.Contains("number"))) yield return $"{at}: {value.GetRawText()} is no {string.Join(" or ", kinds)}";
                    break;
                case "enum":
                    if (!word.Value.EnumerateArray().Any(e => e.GetRawText() == value.GetRawText())) yield return $"{at}: {value.GetRawText()} is none of the words";
                    break;
                case "format":
                    var ok = value.ValueKind != JsonValueKind.String || (word.Value.GetString() == "date" ? DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", out _) : value.GetString()!.EndsWith('Z') && value.TryGetDateTimeOffset(out _));
                    if (!ok) yield return $"{at}: {value.GetRawText()} is no {word.Value.GetString()}";
                    break;
                case "items":
                    if (value.ValueKind == JsonValueKind.Array)
                        foreach (var wrong in value.EnumerateArray().SelectMany((item, n) => Wrong(item, word.Value, $"{at}[{n}]"))) yield return wrong;
                    break;
                case "required":
                    if (value.ValueKind == JsonValueKind.Object)
                        foreach (var missing in word.Value.EnumerateArray().Where(n => !value.TryGetProperty(n.GetString()!, out _))) yield return $"{at}: {missing} is missing";
                    break;
                case "properties":
                    if (value.ValueKind == JsonValueKind.Object)
                        foreach (var wrong in word.Value.EnumerateObject().Where(p => value.TryGetProperty(p.Name, out _)).SelectMany(p => Wrong(value.GetProperty(p.Name), p.Value, $"{at}.{p.Name}"))) yield return wrong;
                    break;
                case "additionalProperties":
                    if (value.ValueKind == JsonValueKind.Object)
                        foreach (var more in value.EnumerateObject().Where(p => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(p.Name, out _))))
                            if (word.Value.ValueKind == JsonValueKind.False) yield return $"{at}: {more.Name} is not in the schema";
                            else
                                foreach (var wrong in Wrong(more.Value, word.Value, $"{at}.{more.Name}")) yield return wrong;
                    break;
                case "$schema" or "title" or "description" or "$defs":
                    break;
                default:
                    yield return $"{at}: the walk does not know {word.Name}";
                    break;
            }
    }

    internal static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    internal static JsonElement Json(byte[] bytes) => JsonDocument.Parse(bytes).RootElement;

    /// <summary>Lines of a file, each a JSON object.</summary>
    internal static IReadOnlyList<JsonElement> Lines(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        Assert.True(text.Length == 0 || text.EndsWith('\n'));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null", JsonValueKind.True or JsonValueKind.False => "boolean", JsonValueKind.String => "string", JsonValueKind.Array => "array", JsonValueKind.Object => "object",
        _ => value.TryGetInt64(out _) ? "integer" : "number",
    };
}
