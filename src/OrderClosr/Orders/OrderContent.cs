using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>What an order is about, carried from one order to another: a change begins as a copy and ends in the order it changes.</summary>
internal static class OrderContent
{
    /// <summary>Content and amounts from one order to another; the version rises so that an old yes does not fit.</summary>
    internal static void Copy(Order from, Order to)
    {
        var kept = new List<OrderLine>();
        foreach (var line in from.Lines)
        {
            var row = to.Lines.Find(l => l.VariantId == line.VariantId && !kept.Contains(l));
            if (row is null)
                to.Lines.Add(row = new OrderLine { Id = Id<OrderLine>.New(to.CreatedAt), OrderId = to.Id, ProductId = line.ProductId, VariantId = line.VariantId, Name = line.Name, Quantity = line.Quantity, ListPrice = line.ListPrice, UnitPrice = line.UnitPrice });
            (row.Name, row.VariantLabel, row.Quantity, row.ListPrice, row.UnitPrice) = (line.Name, line.VariantLabel, line.Quantity, line.ListPrice, line.UnitPrice);
            kept.Add(row);
        }
        to.Lines.RemoveAll(l => !kept.Contains(l));
        (to.Name, to.Phone, to.SecondPhone, to.WilayaCode, to.CommuneCode) = (from.Name, from.Phone, from.SecondPhone, from.WilayaCode, from.CommuneCode);
        (to.Address, to.Delivery, to.DeskId, to.Note) = (from.Address, from.Delivery, from.DeskId, from.Note);
        to.Sources = new(from.Sources);
        Totals.Copy(from, to);
        to.DraftVersion++;
    }
}
