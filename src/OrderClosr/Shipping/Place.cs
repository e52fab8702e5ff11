namespace OrderClosr.Shipping;

/// <summary>One of the 69 wilayas in force since 2026.</summary>
/// <param name="Code">Code of the 69 model.</param>
/// <param name="Code58">Code of the 58 model, which couriers still use; the mother's for the eleven new ones.</param>
public sealed record Wilaya(int Code, int Code58, string Name, string NameAr);

/// <summary>A commune, with its wilaya in both models.</summary>
/// <param name="Code">The ONS code, unique in the country.</param>
/// <param name="PostalCode">Empty where unknown; not unique, and its prefix is not always the wilaya.</param>
public sealed record Commune(int Code, int WilayaCode, int WilayaCode58, string Name, string NameAr, string Daira, string PostalCode);

/// <summary>Where a parcel goes: a wilaya, and the commune once it is known.</summary>
/// <param name="IsSure">False when the customer should hear it once more: only a town was named, or the spelling was far from ours.</param>
public sealed record Place(Wilaya Wilaya, Commune? Commune, bool IsSure = true)
{
    /// <summary>Code of the 69 model.</summary>
    public int WilayaCode => Wilaya.Code;

    /// <summary>Code of the 58 model, for couriers.</summary>
    public int WilayaCode58 => Commune?.WilayaCode58 ?? Wilaya.Code58;

    /// <summary>ONS code; 0 while only the wilaya is known.</summary>
    public int CommuneCode => Commune?.Code ?? 0;

    /// <summary>French, as suggestions say it: <c>El Eulma (Sétif)</c>, or the wilaya alone.</summary>
    public string Name => Commune is null ? Wilaya.Name : $"{Commune.Name} ({Wilaya.Name})";

    /// <summary>Arabic: <c>العلمة (سطيف)</c>.</summary>
    public string NameAr => Commune is null ? Wilaya.NameAr : $"{Commune.NameAr} ({Wilaya.NameAr})";
}

/// <summary>What the text stands in: decides what numbers, two letters and double meanings may be.</summary>
public enum PlaceContext
{
    /// <summary>An address field, a tool's argument, or the reply to "which wilaya?": "16", "TO" and "Bordj" are wilayas.</summary>
    Asked,

    /// <summary>Free chat: a number may be a size, "الجزائر" the country, "Bordj" one of many.</summary>
    Chat,
}

/// <summary>A place named inside a longer text.</summary>
/// <param name="Start">Index of its first character in the text.</param>
/// <param name="Length">Characters it takes.</param>
/// <param name="Candidates">What it may mean, never empty; more than one: ask.</param>
public sealed record PlaceMention(int Start, int Length, IReadOnlyList<Place> Candidates)
{
    /// <summary>The place, when it can be only one.</summary>
    public Place? Only => Candidates.Count == 1 ? Candidates[0] : null;
}
