using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Sheets;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Sheets;

/// <summary>Settings → Google Sheet through its door, without a script.</summary>
public sealed class SheetPagesTests
{
    [Theory, OnBothDatabases]
    public async Task A_sheet_is_connected_step_by_step_and_each_mistake_is_named(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database, connected: false, isStarted: true);
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var here = $"/w/{world.Shop.Slug}/settings/sheet";
        async Task<string> SayAsync(string path, params (string, string)[] fields)
        {
            var answer = await owner.PostManyAsync($"{here}/{path}", fields, here);
            return answer.StatusCode == HttpStatusCode.Found ? await owner.ReadAsync(here) : WebUtility.HtmlDecode(owner.Html);
        }

        var other = JsonNode.Parse(world.KeyFile)!;
        other["type"] = "authorized_user";
        Assert.Contains("Donnez le fichier JSON", await SayAsync("key", ("key", "")), StringComparison.Ordinal);
        Assert.Contains("autre genre de fichier", await SayAsync("key", ("key", other.ToJsonString())), StringComparison.Ordinal);
        // Dropped as a file.
        Assert.Equal(HttpStatusCode.Found, (await owner.PostFileAsync($"{here}/key", "file", "cle.json", Encoding.UTF8.GetBytes(world.KeyFile), here)).StatusCode);
        var page = await owner.ReadAsync(here);
        Assert.Contains($"value=\"{SheetsWorld.Email}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", page, StringComparison.Ordinal);
        Assert.Contains("pas l'adresse d'une feuille", await SayAsync("link", ("link", "https://docs.google.com/document/d/abc/edit")), StringComparison.Ordinal);
        Assert.Contains("pas de feuille à cette adresse", await SayAsync("link", ("link", "https://docs.google.com/spreadsheets/d/1NobodyHasThisSheet00000000000/edit")), StringComparison.Ordinal);
        await world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email, role = "none" });
        Assert.Contains("pas partagée", await SayAsync("link", ("link", world.Link)), StringComparison.Ordinal);
        await world.FaultAsync("api-disabled");
        Assert.Contains("n'est pas activée", await SayAsync("test"), StringComparison.Ordinal);
        await world.ClearAsync();
        await world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email, role = "reader" });
        Assert.Contains("lecture seule", await SayAsync("test"), StringComparison.Ordinal);
        await world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email, role = "writer" });
        Assert.Contains("Connectée", await SayAsync("test"), StringComparison.Ordinal);
        Assert.Equal("ID", (await world.CellsAsync())[0][0]);

        // Columns by numbers.
        await SayAsync("columns", ("column", "total"), ("at.total", "1"), ("column", "name"), ("at.name", "٢"), ("column", "number"), ("at.number", "3"), ("leads", "true"));
        Assert.Equal(["id", "total", "name", "number"], (await world.ConnectionAsync()).Columns.Select(c => c.Key));
        Assert.False((await world.ConnectionAsync()).ReadsBack);

        // Who may look does not see the forms; who may not come in sees nothing. The key lies sealed.
        using var reader = await world.App.MemberOfAsync(world.Shop, Role.ReadOnly);
        page = await reader.ReadAsync(here);
        Assert.Contains("Connectée", page, StringComparison.Ordinal);
        Assert.DoesNotContain("settings/sheet/key", page, StringComparison.Ordinal);
        using var confirmer = await world.App.MemberOfAsync(world.Shop, Role.Confirmer);
        Assert.Equal(HttpStatusCode.Forbidden, (await confirmer.GetAsync(here)).StatusCode);
        await using (var scope = world.Open()) Assert.DoesNotContain("PRIVATE", (await scope.Db.SheetConnections.AsNoTracking().SingleAsync()).ServiceAccount!.Value.Token, StringComparison.Ordinal);
        using var arab = (await Visitor.OwnerOfAsync(world.App, world.Shop)).Speaking("ar");
        Assert.Contains("متصل", await arab.ReadAsync(here), StringComparison.Ordinal);
        Assert.Contains("sheet_disconnected", (await DisconnectedAsync(world, owner, here)), StringComparison.Ordinal);
    }

    private static async Task<string> DisconnectedAsync(SheetsWorld world, Visitor owner, string here)
    {
        await owner.PostManyAsync($"{here}/disconnect", [], here);
        await using var scope = world.Open();
        Assert.Equal(SheetState.Draft, (await scope.Db.SheetConnections.AsNoTracking().SingleAsync()).State);
        return string.Join(',', await scope.Db.AuditEntries.Select(e => e.Action).ToListAsync().ContinueWith(a => a.Result.Select(x => x == AuditAction.SheetDisconnected ? "sheet_disconnected" : ""), TaskScheduler.Default));
    }
}
