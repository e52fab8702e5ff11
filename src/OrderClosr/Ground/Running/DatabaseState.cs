using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;

namespace OrderClosr.Ground.Running;

/// <summary>Whether the database is the one this version and these keys were made for.</summary>
internal static class DatabaseState
{
    internal static async Task<IReadOnlyList<string>> ProblemsAsync(OrderClosrDb db, FernetKeys keys, CancellationToken stop)
    {
        var pending = (await db.Database.GetPendingMigrationsAsync(stop)).Count();
        if (pending > 0) return [$"The database is {pending} migrations behind this version: run the verb migrate."];
        var sealedKeys = await db.Set<DataProtectionKey>().AsNoTracking().OrderByDescending(k => k.Id).Select(k => k.Xml).Take(1).ToListAsync(stop);
        return sealedKeys.Select(xml => XElement.Parse(xml!).DescendantsAndSelf("sealed").FirstOrDefault()?.Value).Any(token => token is not null && !Opens(keys, token))
            ? ["None of FERNET_KEYS opens what this database holds: add the key it was written with."]
            : [];
    }

    private static bool Opens(FernetKeys keys, string token)
    {
        try
        {
            CryptographicOperations.ZeroMemory(Fernet.Decrypt(keys.All, token));
            return true;
        }
        catch (FernetException)
        {
            return false;
        }
    }
}
