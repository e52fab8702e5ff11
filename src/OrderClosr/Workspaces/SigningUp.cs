using System.Net.Mail;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web;

namespace OrderClosr.Workspaces;

/// <summary>What a person gives to sign up.</summary>
public sealed record SignUp(string? Name, string? Email, string? Password, string? Shop);

/// <summary>Makes an account with its first workspace, or a further workspace for an account.</summary>
public sealed class SigningUp(UserManager<Account> accounts, BreachedPasswords breached, Tries tries, AccountLinks links, IMailServer mail, OrderClosrDb db, Audit audit, Actor actor, Facts facts, TimeProvider time)
{
    /// <summary>Sign-ups with one e-mail within <see cref="Tries.Window"/>.</summary>
    public const int PerEmail = 5;

    /// <summary>Workspaces that one account owns.</summary>
    public const int MostOwned = 20;

    private const int LongestName = 80;

    /// <summary>Account, workspace and owner in one commit, if the e-mail was free. Whether it was is said to nobody: not by the answer, not by its time.</summary>
    /// <returns>What is wrong with what was given; null: look into your mail.</returns>
    /// <remarks>docs/decisions/008. Both ways hash once, write a letter and commit once.</remarks>
    public async Task<Refusal?> SignUpAsync(SignUp given, CancellationToken stop)
    {
        if (Text(given.Name) is not { } name) return new Refusal("name_missing", "A name of 1 to 80 characters is needed.", "name");
        if (Email(given.Email) is not { } email) return new Refusal("email_wrong", "This is not an e-mail address.", "email");
        if (Text(given.Shop) is not { } shop) return new Refusal("shop_missing", "A shop's name of 1 to 80 characters is needed.", "shop");
        if ((PasswordRules.Check(given.Password, email.Split('@')[0], name, shop) ?? breached.Check(given.Password)) is { } weak) return weak;
        var key = Tries.Key("sign_up", accounts.NormalizeEmail(email)!);
        // Counted before anything is done, those of the same moment too.
        if (await tries.AddAsync(key, stop) > PerEmail) return new Refusal("sign_in_too_many", "Too many tries: wait a few minutes.");

        var now = time.GetUtcNow();
        var account = new Account { Id = Guid.CreateVersion7(now), Name = name, Email = email, UserName = email, CreatedAt = now, Language = Languages.Current };
        // Outside the transaction: it costs time on purpose.
        account.PasswordHash = accounts.PasswordHasher.HashPassword(account, given.Password!);
        try
        {
            await db.InTransactionAsync(async () =>
            {
                var isFree = (await accounts.CreateAsync(account)).Succeeded;
                if (mail.IsOn)
                {
                    // The letter alone says whether the address was free, and only to its reader.
                    if (isFree) await links.WriteAsync(account.Id, LinkPurpose.Confirm, AccountLetter.Confirm, stop);
                    else await links.WriteAsync((await accounts.FindByEmailAsync(email))?.Id, LinkPurpose.Reset, AccountLetter.Tried, stop);
                }
                if (!isFree) return;
                audit.OfAccount(account.Id, AuditAction.AccountMade);
                await AddWorkspaceAsync(account.Id, shop, now, stop);
            }, stop);
        }
        catch (DbUpdateException)
        {
            // Two sign-ups of one e-mail at the same moment: the other one made it.
        }
        return null;
    }

    /// <summary>Another workspace of an account, which becomes its owner.</summary>
    /// <returns>Refused: <c>shop_missing, too_many_shops</c>.</returns>
    public async Task<Result<Workspace>> AddShopAsync(Guid accountId, string? shop, CancellationToken stop)
    {
        if (Text(shop) is not { } name) return new Refusal("shop_missing", "A shop's name of 1 to 80 characters is needed.", "shop");
        return await db.InTransactionAsync<Result<Workspace>>(async () =>
        {
            if (await db.Members.CountAsync(m => m.AccountId == accountId && m.Role == Role.Owner, stop) >= MostOwned) return new Refusal("too_many_shops", $"An account owns at most {MostOwned} workspaces.", "shop");
            return await AddWorkspaceAsync(accountId, name, time.GetUtcNow(), stop);
        }, stop);
    }

    private async Task<Workspace> AddWorkspaceAsync(Guid accountId, string shop, DateTimeOffset now, CancellationToken stop)
    {
        var slug = SlugOf(shop);
        for (var i = 2; await db.Workspaces.AnyAsync(w => w.Slug == slug, stop); i++) slug = $"{SlugOf(shop)}-{i}";
        var workspace = new Workspace { Id = WorkspaceId.New(now), Slug = slug, Name = shop, CreatedAt = now };
        db.Workspaces.Add(workspace);
        db.Members.Add(new() { Id = MemberId.New(now), WorkspaceId = workspace.Id, AccountId = accountId, Role = Role.Owner, CreatedAt = now });
        await db.EnterMadeAsync(workspace.Id, stop);
        actor.BeMember(accountId);
        audit.Write(AuditAction.WorkspaceMade, now: new { workspace.Name });
        await db.SaveChangesAsync(stop);
        await facts.TellAsync(new WorkspaceMade(), stop);
        return workspace;
    }

    /// <summary><c>Dar Lina</c> → <c>dar-lina</c>; a name without Latin letters becomes <c>shop</c>. "new" is an address of ours.</summary>
    internal static string SlugOf(string shop)
    {
        var slug = new StringBuilder();
        foreach (var c in Folding.Fold(shop))
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length >= 40) break;
        }
        var text = slug.ToString().Trim('-');
        return text.Length == 0 || text == "new" ? "shop" : text;
    }

    internal static string? Text(string? given)
    {
        var text = given is null ? "" : new string([.. given.Where(c => !char.IsControl(c))]).Trim();
        return text.Length is > 0 and <= LongestName ? text : null;
    }

    internal static string? Email(string? given)
    {
        var text = given?.Trim() ?? "";
        return text.Length is > 5 and <= 254 && MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Contains('.', StringComparison.Ordinal) ? text : null;
    }
}
