using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Orders;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Tenancy;
using OrderClosr.Web.Api;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>Roles change and members go with the next request; a workspace keeps an owner, and nothing stays in the hands of who left.</summary>
/// <remarks>Seen to fail: when owners are not counted, the last one leaves.</remarks>
public sealed class MembershipTests
{
    [Theory, OnBothDatabases]
    public async Task A_member_who_is_demoted_or_removed_is_out_at_once_and_what_they_held_is_free(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, own) = (await app.NewShopAsync(), await app.NewShopAsync());
        var planted = await Planting.AddAsync(app, shop, "mot-de-a");
        // An owner elsewhere who works here as a manager.
        var id = await app.AddMemberAsync(shop, own.OwnerId, Role.Manager);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        using var member = await Visitor.OwnerOfAsync(app, own);
        var (order, conversation) = (new OrderId(planted.IdOf(typeof(Order))!.Value), new ConversationId(planted.IdOf(typeof(Conversation))!.Value));
        Assert.Equal(HttpStatusCode.Redirect, (await member.SubmitAsync($"/w/{shop.Slug}/orders/{order}/take", [], page: $"/w/{shop.Slug}/orders/confirm?id={order}")).StatusCode);
        await using (var scope = app.In(shop.Id)) Assert.Null(await scope.Get<Holding>().TakeAsync(conversation, own.OwnerId, default));
        using var here = await Stream.OpenAsync(member, shop);
        using var there = await Stream.OpenAsync(member, own);

