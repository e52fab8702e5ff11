using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Dashboard;

/// <summary>Counts days from the records: those that were marked, or all there are. Nothing is ever added to a number that stands: a day is counted anew, so that no number drifts.</summary>
public sealed class RollUp(OrderClosrDb db)
{
    /// <summary>So many days are written in one transaction; on SQLite others wait that long.</summary>
    private const int DaysAtOnce = 1;

    private const int MarksAtOnce = 2000;

    /// <summary>Counts what was marked since the last time; answers how many days.</summary>
    /// <param name="most">No more days than this: a page does not wait for a whole year. The clock counts the rest.</param>
    public async Task<int> SettleAsync(int most, CancellationToken stop)
    {
        var counted = 0;
        while (counted < most)
        {
            // Read before the days are: what is committed after this has marks of its own.
            var marks = await db.FigureMarks.AsNoTracking().OrderBy(m => m.Id).Take(MarksAtOnce).ToListAsync(stop);
            if (marks.Count == 0) break;
            var days = await DaysOfAsync(marks, stop);
            foreach (var some in days.Keys.Order().Take(most - counted).Chunk(DaysAtOnce))
            {
                await CountAsync(some, stop);
                counted += some.Length;
                var (done, left) = (some.SelectMany(d => days[d]).Distinct().ToList(), days.Where(d => !some.Contains(d.Key)).SelectMany(d => d.Value).ToHashSet());
                foreach (var day in some) days.Remove(day);
                // A mark goes when the last of its days is counted.
                await ForgetAsync([.. done.Where(m => !left.Contains(m))], stop);
            }
            var named = marks.Select(m => m.Id).ToHashSet();
            if (days.Count == 0) await ForgetAsync([.. named], stop);
        }
        return counted;
    }

    /// <summary>Counts every day there is a record of, and drops figures of days that have none any more; answers how many days.</summary>
    public async Task<int> RecountAsync(CancellationToken stop)
    {
        var marks = await db.FigureMarks.AsNoTracking().Select(m => m.Id).ToListAsync(stop);
        if (await FirstAsync(stop) is not { } first) first = DateOnly.MaxValue;
        var last = await LastAsync(stop);
        var kept = await db.Figures.AsNoTracking().Where(f => f.Span == FigureSpan.Day).Select(f => f.On).Distinct().ToListAsync(stop);
        var days = kept.ToHashSet();
        if (last is { } end) for (var day = first; day <= end; day = day.AddDays(1)) days.Add(day);
        foreach (var some in days.Order().Chunk(DaysAtOnce)) await CountAsync(some, stop);
        await ForgetAsync(marks, stop);
        return days.Count;
    }

    private Task ForgetAsync(IReadOnlyCollection<Id<FigureMark>> marks, CancellationToken stop) => marks.Count == 0 ? Task.CompletedTask : db.InTransactionAsync(async () =>
    {
        foreach (var some in marks.Chunk(500)) await db.FigureMarks.Where(m => some.Contains(m.Id)).ExecuteDeleteAsync(stop);
    }, stop);

    /// <summary>Counts days anew, and the sums of their months.</summary>
    private async Task CountAsync(IReadOnlyList<DateOnly> days, CancellationToken stop)
    {
        var months = days.Select(MonthOf).Distinct().ToList();
        // Counted before the transaction: a day of thousands of orders takes seconds, and nobody else could write meanwhile.
        var (seen, tallies) = (await WrittenAsync(months, stop), await TalliesAsync(days, stop));
        await db.InTransactionAsync(async () =>
        {
            // Two who count the same day at once would both write its rows.
            await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
            // Somebody else wrote meanwhile, maybe from newer records whose marks are gone by now: once more, and nobody comes in between.
            if (!seen.SequenceEqual(await WrittenAsync(months, stop))) tallies = await TalliesAsync(days, stop);
            foreach (var (day, tally) in tallies) await WriteAsync(FigureSpan.Day, day, tally, stop);
            foreach (var month in months)
            {
                var (next, tally) = (month.AddMonths(1), new Tally());
                foreach (var figure in await db.Figures.AsNoTracking().Where(f => f.Span == FigureSpan.Day && f.On >= month && f.On < next).OrderBy(f => f.On).ToListAsync(stop)) tally.Of(figure.Cut, figure.Key).Add(figure);
                await WriteAsync(FigureSpan.Month, month, tally, stop);
            }
        }, stop);
    }

