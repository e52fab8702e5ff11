using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta;

namespace OrderClosr.Tests.Sandbox.Meta;

/// <summary>The published vectors: an invented secret, exact bytes, exact hex.</summary>
public sealed class SignatureTests
{
    private const string Secret = "invented-app-secret-0001";

    [Theory]
    [InlineData("{}", "ffcf09dc011a59c8f4538a0448bb42273c38b737f613929a2a6718cc025d9e86")]
    [InlineData("""{"object":"page","entry":[]}""", "35cac75e11280172ec742b29033b76db1eb04a6f4215715dae6650142100e6c9")]
    [InlineData("""{"text":"\u0633\u0644\u0627\u0645 \ud83d\ude00 https:\/\/x.dz"}""", "6118dd07f149d23e43b9facb078a7096ae9c6415ad73b66ce3824fdc76d9e7f8")]
    [InlineData("""{"text":"سلام 😀 https://x.dz"}""", "1a03a29eac8a21cab88b0e3d39f8e73aa116aef24defdd5e416fffdcf52ec36f")]
    [InlineData("""{"text":"50\u0025 \u003C3 \u0040me"}""", "5771e32d333eb32df94178375bb93df0528e8bba796ba214333509b8aa8dda65")]
    public void A_body_has_the_signature_of_its_exact_bytes(string body, string hex) =>
        Assert.Equal("sha256=" + hex, MetaSignature.Sha256(Secret, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Text_is_escaped_as_meta_escapes_it()
    {
        var body = new JsonObject { ["text"] = "سلام 😀 https://x.dz" };
        Assert.Equal("""{"text":"\u0633\u0644\u0627\u0645 \ud83d\ude00 https:\/\/x.dz"}""", MetaJson.Write(body, MetaSpelling.Today));
        Assert.Equal("""{"text":"سلام 😀 https://x.dz"}""", MetaJson.Write(body, new(NonAscii: false)));
        Assert.Equal("""{"text":"50\u0025 \u003C3 \u0040me"}""", MetaJson.Write(new JsonObject { ["text"] = "50% <3 @me" }, new(NonAscii: true, Older: true)));
    }

    [Fact]
    public void Whatever_is_escaped_reads_back_as_it_was()
    {
        var nasty = "\"\\/\b\f\n\r\t\u0001\u007f\u2028é日😀<%@";
        foreach (var spelling in (MetaSpelling[])[MetaSpelling.Today, new(false), new(true, true)])
            Assert.Equal(nasty, (string)JsonNode.Parse(MetaJson.Write(new JsonObject { [nasty] = new JsonArray(nasty, 1, null, true) }, spelling))![nasty]![0]!);
    }

    [Fact]
    public void A_signed_request_is_signed_over_its_encoded_payload() => Assert.Equal(
        "j3vSMjjIudNR6AR3FNqTsPKZmq2ru08xfnDmAA3UKZg.eyJ1c2VyX2lkIjoiOTkwMDAxIiwiYWxnb3JpdGhtIjoiSE1BQy1TSEEyNTYiLCJpc3N1ZWRfYXQiOjE3ODEwMDAwMDAsImV4cGlyZXMiOjE3ODEwMDM2MDB9",
        MetaSignature.SignedRequest(Secret, """{"user_id":"990001","algorithm":"HMAC-SHA256","issued_at":1781000000,"expires":1781003600}"""));

    [Fact]
    public void The_proof_of_a_token_is_keyed_by_the_app_secret() =>
        Assert.Equal("8d0ae367b2b3bf811760ca2b0ebefcb4337ece7973c00ad201fb06c4d17b1bf8", MetaSignature.Proof(Secret, "invented-access-token"));
}
