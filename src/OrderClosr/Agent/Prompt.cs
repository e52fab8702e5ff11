using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent.Tools;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Agent;

/// <summary>Lays the prompt out so that its beginning repeats byte for byte: tools and platform rules for all, the shop's block for all its conversations, then this conversation.</summary>
public sealed class Prompt(OrderClosrDb db, Places places, TimeProvider time, MediaRead media, RescueFacts rescues)
{
    /// <summary>Messages before the unanswered ones that are sent word for word.</summary>
    public const int HistoryMessages = 16;

    private const int MostInDigest = 60;

    /// <summary>Rules, tone, catalogue digest and delivery policy of the workspace. Changes only when the merchant changes them.</summary>
    public async Task<string> ShopAsync(TurnWork work, CancellationToken stop)
    {
        var shop = await ShopNameAsync(stop);
        var policy = await db.DeliveryPolicies.AsNoTracking().SingleOrDefaultAsync(stop);
        var products = await db.Products.AsNoTracking().Where(p => p.Active).OrderBy(p => p.Name).ThenBy(p => p.Id).Take(MostInDigest + 1)
            .Include(p => p.Variants.OrderBy(v => v.Position)).AsSplitQuery().ToListAsync(stop);
        var text = new StringBuilder();
        text.Append("# The shop\nName: ").Append(shop).Append('\n');
        if (work.Settings.Rules.Trim().Length > 0) text.Append("\n# Rules of the merchant\n").Append(work.Settings.Rules.Trim()).Append('\n');
        if (work.Settings.Tone.Trim().Length > 0) text.Append("\n# Tone\n").Append(work.Settings.Tone.Trim()).Append('\n');
        text.Append("\n# Catalogue (JSON, data; ask search_products for what is available)\n");
        text.Append(JsonSerializer.Serialize(products.Take(MostInDigest).Select(p => new { product = p.Name, price = p.Price, variants = p.Variants.Select(v => v.Label).Where(l => l.Length > 0) }), ToolInput.Json)).Append('\n');
        if (products.Count > MostInDigest) text.Append("There are more products: search.\n");
        text.Append("\n# Delivery\nPayment on delivery.");
        if (policy?.FreeFrom is { } from) text.Append(" Free from ").Append(from.Digits.Replace('\u00a0', ' ')).Append(" DA of goods.");
        if (!string.IsNullOrWhiteSpace(policy?.Notes)) text.Append('\n').Append(policy.Notes.Trim());

        // What stands here may be said, so the guards know it too.
        foreach (var product in products.Take(MostInDigest))
        {
            work.Learn(product);
            foreach (var variant in product.Variants) work.Stock.Add(new(product.Name, variant.Label, variant.Stock is null or > 0));
        }
        if (policy?.FreeFrom is { } free) work.Money.AddFreeFrom(free);
        foreach (var words in (string?[])[work.Settings.Rules, work.Settings.Tone, policy?.Notes])
        {
            if (string.IsNullOrWhiteSpace(words)) continue;
            work.Money.AddText(words);
            work.MerchantTexts.Add(words);
            foreach (var span in Guards.DelayGuard.Read(words, time.TodayInAlgiers())) work.Days.Add(span);
        }
        work.OtherNames.Add(shop);
        return text.ToString();
    }

    /// <summary>History, the unanswered bubbles, and the facts as an operator message behind them.</summary>
    public async Task<IReadOnlyList<ModelMessage>> MessagesAsync(TurnWork work, IReadOnlyList<Message> before, string facts, CancellationToken stop)
    {
        var messages = new List<ModelMessage>();
        foreach (var run in Runs(before))
        {
            var text = string.Join('\n', run.Messages.Select(Words).Where(t => t.Length > 0));
            if (text.Length == 0) continue;
            // The first message must be the customer's.
            if (run.IsCustomer) messages.Add(new ModelMessage.Customer(text, []));
            else if (messages.Count > 0) messages.Add(new ModelMessage.Shop(text));
        }
        // Two customer runs meet where an unsent reply stood between them.
        if (messages.Count > 0 && messages[^1] is ModelMessage.Customer) messages.Add(new ModelMessage.Shop("…"));
        var bubbles = new List<string>();
        foreach (var message in work.Unanswered) bubbles.Add(await AskedAsync(message, stop));
        messages.Add(new ModelMessage.Customer(string.Join('\n', bubbles.Where(b => b.Length > 0)), await media.PhotosAsync(work.Unanswered, stop)));
        messages.Add(new ModelMessage.Operator(facts));
        return messages;
    }

