using OrderClosr.Ground.Secrets;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Support;

/// <summary>People who work in a shop beside its owner.</summary>
internal static class Members
{
    internal const string Password = "une phrase assez longue";

    private static readonly Lazy<string> Hash = new(() => Argon2.Hash(Password));

    /// <summary>An account without a workspace.</summary>
    internal static async Task<Account> NewAccountAsync(this TestApp app, string name, string email)
    {
        var now = app.Get<TimeProvider>().GetUtcNow();
        await using var scope = app.Get<OrderClosr.Ground.Tenancy.WorkspaceScopes>().OpenNone();
        var account = new Account
        {
            Id = Guid.CreateVersion7(now), Name = name, CreatedAt = now, UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(),
            EmailConfirmed = true, SecurityStamp = Guid.NewGuid().ToString("N"), LockoutEnabled = true, PasswordHash = Hash.Value,
        };
        scope.Db.Add(account);
        await scope.Db.SaveChangesAsync();
        return account;
    }

    /// <summary>A member with a role (<c>confirmer1@example.test</c> of <c>shop-1</c>), signed in, with a page of the shop open.</summary>
    internal static async Task<Visitor> MemberOfAsync(this TestApp app, Shop shop, Role role)
    {
        var email = $"{role.ToString().ToLowerInvariant()}{shop.Slug[5..]}@example.test";
        var account = await app.NewAccountAsync($"{role} {shop.Slug[5..]}", email);
        await using (var scope = app.In(shop.Id))
        {
            scope.Db.Add(new Member { Id = MemberId.New(account.CreatedAt), WorkspaceId = shop.Id, AccountId = account.Id, Role = role, CreatedAt = account.CreatedAt });
            await scope.Db.SaveChangesAsync();
        }
        var member = new Visitor(app).Speaking("fr");
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await member.SignInAsync(email, Password)).StatusCode);
        await member.GetAsync($"/w/{shop.Slug}/more");
        return member;
    }
}
