using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;
using OrderClosr.Web;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>The audit log: who did what, readable by the owner, changed by nobody.</summary>
public sealed class AuditTests
{
    [Theory, OnBothDatabases]
    public async Task The_owner_reads_who_did_what_and_nobody_can_change_it(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var stranger = new Visitor(app);
        await stranger.SignInAsync(shop.OwnerEmail, "pas la bonne phrase");
        await stranger.SignInAsync("nobody@nowhere.example", "pas la bonne phrase");
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.SubmitAsync($"/w/{shop.Slug}/controls/pause", [], page: $"/w/{shop.Slug}/controls");
        await owner.SubmitAsync($"/w/{shop.Slug}/settings/api", new() { ["name"] = "Site web" });
        var key = System.Text.RegularExpressions.Regex.Match(owner.Html, "oc_[A-Za-z0-9_-]{60,}").Value;
        using (var change = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/products/{shop.Products["robe"]}") { Content = JsonContent.Create(new { price = 3700 }) })
        {
            change.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            Assert.Equal(HttpStatusCode.OK, (await app.Http.SendAsync(change)).StatusCode);
        }
        await using (var job = app.In(shop.Id))
        {
            await job.Get<SaveFees>().RunAsync([new(31, 0, new(new Dinars(650), new Dinars(400), 1, 3))], null, CancellationToken.None);
            await job.Get<SaveFees>().RunAsync([new(31, 0, new(new Dinars(650), new Dinars(400), 1, 3))], null, CancellationToken.None); // the same again is no line
        }

        var page = await owner.ReadAsync($"/w/{shop.Slug}/settings/audit");
        var told = Lines(page);
        Assert.Equal(6, told.Count);
        // Newest first, each with its actor.
        Assert.Contains("OrderClosr a changé les tarifs de livraison tarif 31 : 600/400 → 650/400", told[0], StringComparison.Ordinal);
        Assert.Contains("Programme Site web a changé un prix · Robe d'été prix : 3\u00a0500 DA → 3\u00a0700 DA", told[1], StringComparison.Ordinal);
        Assert.Contains("Owner 1 a créé une clé API · Site web", told[2], StringComparison.Ordinal);
        Assert.Contains("Owner 1 a mis l'agent en pause", told[3], StringComparison.Ordinal);
        Assert.Contains("Owner 1 s'est connecté(e)", told[4], StringComparison.Ordinal);
        Assert.Contains("Owner 1 connexion refusée", told[5], StringComparison.Ordinal);
        Assert.DoesNotContain(key, page, StringComparison.Ordinal);

        foreach (var (query, count) in new[] { ("kind=prices", 2), ("kind=access", 2), ("who=system", 1), ("who=programs", 1), ($"who={shop.OwnerId}", 4), ("day=2020-01-01", 0), ($"day={app.Get<TimeProvider>().TodayInAlgiers():yyyy-MM-dd}&kind=agent", 1) })
            Assert.True(Lines(await owner.ReadAsync($"/w/{shop.Slug}/settings/audit?{query}")).Count == count, query);

        using var theirs = await Visitor.OwnerOfAsync(app, other);
        Assert.Equal(["Owner 2 s'est connecté(e)"], Lines(await theirs.ReadAsync($"/w/{other.Slug}/settings/audit")).Select(l => l[..l.IndexOf(')', StringComparison.Ordinal)] + ")"));
        Assert.Equal(HttpStatusCode.NotFound, (await theirs.GetAsync($"/w/{shop.Slug}/settings/audit")).StatusCode);

        // No door changes a line: saving itself refuses.
        await using var scope = app.In(shop.Id);
        var line = await scope.Db.Set<AuditEntry>().FirstAsync();
        scope.Db.Remove(line);
        await Assert.ThrowsAsync<InvalidOperationException>(() => scope.Db.SaveChangesAsync());
        scope.Db.ChangeTracker.Clear();
        var entry = scope.Db.Entry(await scope.Db.Set<AccountEntry>().FirstAsync());
        entry.Property(e => e.At).CurrentValue = DateTimeOffset.UnixEpoch;
        await Assert.ThrowsAsync<InvalidOperationException>(() => scope.Db.SaveChangesAsync());
    }

    [Fact]
    public async Task A_long_log_is_read_in_parts_without_losing_or_repeating_a_line()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        for (var i = 0; i < 120; i++)
        {
            if (i % 3 == 0) scope.Get<Audit>().OfAccount(shop.OwnerId, AuditAction.SignedIn);
            else scope.Get<Audit>().Write(AuditAction.AgentPaused);
        }
        await scope.Db.SaveChangesAsync();
        var seen = new List<Guid>();
        for (Guid? next = null; ;)
        {
            var part = await scope.Get<AuditReader>().ReadAsync(new(null, null, null, next), CancellationToken.None);
            seen.AddRange(part.Lines.Select(l => l.Id));
            if ((next = part.Next) is null) break;
            Assert.Equal(AuditReader.PerPage, part.Lines.Count);
        }
        Assert.Equal(120, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Fact]
    public void Every_action_has_a_kind_and_a_sentence()
    {
        var words = Words.All("audit", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var action in Enum.GetValues<AuditAction>())
        {
            _ = AuditActions.KindOf(action);
            Assert.Contains($"does_{OrderClosr.Web.Ui.Wording.Word(action)}", words.Keys);
        }
        foreach (var kind in Enum.GetValues<AuditKind>()) Assert.Contains($"kind_{OrderClosr.Web.Ui.Wording.Word(kind)}", words.Keys);
    }

    private static List<string> Lines(string page) => System.Text.RegularExpressions.Regex.Matches(page, "<li>(?:(?!</li>).)*?<div>(.*?)</div>", System.Text.RegularExpressions.RegexOptions.Singleline)
        .Select(m => System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(m.Groups[1].Value, "<[^>]+>", " "), @"[ \n\t]+", " ").Trim()).Where(l => l.Contains("Owner", StringComparison.Ordinal) || l.Contains("OrderClosr", StringComparison.Ordinal) || l.StartsWith("Programme", StringComparison.Ordinal)).ToList();
}
