using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>What a shop costs, for the page that everybody sees first; said by the room that knows plans.</summary>
public interface IOffer
{
    /// <summary>A month of the cheapest plan that costs something; null: nobody pays on this server.</summary>
    Dinars? From { get; }

    /// <summary>So many conversations a month cost nothing; null: none do, or any number.</summary>
    int? Free { get; }
}
