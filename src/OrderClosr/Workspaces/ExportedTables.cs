using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <summary>What every room says of its tables (<see cref="IRoomExport"/>), by name: the documented form of an export (docs/export.md).</summary>
public sealed class ExportedTables
{
    /// <summary>The form's name and version: rises when a field or a file is renamed or removed, not when one is added.</summary>
    public const string Schema = "orderclosr-export/1";

    public ExportedTables(IServiceProvider services)
    {
        var rooms = typeof(IRoomExport).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IRoomExport).IsAssignableFrom(t)).Select(t => (IRoomExport)ActivatorUtilities.CreateInstance(services, t));
        var all = rooms.SelectMany(r => r.Tables).ToList();
        TakenAlong = [.. all.Where(t => !t.IsLeftOut).OrderBy(t => t.Name, StringComparer.Ordinal)];
        LeftOut = [.. all.Where(t => t.IsLeftOut)];
    }

    /// <summary>Tables with a file or a list of their own.</summary>
    public IReadOnlyList<TableExport> TakenAlong { get; }

    /// <summary>Tables of which nothing is exported, with the reason.</summary>
    public IReadOnlyList<TableExport> LeftOut { get; }
}
