using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Api;

namespace OrderClosr.Workspaces;

/// <summary>A member has another role, or is none any more (null). Told in the transaction of the change: whoever keeps something for the member frees what the role does not hold.</summary>
public sealed record MemberChanged(Guid Account, Role? Role);

/// <summary>Changes roles and lets people go. One change after the other in a workspace, so that its last owner stays.</summary>
/// <remarks>The door reads the role with each request; the member's live pages end with the commit.</remarks>
public sealed class Membership(OrderClosrDb db, ApiKeys keys, Facts facts, Audit audit, TimeProvider time)
{
    /// <summary>What a page hears when a member's role changed; the key is the account.</summary>
    public const string Notice = "member";

    /// <summary>Gives a member another role; the same one changes nothing.</summary>
    /// <returns>Refused: <c>not_found</c> (also when <paramref name="by"/> is no owner any more), <c>role_unknown, last_owner</c>.</returns>
    public async Task<Refusal?> ChangeRoleAsync(MemberId id, Role? role, Guid by, CancellationToken stop) =>
        role is { } wanted ? await MoveAsync(m => m.Id == id, by, wanted, false, AuditAction.MemberRoleChanged, stop) : Invitations.RoleUnknown;

    /// <summary>An owner takes a member out. The person's other workspaces and sessions stay.</summary>
    /// <param name="endKeys">The API keys this person made are revoked in the same commit: whoever made a key may know it.</param>
    public Task<Refusal?> RemoveAsync(MemberId id, Guid by, bool endKeys, CancellationToken stop) => MoveAsync(m => m.Id == id, by, null, endKeys, AuditAction.MemberRemoved, stop);

    /// <summary>A member goes by the own will; the keys as in <see cref="RemoveAsync"/>.</summary>
    public Task<Refusal?> LeaveAsync(Guid account, bool endKeys, CancellationToken stop) => MoveAsync(m => m.AccountId == account, null, null, endKeys, AuditAction.MemberLeft, stop);

    private Task<Refusal?> MoveAsync(Predicate<Member> which, Guid? by, Role? to, bool endKeys, AuditAction action, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var (here, now) = (db.WorkspaceId, time.GetUtcNow());
        await db.Dialect.LockRowAsync(db, "workspaces", here.Value, stop);
        var all = await db.Members.Where(m => m.WorkspaceId == here).ToListAsync(stop);
        if (by is { } owner && !all.Exists(m => m.AccountId == owner && m.Role == Role.Owner)) return Refusal.NotFound("member");
        if (all.Find(which) is not { } member) return Refusal.NotFound("member");
        var was = member.Role;
        if (to == was) return null;
        // An owner whose account is disabled owns nothing for the time being.
        var shut = await (from m in db.Members where m.WorkspaceId == here join a in db.Accounts on m.AccountId equals a.Id where a.LockoutEnd != null select a.Id).ToListAsync(stop);
        if (was == Role.Owner && !all.Exists(m => m.Id != member.Id && m.Role == Role.Owner && !shut.Contains(m.AccountId))) return new Refusal("last_owner", "A workspace keeps one owner: make somebody else an owner first.", Kind: RefusalKind.Conflict);

        var name = await db.Accounts.Where(a => a.Id == member.AccountId).Select(a => a.Name).SingleOrDefaultAsync(stop) ?? "";
        if (to is { } role)
        {
            member.Role = role;
            audit.Write(action, member.Id, name, old: new { Role = was }, now: new { Role = role });
        }
        else
        {
            db.Remove(member);
            audit.Write(action, member.Id, name, old: new { Role = was });
            if (endKeys) await keys.RevokeMadeByAsync(member.AccountId, stop);
        }
        // Who leaves knows it.
        if (by is not null) db.Later(new SendMemberLetter(Guid.CreateVersion7(now), member.AccountId, to), now);
        await facts.TellAsync(new MemberChanged(member.AccountId, to), stop);
        await db.SaveChangesAsync(stop);
        db.Tell(Notice, member.AccountId.ToString("N"));
        return (Refusal?)null;
    }, stop);
}
