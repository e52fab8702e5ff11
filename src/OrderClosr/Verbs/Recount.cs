using Microsoft.EntityFrameworkCore;
using OrderClosr.Dashboard;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Verbs;

/// <summary><c>recount</c>: every day of the dashboard from the records.</summary>
internal static class Recount
{
    internal static readonly Verb Verb = new("recount [WORKSPACE]", "counts the dashboard's numbers again from the records, of one workspace or of all", RunAsync, """
        WORKSPACE is the word in its addresses. May run beside the app and may be stopped: a day is counted whole or not at all. The numbers do not change unless they were wrong.
        exit codes: 0 done, 1 refused (the reason is said), 2 there is no such workspace
        """);

    private static async Task<int> RunAsync(string[] args)
    {
        await using var app = App.Build([.. args.Where(a => a.StartsWith('-'))]);
        using var signals = new Stopping();
        var gate = app.Services.GetRequiredService<StartGate>();
        foreach (var database in (bool[])[false, true]) await gate.RefuseAsync(database, signals.Token);
        var (scopes, slug) = (app.Services.GetRequiredService<WorkspaceScopes>(), args.FirstOrDefault(a => !a.StartsWith('-')));
        List<(WorkspaceId Id, string Slug)> found;
        await using (var none = scopes.OpenNone())
            found = (await none.Db.Set<Workspace>().Where(w => w.DeleteAskedAt == null && (slug == null || w.Slug == slug)).OrderBy(w => w.Slug).Select(w => new { w.Id, w.Slug }).ToListAsync(signals.Token)).ConvertAll(w => (w.Id, w.Slug));
        if (found.Count == 0 && slug is not null)
        {
            await Console.Error.WriteLineAsync($"There is no workspace {slug}.");
            return 2;
        }
        foreach (var workspace in found)
        {
            await using var scope = scopes.Open(workspace.Id);
            Console.WriteLine($"{workspace.Slug}: {await scope.Get<RollUp>().RecountAsync(signals.Token)} days");
        }
        return 0;
    }
}
