using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>The six digits of an authenticator app.</summary>
public sealed class OneTimeCodeTests
{
    // "12345678901234567890" of RFC 6238, appendix B.
    private const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [Theory]
    [InlineData(59, "287082"), InlineData(1111111109, "081804"), InlineData(1111111111, "050471"), InlineData(1234567890, "005924"), InlineData(2000000000, "279037")]
    public void Codes_are_those_of_the_standard(long seconds, string code)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        Assert.Equal(code, OneTimeCode.Of(Secret, OneTimeCode.StepOf(at)));
        Assert.Equal(OneTimeCode.StepOf(at), OneTimeCode.Find(Secret, code, at));
    }

    [Fact]
    public void The_step_before_and_the_next_are_taken_and_no_other()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var step = OneTimeCode.StepOf(now);
        foreach (var (away, taken) in new[] { (-3, false), (-2, false), (-1, true), (0, true), (1, true), (2, false), (3, false) })
            Assert.Equal(taken ? step + away : null, OneTimeCode.Find(Secret, OneTimeCode.Of(Secret, step + away), now));
    }

    [Theory]
    [InlineData("287082", "287082"), InlineData(" 287 082 ", "287082"), InlineData("287-082", "287082"), InlineData("٢٨٧٠٨٢", "287082"), InlineData("28708", null), InlineData("2870822", null), InlineData("28708a", null),
     InlineData("", null), InlineData(null, null), InlineData("287082287082287082287082287082287082", null)]
    public void A_code_is_read_as_people_type_it(string? typed, string? code) => Assert.Equal(code, OneTimeCode.Read(typed));

    [Fact]
    public void Secrets_are_long_different_and_what_apps_can_read()
    {
        var secrets = Enumerable.Range(0, 50).Select(_ => OneTimeCode.NewSecret()).ToList();
        Assert.Equal(50, secrets.Distinct().Count());
        Assert.All(secrets, s => Assert.Matches("^[A-Z2-7]{32}$", s));
        Assert.Equal($"otpauth://totp/OrderClosr:a%40b.example?secret={Secret}&issuer=OrderClosr&digits=6&period=30", OneTimeCode.Address(Secret, "a@b.example"));
    }

    [Theory]
    [InlineData("ABCD-EFGH-2345", "ABCDEFGH2345"), InlineData("abcd efgh 2345", "ABCDEFGH2345"), InlineData("0bcd1fgh2345", "OBCDIFGH2345"), InlineData("ABCD-EFGH-234", null), InlineData("287082", null), InlineData(null, null)]
    public void A_recovery_code_is_read_as_people_type_it(string? typed, string? code) => Assert.Equal(code, RecoveryCodes.Read(typed));
}
