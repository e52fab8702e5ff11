using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>The letters an account gets; part of the names of their words (<c>mails.reset_subject</c>).</summary>
public enum AccountLetter
{
    /// <summary>Please confirm that this is your address.</summary>
    Confirm,

    /// <summary>Somebody signed up with an address that has an account.</summary>
    Tried,

    /// <summary>The link to a new password.</summary>
    Reset,

    /// <summary>The password was changed.</summary>
    Changed,

    /// <summary>Somebody signed in from a browser the account never used.</summary>
    Device,

    /// <summary>An export of a workspace's data is ready.</summary>
    Export,

    /// <summary>What opens the account was changed, each by its own words: <c>mails.access_second_step_on</c>.</summary>
    SecondStepOn, SecondStepOff,

    /// <summary>The operator turned the second step off, for somebody who lost phone and codes.</summary>
    SecondStepLifted,

    RecoveryCodesMade, PasskeyAdded, PasskeyRemoved,

    /// <summary>The operator let a disabled account in again.</summary>
    AccountEnabled,

    /// <summary>The operator disabled the account; by words of its own, since nothing of it opens now.</summary>
    AccountDisabled,
}

/// <summary>Sends a letter to an account. Written in the transaction of its cause; <paramref name="Key"/> is the letter's Message-Id, so a repeat is a copy.</summary>
/// <param name="Link">The link it carries; a letter whose link works no longer is not sent.</param>
/// <param name="At">When it happened, where the letter says so.</param>
/// <param name="Device">On which device: our own words of <see cref="Devices"/>.</param>
/// <param name="Place">Where its button leads when it carries no link: a path of ours; null: to a new password.</param>
internal sealed record SendAccountLetter(Guid Key, Guid AccountId, AccountLetter Letter, Guid? Link, DateTimeOffset? At = null, string? Device = null, string? Place = null) : IJob
{
    public static string Kind => "send_account_letter";

    /// <summary>That an export is ready is also told while the workspace leaves: then most of all.</summary>
    public static bool Leaves => true;
    public string Lane => MailSetup.Lane;

    // Each by itself: a letter that must wait does not hold up the one asked for after it.
    public string OrderKey => Key.ToString("N");
}

/// <inheritdoc cref="SendAccountLetter"/>
internal sealed class SendAccountLetterHandler(OrderClosrDb db, AccountLinks links, LetterPaper paper, IMailServer server) : IJobHandler<SendAccountLetter>
{
    public async Task<JobOutcome> RunAsync(SendAccountLetter job, JobRun run, CancellationToken stop)
    {
        if (!server.IsOn) return JobOutcome.Dropped("No mail server is configured.");
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.AccountId, stop);
        if (account?.Email is not { } address) return JobOutcome.Dropped("Nobody has this account.");
        if (account.IsDisabled && job.Letter != AccountLetter.AccountDisabled) return JobOutcome.Dropped("The account is disabled.");
        string? token = null;
        if (job.Link is { } id)
        {
            var link = await db.AccountLinks.AsNoTracking().SingleOrDefaultAsync(l => l.Id == new Id<AccountLink>(id), stop);
            if (link is null || link.AccountId != account.Id || !links.IsGood(link)) return JobOutcome.Dropped("Its link works no longer.");
            token = links.TokenOf(id);
        }
        await server.SendAsync(paper.Write(address, account.Language, job, token), job.Key.ToString("N"), stop);
        return JobOutcome.Done();
    }
}
