using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Web;

namespace OrderClosr.Sheets;

/// <summary>The columns there are, and what stands in them.</summary>
/// <remarks>A cell is a text or a whole number. Texts of customers stay texts; a phone keeps its zero.</remarks>
public sealed class SheetColumns(OrderClosrDb db, Places places, Words words)
{
    /// <summary>The column that says whose row it is. Always there, never edited.</summary>
    public const string Id = "id";

    /// <summary>The two that are read back.</summary>
    public const string State = "state", Note = "note";

    /// <summary>Every column of an order, in the order in which they are offered.</summary>
    public static readonly IReadOnlyList<string> OfOrders =
        [Id, "number", "date", State, "name", "phone", "phone2", "wilaya", "commune", "address", "delivery", "items", "quantity", "goods", "discount", "fee", "total", Note, "parcel", "tracking", "courier", "source"];

    /// <summary>Those a merchant begins with.</summary>
    public static readonly IReadOnlyList<string> Usual = [Id, "number", "date", State, "name", "phone", "wilaya", "commune", "address", "delivery", "items", "total", Note, "parcel", "tracking"];

    /// <summary>Every column of a lead.</summary>
    public static readonly IReadOnlyList<string> OfLeads = [Id, "date", "name", "phone", "product", Note, "source"];

    /// <summary>Columns that change when a parcel moves.</summary>
    internal static readonly IReadOnlySet<string> OfParcels = new HashSet<string> { "parcel", "tracking", "courier" };

    /// <summary>The head a column begins with, in the sheet's language.</summary>
    public string TitleOf(string key, string language) => Speaking(language, () => words[$"sheets.col_{key}"]);

    /// <summary>The cells of orders by their id; one that is gone has none.</summary>
    internal Task<Dictionary<Guid, IReadOnlyDictionary<string, object?>>> OrdersAsync(IReadOnlyCollection<Guid> ids, string language, CancellationToken stop) => SpeakingAsync(language, async () =>
    {
        var wanted = ids.Select(id => new OrderId(id)).ToList();
        var orders = await db.Orders.AsNoTracking().Include(o => o.Lines).AsSplitQuery().Where(o => wanted.Contains(o.Id)).ToListAsync(stop);
        var parcels = (await db.Parcels.AsNoTracking().Where(p => wanted.Contains(p.OrderId) && p.State != ParcelState.Draft).OrderBy(p => p.Sequence).Select(p => new { p.OrderId, p.State, p.Tracking, p.AccountId }).ToListAsync(stop)).ToLookup(p => p.OrderId);
        var couriers = await db.CourierAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        var talks = orders.Select(o => o.ConversationId).Distinct().ToList();
        var kinds = await db.Set<Conversations.Conversation>().AsNoTracking().Where(c => talks.Contains(c.Id)).Select(c => new { c.Id, c.ChannelKind }).ToDictionaryAsync(c => c.Id, c => c.ChannelKind, stop);
        var cells = new Dictionary<Guid, IReadOnlyDictionary<string, object?>>();
        foreach (var order in orders)
        {
            var place = places.Of(order.WilayaCode, order.CommuneCode);
            var parcel = parcels[order.Id].LastOrDefault();
            var isArabic = language == "ar";
            cells[order.Id.Value] = new Dictionary<string, object?>
            {
                [Id] = order.Id.ToString(), ["number"] = (long)order.Number, ["date"] = At(order.CreatedAt), [State] = StateWord(order.State), ["name"] = order.Name, ["phone"] = order.Phone?.National, ["phone2"] = order.SecondPhone?.National,
                ["wilaya"] = place is null ? null : isArabic ? place.Wilaya.NameAr : place.Wilaya.Name, ["commune"] = place?.Commune is { } commune ? isArabic ? commune.NameAr : commune.Name : null, ["address"] = order.Address,
                ["delivery"] = words[$"orders.delivery_{(order.Delivery == Delivery.Home ? "home" : "desk")}"], ["items"] = string.Join(", ", order.Lines.OrderBy(l => l.Id).Select(l => l.Quantity > 1 ? $"{l.FullName} × {l.Quantity}" : l.FullName)),
                ["quantity"] = (long)order.Lines.Sum(l => l.Quantity), ["goods"] = order.Goods.Amount, ["discount"] = order.Discount.Amount, ["fee"] = order.IsFeeKnown ? order.DeliveryFee.Amount : null, ["total"] = order.IsFeeKnown ? order.Total.Amount : null,
                [Note] = order.Note, ["parcel"] = parcel is null ? null : words[$"parcels.state_{ParcelTransitions.Word(parcel.State)}"], ["tracking"] = parcel?.Tracking, ["courier"] = parcel is null ? null : couriers.GetValueOrDefault(parcel.AccountId),
                ["source"] = kinds.TryGetValue(order.ConversationId, out var kind) ? $"{kind}" : words[$"orders.origin_{order.Origin.ToString().ToLowerInvariant()}"],
            };
        }
        return cells.ToDictionary(c => c.Key, c => Plain(c.Value));
    });

