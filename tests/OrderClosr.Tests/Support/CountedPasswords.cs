using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Support;

/// <summary>The app's own hashing, and how often it was done: what an answer costs, without a clock (<c>bench doors</c> has the clock).</summary>
internal sealed class CountedPasswords : IPasswordHasher<Account>
{
    private readonly AccountPasswords _real = new();
    private int _made;

    internal int Made { get => _made; set => _made = value; }

    internal void StandIn(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Account>>(this));

    public string HashPassword(Account user, string password)
    {
        Interlocked.Increment(ref _made);
        return _real.HashPassword(user, password);
    }

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref _made);
        return _real.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
