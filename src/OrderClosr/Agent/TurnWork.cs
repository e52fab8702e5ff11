using OrderClosr.Agent.Guards;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Agent;

/// <summary>One running turn: what it answers, what tools learned, and the effects they collected. Nothing in it is written before the turn commits.</summary>
public sealed class TurnWork
{
    public required Conversation Conversation { get; init; }
    public required Customer Customer { get; init; }
    public required Channel Channel { get; init; }
    public required AgentSettings Settings { get; init; }

    /// <summary>The customer's unanswered messages, oldest first.</summary>
    public required IReadOnlyList<Message> Unanswered { get; init; }

    /// <summary>What the customer wrote of late, the unanswered words included: what a conversation is about is not forgotten with the next bubble.</summary>
    public IReadOnlyList<string> Heard { get; init; } = [];

    /// <summary>Why this answer is only proposed; null: it is sent. May become known in the middle of the turn.</summary>
    public ProposalReason? Proposes => Proposing.Find(this);

    /// <summary>The open draft as the turn leaves it so far; null when there is none. A working copy: never saved.</summary>
    public Order? Draft { get; set; }

    /// <summary>What the tool said of it last.</summary>
    public DraftView? View { get; set; }

    /// <summary>In what the customer answered to the read-back.</summary>
    public required Answer Answer { get; init; }

    /// <summary>True when this version of the draft was the last that was said to the customer, and has not changed since.</summary>
    public required bool IsReadBack { get; init; }

    /// <summary>What the shop said last before the unanswered messages; empty in a new conversation.</summary>
    public string LastSaid { get; init; } = "";

    public required ReplyLanguage Language { get; init; }

    /// <summary>To be done when the turn commits, in this order.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>What the reply may name.</summary>
    public PermittedMoney Money { get; } = new();

    /// <summary>The day the model was told: what "jeudi" in a reply is reckoned from.</summary>
    public DateOnly Today { get; set; }

    /// <summary>Delivery times the reply may name.</summary>
    public HashSet<DaySpan> Days { get; } = [];
    public List<KnownVariant> Stock { get; } = [];
    public HashSet<string> ProductNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Places and people that may stand in any script.</summary>
    public HashSet<string> OtherNames { get; } = new(StringComparer.Ordinal);

    public HashSet<Phone> Phones { get; } = [];

    /// <summary>States of this customer's orders: what may be said of them.</summary>
    public HashSet<OrderState> OrderStates { get; } = [];

    /// <summary>The merchant's own words: links and phones in them may be repeated.</summary>
    public List<string> MerchantTexts { get; } = [];

    /// <summary>Each tool call in short, for "why this answer".</summary>
    public List<WhyStep> Steps { get; } = [];

    /// <summary>Set once the conversation is to be handed over.</summary>
    public HandOverEffect? HandOver => Effects.OfType<HandOverEffect>().FirstOrDefault();

    public ConfirmEffect? Confirmed => Effects.OfType<ConfirmEffect>().FirstOrDefault();

    /// <summary>The customer's unanswered words in one text.</summary>
    public string Asked => string.Join('\n', Unanswered.Select(m => m.Text));

    /// <summary>The customer's last message: what an effect names as its cause.</summary>
    public MessageId Cause => Unanswered[^1].Id;

    /// <summary>Notes a view's amounts as permitted.</summary>
    public void Learn(DraftView view)
    {
        foreach (var line in view.Items)
        {
            Money.AddLine(line.UnitPrice, line.Quantity, new(line.Product, line.Variant));
            Money.AddListPrice(line.ListPrice, new(line.Product, line.Variant));
            Learn(line.Product);
        }
        Money.AddGoods(view.Goods);
        if (view.Discount > Dinars.Zero) Money.Add(view.Discount);
        if (view.DeliveryFee is { } fee) Money.AddFee(fee);
        if (view.Total is { } total) Money.Add(total);
        foreach (var phone in (Phone?[])[view.Phone, view.SecondPhone])
            if (phone is { } known) Phones.Add(known);
        foreach (var name in (string?[])[view.Name, view.Wilaya, view.Commune, view.Desk, view.Address])
            if (name is not null) OtherNames.Add(name);
    }

    /// <summary>Notes a product: its name, and what each of its variants costs.</summary>
    public void Learn(Product product)
    {
        Learn(product.Name);
        if (product.Variants.Count == 0 || product.Variants.All(v => v.Price is not null)) Money.AddPrice(product.Price, new(product.Name, ""));
        foreach (var variant in product.Variants) Money.AddPrice(variant.Price ?? product.Price, new(product.Name, variant.Label));
    }

    /// <summary>Notes a product's name.</summary>
    public void Learn(string product)
    {
        ProductNames.Add(product);
        Money.AddName(product);
    }
}

/// <summary>One tool call of a turn, as the merchant sees it under "why this answer".</summary>
public sealed record WhyStep(string Tool, string Input, string Result, bool Refused);
