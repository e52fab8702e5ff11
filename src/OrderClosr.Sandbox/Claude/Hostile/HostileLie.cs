using OrderClosr.Sandbox.Claude.Seller;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Claude.Hostile;

/// <summary>placeholder</summary>
internal sealed record HostileLie(string Kind)
{
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Kinds = new Dictionary<string, IReadOnlyList<string>> { ["wrong-price"] = [] };
    public string? Variant { get; init; }
    public int Seed { get; init; } = 1;
    public IReadOnlyList<string> Ids { get; init; } = [];
    public Chance Chance { get; init; } = new(1);
    public Spoken Speak(Scene scene) => SellerModel.Speak(scene);
}
