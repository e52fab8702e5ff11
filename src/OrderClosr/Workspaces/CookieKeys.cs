using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <summary>Keys of cookies and form proofs, in the database: every process reads the same, and they are in the backup.</summary>
/// <remarks>The library's own store saves synchronously, which our context refuses: writing waits its turn.</remarks>
internal sealed class CookieKeys(WorkspaceScopes scopes) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => Wait(async () =>
    {
        await using var scope = scopes.OpenNone();
        return (await scope.Db.Set<DataProtectionKey>().AsNoTracking().Select(k => k.Xml).ToListAsync()).ConvertAll(xml => XElement.Parse(xml!));
    });

    public void StoreElement(XElement element, string friendlyName) => Wait(async () =>
    {
        await using var scope = scopes.OpenNone();
        scope.Db.Set<DataProtectionKey>().Add(new() { FriendlyName = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        return await scope.Db.SaveChangesAsync();
    });

    // The interface is synchronous; called a few times in a process's life.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
