using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Billing;

/// <summary>That the agent answered in a conversation within a month: counted once, however much is said.</summary>
public sealed class UsageMark : IOfWorkspace, IHasId<UsageMark>
{
    public required Id<UsageMark> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>The first day of the month.</summary>
    public required DateOnly MonthOn { get; init; }

    /// <summary>The conversation's id; says nothing of whose it is, and stays when the customer is erased.</summary>
    public required Guid Conversation { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>What the plan says to an answer of the agent.</summary>
public enum PlanWord
{
    /// <summary>Go on.</summary>
    Open,

    /// <summary>Not paid for: the agent rests.</summary>
    Rests,

    /// <summary>The month's conversations and the margin are used up, and this one is new: a person answers.</summary>
    Full,
}

/// <summary>How many conversations of the month are used, and what follows: a letter at 80 and at 100 %, a margin of a tenth, then new ones go to a person.</summary>
/// <remarks>A conversation that was counted goes on whatever happens: nobody is cut off in the middle (decision 016).</remarks>
public sealed class UsageMeter(OrderClosrDb db, Plans plans, Subscriptions subscriptions, PlanLetters letters, TimeProvider time)
{
    /// <summary>Percent at which the owner is written to.</summary>
    public static readonly IReadOnlyList<int> Warnings = [80, 100];

    /// <summary>So many conversations may be begun over a limit: a tenth of it, ten at least.</summary>
    public static int MarginOf(int limit) => Math.Max(10, limit / 10);

    /// <summary>Asked before a turn of the agent.</summary>
    public async Task<PlanWord> AskAsync(Guid conversation, CancellationToken stop)
    {
        if (await subscriptions.EnsureAsync(stop) is not { } subscription) return PlanWord.Open;
        var today = time.TodayInAlgiers();
        if (!subscription.Serves(today)) return PlanWord.Rests;
        if (plans.Of(subscription).Conversations is not { } limit) return PlanWord.Open;
        var month = Periods.Month(today);
        if (await db.UsageMarks.AnyAsync(u => u.MonthOn == month && u.Conversation == conversation, stop)) return PlanWord.Open;
        return await db.UsageMarks.CountAsync(u => u.MonthOn == month, stop) >= limit + MarginOf(limit) ? PlanWord.Full : PlanWord.Open;
    }

    /// <summary>The agent answers: counted in the transaction of the answer.</summary>
    public async Task CountAsync(Guid conversation, CancellationToken stop)
    {
        if (!plans.IsOn || await db.Subscriptions.AsNoTracking().SingleOrDefaultAsync(stop) is not { } subscription) return;
        var (now, month) = (time.GetUtcNow(), Periods.Month(time.TodayInAlgiers()));
        if (!await db.AddUnlessThereAsync(new UsageMark { Id = Id<UsageMark>.New(now), MonthOn = month, Conversation = conversation, At = now }, stop)) return;
        if (plans.Of(subscription).Conversations is not { } limit) return;
        var used = await db.UsageMarks.CountAsync(u => u.MonthOn == month, stop);
        foreach (var percent in Warnings)
            if (used * 100 >= limit * percent && await letters.NoteAsync($"usage-{month:yyyy-MM}", percent, stop)) await letters.WriteAsync(PlanLetter.Usage, null, percent, stop);
    }

    /// <summary>When new conversations are answered again: the next month.</summary>
    public TimeSpan OpensIn() => AlgiersTime.StartOf(Periods.Month(time.TodayInAlgiers()).AddMonths(1)) - time.GetUtcNow();

    /// <summary>How much of this month is used.</summary>
    public Task<int> UsedAsync(CancellationToken stop)
    {
        var month = Periods.Month(time.TodayInAlgiers());
        return db.UsageMarks.CountAsync(u => u.MonthOn == month, stop);
    }
}
