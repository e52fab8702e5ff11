using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Tests.Conversations;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Agent;

/// <summary>The page where a merchant says how the agent sells.</summary>
public sealed class AgentPageTests
{
    [Theory, OnBothDatabases]
    public async Task What_the_agent_is_told_is_saved_and_who_waits_for_its_hours_is_looked_at_again(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var waits = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim", DateTimeOffset.UtcNow, ["slm"], c =>
            (c.FirstUnansweredAt, c.AnsweredUpTo, c.SilentBecause, c.DueAt) = (DateTimeOffset.UtcNow, 0, TurnGates.OutsideHours, DateTimeOffset.UtcNow.AddHours(9)));
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/agent";
        await owner.GetAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync(page, true, ("rules", "Échange sous 3 jours.\u0007\r\nPas de carte."), ("tone", "bref"), ("soon_message", "On arrive."), ("when", "hours"),
            ("from", "08:30"), ("to", "01:00"), ("days", "6"), ("days", "0"), ("days", "0"))).StatusCode);
        await using (var scope = app.In(shop.Id))
        {
            var saved = await scope.Db.AgentSettings.AsNoTracking().SingleAsync();
            Assert.Equal(("Échange sous 3 jours.\nPas de carte.", "bref", "On arrive."), (saved.Rules, saved.Tone, saved.SoonMessage));
            var hours = AgentHours.Read(saved.Hours)!;
            Assert.Equal((new TimeOnly(8, 30), new TimeOnly(1, 0), "0,6"), (hours.From, hours.To, string.Join(',', hours.Days!)));
            Assert.True((await scope.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == waits)).DueAt <= DateTimeOffset.UtcNow);
        }
        await owner.GetAsync(page);
        Assert.Contains("value=\"08:30\"", owner.Html, StringComparison.Ordinal);
        Assert.Contains("Pas de carte.", owner.Html, StringComparison.Ordinal);

        await owner.PostAsync(page, true, ("rules", ""), ("tone", ""), ("soon_message", ""), ("when", "always"), ("from", "08:30"), ("to", "01:00"));
        await using (var scope = app.In(shop.Id)) Assert.Null((await scope.Db.AgentSettings.AsNoTracking().SingleAsync()).Hours);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_is_said_beside_its_field_and_nothing_is_saved_or_lost(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/agent";
        await owner.GetAsync(page);
        foreach (var (from, to, day, says) in new[]
        {
            ("8h", "22:00", "1", "Une heure comme 08:00."), ("08:00", "25:00", "1", "Une heure comme 08:00."), ("08:00", "08:00", "1", "la même heure"), ("08:00", "22:00", "9", "Choisissez au moins un jour."),
        })
        {
            var answer = await owner.PostAsync(page, true, ("rules", new string('x', SaveAgentSettings.LongestRules + 1)), ("tone", "bref et gentil"), ("when", "hours"), ("from", from), ("to", to), ("days", day));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            var text = WebUtility.HtmlDecode(owner.Html);
            Assert.Contains(says, text, StringComparison.Ordinal);
            Assert.Contains("4000 caractères au plus.", text, StringComparison.Ordinal);
            Assert.Contains("bref et gentil", text, StringComparison.Ordinal);
        }
        await using var scope = app.In(shop.Id);
        Assert.False(await scope.Db.AgentSettings.AnyAsync());
    }
}
