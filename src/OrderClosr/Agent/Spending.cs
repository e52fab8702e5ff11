using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Agent;

/// <summary>What Claude cost the shop, against the caps its owner set: per day and per month, in dinars, days and months of Algiers.</summary>
/// <remarks>Claude bills in dollars; the operator says what one costs (<c>Claude:DinarsPerDollar</c>). At a cap each conversation that asks for
/// an answer goes to a person, the customer is told once, and the agent goes on with the next day (or month), or as soon as the cap is raised.</remarks>
public sealed class Spending(OrderClosrDb db, Holding holding, IConfiguration settings, Audit audit, TimeProvider time)
{
    /// <summary>Why a conversation was handed over: codes of the pages' words.</summary>
    public const string DayCap = "day_cap", MonthCap = "month_cap";

    /// <summary>About what a bank asks for a dollar; the operator sets his own.</summary>
    public const decimal UsualDinarsPerDollar = 135;

    private static readonly string[] Caps = [DayCap, MonthCap];

    private decimal Rate => settings.GetValue("Claude:DinarsPerDollar", UsualDinarsPerDollar);

    /// <summary>What an amount of Claude comes to, in begun dinars.</summary>
    public Dinars In(long microDollars) => new Spent(0, microDollars, Rate).Month;

    /// <summary>What was spent today and this month.</summary>
    public async Task<Spent> ReadAsync(CancellationToken stop)
    {
        var today = time.TodayInAlgiers();
        var (day, month) = (AlgiersTime.StartOf(today), AlgiersTime.StartOf(new DateOnly(today.Year, today.Month, 1)));
        var ofMonth = await db.Turns.Where(t => t.EndedAt >= month).SumAsync(t => t.CostMicroDollars, stop);
        var ofDay = day == month ? ofMonth : await db.Turns.Where(t => t.EndedAt >= day).SumAsync(t => t.CostMicroDollars, stop);
        return new(ofDay, ofMonth, Rate);
    }

    /// <summary>Nothing is read while no cap is set.</summary>
    internal async Task<Spent> ReadAsync(AgentSettings agent, CancellationToken stop) => agent.DayCap is null && agent.MonthCap is null ? new(0, 0, Rate) : await ReadAsync(stop);

    /// <summary>When a cap opens again by itself, from now; null for other reasons.</summary>
    internal TimeSpan? OpensIn(string reason)
    {
        var today = time.TodayInAlgiers();
        return reason switch
        {
            DayCap => AlgiersTime.StartOf(today.AddDays(1)) - time.GetUtcNow(),
            MonthCap => AlgiersTime.StartOf(new DateOnly(today.Year, today.Month, 1).AddMonths(1)) - time.GetUtcNow(),
            _ => null,
        };
    }

    /// <summary>Sets both caps as typed (empty: none); what was handed over because of a cap that is not reached any more goes back to the agent.</summary>
    public async Task<Refusal?> CapAsync(string? day, string? month, CancellationToken stop)
    {
        var (ofDay, ofMonth) = (TypedAmount.Read(day, "day_cap"), TypedAmount.Read(month, "month_cap"));
        if (!ofDay.Ok) return ofDay.Refusal;
        if (!ofMonth.Ok) return ofMonth.Refusal;
        foreach (var (cap, field) in new[] { (ofDay.Value, "day_cap"), (ofMonth.Value, "month_cap") })
            if (cap == Dinars.Zero) return new Refusal("cap_zero", "Nothing at all is a pause: use the switch.", field);
        var agent = await db.InTransactionAsync(async () =>
        {
            var saved = await SaveAgentSettings.OwnAsync(db, time.GetUtcNow(), stop);
            audit.Write(AuditAction.AgentLimitsChanged, new { saved.DayCap, saved.MonthCap }, new { DayCap = ofDay.Value, MonthCap = ofMonth.Value });
            (saved.DayCap, saved.MonthCap) = (ofDay.Value, ofMonth.Value);
            await db.SaveChangesAsync(stop);
            db.Tell("controls", db.WorkspaceId);
            return saved;
        }, stop);
        if ((await ReadAsync(agent, stop)).Over(agent) is not null) return null;
        foreach (var id in await db.Conversations.Where(c => c.HeldBy == HeldBy.Nobody && Caps.Contains(c.HandOverReason)).Select(c => c.Id).ToListAsync(stop))
        {
            // Each in a commit of its own: one row's conflict is not the others'.
            db.ChangeTracker.Clear();
            await holding.ReleaseAsync(id, stop);
        }
        return null;
    }
}

/// <summary>What Claude cost, in millionths of a dollar, and what a dollar costs.</summary>
public sealed record Spent(long DayMicroDollars, long MonthMicroDollars, decimal DinarsPerDollar)
{
    /// <summary>Today's, in begun dinars.</summary>
    public Dinars Day => In(DayMicroDollars);

    /// <summary>This month's, in begun dinars.</summary>
    public Dinars Month => In(MonthMicroDollars);

    /// <summary>Which cap is reached, with so much more spent; null: none.</summary>
    public string? Over(AgentSettings agent, long moreMicroDollars = 0) =>
        In(DayMicroDollars + moreMicroDollars) >= agent.DayCap ? Spending.DayCap : In(MonthMicroDollars + moreMicroDollars) >= agent.MonthCap ? Spending.MonthCap : null;

    /// <summary>What the month comes to if it goes on like this.</summary>
    public Dinars MonthAt(DateTimeOffset now)
    {
        var today = AlgiersTime.DateInAlgiers(now);
        var (begin, end) = (AlgiersTime.StartOf(new DateOnly(today.Year, today.Month, 1)), AlgiersTime.StartOf(new DateOnly(today.Year, today.Month, 1).AddMonths(1)));
        // The first hours say nothing of a month.
        var gone = Math.Max((now - begin) / (end - begin), 1 / 31d);
        return In((long)(MonthMicroDollars / gone));
    }

    private Dinars In(long microDollars) => new((long)Math.Ceiling(microDollars * DinarsPerDollar / 1_000_000));
}
