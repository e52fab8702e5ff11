using OrderClosr.Agent;
using OrderClosr.Conversations;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Agent.TurnWorld;

namespace OrderClosr.Tests.Agent;

/// <summary>What Claude may cost a shop.</summary>
public sealed class SpendingTests
{
    [Theory, OnBothDatabases]
    public async Task At_the_cap_of_a_day_people_answer_the_customer_is_told_once_and_a_higher_cap_lets_the_agent_go_on(Database database)
    {
        // A call of the played model costs 150 millionths of a dollar: here 1.5 DA.
        await using var world = await TurnWorld.StartAsync(database, new Dictionary<string, string?> { ["Claude:DinarsPerDollar"] = "10000" }, isAwake: true);
        Assert.Null(await CapAsync(world, "3", ""));
        await world.ScriptAsync(Says("Bonjour ! Comment puis-je vous aider ?"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("bonjour"));

        // Room for one call, and a turn that wants two: it ends in time, and says so.
        await world.ScriptAsync(Calls(("search_products", new() { ["query"] = "robe" })), Says("La robe d'été est à 3 500 DA."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("prix de la robe svp"));
        Assert.Equal(HandOverWords.Person(ReplyLanguage.Decide(["prix de la robe svp"], null)), await world.LastSaidAsync());
        Held(await world.NowAsync());
        Assert.Equal(TurnEnd.Silent, await world.SayAndTakeAsync("allo ?"));

        // Another customer: not a word of Claude's more, and one of ours.
        var (id, _) = await AddConversationAsync(world.App, world.Shop, "+213500000013");
        var other = world.On(world.Shop, id);
        var asked = (await world.RequestsAsync()).Count;
        Assert.Equal(TurnEnd.HandedOver, await other.SayAndTakeAsync("bonjour, vous livrez à Oran ?"));
        Assert.Equal(TurnEnd.Silent, await other.SayAndTakeAsync("svp ?"));
        var told = Assert.Single(await other.SaidAsync());
        Assert.Equal((Author.System, HandOverWords.Soon(ReplyLanguage.Decide([told.Text], null))), (told.Author, told.Text));
        Held(await other.NowAsync());
        Assert.Equal(asked, (await world.RequestsAsync()).Count);

        // A cap still too low changes nothing; a higher one gives back what waits, and it is answered.
        Assert.Null(await CapAsync(world, "2", "5000"));
        Held(await other.NowAsync());
        await world.ScriptAsync(Says("Oui, nous livrons à Oran."), Says("Oui, je suis là."), Says("Oui."));
        Assert.Null(await CapAsync(world, "", "5 000 DA"));
        await Eventually.HoldsAsync(async () => (await other.SaidAsync()).Any(m => m.Author == Author.Agent));
        Assert.Equal((HeldBy.Agent, null, null), (await other.NowAsync()) is var now ? (now.HeldBy, now.HandOverReason, now.ResumesAt) : default);

        static void Held(Conversation c) => Assert.Equal((HeldBy.Nobody, "day_cap", AlgiersTime.StartOf(TimeProvider.System.TodayInAlgiers().AddDays(1))), (c.HeldBy, c.HandOverReason, Rounded(c.ResumesAt!.Value)));
        // The end of the day less now, added to now: a few ticks are lost in between.
        static DateTimeOffset Rounded(DateTimeOffset at) => new((at.Ticks + TimeSpan.TicksPerMinute / 2) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, at.Offset);
    }

    [Fact]
    public void A_begun_dinar_counts_and_the_month_has_its_own_cap()
    {
        var agent = new AgentSettings { Id = default, DayCap = new(10), MonthCap = new(100) };
        Assert.Null(new Spent(0, 0, 135).Over(agent));
        Assert.Equal(new Dinars(1), new Spent(1, 1, 135).Day);
        Assert.Null(new Spent(66_666, 66_666, 135).Over(agent)); // 8.99991 DA
        Assert.Equal(Spending.DayCap, new Spent(66_667, 66_667, 135).Over(agent)); // 9.00005 DA: the tenth is begun
        Assert.Equal(Spending.DayCap, new Spent(0, 0, 135).Over(agent, 66_667));
        Assert.Equal(Spending.MonthCap, new Spent(0, 740_000, 135).Over(agent));
        Assert.Null(new Spent(9_000_000, 9_000_000, 135).Over(new AgentSettings { Id = default }));
        // Half of a month of 30 days.
        Assert.Equal(new Dinars(27), new Spent(0, 100_000, 135).MonthAt(AlgiersTime.StartOf(new DateOnly(2026, 11, 16))));
    }

    private static async Task<Refusal?> CapAsync(TurnWorld world, string day, string month)
    {
        await using var scope = world.App.In(world.Shop.Id);
        return await scope.Get<Spending>().CapAsync(day, month, default);
    }
}
