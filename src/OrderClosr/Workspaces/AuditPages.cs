using OrderClosr.Web;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary><c>/settings/audit</c>: who did what in the workspace, for its owner.</summary>
public static class AuditPages
{
    public static void MapAuditPages(this RouteGroupBuilder workspace) =>
        workspace.MapGet("/settings/audit", async (string? kind, string? who, string? day, string? before, AuditReader reader, CancellationToken stop) =>
            Results.Page<AuditPage>(new { View = await reader.ReadAsync(AuditLook.Read(kind, who, day, before), stop) })).Needs(Capability.ReadAudit);
}
