namespace OrderClosr.Sandbox.Couriers;

/// <summary>Invented fees by distance from Algiers, whole dinars: enough to be different from place to place and from courier to courier.</summary>
public static class Tariff
{
    private static readonly HashSet<int> Near = [2, 6, 9, 10, 15, 26, 35, 42, 44];
    private static readonly HashSet<int> South = [1, 3, 7, 8, 17, 30, 32, 39, 45, 47, 51, 55, 57, 58];
    private static readonly HashSet<int> FarSouth = [11, 33, 37, 49, 50, 52, 53, 54, 56];

    /// <summary>Home delivery of wilaya code (58 model; a newer wilaya costs what its mother does).</summary>
    public static int Home(int wilaya) => (Gazetteer.Wilaya(wilaya)?.Code58 ?? wilaya) switch
    {
        16 => 400,
        var code when Near.Contains(code) => 550,
        var code when South.Contains(code) => 850,
        var code when FarSouth.Contains(code) => 1300,
        _ => 700,
    };

    /// <summary>To a desk.</summary>
    public static int Desk(int wilaya) => Home(wilaya) - 150;

    /// <summary>Back to the merchant.</summary>
    public static int Return(int wilaya) => Home(wilaya) > 700 ? 300 : 200;
}
