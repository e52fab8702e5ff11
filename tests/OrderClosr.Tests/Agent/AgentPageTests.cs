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

    [Fact]
    public void Other_hours_hold_from_their_first_day_to_their_last_and_no_minute_more()
    {
        // Usual 08 to 22 every day; from 8 February to 9 March 2027 until the sunset meal and after it, past midnight. Algiers is an hour ahead.
        int[] every = [0, 1, 2, 3, 4, 5, 6];
        HoursSpan[] usual = [new(new(8, 0), new(22, 0), every)], ramadan = [new(new(10, 0), new(17, 0), every), new(new(20, 30), new(1, 0), every)];
        var season = new HoursSeason(new(2027, 2, 8), new(2027, 3, 9), ramadan);
        var (within, outside) = (new AgentHours(usual, Season: season), new AgentHours(usual, Outside: true, season));
        foreach (var (local, isOpen, next) in new[]
        {
            // Into the first day: its night does not begin the evening before.
            ("2027-02-07 21:59", true, "2027-02-08 10:00"), ("2027-02-07 22:00", false, "2027-02-08 10:00"), ("2027-02-08 00:30", false, "2027-02-08 10:00"), ("2027-02-08 08:00", false, "2027-02-08 10:00"),
            ("2027-02-08 10:00", true, "2027-02-08 20:30"), ("2027-02-08 17:00", false, "2027-02-08 20:30"), ("2027-02-08 23:59", true, "2027-02-09 10:00"), ("2027-02-09 00:59", true, "2027-02-09 10:00"), ("2027-02-09 01:00", false, "2027-02-09 10:00"),
            // Out of the last day: its night ends after it, then the usual hours are back.
            ("2027-03-09 08:30", false, "2027-03-09 10:00"), ("2027-03-09 22:00", true, "2027-03-10 08:00"), ("2027-03-10 00:59", true, "2027-03-10 08:00"), ("2027-03-10 01:00", false, "2027-03-10 08:00"), ("2027-03-10 08:00", true, "2027-03-11 08:00"), ("2027-03-10 18:00", true, "2027-03-11 08:00"),
        })
        {
            Assert.Equal((local, isOpen, !isOpen), (local, within.IsOpen(At(local)), outside.IsOpen(At(local))));
            Assert.Equal((local, At(next)), (local, within.NextOpening(At(local))!.Value));
        }
        Assert.Equal(At("2027-02-08 17:00"), outside.NextOpening(At("2027-02-08 12:00")));
        Assert.Equal(At("2027-03-10 01:00"), outside.NextOpening(At("2027-03-09 21:00")));
        Assert.Equal(within.Write(), AgentHours.Read(within.Write())!.Write());
        // The guess of the form: the calendar's next, this one while it runs.
        Assert.Equal((new(2027, 2, 8), new(2027, 3, 8)), Ramadan.Next(new(2026, 11, 28)));
        Assert.Equal(new(2027, 2, 8), Ramadan.Next(new(2027, 3, 8)).First);
        Assert.Equal(2028, Ramadan.Next(new(2027, 3, 9)).First.Year);

        static DateTimeOffset At(string local) => new(DateTime.ParseExact(local, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Hours_of_ramadan_are_saved_with_their_days_and_what_is_wrong_is_said()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/agent";
        await owner.GetAsync(page);
        Task<HttpResponseMessage> SaveAsync(string first, string last, string on = "true") => owner.PostAsync(page, true, [("when", "hours"), ("from", "08:00"), ("to", "22:00"), ("days", "6"), ("season", on),
            ("season_first", first), ("season_last", last), ("season_from", "10:00"), ("season_to", "17:00"), ("season_days", "6"), ("season_other_from", "20:30"), ("season_other_to", "01:00"), ("season_other_days", "6")]);
        foreach (var (first, last, says) in new[] { ("2027-03-09", "2027-02-08", "La fin est avant le début."), ("demain", "2027-02-08", "Une date du calendrier."), ("2027-02-08", "2027-04-09", "60 jours au plus.") })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SaveAsync(first, last)).StatusCode);
            Assert.Contains(says, WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Redirect, (await SaveAsync("2027-02-08", "2027-03-09")).StatusCode);
        await using (var scope = app.In(shop.Id))
        {
            var season = AgentHours.Read((await scope.Db.AgentSettings.AsNoTracking().SingleAsync()).Hours)!.Season!;
            Assert.Equal((new(2027, 2, 8), new(2027, 3, 9), 2), (season.First, season.Last, season.Spans.Count));
        }
        await owner.GetAsync(page);
        Assert.Contains("value=\"2027-02-08\"", owner.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await SaveAsync("2027-02-08", "2027-03-09", on: "")).StatusCode);
        await using (var scope = app.In(shop.Id)) Assert.Null(AgentHours.Read((await scope.Db.AgentSettings.AsNoTracking().SingleAsync()).Hours)!.Season);
    }
}
