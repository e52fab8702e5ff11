using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Billing;
using OrderClosr.Cash;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Workspaces;

namespace OrderClosr.Dashboard;

/// <summary>All numbers of a time: what the page, the API, the files and the evening letter show.</summary>
public sealed record NumbersOf
{
    public required Period Period { get; init; }
    public required Figure Shop { get; init; }

    /// <summary>The whole shop in the time before.</summary>
    public required Figure Before { get; init; }

    /// <summary>One figure a day, also for days on which nothing happened.</summary>
    public required IReadOnlyList<Figure> Days { get; init; }
    public required IReadOnlyDictionary<FigureCut, IReadOnlyList<NamedFigure>> Cuts { get; init; }

    /// <summary>Confirmed by the agent, then delivered or not; by people, likewise.</summary>
    public required Figure ByAgent { get; init; }

    /// <inheritdoc cref="ByAgent"/>
    public required Figure ByPeople { get; init; }

    /// <summary>Seconds; null while nobody wrote or nobody was answered.</summary>
    public required int? FirstAnswer { get; init; }
    public required int? FirstAnswerBefore { get; init; }
    public required NumberSettings Settings { get; init; }

    /// <summary>Commissions that are not the shop's usual one, by the member's key.</summary>
    public required IReadOnlyDictionary<string, CommissionRule> OwnRules { get; init; }
    public required Earned Earned { get; init; }

    /// <summary>Nothing was ever counted: a new shop.</summary>
    public required bool IsNew { get; init; }

    public IReadOnlyList<NamedFigure> Of(FigureCut cut) => Cuts.GetValueOrDefault(cut) ?? [];
}

/// <summary>A figure with what people call it; empty for what is gone.</summary>
/// <param name="Kind">Of a channel.</param>
/// <param name="Photo">File of a product's first photo.</param>
public sealed record NamedFigure(string Name, Figure Figure, ChannelKind? Kind = null, string? Photo = null);

/// <summary>Parts of a whole in percent; null where there is no whole.</summary>
public static class Rates
{
    public static double? Of(int part, int whole) => whole == 0 ? null : 100.0 * part / whole;

    /// <summary>Confirmed of those written in the same time.</summary>
    public static double? Confirmation(this Figure figure) => Of(figure.Confirmed, figure.Orders);

    /// <summary>Delivered of those that came to an end: what is on its way says nothing yet.</summary>
    public static double? Delivery(this Figure figure) => Of(figure.Delivered, figure.Delivered + figure.Returned);

    public static double? Return(this Figure figure) => Of(figure.Returned, figure.Delivered + figure.Returned);

    /// <summary>Turns the agent ended without a person.</summary>
    public static double? Alone(this Figure figure) => Of(figure.Replies, figure.Replies + figure.HandOvers);
}

/// <summary>What the plan cost in a time: of each paid invoice the days that fall into it. Days that were paid and not used went to the shop's credit and cost nothing.</summary>
public sealed class PlanCost(OrderClosrDb db)
{
    public async Task<Dinars> OfAsync(Period period, CancellationToken stop)
    {
        var (from, after) = (period.From, period.To.AddDays(1));
        var paid = await db.Invoices.AsNoTracking().Where(i => i.State == InvoiceState.Paid && i.FromOn < after && i.ToOn > from).Select(i => new { i.Price, i.Cycle, i.FromOn, i.ToOn }).ToListAsync(stop);
        var sum = Dinars.Zero;
        foreach (var invoice in paid)
        {
            var (first, end) = (invoice.FromOn!.Value, invoice.ToOn!.Value);
            var whole = first.AddMonths(invoice.Cycle == BillingCycle.Yearly ? 12 : 1).DayNumber - first.DayNumber;
            sum = Earned.Plus(sum, Earned.Days(invoice.Price, (end < after ? end : after).DayNumber - (first > from ? first : from).DayNumber, whole));
        }
        return sum;
    }
}

/// <summary>Reads the numbers of a time from the figures: whole months by their months, the rest by its days.</summary>
public sealed class Numbers(OrderClosrDb db, RollUp rollUp, Spending spending, PlanCost plan, Places places)
{
    /// <summary>A page waits for so many days to be counted; a clock counts the rest within a minute.</summary>
    private const int DaysToWaitFor = 12;

