using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Outbound;
using OrderClosr.Vendors.Meta;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>The error table of facts/meta.md section 7, and the limits of section 6.2.</summary>
public sealed class MetaErrorTests
{
    [Theory]
    [InlineData(false, 400, 190, 460, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(false, 400, 200, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(false, 403, 299, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(false, 400, 10, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(false, 400, 10, 2018278, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(false, 400, 10, 2534022, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(false, 400, 10, 2018065, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(false, 400, 10, 2018300, FailureCategory.Refused, SendReaction.HeldElsewhere)]
    [InlineData(false, 400, 10, 1893063, FailureCategory.Refused, SendReaction.StopChannel)]
    [InlineData(false, 400, 551, 1545041, FailureCategory.Refused, SendReaction.Unreachable)]
    [InlineData(false, 400, 200, 1545041, FailureCategory.Refused, SendReaction.Unreachable)]
    [InlineData(false, 400, 100, 2018001, FailureCategory.Refused, SendReaction.Unreachable)]
    [InlineData(false, 400, 100, null, FailureCategory.Configuration, SendReaction.GiveUp)]
    [InlineData(false, 400, 613, null, FailureCategory.RateLimited, SendReaction.GiveUp)]
    [InlineData(false, 429, null, null, FailureCategory.RateLimited, SendReaction.GiveUp)]
    [InlineData(false, 500, 2, 2018344, FailureCategory.Transient, SendReaction.GiveUp)]
    [InlineData(false, 503, null, null, FailureCategory.Transient, SendReaction.GiveUp)]
    [InlineData(false, 400, 368, null, FailureCategory.Refused, SendReaction.StopChannel)]
    [InlineData(true, 400, 131047, null, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(true, 400, 131026, null, FailureCategory.Refused, SendReaction.Unreachable)]
    [InlineData(true, 400, 131056, null, FailureCategory.RateLimited, SendReaction.GiveUp)]
    [InlineData(true, 400, 130429, null, FailureCategory.RateLimited, SendReaction.GiveUp)]
    [InlineData(true, 400, 131048, null, FailureCategory.Refused, SendReaction.LimitChannel)]
    [InlineData(true, 400, 131042, null, FailureCategory.Refused, SendReaction.LimitChannel)]
    [InlineData(true, 403, 131031, null, FailureCategory.Refused, SendReaction.StopChannel)]
    [InlineData(true, 500, 131000, null, FailureCategory.Transient, SendReaction.GiveUp)]
    [InlineData(true, 400, 133010, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 400, 131053, null, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(true, 401, 190, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 401, 0, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 500, 3, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 403, 131005, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 403, 210, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 400, 33, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 500, 131045, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 400, 133006, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(true, 400, 80007, null, FailureCategory.RateLimited, SendReaction.GiveUp)]
    [InlineData(true, 400, 133016, null, FailureCategory.RateLimited, SendReaction.GiveUp)]
    [InlineData(true, 500, 131057, null, FailureCategory.Transient, SendReaction.GiveUp)]
    [InlineData(true, 503, 133004, null, FailureCategory.Transient, SendReaction.GiveUp)]
    [InlineData(true, 400, 131049, null, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(true, 400, 131050, null, FailureCategory.Refused, SendReaction.NoAdvertising)]
    [InlineData(true, 403, 130497, null, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(true, 403, 368, null, FailureCategory.Refused, SendReaction.StopChannel)]
    [InlineData(true, 400, 131037, null, FailureCategory.Refused, SendReaction.StopChannel)]
    [InlineData(true, 400, 131008, null, FailureCategory.Configuration, SendReaction.GiveUp)]
    [InlineData(true, 400, 132000, null, FailureCategory.Configuration, SendReaction.GiveUp)]
    [InlineData(true, 404, 132001, null, FailureCategory.Configuration, SendReaction.LookAgain)]
    [InlineData(true, 400, 132015, null, FailureCategory.Refused, SendReaction.LookAgain)]
    [InlineData(true, 400, 132016, null, FailureCategory.Refused, SendReaction.LookAgain)]
    [InlineData(true, 400, 999999, null, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(false, 400, 102, null, FailureCategory.Credentials, SendReaction.Disconnected)]
    [InlineData(false, 400, 10, 1545041, FailureCategory.Refused, SendReaction.Unreachable)]
    [InlineData(false, 400, 100, 2534014, FailureCategory.Refused, SendReaction.Unreachable)]
    [InlineData(false, 400, 80006, null, FailureCategory.RateLimited, SendReaction.GiveUp)]
    [InlineData(false, 400, 2534025, null, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(false, 400, 2534029, null, FailureCategory.Refused, SendReaction.StopChannel)]
    [InlineData(false, 400, 506, null, FailureCategory.Refused, SendReaction.GiveUp)]
    [InlineData(false, 400, 2635, null, FailureCategory.Configuration, SendReaction.GiveUp)]
    public void Each_code_has_its_reaction(bool isWhatsapp, int http, int? code, int? subcode, FailureCategory category, SendReaction reaction)
    {
        var error = MetaErrors.Of(isWhatsapp, http, code, subcode, isTransient: false);
        Assert.Equal((category, reaction), (error.Category, error.Reaction));
    }

    [Theory]
    [InlineData(ChannelKind.Messenger, 1999)]
    [InlineData(ChannelKind.Whatsapp, 4096)]
    public void A_text_of_the_limit_is_one_message_and_one_more_letter_makes_two(ChannelKind kind, int most)
    {
        Assert.Single(TextLimit.Split(kind, new string('a', most), false));
        Assert.Equal([most, 1], TextLimit.Split(kind, new string('a', most + 1), false).Select(p => p.Length));
    }

    [Fact]
    public void Instagram_counts_bytes_and_no_character_is_cut()
    {
        var parts = TextLimit.Split(ChannelKind.Instagram, string.Concat(Enumerable.Repeat("👨‍👩‍👧", 200)), false);
        Assert.All(parts, p => Assert.True(System.Text.Encoding.UTF8.GetByteCount(p) <= 1000));
        Assert.All(parts, p => Assert.StartsWith("👨‍👩‍👧", p, StringComparison.Ordinal));
        Assert.Equal(200, parts.Sum(p => p.Split("👨‍👩‍👧").Length - 1));
    }

    [Fact]
    public void The_proof_of_the_app_secret_is_Metas() =>
        Assert.Equal("8d0ae367b2b3bf811760ca2b0ebefcb4337ece7973c00ad201fb06c4d17b1bf8", MetaSettings.ProofOf("invented-app-secret-0001", "invented-access-token"));

    [Theory]
    [InlineData("{}", "ffcf09dc011a59c8f4538a0448bb42273c38b737f613929a2a6718cc025d9e86")]
    [InlineData("{\"text\":\"سلام 😀 https://x.dz\"}", "1a03a29eac8a21cab88b0e3d39f8e73aa116aef24defdd5e416fffdcf52ec36f")]
    public void The_tests_sign_as_Meta_does(string body, string hex) => Assert.Equal("sha256=" + hex, MetaDoor.Sign(System.Text.Encoding.UTF8.GetBytes(body)));
}
