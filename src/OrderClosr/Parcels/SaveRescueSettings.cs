using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>The rules of rescue as a form has them; null: no number.</summary>
public sealed record RescueRules(bool WritesAlone, bool TellsDelivery, int? SilentAfter, int? RemindAfter, int? DeskKeeps, int? WakesAt, int? SleepsAt, string AttemptTemplate, string DeskTemplate, string ReminderTemplate)
{
    /// <summary>As they stand.</summary>
    public static RescueRules Of(RescueSettings s) => new(s.WritesAlone, s.TellsDelivery, s.SilentAfterHours, s.RemindAfterDays, s.DeskKeepsDays, s.WakesAtHour, s.SleepsAtHour, s.AttemptTemplate, s.DeskTemplate, s.ReminderTemplate);
}

/// <summary>Changes the rules of rescue.</summary>
public sealed class SaveRescueSettings(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Null when saved; <c>number_out_of_range</c> with the field, <c>too_long</c>.</summary>
    public Task<Refusal?> RunAsync(RescueRules rules, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        foreach (var (field, value, least, most) in ((string, int?, int, int)[])
                 [("silent_after", rules.SilentAfter, 1, 72), ("remind_after", rules.RemindAfter, 1, 14), ("desk_keeps", rules.DeskKeeps, 0, 60), ("wakes_at", rules.WakesAt, 0, 23), ("sleeps_at", rules.SleepsAt, (rules.WakesAt ?? 0) + 1, 24)])
            if (value is not { } number || number < least || number > most) return new("number_out_of_range", $"A whole number from {least} to {most}.", field, [$"{least} – {most}"]);
        foreach (var (field, name) in ((string, string)[])[("attempt_template", rules.AttemptTemplate), ("desk_template", rules.DeskTemplate), ("reminder_template", rules.ReminderTemplate)])
            if (name.Length > 200) return new("too_long", "At most 200 characters.", field);
        var settings = await db.RescueSettings.FirstOrDefaultAsync(stop);
        if (settings is null) db.Add(settings = new() { Id = Id<RescueSettings>.New(time.GetUtcNow()) });
        (settings.WritesAlone, settings.TellsDelivery, settings.SilentAfterHours, settings.RemindAfterDays, settings.DeskKeepsDays) = (rules.WritesAlone, rules.TellsDelivery, rules.SilentAfter!.Value, rules.RemindAfter!.Value, rules.DeskKeeps!.Value);
        (settings.WakesAtHour, settings.SleepsAtHour) = (rules.WakesAt!.Value, rules.SleepsAt!.Value);
        (settings.AttemptTemplate, settings.DeskTemplate, settings.ReminderTemplate) = (rules.AttemptTemplate.Trim(), rules.DeskTemplate.Trim(), rules.ReminderTemplate.Trim());
        await db.SaveChangesAsync(stop);
        return null;
    }, stop);
}
