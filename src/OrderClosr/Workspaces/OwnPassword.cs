using System.Globalization;
using Microsoft.AspNetCore.Identity;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Asks a person who is signed in for the password again, before the password or a second step changes (facts/passwords-and-sessions.md section 4, 7.5.1).</summary>
public sealed class OwnPassword(UserManager<Account> accounts, Tries tries)
{
    /// <summary>Wrong ones within <see cref="Tries.Window"/>.</summary>
    public const int PerAccount = 5;

    /// <summary>Null: it was the right one. Counted apart from sign-in, so that a stolen browser cannot keep the owner out.</summary>
    public async Task<Refusal?> CheckAsync(Account account, string? password, CancellationToken stop, string field = "password")
    {
        var key = Tries.Key("own_password", account.Id.ToString("N"));
        var tried = await tries.AddAsync(key, stop);
        if (tried <= PerAccount && password is { Length: > 0 and <= PasswordRules.Longest } && await accounts.CheckPasswordAsync(account, password))
        {
            await tries.ForgetAsync(key, stop);
            return null;
        }
        return tried >= PerAccount ? new("sign_in_too_many", "Too many tries: wait a few minutes.")
            : new("own_password_wrong", "This is not your password.", field, Suggestions: [(PerAccount - tried).ToString(CultureInfo.InvariantCulture)]);
    }
}
