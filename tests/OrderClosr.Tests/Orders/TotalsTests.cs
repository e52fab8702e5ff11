using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Tests.Orders;

public sealed class TotalsTests
{
    [Fact]
    public void Goods_less_discount_and_the_fee_is_what_is_collected()
    {
        var order = Some.CompleteOrder();
        order.Lines.Add(Some.Line(order, 3, 1200, 1000));
        Totals.Apply(order, new Dinars(600));
        Assert.Equal((10600, 600, 600, 10600, true), (order.Goods.Amount, order.Discount.Amount, order.DeliveryFee.Amount, order.Total.Amount, order.IsFeeKnown));
    }

    [Fact]
    public void Without_a_fee_nothing_is_added_and_the_order_says_so()
    {
        var order = Some.CompleteOrder();
        Totals.Apply(order, null);
        Assert.Equal((7000, 0, 7000, false), (order.Goods.Amount, order.DeliveryFee.Amount, order.Total.Amount, order.IsFeeKnown));
    }

    [Fact]
    public void Whatever_the_lines_the_sum_agrees_with_counting_piece_by_piece()
    {
        var chance = new Random(20261128);
        for (var round = 0; round < 500; round++)
        {
            var order = Some.CompleteOrder();
            order.Lines.Clear();
            long goods = 0, agreed = 0, fee = chance.Next(0, 1500);
            for (var line = chance.Next(0, 12); line > 0; line--)
            {
                var (quantity, list) = (chance.Next(1, 100), chance.NextInt64(0, 2_000_000));
                var price = chance.NextInt64(0, list + 1);
                order.Lines.Add(Some.Line(order, quantity, list, price));
                for (var piece = 0; piece < quantity; piece++) (goods, agreed) = (goods + list, agreed + price);
            }
            Totals.Apply(order, new Dinars(fee));
            Assert.Equal((goods, goods - agreed, fee, agreed + fee), (order.Goods.Amount, order.Discount.Amount, order.DeliveryFee.Amount, order.Total.Amount));
            Assert.Equal(order.Goods - order.Discount + order.DeliveryFee, order.Total);
            Assert.True(order.Discount >= Dinars.Zero);
        }
    }

    [Fact]
    public void An_amount_too_big_for_a_number_is_an_error_and_never_a_small_one()
    {
        var order = Some.CompleteOrder();
        order.Lines.Add(Some.Line(order, 99, long.MaxValue / 2, long.MaxValue / 2));
        Assert.Throws<OverflowException>(() => Totals.Apply(order, Dinars.Zero));
    }
}
