using System.Globalization;
using System.Security.Cryptography;

namespace OrderClosr.Parcels;

/// <summary>Our name for a parcel at a courier: <c>1042-K7QX3M</c>, the order's second parcel <c>1042-K7QX3M-2</c>.</summary>
/// <remarks>Made from the order alone: after a restored backup the same order asks under the same name and finds what it booked before.
/// The letters come from the order's id, because a number may be given again to another order after such a restore. 5 to 20 characters,
/// upper-case letters, digits and hyphens: what the strictest courier takes.</remarks>
public static class ParcelReference
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static string Of(int orderNumber, OrderId order, int sequence)
    {
        Span<byte> id = stackalloc byte[16];
        order.Value.TryWriteBytes(id);
        var hash = SHA256.HashData(id);
        var mark = string.Create(6, hash, static (to, bytes) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = Letters[bytes[i] & 31];
        });
        return string.Create(CultureInfo.InvariantCulture, $"{orderNumber}-{mark}{(sequence > 1 ? $"-{sequence}" : "")}");
    }
}
