using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Dashboard;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Dashboard;

/// <summary>The day's numbers by mail: for who asked, once a day, without a person in them.</summary>
public sealed class EveningLetterTests
{
    [Theory, OnBothDatabases]
    public async Task Who_asks_for_it_gets_one_letter_a_day_with_numbers_alone(Database database)
    {
        await using var world = await DashboardWorld.StartAsync(database);
        await world.TellAsync(new Story(world.Ago(0)) { Channel = world.Shop.Whatsapp }, new Story(world.Ago(2)) { End = ParcelState.Delivered });
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        Assert.DoesNotContain("checked", await owner.ReadAsync(world.Link("settings/notifications")), StringComparison.Ordinal);
        await WriteAsync();
        await using (var scope = world.Open()) Assert.False(await scope.Db.Jobs.AnyAsync(j => j.Kind == SendEveningLetter.Kind));

        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync(world.Link("settings/notifications"), new() { ["evening"] = "true" })).StatusCode);
        Assert.Contains("checked", await owner.ReadAsync(world.Link("settings/notifications")), StringComparison.Ordinal);
        // A member who sees no numbers cannot ask, and one who loses them gets none.
        using (var confirmer = await world.App.MemberOfAsync(world.Shop, Role.Confirmer)) Assert.NotEqual(HttpStatusCode.OK, (await confirmer.GetAsync(world.Link("settings/notifications"))).StatusCode);
        using (var accountant = await world.App.MemberOfAsync(world.Shop, Role.Accountant)) await accountant.SubmitAsync(world.Link("settings/notifications"), new() { ["evening"] = "true" });
        await using (var scope = world.Open())
        {
            var (here, wish) = (world.Shop.Id, await scope.Db.EveningWishes.SingleAsync(w => w.AccountId != world.Shop.OwnerId));
            var member = await scope.Db.Members.SingleAsync(m => m.WorkspaceId == here && m.AccountId == wish.AccountId);
            Assert.Null(await scope.Get<Membership>().ChangeRoleAsync(member.Id, Role.Suivi, world.Shop.OwnerId, default));
            Assert.Single(await scope.Db.EveningWishes.ToListAsync());
        }

        // The clock strikes twice: one letter.
        await WriteAsync();
        await WriteAsync();
        await using (var scope = world.Open())
        {
            var job = await scope.Db.Jobs.SingleAsync(j => j.Kind == SendEveningLetter.Kind);
            Assert.DoesNotContain("Client", job.Payload, StringComparison.Ordinal);
            var handler = scope.Get<IJobHandler<SendEveningLetter>>();
            var letter = new SendEveningLetter(world.Shop.OwnerId, world.Today);
            Assert.Equal(JobState.Done, (await handler.RunAsync(letter, new(job.Id, 1, false), default)).State);
            Assert.Equal(JobState.Done, (await handler.RunAsync(letter, new(job.Id, 2, true), default)).State);
        }
        var letters = (await world.App.LettersAsync(world.Shop.OwnerEmail)).Where(l => l.Subject == "Votre journée en chiffres").ToList();
        // Sent again it is the same letter to a mailbox.
        Assert.Single(letters.Select(l => l.MessageId).Distinct());
        var text = letters[0].Text.Replace("\u2068", "", StringComparison.Ordinal).Replace("\u2069", "", StringComparison.Ordinal);
        Assert.Contains($"Shop 1, le {world.Today:dd/MM/yyyy}. Conversations : 1. Commandes : 1, confirmées : 1. Livrées : 1, retours : 0.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Client", text, StringComparison.Ordinal);
        Assert.Equal(world.Link("dashboard"), letters[0].Link);

        async Task WriteAsync() => await Handler(world).RunAsync(new(), new(default, 1, false), default);
    }

    private static IJobHandler<WriteEveningLetters> Handler(DashboardWorld world) => new WriteEveningLettersHandler(world.App.Get<OrderClosr.Ground.Tenancy.WorkspaceScopes>(), world.Clock);
}