    /// <summary>Which writing of these months stands: each writes rows of its own.</summary>
    private Task<List<Id<Figure>>> WrittenAsync(List<DateOnly> months, CancellationToken stop) =>
        db.Figures.Where(f => f.Span == FigureSpan.Month && f.Cut == FigureCut.Shop && months.Contains(f.On)).OrderBy(f => f.On).Select(f => f.Id).ToListAsync(stop);

    private async Task<List<(DateOnly Day, Tally Tally)>> TalliesAsync(IReadOnlyList<DateOnly> days, CancellationToken stop)
    {
        var tallies = new List<(DateOnly, Tally)>();
        foreach (var day in days) tallies.Add((day, await TallyAsync(day, stop)));
        return tallies;
    }

    private async Task WriteAsync(FigureSpan span, DateOnly on, Tally tally, CancellationToken stop)
    {
        await db.Figures.Where(f => f.Span == span && f.On == on).ExecuteDeleteAsync(stop);
        var now = AlgiersTime.StartOf(on);
        foreach (var ((cut, key), sum) in tally.All)
        {
            var figure = new Figure { Id = Id<Figure>.New(now), Span = span, On = on, Cut = cut, Key = key };
            figure.Add(sum);
            db.Add(figure);
        }
        await db.SaveChangesAsync(stop);
        // Written and done with: a recount of a year would keep them all.
        foreach (var entry in db.ChangeTracker.Entries<Figure>().ToList()) entry.State = EntityState.Detached;
    }

    /// <summary>All numbers of one day, from the records.</summary>
    internal async Task<Tally> TallyAsync(DateOnly day, CancellationToken stop)
    {
        var (counted, tally) = (Counted.Of(db, day, day), new Tally());
        var written = await counted.Orders.Select(o => o.Id).ToListAsync(stop);
        var confirmed = await counted.Confirmed.Select(o => o.Id).ToListAsync(stop);
        var delivered = await ParcelsOf(counted.Delivered, stop);
        var returned = await ParcelsOf(counted.Returned, stop);
        var paid = await ParcelsOf(counted.Paid, stop);
        var rescued = await ParcelsOf(counted.Rescued, stop);
        var traits = await TraitsAsync([.. written.Concat(confirmed).Concat(delivered.Concat(returned).Concat(paid).Concat(rescued).Select(p => p.OrderId)).Distinct()], stop);

        foreach (var id in written) Each(id, null, f => f.Orders++);
        foreach (var id in confirmed) Each(id, null, f => f.Confirmed++);
        foreach (var parcel in returned) Each(parcel.OrderId, parcel.AccountId, f => f.Returned++);
        foreach (var parcel in paid) Each(parcel.OrderId, parcel.AccountId, f => f.Paid++);
        foreach (var parcel in rescued) Each(parcel.OrderId, parcel.AccountId, f => f.Rescued++);
        foreach (var parcel in delivered)
        {
            var traitsOf = traits.GetValueOrDefault(parcel.OrderId);
            Each(parcel.OrderId, parcel.AccountId, f => f.Delivered++, (f, product) => f.Sold = Earned.Plus(f.Sold, traitsOf is null ? Dinars.Zero : product is { } one ? Totals.ToPay(traitsOf.Lines.Where(l => l.ProductId == one)) : Totals.ToPay(traitsOf.Lines)));
        }

        foreach (var slip in await counted.Slips.Select(s => new { s.AccountId, s.Received }).ToListAsync(stop))
            foreach (var figure in (Figure[])[tally.Shop, tally.Of(FigureCut.Courier, slip.AccountId.ToString())]) figure.Received = Earned.Plus(figure.Received, slip.Received);
        foreach (var turns in await counted.Turns.GroupBy(t => new { t.Outcome, t.Reason }).Select(g => new { g.Key, Count = g.Count(), Cost = g.Sum(t => t.CostMicroDollars) }).ToListAsync(stop))
        {
            tally.Shop.CostMicroDollars += turns.Cost;
            if (turns.Key.Outcome == TurnOutcome.Replied) tally.Shop.Replies += turns.Count;
            if (turns.Key.Outcome != TurnOutcome.HandedOver) continue;
            tally.Shop.HandOvers += turns.Count;
            tally.Of(FigureCut.Reason, Cut(turns.Key.Reason ?? Counted.None)).HandOvers += turns.Count;
        }
        if (await counted.Leads.CountAsync(stop) is > 0 and var leads) tally.Shop.Leads += leads;
        if (await counted.Converted.CountAsync(stop) is > 0 and var converted) tally.Shop.Converted += converted;
        await TalksAsync(counted, tally, stop);
        return tally;

        void Each(OrderId id, CourierAccountId? courier, Action<Figure> count, Action<Figure, ProductId?>? money = null)
        {
            One(tally.Shop, null);
            if (courier is { } account) One(tally.Of(FigureCut.Courier, account.ToString()), null);
            if (traits.GetValueOrDefault(id) is not { } order) return;
            if (order.Wilaya > 0) One(tally.Of(FigureCut.Wilaya, order.Wilaya.ToString(CultureInfo.InvariantCulture)), null);
            One(tally.Of(FigureCut.Channel, order.Channel), null);
            foreach (var product in order.Lines.Select(l => l.ProductId).Distinct()) One(tally.Of(FigureCut.Product, product.ToString()), product);
            if (order.Ad is { } ad) One(tally.Of(FigureCut.Ad, ad, order.AdTitle), null);
            if (order.Confirmer is { } member) One(tally.Of(FigureCut.Member, member), null);

            void One(Figure figure, ProductId? product)
            {
                count(figure);
                money?.Invoke(figure, product);
            }
        }
    }

