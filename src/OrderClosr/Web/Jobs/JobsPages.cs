using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Jobs;

/// <summary>What the product could not do for this shop: why, and to try again (design: engine, "Three kinds of rows").</summary>
public static class JobsPages
{
    private const int Most = 100;

    private static readonly JobState[] Failed = [JobState.Refused, JobState.GivenUp, JobState.Parked];

    public static IServiceCollection AddJobsPages(this IServiceCollection services) =>
        services.AddNavItem(new("problems", NavGroup.Settings, 95, "alert", "settings/problems", Count: (db, _, stop) => FailedOf(db).CountAsync(stop), OnlyWithCount: true, Needs: Capability.RetryJobs));

    public static void MapJobsPages(this RouteGroupBuilder group)
    {
        var workspace = group.MapGroup("").Needs(Capability.RetryJobs);
        workspace.MapGet("/settings/problems", async (OrderClosrDb db, CancellationToken stop) =>
            Results.Page<ProblemsPage>(new { Jobs = await FailedOf(db).AsNoTracking().OrderByDescending(j => j.Id).Take(Most).ToListAsync(stop) }));
        workspace.MapPost("/settings/problems/{id}/again", async (Id<Job> id, HttpContext http, Shop shop, Lanes lanes, CancellationToken stop) =>
            await lanes.TryAgainAsync(id, stop) ? Results.Back(http, shop.Link("settings/problems"), "nav.problem_again") : Results.NotFound());
    }

    private static IQueryable<Job> FailedOf(OrderClosrDb db) => db.Jobs.Where(j => Failed.Contains(j.State));
}