        // A role the form does not offer changes nothing.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SetRoleAsync(owner, shop, id, "god")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{shop.Slug}/inbox")).StatusCode);
        // Demoted in the middle of a stream: it ends, the next request is refused, the conversation waits for somebody, the order may stay.
        Assert.Equal(HttpStatusCode.Redirect, (await SetRoleAsync(owner, shop, id, "confirmer")).StatusCode);
        await here.EndsAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await member.GetAsync($"/w/{shop.Slug}/inbox")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{shop.Slug}/orders/confirm")).StatusCode);
        await using (var scope = app.In(shop.Id))
        {
            var left = await scope.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == conversation);
            Assert.Equal((HeldBy.Nobody, (Guid?)null, Holding.MemberGone, true), (left.HeldBy, left.HeldByAccount, left.HandOverReason!, left.ResumesAt is not null));
            Assert.Equal(own.OwnerId, (await scope.Db.Orders.AsNoTracking().SingleAsync(o => o.Id == order)).TakenBy);
        }

        // Removed after being asked about it: the page says what happens, and only its button does it.
        using var again = await Stream.OpenAsync(member, shop);
        var asked = await owner.ReadAsync($"/w/{shop.Slug}/settings/members/{id}/remove");
        Assert.Contains("Retirer Owner 2", asked, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{shop.Slug}/orders/confirm")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"/w/{shop.Slug}/settings/members/{id}/remove")).StatusCode);
        await again.EndsAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"/w/{shop.Slug}/orders/confirm")).StatusCode);
        await using (var scope = app.In(shop.Id)) Assert.Null((await scope.Db.Orders.AsNoTracking().SingleAsync(o => o.Id == order)).TakenBy);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.PostAsync($"/w/{shop.Slug}/settings/members/{id}/remove")).StatusCode);

        // The own shop goes on: same session, same stream.
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{own.Slug}/inbox")).StatusCode);
        await using (var scope = app.In(own.Id)) await scope.Db.InTransactionAsync(() => { scope.Db.Tell("order", "still-here"); return Task.CompletedTask; }, default);
        await there.HearsAsync("still-here");

        var letters = await Eventually.FindsAsync(async () => await app.LettersAsync(own.OwnerEmail) is var all && all.Count(l => l.Subject.StartsWith("Votre rôle", StringComparison.Ordinal) || l.Subject.StartsWith("Vous ne faites", StringComparison.Ordinal)) == 2 ? all : null);
        Assert.Contains(letters, l => l.Subject == "Votre rôle a changé" && l.Text.Contains("confirmation", StringComparison.Ordinal) && l.Link == $"/w/{shop.Slug}");
        Assert.Contains(letters, l => l.Subject == "Vous ne faites plus partie d'une boutique");
        await using var log = app.In(shop.Id);
        var told = await log.Db.AuditEntries.Where(e => e.SubjectId == id.Value).OrderBy(e => e.Id).Select(e => new { e.Action, e.ActorId, e.SubjectName, e.Old, e.New }).ToListAsync();
        Assert.Equal([(AuditAction.MemberRoleChanged, shop.OwnerId, "Owner 2", "{\"role\":\"manager\"}", "{\"role\":\"confirmer\"}"), (AuditAction.MemberRemoved, shop.OwnerId, "Owner 2", "{\"role\":\"confirmer\"}", null)],
            told.Select(e => (e.Action, e.ActorId!.Value, e.SubjectName, e.Old!, e.New)));
    }

    [Theory, OnBothDatabases]
    public async Task The_last_owner_stays_and_everybody_else_may_leave(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        MemberId first;
        await using (var scope = app.In(shop.Id)) first = await scope.Db.Members.Where(m => m.AccountId == shop.OwnerId).Select(m => m.Id).SingleAsync();
        foreach (var (path, fields) in new[] { ($"members/{first}/role", new Dictionary<string, string> { ["role"] = "manager" }), ($"members/{first}/remove", []), ("leave", []) })
        {
            Assert.Equal(HttpStatusCode.Conflict, (await owner.SubmitAsync($"/w/{shop.Slug}/settings/{path}", fields, page: InvitationTests.Settings(shop))).StatusCode);
            Assert.Contains("garde toujours un propriétaire", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"/w/{shop.Slug}/settings/audit")).StatusCode);
        // Who cannot leave is told so before, and not asked.
        var goodbye = await owner.ReadAsync($"/w/{shop.Slug}/settings/leave");
        Assert.Contains("garde toujours un propriétaire", goodbye, StringComparison.Ordinal);
        Assert.DoesNotContain("Quitter la boutique", goodbye, StringComparison.Ordinal);

        using var reader = await app.MemberOfAsync(shop, Role.ReadOnly);
        Assert.Contains("Quitter Shop 1", await reader.ReadAsync($"/w/{shop.Slug}/settings/leave"), StringComparison.Ordinal);
        Assert.Equal("/w", (await reader.PostAsync($"/w/{shop.Slug}/settings/leave")).Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync($"/w/{shop.Slug}/more")).StatusCode);
        Assert.Contains("Aucune boutique", await reader.ReadAsync("/w"), StringComparison.Ordinal);

        // Two owners take the role from each other at the same moment: one keeps it.
        var partner = await app.NewAccountAsync("Amel", "amel@example.test");
        var second = await app.AddMemberAsync(shop, partner.Id, Role.Owner);
        using var amel = new Visitor(app).Speaking("fr");
        await amel.SignInAsync("amel@example.test", Members.Password);
        await amel.GetAsync(InvitationTests.Settings(shop));
        await owner.GetAsync(InvitationTests.Settings(shop));
        await Task.WhenAll(owner.PostAsync($"/w/{shop.Slug}/settings/members/{second}/role", true, ("role", "manager")), amel.PostAsync($"/w/{shop.Slug}/settings/members/{first}/role", true, ("role", "manager")));
        await using (var scope = app.In(shop.Id)) Assert.Equal(1, await scope.Db.Members.CountAsync(m => m.WorkspaceId == shop.Id && m.Role == Role.Owner));
        Assert.Contains("a quitté la boutique", await (await OwnerNowAsync()).ReadAsync($"/w/{shop.Slug}/settings/audit"), StringComparison.Ordinal);

        async Task<Visitor> OwnerNowAsync() => (await owner.GetAsync($"/w/{shop.Slug}/settings/audit")).StatusCode == HttpStatusCode.OK ? owner : amel;
    }

    /// <remarks>Seen to fail: when <c>Membership</c> does not end them, the key still reads.</remarks>
    [Theory, OnBothDatabases]
    public async Task Who_is_removed_leaves_no_key_behind_that_the_owner_did_not_want_to_stay(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var (ids, made) = (new List<MemberId>(), new List<string>());
        foreach (var name in (string[])["Amel", "Nadir"])
        {
            var account = await app.NewAccountAsync(name, $"{name.ToLowerInvariant()}@example.test");
            ids.Add(await app.AddMemberAsync(shop, account.Id, Role.Owner));
            await using var scope = app.In(shop.Id);
            made.Add((await scope.Get<ApiKeys>().MakeAsync($"Site de {name}", account.Id, default)).Key);
        }
        string own;
        await using (var scope = app.In(shop.Id)) own = (await scope.Get<ApiKeys>().MakeAsync("Caisse", shop.OwnerId, default)).Key;
        string keys = $"/w/{shop.Slug}/settings/api", members = $"/w/{shop.Slug}/settings/members";
        Assert.Contains("par <bdi>Amel</bdi>", await owner.ReadAsync(keys), StringComparison.Ordinal);

        // The page names that person's keys and no other, and offers to end them.
        var asked = await owner.ReadAsync($"{members}/{ids[0]}/remove");
        Assert.Contains("Site de Amel", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("Site de Nadir", asked, StringComparison.Ordinal);
        Assert.Contains("name=\"end_keys\" value=\"true\" checked", asked, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{members}/{ids[0]}/remove", true, ("end_keys", "true"))).StatusCode);
        // The other one's key is kept by the owner's choice, and the page says whose it was.
        await owner.ReadAsync($"{members}/{ids[1]}/remove");
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{members}/{ids[1]}/remove")).StatusCode);
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK], [await ReadsAsync(made[0]), await ReadsAsync(made[1]), await ReadsAsync(own)]);
        Assert.Contains("par quelqu'un qui n'est plus membre", await owner.ReadAsync(keys), StringComparison.Ordinal);
        await using (var scope = app.In(shop.Id))
        {
            var log = await scope.Db.AuditEntries.Where(e => e.Action == AuditAction.ApiKeyRevoked).Select(e => new { e.ActorId, e.SubjectName }).ToListAsync();
            Assert.Equal((shop.OwnerId, "Site de Amel"), (Assert.Single(log).ActorId!.Value, log[0].SubjectName));
        }
        Assert.DoesNotContain("end_keys", await owner.ReadAsync($"{members}/{await app.AddMemberAsync(shop, (await app.NewAccountAsync("Lotfi", "lotfi@example.test")).Id, Role.Manager)}/remove"), StringComparison.Ordinal);

        async Task<HttpStatusCode> ReadsAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/orders");
            request.Headers.Authorization = new("Bearer", key);
            return (await app.Http.SendAsync(request)).StatusCode;
        }
    }

    private static Task<HttpResponseMessage> SetRoleAsync(Visitor owner, Shop shop, MemberId id, string role) =>
        owner.SubmitAsync($"/w/{shop.Slug}/settings/members/{id}/role", new() { ["role"] = role }, page: InvitationTests.Settings(shop));

    /// <summary>A live stream that has said hello.</summary>
    private sealed class Stream(HttpResponseMessage answer, StreamReader reader) : IDisposable
    {
        private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(15));

        internal static async Task<Stream> OpenAsync(Visitor visitor, Shop shop)
        {
            var answer = await visitor.SendAsync(HttpMethod.Get, $"/w/{shop.Slug}/live", null);
            var stream = new Stream(answer, new(await answer.Content.ReadAsStreamAsync()));
            await stream.HearsAsync("live-hello");
            return stream;
        }

        internal async Task HearsAsync(string text)
        {
            while (await reader.ReadLineAsync(_bound.Token) is { } line)
                if (line.Contains(text, StringComparison.Ordinal)) return;
            Assert.Fail($"The stream ended before {text}.");
        }

        internal Task EndsAsync() => reader.ReadToEndAsync(_bound.Token);

        public void Dispose()
        {
            reader.Dispose();
            answer.Dispose();
            _bound.Dispose();
        }
    }
}
