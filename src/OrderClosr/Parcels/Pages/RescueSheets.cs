using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;
using OrderClosr.Web;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels.Pages;

/// <summary>One rescue with all that its page says about it.</summary>
public sealed record RescueSheet
{
    public required RescueRow Row { get; init; }
    public required Parcel Parcel { get; init; }
    public required Order Order { get; init; }
    public required string Courier { get; init; }
    public required Place? Place { get; init; }

    /// <summary>The customer's last messages with words.</summary>
    public required IReadOnlyList<Message> Heard { get; init; }

    /// <summary>Its story, the newest first.</summary>
    public required IReadOnlyList<RescueStep> Story { get; init; }

    /// <summary>Names of the members in the story.</summary>
    public required IReadOnlyDictionary<Guid, string> Members { get; init; }

    /// <summary>The courier's desks of the wilaya.</summary>
    public required IReadOnlyList<string> Desks { get; init; }

    /// <summary>Communes of the wilaya, in the reader's language.</summary>
    public required IReadOnlyList<string> Communes { get; init; }

    /// <summary>The desk the customer wants to take it from, by name.</summary>
    public required string? NewDesk { get; init; }

    /// <summary>The last day the courier keeps it at its desk, as the merchant's rules say; null: not known.</summary>
    public required DateOnly? KeptUntil { get; init; }

    public Rescue Rescue => Row.Rescue;
    public IReadOnlyList<RescueAnswerKind> Answers => AnswerRescue.Answers(Parcel.State);
}

/// <summary>Reads rescues for pages.</summary>
public sealed class RescueSheets(OrderClosrDb db, RescueQueue queue, Places places)
{
    public async Task<RescueSheet?> FindAsync(RescueRow row, CancellationToken stop)
    {
        var rescue = row.Rescue;
        if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == rescue.ParcelId, stop) is not { } parcel) return null;
        if (await db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).SingleOrDefaultAsync(o => o.Id == rescue.OrderId, stop) is not { } order) return null;
        var story = (await queue.StoryAsync(rescue.Id, stop)).Reverse().ToList();
        var members = story.Select(s => s.AccountId).OfType<Guid>().Distinct().ToList();
        var (account, wilaya, desk) = (parcel.AccountId, parcel.WilayaPlaceId, rescue.NewDeskId);
        var of = await db.CourierPlaces.AsNoTracking().Where(p => p.Id == wilaya).Select(p => p.Ref).SingleOrDefaultAsync(stop);
        var keeps = (await RescueSettings.OfAsync(db, stop)).DeskKeepsDays;
        List<Message> heard = rescue.ConversationId is { } conversation
            ? await db.Set<Message>().AsNoTracking().Where(m => m.ConversationId == conversation && m.Direction == Direction.In && m.Text != "" && m.DeletedAt == null).OrderByDescending(m => m.At).ThenByDescending(m => m.Seq).Take(3).ToListAsync(stop) : [];
        heard.Reverse();
        return new()
        {
            Row = row, Parcel = parcel, Order = order, Place = places.Of(parcel.WilayaCode, parcel.CommuneCode), Heard = heard, Story = story,
            Courier = await db.CourierAccounts.AsNoTracking().Where(a => a.Id == account).Select(a => a.Name).SingleOrDefaultAsync(stop) ?? parcel.Courier,
            Members = await db.Accounts.AsNoTracking().Where(a => members.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, stop),
            Desks = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == account && p.Active && p.Kind == CourierPlaceKind.Desk && p.WilayaRef == of).OrderBy(p => p.Name).Select(p => p.Name).Take(60).ToListAsync(stop),
            Communes = [.. places.CommunesOf(parcel.WilayaCode).Select(c => Languages.Current == "ar" ? c.NameAr : c.Name).Order(StringComparer.CurrentCulture)],
            NewDesk = desk is null ? null : await db.CourierPlaces.AsNoTracking().Where(p => p.Id == desk).Select(p => p.Name).SingleOrDefaultAsync(stop),
            KeptUntil = keeps > 0 && parcel.State == ParcelState.AtDesk ? AlgiersTime.DateInAlgiers(parcel.StateAt).AddDays(keeps) : null,
        };
    }

    /// <summary>Names of approved templates on any channel, to choose from.</summary>
    public async Task<IReadOnlyList<string>> TemplatesAsync(CancellationToken stop) =>
        [.. (await db.Channels.AsNoTracking().ToListAsync(stop)).SelectMany(ChannelTemplate.Of).Where(t => t.IsApproved).Select(t => t.Name).Distinct().Order(StringComparer.Ordinal)];
}
