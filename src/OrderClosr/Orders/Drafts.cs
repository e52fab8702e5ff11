using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Orders;

/// <summary>Fills an order field by field: resolves products, phones and places as people type them, looks the fee up, adds up, says what is missing.</summary>
/// <remarks>
/// Works on the order it is given, stored or not, and saves nothing: the agent applies a change inside its turn and again in the
/// transaction that commits it. A refusal leaves the order exactly as it was.
/// </remarks>
public sealed class Drafts(OrderClosrDb db, DraftItems items, Places places, FeeTable fees, TimeProvider time)
{
    /// <summary>An empty draft; not added to the database.</summary>
    public Order New(CustomerId customer, ConversationId conversation, OrderOrigin origin)
    {
        var now = time.GetUtcNow();
        return new Order { Id = OrderId.New(now), CustomerId = customer, ConversationId = conversation, Origin = origin, CreatedAt = now };
    }

    /// <summary>The conversation's open draft with its lines, the newest; null when it has none.</summary>
    public Task<Order?> OpenAsync(ConversationId conversation, CancellationToken stop) => db.Orders.Include(o => o.Lines)
        .Where(o => o.ConversationId == conversation && o.State == OrderState.Draft).OrderByDescending(o => o.Id).FirstOrDefaultAsync(stop);

    /// <summary>Applies a change to an order. Its version rises when what the customer gets or pays is not the same any more.</summary>
    /// <remarks>An order that was agreed is changed through <c>ChangeOrder</c>, which also swaps stock and keeps the story. What the customer agreed to pay stays:
    /// its variants at its prices, and the fee of its place and way; only what is new costs what it costs today.</remarks>
    public async Task<Result<DraftView>> ApplyAsync(Order draft, DraftChange change, CancellationToken stop)
    {
        if (!OrderTransitions.CanChange(draft)) return Refusal.NotAllowed("A cancelled order does not change.", []);

        var agreed = await AgreedAsync(draft, stop);
        IReadOnlyList<WantedLine>? lines = null;
        if (change.Items is { } wanted)
        {
            var read = await items.ReadAsync(wanted, agreed, change.IgnoresFloor, stop);
            if (!read.Ok) return read.Refusal;
            // A commune that is known does not make good a wilaya that nobody knows.
            if (!string.IsNullOrWhiteSpace(change.Wilaya) && !string.IsNullOrWhiteSpace(change.Commune) && places.Resolve(change.Wilaya) is { Ok: false, Refusal.Code: "place_unknown" } nowhere) return nowhere.Refusal;
            lines = read.Value;
        }
        if (Text(change.Name, "name", 120, out var name) is { } badName) return badName;
        if (Text(change.Address, "address", 500, out var address) is { } badAddress) return badAddress;
        if (Text(change.Note, "note", 1000, out var note) is { } badNote) return badNote;
        var phones = Phones(draft, change);
        if (!phones.Ok) return phones.Refusal;
        var target = await TargetAsync(draft, agreed, change, lines is null ? Totals.ToPay(draft.Lines) : Totals.ToPay(lines), stop);
        if (!target.Ok) return target.Refusal;
        var to = target.Value;

        var before = Fingerprint(draft);
        if (lines is not null) SetLines(draft, lines);
        draft.Name = name ?? draft.Name;
        draft.Address = address ?? draft.Address;
        draft.Note = note ?? draft.Note;
        (draft.Phone, draft.SecondPhone) = phones.Value;
        (draft.WilayaCode, draft.CommuneCode, draft.Delivery, draft.DeskId) = (to.Wilaya, to.Commune, to.Delivery, to.Desk);
        Totals.Apply(draft, to.Fee);
        KeepSources(draft, change);
        if (Fingerprint(draft) != before) draft.DraftVersion++;
        return await ShowAsync(draft, stop);
    }

    /// <summary>The order in words, as the agent and the pages show it.</summary>
    public async Task<DraftView> ShowAsync(Order order, CancellationToken stop)
    {
        var place = places.Of(order.WilayaCode, order.CommuneCode);
        var desk = order.DeskId is { } id ? await db.Desks.AsNoTracking().Where(d => d.Id == id).Select(d => d.Name).FirstOrDefaultAsync(stop) : null;
        return new DraftView
        {
            Draft = order.Code, Version = order.DraftVersion,
            Items = [.. order.Lines.Select(l => new DraftLine(l.Name, l.VariantLabel, l.Quantity, l.UnitPrice, l.ListPrice))],
            Name = Known(order.Name), Phone = order.Phone, SecondPhone = order.SecondPhone, Wilaya = place?.Wilaya.Name, Commune = place?.Commune?.Name,
            Address = Known(order.Address), Delivery = order.Delivery, Desk = desk, Note = Known(order.Note), Goods = order.Goods, Discount = order.Discount,
            DeliveryFee = order.IsFeeKnown ? order.DeliveryFee : null, Total = order.IsFeeKnown ? order.Total : null,
            Missing = DraftView.MissingOf(order), Warnings = await WarningsAsync(order, stop),
        };
    }

