using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;

namespace OrderClosr.Workspaces;

/// <summary>The workspace's name and language. Its word in addresses stays: links that people keep must go on working.</summary>
public sealed class ChangeWorkspace(OrderClosrDb db, Audit audit)
{
    /// <param name="given">1 to 80 characters.</param>
    /// <param name="language">A language of our pages; empty: as each browser asks.</param>
    /// <returns>Refused: <c>shop_missing, language_unknown</c>.</returns>
    public async Task<Refusal?> RunAsync(string? given, string? language, CancellationToken stop)
    {
        if (SigningUp.Text(given) is not { } name) return new("shop_missing", "A shop's name of 1 to 80 characters is needed.", "shop");
        var wanted = string.IsNullOrEmpty(language) ? null : language;
        if (wanted is not null && Languages.Find(wanted) is null) return new("language_unknown", "There is no such language.", "language");
        return await db.InTransactionAsync(async () =>
        {
            var here = db.WorkspaceId;
            await db.Dialect.LockRowAsync(db, "workspaces", here.Value, stop);
            var workspace = await db.Workspaces.SingleAsync(w => w.Id == here, stop);
            audit.Write(AuditAction.WorkspaceChanged, old: new { workspace.Name, workspace.Language }, now: new { Name = name, Language = wanted });
            (workspace.Name, workspace.Language) = (name, wanted);
            await db.SaveChangesAsync(stop);
            return (Refusal?)null;
        }, stop);
    }

    /// <summary>Whether every member needs a second step at sign-in. Who has none is led to it with the next request; owners begin with themselves.</summary>
    /// <returns>Refused: <c>second_step_own</c>, whoever asks has none.</returns>
    public Task<Refusal?> NeedSecondStepAsync(bool isNeeded, Guid by, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (isNeeded && !await db.Accounts.AnyAsync(a => a.Id == by && a.TwoFactorEnabled, stop)) return new Refusal("second_step_own", "Switch your own second step on first.", Kind: RefusalKind.Conflict);
        var here = db.WorkspaceId;
        await db.Dialect.LockRowAsync(db, "workspaces", here.Value, stop);
        var workspace = await db.Workspaces.SingleAsync(w => w.Id == here, stop);
        audit.Write(AuditAction.WorkspaceChanged, old: new { SecondStep = workspace.NeedsSecondStep }, now: new { SecondStep = isNeeded });
        workspace.NeedsSecondStep = isNeeded;
        await db.SaveChangesAsync(stop);
        return null;
    }, stop);
}
