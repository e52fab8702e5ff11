using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Sandbox.Meta;

/// <summary>Ids as Meta hands them out.</summary>
/// <remarks>
/// Ids of messages are random, never from the seeded chance: a product that kept its data over a restart of the sandbox
/// must not see an old id again. Ids of people are derived, so that the same customer is the same person after a restart.
/// </remarks>
public static class MetaIds
{
    /// <summary>A new message id of the channel.</summary>
    public static string Message(MetaKind kind) => kind switch
    {
        MetaKind.WhatsApp => "wamid.HBgM" + Letters(36) + "A=",
        MetaKind.Instagram => "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE" + Letters(60),
        _ => "m_" + Letters(86),
    };

    /// <summary>A new numeric id (media, comments, attachments).</summary>
    public static string Number() => RandomNumberGenerator.GetInt32(1, 10).ToString(CultureInfo.InvariantCulture) + RandomNumberGenerator.GetString("0123456789", 15);

    /// <summary>Random letters and digits.</summary>
    public static string Letters(int count) => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", count);

    /// <summary>Always the same digits for the same words; the first is never 0.</summary>
    public static string Derived(int length, params ReadOnlySpan<string> words)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words!)));
        var digits = new BigInteger(hash, isUnsigned: true).ToString(CultureInfo.InvariantCulture).PadLeft(length, '7');
        var tail = digits[^length..];
        return tail[0] == '0' ? "7" + tail[1..] : tail;
    }
}