    public async Task<NumbersOf> ReadAsync(Period period, CancellationToken stop)
    {
        await rollUp.SettleAsync(DaysToWaitFor, stop);
        var (first, last) = (period.From, period.To);
        var days = await db.Figures.AsNoTracking().Where(f => f.Span == FigureSpan.Day && f.Cut == FigureCut.Shop && f.On >= first && f.On <= last).ToDictionaryAsync(f => f.On, stop);
        var sums = await SumAsync(period, onlyShop: false, stop);
        var before = await SumAsync(period.Before, onlyShop: true, stop);
        var settings = await db.NumberSettings.AsNoTracking().FirstOrDefaultAsync(stop) ?? new NumberSettings { Id = default };
        var rules = (await db.MemberCommissions.AsNoTracking().ToListAsync(stop)).ToDictionary(c => c.AccountId.ToString("N"), c => new CommissionRule(c.PerOrder, c.Share));
        var cuts = sums.All.Where(s => s.Key.Cut is not (FigureCut.Shop or FigureCut.FirstAnswer)).GroupBy(s => s.Key.Cut).ToDictionary(g => g.Key, g => g.Select(s => s.Value).ToList());
        var named = await NamesAsync(cuts, stop);
        var (agent, people) = (new Tally().Shop, new Tally().Shop);
        foreach (var figure in cuts.GetValueOrDefault(FigureCut.Member) ?? []) (figure.Key == Counted.Agent ? agent : people).Add(figure);
        var shop = sums.Shop;
        return new()
        {
            Period = period, Shop = shop, Before = before.Shop, Settings = settings, OwnRules = rules, ByAgent = agent, ByPeople = people, Cuts = named, FirstAnswer = Middle(sums), FirstAnswerBefore = Middle(before),
            Days = [.. Enumerable.Range(0, period.Days).Select(n => period.From.AddDays(n)).Select(day => days.GetValueOrDefault(day) ?? new Figure { Id = default, Span = FigureSpan.Day, On = day, Cut = FigureCut.Shop, Key = "" })],
            Earned = Earned.Of(agent.Delivered, shop.Replies, shop.Rescued, settings, spending.In(shop.CostMicroDollars), await plan.OfAsync(period, stop)),
            IsNew = days.Count == 0 && !await db.Figures.AnyAsync(stop),
        };
    }

    private static int? Middle(Tally tally) => FirstAnswers.Median(tally.All.Where(s => s.Key.Cut == FigureCut.FirstAnswer).Select(s => (int.Parse(s.Key.Key, CultureInfo.InvariantCulture), s.Value.Conversations)));

    private async Task<Tally> SumAsync(Period period, bool onlyShop, CancellationToken stop)
    {
        var (tally, from, to) = (new Tally(), period.From, period.To);
        // The months that lie whole in the time.
        var (month, end) = (from.Day == 1 ? from : RollUp.MonthOf(from).AddMonths(1), RollUp.MonthOf(to.AddDays(1)));
        if (month > end) (month, end) = (to.AddDays(1), to.AddDays(1));
        var figures = db.Figures.AsNoTracking();
        if (onlyShop) figures = figures.Where(f => f.Cut == FigureCut.Shop || f.Cut == FigureCut.FirstAnswer);
        // One span at a time: asked for both at once, SQLite reads every figure the shop ever had.
        if (month < end) await AddAsync(figures.Where(f => f.Span == FigureSpan.Month && f.On >= month && f.On < end));
        if (from < month || to >= end) await AddAsync(figures.Where(f => f.Span == FigureSpan.Day && f.On >= from && f.On <= to && (f.On < month || f.On >= end)));
        return tally;

        // Added up where they lie: a year that begins in the middle of a month has ten thousand of them, and a few hundred sums.
        async Task AddAsync(IQueryable<Figure> some, Id<Figure> ofNone = default)
        {
            var summed = some.GroupBy(f => new { f.Cut, f.Key }).Select(g => new Figure
            {
                Id = ofNone, Span = default, On = default, Cut = g.Key.Cut, Key = g.Key.Key, Label = g.Max(f => f.Label), Conversations = g.Sum(f => f.Conversations), Orders = g.Sum(f => f.Orders), Confirmed = g.Sum(f => f.Confirmed),
                Delivered = g.Sum(f => f.Delivered), Returned = g.Sum(f => f.Returned), Paid = g.Sum(f => f.Paid), Rescued = g.Sum(f => f.Rescued), Replies = g.Sum(f => f.Replies), HandOvers = g.Sum(f => f.HandOvers),
                Leads = g.Sum(f => f.Leads), Converted = g.Sum(f => f.Converted), CostMicroDollars = g.Sum(f => f.CostMicroDollars), Sold = new(g.Sum(f => (long)(object)f.Sold)), Received = new(g.Sum(f => (long)(object)f.Received)),
            });
            await foreach (var figure in summed.AsAsyncEnumerable().WithCancellation(stop)) tally.Of(figure.Cut, figure.Key).Add(figure);
        }
    }

