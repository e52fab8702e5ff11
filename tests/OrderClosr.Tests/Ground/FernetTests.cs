using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using OrderClosr.Ground.Secrets;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

public sealed class FernetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);
    private static readonly FernetKey Key = FernetKey.TryRead(FernetKey.Generate())!;

    public static TheoryData<string, int> Vectors(string file) => new(JsonDocument.Parse(Repository.Text($"tests/OrderClosr.Tests/Ground/fernet-vectors/{file}.json"))
        .RootElement.EnumerateArray().Select((vector, i) => new TheoryDataRow<string, int>(file, i) { TestDisplayName = $"{file} {i} {(vector.TryGetProperty("desc", out var desc) ? desc : "")}" }));

    [Theory, MemberData(nameof(Vectors), "generate")]
    public void The_public_vector_is_generated(string file, int index)
    {
        var vector = Vector(file, index);
        var iv = vector.GetProperty("iv").EnumerateArray().Select(b => b.GetByte()).ToArray();
        Assert.Equal(vector.GetProperty("token").GetString(),
            Fernet.Encrypt(KeyOf(vector), Encoding.UTF8.GetBytes(vector.GetProperty("src").GetString()!), vector.GetProperty("now").GetDateTimeOffset(), iv));
    }

    [Theory, MemberData(nameof(Vectors), "verify")]
    public void The_public_vector_is_opened(string file, int index)
    {
        var vector = Vector(file, index);
        Assert.Equal(vector.GetProperty("src").GetString(), Encoding.UTF8.GetString(Open(vector)));
    }

    [Theory, MemberData(nameof(Vectors), "invalid")]
    public void The_public_invalid_vector_is_refused(string file, int index)
    {
        var vector = Vector(file, index);
        Assert.Throws<FernetException>(() => Open(vector));
    }

    [Fact]
    public void A_token_with_any_byte_changed_is_refused()
    {
        var token = Base64Url.DecodeFromChars(Fernet.Encrypt(Key, "tokn"u8, Now));
        for (var i = 0; i < token.Length; i++)
        {
            token[i] ^= 1;
            Assert.Throws<FernetException>(() => Fernet.Decrypt([Key], Convert.ToBase64String(token).Replace('+', '-').Replace('/', '_')));
            token[i] ^= 1;
        }
        Assert.Equal("tokn"u8, Fernet.Decrypt([Key], Convert.ToBase64String(token).Replace('+', '-').Replace('/', '_')));
    }

    [Theory, InlineData(""), InlineData("AAAA"), InlineData("c3RhbmRhcmQ="), InlineData("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4"), InlineData("cw/0x689RpI+jtRR7oE8h/eQsKImvJapLeSbXpwF4e4=AAAA")]
    public void A_key_of_the_wrong_length_is_no_key(string text) => Assert.Null(FernetKey.TryRead(text));

    [Fact]
    public void A_token_without_its_padding_or_with_white_space_or_of_another_alphabet_is_refused()
    {
        string token;
        do token = Fernet.Encrypt(Key, "a secret of some length"u8, Now);
        while (!token.EndsWith('=') || !token.Contains('-') || !token.Contains('_'));
        Assert.NotEmpty(Fernet.Decrypt([Key], token));
        Assert.Throws<FernetException>(() => Fernet.Decrypt([Key], token.TrimEnd('=')));
        Assert.Throws<FernetException>(() => Fernet.Decrypt([Key], $" {token}"));
        Assert.Throws<FernetException>(() => Fernet.Decrypt([Key], token.Insert(8, "\n   ")));
        Assert.Throws<FernetException>(() => Fernet.Decrypt([Key], token.Replace('-', '+').Replace('_', '/')));
    }

    [Fact]
    public void A_token_lives_to_the_last_second_and_not_one_longer()
    {
        var token = Fernet.Encrypt(Key, "x"u8, Now);
        Fernet.Decrypt([Key], token, Now.AddSeconds(60), TimeSpan.FromSeconds(60));
        Assert.Throws<FernetException>(() => Fernet.Decrypt([Key], token, Now.AddSeconds(61), TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_token_may_come_from_a_clock_60_seconds_ahead_and_not_61()
    {
        Fernet.Decrypt([Key], Fernet.Encrypt(Key, "x"u8, Now.AddSeconds(60)), Now, TimeSpan.FromHours(1));
        Assert.Throws<FernetException>(() => Fernet.Decrypt([Key], Fernet.Encrypt(Key, "x"u8, Now.AddSeconds(61)), Now, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Old_keys_open_and_the_first_key_seals()
    {
        var (old, young) = (FernetKey.Generate(), FernetKey.Generate());
        var before = Box(old).Seal(Guid.Empty, "f", "secret");
        var after = Box($"{young},{old}");
        Assert.Equal("secret", after.Open(Guid.Empty, "f", before));
        Assert.Equal("secret", Box(young).Open(Guid.Empty, "f", after.Seal(Guid.Empty, "f", "secret")));
        Assert.Throws<FernetException>(() => Box(young).Open(Guid.Empty, "f", before));
    }

    [Fact]
    public void Rotating_keeps_the_time_and_changes_the_rest()
    {
        var (old, young) = (FernetKey.TryRead(FernetKey.Generate())!, FernetKey.TryRead(FernetKey.Generate())!);
        var before = Fernet.Encrypt(old, "secret"u8, Now);
        var after = Fernet.Rotate([young, old], before);
        Assert.True(Fernet.IsOf(young, after));
        Assert.Equal("secret"u8, Fernet.Decrypt([young], after));
        Assert.Equal(Base64Url.DecodeFromChars(before)[..9], Base64Url.DecodeFromChars(after)[..9]);
        Assert.NotEqual(Base64Url.DecodeFromChars(before)[9..25], Base64Url.DecodeFromChars(after)[9..25]);
        Assert.Equal(after, Fernet.Rotate([young, old], after));
    }

    [Fact]
    public void A_sealed_value_moved_to_another_workspace_or_field_is_refused()
    {
        var box = Box(FernetKey.Generate());
        var (ours, theirs) = (Guid.NewGuid(), Guid.NewGuid());
        var token = box.Seal(ours, "channel.token", "secret");
        Assert.Equal("secret", box.Open(ours, "channel.token", token));
        Assert.Throws<FernetException>(() => box.Open(theirs, "channel.token", token));
        Assert.Throws<FernetException>(() => box.Open(ours, "courier.token", token));
    }

    [Fact]
    public void Nothing_secret_stands_in_the_refusal_or_in_what_a_log_would_print()
    {
        var box = Box(FernetKey.Generate());
        var token = box.Seal(Guid.Empty, "f", "kalimat-sirr");
        var refusal = Assert.Throws<FernetException>(() => Box(FernetKey.Generate()).Open(Guid.Empty, "f", token));
        Assert.DoesNotContain("kalimat-sirr", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(token, refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(token, new Sealed(token).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "missing")]
    [InlineData("abc", "not a Fernet key")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "weak")]
    [InlineData("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=", "public")]
    public void Bad_keys_are_refused_in_words_that_do_not_repeat_them(string? setting, string word)
    {
        var problem = FernetKeys.Problem(setting);
        Assert.Contains(word, problem, StringComparison.Ordinal);
        if (setting is { Length: > 10 }) Assert.DoesNotContain(setting, problem, StringComparison.Ordinal);
    }

    private static SecretBox Box(string keys) => new(FernetKeys.Read(keys), new TestClock(Now));

    private static byte[] Open(JsonElement vector) => Fernet.Decrypt([KeyOf(vector)], vector.GetProperty("token").GetString()!,
        vector.GetProperty("now").GetDateTimeOffset(), TimeSpan.FromSeconds(vector.GetProperty("ttl_sec").GetInt32()));

    private static FernetKey KeyOf(JsonElement vector) => FernetKey.TryRead(vector.GetProperty("secret").GetString()!)!;

    private static JsonElement Vector(string file, int index) =>
        JsonDocument.Parse(Repository.Text($"tests/OrderClosr.Tests/Ground/fernet-vectors/{file}.json")).RootElement[index];
}
