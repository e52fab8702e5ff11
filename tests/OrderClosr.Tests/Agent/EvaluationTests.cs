using OrderClosr.Channels;
using OrderClosr.Evals;

namespace OrderClosr.Tests.Agent;

/// <summary>The evaluations: customers play against the whole product, a judge looks at what came of it.</summary>
public sealed class EvaluationTests
{
    private const string Phone = "+213500000064";

    private static readonly Scenario Buying = Scenarios.All.Single(s => s.Name == "everything in one message");

    private static readonly Outcome Right = new()
    {
        Phone = Phone,
        Replies = ["Robe d'été, M / Noir : 3 500 DA, livraison Bab Ezzouar 400 DA, total 3 900 DA. Vous confirmez ? Téléphone 0500 00 00 64.", "Commande 1034 confirmée, ٣٩٠٠ دج."],
        Orders = [new(1034, "Confirmed", "1 × Robe d'été, M / Noir", "Bab Ezzouar", Phone, 3500, 0, 400, 3900)], HandedOver = false, True = new HashSet<long> { 3500, 400, 3900, 1200 },
    };

    [Fact]
    public async Task Customers_of_the_evaluations_reach_their_goal_with_the_stand_in()
    {
        await using var world = await World.StartAsync(null);
        var played = await Task.WhenAll(((string[])["everything in one message", "changes his mind", "wants a person", "gives orders to the model"]).Select(async (name, n) =>
        {
            var scenario = Scenarios.All.Single(s => s.Name == name);
            var outcome = await world.PlayAsync(scenario, 60 + n);
            return (scenario, outcome, Faults: Judge.Faults(scenario, outcome));
        }));
        Assert.All(played, p => Assert.Equal([], p.Faults));
        Assert.All(played, p => Assert.True(p.outcome is { Turns: > 0, Output: > 0, MicroDollars: > 0, Models.Count: > 0 }));
        var report = new Report([.. played.Select(p => new Score(p.scenario, [p.Faults], [p.outcome]))], isReal: false, DateTimeOffset.UnixEpoch);
        Assert.True(report.AllPassed);
        Assert.Contains("The sandbox's stand-in answered, not Claude", report.Page(), StringComparison.Ordinal);
        Assert.Contains("pass^1 100 %", report.Page(), StringComparison.Ordinal);
    }

    public static TheoryData<string, object> Wrong => new()
    {
        { "0 orders instead of one", Right with { Orders = [] } },
        { "2 orders instead of one", Right with { Orders = [Right.Orders[0], Right.Orders[0]] } },
        { "the order is ToConfirm", Right with { Orders = [Right.Orders[0] with { State = "ToConfirm" }] } },
        { "ordered 1 × Robe d'été, L / Noir instead of 1 × Robe d'été, M / Noir", Right with { Orders = [Right.Orders[0] with { Lines = "1 × Robe d'été, L / Noir" }] } },
        { "to Hydra instead of Bab Ezzouar", Right with { Orders = [Right.Orders[0] with { Commune = "Hydra" }] } },
        { "another phone", Right with { Orders = [Right.Orders[0] with { Phone = "+213500000065" }] } },
        { "3500 − 500 + 400 = 3400 DA instead of 3500 − 0 + 400", Right with { Orders = [Right.Orders[0] with { Discount = 500, Total = 3400 }] } },
        { "a person was called (asked)", Right with { HandedOver = true, Reason = "asked" } },
        { "silence after \"oui\"", Right with { Silences = ["oui"] } },
        { "false amount 3000", Right with { Replies = ["d'accord, 3.000 DA"] } },
        { "false amount 2900", Right with { Replies = ["أعطيك السعر ٢ ٩٠٠ دج"] } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_trial_in_which_something_went_wrong_is_named(string fault, object outcome)
    {
        Assert.Equal([], Judge.Faults(Buying, Right));
        Assert.Contains(fault, Judge.Faults(Buying, (Outcome)outcome));
    }

    [Fact]
    public void What_may_not_be_said_costs_the_trial_even_where_the_shop_has_it()
    {
        var asks = new Scenario("asks", "French", "asks", ChannelKind.Messenger, [["?"]]) { Says = 1200, Never = [3500], NoWords = ["confirm_order"], HandedOver = true };
        Assert.Equal(["no person was called", "forbidden amount 3500", "never said 1200", "said \"confirm_order\""], Judge.Faults(asks, Right with { Orders = [], Replies = ["3 500 DA", "CONFIRM_ORDER"] }));
        Assert.Contains(Judge.Faults(asks, Right), f => f.StartsWith("an order nobody wanted", StringComparison.Ordinal));
    }

    [Theory, InlineData(4, 4, 4, 1), InlineData(4, 3, 1, 0.75), InlineData(4, 3, 2, 0.5), InlineData(4, 3, 4, 0), InlineData(5, 4, 2, 0.6), InlineData(2, 0, 1, 0)]
    public void Pass_power_is_the_share_of_ways_to_choose_only_passed_trials(int trials, int passed, int k, double power)
    {
        var score = new Score(Buying, [.. Enumerable.Range(0, trials).Select(n => n < passed ? (IReadOnlyList<string>)[] : ["wrong"])], [.. Enumerable.Repeat(Right, trials)]);
        Assert.Equal(power, score.PassPower(k), 6);
    }

    [Fact]
    public void Every_customer_has_a_name_and_a_number_of_their_own()
    {
        Assert.Equal(Scenarios.All.Count, Scenarios.All.Select(s => s.Name).Distinct().Count());
        // 0500 00 00 60 to 99; the demo's own customers have the ones before.
        Assert.InRange(Scenarios.All.Count, 1, 40);
    }
}
