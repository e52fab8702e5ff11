using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Conversations;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Agent.TurnWorld;

namespace OrderClosr.Tests.Agent;

/// <summary>What is kept of the messages that are too old to be sent word for word.</summary>
public sealed class SummaryTests
{
    private const int Fresh = Prompt.HistoryMessages;

    [Theory, OnBothDatabases]
    public async Task What_leaves_the_window_is_kept_in_a_line_once_enough_has_left(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.SayAsync("salam ch7al la robe d'été ?", "nskon f Bir El Djir", "c'est une arnaque ou quoi", "annulez la commande");
        await world.AddSaidAsync(Author.Agent, "Le sac à main est à 4 200 DA.");
        await SayFillersAsync(world, Fresh + Fresh / 2 - 6);
        Assert.Equal(("", 0), await RenewedAsync(world));

        await world.SayAsync("ok");
        var (summary, upTo) = await RenewedAsync(world);
        Assert.Equal(Fresh / 2, upTo);
        Assert.StartsWith("Until 20", summary, StringComparison.Ordinal);
        Assert.Contains("asked about Robe d'été;", summary, StringComparison.Ordinal);
        Assert.Contains("named Bir El Djir", summary, StringComparison.Ordinal);
        Assert.Contains("complained or asked for a person;", summary, StringComparison.Ordinal);
        Assert.Contains("spoke of cancelling;", summary, StringComparison.Ordinal);
        // Only the customer's words are theirs.
        Assert.DoesNotContain("Sac", summary, StringComparison.Ordinal);
        // The same messages once more add nothing.
        Assert.Equal((summary, upTo), await RenewedAsync(world));

        await world.SayAsync("et le sac à main ?");
        await SayFillersAsync(world, Fresh + Fresh / 2 - 1);
        var (later, on) = await RenewedAsync(world);
        Assert.StartsWith(summary, later, StringComparison.Ordinal);
        Assert.Contains("asked about Sac à main;", later[summary.Length..], StringComparison.Ordinal);
        Assert.True(on > upTo);
    }

    [Theory, OnBothDatabases]
    public async Task A_long_summary_keeps_its_newest_end_and_taken_back_words_are_left_out(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ChangeAsync(c => c.Summary = new string('x', 790));
        await world.SayAsync("la robe d'été svp");
        await using (var scope = world.App.In(world.Shop.Id))
        {
            (await scope.Db.Messages.SingleAsync()).DeletedAt = world.App.Get<TimeProvider>().GetUtcNow();
            await scope.Db.SaveChangesAsync();
        }
        await SayFillersAsync(world, Fresh + Fresh / 2);
        var (summary, _) = await RenewedAsync(world);
        Assert.Equal(800, summary.Length);
        Assert.EndsWith(" messages;", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("Robe", summary, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_turn_renews_it_and_the_next_one_reads_it(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.SayAsync("salam ch7al la robe d'été ?");
        await SayFillersAsync(world, Fresh + Fresh / 2 - 1);
        await world.ScriptAsync(Says("Bonjour, quelle taille vous faut-il ?"), Says("Très bien."));
        Assert.Equal(TurnEnd.Replied, await world.TakeAsync());
        Assert.Contains("Robe d'été", (await world.NowAsync()).Summary, StringComparison.Ordinal);
        await world.SayAndTakeAsync("M svp");
        Assert.Contains("asked about Robe d", (await world.RequestsAsync())[^1].ToJsonString(), StringComparison.Ordinal);
    }

    private static Task SayFillersAsync(TurnWorld world, int count) => world.SayAsync([.. Enumerable.Repeat("d'accord", count)]);

    private static async Task<(string, int)> RenewedAsync(TurnWorld world)
    {
        await using var scope = world.App.In(world.Shop.Id);
        var conversation = await scope.Db.Conversations.SingleAsync(c => c.Id == world.Conversation);
        await scope.Get<Summary>().RenewAsync(conversation, TestContext.Current.CancellationToken);
        await scope.Db.SaveChangesAsync();
        return (conversation.Summary ?? "", conversation.SummaryUpTo);
    }
}