    private static async Task<List<Ended>> ParcelsOf(IQueryable<Parcel> parcels, CancellationToken stop) => await parcels.Select(p => new Ended(p.OrderId, p.AccountId)).ToListAsync(stop);

    /// <summary>Conversations by channel and ad, and how long each waited for its first answer.</summary>
    private async Task TalksAsync(Counted counted, Tally tally, CancellationToken stop)
    {
        var messages = db.Messages;
        var talks = await counted.Conversations.Select(c => new
        {
            c.ChannelId, c.Referral,
            Asked = messages.Where(m => m.ConversationId == c.Id && m.Direction == Direction.In && !m.IsHistoric).OrderBy(m => m.Seq).Select(m => (DateTimeOffset?)m.At).FirstOrDefault(),
            Answered = messages.Where(m => m.ConversationId == c.Id && m.Direction == Direction.Out && (m.Author == Author.Agent || m.Author == Author.Member) && m.Kind != MessageKind.Note && m.Status != MessageStatus.Failed)
                .OrderBy(m => m.Seq).Select(m => (DateTimeOffset?)m.At).FirstOrDefault(),
        }).ToListAsync(stop);
        foreach (var talk in talks)
        {
            tally.Shop.Conversations++;
            tally.Of(FigureCut.Channel, talk.ChannelId.ToString()).Conversations++;
            if (Referral.AdOf(talk.Referral) is { AdId: { } ad } from) tally.Of(FigureCut.Ad, Cut(ad), from.Title).Conversations++;
            if (talk.Answered - talk.Asked is { } waited && waited >= TimeSpan.Zero && waited <= Counted.AnswerWithin) tally.Of(FigureCut.FirstAnswer, FirstAnswers.Round(waited).ToString(CultureInfo.InvariantCulture)).Conversations++;
        }
    }

    /// <summary>What cuts an order belongs to.</summary>
    private async Task<Dictionary<OrderId, Traits>> TraitsAsync(IReadOnlyList<OrderId> ids, CancellationToken stop)
    {
        var traits = new Dictionary<OrderId, Traits>();
        foreach (var some in ids.Chunk(500))
        {
            var orders = await db.Orders.AsNoTracking().Where(o => some.Contains(o.Id)).Select(o => new { o.Id, o.WilayaCode, o.ConversationId }).ToListAsync(stop);
            var lines = (await db.OrderLines.AsNoTracking().Where(l => some.Contains(l.OrderId)).ToListAsync(stop)).ToLookup(l => l.OrderId);
            var moves = (await db.OrderMoves.AsNoTracking().Where(m => some.Contains(m.OrderId) && m.To == OrderState.Confirmed && m.From != OrderState.Confirmed).OrderBy(m => m.Id).Select(m => new { m.OrderId, m.Actor, m.AccountId }).ToListAsync(stop)).ToLookup(m => m.OrderId);
            var talkIds = orders.Select(o => o.ConversationId).Where(c => !c.IsNone).Distinct().ToList();
            var talks = await db.Conversations.AsNoTracking().Where(c => talkIds.Contains(c.Id)).Select(c => new { c.Id, c.ChannelId, c.Referral }).ToDictionaryAsync(c => c.Id, stop);
            foreach (var order in orders)
            {
                var (talk, last) = (talks.GetValueOrDefault(order.ConversationId), moves[order.Id].LastOrDefault());
                var from = Referral.AdOf(talk?.Referral);
                traits[order.Id] = new(order.WilayaCode, [.. lines[order.Id]], talk?.ChannelId.ToString() ?? Counted.None, from?.AdId is { } ad ? Cut(ad) : null, from?.Title, last is null ? null : Counted.KeyOf(last.Actor, last.AccountId));
            }
        }
        return traits;
    }

