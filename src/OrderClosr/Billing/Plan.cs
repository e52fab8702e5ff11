using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Billing;

/// <summary>What a shop may have for its money. In configuration (<c>Billing__Plans__KEY__…</c>); its prices are read by <see cref="Prices"/> alone.</summary>
/// <param name="Key">How rows and addresses call it: <c>boutique</c>. Never change one that a shop has.</param>
/// <param name="Name">A proper name, the same in every language.</param>
/// <param name="Monthly">For a month; nothing: free.</param>
/// <param name="Yearly">For a year.</param>
/// <param name="Conversations">In which the agent answers within a month; null: any number.</param>
/// <param name="Members">People in the workspace; null: any number.</param>
/// <param name="Channels">Connected accounts; null: any number.</param>
public sealed record Plan(string Key, string Name, Dinars Monthly, Dinars Yearly, int? Conversations, int? Members, int? Channels)
{
    /// <summary>Nobody pays for it.</summary>
    public bool IsFree => Monthly == Dinars.Zero;
}

/// <summary>For how long one pays at once.</summary>
public enum BillingCycle { Monthly, Yearly }

/// <summary>The plans of this server, and whether there are any: without a key of the payment service nothing is limited and nobody pays.</summary>
public sealed class Plans : IOffer
{
    /// <summary>How long a plan that is not paid goes on in full.</summary>
    public const int GraceDays = 7;

    /// <summary>So many days before the end the next invoice is written.</summary>
    public const int InvoiceAhead = 7;

    private static readonly IReadOnlyList<Plan> Usual =
    [
        new("start", "Start", Dinars.Zero, Dinars.Zero, 50, 1, 1),
        new("boutique", "Boutique", new(3900), new(39000), 2000, 5, 3),
        new("atelier", "Atelier", new(9900), new(99000), 8000, 20, null),
    ];

    public Plans(IConfiguration settings, IPayments payments)
    {
        IsOn = payments.IsOn;
        All = Read(settings);
        TrialDays = settings.GetValue("Billing:TrialDays", 14);
        Trial = Find(settings["Billing:TrialPlan"]) ?? All.FirstOrDefault(p => !p.IsFree) ?? All[0];
    }

    /// <summary>There are plans on this server.</summary>
    public bool IsOn { get; }

    /// <summary>The cheapest first.</summary>
    public IReadOnlyList<Plan> All { get; }

    /// <summary>How long a new shop tries.</summary>
    public int TrialDays { get; }

    /// <summary>What it tries.</summary>
    public Plan Trial { get; }

    /// <inheritdoc/>
    public Dinars? From => IsOn ? All.FirstOrDefault(p => !p.IsFree)?.Monthly : null;

    /// <inheritdoc/>
    public int? Free => IsOn ? All.FirstOrDefault(p => p.IsFree)?.Conversations : null;

    /// <summary>The plan of a key; null when this server has none of it.</summary>
    public Plan? Find(string? key) => All.FirstOrDefault(p => p.Key == key);

    /// <summary>The plan a shop has; one that the operator took out of the configuration goes on as the trial's.</summary>
    internal Plan Of(Subscription subscription) => Find(subscription.Plan) ?? Trial;

    /// <summary>What is wrong with the settings.</summary>
    internal static IEnumerable<string> Problems(IConfiguration settings)
    {
        foreach (var section in settings.GetSection("Billing:Plans").GetChildren())
        {
            foreach (var name in (string[])["Monthly", "Yearly"])
                if (!long.TryParse(section[name], System.Globalization.CultureInfo.InvariantCulture, out var price) || price < 0) yield return $"Billing__Plans__{section.Key}__{name} is missing: a price in whole dinars, 0 for a free plan.";
            foreach (var name in (string[])["Conversations", "Members", "Channels"])
                if (section[name] is { } text && (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var most) || most < 1)) yield return $"Billing__Plans__{section.Key}__{name} is no number: leave it out for \"as many as they like\".";
        }
        if (settings["Billing:TrialPlan"] is { Length: > 0 } trial && Read(settings).All(p => p.Key != trial)) yield return $"Billing__TrialPlan names no plan: {string.Join(", ", Read(settings).Select(p => p.Key))}.";
    }

    private static IReadOnlyList<Plan> Read(IConfiguration settings)
    {
        var own = settings.GetSection("Billing:Plans").GetChildren().Select(s => new Plan(s.Key.ToLowerInvariant(), s["Name"] ?? s.Key, new(s.GetValue("Monthly", 0L)), new(s.GetValue("Yearly", 0L)),
            s.GetValue<int?>("Conversations"), s.GetValue<int?>("Members"), s.GetValue<int?>("Channels"))).OrderBy(p => p.Monthly).ToList();
        return own.Count > 0 ? own : Usual;
    }
}
