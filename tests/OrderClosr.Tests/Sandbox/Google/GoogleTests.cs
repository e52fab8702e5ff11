using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Sandbox.Google;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Vendors.Google;

namespace OrderClosr.Tests.Sandbox.Google;

/// <summary>The played Google: its token endpoint checks what Google checks, its sheets refuse what Sheets refuses.</summary>
public sealed class GoogleTests
{
    private const string Email = "orderclosr@dar-lina-2026.iam.gserviceaccount.com", Sheet = $"v4/spreadsheets/{GoogleWorld.SeedSheet}";

    private static Task<CourierPlay> StartAsync(FakeTimeProvider? time = null) => CourierPlay.StartAsync("google", [], time);

    private static async Task<Said> TokenAsync(CourierPlay play, string? assertion = null, DateTimeOffset? at = null, string grant = "urn:ietf:params:oauth:grant-type:jwt-bearer")
    {
        var key = GoogleKeyFile.Read((await play.GetAsync($"_accounts/{Email}/key")).Text).Value;
        using var form = new FormUrlEncodedContent([new("grant_type", grant), new("assertion", assertion ?? GoogleTokens.Assertion(key, at ?? play.Time?.GetUtcNow() ?? DateTimeOffset.UtcNow))]);
        using var answer = await play.Http.PostAsync("/google/token", form);
        return new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    private static async Task<(string, string?)> BearerAsync(CourierPlay play) => ("Authorization", $"Bearer {(string)(await TokenAsync(play)).Json!["access_token"]!}");

    private static JsonObject Request(string kind, JsonObject what) => new() { ["requests"] = new JsonArray(new JsonObject { [kind] = what }) };

    private static JsonObject Cells(params string[] texts) => new() { ["values"] = new JsonArray([.. texts.Select(t => new JsonObject { ["userEnteredValue"] = new JsonObject { ["stringValue"] = t } })]) };

    [Fact]
    public async Task A_token_costs_an_assertion_that_is_signed_addressed_and_short_lived()
    {
        await using var play = await StartAsync(new(new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero)));
        var now = play.Time!.GetUtcNow();
        Assert.Equal(200, (await TokenAsync(play)).Status);
        Assert.Contains("short-lived", (await TokenAsync(play, at: now.AddHours(2))).Text, StringComparison.Ordinal);
        Assert.Contains("short-lived", (await TokenAsync(play, at: now.AddHours(-2))).Text, StringComparison.Ordinal);
        Assert.Contains("unsupported_grant_type", (await TokenAsync(play, grant: "password")).Text, StringComparison.Ordinal);

        var key = GoogleKeyFile.Read((await play.GetAsync($"_accounts/{Email}/key")).Text).Value;
        var good = GoogleTokens.Assertion(key, now).Split('.');
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(good[1]))!;
        async Task<string> WithAsync(Action<JsonNode> change)
        {
            var other = claims.DeepClone();
            change(other);
            return (await TokenAsync(play, $"{good[0]}.{System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(other.ToJsonString()))}.{good[2]}")).Text;
        }
        Assert.Contains("audience", await WithAsync(c => c["aud"] = "https://elsewhere.example/token"), StringComparison.Ordinal);
        Assert.Contains("account not found", await WithAsync(c => c["iss"] = "nobody@dar-lina-2026.iam.gserviceaccount.com"), StringComparison.Ordinal);
        Assert.Contains("invalid_scope", await WithAsync(c => c["scope"] = "openid"), StringComparison.Ordinal);
        Assert.Contains("Invalid JWT Signature", await WithAsync(c => c["extra"] = 1), StringComparison.Ordinal);
        Assert.Contains("Invalid JWT Signature", (await TokenAsync(play, GoogleTokens.Assertion(key with { KeyId = "other" }, now))).Text, StringComparison.Ordinal);
        await play.PostAsync($"_accounts/{Email}", new JsonObject { ["key_deleted"] = true });
        Assert.Contains("Invalid JWT Signature", (await TokenAsync(play)).Text, StringComparison.Ordinal);
        await play.PostAsync($"_accounts/{Email}", new JsonObject { ["key_deleted"] = false });

