using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Conversations;

/// <summary>The inbox through its pages.</summary>
public sealed class InboxTests
{
    [Theory, OnBothDatabases]
    public async Task Who_waits_for_a_person_stands_first_then_mine_then_the_rest(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await Talks.AddMorningAsync(app, shop);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/inbox");
        var places = new[] { "Attendent une personne", "Walid Hamdi", "Nadia Kaci", "imane.rahmani", "À vous", "Amina Belkacem", "Avec l&#x27;agent", "Karim Zerrouki", "Silencieuses", "Rachid Mansouri" }
            .Select(word => owner.Html.IndexOf(word, owner.Html.IndexOf("id=\"convs-list\"", StringComparison.Ordinal), StringComparison.Ordinal)).ToList();
        Assert.All(places, place => Assert.True(place > 0));
        Assert.Equal(places.Order(), places);
        Assert.Contains("<span class=\"count call\">3</span>", owner.Html, StringComparison.Ordinal);
        Assert.Contains("Note vocale", owner.Html, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_name_a_phone_or_an_order_number_finds_the_conversation_however_it_is_typed(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await Talks.AddAsync(app, shop, ChannelKind.Whatsapp, "Émilie Sâadi", DateTimeOffset.UtcNow, ["salut"], messages: null);
        await Talks.AddAsync(app, shop, ChannelKind.Whatsapp, "Somebody +213500000012", DateTimeOffset.UtcNow, ["salam"]);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        foreach (var (text, name, not) in new[] { ("EMILIE saadi", "Émilie Sâadi", "Somebody"), ("0500 00 00 12", "Somebody", "Émilie"), ("500000012", "Somebody", "Émilie") })
        {
            await owner.GetAsync($"/w/{shop.Slug}/inbox?q={Uri.EscapeDataString(text)}");
            Assert.Contains(name, WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
            Assert.DoesNotContain($"<bdi>{not}", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        }
        await owner.GetAsync($"/w/{shop.Slug}/inbox?q=personne");
        Assert.Contains("Rien trouvé", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Paging_shows_each_conversation_once_also_where_many_share_one_moment(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var moment = DateTimeOffset.UtcNow.AddHours(-1);
        for (var i = 0; i < 70; i++) await Talks.AddAsync(app, shop, ChannelKind.Messenger, $"Client {i:000}", moment.AddMinutes(-(i / 20)), ["slm"]);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var seen = new List<string>();
        var address = $"/w/{shop.Slug}/inbox";
        for (var page = 0; page < 3; page++)
        {
            await owner.GetAsync(address);
            seen.AddRange(System.Text.RegularExpressions.Regex.Matches(owner.Html, "<bdi>(Client \\d+)</bdi>").Select(m => m.Groups[1].Value));
            var next = System.Text.RegularExpressions.Regex.Match(owner.Html, "href=\"([^\"]+after=[^\"]+)\"[^>]*rel=\"next\"|rel=\"next\"[^>]*href=\"([^\"]+)\"");
            Assert.Equal(page < 2, next.Success);
            address = WebUtility.HtmlDecode(next.Groups[1].Value + next.Groups[2].Value);
        }
        Assert.Equal(70, seen.Count);
        Assert.Equal(70, seen.Distinct().Count());
    }

    [Theory, OnBothDatabases]
    public async Task The_thread_says_who_wrote_how_far_it_came_and_what_to_do_when_it_failed(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Whatsapp, "Amina", DateTimeOffset.UtcNow, ["39 <b>كحلة</b>", "agent:3 900 دج", "member:bonjour", "agent:encore", "parti"], messages: all =>
        {
            (all[1].Status, all[1].Error) = (MessageStatus.Failed, "window_closed 131047");
            all[3].MayBeRepeated = true;
            (all[4].DeletedAt, all[4].Text) = (DateTimeOffset.UtcNow, "");
            all[0].Reaction = "❤";
        });
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        var text = WebUtility.HtmlDecode(owner.Html);
        Assert.Contains("&lt;b&gt;", owner.Html, StringComparison.Ordinal); // a customer's text is never markup
        Assert.Contains("plus de 24 h depuis le dernier message du client", text, StringComparison.Ordinal);
        Assert.Contains("peut-être reçu deux fois", text, StringComparison.Ordinal);
        Assert.Contains("Message retiré par le client", text, StringComparison.Ordinal);
        Assert.Contains("<bdi>Owner</bdi>", text, StringComparison.Ordinal);
        Assert.Contains("❤", text, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Older_messages_are_reached_page_by_page_and_the_unread_are_marked_until_seen(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim", DateTimeOffset.UtcNow, [.. Enumerable.Range(1, 130).Select(i => $"numero {i:000}")], c => c.Unread = 3);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        Assert.Contains("numero 130", owner.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("numero 070", owner.Html, StringComparison.Ordinal);
        Assert.True(owner.Html.IndexOf("id=\"unread\"", StringComparison.Ordinal) is var mark and > 0 && mark < owner.Html.IndexOf("numero 128", StringComparison.Ordinal) && mark > owner.Html.IndexOf("numero 127", StringComparison.Ordinal));
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        Assert.DoesNotContain("id=\"unread\"", owner.Html, StringComparison.Ordinal);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}?before=71");
        Assert.Contains("numero 070", owner.Html, StringComparison.Ordinal);
        Assert.Contains("numero 011", owner.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("numero 071", owner.Html, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Taking_over_silences_the_agent_and_giving_back_wakes_it(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim", DateTimeOffset.UtcNow, ["slm"]);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"/w/{shop.Slug}/inbox/{id}/take")).StatusCode);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        Assert.Contains("Vous répondez", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Equal((HeldBy.Person, shop.OwnerId), await HolderAsync());
        await owner.PostAsync($"/w/{shop.Slug}/inbox/{id}/release");
        Assert.Equal((HeldBy.Agent, null), await HolderAsync());

        async Task<(HeldBy, Guid?)> HolderAsync()
        {
            await using var scope = app.In(shop.Id);
            var conversation = await scope.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == id);
            return (conversation.HeldBy, conversation.HeldByAccount);
        }
    }

    [Theory, OnBothDatabases]
    public async Task An_open_page_hears_at_once_what_changed_and_nothing_of_other_shops(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        var id = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim", DateTimeOffset.UtcNow, ["slm"]);
        var foreign = await Talks.AddAsync(app, other, ChannelKind.Messenger, "Autre", DateTimeOffset.UtcNow, ["slm"]);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        using var stream = await owner.Http.GetAsync($"/w/{shop.Slug}/live", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await UntilAsync("event: live-hello");

        foreach (var (workspace, conversation) in new[] { (other.Id, foreign), (shop.Id, id) })
        {
            await using var scope = app.In(workspace);
            Assert.Null(await scope.Get<Holding>().TakeAsync(conversation, null, default));
        }
        var heard = await UntilAsync($"event: live-conversation-{id}");
        Assert.DoesNotContain(heard, line => line.Contains(foreign.ToString(), StringComparison.Ordinal));

        // Signing out ends the stream.
        await owner.GetAsync($"/w/{shop.Slug}/more");
        await owner.PostAsync("/sign-out");
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await lines.ReadLineAsync(bound.Token) is not null) { }

        async Task<List<string>> UntilAsync(string wanted)
        {
            using var within = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var all = new List<string>();
            while (await lines.ReadLineAsync(within.Token) is { } line)
            {
                all.Add(line);
                if (line == wanted) return all;
            }
            throw new InvalidOperationException("The stream ended.");
        }
    }
}
