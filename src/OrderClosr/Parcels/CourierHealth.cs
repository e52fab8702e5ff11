using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Parcels;

/// <summary>How a courier account stands: down for the moment, refusing us, well again.</summary>
public sealed class CourierHealth(OrderClosrDb db, TimeProvider time)
{
    /// <summary>It did not answer; another courier is preferred for some minutes.</summary>
    public Task DownAsync(CourierAccountId id, string words, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var now = time.GetUtcNow();
        await db.CourierAccounts.Where(a => a.Id == id && a.State == CourierState.Connected)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Trouble, "courier_down").SetProperty(a => a.TroubleWords, words).SetProperty(a => a.TroubleAt, now), stop);
        db.Tell("courier", id);
    }, stop);

    /// <summary>A call succeeded. Inside the caller's transaction.</summary>
    public async Task AnsweredAsync(CourierAccountId id, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await db.CourierAccounts.Where(a => a.Id == id && a.Trouble == "courier_down").ExecuteUpdateAsync(set => set.SetProperty(a => a.Trouble, (string?)null).SetProperty(a => a.TroubleWords, (string?)null), stop);
        await db.CourierAccounts.Where(a => a.Id == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.LastAnswerAt, now), stop);
    }

    /// <summary>It told us of parcels. Inside the caller's transaction; without disturbing whoever edits the row.</summary>
    public Task HeardFromAsync(CourierAccountId id, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return db.CourierAccounts.Where(a => a.Id == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.LastEventAt, now), stop);
    }

    /// <summary>It refuses our credentials: nothing is asked until a person connects it again.</summary>
    internal void Break(CourierAccount account, string trouble, string words)
    {
        if (account.State != CourierState.Connected) return;
        (account.State, account.Trouble, account.TroubleWords, account.TroubleAt) = (CourierState.Broken, trouble, words, time.GetUtcNow());
        db.Tell("courier", account.Id);
    }

    /// <summary>All is well: what waited goes on. Inside the caller's transaction.</summary>
    internal async Task MendAsync(CourierAccount account, CancellationToken stop)
    {
        (account.State, account.Trouble, account.TroubleWords) = (CourierState.Connected, null, null);
        await db.SaveChangesAsync(stop);
        await db.ResumeLaneAsync(account.Lane, time.GetUtcNow(), stop);
        db.Tell("courier", account.Id);
    }
}

/// <summary>The courier refused the account's credentials while a job ran.</summary>
internal sealed class BreakCourierOnLaneBroken(OrderClosrDb db, CourierHealth health) : IListener<LaneBroken>
{
    public async Task OnAsync(LaneBroken fact, CancellationToken stop)
    {
        const string Lanes = "courier/";
        if (!fact.Lane.StartsWith(Lanes, StringComparison.Ordinal) || !CourierAccountId.TryParse(fact.Lane[Lanes.Length..], null, out var id)) return;
        if (await db.CourierAccounts.SingleOrDefaultAsync(a => a.Id == id, stop) is { } account) health.Break(account, "token_refused", fact.Words);
    }
}
