using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Customers.Pages;

/// <summary>One customer as the list shows it.</summary>
/// <param name="Phone">As people write it; null: none.</param>
/// <param name="Place">Where the last order goes; null: nowhere yet.</param>
/// <param name="Orders">With a number, cancelled ones too.</param>
public sealed record CustomerRow(CustomerId Id, string Name, string? Phone, IReadOnlyList<ChannelKind> Channels, Place? Place, int Orders, int Delivered, int Returned, DateTimeOffset? LastMessageAt, bool HasOptedOut, bool IsBlocked);

/// <summary>A part of the list.</summary>
/// <param name="After">Where this part begins; null: at the newest customer.</param>
/// <param name="Next">Where the next part begins; null at the end.</param>
public sealed record CustomerPart(IReadOnlyList<CustomerRow> Rows, string? Query, string? After, string? Next);

/// <summary>A conversation of a customer, with the name of its channel.</summary>
public sealed record CustomerTalk(Conversation Conversation, string Channel);

/// <summary>One customer with what the shop has of them, as far as the member who looks may see it.</summary>
/// <param name="Talks">Empty for who reads no conversations.</param>
/// <param name="Orders">The newest <see cref="CustomerReader.MostOrders"/>.</param>
/// <param name="Couriers">Names of the couriers' accounts of the parcels.</param>
/// <param name="Members">Names of who lifted a STOP.</param>
public sealed record CustomerSheet(Customer Customer, IReadOnlyList<CustomerTalk> Talks, IReadOnlyList<Order> Orders, IReadOnlyList<Parcel> Parcels,
    IReadOnlyDictionary<CourierAccountId, string> Couriers, IReadOnlyList<OptOut> OptOuts, IReadOnlyDictionary<Guid, string> Members, Place? Place);

/// <summary>Reads customers for their pages: the list by index, the newest first; what stands in a row by the customer's own rows alone, however many the shop has.</summary>
/// <remarks>Nothing is masked: who sees the customers sees the orders, and with them every number (<see cref="OrderClosr.Orders.Pages.HiddenNumbers"/>).</remarks>
public sealed class CustomerReader(OrderClosrDb db, Shop shop, Places places)
{
    /// <summary>So many of a customer's orders stand on their page.</summary>
    public const int MostOrders = 50;

    private const int PerPage = 40;

    /// <summary>The customers whose name or number holds the words; all without words.</summary>
    public async Task<CustomerPart> ListAsync(string? words, string? after, CancellationToken stop)
    {
        var orders = db.Orders;
        var customers = db.Customers.AsNoTracking();
        if (words is not null)
        {
            var digits = Folding.Compact(words.TrimStart('+'));
            var folded = digits.Length > 0 && digits.All(char.IsAsciiDigit) ? digits.TrimStart('0') : Folding.Fold(words);
            customers = customers.Where(c => c.Search.Contains(folded));
        }
        if (after?.Split('-') is [var ms, var id] && long.TryParse(ms, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < 253402300799999 && CustomerId.TryParse(id, null, out var last))
        {
            var when = DateTimeOffset.FromUnixTimeMilliseconds(at);
            customers = customers.Where(c => c.CreatedAt < when || (c.CreatedAt == when && c.Id < last));
        }
        else after = null;
        // One number per column: each is looked up by the customer's index, where joined rows would be searched among all of the shop's.
        var rows = await customers.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).Take(PerPage + 1).Select(c => new
        {
            Customer = c,
            Orders = orders.Count(o => o.CustomerId == c.Id && o.Number > 0 && o.ChangeOf == null),
            Commune = orders.Where(o => o.CustomerId == c.Id && o.Number > 0 && o.CommuneCode > 0).OrderByDescending(o => o.Id).Select(o => o.CommuneCode).FirstOrDefault(),
        }).ToListAsync(stop);
        var shown = rows.Take(PerPage).Select(r => r.Customer.Id).ToList();
        var talks = (await db.Conversations.AsNoTracking().Where(t => shown.Contains(t.CustomerId)).Select(t => new { t.CustomerId, t.ChannelKind, t.LastMessageAt }).ToListAsync(stop)).ToLookup(t => t.CustomerId);
        var kinds = (await db.CustomerHandles.AsNoTracking().Where(h => shown.Contains(h.CustomerId)).Join(db.Channels, h => h.ChannelId, c => c.Id, (h, c) => new { h.CustomerId, c.Kind }).Distinct().ToListAsync(stop)).ToLookup(h => h.CustomerId, h => h.Kind);
        return new([.. rows.Take(PerPage).Select(r => new CustomerRow(r.Customer.Id, r.Customer.Name, r.Customer.Phones.Select(p => PhoneText.Written(Phone.Stored(p))).FirstOrDefault(), [.. kinds[r.Customer.Id].Concat(talks[r.Customer.Id].Select(t => t.ChannelKind)).Distinct().Order()], PlaceOf(r.Commune), r.Orders,
                r.Customer.Delivered, r.Customer.Returned, talks[r.Customer.Id].Max(t => (DateTimeOffset?)t.LastMessageAt), r.Customer.OptedOutAt is not null, r.Customer.BlockedAt is not null))],
            words, after, rows.Count > PerPage ? $"{rows[PerPage - 1].Customer.CreatedAt.ToUnixTimeMilliseconds()}-{rows[PerPage - 1].Customer.Id}" : null);
    }

    /// <summary>One customer; null when this workspace has none with the id.</summary>
    public async Task<CustomerSheet?> FindAsync(CustomerId id, CancellationToken stop)
    {
        if (await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } customer) return null;
        var orders = !shop.May(Capability.SeeOrders) ? [] : await db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).AsSplitQuery().Where(o => o.CustomerId == id && o.Number > 0 && o.ChangeOf == null)
            .OrderByDescending(o => o.Id).Take(MostOrders).ToListAsync(stop);
        var mine = db.Orders.Where(o => o.CustomerId == id).Select(o => o.Id);
        var parcels = !shop.May(Capability.SeeParcels) ? [] : await db.Parcels.AsNoTracking().Where(p => mine.Contains(p.OrderId)).OrderByDescending(p => p.Id).Take(MostOrders).ToListAsync(stop);
        var talks = !shop.May(Capability.SeeInbox) ? [] : await db.Conversations.AsNoTracking().Where(c => c.CustomerId == id).Join(db.Channels, t => t.ChannelId, c => c.Id, (t, c) => new { Talk = t, c.Name }).ToListAsync(stop);
        var stops = await db.OptOuts.AsNoTracking().Where(o => o.CustomerId == id).OrderByDescending(o => o.At).Take(10).ToListAsync(stop);
        var members = stops.Select(o => o.EndedBy).OfType<Guid>().Distinct().ToList();
        return new(customer, [.. talks.OrderByDescending(t => t.Talk.LastMessageAt).Select(t => new CustomerTalk(t.Talk, t.Name))], orders, parcels,
            parcels.Count == 0 ? new Dictionary<CourierAccountId, string>() : await db.CourierAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, stop), stops,
            members.Count == 0 ? new Dictionary<Guid, string>() : await db.Accounts.AsNoTracking().Where(a => members.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, stop),
            orders.Find(o => o.CommuneCode > 0) is { } sent ? places.Of(sent.WilayaCode, sent.CommuneCode) : null);
    }

    private Place? PlaceOf(int commune) => commune > 0 && places.CommuneOf(commune) is { } known ? places.Of(known.WilayaCode, commune) : null;
}
