using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrderClosr.Tests.Support;

/// <summary>A phone that keeps a passkey, in software: answers what our pages ask, as a browser would hand it on (WebAuthn level 2, attestation "none", ES256).</summary>
/// <remarks>Its counter stays at zero, as that of keys that are copied between a person's devices does: the counter tells no repeat.</remarks>
internal sealed class Authenticator(string origin) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string? _user;

    /// <summary>The answer to "make a key".</summary>
    internal string Create(string options)
    {
        using var asked = JsonDocument.Parse(options);
        _user = asked.RootElement.GetProperty("user").GetProperty("id").GetString();
        var point = _key.ExportParameters(false).Q;
        byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. Data(attested: true), .. new byte[16], 0, (byte)_id.Length, .. _id, .. cose];
        // {"fmt": "none", "attStmt": {}, "authData": data}
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Answer(new { clientDataJSON = Text(Client("webauthn.create", asked)), attestationObject = Text(attestation), transports = (string[])["internal"] });
    }

    /// <summary>The answer to "show a key".</summary>
    internal string Show(string options)
    {
        using var asked = JsonDocument.Parse(options);
        byte[] data = Data(attested: false), client = Client("webauthn.get", asked);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = _user });
    }

    private string Answer(object response) => JsonSerializer.Serialize(new { id = Text(_id), rawId = Text(_id), type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { }, response });

    private byte[] Client(string type, JsonDocument asked) => JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = asked.RootElement.GetProperty("challenge").GetString(), origin, crossOrigin = false });

    /// <summary>Whose site, that its person was there and was recognised, the counter.</summary>
    private byte[] Data(bool attested)
    {
        var data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(new Uri(origin).Host), data);
        data[32] = attested ? (byte)0x45 : (byte)0x05;
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), 0);
        return data;
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose() => _key.Dispose();
}
