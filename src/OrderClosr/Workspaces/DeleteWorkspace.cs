using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>An owner deletes the current workspace with all that is in it, or takes that back within <see cref="Deletions.UndoFor"/> (promise P15).</summary>
public sealed class DeleteWorkspace(OrderClosrDb db, Deletions deletions, OwnPassword passwords, Audit audit)
{
    /// <summary>Asks twice: for the workspace's name, so that it is no slip, and for the password, so that an open browser alone is not enough.</summary>
    /// <returns>What stands against it; null: it is leaving.</returns>
    public async Task<Refusal?> AskAsync(Account account, string? typedName, string? password, CancellationToken stop)
    {
        var here = db.WorkspaceId;
        var name = await db.Workspaces.Where(w => w.Id == here).Select(w => w.Name).SingleAsync(stop);
        if (Plain(typedName ?? "") != Plain(name)) return new("workspace_name_wrong", "This is not the workspace's name.", "shop_name");
        if (await passwords.CheckAsync(account, password, stop) is { } wrong) return wrong;
        return await deletions.AskAsync(() => Note(AuditAction.DeletionAsked), stop);
    }

    /// <summary>Everything comes back but the channels: those have to be connected again.</summary>
    public Task<Refusal?> UndoAsync(CancellationToken stop) => deletions.UndoAsync(() => Note(AuditAction.DeletionUndone), stop);

    private Task Note(AuditAction action)
    {
        audit.Write(action);
        return Task.CompletedTask;
    }

    // A phone writes a capital first and a space last; the name is the same.
    private static string Plain(string text) => string.Join(' ', text.Normalize(NormalizationForm.FormKC).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
}
