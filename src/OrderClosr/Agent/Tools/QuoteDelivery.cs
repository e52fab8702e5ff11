using System.Text.Json;
using OrderClosr.Agent.Guards;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Agent.Tools;

/// <summary>What delivery to a place costs and how long it takes.</summary>
public sealed class QuoteDelivery(Places places, FeeTable fees) : ITool
{
    public ToolShape Shape { get; } = new("quote_delivery",
        "Looks up the delivery fee and the usual days for a wilaya and commune of Algeria, to the door (home) and to a stop desk. The place may be written as the customer wrote it. Call it before you name a fee or a delivery time. When the place is ambiguous it answers suggestions: ask the customer which one.",
        ToolInput.Schema("""{"type":"object","properties":{"wilaya":{"type":"string","description":"Name in any script or the number, as the customer wrote it."},"commune":{"type":"string"},"delivery":{"type":"string","enum":["home","desk"]}},"required":["wilaya"],"additionalProperties":false}"""));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var read = places.Resolve(input.Text("wilaya"), input.Text("commune"));
        if (!read.Ok) return read.Refusal;
        var place = read.Value;
        foreach (var name in (string?[])[place.Wilaya.Name, place.Wilaya.NameAr, place.Commune?.Name, place.Commune?.NameAr])
            if (name is not null) work.OtherNames.Add(name);
        if (UnsurePlace.Find(work, place, places, input.Text("wilaya"), input.Text("commune")) is { } unsure) return unsure;
        var quotes = await fees.QuotesAsync(place, work.Draft is { } draft ? Totals.ToPay(draft.Lines) : Dinars.Zero, stop);
        work.Money.AddText(quotes.Notes);
        if (quotes.FreeFrom is { } from) work.Money.AddFreeFrom(from);
        if (input.Way() is { } wanted && (wanted == Delivery.Home ? quotes.Home : quotes.Desk) is null && quotes.IsServed)
            return ToolReply.No("not_served", $"{place.Name} is not served that way.", wanted == Delivery.Home ? "desk" : "home");
        if (!quotes.IsServed) return ToolReply.No("not_served", $"The shop does not deliver to {place.Name}.");
        return new(new
        {
            wilaya = place.Wilaya.Name, commune = place.Commune?.Name, home = Show(quotes.Home, work), desk = Show(quotes.Desk, work), free_from = quotes.FreeFrom,
        });
    }

    private static object? Show(Quote? quote, TurnWork work)
    {
        if (quote is null) return null;
        work.Money.AddFee(quote.Fee);
        if ((quote.DaysFrom ?? quote.DaysTo) is not null) work.Days.Add(new(quote.DaysFrom ?? quote.DaysTo!.Value, quote.DaysTo ?? quote.DaysFrom!.Value));
        foreach (var desk in quote.Desks) work.OtherNames.Add(desk.Name);
        return quote.Delivery == Delivery.Desk
            ? new { fee = quote.Fee, days = quote.Days, desks = quote.Desks.Select(d => d.Name).Take(12).ToList() }
            : new { fee = quote.Fee, days = quote.Days };
    }
}
