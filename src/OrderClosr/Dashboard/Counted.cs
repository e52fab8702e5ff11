using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Cash;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Dashboard;

/// <summary>Which records each number is, said once: the roll-up counts them, and a number on the page opens into them.</summary>
/// <param name="db">The workspace's.</param>
/// <param name="since">The first instant.</param>
/// <param name="until">The instant after the last.</param>
public sealed class Counted(OrderClosrDb db, DateTimeOffset since, DateTimeOffset until)
{
    /// <summary>A first answer counts within the time a channel lets the shop answer.</summary>
    internal static readonly TimeSpan AnswerWithin = TimeSpan.FromHours(24);

    /// <summary>Who confirmed where no member did.</summary>
    public const string Agent = "agent", Api = "api", None = "none";

    /// <summary>The days of Algiers, both included.</summary>
    public static Counted Of(OrderClosrDb db, DateOnly from, DateOnly to) => new(db, AlgiersTime.StartOf(from), AlgiersTime.StartOf(to.AddDays(1)));

    /// <summary>A parcel came to the end that counts.</summary>
    internal static bool IsEnd(ParcelState state) => state is ParcelState.Delivered or ParcelState.Returned;

    /// <summary>Begun in the time and written since, whatever became of them.</summary>
    public IQueryable<Order> Orders => db.Orders.AsNoTracking().Where(o => o.Number > 0 && o.ChangeOf == null && o.CreatedAt >= since && o.CreatedAt < until);

    /// <summary>Confirmed in the time, and still.</summary>
    public IQueryable<Order> Confirmed => db.Orders.AsNoTracking().Where(o => o.Number > 0 && o.ChangeOf == null && o.ConfirmedAt >= since && o.ConfirmedAt < until);

    /// <summary>Handed over in the time, by the courier's clock, and not taken back since.</summary>
    public IQueryable<Parcel> Delivered => Ended(ParcelState.Delivered);

    /// <summary>Back at the shop.</summary>
    public IQueryable<Parcel> Returned => Ended(ParcelState.Returned);

    /// <summary>Delivered after somebody had done something against a return.</summary>
    public IQueryable<Parcel> Rescued
    {
        get
        {
            // A list made once: asked parcel by parcel, SQLite read all of a shop's rescues for each.
            var saved = db.Set<Rescue>().Where(r => r.IsSaved).Select(r => r.ParcelId);
            return Delivered.Where(p => saved.Contains(p.Id));
        }
    }

    /// <summary>Their whole money was counted, for the last time in this time.</summary>
    public IQueryable<Parcel> Paid
    {
        get
        {
            // Two lists made once: asked parcel by parcel, SQLite read a large shop's later moves for each.
            var paid = db.CashMoves.Where(m => m.To == CashState.Paid && m.From != CashState.Paid);
            var (inTime, later) = (paid.Where(m => m.At >= since && m.At < until).Select(m => m.ParcelId), paid.Where(m => m.At >= until).Select(m => m.ParcelId));
            return db.Parcels.AsNoTracking().Where(p => p.CashState == CashState.Paid && inTime.Contains(p.Id) && !later.Contains(p.Id));
        }
    }

    /// <summary>Payments the shop counted and did not take back.</summary>
    public IQueryable<PaymentSlip> Slips => db.PaymentSlips.AsNoTracking().Where(s => s.State == SlipState.Applied && s.AppliedAt >= since && s.AppliedAt < until);

    public IQueryable<Conversation> Conversations => db.Conversations.AsNoTracking().Where(c => c.CreatedAt >= since && c.CreatedAt < until);

    /// <summary>All turns, also those that only cost.</summary>
    public IQueryable<TurnRecord> Turns => db.Turns.AsNoTracking().Where(t => t.EndedAt >= since && t.EndedAt < until);
    public IQueryable<TurnRecord> Replies => Turns.Where(t => t.Outcome == TurnOutcome.Replied);
    public IQueryable<TurnRecord> HandOvers => Turns.Where(t => t.Outcome == TurnOutcome.HandedOver);
    public IQueryable<Lead> Leads => db.Leads.AsNoTracking().Where(l => l.At >= since && l.At < until);

