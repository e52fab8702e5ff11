global using Delivery = OrderClosr.Shipping.Delivery;

namespace OrderClosr.Shipping;

/// <summary>To the door or to a stop desk.</summary>
public enum Delivery { Home, Desk }
