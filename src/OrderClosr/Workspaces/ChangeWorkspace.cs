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
}