    /// <summary>What the customer gets or pays, and on which phone the parcel is announced: a yes to one of these is no yes to another.</summary>
    private static string Fingerprint(Order order) =>
        $"{string.Join(';', order.Lines.Select(l => $"{l.VariantId}x{l.Quantity}@{l.UnitPrice.Amount}").Order(StringComparer.Ordinal))}|{order.WilayaCode}|{order.CommuneCode}|{order.Delivery}|{order.DeskId}|{order.Phone}|{order.IsFeeKnown}|{order.DeliveryFee.Amount}|{order.Total.Amount}";

    private static void SetLines(Order draft, IReadOnlyList<WantedLine> wanted)
    {
        var kept = new List<OrderLine>();
        foreach (var line in wanted)
        {
            var old = draft.Lines.Find(l => l.VariantId == line.Variant.Id && !kept.Contains(l));
            var row = old ?? new OrderLine
            {
                Id = Id<OrderLine>.New(draft.CreatedAt), OrderId = draft.Id, ProductId = line.Product.Id, VariantId = line.Variant.Id,
                Name = line.Product.Name, Quantity = line.Quantity, ListPrice = line.ListPrice, UnitPrice = line.UnitPrice,
            };
            (row.Name, row.VariantLabel, row.Quantity, row.ListPrice, row.UnitPrice) = (line.Product.Name, line.Variant.Label, line.Quantity, line.ListPrice, line.UnitPrice);
            kept.Add(row);
            if (old is null) draft.Lines.Add(row);
        }
        draft.Lines.RemoveAll(l => !kept.Contains(l));
    }

    private static Result<(Phone?, Phone?)> Phones(Order draft, DraftChange change)
    {
        var (first, second) = (draft.Phone, draft.SecondPhone);
        if (change.Phone is not null)
        {
            var read = Phone.ReadAll(change.Phone);
            if (read.Count == 0) return new Refusal("phone_unreadable", "This is no phone number: ask for it again, ten digits that begin with 05, 06 or 07.", "phone");
            if (!read[0].IsAlgerian) return new Refusal("phone_foreign", "A courier can call numbers of Algeria only: ask for one.", "phone");
            first = read[0];
            if (read.Count > 1 && change.SecondPhone is null && read[1].IsAlgerian) second = read[1];
        }
        if (change.SecondPhone is not null)
        {
            if (change.SecondPhone.Trim().Length == 0) second = null;
            else if (Phone.TryRead(change.SecondPhone, out var read) && read.IsAlgerian) second = read;
            else return new Refusal("phone_unreadable", "The second phone is no number of Algeria.", "second_phone");
        }
        return (first, second == first ? null : second);
    }

