using System.Security.Cryptography;
using System.Text;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>A row of <c>territories/search</c>: a wilaya (no parent) or a commune.</summary>
public sealed record ZrTerritory(Guid Id, int Code, string Name, string Arabic, string PostalCode, ZrTerritory? Parent, bool HasHome, bool CanSend, int Wilaya58)
{
    /// <summary><c>wilaya</c> or <c>commune</c>.</summary>
    public string Level => Parent is null ? "wilaya" : "commune";
}

/// <summary>A row of <c>hubs/search</c>.</summary>
public sealed record ZrHub(Guid Id, string Name, bool IsPickupPoint, ZrTerritory City, ZrTerritory District, string Street);

/// <summary>ZR's territories and hubs for one choice of switches, invented from the national names without accents (facts: zr-express.md section A2).</summary>
public sealed class ZrLists
{
    /// <summary>Wilayas that the audited account did not have.</summary>
    public static readonly IReadOnlyList<int> Absent = [33, 37, 50, 56];

    private static readonly Dictionary<(int Model, bool All), Lazy<ZrLists>> Known =
        new[] { (58, false), (58, true), (69, false), (69, true) }.ToDictionary(k => k, k => new Lazy<ZrLists>(() => new(k.Item1, k.Item2)));

    private readonly Dictionary<Guid, ZrTerritory> _byId;
    private readonly Dictionary<Guid, ZrHub> _hubs;
    private readonly HashSet<Guid> _withPickup;

    private ZrLists(int model, bool all)
    {
        var territories = new List<ZrTerritory>();
        foreach (var w in Gazetteer.Wilayas(model).Where(w => all || !Absent.Contains(w.Code)))
        {
            var wilaya = new ZrTerritory(Id("wilaya", w.Code), w.Code, Plain(w.French), w.Arabic, $"{w.Code:D2}000", null, true, w.Code58 is not (11 or 53 or 54), w.Code58);
            territories.Add(wilaya);
            // A commune in twenty or so has no home delivery; it keeps its place in the list.
            territories.AddRange(Gazetteer.Communes.Where(c => c.WilayaIn(model) == w.Code)
                .Select(c => new ZrTerritory(Id("commune", c.Ons), c.Ons, Plain(c.French), c.Arabic, c.PostalCode, wilaya, c.IsSeat || c.Ons % 19 != 4 || w.Code is 16 or 31, wilaya.CanSend, w.Code58)));
        }
        Territories = territories;
        _byId = territories.ToDictionary(t => t.Id);
        _hubs = territories.Where(t => t.Parent is not null && (t.Code % 100 == 1 || t.Code % 37 == 9 || (t.Parent.Code is 16 or 31 && t.Code % 5 == 2)))
            .Select(t => new ZrHub(Id("hub", t.Code), $"Hub {t.Name}", t.Code % 6 != 5, t.Parent!, t, $"{t.Code % 90 + 1} rue de la Poste")).ToDictionary(h => h.Id);
        _withPickup = [.. _hubs.Values.Where(h => h.IsPickupPoint).SelectMany(h => (Guid[])[h.District.Id, h.City.Id])];
    }

    /// <summary>Wilayas, each followed by its communes.</summary>
    public IReadOnlyList<ZrTerritory> Territories { get; }

    /// <summary>Every hub; not every one is a pickup point.</summary>
    public IEnumerable<ZrHub> Hubs => _hubs.Values;

    /// <summary>The lists of a model of wilayas; <paramref name="all"/> with the four that are usually absent.</summary>
    public static ZrLists For(int model, bool all) => Known[(model, all)].Value;

    /// <summary>A territory by its id.</summary>
    public ZrTerritory? Territory(Guid? id) => id is { } known ? _byId.GetValueOrDefault(known) : null;

    /// <summary>A hub by its id.</summary>
    public ZrHub? Hub(Guid? id) => id is { } known ? _hubs.GetValueOrDefault(known) : null;

    /// <summary>Is there a pickup point?</summary>
    public bool HasPickup(ZrTerritory territory) => _withPickup.Contains(territory.Id);

    /// <summary>Always the same id for the same thing, so that a product that kept its data finds it again after a restart.</summary>
    public static Guid Id(string kind, object of) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"zr {kind} {of}")).AsSpan(0, 16));

    /// <summary>As ZR writes names: no accents, no apostrophes (<c>M'Sila</c> → <c>MSila</c>, <c>El M'Ghair</c> → <c>El Meghaier</c>).</summary>
    public static string Plain(string name) => Courier.Unaccented(name) is var bare && bare == "El M'Ghair" ? "El Meghaier" : bare.Replace("'", "", StringComparison.Ordinal);
}
