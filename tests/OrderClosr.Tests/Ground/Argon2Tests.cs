using OrderClosr.Ground.Secrets;

namespace OrderClosr.Tests.Ground;

public sealed class Argon2Tests
{
    [Fact]
    public void A_password_fits_its_own_hash_and_no_other_password_does()
    {
        var hash = Argon2.Hash("correct horse battery");
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash, StringComparison.Ordinal);
        Assert.True(Argon2.Verify(hash, "correct horse battery", out var isOld));
        Assert.False(isOld);
        Assert.False(Argon2.Verify(hash, "correct horse batterY", out _));
        Assert.False(Argon2.Verify(hash, "correct horse battery ", out _));
    }

    [Fact]
    public void The_same_password_never_hashes_alike() => Assert.NotEqual(Argon2.Hash("twice the same"), Argon2.Hash("twice the same"));

    [Fact]
    public void A_hash_of_another_cost_fits_and_is_known_as_old()
    {
        var salt = Enumerable.Range(0, 16).Select(i => (byte)i).ToArray();
        var derived = NSec.Cryptography.PasswordBasedKeyDerivationAlgorithm.Argon2id(new() { DegreeOfParallelism = 1, MemorySize = 9216, NumberOfPasses = 4 }).DeriveBytes("password"u8, salt, 32);
        var stored = $"$argon2id$v=19$m=9216,t=4,p=1${Convert.ToBase64String(salt).TrimEnd('=')}${Convert.ToBase64String(derived).TrimEnd('=')}";
        Assert.True(Argon2.Verify(stored, "password", out var isOld));
        Assert.True(isOld);
        Assert.False(Argon2.Verify(stored, "passwore", out _));
    }

    [Fact]
    public void A_password_of_10_000_letters_is_refused_without_the_work()
    {
        var long10 = new string('p', 10_000);
        Assert.ThrowsAny<ArgumentException>(() => Argon2.Hash(long10));
        Assert.False(Argon2.Verify(Argon2.Hash("password"), long10, out _));
    }

    [Theory, InlineData(65), InlineData(256)]
    public void Long_passwords_count_to_their_last_letter(int length)
    {
        var password = new string('p', length - 1);
        Assert.False(Argon2.Verify(Argon2.Hash(password + "a"), password + "b", out _));
    }

    [Theory, InlineData(""), InlineData("plain"), InlineData("$2b$10$abcdefghijklmnopqrstuv"), InlineData("$argon2id$v=19$m=999999999,t=2,p=1$AAAA$AAAA"), InlineData("$argon2id$v=19$m=19456,t=2,p=1$!!$!!")]
    public void What_is_no_hash_of_ours_fits_nothing(string stored) => Assert.False(Argon2.Verify(stored, "password", out _));
}
