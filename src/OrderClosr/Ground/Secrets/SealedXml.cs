using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace OrderClosr.Ground.Secrets;

/// <summary>Keys of cookies and form proofs lie sealed in the database: who reads it alone cannot forge a sign-in.</summary>
/// <remarks>Asks for the keys only when it seals: an app without keys must still come far enough to say what is missing.</remarks>
internal sealed class SealedXml(IServiceProvider services) : IXmlEncryptor
{
    internal const string Field = "data_protection_key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new XElement("sealed", services.GetRequiredService<SecretBox>().Seal(Guid.Empty, Field, plaintextElement.ToString(SaveOptions.DisableFormatting))), typeof(UnsealedXml));
}

/// <summary>Opens what <see cref="SealedXml"/> sealed; made by the library, so it asks for its services itself.</summary>
internal sealed class UnsealedXml(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(services.GetRequiredService<SecretBox>().Open(Guid.Empty, SealedXml.Field, encryptedElement.Value));
}
