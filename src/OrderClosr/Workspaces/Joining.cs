using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web;

namespace OrderClosr.Workspaces;

/// <summary>What an invitation says to whoever holds its link.</summary>
/// <param name="HasAccount">Its address has an account: sign in. Said to the letter's reader alone.</param>
public sealed record InvitationView(string Shop, Role Role, string Email, bool HasAccount);

/// <summary>Who came in, and where.</summary>
public sealed record Joined(Guid Account, string Slug);

/// <summary>The reader's side of an invitation: looks at it, accepts it with an account of that very address, or makes the account by it.</summary>
/// <remarks>The link names the workspace, so each step acts inside it. Opening changes nothing: scanners of mail open every address.</remarks>
public sealed class Joining(WorkspaceScopes scopes, BreachedPasswords breached, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>The invitation, as long as it works.</summary>
    public async Task<InvitationView?> LookAsync(string? token, CancellationToken stop)
    {
        if (Invitations.Read(protection, token) is not var (workspace, id, round)) return null;
        await using var scope = scopes.Open(workspace);
        var (db, now) = (scope.Db, time.GetUtcNow());
        if (await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && i.Round == round && i.ExpiresAt > now, stop) is not { } invitation) return null;
        var shop = await db.Workspaces.Where(w => w.Id == workspace).Select(w => w.Name).SingleOrDefaultAsync(stop);
        return shop is null ? null : new(shop, invitation.Role, invitation.Email, await db.Accounts.AnyAsync(a => a.NormalizedEmail == invitation.NormalizedEmail, stop));
    }

    /// <summary>The workspace of a link that works no longer, for who is in it already: most often the one who used it.</summary>
    public async Task<string?> FindOwnAsync(string? token, Guid account, CancellationToken stop)
    {
        if (Invitations.Read(protection, token) is not var (workspace, _, _)) return null;
        await using var scope = scopes.OpenNone();
        return await (from member in scope.Db.Members where member.AccountId == account && member.WorkspaceId == workspace join shop in scope.Db.Workspaces on member.WorkspaceId equals shop.Id select shop.Slug).SingleOrDefaultAsync(stop);
    }

    /// <summary>The account accepts. Its address must be the one that was invited.</summary>
    /// <returns>Refused: <c>link_gone, invitation_not_yours</c>.</returns>
    public Task<Result<Joined>> JoinAsync(string? token, Guid accountId, CancellationToken stop) => UseAsync(token, async (scope, invitation) =>
    {
        var db = scope.Db;
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, stop);
        if (account is null || account.IsDisabled || account.NormalizedEmail != invitation.NormalizedEmail) return new Refusal("invitation_not_yours", "This invitation was sent to another address.", Kind: RefusalKind.Conflict);
        // Who holds the link has read the letter.
        if (!account.EmailConfirmed) await db.Accounts.Where(a => a.Id == accountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.EmailConfirmed, true), stop);
        return accountId;
    }, stop);

    /// <summary>Makes the account of the invited address, confirmed by the letter that reached it, and accepts.</summary>
    /// <returns>Refused: <c>link_gone, invitation_has_account, name_missing, password_…</c>.</returns>
    public async Task<Result<Joined>> SignUpAsync(string? token, string? name, string? password, CancellationToken stop)
    {
        if (await LookAsync(token, stop) is not { } view) return AccountLinks.Gone;
        if (view.HasAccount) return HasAccount;
        if (SigningUp.Text(name) is not { } called) return new Refusal("name_missing", "A name of 1 to 80 characters is needed.", "name");
        if ((PasswordRules.Check(password, view.Email.Split('@')[0], called) ?? breached.Check(password)) is { } weak) return weak;
        var now = time.GetUtcNow();
        var account = new Account { Id = Guid.CreateVersion7(now), Name = called, Email = view.Email, UserName = view.Email, EmailConfirmed = true, CreatedAt = now, Language = Languages.Current };
        // Outside the transaction: it costs time on purpose.
        account.PasswordHash = new AccountPasswords().HashPassword(account, password!);
        try
        {
            return await UseAsync(token, async (scope, invitation) =>
            {
                if (await scope.Db.Accounts.AnyAsync(a => a.NormalizedEmail == invitation.NormalizedEmail, stop)) return HasAccount;
                if (!(await scope.Get<UserManager<Account>>().CreateAsync(account)).Succeeded) throw new InvalidOperationException("An account with a free address was refused.");
                scope.Get<Audit>().OfAccount(account.Id, AuditAction.AccountMade);
                return account.Id;
            }, stop);
        }
        catch (DbUpdateException)
        {
            // Somebody signed up with the address at the same moment.
            return HasAccount;
        }
    }

    private static Refusal HasAccount { get; } = new("invitation_has_account", "This address has an account: sign in with it.", Kind: RefusalKind.Conflict);

    /// <summary>Uses the invitation up and adds the member, in one transaction with what <paramref name="find"/> does; of two at the same moment one finds it gone.</summary>
    private async Task<Result<Joined>> UseAsync(string? token, Func<WorkspaceScope, Invitation, Task<Result<Guid>>> find, CancellationToken stop)
    {
        if (Invitations.Read(protection, token) is not var (workspace, id, round)) return AccountLinks.Gone;
        await using var scope = scopes.Open(workspace);
        var db = scope.Db;
        return await db.InTransactionAsync<Result<Joined>>(async () =>
        {
            var now = time.GetUtcNow();
            await db.Dialect.LockRowAsync(db, "workspaces", workspace.Value, stop);
            if (await db.Invitations.SingleOrDefaultAsync(i => i.Id == id && i.Round == round && i.ExpiresAt > now, stop) is not { } invitation
                || await db.Workspaces.Where(w => w.Id == workspace).Select(w => w.Slug).SingleOrDefaultAsync(stop) is not { } slug) return AccountLinks.Gone;
            var found = await find(scope, invitation);
            if (!found.Ok) return found.Refusal;
            var account = found.Value;
            scope.Get<Actor>().BeMember(account);
            db.Remove(invitation);
            if (!await db.Members.AnyAsync(m => m.AccountId == account && m.WorkspaceId == workspace, stop))
            {
                var member = new Member { Id = MemberId.New(now), WorkspaceId = workspace, AccountId = account, Role = invitation.Role, CreatedAt = now };
                db.Members.Add(member);
                scope.Get<Audit>().Write(AuditAction.MemberJoined, member.Id, now: new { member.Role });
            }
            await db.SaveChangesAsync(stop);
            return new Joined(account, slug);
        }, stop);
    }
}
