using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>How the agent is to sell, as somebody typed it.</summary>
/// <param name="HasHours">False: the agent answers always.</param>
/// <param name="From">Opening in Algiers time, <c>08:00</c>.</param>
/// <param name="To">Closing; before <paramref name="From"/>: after midnight.</param>
/// <param name="Days">Days of the week it opens on, 0 is Sunday.</param>
public sealed record AgentWishes(string Rules, string Tone, string SoonMessage, bool HasHours, string From, string To, IReadOnlyList<int> Days)
{
    private const string Opens = "08:00", Closes = "22:00";

    /// <summary>What is saved, as the form shows it.</summary>
    public static AgentWishes Of(AgentSettings settings)
    {
        var hours = AgentHours.Read(settings.Hours);
        return new(settings.Rules, settings.Tone, settings.SoonMessage, hours is not null, Clock(hours?.From) ?? Opens, Clock(hours?.To) ?? Closes, hours?.Days is { Count: > 0 } days ? days : [0, 1, 2, 3, 4, 5, 6]);
    }

    private static string? Clock(TimeOnly? time) => time?.ToString("HH:mm", CultureInfo.InvariantCulture);
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
        var (hours, wrongHours) = wishes.HasHours ? HoursOf(wishes) : (null, null);
        List<Refusal> wrong = [.. new[] { Long("rules", rules, LongestRules), Long("tone", tone, LongestTone), Long("soon_message", soon, LongestSoon), wrongHours }.OfType<Refusal>()];
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

    private static (string? Json, Refusal? Wrong) HoursOf(AgentWishes wishes)
    {
        if (!TimeOnly.TryParseExact(wishes.From, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)) return (null, new("hours_wrong", "A time like 08:00.", "from"));
        if (!TimeOnly.TryParseExact(wishes.To, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to)) return (null, new("hours_wrong", "A time like 22:00.", "to"));
        if (from == to) return (null, new("hours_same", "Opening and closing are the same time.", "to"));
        var days = wishes.Days.Where(d => d is >= 0 and <= 6).Distinct().Order().ToList();
        if (days.Count == 0) return (null, new("days_missing", "Choose a day.", "days"));
        return (new AgentHours(from, to, days.Count == 7 ? null : days).Write(), null);
    }
}