    /// <summary>Noted at any time, and their customer ordered in this one.</summary>
    public IQueryable<Lead> Converted => db.Leads.AsNoTracking().Where(l => l.ConvertedAt >= since && l.ConvertedAt < until);

    /// <summary>Orders of one cut; null for a key that is none.</summary>
    public IQueryable<Order>? Within(IQueryable<Order> orders, FigureCut cut, string key)
    {
        var (talks, moves) = (db.Conversations, db.OrderMoves);
        switch (cut)
        {
            case FigureCut.Shop: return orders;
            case FigureCut.Wilaya: return int.TryParse(key, out var wilaya) ? orders.Where(o => o.WilayaCode == wilaya) : null;
            case FigureCut.Product: return ProductId.TryParse(key, null, out var product) ? orders.Where(o => o.Lines.Any(l => l.ProductId == product)) : null;
            case FigureCut.Channel when key == None: return orders.Where(o => !talks.Any(c => c.Id == o.ConversationId));
            case FigureCut.Channel: return ChannelId.TryParse(key, null, out var channel) ? orders.Where(o => talks.Any(c => c.Id == o.ConversationId && c.ChannelId == channel)) : null;
            case FigureCut.Ad:
                var words = AdWords(key);
                return orders.Where(o => talks.Any(c => c.Id == o.ConversationId && c.Referral!.Contains(words)));
            case FigureCut.Member when Guid.TryParse(key, out var account):
                return orders.Where(o => moves.Where(m => m.OrderId == o.Id && m.To == OrderState.Confirmed && m.From != OrderState.Confirmed).OrderByDescending(m => m.Id).Select(m => m.AccountId).FirstOrDefault() == account);
            case FigureCut.Member:
                var isApi = key == Api;
                if (!isApi && key != Agent) return null;
                return orders.Where(o => moves.Where(m => m.OrderId == o.Id && m.To == OrderState.Confirmed && m.From != OrderState.Confirmed).OrderByDescending(m => m.Id).Take(1)
                    .Any(m => isApi ? m.Actor == ActorKind.Api : m.Actor != ActorKind.Api && m.Actor != ActorKind.Member));
            default: return null;
        }
    }

    /// <summary>Parcels of one cut, by their orders; of a courier by themselves.</summary>
    public IQueryable<Parcel>? Within(IQueryable<Parcel> parcels, FigureCut cut, string key)
    {
        if (cut == FigureCut.Shop) return parcels;
        if (cut == FigureCut.Courier) return CourierAccountId.TryParse(key, null, out var account) ? parcels.Where(p => p.AccountId == account) : null;
        return Within(db.Orders.AsNoTracking(), cut, key) is { } orders ? parcels.Where(p => orders.Any(o => o.Id == p.OrderId)) : null;
    }

    /// <summary>Conversations of a channel or an ad.</summary>
    public IQueryable<Conversation>? Within(IQueryable<Conversation> talks, FigureCut cut, string key)
    {
        switch (cut)
        {
            case FigureCut.Shop: return talks;
            case FigureCut.Channel: return ChannelId.TryParse(key, null, out var channel) ? talks.Where(c => c.ChannelId == channel) : null;
            case FigureCut.Ad:
                var words = AdWords(key);
                return talks.Where(c => c.Referral!.Contains(words));
            default: return null;
        }
    }

    /// <summary>Who confirmed, as the key of a figure.</summary>
    internal static string KeyOf(ActorKind actor, Guid? account) => actor switch
    {
        ActorKind.Member => account?.ToString("N") ?? None,
        ActorKind.Api => Api,
        _ => Agent,
    };

    /// <summary>How the ad stands in <see cref="Conversation.Referral"/>.</summary>
    private static string AdWords(string ad) => $"\"adId\":{System.Text.Json.JsonSerializer.Serialize(ad)}";

    private IQueryable<Parcel> Ended(ParcelState state) => db.Parcels.AsNoTracking().Where(p => p.State == state && p.StateAt >= since && p.StateAt < until);
}
