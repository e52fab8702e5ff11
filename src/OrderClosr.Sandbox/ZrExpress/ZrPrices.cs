namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>What ZR bills, whole dinars before tax; invented (facts: zr-express.md section A2).</summary>
public static class ZrPrices
{
    /// <summary>Per cent on top.</summary>
    public const int Vat = 19;

    /// <summary>To the door.</summary>
    public static int Home(ZrTerritory to) => Couriers.Tariff.Home(to.Wilaya58) - 50 + Extra(to);

    /// <summary>To a pickup point.</summary>
    public static int Pickup(ZrTerritory to) => Couriers.Tariff.Desk(to.Wilaya58) - 50 + Extra(to);

    /// <summary>Back to the merchant.</summary>
    public static int Return(ZrTerritory to) => Couriers.Tariff.Return(to.Wilaya58);

    /// <summary>With tax, rounded to whole dinars.</summary>
    public static int WithTax(int price) => (int)Math.Round(price * (100 + Vat) / 100m, MidpointRounding.AwayFromZero);

    /// <summary>Does the commune have a price of its own beside the wilaya's?</summary>
    public static bool IsOwn(ZrTerritory to) => Extra(to) > 0;

    private static int Extra(ZrTerritory to) => to.Parent is not null && to.Code % 11 == 3 ? 50 : 0;
}
