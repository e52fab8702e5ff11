using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Values;
using OrderClosr.Web;

namespace OrderClosr.Workspaces;

/// <summary>Invites people into the workspace by e-mail, sends the letter again, takes an invitation back. Owners alone.</summary>
/// <remarks>Nothing here looks whether the address has an account: the answer, its time and its rows are the same, and the letter tells its reader alone.</remarks>
public sealed class Invitations(OrderClosrDb db, UserManager<Account> accounts, Tries tries, IMailServer mail, Audit audit, IMemberRoom room, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>Invitations of one workspace that work at the same time.</summary>
    public const int MostOpen = 50;

    /// <summary>Letters of one workspace within 24 hours, those sent again included.</summary>
    public const int PerDay = 100;

    /// <summary>Letters to one address within <see cref="Tries.Window"/>, whichever workspaces send them.</summary>
    public const int PerAddress = 3;

    /// <summary>How long a link works.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    /// <summary>A link that was never used is forgotten so long after it ended.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private readonly IDataProtector _seal = protection.CreateProtector("invitation");

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<InvitationLine>> ListAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return [.. (await db.Invitations.AsNoTracking().OrderByDescending(i => i.Id).ToListAsync(stop)).Select(i => new InvitationLine(i.Id, i.Email, i.Role, i.SentAt, i.ExpiresAt, i.ExpiresAt > now))];
    }

    /// <summary>Sends a letter with a link. An address that is invited already gets a new one, with the role chosen now; the old link is void.</summary>
    /// <returns>Refused: <c>email_wrong, role_unknown, already_member, too_many_invitations, too_many_letters, no_mail, plan_members, not_found</c> (<paramref name="by"/> is no owner any more).</returns>
    public Task<Refusal?> InviteAsync(string? email, Role? role, Guid by, CancellationToken stop) => ChangeAsync(by, async now =>
    {
        if (SigningUp.Email(email) is not { } address) return new Refusal("email_wrong", "This is not an e-mail address.", "email");
        if (role is not { } wanted) return RoleUnknown;
        var (name, here) = (accounts.NormalizeEmail(address)!, db.WorkspaceId);
        if (await (from member in db.Members where member.WorkspaceId == here join account in db.Accounts on member.AccountId equals account.Id select account.NormalizedEmail).ContainsAsync(name, stop))
            return new Refusal("already_member", "This address belongs to a member already.", "email");
        var old = now - Remembered;
        await db.Invitations.Where(i => i.ExpiresAt <= old).ExecuteDeleteAsync(stop);
        var invitation = await db.Invitations.SingleOrDefaultAsync(i => i.NormalizedEmail == name, stop);
        var again = invitation is not null;
        if (invitation is null || invitation.ExpiresAt <= now)
        {
            if (await room.RefusesOneMoreAsync(stop) is { } full) return full;
        }
        if (invitation is null)
        {
            if (await db.Invitations.CountAsync(i => i.ExpiresAt > now, stop) >= MostOpen) return new Refusal("too_many_invitations", $"At most {MostOpen} invitations wait at the same time: withdraw one.", Kind: RefusalKind.Conflict);
            invitation = new() { Id = Id<Invitation>.New(now), Email = address, NormalizedEmail = name, Role = wanted, Round = 0, Language = Languages.Current, CreatedAt = now, SentAt = now, ExpiresAt = now };
        }
        if (await TooManyAsync(name, now, stop) is { } tooMany) return tooMany;
        if (!again) db.Add(invitation);
        (invitation.Email, invitation.Role, invitation.Language) = (address, wanted, Languages.Current);
        await SendAsync(invitation, again ? AuditAction.InvitationSentAgain : AuditAction.MemberInvited, now, stop);
        return null;
    }, stop);

    /// <summary>Another letter with another link and seven new days; the old link is void.</summary>
    public Task<Refusal?> SendAgainAsync(Id<Invitation> id, Guid by, CancellationToken stop) => ChangeAsync(by, async now =>
    {
        if (await db.Invitations.SingleOrDefaultAsync(i => i.Id == id, stop) is not { } invitation) return Refusal.NotFound("invitation");
        if (await TooManyAsync(invitation.NormalizedEmail, now, stop) is { } tooMany) return tooMany;
        await SendAsync(invitation, AuditAction.InvitationSentAgain, now, stop);
        return null;
    }, stop);

    /// <summary>Takes it back: its link is void.</summary>
    public Task<Refusal?> WithdrawAsync(Id<Invitation> id, Guid by, CancellationToken stop) => ChangeAsync(by, async _ =>
    {
        if (await db.Invitations.SingleOrDefaultAsync(i => i.Id == id, stop) is not { } invitation) return Refusal.NotFound("invitation");
        db.Remove(invitation);
        audit.Write(AuditAction.InvitationWithdrawn, invitation.Id, invitation.Email);
        await db.SaveChangesAsync(stop);
        return null;
    }, stop, needsMail: false);

    /// <summary>What stands in the letter's address: workspace, invitation and round, sealed.</summary>
    internal string TokenOf(Invitation invitation) => _seal.Protect($"{invitation.WorkspaceId.Value:N}|{invitation.Id.Value:N}|{invitation.Round.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    /// <summary>Which invitation an address names; null when it is none of ours. Whether it still works, its row says.</summary>
    internal static (WorkspaceId Workspace, Id<Invitation> Id, int Round)? Read(IDataProtectionProvider protection, string? token)
    {
        if (token is null or { Length: > 1000 }) return null;
        try
        {
            return protection.CreateProtector("invitation").Unprotect(token).Split('|') is [var workspace, var id, var round] && WorkspaceId.TryParse(workspace, null, out var where) && Id<Invitation>.TryParse(id, null, out var which)
                && int.TryParse(round, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var letter) ? (where, which, letter) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>A role that the form does not offer.</summary>
    internal static Refusal RoleUnknown { get; } = new("role_unknown", "There is no such role.", "role");

    private async Task SendAsync(Invitation invitation, AuditAction action, DateTimeOffset now, CancellationToken stop)
    {
        (invitation.Round, invitation.SentAt, invitation.ExpiresAt) = (invitation.Round + 1, now, now + Lasts);
        audit.Write(action, invitation.Id, invitation.Email, now: new { invitation.Role });
        db.Later(new SendInvitation(db.WorkspaceId, invitation.Id, invitation.Round), now);
        await db.SaveChangesAsync(stop);
    }

    private async Task<Refusal?> TooManyAsync(string address, DateTimeOffset now, CancellationToken stop)
    {
        var (dayAgo, key) = (now.AddDays(-1), Tries.Key("invited", address));
        if (await db.AuditEntries.CountAsync(e => e.At > dayAgo && (e.Action == AuditAction.MemberInvited || e.Action == AuditAction.InvitationSentAgain), stop) >= PerDay) return TooMany;
        return await tries.AddAsync(key, stop) > PerAddress ? TooMany : null;
    }

    private static Refusal TooMany { get; } = new("too_many_letters", "Too many letters were sent: wait a while.", Kind: RefusalKind.Conflict);

    /// <summary>One after the other in a workspace, and only while whoever asks is its owner.</summary>
    private async Task<Refusal?> ChangeAsync(Guid by, Func<DateTimeOffset, Task<Refusal?>> change, CancellationToken stop, bool needsMail = true)
    {
        if (needsMail && !mail.IsOn) return new Refusal("no_mail", "No mail server is configured.");
        return await db.InTransactionAsync(async () =>
        {
            var here = db.WorkspaceId;
            await db.Dialect.LockRowAsync(db, "workspaces", here.Value, stop);
            return await db.Members.AnyAsync(m => m.WorkspaceId == here && m.AccountId == by && m.Role == Role.Owner, stop) ? await change(time.GetUtcNow()) : Refusal.NotFound("invitation");
        }, stop);
    }
}

/// <summary>An invitation as the page shows it.</summary>
/// <param name="IsOpen">Its link still works.</param>
public sealed record InvitationLine(Id<Invitation> Id, string Email, Role Role, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, bool IsOpen);
