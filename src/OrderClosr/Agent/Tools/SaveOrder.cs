using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Agent.Tools;

/// <summary>Fills the draft; answers what is missing and the total.</summary>
public sealed class SaveOrder(Drafts drafts, Catalogue.ProductSearch search, SaidPhones said, Places places) : ITool
{
    public ToolShape Shape { get; } = new("save_order",
        "Writes what the customer ordered so far into the draft of this conversation and answers it with prices, delivery fee, total, what is still missing and its version. Pass each field as soon as the customer gave it; a field left out keeps its value; items replaces all lines. Prices and totals are computed by the server: pass unit_price only for a price the customer bargained for, and the server refuses what the shop does not allow. When ready is true, read items by their catalogue names, quantities, place, delivery way, phone and total back and ask for a yes.",
        ToolInput.Schema("""
            {"type":"object","properties":{
              "items":{"type":"array","items":{"type":"object","properties":{"product":{"type":"string"},"variant":{"type":"string","description":"Size, colour … as search_products names it."},"quantity":{"type":"integer"},"unit_price":{"type":"integer","description":"Dinars; only for a bargained price."}},"required":["product","quantity"],"additionalProperties":false}},
              "name":{"type":"string"},"phone":{"type":"string","description":"As the customer wrote it."},"second_phone":{"type":"string"},"wilaya":{"type":"string"},"commune":{"type":"string"},"address":{"type":"string"},
              "delivery":{"type":"string","enum":["home","desk"]},"desk":{"type":"string"},"note":{"type":"string"}},
             "required":[],"additionalProperties":false}
            """));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        if (input.ValueKind != JsonValueKind.Object) return ToolReply.No("bad_input", "The input is not an object.");
        var items = input.Items();
        if (!items.Ok) return items.Refusal;
        var change = new DraftChange
        {
            Items = items.Value, Name = input.Text("name"), Phone = input.Text("phone"), SecondPhone = input.Text("second_phone"), Wilaya = input.Text("wilaya"), Commune = input.Text("commune"),
            Address = input.Text("address"), Delivery = input.Way(), Desk = input.Text("desk"), Note = input.Text("note"), Source = work.Cause,
        };
        return await ApplyAsync(change, null, work, stop);
    }

    /// <summary>Applies a change to the turn's draft and keeps it for the commit.</summary>
    internal async Task<ToolReply> ApplyAsync(DraftChange change, int? changeOf, TurnWork work, CancellationToken stop)
    {
        // A number in the address or the note is called as well.
        var phones = ((string?[])[change.Phone, change.SecondPhone]).SelectMany(Phone.ReadAll).Concat(((string?[])[change.Name, change.Address, change.Note]).SelectMany(Phone.FindInText));
        if (!await said.HoldAsync(phones, work, stop)) return SaidPhones.NotSaid;
        var draft = work.Draft ?? drafts.New(work.Customer.Id, work.Conversation.Id, OrderOrigin.Agent);
        if (UnsureIn(change, draft, work) is { } unsure) return unsure;
        var applied = await drafts.ApplyAsync(draft, change, stop);
        if (!applied.Ok) return applied.Refusal;
        work.Draft = draft;
        work.View = applied.Value;
        work.Effects.Add(new SaveDraftEffect(change, changeOf));
        work.Learn(applied.Value);
        foreach (var name in applied.Value.Items.Select(i => i.Product).Distinct())
            if (work.Stock.TrueForAll(v => v.Product != name) && await search.FindProductAsync(name, stop) is { Ok: true } found) ProductWords.Show(found.Value, work);
        return new(DraftWords.Show(applied.Value));
    }

    /// <summary>A fee hangs on the wilaya, so that one must be sure; a commune that is spelled oddly inside it is heard again in the read-back.</summary>
    private Refusal? UnsureIn(DraftChange change, Order draft, TurnWork work)
    {
        var namesWilaya = !string.IsNullOrWhiteSpace(change.Wilaya);
        if (!namesWilaya && (string.IsNullOrWhiteSpace(change.Commune) || draft.WilayaCode > 0)) return null;
        var read = namesWilaya ? places.Resolve(change.Wilaya) : places.Resolve(null, change.Commune);
        return read.Ok ? UnsurePlace.Find(work, read.Value, places, change.Wilaya, change.Commune) : null;
    }
}

/// <summary>A draft as the tools and the facts message show it.</summary>
internal static class DraftWords
{
    internal static object Show(DraftView view) => new
    {
        draft = view.Draft, version = view.Version,
        items = view.Items.Select(i => new { product = i.Product, variant = i.Variant, quantity = i.Quantity, unit_price = i.UnitPrice }).ToList(),
        name = view.Name, phone = view.Phone?.National, second_phone = view.SecondPhone?.National, wilaya = view.Wilaya, commune = view.Commune, address = view.Address,
        delivery = view.Delivery == Delivery.Home ? "home" : "desk", desk = view.Desk, note = view.Note, goods = view.Goods, discount = view.Discount, delivery_fee = view.DeliveryFee,
        total = view.Total, missing = view.Missing, ready = view.Ready, warnings = view.Warnings,
    };
}
