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
internal sealed record SendDeletionLetter(Guid Key, Guid AccountId, DeletionLetter Letter, DateTimeOffset AskedAt) : IShopLetter
{
    public static string Kind => "send_deletion_letter";
    public static bool Leaves => true;
    public string Lane => MailSetup.Lane;
    public string OrderKey => Key.ToString("N");
}

internal sealed class SendDeletionLetterHandler(ShopLetters letters) : IJobHandler<SendDeletionLetter>
{
    public Task<JobOutcome> RunAsync(SendDeletionLetter job, JobRun run, CancellationToken stop) => letters.SendAsync(job, job.Letter == DeletionLetter.Asked
        ? new("deletion_asked", "", LetterPaper.Moment(job.AskedAt), LetterPaper.Moment(job.AskedAt + Deletions.UndoFor), LetterPaper.Day(job.AskedAt + Deletions.GoneWithin))
        : new("deletion_undone", "channels", LetterPaper.Moment(job.AskedAt)), stop);
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
        if (!fact.IsReplayed) await TellAsync(DeletionLetter.Asked, fact.Deletion.AskedAt, stop);
    }

    public async Task OnAsync(DeletionUndone fact, CancellationToken stop)
    {
        if (mail.IsOn && !fact.IsReplayed) await TellAsync(DeletionLetter.Undone, fact.AskedAt, stop);
    }

    private Task TellAsync(DeletionLetter letter, DateTimeOffset askedAt, CancellationToken stop) => db.TellOwnersAsync((key, owner) => new SendDeletionLetter(key, owner, letter, askedAt), time.GetUtcNow(), stop);

    private Task<List<Account>> OwnersAsync(CancellationToken stop)
    {
        var here = db.WorkspaceId;
        return (from member in db.Members where member.WorkspaceId == here && member.Role == Role.Owner join account in db.Accounts on member.AccountId equals account.Id orderby account.Id select account).AsNoTracking().ToListAsync(stop);
    }
}
