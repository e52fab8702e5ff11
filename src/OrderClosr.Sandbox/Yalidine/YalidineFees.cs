using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>What Yalidine bills, in whole dinars; amounts are invented, the rules are not (facts: yalidine.md section 3).</summary>
public static class YalidineFees
{
    /// <summary>For a parcel that comes back.</summary>
    public const int Return = 250;

    /// <summary>Of the price, for carrying the money.</summary>
    public const decimal CodPercent = 0.75m;

    /// <summary>For each kilogram above <see cref="IncludedKilograms"/>.</summary>
    public const int Oversize = 50;

    /// <summary>Included in every fee.</summary>
    public const int IncludedKilograms = 5;

    /// <summary>The zone of a pair of wilayas: 0 is the same wilaya, else the farther one's zone.</summary>
    public static int Zone(YalidineWilaya from, YalidineWilaya to) => from.Id == to.Id ? 0 : Math.Max(from.Zone, to.Zone);

    /// <summary>To the door.</summary>
    public static int Home(YalidineWilaya from, YalidineCommune to) => Zone(from, to.Wilaya) switch { 0 => 400, 1 => 550, 2 => 650, 3 => 900, _ => 1400 } + (to.Id % 10 == 9 ? 50 : 0);

    /// <summary>To a desk.</summary>
    public static int Desk(YalidineWilaya from, YalidineCommune to) => Home(from, to) - 200;

    /// <summary>What one parcel costs to carry: the commune's fee and what is heavy or big.</summary>
    public static int Of(YalidineWilaya from, YalidineCommune to, bool desk, bool economy, decimal weight, int length, int width, int height)
    {
        var billable = Math.Max(weight, length * width * height * 0.0002m);
        var over = (int)Math.Ceiling(Math.Max(0, billable - IncludedKilograms)) * Oversize;
        return (desk ? Desk(from, to) : Home(from, to)) - (economy ? 100 : 0) + over;
    }

    /// <summary>The fee for the money, rounded to whole dinars.</summary>
    public static int Cod(int price) => (int)Math.Round(price * CodPercent / 100, MidpointRounding.AwayFromZero);
}
