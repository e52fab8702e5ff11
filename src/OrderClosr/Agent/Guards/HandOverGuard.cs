namespace OrderClosr.Agent.Guards;

/// <summary>Who needs a person gets one, and whoever gets one hears so: neither is left to the model.</summary>
public static class HandOverGuard
{
    /// <summary>The bubbles as they may go out: with our own words behind them where a person answers and they do not say it.</summary>
    /// <remarks>Hands over where the customer's words plainly ask for it and the model did not.
    /// Beside a proposal the customer hears our words anyway.</remarks>
    public static IReadOnlyList<string> Told(IReadOnlyList<string> bubbles, TurnWork work)
    {
        if (work.Proposes is not null) return bubbles;
        if (work.HandOver is null && Wishes.ForPerson(work.Asked) is { } reason) work.Effects.Add(new HandOverEffect(reason, null));
        if (work.HandOver is null || PromiseGuard.ClaimsTransfer(string.Join('\n', bubbles))) return bubbles;
        var words = HandOverWords.Person(work.Language);
        return bubbles.Count < ReplyCheck.MostBubbles ? [.. bubbles, words] : [.. bubbles.SkipLast(1), $"{bubbles[^1]}\n{words}"];
    }
}
