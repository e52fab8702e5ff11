using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Shipping;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class ShippingExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<DeliveryFee>("delivery_fees", "What delivery costs the customer, by wilaya or commune.", f => f.Id, f => f.WilayaCode, f => f.CommuneCode, f => f.Home, f => f.Desk, f => f.DaysFrom, f => f.DaysTo, f => f.FromCourier),
        TableExport.Of<DeliveryPolicy>("delivery_policies", "Rules of delivery beside the fees.", p => p.FreeFrom, p => p.Notes),
        TableExport.Of<Desk>("desks", "Stop desks customers are offered.", d => d.Id, d => d.WilayaCode, d => d.CommuneCode, d => d.Name, d => d.Address, d => d.Active),
    ];
}
