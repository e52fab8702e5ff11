using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Jobs;

/// <summary>What still waits to be done for an erased customer is dropped; what is done names ids that lead nowhere.</summary>
internal sealed partial class JobsErasure(OrderClosrDb db, TimeProvider time) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [typeof(Job)];

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var gone = customer.Gone.Select(id => id.ToString("N")).ToHashSet();
        var open = await db.Jobs.Where(j => j.State == JobState.Waiting || j.State == JobState.OutcomeUnknown || j.State == JobState.Parked).Select(j => new { j.Id, j.Payload }).ToListAsync(stop);
        var (named, now) = (open.Where(j => Ids().Matches(j.Payload).Any(m => gone.Contains(m.Value))).Select(j => j.Id).ToList(), time.GetUtcNow());
        foreach (var some in named.Chunk(500))
            await db.Jobs.Where(j => some.Contains(j.Id)).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Dropped).SetProperty(j => j.LastFailure, "The customer was erased.").SetProperty(j => j.FinishedAt, now), stop);
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Ids();
}