    private async Task<Result<Target>> TargetAsync(Order draft, Order? agreed, DraftChange change, Dinars toPay, CancellationToken stop)
    {
        var (wilaya, commune) = (draft.WilayaCode, draft.CommuneCode);
        var named = !string.IsNullOrWhiteSpace(change.Wilaya) || !string.IsNullOrWhiteSpace(change.Commune);
        if (named)
        {
            var read = string.IsNullOrWhiteSpace(change.Wilaya) && wilaya > 0
                ? places.Resolve(places.WilayaOf(wilaya)!.Name, change.Commune)
                : places.Resolve(change.Wilaya, change.Commune);
            if (!read.Ok) return read.Refusal;
            // A commune that is known does not make good a wilaya that nobody knows.
            if (!string.IsNullOrWhiteSpace(change.Wilaya) && !string.IsNullOrWhiteSpace(change.Commune) && places.Resolve(change.Wilaya) is { Ok: false, Refusal.Code: "place_unknown" } nowhere) return nowhere.Refusal;
            // Naming the same wilaya again does not lose the commune.
            if (read.Value.CommuneCode > 0 || read.Value.WilayaCode != wilaya) commune = read.Value.CommuneCode;
            wilaya = read.Value.WilayaCode;
        }
        var delivery = change.Delivery ?? (string.IsNullOrWhiteSpace(change.Desk) ? draft.Delivery : Delivery.Desk);
        if (wilaya == 0)
            return string.IsNullOrWhiteSpace(change.Desk) ? new Target(wilaya, commune, delivery, null, null) : new Refusal("wilaya_missing", "Ask for the wilaya before the desk.", "wilaya");

        Id<Desk>? deskId = null;
        var undecided = false;
        if (delivery == Delivery.Desk)
        {
            var pool = await db.Desks.AsNoTracking().Where(d => d.WilayaCode == wilaya && d.Active).OrderBy(d => d.Name).ToListAsync(stop);
            var desk = pool.Find(d => d.Id == draft.DeskId && !named);
            if (!string.IsNullOrWhiteSpace(change.Desk))
            {
                var words = Folding.Words(change.Desk);
                var fitting = pool.Where(d => Folding.Compact(d.Name) == Folding.Compact(change.Desk)).ToList();
                if (fitting.Count == 0) fitting = [.. pool.Where(d => Folding.Words(d.Name) is var name && words.All(name.Contains))];
                if (fitting.Count != 1)
                    return new Refusal(fitting.Count == 0 ? "desk_unknown" : "desk_ambiguous", "Name one of the stop desks of this wilaya.", "desk", [.. (fitting.Count > 1 ? fitting : pool).Select(d => d.Name).Take(20)]);
                desk = fitting[0];
            }
            desk ??= pool.Where(d => d.CommuneCode == commune).ToList() is [var here] ? here : pool is [var only] ? only : null;
            deskId = desk?.Id;
            if (desk is not null && commune == 0) commune = desk.CommuneCode;
            undecided = desk is null && pool.Count > 0;
        }

        var place = places.Of(wilaya, commune)!;
        var quote = await fees.QuoteAsync(place, delivery, toPay, stop);
        if (agreed is { IsFeeKnown: true } && (agreed.WilayaCode, agreed.CommuneCode, agreed.Delivery) == (wilaya, commune, delivery))
        {
            // Free delivery is measured by the goods: it comes and goes with them.
            var isFreeNow = quote is { Ok: true, Value.IsFree: true };
            var staysAsAgreed = toPay == Totals.ToPay(agreed.Lines) || !quote.Ok || (!isFreeNow && agreed.DeliveryFee > Dinars.Zero);
            return new Target(wilaya, commune, delivery, deskId, undecided ? null : staysAsAgreed ? agreed.DeliveryFee : quote.Value.Fee);
        }
        if (!quote.Ok && (named || change.Delivery is not null || change.Desk is not null)) return quote.Refusal;
        return new Target(wilaya, commune, delivery, deskId, quote.Ok && !undecided ? quote.Value.Fee : null);
    }

    /// <summary>The order as it was agreed, when this is one or changes one; null for a draft of its own.</summary>
    private async Task<Order?> AgreedAsync(Order draft, CancellationToken stop)
    {
        var id = draft.ChangeOf ?? (draft.State == OrderState.Draft ? null : draft.Id);
        return id is null ? null : await db.Orders.AsNoTracking().Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == id && o.State != OrderState.Draft, stop);
    }

    private async Task<IReadOnlyList<string>> WarningsAsync(Order order, CancellationToken stop)
    {
        var warnings = new List<string>();
        if (order is { Delivery: Delivery.Home, CommuneCode: > 0 } && order.Address.Length == 0) warnings.Add("address_empty");
        if (order.Phone is { IsMobile: false }) warnings.Add("phone_not_mobile");
        var ids = order.Lines.Select(l => l.VariantId).ToList();
        if (!order.HasStock && ids.Count > 0 && await db.Variants.AsNoTracking().AnyAsync(v => ids.Contains(v.Id) && v.Stock != null && v.Stock <= 2, stop)) warnings.Add("last_pieces");
        return warnings;
    }

    private static void KeepSources(Order draft, DraftChange change)
    {
        Keep("items", change.Items);
        Keep("name", change.Name);
        Keep("phone", change.Phone);
        Keep("second_phone", change.SecondPhone);
        Keep("wilaya", change.Wilaya);
        Keep("commune", change.Commune);
        Keep("address", change.Address);
        Keep("delivery", change.Delivery);
        Keep("desk", change.Desk);
        Keep("note", change.Note);

        void Keep(string field, object? said)
        {
            if (said is null) return;
            if (change.Sources?.TryGetValue(field, out var message) == true) draft.Sources[field] = message;
            else if (change.Source is { } source) draft.Sources[field] = source;
            else draft.Sources.Remove(field);
        }
    }

    /// <summary>One line of clean text: no control characters, single spaces.</summary>
    private static Refusal? Text(string? typed, string field, int most, out string? text)
    {
        text = null;
        if (typed is null) return null;
        if (typed.Length > 20 * most) return TooLong(field, most);
        text = OneLine.Of(typed);
        if (text.Length > most) return TooLong(field, most);
        return null;
    }

    private static Refusal TooLong(string field, int most) => new("too_long", $"At most {most} characters.", field);

    private static string? Known(string text) => text.Length == 0 ? null : text;

    /// <summary>Where it goes, how, and for how much; no fee while place or desk is open or the way is not served.</summary>
    private sealed record Target(int Wilaya, int Commune, Delivery Delivery, Id<Desk>? Desk, Dinars? Fee);
}
