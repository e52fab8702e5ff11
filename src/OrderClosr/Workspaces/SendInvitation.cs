using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Sends the letter of an invitation. Written in the transaction that made or renewed it; a letter whose link is void is not sent.</summary>
/// <param name="Round">Which letter of it.</param>
internal sealed record SendInvitation(WorkspaceId Workspace, Id<Invitation> Invitation, int Round) : IJob
{
    public static string Kind => "send_invitation";
    public string Lane => MailSetup.Lane;
    public string OrderKey => $"{Invitation}-{Round}";
}

/// <inheritdoc cref="SendInvitation"/>
internal sealed class SendInvitationHandler(OrderClosrDb db, Invitations invitations, LetterPaper paper, IMailServer server, TimeProvider time) : IJobHandler<SendInvitation>
{
    public async Task<JobOutcome> RunAsync(SendInvitation job, JobRun run, CancellationToken stop)
    {
        if (!server.IsOn) return JobOutcome.Dropped("No mail server is configured.");
        var (here, now) = (db.WorkspaceId, time.GetUtcNow());
        var invitation = await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Id == job.Invitation && i.Round == job.Round && i.ExpiresAt > now, stop);
        if (invitation is null) return JobOutcome.Dropped("Its link works no longer.");
        var shop = await db.Workspaces.Where(w => w.Id == here).Select(w => w.Name).SingleAsync(stop);
        var language = await db.Accounts.Where(a => a.NormalizedEmail == invitation.NormalizedEmail).Select(a => a.Language).SingleOrDefaultAsync(stop) ?? invitation.Language;
        await server.SendAsync(paper.Write(invitation.Email, language, "invited", $"invitations/{invitations.TokenOf(invitation)}", Invitations.Lasts, words => [LetterPaper.Named(shop), LetterPaper.RoleIn(words, invitation.Role)]), run.Id.Value.ToString("N"), stop);
        return JobOutcome.Done();
    }
}
