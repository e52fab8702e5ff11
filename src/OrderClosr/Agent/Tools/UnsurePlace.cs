using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Agent.Tools;

/// <summary>A place that its name alone does not settle: "Tizi" is a wilaya to one customer and a commune of Mascara to another, and a slip of the finger may be a third.</summary>
internal static class UnsurePlace
{
    /// <summary>Refuses it with all it may be, so that the customer is asked before a fee counts; null when somebody already named it beyond doubt.</summary>
    /// <param name="typed">The names the model passed.</param>
    internal static Refusal? Find(TurnWork work, Place place, Places places, params IReadOnlyList<string?> typed)
    {
        if (place.IsSure) return null;
        // Named by its whole name: by the model, by the customer, or by the shop when it asked "Tizi Ouzou ?".
        if (typed.Concat(work.Heard).Append(work.LastSaid).SelectMany(places.FindIn).Any(m => m.Only is { } said && said.WilayaCode == place.WilayaCode && (place.Commune is null || said.CommuneCode == place.CommuneCode))) return null;
        // "Tizi" in answer to "which wilaya?" is one, and so is "wilaya Tizi".
        if (place.Commune is null && (MeansOne(work.LastSaid) || MeansOne(work.Asked))) return null;
        var others = typed.Where(t => t is not null).Select(t => places.Resolve(t!, PlaceContext.Chat)).SelectMany(r => r.Refusal?.Code == "place_ambiguous" ? r.Refusal.Suggestions ?? [] : []);
        return new("place_ambiguous", "It is not sure that this place is meant: ask the customer which one, naming the wilaya.", "wilaya", [.. others.Prepend(place.Name).Distinct()]);
    }

    /// <summary>"Quelle wilaya ?", "ولايتكم", "wilaya ta3i". "Dans les 69 wilayas" speaks of none.</summary>
    private static bool MeansOne(string text) => Folding.Words(text).Any(w => PlaceWords.MeansWilaya(w)
        || (w.StartsWith("wilay", StringComparison.Ordinal) && w is not ("wilayas" or "wilayat")) || (w.Contains("ولاي", StringComparison.Ordinal) && !w.Contains("ولايات", StringComparison.Ordinal)));
}
