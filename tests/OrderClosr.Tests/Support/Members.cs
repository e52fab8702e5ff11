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

    /// <summary>Makes an account a member; answers the member's id.</summary>
    internal static async Task<MemberId> AddMemberAsync(this TestApp app, Shop shop, Guid account, Role role)
    {
        var now = app.Get<TimeProvider>().GetUtcNow();
        await using var scope = app.In(shop.Id);
        var member = new Member { Id = MemberId.New(now), WorkspaceId = shop.Id, AccountId = account, Role = role, CreatedAt = now };
        scope.Db.Add(member);
        await scope.Db.SaveChangesAsync();
        return member.Id;
    }

    /// <summary>A member with a role (<c>confirmer1@example.test</c> of <c>shop-1</c>), signed in, with a page of the shop open; <paramref name="called"/> where there are several of it.</summary>
    internal static async Task<Visitor> MemberOfAsync(this TestApp app, Shop shop, Role role, string? called = null)
    {
        var email = $"{(called ?? role.ToString()).ToLowerInvariant()}{shop.Slug[5..]}@example.test";
        var account = await app.NewAccountAsync($"{called ?? role.ToString()} {shop.Slug[5..]}", email);
        await app.AddMemberAsync(shop, account.Id, role);
        var member = new Visitor(app).Speaking("fr");
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await member.SignInAsync(email, Password)).StatusCode);
        await member.GetAsync($"/w/{shop.Slug}/more");
        return member;
    }
}