    /// <summary>The cells of leads by their id.</summary>
    internal Task<Dictionary<Guid, IReadOnlyDictionary<string, object?>>> LeadsAsync(IReadOnlyCollection<Guid> ids, CancellationToken stop)
    {
        var wanted = ids.Select(id => new Id<Lead>(id)).ToList();
        return ReadAsync();

        async Task<Dictionary<Guid, IReadOnlyDictionary<string, object?>>> ReadAsync()
        {
            var leads = await db.Leads.AsNoTracking().Where(l => wanted.Contains(l.Id)).ToListAsync(stop);
            var (people, goods, talks) = (leads.Select(l => l.CustomerId).Distinct().ToList(), leads.Select(l => l.ProductId).OfType<ProductId>().Distinct().ToList(), leads.Select(l => l.ConversationId).Distinct().ToList());
            var customers = await db.Set<Customers.Customer>().AsNoTracking().Where(c => people.Contains(c.Id)).ToDictionaryAsync(c => c.Id, stop);
            var products = await db.Set<Catalogue.Product>().AsNoTracking().Where(p => goods.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, stop);
            var kinds = await db.Set<Conversations.Conversation>().AsNoTracking().Where(c => talks.Contains(c.Id)).Select(c => new { c.Id, c.ChannelKind }).ToDictionaryAsync(c => c.Id, c => c.ChannelKind, stop);
            return leads.ToDictionary(l => l.Id.Value, l =>
            {
                var customer = customers.GetValueOrDefault(l.CustomerId);
                return Plain(new Dictionary<string, object?>
                {
                    [Id] = l.Id.ToString(), ["date"] = At(l.At), ["name"] = customer?.Name, ["phone"] = customer?.Phones.FirstOrDefault() is { } phone ? Phone.Stored(phone).National : null,
                    ["product"] = l.ProductId is { } product ? products.GetValueOrDefault(product) : null, [Note] = l.Note, ["source"] = kinds.TryGetValue(l.ConversationId, out var kind) ? $"{kind}" : null,
                });
            });
        }
    }

    /// <summary>A state as the sheet says it, in the language that is spoken.</summary>
    private string StateWord(OrderState state) => words[$"ui.order.{OrderTransitions.Word(state)}"];

    /// <summary>The state a merchant means by a word in the sheet, in either language; null: none.</summary>
    internal static OrderState? ReadState(string word)
    {
        var wanted = Folding.Compact(word);
        if (wanted.Length == 0) return null;
        foreach (var language in Languages.All)
        {
            var all = Words.All("ui", language.Parent.Name is { Length: > 0 } && language.TwoLetterISOLanguageName == "ar" ? language.Parent : CultureInfo.InvariantCulture);
            foreach (var state in Enum.GetValues<OrderState>())
                if (all.TryGetValue($"order.{OrderTransitions.Word(state)}", out var text) && Folding.Compact(text) == wanted) return state;
        }
        return OrderTransitions.Read(word.Trim().ToLowerInvariant());
    }

    /// <summary>Texts as a sheet gives them back: without blanks at their ends; an empty one is no cell.</summary>
    private static IReadOnlyDictionary<string, object?> Plain(IReadOnlyDictionary<string, object?> cells) =>
        cells.ToDictionary(c => c.Key, c => c.Value is string text ? text.ReplaceLineEndings("\n").Trim() is { Length: > 0 } plain ? plain : null : c.Value);

    /// <summary>A cell as the sheet gives it back.</summary>
    internal static string TextOf(object? cell) => cell switch { null => "", long number => number.ToString(CultureInfo.InvariantCulture), _ => (string)cell };

    /// <summary>A short fingerprint, which says nothing of what it was made from.</summary>
    internal static string HashOf(params ReadOnlySpan<string> texts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', texts)))[..16]);

    private static string At(DateTimeOffset at) => AlgiersTime.ToAlgiers(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static T Speaking<T>(string language, Func<T> say)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = Languages.Find(language) ?? Languages.All[0];
        try
        {
            return say();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    // The language of an asynchronous method flows with it and ends with it.
    private static async Task<T> SpeakingAsync<T>(string language, Func<Task<T>> say)
    {
        CultureInfo.CurrentUICulture = Languages.Find(language) ?? Languages.All[0];
        return await say();
    }
}
