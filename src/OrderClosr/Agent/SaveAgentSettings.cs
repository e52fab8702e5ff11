using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Agent;

/// <summary>How the agent is to sell, as somebody typed it.</summary>
/// <param name="When">When it answers: <c>always</c>, during these <c>hours</c>, or only while the shop is <c>closed</c>.</param>
/// <param name="Hours">The usual hours.</param>
/// <param name="OtherHours">Those of some other days (Friday); no days: none.</param>
public sealed record AgentWishes(string Rules, string Tone, string SoonMessage, string When, HoursWish Hours, HoursWish OtherHours)
{
    /// <summary>Other hours for some weeks; null: nobody spoke of them.</summary>
    public SeasonWish? Season { get; init; }

    /// <summary>The notice before the first reply; null: nobody spoke of it.</summary>
    public NoticeWish? Notice { get; init; }

    /// <summary>What is saved, as the form shows it.</summary>
    public static AgentWishes Of(AgentSettings settings)
    {
        var hours = AgentHours.Read(settings.Hours);
        return new(settings.Rules, settings.Tone, settings.SoonMessage, hours is null ? "always" : hours.Outside ? "closed" : "hours",
            HoursWish.Of(hours?.Spans[0]) ?? new("08:00", "22:00", [0, 1, 2, 3, 4, 5, 6]), HoursWish.Of(hours?.Spans.ElementAtOrDefault(1)) ?? new("14:30", "22:00", [])) { Season = SeasonWish.Of(hours?.Season), Notice = new(settings.NoticeOn, settings.NoticeArabic, settings.NoticeLatin) };
    }
}

/// <summary>The notice as typed.</summary>
/// <param name="On">Whether it is said.</param>
/// <param name="Arabic">To who writes in Arabic letters; empty: our words.</param>
/// <param name="Latin">To who writes French or Arabizi.</param>
public sealed record NoticeWish(bool On, string Arabic, string Latin);

/// <summary>The hours of Ramadan as typed: its days, and two spans of each (the day, the evening).</summary>
/// <param name="On">Whether they count.</param>
/// <param name="First">The first day, <c>2027-02-08</c>.</param>
/// <param name="Last">The last one.</param>
/// <param name="OtherHours">No days: no second span.</param>
public sealed record SeasonWish(bool On, string First, string Last, HoursWish Hours, HoursWish OtherHours)
{
    private static readonly int[] EveryDay = [0, 1, 2, 3, 4, 5, 6];

    internal static SeasonWish? Of(HoursSeason? season) => season is null ? null
        : new(true, Iso(season.First), Iso(season.Last), HoursWish.Of(season.Spans[0])!, HoursWish.Of(season.Spans.ElementAtOrDefault(1)) ?? new("20:30", "01:00", []));

