using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>The list of orders and the queue of those a person must decide, as pages ask for them.</summary>
public sealed class OrderViews(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Rows of one part of the list.</summary>
    public const int PerPage = 40;

    /// <summary>The newest orders of a state that hold the words: a number, a phone, a name. One more than a page when there are more.</summary>
    public async Task<IReadOnlyList<Order>> ListAsync(OrderState? state, string? words, OrderId? before, CancellationToken stop)
    {
        var orders = db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).AsSplitQuery().Where(o => o.ChangeOf == null);
        // Drafts that were dropped never were orders.
        orders = state is { } wanted ? orders.Where(o => o.State == wanted) : orders.Where(o => o.State != OrderState.Draft);
        if (state != OrderState.Draft) orders = orders.Where(o => o.Number > 0);
        if (!string.IsNullOrWhiteSpace(words)) orders = Holding(orders, words.Trim());
        if (before is { } last) orders = orders.Where(o => o.Id < last);
        return await orders.OrderByDescending(o => o.Id).Take(PerPage + 1).ToListAsync(stop);
    }

    /// <summary>How many orders stand in each state.</summary>
    public async Task<IReadOnlyDictionary<OrderState, int>> CountsAsync(CancellationToken stop) =>
        await db.Orders.Where(o => o.ChangeOf == null && (o.Number > 0 || o.State == OrderState.Draft)).GroupBy(o => o.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);

    /// <summary>What a person must decide: fresh yeses first, then customers whose next try is due, then those to be tried later today.</summary>
    public async Task<IReadOnlyList<Order>> QueueAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var open = await db.Orders.AsNoTracking().Include(o => o.Lines).AsSplitQuery().Where(o => o.State == OrderState.ToConfirm || o.State == OrderState.Contacting || (o.State == OrderState.Postponed && o.NextTryAt <= now))
            .OrderByDescending(o => o.Id).Take(500).ToListAsync(stop);
        return [.. open.OrderBy(o => o.State == OrderState.ToConfirm ? 0 : o.NextTryAt <= now ? 1 : 2).ThenBy(o => o.State == OrderState.ToConfirm ? DateTimeOffset.MinValue : o.NextTryAt).ThenByDescending(o => o.Id)];
    }

    /// <summary>How many a person must decide now: fresh yeses, customers whose next try is due, postponed ones whose day came. The one number of the page and of every navigation.</summary>
    public static Task<int> WaitingAsync(OrderClosrDb db, DateTimeOffset now, CancellationToken stop) =>
        // The states first, by themselves: said as one "or", SQLite reads every order the shop ever had.
        db.Orders.CountAsync(o => (o.State == OrderState.ToConfirm || o.State == OrderState.Contacting || o.State == OrderState.Postponed) && (o.State == OrderState.ToConfirm || o.NextTryAt <= now), stop);

    private IQueryable<Order> Holding(IQueryable<Order> orders, string words)
    {
        if (int.TryParse(Folding.AsciiDigits(words.TrimStart('#')), System.Globalization.NumberStyles.None, null, out var number) && number < 1_000_000) return orders.Where(o => o.Number == number);
        if (Phone.TryRead(words, out var phone)) return orders.Where(o => o.Phone == phone || o.SecondPhone == phone);
        var folded = Folding.Fold(words);
        var lower = words.ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // becomes the database's lower(): there is no culture in it
        return orders.Where(o => o.Name.ToLower().Contains(lower) || db.Set<Customer>().Any(c => c.Id == o.CustomerId && c.Search.Contains(folded)));
#pragma warning restore CA1304, CA1311, CA1862
    }
}
