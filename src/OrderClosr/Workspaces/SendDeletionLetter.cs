using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <summary>What the owners of a workspace that is being deleted are told while it is still there; part of the names of the words (<c>mails.deletion_asked_subject</c>).</summary>
public enum DeletionLetter { Asked, Undone }

/// <summary>Tells one owner. Written in the transaction of its cause, in the workspace itself.</summary>
/// <param name="AskedAt">When the deletion was asked for.</param>
internal sealed record SendDeletionLetter(Guid Key, Guid AccountId, DeletionLetter Letter, WorkspaceId Workspace, DateTimeOffset AskedAt) : IJob
{
    public static string Kind => "send_deletion_letter";
    public static bool Leaves => true;
    public string Lane => MailSetup.Lane;
    public string OrderKey => Key.ToString("N");
}

internal sealed class SendDeletionLetterHandler(OrderClosrDb db, LetterPaper paper, IMailServer server) : IJobHandler<SendDeletionLetter>
{
    public async Task<JobOutcome> RunAsync(SendDeletionLetter job, JobRun run, CancellationToken stop)
    {
        if (!server.IsOn) return JobOutcome.Dropped("No mail server is configured.");
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.AccountId, stop);
        var slug = await db.Workspaces.Where(w => w.Id == job.Workspace).Select(w => w.Slug).SingleOrDefaultAsync(stop);
        if (account?.Email is not { } address || slug is null) return JobOutcome.Dropped("Nobody has this account or this workspace.");
        var letter = job.Letter == DeletionLetter.Asked
            ? paper.Write(address, account.Language, "deletion_asked", $"w/{slug}", LetterPaper.Moment(job.AskedAt), LetterPaper.Moment(job.AskedAt + Deletions.UndoFor), LetterPaper.Day(job.AskedAt + Deletions.GoneWithin))
            : paper.Write(address, account.Language, "deletion_undone", $"w/{slug}/channels", LetterPaper.Moment(job.AskedAt));
        await server.SendAsync(letter, job.Key.ToString("N"), stop);
        return JobOutcome.Done();
    }
}

/// <summary>An owner as the proof of deletion finds them: nothing but address and language.</summary>
internal sealed record OwnerAddress(string Email, string? Language);

/// <summary>Tells the owners that the deletion was asked for or taken back, and seals their addresses for the proof: by then the workspace and its members are gone.</summary>
internal sealed class TellOwnersOnDeletion(OrderClosrDb db, SecretBox secrets, IMailServer mail, TimeProvider time) : IListener<DeletionAsked>, IListener<DeletionUndone>
{
    public async Task OnAsync(DeletionAsked fact, CancellationToken stop)
    {
        if (!mail.IsOn) return;
        var owners = await OwnersAsync(stop);
        fact.Deletion.Owners = secrets.Seal(db.WorkspaceId, Deletion.OwnersField, JsonSerializer.Serialize(owners.Where(o => o.Email is not null).Select(o => new OwnerAddress(o.Email!, o.Language))));
        if (!fact.IsReplayed) Tell(owners, DeletionLetter.Asked, fact.Deletion.AskedAt);
    }

    public async Task OnAsync(DeletionUndone fact, CancellationToken stop)
    {
        if (mail.IsOn && !fact.IsReplayed) Tell(await OwnersAsync(stop), DeletionLetter.Undone, fact.AskedAt);
    }

    private void Tell(IEnumerable<Account> owners, DeletionLetter letter, DateTimeOffset askedAt)
    {
        var now = time.GetUtcNow();
        foreach (var owner in owners) db.Later(new SendDeletionLetter(Guid.CreateVersion7(now), owner.Id, letter, db.WorkspaceId, askedAt), now);
    }

    private Task<List<Account>> OwnersAsync(CancellationToken stop)
    {
        var here = db.WorkspaceId;
        return (from member in db.Members where member.WorkspaceId == here && member.Role == Role.Owner join account in db.Accounts on member.AccountId equals account.Id orderby account.Id select account).AsNoTracking().ToListAsync(stop);
    }
}
