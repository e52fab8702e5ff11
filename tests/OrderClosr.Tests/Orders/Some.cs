using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Tests.Orders;

/// <summary>Orders without a database.</summary>
internal static class Some
{
    internal static Order CompleteOrder()
    {
        Assert.True(Phone.TryRead("0500000012", out var phone));
        var now = new DateTimeOffset(2026, 11, 28, 8, 0, 0, TimeSpan.Zero);
        var order = new Order { Id = OrderId.New(now), CreatedAt = now, Name = "Amina", Phone = phone, WilayaCode = 31, CommuneCode = 3101, Address = "Cité 1600, bât. 12" };
        order.Lines.Add(Line(order, 2, 3500, 3500));
        Totals.Apply(order, new Dinars(600));
        return order;
    }

    internal static OrderLine Line(Order order, int quantity, long listPrice, long unitPrice)
    {
        var now = order.CreatedAt;
        return new()
        {
            Id = Id<OrderLine>.New(now), OrderId = order.Id, ProductId = ProductId.New(now), VariantId = VariantId.New(now), Name = "Robe d'été",
            Quantity = quantity, ListPrice = new(listPrice), UnitPrice = new(unitPrice),
        };
    }
}
