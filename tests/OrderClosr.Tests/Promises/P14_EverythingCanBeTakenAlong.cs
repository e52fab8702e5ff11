using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Ground;
using OrderClosr.Tests.House;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Tenancy;
using OrderClosr.Workspaces;
using static OrderClosr.Tests.Promises.ExportChecks;

namespace OrderClosr.Tests.Promises;

/// <summary>An owner takes everything of the workspace along: complete, counted, hashed, in its documented form, without secrets and without a word of another shop.</summary>
/// <remarks>Seen to fail: when the letter waits with the other jobs of a workspace that leaves, nobody is told; with the messages left out of what is written, a file is missing and the count differs.</remarks>
public sealed class P14_EverythingCanBeTakenAlong
{
    private const string Word = "aiguille-zzqx-de-a", Foreign = "aiguille-zzqx-de-b";

    [Theory, OnBothDatabases]
    public async Task An_owner_takes_everything_of_the_shop_and_nothing_else_along(Database database)
    {
        var time = new TestClock(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        var (mine, theirs) = (await PlantAsync(app, shop, Word), await PlantAsync(app, other, Foreign));
        var secrets = await PlantSecretsAsync(app, shop);
        var page = $"/w/{shop.Slug}/settings/workspaces/export";
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        using var again = await Visitor.OwnerOfAsync(app, shop);
        using var partner = await PartnerAsync(app, shop);
        using var manager = await app.MemberOfAsync(shop, Role.Manager);
        using var stranger = await Visitor.OwnerOfAsync(app, other);

        // Only with the password, and once although two hands press at once.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.SubmitAsync(page, new() { ["password"] = "une autre phrase", ["format"] = "archive" })).StatusCode);
        Assert.DoesNotContain(await ExportsAsync(app, shop), e => e.AskedAt > time.GetUtcNow().AddHours(-1));
        await again.ReadAsync(page);
        var presses = await Task.WhenAll(PressAsync(owner, page, shop, "archive"), PressAsync(again, page, shop, "archive"));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], presses.Order());
        var link = await ReadyAsync(owner, page);
        Assert.Single(await ExportsAsync(app, shop), e => e.State == ExportState.Ready);

