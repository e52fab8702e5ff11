using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;

namespace OrderClosr.Workspaces;

/// <summary>Tells a person that the role in the workspace changed, or that there is none any more. Written in the transaction of the change.</summary>
/// <param name="Role">The role now; null: removed.</param>
internal sealed record SendMemberLetter(Guid Key, Guid AccountId, Role? Role) : IJob
{
    public static string Kind => "send_member_letter";
    public string Lane => MailSetup.Lane;

    // In the order it happened: the last letter says how it is.
    public string OrderKey => AccountId.ToString("N");
}

/// <inheritdoc cref="SendMemberLetter"/>
internal sealed class SendMemberLetterHandler(OrderClosrDb db, LetterPaper paper, IMailServer server) : IJobHandler<SendMemberLetter>
{
    public async Task<JobOutcome> RunAsync(SendMemberLetter job, JobRun run, CancellationToken stop)
    {
        if (!server.IsOn) return JobOutcome.Dropped("No mail server is configured.");
        var here = db.WorkspaceId;
        if (await db.Workspaces.AsNoTracking().SingleOrDefaultAsync(w => w.Id == here, stop) is not { } shop || await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.AccountId, stop) is not { Email: { } address } account)
            return JobOutcome.Dropped("Nobody has this account.");
        var letter = job.Role is { } role ? paper.Write(address, account.Language, "role", $"w/{shop.Slug}", null, words => [LetterPaper.Named(shop.Name), LetterPaper.RoleIn(words, role)])
            : paper.Write(address, account.Language, "removed", "w", null, _ => [LetterPaper.Named(shop.Name)]);
        await server.SendAsync(letter, job.Key.ToString("N"), stop);
        return JobOutcome.Done();
    }
}
