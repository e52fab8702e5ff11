using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>The merchant's rules about orders as somebody wants them; a number that could not be read is null.</summary>
public sealed record OrderRules(bool ConfirmsAlone, int? DuplicateHours, int? RiskFrom, int? MostAttempts, int? RetryMinutes)
{
    public static OrderRules Of(OrderSettings settings) => new(settings.ConfirmsAlone, settings.DuplicateHours, settings.RiskFrom, settings.MostAttempts, settings.RetryMinutes);
}

/// <summary>Writes the merchant's rules about orders. They hold for what comes; orders that are there stay as they are.</summary>
public sealed class SaveOrderSettings(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Least and most of each number, by its field.</summary>
    public static readonly IReadOnlyDictionary<string, (int Least, int Most)> Limits = new Dictionary<string, (int, int)>
    {
        ["duplicate_hours"] = (1, 720), ["risk_from"] = (1, 100), ["most_attempts"] = (1, 20), ["retry_minutes"] = (10, 2880),
    };

    /// <summary>All that is wrong, or nothing when saved.</summary>
    public async Task<IReadOnlyList<Refusal>> RunAsync(OrderRules rules, CancellationToken stop)
    {
        List<Refusal> wrong = [.. new[] { Check("duplicate_hours", rules.DuplicateHours), Check("risk_from", rules.RiskFrom), Check("most_attempts", rules.MostAttempts), Check("retry_minutes", rules.RetryMinutes) }.OfType<Refusal>()];
        if (wrong.Count > 0) return wrong;
        await db.InTransactionAsync(async () =>
        {
            // The workspace's row stands for settings that may not be there yet: of two who save at once the second waits.
            await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
            var settings = await db.OrderSettings.SingleOrDefaultAsync(stop);
            if (settings is null) db.Add(settings = new OrderSettings { Id = Id<OrderSettings>.New(time.GetUtcNow()) });
            (settings.ConfirmsAlone, settings.DuplicateHours, settings.RiskFrom) = (rules.ConfirmsAlone, rules.DuplicateHours!.Value, rules.RiskFrom!.Value);
            (settings.MostAttempts, settings.RetryMinutes) = (rules.MostAttempts!.Value, rules.RetryMinutes!.Value);
            await db.SaveChangesAsync(stop);
        }, stop);
        return [];
    }

    private static Refusal? Check(string field, int? value)
    {
        var (least, most) = Limits[field];
        return value >= least && value <= most ? null : new("number_out_of_range", $"Between {least} and {most}.", field, [$"{least}", $"{most}"]);
    }
}