        // While it waits it is sealed.
        var file = Assert.Single(Directory.GetFiles(Path.Combine(app.Folder, "exports", shop.Id.ToString())));
        var lying = await File.ReadAllBytesAsync(file);
        Assert.True(lying.AsSpan().StartsWith(BackupSeal.Magic) && lying.AsSpan().IndexOf(Encoding.UTF8.GetBytes("ndjson")) < 0);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var rows = await RowsAsync(app, shop);
        using var answer = await owner.Http.GetAsync(link);
        Assert.Equal((HttpStatusCode.OK, "application/zip", true), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.NoStore));
        Assert.StartsWith($"orderclosr-{shop.Slug}-", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        using var zip = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
        var files = new Dictionary<string, byte[]>();
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            await using (var open = await entry.OpenAsync()) await open.CopyToAsync(content);
            files[entry.FullName] = content.ToArray();
        }

        // Each file as the manifest says, and no other.
        var manifest = Json(files["manifest.json"]);
        Assert.Equal(ExportedTables.Schema, manifest.GetProperty("schema").GetString());
        var listed = manifest.GetProperty("files").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!);
        Assert.Equal(files.Keys.Where(f => f != "manifest.json").Order(), listed.Keys.Order());
        foreach (var (name, said) in listed) Assert.Equal((Hash(files[name]), (long)files[name].Length), (said.GetProperty("sha256").GetString(), said.GetProperty("bytes").GetInt64()));
        Assert.Equal(shop.Slug, Json(files["workspace.json"]).GetProperty("slug").GetString());

        // Each table: as many rows as the database has, each row, each text, in the documented form.
        var (schema, looked) = (Json(files["schema.json"]).GetProperty("$defs"), 0);
        foreach (var table in ExportTests.Tables.TakenAlong)
        {
            var lines = Lines(files[$"{table.Name}.ndjson"]);
            looked += Complete(table, lines, rows, Word);
            Assert.Empty(lines.SelectMany((line, n) => Wrong(line, schema.GetProperty(table.Name), $"{table.Name}[{n}]")));
        }
        Assert.True(looked > 60, $"only {looked} texts were looked for");
        foreach (var (name, there) in rows) Assert.Equal((name, there.Count), (name, manifest.GetProperty("counts").GetProperty(name).GetInt32()));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(app.Get<MediaFiles>().FolderOf(shop.Id), mine.File)), files[$"media/{mine.File}"]);

        // No secret, nothing of the other shop.
        foreach (var (name, bytes) in files) Clean(name, bytes, secrets, theirs);

        // Whoever else has the address gets nothing.
        Assert.Equal(HttpStatusCode.NotFound, (await partner.GetAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.GetAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(link.Replace(shop.Slug, other.Slug, StringComparison.Ordinal))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await app.Http.GetAsync(link)).StatusCode);
        Assert.Contains("Owner 1", await partner.ReadAsync(page), StringComparison.Ordinal);

        // Every owner is told, and the log knows both.
        foreach (var address in (string[])[shop.OwnerEmail, "partner@example.test"]) Assert.Equal(page, (await Eventually.FindsAsync(async () => (await app.LettersAsync(address)).SingleOrDefault(l => l.Subject == "Un export de votre boutique est prêt"))).Link);
        await using (var scope = app.In(shop.Id))
        {
            var log = await scope.Db.AuditEntries.Where(e => e.Action == AuditAction.ExportAsked || e.Action == AuditAction.ExportDownloaded).OrderBy(e => e.Id).ToListAsync();
            Assert.Equal([(AuditAction.ExportAsked, (Guid?)shop.OwnerId), (AuditAction.ExportDownloaded, shop.OwnerId)], log.Select(e => (e.Action, e.ActorId)));
        }
        Assert.Contains("a téléchargé l'export", await owner.ReadAsync($"/w/{shop.Slug}/settings/audit"), StringComparison.Ordinal);

        // One a day, and the page says when the next.
        Assert.Equal(HttpStatusCode.Conflict, (await PressAndReadAsync(partner, page, shop, "document")).StatusCode);
        Assert.Contains("Un seul export par 24 h", WebUtility.HtmlDecode(partner.Html), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync(link)).StatusCode);
        // Days are counted anew, under new ids, and early words of yesterday are forgotten: the second export and the database are of one moment after that.
        await app.RestsAsync();
        Assert.Equal(HttpStatusCode.Redirect, await PressAsync(owner, page, shop, "document"));
        var second = await ReadyAsync(owner, page, but: link);
        rows = await RowsAsync(app, shop);
        using var whole = await owner.Http.GetAsync(second);
        var bytesOfAll = await whole.Content.ReadAsByteArrayAsync();
        var document = Json(bytesOfAll);
        foreach (var table in ExportTests.Tables.TakenAlong)
        {
            var items = document.GetProperty(table.Name).EnumerateArray().ToList();
            Complete(table, items, rows, Word);
            Assert.Empty(items.SelectMany((item, n) => Wrong(item, schema.GetProperty(table.Name), $"{table.Name}[{n}]")));
        }
        foreach (var (name, there) in rows) Assert.Equal((name, there.Count), (name, document.GetProperty("counts").GetProperty(name).GetInt32()));
        Assert.Equal(files[$"media/{mine.File}"], document.GetProperty("media").EnumerateArray().Single(m => m.GetProperty("file").GetString() == mine.File).GetProperty("content").GetBytesFromBase64());
        Clean("document", bytesOfAll, secrets, theirs);

        // After 48 hours it is gone, from the page and from the disk.
        time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.Conflict, (await owner.GetAsync(link)).StatusCode);
        Assert.Contains("n'est plus gardé", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        await app.Get<ExportClearing>().RunAsync(default);
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(app.Folder, "exports", shop.Id.ToString())), f => f == file);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync(second)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_deletes_the_workspace_takes_its_data_along_and_is_told_when_they_are_ready(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        string settings = $"/w/{shop.Slug}/settings/workspaces", page = $"{settings}/export";
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync($"{settings}/delete", new() { ["shop_name"] = "Shop 1", ["password"] = shop.OwnerPassword })).StatusCode);
        Assert.Contains($"href=\"{page}\"", await owner.ReadAsync($"/w/{shop.Slug}"), StringComparison.Ordinal);
        await owner.ReadAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, await PressAsync(owner, page, shop, "archive"));
        var link = await ReadyAsync(owner, page);
        // A small file is said in Ko.
        Assert.Matches("<bdi>[1-9][0-9]* Ko</bdi>", owner.Html);
        var letter = await Eventually.FindsAsync(async () => (await app.LettersAsync(shop.OwnerEmail)).SingleOrDefault(l => l.Subject == "Un export de votre boutique est prêt"));
        Assert.Equal(page, letter.Link);
        using var answer = await owner.Http.GetAsync(link);
        Assert.Equal((HttpStatusCode.OK, "application/zip"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Theory, OnBothDatabases]
    public async Task Killed_in_the_middle_it_begins_anew_and_cancelled_it_leaves_nothing(Database database)
    {
        await using var host = await TestApp.StartAsync(database, new() { Started = false, VendorsPlay = true });
        var shop = await host.NewShopAsync();
        await PlantAsync(host, shop, Word);
        Id<AskedExport> id;
        await using (var scope = host.In(shop.Id)) id = (await scope.Get<Exporting>().AskAsync(shop.OwnerId, ExportFormat.Archive, default)).Value.Id;
        await using (var run = await AppProcess.StartAsync(host, crashAt: "export-table/messages", waits: false)) await run.DiesAsync();
        Assert.Equal(ExportState.Running, (await ExportsAsync(host, shop)).Single(e => e.Id == id).State);
        var folder = Path.Combine(host.Folder, "exports", shop.Id.ToString());
        var half = Assert.Single(Directory.GetFiles(folder));
        Assert.EndsWith(".part", half, StringComparison.Ordinal);

        var runner = host.Get<JobRunner>();
        Assert.Equal(0, await runner.RunDueAsync(MakeExport.LaneName, default));
        await Crashes.LeasesRunOutAsync(host);
        Assert.Equal(1, await runner.RunDueAsync(MakeExport.LaneName, default));
        Assert.Equal(ExportState.Ready, (await ExportsAsync(host, shop)).Single(e => e.Id == id).State);
        await using (var scope = host.In(shop.Id))
        {
            await using var content = (await scope.Get<Exporting>().FetchAsync(id, shop.OwnerId, default)).Value.Content;
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes);
            using var zip = new ZipArchive(bytes);
            Assert.NotNull(zip.GetEntry("manifest.json"));
        }
        await host.Get<ExportClearing>().RunAsync(default);
        Assert.Equal($"{id}.export", Path.GetFileName(Assert.Single(Directory.GetFiles(folder))));

        // Cancelled before it was written: nothing is, and another may be asked for at once.
        await using (var scope = host.In(shop.Id)) await scope.Db.AskedExports.ExecuteDeleteAsync();
        Id<AskedExport> unwanted;
        await using (var scope = host.In(shop.Id))
        {
            unwanted = (await scope.Get<Exporting>().AskAsync(shop.OwnerId, ExportFormat.Archive, default)).Value.Id;
            Assert.Equal("export_under_way", (await scope.Get<Exporting>().AskAsync(shop.OwnerId, ExportFormat.Archive, default)).Refusal?.Code);
            await scope.Get<Exporting>().CancelAsync(unwanted, default);
        }
        await runner.RunDueAsync(MakeExport.LaneName, default);
        await host.Get<ExportClearing>().RunAsync(default);
        Assert.Empty(Directory.GetFiles(folder));
        await using (var scope = host.In(shop.Id))
        {
            Assert.Equal("export_gone", (await scope.Get<Exporting>().FetchAsync(unwanted, shop.OwnerId, default)).Refusal?.Code);
            Assert.True((await scope.Get<Exporting>().AskAsync(shop.OwnerId, ExportFormat.Document, default)).Ok);
        }
    }

    private static async Task<List<AskedExport>> ExportsAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        return await scope.Db.AskedExports.AsNoTracking().ToListAsync();
    }

    private static async Task<Visitor> PartnerAsync(TestApp app, Shop shop)
    {
        var account = await app.NewAccountAsync("Partner", "partner@example.test");
        await using (var scope = app.In(shop.Id))
        {
            scope.Db.Add(new Member { Id = MemberId.New(account.CreatedAt), WorkspaceId = shop.Id, AccountId = account.Id, Role = Role.Owner, CreatedAt = account.CreatedAt });
            await scope.Db.SaveChangesAsync();
        }
        var partner = new Visitor(app).Speaking("fr");
        Assert.Equal(HttpStatusCode.Redirect, (await partner.SignInAsync("partner@example.test", Members.Password)).StatusCode);
        await partner.ReadAsync($"/w/{shop.Slug}/more");
        return partner;
    }

    private static async Task<HttpStatusCode> PressAsync(Visitor visitor, string page, Shop shop, string format) => (await PressAndReadAsync(visitor, page, shop, format)).StatusCode;

    private static Task<HttpResponseMessage> PressAndReadAsync(Visitor visitor, string page, Shop shop, string format) => visitor.PostAsync(page, true, ("password", shop.OwnerPassword), ("format", format));

    /// <summary>Waits for the link on the page.</summary>
    private static Task<string> ReadyAsync(Visitor owner, string page, string? but = null) => Eventually.FindsAsync(async () =>
        Regex.Match(await owner.ReadAsync(page), $"href=\"({Regex.Escape(page)}/[0-9a-f]{{32}})\"") is { Success: true } match && match.Groups[1].Value != but ? match.Groups[1].Value : null, TimeSpan.FromSeconds(60));

    private static void Clean(string name, byte[] bytes, IReadOnlyList<string> secrets, Planting theirs)
    {
        var text = Encoding.UTF8.GetString(bytes);
        foreach (var secret in secrets) Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{name} holds the secret {secret}");
        foreach (var needle in (string[])[theirs.Word, theirs.Phone[1..], theirs.Shop.Id.ToString(), theirs.Shop.OwnerEmail, theirs.Shop.Messenger.Account]) Assert.False(text.Contains(needle, StringComparison.Ordinal), $"{name} holds {needle} of the other shop");
    }
}