    /// <summary>What the form offers before anybody typed: the days the calendar gives, the day until the sunset meal, the night after it.</summary>
    public static SeasonWish Offer(DateOnly today)
    {
        var (first, last) = Ramadan.Next(today);
        return new(false, Iso(first), Iso(last), new("10:00", "17:00", EveryDay), new("20:30", "01:00", EveryDay));
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
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
public sealed class SaveAgentSettings(OrderClosrDb db, Audit audit, TimeProvider time)
{
    /// <summary>Longest rules: they travel with every answer and cost with each.</summary>
    public const int LongestRules = 4000;

    /// <summary>Most days that other hours may last.</summary>
    public const int LongestSeason = 60;

    /// <summary>Longest tone and soon message.</summary>
    public const int LongestTone = 300, LongestSoon = 500;

    /// <summary>Longest notice: it must fit into one message of every channel.</summary>
    public const int LongestNotice = 600;

    /// <summary>All that is wrong, each with its field; nothing when saved.</summary>
    public async Task<IReadOnlyList<Refusal>> RunAsync(AgentWishes wishes, CancellationToken stop)
    {
        var (rules, tone, soon) = (PlainText.Lines(wishes.Rules).Trim(), PlainText.Lines(wishes.Tone).Trim(), PlainText.Lines(wishes.SoonMessage).Trim());
        var notice = wishes.Notice is { } typed ? typed with { Arabic = PlainText.Lines(typed.Arabic).Trim(), Latin = PlainText.Lines(typed.Latin).Trim() } : null;
        var (hours, wrongHours) = wishes.When == "always" ? (null, []) : HoursOf(wishes);
        List<Refusal> wrong = [.. new[] { Long("rules", rules, LongestRules), Long("tone", tone, LongestTone), Long("soon_message", soon, LongestSoon), Long("notice_arabic", notice?.Arabic ?? "", LongestNotice), Long("notice_latin", notice?.Latin ?? "", LongestNotice) }.OfType<Refusal>(), .. wrongHours];
        if (wrong.Count > 0) return wrong;
        await db.InTransactionAsync(async () =>
        {
            var now = time.GetUtcNow();
            var settings = await OwnAsync(db, now, stop);
            notice ??= new(settings.NoticeOn, settings.NoticeArabic, settings.NoticeLatin);
            string[] changed = [.. new[] { (settings.Rules != rules, "rules"), (settings.Tone != tone, "tone"), (settings.SoonMessage != soon, "soon_message"), (settings.Hours != hours, "hours"), (notice != new NoticeWish(settings.NoticeOn, settings.NoticeArabic, settings.NoticeLatin), "notice") }.Where(c => c.Item1).Select(c => c.Item2)];
            if (changed.Length > 0) audit.Write(AuditAction.AgentRulesChanged, now: new { Version = db.Entry(settings).State == EntityState.Added ? settings.Version : settings.Version + 1, Changed = string.Join(' ', changed) });
            (settings.Rules, settings.Tone, settings.SoonMessage) = (rules, tone, soon);
            (settings.NoticeOn, settings.NoticeArabic, settings.NoticeLatin) = (notice.On, notice.Arabic, notice.Latin);
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

    /// <summary>Which answers are only proposed. An empty amount with its tick set is refused.</summary>
    /// <param name="over">As typed; null: no limit.</param>
    public async Task<Refusal?> ProposeAsync(bool complaints, bool wholesale, string? over, CancellationToken stop)
    {
        var limit = TypedAmount.Read(over, "propose_over");
        if (!limit.Ok) return limit.Refusal;
        if (over is not null && limit.Value is null) return new Refusal("propose_over_missing", "Say from which amount on.", "propose_over");
        await db.InTransactionAsync(async () =>
        {
            var settings = await OwnAsync(db, time.GetUtcNow(), stop);
            audit.Write(AuditAction.AgentLimitsChanged, new { settings.ProposesComplaints, settings.ProposesWholesale, settings.ProposesOver },
                new { ProposesComplaints = complaints, ProposesWholesale = wholesale, ProposesOver = limit.Value });
            (settings.ProposesComplaints, settings.ProposesWholesale, settings.ProposesOver) = (complaints, wholesale, limit.Value);
            await db.SaveChangesAsync(stop);
            db.Tell("controls", db.WorkspaceId);
        }, stop);
        return null;
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
        var season = wishes.Season is { On: true } typed ? SeasonOf(typed, wrong) : null;
        return wrong.Count > 0 ? (null, wrong) : (new AgentHours([.. spans.OfType<HoursSpan>()], wishes.When == "closed", season).Write(), wrong);
    }

    /// <summary>Here a day may have both spans: until the sunset meal, and after it.</summary>
    private static HoursSeason SeasonOf(SeasonWish wish, List<Refusal> wrong)
    {
        var firstOk = DateOnly.TryParseExact(wish.First, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first);
        var lastOk = DateOnly.TryParseExact(wish.Last, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last);
        if (!firstOk) wrong.Add(new("date_wrong", "A day of the calendar.", "season_first"));
        if (!lastOk) wrong.Add(new("date_wrong", "A day of the calendar.", "season_last"));
        if (firstOk && lastOk && last < first) wrong.Add(new("season_order", "It ends before it begins.", "season_last"));
        else if (firstOk && lastOk && last.DayNumber - first.DayNumber >= LongestSeason) wrong.Add(new("season_long", $"At most {LongestSeason} days.", "season_last", [$"{LongestSeason}"]));
        if (wish.Hours.Days.Count == 0) wrong.Add(new("days_missing", "Choose a day.", "season_days"));
        List<HoursSpan?> spans = [SpanOf(wish.Hours, "season_", wrong), wish.OtherHours.Days.Count == 0 ? null : SpanOf(wish.OtherHours, "season_other_", wrong)];
        return new(first, last, [.. spans.OfType<HoursSpan>()]);
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