    /// <summary>What the server knows now, as data.</summary>
    public async Task<string> FactsAsync(TurnWork work, int askedUnclear, CancellationToken stop)
    {
        var today = work.Today = time.TodayInAlgiers();
        var conversation = work.Conversation.Id;
        var customer = work.Customer.Id;
        var orders = await db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.Number > 0 && (o.ConversationId == conversation || o.CustomerId == customer))
            .OrderByDescending(o => o.Number).Take(5).AsSplitQuery().ToListAsync(stop);
        foreach (var order in orders)
        {
            work.OrderStates.Add(order.State);
            work.Money.Add(order.Total);
            work.Money.AddGoods(order.Goods);
            if (order.IsFeeKnown) work.Money.AddPaidFee(order.DeliveryFee);
            foreach (var line in order.Lines) work.Money.AddLine(line.UnitPrice, line.Quantity, new(line.Name, line.VariantLabel));
            if (order.Phone is { } given) work.Phones.Add(given);
            if (order.Name.Length > 0) work.OtherNames.Add(order.Name);
            if (order.Address.Length > 0) work.OtherNames.Add(order.Address);
        }
        foreach (var phone in work.Customer.Phones) if (Phone.TryRead(phone, out var own)) work.Phones.Add(own);
        if (work.View is { } view) work.Learn(view);
        var parcels = await rescues.ReadAsync(work, stop);
        var facts = new
        {
            today = today.ToString("yyyy-MM-dd"), weekday = today.DayOfWeek.ToString(), shop = await ShopNameAsync(stop),
            reply = new { language = work.Language.Language, script = work.Language.Script },
            customer = new { name = work.Customer.Name, phones = work.Phones.Select(p => p.National).ToList() },
            draft = work.View is { } shown ? DraftWords.Show(shown) : null,
            awaiting_yes = work.IsReadBack,
            orders = orders.Select(o => new
            {
                order = o.Number, state = OrderTransitions.Word(o.State),
                items = o.Lines.Select(l => new { product = l.Name, variant = l.VariantLabel, quantity = l.Quantity, unit_price = l.UnitPrice }).ToList(),
                total = o.Total, wilaya = places.WilayaOf(o.WilayaCode)?.Name, commune = places.CommuneOf(o.CommuneCode)?.Name,
                name = o.Name, phone = o.Phone?.National, address = o.Address, delivery = o.Delivery == Delivery.Home ? "home" : "desk", can_change = OrderTransitions.CanChange(o),
            }).ToList(),
            parcels = parcels.Count > 0 ? parcels : null,
            asked_unclear = askedUnclear,
            proposal = work.Proposes?.ToString().ToLowerInvariant(),
            summary = work.Conversation.Summary,
        };
        return $"{FactsMark}\n{JsonSerializer.Serialize(facts, ToolInput.Json)}";
    }

    internal const string FactsMark = "Facts (JSON):";

    private async Task<string> ShopNameAsync(CancellationToken stop)
    {
        var id = db.WorkspaceId;
        return await db.Set<Workspace>().AsNoTracking().Where(w => w.Id == id).Select(w => w.Name).SingleOrDefaultAsync(stop) ?? "";
    }

    private sealed record Run(bool IsCustomer, List<Message> Messages);

    private static List<Run> Runs(IEnumerable<Message> messages)
    {
        var runs = new List<Run>();
        foreach (var message in messages)
        {
            var isCustomer = message.Direction == Direction.In;
            if (runs.Count == 0 || runs[^1].IsCustomer != isCustomer) runs.Add(new(isCustomer, []));
            runs[^1].Messages.Add(message);
        }
        return runs;
    }

    private async Task<string> AskedAsync(Message message, CancellationToken stop)
    {
        var extras = Extras(message);
        var about = extras?.ProductCode is { } code && await NameOfAsync(code, stop) is { } name ? $"[about {name}] " : "";
        if (extras?.Items is { Count: > 0 } items)
        {
            var lines = new List<string>();
            foreach (var item in items) lines.Add($"{item.Quantity} × {await NameOfAsync(item.ProductCode, stop) ?? "?"}");
            return $"[cart: {string.Join(", ", lines)}] {message.Text}".Trim();
        }
        return (about + Words(message)).Trim();
    }

    private async Task<string?> NameOfAsync(string sku, CancellationToken stop)
    {
        var variant = await db.Variants.AsNoTracking().SingleOrDefaultAsync(v => v.Sku == sku, stop);
        if (variant is null) return null;
        var name = await db.Products.AsNoTracking().Where(p => p.Id == variant.ProductId).Select(p => p.Name).SingleOrDefaultAsync(stop);
        return name is null ? null : $"{name} {variant.Label}".Trim();
    }

    /// <summary>A message's words, or what stands for them.</summary>
    private static string Words(Message message)
    {
        if (message.DeletedAt is not null) return "";
        if (message.Text.Trim().Length > 0) return message.Text.Trim();
        var extras = Extras(message);
        return message.Kind switch
        {
            MessageKind.Image => "[photo]",
            MessageKind.Audio => "[voice note]",
            MessageKind.Sticker => "[sticker]",
            MessageKind.Location => "[place on the map]",
            MessageKind.Contacts when extras?.Phones is { Count: > 0 } phones => $"[contact: {string.Join(", ", phones)}]",
            MessageKind.Order => "[cart]",
            MessageKind.Share or MessageKind.StoryMention or MessageKind.StoryReply => "[shared a post]",
            MessageKind.Video or MessageKind.File or MessageKind.Unsupported => "[file]",
            _ => extras?.Payload ?? "",
        };
    }

    internal static MessageExtras? Extras(Message message)
    {
        try
        {
            return message.Extras is null ? null : JsonSerializer.Deserialize<MessageExtras>(message.Extras, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null; // written by an older version: its words still count
        }
    }
}
