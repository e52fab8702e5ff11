using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>What a courier account has called lately, over all machines and past every restart. One row per account, under the account's id.</summary>
public sealed class CallBudget : IOfWorkspace, IHasId<CallBudget>
{
    public required Id<CallBudget> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>A <see cref="CallLedger"/>.</summary>
    public string Calls { get; set; } = "";

    /// <summary>The courier asked that nobody calls before.</summary>
    public DateTimeOffset? HeldUntil { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }
}

/// <summary>Where the budget of one account is kept.</summary>
internal abstract class KeptBudget
{
    /// <summary>Changes it; nobody else changes it meanwhile.</summary>
    internal abstract Task<CallGrant> ChangeAsync(Func<CallBudget, CallGrant> change, CancellationToken stop);

    /// <summary>Until when the courier asked to be left alone.</summary>
    internal abstract Task<DateTimeOffset?> HeldUntilAsync(CancellationToken stop);
}

/// <summary>In this process alone: for credentials without an account.</summary>
internal sealed class BudgetInMemory : KeptBudget
{
    private readonly CallBudget _budget = new() { Id = default, ChangedAt = default };
    private readonly Lock _lock = new();

    internal override Task<CallGrant> ChangeAsync(Func<CallBudget, CallGrant> change, CancellationToken stop)
    {
        lock (_lock) return Task.FromResult(change(_budget));
    }

    internal override Task<DateTimeOffset?> HeldUntilAsync(CancellationToken stop)
    {
        lock (_lock) return Task.FromResult(_budget.HeldUntil);
    }
}

/// <summary>In the account's row, under its lock.</summary>
internal sealed class BudgetInDatabase(WorkspaceScopes scopes, WorkspaceId workspace, CourierAccountId account, TimeProvider time) : KeptBudget
{
    private readonly Id<CallBudget> _id = new(account.Value);

    internal override async Task<CallGrant> ChangeAsync(Func<CallBudget, CallGrant> change, CancellationToken stop)
    {
        await using var scope = scopes.Open(workspace);
        var db = scope.Db;
        return await db.InTransactionAsync(async () =>
        {
            if (await LockedAsync(db, stop) is not { } row)
            {
                await db.AddUnlessThereAsync(new CallBudget { Id = _id, ChangedAt = time.GetUtcNow() }, stop);
                row = (await LockedAsync(db, stop))!;
            }
            var grant = change(row);
            row.ChangedAt = time.GetUtcNow();
            await db.SaveChangesAsync(stop);
            return grant;
        }, stop);
    }

    internal override async Task<DateTimeOffset?> HeldUntilAsync(CancellationToken stop)
    {
        await using var scope = scopes.Open(workspace);
        return await scope.Db.CallBudgets.Where(b => b.Id == _id).Select(b => b.HeldUntil).SingleOrDefaultAsync(stop);
    }

    private async Task<CallBudget?> LockedAsync(OrderClosrDb db, CancellationToken stop)
    {
        await db.Dialect.LockRowAsync(db, "call_budgets", _id.Value, stop);
        return await db.CallBudgets.SingleOrDefaultAsync(b => b.Id == _id, stop);
    }
}
