using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Workspaces;

/// <summary>What opens an account was changed: a line in its log and a letter to its person, so that nobody changes it unseen.</summary>
public sealed class AccessNews(OrderClosrDb db, Audit audit, TimeProvider time)
{
    /// <summary>Writes both, in the caller's transaction.</summary>
    internal async Task TellAsync(Guid account, AuditAction action, AccountLetter letter, CancellationToken stop)
    {
        var at = time.GetUtcNow();
        audit.OfAccount(account, action);
        await db.LaterOfNobodyAsync(new SendAccountLetter(Guid.CreateVersion7(at), account, letter, null, at), at, stop);
        await db.SaveChangesAsync(stop);
    }
}