    /// <summary>The days that marks mean, with the marks of each.</summary>
    private async Task<Dictionary<DateOnly, List<Id<FigureMark>>>> DaysOfAsync(IReadOnlyList<FigureMark> marks, CancellationToken stop)
    {
        var days = new Dictionary<DateOnly, List<Id<FigureMark>>>();
        void Add(DateOnly day, IEnumerable<Id<FigureMark>> of)
        {
            if (!days.TryGetValue(day, out var known)) days[day] = known = [];
            known.AddRange(of);
        }
        foreach (var mark in marks.Where(m => m.Kind == MarkKind.Day)) Add(mark.On, [mark.Id]);
        foreach (var kind in marks.Where(m => m.Kind != MarkKind.Day).GroupBy(m => m.Kind))
        {
            var of = kind.ToLookup(m => m.Of, m => m.Id);
            foreach (var one in await DaysOfAsync(kind.Key, of.Select(m => m.Key), stop))
                foreach (var day in one) Add(day, of[one.Key]);
        }
        return days;
    }

    /// <summary>The days each of these orders, parcels or conversations counts on, by the records as they are now.</summary>
    internal async Task<ILookup<Guid, DateOnly>> DaysOfAsync(MarkKind kind, IEnumerable<Guid> of, CancellationToken stop)
    {
        var days = new HashSet<(Guid Of, DateOnly Day)>();
        foreach (var some in of.Distinct().Chunk(500))
        {
            var (talks, orders, parcels) = (some.Select(id => new ConversationId(id)).ToList(), some.Select(id => new OrderId(id)).ToList(), some.Select(id => new ParcelId(id)).ToList());
            if (kind is MarkKind.Conversation or MarkKind.Source)
                foreach (var talk in await db.Conversations.Where(c => talks.Contains(c.Id)).Select(c => new { c.Id, c.CreatedAt }).ToListAsync(stop)) Add(talk.Id.Value, talk.CreatedAt);
            if (kind is MarkKind.Order or MarkKind.Source)
                foreach (var order in await db.Orders.Where(o => o.Number > 0 && o.ChangeOf == null && (kind == MarkKind.Order ? orders.Contains(o.Id) : talks.Contains(o.ConversationId))).Select(o => new { o.Id, o.ConversationId, o.CreatedAt, o.ConfirmedAt }).ToListAsync(stop))
                    foreach (var at in (DateTimeOffset?[])[order.CreatedAt, order.ConfirmedAt]) Add(kind == MarkKind.Order ? order.Id.Value : order.ConversationId.Value, at);
            if (kind is MarkKind.Conversation) continue;
            var talkOf = kind is MarkKind.Source ? await db.Set<Order>().Where(o => talks.Contains(o.ConversationId)).Select(o => new { o.Id, o.ConversationId }).ToDictionaryAsync(o => o.Id, o => o.ConversationId, stop) : [];
            if (kind is MarkKind.Source) orders = [.. talkOf.Keys];
            var sent = await db.Parcels.Where(p => kind == MarkKind.Parcel ? parcels.Contains(p.Id) : orders.Contains(p.OrderId)).Select(p => new { p.Id, p.OrderId, p.State, p.StateAt }).ToDictionaryAsync(p => p.Id, stop);
            foreach (var parcel in sent.Values.Where(p => p.State is ParcelState.Delivered or ParcelState.Returned)) Add(OfParcel(parcel.Id), parcel.StateAt);
            var ids = sent.Keys.ToList();
            foreach (var move in await db.Set<Cash.CashMove>().Where(m => m.To == CashState.Paid && m.From != CashState.Paid && ids.Contains(m.ParcelId)).Select(m => new { m.ParcelId, m.At }).ToListAsync(stop)) Add(OfParcel(move.ParcelId), move.At);

            Guid OfParcel(ParcelId id) => kind switch { MarkKind.Parcel => id.Value, MarkKind.Order => sent[id].OrderId.Value, _ => talkOf[sent[id].OrderId].Value };
        }
        return days.ToLookup(d => d.Of, d => d.Day);

        void Add(Guid one, DateTimeOffset? at)
        {
            if (at is { } instant) days.Add((one, AlgiersTime.DateInAlgiers(instant)));
        }
    }