    /// <summary>The cuts with names, the biggest first.</summary>
    private async Task<IReadOnlyDictionary<FigureCut, IReadOnlyList<NamedFigure>>> NamesAsync(Dictionary<FigureCut, List<Figure>> cuts, CancellationToken stop)
    {
        List<Guid> Ids(FigureCut cut) => [.. (cuts.GetValueOrDefault(cut) ?? []).Select(f => Guid.TryParse(f.Key, out var id) ? id : (Guid?)null).OfType<Guid>()];
        var (products, couriers, channels, members) = (Ids(FigureCut.Product).ConvertAll(i => new ProductId(i)), Ids(FigureCut.Courier).ConvertAll(i => new CourierAccountId(i)), Ids(FigureCut.Channel).ConvertAll(i => new ChannelId(i)), Ids(FigureCut.Member));
        var (names, kinds, photos) = (new Dictionary<(FigureCut, string), string>(), new Dictionary<string, ChannelKind>(), new Dictionary<string, string?>());
        if (products.Count > 0) foreach (var p in await db.Products.AsNoTracking().Where(p => products.Contains(p.Id)).Select(p => new { p.Id, p.Name, Photo = p.Photos.OrderBy(f => f.Position).Select(f => f.File).FirstOrDefault() }).ToListAsync(stop)) (names[(FigureCut.Product, p.Id.ToString())], photos[p.Id.ToString()]) = (p.Name, p.Photo);
        if (couriers.Count > 0) foreach (var a in await db.CourierAccounts.AsNoTracking().Where(a => couriers.Contains(a.Id)).Select(a => new { a.Id, a.Name }).ToListAsync(stop)) names[(FigureCut.Courier, a.Id.ToString())] = a.Name;
        if (channels.Count > 0) foreach (var c in await db.Channels.AsNoTracking().Where(c => channels.Contains(c.Id)).Select(c => new { c.Id, c.Kind, c.Name }).ToListAsync(stop)) (names[(FigureCut.Channel, c.Id.ToString())], kinds[c.Id.ToString()]) = (c.Name, c.Kind);
        if (members.Count > 0) foreach (var m in await db.Accounts.AsNoTracking().Where(a => members.Contains(a.Id)).Select(a => new { a.Id, a.Name }).ToListAsync(stop)) names[(FigureCut.Member, m.Id.ToString("N"))] = m.Name;
        return cuts.ToDictionary(c => c.Key, c => (IReadOnlyList<NamedFigure>)[.. c.Value
            .Select(f => new NamedFigure(names.GetValueOrDefault((c.Key, f.Key)) ?? (c.Key == FigureCut.Wilaya && int.TryParse(f.Key, out var code) ? places.WilayaOf(code)?.Name : f.Label) ?? "", f, c.Key == FigureCut.Channel && kinds.TryGetValue(f.Key, out var kind) ? kind : null, c.Key == FigureCut.Product ? photos.GetValueOrDefault(f.Key) : null))
            .OrderByDescending(n => n.Figure.Orders + n.Figure.Delivered + n.Figure.HandOvers).ThenByDescending(n => n.Figure.Delivered).ThenBy(n => n.Figure.Key, StringComparer.Ordinal)]);
    }
}
