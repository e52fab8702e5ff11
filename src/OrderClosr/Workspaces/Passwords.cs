using Microsoft.AspNetCore.Identity;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Argon2id behind Identity's own interface; a hash of another cost is written anew at the next sign-in.</summary>
internal sealed class AccountPasswords : IPasswordHasher<Account>
{
    public string HashPassword(Account user, string password) => Argon2.Hash(password);

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword) =>
        !Argon2.Verify(hashedPassword, providedPassword, out var isOld) ? PasswordVerificationResult.Failed
        : isOld ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Success;
}

/// <summary>What a new password must be: 8 to 256 characters, none of the common ones; no rules of composition (ASVS 6.2).</summary>
public static class PasswordRules
{
    /// <summary>Fewest and most characters. Longer ones are refused before they cost a hash.</summary>
    public const int Shortest = 8, Longest = 256;

    /// <summary>Why a password may not be used; null when it may.</summary>
    public static Refusal? Check(string? password, params ReadOnlySpan<string?> own)
    {
        if (password is null || password.Length < Shortest) return new("password_short", $"A password has at least {Shortest} characters.", "password");
        if (password.Length > Longest) return new("password_long", $"A password has at most {Longest} characters.", "password");
        if (CommonPasswords.Contains(password)) return new("password_common", "This password is one of the first that anybody would try.", "password");
        foreach (var word in own)
            if (word is { Length: >= 4 } && CommonPasswords.Core(password).Contains(CommonPasswords.Core(word), StringComparison.Ordinal) && password.Length < word.Length + 5)
                return new("password_common", "This password is the account's own name.", "password");
        return null;
    }
}
