using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <summary>Takes away accounts whose address nobody ever confirmed, with the empty shop that signing up made: most are typing errors, and addresses of people who never asked for one.</summary>
/// <remarks>
/// Who can be inside unconfirmed? Nobody while there is a mail server; everybody where there was none when they signed up. So an account goes only where
/// a mail server asks for the confirmation, nobody ever signed in with it, and each shop it is in is its own alone and holds nothing but what the server
/// writes by itself. A table this class does not know counts as something.
/// </remarks>
internal sealed class UnconfirmedAccounts(WorkspaceScopes scopes, Purging purging, IMailServer mail, IConfiguration settings, TimeProvider time)
{
    /// <summary>Days an account may wait for its confirmation: <c>Accounts__UnconfirmedDays</c>, <c>off</c> keeps them for ever.</summary>
    internal const int UsualDays = 14;

    /// <summary>What signing up and the clocks write into a shop that nobody ever entered.</summary>
    private static readonly HashSet<string> WrittenByItself = ["members", "audit_entries", "jobs", "subscriptions", "subscription_moves", "invoices", "plan_reminders", "figures", "figure_marks"];

    /// <summary>Null: never.</summary>
    internal int? Days { get; } = settings["Accounts:UnconfirmedDays"] switch
    {
        null or "" => UsualDays,
        "off" => null,
        var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days > 0 ? days : UsualDays,
    };

    /// <summary>Answers how many are gone.</summary>
    internal async Task<int> PurgeAsync(CancellationToken stop)
    {
        if (!mail.IsOn || Days is not { } days) return 0;
        var (old, gone) = (time.GetUtcNow().AddDays(-days), 0);
        List<Guid> waiting;
        await using (var none = scopes.OpenNone())
        {
            var log = none.Db.Set<AccountEntry>();
            waiting = await none.Db.Accounts.Where(a => !a.EmailConfirmed && a.CreatedAt <= old && !log.Any(e => e.AccountId == a.Id && e.Action == AuditAction.SignedIn)).Select(a => a.Id).ToListAsync(stop);
        }
        foreach (var account in waiting)
            if (await PurgeAsync(account, stop)) gone++;
        return gone;
    }

    private async Task<bool> PurgeAsync(Guid account, CancellationToken stop)
    {
        await using var none = scopes.OpenNone();
        var db = none.Db;
        var shops = await db.Members.Where(m => m.AccountId == account).Select(m => m.WorkspaceId).ToListAsync(stop);
        if (await db.Members.AnyAsync(m => shops.Contains(m.WorkspaceId) && m.AccountId != account, stop)) return false;
        foreach (var shop in shops)
            if (!await purging.PurgeUnusedAsync(shop, WrittenByItself, stop)) return false;
        // Last: after a crash in between the account is still found, and goes the next night. One that was confirmed just now stays, without a shop.
        return await db.InTransactionAsync(async () =>
        {
            if (!await db.Accounts.AnyAsync(a => a.Id == account && !a.EmailConfirmed, stop)) return false;
            await CloseAccount.ForgetAsync(db, account, stop);
            return true;
        }, stop);
    }
}

/// <summary>Every night.</summary>
internal sealed record PurgeUnconfirmed : IJob
{
    public static string Kind => "purge_unconfirmed";
    public string Lane => "work/system";
    public string OrderKey => Kind;
}

internal sealed class PurgeUnconfirmedHandler(UnconfirmedAccounts accounts) : IJobHandler<PurgeUnconfirmed>
{
    public async Task<JobOutcome> RunAsync(PurgeUnconfirmed job, JobRun run, CancellationToken stop)
    {
        await accounts.PurgeAsync(stop);
        return JobOutcome.Done();
    }
}
