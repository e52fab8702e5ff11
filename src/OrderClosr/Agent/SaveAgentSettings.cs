using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>How the agent is to sell, as somebody typed it.</summary>
/// <param name="When">When it answers: <c>always</c>, during these <c>hours</c>, or only while the shop is <c>closed</c>.</param>
/// <param name="Hours">The usual hours.</param>
/// <param name="OtherHours">Those of some other days (Friday); no days: none.</param>
public sealed record AgentWishes(string Rules, string Tone, string SoonMessage, string When, HoursWish Hours, HoursWish OtherHours)
{
    /// <summary>What is saved, as the form shows it.</summary>
    public static AgentWishes Of(AgentSettings settings)
    {
        var hours = AgentHours.Read(settings.Hours);
        return new(settings.Rules, settings.Tone, settings.SoonMessage, hours is null ? "always" : hours.Outside ? "closed" : "hours",
            HoursWish.Of(hours?.Spans[0]) ?? new("08:00", "22:00", [0, 1, 2, 3, 4, 5, 6]), HoursWish.Of(hours?.Spans.ElementAtOrDefault(1)) ?? new("14:30", "22:00", []));
    }
}

/// <summary>Hours of some days as typed.</summary>
/// <param name="From">Opening in Algiers time, <c>08:00</c>.</param>
/// <param name="To">Closing; before <paramref name="From"/>: after midnight.</param>
/// <param name="Days">Days of the week, 0 is Sunday.</param>
public sealed record HoursWish(string From, string To, IReadOnlyList<int> Days)
{
    internal static HoursWish? Of(HoursSpan? span) => span is null ? null : new(Clock(span.From), Clock(span.To), span.Days);

    private static string Clock(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}

/// <summary>Writes how the agent sells: rules, tone, what it says while it cannot answer, its hours.</summary>
public sealed class SaveAgentSettings(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Longest rules: they travel with every answer and cost with each.</summary>
    public const int LongestRules = 4000;

    /// <summary>Longest tone and soon message.</summary>
    public const int LongestTone = 300, LongestSoon = 500;

    /// <summary>All that is wrong, each with its field; nothing when saved.</summary>
    public async Task<IReadOnlyList<Refusal>> RunAsync(AgentWishes wishes, CancellationToken stop)
    {
        var (rules, tone, soon) = (PlainText.Lines(wishes.Rules).Trim(), PlainText.Lines(wishes.Tone).Trim(), PlainText.Lines(wishes.SoonMessage).Trim());
        var (hours, wrongHours) = wishes.When == "always" ? (null, []) : HoursOf(wishes);
        List<Refusal> wrong = [.. new[] { Long("rules", rules, LongestRules), Long("tone", tone, LongestTone), Long("soon_message", soon, LongestSoon) }.OfType<Refusal>(), .. wrongHours];
        if (wrong.Count > 0) return wrong;
        await db.InTransactionAsync(async () =>
        {
            var now = time.GetUtcNow();
            var settings = await OwnAsync(db, now, stop);
            (settings.Rules, settings.Tone, settings.SoonMessage) = (rules, tone, soon);
            if (settings.Hours != hours)
            {
                settings.Hours = hours;
                // Who waits for an opening that is another one now is looked at again.
                await db.Conversations.Where(c => c.SilentBecause == TurnGates.OutsideHours && c.FirstUnansweredAt != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(c => c.DueAt, (DateTimeOffset?)now).SetProperty(c => c.Version, c => c.Version + 1), stop);
            }
            await db.SaveChangesAsync(stop);
            db.Tell("controls", db.WorkspaceId);
        }, stop);
        return [];
    }

    /// <summary>The workspace's settings to be changed, made when nobody touched them yet. Within a transaction.</summary>
    internal static async Task<AgentSettings> OwnAsync(OrderClosrDb db, DateTimeOffset now, CancellationToken stop)
    {
        // The workspace's row stands for settings that may not be there yet: of two who save at once the second waits.
        await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
        var settings = await db.AgentSettings.SingleOrDefaultAsync(stop);
        if (settings is null) db.Add(settings = new AgentSettings { Id = Id<AgentSettings>.New(now) });
        return settings;
    }

    private static Refusal? Long(string field, string text, int most) => text.Length <= most ? null : new("text_long", $"At most {most} characters.", field, [$"{most}"]);

    private static (string? Json, List<Refusal> Wrong) HoursOf(AgentWishes wishes)
    {
        var wrong = new List<Refusal>();
        List<HoursSpan?> spans = [SpanOf(wishes.Hours, "", wrong), wishes.OtherHours.Days.Count == 0 ? null : SpanOf(wishes.OtherHours, "other_", wrong)];
        if (wishes.Hours.Days.Count == 0) wrong.Add(new("days_missing", "Choose a day.", "days"));
        if (wishes.Hours.Days.Intersect(wishes.OtherHours.Days).Any()) wrong.Add(new("day_twice", "A day has one of the two.", "other_days"));
        return wrong.Count > 0 ? (null, wrong) : (new AgentHours([.. spans.OfType<HoursSpan>()], wishes.When == "closed").Write(), wrong);
    }

    private static HoursSpan SpanOf(HoursWish wish, string prefix, List<Refusal> wrong)
    {
        var fromOk = TimeOnly.TryParseExact(wish.From, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from);
        var toOk = TimeOnly.TryParseExact(wish.To, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to);
        if (!fromOk) wrong.Add(new("hours_wrong", "A time like 08:00.", prefix + "from"));
        if (!toOk) wrong.Add(new("hours_wrong", "A time like 22:00.", prefix + "to"));
        if (fromOk && toOk && from == to) wrong.Add(new("hours_same", "Opening and closing are the same time.", prefix + "to"));
        return new(from, to, [.. wish.Days.Distinct().Order()]);
    }
}
