using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>The only place where an order's money is added up: <c>goods − discount + delivery fee = amount to collect</c>, in whole dinars.</summary>
/// <remarks>Goods count at list prices; what was agreed below them is the discount, and so is what goods that come back in an exchange pay of it, never more
/// than all. The fee comes from the fee table, never from a model or a person.</remarks>
public static class Totals
{
    /// <summary>Writes the four amounts of an order; a null <paramref name="fee"/> means not known yet.</summary>
    public static void Apply(Order order, Dinars? fee)
    {
        var toPay = ToPay(order.Lines);
        order.DeliveryFee = order.ShopPaysDelivery ? Dinars.Zero : fee ?? Dinars.Zero;
        var whole = toPay + order.DeliveryFee;
        order.CreditUsed = order.Credit < whole ? order.Credit : whole;
        order.GiveBack = order.Credit - order.CreditUsed;
        order.Goods = Goods(order.Lines);
        order.Discount = order.Goods - toPay + order.CreditUsed;
        order.IsFeeKnown = fee is not null;
        order.Total = order.Goods - order.Discount + order.DeliveryFee;
    }

    /// <summary>The lines at list prices.</summary>
    public static Dinars Goods(IEnumerable<OrderLine> lines) => lines.Aggregate(Dinars.Zero, (sum, line) => sum + line.ListPrice * line.Quantity);

    /// <summary>The lines at the prices agreed: what free delivery is measured by.</summary>
    public static Dinars ToPay(IEnumerable<OrderLine> lines) => lines.Aggregate(Dinars.Zero, (sum, line) => sum + OfLine(line));

    /// <inheritdoc cref="ToPay(IEnumerable{OrderLine})"/>
    internal static Dinars ToPay(IEnumerable<WantedLine> lines) => lines.Aggregate(Dinars.Zero, (sum, line) => sum + line.UnitPrice * line.Quantity);

    /// <summary>Amounts to collect of several orders or parcels together.</summary>
    public static Dinars Sum(IEnumerable<Dinars> amounts) => amounts.Aggregate(Dinars.Zero, (sum, amount) => sum + amount);

    /// <summary>One line at the price agreed.</summary>
    public static Dinars OfLine(OrderLine line) => line.UnitPrice * line.Quantity;

    /// <summary>What some pieces of an order were paid: what they are worth when they come back.</summary>
    public static Dinars Worth(IEnumerable<OrderLine> lines, IReadOnlyDictionary<Id<OrderLine>, int> pieces) => lines.Aggregate(Dinars.Zero, (sum, line) => sum + line.UnitPrice * pieces.GetValueOrDefault(line.Id));

    /// <summary>What was taken off the prices, without what goods that come back pay.</summary>
    public static Dinars Rebate(Order order) => order.Discount - order.CreditUsed;

    /// <summary>More than three times the middle of the usual totals; false while there are too few to say what is usual.</summary>
    internal static bool IsFarAbove(Order order, IReadOnlyList<Dinars> usual, int least = 20) => usual.Count >= least && order.Total > usual.Order().ElementAt(usual.Count / 2) * 3;

    /// <summary>Copies the amounts of an agreed change onto the order it changes, as they were read back.</summary>
    internal static void Copy(Order from, Order to)
    {
        to.Goods = from.Goods;
        to.Discount = from.Discount;
        to.DeliveryFee = from.DeliveryFee;
        to.IsFeeKnown = from.IsFeeKnown;
        to.Total = from.Total;
        (to.Credit, to.CreditUsed, to.GiveBack, to.ShopPaysDelivery) = (from.Credit, from.CreditUsed, from.GiveBack, from.ShopPaysDelivery);
    }
}
