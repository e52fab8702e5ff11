using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;

namespace OrderClosr.Parcels;

/// <summary>Our rows may have forgotten parcels: every courier that can be searched is searched before an older order is booked there.</summary>
internal sealed class LookFirstOnDatabaseRestored(OrderClosrDb db) : IListener<DatabaseRestored>
{
    /// <summary>What was called since the copy was made is not in our count; after this the limits of a minute are right again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(62);

    public async Task OnAsync(DatabaseRestored fact, CancellationToken stop)
    {
        foreach (var account in await db.CourierAccounts.ToListAsync(stop)) account.LookFirstBefore = fact.At;
        foreach (var budget in await db.CallBudgets.ToListAsync(stop)) budget.HeldUntil = fact.At + Rest;
    }
}