        // A token lasts an hour.
        var bearer = await BearerAsync(play);
        Assert.Equal(200, (await play.CallAsync(HttpMethod.Get, Sheet, null, bearer)).Status);
        play.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(401, (await play.CallAsync(HttpMethod.Get, Sheet, null, bearer)).Status);
        Assert.DoesNotContain("ya29.", (await play.GetAsync("_log")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_are_read_written_and_appended_as_sheets_does_it()
    {
        await using var play = await StartAsync();
        var bearer = await BearerAsync(play);
        var tab = Uri.EscapeDataString("'Feuille 1'");
        var whole = (await play.CallAsync(HttpMethod.Get, $"{Sheet}?fields=properties.title,sheets.properties(sheetId,title,gridProperties)", null, bearer)).Json!;
        Assert.Equal(("Commandes Dar Lina", 0), ((string)whole["properties"]!["title"]!, (int)whole["sheets"]![0]!["properties"]!["sheetId"]!));
        Assert.Null((await play.CallAsync(HttpMethod.Get, $"{Sheet}/values/{tab}", null, bearer)).Json!["values"]);

        // RAW keeps letters, USER_ENTERED runs what a customer typed.
        var value = new JsonObject { ["values"] = new JsonArray(new JsonArray("=IMPORTDATA(\"x\")", "0555", "+213", 12, null)) };
        Assert.Equal(400, (await play.CallAsync(HttpMethod.Put, $"{Sheet}/values/{tab}!A1", value, bearer)).Status);
        await play.CallAsync(HttpMethod.Put, $"{Sheet}/values/{tab}!A1?valueInputOption=RAW", value, bearer);
        var raw = (await play.GetAsync($"_sheets/{GoogleWorld.SeedSheet}")).Json!;
        Assert.Equal(("""["=IMPORTDATA(\"x\")","0555","\u002B213","12"]""", 0), (raw["tabs"]!["Feuille 1"]![0]!.ToJsonString().Replace("\\u0022", "\\\"", StringComparison.Ordinal), raw["formulas"]!.AsArray().Count));
        await play.CallAsync(HttpMethod.Put, $"{Sheet}/values/{tab}!A1?valueInputOption=USER_ENTERED", value, bearer);
        var entered = (await play.GetAsync($"_sheets/{GoogleWorld.SeedSheet}")).Json!;
        Assert.Equal(("555", 1), ((string)entered["tabs"]!["Feuille 1"]![0]![1]!, entered["formulas"]!.AsArray().Count));

        // All or nothing; behind the last row that holds anything; never outside of the grid.
        var both = new JsonObject
        {
            ["requests"] = new JsonArray(new JsonObject { ["appendCells"] = new JsonObject { ["sheetId"] = 0, ["rows"] = new JsonArray(Cells("a", "b")), ["fields"] = "userEnteredValue" } },
                new JsonObject { ["updateCells"] = new JsonObject { ["start"] = new JsonObject { ["sheetId"] = 0, ["rowIndex"] = 5000 }, ["rows"] = new JsonArray(Cells("c")), ["fields"] = "userEnteredValue" } }),
        };
        Assert.Equal(400, (await play.CallAsync(HttpMethod.Post, $"{Sheet}:batchUpdate", both, bearer)).Status);
        Assert.Single((await play.GetAsync($"_sheets/{GoogleWorld.SeedSheet}")).Json!["tabs"]!["Feuille 1"]!.AsArray());
        await play.PostAsync($"_sheets/{GoogleWorld.SeedSheet}/act", new JsonObject { ["do"] = "type", ["cell"] = "Z9", ["value"] = "note" });
        var appended = await play.CallAsync(HttpMethod.Post, $"{Sheet}:batchUpdate", Request("appendCells", new() { ["sheetId"] = 0, ["rows"] = new JsonArray(Cells("a", "b")), ["fields"] = "userEnteredValue" }), bearer);
        Assert.Equal(200, appended.Status);
        Assert.Equal("""["a","b"]""", (await play.GetAsync($"_sheets/{GoogleWorld.SeedSheet}")).Json!["tabs"]!["Feuille 1"]![9]!.ToJsonString());
        // The guess of a table ends at the first blank: what is appended by it lands elsewhere.
        var guessed = await play.CallAsync(HttpMethod.Post, $"{Sheet}/values/{tab}!A1:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS", new JsonObject { ["values"] = new JsonArray(new JsonArray("astray")) }, bearer);
        Assert.Equal("'Feuille 1'!A2:A2", (string)guessed.Json!["updates"]!["updatedRange"]!);
        var batch = (await play.CallAsync(HttpMethod.Get, $"{Sheet}/values:batchGet?ranges={tab}!1:1&ranges={tab}!A:A&majorDimension=ROWS&valueRenderOption=UNFORMATTED_VALUE", null, bearer)).Json!["valueRanges"]!;
        Assert.Equal((1, 11), (batch[0]!["values"]!.AsArray().Count, batch[1]!["values"]!.AsArray().Count));
        Assert.Contains("Unable to parse range: Autre", (await play.CallAsync(HttpMethod.Get, $"{Sheet}/values/Autre", null, bearer)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_shared_not_there_or_too_much_is_refused_in_its_own_words_and_the_merchant_comes_between()
    {
        await using var play = await StartAsync();
        var bearer = await BearerAsync(play);
        Assert.Equal(404, (await play.CallAsync(HttpMethod.Get, "v4/spreadsheets/1NobodyHasThisSheet00000000000", null, bearer)).Status);
        await play.PostAsync($"_sheets/{GoogleWorld.SeedSheet}/share", new JsonObject { ["email"] = Email, ["role"] = "reader" });
        Assert.Equal(200, (await play.CallAsync(HttpMethod.Get, Sheet, null, bearer)).Status);
        Assert.Contains("does not have permission", (await play.CallAsync(HttpMethod.Post, $"{Sheet}:batchUpdate", Request("deleteSheet", new() { ["sheetId"] = 0 }), bearer)).Text, StringComparison.Ordinal);
        await play.PostAsync($"_sheets/{GoogleWorld.SeedSheet}/share", new JsonObject { ["email"] = Email });
        await play.PostAsync($"_accounts/{Email}", new JsonObject { ["api_disabled"] = true });
        Assert.Contains("has not been used in project", (await play.CallAsync(HttpMethod.Get, Sheet, null, bearer)).Text, StringComparison.Ordinal);
        await play.PostAsync($"_accounts/{Email}", new JsonObject { ["api_disabled"] = false });

        await play.CallAsync(HttpMethod.Put, $"_sheets/{GoogleWorld.SeedSheet}", new JsonObject { ["tabs"] = new JsonObject { ["Feuille 1"] = new JsonArray(new JsonArray("ID", "Nom"), new JsonArray("2", "Zohra"), new JsonArray("1", "Amina")) } });
        await play.FaultAsync("merchant", """[{"do":"sort","column":"A"},{"do":"insert_column","column":"B","value":"A moi"},{"do":"rename_tab","value":"Ventes"}]""", count: 1);
        Assert.Contains("\"Zohra\"],[\"1\"", (await play.CallAsync(HttpMethod.Get, $"{Sheet}/values/{Uri.EscapeDataString("'Feuille 1'")}", null, bearer)).Text, StringComparison.Ordinal);
        Assert.Equal("""{"Ventes":[["ID","A moi","Nom"],["1","","Amina"],["2","","Zohra"]]}""", (await play.GetAsync($"_sheets/{GoogleWorld.SeedSheet}")).Json!["tabs"]!.ToJsonString());

        await play.FaultAsync("quota", "3");
        var codes = new List<int>();
        for (var i = 0; i < 3; i++) codes.Add((await play.CallAsync(HttpMethod.Get, Sheet, null, bearer)).Status);
        Assert.Equal(429, codes[^1]);
        Assert.Contains("Ventes", await play.Http.GetStringAsync($"/google/spreadsheets/d/{GoogleWorld.SeedSheet}/edit#gid=0"), StringComparison.Ordinal);
    }
}
