using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Web;

/// <summary>What could not be done is seen by a person, who can have it tried again.</summary>
public sealed class ProblemsTests
{
    [Theory, OnBothDatabases]
    public async Task A_job_that_failed_is_linked_shown_with_its_reason_and_tried_again(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        Assert.DoesNotContain("settings/problems", owner.Html, StringComparison.Ordinal);
        var id = await FailAsync(shop, "The channel refused the photo.");
        var foreign = await FailAsync(other, "A secret of the other shop.");

        await owner.GetAsync($"/w/{shop.Slug}/more");
        Assert.Contains("settings/problems", owner.Html, StringComparison.Ordinal);
        await owner.GetAsync($"/w/{shop.Slug}/settings/problems");
        Assert.Contains("The channel refused the photo.", owner.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("A secret", owner.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.PostAsync($"/w/{shop.Slug}/settings/problems/{foreign}/again")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"/w/{shop.Slug}/settings/problems/{id}/again")).StatusCode);
        await using var scope = app.In(shop.Id);
        Assert.NotEqual(JobState.GivenUp, (await scope.Db.Jobs.AsNoTracking().SingleAsync(j => j.Id == id)).State);

        async Task<Id<Job>> FailAsync(Shop of, string words)
        {
            await using var inside = app.In(of.Id);
            var now = app.Get<TimeProvider>().GetUtcNow();
            var job = new Job
            {
                Id = Id<Job>.New(now), Kind = "nothing_handles_this", Lane = $"work/{of.Id}", OrderKey = "x", Payload = "{}", CreatedAt = now, DueAt = now, State = JobState.GivenUp, Attempts = 7, LastFailure = words,
            };
            inside.Db.Jobs.Add(job);
            await inside.Db.SaveChangesAsync();
            return job.Id;
        }
    }
}
