using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <summary>Says to the owners of the time that a workspace is gone everywhere, once it is: its rows, what of them lay in the files, and every backup that was made before.</summary>
public sealed class DeletionProofs(OrderClosrDb db, BackupFolder backups, TimeProvider time, ILogger<DeletionProofs> log)
{
    /// <summary>How long after the purge: as long as backups are kept, and a day for the cleaner.</summary>
    public static readonly TimeSpan After = BackupFolder.KeptFor + TimeSpan.FromDays(1);

    /// <summary>Looks, and asks for the letters where nothing is left; answers for how many workspaces.</summary>
    public async Task<int> AskAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var border = now - After;
        var asked = 0;
        foreach (var deletion in await db.Deletions.AsNoTracking().Where(d => d.PurgedAt <= border && d.ScrubbedAt != null && d.ProofAskedAt == null).ToListAsync(stop))
        {
            Clean(now);
            if (backups.All().Any(b => b.At <= deletion.PurgedAt))
            {
                log.LogError("A backup from before the purge of workspace {Workspace} is still there: its owners get no proof before it is gone. May we delete in Backups__Folder?", deletion.WorkspaceId);
                continue;
            }
            asked += await db.InTransactionAsync(async () =>
            {
                if (await db.Deletions.Where(d => d.WorkspaceId == deletion.WorkspaceId && d.ProofAskedAt == null).ExecuteUpdateAsync(set => set.SetProperty(d => d.ProofAskedAt, now), stop) == 0) return 0;
                await db.LaterOfNobodyAsync(new SendDeletionProof(deletion.WorkspaceId), now, stop);
                await db.SaveChangesAsync(stop);
                return 1;
            }, stop);
        }
        return asked;
    }

    private void Clean(DateTimeOffset now)
    {
        try
        {
            backups.Prune(now);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What could not be deleted is found by whoever asks next.
        }
    }
}

/// <summary>Once a day.</summary>
internal sealed record ProveDeletions : IJob
{
    public static string Kind => "prove_deletions";
    public string Lane => "work/system";
    public string OrderKey => Kind;
}

internal sealed class ProveDeletionsHandler(DeletionProofs proofs) : IJobHandler<ProveDeletions>
{
    public async Task<JobOutcome> RunAsync(ProveDeletions job, JobRun run, CancellationToken stop)
    {
        await proofs.AskAsync(stop);
        return JobOutcome.Done();
    }
}

/// <summary>Sends the proof to every owner of the time. With it go their addresses: nothing of the workspace is left but its line in <see cref="DeletionBook"/>.</summary>
internal sealed record SendDeletionProof(WorkspaceId Workspace) : IJob
{
    public static string Kind => "send_deletion_proof";
    public string Lane => MailSetup.Lane;
    public string OrderKey => $"proof-{Workspace}";

    // Day 22 and a week: still within the promised 30.
    public static TimeSpan GiveUpAfter => TimeSpan.FromDays(7);
}

internal sealed class SendDeletionProofHandler(OrderClosrDb db, SecretBox secrets, DeletionBook book, LetterPaper paper, IMailServer server, TimeProvider time, ILogger<SendDeletionProofHandler> log) : IJobHandler<SendDeletionProof>
{
    public async Task<JobOutcome> RunAsync(SendDeletionProof job, JobRun run, CancellationToken stop)
    {
        if (await db.Deletions.AsNoTracking().SingleOrDefaultAsync(d => d.WorkspaceId == job.Workspace, stop) is not { PurgedAt: { } purgedAt, ProofAskedAt: { } provenAt } deletion) return JobOutcome.Dropped("There is nothing to prove.");
        if (server.IsOn && deletion.Owners is { } addresses)
        {
            var owners = JsonSerializer.Deserialize<List<OwnerAddress>>(secrets.Open(job.Workspace, Deletion.OwnersField, addresses))!;
            var invoices = deletion.Invoices is { } list ? JsonSerializer.Deserialize<List<string>>(secrets.Open(job.Workspace, Deletion.InvoicesField, list))! : [];
            for (var i = 0; i < owners.Count; i++)
            {
                var letter = paper.Write(owners[i].Email, owners[i].Language, invoices.Count > 0 ? "deletion_proof_paid" : "deletion_proof", "account", LetterPaper.Moment(deletion.AskedAt), LetterPaper.Moment(purgedAt), LetterPaper.Moment(provenAt), LetterPaper.Plain(job.Workspace.ToString()), LetterPaper.Plain(string.Join("; ", invoices)));
                try
                {
                    await server.SendAsync(letter, $"{job.Workspace}-proof-{i}", stop);
                }
                catch (VendorFailure failure) when (failure.Category == FailureCategory.Refused)
                {
                    // One mailbox that is no more keeps the proof from nobody else.
                    log.LogWarning("A proof of deletion was refused: {Words}", failure.Message);
                }
            }
        }
        await book.WriteAsync(job.Workspace, DeletionWord.Proved, time.GetUtcNow(), stop);
        return JobOutcome.Done((scope, inner) => ForgetAsync(scope.Db, job.Workspace, inner));
    }

    /// <summary>It cannot be sent: the addresses go all the same.</summary>
    public Task OnFailedAsync(SendDeletionProof job, string words, CancellationToken stop) => ForgetAsync(db, job.Workspace, stop);

    private static Task ForgetAsync(OrderClosrDb db, WorkspaceId workspace, CancellationToken stop) => db.Deletions.Where(d => d.WorkspaceId == workspace).ExecuteDeleteAsync(stop);
}
