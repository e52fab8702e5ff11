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
            ("from", "08:30"), ("to", "01:00"), ("days", "6"), ("days", "0"), ("days", "0"), ("other_from", "14:30"), ("other_to", "22:00"), ("other_days", "5"))).StatusCode);
        await using (var scope = app.In(shop.Id))
        {
            var saved = await scope.Db.AgentSettings.AsNoTracking().SingleAsync();
            Assert.Equal(("Échange sous 3 jours.\nPas de carte.", "bref", "On arrive."), (saved.Rules, saved.Tone, saved.SoonMessage));
            var hours = AgentHours.Read(saved.Hours)!;
            Assert.Equal(["08:30 01:00 0,6", "14:30 22:00 5"], hours.Spans.Select(h => $"{h.From:HH:mm} {h.To:HH:mm} {string.Join(',', h.Days)}"));
            Assert.False(hours.Outside);
            Assert.True((await scope.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == waits)).DueAt <= DateTimeOffset.UtcNow);
        }
        await owner.GetAsync(page);
        Assert.Contains("value=\"08:30\"", owner.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"14:30\"", owner.Html, StringComparison.Ordinal);
        Assert.Contains("Pas de carte.", owner.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync(page, true, ("when", "closed"), ("from", "08:30"), ("to", "18:00"), ("days", "5"), ("other_from", "14:30"), ("other_to", "22:00"), ("other_days", "5"))).StatusCode);
        Assert.Contains("un seul des deux horaires", owner.Html, StringComparison.Ordinal);
        await owner.PostAsync(page, true, ("when", "closed"), ("from", "08:30"), ("to", "18:00"), ("days", "6"));
        await using (var scope = app.In(shop.Id)) Assert.True(AgentHours.Read((await scope.Db.AgentSettings.AsNoTracking().SingleAsync()).Hours)!.Outside);

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

    [Fact]
    public void Hours_hold_by_the_day_over_midnight_and_outside_of_the_shops_own()
    {
        // Saturday to Thursday into the night, Friday from the afternoon; 2026-11-27 is a Friday. Algiers is an hour ahead.
        HoursSpan[] spans = [new(new(8, 0), new(1, 0), [6, 0, 1, 2, 3, 4]), new(new(14, 30), new(22, 0), [5])];
        var (within, outside) = (new AgentHours(spans), new AgentHours(spans, Outside: true));
        foreach (var (local, isOpen, next) in new[]
        {
            ("2026-11-27 00:59", true, "2026-11-27 14:30"), ("2026-11-27 01:00", false, "2026-11-27 14:30"), ("2026-11-27 14:29", false, "2026-11-27 14:30"), ("2026-11-27 14:30", true, "2026-11-28 08:00"),
            ("2026-11-27 22:00", false, "2026-11-28 08:00"), ("2026-11-28 07:59", false, "2026-11-28 08:00"), ("2026-11-28 23:30", true, "2026-11-29 08:00"), ("2026-11-29 00:30", true, "2026-11-29 08:00"),
        })
        {
            var at = At(local);
            Assert.Equal((local, isOpen, !isOpen), (local, within.IsOpen(at), outside.IsOpen(at)));
            Assert.Equal(At(next), within.NextOpening(at));
        }
        Assert.Equal(At("2026-11-27 22:00"), outside.NextOpening(At("2026-11-27 15:00")));
        Assert.Equal(At("2026-11-29 01:00"), outside.NextOpening(At("2026-11-28 09:00")));
        // Never closed: nothing is left for the agent, and nothing is promised.
        Assert.Null(new AgentHours([new(new(8, 0), new(20, 0), [0, 1, 2, 3, 4, 5, 6]), new(new(20, 0), new(8, 0), [0, 1, 2, 3, 4, 5, 6])], Outside: true).NextOpening(At("2026-11-27 09:00")));
        Assert.Equal(within.Write(), AgentHours.Read(within.Write())!.Write());
        foreach (var none in (string?[])[null, "", "{", "{\"spans\":[]}", "{\"spans\":[{\"from\":\"08:00\",\"to\":\"08:00\",\"days\":[1]}]}", "{\"from\":\"08:00\",\"to\":\"22:00\"}"]) Assert.Null(AgentHours.Read(none));

        static DateTimeOffset At(string local) => new(DateTime.ParseExact(local, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(1));
    }
}