    private async Task<DateOnly?> FirstAsync(CancellationToken stop) => Edge([
        await db.Orders.Where(o => o.Number > 0).MinAsync(o => (DateTimeOffset?)o.CreatedAt, stop), await db.Conversations.MinAsync(c => (DateTimeOffset?)c.CreatedAt, stop),
        await db.Parcels.Where(p => p.State == ParcelState.Delivered || p.State == ParcelState.Returned).MinAsync(p => (DateTimeOffset?)p.StateAt, stop),
        await db.Turns.MinAsync(t => (DateTimeOffset?)t.EndedAt, stop), await db.Leads.MinAsync(l => (DateTimeOffset?)l.At, stop)], isFirst: true);

    private async Task<DateOnly?> LastAsync(CancellationToken stop) => Edge([
        await db.Orders.Where(o => o.Number > 0).MaxAsync(o => (DateTimeOffset?)o.CreatedAt, stop), await db.Orders.MaxAsync(o => o.ConfirmedAt, stop), await db.Conversations.MaxAsync(c => (DateTimeOffset?)c.CreatedAt, stop),
        await db.Parcels.Where(p => p.State == ParcelState.Delivered || p.State == ParcelState.Returned).MaxAsync(p => (DateTimeOffset?)p.StateAt, stop), await db.Set<Cash.CashMove>().MaxAsync(m => (DateTimeOffset?)m.At, stop),
        await db.Set<Cash.PaymentSlip>().MaxAsync(s => (DateTimeOffset?)s.AppliedAt, stop), await db.Turns.MaxAsync(t => (DateTimeOffset?)t.EndedAt, stop), await db.Leads.MaxAsync(l => (DateTimeOffset?)l.At, stop), await db.Leads.MaxAsync(l => l.ConvertedAt, stop)], isFirst: false);

    private static DateOnly? Edge(DateTimeOffset?[] instants, bool isFirst) => (isFirst ? instants.Min() : instants.Max()) is { } at ? AlgiersTime.DateInAlgiers(at) : null;

    internal static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    private static string Cut(string text) => text.Length > 120 ? text[..120] : text;

    private sealed record Ended(OrderId OrderId, CourierAccountId AccountId);

    private sealed record Traits(int Wilaya, IReadOnlyList<OrderLine> Lines, string Channel, string? Ad, string? AdTitle, string? Confirmer);
}

/// <summary>Numbers being added up, by cut and key.</summary>
internal sealed class Tally
{
    private readonly Dictionary<(FigureCut Cut, string Key), Figure> _all = [];

    internal IReadOnlyDictionary<(FigureCut Cut, string Key), Figure> All => _all;
    internal Figure Shop => Of(FigureCut.Shop, "");

    internal Figure Of(FigureCut cut, string key, string? label = null)
    {
        if (!_all.TryGetValue((cut, key), out var figure)) _all[(cut, key)] = figure = new Figure { Id = default, Span = FigureSpan.Day, On = default, Cut = cut, Key = key };
        if (label is { Length: > 0 }) figure.Label = label.Length > 120 ? label[..120] : label;
        return figure;
    }
}

/// <summary>How long customers wait for the first answer: to the second within two minutes, to the minute within two hours, to the hour beyond, so that a middle can be told of any time.</summary>
public static class FirstAnswers
{
    /// <summary>Whole seconds.</summary>
    internal static int Round(TimeSpan waited) => (int)waited.TotalSeconds is var seconds && seconds < 120 ? seconds : seconds < 7200 ? seconds / 60 * 60 : seconds / 3600 * 3600;

    /// <summary>The middle of many; null for none.</summary>
    /// <param name="counts">How many waited so many seconds.</param>
    public static int? Median(IEnumerable<(int Seconds, int Count)> counts)
    {
        var sorted = counts.OrderBy(c => c.Seconds).ToList();
        var middle = (sorted.Sum(c => c.Count) + 1) / 2;
        foreach (var (seconds, count) in sorted)
            if ((middle -= count) <= 0) return seconds;
        return null;
    }
}
